// SPDX-License-Identifier: Apache-2.0
// Every message of the test data is mapped: each PID, visit, diagnosis, order and result of it is a
// record, or an issue says why not.
#include <regex>

#include "hl7v2/syntax/message.h"
#include "unit/hl7v2_read/read_v2.h"
#include "unit/hl7v2_syntax/messages.h"

namespace meridian::hl7v2 {
namespace {

std::size_t count_of(const Message& message, std::string_view name) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < message.size(); ++i) count += message[i].name() == name;
  return count;
}

/// "Type/id" with an id as http://hl7.org/fhir/R4/datatypes.html#id has it.
void expect_ids(const RecordSet& records, const std::string& file) {
  static const std::regex ref("[A-Za-z]+/[A-Za-z0-9.-]{1,64}");
  const auto look = [&](const auto& list) {
    for (const auto& record : list) {
      EXPECT_TRUE(std::regex_match(record.ref, ref)) << file << ' ' << record.ref;
    }
  };
  look(records.patients);
  look(records.practitioners);
  look(records.coverages);
  look(records.encounters);
  look(records.conditions);
  look(records.observations);
  look(records.procedures);
  look(records.medications);
  look(records.allergies);
  look(records.imaging);
  look(records.documents);
  look(records.service_requests);
  look(records.tasks);
  look(records.appointments);
}

TEST(EveryMessage, NamesItsRecordsAsFhirAllows) {
  if (message_files().empty()) GTEST_SKIP() << "the test data is not here";
  for (const auto& file : message_files()) {
    const auto bytes = bytes_of(file);
    for (const auto& one : split_batch(bytes).messages) {
      expect_ids(read_message(one.bytes, settings()), file);
    }
  }
}

TEST(EveryMessage, LosesNoPatientDiagnosisOrResult) {
  if (message_files().empty()) GTEST_SKIP() << "the test data is not here";
  std::size_t mapped = 0;
  for (const auto& file : message_files()) {
    const auto bytes = bytes_of(file);
    for (const auto& one : split_batch(bytes).messages) {
      Issues ignored;
      const auto message = parse(one.bytes, ignored);
      const auto records = read_message(one.bytes, settings());
      if (!message) {
        EXPECT_TRUE(has_errors(records.issues)) << file;
        continue;
      }
      ++mapped;
      const auto faults = [&](const char* name) {
        std::size_t count = 0;
        for (const auto& issue : records.issues) count += issue.path.starts_with(name);
        return count;
      };
      EXPECT_GE(records.patients.size(), count_of(*message, "PID")) << file;
      EXPECT_GE(records.conditions.size() + faults("DG1"), count_of(*message, "DG1")) << file;
      EXPECT_GE(records.allergies.size() + faults("AL1"), count_of(*message, "AL1")) << file;
      EXPECT_GE(records.practitioners.size(), count_of(*message, "PRD")) << file;
      const auto type = message->header().field(9).value();
      if (type == "ORU") {
        EXPECT_EQ(records.imaging.size(), count_of(*message, "OBR")) << file;
      }
      if (type == "REF" && count_of(*message, "RF1") > 0) {
        EXPECT_EQ(records.service_requests.size(), 1U) << file;
        EXPECT_EQ(records.tasks.size(), 1U) << file;
      }
      for (const auto& issue : records.issues) EXPECT_FALSE(issue.path.empty()) << issue.text;
    }
  }
  EXPECT_GE(mapped, 700U);
}

}  // namespace
}  // namespace meridian::hl7v2
