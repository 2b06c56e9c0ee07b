// SPDX-License-Identifier: Apache-2.0
#include "flow/pauses.h"

#include <algorithm>
#include <optional>

#include <rapidjson/document.h>

#include "base/log.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

constexpr char place[] = "paused";  // a cursor of ours: one list for all systems

const SourceId& us() {
  static const SourceId id("meridian");
  return id;
}

std::string member(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::optional<Pause> pause_of(const rapidjson::Value& json) {
  if (!json.IsObject()) return std::nullopt;
  const auto since = parse_instant(member(json, "since"));
  if (!since) return std::nullopt;
  const auto way = member(json, "way") == way_name(Way::out) ? Way::out : Way::in;
  return Pause{member(json, "peer"), way, member(json, "by"), *since, member(json, "reason")};
}

std::string to_json(const std::vector<Pause>& pauses) {
  report::Json json;
  json.open();
  json.open_list("paused");
  for (const auto& pause : pauses) {
    json.open();
    json.text("peer", pause.peer);
    json.text("way", way_name(pause.way));
    json.text("by", pause.by);
    json.text("since", to_string(pause.since));
    json.text("reason", pause.reason);
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

struct Target {
  std::string peer;
  Way way = Way::in;
};

std::optional<Target> target_of(std::string_view text) {
  for (const auto way : {Way::in, Way::out}) {
    const auto name = way_name(way);
    if (text.size() > name.size() + 1 && text.starts_with(name) && text[name.size()] == '/') {
      return Target{std::string(text.substr(name.size() + 1)), way};
    }
  }
  return std::nullopt;
}

Result<std::int64_t> waiting_for(const Core& core, const std::string& peer) {
  const auto tallies = core.store.tallies();
  if (!tallies) return tallies.error();
  std::int64_t waiting = 0;
  for (const auto& one : tallies->deliveries) {
    if (one.destination.str() == peer && one.oldest) waiting += one.count;
  }
  return waiting;
}

std::string effect_of(const Intervention& given, const Target& target, std::int64_t waiting) {
  const std::string name = "\"" + target.peer + "\"";
  const bool out = target.way == Way::out;
  if (given.action == "resume") {
    return out ? "what waits is sent to " + name + " again" : name + " is heard again";
  }
  if (out) {
    return "nothing is sent to " + name + " until somebody resumes; " + std::to_string(waiting) +
           " wait now, and deadlines go on";
  }
  return "nothing is taken from " + name +
         " until somebody resumes: its senders keep what they have, emergencies with it";
}

Result<void> change(const Core& core, const Intervention& given, const Target& target,
                    std::string_view by) {
  auto pauses = read_pauses(core.store);
  if (!pauses) return pauses.error();
  std::erase_if(*pauses,
                [&](const Pause& one) { return one.peer == target.peer && one.way == target.way; });
  if (given.action == "pause") {
    pauses->push_back({target.peer, target.way, std::string(by), core.clock(), given.reason});
  }
  return core.store.set_cursor(us(), place, pauses->empty() ? "" : to_json(*pauses));
}

}  // namespace

std::string_view way_name(Way way) {
  return way == Way::in ? "in" : "out";
}

std::string words_of(const Pause& pause) {
  const auto at = to_string(pause.since);
  return "since " + at.substr(0, 10) + " " + at.substr(11, 5) + " UTC by " + pause.by +
         (pause.reason.empty() ? "" : ": " + pause.reason);
}

Result<std::vector<Pause>> read_pauses(store::Store& store) {
  const auto kept = store.cursor(us(), place);
  if (!kept) return kept.error();
  std::vector<Pause> pauses;
  if (kept->empty()) return pauses;
  rapidjson::Document json;
  json.Parse(kept->data(), kept->size());
  const bool good = !json.HasParseError() && json.IsObject() && json.HasMember("paused") &&
                    json["paused"].IsArray();
  if (!good) return Error{ErrorCode::store_damaged, "pauses", "the list cannot be read"};
  for (const auto& one : json["paused"].GetArray()) {
    auto pause = pause_of(one);
    if (!pause) return Error{ErrorCode::store_damaged, "pauses", "the list cannot be read"};
    pauses.push_back(std::move(*pause));
  }
  return pauses;
}

const Pause* find_pause(const std::vector<Pause>& pauses, std::string_view peer, Way way) {
  const auto found = std::find_if(pauses.begin(), pauses.end(), [&](const Pause& one) {
    return one.peer == peer && one.way == way;
  });
  return found == pauses.end() ? nullptr : &*found;
}

bool is_about_pauses(std::string_view action) {
  return action == "pause" || action == "resume";
}

Result<Outlook> look_at_pause(const Core& core, const Intervention& given, std::string_view by) {
  const auto target = target_of(given.target);
  if (!target) return Error{ErrorCode::invalid, "pause", "write in/SYSTEM or out/SYSTEM"};
  const auto pauses = read_pauses(core.store);
  if (!pauses) return pauses.error();
  const auto* pause = find_pause(*pauses, target->peer, target->way);
  const auto* peer = core.peers.find(target->peer);
  // What is paused and no longer configured can still be resumed.
  if (peer == nullptr && pause == nullptr) {
    return Error{ErrorCode::not_found, "pause", "no such hospital, clinic or mail server"};
  }
  const auto waiting = waiting_for(core, target->peer);
  if (!waiting) return waiting.error();
  Outlook outlook;
  report::Json about;
  about.open();
  about.text("system", target->peer);
  about.text("way", way_name(target->way));
  if (pause != nullptr) about.text("paused", words_of(*pause));
  about.number("waiting", *waiting);
  about.close();
  outlook.about = about.str();
  if (given.action == "pause" && peer->kind == PeerKind::pager) {
    outlook.refused = "it reaches a contact for emergencies";
  } else if (given.action == "pause" && pause != nullptr) {
    outlook.refused = "it is paused already, " + words_of(*pause);
  } else if (given.action == "resume" && pause == nullptr) {
    outlook.refused = "it is not paused";
  }
  outlook.effect = effect_of(given, *target, *waiting);
  outlook.changes.audits.push_back(
      {"System." + given.action, std::string(by), given.target, "success"});
  return outlook;
}

Result<void> carry_out_pause(const Core& core, const Intervention& given, std::string_view by) {
  const auto target = target_of(given.target);
  if (!target) return Error{ErrorCode::invalid, "pause", "write in/SYSTEM or out/SYSTEM"};
  constexpr std::chrono::milliseconds at_most{10'000};
  constexpr std::chrono::milliseconds no_longer{0};
  const auto owner = new_ulid();
  const auto mine = core.store.hold_lease(place, owner, at_most);
  if (!mine) return mine.error();
  if (!*mine) return Error{ErrorCode::store_busy, "pause", "somebody else does so now"};
  auto done = change(core, given, *target, by);
  const auto given_back = core.store.hold_lease(place, owner, no_longer);
  if (done && !given_back) return given_back.error();
  if (done) {
    log(LogLevel::info, given.action == "pause" ? Literal("paused") : Literal("resumed"),
        {{"peer", SourceId(target->peer)},
         {"way", target->way == Way::in ? Literal("in") : Literal("out")}});
  }
  return done;
}

Result<std::string> PausableInlet::submit(Envelope envelope) {
  if (paused_(envelope.source)) {
    return Error{ErrorCode::unavailable, "in", "this system is paused by an operator"};
  }
  return inlet_.submit(std::move(envelope));
}

Result<bool> PausableInlet::may_poll(const SourceId& source, std::chrono::milliseconds interval) {
  if (paused_(source)) return false;
  return inlet_.may_poll(source, interval);
}

}  // namespace meridian::flow
