// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/notes.h"

#include <algorithm>
#include <map>

#include "pathway/imaging/concordance.h"
#include "pathway/imaging/prevalence.h"

namespace meridian {
namespace {

constexpr int unread_days = 365;

const PartialDate& date_of(const ImagingReport& report) {
  return report.effective.empty() ? report.issued : report.effective;
}

std::optional<int> age_then(const RuleContext& context, const ImagingReport& report) {
  const auto day = earliest(date_of(report));
  const auto age = age_at(context.chart.patient.birth_date.reveal(), day.value_or(context.at));
  return age ? std::optional(age->least) : std::nullopt;
}

/// "at L4-L5 (left), L5-S1"
std::string places_of(const std::vector<const ImagingFinding*>& findings) {
  std::string places;
  for (const auto* finding : findings) {
    std::string place = finding->level;
    if (!finding->side.empty()) {
      place += (place.empty() ? "" : " ") + ("(" + finding->side + ")");
    }
    if (place.empty() || places.find(place) != std::string::npos) continue;
    places += (places.empty() ? " at " : ", ") + place;
  }
  return places;
}

void add_once(std::string& text, const std::string& more) {
  if (text.find(more) == std::string::npos) text += more;
}

Entry note_of(const RuleContext& context, const ImagingReport& report, const ImagingKind& kind,
              const std::vector<const ImagingFinding*>& findings, const Symptoms& symptoms) {
  Entry note;
  note.rule = "imaging." + kind.id;
  note.source = kind.source;
  note.evidence = {report.ref};
  note.text = kind.label + places_of(findings);
  for (const auto* finding : findings) {
    if (finding->certainty != "definite") add_once(note.text, ", " + finding->certainty);
    if (finding->historical) add_once(note.text, ", told as history");
    if (!finding->evidence) add_once(note.text, "; not accepted as evidence by ultrasound");
  }
  const auto age = age_then(context, report);
  const auto share =
      age ? imaging::prevalence_text(kind.id, *age, context.rules.imaging) : std::nullopt;
  if (share) {
    note.text += "; " + *share;
    note.source = context.rules.imaging.prevalence_source;
  }
  if (kind.tier == "needs_concordance") {
    for (const auto* finding : findings) {
      if (finding->historical) continue;
      const auto agreement = concordance(*finding, report, symptoms, context);
      add_once(note.text, "; " + agreement);
    }
  }
  if (!kind.note.empty()) note.text += "; " + kind.note;
  return note;
}

}  // namespace

std::vector<Entry> imaging_notes(const RuleContext& context) {
  std::vector<Entry> notes;
  const auto symptoms = symptoms_of(context);
  for (const auto& report : context.chart.records.imaging) {
    std::map<std::string, std::vector<const ImagingFinding*>> by_kind;
    for (const auto& finding : report.findings) {
      if (!finding.negated) by_kind[finding.kind].push_back(&finding);
    }
    for (const auto& [kind, findings] : by_kind) {
      const auto* known = imaging_kind(context.rules.imaging, kind);
      notes.push_back(note_of(context, report, *known, findings, symptoms));
    }
  }
  std::sort(notes.begin(), notes.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.rule, a.evidence) < std::tie(b.rule, b.evidence);
  });
  return notes;
}

std::vector<Missing> unread_imaging(const RuleContext& context) {
  std::vector<Missing> items;
  for (const auto& report : context.chart.records.imaging) {
    const auto& date = date_of(report);
    if (!date.empty() && !may_be_within(date, unread_days, context.at)) continue;
    const bool unshown = std::any_of(
        report.findings.begin(), report.findings.end(), [&](const ImagingFinding& finding) {
          const auto* kind = imaging_kind(context.rules.imaging, finding.kind);
          return !finding.evidence && !finding.negated && !finding.historical &&
                 kind->tier == "serious";
        });
    if (report.unread.empty() && !unshown) continue;
    Missing item;
    item.rule = "imaging.unread";
    item.source = "SELF";
    item.text = unshown ? "an ultrasound report speaks of something serious that it cannot show; "
                          "a person reads it"
                        : "an imaging report has words of something serious that could not be "
                          "read; a person reads it";
    item.question = "imaging.report";
    item.evidence = {report.ref};
    item.doors = {"person"};
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace meridian
