// SPDX-License-Identifier: Apache-2.0
#include "web/inbox_list.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {
namespace {

constexpr std::size_t per_page = 25;
constexpr std::array<std::string_view, inbox_groups> names = {"fresh",  "ours",      "theirs",
                                                              "booked", "in_course", "closed"};

std::string_view name_of(InboxGroup group) {
  return names[static_cast<std::size_t>(group)];
}

/// Capitals of ASCII and Latin-1 made small: "Müller" is found by "MÜLLER". Other scripts, most of
/// which have no capitals, are compared as they are.
std::string small(std::string_view text) {
  std::string made(text);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto byte = static_cast<unsigned char>(made[i]);
    const auto before = i == 0 ? 0 : static_cast<unsigned char>(made[i - 1]);
    const bool latin1 = before == 0xc3 && byte >= 0x80 && byte <= 0x9e && byte != 0x97;
    if ((byte >= 'A' && byte <= 'Z') || latin1) made[i] = static_cast<char>(byte + 0x20);
  }
  return made;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream in(small(text));
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

class List {
 public:
  List(const Speech& speech, const std::vector<InboxLine>& lines, const ListAsked& asked)
      : speech_(speech), lines_(lines), asked_(asked) {
    for (const auto& line : lines) ++counts_[static_cast<std::size_t>(line.group)];
    choose_group();
    const auto words = words_of(asked.find);
    for (const auto& line : lines) {
      if (words.empty() ? line.group == group_ : is_found(line, words)) chosen_.push_back(&line);
    }
    looked_for_ = !words.empty();
  }

  ListShown run() {
    if (lines_.empty()) {
      return {"<div class=\"panel\"><p>" + speech_.say("empty.all") + "</p></div>", {}};
    }
    shown_.html = tabs() + finder();
    const std::string group(name_of(group_));
    const auto heading = looked_for_ ? speech_.say("found", {std::to_string(chosen_.size())})
                                     : speech_.say("group." + group);
    const auto why = speech_.say(looked_for_ ? "found.why" : "group." + group + ".why");
    shown_.html += "<section aria-labelledby=\"group\"><h2 id=\"group\">" + heading +
                   "</h2><p class=\"soft\">" + why + "</p>";
    if (chosen_.empty()) {
      shown_.html +=
          "<p>" + speech_.say(looked_for_ ? "empty.found" : "empty.group") + "</p></section>";
      return std::move(shown_);
    }
    const auto pages = (chosen_.size() + per_page - 1) / per_page;
    const auto page =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::max(asked_.page, 1)), 1, pages);
    shown_.html += "<ol class=\"cards\">";
    const auto end = std::min(chosen_.size(), page * per_page);
    for (auto i = (page - 1) * per_page; i < end; ++i) add(*chosen_[i]);
    shown_.html += "</ol>" + paging(page, pages) + "</section>";
    return std::move(shown_);
  }

 private:
  static bool is_found(const InboxLine& line, const std::vector<std::string>& words) {
    const auto name = small(line.patient);
    return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return name.find(word) != std::string::npos;
    });
  }

  /// Where all fit on a page nobody need look for one.
  std::string finder() const {
    if (lines_.size() <= per_page && !looked_for_) return {};
    return "<form class=\"find\" method=\"get\" action=\"/inbox\"><label for=\"find\">" +
           speech_.say("find") +
           "</label> <input id=\"find\" name=\"find\" type=\"search\" "
           "maxlength=\"100\" autocomplete=\"off\" value=\"" +
           escaped(asked_.find) + "\"> <button class=\"act\">" + speech_.say("find.do") +
           "</button></form>";
  }

  void choose_group() {
    for (std::size_t i = 0; i < inbox_groups; ++i) {
      if (asked_.group == names[i]) {
        group_ = static_cast<InboxGroup>(i);
        return;
      }
    }
    const auto first =
        std::find_if(counts_.begin(), counts_.end(), [](std::size_t count) { return count > 0; });
    if (first != counts_.end()) group_ = static_cast<InboxGroup>(first - counts_.begin());
  }

  std::string tabs() const {
    std::string html = "<nav aria-label=\"" + speech_.say("groups") + "\"><ul class=\"tabs\">";
    for (std::size_t i = 0; i < inbox_groups; ++i) {
      const bool here = !looked_for_ && static_cast<InboxGroup>(i) == group_;
      html += "<li><a href=\"/inbox?group=" + std::string(names[i]) + "\"" +
              (here ? " aria-current=\"page\"" : "") + ">" +
              speech_.say("group." + std::string(names[i])) + " <b>" + std::to_string(counts_[i]) +
              "</b></a></li>";
    }
    return html + "</ul></nav>";
  }

  void add(const InboxLine& line) {
    shown_.referrals.push_back(line.referral);
    const bool pressing = line.priority != "routine";
    auto& html = shown_.html;
    html += std::string("<li") + (pressing ? " class=\"pressing\"" : "") + "><div>";
    html += "<a class=\"name\" href=\"/inbox/" + escaped(line.referral) + "\">" +
            (line.patient.empty() ? speech_.say("unnamed") : isolated(line.patient)) + "</a>";
    const auto age = speech_.age(line.born);
    if (!age.empty()) html += " <span class=\"soft\">" + age + "</span>";
    html += "</div><div><p lang=\"en\">" + escaped(line.ordered) + "</p>";
    if (!line.from.empty()) {
      html += "<p class=\"soft\">" + speech_.say("from", {line.from}) + "</p>";
    }
    html += "</div><div><p>" + priority_badge(speech_, line.priority) + "</p><p>" +
            speech_.word("state.", line.state) + " <span class=\"soft\">" +
            speech_.since(line.since) + "</span></p>";
    if (line.visit)
      html += "<p>" + speech_.say("visit") + ": " + speech_.time(*line.visit) + "</p>";
    html += "</div></li>";
  }

  std::string paging(std::size_t page, std::size_t pages) const {
    if (pages < 2) return {};
    const auto part = looked_for_ ? "find=" + http::percent_encode(asked_.find)
                                  : "group=" + std::string(name_of(group_));
    const auto link = [&](std::size_t to, const char* word) {
      return "<a href=\"/inbox?" + escaped(part) + "&amp;page=" + std::to_string(to) + "\">" +
             speech_.say(word) + "</a>";
    };
    std::string html = "<nav class=\"pages\" aria-label=\"" + speech_.say("pages") + "\">";
    if (page > 1) html += link(page - 1, "previous");
    html +=
        "<span>" + speech_.say("page", {std::to_string(page), std::to_string(pages)}) + "</span>";
    if (page < pages) html += link(page + 1, "next");
    return html + "</nav>";
  }

  const Speech& speech_;
  const std::vector<InboxLine>& lines_;
  const ListAsked& asked_;
  std::array<std::size_t, inbox_groups> counts_{};
  InboxGroup group_ = InboxGroup::fresh;
  bool looked_for_ = false;
  std::vector<const InboxLine*> chosen_;
  ListShown shown_;
};

}  // namespace

ListShown list_html(const Speech& speech, const std::vector<InboxLine>& lines,
                    const ListAsked& asked) {
  return List(speech, lines, asked).run();
}

std::string priority_badge(const Speech& speech, std::string_view priority) {
  const bool pressing = priority != "routine";
  return std::string("<span class=\"badge") + (pressing ? " pressing" : "") + "\">" +
         speech.word("priority.", priority) + "</span>";
}

}  // namespace meridian::web
