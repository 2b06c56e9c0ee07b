// SPDX-License-Identifier: Apache-2.0
#include "host/config_tables.h"

#include <algorithm>
#include <cctype>

#include "base/egress.h"
#include "base/time.h"
#include "fhir/client/origin.h"

namespace meridian::host {
namespace {

/// How to reach and sign in at a FHIR server.
void sign_in(Section& s, PeerConfig& peer) {
  s.text("ca_file", peer.ca_file);
  s.choice("auth", peer.auth.kind, {"none", "bearer", "smart"});
  s.text("token_file", peer.auth.token_file);
  s.text("client_id", peer.auth.client_id);
  s.text("key_file", peer.auth.key_file);
  s.text("key_id", peer.auth.key_id);
  s.choice("algorithm", peer.auth.algorithm, {"RS384", "ES384"});
  s.text("scopes", peer.auth.scopes);
  s.text("issuer", peer.auth.issuer);
  if (peer.auth.kind == "bearer") s.require("token_file", peer.auth.token_file);
  if (peer.auth.kind == "smart") {
    s.require("client_id", peer.auth.client_id);
    s.require("key_file", peer.auth.key_file);
    s.require("key_id", peer.auth.key_id);
  }
}

/// "system|value", or "PEER/Type/id".
bool is_consent_name(const std::string& name) {
  if (const auto bar = name.find('|'); bar != std::string::npos) {
    return bar > 0 && bar + 1 < name.size();
  }
  return name.find(':') == std::string::npos && std::count(name.begin(), name.end(), '/') == 2 &&
         name.find("//") == std::string::npos && name.front() != '/' && name.back() != '/';
}

void read_consent_names(Section& s, PeerConfig& peer) {
  s.list("consent_names", peer.consent_names);
  for (const auto& name : peer.consent_names) {
    if (is_consent_name(name)) continue;
    s.add(peer.line, "consent_names: \"" + name +
                         "\" is neither \"system|value\" nor \"HOSPITAL/Organization/id\"; no "
                         "consent could mean it");
  }
}

/// What the site states about a receiver, for matching.
void read_stated(Section& s, PeerConfig& peer) {
  s.flag("accepts_new_patients", peer.accepts_new_patients);
  s.text("directory", peer.directory_name);
  s.text("state", peer.state);
  s.text("postal_code", peer.postal_code);
  s.number("latitude", peer.latitude, -90, 90);
  s.number("longitude", peer.longitude, -180, 180);
  s.text("licence_state", peer.licence_state);
  s.day("licence_until", peer.licence_until);
  s.day("agreement_until", peer.agreement_until);
  s.list("networks", peer.networks);
  s.list("languages", peer.languages);
  s.words("visit_modes", peer.visit_modes, {"physical", "virtual"});
  s.whole("age_from", peer.age_from, 0, 130);
  s.whole("age_to", peer.age_to, 0, 130);
  s.whole("capacity_per_week", peer.capacity_per_week, 0, 10'000);
  s.flag("paused", peer.paused);
  if (peer.latitude.has_value() != peer.longitude.has_value()) {
    s.add(peer.line, "latitude and longitude go together");
  }
}

/// Where a clinic gets referrals, or a hospital its answers, by HL7 v2.
void read_mllp_address(Section& s, PeerConfig& peer, bool clinic) {
  s.text("mllp_dialect", peer.mllp_dialect);
  s.flag("mllp_plain", peer.mllp_plain);
  s.text("mllp_certificate", peer.mllp_certificate);
  s.text("mllp_key", peer.mllp_key);
  s.flag("mllp_recognises_repeats", peer.mllp_recognises_repeats);
  if (peer.mllp.empty()) return;
  if (clinic && !peer.fhir.empty()) {
    s.add(peer.line, "there are fhir and mllp; keep the one by which it is told");
  }
  if (!clinic && !peer.services.empty()) {
    s.add(peer.line, "[[hospital]] has services and mllp; no referral can be sent to it by HL7 v2");
  }
  if (!read_listen(peer.mllp)) {
    s.add(peer.line, "mllp is \"" + peer.mllp + "\"; expected HOST:PORT");
  }
  if (peer.mllp_certificate.empty() != peer.mllp_key.empty()) {
    s.add(peer.line, "mllp_certificate and mllp_key go together");
  }
}

/// Whom we tell of events, and who is to tell us.
void check_subscriptions(Section& s, const PeerConfig& peer) {
  if (!peer.notify.empty() && !peer.endpoint) {
    s.add(peer.line,
          "notify is for a clinic with endpoint = true, whose software subscribes there");
  }
  for (const auto& address : peer.notify) {
    const auto url = fhir::wire::parse_url(address);
    if (url && url->query.empty() && fhir::wire::may_connect(*url, false)) continue;
    s.add(peer.line,
          "notify: \"" + address + "\" is no address; expected https://HOST[:PORT][/PATH]");
  }
  if (!peer.subscribe.empty() && peer.fhir.empty()) {
    s.add(peer.line, "subscribe asks the server of fhir, and there is none");
  }
}

/// A clinic that reads here is reached by nothing else.
void check_endpoint(Section& s, const PeerConfig& peer) {
  if (!peer.reads_here()) return;
  const std::string key = peer.endpoint ? "endpoint" : "inbox";
  if (!peer.fhir.empty() || !peer.mllp.empty()) {
    s.add(peer.line, "there are " + key + " and fhir or mllp; keep the one by which it is told");
  }
  if (peer.deliver != "meridian") {
    s.add(peer.line, "with " + key + " nothing is delivered elsewhere; remove deliver");
  }
  if (peer.inbox && peer.referral_dialect != "plain") {
    s.add(peer.line, "referral_dialect is how software is spoken to; remove it beside inbox");
  }
}

/// Nothing that could end or widen a header: an origin as browsers write it (RFC 6454 section 6.2).
bool is_origin(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto kind = text.substr(0, scheme);
  const auto host = text.substr(scheme + 3);
  return (kind == "https" || kind == "http") && !host.empty() &&
         std::all_of(host.begin(), host.end(), [](unsigned char c) {
           return (std::isalnum(c) != 0 && c < 0x80) || c == '.' || c == '-' || c == ':' ||
                  c == '[' || c == ']';
         });
}

void check_origins(Section& s, const PeerConfig& peer, const char* key,
                   const std::vector<std::string>& origins) {
  for (const auto& origin : origins) {
    if (is_origin(origin)) continue;
    s.add(peer.line,
          std::string(key) + ": \"" + origin + "\" is none; expected https://HOST[:PORT]");
  }
}

/// Whose EHR asks at signing.
void read_cds(Section& s, PeerConfig& peer) {
  s.text("cds_issuer", peer.cds_issuer);
  s.text("cds_tenant", peer.cds_tenant);
  s.text("cds_jku", peer.cds_jku);
  s.text("cds_jwks_file", peer.cds_jwks_file);
  s.flag("cds_use_token", peer.cds_use_token);
  s.whole("cds_milliseconds", peer.cds_milliseconds, 50, 10'000);
  s.list("cds_origins", peer.cds_origins);
  const bool keys = !peer.cds_jku.empty() || !peer.cds_jwks_file.empty();
  if (peer.cds_issuer.empty()) {
    if (keys) s.add(peer.line, "[[hospital]] has CDS keys and no cds_issuer; add the client's iss");
    return;
  }
  if (peer.fhir.empty()) {
    s.add(peer.line, "[[hospital]] has cds_issuer and no fhir; the patient's record must be read");
  }
  if (!keys) {
    s.add(peer.line,
          "cds_issuer needs cds_jku = \"https://...\", where the client's public keys are, or "
          "cds_jwks_file");
  }
  check_origins(s, peer, "cds_origins", peer.cds_origins);
}

/// Whose EHR opens the surgeon's view.
void read_smart(Section& s, PeerConfig& peer) {
  s.text("smart_client_id", peer.smart_client_id);
  s.text("smart_iss", peer.smart_iss);
  s.text("smart_key_file", peer.smart_key_file);
  s.text("smart_key_id", peer.smart_key_id);
  s.choice("smart_algorithm", peer.smart_algorithm, {"RS384", "ES384"});
  s.text("smart_scopes", peer.smart_scopes);
  s.list("smart_origins", peer.smart_origins);
  s.choice("unread_reports", peer.unread_reports, {"remind", "leave"});
  if (peer.smart_iss.empty()) peer.smart_iss = peer.fhir;
  check_origins(s, peer, "smart_origins", peer.smart_origins);
  if (peer.smart_key_file.empty() != peer.smart_key_id.empty()) {
    s.add(peer.line, "smart_key_file and smart_key_id go together; a public client has none");
  }
  if (peer.smart_client_id.empty()) {
    if (!peer.smart_origins.empty() || !peer.smart_key_file.empty()) {
      s.add(peer.line, "[[hospital]] has smart_ keys and no smart_client_id; add the app's id");
    }
    return;
  }
  if (peer.fhir.empty()) {
    s.add(peer.line,
          "[[hospital]] has smart_client_id and no fhir; the EHR names patients by their FHIR id");
  }
  for (const std::string_view scope : {"launch", "openid", "fhirUser"}) {
    const auto padded = " " + peer.smart_scopes + " ";
    if (padded.find(" " + std::string(scope) + " ") == std::string::npos) {
      s.add(peer.line, "smart_scopes lacks \"" + std::string(scope) + "\"; nobody could sign in");
    }
  }
}

/// A hospital that only sends messages.
void check_without_fhir(Section& s, const PeerConfig& peer) {
  if (!peer.services.empty()) {
    s.add(peer.line, "[[hospital]] has services and no fhir; no referral can be sent to it");
  }
  if (peer.auth.kind != "none") {
    s.add(peer.line, "[[hospital]] has auth and no fhir; add fhir = \"...\" or remove auth");
  }
}

}  // namespace

PeerConfig read_peer(Section& s, bool clinic) {
  PeerConfig peer;
  peer.line = s.line();
  s.text("id", peer.id);
  s.text("name", peer.name);
  s.text("fhir", peer.fhir);
  s.text("mllp", peer.mllp);
  s.text("dialect", peer.dialect);
  s.text("referral_dialect", peer.referral_dialect);
  s.text("practice", peer.practice);
  s.text("department", peer.department);
  s.text("writes_as", peer.writes_as);
  sign_in(s, peer);
  s.number("poll_seconds", peer.poll_seconds, 0.05, 86400);
  s.list("subscribe", peer.subscribe);
  s.whole("lookback_hours", peer.lookback_hours, 0, 24 * 366);
  if (!clinic) {
    peer.services = {};
    if (!peer.fhir.empty() && peer.mllp.empty()) peer.services = {"spine_surgery"};
    peer.modalities = {};
    peer.field_profile = "hospital-default";
  }
  s.list("services", peer.services);
  s.flag("pdf", peer.pdf);
  s.text("field_profile", peer.field_profile);
  if (clinic) {
    s.list("modalities", peer.modalities);
    s.choice("deliver", peer.deliver, {"meridian", "host"});
    s.flag("endpoint", peer.endpoint);
    s.list("notify", peer.notify);
    s.flag("inbox", peer.inbox);
  } else {
    s.text("notice_to", peer.notice_to);
    read_cds(s, peer);
    read_smart(s, peer);
  }
  read_stated(s, peer);
  read_consent_names(s, peer);
  s.require("id", peer.id);
  read_mllp_address(s, peer, clinic);
  check_endpoint(s, peer);
  check_subscriptions(s, peer);
  if (clinic && peer.mllp.empty() && !peer.reads_here()) s.require("fhir", peer.fhir);
  if (peer.fhir.empty() && !clinic) check_without_fhir(s, peer);
  if (peer.name.empty()) peer.name = peer.id;
  return peer;
}

void read_directory_table(Section& s, DirectoryConfig& directory) {
  directory.server.id = "directory";
  directory.server.line = s.line();
  s.text("file", directory.file);
  s.text("fhir", directory.server.fhir);
  sign_in(s, directory.server);
  s.whole("refresh_minutes", directory.refresh_minutes, 0, 60 * 24 * 31);
  s.whole("lost_percent", directory.lost_percent, 0, 100);
  s.number("radius_km", directory.radius_km, 0.1, 20'100);
  s.words("require", directory.require,
          {"licence", "network", "language", "position", "agreement", "new_patients"});
  s.choice("licence_where", directory.licence_where, {"patient", "clinic"});
  s.whole("capacity_per_week", directory.capacity_per_week, 1, 10'000);
  if (!directory.file.empty() && !directory.server.fhir.empty()) {
    s.add(s.line(), "[directory] has a file and a fhir server; keep one of them");
  }
}

ContactConfig read_contact(Section& s) {
  ContactConfig contact;
  contact.line = s.line();
  s.text("name", contact.name);
  s.text("pager", contact.pager);
  s.text("tested", contact.tested);
  s.text("ca_file", contact.ca_file);
  s.require("name", contact.name);
  s.require("pager", contact.pager);
  if (!contact.tested.empty() && !parse_day(contact.tested)) {
    s.add(contact.line, "[[contact]]: tested must be a day as \"2026-11-20\"");
  }
  return contact;
}

SignInConfig read_sign_in(Section& s) {
  SignInConfig given;
  given.line = s.line();
  s.text("issuer", given.issuer);
  s.text("name", given.name);
  s.text("client_id", given.client_id);
  s.text("client_secret_file", given.client_secret_file);
  s.text("ca_file", given.ca_file);
  s.text("scopes", given.scopes);
  s.list("acr", given.acr);
  s.list("amr", given.amr);
  s.require("issuer", given.issuer);
  s.require("client_id", given.client_id);
  if (given.name.empty()) given.name = given.issuer;
  if ((" " + given.scopes + " ").find(" openid ") == std::string::npos) {
    s.add(given.line, "[sign_in]: scopes must have openid among them");
  }
  if (given.acr.empty() && given.amr.empty()) {
    s.add(given.line,
          "[sign_in]: say by which acr or amr of its tokens the provider tells that two factors "
          "were shown; nobody signs in with one");
  }
  return given;
}

OpenHimConfig read_openhim(Section& s) {
  OpenHimConfig openhim;
  openhim.line = s.line();
  s.text("api", openhim.api);
  s.text("user", openhim.user);
  s.text("password_file", openhim.password_file);
  s.text("ca_file", openhim.ca_file);
  s.text("urn", openhim.urn);
  s.require("api", openhim.api);
  s.require("user", openhim.user);
  s.require("password_file", openhim.password_file);
  if (!openhim.urn.empty() && openhim.urn.find_first_of("/?#% ") != std::string::npos) {
    s.add(openhim.line, "[openhim]: urn must be a name as \"urn:mediator:meridian-1\"");
  }
  return openhim;
}

EgressConfig read_egress(Section& s) {
  EgressConfig egress;
  egress.line = s.line();
  s.list("hosts", egress.hosts);
  s.list("networks", egress.networks);
  for (const auto& host : egress.hosts) {
    if (parse_place(host)) continue;
    s.add(egress.line,
          "[egress]: hosts: \"" + host + "\" is none; write HOST or HOST:PORT, each name in full");
  }
  for (const auto& network : egress.networks) {
    if (parse_network(network)) continue;
    s.add(egress.line, "[egress]: networks: \"" + network +
                           "\" is none; write ADDRESS/LENGTH as \"10.20.0.0/16\", with nothing "
                           "behind the length");
  }
  return egress;
}

MailConfig read_mail(Section& s) {
  MailConfig mail;
  mail.line = s.line();
  s.text("host", mail.host);
  s.choice("security", mail.security, {"starttls", "tls", "none"});
  mail.port = mail.security == "tls" ? 465 : 587;
  s.whole("port", mail.port, 1, 65535);
  s.text("ca_file", mail.ca_file);
  s.text("user", mail.user);
  s.text("password_file", mail.password_file);
  s.text("from", mail.from);
  s.number("every_minutes", mail.every_minutes, 1, 24 * 60);
  s.require("host", mail.host);
  s.require("from", mail.from);
  if (mail.user.empty() != mail.password_file.empty()) {
    s.add(mail.line, "[mail]: user and password_file go together");
  }
  return mail;
}

ClientConfig read_client(Section& s) {
  ClientConfig client;
  client.line = s.line();
  s.text("id", client.id);
  s.choice("role", client.role, {"source", "clinic", "operator", "staff", "viewer", "metrics"});
  s.text("source", client.source);
  s.text("token_file", client.token_file);
  s.text("signature_file", client.signature_file);
  s.text("jwks_file", client.jwks_file);
  s.text("certificate_subject", client.certificate_subject);
  s.text("certificate_key_sha256", client.certificate_key);
  s.require("id", client.id);
  s.require("role", client.role);
  const bool certificate = !client.certificate_subject.empty() || !client.certificate_key.empty();
  const bool shows_another =
      certificate || !client.jwks_file.empty() || !client.signature_file.empty();
  if (!shows_another) s.require("token_file", client.token_file);
  if (client.role == "source" || client.role == "clinic") s.require("source", client.source);
  if (!client.signature_file.empty() && client.role != "source") {
    s.add(client.line,
          "[[client]]: signature_file is for role = \"source\", which signs its posts");
  }
  if (!client.jwks_file.empty() && client.role != "clinic") {
    s.add(client.line, "[[client]]: jwks_file is for role = \"clinic\", which signs in with a key");
  }
  std::transform(client.certificate_key.begin(), client.certificate_key.end(),
                 client.certificate_key.begin(), [](unsigned char c) { return std::tolower(c); });
  const bool hexadecimal =
      client.certificate_key.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!client.certificate_key.empty() && (client.certificate_key.size() != 64 || !hexadecimal)) {
    s.add(client.line, "[[client]]: certificate_key_sha256 must be 64 hexadecimal digits");
  }
  return client;
}
MllpConfig read_mllp(Section& s) {
  MllpConfig mllp;
  mllp.line = s.line();
  s.text("listen", mllp.listen);
  s.text("source", mllp.source);
  s.text("certificate", mllp.certificate);
  s.text("key", mllp.key);
  s.text("client_ca", mllp.client_ca);
  s.flag("plain_beyond_machine", mllp.plain_beyond_machine);
  s.number("max_megabytes", mllp.max_megabytes, 0.001, 64);
  s.whole("max_connections", mllp.max_connections, 1, 10'000);
  s.whole("max_per_peer", mllp.max_per_peer, 1, 10'000);
  s.number("max_per_second", mllp.max_per_second, 0, 100'000);
  s.number("read_seconds", mllp.read_seconds, 1, 3600);
  s.number("idle_seconds", mllp.idle_seconds, 1, 86400 * 7);
  s.require("listen", mllp.listen);
  s.require("source", mllp.source);
  if (!mllp.listen.empty() && !read_listen(mllp.listen)) {
    s.add(mllp.line, "[[mllp]]: listen must be \"address:port\"");
  }
  if (mllp.certificate.empty() != mllp.key.empty()) {
    s.add(mllp.line, "[[mllp]]: certificate and key go together; set both or none");
  }
  if (mllp.certificate.empty() && !mllp.client_ca.empty()) {
    s.add(mllp.line, "[[mllp]]: client_ca needs certificate and key");
  }
  return mllp;
}

}  // namespace meridian::host
