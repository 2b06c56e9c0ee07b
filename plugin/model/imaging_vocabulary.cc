// SPDX-License-Identifier: Apache-2.0
#include "model/imaging_vocabulary.h"

#include <algorithm>

namespace meridian {

const ImagingKind* imaging_kind(const ImagingVocabulary& vocabulary, const std::string& id) {
  const auto found = std::find_if(vocabulary.kinds.begin(), vocabulary.kinds.end(),
                                  [&](const ImagingKind& kind) { return kind.id == id; });
  return found == vocabulary.kinds.end() ? nullptr : &*found;
}

}  // namespace meridian
