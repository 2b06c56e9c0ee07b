// SPDX-License-Identifier: Apache-2.0
#include "unit/fhir_vendors/oracle.h"

#include <algorithm>

#include "base/base64.h"

namespace meridian::test {
namespace {

Reply refusal(const std::string& code) {
  return json(400, outcome("error", code));
}

bool has_time(const std::string& date) {
  return date.find('T') != std::string::npos;
}

/// Types of content that a DocumentReference may have.
bool takes_media(const std::string& type) {
  for (const char* known : {"application/pdf", "text/plain", "text/richtext", "text/rtf",
                            "text/html", "application/xml", "application/xhtml+xml"}) {
    if (type.starts_with(known)) return true;
  }
  return false;
}

bool is_practitioner(const sandbox::Json& person) {
  return person["reference"].text().starts_with("Practitioner/");
}

/// What a DocumentReference must be; empty when it is.
std::string fault_of_document(const sandbox::Json& document) {
  const auto contents = document["content"].items();
  if (contents.size() != 1) return "content must have one entry";
  const auto& attachment = contents.front()["attachment"];
  if (attachment["data"].text().empty()) return "data must be provided";
  if (!takes_media(attachment["contentType"].text())) return "media type is not supported";
  if (!has_time(document["context"]["period"]["end"].text())) return "period.end is required";
  if (document["docStatus"].text() != "final") return "docStatus";
  for (const auto& author : document["author"].items()) {
    if (!is_practitioner(author)) return "authors are practitioners";
  }
  return {};
}

std::string fault_of_message(const sandbox::Json& message) {
  if (message["status"].text() != "completed") return "status";
  if (!is_practitioner(message["sender"])) return "sender";
  if (message["recipient"].items().empty()) return "recipient";
  for (const auto& recipient : message["recipient"].items()) {
    if (!is_practitioner(recipient)) return "recipients are practitioners";
  }
  const auto payload = message["payload"].items();
  if (payload.size() != 1) return "one payload";
  const auto& attachment = payload.front()["contentAttachment"];
  if (attachment["data"].text().empty()) return "the payload is an attachment";
  const auto priority = message["priority"].text();
  if (!priority.empty() && priority != "routine" && priority != "urgent") return "priority";
  return {};
}

}  // namespace

Oracle::Oracle() : Vendor("oracle") {
  admit_patient();
  instead = [this](const Seen& seen) { return quirk(seen); };
  spoil = [this](const Seen& seen, Reply& reply) { change(seen, reply); };
}

std::optional<Reply> Oracle::quirk(const Seen& seen) {
  if (wrong_tenant) return json(403, "");
  const auto accept = seen.headers.find("accept");
  if (accept == seen.headers.end() || accept->second.find("json") == std::string::npos) {
    Reply reply;
    reply.status = 406;
    return reply;
  }
  if (seen.method != "GET") return written(seen);
  const Asked search = asked(seen);
  if (!search.id.empty()) return std::nullopt;
  if (const auto found = by_type.find(search.type); found != by_type.end()) return found->second;
  if (search.type == "ServiceRequest") return orders_page(search);
  if (search.type == "DocumentReference" && !search.has("patient") && !search.has("_id")) {
    return refusal("required");
  }
  if (search.type == "DocumentReference" && search.has("identifier"))
    return refusal("not-supported");
  if (search.type == "Communication" && !search.has("_id")) return refusal("required");
  return std::nullopt;
}

std::optional<Reply> Oracle::orders_page(const Asked& search) {
  const bool by_id = search.has("_id");
  const auto others =
      std::count_if(search.params.begin(), search.params.end(),
                    [](const auto& each) { return each.first != "_id" && each.first != "_count"; });
  if (by_id && others > 0) return refusal("invalid");
  if (!by_id && !search.has("patient") && !search.has("subject")) return refusal("required");
  if (search.has("code") && search.has("category")) return refusal("invalid");
  const auto updated = search["_lastUpdated"];
  const bool takes = updated.empty() || ((updated.starts_with("ge") || updated.starts_with("le")) &&
                                         has_time(updated));
  if (!takes) return refusal("invalid");
  if (orders.empty()) return std::nullopt;
  const auto at = search.has("pageContext") ? std::stoul(search["pageContext"]) : 0;
  std::string body = orders.at(at);  // whatever _count says
  const auto link = body.find("\"next\",\"url\":\"next\"");
  if (link != std::string::npos) {
    body.replace(link, 19,
                 "\"next\",\"url\":\"" + base() + "/ServiceRequest?patient=p1&pageContext=" +
                     std::to_string(at + 1) + "&direction=NEXT\"");
  }
  return json(200, body);
}

/// Only some fields are looked at, and those closely.
std::optional<Reply> Oracle::written(const Seen& seen) {
  const auto type = asked(seen).type;
  const auto body = sandbox::Json::parse(seen.body);
  if (!body) return refusal("structure");
  if (!(*body)["modifierExtension"].items().empty() || !(*body)["implicitRules"].text().empty()) {
    return json(422, outcome("error", "not-supported"));
  }
  std::string fault;
  if (type == "DocumentReference") fault = fault_of_document(*body);
  if (type == "Communication") fault = fault_of_message(*body);
  if (!fault.empty()) return json(422, outcome("error", "business-rule", fault));
  if (seen.method != "POST") return std::nullopt;
  return kept(seen, *body);
}

/// Fields that it does not support are ignored, identifiers among them; XHTML is cleaned.
Reply Oracle::kept(const Seen& seen, sandbox::Json body) {
  for (const char* name : {"identifier", "meta", "description", "category", "basedOn"}) {
    body.remove(name);
  }
  if (!body["context"].is_null()) body.member("context").remove("related");
  for (auto& content : body.member("content").items()) {
    auto& attachment = content.member("attachment");
    if (attachment["contentType"].text().starts_with("application/xhtml")) {
      attachment.set("data", encode_base64("<html><body>cleaned</body></html>"));
    }
  }
  if (body["content"].size() == 0) body.remove("content");
  const auto response = store().send("POST", "/" + asked(seen).type, body.dump(), {});
  Reply reply;
  reply.status = response.status;
  reply.body = response.body;
  for (const auto& header : response.headers) reply.headers.emplace_back(header.name, header.value);
  change(seen, reply);
  if (lose_answers > 0) {
    --lose_answers;
    reply.fault = Fault::close_unanswered;
  }
  return reply;
}

void Oracle::change(const Seen& seen, Reply& reply) const {
  const Asked search = asked(seen);
  if (search.type == "metadata") {
    reply.headers = {{"Content-Type", "application/json+fhir"}};
    const std::string_view claim = R"("conditionalCreate":true)";
    for (auto at = reply.body.find(claim); at != reply.body.npos; at = reply.body.find(claim)) {
      reply.body.replace(at, claim.size(), R"("conditionalCreate":false)");
    }
  }
  if (seen.method == "POST" && reply.status == 201) {  // nothing but where it is
    reply.body.clear();
    std::erase_if(reply.headers, [](const auto& header) { return header.first == "Content-Type"; });
    reply.headers.emplace_back("Content-Type", "text/html");
  }
  if (seen.method == "PUT" && reply.status == 412) reply.status = 409;
  const bool searches = seen.method == "GET" && search.id.empty();
  if (searches && search.type == "Encounter" && !combined.empty()) {
    const auto found = sandbox::Json::parse(reply.body);
    std::vector<std::string> shown;
    for (const auto& entry : (*found)["entry"].items()) {
      if (entry["resource"]["id"].text() != combined) shown.push_back(entry["resource"].dump());
    }
    reply.body = page(shown);
  }
}

}  // namespace meridian::test
