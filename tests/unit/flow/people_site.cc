// SPDX-License-Identifier: Apache-2.0
#include "unit/flow/people_site.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/one_time_code.h"

namespace meridian::flow {
namespace {

/// Before the people are made, which look at the cost once.
const Core& with_people(Bench& bench) {
  bench.core->settings.people_key = "people key";
  bench.core->settings.password_cost = {16, 1, 1};
  return *bench.core;
}

}  // namespace

PeopleSite::PeopleSite() : people(with_people(bench)) {
  const auto today = std::chrono::floor<std::chrono::days>(bench.now);
  auto willow = receiver("willow", 0);
  willow.licences.push_back({"WA", today, ""});
  willow.agreement_until = today;
  bench.know({willow});
}

std::string PeopleSite::intervene(const Intervention& given) {
  const auto answer = bench.desk->intervene({"Ada", Role::operations}, given);
  return answer ? *answer : std::string(error_row(answer.error().code).name);
}

std::string PeopleSite::add(const std::string& email, const std::string& role,
                            const std::string& clinic, const std::string& name) {
  return intervene({"add-person", email, clinic, "", true, name, role});
}

std::string PeopleSite::token_in(const std::string& answer) {
  constexpr std::string_view path = "/enrol/";
  const auto at = answer.find(path);
  if (at == std::string::npos) return {};
  const auto begin = at + path.size();
  return answer.substr(begin, answer.find('"', begin) - begin);
}

std::vector<std::string> PeopleSite::enrol(const std::string& email, const std::string& role,
                                           const std::string& clinic) {
  const auto token = token_in(add(email, role, clinic));
  EXPECT_EQ(people.propose(token, good_password)->step, EnrolmentStep::code);
  const auto first = one_time_code(person(email).proposed.code_key, code_step(bench.now));
  auto view = people.confirm(token, first);
  EXPECT_EQ(view->step, EnrolmentStep::done);
  bench.pass(std::chrono::minutes(1));
  return view->recoveries;
}

store::PersonRow PeopleSite::person(const std::string& email) {
  const auto found = bench.store->person_by_email(email);
  EXPECT_TRUE(found && *found) << email;
  return found && *found ? **found : store::PersonRow();
}

std::string PeopleSite::code(const std::string& email) {
  return one_time_code(person(email).current.code_key, code_step(bench.now));
}

std::string PeopleSite::sign_in(const std::string& email, const std::string& password,
                                const std::string& given) {
  const auto secret = people.sign_in({email, password, given});
  return secret ? *secret : std::string(error_row(secret.error().code).name);
}

std::string PeopleSite::sign_in(const std::string& email) {
  bench.pass(std::chrono::minutes(1));
  return sign_in(email, good_password, code(email));
}

std::vector<std::string> PeopleSite::audited(int most) {
  std::vector<std::string> list;
  const auto rows = *bench.store->audit(most);
  for (const auto& row : rows) {
    list.push_back(row.event + " " + row.actor + " " + row.outcome);
  }
  std::reverse(list.begin(), list.end());
  return list;
}

}  // namespace meridian::flow
