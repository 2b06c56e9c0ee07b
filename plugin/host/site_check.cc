// SPDX-License-Identifier: Apache-2.0
#include "host/site_check.h"

#include <algorithm>

#include "base/loopback.h"
#include "host/clients.h"
#include "host/openhim.h"
#include "host/other_kind.h"
#include "host/sign_in_ways.h"
#include "host/site.h"
#include "http/certificate.h"
#include "knowledge/knowledge.h"

namespace meridian::host {
namespace {

void add(Issues& issues, Severity severity, std::string path, std::string text) {
  issues.push_back({severity, "invalid", std::move(path), std::move(text)});
}

void check_contacts(const Config& config, Issues& issues) {
  bool tested = false;
  for (const auto& contact : config.contacts) tested = tested || !contact.tested.empty();
  if (config.contacts.empty()) {
    add(issues, Severity::error, config.file,
        "no emergency contact; add [[contact]] with name, pager and tested, and drill it");
  } else if (!tested) {
    add(issues, Severity::error, config.file + ":" + std::to_string(config.contacts.front().line),
        "no emergency contact was ever tested; send a test alert, have it acknowledged, and set "
        "tested = \"YYYY-MM-DD\"");
  }
}

/// Neither a record to write to nor a line to send on: nobody there learns what became of an order.
void check_way_back(const Config& config, Issues& issues) {
  for (const auto& hospital : config.hospitals) {
    if (!hospital.fhir.empty() || !hospital.mllp.empty()) continue;
    add(issues, Severity::warning, config.file + ":" + std::to_string(hospital.line),
        "\"" + hospital.id +
            "\" sends orders, and answers have no way back to it; add mllp = \"HOST:PORT\" for "
            "status, appointment and note as HL7 v2");
  }
}

void check_peers(const Config& config, Issues& issues) {
  if (config.hospitals.empty()) {
    add(issues, Severity::error, config.file, "no [[hospital]]: nothing would ever come in");
  }
  if (config.clinics.empty()) {
    add(issues, Severity::error, config.file, "no [[clinic]]: nothing could ever go out");
  }
  for (const auto& clinic : config.clinics) {
    const bool heard =
        std::any_of(config.mllp.begin(), config.mllp.end(),
                    [&](const MllpConfig& door) { return door.source == clinic.id; }) ||
        std::any_of(config.clients.begin(), config.clients.end(),
                    [&](const ClientConfig& client) { return client.source == clinic.id; });
    if (clinic.endpoint && !heard) {
      add(issues, Severity::error, config.file + ":" + std::to_string(clinic.line),
          "\"" + clinic.id +
              "\" reads its referrals here and nobody may; add a [[client]] with role = \"clinic\" "
              "and source = \"" +
              clinic.id + "\"");
    }
    if (clinic.mllp.empty() || heard) continue;
    add(issues, Severity::error, config.file + ":" + std::to_string(clinic.line),
        "\"" + clinic.id +
            "\" gets referrals by mllp and has no way to answer; add a [[mllp]], or a " +
            "[[client]] of role source, with source = \"" + clinic.id + "\"");
  }
}

/// Without them nobody of the clinic can be added, and its inbox stays unread.
void check_inboxes(const Config& config, Issues& issues) {
  const auto today = to_string(std::chrono::floor<std::chrono::days>(system_now()));
  for (const auto& clinic : config.clinics) {
    if (!clinic.inbox) continue;
    const auto need = [&](const std::string& until, const char* key, const char* what) {
      if (until >= today) return;  // ISO days sort as text
      const bool stated = !until.empty();
      add(issues, Severity::error, config.file + ":" + std::to_string(clinic.line),
          "the people of \"" + clinic.id + "\" cannot sign in to its inbox: the " + what +
              (stated ? " ended on " + until : " is not stated") + "; set " + key +
              " = \"YYYY-MM-DD\", the last day, from the papers");
    };
    const bool elsewhere = config.directory_of_clinics.listed() && clinic.licence_until.empty();
    if (!elsewhere) need(clinic.licence_until, "licence_until", "licence");
    need(clinic.agreement_until, "agreement_until", "agreement");
  }
}

void check_approval(const Config& config, const Knowledge& knowledge, Issues& issues) {
  const std::string content =
      "the clinical content " + knowledge.rules.version + " (" + knowledge.digest + ")";
  if (config.approved_by.empty() || config.approved_on.empty() || config.approved_content.empty()) {
    return add(issues, Severity::error, config.file,
               content +
                   " is not approved; a clinician of the site reads it, then set approved_by, "
                   "approved_on and approved_content = \"" +
                   knowledge.digest + "\" in [profiles]");
  }
  if (config.approved_content == knowledge.digest) return;
  add(issues, Severity::error, config.file,
      content + " is not what " + config.approved_by + " approved on " + config.approved_on +
          "; have the changes read, then set approved_content = \"" + knowledge.digest + "\"");
}

void check_content(const Config& config, Issues& issues) {
  const auto knowledge = load_site_knowledge(config, issues);
  if (!knowledge) return;  // the issues say why
  check_approval(config, *knowledge, issues);
  for (const auto& clinic : config.clinics) {
    if (knowledge->field_profiles.contains(clinic.field_profile)) continue;
    add(issues, Severity::error, config.file + ":" + std::to_string(clinic.line),
        "field_profile \"" + clinic.field_profile + "\" is not in fhir-profiles/field-profiles");
  }
}

/// A listener as the file has it.
struct Door {
  std::string table;  ///< "[http]"
  int line;
  std::string listen, certificate, key, client_ca;
  bool plain_beyond_machine;
};

/// What would keep a door shut, or shut it soon.
void check_door(const Config& config, const Door& door, Issues& issues) {
  const auto add_here = [&](Severity severity, const std::string& text) {
    const auto line = door.line == 0 ? "" : ":" + std::to_string(door.line);
    add(issues, severity, config.file + line, door.table + ": " + text);
  };
  const auto address = door.listen.substr(0, door.listen.rfind(':'));
  if (door.certificate.empty() && door.key.empty()) {
    if (is_loopback(address)) return;
    return add_here(
        door.plain_beyond_machine ? Severity::warning : Severity::error,
        "listen \"" + door.listen +
            "\" is beyond this machine and has no TLS; set certificate and key, or listen "
            "on 127.0.0.1");
  }
  const auto certificate = config.path_of(door.certificate);
  const auto good =
      http::check_tls_files(certificate, config.path_of(door.key), config.path_of(door.client_ca));
  if (!good) return add_here(Severity::error, std::string(good.error().what.view()));
  const auto end = http::certificate_end(certificate);
  if (!end) return add_here(Severity::error, std::string(end.error().what.view()));
  constexpr auto soon = std::chrono::days(30);
  const auto day = to_string(*end).substr(0, 10);
  if (*end <= system_now()) {
    add_here(Severity::error, "the certificate ended on " + day + "; renew it");
  } else if (*end <= system_now() + soon) {
    add_here(Severity::warning, "the certificate ends on " + day + "; renew it");
  }
}

void check_doors(const Config& config, Issues& issues) {
  check_door(config,
             {"[http]", 0, config.http_listen, config.http_certificate, config.http_key,
              config.http_client_ca, false},
             issues);
  for (const auto& mllp : config.mllp) {
    check_door(config,
               {"[[mllp]]", mllp.line, mllp.listen, mllp.certificate, mllp.key, mllp.client_ca,
                mllp.plain_beyond_machine},
               issues);
  }
}

}  // namespace

void check_files(const Config& config, Issues& issues) {
  check_peers(config, issues);
  check_addresses(config, issues);
  check_inboxes(config, issues);
  check_way_back(config, issues);
  check_contacts(config, issues);
  check_sign_in(config, issues);
  openhim_mediator(config, {}, issues);
  check_content(config, issues);
  load_clients(config, issues);
  load_client_keys(config, issues);
  check_doors(config, issues);
}

}  // namespace meridian::host
