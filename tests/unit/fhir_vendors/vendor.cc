// SPDX-License-Identifier: Apache-2.0
#include "unit/fhir_vendors/vendor.h"

#include <algorithm>

namespace meridian::test {
namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

Vendor::Vendor(const std::string& dialect, sandbox::ServerSettings settings)
    : FhirPeer(std::move(settings)), dialect_(*fhir::find_dialect(dialect)) {}

fhir::ClientSettings Vendor::settings() const {
  fhir::ClientSettings settings;
  settings.base_url = base();
  settings.habits = dialect_.habits;
  return settings;
}

std::unique_ptr<fhir::FhirClient> Vendor::client() {
  return client(settings());
}

std::unique_ptr<fhir::FhirClient> Vendor::client(const fhir::ClientSettings& settings) {
  fhir::ClientSurroundings surroundings;
  surroundings.clock = [this] { return now; };
  surroundings.waiter = [this](std::chrono::milliseconds time) {
    waits.push_back(time);
    now += time;
    return true;
  };
  auto made = fhir::FhirClient::create(settings, surroundings);
  if (!made) throw std::runtime_error(std::string(made.error().what.view()));
  return std::move(*made);
}

void Vendor::admit_patient(const std::string& patient, const std::string& order) {
  const auto about = [&](const char* type, const std::string& more,
                         const char* member = "subject") {
    put(R"({"resourceType":")" + std::string(type) + R"(","id":")" + patient.substr(0, 20) + "-" +
        type + R"(",")" + member + R"(":{"reference":"Patient/)" + patient + R"("})" + more + "}");
  };
  put(R"({"resourceType":"Patient","id":")" + patient +
      R"(","birthDate":"1961-05-09","gender":"female"})");
  put(R"({"resourceType":"ServiceRequest","id":")" + order +
      R"(","status":"active","intent":"order","subject":{"reference":"Patient/)" + patient +
      R"("}})");
  about(
      "Condition",
      R"(,"code":{"text":"Low back pain"},"category":[{"coding":[{"code":"problem-list-item"}]}])");
  about("Procedure", R"(,"status":"completed","code":{"text":"Discectomy"})");
  about("Observation",
        R"(,"status":"final","code":{"text":"ODI"},"category":[{"coding":[{"code":"survey"}]}])");
  about("DiagnosticReport", R"(,"status":"final","code":{"text":"MRI lumbar spine"})");
  about("MedicationRequest",
        R"(,"status":"active","intent":"order","medicationCodeableConcept":{"text":"Naproxen"})");
  about("Encounter", R"(,"status":"finished","class":{"code":"AMB"})");
  about("AllergyIntolerance", R"(,"code":{"text":"Latex"})", "patient");
}

Result<Gathered> Vendor::gather(const std::string& patient, const std::string& order,
                                int page_size) {
  fhir::GathererSettings settings;
  settings.base_url = base();
  settings.dialect = dialect_;
  settings.page_size = page_size;
  settings.clock = [this] { return now; };
  GatherRequest request;
  request.patient_ref = "Patient/" + patient;
  request.order_ref = "ServiceRequest/" + order;
  const auto with = client();
  return fhir::FhirGatherer(*with, settings).gather(request);
}

Asked asked(const Seen& seen) {
  Asked out;
  const auto mark = seen.target.find('?');
  auto path = seen.target.substr(0, mark);
  path.erase(0, std::string("/fhir").size());
  if (path.starts_with('/')) path.erase(0, 1);
  const auto slash = path.find('/');
  out.type = path.substr(0, slash);
  if (slash != std::string::npos) out.id = path.substr(slash + 1);
  if (mark == std::string::npos) return out;
  const std::string query = seen.target.substr(mark + 1);
  for (std::size_t at = 0; at < query.size();) {
    const auto end = std::min(query.find('&', at), query.size());
    const auto pair = query.substr(at, end - at);
    const auto equals = std::min(pair.find('='), pair.size());
    out.params.emplace(decoded(pair.substr(0, equals)),
                       decoded(pair.substr(std::min(equals + 1, pair.size()))));
    at = end + 1;
  }
  return out;
}

std::string outcome(const std::string& severity, const std::string& code,
                    const std::string& detail) {
  const auto details = detail.empty() ? ""
                                      : R"(,"details":{"coding":[{"system":"urn:vendor","code":")" +
                                            detail + R"("}]})";
  return R"({"resourceType":"OperationOutcome","issue":[{"severity":")" + severity +
         R"(","code":")" + code + "\"" + details + "}]}";
}

std::string page(const std::vector<std::string>& resources, const std::string& next) {
  std::string entries;
  for (const auto& resource : resources) {
    const bool says = resource.find("\"OperationOutcome\"") != std::string::npos;
    entries += (entries.empty() ? "" : ",") + std::string(R"({"resource":)") + resource +
               R"(,"search":{"mode":")" + (says ? "outcome" : "match") + R"("}})";
  }
  const auto link = next.empty() ? "" : R"("link":[{"relation":"next","url":")" + next + R"("}],)";
  return R"({"resourceType":"Bundle","type":"searchset",)" + link + R"("entry":[)" + entries + "]}";
}

const QueryResult& kind(const Gathered& gathered, const std::string& name) {
  for (const auto& query : gathered.history) {
    if (query.kind == name) return query;
  }
  throw std::runtime_error("nothing was asked of " + name);
}

}  // namespace meridian::test
