// SPDX-License-Identifier: Apache-2.0
#include "base/egress.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <charconv>
#include <netdb.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/loopback.h"

namespace meridian {
namespace {

using HostName = Id<struct EgressHostTag>;
using AddressText = Id<struct EgressAddressTag>;

constexpr int ipv4_bits = 96;  // before an IPv4 address in its mapped form

/// Ordinary addresses have no row in the table below.
enum class Kind {
  ordinary,
  loopback,
  by_number,  ///< nobody has a name for it: only for a host that is written as this address
  never,
};

struct Row {
  const char* network;
  Kind kind;
  Literal why;
};

constexpr Literal metadata = "is a cloud's metadata service";

/// The first row that has the address decides.
constexpr Row rows[] = {
    // AWS, Azure, Google, Oracle, OpenStack. Source:
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html,
    // https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service,
    // https://cloud.google.com/compute/docs/metadata/querying-metadata
    {"169.254.169.254", Kind::never, metadata},
    {"fd00:ec2::254", Kind::never, metadata},
    {"fd20:ce::254", Kind::never, metadata},
    // Credentials of containers. Source:
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html,
    // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
    {"169.254.170.2", Kind::never, metadata},
    {"169.254.170.23", Kind::never, metadata},
    {"fd00:ec2::23", Kind::never, metadata},
    // https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
    {"100.100.100.200", Kind::never, metadata},
    // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
    {"168.63.129.16", Kind::never, metadata},
    // RFC 6890 (special-purpose addresses), RFC 1112 and RFC 4291 section 2.7 (multicast), RFC 919
    // (broadcast, within what is reserved).
    {"0.0.0.0/8", Kind::never, "is no address of a machine"},
    {"::", Kind::never, "is no address of a machine"},
    {"224.0.0.0/4", Kind::never, "is a multicast address"},
    {"ff00::/8", Kind::never, "is a multicast address"},
    {"240.0.0.0/4", Kind::never, "is reserved or a broadcast address"},
    {"127.0.0.0/8", Kind::loopback, "is this machine itself"},
    {"::1", Kind::loopback, "is this machine itself"},
    {"169.254.0.0/16", Kind::by_number, "is a link-local address"},
    {"fe80::/10", Kind::by_number, "is a link-local address"},
    // What a translator makes of these is not seen in them: RFC 8215, RFC 4380.
    {"64:ff9b:1::/48", Kind::by_number, "leads through a translator"},
    {"2001::/32", Kind::by_number, "leads through a tunnel"},
};

std::optional<IpAddress> parse_address(std::string_view text) {
  const std::string number(text);
  IpAddress address{};
  if (number.find('\0') != std::string::npos) return std::nullopt;
  if (::inet_pton(AF_INET6, number.c_str(), address.data()) == 1) return address;
  address = {};
  address[10] = address[11] = 0xff;
  if (::inet_pton(AF_INET, number.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

bool begins_with(const IpAddress& address, const IpAddress& first, int bits) {
  for (int i = 0; i < 16 && bits > 0; ++i, bits -= 8) {
    const int differing = address[i] ^ first[i];
    if (bits < 8 ? differing >> (8 - bits) : differing) return false;
  }
  return true;
}

bool is_ipv4(const IpAddress& address) {
  static const IpAddress mapped = *parse_address("::ffff:0:0");
  return begins_with(address, mapped, ipv4_bits);
}

IpAddress ipv4_at(const IpAddress& address, int at) {
  IpAddress out = *parse_address("0.0.0.0");
  std::copy_n(address.begin() + at, 4, out.begin() + 12);
  return out;
}

/// The IPv4 address that packets to this IPv6 address come out at. Sources: RFC 6052 section 2.1
/// (NAT64), RFC 3056 section 2 (6to4), RFC 4291 section 2.5.5.1 (IPv4-compatible).
std::optional<IpAddress> within_ipv6(const IpAddress& address) {
  static const IpAddress nat64 = *parse_address("64:ff9b::");
  static const IpAddress six_to_four = *parse_address("2002::");
  if (begins_with(address, nat64, 96)) return ipv4_at(address, 12);
  if (begins_with(address, six_to_four, 16)) return ipv4_at(address, 2);
  if (begins_with(address, {}, 96)) return ipv4_at(address, 12);
  return std::nullopt;
}

struct Judgement {
  Kind kind = Kind::ordinary;
  Literal why = "";
};

Judgement judgement_of(const IpAddress& address) {
  static const auto known = [] {
    std::vector<std::pair<Network, Judgement>> out;
    for (const auto& row : rows) {
      out.push_back({*parse_network(row.network), {row.kind, row.why}});
    }
    return out;
  }();
  for (const auto& [network, judgement] : known) {
    if (network.contains(address)) return judgement;
  }
  const auto inner = within_ipv6(address);
  return inner ? judgement_of(*inner) : Judgement{};
}

/// A wide network that happens to have the loopback in it does not mean it.
bool means_loopback(const std::vector<Network>& networks, const IpAddress& address) {
  static const Network here[] = {*parse_network("127.0.0.0/8"), *parse_network("::1")};
  return std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
    return network.contains(address) && (network.within(here[0]) || network.within(here[1]));
  });
}

std::string text_of(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  const void* number =
      address->sa_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr)
          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
  ::inet_ntop(address->sa_family, number, text, sizeof text);
  return text;
}

Error misconfigured(Literal what) {
  return {ErrorCode::misconfigured, "egress", what};
}

}  // namespace

bool Network::contains(const IpAddress& address) const {
  if (bits < ipv4_bits && is_ipv4(address)) return false;  // "::/0" is said of IPv6
  return begins_with(address, first, bits);
}

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto first = parse_address(text.substr(0, slash));
  if (!first) return std::nullopt;
  Network network{*first, 128};
  if (slash == std::string_view::npos) return network;
  const auto length = text.substr(slash + 1);
  const bool ipv4 = text.find(':') == std::string_view::npos;
  int bits = 0;
  const auto [end, wrong] = std::from_chars(length.data(), length.data() + length.size(), bits);
  const bool whole = wrong == std::errc() && end == length.data() + length.size();
  if (!whole || bits < 0 || bits > (ipv4 ? 32 : 128)) return std::nullopt;
  network.bits = bits + (ipv4 ? ipv4_bits : 0);
  for (int bit = network.bits; bit < 128; ++bit) {
    if ((*first)[bit / 8] >> (7 - bit % 8) & 1) return std::nullopt;
  }
  return network;
}

std::string host_name(std::string_view text) {
  if (text.size() > 1 && text.ends_with('.')) text.remove_suffix(1);
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::string host(text);
  for (auto& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return host;
}

std::optional<Place> parse_place(std::string_view text) {
  Place place{{}, 443};
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && !parse_address(text) && !text.ends_with(']')) {
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, place.port);
    if (read.ec != std::errc() || read.ptr != end || place.port == 0) return std::nullopt;
    text = text.substr(0, colon);
  }
  place.host = host_name(text);
  if (parse_address(place.host)) return place;
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
  return plain && !text.empty() ? std::optional(place) : std::nullopt;
}

Egress::Egress(EgressRules rules, LookUp look_up)
    : rules_(std::move(rules)), look_up_(std::move(look_up)) {}

std::shared_ptr<const Egress> Egress::this_machine() {
  static const auto made = [] {
    auto egress = std::make_shared<Egress>(EgressRules{});
    egress->any_port_here_ = true;
    return std::shared_ptr<const Egress>(egress);
  }();
  return made;
}

std::shared_ptr<const Egress> Egress::only(Place place, LookUp look_up) {
  EgressRules rules{{std::move(place)}, {}};
  for (const auto* all : {"0.0.0.0/0", "::/0", "127.0.0.0/8", "::1"}) {
    rules.networks.push_back(*parse_network(all));
  }
  return std::make_shared<const Egress>(std::move(rules), std::move(look_up));
}

bool Egress::names(std::string_view text, std::uint16_t port) const {
  const auto host = host_name(text);
  return rules_.places.contains({host, port}) || (any_port_here_ && is_loopback(host));
}

Egress::Judged Egress::judged(const std::string& host, std::string text) const {
  const auto address = parse_address(text);
  Judged one{std::move(text)};
  const auto refuse = [&](Literal why, Literal fix) {
    one.refused = why;
    one.fix = fix;
    return one;
  };
  if (!address) return refuse("is no address", "correct the name in DNS");
  const auto [kind, why] = judgement_of(*address);
  const bool written = parse_address(host) == address;
  if (kind == Kind::never) return refuse(why, "correct the host, or what DNS says of it");
  if (kind == Kind::by_number && !written) {
    return refuse(why, "correct the name in DNS, or write the address itself if it is right");
  }
  const bool localhost = host == "localhost";
  if (kind == Kind::loopback) {
    if (written || localhost || means_loopback(rules_.networks, *address)) return one;
    return refuse(why,
                  "correct the name in DNS or /etc/hosts; if this machine is meant, write "
                  "localhost, or add 127.0.0.0/8 to [egress] networks");
  }
  if (localhost) {  // RFC 6761 section 6.3
    return refuse("is not this machine", "correct localhost in /etc/hosts");
  }
  const bool listed = std::any_of(rules_.networks.begin(), rules_.networks.end(),
                                  [&](const auto& network) { return network.contains(*address); });
  if (listed || rules_.networks.empty()) return one;
  return refuse("is in none of [egress] networks",
                "add its network there if it is right, else correct the name in DNS");
}

std::vector<Egress::Judged> Egress::judge(std::string_view text) const {
  const auto host = host_name(text);
  std::vector<Judged> out;
  for (auto& address : parse_address(host) ? std::vector{host} : look_up_(host)) {
    out.push_back(judged(host, std::move(address)));
  }
  return out;
}

Result<std::vector<std::string>> Egress::addresses(std::string_view host,
                                                   std::uint16_t port) const {
  if (!names(host, port)) {  // whoever named it chose the words: they stay out of the log
    log(LogLevel::error, "egress.refused", {{"why", "no configured host and port"}});
    return misconfigured(
        "a host and port that the configuration does not name; add it to [egress] hosts if it is "
        "right");
  }
  const auto found = judge(host);
  std::vector<std::string> allowed;
  for (const auto& one : found) {
    if (one.refused.view().empty()) allowed.push_back(one.address);
  }
  if (!allowed.empty()) return allowed;
  if (found.empty()) {
    return Error{ErrorCode::unavailable, "egress", "the host name cannot be resolved"};
  }
  log(LogLevel::error, "egress.refused",
      {{"host", HostName(host_name(host))},
       {"address", AddressText(found.front().address)},
       {"why", found.front().refused}});
  return misconfigured("its host leads to an address that [egress] does not allow");
}

std::vector<std::string> Egress::addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  std::vector<std::string> out;
  for (const auto* one = found; one != nullptr; one = one->ai_next) {
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    out.push_back(text_of(one->ai_addr));
  }
  ::freeaddrinfo(found);
  return out;
}

}  // namespace meridian
