// SPDX-License-Identifier: Apache-2.0
#include "web/operations_acts.h"

#include <algorithm>

#include <rapidjson/document.h>

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view act_path = "/operations/act";
constexpr std::uint64_t longest_form = 8192;

/// What can be done here; people and words to a clinic have pages of their own. The catalogue has
/// "act.NAME" as a title and "act.NAME.do" on the button.
constexpr std::string_view acts[] = {"send-again", "arrived", "give-up", "revive",   "read-again",
                                     "redirect",   "pause",   "resume",  "reconcile"};

bool is_act(std::string_view action) {
  return std::find(std::begin(acts), std::end(acts), action) != std::end(acts);
}

std::string title_of(const OperationsPage& page, std::string_view action) {
  return page.plain("act." + std::string(action));
}

std::string text_of(const rapidjson::Value& value) {
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsBool()) return value.GetBool() ? "yes" : "no";
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  return {};
}

/// A value of what an answer is about, by its name there. `referral`: it is about one.
std::string value_html(const OperationsPage& page, std::string_view name, const std::string& value,
                       bool referral) {
  const auto is = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (is({"referral", "id"})) return link_to("/operations/referral/", value, value);
  if (name == "state") return page.word(referral ? "state." : "sent.", value);
  if (name == "kind") {
    return page.word(operations_words().has("work." + value) ? "work." : "kind.", value);
  }
  if (name == "class") return page.word("retry.", value);
  if (name == "owner") return page.word("owner.", value);
  if (name == "worklist") return page.word("list.", value);
  if (name == "direction") return page.word("direction.", value);
  if (name == "way") return page.word("way.name.", value);
  if (is({"maybeArrived", "recognisesRepeats"})) return page.word("", value);
  if (name == "fix") return page.sentence(value);
  if (is({"due", "settled", "updated", "received", "paused"})) return page.told(value);
  return is({"error", "key", "order", "mediaType"}) ? code(value) : escaped(value);
}

/// What an answer of the desk is about, name by name.
std::string about_html(const OperationsPage& page, const rapidjson::Document& answer) {
  if (!answer.HasMember("about") || !answer["about"].IsObject()) return {};
  const bool referral = answer["about"].HasMember("direction");
  std::string html = "<dl class=\"facts\">";
  for (const auto& member : answer["about"].GetObject()) {
    const auto text = text_of(member.value);
    const std::string_view name = member.name.GetString();
    if (text.empty()) continue;
    html += "<dt>" + page.word("about.", name) + "</dt><dd>" +
            value_html(page, name, text, referral) + "</dd>";
  }
  return html + "</dl>";
}

std::string member(const rapidjson::Document& answer, const char* name) {
  return answer.IsObject() && answer.HasMember(name) ? text_of(answer[name]) : std::string();
}

/// The last reconciliation as the desk tells it.
std::string compared_html(const OperationsPage& page, const rapidjson::Document& answer) {
  if (!answer.HasMember("peers") || !answer["peers"].IsArray()) return {};
  TableHtml table(page.say("found"),
                  {page.say("col.system"), page.say("found.compared"), page.say("found.news"),
                   page.say("found.cannot"), page.say("found.failed")});
  for (const auto& peer : answer["peers"].GetArray()) {
    std::vector<std::string> cells;
    for (const char* name : {"peer", "compared", "news", "cannotAsk", "why"}) {
      const auto text = peer.HasMember(name) ? text_of(peer[name]) : std::string();
      cells.push_back(std::string_view(name) == "why" ? page.told(text) : escaped(text));
    }
    table.row(cells);
  }
  const auto differing = answer.HasMember("differing") && answer["differing"].IsInt64()
                             ? answer["differing"].GetInt64()
                             : 0;
  return table.html() + "<p>" + page.counted("found.differ", differing) + "</p>";
}

std::string hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escaped(value) +
         "\">";
}

std::string button(const char* apply, const std::string& words) {
  return "<button type=\"submit\" name=\"apply\" value=\"" + std::string(apply) + "\">" + words +
         "</button>";
}

std::string confirm_form(const OperationsPage& page, const Intervention& given, bool refused,
                         const std::string& field) {
  const bool override = given.action == "redirect";
  if (refused && !override) return {};
  std::string html = "<form method=\"post\" action=\"" + std::string(act_path) + "\">" + field;
  html += hidden("action", given.action) + hidden("target", given.target) +
          hidden("clinic", given.clinic);
  if (override) {
    html += "<label for=\"reason\">" + page.say("act.redirect.why") +
            "</label><textarea id=\"reason\" name=\"reason\" rows=\"2\" maxlength=\"500\">" +
            escaped(given.reason) + "</textarea><p>" + button("no", page.say("act.redirect.look")) +
            "</p>";
  }
  if (given.action == "pause" && !refused) {
    html += "<label for=\"reason\">" + page.say("act.pause.why") +
            "</label><input id=\"reason\" name=\"reason\" maxlength=\"200\">";
  }
  if (!refused) html += button("yes", page.say("act." + given.action + ".do"));
  return html + "</form>";
}

Response answer_page(const OperationsPage& page, const Intervention& given,
                     const std::string& answer, const std::string& field) {
  const auto title = title_of(page, given.action);
  rapidjson::Document json;
  json.Parse(answer.data(), answer.size());
  if (json.HasParseError() || !json.IsObject()) {
    return page.show(500, title, page.paragraph("act.unreadable"));
  }
  const auto effect = member(json, "effect");
  const auto refused = member(json, "refused");
  const bool done = member(json, "done") == "yes" || member(json, "repaired") == "yes";
  std::string html;
  if (!refused.empty()) {
    html += OperationsPage::alarm(page.say_html("act.refused", {page.told(refused)}));
  }
  if (!effect.empty() && refused.empty()) {
    html += "<p>" + page.say_html(done ? "act.done" : "act.would", {page.told(effect)}) + "</p>";
  } else if (done) {
    html += "<p><strong>" + page.say("act.done.only") + "</strong></p>";
  }
  html += about_html(page, json) + compared_html(page, json);
  if (!done) html += confirm_form(page, given, !refused.empty(), field);
  html += "<p><a href=\"/operations\">" + page.say("act.back") + "</a></p>";
  return page.show(refused.empty() ? 200 : 409, title, html);
}

Response carry(Desk& desk, const OperationsDoor& door, const Request& request,
               const OperationsPage& page, const Intervention& given) {
  if (!is_act(given.action)) return page.show_key(404, "act.none", page.paragraph("nothing.done"));
  const auto answer = desk.intervene(door.caller(request), given);
  if (!answer) return page.problem(title_of(page, given.action), answer.error());
  return answer_page(page, given, *answer, door.form_field(request, act_path));
}

/// A look at the systems takes as long as they do: it is not done by following a link.
Response preview(Desk& desk, const OperationsDoor& door, const Request& request,
                 const OperationsPage& page) {
  const auto value = [&](const char* name) { return std::string(request.query_value(name)); };
  const Intervention given{value("action"), value("target"), value("clinic"), "", false};
  if (given.action != "reconcile") return carry(desk, door, request, page, given);
  return page.show_key(200, "act.reconcile",
                       page.paragraph("act.reconcile.help") + "<form method=\"post\" action=\"" +
                           std::string(act_path) + "\">" + door.form_field(request, act_path) +
                           hidden("action", "reconcile") + hidden("target", "all") + "<p>" +
                           button("no", page.say("act.reconcile.ask")) + " " +
                           button("yes", page.say("act.reconcile.do")) + "</p></form>");
}

Response act(Desk& desk, const OperationsDoor& door, const Request& request,
             const OperationsPage& page) {
  const auto fields = http::parse_query(request.body);
  if (!fields) return page.show_key(400, "nothing.done", page.paragraph("act.no.form"));
  const auto value = [&](const char* name) {
    return std::string(http::find_parameter(*fields, name));
  };
  return carry(desk, door, request, page,
               {value("action"), value("target"), value("clinic"), value("reason"),
                value("apply") == "yes"});
}

}  // namespace

void add_acts(http::Router& router, Desk& desk, const OperationsDoor& door, const ToldPtr& told) {
  router.add({"GET", std::string(act_path),
              [&desk, door, told](const Request& request) {
                return preview(desk, door, request, OperationsPage(request, told.get()));
              },
              door.act});
  router.add({"POST", std::string(act_path),
              door.checked([&desk, door, told](const Request& request) {
                return act(desk, door, request, OperationsPage(request, told.get()));
              }),
              door.act, longest_form});
}

}  // namespace meridian::web
