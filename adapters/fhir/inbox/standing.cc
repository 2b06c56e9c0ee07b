// SPDX-License-Identifier: Apache-2.0
#include "fhir/inbox/standing.h"

#include <algorithm>
#include <array>

#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool has(const std::vector<std::string>& next, std::string_view status) {
  return std::find(next.begin(), next.end(), status) != next.end();
}

bool is_over(std::string_view status) {
  return is_one_of(status, {"completed", "rejected", "failed", "cancelled", "entered-in-error"});
}

constexpr std::array offered = {InboxAct::confirm,   InboxAct::accept,  InboxAct::book,
                                InboxAct::visit,     InboxAct::missed,  InboxAct::report,
                                InboxAct::propose,   InboxAct::ask,     InboxAct::decline,
                                InboxAct::give_back, InboxAct::red_flag};

/// Nobody at the clinic has said yet that it takes the patient.
bool is_open_offer(const TaskState& state) {
  return is_one_of(state.status, {"requested", "received", "ready"}) ||
         (state.status == "on-hold" && state.word == "need_info");
}

}  // namespace

TaskState state_of(std::string_view task) {
  TaskState state;
  const auto index = JsonIndex::parse(task);
  if (!index) return state;
  state.status = index->string(index->root(), "status");
  const auto* business = index->find(&index->root(), "businessStatus");
  if (business == nullptr) return state;
  if (const auto* codings = index->find(business, "coding")) {
    for (const auto& coding : index->children(*codings)) {
      if (state.word.empty()) state.word = index->string(coding, "code");
    }
  }
  if (state.word.empty()) state.word = index->string(*business, "text");
  return state;
}

std::string shown_word(const TaskState& state) {
  // What we said when it was sent says no more than that it is there.
  const bool bare = state.word.empty() || state.word == "sent" || is_over(state.status);
  return bare ? state.status : state.word;
}

InboxGroup group_of(const TaskState& state, const std::vector<std::string>& next) {
  if (has(next, "cancelled")) return InboxGroup::ours;
  if (next.empty() || is_over(state.status)) return InboxGroup::closed;
  if (state.status == "on-hold") {
    return state.word == "unreachable" ? InboxGroup::ours : InboxGroup::theirs;
  }
  if (state.status == "accepted") return InboxGroup::ours;
  if (state.status == "in-progress") {
    if (is_one_of(state.word, {"no_show", "appointment_cancelled", "unreachable", "accepted"})) {
      return InboxGroup::ours;
    }
    if (state.word == "extension_asked") return InboxGroup::theirs;
    return is_one_of(state.word, {"in_course", "5.1.4"}) ? InboxGroup::in_course
                                                         : InboxGroup::booked;
  }
  return is_one_of(state.word, {"in_triage", "waitlisted"}) ? InboxGroup::ours : InboxGroup::fresh;
}

std::vector<InboxAct> acts_of(const TaskState& state, const std::vector<std::string>& next) {
  std::vector<InboxAct> acts;
  for (const auto act : offered) {
    if (!status_for(act, state, next).empty()) acts.push_back(act);
  }
  return acts;
}

std::string status_for(InboxAct act, const TaskState& state, const std::vector<std::string>& next) {
  const auto one = [&](std::initializer_list<const char*> statuses, bool fits) -> std::string {
    if (!fits) return {};
    for (const auto* status : statuses) {
      if (has(next, status)) return status;
    }
    return {};
  };
  const bool ending = has(next, "cancelled");
  const bool open = is_open_offer(state);
  const bool begun = !open && !is_over(state.status) && !ending;
  switch (act) {
    case InboxAct::accept:
      return one({"accepted"}, open && !ending);
    case InboxAct::decline:
      return one({"rejected", "failed"},
                 !is_over(state.status) && !ending && state.word != "in_course");
    case InboxAct::ask:
      return one({"on-hold"}, !ending);
    case InboxAct::propose:
      return one({"on-hold"}, !ending && state.word != "in_course");
    case InboxAct::book:
      return one({"in-progress"}, !ending);
    case InboxAct::visit:
    case InboxAct::missed:
      return one({"in-progress"}, begun);
    case InboxAct::report:
      return one({"completed"}, begun || state.status == "completed");
    case InboxAct::give_back:
      return one({"completed"}, begun);
    case InboxAct::red_flag:
      return one({"failed", "rejected"}, !is_over(state.status));
    case InboxAct::confirm:
      return one({"cancelled"}, ending);
  }
  return {};
}

}  // namespace meridian::fhir
