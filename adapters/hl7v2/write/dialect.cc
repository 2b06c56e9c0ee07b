// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/dialect.h"

#include <charconv>

#include <rapidjson/document.h>

#include "hl7v2/write/dialect_files.h"

namespace meridian::hl7v2 {
namespace {

using Value = rapidjson::Value;

Error wrong(Literal what) {
  return {ErrorCode::misconfigured, "dialect", what};
}

std::string text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

/// Reads one file over what it is like; the first fault is kept.
class DialectReader {
 public:
  explicit DialectReader(WriteDialect& into) : into_(into) {}

  Result<void> read(const Value& root) {
    for (const auto& member : root.GetObject()) take(text_of(member.name), member.value);
    if (failed_) return error_;
    return {};
  }

 private:
  void take(const std::string& name, const Value& value) {
    if (name == "id") return text(value, into_.id);
    if (name == "version") return text(value, into_.version);
    if (name == "messages") return texts(value, into_.messages);
    if (name == "authorities") return texts(value, into_.authorities);
    if (name == "coding_systems") return texts(value, into_.coding_systems);
    if (name == "concepts") return texts(value, into_.concepts);
    if (name == "fields") return texts(value, into_.fields);
    if (name == "lost") return texts(value, into_.lost);
    if (name == "codes") return codes(value);
    if (name == "add") return list(value, [&](std::string each) { into_.add.push_back(each); });
    if (name == "leave_out") {
      return list(value, [&](std::string each) { into_.leave_out.insert(each); });
    }
    if (name != "format" && name != "title" && name != "source" && name != "like") {
      refuse("a member that is not known");
    }
  }

  void refuse(Literal what) {
    if (!failed_) error_ = wrong(what);
    failed_ = true;
  }

  void text(const Value& value, std::string& into) {
    if (!value.IsString()) return refuse("a text is due");
    into = text_of(value);
  }

  void texts(const Value& value, WriteDialect::Texts& into) {
    if (!value.IsObject()) return refuse("an object is due");
    for (const auto& member : value.GetObject()) text(member.value, into[text_of(member.name)]);
  }

  void codes(const Value& value) {
    if (!value.IsObject()) return refuse("an object is due");
    for (const auto& member : value.GetObject()) {
      texts(member.value, into_.codes[text_of(member.name)]);
    }
  }

  template <typename See>
  void list(const Value& value, See see) {
    if (!value.IsArray()) return refuse("a list is due");
    for (const auto& each : value.GetArray()) {
      if (!each.IsString()) return refuse("a text is due");
      see(text_of(each));
    }
  }

  WriteDialect& into_;
  bool failed_ = false;
  Error error_{ErrorCode::internal, "", ""};
};

/// "2.5.1" as numbers.
std::vector<int> numbers_of(std::string_view version) {
  std::vector<int> numbers;
  while (!version.empty()) {
    const auto dot = std::min(version.find('.'), version.size());
    int number = 0;
    std::from_chars(version.data(), version.data() + dot, number);
    numbers.push_back(number);
    version.remove_prefix(std::min(dot + 1, version.size()));
  }
  return numbers;
}

}  // namespace

bool WriteDialect::since(std::string_view other) const {
  return numbers_of(version) >= numbers_of(other);
}

Result<WriteDialect> read_write_dialect(std::string_view json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (document.HasParseError() || !document.IsObject()) {
    return Error{ErrorCode::malformed, "dialect", "not a JSON object",
                 static_cast<std::int64_t>(document.GetErrorOffset())};
  }
  const rapidjson::Value& root = document;
  const auto said = [&](const char* name) {
    const auto found = root.FindMember(name);
    const bool text = found != root.MemberEnd() && found->value.IsString();
    return text ? text_of(found->value) : std::string();
  };
  if (said("format") != "meridian.v2_dialect/1") return wrong("format is meridian.v2_dialect/1");
  WriteDialect dialect;
  if (const auto like = said("like"); !like.empty()) {
    if (like == said("id")) return wrong("a dialect is like another one");
    auto found = find_write_dialect(like);
    if (!found) return found.error();
    dialect = std::move(*found);
  }
  if (auto read = DialectReader(dialect).read(root); !read) return read.error();
  if (dialect.id.empty() || dialect.version.empty()) return wrong("id or version is missing");
  return dialect;
}

Result<WriteDialect> find_write_dialect(std::string_view id) {
  for (std::size_t i = 0; i < dialect_file_count; ++i) {
    if (dialect_files[i].id == id) return read_write_dialect(dialect_files[i].json);
  }
  return Error{ErrorCode::not_found, "dialect", "no dialect of that name"};
}

std::vector<std::string> write_dialect_ids() {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < dialect_file_count; ++i) ids.emplace_back(dialect_files[i].id);
  return ids;
}

}  // namespace meridian::hl7v2
