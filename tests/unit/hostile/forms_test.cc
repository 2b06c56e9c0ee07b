// SPDX-License-Identifier: Apache-2.0
// Every form that a page offers, sent with hostile text in every field, the hidden ones too.
#include <gtest/gtest.h>

#include "base/read_file.h"
#include "http/uri.h"
#include "places.h"
#include "unit/hostile/attacks.h"
#include "unit/hostile/markup.h"
#include "unit/hostile/site.h"

namespace meridian::test {
namespace {

struct Form {
  std::string who;
  std::string path;    ///< of the page
  std::string action;  ///< where it goes
  std::string method;
  std::vector<std::pair<std::string, std::string>> fields;
};

std::string value_of(const Tag& tag, const std::string& name) {
  const auto found = tag.attributes.find(name);
  return found == tag.attributes.end() ? std::string() : found->second;
}

std::vector<Form> forms_of(const Opened& page) {
  std::vector<Form> forms;
  for (const auto& tag : read_markup(page.html).tags) {
    if (tag.name == "form") {
      auto action = value_of(tag, "action");
      if (action.empty()) action = page.path.substr(0, page.path.find('?'));
      forms.push_back({page.who, page.path, action, value_of(tag, "method"), {}});
    }
    const bool field = tag.name == "input" || tag.name == "textarea" || tag.name == "select" ||
                       tag.name == "button";
    if (field && !forms.empty() && !value_of(tag, "name").empty()) {
      forms.back().fields.emplace_back(value_of(tag, "name"), value_of(tag, "value"));
    }
  }
  return forms;
}

/// All fields with the attack in them but those that `keep` names.
std::string filled(const Form& form, const std::string& attack,
                   const std::vector<std::string>& keep) {
  std::string body;
  for (const auto& [name, value] : form.fields) {
    const bool kept = std::find(keep.begin(), keep.end(), name) != keep.end();
    body += (body.empty() ? "" : "&") + http::percent_encode(name) + "=" +
            http::percent_encode(kept ? value : attack);
  }
  return body;
}

void look(HostileSite& site, const std::string& html, const std::string& what) {
  for (const auto& fault : faults_of(html, site.sources())) ADD_FAILURE() << what << ": " << fault;
}

void fill(HostileSite& site) {
  const auto folder = std::filesystem::path(test::source_folder) / "tests/unit/hostile";
  ASSERT_TRUE(site.hear_record(*read_file(folder / "record.json")));
  ASSERT_EQ(site.bench.state(), "delivered");
}

/// What a form proves itself with stays, first with what else it hides, then alone.
const std::vector<std::vector<std::string>> kept = {
    {"token", "form", "version", "what", "action", "target", "apply", "reason"}, {"token"}};

TEST(HostileForms, WhateverIsWrittenIntoThemStaysText) {
  int sent = 0;
  std::set<std::string> paths;
  for (const auto& attack : attacks()) {
    HostileSite site;
    fill(site);
    for (const auto& page : site.open_all()) {
      for (const auto& form : forms_of(page)) {
        for (const auto& keep : kept) {
          const auto body = filled(form, attack, keep);
          const auto get = form.method == "get";
          const auto answer = site.ask(form.who, get ? "GET" : "POST",
                                       form.action + (get ? "?" + body : ""), get ? "" : body);
          const auto type = http::find_header(answer.headers, "Content-Type");
          EXPECT_LT(answer.status, 500) << form.action << answer.body;
          if (std::string_view(type).starts_with("text/html")) look(site, answer.body, form.action);
          const auto location = std::string(http::find_header(answer.headers, "Location"));
          EXPECT_EQ(location.find_first_of("\r\n"), location.npos) << form.action;
          EXPECT_TRUE(location.empty() || (location[0] == '/' && location[1] != '/')) << location;
          paths.insert(form.who + " " + form.action.substr(form.action.rfind('/')));
          ++sent;
        }
      }
    }
    site.bench.run();
    for (const auto& page : site.open_all()) look(site, page.html, page.who + " " + page.path);
  }
  EXPECT_GT(sent, 100);
  EXPECT_GE(paths.size(), 10u);
}

TEST(HostileForms, WhatIsWrittenIntoAnAddressStaysText) {
  HostileSite site;
  fill(site);
  for (const auto& page : site.open_all()) {
    const auto path = page.path.substr(0, page.path.find('?'));
    if (!path.starts_with("/")) continue;
    for (const auto& attack : attacks()) {
      const auto bad = http::percent_encode(attack.substr(0, 900));
      std::string query;
      for (const auto* name : {"q", "what", "done", "group", "find", "page", "action", "target",
                               "next", "reason", "error", "iss", "launch"}) {
        query += (query.empty() ? "?" : "&") + std::string(name) + "=" + bad;
      }
      for (const auto& target : {path + query, path + "/" + bad}) {
        const auto answer = site.ask(page.who, "GET", target);
        EXPECT_LT(answer.status, 500) << target;
        const auto type = http::find_header(answer.headers, "Content-Type");
        if (std::string_view(type).starts_with("text/html")) look(site, answer.body, target);
      }
    }
  }
}

}  // namespace
}  // namespace meridian::test
