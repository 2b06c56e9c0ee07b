// SPDX-License-Identifier: Apache-2.0
// How imaging reports are read, and what their findings are worth. The formats are described in
// fhir-profiles/README.md.
#include <algorithm>

#include "knowledge/misspellings.h"
#include "knowledge/readers.h"
#include "model/imaging_cues.h"

namespace meridian {
namespace {

/// Adds the phrases of one list under a tag; a phrase that cannot be read is a fault.
class PhraseReader {
 public:
  PhraseReader(Phrasebook& phrases, const WordClasses& classes, Misspellings& misspellings)
      : phrases_(phrases), classes_(classes), misspellings_(misspellings) {
    for (const auto& [name, choices] : classes_) {
      for (const auto& choice : choices) misspellings_.learn(choice);
    }
  }

  void add(const JsonNode& node, const std::string& tag, const std::vector<std::string>& list,
           std::string_view key) const {
    for (const auto& phrase : list) {
      const auto wrong = phrases_.add(phrases_.tag(tag), phrase, classes_);
      if (!wrong.empty()) node.fault("value", "'" + phrase + "': " + wrong, key);
      misspellings_.learn(phrase);
    }
  }

  /// {"left": ["left", "lt"], ...}: each member is a list under prefix + its name.
  void add_members(const JsonNode& root, std::string_view key, const std::string& prefix,
                   const std::vector<std::string_view>& known) const {
    root.member(key, [&](const JsonNode& lists) {
      lists.only(known);
      lists.members([&](const JsonNode& list) {
        add(list, prefix + std::string(list.key()), list.as_texts(), {});
      });
    });
  }

 private:
  Phrasebook& phrases_;
  const WordClasses& classes_;
  Misspellings& misspellings_;
};

WordClasses classes_of(const JsonNode& root) {
  WordClasses classes;
  root.member("classes", [&](const JsonNode& lists) {
    lists.members(
        [&](const JsonNode& list) { classes[std::string(list.key())] = list.as_texts(); });
  });
  return classes;
}

ImagingKind kind_of(const JsonNode& node, const RuleBook& book) {
  node.only({"id",      "label",      "tier",          "levels", "sides", "source",     "also",
             "note",    "any_region", "by_ultrasound", "words",  "weak",  "clear",      "not",
             "serious", "part",       "change",        "kept",   "when",  "instead_of", "finer",
             "denied",  "explained",  "graded",        "answer", "plain"});
  ImagingKind kind;
  kind.id = node.text("id");
  kind.label = node.text("label");
  kind.tier = word_of(node, "tier",
                      {"serious", "serious_non_urgent", "needs_concordance", "age_common",
                       "context", "numbering_warning", "incidental_followup"});
  kind.levels =
      word_of(node, "levels", {"disc", "canal", "slip", "foramen", "root", "vertebra", "none"});
  kind.sides = word_of(node, "sides", {"none", "two", "three"});
  kind.source = known_source(node, book);
  kind.note = node.text_or("note", {});
  kind.instead_of = node.texts("instead_of");
  kind.finer = node.texts("finer");
  kind.any_region = node.flag_or("any_region", false);
  kind.by_ultrasound = node.flag_or("by_ultrasound", false);
  return kind;
}

std::vector<std::string> split_levels(std::string_view text) {
  std::vector<std::string> levels;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    levels.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return levels;
}

}  // namespace

void read_imaging_findings(const JsonNode& root, RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.imaging_findings/1");
  root.only({"format", "source", "also", "note", "spelling", "classes", "sections", "cues", "sides",
             "places", "regions", "findings"});
  known_source(root, book);
  auto& imaging = book.imaging;
  const auto classes = classes_of(root);
  Misspellings misspellings;
  const PhraseReader reader(imaging.phrases, classes, misspellings);
  reader.add_members(root, "sections", "section:",
                     {"findings", "impression", "addendum", "recommendation", "history",
                      "comparison", "technique", "exam"});
  reader.add_members(root, "cues", "cue:", {cue_names.begin(), cue_names.end()});
  reader.add_members(root, "sides", "side:", {"left", "right", "bilateral", "central"});
  reader.add_members(root, "regions", "region:", {"spine", "spine_only", "other", "sacrum"});
  root.member("spelling", [&](const JsonNode& lists) {
    lists.members([&](const JsonNode& list) {
      misspellings.learn(list.key());
      for (const auto& wrong : list.as_texts()) imaging.spelling[wrong] = list.key();
    });
  });
  root.member("places", [&](const JsonNode& lists) {
    lists.members([&](const JsonNode& list) {
      const auto tag = "place:" + std::to_string(imaging.places.size());
      imaging.places.push_back(split_levels(list.key()));
      reader.add(list, tag, list.as_texts(), {});
    });
  });
  root.each("findings", [&](const JsonNode& node) {
    auto kind = kind_of(node, book);
    if (!scope.findings.insert(kind.id).second) node.fault("duplicate", "id stands twice", "id");
    const auto words = node.texts("words");
    if (words.empty()) node.fault("required", "expected phrases", "words");
    reader.add(node, "finding:" + kind.id, words, "words");
    for (const char* key : {"weak", "clear", "not", "serious", "part", "change", "kept", "when",
                            "denied", "explained", "graded", "answer", "plain"}) {
      reader.add(node, std::string(key) + ':' + kind.id, node.texts(key), key);
    }
    imaging.kinds.push_back(std::move(kind));
  });
  misspellings.add_to(imaging.spelling);
  for (const auto& kind : imaging.kinds) {
    auto others = kind.instead_of;
    others.insert(others.end(), kind.finer.begin(), kind.finer.end());
    for (const auto& other : others) {
      if (!scope.findings.contains(other)) {
        root.fault("not-found", kind.id + " names '" + other + "', which is no finding",
                   "findings");
      }
    }
  }
}

void read_imaging_prevalence(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.imaging_prevalence/1");
  root.only({"format", "source", "note", "findings"});
  auto& imaging = book.imaging;
  imaging.prevalence_source = known_source(root, book);
  root.each("findings", [&](const JsonNode& node) {
    node.only({"finding", "also", "rows", "note"});
    ImagingPrevalence prevalence;
    node.each("rows", [&](const JsonNode& row) {
      row.only({"age", "percent", "model", "unverified"});
      const int percent = row.number("percent").value_or(101);
      if (percent > 100) row.fault("value", "expected 0 to 100", "percent");
      const int age = row.number("age").value_or(0);
      const auto& rows = prevalence.rows;
      if (!rows.empty() && rows.back().age >= age)
        row.fault("value", "expected a higher age", "age");
      prevalence.rows.push_back(
          {age, percent, row.flag_or("model", false), row.flag_or("unverified", false)});
    });
    if (prevalence.rows.empty()) node.fault("required", "expected rows", "rows");
    auto kinds = node.texts("also");
    kinds.emplace_back(node.text("finding"));
    for (const auto& kind : kinds) {
      if (!scope.findings.contains(kind)) {
        node.fault("not-found", "'" + kind + "' is not in imaging_findings.json", "finding");
      }
      prevalence.kind = kind;
      imaging.prevalence.push_back(prevalence);
    }
  });
}

void read_imaging_concordance(const JsonNode& root, RuleBook& book) {
  check_format(root, "meridian.imaging_concordance/1");
  root.only({"format", "source", "note", "months", "discs"});
  auto& imaging = book.imaging;
  imaging.roots_source = known_source(root, book);
  imaging.concordance_months = root.number("months").value_or(12);
  root.each("discs", [&](const JsonNode& node) {
    node.only({"disc", "central", "foraminal"});
    imaging.roots.push_back({std::string(node.text("disc")), std::string(node.text("central")),
                             std::string(node.text("foraminal"))});
  });
}

}  // namespace meridian
