// SPDX-License-Identifier: Apache-2.0
#include "host/engine.h"

#include <algorithm>

#include "base/log.h"
#include "flow/refused.h"
#include "flow/restored.h"
#include "host/endings.h"
#include "host/engine_parts.h"
#include "host/engine_settings.h"
#include "host/open_patients.h"
#include "host/other_kind.h"
#include "host/read_directory.h"
#include "host/site.h"
#include "store/server_clock.h"

namespace meridian::host {
namespace {

using ConfigKey = Id<struct ConfigKeyTag>;  ///< "clinic.quiet-river.fhir"; never a value

const SourceId& us() {
  static const SourceId id("meridian");
  return id;
}

std::string digests_name(const Config& config) {
  return "configuration/" + config.node;
}

/// Where it listens.
std::vector<std::string> addresses_of(const Config& config) {
  std::vector<std::string> addresses = {config.http_listen};
  for (const auto& mllp : config.mllp) addresses.push_back(mllp.listen);
  return addresses;
}

LogLevel log_level_of(const Config& config) {
  if (config.log_level == "debug") return LogLevel::debug;
  if (config.log_level == "warning") return LogLevel::warning;
  return config.log_level == "error" ? LogLevel::error : LogLevel::info;
}

/// Errors: misconfigured.
Result<void> log_as_configured(const Config& config) {
  if (!log_to(config.path_of(config.log_file))) {
    return Error{ErrorCode::misconfigured, "log", "the file of [log] cannot be opened"};
  }
  set_log_level(log_level_of(config));
  return {};
}

}  // namespace

Result<void> Engine::Parts::open_store(const store::SecretKey& key) {
  auto opened = open_site_store(config, StoreUse::run);
  if (!opened) return opened.error();
  store = std::move(*opened);
  auto keys = load_lasting_keys(*store, key);
  if (!keys) return keys.error();
  lasting = std::move(*keys);
  return {};
}

Result<void> Engine::Parts::prepare(Issues& issues) {
  public_url = expected_url(config);
  auto content = load_site_knowledge(config, issues);
  if (!content) return content.error();
  knowledge = std::move(*content);
  connections = connect(config, knowledge.field_profiles, knowledge.terminology,
                        lasting.record_names, issues);
  if (has_errors(issues)) {
    return Error{ErrorCode::misconfigured, "config", "the configuration has errors"};
  }
  keep_directory(issues);
  return {};
}

Result<void> Engine::Parts::assemble(const store::SecretKey& key) {
  auto opened = PoisonGuard::open(inflight_path(config));
  if (!opened) return opened.error();
  guard = std::move(*opened);
  connections.work_list->of = [this](const SourceId& source) {
    return open_patients(*store, source);
  };
  compare_statements(*store, connections.servers);
  counted->pulse.listen_to(connections.peers);
  wire(key);
  return {};
}

void Engine::Parts::keep_directory(Issues& issues) {
  const auto load = [this](Issues& found) {
    return read_directory(config, connections.directory, knowledge.terminology, found);
  };
  auto begun = read_site_alone(config, issues);
  directory = std::make_unique<DirectoryKeeper>(load, std::move(begun),
                                                keeper_settings(config.directory_of_clinics));
  connections.peers.directory = [this] { return directory->current(); };
  if (config.directory_of_clinics.listed()) directory->refresh();
}

void Engine::Parts::wire(const store::SecretKey& key) {
  flow::Core core{
      *store,
      connections.peers,
      knowledge.terminology,
      knowledge.rules,
      store::clock_of(*store),
      flow_settings(config, lasting, knowledge.digest),
      [] {},
      [this](std::string_view alert) { return public_url + "/alerts/" + desk->alert_token(alert); },
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
      &counted->metrics,
      [this](const std::string& token) { return public_url + "/enrol/" + token; },
      [this](std::string_view path) { return public_url + std::string(path); }};
  runtime = std::make_unique<flow::Runtime>(std::move(core), config.workers);
  claims = std::make_unique<HostClaims>(runtime->core());
  in = std::make_unique<flow::In>(runtime->core());
  guarded = std::make_unique<GuardedInlet>(*in, *guard, &counted->metrics);
  pausable = std::make_unique<flow::PausableInlet>(
      *guarded, [this](const SourceId& source) { return pauses && pauses->is_paused_in(source); });
  meant = std::make_unique<MeantInlet>(*pausable, config.processing);
  inlet = std::make_unique<CountedInlet>(*meant, counted->pulse);
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

KeyDigests Engine::Parts::compare_configuration(const store::SecretKey& key) {
  auto now = key_digests(config.text, store::derive_key(key, "meridian configuration").view());
  const auto before = store->cursor(us(), digests_name(config));
  if (before && !before->empty()) changed = changed_keys(from_lines(*before), now);
  return now;
}

void Engine::Parts::note_configuration(const KeyDigests& digests) {
  auto kept = store->set_cursor(us(), digests_name(config), to_lines(digests));
  store::Changes changes;
  for (const auto& changed_key : changed) {
    log(LogLevel::info, "configuration.changed", {{"key", ConfigKey(changed_key)}});
    changes.audits.push_back({"Configuration.changed", "meridian", changed_key, "success"});
  }
  if (kept && !changed.empty()) kept = store->apply(changes);
  if (!kept) log(LogLevel::warning, "configuration.not_kept", {{"error", kept.error()}});
}

void Engine::Parts::complete(SiteView& view) const {
  counted->pulse.show(view);
  show_statements(connections.servers, view);
  view.endings = endings_of(config);
  view.changed = changed;
  const auto kept = flow::refused_configuration(runtime->core());
  if (kept) view.refused = *kept;
}

bool Engine::Parts::listens(const Source* source) const {
  return std::find(connections.mllp.begin(), connections.mllp.end(), source) !=
         connections.mllp.end();
}

Result<void> Engine::Parts::go(const store::SecretKey& key, Issues& issues, Doors doors,
                               ListeningSockets* sockets) {
  if (auto logged = log_as_configured(config); !logged) return logged;
  const auto digests = compare_configuration(key);
  auto admitted = doors == Doors::open ? admit(issues) : stay_closed(issues);
  if (!admitted) return admitted;
  if (sockets && doors == Doors::open) sockets->begin(addresses_of(config));
  if (auto cleared = flow::keep_refused(runtime->core(), ""); !cleared) return cleared;
  if (auto noted = note_processing(*store, config.processing); !noted) return noted;
  if (auto started = start(doors, sockets); !started) return started;
  if (sockets) sockets->close_rest();
  note_configuration(digests);
  log(LogLevel::info, "started", {{"peers", connections.peers.list.size()}});
  return {};
}

Result<void> Engine::Parts::start(Doors doors, ListeningSockets* sockets) {
  keep_pauses(doors, sockets);
  if (auto known = pauses->read(); !known) return known;
  if (doors == Doors::open) {
    if (auto listening = listen(sockets); !listening) return listening;
  }
  flow::catch_up(runtime->core(), *inlet);
  runtime->start(*inlet);
  directory->start();
  start_notifiers();
  if (mediator && doors == Doors::open) mediator->start();
  for (const auto& peer : connections.peers.list) {
    for (const auto& source : peer->sources) {
      if (listens(source.get())) continue;
      if (auto started = source->start(*inlet); !started) return started;
    }
  }
  return pauses->start(*inlet);
}

void Engine::Parts::keep_pauses(Doors doors, ListeningSockets* sockets) {
  std::vector<PausableListener> listeners;
  for (std::size_t i = 0; doors == Doors::open && i < connections.mllp.size(); ++i) {
    listeners.push_back(
        {connections.mllp_peers[i], connections.mllp_listen[i], connections.mllp[i]});
  }
  pauses = std::make_unique<PauseKeeper>(*store, std::move(listeners), sockets);
}

void Engine::Parts::stop() {
  stopping = true;
  if (mediator) mediator->stop();
  if (pauses) pauses->stop();
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

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() {
  parts_->stop();
  log(LogLevel::info, "stopped");
}

Result<std::unique_ptr<Engine::Parts>> Engine::make(const Config& config,
                                                    const store::SecretKey& key, Issues& issues) {
  auto parts = std::make_unique<Parts>();
  parts->config = config;
  if (auto opened = parts->open_store(key); !opened) return opened.error();
  if (auto prepared = parts->prepare(issues); !prepared) return prepared.error();
  if (auto assembled = parts->assemble(key); !assembled) return assembled.error();
  return parts;
}

Result<std::unique_ptr<Engine>> Engine::open_idle(const Config& config, Issues& issues) {
  // Its peers are asked what they can do, which is of no use when the runtime does it.
  if (const auto free = open_site_store(config, StoreUse::visit); !free) return free.error();
  const auto key = load_key(config, config.store_create);
  if (!key) return key.error();
  auto parts = make(config, *key, issues);
  if (!parts) return parts.error();
  return std::unique_ptr<Engine>(new Engine(std::move(*parts)));
}

Result<std::unique_ptr<Engine>> Engine::open(const Config& config, Issues& issues, Doors doors,
                                             ListeningSockets* sockets) {
  const auto key = load_key(config, config.store_create);
  if (!key) return key.error();
  auto parts = make(config, *key, issues);
  if (!parts) return parts.error();
  auto engine = std::unique_ptr<Engine>(new Engine(std::move(*parts)));
  auto running = engine->parts_->go(*key, issues, doors, sockets);
  if (!running) return running.error();
  return engine;
}

Result<std::unique_ptr<Engine>> Engine::prepare(const Config& config, Issues& issues) const {
  auto parts = std::make_unique<Parts>();
  parts->config = config;
  parts->counted = parts_->counted;
  parts->lasting = parts_->lasting;
  if (auto prepared = parts->prepare(issues); !prepared) return prepared.error();
  return std::unique_ptr<Engine>(new Engine(std::move(parts)));
}

Result<void> Engine::take_over(std::unique_ptr<Engine>& running, Issues& issues, Doors doors,
                               ListeningSockets* sockets) {
  const auto key = load_key(parts_->config, false);
  if (!key) return key.error();
  running->parts_->stop();
  auto claims = running->parts_->claims->hand_over();
  running.reset();
  if (auto opened = parts_->open_store(*key); !opened) return opened;
  if (auto assembled = parts_->assemble(*key); !assembled) return assembled;
  parts_->claims->continue_with(std::move(claims));
  return parts_->go(*key, issues, doors, sockets);
}

void Engine::note_refused(const Issues& issues) {
  std::string why;
  std::size_t faults = 0;
  for (const auto& issue : issues) {
    if (issue.severity < Severity::error) continue;
    why += (why.empty() ? "" : "; ") + issue.path + ": " + issue.text;
    ++faults;
  }
  log(LogLevel::error, "configuration.refused", {{"faults", faults}});
  store::Changes changes;
  changes.audits.push_back({"Configuration.refused", "meridian", parts_->config.node, "failure"});
  auto kept = flow::keep_refused(parts_->runtime->core(), why);
  if (kept) kept = parts_->store->apply(changes);
  if (!kept) log(LogLevel::warning, "configuration.not_kept", {{"error", kept.error()}});
}

std::string Engine::refused() const {
  const auto kept = flow::refused_configuration(parts_->runtime->core());
  return kept ? *kept : std::string();
}

const Config& Engine::config() const {
  return parts_->config;
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
