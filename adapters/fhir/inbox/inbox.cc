// SPDX-License-Identifier: Apache-2.0
#include "fhir/inbox/inbox.h"

#include <algorithm>
#include <tuple>

#include "fhir/endpoint/writes.h"
#include "fhir/exchange/collection.h"
#include "fhir/inbox/reasons.h"
#include "fhir/inbox/saying.h"

namespace meridian::fhir {
namespace {

Error unknown() {
  return {ErrorCode::not_found, "inbox", "no such referral"};
}

Error error_of(const Refusal& refusal) {
  switch (refusal.status) {
    case 404:
      return unknown();
    case 409:
      return {ErrorCode::conflict, "inbox", "this form was sent before, and said something else"};
    case 412:
      return {ErrorCode::stale, "inbox", "it has changed since"};
    case 503:
      return {ErrorCode::unavailable, "inbox", "others keep writing to this referral"};
    default:
      return {ErrorCode::invalid, "inbox", "this could not be taken"};
  }
}

/// All that a form says, so that the same form with something else is told apart.
std::string content_of(std::string_view referral, const InboxGiven& given) {
  std::string content(referral);
  const auto add = [&](std::string_view text) { content.append(1, '\n').append(text); };
  add(inbox_act_name(given.act));
  add(std::to_string(given.version));
  for (const auto* text : {&given.by, &given.text, &given.reason, &given.adverse}) add(*text);
  for (const auto time : given.times) add(to_string(time));
  for (const auto& [instrument, value] : given.scores) add(instrument + std::to_string(value));
  return content;
}

/// How pressing within a group: what waits longest first, what is booked by its visit, what is over
/// the latest first.
bool before(const InboxLine& a, const InboxLine& b) {
  if (a.group != b.group) return a.group < b.group;
  const bool a_urgent = a.priority != "routine";
  const bool b_urgent = b.priority != "routine";
  if (a.group == InboxGroup::closed) return a.since > b.since;
  if (a_urgent != b_urgent) return a_urgent;
  if (a.group == InboxGroup::booked && a.visit != b.visit) {
    return a.visit && (!b.visit || *a.visit < *b.visit);
  }
  return std::tie(a.since, a.referral) < std::tie(b.since, b.referral);
}

}  // namespace

Result<std::vector<InboxLine>> FhirInbox::list(const Caller& caller) {
  const auto marks = parts_.desk.shelves(caller, Instant());
  if (!marks) return marks.error();
  std::vector<InboxLine> lines;
  for (const auto& mark : *marks) {
    auto line = read_line(caller, mark);
    if (!line) return line.error();
    lines.push_back(std::move(*line));
  }
  std::sort(lines.begin(), lines.end(), before);
  return lines;
}

std::optional<InboxLine> FhirInbox::known(const std::string& key, const ShelfMark& mark) {
  const auto now = parts_.clock();
  const std::lock_guard lock(mutex_);
  const auto found = lines_.find(key);
  if (found == lines_.end()) return std::nullopt;
  const auto& line = found->second;
  const bool good = line.changed_at == mark.changed_at && now - line.read_at < line_life;
  return good ? std::optional(line.line) : std::nullopt;
}

Result<InboxLine> FhirInbox::read_line(const Caller& caller, const ShelfMark& mark) {
  const auto key = caller.source + "|" + mark.referral;
  if (auto line = known(key, mark)) return std::move(*line);
  const auto now = parts_.clock();
  const auto shelf = parts_.desk.shelf(caller, mark.referral);
  if (!shelf) return shelf.error();
  const auto replayed = replay(*shelf);
  if (!replayed) return replayed.error();
  auto line = line_of(*replayed, *shelf);
  // What changed just now may change once more within the same millisecond.
  if (!line || now - mark.changed_at < std::chrono::seconds(1)) return line;
  const std::lock_guard lock(mutex_);
  if (lines_.size() >= most_lines) lines_.clear();
  lines_[key] = {mark.changed_at, now, *line};
  return line;
}

Result<void> FhirInbox::note_reading(const Caller& caller,
                                     const std::vector<std::string>& referrals) {
  return parts_.desk.note_reading(caller, referrals);
}

Result<InboxReferral> FhirInbox::open(const Caller& caller, std::string_view referral) {
  if (referral_in(referral) != referral) return unknown();
  if (auto said = say_opened(caller, referral); !said) return said.error();
  const auto shelf = parts_.desk.shelf(caller, referral);
  if (!shelf) return shelf.error();
  auto replayed = replay(*shelf);
  if (!replayed) return replayed.error();
  auto page = referral_page(std::move(*replayed), *shelf, parts_.sources);
  if (!page) return page.error();
  if (auto noted = note_reading(caller, {shelf->referral}); !noted) return noted.error();
  return page;
}

Result<void> FhirInbox::say_opened(const Caller& caller, std::string_view referral) {
  const auto shelf = parts_.desk.shelf(caller, referral);
  if (!shelf) return shelf.error();
  const auto view = View::of(*shelf);
  if (!view) return view.error();
  if (view->task() == nullptr) return unknown();
  const auto step = opening_of(*view, shelf->next);
  if (!step) return {};
  const auto base = parts_.base();
  Writes writes(parts_.desk, caller, base, parts_.clock);
  // Refused when a colleague was quicker, or may not write: the page is shown either way.
  (void)writes.perform({"opened-" + view->task()->id + "-" + step->if_match, step->body}, {*step});
  return {};
}

Result<void> FhirInbox::act(const Caller& caller, std::string_view referral,
                            const InboxGiven& given) {
  if (referral_in(referral) != referral) return unknown();
  const auto shelf = parts_.desk.shelf(caller, referral);
  if (!shelf) return shelf.error();
  const auto view = View::of(*shelf);
  if (!view) return view.error();
  if (view->task() == nullptr) return unknown();
  const auto base = parts_.base();
  Writes writes(parts_.desk, caller, base, parts_.clock);
  const Writes::Asked asked{given.form, content_of(referral, given)};
  for (const auto& mark : view->requests()) {
    if (mark.request != given.form) continue;
    // It was taken before, and would hardly be legal after itself.
    const auto refusal = writes.remember(asked);
    return refusal ? Result<void>(error_of(*refusal)) : Result<void>();
  }
  if (given.version != view->task()->version()) {
    return Error{ErrorCode::stale, "inbox", "it has changed since"};
  }
  const auto steps = steps_of(*view, shelf->next, given, parts_.terminology, parts_.clock());
  if (!steps) return steps.error();
  const auto done = writes.perform(asked, *steps);
  if (done.refusal) return error_of(*done.refusal);
  return {};
}

Result<InboxFile> FhirInbox::print(const Caller& caller, std::string_view referral) {
  if (referral_in(referral) != referral) return unknown();
  const auto shelf = parts_.desk.shelf(caller, referral);
  if (!shelf) return shelf.error();
  const auto view = View::of(*shelf);
  if (!view) return view.error();
  auto page = printed_page(*view);
  if (!page) return unknown();
  if (auto noted = note_reading(caller, {shelf->referral}); !noted) return noted.error();
  return InboxFile{"referral-" + shelf->referral + ".pdf", "application/pdf", std::move(*page)};
}

Result<InboxFile> FhirInbox::bundle(const Caller& caller, std::string_view referral) {
  if (referral_in(referral) != referral) return unknown();
  const auto shelf = parts_.desk.shelf(caller, referral);
  if (!shelf) return shelf.error();
  const auto view = View::of(*shelf);
  if (!view) return view.error();
  Collection collection(parts_.base());
  for (const auto& held : view->all()) {
    if (auto added = collection.add(held.json()); !added) return added.error();
  }
  if (auto noted = note_reading(caller, {shelf->referral}); !noted) return noted.error();
  return InboxFile{"referral-" + shelf->referral + ".json", "application/fhir+json",
                   collection.json()};
}

const std::vector<InboxReason>& FhirInbox::decline_reasons() const {
  return fhir::decline_reasons();
}

}  // namespace meridian::fhir
