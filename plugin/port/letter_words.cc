// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/packet_lines.h"

#include <algorithm>

namespace meridian::fhir {
namespace {

std::string of_rule(const Entry& entry) {
  std::string text = " [rule " + entry.rule;
  if (!entry.source.empty()) text += ", source " + entry.source;
  return text + "]";
}

/// "Needles: caution. Electro: absolute."
std::string modalities(const Caution& caution) {
  std::string text;
  if (!caution.manual.empty()) text += " Needles: " + caution.manual + ".";
  if (!caution.electro.empty()) text += " Electro: " + caution.electro + ".";
  if (!caution.scope.empty()) text += " Where: " + caution.scope + ".";
  return text;
}

class Lines {
 public:
  explicit Lines(const std::function<bool(const std::string&)>& withheld) : withheld_(withheld) {}

  void add(const char* part, std::string text) { lines_.push_back({part, std::move(text)}); }

  /// `before` and `after` stand around the entry's own words.
  void add(const char* part, const Entry& entry, const std::string& before,
           const std::string& after) {
    if (std::any_of(entry.evidence.begin(), entry.evidence.end(), withheld_)) {
      return add(part, before +
                           "It rests on records that are withheld by policy; ask the "
                           "referring practice before treatment." +
                           after);
    }
    const auto by = entry.signed_off.empty() ? "" : " Signed off by " + entry.signed_off + ".";
    add(part, before + entry.text + after + by + of_rule(entry));
  }

  void add_pain_types(const std::vector<PainType>& types) {
    for (const auto& type : types) {
      if (std::any_of(type.basis.begin(), type.basis.end(), withheld_)) continue;
      add("pain-type", type.type);
    }
  }

  std::vector<PacketLine> take() { return std::move(lines_); }

 private:
  const std::function<bool(const std::string&)>& withheld_;
  std::vector<PacketLine> lines_;
};

std::string heading(const std::string& part) {
  if (part == "flag") return "RED FLAGS ON RECORD";
  if (part == "caution") return "CAUTIONS FOR TREATMENT";
  if (part == "missing") return "NOT ASKED OR NOT KNOWN";
  if (part == "coverage") return "COVERAGE";
  if (part == "annotation") return "NOTES";
  if (part == "pain-type") return "PAIN TYPE BY CODE";
  if (part == "validity") return "SAFETY SCREEN";
  return "WITHHELD";
}

std::string name_of(const Concept& coded) {
  if (!coded.text.empty()) return coded.text;
  for (const auto& coding : coded.codings) {
    if (!coding.display.empty()) return coding.display;
  }
  return coded.codings.empty() ? std::string() : coded.codings.front().code;
}

}  // namespace

std::vector<PacketLine> packet_lines(const Letter& letter,
                                     const std::function<bool(const std::string& ref)>& withheld) {
  const Assessment& assessment = letter.assessment;
  Lines lines(withheld);
  for (const auto& flag : assessment.flags) {
    const auto action = flag.action.empty() ? std::string() : " " + flag.action;
    lines.add("flag", flag, flag.severity + ": ", action);
  }
  for (const auto& caution : assessment.cautions) {
    lines.add("caution", caution, "", modalities(caution));
  }
  for (const auto& missing : assessment.missing) lines.add("missing", missing, "", "");
  for (const auto& coverage : assessment.coverage) {
    const auto program = coverage.program.empty() ? std::string() : coverage.program + " ";
    lines.add("coverage", coverage, program + coverage.status + ": ", "");
  }
  for (const auto& note : assessment.annotations) lines.add("annotation", note, "", "");
  lines.add_pain_types(assessment.pain_types);
  if (assessment.valid_until) {
    lines.add("validity", "The safety screen holds until " + to_string(*assessment.valid_until) +
                              "; screen again at the first visit.");
  }
  if (!letter.withheld.empty()) lines.add("withheld", letter.withheld);
  return lines.take();
}

std::string packet_page(const Letter& letter, const ServiceRequest& order,
                        const std::vector<PacketLine>& lines) {
  std::string page = "REFERRAL " + letter.referral_id + "\n";
  if (!letter.sender_name.empty()) page += "From: " + letter.sender_name + "\n";
  if (!letter.receiver_name.empty()) page += "To: " + letter.receiver_name + "\n";
  page += "Sent: " + to_string(letter.at) + "\n";
  page += "Ordered: " + name_of(order.code) + "\n";
  if (!order.priority.empty()) page += "Priority: " + order.priority + "\n";
  for (const auto& reason : order.reason_codes) page += "Reason: " + name_of(reason) + "\n";
  std::string part;
  for (const auto& line : lines) {
    if (line.part != part) page += "\n" + heading(line.part) + "\n";
    part = line.part;
    page += "- " + line.text + "\n";
  }
  page +=
      "\nWhat is listed is what is on record. It is no diagnosis and does not replace your own "
      "examination.\n";
  return page;
}

}  // namespace meridian::fhir
