// SPDX-License-Identifier: Apache-2.0
// The HTTP door of a runtime: who may come in, and what is behind it.
#include <algorithm>

#include "fhir/endpoint/endpoint.h"
#include "fhir/inbox/inbox.h"
#include "host/egress_rules.h"
#include "host/ehr_clients.h"
#include "host/engine_parts.h"
#include "host/engine_settings.h"
#include "host/launch_hospitals.h"
#include "host/message_outline.h"
#include "host/site.h"
#include "web/enrol.h"
#include "web/html.h"
#include "web/inbox.h"
#include "web/operate.h"
#include "web/operations.h"
#include "web/pages.h"
#include "web/sign_in.h"
#include "web/surgeon_look.h"

namespace meridian::host {
namespace {

constexpr int asks_that_wait = 12;     ///< at a time, for an EHR's FHIR server
constexpr int launches_that_wait = 4;  ///< at a time, for an EHR's sign-in

}  // namespace

Result<void> Engine::Parts::admit(Issues& issues) {
  auto callers = load_clients(config, issues);
  const auto token = operator_token(operator_token_path(config));
  if (!token) return token.error();
  callers.add_token({"operator", Role::operations, "", true}, *token);
  callers.read_issued([this](std::string_view shown) -> std::optional<std::string> {
    const auto grant = tokens->read(shown, system_now());
    return grant ? std::optional(grant->client) : std::nullopt;
  });
  check_sign_in(config, issues);
  client_keys = load_client_keys(config, issues);
  signing = load_signing(config, issues);
  ehrs = ehr_clients(config, connections.peers, issues);
  launches = launch_hospitals(config, issues);
  mediator = openhim_mediator(
      config, [this] { return public_url; }, issues);
  door = std::make_unique<web::Door>(std::move(callers));
  if (!has_errors(issues)) return {};
  return Error{ErrorCode::misconfigured, "http", "the configuration has errors"};
}

http::Router Engine::Parts::web_routes() {
  const auto told =
      std::make_shared<const web::Translation>(web::told_in_spanish(knowledge.spanish));
  auto router = web::routes(*desk, *door, [this] { return stopping.load(); },
                            {config.calendar.wall(), web::Translation(knowledge.spanish), *told});
  add_clinic_endpoint(router);
  add_cds_services(router);
  add_clinic_inbox(router);
  add_surgeon_view(router);
  web::add_enrolment(router, *people, config.sign_in.name);
  web::add_sign_in(router, *people, *page_door, start_pages(config), ways->shown());
  ways->add_pages(router, *people, *page_door, [this] { return public_url; });
  web::add_referrals(router, *desk, *page_door, told);
  web::add_posts(router, *desk, *door, posted_reader, signing);
  web::add_host_deliveries(router, claims->door(), *door);
  web::add_operating(router, *desk, door->only({Role::operations, Role::admin}));
  web::add_operations(router, *desk, web::operations_door(*door, page_door.get()),
                      message_outline(), told);
  web::add_metrics(router, *door, [this, seen_at = reading_seen_at(config)] {
    return counted->metrics.text(*store, seen_at, system_now(), counted->pulse.totals());
  });
  return router;
}

void Engine::Parts::add_clinic_endpoint(http::Router& router) {
  const bool wanted = std::any_of(config.clinics.begin(), config.clinics.end(),
                                  [](const PeerConfig& clinic) { return clinic.endpoint; });
  if (!wanted) return;
  fhir::add_endpoint(router,
                     {*desk, *tokens, client_keys, door->only({Role::clinic}),
                      [this](const http::Request& request) { return door->caller(request); },
                      [this] { return public_url + "/fhir/r4"; }, MERIDIAN_VERSION, system_now,
                      [this](std::string_view clinic, std::string_view endpoint) {
                        return may_notify(clinic, endpoint);
                      }});
}

bool Engine::Parts::may_notify(std::string_view clinic, std::string_view endpoint) const {
  return std::any_of(config.clinics.begin(), config.clinics.end(), [&](const PeerConfig& one) {
    return one.id == clinic && fhir::may_post(one.notify, endpoint);
  });
}

void Engine::Parts::start_notifiers() {
  for (const auto& clinic : config.clinics) {
    if (!clinic.endpoint) continue;
    notifiers.push_back(std::make_unique<fhir::Notifier>(
        fhir::Notifier::Parts{*desk, clinic.id,
                              std::make_unique<fhir::Hook>(
                                  clinic.notify, config.path_of(clinic.ca_file), egress_of(config)),
                              [this] { return public_url + "/fhir/r4"; }}));
    notifiers.back()->start();
  }
}

void Engine::Parts::add_cds_services(http::Router& router) {
  cds_hooks::ServiceParts parts{*desk,
                                ehrs,
                                [this] { return public_url + "/cds"; },
                                config.site_name,
                                knowledge.override_reasons,
                                asks_that_wait};
  parts.on_card = [this](const Advice& advice) {
    counted->metrics.advised(topic_name(advice.topic), level_name(advice.level));
  };
  parts.on_feedback = [this](Advice::Topic topic, bool accepted) {
    counted->metrics.fed_back(topic_name(topic), accepted);
  };
  cds_hooks::add_services(router, std::move(parts));
}

void Engine::Parts::add_clinic_inbox(http::Router& router) {
  if (!has_inbox(config)) return web::add_no_inbox(router);
  inbox = std::make_unique<fhir::FhirInbox>(
      fhir::InboxParts{*desk, knowledge.terminology,
                       [this](std::string_view id) -> fhir::SourceTitle {
                         const auto found = knowledge.rules.sources.find(std::string(id));
                         if (found == knowledge.rules.sources.end()) return {};
                         return {found->second.title, found->second.url};
                       },
                       [this] { return public_url + "/fhir/r4"; }});
  web::add_inbox(router,
                 {*inbox, *page_door, [this](std::string_view clinic) { return peer_name(clinic); },
                  config.calendar.wall(), system_now, web::Translation(knowledge.spanish)});
}

std::string Engine::Parts::peer_name(std::string_view id) const {
  const auto* peer = connections.peers.find(id);
  return peer == nullptr ? std::string(id) : peer->name;
}

void Engine::Parts::add_surgeon_view(http::Router& router) {
  if (launches.empty()) return;
  auto launched = fhir::add_launch(
      router, {*desk, launches, [this] { return public_url; }, launch_secret,
               [](const http::Request& request, int status, std::string_view key,
                  const std::string& frames, const std::string& link) {
                 return web::launch_page(web::language_of(request), status, key, frames, link);
               },
               launches_that_wait});
  web::add_surgeon(router, {*desk, std::move(launched),
                            [this](std::string_view source) { return peer_name(source); },
                            launch_secret + "|forms", config.calendar.wall(), system_now,
                            web::Translation(knowledge.spanish)});
}

Result<void> Engine::Parts::listen(ListeningSockets* sockets) {
  auto settings = http_settings(config);
  if (!settings) {
    return Error{ErrorCode::misconfigured, "http", "[http] listen must be \"address:port\""};
  }
  if (sockets) {
    const auto socket = sockets->take(config.http_listen);
    if (!socket) return socket.error();
    settings->listening = *socket;
  }
  if (config.is_test()) {
    settings->finish = [told = web::told_in_spanish({})](http::Response& response) {
      web::show_banner(response, test_banner, told);
    };
  }
  settings->on_answer = [this](std::string_view method, std::string_view route, int status) {
    counted->metrics.answered(method, route, status);
  };
  // Whoever signs may wait for an EHR's server; everybody else must not wait for those.
  if (!ehrs.empty()) settings->handler_threads += asks_that_wait;
  if (!launches.empty()) settings->handler_threads += launches_that_wait;
  const bool tls = !settings->certificate_file.empty();
  const auto address = settings->address;
  web = std::make_unique<http::Server>(web_io, std::move(*settings), web_routes());
  web_work.emplace(web_io.get_executor());
  web_thread = std::thread([this] { web_io.run(); });
  const auto port = web->start();
  if (!port) return port.error();
  const auto host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  const std::string scheme = tls ? "https://" : "http://";
  web_address = scheme + host + ":" + std::to_string(*port);
  const bool everywhere = address == "0.0.0.0" || address == "::";
  address_file = std::make_unique<AddressFile>(
      address_path(config),
      everywhere ? scheme + "127.0.0.1:" + std::to_string(*port) : web_address);
  public_url = config.public_url.empty() ? web_address : config.public_url;
  return {};
}

Result<void> Engine::Parts::stay_closed(Issues& issues) {
  if (!config.public_url.empty()) return {};
  issues.push_back({Severity::error, "required", "site.public_url",
                    "nothing listens inside another program: set [site] public_url to where "
                    "`meridian serve` shows the pages that alerts and forms link to"});
  return Error{ErrorCode::misconfigured, "config", "the configuration has errors"};
}

}  // namespace meridian::host
