// SPDX-License-Identifier: Apache-2.0
#include "unit/hostile/site.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fhir/exchange/fhir_renderer.h"
#include "hl7v2/read/reader.h"
#include "hl7v2/syntax/charset.h"
#include "hl7v2/syntax/message.h"
#include "hl7v2/syntax/outline.h"
#include "http/uri.h"
#include "packet/pdf.h"
#include "unit/hostile/markup.h"
#include "web/operations.h"
#include "web/pages.h"
#include "web/surgeon.h"

namespace meridian::test {
namespace {

constexpr const char* hl7_type = "x-application/hl7-v2+er7";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

Callers callers() {
  Callers known;
  known.add_token({"engineer", Role::operations}, "operator-token");
  return known;
}

std::string outline(std::string_view media_type, std::string_view body) {
  if (media_type.find("hl7-v2") == std::string_view::npos) return {};
  hl7v2::Decoded decoded;
  hl7v2::decode(body, hl7v2::ReadSettings{}.default_charset, decoded);
  Issues issues;
  const auto message = hl7v2::parse(decoded.text, issues);
  return message ? hl7v2::outline(*message, [](std::string_view) { return std::string_view(); })
                 : std::string();
}

/// As a browser reads an address in an attribute.
std::string unescaped(std::string text) {
  text = replaced(std::move(text), "&quot;", "\"");
  text = replaced(std::move(text), "&#39;", "'");
  text = replaced(std::move(text), "&lt;", "<");
  text = replaced(std::move(text), "&gt;", ">");
  return replaced(std::move(text), "&amp;", "&");
}

}  // namespace

std::string bundle_of(const std::string& resources) {
  rapidjson::Document document;
  document.Parse(resources.data(), resources.size());
  std::vector<std::string> each;
  for (const auto& resource : document.GetArray()) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    resource.Accept(writer);
    each.emplace_back(buffer.GetString(), buffer.GetSize());
  }
  return flow::bundle(each);
}

HostileSite::HostileSite()
    : pages_(people_, "secret of the test", [] { return "http://127.0.0.1:8480"; }),
      door_(callers(), [this] { return bench.now; }) {
  bench.leave_replay_out = true;
  hl7v2::ReadSettings reading;
  reading.tables = &bench.knowledge.terminology;
  reading.name_key = "a secret of the site";
  bench.peers.readers.push_back(std::make_unique<hl7v2::Hl7v2Reader>(reading));
  for (auto& peer : bench.peers.list) {
    if (peer->kind == flow::PeerKind::pager) continue;
    peer->renderer = std::make_unique<fhir::FhirRenderer>(
        std::make_shared<const fhir::Capabilities>(), packet::pdf_of);
    if (peer->kind == flow::PeerKind::hospital) {
      peer->profile = bench.knowledge.field_profiles.at("hospital-default");
    }
    // A site that trusts its clinic with everything: what may be shown is shown.
    if (peer->kind == flow::PeerKind::clinic) {
      for (auto& [type, elements] : peer->profile.allowed) elements = {"*"};
      peer->profile.allowed["DocumentReference"] = {"*"};
      peer->profile.condition_value_sets.clear();
      peer->profile.medication_value_sets.clear();
    }
  }
  router_ = web::routes(*bench.desk, door_);
  web::add_operations(router_, *bench.desk, web::operations_door(door_), outline);
  web::add_surgeon(router_, {*bench.desk,
                             [this](const http::Request&) {
                               return std::optional<Launched>(
                                   {"v1",
                                    "a secret of the browser",
                                    {"Dr. I. Varga", Role::clinician, "ehr", false, "Pr/9"},
                                    patient_});
                             },
                             [](std::string_view id) { return std::string(id); },
                             "secret of the site",
                             {},
                             [this] { return bench.now; }});
}

bool HostileSite::hear_record(const std::string& resources) {
  bench.know({flow::receiver("willow", 0)});
  auto facts = bundle_of(resources);
  const auto screen = replaced(flow::answers(bench.now, {"pk.care", "pk.supplements"}),
                               "Patient/alder", "Patient/p");
  facts.insert(facts.rfind("]}"), ",{\"resource\":" + screen + "}");
  bench.history->facts = facts;
  const bool taken = bench.submit("ehr", "order/1", facts).has_value();
  bench.run();
  return taken;
}

bool HostileSite::hear_hl7(const std::string& message) {
  bench.know({flow::receiver("willow", 0)});
  const bool taken = bench.in
                         ->submit({SourceId("ehr"), "v2/" + std::to_string(message.size()),
                                   hl7_type, message, bench.now})
                         .has_value();
  bench.run();
  return taken;
}

bool HostileSite::hear_answer(const std::string& resources) {
  const auto rows = bench.store->referrals(10);
  if (!rows || rows->empty()) return false;
  const auto answer = replaced(resources, "{{referral}}", rows->front().id.str());
  const bool taken = bench.submit("willow", "answer/1", bundle_of(answer)).has_value();
  bench.run();
  return taken;
}

http::Response HostileSite::ask(const std::string& who, const std::string& method,
                                const std::string& target, const std::string& body) {
  if (who == "clinic") return inbox.ask("willow", method, target, body);
  const auto parts = http::parse_target(target);
  if (!parts) return http::make_response(400, "text/plain", "");
  const auto match = router_.find(method, parts->segments);
  if (match.route == nullptr) return router_.error(match.allow.empty() ? 404 : 405);
  http::Request request;
  request.method = method;
  request.target = target;
  request.path = parts->path;
  request.query = parts->query;
  request.parameters = match.parameters;
  request.peer = "127.0.0.1";
  if (who == "operations") request.headers = {{"Authorization", "Bearer operator-token"}};
  if (match.route->gate) {
    if (auto refused = match.route->gate(request)) return *refused;
  }
  request.body = body;
  return match.route->handler(request);
}

/// Where staff, clinicians and contacts are led by links that a message brought.
std::vector<std::string> HostileSite::doors() {
  std::vector<std::string> found;
  const auto rows = bench.store->referrals(10);
  for (const auto& row : rows ? *rows : std::vector<store::ReferralRow>()) {
    const auto id = row.id.str();
    const auto& desk = *bench.desk;
    found.push_back("/forms/" + desk.form_token({id, Role::staff, bench.now}));
    found.push_back("/sign-offs/" + desk.sign_off_token({id, Role::clinician, bench.now}));
    found.push_back("/patients/" + desk.patient_link_token({id, Role::staff, bench.now}));
    found.push_back("/returns/" + desk.prepared_return_token({id, Role::clinician, bench.now}));
  }
  const auto alerts = bench.store->open_alerts();
  for (const auto& alert : alerts ? *alerts : std::vector<store::AlertRow>()) {
    found.push_back("/alerts/" + bench.desk->alert_token(alert.id));
  }
  return found;
}

std::vector<Opened> HostileSite::open_all() {
  const auto rows = bench.store->referrals(1);
  if (rows && !rows->empty()) patient_ = rows->front().patient_ref;
  std::vector<std::pair<std::string, std::string>> to_open = {{"clinic", "/inbox"},
                                                              {"operations", "/operations"},
                                                              {"surgeon", "/smart/view/v1"},
                                                              {"here", "/"}};
  for (const auto& door : doors()) to_open.emplace_back("here", door);
  std::vector<Opened> opened;
  std::set<std::pair<std::string, std::string>> known(to_open.begin(), to_open.end());
  for (std::size_t i = 0; i < to_open.size(); ++i) {
    const auto [who, path] = to_open[i];
    const auto page = ask(who, "GET", path);
    const auto type = http::find_header(page.headers, "Content-Type");
    if (!std::string_view(type).starts_with("text/html")) continue;
    opened.push_back({who, path, page.status, page.body});
    for (const auto& tag : read_markup(page.body).tags) {
      const auto href = tag.attributes.find("href");
      if (href == tag.attributes.end() || !href->second.starts_with("/")) continue;
      const auto target = unescaped(href->second.substr(0, href->second.find('#')));
      if (known.insert({who, target}).second) to_open.emplace_back(who, target);
    }
  }
  show_trees(opened);
  return opened;
}

std::vector<Opened> HostileSite::open_first() {
  std::vector<std::pair<std::string, std::string>> to_open = {
      {"clinic", "/inbox"}, {"operations", "/operations"}, {"here", "/"}};
  const auto rows = bench.store->referrals(1);
  if (rows && !rows->empty()) {
    const auto id = rows->front().id.str();
    patient_ = rows->front().patient_ref;
    to_open.emplace_back("clinic", "/inbox/" + id);
    to_open.emplace_back("operations", "/operations/referral/" + id);
    to_open.emplace_back("surgeon", "/smart/view/v1");
  }
  for (const auto& door : doors()) to_open.emplace_back("here", door);
  std::vector<Opened> opened;
  for (const auto& [who, path] : to_open) {
    const auto page = ask(who, "GET", path);
    opened.push_back({who, path, page.status, page.body});
  }
  show_trees(opened);
  return opened;
}

/// What waits, was sent and was set aside, as trees, as an engineer sees it who said why.
void HostileSite::show_trees(std::vector<Opened>& opened) {
  const auto rows = bench.store->referrals(10);
  std::vector<std::string> all;
  for (const auto& row : rows ? *rows : std::vector<store::ReferralRow>()) {
    const auto messages = bench.store->messages_of(row.id);
    for (const auto& message : messages ? *messages : std::vector<store::MessageRow>()) {
      all.push_back("message/" + message.id.str());
    }
    const auto deliveries = bench.store->deliveries(row.id);
    for (const auto& one : deliveries ? *deliveries : std::vector<store::DeliveryRow>()) {
      all.push_back("delivery/" + std::to_string(one.number));
    }
  }
  for (const auto& what : all) {
    const auto page =
        ask("operations", "POST", "/operations/message", "what=" + what + "&reason=meridian-fault");
    opened.push_back({"operations", what, page.status, page.body});
  }
}

std::vector<std::string> HostileSite::sources() const {
  std::vector<std::string> found;
  for (const auto& [id, source] : bench.knowledge.rules.sources) {
    if (source.url.starts_with("https://")) found.push_back(source.url);
  }
  return found;
}

std::vector<std::string> HostileSite::letters() {
  std::vector<std::string> all;
  for (const auto* receiver : {bench.hospital, bench.first_pager, bench.second_pager}) {
    for (const auto& sent : receiver->sent) all.push_back(sent.bytes);
  }
  return all;
}

}  // namespace meridian::test
