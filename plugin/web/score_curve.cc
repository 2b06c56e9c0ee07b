// SPDX-License-Identifier: Apache-2.0
#include "web/score_curve.h"

#include <algorithm>
#include <cmath>

#include "web/html.h"

namespace meridian::web {
namespace {

// Of the drawing, in its own units; the text beside it is 11 of them high.
constexpr double width = 320;
constexpr double height = 150;
constexpr double left = 30;
constexpr double right = 300;
constexpr double top = 18;
constexpr double bottom = 122;

/// One decimal is as exact as a screen.
std::string number(double value) {
  const auto tenths = std::lround(value * 10);
  auto text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(std::abs(tenths % 10));
  return text;
}

class Drawing {
 public:
  explicit Drawing(const SurgeonCurve& curve)
      : curve_(curve),
        first_(curve.scores.front().day),
        days_((curve.scores.back().day - first_).count()) {}

  std::string svg(const std::string& title, const std::vector<Day>& visits) const {
    std::string out = "<svg viewBox=\"0 0 " + number(width) + " " + number(height) +
                      "\" role=\"img\" aria-label=\"" + title + "\">";
    for (const double value : {curve_.lowest, curve_.highest}) {
      out += line(left, y(value), right, y(value), "#c6cfd8") +
             text(left - 4, y(value) + 4, "end", number(value), "");
    }
    for (const auto day : visits) {
      if (day < first_ || day > curve_.scores.back().day) continue;
      out += line(x(day), bottom, x(day), bottom + 6, "#6b7885");
    }
    out += "<polyline fill=\"none\" stroke=\"#0b5c52\" stroke-width=\"2\" points=\"";
    for (const auto& score : curve_.scores) {
      out += number(x(score.day)) + "," + number(y(score.value)) + " ";
    }
    out += "\"/>";
    for (const auto& score : curve_.scores) out += point(score);
    const auto& last = curve_.scores.back();
    out += text(left, height - 8, "start", to_string(first_), "");
    if (last.day != first_) out += text(right, height - 8, "end", to_string(last.day), "");
    return out + "</svg>";
  }

 private:
  double x(Day day) const {
    if (days_ == 0) return (left + right) / 2;
    return left + 10 +
           (right - left - 20) * static_cast<double>((day - first_).count()) /
               static_cast<double>(days_);
  }
  double y(double value) const {
    const double share = (value - curve_.lowest) / (curve_.highest - curve_.lowest);
    return bottom - (bottom - top) * std::clamp(share, 0.0, 1.0);
  }

  static std::string line(double x1, double y1, double x2, double y2, const char* colour) {
    return "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
           "\" y2=\"" + number(y2) + "\" stroke=\"" + colour + "\"/>";
  }
  static std::string text(double x, double y, const char* anchor, const std::string& words,
                          const char* kind) {
    const std::string as = *kind == '\0' ? "" : std::string(" class=\"") + kind + "\"";
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\"" +
           as + ">" + escaped(words) + "</text>";
  }
  std::string point(const SurgeonScore& score) const {
    // The number stands above its point, under it where there is no room.
    const double at = y(score.value);
    const double label = at - 7 < top ? at + 16 : at - 7;
    return "<circle cx=\"" + number(x(score.day)) + "\" cy=\"" + number(at) +
           "\" r=\"3.5\" fill=\"#0b5c52\"/>" +
           text(x(score.day), label, "middle", score.written, "value");
  }

  const SurgeonCurve& curve_;
  const Day first_;
  const std::int64_t days_;
};

std::string table_of(const SurgeonSpeech& speech, const SurgeonCurve& curve,
                     const std::string& caption) {
  std::string html = "<table><caption class=\"soft\">" + caption + "</caption><thead><tr>";
  html += "<th scope=\"col\">" + speech.say("curve.day") + "</th><th scope=\"col\">" +
          speech.say("curve.value") + "</th></tr></thead><tbody>";
  for (const auto& score : curve.scores) {
    html += "<tr><td>" + speech.clock.day(to_string(score.day)) + "</td><td>" +
            escaped(score.written) + "</td></tr>";
  }
  return html + "</tbody></table>";
}

}  // namespace

std::string curve_html(const SurgeonSpeech& speech, const SurgeonCurve& curve,
                       const std::vector<Day>& visits) {
  const auto key = "instrument." + curve.instrument;
  const auto name = speech.has(key) ? speech.say(key) : escaped(curve.instrument);
  const auto& first = curve.scores.front();
  const auto& last = curve.scores.back();
  const auto title =
      curve.scores.size() == 1
          ? speech.say_html("curve.one", {name, escaped(first.written)})
          : speech.say_html("curve.title", {name, escaped(first.written), escaped(last.written)});
  const auto better = speech.say(curve.lower_is_better ? "curve.lower" : "curve.higher");
  const auto range =
      speech.say_html("curve.range", {name, number(curve.lowest), number(curve.highest), better});
  return "<figure><figcaption>" + title + "</figcaption>" + Drawing(curve).svg(title, visits) +
         table_of(speech, curve, range) + "</figure>";
}

}  // namespace meridian::web
