// SPDX-License-Identifier: Apache-2.0
#include "flow/clinic_news.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "flow/ledger.h"
#include "model/appointments.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

/// A word of the clinic that has the referral now.
struct Word {
  std::string sequence;
  EventKind kind;
  MessageId message;
};

/// In the clinic's own order.
Result<std::vector<Word>> words_of(const Core& core, const store::ReferralRow& row) {
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  std::vector<Word> words;
  for (const auto& stored : *events) {
    const auto event = folded(stored);
    if (!event || stored.message.empty()) continue;
    const bool clinics = routing::actor_of(event->kind) == routing::Actor::clinic;
    if (!clinics || event->offer != row.destination.str()) continue;
    words.push_back({event->sequence, event->kind, stored.message});
  }
  std::stable_sort(words.begin(), words.end(), [](const Word& a, const Word& b) {
    return std::pair(a.sequence, a.kind) < std::pair(b.sequence, b.kind);
  });
  return words;
}

template <typename T>
bool has_ref(const std::vector<T>& records, const std::string& ref) {
  return std::any_of(records.begin(), records.end(),
                     [&](const T& record) { return record.ref == ref; });
}

template <typename T>
void leave_out(std::vector<T>& records, const std::vector<T>& told) {
  std::erase_if(records, [&](const T& record) { return has_ref(told, record.ref); });
}

template <typename T>
bool brings_more(const std::vector<T>& records, const std::vector<T>& told) {
  return std::any_of(records.begin(), records.end(), [&](const T& record) {
    return std::none_of(told.begin(), told.end(), [&](const T& known) {
      return known.ref == record.ref && known.version == record.version;
    });
  });
}

std::size_t outputs_of(const RecordSet& records) {
  std::size_t count = 0;
  for (const auto& task : records.tasks) count += task.outputs.size();
  return count;
}

/// For somebody to read, besides where the referral stands.
bool brings_more(const RecordSet& records, const RecordSet& told) {
  return outputs_of(records) > outputs_of(told) || brings_more(records.documents, told.documents) ||
         brings_more(records.imaging, told.imaging) ||
         brings_more(records.observations, told.observations) ||
         brings_more(records.communications, told.communications);
}

/// The same visit at the same time.
bool is_same_booking(const RecordSet& records, const RecordSet& before) {
  const auto* now = leading(records.appointments);
  const auto* then = leading(before.appointments);
  if (now == nullptr || then == nullptr) return false;
  return now->ref == then->ref && now->status == then->status &&
         now->start.instant() == then->start.instant() && now->end.instant() == then->end.instant();
}

/// Reads words as letters, each once.
class Reading {
 public:
  Reading(const Core& core, std::vector<Word> words)
      : core_(core), words_(std::move(words)), letters_(words_.size()) {}

  Result<const Letter*> letter(std::size_t i) {
    if (!letters_[i]) {
      Letter read;
      if (const auto sender = take_news(core_, words_[i].message, read); !sender) {
        return sender.error();
      }
      letters_[i] = std::move(read);
    }
    return &*letters_[i];
  }

  /// The word before it told of the same booking.
  Result<bool> repeats_booking(std::size_t i) {
    if (i == 0 || words_[i].kind != EventKind::clinic_scheduled) return false;
    if (words_[i - 1].kind != EventKind::clinic_scheduled) return false;
    const auto said = letter(i);
    if (!said) return said.error();
    const auto before = letter(i - 1);
    if (!before) return before.error();
    return is_same_booking((*said)->records, (*before)->records);
  }

  /// As the Task of a clinic that booked first and answered then.
  Result<bool> adds_nothing(std::size_t i) {
    const auto repeats = repeats_booking(i);
    if (!repeats || !*repeats) return repeats;
    const auto& said = *letters_[i];
    const auto& before = *letters_[i - 1];
    return reason_in(said) == reason_in(before) && !brings_more(said.records, before.records);
  }

  /// A booking stands that an earlier word told of: this one takes its place.
  Result<bool> moves_booking(std::size_t i) {
    for (std::size_t before = 0; before < i; ++before) {
      if (words_[before].kind != EventKind::clinic_scheduled) continue;
      const auto said = letter(before);
      if (!said) return said.error();
      if (!(*said)->records.appointments.empty()) return true;
    }
    return false;
  }

  /// Takes out of word `i` what later words tell. False when something was overtaken and nothing is
  /// left to tell.
  Result<bool> keep_news(std::size_t i, Letter& letter_of) {
    bool overtaken = false;
    auto& records = letter_of.records;
    for (auto later = i + 1; later < words_.size(); ++later) {
      const auto silent = adds_nothing(later);
      if (!silent) return silent;
      if (*silent) continue;
      const auto said = letter(later);
      if (!said) return said.error();
      const auto& told = (*said)->records;
      overtaken = true;
      leave_out(records.documents, told.documents);
      leave_out(records.imaging, told.imaging);
      leave_out(records.observations, told.observations);
      leave_out(records.communications, told.communications);
      if (outputs_of(told) >= outputs_of(records)) records.tasks.clear();
      records.appointments.clear();
    }
    return !overtaken || brings_more(records, RecordSet());
  }

 private:
  const Core& core_;
  std::vector<Word> words_;
  std::vector<std::optional<Letter>> letters_;
};

}  // namespace

Result<std::string> take_news(const Core& core, const MessageId& id, Letter& letter) {
  const auto message = core.store.message(id);
  if (!message) return message.error();
  if (!*message) return std::string();
  const auto& row = **message;
  const auto* reader = core.peers.reader_for(row.media_type);
  if (reader == nullptr) return Error{ErrorCode::internal, "reflect", "no reader"};
  auto records =
      reader->read({row.source, row.sender_id, row.media_type, row.body, row.received_at});
  if (!records) return records.error();
  letter.records = std::move(*records);
  letter.raw = row.body;
  for (const auto& span : letter.records.resources) {
    letter.include.push_back(span.type + "/" + span.id);
  }
  for (const auto& task : letter.records.tasks) letter.peer_task = task.ref;
  return row.source.str();
}

std::string reason_in(const Letter& letter) {
  for (const auto& task : letter.records.tasks) {
    const auto& reason = task.status_reason;
    if (!reason.text.empty()) return reason.text;
    for (const auto& coding : reason.codings) {
      return coding.display.empty() ? coding.code : coding.display;
    }
  }
  return {};
}

Result<bool> take_current_news(const Core& core, const MessageId& id, const store::ReferralRow& row,
                               const Renderer& to, Letter& letter) {
  auto words = words_of(core, row);
  if (!words) return words.error();
  const auto found = std::find_if(words->begin(), words->end(),
                                  [&](const Word& word) { return word.message == id; });
  if (found == words->end()) return true;  // an earlier clinic's word is no news of this one
  const auto i = static_cast<std::size_t>(found - words->begin());
  Reading reading(core, std::move(*words));
  const auto silent = reading.adds_nothing(i);
  if (!silent || *silent) return silent ? Result<bool>(false) : silent;
  const auto said = reading.letter(i);
  if (!said) return said.error();
  if ((*said)->raw.empty()) {
    return Error{ErrorCode::not_found, "reflect", "the clinic's message is gone"};
  }
  letter = **said;
  const auto kept = reading.keep_news(i, letter);
  if (!kept || !*kept) return kept;
  // Where each letter is a message of its own, the same booking would be told twice; a Task that
  // is replaced must go on to show it.
  const auto repeats = reading.repeats_booking(i);
  if (!repeats) return repeats;
  if (*repeats && to.follows_earlier()) letter.records.appointments.clear();
  if (letter.records.appointments.empty()) return true;
  const auto moves = reading.moves_booking(i);
  if (!moves) return moves;
  if (*moves) letter.changed.push_back(leading(letter.records.appointments)->ref);
  return true;
}

namespace {

/// Puts the last word of a kind into the letter; leaves it alone where there is none.
Result<void> take_last(const Core& core, const store::ReferralRow& row, EventKind kind,
                       Letter& letter) {
  const auto words = words_of(core, row);
  if (!words) return words.error();
  for (auto word = words->rbegin(); word != words->rend(); ++word) {
    if (word->kind != kind) continue;
    if (const auto sender = take_news(core, word->message, letter); !sender) return sender.error();
    return {};
  }
  return {};
}

}  // namespace

Result<void> take_report(const Core& core, const store::ReferralRow& row, Letter& letter) {
  return take_last(core, row, EventKind::clinic_reported, letter);
}

Result<std::string> standing_reason(const Core& core, const store::ReferralRow& row) {
  using routing::State;
  const auto state = routing::state_named(row.state).value_or(State::noted);
  std::optional<EventKind> asks;
  if (state == State::need_info) asks = EventKind::clinic_asked;
  if (state == State::extension_asked) asks = EventKind::clinic_extension_asked;
  if (state == State::safety_return || state == State::safety_known) {
    asks = EventKind::clinic_safety_return;
  }
  if (!asks) return std::string();
  Letter said;
  if (auto taken = take_last(core, row, *asks, said); !taken) return taken.error();
  return reason_in(said);
}

}  // namespace meridian::flow
