// SPDX-License-Identifier: Apache-2.0
// The surgeon's screen: a patient's chart in the EHR, and Meridian's view that opens in it.
#pragma once

#include <string>

#include "walk/town.h"

namespace meridian::sandbox {

/// A page of a hospital's EHR from which Meridian's view opens: the list of patients, or one chart.
/// "" for a server that is not of this walk.
std::string ehr_page(const Town& town, std::size_t hospital, const std::string& patient = {});

/// Opens a chart as a browser does: the page, then the view in its frame and wherever that is sent
/// on, with the cookies that are set on the way. The view's page; "" when it does not open.
/// Throws std::runtime_error when somebody does not answer.
std::string view_in_chart(const std::string& chart);

}  // namespace meridian::sandbox
