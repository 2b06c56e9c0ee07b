// SPDX-License-Identifier: Apache-2.0
// meridian-sandbox-fhir: a hospital's or a clinic's FHIR server to try Meridian against.
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "base/read_file.h"
#include "fhir_server/ehr.h"
#include "fhir_server/placeholders.h"
#include "fhir_server/service.h"
#include "http/server.h"

namespace {

using namespace meridian;
using namespace meridian::sandbox;

struct Options {
  ServerSettings server;
  std::uint16_t port = 0;
  std::string data;
  std::string journal;
  std::string clinic_base = "http://127.0.0.1/fhir";
  std::string profile = "hapi-like";
  bool no_task_create = false;
  int latency_ms = 0;
};

void describe(CLI::App& app, Options& options) {
  app.add_option("--port", options.port, "port on 127.0.0.1; 0 takes a free one")->default_val(0);
  app.add_option("--name", options.server.name, "name in the CapabilityStatement");
  app.add_option("--data", options.data,
                 "folder of Bundles to load; what is posted later is left out")
      ->check(CLI::ExistingDirectory);
  app.add_option("--journal", options.journal, "file that keeps the records over a restart");
  app.add_option("--clinic-base", options.clinic_base, "what {{clinic_base}} stands for");
  app.add_option("--profile", options.profile,
                 "hapi-like takes everything; hospital takes no "
                 "new ids by PUT and no Bundles, as many EHRs")
      ->check(CLI::IsMember({"hapi-like", "hospital"}));
  app.add_flag("--no-task-create", options.no_task_create, "refuse new Tasks with 405");
  app.add_option("--token", options.server.token, "bearer token that every client must show");
  app.add_option("--page-size", options.server.page_size, "entries per page without _count")
      ->default_val(50);
  app.add_option("--latency", options.latency_ms, "milliseconds before each answer");
  app.add_option("--fail-every", options.server.fail_every, "each n-th request gets 503");
  app.add_option("--lose-every", options.server.lose_every,
                 "each n-th request is carried out and answered with 502");
}

/// Loads all files in the order of their names, but for those of the middle of the walk.
void load_folder(FhirService& service, const Options& options) {
  std::set<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(options.data)) {
    const std::string name = file.path().filename().string();
    const bool later = name.starts_with("answer-") || name.starts_with("repeat-") ||
                       name.starts_with("correction-");
    if (name.ends_with(".json") && !later) files.insert(file.path());
  }
  for (const auto& file : files) {
    try {
      service.load(fill_placeholders(read_file(file).value(), system_now(),
                                     {{"clinic_base", options.clinic_base}}));
    } catch (const Refusal& refusal) {
      throw std::runtime_error(file.string() + ": " + refusal.outcome().dump());
    }
  }
}

std::unique_ptr<FhirService> make_service(const Options& options) {
  ServerSettings settings = options.server;
  settings.latency = std::chrono::milliseconds(options.latency_ms);
  if (options.no_task_create) settings.no_create.insert("Task");
  if (options.profile == "hospital") {
    settings.update_creates = false;
    settings.transactions = false;
  }
  auto service = std::make_unique<FhirService>(settings, system_now);
  if (!options.journal.empty()) service->keep_in(options.journal);
  if (!options.data.empty() && service->records().changes() == 0) load_folder(*service, options);
  return service;
}

int serve(const Options& options) {
  const auto service = make_service(options);
  boost::asio::io_context io;
  http::Settings settings;
  settings.port = options.port;
  settings.max_header = 32 * 1024;
  Ehr ehr(*service, system_now);
  http::Server server(io, settings, service->routes(ehr.routes()));
  const auto port = server.start();
  if (!port) {
    std::fprintf(stderr, "cannot listen on 127.0.0.1:%u\n", options.port);
    return 1;
  }
  const std::string base = "http://127.0.0.1:" + std::to_string(*port) + "/fhir";
  service->set_base(base);
  std::printf("{\"port\":%u,\"base\":\"%s\"}\n", *port, base.c_str());
  std::fflush(stdout);
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  std::thread stopper;
  signals.async_wait([&](const auto&, int) {
    stopper = std::thread([&] {
      server.stop();
      io.stop();
    });
  });
  io.run();
  if (stopper.joinable()) stopper.join();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A small FHIR R4 server in memory, on loopback");
  Options options;
  describe(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    return serve(options);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "meridian-sandbox-fhir: %s\n", problem.what());
    return 1;
  }
}
