// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/statement.h"

#include "fhir/exchange/json_edit.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {

const Capabilities& statement() {
  static const Capabilities read = [] {
    auto capabilities = read_capabilities(statement_file);
    return capabilities ? std::move(*capabilities) : Capabilities{};
  }();
  return read;
}

std::string statement_json(std::string_view base, std::string_view software_version) {
  JsonEdit edit;
  edit.drop = {"id"};
  edit.set = {
      {"kind", "\"instance\""},
      {"software",
       JsonOut().object().text("name", "Meridian").text("version", software_version).end().str()},
      {"implementation", JsonOut()
                             .object()
                             .text("description", "Referrals for clinics")
                             .text("url", base)
                             .end()
                             .str()},
      {"instantiates",
       "[\"http://meridian-referral.org/fhir/CapabilityStatement/clinic-endpoint\"]"}};
  edit.drop.emplace_back("url");
  const auto edited = edit_resource(statement_file, edit);
  return edited ? edited->bytes : std::string(statement_file);
}

}  // namespace meridian::fhir
