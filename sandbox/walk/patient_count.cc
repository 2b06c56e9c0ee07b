// SPDX-License-Identifier: Apache-2.0
#include "walk/patient_count.h"

#include <vector>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace meridian::sandbox {
namespace {

/// Remembers type and id of each object on the way down.
class Counter : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Counter> {
 public:
  bool Default() { return true; }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return true; }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    levels_.back().key.assign(text, size);
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (levels_.empty()) return true;
    Level& level = levels_.back();
    if (level.key == "resourceType") level.type.assign(text, size);
    if (level.key == "id") level.id.assign(text, size);
    return true;
  }
  bool StartObject() {
    const bool inside =
        !levels_.empty() && (levels_.back().contained || levels_.back().key == "contained");
    levels_.push_back({"", "", "", inside});
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    const Level& level = levels_.back();
    ++objects_;
    if (level.type == "Patient" && !level.contained) {
      found.insert(level.id.empty() ? "#" + std::to_string(objects_) : level.id);
    }
    levels_.pop_back();
    return true;
  }

  std::set<std::string> found;

 private:
  struct Level {
    std::string key;
    std::string type;
    std::string id;
    bool contained = false;
  };
  std::vector<Level> levels_;
  int objects_ = 0;
};

}  // namespace

std::optional<std::set<std::string>> patients_in(std::string_view text) {
  constexpr unsigned flags = rapidjson::kParseNumbersAsStringsFlag |
                             rapidjson::kParseStopWhenDoneFlag | rapidjson::kParseIterativeFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  Counter counter;
  while (true) {
    while (stream.Tell() < text.size() && text[stream.Tell()] <= ' ') stream.Take();
    if (stream.Tell() >= text.size()) return counter.found;
    if (reader.Parse<flags>(stream, counter).IsError()) return std::nullopt;
  }
}

}  // namespace meridian::sandbox
