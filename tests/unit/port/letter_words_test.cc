// SPDX-License-Identifier: Apache-2.0
// The fixed words of a packet and of an answer: the guideline, and what the receiver needs.
#include "port/letter_words.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

PacketItem item(const std::string& element, const std::string& state, const std::string& text,
                std::vector<std::string> evidence = {}) {
  PacketItem made;
  made.rule = "packet." + element;
  made.source = "SELF";
  made.element = element;
  made.state = state;
  made.text = text;
  made.evidence = std::move(evidence);
  return made;
}

/// "part: text" of each line.
std::vector<std::string> lines_of(const Letter& letter, const std::string& withheld = {}) {
  std::vector<std::string> texts;
  for (const auto& line :
       packet_lines(letter, [&](const std::string& ref) { return ref == withheld; })) {
    texts.push_back(line.part + ": " + line.text);
  }
  return texts;
}

TEST(LetterWords, SayWhatNoRecordHas) {
  Letter letter;
  letter.assessment.packet = {
      item("imaging", "there", "Images of the spine: on record", {"DiagnosticReport/1"}),
      item("surgery", "answered", "Surgery of the spine: answered yes, 2026-11-20",
           {"QuestionnaireResponse/1#pk.surgery"}),
      item("allergies", "none", "Allergies: none on record, which was read completely"),
      item("scores", "missing", "Outcome scores: not known. It can come from the clinic")};
  EXPECT_EQ(lines_of(letter),
            (std::vector<std::string>{
                "packet: Surgery of the spine: answered yes, 2026-11-20 [rule packet.surgery, "
                "source SELF]",
                "packet: Allergies: none on record, which was read completely [rule "
                "packet.allergies, source SELF]",
                "packet: Outcome scores: not known. It can come from the clinic [rule "
                "packet.scores, source SELF]"}));
}

TEST(LetterWords, SayAnOpenQuestionOnce) {
  Letter letter;
  Missing open;
  open.text = "Was the spine operated on?";
  open.question = "pk.surgery";
  letter.assessment.missing = {open};
  auto surgery = item("surgery", "missing", "Surgery of the spine: not known");
  surgery.question = "pk.surgery";
  auto images = item("imaging", "missing", "Images of the spine: not known");
  images.question = "pk.imaging";  // which is not asked here
  letter.assessment.packet = {surgery, images};
  const auto lines = lines_of(letter);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[0].starts_with("missing: Was the spine operated on?")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("packet: Images of the spine: not known")) << lines[1];
}

TEST(LetterWords, NameAProgrammeOnceAndSayItsAnswersInWords) {
  Letter letter;
  const auto answer = [&](const char* rule, const char* status, const char* text) {
    CoverageAnswer made;
    made.rule = rule;
    made.program = "LAKE_2";
    made.name = "Lake plan";
    made.status = status;
    made.text = text;
    letter.assessment.coverage.push_back(made);
  };
  answer("LAKE_2", "not_covered", "acupuncture for this episode: C1");
  answer("C1", "not_covered", "pain for 12 weeks");
  answer("C2", "unknown", "no surgery");
  EXPECT_EQ(lines_of(letter),
            (std::vector<std::string>{
                "coverage: Lake plan: not covered: acupuncture for this episode: C1 [rule LAKE_2]",
                "coverage: not covered: pain for 12 weeks [rule C1]",
                "coverage: not known: no surgery [rule C2]"}));
  EXPECT_EQ(not_covered_words(letter), "Not covered by Lake plan: pain for 12 weeks [C1]");
}

TEST(LetterWords, TellTimesByTheSendersClock) {
  Letter letter;
  letter.wall = {[](Instant at) { return at - std::chrono::hours(5); },
                 [](Instant at) { return at + std::chrono::hours(5); }, "America/New_York"};
  letter.at = *parse_instant("2026-11-20T03:10:00Z");
  letter.link = "https://site.example/f";
  letter.link_until = *parse_instant("2026-11-24T05:00:00Z");
  letter.assessment.valid_until = *parse_instant("2026-11-24T05:00:00Z");
  EXPECT_NE(page_words(letter).at(0).find(", until 2026-11-24, 00:00 America/New_York: https://"),
            std::string::npos)
      << page_words(letter).at(0);
  const auto page =
      packet_page(letter, {}, packet_lines(letter, [](const auto&) { return false; }));
  EXPECT_NE(page.find("Sent: 2026-11-19, 22:10 America/New_York\n"), std::string::npos) << page;
  EXPECT_NE(page.find("holds until the end of 2026-11-23, America/New_York; screen again"),
            std::string::npos)
      << page;
}

TEST(LetterWords, HideAnAnswerThatIsWithheld) {
  Letter letter;
  letter.assessment.packet = {item("surgery", "answered", "Surgery of the spine: answered yes",
                                   {"QuestionnaireResponse/1"})};
  const auto lines = lines_of(letter, "QuestionnaireResponse/1");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].find("Surgery"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("withheld by policy"), std::string::npos) << lines[0];
}

TEST(LetterWords, SayNothingOfWhatARuleAsksForWhenItsRecordIsWithheld) {
  Letter letter;
  Flag flag;
  flag.severity = "urgent";
  flag.text = "Infection of the spine is possible";
  flag.action = "Images with contrast, and blood cultures.";
  flag.evidence = {"Condition/hiv"};
  Flag weighed = flag;
  weighed.severity = "modifier";
  letter.assessment.flags = {flag, weighed};
  EXPECT_EQ(lines_of(letter).at(0),
            "flag: urgent: Infection of the spine is possible. Images with contrast, and blood "
            "cultures. [rule ]");
  for (const auto& line : lines_of(letter, "Condition/hiv")) {
    EXPECT_EQ(line.find("cultures"), std::string::npos) << line;
    EXPECT_NE(line.find("withheld by policy"), std::string::npos) << line;
  }
}

TEST(LetterWords, SayWhereACautionHoldsOnlyWhereItIsNotTheWholePerson) {
  const auto line = [](const char* scope) {
    Letter letter;
    Caution caution;
    caution.text = "An implant.";
    caution.manual = "caution";
    caution.scope = scope;
    letter.assessment.cautions = {caution};
    return lines_of(letter).at(0);
  };
  EXPECT_EQ(line("whole"), "caution: An implant. Needles: caution. [rule ]");
  EXPECT_EQ(line("level"),
            "caution: An implant. Needles: caution. Where: that level of the spine. [rule ]");
  EXPECT_EQ(line("left knee"), "caution: An implant. Needles: caution. Where: left knee. [rule ]")
      << "a site's own word";
}

TEST(LetterWords, NameAConceptWithoutTheTagOfItsCodeSystem) {
  const auto named = [](const char* system, const char* display, const char* text = "") {
    return name_of(Concept{{{system, "1", display}}, text});
  };
  const auto* sct = "http://snomed.info/sct";
  EXPECT_EQ(named(sct, "Acupuncture (procedure)"), "Acupuncture");
  EXPECT_EQ(named(sct, "Traction (regime/therapy)"), "Traction");
  EXPECT_EQ(named(sct, "", "Low back pain (finding)"), "Low back pain");
  EXPECT_EQ(named(sct, "Pain (left)"), "Pain (left)");
  EXPECT_EQ(named(sct, " (finding)"), " (finding)");
  EXPECT_EQ(named("urn:local", "Needles (procedure)"), "Needles (procedure)");
}

TEST(LetterWords, SayWhatTheLawWantsSaidOnceForEachLabel) {
  Letter letter;
  letter.withheld = "Withheld by policy: 1 record.";
  letter.notices = {{{"urn:act", "42CFRPart2", ""}, "It is protected."}};
  EXPECT_EQ(lines_of(letter), (std::vector<std::string>{"withheld: Withheld by policy: 1 record.",
                                                        "notice: It is protected."}));
  const auto page =
      packet_page(letter, {}, packet_lines(letter, [](const auto&) { return false; }));
  EXPECT_NE(page.find("PROTECTED BY LAW\n- It is protected.\n"), std::string::npos) << page;
}

TEST(LetterWords, SayWhichGuidelineIsFollowed) {
  Letter letter;
  EXPECT_TRUE(lines_of(letter).empty());
  auto& answer = letter.assessment.guideline;
  answer.rule = "guideline.WHO_2023";
  answer.source = "WHO23";
  answer.guideline = "WHO_2023";
  answer.text = "WHO 2023: needling may be offered";
  EXPECT_EQ(lines_of(letter),
            (std::vector<std::string>{"guideline: WHO 2023: needling may be offered [rule "
                                      "guideline.WHO_2023, source WHO23]"}));
}

TEST(LetterWords, AFlagThatHoldsNothingIsACautionAndNoRedFlag) {
  Flag age;
  age.rule = "RF11";
  age.source = "REDFLAG";
  age.severity = "modifier";
  age.text = "Age 74";
  auto numb = age;
  numb.rule = "RF01";
  numb.severity = "emergency";
  numb.text = "Numb saddle";
  Letter letter;
  letter.assessment.flags = {age, numb};
  Caution thinner;
  thinner.rule = "AC02";
  thinner.text = "Press longer.";
  letter.assessment.cautions = {thinner};
  EXPECT_EQ(lines_of(letter),
            (std::vector<std::string>{
                "flag: emergency: Numb saddle [rule RF01, source REDFLAG]",
                "caution: Press longer. [rule AC02]",
                "caution: To weigh with other findings: Age 74 [rule RF11, source REDFLAG]"}));
}

TEST(LetterWords, AnAnswerSaysWhatItDoesNotStateAsData) {
  Letter letter;
  letter.kind = Letter::Kind::consult_note;
  letter.assessment.packet = {item("answer-note", "there", "the note"),
                              item("answer-scores", "missing", "an outcome score"),
                              item("answer-visits", "missing", "the visits with their dates")};
  EXPECT_EQ(not_said_words(letter),
            "Not stated as data in this answer: an outcome score; the visits with their dates. "
            "The note may say it in words.");
  letter.kind = Letter::Kind::status;
  EXPECT_EQ(not_said_words(letter), "");
  letter.kind = Letter::Kind::consult_note;
  letter.assessment.packet.resize(1);
  EXPECT_EQ(not_said_words(letter), "");
}

}  // namespace
}  // namespace meridian
