// SPDX-License-Identifier: Apache-2.0
#include "walk/fates.h"

#include "http/uri.h"

namespace meridian::sandbox {
namespace {

using std::chrono::seconds;

constexpr seconds quiet_for{3};  // for something that should not
constexpr const char* referral_system = "http://meridian-referral.org/fhir/identifier/referral";

class Walk {
 public:
  explicit Walk(Town& town) : town_(town), clinic_(town), hospital_(town) {}

  bool run();

 private:
  Fate begin(const std::string& name, const std::string& patient, const std::string& expected);
  void close(Fate& fate);
  void require(Fate& fate, bool done, const std::string& what);
  std::optional<Json> arrives(Fate& fate);
  bool once_at_clinic(Fate& fate);
  bool closes(Fate& fate, const Json& task);

  void completed();
  void held_and_released();
  void emergency();
  void clinic_down();
  bool nothing_else();

  void page_acknowledged(Fate& fate);

  Town& town_;
  ClinicStaff clinic_;
  HospitalStaff hospital_;
  std::size_t tasks_expected_ = 0;
};

Fate Walk::begin(const std::string& name, const std::string& patient, const std::string& expected) {
  Fate fate;
  fate.order = "ServiceRequest/sr-" + name + "-acupuncture";
  fate.patient = patient;
  fate.expected = expected;
  fate.good = true;
  return fate;
}

/// Asks Meridian too, for the table only.
void Walk::close(Fate& fate) {
  fate.meridian = town_.referral(fate.order)["state"].text();
  town_.story().add(fate);
}

/// A step that did not happen is named in the table; the walk goes on.
void Walk::require(Fate& fate, bool done, const std::string& what) {
  if (done) {
    fate.seen += (fate.seen.empty() ? "" : ", ") + what;
  } else {
    fate.good = false;
    fate.seen += (fate.seen.empty() ? "" : ", ") + std::string("NOT ") + what;
  }
}

std::optional<Json> Walk::arrives(Fate& fate) {
  auto task = clinic_.new_task(town_.patience());
  if (task) ++tasks_expected_;
  require(fate, task.has_value(), "delivered");
  return task;
}

/// Counts what carries this referral's identifier at the clinic.
bool Walk::once_at_clinic(Fate& fate) {
  fate.referral = hospital_.referral_id(fate.order);
  const std::string query =
      "?identifier=" + http::percent_encode(std::string(referral_system) + "|" + fate.referral);
  const std::size_t tasks = town_.clinic().count("Task" + query);
  const std::size_t orders = town_.clinic().count("ServiceRequest" + query);
  fate.delivered = std::to_string(tasks) + " Task, " + std::to_string(orders) + " order";
  return !fate.referral.empty() && tasks == 1 && orders == 1;
}

/// From acceptance to the note in the surgeon's record.
bool Walk::closes(Fate& fate, const Json& task) {
  clinic_.accept(task);
  require(fate, hospital_.sees(fate.order, {"accepted"}), "accepted");
  clinic_.book(task);
  require(fate, hospital_.sees(fate.order, {"scheduled"}), "scheduled");
  clinic_.see_patient(task);
  require(fate, hospital_.sees(fate.order, {"in_course"}), "visited");
  clinic_.report(task);
  require(fate, hospital_.sees(fate.order, {"completed", "reported", "closed"}), "completed");
  const std::string text = read_text(town_.settings().people / "consult-note.txt");
  wait_for(town_.patience(), [&] {
    fate.record = hospital_.note(fate.order, text);
    return !fate.record.empty();
  });
  require(fate, !fate.record.empty(), "consult note in the record");
  if (!fate.record.empty()) {
    town_.story().tell("hospital", "the surgeon reads the clinic's note: " + fate.record);
  }
  return fate.good;
}

void Walk::completed() {
  Fate fate = begin("okafor", "C.O.",
                    "delivered, accepted, scheduled, completed, consult note in the record");
  hospital_.sign_order("okafor.json",
                       "Dr. Halvorsen signs an order: acupuncture for C.O., on a "
                       "blood thinner (" +
                           fate.order + ")");
  const auto task = arrives(fate);
  if (task) closes(fate, *task);
  require(fate, once_at_clinic(fate), "once");
  close(fate);
}

void Walk::held_and_released() {
  Fate fate = begin("teixeira", "M.T.", "held for an answer, released by it, delivered");
  hospital_.sign_order("teixeira.json",
                       "Dr. Halvorsen signs an order: acupuncture for M.T.; "
                       "bladder and bowel were never asked (" +
                           fate.order + ")");
  require(fate, hospital_.sees(fate.order, {"held"}), "held");
  require(fate, !clinic_.new_task(quiet_for).has_value(), "nothing sent");
  hospital_.answer_questions("answer-teixeira.json",
                             "nurse Nunez asks M.T. the missing questions: all no");
  const auto task = arrives(fate);
  if (task) {
    clinic_.accept(*task);
    require(fate, hospital_.sees(fate.order, {"accepted"}), "accepted");
  }
  require(fate, once_at_clinic(fate), "once");
  fate.record = hospital_.status(fate.order);
  close(fate);
}

/// What the named contact does: reads the page, follows the link, signs.
void Walk::page_acknowledged(Fate& fate) {
  Json alert;
  const bool paged = wait_for(town_.patience(), [&] {
    town_.check_meridian();
    for (const auto& each : town_.pager().alerts()) {
      if (each["order"].text() == fate.order) alert = each;
    }
    return !alert.is_null();
  });
  require(fate, paged, "paged");
  if (!paged) return;
  town_.story().tell("pager", "for " + alert["contact"].text() + ": " + alert["reason"].text());
  const std::string link = alert["acknowledge"].text();
  const Answer page = fetch({"GET", link, "", "text/html"});
  const bool shown = page.status == 200 && page.body.find(fate.order) != std::string::npos;
  require(fate, shown, "alert page names the order");
  const Answer signed_off =
      fetch({"POST", link, "by=Dr.+Halvorsen", "application/x-www-form-urlencoded"});
  const bool good = signed_off.status == 200 &&
                    signed_off.body.find("Acknowledged by Dr. Halvorsen") != std::string::npos;
  require(fate, good, "acknowledged");
  town_.story().tell("contact", "Dr. Halvorsen acknowledges the alert by its link");
}

void Walk::emergency() {
  Fate fate = begin("kowalczyk", "M.K.", "emergency, alert acknowledged, not sent to the clinic");
  hospital_.sign_order("kowalczyk.json",
                       "an order for acupuncture is on record for M.K.; since yesterday numb in "
                       "the saddle and unable to pass urine (" +
                           fate.order + ")");
  page_acknowledged(fate);
  require(fate, hospital_.sees(fate.order, {"emergency"}), "in the record");
  require(fate, !clinic_.new_task(quiet_for).has_value(), "nothing sent");
  fate.referral = hospital_.referral_id(fate.order);
  fate.delivered = "0";
  fate.record = hospital_.status(fate.order);
  close(fate);
}

void Walk::clinic_down() {
  Fate fate = begin("abernathy", "R.A.", "clinic down, delivered later, once");
  town_.stop_clinic();
  town_.story().tell("clinic", "its server is down");
  hospital_.sign_order("abernathy.json",
                       "Dr. Halvorsen signs an order: acupuncture for R.A. (" + fate.order + ")");
  require(fate, hospital_.sees(fate.order, {"sending"}), "waiting");
  wait_for(quiet_for, [&] {
    town_.check_meridian();
    return false;
  });
  town_.start_clinic();
  town_.story().tell("clinic", "its server is up again");
  const auto task = arrives(fate);
  if (task) {
    clinic_.accept(*task);
    require(fate, hospital_.sees(fate.order, {"accepted"}), "accepted");
  }
  require(fate, once_at_clinic(fate), "once");
  fate.record = hospital_.status(fate.order);
  close(fate);
}

/// The clinic has what was sent to it and nothing more.
bool Walk::nothing_else() {
  const std::size_t tasks = town_.clinic().count("Task");
  town_.story().tell("clinic", "has " + std::to_string(tasks) + " Tasks altogether, " +
                                   std::to_string(tasks_expected_) + " were to come");
  return tasks == tasks_expected_;
}

bool Walk::run() {
  for (const char* file :
       {"00-shared.json", "achterberg.json", "vandermolen.json", "ferreira-lund.json"}) {
    town_.load_patient(file);
  }
  town_.story().tell("hospital", "three patients are on record who need no referral of ours");
  completed();
  held_and_released();
  emergency();
  clinic_down();
  bool good = nothing_else();
  for (const auto& fate : town_.story().fates()) good = good && fate.good;
  return good;
}

}  // namespace

bool walk_four_referrals(Town& town) {
  return Walk(town).run();
}

}  // namespace meridian::sandbox
