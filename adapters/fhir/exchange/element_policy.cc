// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/element_policy.h"

#include <algorithm>
#include <array>

namespace meridian::fhir {
namespace {

/// Root elements without which the rest would mean something else: isModifier in R4, and whom it
/// is about. Source: http://hl7.org/fhir/R4/conformance-rules.html#isModifier
constexpr std::array kept_always = {std::string_view("resourceType"),
                                    std::string_view("id"),
                                    std::string_view("status"),
                                    std::string_view("intent"),
                                    std::string_view("doNotPerform"),
                                    std::string_view("clinicalStatus"),
                                    std::string_view("verificationStatus"),
                                    std::string_view("deceasedBoolean"),
                                    std::string_view("deceasedDateTime"),
                                    std::string_view("subject"),
                                    std::string_view("patient"),
                                    std::string_view("beneficiary")};

/// References that R4 requires where they stand; they may not just go.
constexpr std::array required_references = {
    std::string_view("subject"),     std::string_view("patient"),
    std::string_view("beneficiary"), std::string_view("payor"),
    std::string_view("actor"),       std::string_view("condition"),
    std::string_view("location"),    std::string_view("link"),
    std::string_view("manipulated"), std::string_view("medicationReference")};

/// Targets whose display names a person or place and tells nothing of the patient.
constexpr std::array people_and_places = {
    std::string_view("Practitioner"), std::string_view("PractitionerRole"),
    std::string_view("Organization"), std::string_view("Location"), std::string_view("Device")};

/// Members that hold an Attachment. Source: http://hl7.org/fhir/R4/datatypes.html#Attachment
constexpr std::array attachments = {
    std::string_view("attachment"),      std::string_view("presentedForm"),
    std::string_view("photo"),           std::string_view("contentAttachment"),
    std::string_view("valueAttachment"), std::string_view("content")};

template <typename List>
bool has(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// "value[x]" allows valueString.
bool same_element(std::string_view allowed, std::string_view name) {
  if (allowed == "*" || allowed == name) return true;
  if (!allowed.ends_with("[x]")) return false;
  const auto stem = allowed.substr(0, allowed.size() - 3);
  return name.size() > stem.size() && name.starts_with(stem) && name[stem.size()] >= 'A' &&
         name[stem.size()] <= 'Z';
}

}  // namespace

Verdict judge(const std::vector<std::string>& allowed, std::string_view path) {
  Verdict verdict = Verdict::removed;
  for (const std::string& entry : allowed) {
    if (same_element(entry, path)) return Verdict::whole;
    if (entry.size() > path.size() && entry.starts_with(path) && entry[path.size()] == '.') {
      verdict = Verdict::inside;
    }
  }
  return verdict;
}

std::string type_of_reference(std::string_view written) {
  const auto history = written.find("/_history/");
  if (history != std::string_view::npos) written = written.substr(0, history);
  const auto slash = written.rfind('/');
  if (slash == std::string_view::npos) return {};
  const auto head = written.substr(0, slash);
  const auto before = head.rfind('/');
  return std::string(before == std::string_view::npos ? head : head.substr(before + 1));
}

bool is_always_kept(std::string_view name) {
  return has(kept_always, name);
}

const std::vector<std::string>& kept_of_meta() {
  static const std::vector<std::string> kept = {"meta.security"};
  return kept;
}

bool is_required_reference(std::string_view name) {
  return has(required_references, name);
}

bool names_people_or_places(std::string_view type) {
  return has(people_and_places, type);
}

bool holds_attachment(std::string_view name) {
  return has(attachments, name);
}

}  // namespace meridian::fhir
