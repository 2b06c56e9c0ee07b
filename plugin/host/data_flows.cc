// SPDX-License-Identifier: Apache-2.0
#include "host/data_flows.h"

#include "host/site.h"

namespace meridian::host {
namespace {

constexpr char in_database[] = "in the database, sealed, until the site removes it";

std::vector<std::string> named(const std::vector<std::string>& files) {
  std::vector<std::string> list;
  for (const auto& file : files) {
    if (!file.empty()) list.push_back(file);
  }
  return list;
}

/// How a connection that we open is protected.
std::string tls_to(const std::string& url, const std::string& ca_file) {
  if (!url.starts_with("https://")) return "none: plain HTTP";
  return "TLS 1.2 or 1.3, host name checked against " +
         (ca_file.empty() ? "the system's authorities" : ca_file);
}

std::string sign_in_with(const AuthConfig& auth) {
  if (auth.kind == "smart") {
    return "SMART Backend Services, " + auth.algorithm + ", client " + auth.client_id;
  }
  return auth.kind == "bearer" ? "bearer token" : "none";
}

std::vector<std::string> secrets_of(const AuthConfig& auth) {
  return named({auth.token_file, auth.key_file});
}

/// What is read and written by FHIR at a peer's server.
DataFlow by_fhir(const PeerConfig& peer, const std::string& direction, const std::string& data) {
  return {peer.id,
          direction,
          "FHIR R4",
          data,
          "yes",
          peer.fhir,
          tls_to(peer.fhir, peer.ca_file),
          sign_in_with(peer.auth),
          secrets_of(peer.auth),
          in_database};
}

DataFlow by_mllp(const PeerConfig& peer, const std::string& data) {
  const auto protection =
      peer.mllp_plain ? "none: plain MLLP"
                      : "TLS 1.2 or 1.3, host name checked against " +
                            (peer.ca_file.empty() ? "the system's authorities" : peer.ca_file);
  return {peer.id,
          "out",
          "HL7 v2 by MLLP",
          data,
          "yes",
          peer.mllp,
          protection,
          peer.mllp_certificate.empty() ? "none" : "client certificate " + peer.mllp_certificate,
          named({peer.mllp_key}),
          in_database};
}

/// The HTTP door, to which others come.
DataFlow at_the_door(const Config& config, const std::string& peer, const std::string& direction,
                     const std::string& how, const std::string& data) {
  const auto protection = config.http_certificate.empty()
                              ? "none: plain HTTP"
                              : "TLS 1.2 or 1.3, certificate " + config.http_certificate;
  const auto address = config.public_url.empty() ? config.http_listen : config.public_url;
  return {
      peer,       direction, how, data, "yes", address, protection, "", named({config.http_key}),
      in_database};
}

void add_hospital(const Config& config, const PeerConfig& peer, std::vector<DataFlow>& flows) {
  const bool answers_by_v2 = !peer.mllp.empty();
  if (!peer.fhir.empty()) {
    flows.push_back(
        answers_by_v2 ? by_fhir(peer, "in", "the patient's record")
                      : by_fhir(peer, "both",
                                "in: orders and the patient's record; out: status, notes, alerts"));
  }
  if (answers_by_v2) flows.push_back(by_mllp(peer, "status of referrals, appointments, notes"));
  if (!peer.cds_issuer.empty()) {
    auto flow = at_the_door(config, peer.id, "both", "CDS Hooks",
                            "in: the order and what was prefetched; out: cards");
    flow.sign_in = "signed token of " + peer.cds_issuer;
    flow.kept = "nothing but who asked, in the audit";
    flows.push_back(std::move(flow));
  }
}

void add_clinic(const Config& config, const PeerConfig& peer, std::vector<DataFlow>& flows) {
  const auto packet =
      "out: referrals by field profile " + peer.field_profile + "; in: answers, visits, reports";
  if (!peer.fhir.empty()) flows.push_back(by_fhir(peer, "both", packet));
  if (!peer.mllp.empty()) {
    flows.push_back(by_mllp(peer, "referrals by field profile " + peer.field_profile));
  }
  if (peer.endpoint) {
    flows.push_back(at_the_door(config, peer.id, "both", "FHIR R4, read here", packet));
    flows.back().sign_in = "as its [[client]] does";
  }
  if (peer.inbox) {
    flows.push_back(at_the_door(config, peer.id, "both", "pages of the inbox", packet));
    flows.back().sign_in = "its people: password and one-time code";
  }
  if (peer.deliver == "host") {
    flows.push_back(at_the_door(config, peer.id, "out", "taken by the site's engine", packet));
    flows.back().sign_in = "as a [[client]] of the engine does";
  }
}

void add_client(const Config& config, const ClientConfig& client, std::vector<DataFlow>& flows) {
  const bool metrics = client.role == "metrics";
  const bool sends = client.role == "source";
  auto flow = at_the_door(config, client.id, sends ? "in" : "both", "HTTP, role " + client.role,
                          metrics ? "numbers for monitoring"
                          : sends ? "messages of " + client.source
                                  : "what its role may see");
  if (metrics || client.role == "viewer") flow.patient_data = "no";
  std::string ways;
  const auto add = [&](bool is_there, const char* way) {
    if (is_there) ways += (ways.empty() ? "" : " or ") + std::string(way);
  };
  add(!client.token_file.empty(), "bearer token");
  add(!client.certificate_subject.empty() || !client.certificate_key.empty(), "client certificate");
  add(!client.jwks_file.empty(), "SMART Backend Services");
  flow.sign_in = ways;
  flow.secret_files = named({config.http_key, client.token_file});
  flows.push_back(std::move(flow));
}

void add_listener(const MllpConfig& mllp, std::vector<DataFlow>& flows) {
  flows.push_back({mllp.source, "in", "HL7 v2 by MLLP", "messages", "yes", mllp.listen,
                   mllp.certificate.empty() ? "none: plain MLLP"
                                            : "TLS 1.2 or 1.3, certificate " + mllp.certificate,
                   mllp.client_ca.empty() ? "none" : "client certificate by " + mllp.client_ca,
                   named({mllp.key}), in_database});
}

/// On a server the way there is a flow of its own.
void add_kept(const Config& config, std::vector<DataFlow>& flows) {
  const bool server = on_postgres(config);
  flows.push_back({"database", "kept", server ? "PostgreSQL" : "SQLite",
                   "messages, histories, referrals, packets, people; audit over internal ids",
                   "yes", store_name(config),
                   server ? "as sslmode of [store] url says; values sealed by AES-256-GCM"
                          : "values sealed by AES-256-GCM; file mode 0600",
                   server ? "as libpq finds it" : "none", named({config.store_key_file}),
                   "until the site removes it: Meridian removes nothing by itself"});
  flows.push_back({"log",
                   "kept",
                   "standard error, JSON lines",
                   "what was done to which internal id",
                   "no",
                   "the journal",
                   "as the journal is",
                   "none",
                   {},
                   "as the journal is kept"});
}

}  // namespace

std::vector<DataFlow> data_flows(const Config& config) {
  std::vector<DataFlow> flows;
  for (const auto& peer : config.hospitals) add_hospital(config, peer, flows);
  for (const auto& peer : config.clinics) add_clinic(config, peer, flows);
  const auto& directory = config.directory_of_clinics.server;
  if (!directory.fhir.empty()) {
    auto flow = by_fhir(directory, "in", "clinics and surgeons");
    flow.peer = "directory";
    flow.patient_data = "no";
    flow.kept = "in memory";
    flows.push_back(std::move(flow));
  }
  for (const auto& contact : config.contacts) {
    if (contact.pager.empty()) continue;
    flows.push_back({contact.name,
                     "out",
                     "HTTP POST to a pager",
                     "alert: reason, order, referral, a link",
                     "yes",
                     contact.pager,
                     tls_to(contact.pager, contact.ca_file),
                     "none",
                     {},
                     in_database});
  }
  if (!config.openhim.api.empty()) {
    flows.push_back({"openhim", "out", "HTTP POST to the API of an OpenHIM core",
                     "name, version and address of this node; that it lives", "no",
                     config.openhim.api, tls_to(config.openhim.api, config.openhim.ca_file),
                     "user and password", named({config.openhim.password_file}), "not kept"});
  }
  for (const auto& client : config.clients) add_client(config, client, flows);
  for (const auto& mllp : config.mllp) add_listener(mllp, flows);
  add_kept(config, flows);
  return flows;
}

}  // namespace meridian::host
