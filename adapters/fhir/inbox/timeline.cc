// SPDX-License-Identifier: Apache-2.0
#include "fhir/inbox/timeline.h"

#include <set>

#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

class Replay {
 public:
  explicit Replay(View view) : done_{std::move(view), {}, {}, {}} {}

  Result<void> take(const ShelfEntry& entry) {
    if (auto applied = done_.view.apply(entry); !applied) return applied;
    InboxEvent event;
    event.at = entry.at;
    event.by_clinic = !entry.ours;
    note_state(event);
    for (const auto& held : done_.view.all()) {
      if (held.type == "Task") {
        add_notes(held, event);
      } else if (held.changed_by == entry.id && held.by_clinic) {
        add_made(held, event);
      }
    }
    const bool quiet = event.state.empty() && event.notes.empty() && !event.visit &&
                       !event.report && event.scores.empty();
    if (!quiet) done_.events.push_back(std::move(event));
    return {};
  }

  Replayed result() { return std::move(done_); }

 private:
  void note_state(InboxEvent& event) {
    const auto* task = done_.view.task();
    if (task == nullptr) return;
    auto state = state_of(task->bytes());
    if (state == done_.state) return;
    event.state = shown_word(state);
    done_.since = event.at;
    done_.state = std::move(state);
  }

  /// Each note once; of a request to abort its reason.
  void add_notes(const Held& task, InboxEvent& event) {
    const auto index = JsonIndex::parse(task.bytes());
    if (!index) return;
    if (&task != done_.view.task()) {
      add_once(index->string(index->at(index->root(), {"reasonCode", "text"})), event);
    }
    const auto* notes = index->find(&index->root(), "note");
    if (notes == nullptr) return;
    for (const auto& note : index->children(*notes)) {
      const auto by = index->string(note, "authorString");
      const auto time = index->string(note, "time");
      const auto text = index->string(note, "text");
      const auto said = by.empty() ? text : by + ": " + text;
      if (seen_.insert(time + "|" + said).second) event.notes.push_back(said);
    }
  }

  void add_once(const std::string& text, InboxEvent& event) {
    if (!text.empty() && seen_.insert("|" + text).second) event.notes.push_back(text);
  }

  static void add_made(const Held& held, InboxEvent& event) {
    const auto index = JsonIndex::parse(held.bytes());
    if (!index) return;
    const auto& root = index->root();
    if (held.type == "DocumentReference") event.report = true;
    if (held.type == "Appointment" && index->string(root, "status") == "booked") {
      event.visit = parse_instant(index->string(root, "start"));
    }
    if (held.type == "Communication") {
      const auto* payload = index->find(&root, "payload");
      if (payload == nullptr) return;
      for (const auto& one : index->children(*payload)) {
        event.notes.push_back(index->string(one, "contentString"));
      }
    }
    if (held.type != "Observation") return;
    auto label = index->string(index->at(root, {"code", "text"}));
    const auto* value = index->at(root, {"valueQuantity", "value"});
    auto text = value != nullptr ? std::string(index->raw(*value))
                                 : index->string(index->at(root, {"valueCodeableConcept", "text"}));
    if (label.empty()) label = held.type;
    if (text.empty() && index->find(&root, "valueBoolean") != nullptr) text = "none";
    if (!text.empty()) event.scores.push_back({std::move(label), std::move(text)});
  }

  Replayed done_;
  std::set<std::string> seen_;
};

}  // namespace

Result<Replayed> replay(const Shelf& shelf) {
  auto empty = View::of({shelf.referral, {}, {}});
  if (!empty) return empty.error();
  Replay replay(std::move(*empty));
  for (const auto& entry : shelf.entries) {
    if (auto taken = replay.take(entry); !taken) return taken.error();
  }
  return replay.result();
}

}  // namespace meridian::fhir
