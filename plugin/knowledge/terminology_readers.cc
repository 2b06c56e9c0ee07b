// SPDX-License-Identifier: Apache-2.0
// ValueSet, ConceptMap and CodeSystem resources into the Terminology.
// Source: http://hl7.org/fhir/R4/valueset.html, conceptmap.html, codesystem.html
#include <algorithm>
#include <unordered_set>

#include "knowledge/readers.h"

namespace meridian {
namespace {

constexpr std::string_view base_url = "http://meridian-referral.org/fhir/";
constexpr std::string_view icd10cm = "http://hl7.org/fhir/sid/icd-10-cm";

/// Systems whose displays are the words that clinicians use; the words of CPT and NUCC are ours.
constexpr std::string_view worded_systems[] = {icd10cm, "http://snomed.info/sct",
                                               "http://loinc.org",
                                               "http://www.nlm.nih.gov/research/umls/rxnorm"};

bool has_terms(std::string_view system) {
  return std::find(std::begin(worded_systems), std::end(worded_systems), system) !=
         std::end(worded_systems);
}

Coding term_of(std::string_view words) {
  return Coding{std::string(term_system), normalized_term(words), {}};
}

/// True for a resource in use. Whoever sets another status takes the file out on purpose.
bool in_use(const JsonNode& root) {
  return root.text("status") == "active";
}

/// The short name in an identifier of the given system.
std::string short_name(const JsonNode& identifier, std::string_view kind) {
  if (identifier.text("system") != std::string(base_url) + std::string(kind)) return {};
  return std::string(identifier.text("value"));
}

std::string value_set_name(const JsonNode& root) {
  std::string name;
  root.each("identifier", [&](const JsonNode& identifier) {
    if (auto found = short_name(identifier, "value-set-name"); !found.empty()) name = found;
  });
  if (name.empty()) root.fault("required", "no name of system value-set-name", "identifier");
  return name;
}

/// "C50" or a block of categories "C00-C96": every category from the first to the last.
void add_families(std::string_view name, std::string_view block, const JsonNode& filter,
                  Terminology& terminology) {
  const std::string first(block.substr(0, 3));
  const std::string last(block.size() == 7 && block[3] == '-' ? block.substr(4) : block);
  const auto is_category = [](std::string_view text) {
    return text.size() == 3 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= '0' && text[1] <= '9';
  };
  if (!is_category(first) || !is_category(last) || first[0] != last[0] || last < first) {
    return filter.fault("value", "expected a category such as C50, or a block such as C00-C96",
                        "value");
  }
  constexpr std::string_view third = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (char second = first[1]; second <= last[1]; ++second) {
    for (const char c : third) {
      const std::string category = {first[0], second, c};
      if (category >= first && category <= last) terminology.add_family(name, category);
    }
  }
}

void read_filter(const JsonNode& include, std::string_view name, Terminology& terminology) {
  include.each("filter", [&](const JsonNode& filter) {
    filter.only({"property", "op", "value"});
    if (include.text("system") != icd10cm || filter.text("property") != "concept" ||
        filter.text("op") != "is-a") {
      return filter.fault("not-supported", "only concept is-a of ICD-10-CM is known");
    }
    add_families(name, filter.text("value"), filter, terminology);
  });
}

void read_codes(const JsonNode& include, std::string_view name, Terminology& terminology) {
  const std::string system(include.text("system"));
  const bool worded = has_terms(system);
  std::unordered_set<std::string_view> seen;
  include.each("concept", [&](const JsonNode& item) {
    item.only({"code", "display", "designation", "extension"});
    const auto code = item.text("code");
    if (!seen.insert(code).second) item.fault("duplicate", "code stands twice", "code");
    terminology.add(name, Coding{system, std::string(code), {}});
    const auto display = item.text_or("display", {});
    if (worded && !display.empty()) terminology.add(name, term_of(display));
  });
}

struct MapGroup {
  std::string map;
  std::string source;
  const std::set<std::string, std::less<>>* targets;  ///< null when the code system is not loaded
};

/// "#local" behind a table's URI marks names that senders use though the table does not have them.
std::string source_of(const JsonNode& group) {
  const auto source = group.text("source");
  return std::string(source.substr(0, source.find("#local")));
}

/// The one target of a row; empty when the row says that there is none.
std::string target_of(const JsonNode& element, const MapGroup& group) {
  std::string code;
  int count = 0;
  element.each("target", [&](const JsonNode& target) {
    target.only({"code", "display", "equivalence", "comment", "extension"});
    ++count;
    if (target.text("equivalence") == "unmatched") return;
    code = target.text("code");
    if (group.targets && !group.targets->contains(code)) {
      target.fault("code-invalid", "'" + code + "' is not in the target code system", "code");
    }
  });
  if (count != 1) element.fault("structure", "expected exactly one target", "target");
  return code;
}

void read_row(const JsonNode& element, const MapGroup& group, Terminology& terminology) {
  element.only({"code", "display", "target", "extension"});
  const std::string target = target_of(element, group);
  const Coding from{group.source, std::string(element.text("code")), {}};
  if (target.empty()) return;
  // What a map says of words outranks what the words of a code say.
  const auto known = terminology.translate(group.map, from);
  if (known && *known != target && from.system != term_system) {
    element.fault("duplicate", "another row gives the code another target", "code");
  }
  terminology.add_map(group.map, from, target);
  const auto display = element.text_or("display", {});
  if (!has_terms(group.source) || display.empty()) return;
  // Several codes may share their words; the first says what the words mean.
  const auto term = term_of(display);
  if (!terminology.translate(group.map, term)) terminology.add_map(group.map, term, target);
}

}  // namespace

void read_code_system(const JsonNode& root, OwnCodes& codes) {
  auto& known = codes[std::string(root.text("url"))];
  root.each("concept", [&](const JsonNode& item) {
    item.only({"code", "display", "definition", "designation", "property", "extension"});
    if (!known.emplace(item.text("code")).second) {
      item.fault("duplicate", "code stands twice", "code");
    }
  });
}

std::vector<Coding> read_codings(const JsonNode& root) {
  std::vector<Coding> codings;
  const std::string system(root.text("url"));
  root.each("concept", [&](const JsonNode& item) {
    codings.push_back({system, std::string(item.text("code")), std::string(item.text("display"))});
  });
  return codings;
}

void read_value_set(const JsonNode& root, bool families, Terminology& terminology) {
  if (!in_use(root)) return;
  const auto name = value_set_name(root);
  if (!root.has("compose")) root.fault("required", "missing", "compose");
  root.member("compose", [&](const JsonNode& compose) {
    compose.only({"lockedDate", "inactive", "include", "extension"});
    compose.each("include", [&](const JsonNode& include) {
      if (families) return read_filter(include, name, terminology);
      include.only({"system", "version", "concept", "filter", "extension"});
      if (!include.has("concept") && !include.has("filter")) {
        include.fault("required", "expected concept or filter");
      }
      read_codes(include, name, terminology);
    });
  });
}

void read_concept_map(const JsonNode& root, const OwnCodes* codes, Terminology& terminology) {
  if (!in_use(root)) return;
  std::string name;
  root.member("identifier",
              [&](const JsonNode& item) { name = short_name(item, "concept-map-name"); });
  if (name.empty()) root.fault("required", "no name of system concept-map-name", "identifier");
  root.each("group", [&](const JsonNode& node) {
    node.only({"source", "sourceVersion", "target", "targetVersion", "element", "extension"});
    const std::string target(node.text("target"));
    MapGroup group{name, source_of(node), nullptr};
    if (codes != nullptr) {
      const auto known = codes->find(target);
      if (known == codes->end()) node.fault("not-found", "no such code system is loaded", "target");
      if (known != codes->end()) group.targets = &known->second;
    }
    std::unordered_set<std::string_view> seen;
    node.each("element", [&](const JsonNode& element) {
      if (!seen.insert(element.text("code")).second) {
        element.fault("duplicate", "code stands twice", "code");
      }
      read_row(element, group, terminology);
    });
  });
}

}  // namespace meridian
