// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/ehr_pages.h"

#include <algorithm>

#include "http/uri.h"

namespace meridian::sandbox {
namespace {

constexpr const char* style =
    "body{font:16px/1.5 sans-serif;margin:0;color:#1b1b1b}header{background:#26425e;color:#fff;"
    "padding:.6rem 1rem}header p{margin:0}h1{font-size:1.2rem;margin:0}main{padding:1rem}"
    "table{border-collapse:collapse}caption{text-align:left}th,td{text-align:left;vertical-align:"
    "top;padding:.35rem .9rem .35rem 0;border-bottom:1px solid #bbb}a{color:#0b4f8a}header a{"
    "color:#fff}iframe{border:1px solid #999;width:800px;max-width:100%;height:calc(100vh - 8rem);"
    "min-height:30rem;box-sizing:border-box}input{font:inherit;width:30rem;max-width:100%}@media("
    "max-width:40rem){th:last-child,td:last-child{display:"
    "none}}";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

/// HumanName in words.
std::string name_of(const Json& resource) {
  const Json& name = resource["name"][0];
  if (!name["text"].text().empty()) return name["text"].text();
  std::string said;
  const auto add = [&](const std::string& word) {
    if (!word.empty()) said += (said.empty() ? "" : " ") + word;
  };
  for (const auto& word : name["prefix"].items()) add(word.text());
  for (const auto& word : name["given"].items()) add(word.text());
  add(name["family"].text());
  return said;
}

std::string words_of(const Json& code) {
  if (!code["text"].text().empty()) return code["text"].text();
  return code["coding"][0]["display"].text();
}

/// Somebody who works here, by a reference; nullptr for anybody else.
VersionPtr clinician(const Records& records, const std::string& reference) {
  if (!reference.starts_with("Practitioner/")) return nullptr;
  return records.current("Practitioner", last_part(reference));
}

/// The latest order about a patient; null when there is none.
Json latest_order(const Records& records, const std::string& patient) {
  Json latest;
  for (const auto& id : records.with_word("ServiceRequest", patient)) {
    const auto order = records.current("ServiceRequest", id);
    if (order == nullptr) continue;
    if (last_part(order->resource["subject"]["reference"].text()) != patient) continue;
    if (latest.is_null() || latest["authoredOn"].text() < order->resource["authoredOn"].text()) {
      latest = order->resource;
    }
  }
  return latest;
}

ChartRow row_of(const Records& records, const Json& patient) {
  ChartRow row;
  row.id = patient["id"].text();
  row.name = name_of(patient);
  if (row.name.empty()) row.name = row.id;
  row.born = patient["birthDate"].text();
  row.sex = patient["gender"].text();
  const Json order = latest_order(records, row.id);
  auto user = clinician(records, order["requester"]["reference"].text());
  if (user == nullptr) {
    const auto all = records.all("Practitioner");
    if (!all.empty()) user = all.front();
  }
  if (user != nullptr) {
    row.user = user->reference();
    row.user_name = name_of(user->resource);
  }
  if (!order.is_null()) {
    row.ordered = words_of(order["code"]);
    if (row.ordered.empty()) row.ordered = "an order";
    row.ordered += ", " + order["status"].text();
  }
  return row;
}

std::string link_to(const ChartRow& row, const std::string& app) {
  return "<a href=\"/ehr/chart/" + http::percent_encode(row.id) +
         "?app=" + http::percent_encode(app) + "\">" + escaped(row.name) + "</a>";
}

}  // namespace

std::vector<ChartRow> chart_rows(const Records& records) {
  std::vector<ChartRow> rows;
  for (const auto& patient : records.all("Patient")) {
    rows.push_back(row_of(records, patient->resource));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    if (a.ordered.empty() != b.ordered.empty()) return b.ordered.empty();
    return a.name < b.name;
  });
  return rows;
}

std::optional<ChartRow> chart_row(const Records& records, const std::string& id) {
  const auto patient = records.current("Patient", id);
  if (patient == nullptr) return std::nullopt;
  return row_of(records, patient->resource);
}

std::string list_page(const std::string& hospital, const std::vector<ChartRow>& rows,
                      const std::string& app) {
  std::string out = "<header><h1>" + escaped(hospital) + "</h1></header><main>";
  if (app.empty()) {
    return out +
           "<form><p><label for=\"app\">Launch address of the app that opens with a "
           "patient</label></p><p><input id=\"app\" name=\"app\" type=\"url\" required> "
           "<button>Use it</button></p></form></main>";
  }
  out +=
      "<table><caption>Open a patient, as the surgeon would: the app opens in the "
      "chart.</caption><thead><tr><th scope=\"col\">Patient<th scope=\"col\">Born<th "
      "scope=\"col\">Latest order<th scope=\"col\">Opened as</tr></thead><tbody>";
  for (const auto& row : rows) {
    out += "<tr><td>" + link_to(row, app) + "<td>" + escaped(row.born) + "<td>" +
           escaped(row.ordered) + "<td>" + escaped(row.user_name) + "</tr>\n";
  }
  return out + "</tbody></table></main>";
}

std::string chart_page(const std::string& hospital, const ChartRow& row, const std::string& frame) {
  return "<header><h1>" + escaped(row.name) + "</h1><p>born " +
         escaped(row.born.empty() ? "on an unknown day" : row.born) + ", " +
         escaped(row.sex.empty() ? "sex not known" : row.sex) + " &middot; " + escaped(hospital) +
         ", signed in: " + escaped(row.user_name) +
         "</p></header><main><iframe title=\"Referrals\" src=\"" + escaped(frame) +
         "\"></iframe></main>";
}

std::string said_page(const std::string& text) {
  return "<main><p>" + escaped(text) + "</p></main>";
}

http::Response ehr_page(const std::string& body, int status) {
  auto response = http::make_response(
      status, "text/html; charset=utf-8",
      std::string("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
                  "name=\"viewport\" content=\"width=device-width\"><title>EHR of the "
                  "sandbox</title><style>") +
          style + "</style></head><body>" + body + "</body></html>\n");
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                              "frame-src http: https:; frame-ancestors 'none'"});
  return response;
}

}  // namespace meridian::sandbox
