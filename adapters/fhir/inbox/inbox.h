// SPDX-License-Identifier: Apache-2.0
// The inbox of clinics that have a browser and nothing else: the same shelf and the same messages
// as the FHIR endpoint, for people.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "fhir/inbox/reading.h"
#include "model/terminology.h"
#include "port/desk.h"

namespace meridian::fhir {

/// What the inbox needs. `desk` and `terminology` are borrowed and outlive it.
struct InboxParts {
  Desk& desk;
  const Terminology& terminology;
  SourceTitles sources;
  std::function<std::string()> base;  ///< as of the endpoint; names what a clinic makes
  Clock clock = system_now;
};

class FhirInbox : public Inbox {
 public:
  explicit FhirInbox(InboxParts parts) : parts_(std::move(parts)) {}

  Result<std::vector<InboxLine>> list(const Caller& caller) override;
  Result<void> note_reading(const Caller& caller,
                            const std::vector<std::string>& referrals) override;
  Result<InboxReferral> open(const Caller& caller, std::string_view referral) override;
  Result<void> act(const Caller& caller, std::string_view referral,
                   const InboxGiven& given) override;
  Result<InboxFile> print(const Caller& caller, std::string_view referral) override;
  Result<InboxFile> bundle(const Caller& caller, std::string_view referral) override;
  const std::vector<InboxReason>& decline_reasons() const override;

 private:
  /// A line as it was read, for lists that are long. What the referring side does shows in the
  /// shelf once it was delivered, and what runs out by itself at the latest after `line_life`.
  struct KnownLine {
    Instant changed_at;
    Instant read_at;
    InboxLine line;
  };
  static constexpr std::chrono::seconds line_life{60};
  static constexpr std::size_t most_lines = 20'000;  // then all are forgotten

  /// Tells the referring side, once, that a person looks at it.
  Result<void> say_opened(const Caller& caller, std::string_view referral);
  std::optional<InboxLine> known(const std::string& key, const ShelfMark& mark);
  Result<InboxLine> read_line(const Caller& caller, const ShelfMark& mark);

  InboxParts parts_;
  std::mutex mutex_;
  std::map<std::string, KnownLine> lines_;  ///< by "clinic|referral"
};

}  // namespace meridian::fhir
