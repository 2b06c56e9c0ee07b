// SPDX-License-Identifier: Apache-2.0
// The printed packet, read back by poppler's tools.
#include "packet/pdf.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <unistd.h>

#include <gtest/gtest.h>

#include "packet/code128.h"

namespace meridian::packet {
namespace {

/// What a tool says about a PDF on standard output.
std::string told_by(const std::string& tool, const std::string& pdf) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("meridian-pdf-test-" + std::to_string(::getpid()) + ".pdf");
  std::ofstream(file, std::ios::binary) << pdf;
  std::string said;
  FILE* pipe = ::popen((tool + " " + file.string() + (tool == "pdfinfo" ? "" : " -")).c_str(), "r");
  std::array<char, 4096> part{};
  while (pipe != nullptr && std::fgets(part.data(), part.size(), pipe) != nullptr) {
    said += part.data();
  }
  if (pipe != nullptr) ::pclose(pipe);
  std::filesystem::remove(file);
  return said;
}
std::string text_of(const std::string& pdf) {
  return told_by("pdftotext -layout", pdf);
}
int sheets_of(const std::string& pdf) {
  const auto info = told_by("pdfinfo", pdf);
  const auto at = info.find("Pages:");
  return at == std::string::npos ? -1 : std::atoi(info.c_str() + at + 6);
}

Page a_page() {
  Page page;
  page.title = "Referral: Acupuncture";
  page.number = "01JD4Z7W3M5Q8T2V6X9Y0B1C2D";
  page.person = "Ada Varga, born 1961-04-02";
  page.facts = {{"Patient", "Ada Varga"}, {"Born", "1961-04-02 (65 years)"}};
  page.sections = {{"Cautions for treatment", {"Anticoagulant: press longer."}, true},
                   {"Coverage", {"Not covered: 12 visits used."}, false}};
  page.closing = "It is no diagnosis.";
  return page;
}

TEST(Pdf, SaysEverythingAsTextOnOneSheet) {
  const auto pdf = *pdf_of(a_page());
  EXPECT_EQ(sheets_of(pdf), 1);
  const auto text = text_of(pdf);
  for (const char* words :
       {"Referral: Acupuncture", "01JD4Z7W3M5Q8T2V6X9Y0B1C2D", "Ada Varga", "1961-04-02 (65 years)",
        "Cautions for treatment", "Anticoagulant: press longer.", "It is no diagnosis.",
        "sheet 1 of 1"}) {
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  }
}

TEST(Pdf, IsTheSameEachTime) {
  EXPECT_EQ(*pdf_of(a_page()), *pdf_of(a_page()));
}

TEST(Pdf, TakesNamesOfEveryScript) {
  auto page = a_page();
  page.facts[0].text = "Nguyễn Thị Ánh Tuyết";
  page.facts.push_back({"Interpreter", "陈美玲"});
  page.facts.push_back({"Contact", "عائشة"});
  const auto text = text_of(*pdf_of(page));
  EXPECT_NE(text.find("Nguyễn Thị Ánh Tuyết"), std::string::npos) << text;
  EXPECT_NE(text.find("陈美玲"), std::string::npos) << text;
  EXPECT_NE(text.find("ع"), std::string::npos) << text;
}

/// Where a word begins, in points from the left; -1 when it is not there.
double begin_of(const std::string& pdf, const std::string& word) {
  const auto words = told_by("pdftotext -bbox", pdf);
  const auto at = words.find(">" + word);
  if (at == std::string::npos) return -1;
  const auto left = words.rfind("xMin=\"", at);
  return std::atof(words.c_str() + left + 6);
}

TEST(Pdf, BeginsANameThatIsWrittenFromTheRightBesideItsLabel) {
  auto page = a_page();
  page.facts = {{"Patient", "عائشة"}, {"Born", "Wednesday"}};
  const auto pdf = *pdf_of(page);
  const auto arabic = begin_of(pdf, "ع");  // the tool gives letter by letter
  EXPECT_GT(arabic, begin_of(pdf, "Patient"));
  EXPECT_LT(arabic, 200) << "and not at the end of its column";
  EXPECT_GT(begin_of(pdf, "Wednesday"), 300);
}

TEST(Pdf, KeepsANumberOfWideLettersInOnePiece) {
  auto page = a_page();
  page.number = "4WCWWWWMZWWWWWWXQDCMWWMMMM";
  EXPECT_NE(text_of(*pdf_of(page)).find(page.number), std::string::npos);
}

TEST(Pdf, MakesMuchFitAndLetsMoreGoOn) {
  auto page = a_page();
  page.sections.push_back({"On record", {}, false});
  for (int i = 0; i < 40; ++i) {
    page.sections.back().lines.push_back("Record " + std::to_string(i) +
                                         " of a patient who has seen many clinics for years");
  }
  EXPECT_EQ(sheets_of(*pdf_of(page)), 1);
  for (int i = 40; i < 200; ++i) {
    page.sections.back().lines.push_back("Record " + std::to_string(i) + " " +
                                         std::string(80, 'x'));
  }
  const auto pdf = *pdf_of(page);
  const auto sheets = sheets_of(pdf);
  EXPECT_GT(sheets, 1);
  const auto text = text_of(pdf);
  EXPECT_NE(text.find("sheet 2 of " + std::to_string(sheets)), std::string::npos);
  EXPECT_NE(text.find("Record 199"), std::string::npos);
}

TEST(Pdf, PutsAttachmentsOnSheetsOfTheirOwn) {
  auto page = a_page();
  page.attachments = {
      {"MR lumbar spine, 2026-10-01", "FINDINGS: L4-L5 disc bulge.\nIMPRESSION: no."},
      {"XR lumbar spine", std::string(9000, 'w')}};
  const auto pdf = *pdf_of(page);
  EXPECT_GE(sheets_of(pdf), 3);
  const auto text = text_of(pdf);
  EXPECT_NE(text.find("L4-L5 disc bulge"), std::string::npos);
  EXPECT_NE(text.find("IMPRESSION: no."), std::string::npos);
}

TEST(Pdf, NoNameTurnsAroundWhatStandsBesideIt) {
  auto plain = a_page();
  auto turned = a_page();
  turned.person = "\u202eAda Varga\u2069, born 1961-04-02";
  turned.facts[0].text = "\u2067Ada\u202d Varga";
  turned.sections[0].lines[0] = "Anticoagulant\u202e: press longer.";
  turned.title = "\u2066" + plain.title;
  EXPECT_EQ(*pdf_of(turned), *pdf_of(plain));
}

TEST(Pdf, DrawsWhateverTextThereIs) {
  auto page = a_page();
  page.facts[0].text = std::string("bad \xff\xfe bytes \0 and \x07 bell", 26);
  page.title.clear();
  page.person.clear();
  page.number = "no bar code: \xc3\xa9";
  page.banner = "URGENT (RF03)";
  page.sections[0].lines[0] = "<b>& \"quotes\"</b> %s";
  const auto text = text_of(*pdf_of(page));
  EXPECT_NE(text.find("<b>& \"quotes\"</b> %s"), std::string::npos) << text;
  EXPECT_NE(text.find("URGENT (RF03)"), std::string::npos) << text;
  EXPECT_NE(text.find("bytes"), std::string::npos) << text;
  EXPECT_EQ(sheets_of(*pdf_of(Page())), 1);
}

/// ISO/IEC 15417: 11 modules a character, 13 for stop; the check character of "PJJ123C" in set B is
/// 54, that is "V" (a worked example of many textbooks, with start A there: here by hand for B).
TEST(Code128, HasStartCheckAndStop) {
  const auto widths = code128("PJJ123C");
  EXPECT_EQ(std::accumulate(widths.begin(), widths.end(), 0), 11 * 9 + 13);
  EXPECT_EQ(std::vector<int>(widths.begin(), widths.begin() + 6),
            (std::vector<int>{2, 1, 1, 2, 1, 4}));  // start B
  // (104 + 48*1 + 42*2 + 42*3 + 17*4 + 18*5 + 19*6 + 35*7) % 103 = 55
  const auto check = widths.end() - 13;
  EXPECT_EQ(std::vector<int>(check, check + 6), (std::vector<int>{3, 1, 1, 3, 2, 1}));
  EXPECT_TRUE(code128("").empty());
  EXPECT_TRUE(code128("caf\xc3\xa9").empty());
}

}  // namespace
}  // namespace meridian::packet
