// SPDX-License-Identifier: Apache-2.0
// What a clinician sees of the sandbox's EHR: the patients, and one of them with an app beside.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fhir_server/records.h"
#include "http/response.h"

namespace meridian::sandbox {

/// A patient as the list shows one.
struct ChartRow {
  std::string id;
  std::string name;
  std::string born;  ///< as FHIR writes it; "" when not known
  std::string sex;
  std::string ordered;    ///< the latest order in words; "" when there is none
  std::string user;       ///< who opens the chart: who ordered, else the first clinician; or ""
  std::string user_name;  ///< of that one
};

/// The patients of a server: those with an order first, each group by name.
std::vector<ChartRow> chart_rows(const Records& records);

/// One patient; nothing for an id that is not there.
std::optional<ChartRow> chart_row(const Records& records, const std::string& id);

/// The body of a page. `app` is the launch address of the app that is opened with a patient; may be
/// empty, then it is asked for.
std::string list_page(const std::string& hospital, const std::vector<ChartRow>& rows,
                      const std::string& app);
/// `frame` is the address that is opened in the chart's frame of 800 pixels.
std::string chart_page(const std::string& hospital, const ChartRow& row, const std::string& frame);
std::string said_page(const std::string& text);

/// The answer with that body.
http::Response ehr_page(const std::string& body, int status = 200);

}  // namespace meridian::sandbox
