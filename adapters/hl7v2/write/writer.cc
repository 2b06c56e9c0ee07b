// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/writer.h"

#include "hl7v2/write/write_answer.h"
#include "hl7v2/write/write_referral.h"

namespace meridian::hl7v2 {

Result<Rendered> Hl7v2Renderer::render(const Letter& letter, const FieldProfile& profile) const {
  const Writing writing(dialect_, tables_, print_);
  switch (letter.kind) {
    case Letter::Kind::referral:
      return write_referral(writing, letter, profile);
    case Letter::Kind::patient_linked:
      return write_referral_again(writing, letter, profile);
    case Letter::Kind::referral_update:
      return letter.include.empty() ? write_update(writing, letter)
                                    : write_referral_again(writing, letter, profile);
    case Letter::Kind::status:
    case Letter::Kind::prepared_return:  // no order of ours there: its surgeon is told in words
      return write_status(writing, letter);
    case Letter::Kind::consult_note:
      return write_note(writing, letter);
    case Letter::Kind::alert:
      break;
  }
  return Error{ErrorCode::unsupported, "render", "HL7 v2 has no message for this letter"};
}

}  // namespace meridian::hl7v2
