// SPDX-License-Identifier: Apache-2.0
// Where this process may connect to. A host is looked up once, each address is judged, and the
// connection goes to an address that was judged: a name that means something else a moment later
// (DNS rebinding) gets nowhere.
// Source: OWASP, Server-Side Request Forgery Prevention Cheat Sheet,
// https://cheatsheetseries.owasp.org/
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meridian {

/// An IP address; of IPv4 the form ::ffff:a.b.c.d, so that there is no other way to write one.
using IpAddress = std::array<std::uint8_t, 16>;

/// A range of addresses.
struct Network {
  IpAddress first{};
  int bits = 128;  ///< that all of its addresses share; of IPv4 96 more than is written

  bool contains(const IpAddress& address) const;
  bool within(const Network& wider) const { return bits >= wider.bits && wider.contains(first); }
};

/// "10.20.0.0/16", "2001:db8::/32" or one address. Nothing where it is none, or where bits behind
/// its length are set.
std::optional<Network> parse_network(std::string_view text);

/// Lower case, without the dot of a full name at its end, IPv6 without brackets.
std::string host_name(std::string_view text);

/// A host and port as the configuration has it.
struct Place {
  std::string host;  ///< as host_name() has it
  std::uint16_t port = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// "HOST", which is port 443, "HOST:PORT" or "[IPV6]:PORT". Nothing for anything else.
std::optional<Place> parse_place(std::string_view text);

/// What a site allows.
struct EgressRules {
  std::set<Place> places;         ///< what it configures, and what its peers may name
  std::vector<Network> networks;  ///< empty: any
};

/// Immutable; any thread.
class Egress {
 public:
  /// All addresses of a host as numbers; none when it is not known. Blocks.
  using LookUp = std::function<std::vector<std::string>(const std::string& host)>;

  explicit Egress(EgressRules rules, LookUp look_up = addresses_of);

  /// Allows "localhost" and the loopback by number, on any port, and nothing else.
  static std::shared_ptr<const Egress> this_machine();
  /// Allows that one place, which a person named, also where its name means this machine.
  static std::shared_ptr<const Egress> only(Place place, LookUp look_up = addresses_of);

  /// True for a place that may be asked for; its addresses are another question.
  bool names(std::string_view host, std::uint16_t port) const;

  /// One address of a host.
  struct Judged {
    std::string address;
    Literal refused = "";  ///< why nothing connects to it, "is ..."; empty: allowed
    Literal fix = "";      ///< what the site can do about it
  };
  /// Looks a host up, once, and judges each address. Of one that is an address there is that one.
  std::vector<Judged> judge(std::string_view host) const;

  /// The addresses to connect to, as numbers. Errors: misconfigured when the site does not name
  /// that place or none of the addresses is allowed, which is logged; unavailable when the host is
  /// not known.
  Result<std::vector<std::string>> addresses(std::string_view host, std::uint16_t port) const;

  /// The system's own look-up.
  static std::vector<std::string> addresses_of(const std::string& host);

 private:
  Judged judged(const std::string& host, std::string address) const;

  EgressRules rules_;
  LookUp look_up_;
  bool any_port_here_ = false;
};

}  // namespace meridian
