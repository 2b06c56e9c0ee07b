// SPDX-License-Identifier: Apache-2.0
#include "host/bill_of_materials.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <link.h>
#include <map>
#include <set>

#include "host/compiled_in.h"
#include "report/json.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

int take_path(dl_phdr_info* info, std::size_t, void* list) {
  const std::string path = info->dlpi_name == nullptr ? "" : info->dlpi_name;
  // The program itself has no name, and the kernel's page no file.
  if (path.starts_with('/')) static_cast<std::vector<std::string>*>(list)->push_back(path);
  return 0;
}

std::vector<std::string> loaded_libraries() {
  std::vector<std::string> paths;
  dl_iterate_phdr(&take_path, &paths);
  return paths;
}

/// The names that a package may list a file by: /lib is a link to /usr/lib where the two are
/// merged, and the loader names the link of a library and not its file.
std::set<std::string> names_of(const std::string& path) {
  std::set<std::string> names{path};
  std::error_code none;
  const auto real = fs::canonical(path, none).string();
  if (!none) names.insert(real);
  for (const auto& name : std::set<std::string>(names)) {
    names.insert(name.starts_with("/usr/") ? name.substr(4) : "/usr" + name);
  }
  return names;
}

/// File to package ("libssl3:amd64" or "tzdata"), for those files alone.
std::map<std::string, std::string> owners_of(const std::set<std::string>& files,
                                             const std::string& dpkg) {
  std::map<std::string, std::string> owners;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(dpkg + "/info", none)) {
    if (entry.path().extension() != ".list") continue;
    std::ifstream list(entry.path());
    for (std::string line; std::getline(list, line);) {
      if (files.count(line) != 0) owners[line] = entry.path().stem().string();
    }
  }
  return owners;
}

/// The installed packages by name and by name:architecture.
std::map<std::string, Part> packages_of(const std::string& dpkg) {
  std::map<std::string, Part> packages;
  std::ifstream status(dpkg + "/status");
  Part part;
  part.packaged = true;
  const auto value = [](const std::string& line) { return line.substr(line.find(": ") + 2); };
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Package: ")) part.name = value(line);
    if (line.starts_with("Version: ")) part.version = value(line);
    if (line.starts_with("Architecture: ")) part.architecture = value(line);
    if (!line.empty()) continue;
    packages[part.name] = packages[part.name + ":" + part.architecture] = part;
  }
  return packages;
}

std::string percent_encoded(const std::string& text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_' ||
        c == '~') {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
      out.push_back(digits[c & 0xF]);
    }
  }
  return out;
}

void write_part(report::Json& json, const Part& part, const std::string& distribution) {
  // https://github.com/package-url/purl-spec: type deb
  std::string url;
  if (part.packaged) {
    url = "pkg:deb/" + distribution + "/" + percent_encoded(part.name) + "@" +
          percent_encoded(part.version) + "?arch=" + part.architecture;
  }
  json.open();
  json.text("type", "library");
  json.text("bom-ref", url.empty() ? part.name : url);
  json.text("name", part.name);
  if (!part.version.empty()) json.text("version", part.version);
  if (!url.empty()) json.text("purl", url);
  json.open_list("properties");
  for (const auto& file : part.files) {
    json.open();
    json.text("name", "meridian:loaded");
    json.text("value", file);
    json.close();
  }
  if (part.files.empty()) {
    json.open();
    json.text("name", "meridian:compiled-in");
    json.text("value", "true");
    json.close();
  }
  json.close_list();
  json.close();
}

}  // namespace

std::vector<Part> parts_of_this_program(const std::string& dpkg) {
  const auto libraries = loaded_libraries();
  std::set<std::string> names;
  for (const auto& path : libraries) names.merge(names_of(path));
  const auto owners = owners_of(names, dpkg);
  const auto packages = packages_of(dpkg);
  std::map<std::string, Part> parts;
  for (const auto& path : libraries) {
    Part part;
    part.name = fs::path(path).filename().string();
    for (const auto& name : names_of(path)) {
      const auto owner = owners.find(name);
      if (owner == owners.end()) continue;
      if (const auto package = packages.find(owner->second); package != packages.end()) {
        part = package->second;
      }
    }
    auto& known = parts.try_emplace(part.name, part).first->second;
    known.files.push_back(path);
  }
  for (const auto& [name, version] : compiled_in()) {
    Part part;
    part.name = name;
    part.version = version;
    parts.try_emplace(name, part);
  }
  std::vector<Part> list;
  for (auto& [name, part] : parts) list.push_back(std::move(part));
  return list;
}

std::string bill_of_materials(const std::vector<Part>& parts, const std::string& serial,
                              const std::string& at, const std::string& distribution) {
  report::Json json;
  json.open();
  json.text("bomFormat", "CycloneDX");
  json.text("specVersion", "1.5");
  json.text("serialNumber", "urn:uuid:" + serial);
  json.number("version", 1);
  json.open("metadata");
  json.text("timestamp", at);
  json.open("component");
  json.text("type", "application");
  json.text("bom-ref", "meridian");
  json.text("name", "meridian");
  json.text("version", MERIDIAN_VERSION);
  json.open_list("licenses");
  json.open();
  json.open("license");
  json.text("id", "Apache-2.0");
  json.close();
  json.close();
  json.close_list();
  json.close();
  json.close();
  json.open_list("components");
  for (const auto& part : parts) write_part(json, part, distribution);
  json.close_list();
  json.close();
  return json.str();
}

}  // namespace meridian::host
