// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/fhir_renderer.h"

#include "fhir/exchange/render_referral.h"
#include "fhir/exchange/render_report.h"
#include "fhir/exchange/render_update.h"

namespace meridian::fhir {

Result<Rendered> FhirRenderer::render(const Letter& letter, const FieldProfile& profile) const {
  switch (letter.kind) {
    case Letter::Kind::referral:
      return render_referral(letter, profile, print_, dialect_);
    case Letter::Kind::patient_linked:
      return render_patient_linked(letter, profile);
    case Letter::Kind::referral_update:
      return render_update(letter, profile, print_, dialect_);
    case Letter::Kind::status:
    case Letter::Kind::consult_note:
    case Letter::Kind::alert:
    case Letter::Kind::prepared_return:
      break;
  }
  return render_report(letter, {*capabilities_, dialect_, rules_, print_});
}

}  // namespace meridian::fhir
