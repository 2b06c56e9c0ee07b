// SPDX-License-Identifier: Apache-2.0
// `meridian serve`: opens meridian.so by its C ABI, as any other host would, and waits for the end.
#include <csignal>
#include <cstdio>
#include <dlfcn.h>
#include <filesystem>
#include <future>
#include <iostream>
#include <optional>
#include <string>

#include "base/read_file.h"
#include "host/commands.h"
#include "host/lean_start.h"
#include "host/service_notice.h"
#include "meridian.h"

namespace meridian::host {
namespace {

/// The functions of the ABI that serve calls.
struct Library {
  decltype(&meridian_abi_version) abi_version = nullptr;
  decltype(&meridian_open) open = nullptr;
  decltype(&meridian_reload) reload = nullptr;
  decltype(&meridian_health) health = nullptr;
  decltype(&meridian_close) close = nullptr;
};

template <typename Function>
bool find(void* handle, const char* name, Function& into) {
  into = reinterpret_cast<Function>(dlsym(handle, name));
  return into != nullptr;
}

/// Beside the program: ../lib (build folder), ../lib/meridian (installed), or the same folder.
std::string library_path() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const auto folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* place : {"../lib/meridian.so", "../lib/meridian/meridian.so", "meridian.so"}) {
    if (fs::exists(folder / place, ignored)) return fs::canonical(folder / place, ignored);
  }
  return (folder / "meridian.so").string();
}

bool load(Library& library) {
  const auto path = library_path();
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    std::cerr << "cannot open the plugin: " << dlerror() << '\n';
    return false;
  }
  const bool found = find(handle, "meridian_abi_version", library.abi_version) &&
                     find(handle, "meridian_open", library.open) &&
                     find(handle, "meridian_reload", library.reload) &&
                     find(handle, "meridian_health", library.health) &&
                     find(handle, "meridian_close", library.close);
  if (!found || library.abi_version() / 65536 != MERIDIAN_ABI_MAJOR) {
    std::cerr << path << ": not a plugin of ABI " << MERIDIAN_ABI_MAJOR << '\n';
    return false;
  }
  return true;
}

void append(void* context, std::int32_t, meridian_bytes, meridian_bytes body) {
  static_cast<std::string*>(context)->append(reinterpret_cast<const char*>(body.data), body.size);
}

meridian_sink sink_into(std::string& text) {
  return {sizeof(meridian_sink), 0, &text, append};
}

meridian_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The file as it is now. Nothing, and it is said, when it cannot be read.
std::optional<std::string> read_again(const std::string& config_file) {
  auto text = read_file(config_file);
  if (!text) std::cerr << config_file << ": the configuration file cannot be read\n";
  return text;
}

/// A runtime, the file that it was configured by and who is told of it.
class Service {
 public:
  Service(const Library& library, meridian_runtime* runtime, std::string config_file,
          std::string directory)
      : library_(library),
        runtime_(runtime),
        config_file_(std::move(config_file)),
        directory_(std::move(directory)) {}

  /// Until it is to end. False when a reload left nothing that runs. While it waits it asks the
  /// runtime how it is, as often as the service manager wants to hear of it: where that hangs, it
  /// hears nothing.
  bool run(const sigset_t& signals) {
    notice_.ready();
    while (true) {
      const int signal = next(signals);
      if (signal == SIGHUP && !reload()) return false;
      if (signal == SIGTERM || signal == SIGINT) break;
      const bool well = library_.health(runtime_, nullptr) == MERIDIAN_OK;
      if (well && notice_.rhythm()) notice_.alive();
    }
    notice_.stopping();
    return true;
  }

 private:
  /// -1 when it is time to say that it is alive.
  int next(const sigset_t& signals) const {
    if (notice_.rhythm()) {
      const auto micros = notice_.rhythm()->count();
      const timespec pause{micros / 1'000'000, micros % 1'000'000 * 1'000};
      return sigtimedwait(&signals, nullptr, &pause);
    }
    int signal = 0;
    sigwait(&signals, &signal);
    return signal;
  }

  bool reload() {
    notice_.reloading();
    if (const auto config = read_again(config_file_)) {
      // Beside this thread: it may wait for many systems before anything is stopped.
      auto done = std::async(std::launch::async, [&] { return take(*config); });
      constexpr std::chrono::seconds unwatched{3600};
      while (done.wait_for(notice_.rhythm().value_or(unwatched)) != std::future_status::ready) {
        if (library_.health(runtime_, nullptr) == MERIDIAN_OK) notice_.alive();
      }
      done.get();
    }
    notice_.ready();
    return library_.health(runtime_, nullptr) != MERIDIAN_UNAVAILABLE;
  }

  void take(const std::string& config) {
    std::string said;
    auto sink = sink_into(said);
    const auto done = library_.reload(runtime_, bytes_of(config), bytes_of(directory_), &sink);
    if (done != MERIDIAN_OK) std::cerr << said << std::endl;
  }

  const Library& library_;
  meridian_runtime* runtime_;
  std::string config_file_;
  std::string directory_;
  ServiceNotice notice_;
};

}  // namespace

int serve(const std::string& config_file) {
  const auto config = read_again(config_file);
  if (!config) return 1;
  const auto directory = std::filesystem::absolute(config_file).parent_path().string();

  Library library;
  if (!load(library)) return 1;

  // A peer that goes away must not end the program; the other signals are waited for below and are
  // blocked first, so that every thread of the plugin inherits that.
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  std::optional<LeanStart> lean(std::in_place);
  std::string said;
  auto sink = sink_into(said);
  meridian_runtime* runtime = nullptr;
  if (library.open(bytes_of(*config), bytes_of(directory), &sink, &runtime) != MERIDIAN_OK) {
    std::cerr << said << '\n';
    return 1;
  }
  lean.reset();
  said.clear();
  library.health(runtime, &sink);
  std::cout << said << std::endl;  // one line of JSON: where the web pages are

  const bool good = Service(library, runtime, config_file, directory).run(signals);
  library.close(runtime);
  return good ? 0 : 1;
}

}  // namespace meridian::host
