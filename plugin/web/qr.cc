// SPDX-License-Identifier: Apache-2.0
#include "web/qr.h"

#include <memory>
#include <qrencode.h>

#include "web/html.h"

namespace meridian::web {
namespace {

constexpr int quiet_zone = 4;
constexpr int pixels = 5;  // of one module

struct Free {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

bool is_dark(const QRcode& code, int row, int column) {
  return (code.data[row * code.width + column] & 1) != 0;
}

/// Runs of dark modules, each as a bar.
std::string bars(const QRcode& code) {
  std::string path;
  for (int row = 0; row < code.width; ++row) {
    for (int begin = 0; begin < code.width;) {
      int end = begin;
      while (end < code.width && is_dark(code, row, end)) ++end;
      if (end > begin) {
        path += "M" + std::to_string(begin + quiet_zone) + " " + std::to_string(row + quiet_zone) +
                "h" + std::to_string(end - begin) + "v1h-" + std::to_string(end - begin) + "z";
      }
      begin = end + 1;
    }
  }
  return path;
}

}  // namespace

std::string qr_code(std::string_view text, std::string_view label) {
  const std::unique_ptr<QRcode, Free> code(
      QRcode_encodeData(static_cast<int>(text.size()),
                        reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (!code) return {};
  const auto size = std::to_string(code->width + 2 * quiet_zone);
  const auto shown = std::to_string((code->width + 2 * quiet_zone) * pixels);
  return "<svg role=\"img\" aria-label=\"" + escaped(label) + "\" width=\"" + shown +
         "\" height=\"" + shown + "\" viewBox=\"0 0 " + size + " " + size +
         "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + size + "v" + size +
         "h-" + size + "z\"/><path fill=\"#000\" d=\"" + bars(*code) + "\"/></svg>";
}

}  // namespace meridian::web
