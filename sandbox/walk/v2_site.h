// SPDX-License-Identifier: Apache-2.0
// A hospital's interface engine or a clinic's system that speaks HL7 v2 by MLLP and nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace meridian::sandbox {

/// Takes what it is sent, acknowledges it with AA and keeps it. Loopback, a free port. Thread-safe.
class V2Site {
 public:
  /// `number` begins its MSH-10, "JC-".
  explicit V2Site(std::string number);
  ~V2Site();

  /// "127.0.0.1:40023": where it listens.
  std::string address() const;
  /// Where its messages go from now on, "127.0.0.1:2575".
  void call(const std::string& address);

  /// Sends a message of one segment a line, with placeholders; {{control}} is a new MSH-10. True
  /// when it was acknowledged with AA.
  bool send(const std::string& text, std::map<std::string, std::string> names = {});

  /// All that it was sent, oldest first; segments end with CR.
  std::vector<std::string> received() const;
  /// The newest of a type ("REF^I12", "RRI") that has all of the words in it; "" when none came.
  std::string received(const std::string& type, const std::vector<std::string>& words) const;

 private:
  struct Serving;

  std::string number_;
  int sent_ = 0;
  std::unique_ptr<Serving> serving_;
};

/// A field of the first segment of that name, as it is written: field_of(message, "RF1", 6).
std::string field_of(const std::string& message, const std::string& segment, std::size_t number);
/// The text of that field in every segment of the name, one a line.
std::string texts_of(const std::string& message, const std::string& segment, std::size_t number);

}  // namespace meridian::sandbox
