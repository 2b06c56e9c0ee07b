// SPDX-License-Identifier: Apache-2.0
// Merging record sets loses nothing and keeps each version once.
#include "model/record_set.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

Condition condition(std::string ref, std::string version, std::string status) {
  Condition made;
  made.ref = std::move(ref);
  made.version = std::move(version);
  made.clinical_status = std::move(status);
  return made;
}

RecordSet with(std::vector<Condition> conditions) {
  RecordSet set;
  set.conditions = std::move(conditions);
  return set;
}

std::vector<std::string> refs(const RecordSet& set) {
  std::vector<std::string> all;
  for (const auto& record : set.conditions) all.push_back(record.ref + "/" + record.version);
  return all;
}

using Refs = std::vector<std::string>;

TEST(Merge, KeepsTheOrderOfBoth) {
  RecordSet into = with({condition("Condition/b", "1", ""), condition("Condition/a", "1", "")});
  merge(into, with({condition("Condition/d", "1", ""), condition("Condition/c", "1", "")}));
  EXPECT_EQ(refs(into), (Refs{"Condition/b/1", "Condition/a/1", "Condition/d/1", "Condition/c/1"}));
}

TEST(Merge, KeepsTheSameVersionOnceAndTheFirstOne) {
  RecordSet into = with({condition("Condition/a", "1", "active")});
  merge(into, with({condition("Condition/a", "1", "resolved")}));
  ASSERT_EQ(into.conditions.size(), 1u);
  EXPECT_EQ(into.conditions[0].clinical_status, "active");
}

TEST(Merge, KeepsAnotherVersionBesideTheFirst) {
  RecordSet into = with({condition("Condition/a", "1", "")});
  merge(into, with({condition("Condition/a", "2", "")}));
  EXPECT_EQ(refs(into), (Refs{"Condition/a/1", "Condition/a/2"}));
}

TEST(Merge, ARepeatWithinTheAddedSetIsKeptOnce) {
  RecordSet into;
  merge(into, with({condition("Condition/a", "1", ""), condition("Condition/a", "1", "")}));
  EXPECT_EQ(refs(into), (Refs{"Condition/a/1"}));
}

TEST(Merge, RecordsWithoutAnIdAreAllKept) {
  RecordSet into = with({condition("", "", "active")});
  merge(into, with({condition("", "", "active"), condition("", "", "resolved")}));
  EXPECT_EQ(into.conditions.size(), 3u);
}

TEST(Merge, TakesEveryListOfTheSet) {
  RecordSet from;
  from.patients.resize(1);
  from.practitioners.resize(1);
  from.practitioner_roles.resize(1);
  from.organizations.resize(1);
  from.locations.resize(1);
  from.healthcare_services.resize(1);
  from.endpoints.resize(1);
  from.coverages.resize(1);
  from.consents.resize(1);
  from.encounters.resize(1);
  from.conditions.resize(1);
  from.observations.resize(1);
  from.procedures.resize(1);
  from.medications.resize(1);
  from.allergies.resize(1);
  from.imaging.resize(1);
  from.documents.resize(1);
  from.questionnaire_responses.resize(1);
  from.service_requests.resize(1);
  from.tasks.resize(1);
  from.appointments.resize(1);
  from.communications.resize(1);
  from.resources.resize(1);
  from.issues.resize(1);
  RecordSet into;
  merge(into, from);
  const std::size_t sizes[] = {
      into.patients.size(),         into.practitioners.size(), into.practitioner_roles.size(),
      into.organizations.size(),    into.locations.size(),     into.healthcare_services.size(),
      into.endpoints.size(),        into.coverages.size(),     into.consents.size(),
      into.encounters.size(),       into.conditions.size(),    into.observations.size(),
      into.procedures.size(),       into.medications.size(),   into.allergies.size(),
      into.imaging.size(),          into.documents.size(),     into.questionnaire_responses.size(),
      into.service_requests.size(), into.tasks.size(),         into.appointments.size(),
      into.communications.size(),   into.resources.size(),     into.issues.size()};
  for (std::size_t i = 0; i < std::size(sizes); ++i) EXPECT_EQ(sizes[i], 1u) << "list " << i;
}

}  // namespace
}  // namespace meridian
