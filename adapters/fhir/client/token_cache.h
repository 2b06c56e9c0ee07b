// SPDX-License-Identifier: Apache-2.0
// Access tokens, each fetched once however many ask for it at the same time.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/sensitive.h"
#include "base/time.h"
#include "model/issue.h"

namespace meridian::fhir {

struct Token {
  Sensitive<std::string> value;
  Instant expires_at;
  Instant refresh_at;  ///< from here on a new one is fetched before the old one ends
  Issues issues;       ///< scopes not granted, clocks that differ
};

/// How long no token is asked for.
struct TokenGaps {
  /// Implicit: most servers only mind refused clients.
  TokenGaps(std::chrono::seconds refused, std::chrono::seconds renewed = std::chrono::seconds{0})
      : after_refusal(refused), after_token(renewed) {}

  std::chrono::seconds after_refusal;  ///< after a permanent failure
  std::chrono::seconds after_token;    ///< after a token was got, even if it is refused at once
};

/// Keyed by issuer, client and scope. Thread-safe; may be shared by all clients of a program.
class TokenCache {
 public:
  using Fetch = std::function<Result<Token>()>;

  /// The cached token, or what `fetch` gives. While one caller fetches, others get the old token
  /// as long as it is valid, and wait for the new one when it is not. A permanent failure is given
  /// to all callers for the gap after a refusal, so that a refused client does not knock without
  /// end. Errors: those of fetch; throttled, within the gap after a token.
  Result<Token> get(const std::string& key, const Clock& clock, const TokenGaps& gaps,
                    const Fetch& fetch);

  /// Drops the token, unless another has taken its place already.
  void discard(const std::string& key, const Token& refused);

 private:
  struct Slot {
    std::optional<Token> token;
    bool fetching = false;
    std::uint64_t fetches = 0;     // finished ones
    std::optional<Error> failure;  // of the last fetch
    Instant failed_at;
    Instant fetched_at;  // the last token
  };

  std::mutex mutex_;
  std::condition_variable fetched_;
  std::map<std::string, Slot> slots_;
};

}  // namespace meridian::fhir
