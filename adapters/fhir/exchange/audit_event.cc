// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/audit_event.h"

#include <algorithm>
#include <string_view>

#include "fhir/exchange/codes.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view balp = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/";
constexpr const char* rest_system = "http://hl7.org/fhir/restful-interaction";

/// What an entry becomes. `profile` is empty where BALP has none for it.
struct Kind {
  std::string_view profile;
  Coding type;
  Coding subtype;  ///< empty: none
  const char* action;
  bool of_patient;
  bool actor_receives;  ///< else it sends, or asks for a change
};

Coding rest() {
  return {"http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "Restful Operation"};
}

/// Our ids have 26 characters; the numbers of deliveries and work stand behind the referral's.
bool names_a_row(std::string_view object) {
  const auto first = object.substr(0, object.find('/'));
  return first.size() == 26 && std::all_of(first.begin(), first.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

/// BALP's profiles of reading and changing are of what succeeded; its 3:5.7.
Kind kind_of(const AuditFact& fact) {
  const auto& event = fact.event;
  const bool failed = fact.outcome == "failure";
  if (event == "SignIn" || event == "SignOut") {
    return {{},
            codes::audit_authentication(),
            event == "SignIn" ? codes::audit_login() : codes::audit_logout(),
            "E",
            false,
            false};
  }
  if (event.starts_with("Person.")) {
    return {{}, codes::audit_security(), codes::audit_attributes_changed(), "U", false, false};
  }
  if (event == "PrivacyDisclosure.Source") {
    return {"IHE.BasicAudit.PrivacyDisclosure.Source",
            codes::audit_export(),
            {"http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", "disclose",
             "Disclose Record Lifecycle Event"},
            "R",
            true,
            true};
  }
  if (event.starts_with("PatientRead") || event == "AdviceGiven") {
    return {failed ? "" : "IHE.BasicAudit.PatientRead",
            rest(),
            {rest_system, "read", "read"},
            "R",
            true,
            true};
  }
  if (names_a_row(fact.object)) {
    return {failed ? "" : "IHE.BasicAudit.PatientUpdate",
            rest(),
            {rest_system, "update", "update"},
            "U",
            true,
            false};
  }
  return {{}, codes::audit_activity(), {}, "E", false, false};
}

/// "host:port" and URLs as URI; without one, that nobody knows it.
void write_network(JsonOut& out, const std::string& address) {
  out.object("network");
  if (address.empty()) {
    out.object("_address").list("extension").object();
    out.text("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason");
    out.text("valueCode", "unknown");
    out.end().end().end();
  } else {
    out.text("address", address);
    out.text("type", address.find("://") == std::string::npos ? "1" : "5");
  }
  out.end();
}

struct Agent {
  Coding part;
  std::string who;
  std::string address;
  bool asked = false;
};

void write_agent(JsonOut& out, const Agent& agent) {
  out.object();
  if (!agent.part.code.empty()) {
    out.object("type").list("coding").coding({}, agent.part).end().end();
  }
  out.object("who").text("display", agent.who).end();
  out.raw("requestor", agent.asked ? "true" : "false");
  write_network(out, agent.address);
  out.end();
}

/// Who sent and who received. A node that reads asks a hospital for it.
void write_agents(JsonOut& out, const AuditFact& fact, const Kind& kind,
                  const AuditPlaces& places) {
  const std::string actor = fact.actor.empty() ? "unknown" : fact.actor;
  Agent us{codes::audit_destination(), fact.node, {}, false};
  Agent them{codes::audit_source(), actor, places.actor_address, true};
  if (fact.actor == fact.node && kind.actor_receives) {
    us.asked = true;
    them.who = places.record.empty() ? "record of the referring hospital" : places.record;
    them.address = places.record_address;
    them.asked = false;
  } else if (kind.actor_receives) {
    std::swap(us.part, them.part);
    them.asked = kind.profile != "IHE.BasicAudit.PrivacyDisclosure.Source";
  }
  if (!kind.of_patient) us.part = them.part = {};
  out.list("agent");
  write_agent(out, them);
  write_agent(out, us);
  out.end();
}

void write_entity(JsonOut& out, const Coding& type, const Coding& role, std::string_view row) {
  out.coding("type", type).coding("role", role);
  out.object("what");
  if (role.display == "Patient") out.text("type", "Patient");
  if (!row.empty()) {
    out.identifier("identifier", "http://meridian-referral.org/fhir/identifier/audited", row);
  }
  out.text("display", row.empty()                 ? "Meridian"
                      : role.display == "Patient" ? "the patient of this row"
                                                  : "");
  out.end();
}

void write_entities(JsonOut& out, const AuditFact& fact, const Kind& kind) {
  const Coding person{"http://terminology.hl7.org/CodeSystem/audit-entity-type", "1", "Person"};
  const Coding thing{"http://terminology.hl7.org/CodeSystem/audit-entity-type", "2",
                     "System Object"};
  const auto role = [](const char* code, const char* display) {
    return Coding{"http://terminology.hl7.org/CodeSystem/object-role", code, display};
  };
  const auto row = std::string_view(fact.object).substr(0, fact.object.find('/'));
  out.list("entity");
  if (kind.of_patient) {
    out.object();
    write_entity(out, person, role("1", "Patient"), row.empty() ? "unknown" : row);
    out.end();
  }
  out.object();
  write_entity(out, thing, role("4", "Domain Resource"), fact.object);
  out.list("detail");
  out.object().text("type", "event").text("valueString", fact.event).end();
  out.object().text("type", "chain").text("valueString", fact.node).end();
  out.object().text("type", "number").text("valueString", std::to_string(fact.number)).end();
  out.end().end().end();
}

/// An id of FHIR: letters, digits, "-" and ".", at most 64.
std::string id_of(const AuditFact& fact) {
  const auto number = "-" + std::to_string(fact.number);
  std::string id;
  for (const char c : fact.node.substr(0, 64 - number.size())) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '.';
    id.push_back(fits ? c : '-');
  }
  return id + number;
}

}  // namespace

std::string audit_event_json(const AuditFact& fact, const AuditPlaces& places) {
  const auto kind = kind_of(fact);
  JsonOut out;
  out.object().text("resourceType", "AuditEvent").text("id", id_of(fact));
  if (!kind.profile.empty()) out.conforms_to(std::string(balp) + std::string(kind.profile));
  out.coding("type", kind.type);
  if (!kind.subtype.code.empty()) out.list("subtype").coding({}, kind.subtype).end();
  out.text("action", kind.action).text("recorded", to_string(fact.at));
  // http://hl7.org/fhir/R4/valueset-audit-event-outcome.html: 0 success, 4 minor failure
  out.text("outcome", fact.outcome == "failure" ? "4" : "0");
  if (fact.outcome != "success") out.text("outcomeDesc", fact.outcome);
  write_agents(out, fact, kind, places);
  out.object("source").text("site", places.site);
  out.object("observer").text("display", fact.node).end();
  out.list("type").coding({}, {"http://terminology.hl7.org/CodeSystem/security-source-type", "4",
                               "Application Server"});
  out.end().end();
  write_entities(out, fact, kind);
  out.end();
  return out.str();
}

}  // namespace meridian::fhir
