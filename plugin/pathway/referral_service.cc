// SPDX-License-Identifier: Apache-2.0
#include "pathway/referral_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "pathway/meaning.h"

namespace meridian {
namespace {

constexpr std::string_view map = "referral-service";

}  // namespace

std::optional<std::string> referral_service(const ServiceRequest& request,
                                            const Terminology& terminology) {
  std::vector<Concept> said = {request.code};
  said.insert(said.end(), request.categories.begin(), request.categories.end());
  said.push_back(request.performer_type);
  std::optional<std::string> general;
  for (const auto& coded : said) {
    auto service = mapped(map, coded, terminology);
    if (service && *service != "other") return service;
    if (service) general = std::move(service);
  }
  const auto category = procedure_category(request.code, terminology);
  if (category == "acupuncture" || category == "dry_needling") return "acupuncture";
  if (category == "spine_surgery") return "spine_surgery";
  return general;
}

bool orders_electro(const ServiceRequest& request, const Terminology& terminology) {
  constexpr std::string_view electro = "procedure.electroacupuncture";
  const auto says = [&](const Concept& coded) {
    return meaning_of(coded, terminology).in(electro);
  };
  return says(request.code) ||
         std::any_of(request.order_details.begin(), request.order_details.end(), says);
}

}  // namespace meridian
