// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/render_referral.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/base64.h"
#include "fhir/exchange/codes.h"
#include "fhir/exchange/element_policy.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/packet_records.h"
#include "fhir/exchange/profiles.h"
#include "fhir/exchange/render_assessment.h"
#include "fhir/exchange/task_course.h"
#include "fhir/write/json_out.h"
#include "port/letter_words.h"

namespace meridian::fhir {
namespace {

/// R4 types among those of a packet whose identifier is one object and no list.
constexpr std::array single_identifier = {std::string_view("QuestionnaireResponse"),
                                          std::string_view("Composition")};

std::string type_of(const std::string& ref) {
  return ref.substr(0, ref.find('/'));
}

/// What only the list that ours takes the place of pointed to goes with it: R4 has no contained
/// resource that nothing points to (dom-3).
void drop_orphans(const JsonIndex& index, JsonEdit& edit) {
  const auto* contained = index.find(&index.root(), "contained");
  if (contained == nullptr) return;
  const auto points_to = [&](const JsonNode& from, const std::string& name) {
    const auto written = references_in(index, from);
    return std::find(written.begin(), written.end(), name) != written.end();
  };
  std::string kept;
  for (const auto& node : index.children(*contained)) {
    const bool used = points_to(index.root(), "#" + index.string(node, "id"));
    if (!used && !points_to(node, "#")) continue;
    kept += (kept.empty() ? "" : ",") + std::string(index.raw(node));
  }
  if (kept.empty()) {
    edit.drop.emplace_back("contained");
  } else {
    edit.set.emplace_back("contained", "[" + kept + "]");
  }
}

/// A resource of the source that names no profile but `profile`; its labels stay.
Result<std::string> conforming(const std::string& resource, std::string_view profile) {
  const auto index = JsonIndex::parse(resource);
  if (!index) return index.error();
  JsonOut meta;
  meta.object();
  if (const auto* labels = index->at(index->root(), {"meta", "security"}); labels != nullptr) {
    meta.raw("security", index->raw(*labels));
  }
  meta.list("profile").element(profile).end().end();
  JsonEdit edit;
  edit.set = {{"meta", meta.str()}};
  drop_orphans(*index, edit);
  auto edited = edit_resource(resource, edit);
  if (!edited) return edited.error();
  return std::move(edited->bytes);
}

class ReferralPacket {
 public:
  ReferralPacket(const Letter& letter, const FieldProfile& profile, PacketRecords records,
                 const ServiceRequest& order, const PagePrinter& print)
      : letter_(letter),
        profile_(profile),
        records_(std::move(records)),
        order_(order),
        print_(print) {}

  Result<Rendered> run(const ReferralDialect& dialect) {
    lines_ = packet_lines(letter_, [this](const std::string& ref) { return is_withheld(ref); });
    add_task(dialect);
    auto page = page_json();
    if (!page) return page.error();
    bundle_.create(urn("summary"), "DocumentReference", std::move(*page), page_identifier());
    if (sends_assessment()) {
      bundle_.create(urn("assessment"), "DetectedIssue", assessment(), assessment_identifier());
    }
    if (names_sender_) add_sender();
    Rendered rendered;
    for (const auto& ref : records_.sent()) {
      auto bytes = record_bytes(ref);
      if (!bytes) return bytes.error();
      rendered.records.push_back({ref, short_hash(*bytes)});
      bundle_.create(records_.urn(ref), type_of(ref), std::move(*bytes), identifier_of(ref));
    }
    rendered.key = letter_.referral_id;
    rendered.media_type = "application/fhir+json";
    rendered.bytes = bundle_.json("transaction", letter_.at, profiles::ours("meridian-packet"));
    rendered.withheld = records_.removed();
    return rendered;
  }

  Result<std::string> renew(BundleOut& bundle) {
    lines_ = packet_lines(letter_, [this](const std::string& ref) { return is_withheld(ref); });
    for (const auto& ref : letter_.changed) {
      if (!records_.sends(ref)) continue;
      auto bytes = record_bytes(ref);
      if (!bytes) return bytes.error();
      renewed_[ref] = std::move(*bytes);
    }
    auto page = page_json();
    if (!page) return page.error();
    find_used(*page, bundle);
    for (const auto& [ref, bytes] : renewed_) find_used(bytes, bundle);
    for (const auto& ref : letter_.changed) put_renewed(ref, bundle);
    bundle.put(urn("summary"), "DocumentReference", std::move(*page), page_identifier());
    if (sends_assessment()) {
      auto statements = assessment();
      find_used(statements, bundle);
      bundle.put(urn("assessment"), "DetectedIssue", std::move(statements),
                 assessment_identifier());
    }
    JsonOut inputs;
    inputs.object();
    add_inputs(inputs);
    const auto task = inputs.end().str();
    const auto index = JsonIndex::parse(task);
    return index ? std::string(index->raw(*index->find(&index->root(), "input"))) : std::string();
  }

  /// Ties what was sent to the patient's record, then adds what waited for it.
  Result<Rendered> link() {
    lines_ = packet_lines(letter_, [this](const std::string& ref) { return is_withheld(ref); });
    const auto order = records_.urn(letter_.source_order);
    const auto page = own_identifier("summary", letter_.referral_id, "1");
    const auto sent = referral_identifier(letter_.referral_id).query();
    Rendered rendered;
    tie("Task?" + sent, "Task", "for", urn("task"));
    tie("ServiceRequest?" + sent, "ServiceRequest", "subject", order);
    tie("DocumentReference?" + page.query(), "DocumentReference", "subject", urn("summary"));
    for (const auto& ref : records_.sent()) {
      auto bytes = record_bytes(ref);
      if (!bytes) return bytes.error();
      rendered.records.push_back({ref, short_hash(*bytes)});
      if (ref == letter_.source_order || names_people_or_places(type_of(ref))) continue;
      bundle_.create(records_.urn(ref), type_of(ref), std::move(*bytes), identifier_of(ref));
    }
    JsonOut points;
    points.object().text("resourceType", "ServiceRequest").raw("supportingInfo", supporting_info());
    bundle_.patch("ServiceRequest?" + sent, points.end().str());
    if (sends_assessment()) {
      bundle_.put(urn("assessment"), "DetectedIssue", assessment(), assessment_identifier());
    }
    rendered.media_type = "application/fhir+json";
    rendered.bytes = bundle_.json("batch", letter_.at);
    rendered.key = letter_.referral_id + "/" + short_hash(rendered.bytes);
    return rendered;
  }

 private:
  void tie(std::string url, const char* type, const char* element, std::string full_url) {
    JsonOut out;
    out.object().text("resourceType", type).raw(element, subject());
    bundle_.patch(std::move(url), out.end().str(), std::move(full_url));
  }

  /// The receiver's copies of what the resource points to are looked up, each once.
  void find_used(const std::string& resource, BundleOut& bundle) {
    for (const auto& ref : refs_in(resource)) {
      if (found_.insert(ref).second) {
        bundle.find(records_.urn(ref), type_of(ref), identifier_of(ref));
      }
    }
    const bool page = resource.find(urn("summary")) != std::string::npos;
    if (page && found_.insert("summary").second) {
      bundle.find(urn("summary"), "DocumentReference", page_identifier());
    }
  }

  /// Records of the packet that a resource of it points to.
  std::vector<std::string> refs_in(const std::string& resource) const {
    std::vector<std::string> refs;
    const auto index = JsonIndex::parse(resource);
    if (!index) return refs;
    const auto written = references_in(*index, index->root());
    for (const auto& ref : records_.sent()) {
      if (std::find(written.begin(), written.end(), records_.urn(ref)) != written.end()) {
        refs.push_back(ref);
      }
    }
    return refs;
  }

  /// What it points to goes first: the receiver must know it by then.
  void put_renewed(const std::string& ref, BundleOut& bundle) {
    const auto renewed = renewed_.find(ref);
    if (renewed == renewed_.end() || !put_.insert(ref).second) return;
    for (const auto& other : refs_in(renewed->second)) put_renewed(other, bundle);
    bundle.put(records_.urn(ref), type_of(ref), renewed->second, identifier_of(ref));
  }

  std::string urn(std::string_view name) const { return urn_of(letter_.referral_id, name); }

  /// Whom it is about, as a reference: to what is sent or is there already, else in words.
  std::string subject() const {
    const auto known = records_.urn(order_.subject.target);
    JsonOut out;
    if (!known.empty()) return out.reference({}, known).str();
    out.object().text("type", "Patient");
    std::string words;
    for (const auto& patient : letter_.records.patients) {
      if (patient.ref != order_.subject.target) continue;
      if (!patient.identifiers.empty() && may_send("Patient", "identifier")) {
        const auto& own = patient.identifiers.front();
        out.identifier("identifier", own.system, own.value.reveal(), own.type);
      }
      words = in_words(patient);
    }
    return out.text("display", words + " (not linked to a record here)").end().str();
  }

  bool may_send(const std::string& type, std::string_view element) const {
    const auto found = profile_.allowed.find(type);
    return found != profile_.allowed.end() && judge(found->second, element) == Verdict::whole;
  }

  /// "Nora Quill, born 1969-04-02, female".
  static std::string in_words(const Patient& patient) {
    std::string words = patient.names.empty() ? "unnamed" : display_name(patient.names.front());
    const auto& born = patient.birth_date.reveal().text;
    if (!born.empty()) words += ", born " + born;
    return patient.gender.empty() ? words : words + ", " + patient.gender;
  }

  std::string link_words() const {
    std::string text =
        "This patient is not linked to a record here. Staff can name the record once";
    if (letter_.link_until) text += ", until " + to_string(*letter_.link_until).substr(0, 10);
    return text + ": " + letter_.patient_link;
  }

  bool waits_for_link() const { return letter_.patient_there && letter_.patient_there->empty(); }

  /// Its type may be sent, yet it is not: what rests on it could tell what it is.
  bool is_withheld(const std::string& evidence) const {
    const std::string ref = evidence.substr(0, evidence.find('#'));
    const auto& include = letter_.include;
    const bool included = std::find(include.begin(), include.end(), ref) != include.end();
    // May be sent, but its bytes are not here, or it is not known whose record it goes to.
    // And what the receiver has already is not sent again.
    if (included && (!records_.holds(ref) || letter_.patient_there)) return false;
    return profile_.allowed.count(type_of(ref)) != 0 && !records_.sends(ref);
  }

  /// Who asked: the order's requester when sent, else the sending organisation.
  std::string requester() {
    auto sent = records_.urn(order_.requester.target);
    if (!sent.empty() || letter_.sender_name.empty()) return sent;
    names_sender_ = true;
    return urn("sender");
  }

  void add_task(const ReferralDialect& dialect) {
    const auto identifier = referral_identifier(letter_.referral_id);
    const std::string order = records_.urn(letter_.source_order);
    JsonOut task;
    task.object().text("resourceType", "Task");
    task.conforms_to(profiles::ours("meridian-referral-task"));
    task.list("identifier").raw_element(identifier.json("PLAC")).end();
    task.list("basedOn").reference({}, order).end();
    task.raw("groupIdentifier", identifier.json());
    const auto form = first_form(dialect);
    const bool named = !letter_.business_status.empty();
    task.text("status", form.status);
    task.concept_of("businessStatus",
                    business_status(dialect, form, named ? letter_.business_status : "sent"));
    task.text("intent", "order").text("priority", letter_priority(letter_, order_));
    task.concept_of("code", Concept{{codes::task("fulfill"), codes::consult_note()}, ""});
    task.reference("focus", order).raw("for", subject());
    task.text("authoredOn", to_string(letter_.at)).text("lastModified", to_string(letter_.at));
    task.reference("requester", requester()).reference("owner", {}, letter_.receiver_name);
    add_restriction(task);
    add_inputs(task);
    bundle_.create(urn("task"), "Task", task.end().str(), identifier);
  }

  /// How a Task begins that was sent and not answered.
  TaskForm first_form(const ReferralDialect& dialect) const {
    constexpr const char* sending = "sending";
    if (dialect.shown.count(sending) != 0) return course_to(dialect, {}, sending).form;
    return {letter_.task_status.empty() ? "requested" : letter_.task_status, {}};
  }

  void add_restriction(JsonOut& task) const {
    const std::string until =
        letter_.needed_by ? to_string(*letter_.needed_by) : order_.occurrence.end.text;
    if (until.empty()) return;
    task.object("restriction").object("period").text("end", until).end().end();
  }

  void add_inputs(JsonOut& task) const {
    task.list("input");
    if (!letter_.patient_link.empty()) {
      task.object().concept_of("type", Concept{{codes::part("patient-link")}, "patient-link"});
      task.text("valueString", link_words()).end();
    }
    for (const auto& line : lines_) {
      task.object().concept_of("type", Concept{{codes::part(line.part)}, line.part});
      task.text("valueString", line.text).end();
    }
    task.object().concept_of("type", Concept{{codes::part("summary")}, "summary"});
    task.reference("valueReference", urn("summary")).end();
    task.end();
  }

  OwnIdentifier page_identifier() const {
    return own_identifier("summary", letter_.referral_id, "1");
  }

  /// The page as text, and printed where there is a printer.
  Result<std::string> page_json() const {
    const auto shown = shown_order(letter_, order_, profile_);
    JsonOut page;
    page.object().text("resourceType", "DocumentReference");
    page.conforms_to(profiles::ours("meridian-summary"));
    page.list("identifier").raw_element(page_identifier().json()).end();
    page.text("status", "current").text("docStatus", "final");
    page.concept_of("type", Concept{{codes::referral_note()}, ""});
    page.list("category").concept_of({}, Concept{{codes::clinical_note()}, ""}).end();
    page.raw("subject", subject()).text("date", to_string(letter_.at));
    page.text("description", "Referral summary");
    page.list("securityLabel");
    for (const auto& notice : letter_.notices) page.concept_of({}, Concept{{notice.label}, ""});
    page.end();
    page.list("content").object().object("attachment");
    page.text("contentType", "text/plain; charset=utf-8");
    page.text("data", encode_base64(packet_page(letter_, shown, lines_)));
    page.text("title", "Referral summary").end().end();
    if (print_ && !letter_.draft) {
      const auto sends = [this](const std::string& ref) { return records_.sends(ref); };
      const auto pdf = print_(printed_packet(letter_, shown, profile_, lines_, sends));
      if (!pdf) return pdf.error();
      page.object().object("attachment").text("contentType", "application/pdf");
      page.text("data", encode_base64(*pdf)).text("title", "Referral summary, to print");
      page.end().end();
    }
    page.end();
    page.object("context").list("related");
    page.reference({}, records_.urn(letter_.source_order)).end().end();
    return page.end().str();
  }

  /// The receiver's field profile says whether it takes the assessment as a resource too.
  bool sends_assessment() const { return profile_.allowed.count("DetectedIssue") != 0; }

  OwnIdentifier assessment_identifier() const {
    return own_identifier("assessment", letter_.referral_id, "1");
  }

  std::string assessment() const {
    return assessment_json(letter_, lines_,
                           {subject(), records_.urn(letter_.source_order),
                            [this](const std::string& ref) { return records_.urn(ref); }});
  }

  void add_sender() {
    const auto identifier = own_identifier("organization", letter_.referral_id, "sender");
    JsonOut sender;
    sender.object().text("resourceType", "Organization");
    sender.conforms_to(profiles::us_core_organization);
    sender.list("identifier").raw_element(identifier.json()).end();
    sender.raw("active", "true").text("name", letter_.sender_name);
    bundle_.create(urn("sender"), "Organization", sender.end().str(), identifier);
  }

  OwnIdentifier identifier_of(const std::string& ref) const {
    return ref == letter_.source_order ? referral_identifier(letter_.referral_id)
                                       : copy_identifier(letter_.referral_id, ref);
  }

  Result<std::string> record_bytes(const std::string& ref) {
    JsonEdit edit;
    const auto identifier = identifier_of(ref);
    const std::string type = type_of(ref);
    if (ref == letter_.source_order) {
      const auto source = own_identifier("order", letter_.referral_id, ref);
      edit.add_identifiers = {identifier.json(), source.json("PLAC")};
      edit.set.emplace_back("supportingInfo", supporting_info());
      if (letter_.patient_there) edit.set.emplace_back("subject", subject());
      const auto priority = letter_priority(letter_, order_);
      if (priority != (order_.priority.empty() ? "routine" : order_.priority)) {
        edit.set.emplace_back("priority", json_string(priority));
      }
    } else if (std::find(single_identifier.begin(), single_identifier.end(), type) !=
               single_identifier.end()) {
      edit.set.emplace_back("identifier", identifier.json());
    } else {
      edit.add_identifiers = {identifier.json()};
    }
    auto bytes = records_.bytes(ref, std::move(edit));
    if (!bytes || ref != letter_.source_order) return bytes;
    return conforming(*bytes, profiles::ours("meridian-referral"));
  }

  /// Every record of the packet that is about the patient's health, and the page.
  std::string supporting_info() const {
    constexpr std::array others = {
        std::string_view("ServiceRequest"), std::string_view("Patient"),
        std::string_view("Practitioner"),   std::string_view("PractitionerRole"),
        std::string_view("Organization"),   std::string_view("Location"),
        std::string_view("Coverage")};
    JsonOut list;
    list.list().reference({}, urn("summary"));
    for (const auto& ref : records_.sent()) {
      const auto type = type_of(ref);
      const bool other = std::find(others.begin(), others.end(), type) != others.end();
      if (!other) list.reference({}, records_.urn(ref));
    }
    return list.end().str();
  }

  const Letter& letter_;
  const FieldProfile& profile_;
  PacketRecords records_;
  const ServiceRequest& order_;
  const PagePrinter& print_;
  std::vector<PacketLine> lines_;
  BundleOut bundle_;
  bool names_sender_ = false;
  std::map<std::string, std::string> renewed_;  ///< ref to the bytes that replace the copy
  std::set<std::string> found_;
  std::set<std::string> put_;
};

Result<ReferralPacket> packet_of(const Letter& letter, const FieldProfile& profile,
                                 const PagePrinter& print) {
  auto records = PacketRecords::choose(letter, profile);
  if (!records) return records.error();
  const auto* order = order_of(letter);
  if (order == nullptr || !records->sends(order->ref)) {
    return Error{ErrorCode::not_found, "render", "the order is not among what may be sent"};
  }
  if (!letter.patient_there && !records->sends(order->subject.target)) {
    return Error{ErrorCode::not_found, "render", "the patient is not among what may be sent"};
  }
  return ReferralPacket(letter, profile, std::move(*records), *order, print);
}

}  // namespace

Result<Rendered> render_referral(const Letter& letter, const FieldProfile& profile,
                                 const PagePrinter& print, const ReferralDialect& dialect) {
  auto packet = packet_of(letter, profile, print);
  return packet ? packet->run(dialect) : Result<Rendered>(packet.error());
}

Result<std::string> renew_packet(const Letter& letter, const FieldProfile& profile,
                                 const PagePrinter& print, BundleOut& bundle) {
  auto packet = packet_of(letter, profile, print);
  return packet ? packet->renew(bundle) : Result<std::string>(packet.error());
}

Result<Rendered> render_patient_linked(const Letter& letter, const FieldProfile& profile) {
  const PagePrinter none;  // the page that the receiver has stays
  auto packet = packet_of(letter, profile, none);
  if (!packet) return packet.error();
  return packet->link();
}

}  // namespace meridian::fhir
