// SPDX-License-Identifier: Apache-2.0
#include "routing/receivers_of.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace meridian::routing {
namespace {

void add_once(std::vector<std::string>& list, std::string value) {
  const bool known = std::find(list.begin(), list.end(), value) != list.end();
  if (!value.empty() && !known) list.push_back(std::move(value));
}

template <typename T>
using ByRef = std::unordered_map<std::string, const T*>;

template <typename T>
ByRef<T> by_ref(const std::vector<T>& records) {
  ByRef<T> map;
  for (const auto& record : records) map.emplace(record.ref, &record);
  return map;
}

template <typename T>
const T* at(const ByRef<T>& map, const Reference& reference) {
  const auto found = map.find(reference.target);
  return found == map.end() ? nullptr : found->second;
}

/// The records of one entry; those it does not have are null.
struct Parts {
  const HealthcareService* service = nullptr;
  const Location* location = nullptr;
  const Organization* organization = nullptr;
  std::vector<const PractitionerRole*> roles;
};

class DirectoryReader {
 public:
  DirectoryReader(const RecordSet& records, const Terminology& terminology, Issues& issues)
      : records_(records),
        terminology_(terminology),
        issues_(issues),
        organizations_(by_ref(records.organizations)),
        locations_(by_ref(records.locations)),
        practitioners_(by_ref(records.practitioners)),
        endpoints_(by_ref(records.endpoints)) {
    for (const auto& role : records.practitioner_roles) {
      if (!role.active) continue;
      for (const auto& service : role.healthcare_services) {
        roles_of_[service.target].push_back(&role);
      }
    }
  }

  std::vector<Listed> read() {
    for (const auto& service : records_.healthcare_services) {
      if (service.active) read_service(service);
    }
    for (const auto& role : records_.practitioner_roles) {
      if (role.active && role.healthcare_services.empty()) read_role(role);
    }
    return std::move(listed_);
  }

 private:
  void read_service(const HealthcareService& service) {
    Parts parts;
    parts.service = &service;
    parts.organization = at(organizations_, service.provided_by);
    if (parts.organization != nullptr && !parts.organization->active) return;
    if (const auto roles = roles_of_.find(service.ref); roles != roles_of_.end()) {
      parts.roles = roles->second;
    }
    auto offered = service_in({&service.types, &service.specialties, &service.categories});
    for (const auto* role : parts.roles) {
      if (offered.empty()) offered = service_in({&role->specialties, &role->codes});
    }
    if (offered.empty()) return pass_over(service);
    at_each_location(service.ref, offered, parts, service.locations);
  }

  void read_role(const PractitionerRole& role) {
    Parts parts;
    parts.organization = at(organizations_, role.organization);
    if (parts.organization != nullptr && !parts.organization->active) return;
    parts.roles = {&role};
    const auto offered = service_in({&role.specialties, &role.codes});
    if (offered.empty()) return pass_over(role);
    at_each_location(role.ref, offered, parts, role.locations);
  }

  void pass_over(const Record& record) {
    issues_.push_back({Severity::information, "code-invalid", record.ref,
                       "offers no service that referrals are for (concept map referral-service)"});
  }

  void at_each_location(const std::string& ref, const std::string& offered, const Parts& parts,
                        const std::vector<Reference>& locations) {
    if (locations.empty()) add_entry(ref, offered, parts);
    for (const auto& reference : locations) {
      Parts here = parts;
      here.location = at(locations_, reference);
      if (here.location != nullptr && !here.location->status.empty() &&
          here.location->status != "active") {
        continue;
      }
      std::erase_if(here.roles, [&](const PractitionerRole* role) {
        const auto& places = role->locations;
        return !places.empty() && std::none_of(places.begin(), places.end(), [&](const auto& one) {
          return one.target == reference.target;
        });
      });
      if (here.location != nullptr && here.organization == nullptr) {
        here.organization = at(organizations_, here.location->managing_organization);
      }
      add_entry(ref + "@" + reference.target, offered, here);
    }
  }

  void add_entry(std::string id, const std::string& offered, const Parts& parts) {
    Listed listed;
    auto& receiver = listed.receiver;
    receiver.id = std::move(id);
    receiver.service = offered;
    set_name(receiver, parts);
    set_place(receiver, parts);
    set_offer(receiver, parts);
    set_networks(receiver, parts);
    set_licences(receiver, parts);
    set_names(listed, parts);
    listed_.push_back(std::move(listed));
  }

  /// acupuncture or spine_surgery; empty for anything else.
  std::string service_in(std::initializer_list<const std::vector<Concept>*> lists) const {
    constexpr std::string_view map = "referral-service";
    for (const auto* list : lists) {
      for (const auto& coded : *list) {
        auto offered = terminology_.translate(map, coded);
        if (!offered && !coded.text.empty()) {
          const Coding term{std::string(term_system), normalized_term(coded.text), ""};
          offered = terminology_.translate(map, term);
        }
        if (offered && *offered != "other") return *offered;
      }
    }
    return {};
  }

  /// What it is called, and whose it is: "Acupuncture, Quiet River LLC".
  void set_name(Receiver& receiver, const Parts& parts) const {
    if (parts.service != nullptr) {
      receiver.name = parts.service->name;
    } else if (const auto* person = at(practitioners_, parts.roles.front()->practitioner)) {
      if (!person->names.empty()) receiver.name = display_name(person->names.front());
    }
    const auto* owner = parts.organization;
    if (owner == nullptr || owner->name.empty() || owner->name == receiver.name) return;
    receiver.name += (receiver.name.empty() ? "" : ", ") + owner->name;
  }

  void set_place(Receiver& receiver, const Parts& parts) {
    const Address* address = nullptr;
    if (parts.organization != nullptr && !parts.organization->addresses.empty()) {
      address = &parts.organization->addresses.front();
    }
    if (const auto* location = parts.location) {
      const bool stated =
          !location->address.state.empty() || !location->address.postal_code.empty();
      if (stated || address == nullptr) address = &location->address;
      if (location->latitude && location->longitude) {
        set_position(receiver, location->ref, {*location->latitude, *location->longitude});
      }
    }
    if (address == nullptr) return;
    receiver.state = state_code(address->state);
    receiver.postal_code = address->postal_code;
  }

  void set_position(Receiver& receiver, const std::string& ref, const Position& position) {
    if (std::abs(position.latitude) <= 90 && std::abs(position.longitude) <= 180) {
      receiver.position = position;
      return;
    }
    issues_.push_back({Severity::warning, "value", ref, "its position is not on earth; not used"});
  }

  void set_offer(Receiver& receiver, const Parts& parts) const {
    for (const auto* role : parts.roles) {
      const auto* person = at(practitioners_, role->practitioner);
      if (person != nullptr) add_languages(receiver, person->languages);
    }
    if (parts.service == nullptr) return;
    const auto& service = *parts.service;
    add_languages(receiver, service.languages);
    for (const auto& mode : service.visit_modes) add_once(receiver.visit_modes, mode);
    for (const auto& words : service.eligibility) {
      receiver.eligibility += (receiver.eligibility.empty() ? "" : ", ") + words;
    }
    for (const auto* list : {&service.types, &service.specialties, &service.characteristics}) {
      if (!terminology_.contains("procedure.electroacupuncture", *list)) continue;
      receiver.modalities = {"manual", "electro"};
    }
  }

  static void add_languages(Receiver& receiver, const std::vector<Concept>& languages) {
    for (const auto& language : languages) {
      for (const auto& coding : language.codings) add_once(receiver.languages, coding.code);
    }
  }

  /// Names of a network and of the payer behind it.
  void add_network(std::vector<std::string>& names, const Reference& network) const {
    add_once(names, normalized_name(network.display));
    const auto* organization = at(organizations_, network);
    if (organization == nullptr) return;
    add_once(names, normalized_name(organization->name));
    const auto* payer = at(organizations_, organization->part_of);
    if (payer != nullptr) add_once(names, normalized_name(payer->name));
  }

  void set_networks(Receiver& receiver, const Parts& parts) const {
    std::vector<const NewPatients*> said;
    const auto note = [&](const std::vector<NewPatients>& list) {
      for (const auto& one : list) said.push_back(&one);
    };
    if (parts.location != nullptr) note(parts.location->new_patients);
    if (parts.service != nullptr) note(parts.service->new_patients);
    for (const auto* role : parts.roles) note(role->new_patients);
    bool everybody = false;
    for (const auto* one : said) {
      const bool yes = one->accepting == "newpt";
      const bool no = one->accepting.starts_with("exist") || one->accepting == "nopt";
      if (no && !receiver.accepts_new_patients) receiver.accepts_new_patients = false;
      if (!yes) continue;
      receiver.accepts_new_patients = true;
      everybody = everybody || one->network.empty();
      if (!one->network.empty()) add_network(receiver.new_patients_of, one->network);
    }
    if (everybody) receiver.new_patients_of.clear();
    if (parts.service != nullptr) {
      for (const auto& network : parts.service->networks) add_network(receiver.networks, network);
    }
    for (const auto* role : parts.roles) {
      for (const auto& network : role->networks) add_network(receiver.networks, network);
    }
  }

  /// A qualification is a licence where it says a state; degrees and board certificates say none.
  void add_licences(Receiver& receiver, const std::vector<Qualification>& qualifications) const {
    for (const auto& qualification : qualifications) {
      std::vector<std::string> states;
      for (const auto& valid : qualification.where_valid) {
        for (const auto& coding : valid.codings) add_once(states, state_code(coding.code));
      }
      const auto* issuer = at(organizations_, qualification.issuer);
      if (states.empty() && issuer != nullptr && !issuer->addresses.empty()) {
        add_once(states, state_code(issuer->addresses.front().state));
      }
      for (auto& state : states) {
        receiver.licences.push_back(
            {std::move(state), qualification.period.end.last_day(), qualification.status});
      }
    }
  }

  void set_licences(Receiver& receiver, const Parts& parts) const {
    for (const auto* role : parts.roles) {
      add_licences(receiver, role->qualifications);
      const auto* person = at(practitioners_, role->practitioner);
      if (person != nullptr && person->active) add_licences(receiver, person->qualifications);
    }
    if (parts.organization != nullptr) add_licences(receiver, parts.organization->qualifications);
  }

  template <typename T>
  void add_names(Listed& listed, const T* record) const {
    if (record == nullptr) return;
    add_once(listed.names, record->ref);
    for (const auto& identifier : record->identifiers) {
      add_once(listed.names, identifier.system + "|" + identifier.value.reveal());
    }
    if constexpr (requires { record->endpoints; }) {
      for (const auto& reference : record->endpoints) {
        const auto* endpoint = at(endpoints_, reference);
        const bool used = endpoint != nullptr && endpoint->status == "active";
        if (used) add_once(listed.addresses, endpoint->address);
      }
    }
  }

  void set_names(Listed& listed, const Parts& parts) const {
    add_names(listed, parts.service);
    add_names(listed, parts.location);
    add_names(listed, parts.organization);
    for (const auto* role : parts.roles) {
      add_names(listed, role);
      add_names(listed, at(practitioners_, role->practitioner));
    }
  }

  const RecordSet& records_;
  const Terminology& terminology_;
  Issues& issues_;
  ByRef<Organization> organizations_;
  ByRef<Location> locations_;
  ByRef<Practitioner> practitioners_;
  ByRef<Endpoint> endpoints_;
  std::unordered_map<std::string, std::vector<const PractitionerRole*>> roles_of_;
  std::vector<Listed> listed_;
};

}  // namespace

std::vector<Listed> receivers_of(const RecordSet& records, const Terminology& terminology,
                                 Issues& issues) {
  return DirectoryReader(records, terminology, issues).read();
}

}  // namespace meridian::routing
