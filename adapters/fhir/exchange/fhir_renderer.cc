// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/fhir_renderer.h"

#include "fhir/exchange/render_referral.h"
#include "fhir/exchange/render_report.h"
#include "fhir/exchange/render_update.h"

namespace meridian::fhir {

FhirRenderer::FhirRenderer(Receiver receiver, std::shared_ptr<const Capabilities> capabilities)
    : receiver_(receiver), capabilities_(std::move(capabilities)) {}

Result<Rendered> FhirRenderer::render(const Letter& letter, const FieldProfile& profile) const {
  if (receiver_ == Receiver::hospital && letter.kind != Letter::Kind::referral) {
    return render_report(letter, *capabilities_);
  }
  switch (letter.kind) {
    case Letter::Kind::referral:
      return render_referral(letter, profile);
    case Letter::Kind::referral_update:
    case Letter::Kind::status:
      return render_update(letter, profile);
    case Letter::Kind::consult_note:
    case Letter::Kind::alert:
      break;
  }
  return Error{ErrorCode::unsupported, "render", "a clinic gets no letter of this kind"};
}

}  // namespace meridian::fhir
