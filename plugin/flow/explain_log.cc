// SPDX-License-Identifier: Apache-2.0
#include "flow/explain_log.h"

#include <algorithm>

#include "flow/ledger.h"
#include "flow/statements.h"
#include "flow/stored_assessment.h"
#include "flow/stored_json.h"
#include "routing/standing.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

constexpr std::string_view rule_item = "rule.";  // of a sign-off

/// Of the key "sequence@receiver:kind" the receiver; "" when there is none.
std::string receiver_of(const store::EventRow& event) {
  const auto key = event.actor_sequence.substr(0, event.actor_sequence.rfind(':'));
  const auto at = key.rfind('@');
  return at == std::string::npos ? "" : key.substr(at + 1);
}

class Events {
 public:
  Events(const Core& core, bool patient_data) : core_(core), patient_data_(patient_data) {}

  Result<Happening> told(const store::EventRow& event) {
    Happening happening{event.at, Rank::said, "", {}};
    const auto kind = routing::event_named(event.kind);
    if (!kind) {
      happening.what = event.kind + ".";
      return happening;
    }
    const auto clinic = name_of_peer(core_, receiver_of(event));
    switch (*kind) {
      case EventKind::ordered:
        happening.what = ordered_ ? "The order came again, changed." : "The order came.";
        ordered_ = true;
        break;
      case EventKind::answered:
        happening.what = "An answer to a screening question came.";
        break;
      case EventKind::signed_off:
        tell_sign_off(event, happening);
        break;
      case EventKind::patient_linked:
      case EventKind::patient_unlinked:
        tell_link(event, *kind == EventKind::patient_linked, happening);
        break;
      case EventKind::return_released:
      case EventKind::return_dismissed:
        tell_return(event, *kind == EventKind::return_released, happening);
        break;
      case EventKind::emergency:
      case EventKind::alert_acknowledged:
        if (auto told = tell_alert(event, *kind, happening); !told) return told.error();
        break;
      case EventKind::held:
        happening.rank = Rank::done;
        happening.what = "It was held for a person" + because(event) + ".";
        break;
      case EventKind::reopened:
        happening.rank = Rank::done;
        happening.what = "A later look opened the decision to send again" + because(event) + ".";
        break;
      default:
        happening.rank = rank_of(*kind);
        happening.what =
            with_reason(plain(*kind, clinic.empty() ? "the receiver" : clinic), *kind, event);
        break;
    }
    return happening;
  }

 private:
  /// ", because of RF07 and AC02": rule ids and fixed words.
  static std::string because(const store::EventRow& event) {
    const auto reasons = listed(texts_in(parsed(event.detail), "reasons"));
    return reasons.empty() ? "" : ", because of " + reasons;
  }

  /// A sentence, with the clinic's reason where it gave one.
  static std::string with_reason(std::string what, EventKind kind, const store::EventRow& event) {
    if (kind != EventKind::clinic_declined && kind != EventKind::clinic_cancelled) return what;
    const auto reasons = listed(texts_in(parsed(event.detail), "reasons"));
    if (reasons == "in-words") {
      what.insert(what.size() - 1, " and said why in words");
    } else if (!reasons.empty()) {
      what.insert(what.size() - 1, " (" + reasons + ")");
    }
    return what;
  }

  static Rank rank_of(EventKind kind) {
    const auto actor = routing::actor_of(kind);
    if (actor == routing::Actor::clinic || kind == EventKind::sent) return Rank::answered;
    return actor == routing::Actor::engine ? Rank::done : Rank::said;
  }

  static std::string plain(EventKind kind, const std::string& clinic) {
    switch (kind) {
      case EventKind::revoked:
        return "The order was revoked.";
      case EventKind::entered_in_error:
        return "The order was said to be a mistake.";
      case EventKind::released:
        return "It was released to " + clinic + ".";
      case EventKind::sent:
        return "The system of " + clinic + " took it.";
      case EventKind::undelivered:
        return "No way to " + clinic + " worked.";
      case EventKind::written_back:
        return "The final report stands in the orderer's record.";
      case EventKind::reading_asked:
        return "It stays on a worklist until somebody has read the report.";
      case EventKind::reading_waived:
        return "The site no longer asks who read the report.";
      case EventKind::confirmed:
        return "A later look found that the decision stands again.";
      case EventKind::order_on_hold:
        return "The order was put on hold.";
      case EventKind::lost:
        return "The surgeon's side gave up: the patient never came.";
      case EventKind::report_read:
        return "A person of the surgeon's side had the report before them.";
      case EventKind::replied:
        return "What the clinic asked was answered.";
      case EventKind::recall_confirmed:
        return "A named person confirmed that " + clinic + " destroyed what it had.";
      case EventKind::lapsed:
        return "Its last deadline passed.";
      case EventKind::reminded:
        return "A deadline passed: whoever has the next action was reminded.";
      case EventKind::overdue:
        return "A deadline passed: it is on the surgeon's side's worklist.";
      case EventKind::passed_over:
        return clinic + " stayed silent: it is offered to the next one.";
      case EventKind::safety_acknowledged:
        return "The red flag was acknowledged.";
      default:
        return clinic_words(kind, clinic);
    }
  }

  static std::string clinic_words(EventKind kind, const std::string& clinic) {
    switch (kind) {
      case EventKind::clinic_opened:
        return "A person at " + clinic + " opened it.";
      case EventKind::clinic_asked:
        return clinic + " asked something.";
      case EventKind::clinic_waitlisted:
        return clinic + " put it on its waiting list.";
      case EventKind::clinic_unreachable:
        return clinic + " could not reach the patient.";
      case EventKind::clinic_appointment_cancelled:
        return "The visit at " + clinic + " was called off.";
      case EventKind::clinic_no_show:
        return "The patient did not come to " + clinic + ".";
      case EventKind::clinic_on_hold:
        return clinic + " paused it.";
      case EventKind::clinic_extension_asked:
        return clinic + " asked for more visits.";
      case EventKind::clinic_recalled:
        return clinic + " confirmed the recall.";
      case EventKind::clinic_safety_return:
        return clinic + " reported a red flag.";
      case EventKind::clinic_received:
        return clinic + " said that it has it.";
      case EventKind::clinic_accepted:
        return clinic + " accepted it.";
      case EventKind::clinic_declined:
        return clinic + " declined it.";
      case EventKind::clinic_scheduled:
        return clinic + " booked a visit.";
      case EventKind::clinic_visited:
        return clinic + " said that a visit took place.";
      case EventKind::clinic_reported:
        return clinic + " sent the final report.";
      case EventKind::clinic_cancelled:
        return clinic + " called it off.";
      default:
        return std::string(routing::event_name(kind)) + ".";
    }
  }

  void tell_sign_off(const store::EventRow& event, Happening& happening) const {
    const auto statement = read_statement(event.detail);
    std::vector<std::string> rules;
    for (const auto& [name, texts] : statement.items) {
      if (!name.starts_with(rule_item)) continue;
      const auto rule = name.substr(rule_item.size());
      if (std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(rule);
    }
    happening.what =
        statement.by + ", " + statement.text("role") + ", signed off " + listed(rules) + ".";
    happening.details.push_back("It covers these as they stood then, until " +
                                statement.text("until") + ".");
    if (patient_data_) happening.details.push_back("Reason: " + statement.text("reason"));
  }

  void tell_link(const store::EventRow& event, bool linked, Happening& happening) const {
    const auto statement = read_statement(event.detail);
    const auto where = name_of_peer(core_, statement.text("at"));
    happening.what = statement.by + (linked ? " said whose record at " + where + " is meant."
                                            : " took back whose record at " + where + " is meant.");
    if (patient_data_) happening.details.push_back("Record: " + statement.text("patient"));
  }

  void tell_return(const store::EventRow& event, bool released, Happening& happening) const {
    const auto statement = read_statement(event.detail);
    happening.what = statement.by + ", " + statement.text("role") +
                     (released ? ", released" : ", dismissed") +
                     " the referral to a surgeon that the course of acupuncture prepared.";
    happening.details.push_back("Rule: " + statement.text("row") +
                                ", urgency: " + statement.text("urgency") + ".");
    const auto reason = statement.text("reason");
    if (patient_data_ && !reason.empty()) happening.details.push_back("Reason: " + reason);
  }

  Result<void> tell_alert(const store::EventRow& event, EventKind kind, Happening& happening) {
    if (kind == EventKind::emergency) {
      const auto detail = parsed(event.detail);
      alert_ = text_in(detail, "alert");
      const auto rule = text_in(detail, "rule");
      const auto words = words_of_rule(core_.rules, "alert", rule);
      happening.rank = event.message.empty() ? Rank::done : Rank::said;
      happening.what = "Emergency: " + rule + (words.empty() ? "" : ", " + words) + ".";
      if (!event.message.empty()) {
        happening.details.emplace_back(
            "The message said so by itself, before any record was read.");
      }
    }
    const auto alert = core_.store.alert(alert_);
    if (!alert) return alert.error();
    if (kind == EventKind::emergency && *alert) {
      happening.details.push_back("Alerted: " + (*alert)->contact +
                                  ((*alert)->level > 0 ? ", to whom it had climbed." : "."));
    }
    if (kind == EventKind::alert_acknowledged) {
      happening.what = (*alert ? (*alert)->acknowledged_by : std::string("Somebody")) +
                       " acknowledged the alert.";
    }
    return {};
  }

  const Core& core_;
  const bool patient_data_;
  bool ordered_ = false;
  std::string alert_;  ///< the last one
};

std::string kind_words(std::string kind) {
  if (kind == "referral") return "the referral with its packet";
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return kind;
}

std::string tries(int attempts) {
  return attempts == 1 ? "1 try" : std::to_string(attempts) + " tries";
}

std::string ending(const store::DeliveryRow& row) {
  switch (row.state) {
    case store::DeliveryState::queued:
      return row.attempts == 0 ? "waits to be sent"
                               : "waits to be sent again, after " + tries(row.attempts);
    case store::DeliveryState::in_flight:
      return "is being sent";
    case store::DeliveryState::delivered:
      return "arrived, after " + tries(row.attempts);
    case store::DeliveryState::ambiguous:
      return "may have arrived: a person must look there";
    case store::DeliveryState::dead:
      return "was given up, after " + tries(row.attempts);
    case store::DeliveryState::superseded:
      return "was not sent: another took its place";
  }
  return {};
}

}  // namespace

std::set<std::int64_t> without_effect(const std::vector<store::EventRow>& events) {
  std::vector<routing::Event> known;
  std::vector<std::int64_t> numbers;
  for (const auto& event : events) {
    auto one = folded(event);
    if (!one) continue;
    known.push_back(std::move(*one));
    numbers.push_back(event.number);
  }
  const auto ignored = routing::without_effect(known);
  std::set<std::int64_t> result;
  for (std::size_t i = 0; i < ignored.size(); ++i) {
    if (ignored[i]) result.insert(numbers[i]);
  }
  return result;
}

std::string name_of_peer(const Core& core, std::string_view id) {
  const auto* peer = core.peers.find(id);
  if (peer == nullptr || peer->name.empty() || peer->name == id) return std::string(id);
  return peer->name + " (" + std::string(id) + ")";
}

Result<std::vector<Happening>> told_events(const Core& core,
                                           const std::vector<store::EventRow>& events,
                                           bool patient_data) {
  Events teller(core, patient_data);
  std::vector<Happening> happenings;
  const auto ignored = without_effect(events);
  for (const auto& event : events) {
    auto told = teller.told(event);
    if (!told) return told.error();
    if (ignored.contains(event.number)) {
      told->details.emplace_back(
          "It changed nothing: where the referral stood, it may not be said.");
    }
    happenings.push_back(std::move(*told));
  }
  return happenings;
}

std::vector<Happening> told_deliveries(const Core& core,
                                       const std::vector<store::DeliveryRow>& deliveries,
                                       bool patient_data) {
  std::vector<Happening> happenings;
  for (const auto& row : deliveries) {
    Happening happening{row.settled_at.value_or(Instant::max()), Rank::sent, "", {}};
    happening.what = "To " + name_of_peer(core, row.destination.str()) + ": " +
                     kind_words(row.kind) + " (delivery " + std::to_string(row.number) + ") " +
                     ending(row) + ".";
    const auto* error = row.error.empty() ? nullptr : find_error(row.error);
    if (error != nullptr) {
      happening.details.push_back(row.error + ": " + std::string(error->fix) + ".");
    }
    if (patient_data && !row.receipt.empty()) {
      happening.details.push_back("The receiver calls it " + row.receipt + ".");
    }
    happenings.push_back(std::move(happening));
  }
  return happenings;
}

}  // namespace meridian::flow
