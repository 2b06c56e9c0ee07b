// SPDX-License-Identifier: Apache-2.0
#include "web/curves.h"

#include <algorithm>

#include "web/html.h"

namespace meridian::web {
namespace {

std::string number(std::int64_t value) {
  return std::to_string(value);
}

/// `html`: text that is escaped.
std::string text_at(std::int64_t x, std::int64_t y, std::string_view html,
                    std::string_view anchor = "start") {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" +
         std::string(anchor) + "\">" + std::string(html) + "</text>";
}

std::string line(std::string_view kind, std::int64_t x1, std::int64_t y1, std::int64_t x2,
                 std::int64_t y2) {
  return "<line class=\"" + std::string(kind) + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) +
         "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

std::string picture(std::int64_t width, std::int64_t height, std::string_view title,
                    std::string_view inside) {
  return "<svg viewBox=\"0 0 " + number(width) + " " + number(height) +
         "\" role=\"img\" aria-label=\"" + std::string(title) + "\">" + std::string(inside) +
         "</svg>";
}

/// HTML without its elements: in a title of SVG they would be read as text.
std::string plain_text(std::string_view html) {
  std::string text;
  bool inside = false;
  for (const char c : html) {
    if (c == '<') inside = true;
    if (!inside) text += c;
    if (c == '>') inside = false;
  }
  return text;
}

/// "20 Nov" of a day as people read it.
std::string day_and_month(std::string_view day) {
  const auto text = plain_text(day);
  return text.substr(0, text.rfind(' '));
}

/// 1, 2, 5, 10, 20, 50 ...: the least that is not below `most`, and even so that half is whole.
std::int64_t top_of(std::int64_t most) {
  std::int64_t top = 2;
  for (std::int64_t scale = 1; top < most; scale *= 10) {
    for (const std::int64_t step : {2, 4, 10}) {
      top = step * scale;
      if (top >= most) break;
    }
  }
  return top;
}

constexpr std::int64_t left = 52, right = 900, upper = 24, lower = 190;

std::int64_t x_of_hour(std::size_t hour) {
  return left + static_cast<std::int64_t>(hour) * (right - left) /
                    static_cast<std::int64_t>(Traffic::hours - 1);
}

std::string curve(const std::array<std::int64_t, Traffic::hours>& counts, std::int64_t top,
                  std::size_t first, std::string_view kind) {
  std::string points;
  for (std::size_t i = first; i < counts.size(); ++i) {
    const auto y = lower - counts[i] * (lower - upper) / top;
    points += number(x_of_hour(i)) + "," + number(y) + " ";
  }
  // A single hour is a line of no length.
  if (first + 1 == counts.size()) {
    const auto y = lower - counts.back() * (lower - upper) / top;
    points = number(right - 12) + "," + number(y) + " " + number(right) + "," + number(y);
  }
  return "<polyline class=\"" + std::string(kind) + "\" points=\"" + points + "\"/>";
}

/// The first hour of the picture in which the process ran.
std::size_t first_hour(Instant started, Instant now) {
  const auto hour = [](Instant at) {
    return std::chrono::floor<std::chrono::hours>(at.time_since_epoch()).count();
  };
  constexpr auto last = static_cast<std::int64_t>(Traffic::hours - 1);
  return static_cast<std::size_t>(last -
                                  std::clamp<std::int64_t>(hour(now) - hour(started), 0, last));
}

}  // namespace

std::string traffic_svg(const OperationsPage& page, const Traffic& traffic, Instant started,
                        Instant now) {
  const auto first = first_hour(started, now);
  const auto most = std::max(*std::max_element(traffic.in.begin(), traffic.in.end()),
                             *std::max_element(traffic.out.begin(), traffic.out.end()));
  const auto top = top_of(most);
  std::string inside;
  if (first > 0) {
    const auto width = x_of_hour(first) - left - (first + 1 == Traffic::hours ? 12 : 0);
    inside += "<rect class=\"unseen\" x=\"" + number(left) + "\" y=\"" + number(upper) +
              "\" width=\"" + number(width) + "\" height=\"" + number(lower - upper) + "\"/>";
    if (width > 220) {
      inside +=
          text_at(left + width / 2, (upper + lower) / 2 + 20, page.say("day.before"), "middle");
    }
  }
  for (const std::int64_t part : {0, 1, 2}) {
    const auto y = lower - part * (lower - upper) / 2;
    inside += line(part == 0 ? "axis" : "grid", left, y, right, y);
    inside += text_at(left - 8, y + 4, number(top * part / 2), "end");
  }
  for (std::size_t i = 0; i < Traffic::hours; ++i) {
    const auto ago = static_cast<std::int64_t>(Traffic::hours - 1 - i);
    const auto hour = to_string(now - std::chrono::hours(ago)).substr(11, 2);
    if (i % 4 == 3) inside += text_at(x_of_hour(i), lower + 20, hour + ":00", "middle");
  }
  inside += curve(traffic.in, top, first, "line-in") + curve(traffic.out, top, first, "line-out");
  inside +=
      line("line-in", left, 10, left + 28, 10) + text_at(left + 34, 14, page.say("day.line.in"));
  inside += line("line-out", left + 170, 10, left + 198, 10) +
            text_at(left + 204, 14, page.say("day.line.out"));
  return picture(920, 220, page.say("day.picture"), inside);
}

std::string funnel_svg(const OperationsPage& page, const std::vector<FunnelLine>& funnel) {
  constexpr std::int64_t row = 30, begin = 110, width = 560;
  const auto all = funnel.empty() ? 0 : funnel.front().reached;
  std::string inside;
  std::int64_t y = 4;
  for (const auto& step : funnel) {
    const auto share = all == 0 ? 0 : step.reached * width / all;
    const auto hidden = all == 0 ? 0 : step.not_known * width / all;
    inside += text_at(begin - 10, y + 16, page.say("step." + step.step), "end");
    inside += "<rect class=\"rest\" x=\"" + number(begin) + "\" y=\"" + number(y) + "\" width=\"" +
              number(width) + "\" height=\"22\"/>";
    inside += "<rect class=\"bar\" x=\"" + number(begin) + "\" y=\"" + number(y) + "\" width=\"" +
              number(share) + "\" height=\"22\"/>";
    if (hidden > 0) {
      inside += "<rect class=\"unknown\" x=\"" + number(begin + share) + "\" y=\"" + number(y) +
                "\" width=\"" + number(hidden) + "\" height=\"22\"/>";
    }
    auto words = is_unknown(step) ? page.say("funnel.not.known") : number(step.reached);
    if (step.not_known > 0 && step.reached > 0) {
      words += ", " + page.counted("funnel.some", step.not_known);
    }
    if (all > 0 && step.not_known == 0)
      words += " (" + number((200 * step.reached + all) / (2 * all)) + " %)";
    inside += text_at(begin + width + 10, y + 16, words);
    y += row;
  }
  return picture(840, y, page.say("funnel.picture"), inside);
}

std::string lane_words(const OperationsPage& page, std::string_view lane) {
  const bool ours = lane != "hospital" && lane != "clinic";
  return page.say("lane." + std::string(ours ? "meridian" : lane));
}

std::string story_svg(const OperationsPage& page, const std::vector<StoryEntry>& entries) {
  if (entries.empty()) return {};
  constexpr std::string_view lanes[] = {"hospital", "meridian", "clinic"};
  constexpr std::int64_t height = 44, begin = 130;
  const auto gap =
      std::clamp<std::int64_t>(780 / static_cast<std::int64_t>(entries.size()), 26, 120);
  // A short story is not drawn larger than a long one.
  const auto width =
      std::max<std::int64_t>(920, begin + gap * static_cast<std::int64_t>(entries.size()) + 20);
  std::string inside;
  for (std::int64_t i = 0; i < 3; ++i) {
    inside += "<rect class=\"lane\" x=\"0\" y=\"" + number(i * (height + 4)) + "\" width=\"" +
              number(width) + "\" height=\"" + number(height) + "\"/>";
    inside += text_at(10, i * (height + 4) + 26, lane_words(page, lanes[i]));
  }
  std::string path, dots, days;
  std::string day;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& entry = entries[i];
    const auto lane = std::find(std::begin(lanes), std::end(lanes), entry.who) - std::begin(lanes);
    const auto x = begin + gap * static_cast<std::int64_t>(i) + gap / 2;
    const auto y = std::min<std::int64_t>(lane, 2) * (height + 4) + height / 2;
    path += number(x) + "," + number(y) + " ";
    dots += "<circle class=\"dot " + escaped(entry.at ? entry.who : "wait") + "\" cx=\"" +
            number(x) + "\" cy=\"" + number(y) + "\" r=\"7\"><title>" +
            plain_text(page.told(entry.what)) + "</title></circle>";
    if (entry.at && gap >= 44) {
      days += text_at(x, 3 * (height + 4) + 16, to_string(*entry.at).substr(11, 5), "middle");
    }
    const auto this_day = entry.at
                              ? day_and_month(page.speech.day(to_string(*entry.at).substr(0, 10)))
                              : page.say("story.not.yet");
    if (this_day != day) days += text_at(x - 16, 3 * (height + 4) + 34, this_day);
    day = this_day;
  }
  inside += "<polyline class=\"axis\" fill=\"none\" points=\"" + path + "\"/>" + dots + days;
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
         page.say("story.timeline") + "\">" +
         picture(width, 3 * (height + 4) + 42,
                 page.counted("story.picture", static_cast<std::int64_t>(entries.size())), inside) +
         "</div>";
}

}  // namespace meridian::web
