// SPDX-License-Identifier: Apache-2.0
#include "web/inbox_list.h"

#include <algorithm>
#include <array>

#include "web/html.h"

namespace meridian::web {
namespace {

constexpr std::size_t per_page = 25;
constexpr std::array<std::string_view, inbox_groups> names = {"fresh",  "ours",      "theirs",
                                                              "booked", "in_course", "closed"};

std::string_view name_of(InboxGroup group) {
  return names[static_cast<std::size_t>(group)];
}

class List {
 public:
  List(const Speech& speech, const std::vector<InboxLine>& lines, const ListAsked& asked)
      : speech_(speech), lines_(lines), asked_(asked) {
    for (const auto& line : lines) ++counts_[static_cast<std::size_t>(line.group)];
    choose_group();
    for (const auto& line : lines) {
      if (line.group == group_) chosen_.push_back(&line);
    }
  }

  ListShown run() {
    if (lines_.empty()) {
      return {"<div class=\"panel\"><p>" + speech_.say("empty.all") + "</p></div>", {}};
    }
    shown_.html = tabs();
    const std::string group(name_of(group_));
    shown_.html += "<section aria-labelledby=\"group\"><h2 id=\"group\">" +
                   speech_.say("group." + group) + "</h2><p class=\"soft\">" +
                   speech_.say("group." + group + ".why") + "</p>";
    if (chosen_.empty()) {
      shown_.html += "<p>" + speech_.say("empty.group") + "</p></section>";
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
      const bool here = static_cast<InboxGroup>(i) == group_;
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
    const auto link = [&](std::size_t to, const char* word) {
      return "<a href=\"/inbox?group=" + std::string(name_of(group_)) +
             "&amp;page=" + std::to_string(to) + "\">" + speech_.say(word) + "</a>";
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
