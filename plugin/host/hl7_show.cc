// SPDX-License-Identifier: Apache-2.0
// `meridian hl7 show`: messages as trees.
#include <iostream>

#include "host/commands.h"
#include "host/hl7_commands.h"
#include "host/hl7_messages.h"

namespace meridian::host {
namespace {

/// Prints one file's messages, and what is around them where it stands.
class Show {
 public:
  Show(const std::string& file, const hl7v2::Batch& batch, const hl7v2::NameOf& name_of)
      : file_(file), batch_(batch), name_of_(name_of) {}

  /// False when something is no message.
  bool run() {
    for (std::size_t i = 0; i < batch_.messages.size(); ++i) {
      const auto bytes = batch_.messages[i].bytes;
      envelope_before(bytes.data());
      message(place_in(file_, batch_, i), bytes);
    }
    envelope_before(nullptr);
    for (const auto& issue : batch_.issues) {
      print_issues({{issue.severity, issue.code, file_ + ": " + issue.path, issue.text}});
    }
    return good_ && !has_errors(batch_.issues);
  }

 private:
  void message(const std::string& place, std::string_view bytes) {
    const ReadHl7 read(bytes);
    for (auto issue : read.issues()) {
      issue.path = place + ": " + issue.path;
      print_issues({issue});
    }
    if (!read.message()) {
      good_ = false;
      return;
    }
    std::cout << place << ": " << read.title() << '\n'
              << hl7v2::outline(*read.message(), name_of_) << '\n';
  }

  /// Prints the headers and trailers that stand before `end`; null: all that are left.
  void envelope_before(const char* end) {
    for (; next_ < batch_.envelope.size(); ++next_) {
      const auto segment = batch_.envelope[next_];
      if (end != nullptr && segment.data() > end) return;
      if (segment[1] == 'H') {
        Issues said_by_show;
        const auto found = hl7v2::read_delimiters(segment, said_by_show);
        print_issues(said_by_show);
        if (!found) {
          good_ = false;
          continue;
        }
        delimiters_ = *found;
      }
      std::cout << hl7v2::outline(segment, delimiters_, name_of_) << '\n';
    }
  }

  const std::string& file_;
  const hl7v2::Batch& batch_;
  const hl7v2::NameOf& name_of_;
  hl7v2::Delimiters delimiters_;  ///< of the last header
  std::size_t next_ = 0;          ///< of the envelope
  bool good_ = true;
};

}  // namespace

int show_hl7(const std::vector<std::string>& files) {
  const auto name_of = segment_names();
  bool good = true;
  const bool readable = each_hl7_file(files, [&](const auto& file, auto, const auto& batch) {
    good = Show(file, batch, name_of).run() && good;
  });
  return good && readable && std::cout ? 0 : 1;
}

}  // namespace meridian::host
