// SPDX-License-Identifier: Apache-2.0
// Any bytes as the CBOR of a browser: as an item by itself, as an attestation object, and as what
// an authenticator says of a passkey that was kept.
#include <cstdint>
#include <string>

#include "base/base64.h"
#include "fuzz/property.h"
#include "port/cbor.h"
#include "port/passkey.h"

namespace {

using meridian::Cbor;

void put_head(unsigned major, std::uint64_t number, std::string& out) {
  const auto first = static_cast<unsigned char>(major << 5);
  if (number < 24) {
    out.push_back(static_cast<char>(first | number));
    return;
  }
  int size = 1;
  unsigned how = 24;
  for (; size < 8 && number >> (8 * size) != 0; size *= 2) ++how;
  out.push_back(static_cast<char>(first | how));
  for (int i = size - 1; i >= 0; --i) out.push_back(static_cast<char>(number >> (8 * i) & 0xff));
}

/// The one form in which each item may stand.
void write(const Cbor& item, std::string& out) {
  switch (item.kind) {
    case Cbor::Kind::integer:
      if (item.number >= 0) return put_head(0, static_cast<std::uint64_t>(item.number), out);
      return put_head(1, static_cast<std::uint64_t>(-1 - item.number), out);
    case Cbor::Kind::flag:
      return out.push_back(item.number == 1 ? '\xf5' : '\xf4');
    case Cbor::Kind::map:
      put_head(5, item.keys.size(), out);
      for (std::size_t i = 0; i < item.keys.size(); ++i) {
        write(item.keys[i], out);
        write(item.values[i], out);
      }
      return;
    default:
      put_head(item.kind == Cbor::Kind::bytes ? 2 : 3, item.content.size(), out);
      out += item.content;
  }
}

std::string base64url(std::string_view bytes) {
  std::string text = meridian::encode_base64(bytes);
  for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text.substr(0, text.find('='));
}

const meridian::PasskeySite site{"meridian.example", "https://meridian.example"};
constexpr const char* challenge = "a challenge of ours";

std::string client(const std::string& type) {
  return base64url(R"({"type":"webauthn.)" + type + R"(","challenge":")" + base64url(challenge) +
                   R"(","origin":"https://meridian.example"})");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto rest = bytes;
  if (const auto item = meridian::take_cbor(rest)) {
    std::string again;
    write(*item, again);
    PROPERTY(again == bytes.substr(0, bytes.size() - rest.size()));
  }
  const auto made = meridian::check_made({client("create"), base64url(bytes)}, challenge, site);
  PROPERTY(!meridian::check_made({client("create"), base64url(bytes)}, "another", site));
  PROPERTY(!meridian::check_made({client("get"), base64url(bytes)}, challenge, site));
  PROPERTY(!made || (!made->id.empty() && !made->key.empty()));
  // With the key at hand nobody has signed.
  const meridian::Passkey kept = made ? *made : meridian::Passkey{"id", std::string(bytes), 0};
  PROPERTY(!meridian::check_shown(
      {base64url(kept.id), "person", client("get"), base64url(bytes), base64url(bytes)}, kept,
      challenge, site));
  static_cast<void>(meridian::challenge_in(bytes));
  return 0;
}
