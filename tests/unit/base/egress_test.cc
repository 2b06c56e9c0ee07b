// SPDX-License-Identifier: Apache-2.0
#include "base/egress.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

using Addresses = std::vector<std::string>;

Egress site(const Addresses& resolves_to, const std::vector<std::string>& networks = {}) {
  EgressRules rules;
  for (const auto* place : {"ehr.example", "ehr.example:2575", "localhost:80", "127.0.0.1:80",
                            "169.254.7.7", "169.254.169.254", "[64:ff9b:1::a09:1]:443"}) {
    rules.places.insert(*parse_place(place));
  }
  for (const auto& network : networks) rules.networks.push_back(*parse_network(network));
  return Egress(std::move(rules), [resolves_to](const std::string&) { return resolves_to; });
}

std::string outcome(const Egress& egress, const std::string& host, std::uint16_t port = 443) {
  const auto found = egress.addresses(host, port);
  if (!found) return std::string(error_row(found.error().code).name);
  std::string text;
  for (const auto& one : *found) text += (text.empty() ? "" : " ") + one;
  return text;
}

/// What becomes of a name that resolves to that.
std::string named(const std::string& address, const std::vector<std::string>& networks = {}) {
  return outcome(site({address}, networks), "ehr.example");
}

TEST(Egress, LetsANameLeadToAnyMachineOfTheWorldAndOfTheHouse) {
  for (const auto* address : {"203.0.113.34", "10.20.0.9", "192.168.1.4", "172.16.0.1",
                              "100.64.0.1", "2001:db8:1::1", "fd12:3456::1", "128.0.0.1",
                              "64:ff9b::cb00:7122", "2002:cb00:7122::1", "::ffff:10.20.0.9"}) {
    EXPECT_EQ(named(address), address);
  }
}

TEST(Egress, NeverConnectsToMetadataNorToWhatIsNoMachine) {
  for (const auto* address :
       {"169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16",
        "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "0.0.0.0", "0.1.2.3", "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "ff02::1"}) {
    EXPECT_EQ(named(address), "misconfigured") << address;
    EgressRules rules{{{address, 443}}, {*parse_network("0.0.0.0/0"), *parse_network("::/0")}};
    EXPECT_EQ(outcome(Egress(rules), address), "misconfigured") << address << " as configured";
  }
}

TEST(Egress, SeesTheSameAddressInEveryFormOfIt) {
  for (const auto* address :
       {"::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::169.254.169.254", "64:ff9b::a9fe:a9fe",
        "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "::ffff:0.0.0.0", "64:ff9b::e000:1", "::ffff:224.0.0.1",
        "64:ff9b::6464:64c8", "::ffff:169.254.3.4"}) {
    EXPECT_EQ(named(address), "misconfigured") << address;
  }
}

TEST(Egress, LetsNoNameLeadToALinkLocalAddressOrThroughATunnel) {
  for (const auto* address : {"169.254.0.1", "169.254.7.7", "169.254.255.255", "fe80::1", "febf::1",
                              "64:ff9b:1::a9fe:a9fe", "2001:0:5ef5:79fb::1"}) {
    EXPECT_EQ(named(address), "misconfigured") << address;
    EXPECT_EQ(named(address, {"169.254.0.0/16", "fe80::/10", "2001::/16", "64:ff9b:1::/48"}),
              "misconfigured")
        << address;
  }
  EXPECT_EQ(outcome(site({}), "169.254.7.7"), "169.254.7.7");
  EXPECT_EQ(outcome(site({}), "64:ff9b:1::a09:1"), "64:ff9b:1::a09:1");
  EXPECT_EQ(outcome(site({}), "169.254.169.254"), "misconfigured");
}

TEST(Egress, LetsLocalhostAndNumbersAloneMeanThisMachine) {
  EXPECT_EQ(named("127.0.0.1"), "misconfigured");
  EXPECT_EQ(named("127.8.8.8"), "misconfigured");
  EXPECT_EQ(named("::1"), "misconfigured");
  EXPECT_EQ(outcome(site({"127.0.0.1", "::1"}), "localhost", 80), "127.0.0.1 ::1");
  EXPECT_EQ(outcome(site({}), "127.0.0.1", 80), "127.0.0.1");
  EXPECT_EQ(outcome(site({"10.0.0.1"}), "localhost", 80), "misconfigured");
  EXPECT_EQ(outcome(site({}, {"10.0.0.0/8"}), "127.0.0.1", 80), "127.0.0.1");
}

TEST(Egress, TakesANameForThisMachineWhereASiteSaysSo) {
  EXPECT_EQ(named("127.0.1.1", {"127.0.0.0/8"}), "127.0.1.1");
  EXPECT_EQ(named("127.0.1.1", {"127.0.1.1"}), "127.0.1.1");
  EXPECT_EQ(named("127.0.1.1", {"127.0.0.0/16", "10.0.0.0/8"}), "127.0.1.1");
  EXPECT_EQ(named("127.1.0.1", {"127.0.0.0/16"}), "misconfigured");
  EXPECT_EQ(named("127.0.0.1", {"0.0.0.0/0"}), "misconfigured");
  EXPECT_EQ(named("::1", {"::/0"}), "misconfigured");
  EXPECT_EQ(named("::1", {"::1"}), "::1");
}

TEST(Egress, StaysWithinTheNetworksThatASiteLists) {
  const std::vector<std::string> house = {"10.20.0.0/16", "2001:db8:7::/48"};
  EXPECT_EQ(named("10.20.255.1", house), "10.20.255.1");
  EXPECT_EQ(named("::ffff:10.20.0.1", house), "::ffff:10.20.0.1");
  EXPECT_EQ(named("2001:db8:7:1::9", house), "2001:db8:7:1::9");
  EXPECT_EQ(named("10.21.0.1", house), "misconfigured");
  EXPECT_EQ(named("2001:db8:8::9", house), "misconfigured");
  EXPECT_EQ(named("203.0.113.34", house), "misconfigured");
  EXPECT_EQ(named("203.0.113.34", {"::/0"}), "misconfigured");
  EXPECT_EQ(named("203.0.113.34", {"0.0.0.0/0"}), "203.0.113.34");
}

TEST(Egress, ConnectsToTheAllowedAddressesOfANameAlone) {
  EXPECT_EQ(outcome(site({"127.0.0.1", "10.20.0.9", "fe80::1", "203.0.113.34"}), "ehr.example"),
            "10.20.0.9 203.0.113.34");
  EXPECT_EQ(outcome(site({"10.20.0.9", "203.0.113.34"}, {"10.0.0.0/8"}), "ehr.example"),
            "10.20.0.9");
}

TEST(Egress, KnowsNoPlaceThatTheSiteDoesNotName) {
  const auto egress = site({"203.0.113.34"});
  EXPECT_EQ(outcome(egress, "ehr.example", 2575), "203.0.113.34");
  EXPECT_EQ(outcome(egress, "EHR.Example."), "203.0.113.34");
  EXPECT_EQ(outcome(egress, "ehr.example", 8443), "misconfigured");
  EXPECT_EQ(outcome(egress, "login.example"), "misconfigured");
  EXPECT_EQ(outcome(egress, "ehr.example.attacker.example"), "misconfigured");
  EXPECT_EQ(outcome(egress, "127.0.0.1", 81), "misconfigured");
  EXPECT_EQ(outcome(egress, "127.0.0.2", 80), "misconfigured");
}

TEST(Egress, LooksANameUpOnceAndANumberNever) {
  EgressRules rules{{{"ehr.example", 443}, {"10.0.0.1", 443}}, {}};
  int asked = 0;
  const Egress egress(rules, [&](const std::string&) {  // rebinding: another answer each time
    return Addresses{++asked == 1 ? "203.0.113.34" : "127.0.0.1"};
  });
  EXPECT_EQ(outcome(egress, "ehr.example"), "203.0.113.34");
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(outcome(egress, "ehr.example"), "misconfigured");
  EXPECT_EQ(outcome(egress, "10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(outcome(egress, "other.example"), "misconfigured");
  EXPECT_EQ(asked, 2) << "a name that the site does not have is not even looked up";
}

TEST(Egress, TellsAnUnknownNameFromARefusedOne) {
  EXPECT_EQ(outcome(site({}), "ehr.example"), "unavailable");
  EXPECT_EQ(outcome(site({"2130706433"}), "ehr.example"), "misconfigured");
}

TEST(Egress, SaysOfEachAddressWhyItIsRefused) {
  const auto judged = site({"10.0.0.1", "169.254.169.254"}).judge("ehr.example");
  ASSERT_EQ(judged.size(), 2u);
  EXPECT_EQ(judged[0].refused.view(), "");
  EXPECT_EQ(judged[1].address, "169.254.169.254");
  EXPECT_EQ(judged[1].refused.view(), "is a cloud's metadata service");
}

TEST(Egress, GoesWhereAPersonSaysAndNotToMetadata) {
  const auto said = [](const char* address) {
    const auto egress = Egress::only({"adt.example", 2575},
                                     [address](const std::string&) { return Addresses{address}; });
    EXPECT_EQ(outcome(*egress, "ehr.example", 2575), "misconfigured");
    EXPECT_EQ(outcome(*egress, "adt.example", 2576), "misconfigured");
    return outcome(*egress, "adt.example", 2575);
  };
  for (const auto* address : {"127.0.1.1", "::1", "10.0.0.1", "203.0.113.1", "2001:db8:1::1"}) {
    EXPECT_EQ(said(address), address);
  }
  EXPECT_EQ(said("169.254.169.254"), "misconfigured");
  EXPECT_EQ(said("fe80::1"), "misconfigured");
}

TEST(Egress, OfThisMachineGoesNowhereElse) {
  const auto here = Egress::this_machine();
  EXPECT_EQ(outcome(*here, "127.0.0.1", 4711), "127.0.0.1");
  EXPECT_EQ(outcome(*here, "[::1]", 4711), "::1");
  EXPECT_NE(outcome(*here, "localhost", 4711).find("127.0.0.1"), std::string::npos);
  EXPECT_EQ(outcome(*here, "ehr.example"), "misconfigured");
  EXPECT_EQ(outcome(*here, "10.0.0.1"), "misconfigured");
}

TEST(Egress, ReadsNetworksAndRefusesWhatIsNone) {
  EXPECT_EQ(parse_network("10.20.0.0/16")->bits, 96 + 16);
  EXPECT_EQ(parse_network("10.20.0.1")->bits, 128);
  EXPECT_EQ(parse_network("2001:db8::/32")->bits, 32);
  EXPECT_EQ(parse_network("0.0.0.0/0")->bits, 96);
  for (const auto* text : {"", "10.20.0.0/33", "10.20.0.0/", "10.20.0.0/1x", "10.20.0.0/-1",
                           "10.20.0.1/16", "10.20/16", "2001:db8::/129", "2001:db8::1/32",
                           "ehr.example", "10.0.0.0 /8", "10.0.0.0/8,11.0.0.0/8", "*"}) {
    EXPECT_FALSE(parse_network(text)) << text;
  }
}

TEST(Egress, ReadsPlacesAndRefusesWhatIsNone) {
  const auto read = [](const char* text) {
    const auto place = parse_place(text);
    return place ? place->host + " " + std::to_string(place->port) : "";
  };
  EXPECT_EQ(read("Login.Example"), "login.example 443");
  EXPECT_EQ(read("login.example:8443"), "login.example 8443");
  EXPECT_EQ(read("10.0.0.1:80"), "10.0.0.1 80");
  EXPECT_EQ(read("[2001:db8::1]:8443"), "2001:db8::1 8443");
  EXPECT_EQ(read("[2001:db8::1]"), "2001:db8::1 443");
  EXPECT_EQ(read("2001:db8::1"), "2001:db8::1 443");
  for (const auto* text : {"", ":443", "https://login.example", "login.example/", "*.example",
                           "login.example:0", "login.example:65536", "login.example:https",
                           "login.example:", "[::1", "[login.example]:443", "a b"}) {
    EXPECT_EQ(read(text), "") << text;
  }
}

}  // namespace
}  // namespace meridian
