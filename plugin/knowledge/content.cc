// SPDX-License-Identifier: Apache-2.0
#include "knowledge/content.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/read_file.h"

// Laid out by embed.cmake: for each file offset and size of its path and of its text, in one blob.
extern "C" {
struct MeridianContentEntry {
  std::uint32_t path_offset;
  std::uint32_t path_size;
  std::uint32_t text_offset;
  std::uint32_t text_size;
};
extern const char meridian_content_blob[];
extern const MeridianContentEntry meridian_content_table[];
extern const std::uint32_t meridian_content_count;
}

namespace meridian {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t max_file_bytes = 8U << 20U;

constexpr std::string_view folders[] = {"valuesets/",      "conceptmaps/",    "codesystems/",
                                        "questionnaires/", "cpt/valuesets/",  "cpt/conceptmaps/",
                                        "rules/",          "field-profiles/", "v2/",
                                        "v2/segments/"};

/// For FHIR software of others: neither built in nor read. embed.cmake knows it too.
constexpr std::string_view guide = "guide/";

void add_error(Issues& issues, std::string_view code, std::string path, std::string text) {
  issues.push_back({Severity::error, std::string(code), std::move(path), std::move(text)});
}

bool in_known_folder(std::string_view path) {
  return std::any_of(std::begin(folders), std::end(folders), [&](std::string_view folder) {
    return path.starts_with(folder) && path.find('/', folder.size()) == std::string_view::npos;
  });
}

void add_file(const fs::directory_entry& entry, std::string path, std::vector<ContentFile>& files,
              Issues& issues) {
  std::error_code failed;
  if (!in_known_folder(path)) {
    return add_error(issues, "not-supported", path,
                     "no folder of fhir-profiles; move or remove it");
  }
  const auto size = entry.file_size(failed);
  if (!failed && size > max_file_bytes) {
    return add_error(issues, "too-long", path, "larger than 8 MB");
  }
  auto text = failed ? std::nullopt : read_file(entry.path());
  if (!text) return add_error(issues, "exception", path, "cannot be read");
  files.push_back({std::move(path), std::move(*text)});
}

}  // namespace

std::vector<ContentFile> embedded_content() {
  std::vector<ContentFile> files;
  files.reserve(meridian_content_count);
  for (std::uint32_t i = 0; i < meridian_content_count; ++i) {
    const auto& entry = meridian_content_table[i];
    files.push_back({std::string(meridian_content_blob + entry.path_offset, entry.path_size),
                     std::string(meridian_content_blob + entry.text_offset, entry.text_size)});
  }
  return files;
}

std::vector<ContentFile> directory_content(const fs::path& directory, Issues& issues) {
  std::vector<ContentFile> files;
  std::error_code failed;
  fs::recursive_directory_iterator walk(directory, failed);
  for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
    if (walk->path().extension() != ".json" || walk->is_directory()) continue;
    auto path = walk->path().lexically_relative(directory).generic_string();
    if (!path.starts_with(guide)) add_file(*walk, std::move(path), files, issues);
  }
  if (failed) {
    add_error(issues, "exception", directory.generic_string(),
              "cannot be read: " + failed.message() + "; expected a copy of fhir-profiles");
  }
  std::sort(files.begin(), files.end(),
            [](const ContentFile& a, const ContentFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace meridian
