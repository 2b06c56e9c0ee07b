// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/origin.h"

#include <algorithm>

namespace meridian::fhir::wire {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = lower(c);
  return out;
}

/// Visible ASCII without what browsers and servers disagree about.
bool has_only_url_characters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

/// Servers write "|" and spaces into queries as they are: encodes those; nullopt on controls.
std::optional<std::string> tidy_query(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 0 && (c < ' ' || c == 0x7f)) return std::nullopt;
    const bool plain = has_only_url_characters(std::string_view(&c, 1));
    out += plain ? std::string(1, c) : encode_query(std::string_view(&c, 1));
  }
  return out;
}

bool valid_name(std::string_view host) {
  return !host.empty() && host.front() != '.' && host.front() != '-' &&
         host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return is_alpha(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
         });
}

bool valid_ipv6(std::string_view host) {
  return host.find(':') != std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return is_digit(c) || c == ':' || c == '.' || (lower(c) >= 'a' && lower(c) <= 'f');
         });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit)) {
    return std::nullopt;
  }
  unsigned value = 0;
  for (const char c : text) value = value * 10 + static_cast<unsigned>(c - '0');
  if (value == 0 || value > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

/// "host", "host:port", "[v6]", "[v6]:port" into the URL; false when it is none of them.
bool read_authority(std::string_view text, Url& url) {
  std::string_view port;
  bool has_port = false;
  if (!text.empty() && text.front() == '[') {
    const auto close = text.find(']');
    if (close == std::string_view::npos || !valid_ipv6(text.substr(1, close - 1))) return false;
    url.host = lower(text.substr(1, close - 1));
    text.remove_prefix(close + 1);
    has_port = !text.empty();
    if (has_port && text.front() != ':') return false;
    if (has_port) port = text.substr(1);
  } else {
    const auto colon = text.find(':');
    has_port = colon != std::string_view::npos;
    if (has_port) port = text.substr(colon + 1);
    auto host = text.substr(0, colon);
    if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
    if (!valid_name(host)) return false;
    url.host = lower(host);
  }
  url.port = url.secure() ? 443 : 80;
  if (!has_port || port.empty()) return true;
  const auto number = parse_port(port);
  if (number) url.port = *number;
  return number.has_value();
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Decodes once; nullopt when a % is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

/// False for a segment that a server could read as "up", "here" or as more than one segment.
bool plain_segment(std::string_view segment) {
  const auto decoded = percent_decode(segment);
  if (!decoded) return false;
  if (decoded->find_first_of("/\\%") != std::string::npos) return false;
  if (std::any_of(decoded->begin(), decoded->end(), [](char c) { return c >= 0 && c < ' '; })) {
    return false;
  }
  const auto name = decoded->substr(0, decoded->find(';'));
  return name != "." && name != "..";
}

bool plain_path(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto slash = std::min(path.find('/'), path.size());
    if (!plain_segment(path.substr(0, slash))) return false;
    path.remove_prefix(slash);
  }
  return true;
}

}  // namespace

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (secure() ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string Url::target() const {
  return query.empty() ? path : path + "?" + query;
}

std::string Url::text() const {
  return scheme + "://" + authority() + target();
}

std::optional<Url> parse_url(std::string_view text) {
  text = text.substr(0, text.find('#'));
  const auto question = std::min(text.find('?'), text.size());
  const auto query = tidy_query(text.substr(question));
  text = text.substr(0, question);
  if (!query || !has_only_url_characters(text)) return std::nullopt;
  Url url;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  url.scheme = lower(text.substr(0, colon));
  if (url.scheme != "https" && url.scheme != "http") return std::nullopt;
  text.remove_prefix(colon + 3);
  const auto end = std::min(text.find('/'), text.size());
  if (!read_authority(text.substr(0, end), url)) return std::nullopt;
  url.path = end == text.size() ? "/" : std::string(text.substr(end));
  if (!query->empty()) url.query = query->substr(1);
  return url;
}

bool same_origin(const Url& a, const Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

bool within_base(const Url& base, const Url& url) {
  if (!same_origin(base, url) || !plain_path(url.path)) return false;
  std::string_view root = base.path;
  while (!root.empty() && root.back() == '/') root.remove_suffix(1);
  if (!std::string_view(url.path).starts_with(root)) return false;
  const auto rest = std::string_view(url.path).substr(root.size());
  return rest.empty() || rest.front() == '/';
}

std::optional<Url> resolve_link(const Url& base, const Url& page, std::string_view link) {
  if (link.empty()) return std::nullopt;
  const auto mark = std::min(link.find_first_of("/?#"), link.size());
  if (link.substr(0, mark).find(':') != std::string_view::npos) return parse_url(link);
  const std::string origin = page.scheme + "://" + page.authority();
  if (link.starts_with("//")) return parse_url(page.scheme + ":" + std::string(link));
  if (link.front() == '/') return parse_url(origin + std::string(link));
  if (link.front() == '?') return parse_url(origin + page.path + std::string(link));
  std::string root = base.path;
  while (!root.empty() && root.back() == '/') root.pop_back();
  return parse_url(origin + root + "/" + std::string(link));
}

std::string encode_query(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

}  // namespace meridian::fhir::wire
