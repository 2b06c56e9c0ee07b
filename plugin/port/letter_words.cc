// SPDX-License-Identifier: Apache-2.0
#include "port/letter_words.h"

#include <algorithm>
#include <array>

#include "base/direction.h"

namespace meridian {
namespace {

std::string of_rule(const Entry& entry) {
  std::string text = " [rule " + entry.rule;
  if (!entry.source.empty()) text += ", source " + entry.source;
  return text + "]";
}

/// Where a caution holds, in words. Of the whole person, and of what stands before it anyway
/// (needles, electro), there is nothing to say.
std::string place_of(const std::string& scope) {
  constexpr std::array<std::array<const char*, 2>, 5> places = {
      {{"site", "at that site"},
       {"limb", "that limb"},
       {"spine", "the spine"},
       {"level", "that level of the spine"},
       {"thorax", "the chest"}}};
  for (const auto& [name, words] : places) {
    if (scope == name) return words;
  }
  return scope == "whole" || scope == "needle" || scope == "electro" ? std::string() : scope;
}

/// "Needles: caution. Electro: absolute. Where: the spine."
std::string modalities(const Caution& caution) {
  std::string text;
  if (!caution.manual.empty()) text += " Needles: " + caution.manual + ".";
  if (!caution.electro.empty()) text += " Electro: " + caution.electro + ".";
  if (const auto place = place_of(caution.scope); !place.empty()) text += " Where: " + place + ".";
  return text;
}

/// A modifier (red_flags.h) holds nothing by itself: among the red flags, an age of 70 would look
/// like an emergency, and before the cautions it would hide what is done differently.
bool weighs(const Flag& flag) {
  return flag.severity == "modifier";
}

/// With what is to be done: that is the rule's word too, and is withheld with it.
Entry with_action(const Flag& flag) {
  Entry entry = flag;
  entry.text = flag_words(flag);
  return entry;
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
    auto text = before + entry.text + after + by + of_rule(entry);
    lines_.push_back({part, std::move(text), entry.rule, entry.evidence, entry.signed_off});
  }

  void add_pain_types(const std::vector<PainType>& types) {
    for (const auto& type : types) {
      if (std::any_of(type.basis.begin(), type.basis.end(), withheld_)) continue;
      lines_.push_back({"pain-type", type.type, {}, type.basis, {}});
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
  if (part == "guideline") return "GUIDELINE THAT IS FOLLOWED";
  if (part == "packet") return "NOT ON RECORD: ANSWERED, NONE, OR MISSING";
  if (part == "pain-type") return "PAIN TYPE BY CODE";
  if (part == "validity") return "SAFETY SCREEN";
  if (part == "notice") return "PROTECTED BY LAW";
  return "WITHHELD";
}

const char* coverage_words(const std::string& status) {
  if (status == "not_covered") return "not covered";
  if (status == "unknown") return "not known";
  return status == "covered" ? "covered" : "uncertain";
}

/// It stands among the open questions already.
bool is_asked(const PacketItem& item, const std::vector<Missing>& missing) {
  return item.state == "missing" && !item.question.empty() &&
         std::any_of(missing.begin(), missing.end(),
                     [&](const Missing& open) { return open.question == item.question; });
}

int rank(std::string_view priority) {
  constexpr std::array order = {std::string_view("routine"), std::string_view("urgent"),
                                std::string_view("asap"), std::string_view("stat")};
  const auto found = std::find(order.begin(), order.end(), priority);
  return found == order.end() ? 0 : static_cast<int>(found - order.begin());
}

/// " (RF03)": what made it more urgent than it was ordered.
std::string urgent_rules(const Assessment& assessment) {
  std::string rules;
  for (const auto& lane : assessment.lanes) {
    if (lane.urgency == "routine") continue;
    for (const auto& rule : lane.rules) {
      if (rule != "order") rules += (rules.empty() ? " (" : ", ") + rule;
    }
  }
  return rules.empty() ? rules : rules + ")";
}

/// The kind that a fully specified name of SNOMED CT ends in: "Low back pain (finding)". It tells
/// names that are the same apart for machines; people read it as part of the finding.
/// Source: SNOMED CT Editorial Guide, "Semantic tag"; those that records of a chart have.
constexpr std::array semantic_tags = {" (procedure)",
                                      " (regime/therapy)",
                                      " (finding)",
                                      " (disorder)",
                                      " (situation)",
                                      " (observable entity)",
                                      " (event)",
                                      " (morphologic abnormality)",
                                      " (substance)",
                                      " (product)",
                                      " (medicinal product)",
                                      " (clinical drug)",
                                      " (body structure)",
                                      " (physical object)",
                                      " (qualifier value)",
                                      " (environment)"};

/// A name without its tag where the record has it from SNOMED CT: brackets of others stay.
std::string without_tag(const std::string& name, const Concept& coded) {
  const auto is_snomed = [](const Coding& one) { return one.system == "http://snomed.info/sct"; };
  if (std::none_of(coded.codings.begin(), coded.codings.end(), is_snomed)) return name;
  for (const std::string_view tag : semantic_tags) {
    if (name.size() > tag.size() && name.ends_with(tag)) {
      return name.substr(0, name.size() - tag.size());
    }
  }
  return name;
}

}  // namespace

std::string name_of(const Concept& coded) {
  if (!coded.text.empty()) return without_tag(coded.text, coded);
  for (const auto& coding : coded.codings) {
    if (!coding.display.empty()) return without_tag(coding.display, coded);
  }
  return coded.codings.empty() ? std::string() : coded.codings.front().code;
}

std::string flag_words(const Flag& flag) {
  if (flag.action.empty() || flag.text.empty()) return flag.text + flag.action;
  const bool ended = std::string_view(".?!\"").find(flag.text.back()) != std::string_view::npos;
  return flag.text + (ended ? " " : ". ") + flag.action;
}

std::string letter_priority(const Letter& letter, const ServiceRequest& order) {
  std::string priority = order.priority.empty() ? "routine" : order.priority;
  for (const auto& lane : letter.assessment.lanes) {
    const std::string urgency = lane.urgency == "emergency" ? "stat" : lane.urgency;
    if (rank(urgency) > rank(priority)) priority = urgency;
  }
  return priority;
}

std::string not_covered_words(const Letter& letter) {
  std::string program;
  std::string name;
  std::string clauses;
  for (const auto& answer : letter.assessment.coverage) {
    if (answer.status != "not_covered") continue;
    program = answer.program;
    name = answer.name;
    if (answer.rule == answer.program) continue;  // it only counts the clauses that follow
    clauses += (clauses.empty() ? "" : "; ") + answer.text + " [" + answer.rule + "]";
  }
  if (program.empty()) return {};
  return "Not covered by " + name + (clauses.empty() ? "" : ": " + clauses);
}

std::string not_said_words(const Letter& letter) {
  if (letter.kind != Letter::Kind::consult_note) return {};
  std::string labels;
  for (const auto& item : letter.assessment.packet) {
    if (item.state == "missing") labels += (labels.empty() ? "" : "; ") + item.text;
  }
  if (labels.empty()) return {};
  return "Not stated as data in this answer: " + labels + ". The note may say it in words.";
}

std::string signed_off_words(const Letter& letter) {
  std::string text;
  for (const auto& entry : letter.assessment.cautions) {
    if (entry.signed_off.empty()) continue;
    text += (text.empty() ? "Signed off: " : "; ") + entry.rule + " by " + entry.signed_off;
  }
  return text;
}

std::vector<std::string> page_words(const Letter& letter) {
  std::string until;
  if (letter.link_until) {
    until = ", until " + letter.wall.words(*letter.link_until);
  }
  std::vector<std::string> notes;
  const auto add = [&](const char* words, const std::string& link) {
    if (!link.empty()) notes.push_back(words + until + ": " + link);
  };
  add("The open questions can be answered once, without an account", letter.link);
  add("A clinician can sign off what may be overridden, once, without an account",
      letter.sign_off_link);
  add("Staff can say whose record is meant, once, without an account", letter.patient_link);
  add("A clinician can release or dismiss the prepared referral to a surgeon, once, without an "
      "account",
      letter.return_link);
  return notes;
}

std::string status_words(const Letter& letter) {
  std::string text = "Referral";
  if (!letter.sender_name.empty()) text += " to " + letter.sender_name;
  const bool named = !letter.business_status.empty();
  text += ": " + (named ? letter.business_status : letter.task_status) + ".";
  if (!letter.reason.empty()) text += " Reason: " + letter.reason + ".";
  return text;
}

ServiceRequest shown_order(const Letter& letter, const ServiceRequest& order,
                           const FieldProfile& profile) {
  ServiceRequest shown = order;
  const auto& allowed = profile.allowed.at("ServiceRequest");
  const bool reasons = std::find(allowed.begin(), allowed.end(), "reasonCode") != allowed.end();
  if (!reasons) shown.reason_codes.clear();
  const auto priority = letter_priority(letter, order);
  if (rank(priority) > rank(order.priority)) {
    shown.priority = priority + urgent_rules(letter.assessment);
  }
  return shown;
}

std::vector<PacketLine> packet_lines(const Letter& letter,
                                     const std::function<bool(const std::string& ref)>& withheld) {
  const Assessment& assessment = letter.assessment;
  Lines lines(withheld);
  for (const auto& flag : assessment.flags) {
    if (!weighs(flag)) lines.add("flag", with_action(flag), flag.severity + ": ", "");
  }
  for (const auto& caution : assessment.cautions) {
    lines.add("caution", caution, "", modalities(caution));
  }
  for (const auto& flag : assessment.flags) {
    if (weighs(flag)) lines.add("caution", with_action(flag), "To weigh with other findings: ", "");
  }
  for (const auto& missing : assessment.missing) lines.add("missing", missing, "", "");
  for (const auto& coverage : assessment.coverage) {
    // The clauses follow their programme.
    const bool whole = !coverage.name.empty() && coverage.rule == coverage.program;
    lines.add("coverage", coverage,
              (whole ? coverage.name + ": " : "") + coverage_words(coverage.status) + ": ", "");
  }
  for (const auto& note : assessment.annotations) lines.add("annotation", note, "", "");
  if (!assessment.guideline.guideline.empty()) {
    lines.add("guideline", assessment.guideline, "", "");
  }
  for (const auto& item : assessment.packet) {
    if (item.state == "there" || is_asked(item, assessment.missing)) continue;
    lines.add("packet", item, "", "");
  }
  lines.add_pain_types(assessment.pain_types);
  if (assessment.valid_until) {
    lines.add("validity", "The safety screen holds until " + to_string(*assessment.valid_until) +
                              "; screen again at the first visit.");
  }
  if (!letter.withheld.empty()) lines.add("withheld", letter.withheld);
  for (const auto& notice : letter.notices) lines.add("notice", notice.text);
  return lines.take();
}

std::string line_words(const PacketLine& line, const Letter& letter) {
  auto text = line.text;
  if (line.part != "validity" || !letter.assessment.valid_until) return text;
  const auto until = to_string(*letter.assessment.valid_until);
  const auto at = text.find(until);
  if (at == std::string::npos) return text;
  return text.replace(at, until.size(), letter.wall.until_words(*letter.assessment.valid_until));
}

const char* no_diagnosis_words() {
  return "What is listed is what is on record. It is no diagnosis and does not replace your own "
         "examination.";
}

std::string packet_page(const Letter& letter, const ServiceRequest& order,
                        const std::vector<PacketLine>& lines) {
  std::string page = "REFERRAL " + letter.referral_id + "\n";
  if (!letter.sender_name.empty()) page += "From: " + letter.sender_name + "\n";
  if (!letter.receiver_name.empty()) page += "To: " + letter.receiver_name + "\n";
  page += "Sent: " + letter.wall.words(letter.at) + "\n";
  page += "Ordered: " + name_of(order.code) + "\n";
  if (!order.priority.empty()) page += "Priority: " + order.priority + "\n";
  for (const auto& reason : order.reason_codes) page += "Reason: " + name_of(reason) + "\n";
  std::string part;
  for (const auto& line : lines) {
    if (line.part != part) page += "\n" + heading(line.part) + "\n";
    part = line.part;
    page += "- " + line_words(line, letter) + "\n";
  }
  return without_direction_marks(page + "\n" + no_diagnosis_words() + "\n");
}

}  // namespace meridian
