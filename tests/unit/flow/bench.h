// SPDX-License-Identifier: Apache-2.0
// A hospital, a clinic and a pager around the real store, reader and rules; the time is the test's.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "flow/core.h"
#include "flow/in.h"
#include "flow/operations.h"
#include "knowledge/knowledge.h"
#include "port/desk.h"
#include "store/store.h"

namespace meridian::flow {

/// A receiver that answers as it is told and remembers what reached it.
class Receiver : public Sender {
 public:
  struct Sent {
    std::string key;
    std::string bytes;
    bool repeat;
  };
  Result<Receipt> send(const Rendered& letter, bool repeat) override;
  Result<Standing> look(const Rendered&) override {
    if (look_failure) return *look_failure;
    return standing;
  }
  bool recognises_repeats() const override { return recognises; }

  std::vector<Sent> sent;
  std::vector<Error> failures;  ///< used up one by one before it succeeds
  bool recognises = true;
  Standing standing = Standing::unknown;  ///< what it says to who asks
  std::optional<Error> look_failure;
};

/// Says which letter it was.
class LetterRenderer : public Renderer {
 public:
  Result<Rendered> render(const Letter& letter, const FieldProfile& profile) const override;
};

/// A hospital's history: the facts and how complete they are.
class HospitalHistory : public Gatherer {
 public:
  Result<Gathered> gather(const GatherRequest& request) override;
  Result<std::string> doubt(const GatherRequest& request) override;

  std::string facts;
  Completeness completeness = Completeness::complete;
  bool patient_resolved = true;
  std::vector<Error> failures;
  int asked = 0;
  std::string doubted;  ///< Gathered::doubt
  GatherRequest last;
};

/// Everything a path needs. Time starts at 2026-11-20T10:00:00Z and stands still. In the end each
/// decision is replayed under the same content, and must come out the same to the byte.
class Bench {
 public:
  Bench();
  explicit Bench(Knowledge content);
  ~Bench();

  /// Swaps the directory.
  void know(std::vector<routing::Receiver> receivers);
  /// Makes "birch" the second choice.
  void add_second_choice();
  /// Lets "willow" order too, and "ehr" take what is for a spine surgeon.
  void let_willow_order();
  /// A message from "ehr", "willow" or "birch".
  Result<std::string> submit(const std::string& source, const std::string& id,
                             const std::string& bytes);
  void work();     ///< until nothing is due
  void deliver();  ///< to every peer, until nothing is due
  void run();      ///< work and deliver until all is quiet
  void pass(std::chrono::milliseconds time) { now += time; }

  store::ReferralRow only_referral();
  std::string state() { return only_referral().state; }

  Instant now;
  std::filesystem::path folder;
  Knowledge knowledge;
  std::unique_ptr<store::Store> store;
  Peers peers;
  std::shared_ptr<const routing::Directory> directory;  ///< what peers give
  HospitalHistory* history = nullptr;
  HospitalHistory* clinic_history = nullptr;  ///< of "willow", once it may order
  Receiver* hospital = nullptr;
  Receiver* clinic = nullptr;         ///< "willow", the first choice
  Receiver* second_clinic = nullptr;  ///< "birch", not in the directory unless a test adds it
  Receiver* first_pager = nullptr;
  Receiver* second_pager = nullptr;
  std::unique_ptr<Core> core;
  std::unique_ptr<In> in;
  std::unique_ptr<RuntimeOperations> operations;
  std::unique_ptr<Desk> desk;
  bool leave_replay_out = false;  ///< for a test that spoils what is kept

 private:
  void expect_equal_replays();
};

/// An acupuncture clinic that states nothing.
routing::Receiver receiver(const std::string& id, std::uint32_t preference);

/// The content the program is built with.
Knowledge built_in_content();

/// A bundle of resources.
std::string bundle(const std::vector<std::string>& resources);
/// Mr. Alder, 52, and his chronic low back pain.
std::string patient();
std::string back_pain();
/// His order for acupuncture.
std::string order(const std::string& status = "active", int version = 1);
/// A second order for the same; it may replace the first.
std::string second_order(bool replaces = false);
/// All screening questions answered no, at this instant; `but` are left out.
std::string answers(Instant at, const std::vector<std::string>& but = {});
/// Cauda equina syndrome, coded yesterday.
std::string cauda_equina();
/// The clinic's Task for a referral.
std::string task(const std::string& referral, const std::string& status, int version,
                 const std::string& business = "");

}  // namespace meridian::flow
