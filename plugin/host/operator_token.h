// SPDX-License-Identifier: Apache-2.0
// What a running serve leaves beside its database for the command line on the same machine.
#pragma once

#include <string>

#include "base/result.h"

namespace meridian::host {

/// The token in `file`; made, mode 0600, when there is none. Errors: those of read_token.
Result<std::string> operator_token(const std::string& file);

/// "http://127.0.0.1:8480" in a file beside the database, from the start of a runtime to its end.
class AddressFile {
 public:
  AddressFile(std::string file, const std::string& url);
  AddressFile(const AddressFile&) = delete;
  AddressFile& operator=(const AddressFile&) = delete;
  ~AddressFile();

  /// The address in it; empty when there is no such file.
  static std::string read(const std::string& file);

 private:
  std::string file_;
};

}  // namespace meridian::host
