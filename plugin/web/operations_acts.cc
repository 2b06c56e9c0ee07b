// SPDX-License-Identifier: Apache-2.0
#include "web/operations_acts.h"

#include <algorithm>

#include <rapidjson/document.h>

#include "http/uri.h"
#include "web/html.h"
#include "web/operations_look.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view act_path = "/operations/act";
constexpr std::uint64_t longest_form = 8192;

struct Act {
  std::string_view action;
  std::string_view title;
  std::string_view button;
};
/// What can be done here; people and words to a clinic have pages of their own.
constexpr Act acts[] = {{"send-again", "Send again", "Send it again"},
                        {"arrived", "It arrived", "It is there"},
                        {"give-up", "Give up", "Give it up"},
                        {"revive", "Do work again", "Do it again"},
                        {"read-again", "Read a message again", "Read it again"},
                        {"redirect", "Offer to another clinic", "Send it there instead"},
                        {"pause", "Pause", "Pause it"},
                        {"resume", "Resume", "Let it go on"},
                        {"reconcile", "Reconcile", "Ask, and repair what is safe"}};

const Act* act_named(std::string_view action) {
  const auto found = std::find_if(std::begin(acts), std::end(acts),
                                  [&](const Act& act) { return act.action == action; });
  return found == std::end(acts) ? nullptr : found;
}

std::string text_of(const rapidjson::Value& value) {
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsBool()) return value.GetBool() ? "yes" : "no";
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  return {};
}

/// What an answer of the desk is about, name by name.
std::string about_html(const rapidjson::Document& answer) {
  if (!answer.HasMember("about") || !answer["about"].IsObject()) return {};
  std::string html = "<dl class=\"facts\">";
  for (const auto& member : answer["about"].GetObject()) {
    const auto text = text_of(member.value);
    const std::string_view name = member.name.GetString();
    if (text.empty()) continue;
    const bool leads = name == "referral";
    html += "<dt>" + escaped(name) + "</dt><dd>" +
            (leads ? link_to("/operations/referral/", text, text) : escaped(text)) + "</dd>";
  }
  return html + "</dl>";
}

std::string member(const rapidjson::Document& answer, const char* name) {
  return answer.IsObject() && answer.HasMember(name) ? text_of(answer[name]) : std::string();
}

/// The last reconciliation as the desk tells it.
std::string compared_html(const rapidjson::Document& answer) {
  if (!answer.HasMember("peers") || !answer["peers"].IsArray()) return {};
  TableHtml table("What was found", {"System", "Compared", "News", "Cannot be asked", "Failed"});
  for (const auto& peer : answer["peers"].GetArray()) {
    std::vector<std::string> cells;
    for (const char* name : {"peer", "compared", "news", "cannotAsk", "why"}) {
      cells.push_back(peer.HasMember(name) ? escaped(text_of(peer[name])) : "");
    }
    table.row(cells);
  }
  return table.html() + "<p>" + escaped(member(answer, "differing")) + " referrals differ.</p>";
}

std::string hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escaped(value) +
         "\">";
}

std::string confirm_form(const Act& act, const Intervention& given, bool refused,
                         const std::string& field) {
  const bool override = given.action == "redirect";
  if (refused && !override) return {};
  std::string html = "<form method=\"post\" action=\"" + std::string(act_path) + "\">" + field;
  html += hidden("action", given.action) + hidden("target", given.target) +
          hidden("clinic", given.clinic);
  if (override) {
    html +=
        "<label for=\"reason\">Why a requirement that fails does not count (kept with the "
        "decision; may be empty)</label><textarea id=\"reason\" name=\"reason\" rows=\"2\" "
        "maxlength=\"500\">" +
        escaped(given.reason) + "</textarea>";
    html += "<p><button type=\"submit\" name=\"apply\" value=\"no\">Look again</button></p>";
  }
  if (given.action == "pause" && !refused) {
    html +=
        "<label for=\"reason\">Why (shown beside it; no patient data)</label><input id=\"reason\" "
        "name=\"reason\" maxlength=\"200\">";
  }
  if (!refused) {
    html += "<button type=\"submit\" name=\"apply\" value=\"yes\">" + std::string(act.button) +
            "</button>";
  }
  return html + "</form>";
}

Response answer_page(const Act& act, const Intervention& given, const std::string& answer,
                     const std::string& field) {
  rapidjson::Document json;
  json.Parse(answer.data(), answer.size());
  if (json.HasParseError() || !json.IsObject()) {
    return operations_page(500, act.title, "<p>The answer cannot be read.</p>");
  }
  const auto effect = member(json, "effect");
  const auto refused = member(json, "refused");
  const bool done = member(json, "done") == "yes" || member(json, "repaired") == "yes";
  std::string html;
  if (!refused.empty())
    html += "<p class=\"alarm\" role=\"alert\">Not possible: " + escaped(refused) + "</p>";
  if (!effect.empty() && refused.empty()) {
    html += std::string("<p><strong>") + (done ? "Done: " : "What would happen: ") + "</strong>" +
            escaped(effect) + ".</p>";
  } else if (done) {
    html += "<p><strong>Done.</strong></p>";
  }
  html += about_html(json) + compared_html(json);
  if (!done) html += confirm_form(act, given, !refused.empty(), field);
  html += "<p><a href=\"/operations\">Back to operations</a></p>";
  return operations_page(refused.empty() ? 200 : 409, act.title, html);
}

Response carry(Desk& desk, const OperationsDoor& door, const Request& request,
               const Intervention& given) {
  const auto* act = act_named(given.action);
  if (act == nullptr) return operations_page(404, "No such action", "<p>Nothing was done.</p>");
  const auto answer = desk.intervene(door.caller(request), given);
  if (!answer) return failed_page(act->title, answer.error());
  return answer_page(*act, given, *answer, door.form_field(request, act_path));
}

/// A look at the systems takes as long as they do: it is not done by following a link.
Response preview(Desk& desk, const OperationsDoor& door, const Request& request) {
  const auto value = [&](const char* name) { return std::string(request.query_value(name)); };
  const Intervention given{value("action"), value("target"), value("clinic"), "", false};
  if (given.action != "reconcile") return carry(desk, door, request, given);
  return operations_page(
      200, "Reconcile",
      "<p>Each hospital and clinic is asked what it has of what is open. What had been said and "
      "never came is taken, and what is safe to send again is sent again; the rest is shown to "
      "you. It takes as long as the systems take.</p><form method=\"post\" action=\"" +
          std::string(act_path) + "\">" + door.form_field(request, act_path) +
          hidden("action", "reconcile") + hidden("target", "all") +
          "<p><button type=\"submit\" name=\"apply\" value=\"no\">Ask, change nothing</button> "
          "<button type=\"submit\" name=\"apply\" value=\"yes\">Ask, and repair what is safe"
          "</button></p></form>");
}

Response act(Desk& desk, const OperationsDoor& door, const Request& request) {
  const auto fields = http::parse_query(request.body);
  if (!fields) return operations_page(400, "Nothing was done", "<p>This is no form.</p>");
  const auto value = [&](const char* name) {
    return std::string(http::find_parameter(*fields, name));
  };
  return carry(desk, door, request,
               {value("action"), value("target"), value("clinic"), value("reason"),
                value("apply") == "yes"});
}

}  // namespace

void add_acts(http::Router& router, Desk& desk, const OperationsDoor& door) {
  router.add({"GET", std::string(act_path),
              [&desk, door](const Request& request) { return preview(desk, door, request); },
              door.act});
  router.add({"POST", std::string(act_path), door.checked([&desk, door](const Request& request) {
                return act(desk, door, request);
              }),
              door.act, longest_form});
}

}  // namespace meridian::web
