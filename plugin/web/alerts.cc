// SPDX-License-Identifier: Apache-2.0
#include "web/alerts.h"

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t longest_name = 400;  // bytes: 100 characters of any script
constexpr std::uint64_t longest_form = 4096;
constexpr std::string_view title = "alert.title";

std::string alert_text(const LinkPage& page, const AlertView& alert) {
  const auto& speech = page.speech;
  return "<div class=\"alarm\" role=\"alert\"><p><strong>" + escaped(alert.rule) + "</strong> " +
         speech.rule(alert.text) + "</p></div><p>" +
         page.say_html("alert.order", {"<strong>" + escaped(alert.order) + "</strong>"}) +
         "</p><p>" +
         page.say_html("alert.raised", {speech.time(alert.raised_at), escaped(speech.wall.zone),
                                        isolated(alert.contact)}) +
         "</p>";
}

Response alert_page(Desk& desk, const Request& request, const LinkPage& page) {
  const auto alert = desk.alert(request.parameter("token"));
  if (!alert) return page.show(404, "alert.unknown.title", page.paragraph("unknown"));
  auto body = alert_text(page, *alert);
  if (alert->acknowledged) {
    body += "<p>" + page.say_html("alert.taken", {isolated(alert->acknowledged_by)}) + "</p>";
  } else {
    body += "<form method=\"post\">" + page.input("by", "name", "required autocomplete=\"name\"") +
            "<button type=\"submit\">" + page.say("alert.take") +
            "</button></form><p class=\"quiet\">" + page.say("alert.climbs") + "</p>";
  }
  return page.show(200, title, body);
}

/// The field "by" of a posted form (application/x-www-form-urlencoded).
std::string name_in(std::string_view form) {
  const auto fields = http::parse_query(form);
  return fields ? std::string(http::find_parameter(*fields, "by")) : std::string();
}

Response acknowledge(Desk& desk, const Request& request, const LinkPage& page) {
  const auto name = name_in(request.body);
  if (name.size() > longest_name) return page.show(422, title, page.paragraph("alert.short"));
  const auto done = desk.acknowledge(request.parameter("token"), name);
  if (done) return alert_page(desk, request, page);
  if (done.error().code == ErrorCode::invalid) {
    return page.show(422, title, page.paragraph("alert.name"));
  }
  const int status = error_row(done.error().code).http_status;
  return page.show(status, "alert.failed.title", page.paragraph("trouble"));
}

}  // namespace

void add_alerts(http::Router& router, Desk& desk, const LinkSpeechPtr& speech) {
  router.add({"GET", "/alerts/{token}", [&desk, speech](const Request& request) {
                return alert_page(desk, request, LinkPage(request, *speech));
              }});
  router.add({"POST",
              "/alerts/{token}",
              [&desk, speech](const Request& request) {
                return acknowledge(desk, request, LinkPage(request, *speech));
              },
              {},
              longest_form});
}

}  // namespace meridian::web
