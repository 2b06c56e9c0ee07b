// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/report_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "pathway/imaging/tables.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t full_line = 60;  ///< a line this long was wrapped, not ended
constexpr std::size_t words_of_heading = 4;
constexpr std::size_t words_of_prefix = 3;  ///< of "preliminary radiology findings"
constexpr std::size_t words_of_question =
    5;  ///< so close to the end of its line "?" ends the reason
constexpr std::array<std::string_view, 6> short_words = {"vs", "dr", "approx", "st", "e", "i"};
constexpr std::array<std::string_view, 8> roles = {"findings",       "impression", "addendum",
                                                   "recommendation", "history",    "comparison",
                                                   "technique",      "exam"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_byte(char c) {
  return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

/// Dashes and typographic apostrophes are bytes from 0x80 on, but no part of a word.
std::size_t special_at(std::string_view text, std::size_t at) {
  const auto three = text.substr(at, 3);
  const bool special = three == "\xE2\x80\x93" || three == "\xE2\x80\x94" ||
                       three == "\xE2\x80\xA2" || three == "\xE2\x80\x98" ||
                       three == "\xE2\x80\x99";
  return special ? 3 : 0;
}

/// A dash between blanks, which parts two statements; 0 without one.
std::size_t dash_at(std::string_view text, std::size_t at) {
  const auto special = special_at(text, at);
  const bool typographic = special > 0 && (text[at + 2] == '\x93' || text[at + 2] == '\x94');
  const auto size = text[at] == '-' ? 1 : typographic ? special : 0;
  const bool apart =
      at > 0 && text[at - 1] == ' ' && at + size < text.size() && text[at + size] == ' ';
  return size > 0 && apart ? size : 0;
}

bool is_apostrophe(std::string_view text, std::size_t at) {
  return text[at] == '\'' || text.substr(at, 3) == "\xE2\x80\x99";
}

class WordReader {
 public:
  WordReader(std::string_view text, const ImagingVocabulary& vocabulary)
      : text_(text), spelling_(vocabulary.spelling) {}

  std::vector<Word> read() {
    while (at_ < text_.size()) step();
    return std::move(words_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\n') {
      ++lines_;
      ++at_;
    } else if (c == '.' && ends_short_word()) {
      ++at_;  // "Modic 1 vs. discitis"
    } else if (const auto dash = dash_at(text_, at_); dash > 0 && lines_ == 0 && !words_.empty()) {
      add(at_ + dash).text = ":";  // "no scoliosis - fracture of L1"
      at_ += dash;
    } else if (const auto special = special_at(text_, at_); special > 0) {
      at_ += special;
    } else if (is_word_byte(c)) {
      read_word();
    } else {
      if (c == '&') add(at_ + 1).text = "and";
      if (std::string_view(",;:.?()>=#|").find(c) != std::string_view::npos) {
        Word& mark = add(at_ + 1);
        mark.text = c;
      }
      ++at_;
    }
  }

  /// Behind "vs", "approx"; a single letter may number an item.
  bool ends_short_word() const {
    if (lines_ > 0 || words_.empty() || words_.back().end != at_) return false;
    const auto& before = words_.back().text;
    const bool listed =
        std::find(short_words.begin(), short_words.end(), before) != short_words.end();
    return listed && before.size() > 1;
  }

  void read_word() {
    auto level = level_at(text_.substr(at_));
    if (!level && is_digit(text_[at_])) level = level_of_list();
    if (!level && is_digit(text_[at_]) && lines_ > 0) level = level_of_line();
    if (level) {
      Word& word = add(at_ + level->size);
      word.text = "@";
      word.row = level->row;
      word.capital = true;
      at_ = word.end;
      return;
    }
    std::size_t end = at_;
    std::string lower;
    while (end < text_.size()) {
      const bool comma = is_decimal_comma(end);
      const bool decimal = comma || (text_[end] == '.' && end > at_ && is_digit(text_[end - 1]) &&
                                     end + 1 < text_.size() && is_digit(text_[end + 1]));
      if (is_apostrophe(text_, end) && end + 1 < text_.size()) {
        end += text_[end] == '\'' ? 1 : 3;  // schmorl's is schmorls
      } else if (special_at(text_, end) > 0 || !(is_word_byte(text_[end]) || decimal)) {
        break;
      } else {
        const char c = comma ? '.' : text_[end];
        ++end;
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      }
    }
    const bool capital = (text_[at_] >= 'A' && text_[at_] <= 'Z') || is_digit(text_[at_]);
    auto meant = spelling_.find(lower);
    const auto half = half_at(end);
    if (const auto whole = spelling_.find(lower + ' ' + half); whole != spelling_.end()) {
      meant = whole;  // "osteo myelitis"
      end += 1 + half.size();
    }
    Word& word = add(end);
    word.text = meant == spelling_.end() ? std::move(lower) : meant->second;
    word.capital = capital;
    at_ = end;
  }

  /// The word behind the space here, in lower case.
  std::string half_at(std::size_t space) const {
    std::string lower;
    for (auto at = space + 1; at < text_.size() && text_[space] == ' ' && is_letter(text_[at]);
         ++at) {
      lower += static_cast<char>(text_[at] | 0x20);
    }
    return lower;
  }

  /// "4,2 cm" is "4.2 cm", where a comma in a list of numbers is none.
  bool is_decimal_comma(std::size_t at) const {
    if (text_[at] != ',' || at == at_ || !is_digit(text_[at - 1])) return false;
    auto end = at + 1;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    if (end == at + 1 || end > at + 3) return false;
    if (end < text_.size() && text_[end] == ' ') ++end;
    const auto unit = text_.substr(end, 2);
    return unit == "cm" || unit == "mm";
  }

  /// "L3-4, 4-5 and 5-1"
  std::optional<WrittenLevel> level_of_list() const {
    auto before = words_.rbegin();
    while (before != words_.rend() && (before->text == "," || before->text == "and")) ++before;
    const bool list = before != words_.rbegin() && before != words_.rend() && lines_ == 0;
    if (!list || before->row.empty()) return std::nullopt;
    return next_level_at(text_.substr(at_), before->row.back(), is_digit(text_[before->begin]));
  }

  /// "3-4 bulge", "5-1: narrow" at the beginning of a line, where lines before told L2-L3.
  std::optional<WrittenLevel> level_of_line() const {
    const auto before = std::find_if(words_.rbegin(), words_.rend(),
                                     [](const Word& word) { return word.row.size() > 1; });
    if (before == words_.rend()) return std::nullopt;
    const auto level = next_level_at(text_.substr(at_), before->row.back(), false);
    return level && level->row.size() == 2 ? level : std::nullopt;
  }

  Word& add(std::size_t end) {
    Word word;
    word.begin = at_;
    word.end = end;
    word.starts_line = words_.empty() || lines_ > 0;
    word.blank_lines = std::max(0, lines_ - 1);
    lines_ = 0;
    words_.push_back(std::move(word));
    return words_.back();
  }

  std::string_view text_;
  const std::unordered_map<std::string, std::string>& spelling_;
  std::size_t at_ = 0;
  int lines_ = 0;
  std::vector<Word> words_;
};

class Sentences {
 public:
  Sentences(std::string_view text, const std::vector<Word>& words,
            const std::vector<PhraseMark>& marks, const ImagingVocabulary& vocabulary)
      : text_(text), words_(words) {
    const auto spine = vocabulary.phrases.find_tag("region:spine");
    for (const auto role : roles) {
      const auto tag = vocabulary.phrases.find_tag("section:" + std::string(role));
      if (!tag) continue;
      for (const auto& mark : marks) {
        if (mark.tag == *tag) headers_.push_back({mark, role, names_spine(mark, marks, spine)});
      }
    }
    std::sort(headers_.begin(), headers_.end(), [](const Header& a, const Header& b) {
      return a.mark.begin != b.mark.begin ? a.mark.begin < b.mark.begin : a.mark.end > b.mark.end;
    });
    by_line_ = std::none_of(words_.begin(), words_.end(),
                            [](const Word& word) { return word.text == "."; });
    longest_line_ = longest_line();
  }

  std::vector<Sentence> read() {
    for (std::size_t at = 0; at < words_.size();) {
      const bool fresh = at == begin_;
      if (words_[at].starts_line && ends_section(at)) {
        close(at);  // "Hx: back pain, ?discitis" needs no full stop
        section_ = "findings";
      }
      if (fresh && tells(at)) section_ = "findings";
      if (fresh || words_[at].starts_line) {
        if (const auto end = header_at(at)) {
          at = *end;
          continue;
        }
      }
      if (!fresh && breaks_before(at)) close(at);
      if (at == begin_ && words_[at].starts_line && !continues_paragraph(at)) ++paragraph_;
      ++at;
      if (ends_with(at - 1)) close(at);
    }
    close(words_.size());
    return std::move(sentences_);
  }

 private:
  struct Header {
    PhraseMark mark;
    std::string_view role;
    bool of_part = false;  ///< "Spine:" among other parts of the body does not begin the findings
  };

  /// It is nothing but the spine's name.
  static bool names_spine(const PhraseMark& name, const std::vector<PhraseMark>& marks,
                          std::optional<std::uint32_t> spine) {
    for (auto at = name.begin; at < name.end; ++at) {
      const bool named = std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
        return spine && mark.tag == *spine && mark.begin <= at && at < mark.end;
      });
      if (!named) return false;
    }
    return true;
  }

  std::size_t line_begin(std::size_t at) const {
    while (at > 0 && !words_[at].starts_line) --at;
    return words_.empty() ? 0 : words_[at].begin;
  }

  /// The line before this word was so long that it may have been wrapped: the word would have made
  /// it longer than every line of the text.
  bool wrapped_before(std::size_t at) const {
    if (at == 0 || words_[at].blank_lines > 0) return false;
    const auto begin = line_begin(at - 1);
    return words_[at - 1].end - begin >= full_line && words_[at].end - begin > longest_line_;
  }

  std::size_t longest_line() const {
    std::size_t longest = 0;
    for (std::size_t begin = 0; begin < text_.size();) {
      const auto end = std::min(text_.find('\n', begin), text_.size());
      longest = std::max(longest, end - begin);
      begin = end + 1;
    }
    return longest;
  }

  bool is_item(std::size_t at) const {
    const auto& word = words_[at];
    if (!word.row.empty()) return true;
    const bool letter = word.text.size() == 1 && is_word_byte(word.text.front());
    const bool number = (letter || is_digit(word.text.front())) && at + 1 < words_.size() &&
                        (words_[at + 1].text == "." || words_[at + 1].text == ")");
    const auto before = word.begin > 1 ? text_.substr(word.begin - 2, 2) : "";
    return number || is_heading(at) || before == "- " || before == "* " || before == "\xA2 " ||
           before == "\x93 " || before == "\x94 ";  // bullet and dashes
  }

  /// "Spinal canal: ...", "ALIGNMENT: ..."
  bool is_heading(std::size_t at) const {
    const auto last = std::min(words_.size(), at + words_of_heading + 1);
    for (auto end = at + 1; end < last && !words_[end].starts_line; ++end) {
      if (words_[end].text == ":") return words_[at].capital;
      if (words_[end].text == "," || words_[end].text == ".") return false;
    }
    return false;
  }

  bool breaks_before(std::size_t at) const {
    const auto& word = words_[at];
    if (!word.starts_line) return false;
    if (word.blank_lines > 0 || is_item(at) || by_line_) return true;
    if (word.text == "?") return true;  // "? fracture" below the title
    return word.capital && !wrapped_before(at);
  }

  bool continues_paragraph(std::size_t at) const {
    const bool ended = at > 0 && words_[at - 1].text == "." && words_[at].capital;
    return !is_item(at) && wrapped_before(at) && !ended;
  }

  /// "fracture? The bones are intact.", and neither "? fracture" nor "fracture? No."
  bool ends_question(std::size_t at) const {
    if (words_[at].text != "?" || at == begin_ || at + 1 == words_.size()) return false;
    const auto& next = words_[at + 1];
    const bool answered = next.text == "no" || next.text == "not" || next.text == "none" ||
                          next.text == "nil" || next.text == "negative";
    return words_[at].begin == words_[at - 1].end && next.begin > words_[at].end && next.capital &&
           !answered;
  }

  /// The word ends a sentence: a full stop before something that can begin one, or a semicolon.
  bool ends_with(std::size_t at) const {
    const auto& word = words_[at];
    if (word.text == ";" || ends_question(at)) return true;
    if (word.text != ".") return false;
    if (at + 1 == words_.size() || words_[at + 1].starts_line) return true;
    if (word.end - word.begin > 1) return true;  // dictated: "no fracture period the canal is wide"
    const bool shortened = at > 0 && std::find(short_words.begin(), short_words.end(),
                                               words_[at - 1].text) != short_words.end();
    return (words_[at + 1].capital || words_[at + 1].text == "?") && !shortened;
  }

  bool findings_headed(std::size_t at) const {
    return std::any_of(headers_.begin(), headers_.end(), [&](const Header& header) {
      return header.role == "findings" && header.mark.begin >= at && !header.of_part &&
             is_header(header).has_value();
    });
  }

  /// Without a header for the findings, a title ends with its first sentence, and so does the
  /// reason for the study on the last line; elsewhere where "there is" or a level begins one.
  bool tells(std::size_t at) const {
    const bool title = section_ == "exam" && at != section_begin_;
    const bool reason = section_ == "history" || section_ == "comparison";
    const bool there = at + 1 < words_.size() && words_[at].text == "there" &&
                       (words_[at + 1].text == "is" || words_[at + 1].text == "are");
    const bool level = !words_[at].row.empty() && at != section_begin_;
    const bool ended = at != section_begin_ && words_[at - 1].text == "." && on_last_line(at);
    return inline_ && (title || (reason && (there || level || ended))) && !findings_headed(at);
  }

  /// "Indication: known aneurysm. It measures 6 cm.": where else should the findings stand?
  bool on_last_line(std::size_t at) const {
    return std::none_of(words_.begin() + static_cast<std::ptrdiff_t>(at), words_.end(),
                        [](const Word& word) { return word.starts_line; });
  }

  /// Without a header for the findings, they begin on the line after the reason for the study.
  bool ends_section(std::size_t at) const {
    if (!is_front(section_)) return false;
    const bool stopped = at > 0 && (words_[at - 1].text == "." || words_[at - 1].text == "?");
    const bool line_ends =
        inline_ ? stopped || asks_before(at) || !wrapped_before(at) : words_[at].blank_lines > 0;
    return !findings_headed(at) && line_ends && at != section_begin_;
  }

  /// "... ? fracture" at the end of a line: the reason for the study ends with its question.
  bool asks_before(std::size_t at) const {
    if (!words_[at].capital) return false;
    for (auto word = at; word > section_begin_ && at - word < words_of_question; --word) {
      if (words_[word - 1].text == "?") return true;
      if (words_[word - 1].starts_line) return false;
    }
    return false;
  }

  static bool is_front(std::string_view section) {
    return section == "history" || section == "comparison" || section == "technique" ||
           section == "exam";
  }

  /// The word behind the header when it is one: at a colon, or alone on its line.
  std::optional<std::size_t> is_header(const Header& header) const {
    const auto at = header.mark.begin;
    const auto end = behind_remark(header.mark.end);
    const bool colon = end < words_.size() && words_[end].text == ":";
    const bool alone = words_[at].starts_line && (end == words_.size() || words_[end].starts_line);
    if (!(words_[at].capital || words_[at].starts_line) || !(colon || alone)) return std::nullopt;
    return colon ? end + 1 : end;
  }

  /// "Hx 81F found down": before the findings, the first word of a line does without a colon.
  bool is_bare_header(const Header& header) const {
    return words_[header.mark.begin].starts_line && !told_ && is_front(header.role) &&
           header.role != "exam" && findings_headed(header.mark.end);
  }

  /// "PRELIM FINDINGS:" beginning at `at`
  bool is_prefixed(const Header& header, std::size_t at) const {
    if (header.mark.begin > at + words_of_prefix || is_front(header.role)) return false;
    for (auto word = at; word < header.mark.begin; ++word) {
      if (std::string_view(",.:;(").find(words_[word].text) != std::string_view::npos) return false;
      if (word > at && words_[word].starts_line) return false;
    }
    const auto end = header.mark.end;
    return words_[at].starts_line && !words_[header.mark.begin].starts_line &&
           end < words_.size() && words_[end].text == ":";
  }

  /// A header that begins here; takes up its section and returns the word behind it.
  std::optional<std::size_t> header_at(std::size_t at) {
    auto first = std::lower_bound(
        headers_.begin(), headers_.end(), at,
        [](const Header& each, std::size_t word) { return each.mark.begin < word; });
    for (; first != headers_.end() && first->mark.begin <= at + words_of_prefix; ++first) {
      const auto& header = *first;
      auto end = header.mark.begin == at ? is_header(header) : std::nullopt;
      if (header.mark.begin == at && !end && is_bare_header(header)) end = header.mark.end;
      if (header.mark.begin > at && is_prefixed(header, at)) end = header.mark.end + 1;
      if (!end) continue;
      close(at);
      told_ = told_ || !is_front(header.role);
      section_ = header.role;
      ++paragraph_;
      begin_ = section_begin_ = *end;
      inline_ = *end < words_.size() && !words_[*end].starts_line;
      blank_ = true;
      return begin_;
    }
    return std::nullopt;
  }

  /// Behind "(dictated 09:40)" of a header on the same line.
  std::size_t behind_remark(std::size_t at) const {
    if (at >= words_.size() || words_[at].text != "(" || words_[at].starts_line) return at;
    for (std::size_t end = at; end < words_.size() && (end == at || !words_[end].starts_line);
         ++end) {
      if (words_[end].text == ")") return end + 1;
    }
    return at;
  }

  void close(std::size_t end) {
    if (end > begin_) {
      const bool blank = blank_ || words_[begin_].blank_lines > 0;
      sentences_.push_back({begin_, end, section_, paragraph_, blank});
      blank_ = false;
    }
    begin_ = end;
  }

  std::string_view text_;
  const std::vector<Word>& words_;
  std::vector<Header> headers_;
  std::vector<Sentence> sentences_;
  std::string section_ = "findings";
  std::size_t begin_ = 0;
  std::size_t section_begin_ = 0;
  int paragraph_ = 0;
  bool blank_ = true;
  bool inline_ = false;           ///< the section begins on the line of its header
  bool told_ = false;             ///< a header of what is seen has been passed
  bool by_line_ = false;          ///< without full stops each line is a statement
  std::size_t longest_line_ = 0;  ///< bytes
};

}  // namespace

ReportText read_text(std::string_view text, const ImagingVocabulary& vocabulary) {
  ReportText report;
  report.words = spread_tables(WordReader(text, vocabulary).read());
  std::vector<std::string_view> words;
  words.reserve(report.words.size());
  for (const auto& word : report.words) words.push_back(word.text);
  report.marks = vocabulary.phrases.marks(words);
  report.sentences = Sentences(text, report.words, report.marks, vocabulary).read();
  return report;
}

}  // namespace meridian::imaging
