// SPDX-License-Identifier: Apache-2.0
#include "flow/review_work.h"

#include <algorithm>
#include <set>
#include <utility>

#include "flow/alert.h"
#include "flow/earlier.h"
#include "flow/prepared_return.h"
#include "flow/reflect_work.h"
#include "flow/review_timer.h"
#include "report/episode_json.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

using routing::Action;
using routing::EventKind;

template <typename List, typename Value>
bool has(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// The grounds of a look; words that rest on what the receiver may not have are marked.
std::vector<Ground> told_grounds(const Assessment& assessment, const packet::Selection& selection) {
  std::set<std::string> secret;
  for (const auto& [ref, reason] : selection.withheld) {
    if (reason != "type" && reason != "not-found") secret.insert(ref);
  }
  auto grounds = grounds_of(assessment);
  for (auto& ground : grounds) {
    ground.withheld = std::any_of(
        ground.evidence.begin(), ground.evidence.end(),
        [&](const std::string& ref) { return secret.contains(ref.substr(0, ref.find('#'))); });
  }
  return grounds;
}

/// One look at a referral that its clinic has.
class Review {
 public:
  Review(const Core& core, Ledger& ledger, const Facts& facts, const Judgement& judgement,
         bool whole)
      : core_(core),
        ledger_(ledger),
        facts_(facts),
        judgement_(judgement),
        whole_(whole),
        basis_(read_basis(ledger.row().decision)),
        clinic_(core.peers.find(ledger.row().destination.str())) {}

  Result<store::Changes> run() {
    audit("PatientRead");
    audit("ReferralReviewed");
    const bool one_patient = judgement_.order != nullptr;
    auto decision = one_patient ? routing::clear(judgement_.assessment, judgement_.service)
                                : judgement_.decision;
    if (decision.action == Action::escalate) return alarm();
    if (decision.action == Action::deliver) decision.reasons.clear();
    if (one_patient) find_changes();
    reasons_ = std::move(decision.reasons);
    auto offered = offer_return(core_, id(), judgement_.assessment.course, basis_);
    if (!offered) return offered.error();
    offer_ = std::move(*offered);
    if (auto told = tell(decision.worklist); !told) return told.error();
    if (!offer_.empty()) tell_surgeon({});
    ledger_.check_point_due(is_check_point_due());
    keep(one_patient);
    plant_review(core_, id(), std::nullopt, changes_);
    ledger_.touch();
    ledger_.commit_into(core_, changes_);
    return std::move(changes_);
  }

 private:
  const ReferralId& id() const { return ledger_.row().id; }

  void audit(const char* event) {
    changes_.audits.push_back({event, core_.settings.node, id().str(), "success"});
  }

  /// An emergency goes the way it goes before sending, and the clinic is warned.
  Result<store::Changes> alarm() {
    std::vector<Flag> flags;
    for (const auto& flag : judgement_.assessment.flags) {
      if (flag.severity == "emergency") flags.push_back(flag);
    }
    keep_assessment();
    ledger_.row().decision = with_basis(ledger_.row().decision, basis_);
    raise_alert(core_, ledger_, flags, changes_);
    changes_.works.push_back(
        {"tell_clinic", id(), core_.clock(), "{}", "tell_clinic|" + id().str()});
    changes_.works.push_back(
        {"reflect", id(), core_.clock(), "{}", "reflect|" + id().str() + "|engine"});
    ledger_.commit_into(core_, changes_);
    return std::move(changes_);
  }

  /// The clinic has scores to take, or to send.
  bool is_check_point_due() const {
    const auto& course = judgement_.assessment.course;
    return course && std::any_of(course->check_points.begin(), course->check_points.end(),
                                 [](const CheckPoint& point) { return point.state == "due"; });
  }

  void find_changes() {
    if (clinic_ == nullptr || !clinic_->renderer) return;
    std::vector<std::string> had;
    for (const auto& [ref, digest] : basis_.records) had.push_back(ref);
    const auto selection = select_packet(core_, *clinic_, ledger_.row(), facts_, judgement_, had);
    grounds_ = told_grounds(judgement_.assessment, selection);
    difference_ = compare(basis_.grounds, grounds_);
    letter_ = packet_letter(core_, *clinic_, ledger_.row(), facts_, judgement_);
    letter_.include = selection.include;
    letter_.withheld = packet::withheld_statement(selection);
    letter_.notices = selection.notices;
    letter_.draft = true;
    const auto packet = clinic_->renderer->render(letter_, clinic_->profile);
    letter_.draft = false;
    if (!packet) {  // what may not be sent any more is no reason to keep a warning back
      letter_ = {};
      records_ = basis_.records;
      return;
    }
    records_ = digests_of(*packet);
    if (!basis_.released_at) {  // sent in a life of the database that is lost: what is there counts
      basis_.released_at = ledger_.row().created_at;
      difference_ = {};
      return;
    }
    for (const auto& [ref, digest] : records_) {
      const auto known = basis_.records.find(ref);
      if (known == basis_.records.end() || known->second != digest) letter_.changed.push_back(ref);
    }
    for (const auto& ref : had) {
      if (!records_.contains(ref) && !is_known(ref)) gone_.push_back(ref);
    }
  }

  /// A record that is there still, or that could not be read this time.
  bool is_known(const std::string& ref) const {
    const bool there =
        std::any_of(facts_.records.resources.begin(), facts_.records.resources.end(),
                    [&](const ResourceSpan& span) { return span.type + "/" + span.id == ref; });
    return there || !whole_;
  }

  std::string now() const { return to_string(core_.clock()); }

  /// "DiagnosticReport, Patient": ids of the origin mean nothing to a receiver.
  static std::string types_of(const std::vector<std::string>& refs) {
    std::set<std::string> types;
    for (const auto& ref : refs) types.insert(ref.substr(0, ref.find('/')));
    std::string text;
    for (const auto& type : types) text += (text.empty() ? "" : ", ") + type;
    return text;
  }

  std::string changes_in_words(bool for_surgeon) const {
    auto difference = difference_;
    std::erase_if(difference.added, [&](const Ground& each) { return has(reasons_, each.rule); });
    auto text = in_words(difference, for_surgeon);
    const auto add = [&](const char* label, const std::vector<std::string>& refs) {
      if (refs.empty()) return;
      text += (text.empty() ? "" : "; ") + std::string(label) + types_of(refs);
    };
    add("records of the packet that are new or corrected: ", letter_.changed);
    add("no longer on record: ", gone_);
    return text.empty() ? text : " What changed: " + text + ".";
  }

  /// What the decision is open for, each in the words of its ground.
  std::string reasons_in_words(bool for_surgeon) const {
    std::string text;
    for (const auto& reason : reasons_) {
      const auto ground = std::find_if(grounds_.begin(), grounds_.end(),
                                       [&](const Ground& each) { return each.rule == reason; });
      text += text.empty() ? "" : "; ";
      text += ground == grounds_.end() ? reason : in_words(*ground, for_surgeon);
    }
    return text;
  }

  std::string reopened_words(bool for_surgeon) const {
    return "The decision to send this referral is open again since " + now() +
           ": do not treat before the referring surgeon has confirmed it. Reason: " +
           reasons_in_words(for_surgeon) + "." + changes_in_words(for_surgeon);
  }

  std::string confirmed_words(bool for_surgeon) const {
    return "The decision to send this referral stands again since " + now() +
           ": what it was open for is settled." + changes_in_words(for_surgeon);
  }

  /// Says what is new, to whom it matters, once.
  Result<void> tell(const std::string& worklist) {
    const bool more = std::any_of(reasons_.begin(), reasons_.end(),
                                  [&](const auto& reason) { return !has(basis_.open, reason); });
    if (more) {
      ledger_.add(EventKind::reopened, core_.clock(), {.detail = detail()});
      basis_.words = reopened_words(true);
      basis_.settled_in.clear();
      audit("DecisionReopened");
      tell_surgeon(basis_.words);
      show_in(worklist);
      return tell_clinic_that(reopened_words(false), true);
    }
    if (reasons_.empty() && ledger_.reopened()) {
      ledger_.add(EventKind::confirmed, core_.clock(), {.detail = detail()});
      basis_.words = confirmed_words(true);
      basis_.settled_in = routing::state_name(ledger_.state());
      audit("DecisionConfirmed");
      tell_surgeon(basis_.words);
      return tell_clinic_that(confirmed_words(false), true);
    }
    const auto words = changes_in_words(false);
    if (words.empty()) return {};
    return tell_clinic_that("The record behind this referral changed, seen " + now() + "." + words,
                            false);
  }

  /// A question of identity has its own list.
  void show_in(const std::string& worklist) {
    if (judgement_.order == nullptr) ledger_.show_in(worklist);
  }

  std::string detail() const {
    report::Json json;
    json.open();
    json.list("reasons", reasons_);
    json.text("facts", facts_.id);
    json.text("rules", core_.rules.version);
    json.text("build", core_.settings.build);
    json.close();
    return json.str();
  }

  /// With what a course prepared, once.
  void tell_surgeon(const std::string& words) {
    const auto offer = std::exchange(offer_, {});
    report::Json json;
    json.open();
    json.text("words", words.empty() || offer.empty() ? words + offer : words + " " + offer);
    json.close();
    changes_.works.push_back(
        {"reflect", id(), core_.clock(), json.str(), "reflect|" + id().str() + "|review"});
  }

  Result<void> tell_clinic_that(const std::string& words, bool urgent) {
    if (clinic_ == nullptr || !clinic_->renderer) return {};
    const auto& row = ledger_.row();
    letter_.kind = Letter::Kind::referral_update;
    letter_.referral_id = row.id.str();
    letter_.source_order = row.order_ref;
    letter_.source_patient = row.patient_ref;
    letter_.receiver_name = clinic_->name;
    letter_.task_status = task_status_of(row.state);
    letter_.business_status = row.state;
    letter_.reason = words;
    letter_.urgent = urgent;
    auto earlier = earlier_message(core_, row, *clinic_);
    if (!earlier) return earlier.error();
    letter_.earlier = std::move(*earlier);
    letter_.at = core_.clock();
    auto rendered = clinic_->renderer->render(letter_, clinic_->profile);
    if (!rendered) return rendered.error();
    const auto key = rendered->key + "/" + sortable(ledger_.next_version());
    changes_.deliveries.push_back({id(), clinic_->destination(), "referral_update", key,
                                   rendered->media_type, std::move(rendered->bytes), core_.clock(),
                                   0});
    return {};
  }

  void keep(bool one_patient) {
    const bool found = !difference_.empty() || !letter_.changed.empty() || basis_.open != reasons_;
    basis_.open = reasons_;
    if (one_patient && clinic_ != nullptr) {
      basis_.grounds = grounds_;
      basis_.records = records_;
      if (whole_) basis_.facts.clear();
      if (whole_ || found) basis_.facts.push_back(facts_.id);
    }
    auto& row = ledger_.row();
    if (one_patient) keep_assessment();
    row.decision = with_basis(row.decision, basis_);
  }

  void keep_assessment() {
    ledger_.row().assessment = report::assessment_json(judgement_.assessment);
    basis_.inputs = inputs_of(core_, facts_, judgement_);
  }

  const Core& core_;
  Ledger& ledger_;
  const Facts& facts_;
  const Judgement& judgement_;
  const bool whole_;
  Basis basis_;  ///< as it was, until keep()
  const Peer* clinic_;
  Letter letter_;  ///< the packet as it would be today
  std::vector<Ground> grounds_;
  Difference difference_;
  std::map<std::string, std::string> records_;
  std::vector<std::string> gone_;
  std::vector<std::string> reasons_;  ///< why it would not be sent today
  std::string offer_;                 ///< what a course prepared, not told yet
  store::Changes changes_;
};

}  // namespace

Basis released_basis(const Core& core, const Facts& facts, const Judgement& judgement,
                     const packet::Selection& selection, const Rendered& packet) {
  Basis basis;
  basis.inputs = inputs_of(core, facts, judgement);
  basis.released_at = core.clock();
  basis.facts = {facts.id};
  basis.grounds = told_grounds(judgement.assessment, selection);
  basis.records = digests_of(packet);
  return basis;
}

Result<store::Changes> review(const Core& core, Ledger& ledger, const Facts& facts,
                              const Judgement& judgement, bool whole) {
  return Review(core, ledger, facts, judgement, whole).run();
}

}  // namespace meridian::flow
