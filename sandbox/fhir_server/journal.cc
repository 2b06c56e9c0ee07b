// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/journal.h"

#include <stdexcept>

namespace meridian::sandbox {
namespace {

VersionPtr read_line(const std::string& line) {
  const auto json = Json::parse(line);
  if (!json) throw std::runtime_error("a line of the journal is not JSON");
  Version version;
  version.type = (*json)["type"].text();
  version.id = (*json)["id"].text();
  version.number = std::stoi((*json)["version"].text());
  version.updated = parse_instant((*json)["updated"].text()).value_or(Instant{});
  version.deleted = (*json)["deleted"].text() == "true";
  version.resource = (*json)["resource"];
  return std::make_shared<const Version>(std::move(version));
}

}  // namespace

Journal::Journal(const std::string& file, Records& records) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) records.restore(read_line(line));
  out_.open(file, std::ios::app);
  if (!out_) throw std::runtime_error("cannot write the journal " + file);
}

void Journal::append(const std::vector<VersionPtr>& versions) {
  if (!out_.is_open()) return;
  for (const auto& version : versions) {
    out_ << Json::object({{"type", version->type},
                          {"id", version->id},
                          {"version", version->number},
                          {"updated", to_string(version->updated)},
                          {"deleted", version->deleted},
                          {"resource", version->resource}})
                .dump()
         << '\n';
  }
  out_.flush();
}

}  // namespace meridian::sandbox
