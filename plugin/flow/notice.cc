// SPDX-License-Identifier: Apache-2.0
#include "flow/notice.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/log.h"
#include "flow/stored_json.h"
#include "port/notice.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

/// Cursors of people stand under it: when they last saw the list, when they were last told.
const SourceId& ours() {
  static const SourceId id("meridian");
  return id;
}

std::string text_of(Instant at) {
  return std::to_string(at.time_since_epoch().count());
}

Instant instant_of(std::string_view text) {
  std::int64_t at = 0;
  std::from_chars(text.data(), text.data() + text.size(), at);
  return Instant(std::chrono::milliseconds(at));
}

Result<Instant> seen_at(const Core& core, const std::string& reader) {
  const auto kept = core.store.cursor(ours(), "seen/" + reader);
  if (!kept) return kept.error();
  return instant_of(*kept);
}

/// When a reader was last told, and by which notice.
struct Told {
  Instant at;
  std::string key;
};

Result<Told> last_told(const Core& core, const std::string& reader) {
  const auto kept = core.store.cursor(ours(), "told/" + reader);
  if (!kept) return kept.error();
  const auto space = std::min(kept->find(' '), kept->size());
  return Told{instant_of(kept->substr(0, space)), kept->substr(std::min(space + 1, kept->size()))};
}

/// A timer of one reader: "person/ULID", or "peer/ID" of a hospital.
Result<store::NewWork> timer_for(const Core& core, const std::string& reader,
                                 const store::WorkItem& item) {
  const auto told = last_told(core, reader);
  if (!told) return told.error();
  report::Json json;
  json.open();
  json.text("reader", reader);
  json.text("since", text_in(parsed(item.detail), "since"));
  json.close();
  const auto due = std::max(core.clock(), told->at + core.settings.notice_every);
  return store::NewWork{"timer.notice", item.referral, due, json.str(), "notice|" + reader};
}

/// Where a reader is written to; empty: nowhere any more.
Result<std::string> address_of(const Core& core, std::string_view reader) {
  const auto slash = reader.find('/');
  const auto id = reader.substr(slash + 1);
  if (reader.substr(0, slash) == "peer") {
    const auto* peer = core.peers.find(id);
    return peer == nullptr ? std::string() : peer->notice_to;
  }
  const auto person = core.store.person(id);
  if (!person) return person.error();
  const bool open = *person && (*person)->state == "active";
  return open ? (*person)->email : std::string();
}

/// "person/ULID" of "person/ULID@1795809600000"
std::pair<std::string, Instant> parts_of(const std::string& key) {
  const auto at = std::min(key.rfind('@'), key.size());
  return {key.substr(0, at),
          instant_of(std::string_view(key).substr(std::min(at + 1, key.size())))};
}

}  // namespace

void ask_for_notice(const Core& core, const Peer& peer, const ReferralId& referral,
                    store::Changes& changes) {
  const bool anybody = peer.kind == PeerKind::clinic ? peer.reads_here : !peer.notice_to.empty();
  if (!anybody || core.peers.find(mail_peer) == nullptr) return;
  const auto now = core.clock();
  report::Json json;
  json.open();
  json.text("peer", peer.id);
  json.text("since", text_of(now));
  json.close();
  changes.works.push_back({"notice", referral, now, json.str(), "notice|of|" + peer.id});
}

Result<store::Changes> find_whom_to_tell(const Core& core, const store::WorkItem& item) {
  store::Changes changes;
  const auto* peer = core.peers.find(text_in(parsed(item.detail), "peer"));
  if (peer == nullptr) return changes;
  std::vector<std::string> readers;
  if (peer->kind == PeerKind::clinic) {
    const auto people = core.store.people();
    if (!people) return people.error();
    for (const auto& person : *people) {
      if (person.clinic == peer->destination() && person.state == "active") {
        readers.push_back("person/" + person.id);
      }
    }
  } else {
    readers.push_back("peer/" + peer->id);
  }
  for (const auto& reader : readers) {
    auto timer = timer_for(core, reader, item);
    if (!timer) return timer.error();
    changes.works.push_back(std::move(*timer));
  }
  return changes;
}

Result<store::Changes> give_notice(const Core& core, const store::WorkItem& item) {
  store::Changes changes;
  const auto detail = parsed(item.detail);
  const auto reader = text_in(detail, "reader");
  const auto since = text_in(detail, "since");
  const auto address = address_of(core, reader);
  if (!address) return address.error();
  const auto seen = seen_at(core, reader);
  if (!seen) return seen.error();
  if (address->empty() || *seen >= instant_of(since)) return changes;
  if (!is_mail_address(*address)) {
    log(LogLevel::warning, "notice not possible", {{"referral", item.referral}});
    return changes;
  }
  // The key is the same after a crash, so that this notice is told from an earlier one.
  const auto key = reader + "@" + since;
  const auto told = last_told(core, reader);
  if (!told) return told.error();
  const auto now = core.clock();
  if (told->key != key && told->at + core.settings.notice_every > now) {
    auto later = timer_for(core, reader, item);
    if (!later) return later.error();
    changes.works.push_back(std::move(*later));
    return changes;
  }
  const auto kept = core.store.set_cursor(ours(), "told/" + reader, text_of(now) + " " + key);
  if (!kept) return kept.error();
  const MailNotice notice{MailNotice::Kind::waiting, *address,
                          core.page_link(reader.starts_with("peer/") ? "/home" : "/inbox")};
  changes.deliveries.push_back({item.referral, DestinationId(std::string(mail_peer)), "notice", key,
                                notice_media_type, notice_json(notice), now, 0});
  return changes;
}

Result<bool> is_notice_wanted(const Core& core, const store::Delivery& delivery) {
  const auto [reader, since] = parts_of(delivery.key);
  const auto address = address_of(core, reader);
  if (!address) return address.error();
  const auto seen = seen_at(core, reader);
  if (!seen) return seen.error();
  return !address->empty() && *seen < since;
}

Result<void> note_seen(const Core& core, std::string_view who) {
  const auto slash = who.find('/');
  if (slash == who.npos || core.peers.find(mail_peer) == nullptr) return {};
  const auto reader = "person/" + std::string(who.substr(slash + 1));
  return core.store.set_cursor(ours(), "seen/" + reader, text_of(core.clock()));
}

}  // namespace meridian::flow
