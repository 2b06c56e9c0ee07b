// SPDX-License-Identifier: Apache-2.0
// What a clinic reads: its packets, by id and by search.
#include <algorithm>

#include <gtest/gtest.h>

#include "fhir/endpoint/query.h"
#include "fhir/endpoint/statement.h"
#include "unit/endpoint/site.h"

namespace meridian::test {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string next_link(const std::string& bundle) {
  for (int i = 0; i < 3; ++i) {
    const auto link = "/link/" + std::to_string(i);
    if (at(bundle, link + "/relation") != "next") continue;
    const auto url = at(bundle, link + "/url");
    return url.substr(url.find("/fhir/r4") + 8);
  }
  return {};
}

TEST(EndpointRead, ThePacketIsThereAndItsReferencesLead) {
  EndpointSite site;
  const auto id = site.refer("willow");
  const auto task = site.get("willow", "/Task/" + id);
  ASSERT_EQ(task.status, 200) << task.body;
  EXPECT_EQ(header_of(task, "ETag"), "W/\"1\"");
  EXPECT_EQ(at(task.body, "/id"), id);
  EXPECT_EQ(at(task.body, "/status"), "requested");
  EXPECT_EQ(at(task.body, "/meta/lastUpdated"), "2026-11-20T10:00:00.000Z");
  EXPECT_TRUE(has(at(task.body, "/meta/profile"), "meridian-referral-task"));
  for (const auto* member : {"/focus/reference", "/for/reference", "/basedOn/0/reference"}) {
    const auto ref = at(task.body, member);
    EXPECT_EQ(site.get("willow", "/" + ref).status, 200) << member << " " << ref;
  }
  EXPECT_FALSE(has(task.body, "urn:uuid")) << task.body;
  const auto patient = site.get("willow", "/" + at(task.body, "/for/reference"));
  EXPECT_EQ(at(patient.body, "/name/0/family"), "Alder");
}

TEST(EndpointRead, WhatWasNotDeliveredIsNotThere) {
  EndpointSite site;
  const auto id = site.refer("willow");
  EXPECT_EQ(site.get("birch", "/Task/" + id).status, 404);
  EXPECT_EQ(refs(site.get("birch", "/Task").body).size(), 0u);
  EXPECT_EQ(site.get("willow", "/Patient/alder").status, 404) << "ids of the hospital mean nothing";
}

TEST(EndpointRead, NobodyReadsWithoutATokenOrWithAnotherScope) {
  EndpointSite site;
  const auto id = site.refer("willow");
  EXPECT_EQ(site.get("", "/Task/" + id).status, 401);
  EXPECT_EQ(site.get("", "/Task").status, 401);
  const auto with = [&](const std::string& token, const std::string& path) {
    return site.ask("", {"GET", path, {}, {{"Authorization", "Bearer " + token}}}).status;
  };
  EXPECT_EQ(with(site.token("willow", "system/Patient.rs"), "/Task/" + id), 403);
  EXPECT_EQ(with(site.token("willow", "system/Task.r"), "/Task/" + id), 200);
  EXPECT_EQ(with(site.token("willow", "system/Task.r"), "/Task"), 403);
  EXPECT_EQ(with(site.token("willow", "system/*.read"), "/Task"), 200);
  auto old = site.token("willow");
  site.bench.pass(std::chrono::minutes(5));
  EXPECT_EQ(with(old, "/Task/" + id), 401) << "its time is over";
  EXPECT_EQ(with(old.replace(old.size() - 1, 1, old.back() == '0' ? "1" : "0"), "/Task/" + id),
            401);
}

TEST(EndpointRead, AClientCertificateSpeaksForItsClinic) {
  EndpointSite site;
  const auto mine = site.refer("willow", 0);
  const auto theirs = site.refer("birch", 1);
  const auto status = [&](const std::string& path, const std::string& subject) {
    return site.ask("", {"GET", path, {}, {}, subject}).status;
  };
  EXPECT_EQ(status("/Task/" + theirs, "CN=birch"), 200);
  EXPECT_EQ(status("/Task/" + mine, "CN=birch"), 404);
  EXPECT_EQ(status("/Task/" + theirs, "CN=willow"), 401);
}

TEST(EndpointRead, MetadataIsTrue) {
  EndpointSite site;
  const auto metadata = site.get("", "/metadata");
  ASSERT_EQ(metadata.status, 200);
  EXPECT_EQ(at(metadata.body, "/implementation/url"), "https://meridian.example/fhir/r4");
  EXPECT_EQ(at(metadata.body, "/fhirVersion"), "4.0.1");
  for (const auto& [type, said] : fhir::statement().types) {
    EXPECT_EQ(site.get("cedar", "/" + type).status, 200) << type;
    if (type == "Subscription") continue;  // no record of a referral: subscription_test.cc
    for (const auto& name : said.search_params) {
      EXPECT_TRUE(fhir::is_known(type, name)) << type << " " << name;
      const auto found = site.ask(
          "cedar",
          {"GET", "/" + type + "?" + name + "=2026-11-20", {}, {{"Prefer", "handling=strict"}}});
      EXPECT_EQ(found.status, 200) << type << " " << name << " " << found.body;
    }
    const bool makes = said.interactions.count("create") != 0;
    EXPECT_EQ(makes, fhir::clinic_makes(type)) << type;
    EXPECT_EQ(site.post("cedar", "/" + type, "{}").status, makes ? 422 : 405) << type;
    if (said.interactions.count("update") == 0) {
      EXPECT_EQ(site.put("cedar", "/" + type + "/x", "{}", 1).status, 405) << type;
    }
  }
  EXPECT_EQ(site.get("cedar", "/Basic").status, 404);
}

TEST(EndpointRead, SearchesByEachParameter) {
  EndpointSite site;
  const auto first = site.refer("willow", 0);
  site.bench.pass(std::chrono::hours(1));
  const auto second = site.refer("willow", 1);
  ASSERT_EQ(site.answer("willow", second, "accepted").status, 200);
  const auto found = [&](const std::string& query) {
    return refs(site.get("willow", "/Task?" + query).body);
  };
  using Refs = std::vector<std::string>;
  const Refs both = {"Task/" + first, "Task/" + second};
  EXPECT_EQ(found(""), both);
  EXPECT_EQ(found("_sort=-_lastUpdated"), (Refs{both[1], both[0]}));
  EXPECT_EQ(found("_id=" + first), Refs{both[0]});
  EXPECT_EQ(found("_id=" + first + "," + second), both);
  EXPECT_EQ(found("status=accepted"), Refs{both[1]});
  EXPECT_EQ(found("status=requested,accepted"), both);
  EXPECT_EQ(found("status=requested&_lastUpdated=gt2026-11-20"), Refs{});
  EXPECT_EQ(found("_lastUpdated=ge2026-11-20T10:30:00Z"), Refs{both[1]});
  EXPECT_EQ(found("_lastUpdated=lt2026-11-20T10:30:00Z"), Refs{both[0]});
  EXPECT_EQ(found("_lastUpdated=2026-11-20"), both);
  EXPECT_EQ(found("owner=Organization/willow"), both);
  EXPECT_EQ(found("owner=Organization/birch"), Refs{});
  EXPECT_EQ(found("based-on=ServiceRequest/" + second), Refs{both[1]});
  EXPECT_EQ(found("focus=" + first), Refs{both[0]});
  EXPECT_EQ(found("code=http://hl7.org/fhir/CodeSystem/task-code|fulfill"), both);
  EXPECT_EQ(found("code=http://example.org|fulfill"), Refs{});
  EXPECT_EQ(found("identifier=http://meridian-referral.org/fhir/identifier/referral|" + first),
            Refs{both[0]});
  const auto patient = at(site.get("willow", "/Task/" + first).body, "/for/reference");
  EXPECT_EQ(found("patient=" + patient), Refs{both[0]});
  EXPECT_EQ(refs(site.get("willow", "/Condition?patient=" + patient).body).size(), 1u);
  EXPECT_EQ(refs(site.get("willow", "/ServiceRequest?status=active").body).size(), 2u);
}

TEST(EndpointRead, ParametersThatAreNotOfferedAreSaidOrRefused) {
  EndpointSite site;
  site.refer("willow");
  const auto lenient = site.get("willow", "/Task?colour=red&status=requested");
  EXPECT_EQ(lenient.status, 200);
  EXPECT_EQ(refs(lenient.body).size(), 2u) << "the Task, and what was left out";
  EXPECT_TRUE(has(lenient.body, "offered here: colour")) << lenient.body;
  EXPECT_FALSE(has(at(lenient.body, "/link/0/url"), "colour")) << "self says what was understood";
  const auto strict =
      site.ask("willow", {"GET", "/Task?colour=red", {}, {{"Prefer", "handling=strict"}}});
  EXPECT_EQ(strict.status, 400);
  EXPECT_EQ(at(strict.body, "/issue/0/code"), "not-supported");
  for (const auto* wrong : {"/Task?_lastUpdated=gestern", "/Task?_count=none", "/Task?_sort=status",
                            "/Task?_include=Task:owner"}) {
    EXPECT_EQ(site.get("willow", wrong).status, 400) << wrong;
  }
  EXPECT_EQ(site.ask("willow", {"GET", "/Task", {}, {{"Accept", "application/fhir+xml"}}}).status,
            406);
}

TEST(EndpointRead, IncludesWhatTheTasksPointTo) {
  EndpointSite site;
  const auto id = site.refer("willow");
  site.refer("willow", 1);
  const auto found =
      site.get("willow", "/Task?_id=" + id + "&_include=Task:focus&_include=Task:patient");
  const auto all = refs(found.body);
  ASSERT_EQ(all.size(), 3u) << found.body;
  EXPECT_EQ(all[1], "ServiceRequest/" + id);
  EXPECT_TRUE(all[2].starts_with("Patient/" + id));
  EXPECT_EQ(at(found.body, "/entry/1/search/mode"), "include");
}

TEST(EndpointRead, PagesHoldEachResultOnceAlsoWhenSomethingChangesBetween) {
  EndpointSite site;
  std::vector<std::string> all;
  for (int i = 0; i < 5; ++i) {
    site.bench.pass(std::chrono::minutes(1));
    all.push_back("Task/" + site.refer("willow", i));
  }
  std::vector<std::string> seen;
  std::string path = "/Task?_count=2";
  for (int page = 0; page < 5 && !path.empty(); ++page) {
    const auto found = site.get("willow", path);
    ASSERT_EQ(found.status, 200) << found.body;
    for (const auto& ref : refs(found.body)) seen.push_back(ref);
    path = next_link(found.body);
    site.bench.pass(std::chrono::minutes(1));
    if (page > 0) continue;
    ASSERT_EQ(site.answer("willow", all[0].substr(5), "accepted").status, 200);
  }
  // What changed comes once more, as changed, at the end.
  all.push_back(all[0]);
  EXPECT_EQ(seen, all);
}

TEST(EndpointRead, EarlierVersionsStay) {
  EndpointSite site;
  const auto id = site.refer("willow");
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  EXPECT_EQ(at(site.get("willow", "/Task/" + id + "/_history/1").body, "/status"), "requested");
  EXPECT_EQ(at(site.get("willow", "/Task/" + id + "/_history/2").body, "/status"), "accepted");
  EXPECT_EQ(site.get("willow", "/Task/" + id + "/_history/3").status, 404);
  EXPECT_EQ(site.get("willow", "/Task/" + id + "/_history/x").status, 404);
}

TEST(EndpointRead, EachReadingIsInTheAudit) {
  EndpointSite site;
  const auto id = site.refer("willow");
  site.get("willow", "/Task?status=requested");
  site.get("willow", "/ServiceRequest/" + id);
  site.get("birch", "/ServiceRequest/" + id);
  int read = 0;
  const auto rows = site.bench.store->audit(100);
  for (const auto& row : *rows) {
    if (row.event != "PatientRead" || row.actor == "node-1") continue;
    EXPECT_EQ(row.actor, "willow");
    EXPECT_EQ(row.object, id);
    ++read;
  }
  EXPECT_EQ(read, 2);
}

TEST(EndpointRead, ASearchByFormIsTheOneByAddressAndAuditedLikeIt) {
  EndpointSite site;
  const auto id = site.refer("willow");
  const http::Fields form = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  const auto search = [&](const std::string& path, const std::string& body) {
    return site.ask("willow", {"POST", path, body, form});
  };
  const auto reads = [&] {
    const auto rows = site.bench.store->audit(1000);
    return std::count_if(rows->begin(), rows->end(), [&](const auto& row) {
      return row.event == "PatientRead" && row.object == id && row.actor == "willow";
    });
  };
  const auto by_address = site.get("willow", "/Task?status=requested&_include=Task:patient");
  const auto before = reads();
  const auto by_form = search("/Task/_search", "status=requested&_include=Task%3Apatient");
  ASSERT_EQ(by_form.status, 200) << by_form.body;
  EXPECT_EQ(refs(by_form.body), refs(by_address.body));
  EXPECT_EQ(at(by_form.body, "/link/0/url"), at(by_address.body, "/link/0/url"));
  EXPECT_EQ(reads(), before + 1);
  // Parameters of address and form count together.
  EXPECT_EQ(refs(search("/Task/_search?status=requested", "_id=" + id).body).size(), 1u);
  EXPECT_TRUE(refs(search("/Task/_search?status=accepted", "_id=" + id).body).empty());
  EXPECT_EQ(search("/Task/_search", "status=%zz").status, 400);
  EXPECT_EQ(search("/Nothing/_search", "").status, 404);
  EXPECT_EQ(search("/Subscription/_search", "").status, 200);
  EXPECT_EQ(site.ask("", {"POST", "/Task/_search", "", form}).status, 401);
  EXPECT_EQ(site.ask("willow",
                     {"POST", "/Task/_search", "{}", {{"Content-Type", "application/fhir+json"}}})
                .status,
            415);
}

}  // namespace
}  // namespace meridian::test
