// SPDX-License-Identifier: Apache-2.0
// People who sign in: found by id and e-mail, changed by one at a time; and their sessions.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using What = SessionChange::What;

class StorePeople : public Contract {
 protected:
  PersonRow somebody(const std::string& id, const std::string& email) {
    PersonRow row;
    row.id = id;
    row.role = "clinic";
    row.clinic = DestinationId("willow");
    row.state = "invited";
    row.invited_at = clock().now();
    row.created_at = clock().now();
    row.name = "Ana Ruiz";
    row.email = email;
    return row;
  }
  Result<void> put(const PersonRow& row) {
    Changes changes;
    changes.people.push_back(row);
    return store().apply(changes);
  }
  Result<void> change(What what, const SessionRow& row) {
    Changes changes;
    changes.sessions.push_back({what, row});
    return store().apply(changes);
  }
  SessionRow session(const std::string& key, const std::string& person) {
    return {key, person, clock().now(), clock().now() + hours(12)};
  }
  bool is_open(const std::string& key) {
    const auto found = store().session(key);
    EXPECT_TRUE(found);
    return found->has_value();
  }
};
INSTANTIATE_TEST_SUITE_P(All, StorePeople, testing::ValuesIn(openers()), opener_name);

TEST_P(StorePeople, GivesBackAllThatWasPut) {
  auto row = somebody("A", "ana@willow.example");
  row.current = {"hash", std::string("\0\x01key", 5), "one two"};
  row.proposed = {"later", "other key", ""};
  row.failures = 3;
  row.last_step = 58'000'000;
  row.locked_until = clock().now() + minutes(4);
  ASSERT_TRUE(put(row));
  reopen();
  const auto found = *store().person("A");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->version, 1);
  EXPECT_EQ(found->role, "clinic");
  EXPECT_EQ(found->clinic, DestinationId("willow"));
  EXPECT_EQ(found->state, "invited");
  EXPECT_EQ(found->failures, 3);
  EXPECT_EQ(found->last_step, 58'000'000);
  EXPECT_EQ(found->locked_until, row.locked_until);
  EXPECT_EQ(found->invited_at, row.invited_at);
  EXPECT_EQ(found->created_at, row.created_at);
  EXPECT_EQ(found->name, "Ana Ruiz");
  EXPECT_EQ(found->email, "ana@willow.example");
  EXPECT_EQ(found->current.password, "hash");
  EXPECT_EQ(found->current.code_key, row.current.code_key);
  EXPECT_EQ(found->current.recoveries, "one two");
  EXPECT_EQ(found->proposed.password, "later");
  EXPECT_EQ(found->proposed.code_key, "other key");
}

TEST_P(StorePeople, FindsByEmailAndOnlyByTheWholeOfIt) {
  ASSERT_TRUE(put(somebody("A", "ana@willow.example")));
  ASSERT_TRUE(put(somebody("B", "bo@willow.example")));
  EXPECT_EQ((*store().person_by_email("bo@willow.example"))->id, "B");
  for (const char* other : {"", "bo", "bo@willow.exampl", "Bo@willow.example", "%"}) {
    EXPECT_FALSE(*store().person_by_email(other)) << other;
  }
  EXPECT_FALSE(*store().person("C"));
  EXPECT_EQ(store().people()->size(), 2u);
}

TEST_P(StorePeople, ChangesOnlyWhatIsAtTheVersionItRestsOn) {
  ASSERT_TRUE(put(somebody("A", "ana@willow.example")));
  auto first = **store().person("A");
  auto second = first;
  first.failures = 1;
  ASSERT_TRUE(put(first));
  second.failures = 7;
  EXPECT_EQ(put(second).error().code, ErrorCode::stale);
  EXPECT_EQ((*store().person("A"))->failures, 1);
  EXPECT_EQ((*store().person("A"))->version, 2);
  EXPECT_EQ(put(somebody("A", "ana@willow.example")).error().code, ErrorCode::stale)
      << "new, and there already";
}

TEST_P(StorePeople, AnAddressIsOnePersonsUntilItIsGivenUp) {
  ASSERT_TRUE(put(somebody("A", "ana@willow.example")));
  EXPECT_EQ(put(somebody("B", "ana@willow.example")).error().code, ErrorCode::conflict);
  EXPECT_FALSE(*store().person("B"));
  auto gone = **store().person("A");
  gone.state = "removed";
  gone.email = "";
  ASSERT_TRUE(put(gone));
  EXPECT_FALSE(*store().person_by_email("ana@willow.example"));
  ASSERT_TRUE(put(somebody("B", "ana@willow.example")));
  EXPECT_EQ((*store().person_by_email("ana@willow.example"))->id, "B");
  auto other = **store().person("B");
  ASSERT_TRUE(put(somebody("C", "")));
  ASSERT_TRUE(put(somebody("D", ""))) << "without an address there is nothing to share";
  other.email = "ana@new.example";
  ASSERT_TRUE(put(other));
  EXPECT_EQ((*store().person_by_email("ana@new.example"))->id, "B");
}

TEST_P(StorePeople, ASessionLastsUntilItEnds) {
  ASSERT_TRUE(change(What::begins, session("k1", "A")));
  ASSERT_TRUE(change(What::begins, session("k2", "A")));
  ASSERT_TRUE(change(What::begins, session("k3", "B")));
  const auto found = *store().session("k1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->person, "A");
  EXPECT_EQ(found->seen_at, clock().now());
  EXPECT_EQ(found->ends_at, clock().now() + hours(12));
  ASSERT_TRUE(change(What::ends, {"k1", "", {}, {}}));
  EXPECT_FALSE(is_open("k1"));
  EXPECT_TRUE(is_open("k2"));
  ASSERT_TRUE(change(What::all_end, {"", "A", {}, {}}));
  EXPECT_FALSE(is_open("k2"));
  EXPECT_TRUE(is_open("k3"));
  EXPECT_FALSE(is_open("k"));
}

TEST_P(StorePeople, ASessionThatIsSeenAgainIsNotBegunAgain) {
  ASSERT_TRUE(change(What::begins, session("k1", "A")));
  clock().advance(minutes(5));
  ASSERT_TRUE(change(What::is_seen, session("k1", "A")));
  EXPECT_EQ((*store().session("k1"))->seen_at, clock().now());
  EXPECT_EQ((*store().session("k1"))->ends_at, clock().now() + hours(12) - minutes(5));
  ASSERT_TRUE(change(What::ends, {"k1", "", {}, {}}));
  ASSERT_TRUE(change(What::is_seen, session("k1", "A"))) << "who comes after the sign-out";
  EXPECT_FALSE(is_open("k1"));
}

TEST_P(StorePeople, ASessionIsOverAtItsEndWhateverHappens) {
  ASSERT_TRUE(change(What::begins, session("k1", "A")));
  clock().advance(hours(12) - minutes(1));
  EXPECT_TRUE(is_open("k1"));
  clock().advance(minutes(1));
  EXPECT_FALSE(is_open("k1"));
  ASSERT_TRUE(change(What::is_seen, session("k1", "A")));
  EXPECT_FALSE(is_open("k1"));
  ASSERT_TRUE(change(What::begins, session("k2", "A")));
  EXPECT_TRUE(is_open("k2"));
}

TEST_P(StorePeople, AreWrittenWithTheRestOrNotAtAll) {
  ASSERT_TRUE(put(somebody("A", "ana@willow.example")));
  auto old = **store().person("A");
  ASSERT_TRUE(put(old));
  Changes changes;
  changes.people.push_back(old);  // stale by now
  changes.sessions.push_back({What::begins, session("k1", "A")});
  changes.audits.push_back({"SignIn", "person/A", "", "success"});
  const auto before = store().audit(100)->size();
  EXPECT_EQ(store().apply(changes).error().code, ErrorCode::stale);
  EXPECT_FALSE(is_open("k1"));
  EXPECT_EQ(store().audit(100)->size(), before);
}

}  // namespace
}  // namespace meridian::store
