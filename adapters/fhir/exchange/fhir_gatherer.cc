// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/fhir_gatherer.h"

#include <algorithm>
#include <set>

#include "fhir/exchange/collection.h"
#include "fhir/exchange/history_pages.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/order_search.h"
#include "fhir/exchange/patient_match.h"
#include "fhir/exchange/said_records.h"

namespace meridian::fhir {
namespace {

constexpr int follow_rounds = 2;  ///< order -> PractitionerRole -> Practitioner
constexpr int follow_reads = 60;  ///< of one gather
constexpr const char* order_kind = "order";

/// Whom a resource is about: subject, patient or beneficiary; "" when it does not say.
std::string subject_of(std::string_view resource) {
  const auto index = JsonIndex::parse(resource);
  if (!index) return {};
  for (const char* name : {"subject", "patient", "beneficiary"}) {
    const auto written = index->string(index->at(index->root(), {name, "reference"}));
    if (!written.empty()) return plain_ref(written);
  }
  return {};
}

/// One gather.
class Gathering {
 public:
  Gathering(FhirClient& client, const GathererSettings& settings)
      : client_(client), settings_(settings), collection_(settings.base_url) {}

  Result<Gathered> run(const GatherRequest& request) {
    until_ = request.until.value_or(whenever);
    const auto patient = match_patient(client_, request);
    // Whoever waits at a screen has the patient there: what was brought counts all the same.
    if (!patient && !request.until) return patient.error();
    if (patient && patient->ref.empty()) return unresolved(patient->why);
    patient_ = plain_ref(patient ? patient->ref : request.patient_ref);
    if (patient) {
      if (auto added = collection_.add(patient->bytes); !added) return added.error();
    }
    const bool said = request.said && !request.said->addresses;
    const auto own_order =
        said ? take_order(*request.said, request.order_ref) : read_order(request.order_ref);
    if (!own_order) return own_order.error();
    if (!*own_order && !request.confirmed) return unresolved("other-order");
    const auto& searches = settings_.dialect.history;
    const auto found = history_pages(client_, searches, {patient_, settings_.page_size, request});
    for (std::size_t i = 0; i < searches.size(); ++i) take(searches[i], found[i]);
    for (int round = 0; round < follow_rounds && follow(); ++round) {
    }
    // Whoever waits at a screen is sent nothing.
    if (!request.until && has_labels()) take_consents(request);
    return finish(true);
  }

 private:
  /// "The patient is resolved to exactly one, else the history counts as failed."
  Gathered unresolved(std::string why) {
    Collection nothing(settings_.base_url);
    collection_ = nothing;
    history_.clear();
    note(order_kind, Completeness::failed, "patient");
    for (const auto& search : settings_.dialect.history) {
      note(search.kind, Completeness::failed, "patient");
    }
    auto gathered = finish(false);
    gathered.doubt = std::move(why);
    return gathered;
  }

  Gathered finish(bool resolved) {
    Gathered gathered;
    gathered.facts.media_type = "application/fhir+json";
    gathered.facts.bytes = collection_.json();
    gathered.facts.key = short_hash(gathered.facts.bytes);
    gathered.history = std::move(history_);
    gathered.patient_resolved = resolved;
    if (resolved) gathered.patient_ref = patient_;
    gathered.order_there = order_there_;
    return gathered;
  }

  /// An order without address, as its message has it; the server may have a record of it too.
  Result<bool> take_order(const OrderSaid& said, const std::string& ref) {
    if (auto added = add_said(said, patient_, collection_); !added) return added.error();
    auto there = find_order(client_, said, ref, patient_);
    if (!there) return there.error();
    order_there_ = std::move(*there);
    note(order_kind, Completeness::complete, {});
    return true;
  }

  /// False when the order is somebody else's. Errors: those that may be gone the next time.
  Result<bool> read_order(const std::string& ref) {
    if (ref.empty()) return true;
    const auto response = client_.read(ref, until_);
    if (!response) return response.error();
    if (response->failure && error_row(response->failure->code).retry != RetryClass::permanent) {
      return *response->failure;
    }
    if (response->failure || !collection_.add(response->body)) {
      note(order_kind, Completeness::failed, word(response));
      return true;
    }
    const auto* order = collection_.find(ref);
    const std::string subject = order == nullptr ? std::string() : subject_of(order->bytes);
    note(order_kind, Completeness::complete, {});
    return subject.empty() || subject == patient_;
  }

  static std::string word(const Result<Response>& response) {
    if (!response) return std::string(error_row(response.error().code).name);
    if (!response->failure) return "malformed";
    return std::string(error_row(response->failure->code).name);
  }

  void take(const HistorySearch& search, const SearchPages& pages) {
    Completeness completeness = pages.completeness;
    std::string why = pages.why;
    for (const auto& body : pages.bodies) {
      if (take_page(body)) continue;
      completeness = Completeness::partial;
      why = "other-patient";
    }
    note(search.kind, completeness, why);
  }

  /// A consent lets through only what is labelled: of most patients none need be asked for. A word
  /// that only looks like a label costs a search.
  bool has_labels() const {
    const auto& all = collection_.resources();
    return std::any_of(all.begin(), all.end(), [](const CollectedResource& one) {
      return one.bytes.find("\"security\"") != std::string::npos;
    });
  }

  /// All or none, for the one that is not there may refuse what the others permit. No kind of the
  /// history: what is not found lets nothing through, and that is said of each record that stays.
  void take_consents(const GatherRequest& request) {
    const auto found = history_pages(client_, settings_.dialect.consents,
                                     {patient_, settings_.page_size, request});
    for (const auto& pages : found) {
      if (pages.completeness != Completeness::complete) return;
    }
    for (const auto& pages : found) {
      for (const auto& body : pages.bodies) take_page(body);
    }
  }

  bool is_foreign(std::string_view resource) const {
    const auto subject = subject_of(resource);
    return subject.starts_with("Patient/") && subject != patient_;
  }

  /// False when something on the page is about another patient, or cannot be read; that is left
  /// out.
  bool take_page(const std::string& body) {
    const auto entries = bundle_entries(body);
    if (!entries) return false;
    bool clean = true;
    for (const auto& entry : *entries) {
      if (is_foreign(entry.resource)) {
        clean = false;
      } else {
        collection_.add(entry);
      }
    }
    return clean;
  }

  /// Several searches make up a kind: it is complete when all are, and failed when all failed.
  void note(const std::string& kind, Completeness completeness, const std::string& why) {
    const auto known = std::find_if(history_.begin(), history_.end(),
                                    [&](const auto& query) { return query.kind == kind; });
    if (known == history_.end()) {
      history_.push_back({kind, completeness, settings_.clock(), why});
      return;
    }
    known->at = settings_.clock();
    if (known->detail.empty()) known->detail = why;
    if (known->completeness == completeness) return;
    const bool withheld =
        known->completeness == Completeness::withheld || completeness == Completeness::withheld;
    known->completeness = withheld ? Completeness::withheld : Completeness::partial;
  }

  struct Wanted {
    std::string written;
    std::string kind;
  };

  /// What the records so far refer to and the dialect wants along.
  std::vector<Wanted> wanted() const {
    std::vector<Wanted> found;
    for (const auto& resource : collection_.resources()) {
      for (const auto& rule : settings_.dialect.follow) {
        if (rule.type != resource.type) continue;
        const auto index = JsonIndex::parse(resource.bytes);
        const JsonNode* element = index ? index->find(&index->root(), rule.element) : nullptr;
        if (element == nullptr) continue;
        for (auto& written : references_in(*index, *element)) {
          found.push_back({std::move(written), rule.kind});
        }
      }
    }
    return found;
  }

  /// False when there was nothing to ask for.
  bool follow() {
    const auto asked_before = asked_.size();
    for (const auto& [written, kind] : wanted()) {
      const std::string ref = plain_ref(written);
      if (ref.empty() || collection_.holds(ref) || !asked_.insert(ref).second) continue;
      if (std::chrono::steady_clock::now() >= until_) {
        note(kind, Completeness::partial, not_in_time);
      } else if (static_cast<int>(asked_.size()) > follow_reads) {
        note(kind, Completeness::partial, "limit");
      } else {
        read_along(written, kind);
      }
    }
    return asked_.size() > asked_before;
  }

  void read_along(const std::string& written, const std::string& kind) {
    const auto response = client_.read(written.substr(0, written.find("/_history/")), until_);
    const bool read = response && !response->failure;
    if (read && is_foreign(response->body)) {
      note(kind, Completeness::partial, "other-patient");
    } else if (!read || !collection_.add(response->body)) {
      note(kind, Completeness::partial, word(response));
    }
  }

  FhirClient& client_;
  const GathererSettings& settings_;
  Collection collection_;
  std::string patient_;
  std::string order_there_;
  History history_;
  std::set<std::string> asked_;
  std::chrono::steady_clock::time_point until_ = whenever;
};

}  // namespace

FhirGatherer::FhirGatherer(FhirClient& client, GathererSettings settings)
    : client_(client), settings_(std::move(settings)) {}

Result<std::string> FhirGatherer::doubt(const GatherRequest& request) {
  const auto match = match_patient(client_, request);
  if (!match) return match.error();
  return match->ref.empty() ? match->why : std::string();
}

std::vector<Query> FhirGatherer::queries() const {
  return history_queries(settings_.dialect);
}

Result<Gathered> FhirGatherer::gather(const GatherRequest& request) {
  if (!request.token.reveal().empty() && settings_.client_with) {
    const auto theirs = settings_.client_with(request.token);
    if (!theirs) return theirs.error();
    return Gathering(**theirs, settings_).run(request);
  }
  return Gathering(client_, settings_).run(request);
}

}  // namespace meridian::fhir
