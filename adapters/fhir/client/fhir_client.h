// SPDX-License-Identifier: Apache-2.0
// A FHIR R4 REST client: search with paging, read, conditional create and update, transaction.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "fhir/client/capabilities.h"
#include "fhir/client/client_settings.h"
#include "model/assessment.h"
#include "model/issue.h"

namespace meridian::fhir {

/// What a server answered, whatever the status. Headers that matter are taken out of it.
struct Response {
  int status = 0;
  std::string body;        ///< as received; may hold data: never log it
  std::string media_type;  ///< without parameters, in lower case
  std::string location;    ///< as received
  std::string reference;   ///< "Task/17", from Location, else from the body
  std::string etag;        ///< as received: W/"3"; goes into if_match
  std::optional<std::chrono::seconds> retry_after;  ///< what the server asked for
  Issues outcome;  ///< the OperationOutcome, all issues, codes kept
  /// Unset for 2xx and 304. Else what the status means to a sender, with its retry class.
  std::optional<Error> failure;
};

/// One search with all its pages.
struct SearchPages {
  std::vector<std::string>
      bodies;  ///< raw page bundles, in order; kept also when a later one failed
  /// complete: the last page was reached and nothing in it says otherwise; partial: some pages,
  /// or the server says that there is more; withheld: the server holds back by policy; failed.
  Completeness completeness = Completeness::failed;
  std::string why;               ///< a word for QueryResult::detail; empty when complete
  Issues outcome;                ///< of error answers and of entries with search.mode = outcome
  std::optional<Error> failure;  ///< why it is failed, or what ended it early
};

/// The first page of a search that somebody else made: complete when it is a Bundle that says so by
/// itself, else partial or failed.
SearchPages read_page(std::string body);

/// For calls that nobody hurries.
constexpr auto whenever = std::chrono::steady_clock::time_point::max();

using SearchParams = std::vector<std::pair<std::string, std::string>>;

/// Whether the receiver makes nothing new out of a second copy of a request.
enum class Repeat {
  unsafe,    ///< a request whose answer was lost ends in an ambiguous error: look first
  harmless,  ///< it is sent again: every entry is conditional, or a put
};

/// A request that the named calls do not cover.
struct RawRequest {
  std::string method = "GET";
  /// Relative to the base, with query: "Patient/17/$everything?_count=50"; or absolute, below
  /// ServerHabits::also_below.
  std::string path;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< besides Accept, Content-Type, auth
  Repeat repeat = Repeat::unsafe;  ///< of POST and PATCH; GET and HEAD are always repeatable
};

/// One client per server. Every call blocks up to limits.total, those that take `until` no longer
/// than that, and may be made from any thread at
/// the same time as others; each uses a connection of its own out of a pool.
///
/// Results hold an Error only when no answer was had. Its retry class is transient when the request
/// did not leave, ambiguous when it may have arrived. Codes: unavailable (name, connection, TLS
/// handshake), untrusted (certificate, host name, redirect), timed_out, interrupted, too_large,
/// malformed (not HTTP), unauthorized or misconfigured (no token, see probe()), stopping.
class FhirClient {
 public:
  /// Errors: misconfigured, when the URL, key or CA file cannot be used. Does not connect.
  static Result<std::unique_ptr<FhirClient>> create(const ClientSettings& settings,
                                                    ClientSurroundings surroundings = {});
  ~FhirClient();
  FhirClient(const FhirClient&) = delete;
  FhirClient& operator=(const FhirClient&) = delete;

  /// Searches one type ("Condition") and follows `next`. Parameters are sent in the given order.
  SearchPages search(std::string_view type, const SearchParams& params,
                     std::chrono::steady_clock::time_point until = whenever);

  /// Reads "Patient/17", "Task/9/_history/2", or an absolute URL under the base.
  Result<Response> read(std::string_view reference,
                        std::chrono::steady_clock::time_point until = whenever);

  /// Creates one resource. `if_none_exist` is a query ("identifier=urn:x|1"), empty for none. With
  /// it 200 means that it was there already: `reference` names it then too when the server says so.
  Result<Response> create(std::string_view type, std::string_view body,
                          std::string_view if_none_exist = {});

  /// Replaces "Task/9". `if_match` is an etag as received, empty for none. A version that is no
  /// longer current gives failure `stale`, whether the server says 409 or 412. With if_match the
  /// request is not sent again when its answer was lost.
  Result<Response> update(std::string_view reference, std::string_view body,
                          std::string_view if_match = {});

  /// Sends a transaction or batch bundle to the base.
  Result<Response> transaction(std::string_view bundle, Repeat repeat);

  Result<Response> request(const RawRequest& request);

  /// The server's CapabilityStatement, read once and kept for an hour.
  Result<std::shared_ptr<const Capabilities>> capabilities();

  /// What `meridian check` prints: name, connection, TLS, discovery, token, clock, /metadata.
  /// `needed` names interactions such as {"Task", "update"}; each missing one is an issue.
  /// Each issue's text says what is wrong and what to do; path names the setting.
  Issues probe(const std::vector<std::pair<std::string, std::string>>& needed = {});

  /// Refuses new calls with `stopping` and ends running ones: with `interrupted`, which is
  /// ambiguous, where the request had left. Any thread; does not wait for them.
  void stop();

 private:
  struct Parts;
  explicit FhirClient(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace meridian::fhir
