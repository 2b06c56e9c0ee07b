// SPDX-License-Identifier: Apache-2.0
#include "fhir/inbox/saying.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/base64.h"
#include "fhir/exchange/codes.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/profiles.h"
#include "fhir/inbox/reasons.h"
#include "fhir/inbox/standing.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

constexpr std::size_t longest_text = 16'000;  // bytes
constexpr std::size_t most_times = 3;
/// A form asks when a visit begins; FHIR wants to know when it ends (Appointment, app-3).
constexpr std::chrono::hours visit_length{1};
constexpr const char* loinc = "http://loinc.org";
constexpr const char* snomed = "http://snomed.info/sct";
constexpr const char* local_measure = "urn:local:measure";  // of scores without a code of LOINC
constexpr const char* adverse_system = "http://meridian-referral.org/fhir/CodeSystem/adverse-event";

constexpr std::array grades = {std::string_view("mild"), std::string_view("moderate"),
                               std::string_view("serious")};

Error invalid(Literal what) {
  return {ErrorCode::invalid, "inbox", what};
}

/// The word of our state machine that an act makes; empty where the status says it.
const char* word_of(InboxAct act) {
  switch (act) {
    case InboxAct::accept:
      return "accepted";
    case InboxAct::ask:
    case InboxAct::propose:
      return "need_info";
    case InboxAct::book:
      return "scheduled";
    case InboxAct::visit:
      return "in_course";
    case InboxAct::missed:
      return "no_show";
    case InboxAct::red_flag:
      return "safety_return";
    default:
      return "";
  }
}

/// What the note says where the person wrote nothing.
const char* words_of(InboxAct act) {
  switch (act) {
    case InboxAct::accept:
      return "Accepted.";
    case InboxAct::decline:
      return "Declined.";
    case InboxAct::propose:
      return "Times proposed.";
    case InboxAct::book:
      return "Visit booked.";
    case InboxAct::visit:
      return "Visit recorded.";
    case InboxAct::missed:
      return "The patient did not come.";
    case InboxAct::report:
      return "Report sent.";
    case InboxAct::give_back:
      return "Returned to the surgeon.";
    case InboxAct::confirm:
      return "Confirmed: ended here too.";
    default:
      return "";
  }
}

bool needs_text(InboxAct act) {
  return act == InboxAct::ask || act == InboxAct::report || act == InboxAct::give_back ||
         act == InboxAct::red_flag;
}

std::string number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

/// False for bytes that would not be told as they are.
bool is_utf8(const std::string& text) {
  const auto written = json_string(text);
  const auto index = JsonIndex::parse(written);
  return index && index->string(&index->root()) == text;
}

/// Refuses what a form lacks.
Result<void> check(const InboxGiven& given, Instant at) {
  if (given.by.empty()) return invalid("who says it must be named");
  if (given.form.empty()) return invalid("the form has no name");
  if (given.text.size() > longest_text) return invalid("the text is too long");
  if (!is_utf8(given.text) || !is_utf8(given.by)) return invalid("the text is not UTF-8");
  if (needs_text(given.act) && given.text.empty()) return invalid("the text is missing");
  if (given.act == InboxAct::decline) {
    if (!decline_coding(given.reason)) return invalid("the reason is missing");
    if (given.reason == "other" && given.text.empty()) return invalid("the reason is not said");
  }
  const auto times = given.times.size();
  if (given.act == InboxAct::book && times != 1) return invalid("the time is missing");
  if (given.act == InboxAct::propose && (times == 0 || times > most_times)) {
    return invalid("the times are missing");
  }
  if (given.act == InboxAct::visit && times != 1) return invalid("the day is missing");
  const bool later = given.act == InboxAct::book || given.act == InboxAct::propose;
  for (const auto time : given.times) {
    if (later && time <= at) return invalid("the time is over");
    if (!later && time > at) return invalid("the day is to come");
  }
  for (const auto& [instrument, value] : given.scores) {
    const auto scale = std::ranges::find(inbox_scales, instrument, &InboxScale::instrument);
    if (scale == inbox_scales.end()) return invalid("there is no such score");
    if (!(value >= 0 && value <= scale->most)) return invalid("a score is out of its range");
  }
  const auto& adverse = given.adverse;
  const bool grade = std::find(grades.begin(), grades.end(), adverse) != grades.end();
  if (!adverse.empty() && adverse != "none" && !grade) return invalid("there is no such grade");
  return {};
}

std::string etag(int version) {
  return "W/\"" + std::to_string(version) + "\"";
}

std::string concept_json(const Concept& coded) {
  JsonOut out;
  out.object().concept_of("c", coded);
  const auto text = out.end().str();  // {"c":{...}}
  return text.substr(5, text.size() - 6);
}

class Saying {
 public:
  Saying(const View& view, const InboxGiven& given, const Terminology& terminology, Instant at)
      : view_(view), given_(given), terminology_(terminology), at_(at) {
    const auto index = JsonIndex::parse(view.task()->bytes());
    patient_ = index->string(index->at(index->root(), {"for", "reference"}));
    order_ = index->string(index->at(index->root(), {"focus", "reference"}));
  }

  std::vector<Step> steps(const std::string& status) {
    switch (given_.act) {
      case InboxAct::book:
        close_bookings("cancelled");
        make(appointment("booked", given_.times.front()));
        break;
      case InboxAct::propose:
        for (const auto time : given_.times) make(appointment("proposed", time));
        break;
      case InboxAct::visit:
        say_visit();
        break;
      case InboxAct::missed:
        close_bookings("noshow");
        break;
      case InboxAct::report:
      case InboxAct::give_back:
        say_scores();
        make(note());
        break;
      case InboxAct::decline:
      case InboxAct::confirm:
      case InboxAct::red_flag:
        close_bookings("cancelled");
        break;
      default:
        break;
    }
    steps_.push_back(task(status));
    return std::move(steps_);
  }

 private:
  void make(std::string resource) {
    const auto index = JsonIndex::parse(resource);
    steps_.push_back(
        {"POST", index->string(index->root(), "resourceType"), {}, resource, {}, {}, {}});
  }

  /// What was said of the act, and by whom.
  Step task(const std::string& status) const {
    const auto& now = *view_.task();
    const auto index = JsonIndex::parse(now.bytes());
    JsonEdit edit;
    edit.set = {{"status", json_string(status)}};
    set_or_drop(edit, *index, "businessStatus", business_status());
    set_or_drop(edit, *index, "statusReason", reason());
    JsonOut notes;
    notes.list();
    if (const auto* list = index->find(&index->root(), "note")) {
      for (const auto& note : index->children(*list)) notes.raw_element(index->raw(note));
    }
    notes.object().text("authorString", given_.by).text("time", to_string(at_));
    notes.text("text", said()).end();
    edit.set.emplace_back("note", notes.end().str());
    const auto edited = edit_resource(now.bytes(), edit);
    return {"PUT", "Task", now.id, edited ? edited->bytes : now.bytes(), etag(given_.version),
            {},    {}};
  }

  static void set_or_drop(JsonEdit& edit, const JsonIndex& index, const char* member,
                          const std::string& raw) {
    if (!raw.empty()) {
      edit.set.emplace_back(member, raw);
    } else if (index.find(&index.root(), member) != nullptr) {
      edit.drop.emplace_back(member);
    }
  }

  std::string business_status() const {
    const std::string word = word_of(given_.act);
    return word.empty() ? word : concept_json(codes::state(word));
  }

  /// Whoever reads the Task reads the question or the finding there.
  std::string reason() const {
    Concept coded;
    if (given_.act == InboxAct::decline) {
      coded.codings = {*decline_coding(given_.reason)};
      coded.text = coded.codings.front().display;
      if (!given_.text.empty()) coded.text += ": " + given_.text;
    } else if (given_.act == InboxAct::ask || given_.act == InboxAct::red_flag ||
               given_.act == InboxAct::propose || given_.act == InboxAct::give_back) {
      coded.text = said();
    } else if (given_.act == InboxAct::confirm) {
      coded.text = words_of(given_.act);
    }
    return coded.empty() ? std::string() : concept_json(coded);
  }

  std::string said() const {
    if (given_.act != InboxAct::propose) {
      return given_.text.empty() ? words_of(given_.act) : given_.text;
    }
    std::string text;
    for (const auto time : given_.times) text += (text.empty() ? "" : ", ") + to_string(time);
    return "Possible times: " + text + "." + (given_.text.empty() ? "" : " " + given_.text);
  }

  std::string appointment(const char* status, Instant start) const {
    JsonOut out;
    out.object().text("resourceType", "Appointment").text("status", status);
    if (const auto code = terminology_.code_for("referral-service", snomed, "acupuncture")) {
      out.list("serviceType").concept_of({}, Concept{{{snomed, *code, ""}}, "Acupuncture"}).end();
    }
    out.text("start", to_string(start)).text("end", to_string(start + visit_length));
    out.list("basedOn").reference({}, order_).end();
    out.list("participant").object().reference("actor", patient_);
    const bool asked = std::string_view(status) == "proposed";
    out.text("status", asked ? "needs-action" : "accepted").end().end();
    return out.end().str();
  }

  /// The bookings that stand are of the past now.
  void close_bookings(const char* status) {
    for (const auto& held : view_.all()) {
      if (held.type == "Appointment" && held.by_clinic && stands(held)) restate(held, status);
    }
  }

  static bool stands(const Held& held) {
    const auto index = JsonIndex::parse(held.bytes());
    if (!index) return false;
    const auto status = index->string(index->root(), "status");
    return status == "booked" || status == "proposed";
  }

  void restate(const Held& held, const char* status) {
    JsonEdit edit;
    edit.set = {{"status", json_string(status)}};
    const auto edited = edit_resource(held.bytes(), edit);
    if (!edited) return;
    steps_.push_back({"PUT", held.type, held.id, edited->bytes, etag(held.version()), {}, {}});
  }

  /// The earliest booking is the visit that took place; others stay booked.
  const Held* earliest_booking() const {
    const Held* earliest = nullptr;
    std::string begin;
    for (const auto& held : view_.all()) {
      if (held.type != "Appointment" || !held.by_clinic) continue;
      const auto index = JsonIndex::parse(held.bytes());
      if (!index || index->string(index->root(), "status") != "booked") continue;
      const auto start = index->string(index->root(), "start");
      if (earliest == nullptr || start < begin) {
        earliest = &held;
        begin = start;
      }
    }
    return earliest;
  }

  /// A form says the day alone, as its noon or the present moment: the booked hour stays.
  static bool is_that_day(const Held& booked, Instant day) {
    const auto index = JsonIndex::parse(booked.bytes());
    if (!index) return false;
    const auto start = parse_instant(index->string(index->root(), "start"));
    return start && *start - day <= std::chrono::hours(12) &&
           day - *start <= std::chrono::hours(12);
  }

  void say_visit() {
    const auto day = given_.times.front();
    if (const auto* booked = earliest_booking()) {
      JsonEdit edit;
      edit.set = {{"status", json_string("fulfilled")}};
      if (!is_that_day(*booked, day)) {
        edit.set.emplace_back("start", json_string(to_string(day)));
        edit.set.emplace_back("end", json_string(to_string(day + visit_length)));
      }
      if (const auto edited = edit_resource(booked->bytes(), edit)) {
        steps_.push_back(
            {"PUT", booked->type, booked->id, edited->bytes, etag(booked->version()), {}, {}});
      }
    } else {
      make(appointment("fulfilled", day));
    }
    say_scores();
    if (!given_.adverse.empty()) make(adverse_event());
  }

  void say_scores() {
    for (const auto& [instrument, value] : given_.scores) make(score(instrument, value));
  }

  Instant when() const { return given_.times.empty() ? at_ : given_.times.front(); }

  JsonOut observation() const {
    JsonOut out;
    out.object().text("resourceType", "Observation").text("status", "final");
    out.reference("subject", patient_);
    out.list("basedOn").reference({}, order_).end();
    out.text("effectiveDateTime", to_string(when()));
    out.list("performer").reference({}, {}, given_.by).end();
    return out;
  }

  /// Under the code that the concept map has for the score itself.
  std::string score(const std::string& instrument, double value) const {
    Coding code{loinc, "", ""};
    if (auto found = terminology_.code_for("outcome-instrument", loinc, instrument)) {
      code.code = *found;
    } else if (auto local =
                   terminology_.code_for("outcome-instrument", local_measure, instrument)) {
      code = {local_measure, *local, ""};
    } else {
      code = {};
    }
    const bool percent = instrument == "ODI";
    const std::string unit = percent ? "%" : "{score}";
    auto out = observation();
    out.list("category").concept_of({}, survey()).end();
    Concept coded{{}, instrument};
    if (!code.code.empty()) coded.codings.push_back(code);
    out.concept_of("code", coded);
    out.object("valueQuantity").raw("value", number(value)).text("unit", unit);
    out.text("system", "http://unitsofmeasure.org").text("code", unit).end();
    return out.end().str();
  }

  static Concept survey() {
    return {{{"http://terminology.hl7.org/CodeSystem/observation-category", "survey", ""}}, ""};
  }

  std::string adverse_event() const {
    auto out = observation();
    out.concept_of("code", Concept{{{adverse_system, "adverse-event", ""}}, "Adverse event"});
    if (given_.adverse == "none") {
      out.raw("valueBoolean", "false");
    } else {
      out.concept_of("valueCodeableConcept",
                     Concept{{{adverse_system, given_.adverse, ""}}, given_.adverse});
    }
    if (!given_.text.empty()) {
      out.list("note").object().text("text", given_.text).end().end();
    }
    return out.end().str();
  }

  std::string note() const {
    const bool back = given_.act == InboxAct::give_back;
    const char* title = back ? "Return to the surgeon" : "Acupuncture treatment summary";
    JsonOut out;
    out.object().text("resourceType", "DocumentReference");
    out.conforms_to(profiles::ours("meridian-consult-note"));
    out.text("status", "current").text("docStatus", "final");
    out.concept_of("type", Concept{{codes::consult_note()}, title});
    out.list("category").concept_of({}, Concept{{codes::clinical_note()}, ""}).end();
    out.reference("subject", patient_).text("date", to_string(at_));
    out.list("author").reference({}, {}, given_.by).end();
    out.text("description", title).list("content").object().object("attachment");
    out.text("contentType", "text/plain; charset=utf-8");
    const auto heading = back ? std::string(words_of(given_.act)) + "\n\n" : std::string();
    out.text("data", encode_base64(heading + given_.text + "\n\n" + given_.by + "\n"));
    out.text("title", title).end().end().end();
    out.object("context").list("related").reference({}, order_).end().end();
    return out.end().str();
  }

  const View& view_;
  const InboxGiven& given_;
  const Terminology& terminology_;
  const Instant at_;
  std::string patient_;
  std::string order_;
  std::vector<Step> steps_;
};

}  // namespace

Result<std::vector<Step>> steps_of(const View& view, const std::vector<std::string>& next,
                                   const InboxGiven& given, const Terminology& terminology,
                                   Instant at) {
  if (auto wrong = check(given, at); !wrong) return wrong.error();
  const auto status = status_for(given.act, state_of(view.task()->bytes()), next);
  if (status.empty()) {
    return Error{ErrorCode::conflict, "inbox", "this cannot be said of the referral now"};
  }
  return Saying(view, given, terminology, at).steps(status);
}

std::optional<Step> opening_of(const View& view, const std::vector<std::string>& next) {
  const auto& now = *view.task();
  const auto state = state_of(now.bytes());
  const bool said = std::find(next.begin(), next.end(), "received") == next.end() ||
                    group_of(state, next) != InboxGroup::fresh;
  if (said) return std::nullopt;
  JsonEdit edit;
  edit.set = {{"status", json_string("received")},
              {"businessStatus", concept_json(codes::state("in_triage"))}};
  const auto edited = edit_resource(now.bytes(), edit);
  if (!edited) return std::nullopt;
  return Step{"PUT", "Task", now.id, edited->bytes, etag(now.version()), {}, {}};
}

}  // namespace meridian::fhir
