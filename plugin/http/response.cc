// SPDX-License-Identifier: Apache-2.0
#include "http/response.h"

#include <array>
#include <cstdio>

namespace meridian::http {
namespace {

struct Phrase {
  int status;
  std::string_view text;
};

constexpr Phrase phrases[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

bool breaks_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool well_formed(const Response& response) {
  for (const auto& field : response.headers) {
    if (field.name.empty() || breaks_line(field.name) || breaks_line(field.value)) return false;
  }
  return response.status >= 100 && response.status <= 999;
}

bool has_no_body(int status) {
  return status == 204 || status == 304 || status < 200;
}

}  // namespace

Response make_response(int status, std::string_view media_type, std::string body) {
  return {status, {{"Content-Type", std::string(media_type)}}, std::move(body)};
}

std::string_view reason_phrase(int status) {
  for (const auto& phrase : phrases) {
    if (phrase.status == status) return phrase.text;
  }
  return "Unknown";
}

std::string http_date(Instant at) {
  static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

std::string to_wire(const Response& response, const Framing& framing) {
  if (!well_formed(response)) return to_wire({500, {}, {}}, framing);
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  for (const auto& field : response.headers) {
    out += field.name;
    out += ": ";
    out += field.value;
    out += "\r\n";
  }
  out += "Date: " + http_date(framing.now) + "\r\n";
  if (!framing.keep_alive) out += "Connection: close\r\n";
  const bool bodyless = has_no_body(response.status);
  if (!bodyless) out += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  out += "\r\n";
  if (!bodyless && !framing.head_only) out += response.body;
  return out;
}

}  // namespace meridian::http
