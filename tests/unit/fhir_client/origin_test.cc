// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/origin.h"

#include <gtest/gtest.h>

namespace meridian::fhir::wire {
namespace {

bool within(const char* base, const char* url) {
  const auto parsed_base = parse_url(base);
  const auto parsed = parse_url(url);
  EXPECT_TRUE(parsed_base) << base;
  return parsed && within_base(*parsed_base, *parsed);
}

constexpr const char* ehr = "https://ehr.example.com/fhir/r4";

TEST(Origin, TakesWhatLiesUnderTheBase) {
  EXPECT_TRUE(within(ehr, "https://ehr.example.com/fhir/r4"));
  EXPECT_TRUE(within(ehr, "https://ehr.example.com/fhir/r4?_getpages=a&_count=50"));
  EXPECT_TRUE(within(ehr, "https://ehr.example.com/fhir/r4/Condition?page=2"));
  EXPECT_TRUE(within(ehr, "https://ehr.example.com/fhir/r4/"));
  EXPECT_TRUE(within("https://ehr.example.com/fhir/r4/", "https://ehr.example.com/fhir/r4/Task/1"));
  EXPECT_TRUE(within("https://ehr.example.com", "https://ehr.example.com/anything"));
}

TEST(Origin, ReadsHostsAndDefaultPortsAsTheSameHoweverTheyAreWritten) {
  EXPECT_TRUE(within(ehr, "HTTPS://EHR.Example.COM/fhir/r4/Task"));
  EXPECT_TRUE(within(ehr, "https://ehr.example.com:443/fhir/r4/Task"));
  EXPECT_TRUE(within("https://ehr.example.com:443/fhir/r4", "https://ehr.example.com/fhir/r4/x"));
  EXPECT_TRUE(within(ehr, "https://ehr.example.com./fhir/r4/Task"));
  EXPECT_TRUE(within("https://[2001:DB8::1]:8443/r4", "https://[2001:db8::1]:8443/r4/Task"));
}

TEST(Origin, RefusesOtherHostsThatLookAlike) {
  EXPECT_FALSE(within(ehr, "https://ehr.example.com.evil/fhir/r4/Task"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.comevil/fhir/r4"));
  EXPECT_FALSE(within(ehr, "https://evil.example/https://ehr.example.com/fhir/r4"));
  EXPECT_FALSE(within(ehr, "https://example.com/fhir/r4/Task"));
  EXPECT_FALSE(within("https://[2001:db8::1]/r4", "https://[2001:db8::2]/r4/Task"));
}

TEST(Origin, RefusesUserInformation) {
  EXPECT_FALSE(parse_url("https://ehr.example.com@evil.example/fhir/r4"));
  EXPECT_FALSE(parse_url("https://ehr.example.com:443@evil.example/fhir/r4"));
  EXPECT_FALSE(parse_url("https://user:secret@ehr.example.com/fhir/r4"));
}

TEST(Origin, RefusesAnotherPortOrScheme) {
  EXPECT_FALSE(within(ehr, "https://ehr.example.com:8443/fhir/r4/Task"));
  EXPECT_FALSE(within(ehr, "http://ehr.example.com/fhir/r4/Task"));
  EXPECT_FALSE(within(ehr, "http://ehr.example.com:443/fhir/r4/Task"));
  EXPECT_FALSE(parse_url("ftp://ehr.example.com/fhir/r4"));
  EXPECT_FALSE(parse_url("file:///etc/passwd"));
  EXPECT_FALSE(parse_url("javascript://ehr.example.com/"));
}

TEST(Origin, ComparesThePathBySegments) {
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4evil"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4;v=1"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/FHIR/r4/Task"));
}

TEST(Origin, RefusesEveryWayOfWritingUp) {
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/../admin"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/.."));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/./Task"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/%2e%2e/admin"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/%2E./admin"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/..%2fadmin"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/..%5Cadmin"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/..;x=1/admin"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/%252e%252e/admin"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/..\\admin"));
  EXPECT_FALSE(within(ehr, "https://ehr.example.com/fhir/r4/%zz"));
}

TEST(Origin, DotsWithinASegmentAreAName) {
  EXPECT_TRUE(within(ehr, "https://ehr.example.com/fhir/r4/Patient/a..b"));
  EXPECT_TRUE(within(ehr, "https://ehr.example.com/fhir/r4/Encounter/a-432.E-528595"));
  EXPECT_TRUE(within(ehr, "https://ehr.example.com/fhir/r4/...x"));
}

TEST(Origin, RefusesWhatIsNoUrl) {
  for (const char* text :
       {"", "https://", "https:///fhir", "https://host:0/", "https://host:65536/",
        "https://host:8a/", "https://ho st/", "https://ho\nst/", "https://h\x01st/",
        "https://[::1/", "https://[::1]x/", "https://[host]/", "https://host/a b",
        "https://host/\x80", "https://-host/", "https://a..b/", "host/path", "//host/path"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Origin, EncodesWhatServersForgetToEncodeInAQuery) {
  const auto url = parse_url("https://h.example/r4/Condition?identifier=urn:x|1 2&n=\"a\"");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->query, "identifier=urn:x%7C1%202&n=%22a%22");
  EXPECT_FALSE(parse_url("https://h.example/r4?a=\r\nX-Evil: 1"));
}

TEST(Origin, ResolvesRelativeLinks) {
  const auto base = *parse_url("https://ehr.example.com:8443/fhir/r4");
  const auto page = *parse_url("https://ehr.example.com:8443/fhir/r4/Condition?patient=1");
  const auto text = [&](const char* link) {
    const auto url = resolve_link(base, page, link);
    return url ? url->text() : "none";
  };
  EXPECT_EQ(text("Condition?page=2"), "https://ehr.example.com:8443/fhir/r4/Condition?page=2");
  EXPECT_EQ(text("?page=2"), "https://ehr.example.com:8443/fhir/r4/Condition?page=2");
  EXPECT_EQ(text("/fhir/r4?_getpages=x"), "https://ehr.example.com:8443/fhir/r4?_getpages=x");
  EXPECT_EQ(text("https://ehr.example.com:8443/fhir/r4/x"),
            "https://ehr.example.com:8443/fhir/r4/x");
  EXPECT_EQ(text("?at=2026-01-01T10:00:00"),
            "https://ehr.example.com:8443/fhir/r4/Condition?at=2026-01-01T10:00:00");
  EXPECT_EQ(text("urn:uuid:5c1f"), "none");
  EXPECT_EQ(text("javascript:alert(1)"), "none");
  EXPECT_EQ(text(""), "none");
}

TEST(Origin, ALinkWithoutSchemeLeadsToTheHostItNames) {
  const auto base = *parse_url(ehr);
  for (const char* link : {"//evil.example/fhir/r4/Condition", "/../admin", "/fhir/r4evil",
                           "../admin", "\\\\evil.example/fhir/r4", "/\\evil.example/fhir/r4"}) {
    const auto url = resolve_link(base, base, link);
    EXPECT_FALSE(url && within_base(base, *url)) << link;
  }
}

TEST(Origin, ConnectsWithoutTlsToThisMachineAlone) {
  const auto may = [](const char* url) { return may_connect(*parse_url(url), false); };
  EXPECT_TRUE(may("http://127.0.0.1:8080/"));
  EXPECT_TRUE(may("http://[::1]/"));
  EXPECT_FALSE(may("http://127.evil.example/"));
  EXPECT_FALSE(may("http://ehr.example/"));
  EXPECT_TRUE(may("https://ehr.example/"));
}

TEST(Origin, WritesIpv6HostsInBrackets) {
  EXPECT_EQ(parse_url("https://[::1]:8443/r4")->authority(), "[::1]:8443");
  EXPECT_EQ(parse_url("https://[::1]/r4")->text(), "https://[::1]/r4");
}

}  // namespace
}  // namespace meridian::fhir::wire
