// SPDX-License-Identifier: Apache-2.0
// `meridian serve`: opens meridian.so by its C ABI, as any other host would, and waits for the end.
#include <csignal>
#include <cstdio>
#include <dlfcn.h>
#include <filesystem>
#include <iostream>
#include <string>

#include "base/read_file.h"
#include "host/commands.h"
#include "host/service_notice.h"
#include "meridian.h"

namespace meridian::host {
namespace {

/// The functions of the ABI that serve calls.
struct Library {
  decltype(&meridian_abi_version) abi_version = nullptr;
  decltype(&meridian_open) open = nullptr;
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

/// Until one of the signals comes. While it waits it asks the runtime how it is, as often as the
/// service manager wants to hear of it: where that hangs, it hears nothing.
void wait_for_end(const sigset_t& ends, const Library& library, meridian_runtime* runtime,
                  const ServiceNotice& notice) {
  if (!notice.rhythm()) {
    int signal = 0;
    sigwait(&ends, &signal);
    return;
  }
  const auto micros = notice.rhythm()->count();
  const timespec pause{micros / 1'000'000, micros % 1'000'000 * 1'000};
  while (sigtimedwait(&ends, nullptr, &pause) < 0) {
    if (library.health(runtime, nullptr) == MERIDIAN_OK) notice.alive();
  }
}

}  // namespace

int serve(const std::string& config_file) {
  const auto config = read_file(config_file);
  if (!config) {
    std::cerr << config_file << ": the configuration file cannot be read\n";
    return 1;
  }
  const auto directory = std::filesystem::absolute(config_file).parent_path().string();

  Library library;
  if (!load(library)) return 1;

  // A peer that goes away must not end the program; the two signals are waited for below and are
  // blocked first, so that every thread of the plugin inherits that.
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  std::string said;
  auto sink = sink_into(said);
  meridian_runtime* runtime = nullptr;
  if (library.open(bytes_of(*config), bytes_of(directory), &sink, &runtime) != MERIDIAN_OK) {
    std::cerr << said << '\n';
    return 1;
  }
  said.clear();
  library.health(runtime, &sink);
  std::cout << said << std::endl;  // one line of JSON: where the web pages are

  const ServiceNotice notice;
  notice.ready();
  wait_for_end(ends, library, runtime, notice);
  notice.stopping();
  library.close(runtime);
  return 0;
}

}  // namespace meridian::host
