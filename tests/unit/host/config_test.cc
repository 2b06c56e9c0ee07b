// SPDX-License-Identifier: Apache-2.0
// The configuration file: what is wrong is named with its line and the fix.
#include "host/config.h"

#include <gtest/gtest.h>

#include "places.h"
#include "unit/host/config_faults.h"

namespace meridian::host {
namespace {

TEST(Config, ReadsWhereMessagesComeInByMllp) {
  Issues issues;
  const auto config = read_config(R"(
[[clinic]]
id = "willow"
fhir = "https://willow.example/r4"
[[mllp]]
listen = "[::1]:2575"
source = "willow"
certificate = "c.pem"
key = "k.pem"
client_ca = "ca.pem"
max_megabytes = 0.5
max_per_peer = 2
max_per_second = 50
read_seconds = 5
)",
                                  "site.toml", "/site", issues);
  EXPECT_FALSE(has_errors(issues)) << issues.front().path << issues.front().text;
  ASSERT_EQ(config.mllp.size(), 1u);
  const auto& mllp = config.mllp.front();
  EXPECT_EQ(read_listen(mllp.listen)->address, "::1");
  EXPECT_EQ(read_listen(mllp.listen)->port, 2575);
  EXPECT_EQ(mllp.source, "willow");
  EXPECT_EQ(mllp.client_ca, "ca.pem");
  EXPECT_EQ(mllp.max_megabytes, 0.5);
  EXPECT_EQ(mllp.max_per_peer, 2);
  EXPECT_EQ(mllp.max_connections, 64);
  EXPECT_EQ(mllp.max_per_second, 50);
  EXPECT_EQ(mllp.read_seconds, 5);
  EXPECT_FALSE(mllp.plain_beyond_machine);
}

TEST(Config, SaysWhatAnMllpTableNeeds) {
  const std::string clinic = "[[clinic]]\nid = \"willow\"\nfhir = \"https://w.example\"\n";
  EXPECT_EQ(faults("[[mllp]]\n"),
            (Texts{"site.toml:1: [[mllp]] has no listen; add listen = \"...\"",
                   "site.toml:1: [[mllp]] has no source; add source = \"...\""}));
  EXPECT_EQ(faults(clinic + "[[mllp]]\nlisten = \"2575\"\nsource = \"wilow\"\n"),
            (Texts{"site.toml:4: [[mllp]]: listen must be \"address:port\"",
                   "site.toml:4: [[mllp]]: source \"wilow\" is no [[hospital]] or [[clinic]]; did "
                   "you mean \"willow\"?"}));
  const auto door = clinic + "[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"willow\"\n";
  EXPECT_EQ(faults(door), Texts{});
  EXPECT_EQ(faults(door + "key = \"k\"\n"),
            Texts{"site.toml:4: [[mllp]]: certificate and key go together; set both or none"});
  EXPECT_EQ(faults(door + "client_ca = \"c\"\n"),
            Texts{"site.toml:4: [[mllp]]: client_ca needs certificate and key"});
  EXPECT_EQ(faults(door + "max_per_peer = 0\n"),
            Texts{"site.toml:7: [[mllp]]: max_per_peer must be a whole number from 1 to 10000"});
  for (const std::string_view wrong : {"127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "[::1]:65536"}) {
    EXPECT_FALSE(read_listen(wrong)) << wrong;
  }
}

TEST(Config, TakesNoPasswordInTheDatabasesUrl) {
  const auto faults_of = [](const std::string& url) {
    return faults("[store]\nurl = \"" + url + "\"\n");
  };
  for (const std::string good :
       {"sqlite:C:/data/m.db", "postgresql://meridian@db.example:5432/meridian",
        "postgresql://db.example:5432/meridian", "postgresql://meridian@[2001:db8::1]/m",
        "postgresql://meridian@db.example/m?passfile=/etc/meridian/pgpass"}) {
    EXPECT_EQ(faults_of(good), Texts{}) << good;
  }
  for (const std::string bad :
       {"postgresql://meridian:secret@db.example/m", "postgres://m:a@b@db.example/m",
        "postgresql://db.example/m?password=secret", "postgresql://db/m?sslmode=x&password=s"}) {
    EXPECT_EQ(faults_of(bad),
              Texts{"site.toml:1: [store]: url must not hold the password, since this file is read "
                    "by many; put it into a password file (~/.pgpass, or passfile= in the URL)"})
        << bad;
  }
}

TEST(Config, ReadsEveryTable) {
  Issues issues;
  const auto config = read_config(R"(
[site]
name = "Tamarack Ridge"
node = "a"
public_url = "https://meridian.example"
[store]
url = "sqlite:data/m.db"
key_file = "/etc/meridian/key"
create = false
[http]
listen = "127.0.0.1:0"
[alerts]
acknowledge_within_minutes = 5
[answers]
form_hours = 24
[review]
every_hours = 12
before_visit_hours = 0.5
[profiles]
guideline = "WHO_2023"
[delivery]
workers = 4
first_retry_seconds = 0.1
[[hospital]]
id = "ehr"
fhir = "https://ehr.example/fhir"
dialect = "epic"
referral_dialect = "bser"
auth = "smart"
client_id = "c"
key_file = "k.pem"
key_id = "k1"
algorithm = "ES384"
[[clinic]]
id = "willow"
name = "Willow Acupuncture"
fhir = "https://willow.example/r4"
modalities = ["manual", "electro"]
deliver = "host"
[[contact]]
name = "spine surgeon on call"
pager = "https://page.example/1"
tested = "2026-11-01"
[[client]]
id = "engine"
role = "source"
source = "ehr"
token_file = "engine.token"
)",
                                  "site.toml", "/site", issues);
  EXPECT_TRUE(issues.empty());
  EXPECT_EQ(config.site_name, "Tamarack Ridge");
  EXPECT_FALSE(config.store_create);
  EXPECT_EQ(config.path_of("data/m.db"), "/site/data/m.db");
  EXPECT_EQ(config.path_of("/abs"), "/abs");
  EXPECT_EQ(config.path_of(""), "");
  EXPECT_DOUBLE_EQ(config.acknowledge_within_minutes, 5);
  EXPECT_EQ(config.form_hours, 24);
  EXPECT_EQ(config.guideline, "WHO_2023");
  EXPECT_DOUBLE_EQ(config.review_every_hours, 12);
  EXPECT_DOUBLE_EQ(config.review_before_visit_hours, 0.5);
  ASSERT_EQ(config.hospitals.size(), 1u);
  EXPECT_EQ(config.hospitals[0].auth.algorithm, "ES384");
  EXPECT_EQ(config.hospitals[0].name, "ehr");
  EXPECT_EQ(config.hospitals[0].referral_dialect, "bser");
  EXPECT_EQ(config.clinics.at(0).referral_dialect, "plain");
  ASSERT_EQ(config.clinics.size(), 1u);
  EXPECT_EQ(config.clinics[0].modalities, (Texts{"manual", "electro"}));
  EXPECT_EQ(config.clinics[0].deliver, "host");
  ASSERT_EQ(config.contacts.size(), 1u);
  EXPECT_EQ(config.contacts[0].tested, "2026-11-01");
}

TEST(Config, AClientMustBeAbleToShowWhoItIsAndSpeaksForAKnownSystem) {
  const std::string client = "[[client]]\nid = \"a\"\n";
  EXPECT_EQ(faults(client + "role = \"viewer\"\n"),
            Texts{"site.toml:1: [[client]] has no token_file; add token_file = \"...\""});
  EXPECT_EQ(faults(client + "role = \"source\"\ntoken_file = \"t\"\n"),
            Texts{"site.toml:1: [[client]] has no source; add source = \"...\""});
  EXPECT_EQ(faults(client + "role = \"source\"\ntoken_file = \"t\"\nsource = \"ehr2\"\n"
                            "[[hospital]]\nid = \"ehr\"\nfhir = \"https://x\"\n"),
            Texts{"site.toml:1: [[client]]: source \"ehr2\" is no [[hospital]] or [[clinic]]; did "
                  "you mean \"ehr\"?"});
  EXPECT_EQ(faults(client + "role = \"boss\"\ntoken_file = \"t\"\n").front(),
            "site.toml:3: [[client]]: role must be one of \"source\" \"clinic\" \"operator\" "
            "\"staff\" \"viewer\" \"metrics\"");
  EXPECT_EQ(faults("[[client]]\nid = \"operator\"\nrole = \"viewer\"\ntoken_file = \"t\"\n"),
            Texts{"site.toml:1: the client id \"operator\" is taken; give each its own"});
}

TEST(Config, AClinicThatReadsHereHasNoOtherWayAndAClientOfItsOwn) {
  const std::string clinic = "[[clinic]]\nid = \"willow\"\nendpoint = true\n";
  const std::string client =
      "[[client]]\nid = \"willow-ehr\"\nrole = \"clinic\"\nsource = \"willow\"\n";
  EXPECT_EQ(faults(clinic + client + "jwks_file = \"k.json\"\n"), Texts{});
  EXPECT_EQ(faults(clinic + client + "token_file = \"t\"\n"), Texts{});
  EXPECT_EQ(faults(clinic + "fhir = \"https://x\"\n"),
            Texts{"site.toml:1: there are endpoint and fhir or mllp; keep the one by which it is "
                  "told"});
  EXPECT_EQ(faults(clinic + "deliver = \"host\"\n"),
            Texts{"site.toml:1: with endpoint nothing is delivered elsewhere; remove deliver"});
  EXPECT_EQ(faults("[[clinic]]\nid = \"willow\"\nfhir = \"https://x\"\n" + client +
                   "token_file = \"t\"\n"),
            Texts{"site.toml:4: [[client]]: role \"clinic\" is for a [[clinic]] with endpoint = "
                  "true; \"willow\" is none"});
  EXPECT_EQ(
      faults(clinic + "[[client]]\nid = \"a\"\nrole = \"source\"\nsource = \"willow\"\n"
                      "jwks_file = \"k.json\"\n"),
      Texts{"site.toml:4: [[client]]: jwks_file is for role = \"clinic\", which signs in with "
            "a key"});
  EXPECT_EQ(faults("[[clinic]]\nid = \"r4\"\nfhir = \"https://x\"\n"),
            Texts{"site.toml:1: the id \"r4\" is part of the endpoint's address; choose another"});
}

TEST(Config, AClinicWithABrowserNeedsNothingElseAndHasNoOtherWay) {
  const std::string clinic = "[[clinic]]\nid = \"willow\"\ninbox = true\n";
  EXPECT_EQ(faults(clinic), Texts{});
  EXPECT_EQ(faults(clinic + "endpoint = true\n"), Texts{}) << "software may read beside people";
  EXPECT_EQ(
      faults(clinic + "fhir = \"https://x\"\n"),
      Texts{"site.toml:1: there are inbox and fhir or mllp; keep the one by which it is told"});
  EXPECT_EQ(faults(clinic + "deliver = \"host\"\n"),
            Texts{"site.toml:1: with inbox nothing is delivered elsewhere; remove deliver"});
  EXPECT_EQ(
      faults(clinic + "referral_dialect = \"bser\"\n"),
      Texts{"site.toml:1: referral_dialect is how software is spoken to; remove it beside inbox"});
}

TEST(Config, AClientCertificateNeedsTheAuthoritiesThatSignIt) {
  const std::string client =
      "[[client]]\nid = \"a\"\nrole = \"viewer\"\ncertificate_key_sha256 = \"" +
      std::string(64, 'A') + "\"\n";
  EXPECT_EQ(faults(client),
            Texts{"site.toml:1: [[client]]: a client certificate needs [http] client_ca = "
                  "\"FILE\", the authorities that sign them"});
  EXPECT_EQ(faults(client + "[http]\nclient_ca = \"ca.pem\"\n"), Texts{});
  EXPECT_EQ(faults("[http]\nclient_ca = \"ca.pem\"\n[[client]]\nid = \"a\"\nrole = \"viewer\"\n"
                   "certificate_key_sha256 = \"12\"\n"),
            Texts{"site.toml:3: [[client]]: certificate_key_sha256 must be 64 hexadecimal digits"});
}

TEST(Config, AClinicHasOneWayToGetReferrals) {
  const std::string clinic = "[[clinic]]\nid = \"willow\"\n";
  EXPECT_EQ(faults(clinic + "mllp = \"ehr.willow.example:2575\"\n"), Texts{});
  EXPECT_EQ(faults(clinic + "mllp = \"ehr.willow.example\"\n"),
            Texts{"site.toml:1: mllp is \"ehr.willow.example\"; expected HOST:PORT"});
  EXPECT_EQ(faults(clinic + "mllp = \"h:1\"\nfhir = \"https://w.example\"\n"),
            Texts{"site.toml:1: there are fhir and mllp; keep the one by which it is told"});
  EXPECT_EQ(faults(clinic + "mllp = \"h:1\"\nmllp_key = \"k.pem\"\n"),
            Texts{"site.toml:1: mllp_certificate and mllp_key go together"});
  Issues issues;
  const auto config = read_config(clinic + "mllp = \"h:1\"\n", "site.toml", "", issues);
  EXPECT_EQ(config.clinics.at(0).mllp_dialect, "v2");
  EXPECT_FALSE(config.clinics.at(0).mllp_plain);
}

TEST(Config, AHospitalMayGetItsAnswersByMllpWithAndWithoutFhir) {
  const std::string heard = "[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"alder\"\n";
  const std::string hospital =
      "[[hospital]]\nid = \"alder\"\nmllp = \"engine.alder.example:2576\"\n";
  EXPECT_EQ(faults(hospital + heard), Texts{});
  const std::string both = hospital + "fhir = \"https://a.example\"\n";
  EXPECT_EQ(faults(both + heard), Texts{});
  EXPECT_EQ(faults(both + "services = [\"spine_surgery\"]\n" + heard),
            Texts{"site.toml:1: [[hospital]] has services and mllp; no referral can be sent to it "
                  "by HL7 v2"});
  EXPECT_EQ(faults(hospital).size(), 1u) << "it must be heard too";
  EXPECT_EQ(faults(both).size(), 1u) << "its orders come by HL7 v2";
  Issues issues;
  const auto config = read_config(hospital + heard, "site.toml", "", issues);
  EXPECT_EQ(config.hospitals.at(0).mllp_dialect, "v2");
  EXPECT_EQ(config.hospitals.at(0).services, std::vector<std::string>{});
}

TEST(Config, TheDocumentedExampleIsRightAndComplete) {
  Issues issues;
  const auto config =
      load_config(std::string(test::source_folder) + "/plugin/host/meridian.example.toml", issues);
  for (const auto& issue : issues) ADD_FAILURE() << issue.path << ": " << issue.text;
  EXPECT_EQ(config.hospitals.size(), 1u);
  EXPECT_EQ(config.clinics.size(), 1u);
  EXPECT_EQ(config.contacts.size(), 1u);
  // What it says of defaults is true.
  const Config defaults;
  EXPECT_EQ(config.node, defaults.node);
  EXPECT_EQ(config.store_url, defaults.store_url);
  EXPECT_EQ(config.http_listen, defaults.http_listen);
  EXPECT_EQ(config.workers, defaults.workers);
  EXPECT_EQ(config.lease_seconds, defaults.lease_seconds);
  EXPECT_EQ(config.longest_retry_seconds, defaults.longest_retry_seconds);
  EXPECT_EQ(config.acknowledge_within_minutes, defaults.acknowledge_within_minutes);
  EXPECT_EQ(config.form_hours, defaults.form_hours);
  EXPECT_EQ(config.review_every_hours, defaults.review_every_hours);
  EXPECT_EQ(config.review_before_visit_hours, defaults.review_before_visit_hours);
  EXPECT_EQ(config.v2_charset, defaults.v2_charset);
  EXPECT_EQ(config.reconcile_at, defaults.reconcile_at);
  EXPECT_EQ(config.reconcile_settle_seconds, defaults.reconcile_settle_seconds);
  const routing::Clocks clocks(config.calendar, config.deadlines);
  for (const auto& row : routing::state_rows) {
    EXPECT_EQ(clocks.of(row.state), row.deadlines) << row.name;
  }
}

TEST(Config, AnAuthorityHasANameAndASystem) {
  Issues issues;
  const auto good =
      read_config("[hl7v2]\nauthorities = [\"ADT1=http://x.org/a=b\"]\n", "site.toml", "", issues);
  EXPECT_TRUE(issues.empty());
  EXPECT_EQ(good.authorities.at("ADT1"), "http://x.org/a=b");
  EXPECT_EQ(faults("[hl7v2]\nauthorities = [\"ADT1\"]\n"),
            Texts{"site.toml:1 [hl7v2] authorities: \"ADT1\": write NAME=SYSTEM, such as "
                  "ADT1=http://example.org/mrn"});
}

TEST(Config, NamesTheLineOfAnUnknownKeyAndTheKeyThatWasMeant) {
  EXPECT_EQ(faults("[site]\nnam = \"x\"\n"),
            Texts{"site.toml:2: unknown key \"nam\" in [site]; did you mean \"name\"?"});
  EXPECT_EQ(faults("[site]\nfrobnicate = 1\n"),
            Texts{"site.toml:2: unknown key \"frobnicate\" in [site]; remove it"});
  EXPECT_EQ(faults("[stor]\n"),
            Texts{"site.toml:1: unknown table or key \"stor\"; did you mean [store]?"});
}

TEST(Config, SaysWhatAValueMustBe) {
  EXPECT_EQ(faults("[delivery]\nworkers = 0\n"),
            Texts{"site.toml:2: [delivery]: workers must be a whole number from 1 to 64"});
  EXPECT_EQ(faults("[store]\ncreate = \"yes\"\n"),
            Texts{"site.toml:2: [store]: create must be true or false"});
  EXPECT_EQ(faults("[[hospital]]\nid = \"a\"\nfhir = \"https://x\"\nauth = \"magic\"\n"),
            Texts{"site.toml:4: [[hospital]]: auth must be one of \"none\" \"bearer\" \"smart\""});
}

TEST(Config, ReadsTheDirectoryAndWhatASiteStatesOfAClinic) {
  Issues issues;
  const auto config = read_config(R"(
[directory]
fhir = "https://directory.example/fhir"
auth = "bearer"
token_file = "token"
refresh_minutes = 5
radius_km = 40
require = ["licence", "network"]
[[clinic]]
id = "willow"
fhir = "https://willow.example/r4"
latitude = 45.5
longitude = -122.7
licence_until = "2027-06-30"
age_from = 18
)",
                                  "site.toml", "/site", issues);
  EXPECT_TRUE(issues.empty());
  EXPECT_TRUE(config.directory_of_clinics.listed());
  EXPECT_EQ(config.directory_of_clinics.server.auth.kind, "bearer");
  EXPECT_EQ(config.directory_of_clinics.require, (Texts{"licence", "network"}));
  EXPECT_DOUBLE_EQ(config.directory_of_clinics.radius_km, 40);
  const auto& clinic = config.clinics.at(0);
  EXPECT_EQ(clinic.latitude, 45.5);
  EXPECT_EQ(clinic.age_from, 18);
  EXPECT_FALSE(clinic.age_to);
  EXPECT_FALSE(clinic.accepts_new_patients);
  EXPECT_FALSE(Config().directory_of_clinics.listed());
}

TEST(Config, SaysWhatIsWrongWithADirectoryOrAClinic) {
  EXPECT_EQ(faults("[directory]\nfile = \"a\"\nfhir = \"https://b\"\n"),
            Texts{"site.toml:1: [directory] has a file and a fhir server; keep one of them"});
  EXPECT_EQ(faults("[directory]\nrequire = [\"licence\", \"luck\"]\n"),
            Texts{"site.toml:2: [directory]: require must be a list of \"licence\" \"network\" "
                  "\"language\" \"position\" \"agreement\" \"new_patients\""});
  const std::string clinic = "[[clinic]]\nid = \"a\"\nfhir = \"https://x\"\n";
  EXPECT_EQ(faults(clinic + "licence_until = \"June\"\n"),
            Texts{"site.toml:4: [[clinic]]: licence_until must be a day as \"2026-11-20\""});
  EXPECT_EQ(faults(clinic + "latitude = 45.5\n"),
            Texts{"site.toml:1: latitude and longitude go together"});
}

TEST(Config, AsksForWhatIsRequired) {
  EXPECT_EQ(faults("[[clinic]]\nid = \"a\"\n"),
            Texts{"site.toml:1: [[clinic]] has no fhir; add fhir = \"...\""});
  EXPECT_EQ(faults("[[hospital]]\nid = \"a\"\n"),
            Texts{"site.toml:1: [[hospital]] has no fhir; add fhir = \"...\", or an [[mllp]] or "
                  "[[client]] whose source is \"a\""});
  const std::string heard = "[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"a\"\n";
  EXPECT_EQ(faults("[[hospital]]\nid = \"a\"\n" + heard), Texts{});
  EXPECT_EQ(
      faults("[[hospital]]\nid = \"a\"\nservices = [\"spine_surgery\"]\n" + heard),
      Texts{"site.toml:1: [[hospital]] has services and no fhir; no referral can be sent to it"});
  EXPECT_EQ(faults("[[hospital]]\nid = \"a\"\nfhir = \"https://x\"\nauth = \"bearer\"\n"),
            Texts{"site.toml:1: [[hospital]] has no token_file; add token_file = \"...\""});
}

TEST(Config, RefusesAnIdThatCannotBePartOfAKey) {
  for (const char* id : {"a@b", "a b", "A", "a/b", "a:b"}) {
    const auto found =
        faults(std::string("[[hospital]]\nid = \"") + id + "\"\nfhir = \"https://x\"\n");
    ASSERT_EQ(found.size(), 1u) << id;
    EXPECT_NE(found.begin()->find("is part of keys; use up to 64 of a to z"), std::string::npos);
  }
  EXPECT_EQ(faults("[[hospital]]\nid = \"a-1_b\"\nfhir = \"https://x\"\n"), Texts{});
}

TEST(Config, RefusesAnIdThatTwoSystemsHave) {
  const auto found = faults(
      "[[hospital]]\nid = \"a\"\nfhir = \"https://x\"\n[[clinic]]\nid = \"a\"\nfhir = "
      "\"https://y\"\n");
  EXPECT_EQ(found, Texts{"site.toml:4: the id \"a\" is used twice; give each system its own"});
}

TEST(Config, TellsASingleBracketFromADouble) {
  EXPECT_EQ(faults("[clinic]\nid = \"a\"\n"),
            Texts{"site.toml:1: write [[clinic]], with two brackets"});
}

TEST(Config, PlacesASyntaxError) {
  const auto found = faults("[site]\nname = \n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].rfind("site.toml:2: not TOML:", 0), 0u) << found[0];
}

TEST(Config, AFileThatIsNotThereIsAnIssueAndNotACrash) {
  Issues issues;
  load_config("/no/such/file.toml", issues);
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0].path, "/no/such/file.toml");
}

TEST(Config, ReadsWhoseEhrAsksAtSigning) {
  Issues issues;
  const auto config = read_config(R"(
[[hospital]]
id = "ehr"
fhir = "https://ehr.example/r4"
cds_issuer = "https://ehr.example"
cds_tenant = "t-17"
cds_jku = "https://ehr.example/jwks.json"
cds_use_token = true
cds_milliseconds = 600
cds_origins = ["https://ehr.example", "http://127.0.0.1:8080"]
)",
                                  "site.toml", "/site", issues);
  EXPECT_FALSE(has_errors(issues)) << issues.front().path << issues.front().text;
  const auto& hospital = config.hospitals.front();
  EXPECT_EQ(hospital.cds_issuer, "https://ehr.example");
  EXPECT_EQ(hospital.cds_tenant, "t-17");
  EXPECT_EQ(hospital.cds_jku, "https://ehr.example/jwks.json");
  EXPECT_TRUE(hospital.cds_use_token);
  EXPECT_EQ(hospital.cds_milliseconds, 600);
  EXPECT_EQ(hospital.cds_origins.size(), 2U);
}

TEST(Config, SaysWhatACdsClientNeeds) {
  const std::string hospital = "[[hospital]]\nid = \"ehr\"\nfhir = \"https://e.example\"\n";
  EXPECT_EQ(faults(hospital + "cds_issuer = \"x\"\n"),
            (Texts{"site.toml:1: cds_issuer needs cds_jku = \"https://...\", where the client's "
                   "public keys are, or cds_jwks_file"}));
  EXPECT_EQ(
      faults(hospital + "cds_jku = \"https://e.example/k\"\n"),
      (Texts{"site.toml:1: [[hospital]] has CDS keys and no cds_issuer; add the client's iss"}));
  EXPECT_EQ(faults(hospital + "cds_issuer = \"x\"\ncds_jwks_file = \"k\"\ncds_origins = [\"*\", "
                              "\"https://e.example/\"]\n"),
            (Texts{"site.toml:1: cds_origins: \"*\" is none; expected https://HOST[:PORT]",
                   "site.toml:1: cds_origins: \"https://e.example/\" is none; expected "
                   "https://HOST[:PORT]"}));
  EXPECT_EQ(faults(hospital + "cds_milliseconds = 20\n").size(), 1U);
  EXPECT_EQ(
      faults("[[clinic]]\nid = \"c\"\nfhir = \"https://c.example\"\ncds_issuer = \"x\"\n").size(),
      1U)
      << "a clinic has no such key";
}

}  // namespace
}  // namespace meridian::host
