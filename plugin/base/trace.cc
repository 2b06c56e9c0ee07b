// SPDX-License-Identifier: Apache-2.0
#include "base/trace.h"

#include <algorithm>
#include <array>

#include "base/hash.h"

namespace meridian {
namespace {

thread_local const Trace* current = nullptr;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::optional<Trace> read_traceparent(std::string_view header) {
  // 00-<trace-id, 32>-<parent-id, 16>-<flags, 2>; a later version may go on after another "-".
  constexpr std::size_t length = 55;
  if (header.size() < length || header[2] != '-' || header[35] != '-' || header[52] != '-')
    return {};
  const auto version = header.substr(0, 2);
  const auto id = header.substr(3, 32);
  const auto parent = header.substr(36, 16);
  const auto flags = header.substr(53, 2);
  if (!is_hex(version) || !is_hex(id) || !is_hex(parent) || !is_hex(flags)) return {};
  if (version == "ff" || is_zero(id) || is_zero(parent)) return {};
  const bool goes_on = header.size() > length;
  if (goes_on && (version == "00" || header[length] != '-')) return {};
  const bool sampled = std::string_view("13579bdf").find(flags[1]) != std::string_view::npos;
  return Trace{std::string(id), sampled};
}

const Trace* current_trace() {
  return current;
}

std::string next_traceparent() {
  if (current == nullptr) return {};
  std::array<std::uint8_t, 8> parent{};
  random_bytes(parent);
  parent[0] |= 1;  // never all zero
  return "00-" + current->id + "-" + hex(parent) + (current->sampled ? "-01" : "-00");
}

TraceScope::TraceScope(std::optional<Trace> trace) : trace_(std::move(trace)), before_(current) {
  current = trace_ ? &*trace_ : nullptr;
}

TraceScope::~TraceScope() {
  current = before_;
}

}  // namespace meridian
