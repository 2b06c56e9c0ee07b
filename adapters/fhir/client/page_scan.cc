// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/page_scan.h"

#include <limits>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace meridian::fhir::wire {
namespace {

/// For the iterative parser, which calls before it moves past a brace. Follows the path of keys
/// ("entry.search.mode"; arrays add nothing) down to the depth that matters and picks the few
/// values of it.
class PageHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, PageHandler> {
 public:
  PageHandler(PageScan& page, const rapidjson::MemoryStream& stream)
      : page_(page), stream_(stream) {}

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (objects_ > max_depth) return true;
    keys_.push_back(path_.size());
    path_.append(".").append(text, size);
    return true;
  }

  bool StartObject() {
    if (path_ == ".entry" && objects_ == 1) entry_ = {};
    if (path_ == ".link" && objects_ == 1) link_ = {};
    if (path_ == ".entry.resource" && objects_ == 2) entry_.begin = stream_.Tell();
    ++objects_;
    return true;
  }

  bool EndObject(rapidjson::SizeType) {
    --objects_;
    if (path_ == ".entry.resource" && objects_ == 2) entry_.end = stream_.Tell() + 1;
    if (path_ == ".entry" && objects_ == 1) finish_entry();
    if (path_ == ".link" && objects_ == 1 && link_.relation == "next") page_.next = link_.url;
    return leave();
  }

  bool StartArray() {
    arrays_.push_back(path_.size());
    return true;
  }

  bool EndArray(rapidjson::SizeType) {
    arrays_.pop_back();
    return leave();
  }

  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (std::string* into = wanted()) into->assign(text, size);
    return leave();
  }

  bool Int(int value) { return number(value); }
  bool Uint(unsigned value) { return number(value); }
  bool Int64(std::int64_t value) { return number(value); }
  bool Uint64(std::uint64_t) { return number(std::numeric_limits<std::int64_t>::max()); }
  bool Default() { return leave(); }

 private:
  static constexpr int max_depth = 4;

  struct EntryScan {
    std::string type, id, full_url, mode;
    std::size_t begin = 0, end = 0;
  };
  struct LinkScan {
    std::string relation, url;
  };

  bool number(std::int64_t value) {
    if (path_ == ".total" && objects_ == 1) page_.total = value;
    return leave();
  }

  /// A value ended: its key goes, unless it was an element of an array, which keeps the key.
  bool leave() {
    if (!arrays_.empty() && arrays_.back() == path_.size()) return true;
    if (objects_ > max_depth || keys_.empty()) return true;
    path_.resize(keys_.back());
    keys_.pop_back();
    return true;
  }

  std::string* wanted() {
    if (objects_ == 1 && path_ == ".resourceType") return &page_.resource_type;
    if (objects_ == 2 && path_ == ".link.relation") return &link_.relation;
    if (objects_ == 2 && path_ == ".link.url") return &link_.url;
    if (objects_ == 2 && path_ == ".entry.fullUrl") return &entry_.full_url;
    if (objects_ == 3 && path_ == ".entry.search.mode") return &entry_.mode;
    if (objects_ == 3 && path_ == ".entry.resource.resourceType") return &entry_.type;
    if (objects_ == 3 && path_ == ".entry.resource.id") return &entry_.id;
    return nullptr;
  }

  void finish_entry() {
    const std::string_view all(stream_.begin_, stream_.size_);
    if (entry_.type == "OperationOutcome" || entry_.mode == "outcome") {
      const auto outcome = read_outcome(all.substr(entry_.begin, entry_.end - entry_.begin));
      page_.outcome.insert(page_.outcome.end(), outcome.begin(), outcome.end());
    } else if (entry_.mode != "include") {
      page_.matches.push_back(entry_.id.empty() ? entry_.full_url : entry_.type + "/" + entry_.id);
    }
  }

  PageScan& page_;
  const rapidjson::MemoryStream& stream_;
  std::string path_;
  std::vector<std::size_t> keys_;    // length of the path before each of its keys
  std::vector<std::size_t> arrays_;  // length of the path where each open array began
  int objects_ = 0;
  EntryScan entry_;
  LinkScan link_;
};

}  // namespace

PageScan scan_page(std::string_view json) {
  PageScan page;
  rapidjson::MemoryStream stream(json.data(), json.size());
  PageHandler handler(page, stream);
  rapidjson::Reader reader;
  page.well_formed = !reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler).IsError();
  if (page.resource_type == "OperationOutcome") page.outcome = read_outcome(json);
  return page;
}

}  // namespace meridian::fhir::wire
