// SPDX-License-Identifier: Apache-2.0
#include "unit/flow/bench.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <unistd.h>

#include <gtest/gtest.h>

#include "fhir/read/reader.h"
#include "flow/out.h"
#include "flow/replay.h"
#include "flow/work.h"
#include "store/sqlite_store.h"

namespace meridian::flow {
namespace {

template <typename T>
std::unique_ptr<T> with_pointer(T*& pointer) {
  auto owned = std::make_unique<T>();
  pointer = owned.get();
  return owned;
}

std::unique_ptr<Peer> make_peer(PeerKind kind, const char* id, Receiver*& receiver) {
  auto peer = std::make_unique<Peer>();
  peer->kind = kind;
  peer->id = id;
  peer->name = id;
  peer->renderer = std::make_unique<LetterRenderer>();
  peer->sender = with_pointer(receiver);
  return peer;
}

/// What a receiver sees of a resource: a new version alone is no change.
std::string without_meta(std::string resource) {
  const auto begin = resource.find(R"("meta":{)");
  if (begin == std::string::npos) return resource;
  return resource.erase(begin, resource.find("},", begin) + 2 - begin);
}

/// Links of a letter, each behind a blank.
std::string pages_of(const Letter& letter) {
  std::string text;
  for (const auto& link : {letter.sign_off_link, letter.patient_link, letter.return_link}) {
    if (!link.empty()) text += " " + link;
  }
  for (const auto& caution : letter.assessment.cautions) {
    if (!caution.signed_off.empty()) text += " signed " + caution.rule + " " + caution.signed_off;
  }
  return text;
}

/// How the receiver is to know the patient.
std::string linked_of(const Letter& letter) {
  if (!letter.patient_there) return {};
  return " patient there: " + (letter.patient_there->empty() ? "unknown" : *letter.patient_there);
}

}  // namespace

Result<Receipt> Receiver::send(const Rendered& letter, bool repeat) {
  if (!failures.empty()) {
    const auto error = failures.front();
    failures.erase(failures.begin());
    return error;
  }
  sent.push_back({letter.key, letter.bytes, repeat});
  return Receipt{"Task/at-" + std::to_string(sent.size()), "created", ""};
}

Result<Rendered> LetterRenderer::render(const Letter& letter, const FieldProfile&) const {
  constexpr const char* kinds[] = {"referral", "update", "linked", "status",
                                   "note",     "alert",  "return"};
  const std::string kind = kinds[static_cast<int>(letter.kind)];
  std::string uncovered;
  for (const auto& answer : letter.assessment.coverage) {
    if (answer.status == "not_covered") uncovered += " uncovered " + answer.rule;
  }
  std::string changed;
  for (const auto& ref : letter.changed) changed += " changed " + ref;
  Rendered rendered{letter.referral_id + "/" + kind,
                    "text/plain",
                    kind + " " + letter.business_status + " " + letter.task_status + " " +
                        letter.reason + " " + letter.withheld + letter.link + letter.contact +
                        uncovered + changed + pages_of(letter) + linked_of(letter) +
                        (letter.work_started ? " abort " + letter.peer_task : "") +
                        (letter.urgent ? " URGENT" : ""),
                    {}};
  for (const auto& made : letter.records.service_requests) {
    if (letter.kind != Letter::Kind::prepared_return) break;
    rendered.bytes += " order " + made.status + " " + made.priority + " " + made.code.text;
    for (const auto& record : made.supporting_info) rendered.bytes += " with " + record.target;
  }
  // As every real renderer: the same key for what says the same, and for nothing else.
  const bool told =
      letter.kind == Letter::Kind::status || letter.kind == Letter::Kind::consult_note;
  if (told) rendered.key += "/" + std::to_string(std::hash<std::string>{}(rendered.bytes));
  for (const auto& span : letter.records.resources) {
    const auto ref = span.type + "/" + span.id;
    const auto& include = letter.include;
    if (std::find(include.begin(), include.end(), ref) == include.end()) continue;
    rendered.records.push_back({ref, without_meta(letter.raw.substr(span.offset, span.size))});
  }
  return rendered;
}

Result<std::string> HospitalHistory::doubt(const GatherRequest& request) {
  last = request;
  return doubted;
}

Result<Gathered> HospitalHistory::gather(const GatherRequest& request) {
  ++asked;
  last = request;
  if (!failures.empty()) {
    const auto error = failures.front();
    failures.erase(failures.begin());
    return error;
  }
  Gathered gathered;
  gathered.facts = {"", "application/fhir+json", facts, {}};
  gathered.patient_resolved = patient_resolved || request.confirmed;
  gathered.doubt = doubted;
  for (const char* kind : {"order", "encounters", "conditions", "observations", "imaging",
                           "procedures", "medications", "allergies", "coverage", "answers"}) {
    gathered.history.push_back({kind, completeness, std::nullopt, ""});
  }
  return gathered;
}

routing::Receiver receiver(const std::string& id, std::uint32_t preference) {
  routing::Receiver one;
  one.id = id;
  one.preference = preference;
  one.to = DestinationId(id);
  one.name = id;
  one.service = "acupuncture";
  return one;
}

Knowledge built_in_content() {
  Issues issues;
  auto loaded = load_knowledge(issues);
  if (!loaded) throw std::runtime_error("the built-in content cannot be read");
  return std::move(*loaded);
}

namespace {

/// Loaded once: that takes longer than most tests.
const Knowledge& shared_content() {
  static const Knowledge content = built_in_content();
  return content;
}

}  // namespace

Bench::Bench() : Bench(Knowledge(shared_content())) {}

Bench::Bench(Knowledge content)
    : now(*parse_instant("2026-11-20T10:00:00Z")), knowledge(std::move(content)) {
  folder = std::filesystem::temp_directory_path() /
           ("meridian-flow-" + std::to_string(getpid()) + "-" + new_ulid());
  std::filesystem::create_directories(folder);
  store::SqliteSettings settings;
  settings.path = folder / "meridian.db";
  settings.site_key = store::SecretKey::random();
  settings.clock = [this] { return now; };
  settings.create = true;
  auto opened = store::open_sqlite(settings);
  if (!opened) throw std::runtime_error("no database");
  store = std::move(*opened);

  peers.readers.push_back(std::make_unique<FhirReader>());
  auto ehr = make_peer(PeerKind::hospital, "ehr", hospital);
  ehr->gatherer = with_pointer(history);
  peers.list.push_back(std::move(ehr));
  peers.list.push_back(make_peer(PeerKind::clinic, "willow", clinic));
  peers.list.push_back(make_peer(PeerKind::clinic, "birch", second_clinic));
  peers.list.push_back(make_peer(PeerKind::pager, "pager-1", first_pager));
  peers.list.push_back(make_peer(PeerKind::pager, "pager-2", second_pager));
  peers.contacts = {{"on call", "pager-1"}, {"head of service", "pager-2"}};
  know({receiver("willow", 0)});
  peers.directory = [this] { return directory; };
  history->facts = bundle({patient(), back_pain(), order(), answers(now)});

  core = std::make_unique<Core>(Core{
      *store,
      peers,
      knowledge.terminology,
      knowledge.rules,
      [this] { return now; },
      {},
      [] {},
      [](std::string_view id) { return "link/" + std::string(id); },
      [this](const FormTicket& ticket) { return "/forms/" + desk->form_token(ticket); },
      [this](const FormTicket& ticket) { return "/sign-offs/" + desk->sign_off_token(ticket); },
      [this](const FormTicket& ticket) { return "/patients/" + desk->patient_link_token(ticket); },
      [this](const FormTicket& ticket) {
        return "/returns/" + desk->prepared_return_token(ticket);
      }});
  in = std::make_unique<In>(*core);
  operations = std::make_unique<RuntimeOperations>(*core, *in);
  desk = std::make_unique<Desk>(*operations, "secret", core->settings.form_life,
                                [this] { return now; });
}

Bench::~Bench() {
  if (!leave_replay_out) expect_equal_replays();
  store->close();
  store.reset();
  std::filesystem::remove_all(folder);
}

void Bench::expect_equal_replays() {
  constexpr int all = 1000;
  const auto rows = store->referrals(all);
  if (!rows) return;  // a test that closed the store
  for (const auto& row : *rows) {
    const auto replayed = replay(*core, row);
    ASSERT_TRUE(replayed) << replayed.error().what.view();
    const bool same =
        replayed->outcome == Outcome::equal || replayed->outcome == Outcome::undecided;
    EXPECT_TRUE(same) << replayed_json(*core, row, *replayed) << row.decision;
    if (replayed->assessment.empty()) continue;
    EXPECT_EQ(replayed->assessment, row.assessment);
  }
}

Result<std::string> Bench::submit(const std::string& source, const std::string& id,
                                  const std::string& bytes) {
  return in->submit({SourceId(source), id, "application/fhir+json", bytes, now});
}

void Bench::know(std::vector<routing::Receiver> receivers) {
  directory = std::make_shared<routing::Directory>(std::move(receivers), routing::Policy{}, now);
}

void Bench::add_second_choice() {
  know({receiver("willow", 0), receiver("birch", 1)});
}

void Bench::let_willow_order() {
  for (auto& peer : peers.list) {
    if (peer->id == "ehr") peer->services = {"spine_surgery"};
    if (peer->id != "willow") continue;
    peer->gatherer = with_pointer(clinic_history);
    peer->services = {"acupuncture"};
  }
  auto surgeon = receiver("ehr", 2);
  surgeon.service = "spine_surgery";
  auto receivers = directory->receivers();
  receivers.push_back(surgeon);
  know(std::move(receivers));
}

void Bench::work() {
  for (int i = 0; i < 100; ++i) {
    const auto done = work_once(*core);
    if (!done) throw std::runtime_error(std::string(done.error().what.view()));
    if (!*done) return;
  }
  throw std::runtime_error("the work does not end");
}

void Bench::deliver() {
  for (const auto& peer : peers.list) {
    for (int i = 0;; ++i) {
      const auto done = deliver_once(*core, *peer);
      if (!done) throw std::runtime_error(std::string(done.error().what.view()));
      if (!*done) break;
      if (i == 100) throw std::runtime_error("the deliveries do not end");
    }
  }
}

void Bench::run() {
  for (int i = 0; i < 4; ++i) {
    work();
    deliver();
  }
}

store::ReferralRow Bench::only_referral() {
  const auto rows = store->referrals(10);
  if (!rows || rows->size() != 1) throw std::runtime_error("not exactly one referral");
  return rows->front();
}

std::string bundle(const std::vector<std::string>& resources) {
  std::string json = R"({"resourceType":"Bundle","type":"collection","entry":[)";
  for (std::size_t i = 0; i < resources.size(); ++i) {
    json += (i ? "," : "") + (R"({"resource":)" + resources[i] + "}");
  }
  return json + "]}";
}

std::string patient() {
  return R"({"resourceType":"Patient","id":"alder","gender":"male","birthDate":"1974-03-02",
    "name":[{"family":"Alder","given":["Tom"]}]})";
}

std::string back_pain() {
  return R"({"resourceType":"Condition","id":"pain","subject":{"reference":"Patient/alder"},
    "clinicalStatus":{"coding":[{"code":"active"}]},
    "verificationStatus":{"coding":[{"code":"confirmed"}]},
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"M54.59"}]},
    "onsetDateTime":"2026-05-01"})";
}

std::string order(const std::string& status, int version) {
  return R"({"resourceType":"ServiceRequest","id":"order","meta":{"versionId":")" +
         std::to_string(version) + R"("},"status":")" + status +
         R"(","intent":"order","subject":{"reference":"Patient/alder"},
    "code":{"coding":[{"system":"http://snomed.info/sct","code":"44868003"}]},
    "authoredOn":"2026-11-20T09:00:00Z","requester":{"reference":"Practitioner/surgeon"},
    "reasonReference":[{"reference":"Condition/pain"}]})";
}

std::string second_order(bool replaces) {
  auto json = order();
  json.replace(json.find("\"id\":\"order\""), 12, "\"id\":\"again\"");
  if (replaces) json.insert(1, R"("replaces":[{"reference":"ServiceRequest/order"}],)");
  return json;
}

std::string answers(Instant at, const std::vector<std::string>& but) {
  std::string items;
  for (const char* question :
       {"rf01.bladder",       "rf01.bowel",        "rf01.saddle",      "rf01.sexual",
        "rf01.bilateral-leg", "rf02.weakness",     "rf02.progressive", "rf05.fever",
        "rf04.cancer",        "rf07.trauma",       "rf12.weight-loss", "ac02.anticoagulant",
        "ac04.bleeding",      "ac06.skin",         "ac07.seizure",     "ac08.implant",
        "ac01.pregnancy",     "rf03.myelopathy",   "rf13.night-pain",  "rf14.inflammatory",
        "rf15.vascular",      "rf15.flank",        "rf16.sudden",      "rf17.wound",
        "rf18.obstetric",     "rf19.claudication", "ac07.recent",      "pk.surgery",
        "pk.allergy",         "pk.supplements",    "pk.imaging",       "pk.care"}) {
    if (std::find(but.begin(), but.end(), question) != but.end()) continue;
    items += std::string(items.empty() ? "" : ",") + R"({"linkId":")" + question +
             R"(","answer":[{"valueBoolean":false}]})";
  }
  return R"({"resourceType":"QuestionnaireResponse","id":"screen","status":"completed",
    "questionnaire":"http://meridian-referral.org/fhir/Questionnaire/screening|1",
    "subject":{"reference":"Patient/alder"},"authored":")" +
         to_string(at) + R"(","item":[)" + items + "]}";
}

std::string cauda_equina() {
  return R"({"resourceType":"Condition","id":"cauda","subject":{"reference":"Patient/alder"},
    "clinicalStatus":{"coding":[{"code":"active"}]},
    "verificationStatus":{"coding":[{"code":"provisional"}]},
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"G83.4"}]},
    "onsetDateTime":"2026-11-19"})";
}

std::string task(const std::string& referral, const std::string& status, int version,
                 const std::string& business) {
  return R"({"resourceType":"Task","id":"t1","meta":{"versionId":")" + std::to_string(version) +
         R"("},"identifier":[{"system":"http://meridian-referral.org/fhir/identifier/referral",
    "value":")" +
         referral + R"("}],"status":")" + status + R"(","intent":"order",
    "businessStatus":{"coding":[{"code":")" +
         business + R"("}]},
    "for":{"reference":"Patient/9"}})";
}

}  // namespace meridian::flow
