// SPDX-License-Identifier: Apache-2.0
#include "unit/fhir_exchange/letters.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "fhir/exchange/dialect.h"
#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/json_index.h"
#include "fhir/read/reader.h"
#include "places.h"

namespace meridian::test {

using namespace fhir;

namespace {

/// Reads letter.json.
class LetterFile {
 public:
  explicit LetterFile(const std::string& text)
      : index_(std::move(*JsonIndex::parse(text))), root_(index_.root()) {}

  std::string text(const char* name) const { return index_.string(root_, name); }

  std::vector<std::string> texts(const JsonNode& object, std::string_view name) const {
    std::vector<std::string> values;
    const JsonNode* list = index_.find(&object, name);
    if (list == nullptr) return values;
    for (const auto& node : index_.children(*list)) values.push_back(index_.string(&node));
    return values;
  }

  Letter letter() const {
    Letter letter;
    letter.kind = kind();
    letter.referral_id = text("referral_id");
    letter.source_order = text("source_order");
    letter.source_patient = text("source_patient");
    letter.source_requester = text("source_requester");
    letter.include = texts(root_, "include");
    letter.changed = texts(root_, "changed");
    letter.urgent = index_.find(&root_, "urgent") != nullptr;
    letter.task_status = text("task_status");
    letter.business_status = text("business_status");
    letter.reason = text("reason");
    letter.peer_task = text("peer_task");
    letter.link = text("link");
    letter.sign_off_link = text("sign_off_link");
    letter.patient_link = text("patient_link");
    letter.return_link = text("return_link");
    if (index_.find(&root_, "patient_there")) letter.patient_there = text("patient_there");
    letter.link_until = parse_instant(text("link_until"));
    letter.work_started = index_.find(&root_, "work_started") != nullptr;
    letter.sender_name = text("sender_name");
    letter.receiver_name = text("receiver_name");
    letter.withheld = text("withheld");
    letter.at = parse_instant(text("at")).value();
    each(root_, "notices", [&](const JsonNode& notice) {
      letter.notices.push_back(
          {{index_.string(notice, "system"), index_.string(notice, "code"), ""},
           index_.string(notice, "text")});
    });
    if (const JsonNode* node = index_.find(&root_, "assessment")) {
      letter.assessment = assessment(*node);
    }
    return letter;
  }

  FieldProfile profile() const {
    FieldProfile profile;
    const JsonNode* allowed = index_.find(&root_, "allowed");
    if (allowed == nullptr) return profile;
    for (const auto& type : index_.children(*allowed)) {
      profile.allowed[std::string(type.key)] = texts(*allowed, type.key);
    }
    return profile;
  }

 private:
  Letter::Kind kind() const {
    const std::string name = text("kind");
    if (name == "status") return Letter::Kind::status;
    if (name == "consult_note") return Letter::Kind::consult_note;
    if (name == "patient_linked") return Letter::Kind::patient_linked;
    if (name == "referral_update") return Letter::Kind::referral_update;
    if (name == "alert") return Letter::Kind::alert;
    if (name == "prepared_return") return Letter::Kind::prepared_return;
    return Letter::Kind::referral;
  }

  template <typename T>
  T entry(const JsonNode& node) const {
    T entry;
    entry.rule = index_.string(node, "rule");
    entry.source = index_.string(node, "source");
    entry.text = index_.string(node, "text");
    entry.evidence = texts(node, "evidence");
    return entry;
  }

  template <typename See>
  void each(const JsonNode& object, const char* name, const See& see) const {
    const JsonNode* list = index_.find(&object, name);
    if (list == nullptr) return;
    for (const auto& node : index_.children(*list)) see(node);
  }

  Assessment assessment(const JsonNode& node) const {
    Assessment result;
    each(node, "cautions", [&](const JsonNode& caution) {
      auto entry = this->entry<Caution>(caution);
      entry.manual = index_.string(caution, "manual");
      entry.electro = index_.string(caution, "electro");
      result.cautions.push_back(entry);
    });
    each(node, "missing",
         [&](const JsonNode& missing) { result.missing.push_back(this->entry<Missing>(missing)); });
    each(node, "coverage", [&](const JsonNode& coverage) {
      auto entry = this->entry<CoverageAnswer>(coverage);
      entry.program = index_.string(coverage, "program");
      entry.name = index_.string(coverage, "name");
      entry.status = index_.string(coverage, "status");
      result.coverage.push_back(entry);
    });
    each(node, "pain_types", [&](const JsonNode& type) {
      result.pain_types.push_back({index_.string(type, "type"), texts(type, "basis")});
    });
    result.valid_until = parse_instant(index_.string(node, "valid_until"));
    return result;
  }

  JsonIndex index_;
  const JsonNode& root_;
};

}  // namespace

std::filesystem::path render_cases() {
  return std::filesystem::path(test::source_folder) / "tests/golden/render";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

Result<LetterCase> read_case(const std::filesystem::path& folder) {
  const std::string text = read_file(folder / "letter.json");
  const LetterFile file(text);
  LetterCase found{file.letter(), file.profile(), file.text("dialect")};
  if (std::filesystem::exists(folder / "input.json")) {
    found.letter.raw = read_file(folder / "input.json");
    auto records = read_fhir(found.letter.raw);
    if (!records) return records.error();
    found.letter.records = std::move(*records);
  }
  if (std::filesystem::exists(folder / "earlier.hl7")) {
    auto& earlier = found.letter.earlier;
    earlier = read_file(folder / "earlier.hl7");
    std::replace(earlier.begin(), earlier.end(), '\n', '\r');
  }
  return found;
}

std::string words_of(const Page& page) {
  std::string words = page.title + '\n' + page.number + '\n' + page.banner + '\n' + page.person;
  for (const auto& fact : page.facts) words += '\n' + fact.label + ": " + fact.text;
  for (const auto& section : page.sections) {
    words += '\n' + section.heading;
    for (const auto& line : section.lines) words += "\n- " + line;
  }
  for (const auto& each : page.attachments) words += '\n' + each.title + '\n' + each.text;
  return words + '\n' + page.closing;
}

Result<Rendered> render_case(const std::filesystem::path& folder) {
  const auto found = read_case(folder);
  if (!found) return found.error();
  auto capabilities = std::make_shared<Capabilities>();
  if (!found->dialect.empty()) *capabilities = find_dialect(found->dialect)->expected;
  return FhirRenderer(capabilities).render(found->letter, found->profile);
}

Rendered status_letter(const std::string& task_status, const std::string& business_status,
                       const std::string& order, const std::string& patient) {
  Letter letter;
  letter.kind = Letter::Kind::status;
  letter.referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";
  letter.source_order = order;
  letter.source_patient = patient;
  letter.task_status = task_status;
  letter.business_status = business_status;
  letter.sender_name = "Lotus Gate Acupuncture";
  letter.at = parse_instant("2026-03-05T16:00:00Z").value();
  const auto capabilities = std::make_shared<Capabilities>(find_dialect("r4")->expected);
  return *FhirRenderer(capabilities).render(letter, {});
}

}  // namespace meridian::test
