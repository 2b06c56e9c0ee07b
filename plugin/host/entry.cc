// SPDX-License-Identifier: Apache-2.0
// The C ABI: each function checks what it was given, calls the engine, and lets nothing escape.
#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "base/log.h"
#include "host/reload.h"
#include "meridian.h"
#include "report/json.h"
#include "report/outcome.h"

struct meridian_runtime {
  std::unique_ptr<meridian::host::Reloadable> site;
};

namespace {

using namespace meridian;

constexpr std::string_view fhir_json = "application/fhir+json";
constexpr std::string_view plain_json = "application/json";
constexpr std::string_view config_name = "configuration";  // its file may have any name

std::string_view view(meridian_bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data), bytes.data == nullptr ? 0 : bytes.size};
}

meridian_bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void emit(const meridian_sink* sink, meridian_kind kind, std::string_view media_type,
          std::string_view body) {
  if (sink == nullptr || sink->struct_size < sizeof(meridian_sink) || sink->emit == nullptr) return;
  sink->emit(sink->context, kind, bytes_of(media_type), bytes_of(body));
}

std::int32_t fail(const meridian_sink* sink, const Error& error) {
  emit(sink, MERIDIAN_OUTCOME, fhir_json, report::outcome(error));
  return static_cast<std::int32_t>(error.code);
}

/// The same with the problems that led to it.
std::int32_t fail(const meridian_sink* sink, const Error& error, Issues issues) {
  issues.push_back({Severity::error, std::string(error_row(error.code).fhir_issue),
                    std::string(error.where.view()), std::string(error.what.view())});
  emit(sink, MERIDIAN_OUTCOME, fhir_json, report::outcome(issues));
  return static_cast<std::int32_t>(error.code);
}

/// Runs a body of the ABI: nothing it throws gets out.
template <typename Body>
std::int32_t guarded(const meridian_sink* sink, Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return fail(sink, {ErrorCode::internal, "abi", "out of memory"});
  } catch (const std::exception&) {
    return fail(sink, {ErrorCode::internal, "abi", "an exception reached the boundary"});
  } catch (...) {
    return fail(sink, {ErrorCode::internal, "abi", "something unknown reached the boundary"});
  }
}

Error bad_call() {
  return {ErrorCode::invalid, "abi", "a handle or struct is missing or too old"};
}

/// A host with the C ABI is trusted with everything but reading charts: it is in our process.
Caller host_caller() {
  return {"host", Role::source};
}

template <std::size_t N>
void put(std::uint8_t (&into)[N], const std::string& text) {
  std::memset(into, 0, N);
  std::memcpy(into, text.data(), std::min(text.size(), N));
}

/// What put() wrote.
template <std::size_t N>
std::string_view text_of(const std::uint8_t (&from)[N]) {
  const auto* text = reinterpret_cast<const char*>(from);
  return {text, strnlen(text, N)};
}

Error closed() {
  return {ErrorCode::unavailable, "abi", "the runtime could not be started again"};
}

std::string health_json(host::Engine& engine) {
  const auto health = engine.desk().health();
  report::Json json;
  json.open();
  json.flag("live", health.live);
  json.flag("ready", health.ready);
  json.text("url", engine.web_address());
  json.list("mllp", engine.mllp_addresses());
  json.number("referrals", health.referrals);
  json.number("messages", health.messages);
  json.number("quarantined", health.quarantined);
  json.number("work_due", health.work_due);
  json.number("queued", health.queued);
  json.number("ambiguous", health.ambiguous);
  json.number("dead", health.dead);
  json.number("open_alerts", health.open_alerts);
  json.number("receivers", health.receivers);
  json.number("directory_age_seconds", health.directory_age_seconds);
  json.text("configuration_refused", engine.refused());
  json.close();
  return json.str();
}

std::string referrals_json(const std::vector<ReferralLine>& lines) {
  report::Json json;
  json.open();
  json.open_list("referrals");
  for (const auto& line : lines) {
    json.open();
    json.text("id", line.id);
    json.text("source", line.source);
    json.text("order", line.order);
    json.text("direction", line.direction);
    json.text("state", line.state);
    json.text("owner", line.owner);
    json.text("worklist", line.worklist);
    json.text("destination", line.destination);
    json.text("why", line.why);
    json.text("updated", to_string(line.updated_at));
    json.number("queued", line.queued);
    json.number("delivered", line.delivered);
    json.number("dead", line.dead);
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

Result<Receipt> sent_as(std::int32_t settlement, meridian_bytes receipt) {
  switch (settlement) {
    case MERIDIAN_DELIVERED:
      return Receipt{std::string(view(receipt)), "acknowledged", ""};
    case MERIDIAN_TRY_AGAIN:
      return Error{ErrorCode::unavailable, "host", "it did not arrive"};
    case MERIDIAN_UNKNOWN:
      return Error{ErrorCode::interrupted, "host", "it may have arrived"};
    default:
      return Error{ErrorCode::invalid, "host", "the receiver refused it"};
  }
}

std::int32_t open_runtime(meridian_bytes config, meridian_bytes directory,
                          const meridian_sink* sink, meridian_runtime** runtime,
                          host::Doors doors) {
  if (runtime == nullptr) return fail(sink, bad_call());
  *runtime = nullptr;
  Issues issues;
  const auto read = host::read_config(view(config), config_name, view(directory), issues);
  if (has_errors(issues)) {
    emit(sink, MERIDIAN_OUTCOME, fhir_json, report::outcome(issues));
    return MERIDIAN_MISCONFIGURED;
  }
  auto site = host::Reloadable::open(read, issues, doors);
  if (!site) return fail(sink, site.error(), std::move(issues));
  *runtime = new meridian_runtime{std::move(*site)};
  return MERIDIAN_OK;
}

}  // namespace

std::uint32_t meridian_abi_version(void) {
  return MERIDIAN_ABI_MAJOR * 65536u + MERIDIAN_ABI_MINOR;
}

std::int32_t meridian_open(meridian_bytes config, meridian_bytes directory,
                           const meridian_sink* sink, meridian_runtime** runtime) {
  return guarded(sink,
                 [&] { return open_runtime(config, directory, sink, runtime, host::Doors::open); });
}

std::int32_t meridian_open_embedded(meridian_bytes config, meridian_bytes directory,
                                    const meridian_sink* sink, meridian_runtime** runtime) {
  return guarded(
      sink, [&] { return open_runtime(config, directory, sink, runtime, host::Doors::closed); });
}

std::int32_t meridian_submit(meridian_runtime* runtime, const meridian_message* message,
                             const meridian_sink* sink) {
  return guarded(sink, [&]() -> std::int32_t {
    const bool good = runtime != nullptr && message != nullptr &&
                      message->struct_size >= sizeof(meridian_message);
    if (!good) return fail(sink, bad_call());
    Envelope envelope{SourceId(std::string(view(message->source))),
                      std::string(view(message->sender_id)), std::string(view(message->media_type)),
                      std::string(view(message->body)), system_now()};
    if (envelope.sender_id.empty()) {
      return fail(sink, {ErrorCode::invalid, "abi", "a message needs the sender's own id"});
    }
    const auto engine = runtime->site->use();
    if (!engine) return fail(sink, closed());
    const auto answer = engine->desk().submit(host_caller(), std::move(envelope));
    if (!answer) return fail(sink, answer.error());
    emit(sink, MERIDIAN_ANSWER, fhir_json, *answer);
    return MERIDIAN_OK;
  });
}

std::int32_t meridian_take(meridian_runtime* runtime, meridian_bytes destination,
                           meridian_claim* claim, const meridian_sink* sink) {
  return guarded(sink, [&]() -> std::int32_t {
    const bool good =
        runtime != nullptr && claim != nullptr && claim->struct_size >= sizeof(meridian_claim);
    if (!good) return fail(sink, bad_call());
    const auto engine = runtime->site->use();
    if (!engine) return fail(sink, closed());
    const auto taken = engine->take(view(destination));
    if (!taken) return fail(sink, taken.error());
    claim->attempts = static_cast<std::uint32_t>(taken->attempts);
    claim->number = taken->number;
    put(claim->lease, taken->lease);
    put(claim->referral, taken->referral.str());
    put(claim->key, taken->key);
    claim->maybe_arrived = taken->maybe_arrived ? 1 : 0;
    claim->reserved = 0;
    emit(sink, MERIDIAN_DELIVERY, taken->media_type, taken->body);
    return MERIDIAN_OK;
  });
}

std::int32_t meridian_settle(meridian_runtime* runtime, const meridian_claim* claim,
                             std::int32_t settlement, meridian_bytes receipt) {
  return guarded(nullptr, [&]() -> std::int32_t {
    const bool good = runtime != nullptr && claim != nullptr &&
                      claim->struct_size >= sizeof(meridian_claim) &&
                      settlement >= MERIDIAN_DELIVERED && settlement <= MERIDIAN_REFUSED;
    if (!good) return MERIDIAN_INVALID;
    const auto engine = runtime->site->use();
    if (!engine) return MERIDIAN_UNAVAILABLE;
    const auto settled =
        engine->settle(claim->number, text_of(claim->lease), sent_as(settlement, receipt));
    return settled ? MERIDIAN_OK : static_cast<std::int32_t>(settled.error().code);
  });
}

std::int32_t meridian_query(meridian_runtime* runtime, meridian_bytes question,
                            const meridian_sink* sink) {
  return guarded(sink, [&]() -> std::int32_t {
    if (runtime == nullptr) return fail(sink, bad_call());
    if (view(question) != "referrals") {
      return fail(sink, {ErrorCode::not_found, "query", "the question is not known"});
    }
    constexpr int most = 1000;
    const auto engine = runtime->site->use();
    if (!engine) return fail(sink, closed());
    const auto lines = engine->desk().referrals({"host", Role::viewer}, most);
    if (!lines) return fail(sink, lines.error());
    emit(sink, MERIDIAN_RESULT, plain_json, referrals_json(*lines));
    return MERIDIAN_OK;
  });
}

std::int32_t meridian_health(meridian_runtime* runtime, const meridian_sink* sink) {
  return guarded(sink, [&]() -> std::int32_t {
    if (runtime == nullptr) return fail(sink, bad_call());
    const auto engine = runtime->site->use();
    if (!engine) return fail(sink, closed());
    emit(sink, MERIDIAN_RESULT, plain_json, health_json(*engine));
    return MERIDIAN_OK;
  });
}

std::int32_t meridian_reload(meridian_runtime* runtime, meridian_bytes config,
                             meridian_bytes directory, const meridian_sink* sink) {
  return guarded(sink, [&]() -> std::int32_t {
    if (runtime == nullptr) return fail(sink, bad_call());
    Issues issues;
    const auto read = host::read_config(view(config), config_name, view(directory), issues);
    const auto done = runtime->site->reload(read, issues);
    return done ? MERIDIAN_OK : fail(sink, done.error(), std::move(issues));
  });
}

void meridian_close(meridian_runtime* runtime) {
  guarded(nullptr, [&]() -> std::int32_t {
    delete runtime;
    return MERIDIAN_OK;
  });
}
