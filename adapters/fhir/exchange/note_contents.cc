// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/note_contents.h"

#include <algorithm>

#include "base/base64.h"
#include "fhir/exchange/json_index.h"
#include "fhir/read/html.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view pdf = "application/pdf";

/// Without parameters, in lower case.
std::string plain_media(std::string type) {
  type.resize(std::min(type.find(';'), type.size()));
  while (type.ends_with(' ')) type.pop_back();
  for (auto& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type;
}

bool allows(const WriteBack& rules, std::string_view media) {
  return rules.media.empty() ||
         std::find(rules.media.begin(), rules.media.end(), media) != rules.media.end();
}

bool takes(const JsonIndex& index, const JsonNode& attachment, const WriteBack& rules) {
  if (rules.one_content && index.string(attachment, "data").empty()) return false;
  return allows(rules, plain_media(index.string(attachment, "contentType")));
}

/// The words of an attachment that is text or a page of HTML; empty for any other.
std::string words_of(const JsonIndex& index, const JsonNode& attachment) {
  const auto media = plain_media(index.string(attachment, "contentType"));
  const bool page = media == "text/html" || media == "application/xhtml+xml";
  if (!page && media != "text/plain") return {};
  const auto bytes = decode_base64(index.string(attachment, "data"));
  if (!bytes) return {};
  return page ? fhir_read::text_of_html(*bytes) : *bytes;
}

/// The Attachment of a PDF that says the same; empty where it cannot be printed.
std::string printed(const JsonIndex& index, const JsonNode& attachment, const PagePrinter& print,
                    Page page) {
  const auto words = words_of(index, attachment);
  if (words.empty() || !print) return {};
  page.sections.push_back({"", {words}});
  const auto bytes = print(page);
  if (!bytes) return {};
  const auto title = index.string(attachment, "title");
  JsonOut out;
  out.object().text("contentType", pdf).text("data", encode_base64(*bytes));
  return out.text("title", title.empty() ? page.title : title).end().str();
}

}  // namespace

NoteContents note_contents(std::string_view attachments, const WriteBack& rules,
                           const PagePrinter& print, const Page& page) {
  NoteContents out;
  const auto index = JsonIndex::parse(attachments);
  if (!index) return out;
  NoteDocument all;
  for (const auto& node : index->children(index->root())) {
    const auto received = std::string(index->raw(node));
    auto taken = received;
    if (!takes(*index, node, rules)) {
      taken = allows(rules, pdf) ? printed(*index, node, print, page) : std::string();
    }
    if (taken.empty()) {
      const auto title = index->string(node, "title");
      out.left_out.push_back(title.empty() ? index->string(node, "contentType") : title);
    } else if (rules.one_content) {
      out.documents.push_back({"[" + taken + "]", "[" + received + "]"});
    } else {
      all.attachments += (all.attachments.empty() ? "" : ",") + taken;
      all.received += (all.received.empty() ? "" : ",") + received;
    }
  }
  if (!all.attachments.empty()) {
    out.documents.push_back({"[" + all.attachments + "]", "[" + all.received + "]"});
  }
  return out;
}

std::string with_marked_titles(std::string_view attachments, std::string_view mark) {
  const auto index = JsonIndex::parse(attachments);
  if (!index) return std::string(attachments);
  JsonOut list;
  list.list();
  for (const auto& node : index->children(index->root())) {
    list.object();
    for (const auto& member : index->children(node)) {
      if (member.key != "title") list.raw(member.key, index->raw(member));
    }
    const auto title = index->string(node, "title");
    list.text("title", title.empty() ? std::string(mark) : title + " " + std::string(mark)).end();
  }
  return list.end().str();
}

}  // namespace meridian::fhir
