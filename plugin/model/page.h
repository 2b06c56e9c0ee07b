// SPDX-License-Identifier: Apache-2.0
// A page for people, before it is decided how it is printed. It holds patient data.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace meridian {

struct Page {
  struct Fact {
    std::string label;
    std::string text;
  };
  struct Section {
    std::string heading;
    std::vector<std::string> lines;
    bool safety = false;  ///< stands out, also in black and white
  };
  /// Printed behind the page, each on a sheet of its own.
  struct Attachment {
    std::string title;
    std::string text;
  };
  std::string title;
  std::string number;  ///< also as a bar code: printable ASCII
  std::string banner;  ///< what must be seen first, such as URGENT; may be empty
  std::string person;  ///< whose it is, on every sheet
  std::vector<Fact> facts;
  std::vector<Section> sections;
  std::vector<Attachment> attachments;
  std::string closing;  ///< under the last section
  Instant at;
};

}  // namespace meridian
