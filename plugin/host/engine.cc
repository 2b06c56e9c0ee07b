// SPDX-License-Identifier: Apache-2.0
#include "host/engine.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/log.h"
#include "fhir/endpoint/endpoint.h"
#include "fhir/endpoint/notifier.h"
#include "fhir/exchange/posted.h"
#include "fhir/inbox/inbox.h"
#include "fhir/launch/launch.h"
#include "flow/in.h"
#include "flow/operations.h"
#include "flow/out.h"
#include "flow/people.h"
#include "flow/restored.h"
#include "flow/runtime.h"
#include "host/adapters.h"
#include "host/clients.h"
#include "host/config_changes.h"
#include "host/directory_keeper.h"
#include "host/ehr_clients.h"
#include "host/endings.h"
#include "host/engine_settings.h"
#include "host/host_claims.h"
#include "host/lasting_keys.h"
#include "host/launch_hospitals.h"
#include "host/message_outline.h"
#include "host/metrics.h"
#include "host/open_patients.h"
#include "host/operator_token.h"
#include "host/poison_guard.h"
#include "host/pulse.h"
#include "host/read_directory.h"
#include "host/sign_in_ways.h"
#include "host/site.h"
#include "http/server.h"
#include "port/access_tokens.h"
#include "web/door.h"
#include "web/enrol.h"
#include "web/inbox.h"
#include "web/operate.h"
#include "web/operations.h"
#include "web/page_door.h"
#include "web/pages.h"
#include "web/posts.h"
#include "web/sign_in.h"
#include "web/surgeon.h"
#include "web/surgeon_look.h"

namespace meridian::host {
namespace {

constexpr int asks_that_wait = 12;     ///< at a time, for an EHR's FHIR server
constexpr int launches_that_wait = 4;  ///< at a time, for an EHR's sign-in

}  // namespace

/// In the order in which they are made; destroyed in the other.
struct Engine::Parts {
  Config config;
  Knowledge knowledge;
  std::unique_ptr<store::Store> store;
  Pulse pulse;
  Connections connections;
  Metrics metrics;
  std::unique_ptr<DirectoryKeeper> directory;
  std::unique_ptr<flow::Runtime> runtime;
  std::unique_ptr<HostClaims> claims;
  std::unique_ptr<flow::In> in;
  std::unique_ptr<PoisonGuard> guard;
  std::unique_ptr<GuardedInlet> guarded;
  std::unique_ptr<CountedInlet> inlet;
  std::unique_ptr<flow::RuntimeOperations> operations;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<AccessTokens> tokens;
  fhir::ClientKeys client_keys;
  std::vector<web::Signing> signing;
  std::vector<cds_hooks::Client> ehrs;  ///< that ask at signing
  std::vector<fhir::LaunchHospital> launches;
  std::string launch_secret;
  std::unique_ptr<flow::RuntimePeople> people;
  std::unique_ptr<SignInWays> ways;  ///< other than by password
  std::unique_ptr<web::Door> door;
  std::unique_ptr<web::PageDoor> page_door;
  std::string web_address;
  std::string public_url;
  std::vector<std::string> changed;  ///< keys of the configuration, since the last start
  fhir::FhirPosted posted_reader;
  std::atomic<bool> stopping{false};

  boost::asio::io_context web_io;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> web_work;
  std::thread web_thread;
  std::unique_ptr<Inbox> inbox;
  std::vector<std::unique_ptr<fhir::Notifier>> notifiers;
  std::unique_ptr<http::Server> web;
  std::unique_ptr<AddressFile> address_file;

  /// Reads the directory, and hands it to whoever routes.
  void keep_directory(Issues& issues) {
    const auto load = [this](Issues& found) {
      return read_directory(config, connections.directory, knowledge.terminology, found);
    };
    auto begun = read_site_alone(config, issues);
    directory = std::make_unique<DirectoryKeeper>(load, std::move(begun),
                                                  keeper_settings(config.directory_of_clinics));
    connections.peers.directory = [this] { return directory->current(); };
    if (config.directory_of_clinics.listed()) directory->refresh();
  }

  void wire(const store::SecretKey& key, const LastingKeys& lasting) {
    flow::Core core{*store,
                    connections.peers,
                    knowledge.terminology,
                    knowledge.rules,
                    system_now,
                    flow_settings(config, lasting, knowledge.digest),
                    [] {},
                    [this](std::string_view alert) {
                      return public_url + "/alerts/" + desk->alert_token(alert);
                    },
                    [this](const FormTicket& ticket) {
                      return public_url + "/forms/" + desk->form_token(ticket);
                    },
                    [this](const FormTicket& ticket) {
                      return public_url + "/sign-offs/" + desk->sign_off_token(ticket);
                    },
                    [this](const FormTicket& ticket) {
                      return public_url + "/patients/" + desk->patient_link_token(ticket);
                    },
                    [this](const FormTicket& ticket) {
                      return public_url + "/returns/" + desk->prepared_return_token(ticket);
                    },
                    &metrics,
                    [this](const std::string& token) { return public_url + "/enrol/" + token; },
                    [this](std::string_view path) { return public_url + std::string(path); }};
    runtime = std::make_unique<flow::Runtime>(std::move(core), config.workers);
    claims = std::make_unique<HostClaims>(runtime->core());
    in = std::make_unique<flow::In>(runtime->core());
    guarded = std::make_unique<GuardedInlet>(*in, *guard, &metrics);
    inlet = std::make_unique<CountedInlet>(*guarded, pulse);
    operations = std::make_unique<flow::RuntimeOperations>(
        runtime->core(), *inlet, [this](SiteView& view) { complete(view); });
    desk = std::make_unique<Desk>(*operations,
                                  std::string(store::derive_key(key, "meridian desk").view()),
                                  std::chrono::hours(config.form_hours));
    tokens = std::make_unique<AccessTokens>(
        std::string(store::derive_key(key, "meridian access tokens").view()));
    launch_secret = store::derive_key(key, "meridian launches").view();
    people = std::make_unique<flow::RuntimePeople>(runtime->core());
    page_door = std::make_unique<web::PageDoor>(
        *people, std::string(store::derive_key(key, "meridian forms").view()),
        [this] { return public_url; });
    ways = std::make_unique<SignInWays>(runtime->core(), config, key);
  }

  /// Which keys of the configuration differ from this node's last start. Nothing is said when that
  /// cannot be read: the runtime does not depend on it.
  void compare_configuration(const store::SecretKey& key) {
    const SourceId us("meridian");
    const auto name = "configuration/" + config.node;
    const auto before = store->cursor(us, name);
    if (!before) return;
    const auto now =
        key_digests(config.text, store::derive_key(key, "meridian configuration").view());
    if (!before->empty()) changed = changed_keys(from_lines(*before), now);
    const auto kept = store->set_cursor(us, name, to_lines(now));
    if (!kept) log(LogLevel::warning, "configuration.not_kept", {{"error", kept.error()}});
  }

  /// What the store does not know of the site.
  void complete(SiteView& view) const {
    pulse.show(view);
    show_statements(connections.servers, view);
    view.endings = endings_of(config);
    view.changed = changed;
  }

  /// Who may come in by HTTP. Issues say which client is wrong and the fix.
  Result<void> admit(Issues& issues) {
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
    door = std::make_unique<web::Door>(std::move(callers));
    if (!has_errors(issues)) return {};
    return Error{ErrorCode::misconfigured, "http", "the configuration has errors"};
  }

  http::Router web_routes() {
    auto router = web::routes(*desk, *door, [this] { return stopping.load(); });
    add_clinic_endpoint(router);
    add_cds_services(router);
    add_clinic_inbox(router);
    add_surgeon_view(router);
    web::add_enrolment(router, *people, config.sign_in.name);
    web::add_sign_in(router, *people, *page_door, start_pages(config), ways->shown());
    ways->add_pages(router, *people, *page_door, [this] { return public_url; });
    web::add_referrals(router, *desk, *page_door);
    web::add_posts(router, *desk, *door, posted_reader, signing);
    web::add_host_deliveries(router, claims->door(), *door);
    web::add_operating(router, *desk, door->only({Role::operations, Role::admin}));
    web::add_operations(router, *desk, web::operations_door(*door, page_door.get()),
                        message_outline());
    web::add_metrics(router, *door, [this] { return metrics.text(*store, system_now()); });
    return router;
  }

  /// Not where no clinic reads here.
  void add_clinic_endpoint(http::Router& router) {
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

  bool may_notify(std::string_view clinic, std::string_view endpoint) const {
    return std::any_of(config.clinics.begin(), config.clinics.end(), [&](const PeerConfig& one) {
      return one.id == clinic && fhir::may_post(one.notify, endpoint);
    });
  }

  /// Each clinic that may be told has a teller of its own: a slow one keeps no other waiting.
  void start_notifiers() {
    for (const auto& clinic : config.clinics) {
      if (!clinic.endpoint) continue;
      notifiers.push_back(std::make_unique<fhir::Notifier>(fhir::Notifier::Parts{
          *desk, clinic.id,
          std::make_unique<fhir::Hook>(clinic.notify, config.path_of(clinic.ca_file)),
          [this] { return public_url + "/fhir/r4"; }}));
      notifiers.back()->start();
    }
  }

  void add_cds_services(http::Router& router) {
    cds_hooks::ServiceParts parts{*desk,
                                  ehrs,
                                  [this] { return public_url + "/cds"; },
                                  config.site_name,
                                  knowledge.override_reasons,
                                  asks_that_wait};
    parts.on_card = [this](const Advice& advice) {
      metrics.advised(topic_name(advice.topic), level_name(advice.level));
    };
    parts.on_feedback = [this](Advice::Topic topic, bool accepted) {
      metrics.fed_back(topic_name(topic), accepted);
    };
    cds_hooks::add_services(router, std::move(parts));
  }

  /// Where no clinic reads in a browser, a page that says so.
  void add_clinic_inbox(http::Router& router) {
    if (!has_inbox(config)) return web::add_no_inbox(router);
    inbox = std::make_unique<fhir::FhirInbox>(
        fhir::InboxParts{*desk, knowledge.terminology,
                         [this](std::string_view id) -> fhir::SourceTitle {
                           const auto found = knowledge.rules.sources.find(std::string(id));
                           if (found == knowledge.rules.sources.end()) return {};
                           return {found->second.title, found->second.url};
                         },
                         [this] { return public_url + "/fhir/r4"; }});
    web::add_inbox(
        router, {*inbox, *page_door, [this](std::string_view clinic) { return peer_name(clinic); },
                 wall_clock()});
  }

  std::string peer_name(std::string_view id) const {
    const auto* peer = connections.peers.find(id);
    return peer == nullptr ? std::string(id) : peer->name;
  }

  web::WallClock wall_clock() const {
    const auto& calendar = config.calendar;
    return {[&calendar](Instant at) { return calendar.to_local(at); },
            [&calendar](Instant local) { return calendar.from_local(local); },
            calendar.zone_name()};
  }

  /// Not where no EHR opens it.
  void add_surgeon_view(http::Router& router) {
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
                              launch_secret + "|forms", wall_clock()});
  }

  Result<void> listen() {
    auto settings = http_settings(config);
    if (!settings) {
      return Error{ErrorCode::misconfigured, "http", "[http] listen must be \"address:port\""};
    }
    settings->on_answer = [this](std::string_view method, std::string_view route, int status) {
      metrics.answered(method, route, status);
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

  /// Pages that alerts and forms link to are somewhere else then, and that must be known.
  Result<void> stay_closed(Issues& issues) {
    if (!config.public_url.empty()) return {};
    issues.push_back({Severity::error, "required", "site.public_url",
                      "nothing listens inside another program: set [site] public_url to where "
                      "`meridian serve` shows the pages that alerts and forms link to"});
    return Error{ErrorCode::misconfigured, "config", "the configuration has errors"};
  }

  bool listens(const Source* source) const {
    return std::find(connections.mllp.begin(), connections.mllp.end(), source) !=
           connections.mllp.end();
  }

  Result<void> start(Doors doors) {
    if (doors == Doors::open) {
      if (auto listening = listen(); !listening) return listening;
    }
    flow::catch_up(runtime->core(), *inlet);
    runtime->start(*inlet);
    directory->start();
    start_notifiers();
    for (const auto& peer : connections.peers.list) {
      for (const auto& source : peer->sources) {
        if (doors == Doors::closed && listens(source.get())) continue;
        if (auto started = source->start(*inlet); !started) return started;
      }
    }
    return {};
  }

  /// Nothing new comes in, what is under way ends, then the store closes.
  void stop() {
    stopping = true;
    for (const auto& peer : connections.peers.list) {
      for (const auto& source : peer->sources) source->stop();
    }
    for (const auto& notifier : notifiers) notifier->stop();
    address_file.reset();
    if (web) web->stop();
    web_work.reset();
    web_io.stop();
    if (web_thread.joinable()) web_thread.join();
    for (const auto& client : connections.clients) client->stop();
    for (auto* sender : connections.mllp_senders) sender->stop();
    if (directory) directory->stop();
    if (runtime) runtime->stop();
    if (store) store->close();
  }
};

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() {
  parts_->stop();
  log(LogLevel::info, "stopped");
}

Result<std::unique_ptr<Engine::Parts>> Engine::make(const Config& config, Issues& issues) {
  auto parts = std::make_unique<Parts>();
  parts->config = config;
  parts->public_url = expected_url(config);
  auto knowledge = load_site_knowledge(config, issues);
  if (!knowledge) return knowledge.error();
  parts->knowledge = std::move(*knowledge);
  const auto key = load_key(config, config.store_create);
  if (!key) return key.error();
  auto store = open_site_store(config, StoreUse::run);
  if (!store) return store.error();
  parts->store = std::move(*store);
  const auto lasting = load_lasting_keys(*parts->store, *key);
  if (!lasting) return lasting.error();
  parts->connections = connect(config, parts->knowledge.field_profiles,
                               parts->knowledge.terminology, lasting->record_names, issues);
  if (has_errors(issues)) {
    return Error{ErrorCode::misconfigured, "config", "the configuration has errors"};
  }
  auto guard = PoisonGuard::open(inflight_path(config));
  if (!guard) return guard.error();
  parts->guard = std::move(*guard);
  parts->keep_directory(issues);
  parts->connections.work_list->of = [&store = *parts->store](const SourceId& source) {
    return open_patients(store, source);
  };
  compare_statements(*parts->store, parts->connections.servers);
  parts->pulse.listen_to(parts->connections.peers);
  parts->wire(*key, *lasting);
  return parts;
}

Result<std::unique_ptr<Engine>> Engine::open_idle(const Config& config, Issues& issues) {
  // Its peers are asked what they can do, which is of no use when the runtime does it.
  if (const auto free = open_site_store(config, StoreUse::visit); !free) return free.error();
  auto parts = make(config, issues);
  if (!parts) return parts.error();
  return std::unique_ptr<Engine>(new Engine(std::move(*parts)));
}

Result<std::unique_ptr<Engine>> Engine::open(const Config& config, Issues& issues, Doors doors) {
  auto parts = make(config, issues);
  if (!parts) return parts.error();
  auto engine = std::unique_ptr<Engine>(new Engine(std::move(*parts)));
  if (const auto key = load_key(config, false)) engine->parts_->compare_configuration(*key);
  auto admitted =
      doors == Doors::open ? engine->parts_->admit(issues) : engine->parts_->stay_closed(issues);
  if (!admitted) return admitted.error();
  if (auto started = engine->parts_->start(doors); !started) return started.error();
  log(LogLevel::info, "started", {{"peers", engine->parts_->connections.peers.list.size()}});
  return engine;
}

Desk& Engine::desk() {
  return *parts_->desk;
}

const std::string& Engine::web_address() const {
  return parts_->web_address;
}

std::vector<std::string> Engine::mllp_addresses() const {
  std::vector<std::string> addresses;
  for (const auto* source : parts_->connections.mllp) {
    if (source->port() != 0) addresses.push_back(source->address());
  }
  return addresses;
}

Result<store::Delivery> Engine::take(std::string_view destination) {
  return parts_->claims->take(destination);
}

Result<void> Engine::settle(std::int64_t number, std::string_view lease,
                            const Result<Receipt>& sent) {
  return parts_->claims->settle(number, lease, sent);
}

}  // namespace meridian::host
