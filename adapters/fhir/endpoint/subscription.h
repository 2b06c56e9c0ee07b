// SPDX-License-Identifier: Apache-2.0
// A clinic's Subscription as it is kept: what the clinic asked for, and how far it was told.
// Source: HL7 Subscriptions R5 Backport IG 1.1.0, R4 (backport-subscription): topic in criteria,
// filter in _criteria, content in channel._payload.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "fhir/endpoint/answers.h"
#include "fhir/endpoint/query.h"
#include "http/request.h"

namespace meridian::fhir {

/// The one topic here: fhir-profiles/guide/subscriptiontopics.
extern const std::string_view referral_topic;

/// How much a notification says.
enum class Content { empty, id_only, full_resource };
std::optional<Content> content_of(std::string_view name);

/// What a clinic asks for.
struct Wish {
  std::string status;                 ///< as written: requested, active, off
  std::vector<Condition> conditions;  ///< of the Task; all must hold
  std::string endpoint;
  http::Fields headers;  ///< secrets of the clinic
  Content content = Content::id_only;
  std::chrono::seconds heartbeat{0};  ///< 0: none
  std::chrono::seconds timeout{10};   ///< of one POST, 1 to 30
  std::size_t most = 20;              ///< events in one notification
  std::optional<Instant> end;
};

/// Reads a Subscription as a clinic writes it, or says why it cannot be had.
std::optional<Refusal> read_wish(std::string_view resource, Instant now, Wish& wish);

/// Something changed of a referral.
struct Happened {
  std::string referral;
  Instant at;  ///< ShelfMark::changed_at
  friend bool operator==(const Happened&, const Happened&) = default;
};

/// Numbers of events begin with 1 and never change; the newest events are kept.
struct Subscription {
  static constexpr std::size_t most_kept = 200;

  std::string id;
  std::string resource;  ///< as the clinic wrote it, without channel.header
  http::Fields headers;
  int version = 1;  ///< of the resource
  Instant changed;
  std::string status = "requested";  ///< requested, active, error, off
  std::string error;                 ///< why; for people
  Instant begun;                     ///< what changed before is no event
  Instant seen;                      ///< the latest change that was looked at
  Instant due;                       ///< nothing is sent before
  Instant spoke;                     ///< the last notification that arrived
  std::int64_t last = 0;             ///< number of the latest event
  std::int64_t told = 0;             ///< number of the latest event that arrived
  int failures = 0;                  ///< in a row
  std::deque<Happened> events;       ///< the last of them is number `last`

  /// Number of the oldest event that is kept.
  std::int64_t first() const { return last - static_cast<std::int64_t>(events.size()) + 1; }
  /// Precondition: first() <= number <= last.
  const Happened& event(std::int64_t number) const {
    return events[static_cast<std::size_t>(number - first())];
  }
  /// Gives the next number.
  void add(Happened event);
  /// The clinic asks for something, first or anew.
  void ask(std::string_view written, const Wish& wish, Instant now);

  /// The resource as a clinic reads it: without channel.header, which holds secrets.
  std::string json() const;
  /// As it is kept.
  std::string kept() const;
  static std::optional<Subscription> of_kept(std::string_view text);
};

}  // namespace meridian::fhir
