// SPDX-License-Identifier: Apache-2.0
// What one running Meridian is made of.
#pragma once

#include <atomic>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "cds_hooks/service.h"
#include "fhir/endpoint/notifier.h"
#include "fhir/exchange/posted.h"
#include "fhir/launch/launch.h"
#include "flow/in.h"
#include "flow/operations.h"
#include "flow/people.h"
#include "flow/runtime.h"
#include "host/adapters.h"
#include "host/clients.h"
#include "host/config_changes.h"
#include "host/directory_keeper.h"
#include "host/engine.h"
#include "host/host_claims.h"
#include "host/lasting_keys.h"
#include "host/meant_for.h"
#include "host/metrics.h"
#include "host/openhim.h"
#include "host/operator_token.h"
#include "host/pause_keeper.h"
#include "host/poison_guard.h"
#include "host/pulse.h"
#include "host/sign_in_ways.h"
#include "http/server.h"
#include "knowledge/knowledge.h"
#include "port/access_tokens.h"
#include "port/inbox.h"
#include "store/store.h"
#include "web/door.h"
#include "web/page_door.h"
#include "web/posts.h"
#include "web/surgeon.h"

namespace meridian::host {

/// What was counted since the process began; it outlives an engine whose configuration changed.
struct Counted {
  Pulse pulse;
  Metrics metrics;
};

/// In the order in which they are made; destroyed in the other.
struct Engine::Parts {
  Config config;
  Knowledge knowledge;
  std::unique_ptr<store::Store> store;
  std::shared_ptr<Counted> counted = std::make_shared<Counted>();
  LastingKeys lasting;
  Connections connections;
  std::unique_ptr<DirectoryKeeper> directory;
  std::unique_ptr<flow::Runtime> runtime;
  std::unique_ptr<HostClaims> claims;
  std::unique_ptr<flow::In> in;
  std::unique_ptr<PoisonGuard> guard;
  std::unique_ptr<GuardedInlet> guarded;
  std::unique_ptr<flow::PausableInlet> pausable;
  std::unique_ptr<MeantInlet> meant;
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
  std::vector<std::string> changed;  ///< keys of the configuration, since it was read before
  fhir::FhirPosted posted_reader;
  std::atomic<bool> stopping{false};

  boost::asio::io_context web_io;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> web_work;
  std::thread web_thread;
  std::unique_ptr<Inbox> inbox;
  std::vector<std::unique_ptr<fhir::Notifier>> notifiers;
  std::unique_ptr<http::Server> web;
  std::unique_ptr<AddressFile> address_file;
  std::unique_ptr<PauseKeeper> pauses;  ///< none before start
  std::unique_ptr<openhim::Mediator> mediator;

  /// Opens the database. Errors: misconfigured, store errors.
  Result<void> open_store(const store::SecretKey& key);
  /// All that needs no database. Errors: misconfigured, with issues.
  Result<void> prepare(Issues& issues);
  /// Puts together what prepare and open_store made. Errors: misconfigured.
  Result<void> assemble(const store::SecretKey& key);
  /// Reads the directory, and hands it to whoever routes.
  void keep_directory(Issues& issues);
  void wire(const store::SecretKey& key);
  /// Finds which keys of the configuration differ from those that this node took before; none where
  /// that cannot be read: the runtime does not depend on it. The value is those of now.
  KeyDigests compare_configuration(const store::SecretKey& key);
  /// It was taken: what changed is logged and kept in the audit.
  void note_configuration(const KeyDigests& digests);
  /// What the store does not know of the site.
  void complete(SiteView& view) const;
  /// Who may come in by HTTP. Issues say which client is wrong and the fix.
  Result<void> admit(Issues& issues);
  http::Router web_routes();
  /// Not where no clinic reads here.
  void add_clinic_endpoint(http::Router& router);
  bool may_notify(std::string_view clinic, std::string_view endpoint) const;
  /// Each clinic that may be told has a teller of its own: a slow one keeps no other waiting.
  void start_notifiers();
  void add_cds_services(http::Router& router);
  /// Where no clinic reads in a browser, a page that says so.
  void add_clinic_inbox(http::Router& router);
  std::string peer_name(std::string_view id) const;
  /// Not where no EHR opens it.
  void add_surgeon_view(http::Router& router);
  /// `sockets`: see Engine::open.
  Result<void> listen(ListeningSockets* sockets);
  /// Pages that alerts and forms link to are somewhere else then, and that must be known.
  Result<void> stay_closed(Issues& issues);
  bool listens(const Source* source) const;
  /// From assembled to running. Errors: misconfigured, with issues; unavailable; store errors.
  Result<void> go(const store::SecretKey& key, Issues& issues, Doors doors,
                  ListeningSockets* sockets);
  Result<void> start(Doors doors, ListeningSockets* sockets);
  void keep_pauses(Doors doors, ListeningSockets* sockets);
  /// Nothing new comes in, what is under way ends, then the store closes.
  void stop();
};

}  // namespace meridian::host
