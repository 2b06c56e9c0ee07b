// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/writes.h"

#include <algorithm>

#include "base/hash.h"
#include "base/ids.h"
#include "fhir/exchange/collection.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/write/json_out.h"
#include "http/uri.h"

namespace meridian::fhir {
namespace {

constexpr int tries = 8;  // of those who write to one referral at the same moment
constexpr std::size_t longest_request_id = 200;
constexpr std::size_t most_entries = 50;

Refusal no_referral() {
  return {422, "not-found",
          "say which one referral this is about, as basedOn or subject: ServiceRequest/ID, Task/ID "
          "or Patient/ID as they were read here"};
}

/// The message was kept, but not read.
bool is_unread(std::string_view answer) {
  const auto index = JsonIndex::parse(answer);
  if (!index) return false;
  const auto* issues = index->find(&index->root(), "issue");
  if (issues == nullptr) return false;
  for (const auto& issue : index->children(*issues)) {
    if (index->string(issue, "severity") == "fatal") return true;
  }
  return false;
}

bool wants_minimal(const http::Request& request) {
  return request.header("Prefer").find("return=minimal") != std::string_view::npos;
}

/// The Task under the version that it becomes by this message.
std::string numbered(const std::string& task, const std::string& id, int version, Instant at) {
  JsonEdit edit;
  edit.set = {{"id", json_string(id)},
              {"meta", JsonOut()
                           .object()
                           .text("versionId", std::to_string(version))
                           .text("lastUpdated", to_string(at))
                           .end()
                           .str()},
              {"lastModified", json_string(to_string(at))}};
  const auto edited = edit_resource(task, edit);
  return edited ? edited->bytes : task;
}

Writes::Asked asked_by(const http::Request& request) {
  std::string content = request.method + "\n" + request.target;
  for (const auto* name : {"If-Match", "If-None-Exist"}) {
    content += "\n" + std::string(request.header(name));
  }
  return {std::string(request.header("X-Request-Id")), content + "\n" + request.body,
          std::string(request.header("X-Correlation-Id"))};
}

/// Entries of a transaction; "" as refusal's words: they are good.
std::optional<Refusal> read_steps(std::string_view bundle, std::vector<Step>& steps) {
  const auto index = JsonIndex::parse(bundle, JsonIndex::Names::once);
  if (!index || index->string(index->root(), "resourceType") != "Bundle") {
    return Refusal{400, "structure", "the body is no Bundle of FHIR JSON"};
  }
  if (index->string(index->root(), "type") != "transaction") {
    return Refusal{422, "not-supported", "a Bundle is taken when its type is transaction"};
  }
  const auto* entries = index->find(&index->root(), "entry");
  if (entries == nullptr) return Refusal{422, "required", "the transaction is empty"};
  for (const auto& entry : index->children(*entries)) {
    const auto* resource = index->find(&entry, "resource");
    const auto* request = index->find(&entry, "request");
    if (resource == nullptr || request == nullptr || steps.size() == most_entries) {
      return Refusal{422, "invalid",
                     "a transaction has 1 to 50 entries, each with request and resource"};
    }
    Step step;
    step.method = index->string(*request, "method");
    const auto url = index->string(*request, "url");
    const auto slash = url.find('/');
    step.type = url.substr(0, slash);
    if (slash != std::string::npos) step.id = url.substr(slash + 1);
    step.body = index->raw(*resource);
    step.if_match = index->string(*request, "ifMatch");
    step.if_none_exist = index->string(*request, "ifNoneExist");
    step.full_url = index->string(entry, "fullUrl");
    const bool good =
        (step.method == "POST" && step.id.empty()) || (step.method == "PUT" && !step.id.empty());
    if (!good) {
      return Refusal{422, "not-supported",
                     "an entry is POST with a type, or PUT with Type/id; to read, use GET"};
    }
    steps.push_back(std::move(step));
  }
  return std::nullopt;
}

}  // namespace

http::Response Writes::one(const http::Request& request, Step step) {
  const auto outcome = perform(asked_by(request), {std::move(step)});
  if (outcome.refusal) return answer_refused(*outcome.refusal);
  const auto& held = outcome.held.front();
  auto response = answer_held(outcome.is_new.front() ? 201 : 200, held);
  if (request.method == "POST") {
    response.headers.push_back({"Location", std::string(base_) + "/" + held.ref() + "/_history/" +
                                                std::to_string(held.version())});
  }
  if (wants_minimal(request)) response.body.clear();
  return response;
}

http::Response Writes::transaction(const http::Request& request) {
  std::vector<Step> steps;
  if (auto refusal = read_steps(request.body, steps)) return answer_refused(*refusal);
  const auto outcome = perform(asked_by(request), steps);
  if (outcome.refusal) return answer_refused(*outcome.refusal);
  JsonOut out;
  out.object().text("resourceType", "Bundle").text("type", "transaction-response").list("entry");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& held = outcome.held[i];
    out.object().object("response").text("status", outcome.is_new[i] ? "201 Created" : "200 OK");
    out.text("location", held.ref() + "/_history/" + std::to_string(held.version()));
    out.text("etag", etag_of(held.version())).text("lastModified", to_string(held.at()));
    out.end().end();
  }
  return answer_json(200, out.end().end().str());
}

Writes::Outcome Writes::perform(const Asked& asked, const std::vector<Step>& steps) {
  std::string referral;
  for (const auto& step : steps) {
    const auto one = referral_of(step, base_);
    if (one.empty() && step.method != "POST") return {not_here(), {}, {}};
    if (one.empty()) continue;
    if (!referral.empty() && one != referral) return {no_referral(), {}, {}};
    referral = one;
  }
  if (referral.empty()) return {no_referral(), {}, {}};
  if (auto refusal = remember(asked)) return {refusal, {}, {}};
  for (int i = 0; i < tries; ++i) {
    if (auto outcome = attempt(referral, steps)) return std::move(*outcome);
  }
  return {Refusal{503, "transient", "others keep writing to this referral; try again"}, {}, {}};
}

/// A request id belongs to one request.
std::optional<Refusal> Writes::remember(const Asked& asked) {
  request_id_ = asked.id;
  correlation_id_ = asked.correlation;
  for (const auto& id : {request_id_, correlation_id_}) {
    if (id.empty() || http::is_visible(id, longest_request_id)) continue;
    return Refusal{400, "invalid",
                   "X-Request-Id and X-Correlation-Id must be 1 to 200 visible ASCII characters"};
  }
  names_ = request_id_.empty() ? new_ulid() : caller_.source + "|" + request_id_;
  if (request_id_.empty()) return std::nullopt;
  const auto first =
      desk_.first(caller_, "request|" + request_id_, hex(sha256(asked.content)), memory);
  if (!first) return refusal_of(first.error());
  if (*first) return std::nullopt;
  return Refusal{409, "duplicate",
                 "this X-Request-Id came before with another request; give each its own"};
}

std::optional<Writes::Outcome> Writes::attempt(const std::string& referral,
                                               const std::vector<Step>& steps) {
  auto shelf = desk_.shelf(caller_, referral);
  if (!shelf) {
    const bool unknown = shelf.error().code == ErrorCode::not_found;
    const bool addressed = steps.front().method != "POST";
    return Outcome{unknown && !addressed ? no_referral() : refusal_of(shelf.error()), {}, {}};
  }
  auto view = View::of(*shelf);
  if (!view) return Outcome{refusal_of(view.error()), {}, {}};
  for (const auto& mark : view->requests()) {
    if (!request_id_.empty() && mark.request == request_id_) {
      return repeat(*shelf, mark.message, steps);
    }
  }
  Drafting drafting(*view, shelf->next, base_, names());
  if (auto refusal = drafting.run(steps)) return Outcome{refusal, {}, {}};
  const auto subjects = drafting.subjects(steps);
  if (drafting.draft().changed) {
    const auto at = clock_();
    const auto key = key_of(*view);
    Envelope envelope{SourceId(caller_.source), key, "application/fhir+json",
                      message(*view, drafting.draft(), at), at};
    envelope.correlation_id = correlation_id_;
    const ShelfEntry entry{false, key, envelope.bytes, at};
    const auto answer = desk_.submit(caller_, std::move(envelope));
    if (!answer && answer.error().code == ErrorCode::conflict) return std::nullopt;
    if (!answer) return Outcome{refusal_of(answer.error()), {}, {}};
    if (is_unread(*answer)) {
      return Outcome{
          Refusal{422, "invalid", "this cannot be read as FHIR R4; it was set aside"}, {}, {}};
    }
    if (auto applied = view->apply(entry); !applied) {
      return Outcome{refusal_of(applied.error()), {}, {}};
    }
  }
  Outcome outcome;
  for (const auto& subject : subjects) {
    outcome.held.push_back(*view->find(subject.ref));
    outcome.is_new.push_back(subject.is_new);
  }
  return outcome;
}

/// The version that this message becomes. A name that was taken although the version did not move
/// is that of a message which could not be read: it is passed over.
std::string Writes::key_of(const View& view) {
  const auto key = view.task()->ref() + "/_history/" + std::to_string(view.task()->version() + 1);
  unread_ = key == tried_ ? unread_ + 1 : 0;
  tried_ = key;
  return unread_ == 0 ? key : key + "." + std::to_string(unread_);
}

/// The answer that the first one got, from what was there then.
Writes::Outcome Writes::repeat(const Shelf& shelf, const std::string& message,
                               const std::vector<Step>& steps) const {
  Shelf before = shelf;
  const auto at = std::find_if(before.entries.begin(), before.entries.end(),
                               [&](const ShelfEntry& entry) { return entry.id == message; });
  const auto entry = *at;
  before.entries.erase(at, before.entries.end());
  auto view = View::of(before);
  if (!view) return {refusal_of(view.error()), {}, {}};
  const auto subjects = Drafting(*view, before.next, base_, names()).subjects(steps);
  if (auto applied = view->apply(entry); !applied) return {refusal_of(applied.error()), {}, {}};
  Outcome outcome;
  for (const auto& subject : subjects) {
    const auto* held = view->find(subject.ref);
    if (held == nullptr) return {not_here(), {}, {}};
    outcome.held.push_back(*held);
    outcome.is_new.push_back(subject.is_new);
  }
  return outcome;
}

std::function<std::string(std::size_t)> Writes::names() const {
  return [this](std::size_t step) { return names_ + "|" + std::to_string(step); };
}

/// The Task first, or an appointment that changed while it stayed; and what a poll would have read
/// along: order, patient, and all that the clinic made but for messages, of which each is told
/// once.
std::string Writes::message(const View& view, const Draft& draft, Instant at) const {
  const auto& task = *view.task();
  JsonOut out;
  out.object().text("resourceType", "Bundle");
  if (!request_id_.empty()) {
    out.identifier("identifier", std::string(identifier_root) + "request", request_id_);
  }
  out.text("type", "collection").text("timestamp", to_string(at)).list("entry");
  const auto add = [&](const std::string& ref, std::string_view bytes) {
    out.object().text("fullUrl", std::string(base_) + "/" + ref).raw("resource", bytes).end();
  };
  const auto& parts = draft.parts;
  const auto news = std::find_if(parts.begin(), parts.end(), [&](const Draft::Part& part) {
    return part.ref.starts_with("Appointment/") && draft.task == task.bytes();
  });
  if (news != parts.end()) add(news->ref, news->bytes);
  add(task.ref(), numbered(draft.task, task.id, task.version() + 1, at));
  const auto index = JsonIndex::parse(task.bytes());
  for (const auto* name : {"focus", "for"}) {
    const auto ref = index->string(index->at(index->root(), {name, "reference"}));
    if (const auto* held = view.find(ref)) add(ref, held->bytes());
  }
  for (const auto& held : view.all()) {
    const bool again = std::any_of(parts.begin(), parts.end(),
                                   [&](const Draft::Part& part) { return part.ref == held.ref(); });
    if (held.by_clinic && held.type != "Communication" && !again) add(held.ref(), held.bytes());
  }
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    if (part != news) add(part->ref, part->bytes);
  }
  return out.end().end().str();
}

}  // namespace meridian::fhir
