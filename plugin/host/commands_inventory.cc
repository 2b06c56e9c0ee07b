// SPDX-License-Identifier: Apache-2.0
// `meridian inventory`: what the program is made of, and which data goes where.
#include <array>
#include <fstream>
#include <iostream>

#include "base/hash.h"
#include "host/bill_of_materials.h"
#include "host/commands.h"
#include "host/data_flows.h"
#include "host/site_command.h"
#include "report/json.h"

namespace meridian::host {
namespace {

/// RFC 9562, version 4.
std::string new_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  random_bytes(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  auto text = hex(bytes);
  for (const std::size_t at : {20, 16, 12, 8}) text.insert(at, "-");
  return text;
}

std::string distribution() {
  std::ifstream release("/etc/os-release");
  for (std::string line; std::getline(release, line);) {
    if (line.starts_with("ID=")) return line.substr(3);
  }
  return "debian";
}

std::string line_of(const DataFlow& flow) {
  std::string files;
  for (const auto& file : flow.secret_files) files += (files.empty() ? "" : ", ") + file;
  report::Json json;
  json.open();
  json.text("with", flow.peer);
  json.text("direction", flow.direction);
  json.text("how", flow.how);
  json.text("data", flow.data);
  json.text("patientData", flow.patient_data);
  json.text("address", flow.address);
  json.text("protection", flow.protection);
  json.text("signIn", flow.sign_in);
  json.text("secretFiles", files);
  json.text("kept", flow.kept);
  json.close();
  return json.str();
}

}  // namespace

int print_bill_of_materials() {
  std::cout << bill_of_materials(parts_of_this_program("/var/lib/dpkg"), new_uuid(),
                                 to_string(system_now()), distribution())
            << '\n';
  return 0;
}

int print_data_flows(const SiteCommand& command) {
  const auto config = site_config(command);
  if (!config) return 1;
  std::vector<std::string> lines;
  for (const auto& flow : data_flows(*config)) lines.push_back(line_of(flow));
  print_list(command, lines);
  return 0;
}

}  // namespace meridian::host
