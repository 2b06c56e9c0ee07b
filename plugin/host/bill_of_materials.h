// SPDX-License-Identifier: Apache-2.0
// What this program is made of: the libraries that it loaded, and what was compiled into it.
// Source: CycloneDX 1.5, https://cyclonedx.org/docs/1.5/json/
#pragma once

#include <string>
#include <vector>

namespace meridian::host {

/// A library or package. `version` and `architecture` are empty where nobody knows them.
struct Part {
  std::string name;
  std::string version;
  std::string architecture;
  bool packaged = false;           ///< name, version and architecture are those of a Debian package
  std::vector<std::string> files;  ///< that are loaded from it; empty: compiled in
};

/// Every shared library of this process with the package that `dpkg` (usually /var/lib/dpkg) says
/// its file is of, one part a package; a library without a package is a part by its file's name.
/// Then what the build says was compiled in. Sorted by name.
std::vector<Part> parts_of_this_program(const std::string& dpkg);

/// The same as CycloneDX 1.5. `serial` is a UUID; `at` an instant of FHIR's form; `distribution` is
/// ID of os-release, for package URLs.
std::string bill_of_materials(const std::vector<Part>& parts, const std::string& serial,
                              const std::string& at, const std::string& distribution);

}  // namespace meridian::host
