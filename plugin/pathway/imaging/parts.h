// SPDX-License-Identifier: Apache-2.0
// Findings that a report writes as a part of the body and a change of it, in either order and with
// other words between: "the cord is severely compressed", "compression of the thecal sac and cord".
#pragma once

#include <vector>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// The parts and the changes of one sentence, by place; `kind` says whose they are.
struct PartMarks {
  std::vector<Candidate> parts;
  std::vector<Candidate> changes;   ///< `clear` ones say that the part is as it should be
  std::vector<Candidate> findings;  ///< written as phrases of their own: no change reaches past one
};

/// What the parts and changes of a sentence say.
struct PartFindings {
  std::vector<Candidate> findings;  ///< the words of the change, with the part when it is beside it
  std::vector<Candidate> parts;     ///< of which something is said
};

/// Each change with the parts of its own kind that it is said of. Pure.
PartFindings findings_of_parts(const Scope& scope, const PartMarks& marks);

}  // namespace meridian::imaging
