// SPDX-License-Identifier: Apache-2.0
// One clinic cannot read, list, guess or change anything of another's: every route, every id.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "fhir/endpoint/statement.h"
#include "unit/endpoint/site.h"

namespace meridian::test {
namespace {

const char* const nobody = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";  // an id that was never given

const http::Fields form_type = {{"Content-Type", "application/x-www-form-urlencoded"}};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string id_of(const std::string& ref) {
  return ref.substr(ref.find('/') + 1);
}

/// An answer without what the request itself said.
struct Answer {
  int status;
  std::string body;
  std::set<std::string> headers;
};

class EndpointMatrix : public testing::Test {
 protected:
  EndpointMatrix() : mine_(site_.refer("willow", 0)), theirs_(site_.refer("birch", 1)) {
    // Both have written too, so that there is something of each kind.
    for (const auto& [clinic, id] : {std::pair("willow", mine_), std::pair("birch", theirs_)}) {
      EXPECT_EQ(site_.answer(clinic, id, "accepted").status, 200);
      for (const auto* type :
           {"Appointment", "Observation", "DocumentReference", "Communication"}) {
        const auto made = site_.post(clinic, std::string("/") + type, resource(type, id));
        EXPECT_EQ(made.status, 201) << type << made.body;
      }
    }
  }

  /// A resource that a clinic makes, about a referral.
  static std::string resource(const std::string& type, const std::string& id) {
    return R"({"resourceType":")" + type +
           R"(","status":"booked","identifier":[{"system":"http://c.example","value":"secret"}],
           "note":[{"text":"said by a clinic"}],"basedOn":[{"reference":"ServiceRequest/)" +
           id + "\"}]}";
  }

  /// "Type/id" of all that a clinic reads.
  std::vector<std::string> all_of(const std::string& clinic) {
    std::vector<std::string> all;
    for (const auto& [type, said] : fhir::statement().types) {
      const auto found = site_.get(clinic, "/" + type + "?_count=100").body;
      for (const auto& ref : refs(found)) all.push_back(ref);
    }
    return all;
  }

  /// Everything that a clinic reads, as one text.
  std::string contents(const std::string& clinic) {
    std::string text;
    for (const auto& ref : all_of(clinic)) text += site_.get(clinic, "/" + ref).body + "\n";
    return text;
  }

  Answer ask(const std::string& clinic, Call call, const std::string& id) {
    const auto response = site_.ask(clinic, call);
    Answer answer{response.status, replaced(response.body, id, "ID"), {}};
    for (const auto& header : response.headers) answer.headers.insert(header.name + header.value);
    return answer;
  }

  /// The request about another's id is answered as one about an id that never was, and is refused
  /// or finds nothing.
  void expect_nothing(const std::string& what, const std::function<Call(std::string)>& call,
                      const std::string& id) {
    const auto ghost = nobody + id.substr(std::min(id.size(), std::string(nobody).size()));
    for (const auto* clinic : {"willow", "cedar"}) {
      const auto asked = ask(clinic, call(id), id);
      const auto never = ask(clinic, call(ghost), ghost);
      EXPECT_EQ(asked.status, never.status) << clinic << " " << what;
      EXPECT_EQ(asked.body, never.body) << clinic << " " << what;
      EXPECT_EQ(asked.headers, never.headers) << clinic << " " << what;
      const bool refused =
          asked.status == 403 || asked.status == 404 || asked.status == 405 || asked.status == 422;
      const bool found_nothing = asked.status == 200 && refs(asked.body).empty();
      EXPECT_TRUE(refused || found_nothing) << what << " " << asked.status << asked.body;
      ++asked_;
    }
  }

  EndpointSite site_;
  std::string mine_;
  std::string theirs_;
  int asked_ = 0;
};

TEST_F(EndpointMatrix, EachRouteAndEachIdOfAnotherIsAsIfItNeverWas) {
  const auto theirs = all_of("birch");
  ASSERT_GT(theirs.size(), 8u);
  const auto before = contents("birch");
  const auto mine = contents("willow");
  const http::Fields json = {{"Content-Type", "application/fhir+json"}, {"If-Match", "W/\"1\""}};
  const http::Fields patch = {{"Content-Type", "application/json-patch+json"},
                              {"If-Match", "W/\"1\""}};
  for (const auto& ref : theirs) {
    const auto own_type = ref.substr(0, ref.find('/'));
    const auto id = id_of(ref);
    for (const auto& [type, said] :
         fhir::statement().types) {  // an id of one type asked as another
      const auto path = "/" + type + "/";
      expect_nothing(
          "GET " + type,
          [&](auto x) {
            return Call{"GET", path + x};
          },
          id);
      if (type != own_type && type != "Task") continue;
      expect_nothing(
          "vread",
          [&](auto x) {
            return Call{"GET", path + x + "/_history/1"};
          },
          id);
      expect_nothing(
          "history",
          [&](auto x) {
            return Call{"GET", path + x + "/_history"};
          },
          id);
      expect_nothing(
          "DELETE",
          [&](auto x) {
            return Call{"DELETE", path + x};
          },
          id);
      expect_nothing(
          "PUT",
          [&, &type = type](auto x) {
            return Call{
                "PUT", path + x,
                R"({"resourceType":")" + type + R"(","id":")" + x + R"(","status":"accepted"})",
                json};
          },
          id);
      expect_nothing(
          "PATCH",
          [&](auto x) {
            return Call{"PATCH", path + x,
                        R"([{"op":"replace","path":"/status","value":"rejected"}])", patch};
          },
          id);
    }
    for (const auto* query : {"?_id=", "?identifier=", "?patient=", "?patient=Patient/"}) {
      const auto& offered = fhir::statement().types.at(own_type).search_params;
      const std::string name(query + 1, std::string(query).find('=') - 1);
      if (offered.count(name) == 0) continue;  // left out, and so no question about the id
      expect_nothing(
          query,
          [&](auto x) {
            return Call{"GET", "/" + own_type + query + x};
          },
          id);
      expect_nothing(
          std::string("_search ") + query,
          [&](auto x) {
            return Call{"POST", "/" + own_type + "/_search", (query + x).substr(1), form_type};
          },
          id);
    }
    for (const auto* query :
         {"?based-on=ServiceRequest/", "?based-on=", "?focus=", "?focus=ServiceRequest/",
          "?_include=Task:focus&_include=Task:patient&_id=", "?_lastUpdated=ge2020-01-01&_page=0-",
          "?identifier=http://meridian-referral.org/fhir/"
          "identifier/referral|"}) {
      if (std::string(query).find("_page") != std::string::npos) continue;
      expect_nothing(
          query,
          [&](auto x) {
            return Call{"GET", "/Task" + (query + x)};
          },
          id);
      expect_nothing(
          std::string("_search ") + query,
          [&](auto x) {
            return Call{"POST", "/Task/_search", (query + x).substr(1), form_type};
          },
          id);
    }
    for (const auto* type : {"Appointment", "Observation", "DocumentReference", "Communication"}) {
      for (const auto* target : {"Task/", "ServiceRequest/", "Patient/"}) {
        const auto body = [&](const std::string& x) {
          return R"({"resourceType":")" + std::string(type) +
                 R"(","status":"final","basedOn":[{"reference":")" + target + x + "\"}]}";
        };
        expect_nothing(
            "POST",
            [&](auto x) {
              return Call{"POST", "/" + std::string(type), body(x), json};
            },
            id);
        expect_nothing(
            "transaction",
            [&](auto x) {
              return Call{"POST", "",
                          R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":)" +
                              body(x) + R"(,"request":{"method":"POST","url":")" + type + "\"}}]}",
                          json};
            },
            id);
        // Hidden in something that is about a referral of one's own.
        expect_nothing(
            "POST beside",
            [&](auto x) {
              auto mixed = body(x);
              mixed.insert(mixed.rfind(']'), R"(,{"reference":"ServiceRequest/)" + mine_ + "\"}");
              return Call{"POST", "/" + std::string(type), mixed, json};
            },
            id);
      }
    }
  }
  EXPECT_GT(asked_, 1'000);
  EXPECT_EQ(contents("birch"), before) << "nothing of the other's changed";
  EXPECT_EQ(contents("willow"), mine) << "nor of one's own";
}

TEST_F(EndpointMatrix, ListsHoldOnesOwnAlone) {
  for (const auto& [clinic, own, other] :
       {std::tuple("willow", mine_, theirs_), std::tuple("birch", theirs_, mine_)}) {
    for (const auto& ref : all_of(clinic)) EXPECT_TRUE(id_of(ref).starts_with(own)) << ref;
    const auto text = contents(clinic);
    EXPECT_EQ(text.find(other), std::string::npos);
  }
  EXPECT_TRUE(all_of("cedar").empty());
  // What all have in common finds one's own alone.
  for (const auto* query : {"/Appointment?identifier=http://c.example|secret",
                            "/Task?status=accepted", "/Task?owner=Organization/birch",
                            "/Observation?_lastUpdated=ge2020-01-01", "/Patient?identifier=mrn1"}) {
    const std::string path = query;
    const auto mark = path.find('?');
    const auto by_form = site_.ask(
        "willow", {"POST", path.substr(0, mark) + "/_search", path.substr(mark + 1), form_type});
    EXPECT_EQ(refs(by_form.body), refs(site_.get("willow", query).body)) << query;
    for (const auto& ref : refs(by_form.body)) {
      EXPECT_TRUE(id_of(ref).starts_with(mine_)) << query << ref;
    }
    EXPECT_TRUE(refs(site_.get("cedar", query).body).empty()) << query;
  }
}

TEST_F(EndpointMatrix, APageOfAnotherLeadsNowhere) {
  const auto link =
      at(site_.get("birch", "/Task?_count=1&_lastUpdated=ge2020-01-01").body, "/link/0/url");
  EXPECT_EQ(link.find("_page"), std::string::npos);
  // Whatever a place says, it is a place in one's own list.
  for (const auto& place : {std::string("0"), "0000000000000-" + theirs_, std::string("zzz")}) {
    for (const auto& ref : refs(site_.get("willow", "/Task?_page=" + place).body)) {
      EXPECT_EQ(ref, "Task/" + mine_);
    }
  }
}

TEST_F(EndpointMatrix, AConditionalCreateDoesNotFindAnothers) {
  const auto made =
      site_.ask("willow", {"POST",
                           "/Appointment",
                           resource("Appointment", mine_),
                           {{"Content-Type", "application/fhir+json"},
                            {"If-None-Exist", "identifier=http://c.example|secret"}}});
  EXPECT_EQ(made.status, 200) << "one's own is found";
  EXPECT_TRUE(at(made.body, "/id").starts_with(mine_));
}

TEST_F(EndpointMatrix, RequestIdsOfAnotherAreFree) {
  ASSERT_EQ(site_.post("birch", "/Observation", resource("Observation", theirs_), "same").status,
            201);
  EXPECT_EQ(site_.post("willow", "/Observation", resource("Observation", mine_), "same").status,
            201);
}

}  // namespace
}  // namespace meridian::test
