// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/subscription_door.h"

#include <algorithm>
#include <charconv>

#include "base/ids.h"
#include "fhir/endpoint/statement.h"
#include "fhir/endpoint/step.h"
#include "fhir/endpoint/view.h"
#include "fhir/exchange/json_index.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

using http::Request;
using http::Response;

/// What an operation was given: in the query, or in a body of Parameters.
struct Given {
  std::string since;
  std::string until;
  std::string content;
};

std::optional<Refusal> read_given(const Request& request, Given& given) {
  const auto take = [&](std::string_view name, std::string value) {
    if (name == "eventsSinceNumber") given.since = std::move(value);
    if (name == "eventsUntilNumber") given.until = std::move(value);
    if (name == "content") given.content = std::move(value);
  };
  for (const auto& field : request.query) take(field.name, field.value);
  if (request.body.empty()) return std::nullopt;
  const auto index = JsonIndex::parse(request.body);
  if (!index || index->string(index->root(), "resourceType") != "Parameters") {
    return Refusal{400, "structure", "the body is no Parameters of FHIR JSON"};
  }
  const auto* list = index->find(&index->root(), "parameter");
  if (list == nullptr) return std::nullopt;
  for (const auto& one : index->children(*list)) {
    for (const auto& member : index->children(one)) {
      if (member.key.starts_with("value")) take(index->string(one, "name"), index->string(&member));
    }
  }
  return std::nullopt;
}

/// Empty: `otherwise`. Nothing: it is no number from 0 on.
std::optional<std::int64_t> number_of(const std::string& text, std::int64_t otherwise) {
  if (text.empty()) return otherwise;
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number < 0) return std::nullopt;
  return number;
}

Refusal no_number() {
  return {400, "invalid", "eventsSinceNumber and eventsUntilNumber are numbers of events"};
}

/// What is not offered is left out, or refused for whoever asks so.
std::optional<Refusal> refuse_unknown(const Request& request) {
  if (request.header("Prefer").find("handling=strict") == std::string_view::npos) {
    return std::nullopt;
  }
  for (const auto& field : request.query) {
    const auto& offered = statement().types.find("Subscription")->second.search_params;
    if (offered.count(field.name) != 0) continue;
    return Refusal{400, "not-supported",
                   "search parameter \"" + field.name + "\" is not offered for Subscription"};
  }
  return std::nullopt;
}

Refusal refused_of(const Error& error) {
  if (error.code == ErrorCode::too_large) {
    return {422, "business-rule", "a clinic has ten subscriptions at most; delete one first"};
  }
  if (error.code == ErrorCode::stale || error.code == ErrorCode::store_busy) {
    return {503, "transient", "somebody else changes it at this moment; ask again"};
  }
  return refusal_of(error);
}

}  // namespace

Response SubscriptionDoor::answer(int status, const Subscription& one) const {
  auto response = answer_json(status, one.json());
  response.headers.push_back({"ETag", etag_of(one.version)});
  response.headers.push_back({"Last-Modified", http::http_date(one.changed)});
  return response;
}

TaskOf SubscriptionDoor::task_of() const {
  return [this](const std::string& referral) -> std::string {
    const auto shelf = desk_.shelf(caller_, referral);
    if (!shelf || !desk_.note_reading(caller_, {referral})) return {};
    const auto view = View::of(*shelf);
    return view && view->task() != nullptr ? view->task()->json() : std::string();
  };
}

Response SubscriptionDoor::create(const Request& request) {
  Wish wish;
  const auto now = clock_();
  if (const auto refusal = read_wish(request.body, now, wish)) return answer_refused(*refusal);
  if (wish.status != "requested") {
    return answer_refused({422, "invalid", "a new Subscription has the status requested"});
  }
  if (!may_tell_(caller_.source, wish.endpoint)) {
    return answer_refused({422, "forbidden",
                           "channel.endpoint is not among the addresses (https) that the site "
                           "allows this clinic; see notify in its configuration"});
  }
  Subscription one;
  one.id = new_ulid();
  one.begun = one.seen = one.spoke = now;
  one.ask(request.body, wish, now);
  if (const auto added = book_.add(one); !added) return answer_refused(refused_of(added.error()));
  auto response = answer(201, one);
  response.headers.push_back({"Location", std::string(base_) + "/Subscription/" + one.id});
  return response;
}

Response SubscriptionDoor::read(const Request& request) {
  const auto one = book_.find(request.parameter("id"));
  return one ? answer(200, *one) : answer_refused(refused_of(one.error()));
}

Response SubscriptionDoor::update(const Request& request) {
  Wish wish;
  const auto now = clock_();
  if (const auto refusal = read_wish(request.body, now, wish)) return answer_refused(*refusal);
  const std::string id(request.parameter("id"));
  const auto index = JsonIndex::parse(request.body);
  if (!index || index->string(index->root(), "id") != id) {
    return answer_refused({400, "invalid", "id of the resource is not the id of the URL"});
  }
  if (!may_tell_(caller_.source, wish.endpoint)) {
    return answer_refused(
        {422, "forbidden", "channel.endpoint is not among the addresses that the site allows"});
  }
  const auto if_match = request.header("If-Match");
  const auto expected = version_of(if_match);
  if (!if_match.empty() && !expected) {
    return answer_refused({400, "invalid", "If-Match is a version as W/\"3\""});
  }
  bool stale = false;
  const auto changed = book_.change(id, [&](Subscription& there) {
    stale = expected && *expected != there.version;
    if (stale) return false;
    ++there.version;
    there.ask(request.body, wish, now);
    return true;
  });
  if (!changed) return answer_refused(refused_of(changed.error()));
  if (stale) return answer_refused({412, "conflict", "another version of it is there by now"});
  return answer(200, *changed);
}

Response SubscriptionDoor::remove(const Request& request) {
  const auto removed = book_.remove(request.parameter("id"));
  if (!removed) return answer_refused(refused_of(removed.error()));
  return http::Response{204, {}, {}};
}

Response SubscriptionDoor::search(const Request& request) {
  if (const auto refusal = refuse_unknown(request)) return answer_refused(*refusal);
  const auto ids = book_.ids();
  if (!ids) return answer_refused(refused_of(ids.error()));
  std::vector<Subscription> found;
  for (const auto& id : *ids) {
    const auto one = book_.find(id);
    if (!one && one.error().code == ErrorCode::not_found) continue;
    if (!one) return answer_refused(refused_of(one.error()));
    const auto index = JsonIndex::parse(one->resource);
    if (!index) continue;
    const auto endpoint = index->string(index->at(index->root(), {"channel", "endpoint"}));
    const auto asked = [&](std::string_view name, std::string_view value) {
      const auto wanted = request.query_value(name);
      return wanted.empty() || wanted == value;
    };
    if (asked("_id", id) && asked("status", one->status) && asked("url", endpoint) &&
        asked("criteria", index->string(index->root(), "criteria"))) {
      found.push_back(*one);
    }
  }
  JsonOut out;
  out.object().text("resourceType", "Bundle").text("type", "searchset");
  out.raw("total", std::to_string(found.size())).list("entry");
  for (const auto& one : found) {
    out.object().text("fullUrl", std::string(base_) + "/Subscription/" + one.id);
    out.raw("resource", one.json()).object("search").text("mode", "match").end().end();
  }
  return answer_json(200, out.end().end().str());
}

Response SubscriptionDoor::status(const Request& request) {
  const auto one = book_.find(request.parameter("id"));
  if (!one) return answer_refused(refused_of(one.error()));
  return answer_json(200, status_bundle({*one}, base_, clock_()));
}

Response SubscriptionDoor::events(const Request& request) {
  Given given;
  if (const auto refusal = read_given(request, given)) return answer_refused(*refusal);
  const auto one = book_.find(request.parameter("id"));
  if (!one) return answer_refused(refused_of(one.error()));
  const auto since = number_of(given.since, 1);
  const auto until = number_of(given.until, one->last);
  if (!since || !until) return answer_refused(no_number());
  Wish wish;
  read_wish(one->resource, clock_(), wish);
  auto content = wish.content;
  if (!given.content.empty()) {
    const auto asked = content_of(given.content);
    if (!asked) {
      return answer_refused({400, "invalid", "content is empty, id-only or full-resource"});
    }
    content = std::min(content, *asked);  // no more than was subscribed to
  }
  const Numbers numbers{std::max(*since, one->first()), std::min(*until, one->last)};
  return answer_json(
      200, notification(*one, base_, "query-event", numbers, content, clock_(), task_of()));
}

Response SubscriptionDoor::resend(const Request& request) {
  Given given;
  if (const auto refusal = read_given(request, given)) return answer_refused(*refusal);
  const auto since = number_of(given.since, 1);
  if (!since || *since == 0) return answer_refused(no_number());
  const auto now = clock_();
  const auto changed = book_.change(request.parameter("id"), [&](Subscription& there) {
    there.told = std::min(there.told, *since - 1);
    there.due = now;
    return true;
  });
  if (!changed) return answer_refused(refused_of(changed.error()));
  return answer_json(200, status_bundle({*changed}, base_, now));
}

}  // namespace meridian::fhir
