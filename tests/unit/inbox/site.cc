// SPDX-License-Identifier: Apache-2.0
#include "unit/inbox/site.h"

#include <stdexcept>

#include "http/uri.h"

namespace meridian::test {

std::optional<Caller> Visitors::visitor(std::string_view session) {
  const std::string who(session.substr(0, session.find("-session")));
  if (who == session) return std::nullopt;
  if (who == "viewer") return Caller{"Viewer", Role::viewer, "", false, "p-viewer"};
  return Caller{"Nurse " + who, Role::clinic, who, false, "p-" + who};
}

InboxSite::InboxSite()
    : door_(visitors_, "secret of the test", [] { return "http://127.0.0.1:8480"; }) {
  inbox_ = std::make_unique<fhir::FhirInbox>(fhir::InboxParts{
      *bench.desk, bench.knowledge.terminology,
      [this](std::string_view id) -> fhir::SourceTitle {
        const auto found = bench.knowledge.rules.sources.find(std::string(id));
        if (found == bench.knowledge.rules.sources.end()) return {};
        return {found->second.title, found->second.url};
      },
      [] { return "https://meridian.example/fhir/r4"; }, [this] { return bench.now; }});
  web::add_inbox(router_, {*inbox_,
                           door_,
                           [](std::string_view clinic) { return "Clinic " + std::string(clinic); },
                           {},
                           [this] { return bench.now; },
                           web::Translation(bench.knowledge.spanish)});
}

http::Response InboxSite::ask(const std::string& clinic, const std::string& method,
                              const std::string& path, const std::string& body,
                              const http::Fields& headers) {
  const auto target = http::parse_target(path);
  if (!target) return http::make_response(400, "text/plain", "");
  const auto match = router_.find(method, target->segments);
  if (match.route == nullptr) return router_.error(match.allow.empty() ? 404 : 405);
  http::Request request;
  request.method = method;
  request.target = path;
  request.path = target->path;
  request.query = target->query;
  request.parameters = match.parameters;
  request.headers = headers;
  if (!clinic.empty()) {
    request.headers.push_back({"Cookie", "meridian=" + clinic + "-session"});
  }
  request.peer = "192.0.2.7";
  if (match.route->gate) {
    if (auto refused = match.route->gate(request)) return *refused;
  }
  request.body = body;
  return match.route->handler(request);
}

std::string InboxSite::filled(const std::string& page, const http::Fields& fields) const {
  std::string body;
  const auto add = [&](const std::string& name, const std::string& value) {
    body += (body.empty() ? "" : "&") + name + "=" + http::percent_encode(value);
  };
  for (const auto* name : {"form", "version", "token"}) add(name, hidden_value(page, name));
  for (const auto& field : fields) add(field.name, field.value);
  return body;
}

http::Response InboxSite::say(const std::string& clinic, const std::string& referral,
                              const std::string& act, const http::Fields& fields) {
  const auto path = "/inbox/" + referral + "/" + act;
  const auto page = get(clinic, path);
  if (page.status != 200) return page;
  return ask(clinic, "POST", path, filled(page.body, fields));
}

InboxReferral InboxSite::open(const std::string& clinic, const std::string& referral) {
  auto opened = inbox_->open({"Nurse " + clinic, Role::clinic, clinic}, referral);
  if (!opened) throw std::runtime_error("the referral does not open");
  return std::move(*opened);
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string hidden_value(const std::string& page, const std::string& name) {
  const auto label = "name=\"" + name + "\" value=\"";
  const auto at = page.find(label);
  if (at == std::string::npos) return {};
  const auto begin = at + label.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

}  // namespace meridian::test
