// SPDX-License-Identifier: Apache-2.0
// What a site's file lets Meridian connect to.
#include "host/egress_rules.h"

#include <gtest/gtest.h>

#include "host/launch_hospitals.h"
#include "host/sign_in_ways.h"
#include "unit/fhir_client/test_server.h"
#include "unit/host/config_faults.h"

namespace meridian::host {
namespace {

Config config_of(const std::string& toml) {
  Issues issues;
  auto config = read_config(toml, "m.toml", "/site", issues);
  for (const auto& issue : issues) ADD_FAILURE() << issue.path << ": " << issue.text;
  return config;
}

const std::string site = R"(
[[hospital]]
id = "ridge"
fhir = "https://EHR.Ridge.example/fhir"
issuer = "https://login.ridge.example:8443/auth"
cds_issuer = "https://cds.ridge.example"
cds_jku = "https://keys.ridge.example/jwks"
smart_iss = "https://smart.ridge.example/r4"
[[hospital]]
id = "hill"
mllp = "adt.hill.example:2575"
[[client]]
id = "hill-engine"
role = "source"
source = "hill"
token_file = "t"
[[clinic]]
id = "willow"
fhir = "http://127.0.0.1:9000/fhir"
[[clinic]]
id = "river"
endpoint = true
notify = ["https://hooks.river.example/in", "https://[2001:db8::7]:8443/in"]
[directory]
fhir = "https://list.example/fhir"
[[contact]]
name = "on call"
pager = "https://pager.example:444/page"
[sign_in]
issuer = "https://people.example"
client_id = "m"
amr = ["mfa"]
[openhim]
api = "https://him.example:8080"
user = "m"
password_file = "p"
[mail]
host = "Mail.example"
from = "m@ridge.example"
[egress]
hosts = ["Tokens.example", "tokens.example:8444"]
networks = ["10.20.0.0/16", "2001:db8::/32"]
)";

TEST(EgressRules, WhatATableNamesIsAllowedAndNothingElse) {
  std::vector<std::string> places;
  const auto rules = egress_rules(config_of(site));
  for (const auto& place : rules.places) {
    places.push_back(place.host + " " + std::to_string(place.port));
  }
  EXPECT_EQ(places, (std::vector<std::string>{
                        "127.0.0.1 9000", "2001:db8::7 8443", "adt.hill.example 2575",
                        "ehr.ridge.example 443", "him.example 8080", "hooks.river.example 443",
                        "keys.ridge.example 443", "list.example 443", "login.ridge.example 8443",
                        "mail.example 587", "pager.example 444", "people.example 443",
                        "smart.ridge.example 443", "tokens.example 443", "tokens.example 8444"}));
  EXPECT_EQ(rules.networks.size(), 2u);
}

TEST(EgressRules, AUrlIsNamedByHostAndPort) {
  const auto egress = egress_of(config_of(site));
  EXPECT_EQ(unnamed(*egress, "https://tokens.example/any/path"), "");
  EXPECT_EQ(unnamed(*egress, "https://TOKENS.example:8444/token"), "");
  EXPECT_EQ(unnamed(*egress, "https://tokens.example:8445/token"),
            "names https://tokens.example:8445/token, and the configuration does not: add "
            "\"tokens.example:8445\" to [egress] hosts if it is right");
  for (const auto* url : {"https://tokens.example@elsewhere.example/token",
                          "https://127.0.0.1:8480/operate", "no url", ""}) {
    EXPECT_NE(unnamed(*egress, url), "") << url;
  }
}

TEST(EgressRules, FaultsOfTheTableAreSaid) {
  EXPECT_EQ(faults("[egress]\nhosts = [\"https://a.example\", \"*.example\"]\n"),
            (Texts{"site.toml:1: [egress]: hosts: \"https://a.example\" is none; write HOST or "
                   "HOST:PORT, each name in full",
                   "site.toml:1: [egress]: hosts: \"*.example\" is none; write HOST or HOST:PORT, "
                   "each name in full"}));
  for (const auto* network : {"10.20.0.0/33", "10.20.0.1/16", "ehr.example", ""}) {
    EXPECT_EQ(faults("[egress]\nnetworks = [\"" + std::string(network) + "\"]\n"),
              Texts{"site.toml:1: [egress]: networks: \"" + std::string(network) +
                    "\" is none; write ADDRESS/LENGTH as \"10.20.0.0/16\", with nothing behind the "
                    "length"});
  }
  EXPECT_EQ(faults("[egress]\nnetwork = []\n").size(), 1u);
  EXPECT_EQ(faults("[egress]\nhosts = [\"a.example\"]\nnetworks = [\"10.0.0.0/8\"]\n"), Texts{});
}

/// What check says of hosts that resolve so.
Texts said(const std::string& toml, const std::map<std::string, std::vector<std::string>>& dns) {
  const auto config = config_of(toml);
  const Egress egress(egress_rules(config), [&](const std::string& host) {
    const auto known = dns.find(host);
    return known == dns.end() ? std::vector<std::string>{} : known->second;
  });
  Issues issues;
  check_egress(config, egress, issues);
  Texts texts;
  for (const auto& issue : issues) {
    texts.push_back(issue.path + ": " + std::string(severity_name(issue.severity)) + ": " +
                    issue.text);
  }
  return texts;
}

const std::string two =
    "[[hospital]]\nid = \"ridge\"\nfhir = \"https://ehr.example/fhir\"\n"
    "[mail]\nhost = \"mail.example\"\nfrom = \"m@ridge.example\"\n";

TEST(CheckEgress, SaysNothingOfHostsThatAreRight) {
  EXPECT_EQ(said(two, {{"ehr.example", {"10.1.1.1"}}, {"mail.example", {"203.0.113.1"}}}), Texts{});
}

TEST(CheckEgress, SaysWhichHostIsRefusedWhyAndWhatToDo) {
  EXPECT_EQ(said(two, {{"ehr.example", {"169.254.169.254"}}, {"mail.example", {"127.0.1.1"}}}),
            (Texts{"m.toml:1 fhir: error: egress: ehr.example resolves to 169.254.169.254, which "
                   "is a cloud's metadata service: nothing connects there; correct the host, or "
                   "what DNS says of it",
                   "m.toml:4 host: error: egress: mail.example resolves to 127.0.1.1, which is "
                   "this machine itself: nothing connects there; correct the name in DNS or "
                   "/etc/hosts; if this machine is meant, write localhost, or add 127.0.0.0/8 to "
                   "[egress] networks"}));
  const std::string limited = two + "[egress]\nnetworks = [\"10.1.0.0/16\"]\n";
  EXPECT_EQ(said(limited, {{"ehr.example", {"10.1.1.1"}}, {"mail.example", {"10.2.1.1"}}}),
            (Texts{"m.toml:4 host: error: egress: mail.example resolves to 10.2.1.1, which is in "
                   "none of [egress] networks: nothing connects there; add its network there if "
                   "it is right, else correct the name in DNS"}));
}

TEST(CheckEgress, WarnsOfAnAddressThatIsLeftOutAndOfANameNobodyKnows) {
  EXPECT_EQ(said(two, {{"ehr.example", {"10.1.1.1", "fe80::1"}}}),
            (Texts{"m.toml:1 fhir: warning: egress: ehr.example resolves to fe80::1, which is a "
                   "link-local address: nothing connects there; correct the name in DNS, or write "
                   "the address itself if it is right",
                   "m.toml:4 host: warning: egress: mail.example cannot be resolved; check DNS"}));
}

TEST(CheckEgress, KnowsAnAddressThatIsWrittenItself) {
  const std::string toml = "[[hospital]]\nid = \"ridge\"\nfhir = \"https://";
  EXPECT_EQ(said(toml + "127.0.0.1:9000/fhir\"\n", {}), Texts{});
  EXPECT_EQ(said(toml + "169.254.8.1/fhir\"\n", {}), Texts{});
  EXPECT_EQ(said(toml + "169.254.169.254/fhir\"\n", {}),
            (Texts{"m.toml:1 fhir: error: egress: 169.254.169.254 is a cloud's metadata service: "
                   "nothing connects there; correct the host, or what DNS says of it"}));
}

/// A provider, or an EHR, whose document sends us to another host for tokens.
class Misleading {
 public:
  Misleading()
      : server_([this](const test::Seen&) {
          return test::json(200, R"({"authorization_endpoint":")" + server_.url("/a") +
                                     R"(","token_endpoint":"https://tokens.example/t","issuer":")" +
                                     server_.url() + R"(","jwks_uri":")" + server_.url("/k") +
                                     R"(","code_challenge_methods_supported":["S256"]})");
        }) {}
  std::string url() const { return server_.url(); }

 private:
  test::TestServer server_;
};

TEST(CheckEgress, SaysThatASignInProviderSendsUsElsewhere) {
  const Misleading provider;
  Config config;
  config.file = "m.toml";
  config.sign_in.issuer = provider.url();
  config.sign_in.line = 7;
  Issues issues;
  check_provider(config, issues);
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0].path, "m.toml:7");
  EXPECT_EQ(issues[0].text, "[sign_in] issuer \"" + provider.url() +
                                "\" names https://tokens.example/t, and the configuration does "
                                "not: add \"tokens.example\" to [egress] hosts if it is right");
  issues.clear();
  config.egress.hosts = {"tokens.example"};
  check_provider(config, issues);
  EXPECT_TRUE(issues.empty());
}

TEST(CheckEgress, SaysThatAnEhrSendsUsElsewhereAtALaunch) {
  const Misleading ehr;
  Config config;
  config.file = "m.toml";
  config.public_url = "https://m.example";
  auto& hospital = config.hospitals.emplace_back();
  hospital.id = "ridge";
  hospital.fhir = hospital.smart_iss = ehr.url();
  hospital.smart_client_id = "view";
  hospital.smart_origins = {"https://ehr.example"};
  Issues issues;
  check_launches(config, issues);
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_NE(issues[0].text.find("its EHR names https://tokens.example/t, and the configuration "
                                "does not: add \"tokens.example\" to [egress] hosts"),
            std::string::npos)
      << issues[0].text;
}

}  // namespace
}  // namespace meridian::host
