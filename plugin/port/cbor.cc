// SPDX-License-Identifier: Apache-2.0
#include "port/cbor.h"

namespace meridian {
namespace {

constexpr int deepest = 4;

/// The number in an item's head, in its shortest form; nothing else has one.
std::optional<std::uint64_t> take_number(std::string_view& bytes, unsigned how) {
  if (how < 24) return how;
  if (how > 27) return std::nullopt;
  const std::size_t size = std::size_t{1} << (how - 24);
  if (bytes.size() < size) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
  bytes.remove_prefix(size);
  const std::uint64_t least = how == 24 ? 24 : std::uint64_t{1} << (4 * size);
  if (number < least) return std::nullopt;
  return number;
}

std::optional<Cbor> take(std::string_view& bytes, int depth);

bool same(const Cbor& a, const Cbor& b) {
  return a.kind == b.kind && a.number == b.number && a.content == b.content;
}

std::optional<Cbor> take_map(std::string_view& bytes, std::uint64_t size, int depth) {
  if (depth >= deepest || size > bytes.size()) return std::nullopt;
  Cbor map;
  map.kind = Cbor::Kind::map;
  for (std::uint64_t i = 0; i < size; ++i) {
    auto key = take(bytes, depth + 1);
    const bool good = key && (key->kind == Cbor::Kind::integer || key->kind == Cbor::Kind::text);
    if (!good) return std::nullopt;
    for (const auto& other : map.keys) {
      if (same(other, *key)) return std::nullopt;
    }
    auto value = take(bytes, depth + 1);
    if (!value) return std::nullopt;
    map.keys.push_back(std::move(*key));
    map.values.push_back(std::move(*value));
  }
  return map;
}

std::optional<Cbor> take(std::string_view& bytes, int depth) {
  if (bytes.empty()) return std::nullopt;
  const auto head = static_cast<std::uint8_t>(bytes.front());
  bytes.remove_prefix(1);
  const unsigned major = head >> 5;
  Cbor item;
  if (head == 0xf4 || head == 0xf5) {
    item.kind = Cbor::Kind::flag;
    item.number = head == 0xf5 ? 1 : 0;
    return item;
  }
  const auto number = take_number(bytes, head & 31U);
  if (!number || *number > INT64_MAX) return std::nullopt;
  switch (major) {
    case 0:
      item.number = static_cast<std::int64_t>(*number);
      return item;
    case 1:
      item.number = -1 - static_cast<std::int64_t>(*number);
      return item;
    case 2:
    case 3:
      if (*number > bytes.size()) return std::nullopt;
      item.kind = major == 2 ? Cbor::Kind::bytes : Cbor::Kind::text;
      item.content = bytes.substr(0, *number);
      bytes.remove_prefix(*number);
      return item;
    case 5:
      return take_map(bytes, *number, depth);
    default:
      return std::nullopt;
  }
}

}  // namespace

const Cbor* Cbor::find(std::int64_t key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].kind == Kind::integer && keys[i].number == key) return &values[i];
  }
  return nullptr;
}

const Cbor* Cbor::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].kind == Kind::text && keys[i].content == key) return &values[i];
  }
  return nullptr;
}

std::optional<Cbor> take_cbor(std::string_view& bytes) {
  return take(bytes, 0);
}

}  // namespace meridian
