// SPDX-License-Identifier: Apache-2.0
#include "packet/pdf.h"

#include <algorithm>
#include <array>
#include <cairo-pdf.h>
#include <map>
#include <memory>
#include <optional>
#include <pango/pangocairo.h>
#include <utility>

#include "base/direction.h"
#include "packet/code128.h"

#ifdef __has_feature  // Clang's way to tell what GCC tells by a macro
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1  // NOLINT(bugprone-reserved-identifier)
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
/// Fontconfig keeps what it read of the machine's fonts until the program ends.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions() {
  return "leak:libfontconfig";
}
#endif

namespace meridian::packet {
namespace {

// Points, 1/72 inch.
constexpr double sheet_width = 612;
constexpr double sheet_height = 792;
constexpr double margin = 36;
constexpr double bottom = sheet_height - margin - 16;  ///< above the foot of a sheet
constexpr double width = sheet_width - 2 * margin;
constexpr double label_width = 74;
constexpr double module_width = 0.55;  ///< of the bar code: 0.19 mm, which hand scanners read
/// As Pango counts them, at 96 to the inch: 6.5 are 8.7 points on paper.
constexpr std::array sizes = {10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5};

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Deleter<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Deleter<cairo_destroy>>;
using Fonts = std::unique_ptr<PangoContext, Deleter<g_object_unref>>;
using Layout = std::unique_ptr<PangoLayout, Deleter<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Deleter<pango_font_description_free>>;

cairo_status_t keep(void* bytes, const unsigned char* data, unsigned size) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), size);
  return CAIRO_STATUS_SUCCESS;
}

/// Text that Pango takes: UTF-8, no control characters but the end of a line, nothing that turns
/// around what stands beside it.
std::string printable(const std::string& text) {
  char* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  auto out = without_direction_marks(valid);
  g_free(valid);
  std::erase_if(out, [](char c) { return (c >= 0 && c < ' ' && c != '\n') || c == 0x7f; });
  return out;
}

struct Style {
  double size;
  bool bold = false;
};

/// The fonts as a PDF has them, found once for each thread.
PangoContext* fonts() {
  thread_local const Fonts found = [] {
    const Surface nowhere(
        cairo_pdf_surface_create_for_stream(nullptr, nullptr, sheet_width, sheet_height));
    const Context context(cairo_create(nowhere.get()));
    return Fonts(pango_cairo_create_context(context.get()));
  }();
  return found.get();
}

/// Texts as they are laid out: shaping is a third of the time of a page, each is drawn as it was
/// measured, and much of a page stands on the next one too.
class Layouts {
 public:
  /// Valid until end_page. Without `room` it is one line.
  PangoLayout* of(const std::string& text, Style style, double room) {
    const Key key{text, style.size, style.bold, room};
    auto found = here_.find(key);
    if (found == here_.end()) {
      auto known = before_.extract(key);
      found = known ? here_.insert(std::move(known)).position
                    : here_.emplace(key, make(text, style, room)).first;
    }
    return found->second.get();
  }

  /// Keeps what this page had, and no more.
  void end_page() { before_ = std::exchange(here_, {}); }

 private:
  using Key = std::tuple<std::string, double, bool, double>;

  static Layout make(const std::string& text, Style style, double room) {
    Layout layout(pango_layout_new(fonts()));
    const Font font(pango_font_description_new());
    pango_font_description_set_family_static(font.get(), "sans-serif");
    pango_font_description_set_size(font.get(), static_cast<int>(style.size * PANGO_SCALE));
    if (style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout.get(), font.get());
    if (room > 0) pango_layout_set_width(layout.get(), static_cast<int>(room * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    const auto words = printable(text);
    pango_layout_set_text(layout.get(), words.data(), static_cast<int>(words.size()));
    // What is written from the right begins beside its label too, not beside the next one.
    if (pango_layout_get_direction(layout.get(), 0) == PANGO_DIRECTION_RTL) {
      pango_layout_set_alignment(layout.get(), PANGO_ALIGN_RIGHT);
    }
    return layout;
  }

  std::map<Key, Layout> here_;
  std::map<Key, Layout> before_;
};

/// Goes through a page once: laid out only, to count the sheets, or drawn too.
class Drawing {
 public:
  /// `sheets`: how many there are; 0 lays out only: nothing is drawn, for cairo would write it.
  Drawing(const Page& page, Layouts& layouts, double size, int sheets, bool attachments)
      : page_(page), layouts_(layouts), size_(size), sheets_(sheets), attachments_(attachments) {
    if (!draws()) return;
    surface_.reset(cairo_pdf_surface_create_for_stream(keep, &bytes_, sheet_width, sheet_height));
    const auto at = to_string(page.at);
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, at.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE,
                                   printable(page.title).c_str());
    context_.reset(cairo_create(surface_.get()));
    cairo_set_source_rgb(context_.get(), 0, 0, 0);
  }

  /// The number of sheets; the bytes can be taken then. Without attachments it stops at the second
  /// sheet: that there is one is what is asked.
  Result<int> draw() {
    begin_sheet();
    draw_head();
    draw_facts();
    for (const auto& section : page_.sections) {
      if (!attachments_ && sheet_ > 1) return sheet_;
      draw_section(section);
    }
    space(4);
    draw_text(page_.closing, {size_ - 1}, margin, width);
    if (attachments_) {
      for (const auto& attachment : page_.attachments) draw_attachment(attachment);
    }
    end_sheet();
    if (!draws()) return sheet_;
    cairo_surface_finish(surface_.get());
    if (cairo_status(context_.get()) != CAIRO_STATUS_SUCCESS ||
        cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS) {
      return Error{ErrorCode::internal, "packet.pdf", "the page could not be drawn"};
    }
    return sheet_;
  }

  std::string take_bytes() { return std::move(bytes_); }

 private:
  void begin_sheet() {
    ++sheet_;
    y_ = margin;
  }

  bool draws() const { return sheets_ > 0; }

  void show(PangoLayout* layout, double x, double y) {
    if (!draws()) return;
    cairo_move_to(context_.get(), x, y);
    pango_cairo_show_layout(context_.get(), layout);
  }

  void end_sheet() {
    if (!draws()) return;
    line(0.5, margin, bottom + 6, margin + width, bottom + 6);
    auto foot = page_.number + (page_.person.empty() ? "" : "  ·  " + page_.person);
    foot += "  ·  sheet " + std::to_string(sheet_) + " of " + std::to_string(sheets_);
    show(layouts_.of(foot, {7.5}, width), margin, bottom + 10);
    cairo_show_page(context_.get());
  }

  void next_sheet() {
    end_sheet();
    begin_sheet();
  }

  void line(double thickness, double x0, double y0, double x1, double y1) {
    if (!draws()) return;
    cairo_set_line_width(context_.get(), thickness);
    cairo_move_to(context_.get(), x0, y0);
    cairo_line_to(context_.get(), x1, y1);
    cairo_stroke(context_.get());
  }

  void space(double points) { y_ += points; }

  /// Line by line, so that a long text goes on on the next sheet. `bar` draws a thick line beside
  /// it.
  void draw_text(const std::string& text, Style style, double x, double room, bool bar = false) {
    if (text.empty()) return;
    auto* const layout = layouts_.of(text, style, room);
    PangoLayoutIter* at = pango_layout_get_iter(layout);
    do {
      PangoRectangle extents;
      pango_layout_iter_get_line_extents(at, nullptr, &extents);
      const double height = static_cast<double>(extents.height) / PANGO_SCALE;
      if (y_ + height > bottom) next_sheet();
      const double base =
          static_cast<double>(pango_layout_iter_get_baseline(at) - extents.y) / PANGO_SCALE;
      if (draws()) {
        cairo_move_to(context_.get(), x + static_cast<double>(extents.x) / PANGO_SCALE, y_ + base);
        pango_cairo_show_layout_line(context_.get(), pango_layout_iter_get_line_readonly(at));
        if (bar) cairo_rectangle(context_.get(), margin, y_, 3, height);
        cairo_fill(context_.get());
      }
      y_ += height;
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
  }

  void draw_head() {
    const double codes = draw_bar_code();
    draw_text(page_.title, {13.5, true}, margin, width - codes - 12);
    if (!page_.banner.empty()) draw_banner(codes);
    y_ = std::max(y_, margin + 40) + 4;
    line(1, margin, y_, margin + width, y_);
    space(5);
  }

  /// White on black.
  void draw_banner(double codes) {
    space(3);
    auto* const layout = layouts_.of(page_.banner, {11, true}, width - codes - 24);
    int w = 0;
    int h = 0;
    pango_layout_get_pixel_size(layout, &w, &h);
    if (draws()) {
      cairo_rectangle(context_.get(), margin, y_, w + 12, h + 4);
      cairo_fill(context_.get());
      cairo_set_source_rgb(context_.get(), 1, 1, 1);
      show(layout, margin + 6, y_ + 2);
      cairo_set_source_rgb(context_.get(), 0, 0, 0);
    }
    space(h + 6);
  }

  /// At the right, the number under it; gives its width.
  double draw_bar_code() {
    const auto widths = code128(page_.number);
    double total = 0;
    for (const int each : widths) total += each * module_width;
    if (!draws()) return total;
    double x = margin + width - total;
    bool bar = true;
    for (const int each : widths) {
      if (bar) cairo_rectangle(context_.get(), x, margin, each * module_width, 24);
      x += each * module_width;
      bar = !bar;
    }
    cairo_fill(context_.get());
    auto* const layout = layouts_.of(page_.number, {7.5}, 0);
    int w = 0;
    pango_layout_get_pixel_size(layout, &w, nullptr);
    show(layout, margin + width - w, margin + 26);
    return total;
  }

  /// Two columns: label and text each.
  void draw_facts() {
    constexpr double column = width / 2;
    constexpr double room = column - label_width - 8;
    for (std::size_t i = 0; i < page_.facts.size();) {
      // A long text takes the whole width.
      const bool wide = is_long(page_.facts[i]);
      const bool pair = !wide && i + 1 < page_.facts.size() && !is_long(page_.facts[i + 1]);
      if (y_ + 2 * size_ > bottom) next_sheet();
      const double top = y_;
      draw_fact(page_.facts[i], margin, wide ? width - label_width : room);
      double lowest = y_;
      if (pair) {
        y_ = top;
        draw_fact(page_.facts[i + 1], margin + column, room);
        lowest = std::max(lowest, y_);
      }
      y_ = lowest + 1;
      i += pair ? 2 : 1;
    }
    space(3);
  }

  bool is_long(const Page::Fact& fact) const { return fact.text.size() > 45; }

  void draw_fact(const Page::Fact& fact, double x, double room) {
    const double top = y_;
    draw_text(fact.label, {size_ - 1}, x, label_width - 4);
    y_ = top;
    draw_text(fact.text, {size_, fact.label == "Patient"}, x + label_width, room);
  }

  void draw_section(const Page::Section& section) {
    space(size_ * 0.55);
    if (y_ + 3.5 * size_ > bottom) next_sheet();  // no heading alone at the foot
    const double indent = section.safety ? 9 : 0;
    draw_text(section.heading, {size_ + 1, true}, margin + indent, width - indent, section.safety);
    for (const auto& text : section.lines) {
      space(1.5);
      if (y_ + size_ * 1.5 > bottom) next_sheet();
      const double top = y_;
      draw_text("•", {size_}, margin + indent, 8);
      y_ = top;
      draw_text(text, {size_}, margin + indent + 9, width - indent - 9, section.safety);
    }
  }

  void draw_attachment(const Page::Attachment& attachment) {
    next_sheet();
    draw_text(attachment.title, {12, true}, margin, width);
    space(6);
    draw_text(attachment.text, {9.5}, margin, width);
  }

  const Page& page_;
  Layouts& layouts_;
  const double size_;
  const int sheets_;
  const bool attachments_;
  std::string bytes_;
  Surface surface_;
  Context context_;
  int sheet_ = 0;
  double y_ = margin;
};

/// The largest size at which all but the attachments is on one sheet; else the smallest. Most
/// packets fit at the largest; else it is sought by halves: shaping the text of a page at one size
/// after the other is most of what a packet costs.
Result<double> fitting_size(const Page& page, Layouts& layouts) {
  std::optional<Error> failed;
  const auto too_large = [&](double size) {
    const auto sheets = Drawing(page, layouts, size, 0, false).draw();
    if (!sheets) failed = sheets.error();
    return sheets && *sheets > 1;
  };
  const auto* size = sizes.begin();
  if (too_large(*size)) size = std::partition_point(size + 1, sizes.end() - 1, too_large);
  if (failed) return *failed;
  return *size;
}

Result<std::string> draw_with(Layouts& layouts, const Page& page) {
  const auto size = fitting_size(page, layouts);
  if (!size) return size.error();
  const auto sheets = Drawing(page, layouts, *size, 0, true).draw();
  if (!sheets) return sheets.error();
  Drawing drawing(page, layouts, *size, *sheets, true);
  if (const auto drawn = drawing.draw(); !drawn) return drawn.error();
  return drawing.take_bytes();
}

}  // namespace

Result<std::string> pdf_of(const Page& page) {
  thread_local Layouts layouts;
  auto drawn = draw_with(layouts, page);
  layouts.end_page();
  return drawn;
}

}  // namespace meridian::packet
