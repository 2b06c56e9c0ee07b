// SPDX-License-Identifier: Apache-2.0
// Signing in, and who may: codes that count once, locks that grow and stay, links that are used up.
#include "flow/people.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/one_time_code.h"
#include "unit/flow/people_site.h"

namespace meridian::flow {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* ana = "ana@willow.example";

class PeopleTest : public testing::Test, protected PeopleSite {
 protected:
  bool is_in(const std::string& secret) { return people.visitor(secret).has_value(); }
  /// `times` wrong passwords with right codes.
  void guess(int times) {
    for (int i = 0; i < times; ++i) {
      EXPECT_EQ(sign_in(ana, "a wrong password", code(ana)), "unauthorized");
    }
  }
  bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
};

TEST_F(PeopleTest, SignInWithPasswordAndCode) {
  enrol(ana);
  const auto secret = sign_in(" Ana@Willow.example ", good_password, code(ana));
  EXPECT_EQ(secret.size(), 64u);
  const auto visitor = people.visitor(secret);
  ASSERT_TRUE(visitor);
  EXPECT_EQ(visitor->name, "Ana Ruiz");
  EXPECT_EQ(visitor->role, Role::clinic);
  EXPECT_EQ(visitor->source, "willow");
  EXPECT_EQ(visitor->person, person(ana).id);
  EXPECT_FALSE(visitor->only_here);
  EXPECT_FALSE(*bench.store->session(secret)) << "kept is its hash";
  EXPECT_TRUE(*bench.store->session(hex(sha256(secret))));
}

TEST_F(PeopleTest, EverythingMustBeRightAndNothingSaysWhatWasNot) {
  enrol(ana);
  const auto right = code(ana);
  const auto other = one_time_code(person(ana).current.code_key, code_step(bench.now) + 5);
  const std::vector<SignInGiven> wrong = {
      {ana, good_password, ""},
      {ana, good_password, "000000"},
      {ana, good_password, other},
      {ana, "my hospital has a blue doo", right},
  };
  for (const auto& given : wrong) {
    const auto answer = people.sign_in(given);
    ASSERT_FALSE(answer) << given.password << given.code;
    EXPECT_EQ(answer.error().code, ErrorCode::unauthorized);
    EXPECT_EQ(answer.error().what.view(), "e-mail, password or code is not right");
  }
  for (const char* nobody : {"", "ana", "eve@willow.example", "ana@willow.exampl"}) {
    const auto answer = people.sign_in({nobody, good_password, right});
    ASSERT_FALSE(answer) << nobody;
    EXPECT_EQ(answer.error().what.view(), "e-mail, password or code is not right");
  }
  EXPECT_EQ(sign_in(ana, good_password, right).size(), 64u) << "a wrong try uses no code up";
}

TEST_F(PeopleTest, ACodeCountsOnce) {
  enrol(ana);
  const auto first = code(ana);
  EXPECT_EQ(sign_in(ana, good_password, first).size(), 64u);
  EXPECT_EQ(sign_in(ana, good_password, first), "unauthorized");
  const auto before = one_time_code(person(ana).current.code_key, code_step(bench.now) - 1);
  EXPECT_EQ(sign_in(ana, good_password, before), "unauthorized") << "nor does one before it";
  EXPECT_EQ(sign_in(ana).size(), 64u);
}

TEST_F(PeopleTest, TheCodeOfTheEnrolmentCountsNoMore) {
  const auto token = token_in(add(ana));
  ASSERT_TRUE(people.propose(token, good_password));
  const auto used = one_time_code(person(ana).proposed.code_key, code_step(bench.now));
  ASSERT_EQ(people.confirm(token, used)->step, EnrolmentStep::done);
  EXPECT_EQ(sign_in(ana, good_password, used), "unauthorized");
}

TEST_F(PeopleTest, ARecoveryCodeStandsInOnce) {
  const auto codes = enrol(ana);
  ASSERT_EQ(codes.size(), 10u);
  EXPECT_EQ(codes[0].size(), 19u) << "ABCD-EFGH-IJKL-MNOP";
  EXPECT_EQ(sign_in(ana, good_password, codes[3]).size(), 64u);
  EXPECT_EQ(sign_in(ana, good_password, codes[3]), "unauthorized");
  std::string typed;
  for (const char c : codes[9]) typed += c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  EXPECT_EQ(sign_in(ana, "a wrong password", codes[9]), "unauthorized") << "uses none up";
  EXPECT_EQ(sign_in(ana, good_password, typed).size(), 64u);
  for (const auto& each : codes) {
    EXPECT_FALSE(has(person(ana).current.recoveries, each)) << "kept are hashes";
  }
}

TEST_F(PeopleTest, AreLockedForLongerAndLongerAndTheRightPasswordDoesNotHelp) {
  enrol(ana);
  guess(4);
  EXPECT_FALSE(person(ana).locked_until);
  guess(1);
  EXPECT_EQ(person(ana).locked_until, bench.now + minutes(1));
  EXPECT_EQ(sign_in(ana, good_password, code(ana)), "unauthorized");
  EXPECT_EQ(person(ana).failures, 5) << "a try while it is locked adds nothing";
  const auto tells_of_it = [](const std::string& line) {
    return line.starts_with("Person.locked person/");
  };
  const auto entries = audited();
  EXPECT_EQ(std::count_if(entries.begin(), entries.end(), tells_of_it), 1);
  bench.pass(minutes(1));
  guess(1);
  EXPECT_EQ(person(ana).locked_until, bench.now + minutes(2));
  bench.pass(minutes(2));
  guess(1);
  EXPECT_EQ(person(ana).locked_until, bench.now + minutes(4));
  bench.pass(minutes(4) - seconds(1));
  EXPECT_EQ(sign_in(ana, good_password, code(ana)), "unauthorized");
  bench.pass(seconds(1));
  EXPECT_EQ(sign_in(ana, good_password, code(ana)).size(), 64u);
  EXPECT_EQ(person(ana).failures, 0);
  EXPECT_FALSE(person(ana).locked_until);
}

TEST_F(PeopleTest, ALockOutlivesARestart) {
  enrol(ana);
  guess(5);
  RuntimePeople after_restart(*bench.core);
  EXPECT_FALSE(after_restart.sign_in({ana, good_password, code(ana)}));
  bench.pass(minutes(1));
  EXPECT_TRUE(after_restart.sign_in({ana, good_password, code(ana)}));
}

TEST_F(PeopleTest, NobodyGetsMoreThanAHundredTries) {
  enrol(ana);
  for (int i = 0; i < 100; ++i) {
    guess(1);
    bench.pass(hours(1));
  }
  EXPECT_EQ(person(ana).state, "locked");
  bench.pass(hours(1000));
  EXPECT_EQ(sign_in(ana, good_password, code(ana)), "unauthorized");
  EXPECT_TRUE(has(intervene({"unlock-person", ana, "", "", true}), "\"done\":true"));
  EXPECT_EQ(sign_in(ana, good_password, code(ana)).size(), 64u);
}

TEST_F(PeopleTest, ManyAtOnceAreNoMoreTriesThanOneAfterTheOther) {
  enrol(ana);
  std::vector<std::thread> crowd;
  std::atomic<int> in = 0;
  const auto right = code(ana);
  for (int i = 0; i < 12; ++i) {
    crowd.emplace_back([&] { in += people.sign_in({ana, good_password, right}) ? 1 : 0; });
  }
  for (auto& one : crowd) one.join();
  EXPECT_EQ(in, 1) << "one code lets one in";
  EXPECT_TRUE(person(ana).locked_until || person(ana).failures > 0);
}

TEST_F(PeopleTest, ASessionEndsWhenItIsNotUsedAndInAnyCase) {
  enrol(ana);
  const auto secret = sign_in(ana);
  bench.pass(minutes(29));
  EXPECT_TRUE(is_in(secret));
  bench.pass(minutes(29));
  EXPECT_TRUE(is_in(secret)) << "it was used since";
  bench.pass(minutes(30));
  EXPECT_FALSE(is_in(secret));
  EXPECT_FALSE(is_in(secret)) << "and looking at it does not wake it";
  const auto next = sign_in(ana);
  for (int i = 0; i < 35; ++i) {
    bench.pass(minutes(20));
    EXPECT_TRUE(is_in(next)) << i;
  }
  bench.pass(minutes(20));
  EXPECT_FALSE(is_in(next)) << "after twelve hours";
}

TEST_F(PeopleTest, SigningOutEndsThatSessionAlone) {
  enrol(ana);
  const auto one = sign_in(ana);
  const auto two = sign_in(ana);
  EXPECT_NE(one, two);
  ASSERT_TRUE(people.sign_out(one));
  EXPECT_FALSE(is_in(one));
  EXPECT_TRUE(is_in(two));
  EXPECT_TRUE(people.sign_out(one)) << "again";
  EXPECT_TRUE(people.sign_out("nonsense"));
  for (const auto& secret : {std::string(), std::string("x"), std::string(64, '0'), one}) {
    EXPECT_FALSE(is_in(secret));
  }
}

TEST_F(PeopleTest, EverySignInAndFailureIsAudited) {
  enrol(ana);
  const auto who = "person/" + person(ana).id;
  guess(1);
  sign_in("eve@willow.example", "x", "y");
  const auto secret = sign_in(ana);
  ASSERT_TRUE(people.sign_out(secret));
  const auto entries = audited(4);
  EXPECT_EQ(entries, (std::vector<std::string>{
                         "SignIn " + who + " failure", "SignIn unknown failure",
                         "SignIn " + who + " success", "SignOut " + who + " success"}));
}

TEST_F(PeopleTest, AnUnknownAddressIsWrittenDownLikeAKnownOne) {
  enrol(ana);
  // One commit each. That one password is looked at each cannot be seen without a clock.
  const auto entries = audited(1000).size();
  guess(1);
  EXPECT_EQ(audited(1000).size(), entries + 1);
  sign_in("eve@willow.example", good_password, "000000");
  EXPECT_EQ(audited(1000).size(), entries + 2);
}

TEST_F(PeopleTest, ALinkIsUsedOnce) {
  const auto token = token_in(add(ana));
  EXPECT_EQ(people.enrolment(token)->step, EnrolmentStep::password);
  EXPECT_EQ(people.enrolment(token)->step, EnrolmentStep::password) << "looking changes nothing";
  ASSERT_TRUE(people.propose(token, good_password));
  EXPECT_EQ(sign_in(ana, good_password, "000000"), "unauthorized") << "not confirmed yet";
  EXPECT_EQ(people.confirm(token, "000000")->refused, "code");
  const auto key = person(ana).proposed.code_key;
  ASSERT_EQ(people.confirm(token, one_time_code(key, code_step(bench.now)))->step,
            EnrolmentStep::done);
  for (const auto& late : {people.enrolment(token), people.propose(token, "another good password"),
                           people.confirm(token, one_time_code(key, code_step(bench.now)))}) {
    EXPECT_EQ(late->step, EnrolmentStep::over);
    EXPECT_TRUE(late->name.empty() && late->code_key.empty() && late->recoveries.empty());
  }
}

TEST_F(PeopleTest, ALinkEndsAfterThreeDaysAndWhenANewOneIsMade) {
  const auto old = token_in(add(ana));
  const auto fresh = token_in(intervene({"invite-person", ana, "", "", true}));
  EXPECT_NE(old, fresh);
  EXPECT_EQ(people.enrolment(old)->step, EnrolmentStep::over);
  bench.pass(hours(71));
  EXPECT_EQ(people.enrolment(fresh)->step, EnrolmentStep::password);
  bench.pass(hours(2));
  EXPECT_EQ(people.enrolment(fresh)->step, EnrolmentStep::over);
}

TEST_F(PeopleTest, ALinkThatWasNotSignedHereIsNone) {
  const auto token = token_in(add(ana));
  const auto id = person(ana).id;
  const auto longer = id + ".9999999999999" + token.substr(token.rfind('.'));
  for (const auto& forged : {std::string(), std::string("."), std::string("a.b.c"), token + "0",
                             token.substr(0, token.size() - 1), longer, token.substr(1)}) {
    EXPECT_EQ(people.enrolment(forged).error().code, ErrorCode::not_found) << forged;
    EXPECT_EQ(people.propose(forged, good_password).error().code, ErrorCode::not_found);
    EXPECT_EQ(people.confirm(forged, "000000").error().code, ErrorCode::not_found);
  }
}

TEST_F(PeopleTest, APasswordMayNotBeBad) {
  const auto token = token_in(add(ana));
  EXPECT_EQ(people.propose(token, "short")->refused, "short");
  EXPECT_EQ(people.propose(token, "password1234")->refused, "common");
  EXPECT_EQ(people.propose(token, "los ruiz de aqui")->refused, "personal");
  EXPECT_EQ(people.propose(token, "many willow trees")->refused, "personal");
  EXPECT_TRUE(person(ana).proposed.password.empty());
}

TEST_F(PeopleTest, ANewLinkLeavesWhatThereIsUntilItIsUsed) {
  enrol(ana);
  const auto before = sign_in(ana);
  const auto token = token_in(intervene({"invite-person", ana, "", "", true}));
  EXPECT_TRUE(is_in(before));
  EXPECT_EQ(sign_in(ana).size(), 64u);
  ASSERT_TRUE(people.propose(token, "another good password"));
  const auto key = person(ana).proposed.code_key;
  ASSERT_EQ(people.confirm(token, one_time_code(key, code_step(bench.now)))->step,
            EnrolmentStep::done);
  EXPECT_FALSE(is_in(before)) << "whoever held the old ones is out";
  EXPECT_EQ(sign_in(ana), "unauthorized") << "the old password";
  EXPECT_EQ(sign_in(ana, "another good password", code(ana)).size(), 64u);
}

TEST_F(PeopleTest, WhoIsLockedOrRemovedIsOutAtOnce) {
  enrol(ana);
  const auto secret = sign_in(ana);
  const auto link = token_in(intervene({"invite-person", ana, "", "", true}));
  EXPECT_TRUE(has(intervene({"lock-person", ana, "", "", true}), "\"done\":true"));
  EXPECT_FALSE(is_in(secret));
  EXPECT_EQ(sign_in(ana), "unauthorized");
  EXPECT_EQ(people.enrolment(link)->step, EnrolmentStep::over) << "a link is no way around";
  EXPECT_TRUE(has(intervene({"invite-person", ana, "", "", true}), "\"refused\""))
      << "nor a new one";
  EXPECT_TRUE(has(intervene({"unlock-person", ana, "", "", true}), "\"done\":true"));
  EXPECT_FALSE(is_in(secret)) << "the session stays over";
  const auto id = person(ana).id;
  const auto again = sign_in(ana);
  EXPECT_TRUE(is_in(again));
  EXPECT_TRUE(has(intervene({"remove-person", id, "", "", true}), "\"done\":true"));
  EXPECT_FALSE(is_in(again));
  const auto row = **bench.store->person(id);
  EXPECT_EQ(row.state + row.email + row.current.password + row.current.code_key, "removed");
  EXPECT_EQ(row.name, "Ana Ruiz") << "so that the audit can be read";
  EXPECT_EQ(intervene({"unlock-person", id, "", "", true}), "not_found");
  EXPECT_TRUE(has(add(ana), "\"done\":true")) << "the address is free again";
}

TEST_F(PeopleTest, WhoseClinicIsNoLongerConfiguredSeesNothing) {
  enrol(ana);
  const auto secret = sign_in(ana);
  EXPECT_TRUE(is_in(secret));
  auto& list = bench.peers.list;
  for (auto& peer : list) {
    if (peer->id == "willow") peer->id = "oak";
  }
  EXPECT_FALSE(is_in(secret));
}

TEST_F(PeopleTest, AreAddedOnlyWholeAndForAClinicWithLicenceAndAgreement) {
  EXPECT_EQ(add("no address"), "invalid");
  EXPECT_EQ(add("two@at@willow.example"), "invalid");
  EXPECT_EQ(add("<ana>@willow.example"), "invalid");
  EXPECT_EQ(add(ana, "surgeon"), "invalid");
  EXPECT_EQ(add(ana, "clinic", "willow", " "), "invalid");
  EXPECT_EQ(add(ana, "clinic", "willow", "a\nb"), "invalid");
  EXPECT_EQ(add(ana, "clinic", "willow", "\xff\xfe"), "invalid");
  EXPECT_EQ(add(ana, "clinic", ""), "invalid") << "of which clinic?";
  EXPECT_EQ(add(ana, "viewer", "willow"), "invalid") << "a viewer is the hospital's";
  EXPECT_TRUE(has(add(ana, "clinic", "oak"), "is no [[clinic]]"));
  EXPECT_TRUE(has(add(ana, "clinic", "ehr"), "is no [[clinic]]")) << "that is a hospital";
  EXPECT_TRUE(bench.store->people()->empty());
  EXPECT_TRUE(has(add(ana), "\"done\":true"));
  EXPECT_TRUE(has(add("ANA@willow.example"), "somebody has this e-mail address already"));
  bench.pass(hours(24));
  EXPECT_TRUE(has(add("bo@willow.example"), "licence_until")) << "it ended yesterday";
  auto willow = receiver("willow", 0);
  willow.licences.push_back({"WA", Day{std::chrono::days(40'000)}, ""});
  bench.know({willow});
  EXPECT_TRUE(has(add("bo@willow.example"), "agreement_until"));
  EXPECT_TRUE(has(add("cy@ehr.example", "viewer", ""), "\"done\":true")) << "the hospital's own";
}

TEST_F(PeopleTest, AreShownFirstAndChangedOnlyByOperators) {
  Intervention given{"add-person", ana, "willow", "", false, "Ana Ruiz", "clinic"};
  const auto preview = intervene(given);
  EXPECT_TRUE(has(preview, "\"done\":false")) << preview;
  EXPECT_FALSE(has(preview, "/enrol/")) << preview;
  EXPECT_TRUE(bench.store->people()->empty());
  given.apply = true;
  for (const auto role : {Role::viewer, Role::staff, Role::clinic, Role::clinician, Role::auditor,
                          Role::source, Role::metrics, Role::none}) {
    EXPECT_EQ(bench.desk->intervene({"Eve", role, "willow"}, given).error().code,
              ErrorCode::forbidden);
  }
  EXPECT_TRUE(bench.store->people()->empty());
}

}  // namespace
}  // namespace meridian::flow
