// SPDX-License-Identifier: Apache-2.0
// Answers that were given to us, read again at each assessment: the EHR may not have them.
#pragma once

#include <string>
#include <vector>

#include "flow/core.h"
#include "model/record_set.h"
#include "store/rows.h"

namespace meridian::flow {

/// Adds the patient's QuestionnaireResponses and Observations out of the stored messages that
/// ordered or answered the referral. Of one record the newest version is kept, `gathered` among
/// them, so that one taken back there does not live on in our copy. The value is the ids of the
/// messages that brought something. A message that is gone brings nothing. Errors: store errors.
Result<std::vector<std::string>> recall_answers(const Core& core, const store::ReferralRow& row,
                                                RecordSet& gathered);

}  // namespace meridian::flow
