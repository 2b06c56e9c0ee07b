// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rapidjson/document.h>

#include "http/uri.h"
#include "web/html.h"
#include "web/operations_acts.h"
#include "web/operations_look.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view message_path = "/operations/message";
constexpr std::uint64_t longest_form = 4096;
constexpr std::size_t most_shown = 60'000;  // bytes: a page stays below 100 kB

struct Reason {
  std::string_view word;
  std::string_view text;
};
/// Chosen and not typed: what is typed could name the patient, and the audit keeps no patient data.
constexpr Reason reasons[] = {
    {"not-delivered", "It was not delivered or not read, and I look for the cause"},
    {"other-side-asks", "The hospital or the clinic asks what was sent"},
    {"meridian-fault", "I suspect a fault of Meridian"},
    {"connection-test", "A test of a connection, with invented people"}};

/// "delivery/7" or "message/ID".
bool can_be_shown(std::string_view what) {
  return what.starts_with("delivery/") || what.starts_with("message/");
}

std::string ask(std::string_view what, const std::string& field) {
  std::string html =
      "<p>A message holds patient data. It is shown to you once you say why; your "
      "name, the time and the reason are kept in the audit.</p><form "
      "method=\"post\" action=\"" +
      std::string(message_path) + "\">" + field + "<input type=\"hidden\" name=\"what\" value=\"" +
      escaped(what) + "\"><fieldset><legend>Why do you look at " + escaped(what) + "?</legend>";
  for (const auto& [word, text] : reasons) {
    const std::string id(word);
    html += "<div><label class=\"choice\" for=\"" + id + "\"><input type=\"radio\" id=\"" + id +
            "\" name=\"reason\" value=\"" + id + "\" required>" + std::string(text) +
            "</label></div>";
  }
  return html + "</fieldset><button type=\"submit\">Show it</button></form>";
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

Response tree(Desk& desk, const OperationsDoor& door, const Request& request,
              const ShowMessage& show) {
  const auto fields = http::parse_query(request.body);
  const auto value = [&](const char* name) {
    return fields ? std::string(http::find_parameter(*fields, name)) : std::string();
  };
  const auto what = value("what");
  const auto reason = value("reason");
  const bool known = std::any_of(std::begin(reasons), std::end(reasons),
                                 [&](const Reason& one) { return one.word == reason; });
  if (!can_be_shown(what))
    return operations_page(404, "No such message", "<p>Nothing is shown.</p>");
  if (!known) {
    return operations_page(422, "Message",
                           "<p class=\"alarm\" role=\"alert\">Please choose a reason.</p>" +
                               ask(what, door.form_field(request, message_path)));
  }
  const auto revealed = desk.intervene(door.caller(request), {"reveal", what, "", reason, true});
  if (!revealed) return failed_page("Message", revealed.error());
  rapidjson::Document json;
  json.Parse(revealed->data(), revealed->size());
  const auto media_type = text_in(json, "mediaType");
  auto text = shown(show, media_type, text_in(json, "body"));
  const bool cut = text.size() > most_shown;
  if (cut) cut_to(text, most_shown);
  std::string html = "<p class=\"quiet\">" + escaped(media_type) +
                     ". That you saw it is kept in the audit.</p><pre tabindex=\"0\">" +
                     escaped(text) + "</pre>";
  if (cut) html += "<p>It goes on; the whole is shown by the command line.</p>";
  const bool sent = what.starts_with("delivery/");
  return operations_page(200, (sent ? "Delivery " : "Message ") + what.substr(what.find('/') + 1),
                         html);
}

}  // namespace

void add_break_glass(http::Router& router, Desk& desk, const OperationsDoor& door,
                     ShowMessage show) {
  router.add({"GET", std::string(message_path),
              [door](const Request& request) {
                const auto what = request.query_value("what");
                if (!can_be_shown(what)) {
                  return operations_page(404, "No such message", "<p>Nothing is shown.</p>");
                }
                return operations_page(200, "Message",
                                       ask(what, door.form_field(request, message_path)));
              },
              door.act});
  router.add({"POST", std::string(message_path),
              door.checked([&desk, door, show = std::move(show)](const Request& request) {
                return tree(desk, door, request, show);
              }),
              door.act, longest_form});
}

}  // namespace meridian::web
