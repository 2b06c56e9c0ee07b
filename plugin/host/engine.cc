// SPDX-License-Identifier: Apache-2.0
#include "host/engine.h"

#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/log.h"
#include "flow/in.h"
#include "flow/operations.h"
#include "flow/out.h"
#include "flow/runtime.h"
#include "host/adapters.h"
#include "host/directory_keeper.h"
#include "host/poison_guard.h"
#include "host/read_directory.h"
#include "host/site.h"
#include "http/server.h"
#include "web/pages.h"

namespace meridian::host {
namespace {

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

flow::Settings flow_settings(const Config& config) {
  flow::Settings settings;
  settings.lease = milliseconds_of(config.lease_seconds);
  settings.first_retry = milliseconds_of(config.first_retry_seconds);
  settings.longest_retry = milliseconds_of(config.longest_retry_seconds);
  settings.acknowledge_within = milliseconds_of(config.acknowledge_within_minutes * 60);
  settings.form_life = std::chrono::hours(config.form_hours);
  settings.node = config.node;
  settings.build = MERIDIAN_VERSION;
  return settings;
}

/// "127.0.0.1:8480" or "[::1]:8480". Nothing when there is no port in it.
std::optional<http::Settings> http_settings(const Config& config) {
  const auto colon = config.http_listen.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  http::Settings settings;
  settings.address = config.http_listen.substr(0, colon);
  if (settings.address.starts_with('[') && settings.address.ends_with(']')) {
    settings.address = settings.address.substr(1, settings.address.size() - 2);
  }
  const auto port = config.http_listen.substr(colon + 1);
  if (port.empty() || port.size() > 5 ||
      port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65535) {
    return std::nullopt;
  }
  settings.port = static_cast<std::uint16_t>(std::stoi(port));
  settings.certificate_file = config.path_of(config.http_certificate);
  settings.key_file = config.path_of(config.http_key);
  return settings;
}

}  // namespace

/// In the order in which they are made; destroyed in the other.
struct Engine::Parts {
  Config config;
  Knowledge knowledge;
  std::unique_ptr<store::Store> store;
  Connections connections;
  std::unique_ptr<DirectoryKeeper> directory;
  std::unique_ptr<flow::Runtime> runtime;
  std::unique_ptr<flow::In> in;
  std::unique_ptr<PoisonGuard> guard;
  std::unique_ptr<GuardedInlet> inlet;
  std::unique_ptr<flow::RuntimeOperations> operations;
  std::unique_ptr<Desk> desk;
  std::string web_address;
  std::string public_url;

  boost::asio::io_context web_io;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> web_work;
  std::thread web_thread;
  std::unique_ptr<http::Server> web;

  std::mutex claims_mutex;
  std::map<std::int64_t, store::Delivery> claims;  ///< taken by the host, not settled yet

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

  void wire(const store::SecretKey& key) {
    flow::Core core{*store,
                    connections.peers,
                    knowledge.terminology,
                    knowledge.rules,
                    system_now,
                    flow_settings(config),
                    [] {},
                    [this](std::string_view alert) {
                      return public_url + "/alerts/" + desk->alert_token(alert);
                    },
                    [this](const FormTicket& ticket) {
                      return public_url + "/forms/" + desk->form_token(ticket);
                    }};
    runtime = std::make_unique<flow::Runtime>(std::move(core), config.workers);
    in = std::make_unique<flow::In>(runtime->core());
    inlet = std::make_unique<GuardedInlet>(*in, *guard);
    operations = std::make_unique<flow::RuntimeOperations>(runtime->core(), *inlet);
    desk = std::make_unique<Desk>(*operations,
                                  std::string(store::derive_key(key, "meridian desk").view()),
                                  std::chrono::hours(config.form_hours));
  }

  Result<void> listen() {
    auto settings = http_settings(config);
    if (!settings) {
      return Error{ErrorCode::misconfigured, "http", "[http] listen must be \"address:port\""};
    }
    const bool tls = !settings->certificate_file.empty();
    const auto address = settings->address;
    web = std::make_unique<http::Server>(web_io, std::move(*settings), web::routes(*desk));
    web_work.emplace(web_io.get_executor());
    web_thread = std::thread([this] { web_io.run(); });
    const auto port = web->start();
    if (!port) return port.error();
    const auto host = address.find(':') == std::string::npos ? address : "[" + address + "]";
    web_address = (tls ? "https://" : "http://") + host + ":" + std::to_string(*port);
    public_url = config.public_url.empty() ? web_address : config.public_url;
    return {};
  }

  Result<void> start() {
    if (auto listening = listen(); !listening) return listening;
    runtime->start();
    directory->start();
    for (const auto& peer : connections.peers.list) {
      for (const auto& source : peer->sources) {
        if (auto started = source->start(*inlet); !started) return started;
      }
    }
    return {};
  }

  /// Nothing new comes in, what is under way ends, then the store closes.
  void stop() {
    for (const auto& peer : connections.peers.list) {
      for (const auto& source : peer->sources) source->stop();
    }
    if (web) web->stop();
    web_work.reset();
    web_io.stop();
    if (web_thread.joinable()) web_thread.join();
    for (const auto& client : connections.clients) client->stop();
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

Result<std::unique_ptr<Engine>> Engine::open(const Config& config, Issues& issues) {
  auto parts = std::make_unique<Parts>();
  parts->config = config;
  auto knowledge = load_site_knowledge(config, issues);
  if (!knowledge) return knowledge.error();
  parts->knowledge = std::move(*knowledge);
  parts->connections = connect(config, parts->knowledge.field_profiles, issues);
  if (has_errors(issues)) {
    return Error{ErrorCode::misconfigured, "config", "the configuration has errors"};
  }
  auto store = open_site_store(config, StoreUse::run);
  if (!store) return store.error();
  parts->store = std::move(*store);
  auto guard = PoisonGuard::open(config.path_of(store_path(config)) + ".inflight");
  if (!guard) return guard.error();
  parts->guard = std::move(*guard);
  const auto key = load_key(config, false);
  if (!key) return key.error();
  parts->keep_directory(issues);
  parts->wire(*key);
  auto engine = std::unique_ptr<Engine>(new Engine(std::move(parts)));
  if (auto started = engine->parts_->start(); !started) return started.error();
  log(LogLevel::info, "started", {{"peers", engine->parts_->connections.peers.list.size()}});
  return engine;
}

Desk& Engine::desk() {
  return *parts_->desk;
}

const std::string& Engine::web_address() const {
  return parts_->web_address;
}

Result<store::Delivery> Engine::take(std::string_view destination) {
  const auto* peer = parts_->connections.peers.find(destination);
  if (peer == nullptr) return Error{ErrorCode::not_found, "take", "no such destination"};
  if (peer->sender) {
    return Error{ErrorCode::forbidden, "take", "Meridian delivers to this destination itself"};
  }
  auto claimed = flow::claim(parts_->runtime->core(), *peer);
  if (!claimed) return claimed.error();
  if (!*claimed) return Error{ErrorCode::not_found, "take", "nothing is due"};
  const std::lock_guard lock(parts_->claims_mutex);
  parts_->claims.insert_or_assign((*claimed)->number, **claimed);
  return **claimed;
}

Result<void> Engine::settle(std::int64_t number, const Result<Receipt>& sent) {
  std::unique_lock lock(parts_->claims_mutex);
  auto claim = parts_->claims.extract(number);
  lock.unlock();
  if (claim.empty()) return Error{ErrorCode::stale, "settle", "this claim is not open"};
  const auto& delivery = claim.mapped();
  const auto* peer = parts_->connections.peers.find(delivery.destination.str());
  if (peer == nullptr) return Error{ErrorCode::stale, "settle", "the destination is gone"};
  return flow::settle(parts_->runtime->core(), *peer, delivery, sent);
}

}  // namespace meridian::host
