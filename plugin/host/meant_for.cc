// SPDX-License-Identifier: Apache-2.0
#include "host/meant_for.h"

#include "base/log.h"
#include "fhir/exchange/test_label.h"
#include "hl7v2/mllp/processing.h"
#include "report/outcome.h"

namespace meridian::host {
namespace {

bool is_hl7v2(std::string_view media_type) {
  return media_type.find("hl7") != std::string_view::npos &&
         media_type.find("fhir") == std::string_view::npos;
}

Issue refused(std::string path, std::string text) {
  return {Severity::fatal, "not-supported", std::move(path), std::move(text)};
}

}  // namespace

std::string processing_id(std::string_view processing) {
  if (processing == "training") return "T";
  return processing == "debugging" ? "D" : "P";
}

std::optional<Issue> not_meant_for(std::string_view processing, const Envelope& envelope) {
  const std::string system(processing);
  if (!is_hl7v2(envelope.media_type)) {
    if (processing != "production" || !fhir::is_labelled_test(envelope.bytes)) return std::nullopt;
    return refused("meta.security",
                   "this is a production system, and the record is labelled HTEST");
  }
  const auto ours = processing_id(processing);
  for (const auto& id : hl7v2::processing_ids(envelope.bytes)) {
    if (id == ours) continue;
    return refused("MSH-11", "this is a " + system + " system: it takes " + ours +
                                 " in MSH-11, and the message is for another");
  }
  return std::nullopt;
}

Result<std::string> MeantInlet::submit(Envelope envelope) {
  const auto why = not_meant_for(processing_, envelope);
  if (!why) return inlet_.submit(std::move(envelope));
  log(LogLevel::warning, "not_for_this_system", {{"source", envelope.source}});
  return report::outcome(Issues{*why});
}

Result<Rendered> TestRenderer::render(const Letter& letter, const FieldProfile& profile) const {
  auto rendered = renderer_->render(letter, profile);
  if (rendered) rendered->bytes = fhir::labelled_test(rendered->bytes);
  return rendered;
}

}  // namespace meridian::host
