// SPDX-License-Identifier: Apache-2.0
// An HTTP request as a handler sees it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meridian::http {

/// One header, query parameter or path parameter.
struct Field {
  std::string name;
  std::string value;
};

using Fields = std::vector<Field>;

/// The first value of a header, "" when absent. Names are compared without case.
std::string_view find_header(const Fields& headers, std::string_view name);

/// The first value of a query or path parameter, "" when absent. Names are compared exactly.
std::string_view find_parameter(const Fields& parameters, std::string_view name);

/// What a gate sees before the body is read, and a handler after.
struct Request {
  std::string method;  ///< as received: "GET"
  std::string target;  ///< as received: "/fhir/Task?status=requested"
  std::string path;    ///< percent-decoded, without the query
  Fields query;        ///< percent-decoded, in the order received
  Fields headers;      ///< in the order received
  Fields parameters;   ///< what the route's {names} stand for
  std::string body;    ///< empty while a gate looks at it
  std::string peer;    ///< address of the other end, without port
  bool tls = false;
  std::string certificate_subject;  ///< RFC 2253, of a client certificate we trust; "": none
  std::string certificate_key;      ///< SHA-256 of its public key, lower-case hexadecimal
  std::string principal;            ///< who a gate found the sender to be; "" when no gate said

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
  std::string_view query_value(std::string_view name) const { return find_parameter(query, name); }
  std::string_view parameter(std::string_view name) const {
    return find_parameter(parameters, name);
  }
};

}  // namespace meridian::http
