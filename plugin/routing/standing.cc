// SPDX-License-Identifier: Apache-2.0
#include "routing/standing.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace meridian::routing {
namespace {

bool is_later(const Event& event, const Event& other) {
  return std::tie(other.sequence, other.kind, other.offer) <
         std::tie(event.sequence, event.kind, event.offer);
}

void keep_latest(const Event*& latest, const Event& event) {
  if (latest == nullptr || is_later(event, *latest)) latest = &event;
}

/// What is said of, or by, a receiver that the referral moved on from.
bool is_past(const Event& event, const std::string& offer) {
  const auto actor = actor_of(event.kind);
  const bool of_receiver = actor == Actor::clinic || row_of(event.kind).does == Does::carries ||
                           event.kind == EventKind::safety_acknowledged;
  return of_receiver && event.offer != offer;
}

/// What the clinic says, in its own order. Where its word is illegal it changes nothing.
class ClinicWords {
 public:
  ClinicWords(const std::vector<Event>& events, const std::string& offer) {
    if (!was_offered(events)) return;  // nobody but who was asked can answer
    for (const auto& event : events) {
      const auto& row = row_of(event.kind);
      if (row.actor != Actor::clinic || row.does != Does::says || is_past(event, offer)) continue;
      words_.push_back(&event);
    }
    std::sort(words_.begin(), words_.end(),
              [](const Event* a, const Event* b) { return is_later(*b, *a); });
    for (const auto* word : words_) hear(*word);
  }

  bool silent() const { return last_ == nullptr; }
  State state() const { return state_; }
  const Event* last() const { return last_; }
  const std::set<const Event*>& ignored() const { return ignored_; }
  /// Those of them that say what the clinic had said by going on.
  const std::set<const Event*>& late() const { return late_; }

 private:
  static bool was_offered(const std::vector<Event>& events) {
    return std::any_of(events.begin(), events.end(), [](const Event& event) {
      return event.kind == EventKind::released || event.kind == EventKind::sent;
    });
  }

  void hear(const Event& word) {
    const auto& row = row_of(word.kind);
    if (!row.from.has(state_)) {
      ignored_.insert(&word);
      if (is_with_clinic(state_) && row.to < state_) late_.insert(&word);
      return;
    }
    const auto before = state_;
    // A pause ends where it began: "in progress" after it is no new acceptance.
    const bool goes_on = before == State::on_hold && held_from_ && row.to < *held_from_ &&
                         (row.to == State::accepted || row.to == State::delivered);
    state_ = goes_on ? *held_from_ : row.to;
    if (state_ == State::on_hold && before != State::on_hold) held_from_ = before;
    last_ = &word;
  }

  std::vector<const Event*> words_;
  std::set<const Event*> ignored_;
  std::set<const Event*> late_;
  State state_ = State::delivered;  // an answer proves delivery
  std::optional<State> held_from_;
  const Event* last_ = nullptr;
};

/// A state with the rank of the word that made it.
struct Claim {
  State state = State::noted;
  int rank = -1;
};

class Fold {
 public:
  explicit Fold(const std::vector<Event>& events)
      : events_(events), offer_(current_offer(events)), clinic_(events, offer_) {
    for (const auto& event : events) {
      if (is_past(event, offer_)) continue;
      const auto& row = row_of(event.kind);
      if (event.kind == EventKind::sent) was_sent_ = true;
      if (row.does == Does::says && row.actor == Actor::surgeon) keep_latest(surgeon_, event);
      if (row.does == Does::decides) keep_latest(decision_, event);
      if (row.does == Does::carries) keep_latest(transport_, event);
    }
  }

  State state() const {
    Claim best;
    for (const auto& claim : {by_engine(), by_clinic(), by_surgeon()}) {
      const auto completed = complete(claim);
      if (completed.rank > best.rank) best = completed;
    }
    return best.state;
  }

 private:
  /// What became of a packet counts after the decision to send it, also when it was under way while
  /// a hold came; an alarm and an end are not undone by it.
  Claim by_engine() const {
    const auto* word = decision_;
    const bool stands =
        word != nullptr && (word->kind == EventKind::emergency || word->kind == EventKind::lapsed);
    if (transport_ != nullptr && !stands &&
        (word == nullptr || word->sequence < transport_->sequence)) {
      word = transport_;
    }
    if (word == nullptr) return {State::noted, 0};
    return {row_of(word->kind).to, row_of(word->kind).rank};
  }

  Claim by_clinic() const {
    if (clinic_.silent()) return {};
    return {clinic_.state(), row_of(clinic_.last()->kind).rank};
  }

  Claim by_surgeon() const {
    if (surgeon_ == nullptr) return {};
    const auto& row = row_of(surgeon_->kind);
    if (row.kind == EventKind::revoked && !clinic_has_it()) return {State::cancelled, row.rank};
    if (row.kind == EventKind::entered_in_error && unconfirmed_recalls(events_).empty()) {
      return {State::entered_in_error, row.rank};
    }
    return {row.to, row.rank};
  }

  /// It got there, and its Task has not ended.
  bool clinic_has_it() const {
    constexpr States over = {State::cancelled, State::declined, State::safety_return};
    return clinic_.silent() ? was_sent_ : !over.has(clinic_.state());
  }

  /// No row leads back to a state before.
  Claim complete(Claim claim) const {
    for (const auto& completion : completions) {
      if (completion.from == claim.state && happened(completion)) {
        return complete({completion.to, completion.rank});
      }
    }
    return claim;
  }

  bool happened(const Completion& completion) const {
    return std::any_of(events_.begin(), events_.end(), [&](const Event& event) {
      if (event.kind != completion.event || is_past(event, offer_)) return false;
      const bool answers = event.kind == EventKind::replied;
      return !answers || event.sequence == clinic_.last()->sequence;
    });
  }

  const std::vector<Event>& events_;
  std::string offer_;
  ClinicWords clinic_;
  const Event* surgeon_ = nullptr;
  const Event* decision_ = nullptr;
  const Event* transport_ = nullptr;
  bool was_sent_ = false;
};

}  // namespace

std::string current_offer(const std::vector<Event>& events) {
  const Event* latest = nullptr;
  for (const auto& event : events) {
    if (event.kind == EventKind::released) keep_latest(latest, event);
  }
  return latest == nullptr ? std::string() : latest->offer;
}

State fold(const std::vector<Event>& events) {
  return Fold(events).state();
}

std::vector<bool> without_effect(const std::vector<Event>& events) {
  const ClinicWords words(events, current_offer(events));
  std::vector<bool> ignored;
  for (const auto& event : events) ignored.push_back(words.ignored().contains(&event));
  return ignored;
}

bool ends_illegally(const std::vector<Event>& events) {
  if (events.empty()) return false;
  const ClinicWords words(events, current_offer(events));
  const auto* last = &events.back();
  return words.ignored().contains(last) && !words.late().contains(last);
}

std::string open_question(const std::vector<Event>& events) {
  const auto state = fold(events);
  if (state != State::need_info && state != State::extension_asked) return {};
  return ClinicWords(events, current_offer(events)).last()->sequence;
}

std::vector<std::string> unconfirmed_recalls(const std::vector<Event>& events) {
  std::set<std::string> open;
  for (const auto& event : events) {
    if (event.kind == EventKind::sent || actor_of(event.kind) == Actor::clinic) {
      open.insert(event.offer);
    }
  }
  for (const auto& event : events) {
    if (event.kind == EventKind::clinic_recalled || event.kind == EventKind::recall_confirmed) {
      open.erase(event.offer);
    }
  }
  return {open.begin(), open.end()};
}

bool is_reopened(const std::vector<Event>& events) {
  const Event* latest = nullptr;
  for (const auto& event : events) {
    const auto kind = event.kind;
    const bool decides = kind == EventKind::held || kind == EventKind::released ||
                         kind == EventKind::reopened || kind == EventKind::confirmed;
    if (decides) keep_latest(latest, event);
  }
  return latest != nullptr && latest->kind == EventKind::reopened && is_with_clinic(fold(events));
}

Turn turn_of(State state, bool reopened) {
  if (reopened) return {"surgeon", "decision-reopened"};
  return {row_of(state).owner, row_of(state).worklist};
}

}  // namespace meridian::routing
