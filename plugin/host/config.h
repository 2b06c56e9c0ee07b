// SPDX-License-Identifier: Apache-2.0
// The site's TOML configuration. Every key is known; a key that is not is an error with its line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/issue.h"
#include "routing/clocks.h"

namespace meridian::host {

/// How to sign in at a FHIR server.
struct AuthConfig {
  std::string kind = "none";        ///< none, bearer, smart
  std::string token_file;           ///< bearer: a file that holds the token
  std::string client_id;            ///< smart: SMART Backend Services
  std::string key_file;             ///< smart: private key, PEM
  std::string key_id;               ///< smart: kid of the key in the JWKS
  std::string algorithm = "RS384";  ///< smart: RS384 or ES384
  std::string scopes = "system/*.rs";
  std::string issuer;  ///< smart: where .well-known/smart-configuration is; empty: the base URL
};

/// How long bodies are kept: messages, gathered records, what was sent. What happened stays.
struct RetentionConfig {
  int messages_days = 0;          ///< of messages on which no referral rests; 0: for ever
  int referrals_days = 0;         ///< after a referral ended; 0: for ever
  double most_gb = 0;             ///< of the database, in 10^9 bytes; 0: no limit
  int least_days = 30;            ///< what is younger stays, whatever the size
  std::vector<std::string> hold;  ///< referrals of which nothing goes
  int line = 0;
};

/// A system that speaks FHIR: [[hospital]] or [[clinic]].
struct PeerConfig {
  std::string id;    ///< short name, in every key; never change it
  std::string name;  ///< for people
  std::string fhir;  ///< base URL; empty: a hospital that only sends messages
  std::string dialect = "r4";
  std::string referral_dialect = "plain";  ///< the referral standard it follows, by FHIR
  std::string practice;    ///< whose patients are meant, where a server keeps several practices
  std::string department;  ///< the server's number of the one that documents are written to
  std::string writes_as;   ///< the server's own record of whoever signs our messages there
  std::string ca_file;
  AuthConfig auth;
  double poll_seconds = 15;
  int lookback_hours = 24;  ///< how far the very first poll reaches
  int line = 0;             ///< of the table in the file

  // By MLLP: where a clinic gets referrals, in place of fhir, and a hospital its answers. A
  // hospital that has both orders and is told by HL7 v2, and its record is read by FHIR.
  std::string mllp;  ///< "ehr.quietriver.example:2575"
  std::string mllp_dialect = "v2";
  bool pdf = true;               ///< the packet's page also as PDF
  bool mllp_plain = false;       ///< without TLS: on this machine, or in a network that is trusted
  std::string mllp_certificate;  ///< PEM; shown when it asks for one
  std::string mllp_key;          ///< PEM
  bool mllp_recognises_repeats = false;  ///< it drops a message whose MSH-10 it has already

  // A hospital whose EHR asks at signing, by CDS Hooks.
  std::string cds_issuer;                ///< iss of its client; empty: nobody asks
  std::string cds_tenant;                ///< tenant in its tokens; empty: it names none
  std::string cds_jku;                   ///< where its public keys are
  std::string cds_jwks_file;             ///< or the keys themselves
  bool cds_use_token = false;            ///< what is missing is read with the token of a call
  int cds_milliseconds = 800;            ///< an answer is due then
  std::vector<std::string> cds_origins;  ///< of browsers that may call

  // A hospital whose EHR opens the surgeon's view inside itself, by SMART App Launch.
  std::string smart_client_id;            ///< of our app at its EHR; empty: it opens none
  std::string smart_iss;                  ///< FHIR base that the EHR launches with; empty: `fhir`
  std::string smart_key_file;             ///< private key, PEM; empty: a public client
  std::string smart_key_id;               ///< kid of the key as the EHR knows it
  std::string smart_algorithm = "RS384";  ///< RS384 or ES384
  std::string smart_scopes = "launch openid fhirUser patient/Patient.rs user/Practitioner.rs";
  std::vector<std::string> smart_origins;  ///< of the EHR's pages that may frame the view
  std::string unread_reports = "remind";   ///< or leave: whether somebody opened them is not asked

  bool endpoint = false;  ///< a clinic whose software reads its referrals at our FHIR endpoint
  std::vector<std::string> notify;     ///< endpoint: below which addresses it may be told
  std::vector<std::string> subscribe;  ///< topics that its server is asked to tell of
  bool inbox = false;                  ///< a clinic whose people read them in our pages
  /// What is delivered to it, it reads here.
  bool reads_here() const { return endpoint || inbox; }

  std::string notice_to;  ///< a hospital: the mail address that is told that something waits

  // As a receiver of referrals. A hospital receives spine_surgery with "hospital-default".
  std::vector<std::string> services = {"acupuncture"};
  std::vector<std::string> modalities = {"manual"};  ///< clinics only
  std::string field_profile = "clinic-default";
  std::string deliver = "meridian";          ///< meridian, or host: an engine takes and settles
  std::optional<bool> accepts_new_patients;  ///< empty: not stated

  /// What a Consent may call it: "system|value", or "PEER/Organization/id" on that peer's server
  std::vector<std::string> consent_names;

  // What the site knows of it, for matching. Empty: not stated, or the directory says it.
  std::string directory_name;  ///< its name in the directory: "HealthcareService/7", "system|value"
  std::string state;           ///< USPS code
  std::string postal_code;
  std::optional<double> latitude;  ///< degrees
  std::optional<double> longitude;
  std::string licence_state;    ///< USPS code
  std::string licence_until;    ///< last day, YYYY-MM-DD
  std::string agreement_until;  ///< last day, YYYY-MM-DD
  std::vector<std::string> networks;
  std::vector<std::string> languages;
  std::vector<std::string> visit_modes;  ///< physical, virtual
  std::optional<int> age_from;
  std::optional<int> age_to;
  std::optional<int> capacity_per_week;
  bool paused = false;  ///< nothing is sent there for now
};

/// Where clinics and surgeons are listed, and how they are matched: [directory].
struct DirectoryConfig {
  std::string file;   ///< FHIR Bundle or NDJSON; empty: none
  PeerConfig server;  ///< fhir, ca_file, auth and its keys; fhir empty: none
  int refresh_minutes = 60;
  int lost_percent = 20;  ///< a refresh that lost more of the receivers is not taken
  double radius_km = 80;
  std::vector<std::string> require;  ///< facts that must be stated and right
  std::string licence_where = "patient";
  int capacity_per_week = 10;  ///< of a clinic that states none

  bool listed() const { return !file.empty() || !server.fhir.empty(); }
};

/// Who is alerted in an emergency, in this order: [[contact]].
struct ContactConfig {
  std::string name;    ///< a role or person
  std::string pager;   ///< URL that takes a POST with the alert
  std::string tested;  ///< day of the last drill, YYYY-MM-DD; empty: never tested
  std::string ca_file;
  int line = 0;
};

/// The OpenID provider at which people may sign in: [sign_in].
struct SignInConfig {
  std::string issuer;  ///< empty: none
  std::string name;    ///< for people: "the hospital's account"
  std::string client_id;
  std::string client_secret_file;  ///< empty: a public client
  std::string ca_file;
  std::string scopes = "openid";
  std::vector<std::string> acr;  ///< any of these in a token says that two factors were shown
  std::vector<std::string> amr;  ///< or any of these
  int line = 0;
};

/// The mail server by which people are told that something waits: [mail].
struct MailConfig {
  std::string host;                   ///< empty: no mail is sent
  int port = 0;                       ///< 0: 587, with security "tls" 465
  std::string security = "starttls";  ///< starttls, tls, or none on the loopback
  std::string ca_file;
  std::string user;
  std::string password_file;
  std::string from;           ///< the address that notices come from
  double every_minutes = 30;  ///< nobody is told more often
  int line = 0;
};

/// The Open Health Information Mediator that Meridian makes itself known to: [openhim].
struct OpenHimConfig {
  std::string api;  ///< URL of the core's API; empty: none
  std::string user;
  std::string password_file;
  std::string ca_file;
  std::string urn;  ///< of this node there
  int line = 0;
};

/// Where Meridian may connect to besides what the tables name: [egress].
struct EgressConfig {
  std::vector<std::string> hosts;  ///< HOST or HOST:PORT that a peer may name, port 443 unless said
  std::vector<std::string> networks;  ///< of all addresses that are connected to; empty: any
  int line = 0;
};

/// Who may call our HTTP door: [[client]]. A token, a client certificate, or either.
struct ClientConfig {
  std::string id;              ///< for logs and the audit
  std::string role;            ///< source, clinic, operator, staff, viewer, metrics
  std::string source;          ///< source, clinic: the [[hospital]] or [[clinic]] it speaks for
  std::string jwks_file;       ///< clinic: the public keys that it signs in with
  std::string token_file;      ///< mode 0600, 32 characters or more
  std::string signature_file;  ///< source: a secret with which it signs its notifications
  std::string certificate_subject;  ///< RFC 2253; needs [http] client_ca
  std::string certificate_key;      ///< SHA-256 of the certificate's public key, hexadecimal
  int line = 0;
};

/// Where HL7 v2 messages come in: [[mllp]].
struct MllpConfig {
  std::string listen;       ///< "127.0.0.1:2575"; port 0 takes a free one
  std::string source;       ///< the [[hospital]] or [[clinic]] that sends here
  std::string certificate;  ///< PEM; empty: plain
  std::string key;          ///< PEM
  std::string client_ca;    ///< PEM; a sender must show a certificate of these authorities
  bool plain_beyond_machine = false;  ///< plain MLLP also on other than loopback addresses
  double max_megabytes = 16;          ///< of one message
  int max_connections = 64;
  int max_per_peer = 16;        ///< connections from one address
  double max_per_second = 0;    ///< messages from one address; 0: any number
  double read_seconds = 60;     ///< from the first byte of a message to the last
  double idle_seconds = 86400;  ///< between messages
  int line = 0;
};

struct Config {
  std::string file;       ///< for messages
  std::string directory;  ///< relative paths start here
  std::string text;       ///< the TOML that it was read from

  std::string site_name;
  std::string node = "node-1";
  std::string public_url;  ///< how people reach the web pages; empty: the listener's address

  std::string store_url = "sqlite:meridian.db";
  std::string store_key_file = "meridian.key";
  bool store_create = true;  ///< make database and key when there are none

  std::string http_listen = "127.0.0.1:8480";  ///< port 0 takes a free one
  std::string http_certificate;                ///< PEM; empty: plain HTTP, loopback only
  std::string http_key;
  std::string http_client_ca;  ///< PEM: authorities whose client certificates are trusted

  std::map<std::string, std::string> authorities;  ///< of HL7 v2 identifiers: name to FHIR system
  std::string v2_charset = "windows-1252";         ///< of messages that name none and are not UTF-8

  std::string profiles_directory;  ///< empty: the built-in fhir-profiles
  std::string approved_by;         ///< the clinician who approved the content for this site
  std::string approved_on;         ///< the day, YYYY-MM-DD
  std::string approved_content;    ///< Knowledge::digest of what was approved
  std::string guideline;           ///< id of rules/guidelines.json; empty: the content's default

  double acknowledge_within_minutes = 15;
  int form_hours = 72;                   ///< how long a link to a staff form is good
  double review_every_hours = 24;        ///< an open referral's record is looked at again
  double review_before_visit_hours = 4;  ///< and so long before a booked visit
  /// After midnight on the site's clock; nothing: peers are compared only when somebody asks.
  std::optional<std::chrono::minutes> reconcile_at{std::chrono::hours(3)};
  double reconcile_settle_seconds = 300;  ///< what was sent since is not compared
  RetentionConfig retention;
  routing::Calendar calendar;                              ///< of the site
  std::map<routing::State, routing::Deadlines> deadlines;  ///< in place of the built-in ones
  int workers = 2;  ///< referrals assessed at the same time, 1 to 64
  double first_retry_seconds = 1;
  double longest_retry_seconds = 900;
  double lease_seconds = 180;  ///< longer than any gather or send takes

  DirectoryConfig directory_of_clinics;
  std::vector<PeerConfig> hospitals;
  std::vector<PeerConfig> clinics;
  std::vector<ContactConfig> contacts;
  MailConfig mail;
  SignInConfig sign_in;
  OpenHimConfig openhim;
  EgressConfig egress;
  std::vector<ClientConfig> clients;
  std::vector<MllpConfig> mllp;

  /// production, training or debugging: what the messages that come in are for. HL7 table 0103.
  std::string processing = "production";
  bool is_test() const { return processing != "production"; }

  std::string log_file;            ///< empty: standard error, which a service manager collects
  std::string log_level = "info";  ///< debug, info, warning or error

  /// `path` below `directory`, unless it is absolute or empty.
  std::string path_of(std::string_view path) const;
};

/// "127.0.0.1:8480" or "[::1]:8480" in its parts. Nothing when there is no port in it.
struct ListenAddress {
  std::string address;  ///< without brackets
  std::uint16_t port = 0;
};
std::optional<ListenAddress> read_listen(std::string_view text);

/// "ADT1=http://example.org/mrn" and the like as a map; a pair that is none is an issue at `path`.
std::map<std::string, std::string> read_authorities(const std::vector<std::string>& pairs,
                                                    const std::string& path, Issues& issues);

/// Reads the text. Issues name "file:line" and the fix; a Config with error issues must not be
/// used.
Config read_config(std::string_view toml, std::string_view file, std::string_view directory,
                   Issues& issues);

/// Reads a file. A file that cannot be read is an issue.
Config load_config(const std::string& path, Issues& issues);

}  // namespace meridian::host
