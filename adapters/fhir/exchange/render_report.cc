// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/render_report.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "fhir/exchange/bundle_out.h"
#include "fhir/exchange/clinic_news.h"
#include "fhir/exchange/codes.h"
#include "fhir/exchange/find_written.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/note_contents.h"
#include "fhir/exchange/profiles.h"
#include "fhir/exchange/task_course.h"
#include "fhir/write/json_out.h"
#include "port/letter_words.h"

namespace meridian::fhir {
namespace {

/// Statuses that need no message of their own: nothing happened that the requester did not do.
constexpr std::array quiet = {std::string_view("requested"), std::string_view("received"),
                              std::string_view("ready")};

constexpr std::string_view consult_note = "consult-note";

class HospitalReport {
 public:
  HospitalReport(const Letter& letter, const ReportRules& rules, ClinicNews news)
      : letter_(letter),
        capabilities_(rules.capabilities),
        dialect_(rules.dialect),
        rules_(rules.write_back),
        print_(rules.print),
        news_(std::move(news)) {}

  Result<Rendered> run() {
    if (letter_.kind == Letter::Kind::alert) {
      add_alert();
    } else if (letter_.kind == Letter::Kind::prepared_return) {
      add_return();
    } else {
      if (letter_.kind == Letter::Kind::consult_note) add_notes();
      if (letter_.kind == Letter::Kind::consult_note) name_what_is_left_out();
      add_task();
      add_message();
      add_to_own_task();
    }
    if (bundle_.empty()) {
      return Error{ErrorCode::unsupported, "render",
                   "the receiver takes none of Task, "
                   "Communication and DocumentReference"};
    }
    Rendered rendered;
    rendered.media_type = "application/fhir+json";
    rendered.bytes = bundle_.json("batch", letter_.at);
    rendered.key = letter_.referral_id + "/" + short_hash(rendered.bytes);
    return rendered;
  }

 private:
  bool takes(std::string_view type, std::string_view interaction) const {
    if (rules_.by_form(type) && interaction == "create") return true;
    return capabilities_.says_nothing() || capabilities_.allows(type, interaction);
  }

  std::string urn(const std::string& name) const { return urn_of(letter_.referral_id, name); }

  /// By its address, else by its number: http://hl7.org/fhir/R4/references.html#logical
  void refer_to_order(std::string_view name, JsonOut& out) const {
    const auto& number = letter_.source_number;
    if (!letter_.source_order.empty() || number.value.reveal().empty()) {
      out.reference(name, letter_.source_order);
      return;
    }
    out.object(name).text("type", "ServiceRequest");
    out.identifier("identifier", number.system, number.value.reveal(), number.type).end();
  }

  void add_notes() {
    if (!takes("DocumentReference", "create")) return;
    for (const auto& note : news_.notes) {
      for (const auto& one : contents_of(note.attachments).documents) {
        // An amended note is another one: it must arrive beside the first.
        add_document(consult_note, note.ref + "/" + short_hash(one.received),
                     Concept{{codes::consult_note()}, ""}, one.attachments);
      }
    }
  }

  NoteContents contents_of(std::string_view attachments) const {
    Page page;
    page.title = "From " + clinic();
    page.number = letter_.referral_id;
    page.at = letter_.at;
    return note_contents(attachments, rules_, print_, page);
  }

  void add_document(std::string_view kind, const std::string& name, const Concept& type,
                    const std::string& attachments) {
    const auto identifier = own_identifier(kind, letter_.referral_id, name);
    const auto titled = rules_.title_mark
                            ? with_marked_titles(attachments, title_mark(identifier.value))
                            : attachments;
    JsonOut document;
    document.object().text("resourceType", "DocumentReference");
    const bool note = kind == consult_note;
    if (note) document.conforms_to(profiles::ours("meridian-consult-note"));
    document.list("identifier").raw_element(identifier.json()).end();
    document.text("status", "current").text("docStatus", "final");
    document.concept_of("type", type);
    document.list("category").concept_of({}, Concept{{codes::clinical_note()}, ""}).end();
    document.reference("subject", letter_.source_patient).text("date", to_string(letter_.at));
    if (!rules_.own_people) document.list("author").reference({}, {}, clinic()).end();
    document.text("description", (note ? "Consult note from " : "Message from ") + clinic());
    document.raw("content", contents(titled));
    document.object("context");
    if (rules_.period) document.object("period").text("end", end_of_course()).end();
    document.list("related");
    refer_to_order({}, document);
    document.end().end();
    document_urns_.push_back(urn(name));
    bundle_.create(document_urns_.back(), "DocumentReference", document.end().str(), identifier);
  }

  /// With a time, which a date of the clinic's may not have.
  std::string end_of_course() const {
    const bool said = news_.task != nullptr;
    const std::string end = said ? news_.task->execution.end.text : std::string();
    return end.find('T') != std::string::npos ? end : to_string(letter_.at);
  }

  void name_what_is_left_out() {
    if (!takes("DocumentReference", "create")) return;
    for (const auto& note : news_.notes) {
      for (const auto& name : contents_of(note.attachments).left_out) {
        left_out_ += (left_out_.empty() ? "" : ", ") + name;
      }
    }
  }

  /// [{"attachment": ...}, ...] out of a list of attachments.
  static std::string contents(const std::string& attachments) {
    JsonOut list;
    list.list();
    const auto index = JsonIndex::parse(attachments);
    if (index) {
      for (const auto& node : index->children(index->root())) {
        list.object().raw("attachment", index->raw(node)).end();
      }
    }
    return list.end().str();
  }

  std::string clinic() const {
    return letter_.sender_name.empty() ? "the clinic" : letter_.sender_name;
  }

  /// Each step is written for itself, the last one last: a millisecond apart, so that a repeat
  /// after the last one does not go back.
  void add_task() {
    if (!takes("Task", "create") || !takes("Task", "update")) return;
    const auto course = course_of(dialect_, letter_);
    const auto identifier = coordination_identifier(letter_.referral_id, course.task);
    auto at = letter_.at - std::chrono::milliseconds(course.steps.size());
    const std::string name = course.task > 1 ? "task/" + std::to_string(course.task) : "task";
    for (const auto& form : course.steps) {
      auto task = begin_task(identifier, form, {}, {});
      task.text("lastModified", to_string(at));
      bundle_.put(urn(name + to_string(at)), "Task", task.end().str(), identifier);
      at += std::chrono::milliseconds(1);
    }
    auto task = begin_task(identifier, course.form, letter_.business_status, letter_.reason);
    end_task(task, course.form);
    bundle_.put(urn(name), "Task", task.end().str(), identifier);
  }

  /// The receiver's own Task for the order, where it makes such and takes none of ours.
  void add_to_own_task() {
    const bool ours = takes("Task", "create");
    if (ours || rules_.own_task.empty() || !takes("Task", "update")) return;
    const auto course = course_of(dialect_, letter_);
    if (letter_.source_order.empty() || course.form.status == "draft") return;
    const auto patient = letter_.source_patient.substr(letter_.source_patient.find('/') + 1);
    std::string url = "Task";
    for (const auto& [name, value] : rules_.own_task) {
      const auto& filled = value == "{order}"     ? letter_.source_order
                           : value == "{patient}" ? patient
                                                  : value;
      url += (url == "Task" ? "?" : "&") + name + "=" + query_escaped(filled);
    }
    JsonOut task;
    task.object().text("resourceType", "Task").text("status", course.form.status);
    const auto business = business_status(dialect_, course.form, letter_.business_status);
    if (!business.codings.empty()) task.concept_of("businessStatus", business);
    bundle_.patch_if_there(url, task.end().str());
  }

  JsonOut begin_task(const OwnIdentifier& identifier, const TaskForm& form, const std::string& word,
                     const std::string& reason) const {
    JsonOut task;
    task.object().text("resourceType", "Task");
    if (!word.empty()) task.conforms_to(profiles::ours("meridian-coordination-task"));
    task.list("identifier").raw_element(identifier.json("PLAC")).end();
    task.list("basedOn");
    refer_to_order({}, task);
    task.end();
    task.raw("groupIdentifier", referral_identifier(letter_.referral_id).json());
    task.text("status", form.status);
    if (const auto why = status_reason(dialect_, form, reason); !why.text.empty()) {
      task.concept_of("statusReason", why);
    }
    const auto business = business_status(dialect_, form, word);
    if (!business.codings.empty()) task.concept_of("businessStatus", business);
    task.text("intent", "order");
    task.concept_of("code", Concept{{codes::task("fulfill"), codes::consult_note()}, ""});
    refer_to_order("focus", task);
    task.reference("for", letter_.source_patient);
    return task;
  }

  void end_task(JsonOut& task, const TaskForm& form) const {
    add_execution(task, form.status == "completed");
    if (letter_.authored) task.text("authoredOn", to_string(*letter_.authored));
    task.text("lastModified", to_string(letter_.at));
    task.reference("requester", letter_.source_requester);
    task.reference("owner", {}, letter_.sender_name);
    task.list("note");
    for (const auto& note : page_words(letter_)) task.object().text("text", note).end();
    task.object().text("text", not_covered_words(letter_)).end();
    task.object().text("text", not_said_words(letter_)).end();
    task.object().text("text", signed_off_words(letter_)).end().end();
    if (letter_.needed_by) {
      task.object("restriction").object("period");
      task.text("end", to_string(*letter_.needed_by)).end().end();
    }
    add_outputs(task);
  }

  /// CMS50 looks for the end of a completed Task.
  void add_execution(JsonOut& task, bool completed) const {
    std::string start;
    std::string end;
    if (news_.task != nullptr) {
      start = news_.task->execution.start.text;
      end = news_.task->execution.end.text;
    }
    if (completed && end.empty()) end = to_string(letter_.at);
    if (!completed) end.clear();
    if (start.empty() && end.empty()) return;
    task.object("executionPeriod").text("start", start).text("end", end).end();
  }

  void add_outputs(JsonOut& task) const {
    if (news_.appointment.empty() && document_urns_.empty() && news_.statements.empty()) return;
    const auto type = [&](const char* part) {
      task.object().concept_of("type", Concept{{codes::part(part)}, part});
    };
    task.list("output");
    if (!news_.appointment.empty()) {
      type("appointment");
      task.text("valueString", news_.appointment).end();
    }
    for (const auto& statement : news_.statements) {
      type("outcome");
      task.text("valueString", statement).end();
    }
    for (const auto& document : document_urns_) {
      task.object().concept_of("type", Concept{{codes::consult_note()}, ""});
      task.reference("valueReference", document).end();
    }
    task.end();
  }

  /// "Referral to Lotus Clinic: accepted. Reason: ... Appointment: ..."
  std::string sentence() const {
    std::string text = status_words(letter_);
    if (!news_.appointment.empty()) text += " Appointment: " + news_.appointment + ".";
    for (const auto& statement : news_.statements) text += " " + statement + ".";
    for (const auto& note : page_words(letter_)) text += " " + note;
    if (const auto said = not_covered_words(letter_); !said.empty()) text += " " + said + ".";
    if (const auto said = signed_off_words(letter_); !said.empty()) text += " " + said + ".";
    if (!left_out_.empty()) {
      text += " Not taken by this record, ask the clinic for it: " + left_out_ + ".";
    }
    return text;
  }

  bool is_quiet() const {
    if (letter_.urgent || !news_.statements.empty() || !left_out_.empty()) return false;
    const bool draft = letter_.task_status == "draft" && letter_.reason.empty();
    return draft || std::find(quiet.begin(), quiet.end(), letter_.task_status) != quiet.end();
  }

  bool says_by_document() const {
    return !takes("Communication", "create") && rules_.by_form("DocumentReference");
  }
  bool can_say() const { return takes("Communication", "create") || says_by_document(); }

  /// The status for people. Where no Task can be written it is the only trace of any status.
  void add_message() {
    if (!can_say() || (is_quiet() && (takes("Task", "create") || says_by_document()))) return;
    std::vector<std::string> attachments;
    if (!takes("DocumentReference", "create")) {
      for (const auto& note : news_.notes) attachments.push_back(note.attachments);
    }
    add_communication("status", sentence(), letter_.urgent ? "urgent" : "routine", attachments);
  }

  void add_alert() {
    if (!can_say()) return;
    std::string text = letter_.reason;
    if (!letter_.contact.empty()) text = "For " + letter_.contact + ": " + text;
    if (!letter_.link.empty()) text += " Acknowledge: " + letter_.link;
    add_communication("alert", text, "stat", {});
  }

  /// The order in the surgeon's own record, and a message that says so; where orders cannot be
  /// written the message is all.
  void add_return() {
    if (takes("ServiceRequest", "create")) {
      for (const auto& order : letter_.records.service_requests) add_order(order);
    }
    if (!can_say()) return;
    add_communication("return", letter_.reason, letter_.urgent ? "urgent" : "routine", {});
  }

  void add_order(const ServiceRequest& order) {
    const auto number = own_identifier("order", letter_.referral_id, order.authored.text);
    JsonOut out;
    out.object().text("resourceType", "ServiceRequest");
    out.conforms_to(profiles::ours("meridian-referral"));
    out.list("identifier");
    out.raw_element(referral_identifier(letter_.referral_id).json());
    out.raw_element(number.json("PLAC")).end();
    out.text("status", order.status).text("intent", order.intent).text("priority", order.priority);
    out.concept_of("code", order.code).reference("subject", letter_.source_patient);
    out.text("authoredOn", order.authored.text);
    out.reference("requester", {}, order.requester.display);
    out.list("reasonCode");
    for (const auto& reason : order.reason_codes) out.concept_of({}, reason);
    out.end().list("supportingInfo");
    for (const auto& record : order.supporting_info) out.reference({}, record.target);
    out.end().list("note");
    for (const auto& note : order.notes.reveal()) out.object().text("text", note).end();
    bundle_.create(urn("return/" + order.authored.text), "ServiceRequest", out.end().end().str(),
                   number);
  }

  /// What a message would say, as a document. Where documents are told apart by their kind, an
  /// urgent one is a note, which somebody must read.
  void add_word_document(const char* kind, const std::string& text, bool urgent) {
    JsonOut words;
    words.list().object().text("contentType", "text/plain").text("data", encode_base64(text));
    words.text("title", urgent ? "Urgent: read now" : "Referral").end();
    const auto type =
        urgent ? Concept{{codes::consult_note()}, ""} : Concept{{}, "Referral status"};
    for (const auto& one : contents_of(words.end().str()).documents) {
      add_document(kind, short_hash(text), type, one.attachments);
    }
  }

  void add_communication(const char* kind, const std::string& text, const char* priority,
                         const std::vector<std::string>& attachments) {
    if (says_by_document()) {
      return add_word_document(kind, text, std::string_view(priority) != "routine");
    }
    if (rules_.signed_by && (rules_.signer.empty() || recipient().empty())) return;
    const auto identifier = own_identifier(kind, letter_.referral_id, short_hash(text));
    const bool alert = letter_.kind == Letter::Kind::alert;
    JsonOut message;
    message.object().text("resourceType", "Communication");
    message.conforms_to(profiles::ours("meridian-message"));
    message.list("identifier").raw_element(identifier.json()).end();
    message.list("basedOn");
    refer_to_order({}, message);
    message.end();
    message.text("status", "completed");
    message.list("category");
    message.concept_of({}, Concept{{codes::communication(alert ? "alert" : "notification")}, ""});
    message.end().text("priority", known_priority(priority));
    message.reference("subject", letter_.source_patient);
    if (!recipient().empty()) message.list("recipient").reference({}, recipient()).end();
    message.reference("sender", rules_.signer);
    message.text("sent", to_string(letter_.at)).list("payload");
    if (rules_.attached) {
      message.object().object("contentAttachment").text("contentType", "text/plain;charset=utf-8");
      message.text("data", encode_base64(text)).end().end();
    } else {
      message.object().text("contentString", text).end();
      for (const auto& list : attachments) add_payloads(message, list);
    }
    bundle_.create(urn(kind + short_hash(text)), "Communication", message.end().end().str(),
                   identifier);
  }

  /// Whoever ordered; empty where the receiver takes practitioners alone and this is a role.
  std::string recipient() const {
    const bool person = letter_.source_requester.starts_with("Practitioner/");
    return person || !rules_.own_people ? letter_.source_requester : std::string();
  }

  /// The most urgent that the receiver knows, where it does not know this one.
  std::string known_priority(const std::string& priority) const {
    const auto& known = rules_.priorities;
    const bool there = std::find(known.begin(), known.end(), priority) != known.end();
    return known.empty() || there ? priority : known.back();
  }

  static void add_payloads(JsonOut& message, const std::string& attachments) {
    const auto index = JsonIndex::parse(attachments);
    if (!index) return;
    for (const auto& node : index->children(index->root())) {
      message.object().raw("contentAttachment", index->raw(node)).end();
    }
  }

  const Letter& letter_;
  const Capabilities& capabilities_;
  const ReferralDialect& dialect_;
  const WriteBack& rules_;
  const PagePrinter& print_;
  ClinicNews news_;
  std::string left_out_;
  BundleOut bundle_;
  std::vector<std::string> document_urns_;
};

}  // namespace

Result<Rendered> render_report(const Letter& letter, const ReportRules& rules) {
  auto news = clinic_news(letter);
  if (!news) return news.error();
  return HospitalReport(letter, rules, std::move(*news)).run();
}

}  // namespace meridian::fhir
