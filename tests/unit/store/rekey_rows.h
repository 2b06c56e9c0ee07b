// SPDX-License-Identifier: Apache-2.0
// A row of every kind that has a sealed value, and what of them can be read.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/store.h"
#include "unit/store/openers.h"

namespace meridian::store {

/// Every sealed column gets a value; `mark` makes the rows of two calls different.
inline void fill_all_kinds(Store& store, const std::string& mark, Instant now) {
  auto message = a_message("message " + mark, "body " + mark);
  message.answer = "{\"answer\":1}";
  message.quarantined = true;
  message.issues.push_back({Severity::error, "value", "path", "issue " + mark});
  auto row = a_referral("state");
  row.order_ref = "order " + mark;
  row.patient_ref = "patient " + mark;
  auto changes = new_referral(row);
  changes.events.push_back({row.id, "clinic", "1", "accepted", now, message.id, "detail " + mark});
  changes.aliases.push_back({"patient", "alias " + mark, row.id, true});
  for (const char* key : {"dead", "waits"}) {
    auto work = some_work(row.id, now, key + mark);
    work.detail = "work " + mark;
    changes.works.push_back(work);
  }
  auto delivery = a_delivery(row.id, "clinic", now);
  delivery.body = "packet " + mark;
  changes.deliveries.push_back(delivery);
  PersonRow person;
  person.id = "person-" + mark;
  person.state = "active";
  person.name = "Name " + mark;
  person.email = mark + "@example.org";
  changes.people.push_back(person);
  EXPECT_TRUE(store.accept(message, changes));
  EXPECT_TRUE(store.keep_facts({row.id, "fhir", "facts " + mark, "history " + mark, now}));
  const auto claimed =
      store.claim_delivery(DestinationId("clinic"), "node", std::chrono::minutes(1));
  ASSERT_TRUE(claimed && *claimed);
  Settlement settlement;
  settlement.receipt = "receipt " + mark;
  EXPECT_TRUE(store.settle_delivery(**claimed, settlement, {}));
  const auto work = store.claim_work("node", 1, std::chrono::minutes(1));
  ASSERT_TRUE(work && work->size() == 1);
  const Error error{ErrorCode::store_failed, "test", "given up"};
  EXPECT_TRUE(store.return_work(work->front(), now, true, error));
  EXPECT_TRUE(store.set_cursor(SourceId("hospital"), "orders " + mark, "cursor " + mark));
  Changes audited;
  audited.audits.push_back({"PatientRead", "engine", mark, "success"});
  EXPECT_TRUE(store.apply(audited));
}

/// What can be read of those rows, searched by blind index where there is one.
inline std::vector<std::string> read_all_kinds(Store& store, const std::string& mark) {
  std::vector<std::string> texts;
  const auto found = store.find_shared("patient", "alias " + mark);
  if (!found || found->size() != 1) return {"no alias"};
  const auto id = found->front();
  if (const auto row = store.referral(id); row && *row) {
    texts.insert(texts.end(), {(*row)->order_ref, (*row)->patient_ref});
  }
  if (const auto row = store.person_by_email(mark + "@example.org"); row && *row) {
    texts.push_back((*row)->name);
  }
  if (const auto rows = store.events(id); rows && rows->size() == 1) {
    texts.push_back(rows->front().detail);
    const auto message = store.message(rows->front().message);
    if (message && *message) texts.push_back((*message)->body);
  }
  if (const auto facts = store.latest_facts(id); facts && *facts) {
    texts.insert(texts.end(), {(*facts)->body, (*facts)->history});
  }
  if (const auto rows = store.deliveries(id); rows && rows->size() == 1) {
    texts.insert(texts.end(), {rows->front().body, rows->front().receipt});
  }
  if (const auto rows = store.quarantine(100)) {
    for (const auto& row : *rows) {
      if (row.issues.find("issue " + mark) != std::string::npos) texts.push_back(row.issues);
    }
  }
  if (const auto cursor = store.cursor(SourceId("hospital"), "orders " + mark)) {
    texts.push_back(*cursor);
  }
  return texts;
}

/// Details of all work that waits or was given up; takes it out of the line.
inline std::vector<std::string> take_all_work(Store& store) {
  std::vector<std::string> details;
  if (const auto dead = store.dead_work(100)) {
    for (const auto& work : *dead) EXPECT_TRUE(store.revive_work(work.number));
  }
  if (const auto works = store.claim_work("reader", 100, std::chrono::minutes(1))) {
    for (const auto& work : *works) details.push_back(work.detail);
  }
  return details;
}

}  // namespace meridian::store
