// SPDX-License-Identifier: Apache-2.0
#include "flow/replay.h"

#include <algorithm>

#include "flow/basis.h"
#include "flow/identity.h"
#include "flow/judgement.h"
#include "flow/past.h"
#include "flow/recall.h"
#include "flow/stored_assessment.h"
#include "flow/stored_json.h"
#include "pathway/charts.h"
#include "pathway/emergency.h"
#include "report/episode_json.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

bool is(const store::EventRow& event, EventKind kind) {
  return event.kind == routing::event_name(kind);
}

/// One referral: its last look, and each message that alarmed by itself.
class Replay {
 public:
  Replay(const Core& core, const store::ReferralRow& row, Events events)
      : core_(core), row_(row), events_(std::move(events)) {}

  Result<Replayed> run() {
    const auto inputs = read_basis(row_.decision).inputs;
    if (inputs) {
      if (auto done = assess_again(*inputs); !done) return done.error();
    }
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const bool alone = is(events_[i], EventKind::emergency) && !events_[i].message.empty();
      if (!alone) continue;
      if (auto done = alarm_again(i, !inputs.has_value()); !done) return done.error();
    }
    compare_all();
    return std::move(replayed_);
  }

 private:
  void prune(std::string what) {
    replayed_.outcome = Outcome::pruned;
    replayed_.missing = std::move(what);
  }

  Result<void> assess_again(const Inputs& inputs) {
    replayed_.at = inputs.at;
    replayed_.content = inputs.content;
    replayed_.build = inputs.build;
    replayed_.before = disposition_in(row_.assessment);
    Assessment assessment;  // of nobody, as it is stored when nobody was found
    if (inputs.resolved) {
      const auto past = past_of(core_, row_, events_, inputs);
      if (!past) return past.error();
      if (!past->missing.empty()) {
        prune(past->missing);
        return {};
      }
      auto assessed = assess_order(core_, past->row, past->facts, inputs.at, inputs.screened_at);
      if (!assessed) {
        prune("whom it was about then");
        return {};
      }
      assessment = std::move(assessed->assessment);
    }
    replayed_.assessment = report::assessment_json(assessment);
    replayed_.now = disposition_name(assessment.disposition);
    before_ = statements_in(row_.assessment);
    now_ = statements_in(replayed_.assessment);
    return {};
  }

  /// A message without the answers of which a later version was known.
  static void leave_outdated(const Events& then, const MessageId& message, RecordSet& records) {
    const auto outdated = [&](const Record& answer) {
      return std::any_of(then.begin(), then.end(), [&](const store::EventRow& event) {
        return is(event, EventKind::answered) &&
               event.actor_sequence.starts_with(answer.ref + "/") &&
               event.actor_sequence.substr(0, event.actor_sequence.rfind(':')) >
                   answer_sequence(answer, message);
      });
    };
    std::erase_if(records.questionnaire_responses, outdated);
    std::erase_if(records.observations, outdated);
  }

  /// Whom a message that alarmed calls the patient.
  static bool is_about(const Chart& chart, const store::ReferralRow& then,
                       const GatherRequest& request) {
    const auto& ref = chart.patient.ref;
    return ref == then.patient_ref || (request.said && ref == request.said->patient);
  }

  Result<void> alarm_again(std::size_t number, bool alone) {
    const auto& event = events_[number];
    const auto message = core_.store.message(event.message);
    if (!message) return message.error();
    if (!*message || (*message)->body.empty()) {
      prune("the message that alarmed");
      return {};
    }
    auto records =
        read_stored(core_, {(*message)->source, (*message)->sender_id, (*message)->media_type,
                            (*message)->body, (*message)->received_at});
    if (!records) return records.error();
    const auto events = first_of(events_, number);
    leave_outdated(events, event.message, *records);
    auto then = row_;
    then.patient_ref = patient_then(row_, events_, number);
    const auto request = gather_request(core_, then, events);
    if (!request) return request.error();
    std::vector<Flag> flags;
    for (const auto& chart : split_charts(*records).charts) {
      if (!is_about(chart, then, *request)) continue;
      flags = emergency_flags(chart, core_.rules, core_.terminology, event.at);
      if (!flags.empty()) break;
    }
    note_alarm(event, flags, alone);
    return {};
  }

  void note_alarm(const store::EventRow& event, const std::vector<Flag>& flags, bool alone) {
    const auto rule = text_in(parsed(event.detail), "rule");
    before_.push_back({"alert", rule, "emergency", "", "", {}});
    if (!flags.empty()) {
      const auto& flag = flags.front();
      now_.push_back({"alert", flag.rule, "emergency", "", flag.source, flag.evidence});
    }
    if (!alone) return;
    if (!replayed_.at) replayed_.at = event.at;
    replayed_.before = disposition_name(Disposition::emergency);
    replayed_.now = flags.empty() ? "no alert" : replayed_.before;
  }

  void compare_all() {
    if (replayed_.outcome == Outcome::pruned || !replayed_.at) return;
    replayed_.difference = compare(before_, now_);
    for (const auto& was : before_) {
      if (was.kind == "alert") continue;  // what it rested on is not kept in words
      for (const auto& is_now : now_) {
        const bool same =
            was.kind == is_now.kind && was.rule == is_now.rule && was.weight == is_now.weight;
        if (!same || (was.text == is_now.text && was.evidence == is_now.evidence)) continue;
        replayed_.otherwise.emplace_back(was, is_now);
      }
    }
    const bool equal = replayed_.difference.empty() && replayed_.otherwise.empty() &&
                       replayed_.before == replayed_.now;
    replayed_.outcome = equal ? Outcome::equal : Outcome::changed;
  }

  const Core& core_;
  const store::ReferralRow& row_;
  const Events events_;
  Replayed replayed_;
  std::vector<Ground> before_;
  std::vector<Ground> now_;
};

/// Records that one of the two rests on and the other does not; all of it when there is none.
std::vector<std::string> deciding(const Ground& was, const Ground& now) {
  std::vector<std::string> refs;
  std::set_symmetric_difference(was.evidence.begin(), was.evidence.end(), now.evidence.begin(),
                                now.evidence.end(), std::back_inserter(refs));
  return refs.empty() ? now.evidence : refs;
}

/// The changes of one referral: for machines one by one, for people in a line.
class Account {
 public:
  explicit Account(const RuleBook& rules) : rules_(rules) {}

  void run(const Replayed& replayed) {
    const auto& difference = replayed.difference;
    for (const auto& ground : difference.added) add("came", ground, "", ground.evidence);
    for (const auto& ground : difference.gone) add("went", ground, "", ground.evidence);
    for (const auto& [was, now] : difference.changed) {
      add("changed", now, was.weight, deciding(was, now));
    }
    for (const auto& [was, now] : replayed.otherwise) {
      const bool moved = was.evidence != now.evidence;
      add(moved ? "other records" : "other words", now, "", deciding(was, now));
    }
  }

  const std::string& words() const { return words_; }
  void write(report::Json& json) const {
    json.open_list("changes");
    for (const auto& change : changes_) {
      json.open();
      json.text("what", change.what);
      json.text("kind", change.ground.kind);
      json.text("rule", change.ground.rule);
      json.text("words", words_of_rule(rules_, change.ground.kind, change.ground.rule));
      json.text("weight", change.ground.weight);
      if (!change.was.empty()) json.text("was", change.was);
      json.list("records", change.refs);
      json.close();
    }
    json.close_list();
  }

 private:
  struct Change {
    const char* what;
    Ground ground;
    std::string was;
    std::vector<std::string> refs;
  };

  void add(const char* what, const Ground& ground, const std::string& was,
           const std::vector<std::string>& refs) {
    changes_.push_back({what, ground, was, refs});
    words_ += words_.empty() ? "" : "; ";
    words_ += ground.kind + " " + ground.rule;
    if (!ground.weight.empty()) words_ += " (" + ground.weight + ")";
    words_ += " " + std::string(what);
    if (!was.empty()) words_ += " from " + was;
    for (const auto& ref : refs) words_ += (&ref == &refs.front() ? " by " : ", ") + ref;
  }

  const RuleBook& rules_;
  std::vector<Change> changes_;
  std::string words_;
};

}  // namespace

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::equal:
      return "equal";
    case Outcome::changed:
      return "changed";
    case Outcome::pruned:
      return "pruned";
    case Outcome::undecided:
      break;
  }
  return "undecided";
}

Result<Replayed> replay(const Core& core, const store::ReferralRow& row) {
  auto events = core.store.events(row.id);
  if (!events) return events.error();
  return Replay(core, row, std::move(*events)).run();
}

std::string replayed_json(const Core& core, const store::ReferralRow& row,
                          const Replayed& replayed) {
  Account account(core.rules);
  account.run(replayed);
  report::Json json;
  json.open();
  json.text("referral", row.id.str());
  json.text("order", row.order_ref);
  json.text("result", outcome_name(replayed.outcome));
  json.text("state", row.state);
  if (replayed.at) json.text("decided", to_string(*replayed.at));
  json.text("before", replayed.before);
  json.text("now", replayed.now);
  const auto gone = "not kept any more: " + replayed.missing;
  json.text("why", replayed.outcome == Outcome::pruned ? gone : account.words());
  if (replayed.outcome == Outcome::changed) account.write(json);
  json.text("content", replayed.content);
  json.text("build", replayed.build);
  json.close();
  return json.str();
}

}  // namespace meridian::flow
