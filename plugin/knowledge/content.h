// SPDX-License-Identifier: Apache-2.0
// The files of fhir-profiles: those built into the program, or those of a site's directory.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/issue.h"

namespace meridian {

/// One file. `path` is relative to fhir-profiles: "rules/red_flags.json".
struct ContentFile {
  std::string path;
  std::string text;
};

/// The files the program was built with, sorted by path.
std::vector<ContentFile> embedded_content();

/// The JSON files of a directory, sorted by path; other files and the folder guide are left alone.
/// A directory or file that cannot be read, is above 8 MB, or lies in no folder of fhir-profiles is
/// an issue. Symbolic links to directories are not followed.
std::vector<ContentFile> directory_content(const std::filesystem::path& directory, Issues& issues);

}  // namespace meridian
