// SPDX-License-Identifier: Apache-2.0
// What the operations page shows of a running site: numbers, names and reasons, no patient data.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace meridian {

/// One way to or from a system, as this process has seen it since it started.
struct LinkState {
  bool there = false;             ///< the system has such a way
  std::optional<Instant> worked;  ///< last
  std::optional<Instant> failed;  ///< last
  std::string error;              ///< of the last failure: name in the table of errors
  std::string words;              ///< of the last failure
  std::string paused = {};        ///< since when, by whom and why; empty: it is not
};

/// Messages in and deliveries out, by the hour; the last hour is the one that runs.
struct Traffic {
  static constexpr std::size_t hours = 24;
  std::array<std::int64_t, hours> in{};
  std::array<std::int64_t, hours> out{};
  std::int64_t in_now = 0;  ///< in the last five minutes
  std::int64_t out_now = 0;
};

/// One EHR, clinic or pager.
struct PeerState {
  std::string id;
  std::string name;
  std::string kind;  ///< hospital, clinic, pager
  LinkState heard;   ///< messages that came from it
  LinkState asked;   ///< its record, when a patient's history was read
  LinkState sent;    ///< what was delivered to it
  Traffic traffic;
  std::int64_t waiting = 0;  ///< deliveries queued or under way
  std::optional<Instant> oldest;
  std::int64_t ambiguous = 0;
  std::int64_t dead = 0;
  std::vector<std::string> server_notes;  ///< what its server lacks, or says otherwise than before
};

enum class ToDoKind { alert, ambiguous, dead_letter, work, message, difference, overdue };

/// One thing that needs a person.
struct ToDo {
  std::string number;    ///< of the delivery or work, id of the message; else empty
  std::string referral;  ///< empty for a message
  std::string peer;
  std::string what;   ///< "status", "assess": a configured name or a word of ours
  std::string error;  ///< name in the table of errors; empty: none
  std::optional<Instant> since;
};

/// All things of one kind: how many, and the first of them.
struct ToDos {
  ToDoKind kind = ToDoKind::alert;
  std::int64_t count = 0;
  std::vector<ToDo> first;
};

struct FunnelLine {
  std::string step;
  std::int64_t reached = 0;
  std::optional<std::chrono::seconds> median;  ///< from the step before
  std::string standing;                        ///< "sending 2, undelivered 1": came just so far
  std::int64_t not_known = 0;  ///< came to the step before; whether to this one, nobody can tell
};

/// True when nothing at all is known of the step: 0 would be wrong.
inline bool is_unknown(const FunnelLine& step) {
  return step.reached == 0 && step.not_known > 0;
}

struct ComparedPeer {
  std::string peer;
  std::int64_t news = 0;
  std::int64_t compared = 0;
  std::int64_t cannot_ask = 0;
  std::string error;  ///< name; empty: it could be asked
  std::string words;
};

struct LastComparison {
  Instant at;
  std::int64_t differing = 0;
  std::vector<ComparedPeer> peers;
};

/// Something that ends by itself, as a certificate.
struct Ending {
  std::string what;
  std::optional<Instant> end;  ///< nothing: it cannot be read
};

/// How large the database is, and what the last walk by [retention] did.
struct KeptBodies {
  std::int64_t bytes = 0;
  std::optional<Instant> at = {};  ///< nothing: no walk yet, or all is kept for ever
  std::int64_t gone = 0;
  bool over = false;  ///< larger than the site wants, and nothing more may go
};

struct WorklistState {
  std::string name;
  std::string owner;
  std::int64_t count = 0;
  Instant oldest;  ///< last change of the one that waits longest
};

struct SiteView {
  Instant at;
  Instant started;  ///< of this process
  std::string version;
  std::string content;  ///< digest of the clinical content
  std::string node;
  std::vector<std::string> changed;  ///< keys of the configuration that its last reading changed
  std::string refused = {};  ///< when and why a later one was not taken; empty: there is none
  std::int64_t work_due = 0;
  std::vector<PeerState> peers;
  std::vector<ToDos> to_do;  ///< one of each kind that there is
  std::vector<WorklistState> worklists;
  std::vector<FunnelLine> funnel;  ///< of the last 90 days
  std::optional<LastComparison> comparison;
  std::vector<Ending> endings;
  KeptBodies kept;
};

/// Something that happened to a referral, in words.
struct StoryEntry {
  std::optional<Instant> at;  ///< nothing: it has not happened yet
  std::string who;            ///< lane of the picture: "hospital", "meridian", "clinic"
  std::string what;
  std::vector<std::string> details;
};

struct Candidate {
  std::string id;
  std::string name;
  bool taken = false;
  std::string why;
};

struct DeliveryLine {
  std::int64_t number = 0;
  std::string to;
  std::string kind;
  std::string state;  ///< queued, in-flight, delivered, ambiguous, dead, superseded
  int attempts = 0;
  bool maybe_arrived = false;
  std::string error;
  std::optional<Instant> due;
  std::optional<Instant> settled;
};

struct ReferralStory {
  std::string id;
  std::string source;
  std::string order;
  std::string direction;
  std::string state;
  std::string owner;
  std::string worklist;
  std::string destination;
  Instant created;
  Instant updated;
  std::vector<StoryEntry> entries;  ///< in the order in which it happened
  std::vector<Candidate> candidates;
  std::vector<DeliveryLine> deliveries;
  std::vector<std::string> receivers;  ///< ids of those it could be redirected to
};

/// What an id that somebody typed stands for.
struct Found {
  std::string referral;  ///< the referral that it leads to
  std::string message;   ///< a message of ours; may be without a referral
};

}  // namespace meridian
