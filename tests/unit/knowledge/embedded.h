// SPDX-License-Identifier: Apache-2.0
// The built-in content, loaded once for all tests.
#pragma once

#include <gtest/gtest.h>

#include "knowledge/knowledge.h"

namespace meridian::test {

inline const Knowledge& embedded() {
  static const Knowledge knowledge = [] {
    Issues issues;
    auto loaded = load_knowledge(issues);
    for (const auto& issue : issues) ADD_FAILURE() << issue.path << ": " << issue.text;
    if (!loaded) return Knowledge{};
    return std::move(*loaded);
  }();
  return knowledge;
}

inline Coding icd(std::string code) {
  return {"http://hl7.org/fhir/sid/icd-10-cm", std::move(code), {}};
}
inline Coding snomed(std::string code) {
  return {"http://snomed.info/sct", std::move(code), {}};
}
inline Coding loinc(std::string code) {
  return {"http://loinc.org", std::move(code), {}};
}
inline Coding cpt(std::string code) {
  return {"http://www.ama-assn.org/go/cpt", std::move(code), {}};
}
inline Coding words(std::string_view text) {
  return {std::string(term_system), normalized_term(text), {}};
}

}  // namespace meridian::test
