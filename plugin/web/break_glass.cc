// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rapidjson/document.h>

#include "http/uri.h"
#include "web/html.h"
#include "web/operations_acts.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view message_path = "/operations/message";
constexpr std::uint64_t longest_form = 4096;
constexpr std::size_t most_shown = 60'000;  // bytes: a page stays below 100 kB

/// Chosen and not typed: what is typed could name the patient, and the audit keeps no patient data.
constexpr std::string_view reasons[] = {"not-delivered", "other-side-asks", "meridian-fault",
                                        "connection-test"};

/// "delivery/7" or "message/ID".
bool can_be_shown(std::string_view what) {
  return what.starts_with("delivery/") || what.starts_with("message/");
}

std::string ask(const OperationsPage& page, std::string_view what, const std::string& field) {
  std::string html = page.paragraph("see.why") + "<form method=\"post\" action=\"" +
                     std::string(message_path) + "\">" + field +
                     "<input type=\"hidden\" name=\"what\" value=\"" + escaped(what) +
                     "\"><fieldset><legend>" + page.say_html("see.ask", {code(what)}) + "</legend>";
  for (const auto reason : reasons) {
    const std::string id(reason);
    html += "<div><label class=\"choice\" for=\"" + id + "\"><input type=\"radio\" id=\"" + id +
            "\" name=\"reason\" value=\"" + id + "\" required>" + page.say("see." + id) +
            "</label></div>";
  }
  return html + "</fieldset><button type=\"submit\">" + page.say("see.do") + "</button></form>";
}

/// JSON with its tokens as they are, a line for each.
std::string indented(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  bool quoted = false;
  const auto new_line = [&] { out += "\n" + std::string(2 * depth, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      out += c;
      if (c == '\\' && i + 1 < json.size()) out += json[++i];
      quoted = c != '"';
    } else if (c == '{' || c == '[') {
      out += c;
      ++depth;
      new_line();
    } else if (c == '}' || c == ']') {
      depth -= depth > 0 ? 1 : 0;
      new_line();
      out += c;
    } else if (c == ',') {
      out += c;
      new_line();
    } else if (c == ':') {
      out += ": ";
    } else if (c > ' ') {
      out += c;
      quoted = c == '"';
    }
  }
  return out;
}

/// FHIR JSON indented; anything else as the host shows it, else as it is.
std::string shown(const ShowMessage& show, std::string_view media_type, const std::string& body) {
  if (media_type.find("json") != std::string_view::npos) return indented(body);
  auto text = show ? show(media_type, body) : std::string();
  return text.empty() ? body : text;
}

/// The beginning, without half a character at its end.
void cut_to(std::string& text, std::size_t size) {
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  text.resize(size);
}

std::string text_in(const rapidjson::Document& json, const char* name) {
  if (!json.IsObject() || !json.HasMember(name) || !json[name].IsString()) return {};
  return {json[name].GetString(), json[name].GetStringLength()};
}

Response none(const OperationsPage& page) {
  return page.show_key(404, "see.none", page.paragraph("see.nothing"));
}

Response revealed_page(const OperationsPage& page, const ShowMessage& show, std::string_view what,
                       const std::string& revealed) {
  rapidjson::Document json;
  json.Parse(revealed.data(), revealed.size());
  const auto media_type = text_in(json, "mediaType");
  auto text = shown(show, media_type, text_in(json, "body"));
  const bool cut = text.size() > most_shown;
  if (cut) cut_to(text, most_shown);
  auto html = "<p class=\"quiet\">" + page.say_html("see.kept", {code(media_type)}) +
              "</p><pre tabindex=\"0\">" + escaped(text) + "</pre>";
  if (cut) html += page.paragraph("see.more");
  const auto* title = what.starts_with("delivery/") ? "title.delivery" : "title.message";
  return page.show(200, page.plain(title, {what.substr(what.find('/') + 1)}), html);
}

Response tree(Desk& desk, const OperationsDoor& door, const Request& request,
              const OperationsPage& page, const ShowMessage& show) {
  const auto fields = http::parse_query(request.body);
  const auto value = [&](const char* name) {
    return fields ? std::string(http::find_parameter(*fields, name)) : std::string();
  };
  const auto what = value("what");
  const auto reason = value("reason");
  if (!can_be_shown(what)) return none(page);
  if (std::find(std::begin(reasons), std::end(reasons), reason) == std::end(reasons)) {
    return page.show_key(422, "see.message",
                         OperationsPage::alarm(page.say("see.choose")) +
                             ask(page, what, door.form_field(request, message_path)));
  }
  const auto revealed = desk.intervene(door.caller(request), {"reveal", what, "", reason, true});
  if (!revealed) return page.problem(page.plain("see.message"), revealed.error());
  return revealed_page(page, show, what, *revealed);
}

}  // namespace

void add_break_glass(http::Router& router, Desk& desk, const OperationsDoor& door, ShowMessage show,
                     const ToldPtr& told) {
  router.add({"GET", std::string(message_path),
              [door](const Request& request) {
                const OperationsPage page(request);
                const auto what = request.query_value("what");
                if (!can_be_shown(what)) return none(page);
                return page.show_key(200, "see.message",
                                     ask(page, what, door.form_field(request, message_path)));
              },
              door.act});
  router.add({"POST", std::string(message_path),
              door.checked([&desk, door, told, show = std::move(show)](const Request& request) {
                return tree(desk, door, request, OperationsPage(request, told.get()), show);
              }),
              door.act, longest_form});
}

}  // namespace meridian::web
