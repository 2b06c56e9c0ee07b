// SPDX-License-Identifier: Apache-2.0
// What service an order asks for.
#pragma once

#include <optional>
#include <string>

#include "model/referral.h"
#include "model/terminology.h"

namespace meridian {

/// "acupuncture", "spine_surgery" or "other" (concept map "referral-service"), from the order's
/// code, else its categories, else its performer type, else the category of the procedure it
/// orders; each by code or by words. What says only "other" lets the next one speak. Nothing when
/// the order is no referral we know.
std::optional<std::string> referral_service(const ServiceRequest& request,
                                            const Terminology& terminology);

/// True when the order itself says electrical stimulation (value set "procedure.electroacupuncture"
/// on its code or details).
bool orders_electro(const ServiceRequest& request, const Terminology& terminology);

}  // namespace meridian
