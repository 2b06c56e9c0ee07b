// SPDX-License-Identifier: Apache-2.0
#include "host/clients.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <sys/stat.h>

#include "base/read_file.h"
#include "fhir/exchange/dialect.h"

namespace meridian::host {
namespace {

Error wrong(Literal what, std::int64_t detail = 0) {
  return {ErrorCode::misconfigured, "token", what, detail};
}

/// The characters of a bearer token. Source: RFC 6750 section 2.1, b64token.
bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

Role role_of(std::string_view word) {
  if (word == "source") return Role::source;
  if (word == "clinic") return Role::clinic;
  if (word == "operator") return Role::operations;
  if (word == "staff") return Role::staff;
  if (word == "metrics") return Role::metrics;
  return Role::viewer;
}

}  // namespace

Result<std::string> read_secret(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) {
    return wrong(
        "there is no such file: make it with `(umask 077; cat > FILE)`; a token is what `openssl "
        "rand -hex 32` prints",
        errno);
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return wrong("others may read it: chmod 600 it", facts.st_mode & 0777);
  }
  std::ifstream in(file);
  std::string secret;
  if (!std::getline(in, secret) || secret.empty())
    return wrong("it cannot be read by this account, or is empty");
  if (secret.ends_with('\r')) secret.pop_back();
  return secret;
}

Result<std::string> read_token(const std::string& file) {
  auto secret = read_secret(file);
  if (!secret) return secret;
  auto token = std::move(*secret);
  if (token.size() < shortest_token) {
    return wrong("the token is too short: 32 characters or more, as `openssl rand -hex 32` makes");
  }
  if (!std::all_of(token.begin(), token.end(), is_token_character)) {
    return wrong("a token is one line of letters, digits and -._~+/= without spaces");
  }
  return token;
}

Callers load_clients(const Config& config, Issues& issues) {
  Callers callers;
  std::map<std::string, std::string> owners;
  for (const auto& client : config.clients) {
    const auto add = [&](const std::string& text) {
      issues.push_back({Severity::error, "security",
                        config.file + ":" + std::to_string(client.line),
                        "[[client]] \"" + client.id + "\": " + text});
    };
    const Caller caller{client.id, role_of(client.role), client.source};
    if (!client.certificate_subject.empty() || !client.certificate_key.empty()) {
      callers.add_certificate(caller, {client.certificate_subject, client.certificate_key});
    }
    if (!client.jwks_file.empty()) callers.add_holder(caller);
    if (client.token_file.empty()) continue;
    const auto token = read_token(config.path_of(client.token_file));
    if (!token) {
      add("token_file \"" + client.token_file + "\": " + std::string(token.error().what.view()));
      continue;
    }
    const auto [owner, first] = owners.emplace(*token, client.id);
    if (!first) add("has the same token as \"" + owner->second + "\"; give each its own");
    callers.add_token(caller, *token);
  }
  return callers;
}

std::vector<web::Signing> load_signing(const Config& config, Issues& issues) {
  std::vector<web::Signing> signing;
  for (const auto& client : config.clients) {
    if (client.signature_file.empty()) continue;
    const auto secret = read_token(config.path_of(client.signature_file));
    if (!secret) {
      issues.push_back(
          {Severity::error, "security", config.file + ":" + std::to_string(client.line),
           "[[client]] \"" + client.id + "\": signature_file \"" + client.signature_file +
               "\": " + std::string(secret.error().what.view())});
      continue;
    }
    fhir::Notices notices;
    for (const auto* peers : {&config.hospitals, &config.clinics}) {
      for (const auto& peer : *peers) {
        const auto dialect = fhir::find_dialect(peer.dialect);
        if (peer.id == client.source && dialect) notices = dialect->notices;
      }
    }
    signing.push_back({{client.id, Role::source, client.source},
                       notices.signature,
                       Sensitive<std::string>(*secret),
                       notices.prefix,
                       notices.wakes});
  }
  return signing;
}

fhir::ClientKeys load_client_keys(const Config& config, Issues& issues) {
  fhir::ClientKeys keys;
  for (const auto& client : config.clients) {
    if (client.jwks_file.empty()) continue;
    const auto text = read_file(config.path_of(client.jwks_file));
    auto read =
        text ? JwkSet::parse(*text) : Error{ErrorCode::not_found, "jwks", "there is no such file"};
    if (read) {
      keys.emplace(client.id, std::move(*read));
      continue;
    }
    issues.push_back({Severity::error, "security", config.file + ":" + std::to_string(client.line),
                      "[[client]] \"" + client.id + "\": jwks_file \"" + client.jwks_file +
                          "\": " + std::string(read.error().what.view())});
  }
  return keys;
}

}  // namespace meridian::host
