// SPDX-License-Identifier: Apache-2.0
#include "unit/hostile/markup.h"

#include <algorithm>
#include <set>

namespace meridian::test {
namespace {

using Words = std::set<std::string, std::less<>>;

const Words void_elements = {"br", "input", "link", "meta"};
/// May be closed by "/>", in SVG.
const Words shapes = {"circle", "line", "path", "polyline", "rect"};
/// What templates of plugin/web write. No attack is made of these alone: each has a name of its own
/// in it, so what gets through is seen here.
const Words elements = {
    "a",        "b",          "bdi",    "blockquote", "body",    "br",     "button", "caption",
    "circle",   "code",       "dd",     "details",    "div",     "dl",     "dt",     "em",
    "fieldset", "figcaption", "figure", "form",       "h1",      "h2",     "h3",     "head",
    "header",   "html",       "input",  "label",      "legend",  "li",     "line",   "link",
    "main",     "meta",       "nav",    "noscript",   "ol",      "option", "p",      "path",
    "polyline", "pre",        "rect",   "script",     "section", "select", "small",  "span",
    "strong",   "summary",    "svg",    "table",      "tbody",   "td",     "text",   "textarea",
    "th",       "thead",      "time",   "title",      "tr",      "ul"};
const Words attributes = {"action",
                          "aria-current",
                          "aria-describedby",
                          "aria-hidden",
                          "aria-invalid",
                          "aria-label",
                          "aria-labelledby",
                          "autocomplete",
                          "charset",
                          "checked",
                          "class",
                          "content",
                          "cx",
                          "cy",
                          "d",
                          "data-label",
                          "data-live",
                          "data-mark",
                          "data-old",
                          "datetime",
                          "defer",
                          "dir",
                          "fill",
                          "for",
                          "height",
                          "href",
                          "id",
                          "inputmode",
                          "lang",
                          "max",
                          "maxlength",
                          "method",
                          "min",
                          "name",
                          "open",
                          "points",
                          "r",
                          "rel",
                          "required",
                          "role",
                          "rows",
                          "scope",
                          "selected",
                          "src",
                          "step",
                          "stroke",
                          "stroke-width",
                          "tabindex",
                          "target",
                          "text-anchor",
                          "type",
                          "value",
                          "viewBox",
                          "width",
                          "x",
                          "x1",
                          "x2",
                          "xmlns",
                          "y",
                          "y1",
                          "y2",
                          "autofocus"};

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == 'B';
}

class Scan {
 public:
  explicit Scan(std::string_view html) : html_(html) {}

  Markup run() {
    check_characters();
    constexpr std::string_view doctype = "<!doctype html>";
    if (html_.starts_with(doctype)) at_ = doctype.size();
    while (at_ < html_.size()) {
      if (html_[at_] == '<') {
        tag();
      } else {
        text();
      }
    }
    for (const auto& open : open_) fault("it is not closed: " + open);
    return std::move(markup_);
  }

 private:
  void fault(const std::string& what) {
    const auto begin = at_ < 40 ? 0 : at_ - 40;
    if (markup_.faults.size() < 5) {
      markup_.faults.push_back(what + " at: " + std::string(html_.substr(begin, 100)));
    }
  }

  /// U+202A to U+202E, U+2066 to U+2069.
  static bool turns_around(std::string_view character) {
    static const std::set<std::string_view> marks = {
        "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"};
    return marks.contains(character);
  }

  void check_characters() {
    for (std::size_t i = 0; i < html_.size(); ++i) {
      const auto c = static_cast<unsigned char>(html_[i]);
      const auto next = i + 1 < html_.size() ? static_cast<unsigned char>(html_[i + 1]) : 0;
      const bool c1 = c == 0xc2 && next >= 0x80 && next < 0xa0;
      if (turns_around(html_.substr(i, 3))) {
        at_ = i;
        fault("a mark that turns text around");
      }
      if ((c >= 0x20 && c != 0x7f && !c1) || c == '\n' || c == '\t' || c == '\r') continue;
      at_ = i;
      fault("a control character, " + std::to_string(c));
    }
    at_ = 0;
  }

  void text() {
    const auto end = std::min(html_.find('<', at_), html_.size());
    const auto part = html_.substr(at_, end - at_);
    check_references(part);
    markup_.text += part;
    at_ = end;
  }

  void check_references(std::string_view part) {
    for (auto i = part.find('&'); i != part.npos; i = part.find('&', i + 1)) {
      const auto rest = part.substr(i);
      constexpr std::string_view known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
      const bool ours = std::any_of(std::begin(known), std::end(known),
                                    [&](std::string_view one) { return rest.starts_with(one); });
      if (!ours) fault("a reference that escaping does not write");
    }
  }

  std::string name() {
    const auto begin = at_;
    while (at_ < html_.size() && is_name(html_[at_])) ++at_;
    return std::string(html_.substr(begin, at_ - begin));
  }
  bool take(std::string_view what) {
    if (!html_.substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }

  void tag() {
    if (take("</")) {
      const auto closed = name();
      if (open_.empty() || open_.back() != closed || !take(">")) return skip("a closing tag");
      open_.pop_back();
      return;
    }
    ++at_;
    Tag tag{name(), {}};
    if (tag.name.empty()) return skip("a bare <");
    while (take(" ")) {
      const auto attribute = name();
      std::string value;
      if (take("=\"")) {
        const auto end = std::min(html_.find('"', at_), html_.size());
        value = std::string(html_.substr(at_, end - at_));
        if (value.find('<') != value.npos) return skip("a < in a value");
        check_references(value);
        at_ = std::min(end + 1, html_.size());
      }
      if (attribute.empty() || !tag.attributes.emplace(attribute, value).second) {
        return skip("an attribute of a shape that no template writes");
      }
    }
    const bool closes = shapes.contains(tag.name) && take("/>");
    if (!closes && !take(">")) return skip("a tag of a shape that no template writes");
    if (!closes && !void_elements.contains(tag.name)) open_.push_back(tag.name);
    markup_.tags.push_back(std::move(tag));
  }

  void skip(const std::string& what) {
    fault(what);
    at_ = html_.size();
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  Markup markup_;
};

bool is_ours(const std::string& address, const std::vector<std::string>& sources) {
  if (address.starts_with("//") || address.find('\\') != address.npos) return false;
  if (address.starts_with("tel:")) {
    return address.find_first_not_of("+0123456789", 4) == address.npos;
  }
  if (address.starts_with("/") || address.starts_with("#") || address.starts_with("?")) return true;
  return std::any_of(sources.begin(), sources.end(), [&](const std::string& source) {
    return !source.empty() && address == source;
  });
}

}  // namespace

Markup read_markup(std::string_view html) {
  return Scan(html).run();
}

std::vector<std::string> faults_of(std::string_view html, const std::vector<std::string>& sources) {
  const auto markup = read_markup(html);
  auto faults = markup.faults;
  for (const auto& tag : markup.tags) {
    if (!elements.contains(tag.name)) faults.push_back("an element <" + tag.name);
    if (tag.name == "script" && !tag.attributes.contains("src")) faults.push_back("inline script");
    for (const auto& [name, value] : tag.attributes) {
      if (!attributes.contains(name)) faults.push_back("an attribute " + name + "=" + value);
      const bool leads = name == "href" || name == "src" || name == "action";
      if (leads && !is_ours(value, sources)) faults.push_back("it leads to " + value);
    }
  }
  return faults;
}

}  // namespace meridian::test
