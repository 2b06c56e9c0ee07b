// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/subscription.h"

#include <algorithm>
#include <charconv>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/write/json_out.h"
#include "http/uri.h"

namespace meridian::fhir {

const std::string_view referral_topic =
    "http://meridian-referral.org/fhir/SubscriptionTopic/referral-task-changed";

namespace {

constexpr std::string_view extensions =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";
constexpr std::size_t longest_header = 2'000;
constexpr std::size_t most_headers = 10;

Refusal refused(std::string words) {
  return {422, "not-supported", std::move(words)};
}

/// The value of an extension of the backport IG on an element; nullptr when there is none.
const JsonNode* extension_of(const JsonIndex& index, const JsonNode* element,
                             std::string_view name) {
  const auto* list = index.find(element, "extension");
  if (list == nullptr || list->kind != JsonNode::Kind::array) return nullptr;
  for (const auto& one : index.children(*list)) {
    if (index.string(one, "url") != std::string(extensions) + std::string(name)) continue;
    for (const auto& member : index.children(one)) {
      if (member.key.starts_with("value")) return &member;
    }
  }
  return nullptr;
}

/// Reads the whole number of an extension within bounds; false when it is another value.
bool read_number(const JsonIndex& index, const JsonNode* value, std::int64_t least,
                 std::int64_t most, std::int64_t& into) {
  if (value == nullptr) return true;
  const auto text = index.raw(*value);
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, into);
  return read.ec == std::errc() && read.ptr == end && into >= least && into <= most;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// What says how the message itself is to be read is ours to write.
bool is_ours(std::string_view name) {
  constexpr std::string_view names[] = {
      "Host",   "Connection", "Transfer-Encoding", "TE",    "Trailer", "Upgrade",
      "Expect", "Accept",     "Keep-Alive",        "Cookie"};
  if (name.size() >= 8 && http::same_token(name.substr(0, 8), "Content-")) return true;
  return std::any_of(std::begin(names), std::end(names),
                     [&](std::string_view one) { return http::same_token(one, name); });
}

/// "Authorization: Bearer abc"
std::optional<Refusal> read_headers(const JsonIndex& index, const JsonNode* list,
                                    http::Fields& into) {
  if (list == nullptr || list->kind != JsonNode::Kind::array) return std::nullopt;
  for (const auto& one : index.children(*list)) {
    const auto text = index.string(&one);
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    std::string value = colon == std::string::npos ? "" : text.substr(colon + 1);
    value.erase(0, std::min(value.find_first_not_of(' '), value.size()));
    const bool visible = std::all_of(value.begin(), value.end(),
                                     [](unsigned char c) { return c >= ' ' && c < 0x7f; });
    if (!is_token(name) || is_ours(name) || value.empty() || !visible ||
        text.size() > longest_header || into.size() == most_headers) {
      return refused(
          "channel.header takes up to 10 headers as \"Name: value\" of visible ASCII characters; "
          "not those that say how the message is to be read");
    }
    into.push_back({name, std::move(value)});
  }
  return std::nullopt;
}

/// "Task?status=requested&patient=..." by what the topic can be filtered by.
std::optional<Refusal> read_filter(std::string_view text, std::vector<Condition>& into) {
  constexpr std::string_view names[] = {"identifier", "patient", "status"};
  const auto wrong = [] {
    return refused(
        "a filter is as \"Task?status=requested,accepted\", by identifier, patient or status");
  };
  if (!text.starts_with("Task?")) return wrong();
  const auto fields = http::parse_query(text.substr(5));
  if (!fields || fields->empty()) return wrong();
  for (const auto& field : *fields) {
    const bool known = std::find(std::begin(names), std::end(names), field.name) != std::end(names);
    if (!known || field.value.empty()) return wrong();
    Condition condition{field.name, {}};
    for (std::string_view rest = field.value; !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      condition.values.emplace_back(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    into.push_back(std::move(condition));
  }
  return std::nullopt;
}

std::optional<Refusal> read_filters(const JsonIndex& index, std::vector<Condition>& into) {
  const auto* list = index.at(index.root(), {"_criteria", "extension"});
  if (list == nullptr || list->kind != JsonNode::Kind::array) return std::nullopt;
  for (const auto& one : index.children(*list)) {
    if (index.string(one, "url") != std::string(extensions) + "filter-criteria") continue;
    if (auto refusal = read_filter(index.string(one, "valueString"), into)) return refusal;
  }
  return std::nullopt;
}

std::optional<Refusal> read_channel(const JsonIndex& index, const JsonNode* channel, Wish& wish) {
  if (index.string(index.find(channel, "type")) != "rest-hook") {
    return refused("channel.type is rest-hook here");
  }
  wish.endpoint = index.string(index.find(channel, "endpoint"));
  const auto payload = index.string(index.find(channel, "payload"));
  if (payload != "application/fhir+json" && payload != "application/json") {
    return refused("channel.payload is application/fhir+json here");
  }
  const auto content = content_of(
      index.string(extension_of(index, index.find(channel, "_payload"), "payload-content")));
  if (!content) {
    return refused(
        "the extension backport-payload-content of channel.payload is empty, id-only or "
        "full-resource");
  }
  wish.content = *content;
  std::int64_t heartbeat = 0;
  std::int64_t timeout = wish.timeout.count();
  auto most = static_cast<std::int64_t>(wish.most);
  if (!read_number(index, extension_of(index, channel, "heartbeat-period"), 1, 86'400 * 7,
                   heartbeat) ||
      !read_number(index, extension_of(index, channel, "timeout"), 1, 30, timeout) ||
      !read_number(index, extension_of(index, channel, "max-count"), 1, 1'000'000, most)) {
    return refused(
        "heartbeatPeriod is 1 to 604800 seconds, timeout 1 to 30 seconds, maxCount a "
        "number from 1 on");
  }
  wish.heartbeat = std::chrono::seconds(heartbeat);
  wish.timeout = std::chrono::seconds(timeout);
  wish.most = std::min(wish.most, static_cast<std::size_t>(most));
  return read_headers(index, index.find(channel, "header"), wish.headers);
}

/// The resource without the secrets that it may bring.
std::string without_header(std::string_view resource) {
  rapidjson::Document json;
  json.Parse(resource.data(), resource.size());
  if (json.HasParseError() || !json.IsObject()) return {};
  const auto channel = json.FindMember("channel");
  if (channel != json.MemberEnd() && channel->value.IsObject()) {
    channel->value.RemoveMember("header");
    channel->value.RemoveMember("_header");
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  json.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Instant instant_in(const JsonIndex& index, std::string_view name) {
  return parse_instant(index.string(index.root(), name)).value_or(Instant{});
}

std::int64_t number_in(const JsonIndex& index, std::string_view name) {
  std::int64_t number = 0;
  const auto* node = index.find(&index.root(), name);
  if (node == nullptr) return 0;
  const auto text = index.raw(*node);
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::optional<Content> content_of(std::string_view name) {
  if (name == "empty") return Content::empty;
  if (name == "id-only") return Content::id_only;
  if (name == "full-resource") return Content::full_resource;
  return std::nullopt;
}

std::optional<Refusal> read_wish(std::string_view resource, Instant now, Wish& wish) {
  const auto index = JsonIndex::parse(resource, JsonIndex::Names::once);
  if (!index || index->string(index->root(), "resourceType") != "Subscription") {
    return Refusal{400, "structure", "the body is no Subscription of FHIR JSON"};
  }
  const auto& root = index->root();
  wish.status = index->string(root, "status");
  if (wish.status != "requested" && wish.status != "active" && wish.status != "off") {
    return Refusal{422, "invalid", "a client sets status to requested, or to off"};
  }
  if (index->string(root, "criteria") != referral_topic) {
    return refused("criteria is the topic " + std::string(referral_topic) + " here");
  }
  if (const auto* end = index->find(&root, "end")) {
    wish.end = parse_instant(index->string(end));
    if (!wish.end || *wish.end <= now) {
      return Refusal{422, "invalid", "end is an instant of the future"};
    }
  }
  if (auto refusal = read_filters(*index, wish.conditions)) return refusal;
  return read_channel(*index, index->find(&root, "channel"), wish);
}

void Subscription::add(Happened event) {
  ++last;
  events.push_back(std::move(event));
  if (events.size() > most_kept) events.pop_front();
}

void Subscription::ask(std::string_view written, const Wish& wish, Instant now) {
  const bool goes_on = wish.status == "active" && status == "active";
  resource = without_header(written);
  if (!wish.headers.empty()) headers = wish.headers;
  changed = now;
  if (goes_on) return;
  status = wish.status == "off" ? "off" : "requested";
  error.clear();
  failures = 0;
  due = now;
}

std::string Subscription::json() const {
  JsonEdit edit;
  const auto index = JsonIndex::parse(resource);
  std::string profiles;
  if (index) {
    if (const auto* written = index->at(index->root(), {"meta", "profile"})) {
      profiles = index->raw(*written);
    }
  }
  edit.set = {{"id", json_string(id)},
              {"meta", JsonOut()
                           .object()
                           .text("versionId", std::to_string(version))
                           .text("lastUpdated", to_string(changed))
                           .raw("profile", profiles)
                           .end()
                           .str()},
              {"status", json_string(status)}};
  if (error.empty()) {
    edit.drop = {"error"};
  } else {
    edit.set.emplace_back("error", json_string(error));
  }
  const auto edited = edit_resource(resource, edit);
  return edited ? edited->bytes : std::string("{}");
}

std::string Subscription::kept() const {
  JsonOut out;
  out.object().text("id", id).raw("resource", resource).list("headers");
  for (const auto& header : headers) {
    out.object().text("name", header.name).text("value", header.value).end();
  }
  out.end().raw("version", std::to_string(version)).text("changed", to_string(changed));
  out.text("status", status).text("error", error).text("begun", to_string(begun));
  out.text("seen", to_string(seen)).text("due", to_string(due)).text("spoke", to_string(spoke));
  out.raw("last", std::to_string(last)).raw("told", std::to_string(told));
  out.raw("failures", std::to_string(failures)).list("events");
  for (const auto& event : events) {
    out.object().text("referral", event.referral).text("at", to_string(event.at)).end();
  }
  return out.end().end().str();
}

std::optional<Subscription> Subscription::of_kept(std::string_view text) {
  const auto index = JsonIndex::parse(text);
  if (!index) return std::nullopt;
  const auto& root = index->root();
  const auto* resource = index->find(&root, "resource");
  if (resource == nullptr) return std::nullopt;
  Subscription one;
  one.id = index->string(root, "id");
  one.resource = index->raw(*resource);
  if (const auto* list = index->find(&root, "headers")) {
    for (const auto& header : index->children(*list)) {
      one.headers.push_back({index->string(header, "name"), index->string(header, "value")});
    }
  }
  one.version = static_cast<int>(number_in(*index, "version"));
  one.changed = instant_in(*index, "changed");
  one.status = index->string(root, "status");
  one.error = index->string(root, "error");
  one.begun = instant_in(*index, "begun");
  one.seen = instant_in(*index, "seen");
  one.due = instant_in(*index, "due");
  one.spoke = instant_in(*index, "spoke");
  one.last = number_in(*index, "last");
  one.told = number_in(*index, "told");
  one.failures = static_cast<int>(number_in(*index, "failures"));
  if (const auto* list = index->find(&root, "events")) {
    for (const auto& event : index->children(*list)) {
      one.events.push_back({index->string(event, "referral"),
                            parse_instant(index->string(event, "at")).value_or(Instant{})});
    }
  }
  return one;
}

}  // namespace meridian::fhir
