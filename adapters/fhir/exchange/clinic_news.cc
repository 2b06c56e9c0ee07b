// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/clinic_news.h"

#include "base/base64.h"
#include "fhir/exchange/collection.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/write/json_out.h"
#include "fhir/write/records_json.h"
#include "model/appointments.h"

namespace meridian::fhir {
namespace {

std::string plain_attachment(std::string_view media_type, std::string_view text) {
  return JsonOut()
      .object()
      .text("contentType", media_type)
      .text("data", encode_base64(text))
      .end()
      .str();
}

/// False for what came in another format, which is read as the FHIR it would be.
bool is_json(std::string_view raw) {
  const auto first = raw.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string_view::npos && raw[first] == '{';
}

class NewsReader {
 public:
  explicit NewsReader(const Letter& letter) : letter_(letter) {}

  Result<ClinicNews> run() {
    if (letter_.raw.empty()) return ClinicNews{};
    if (!is_json(letter_.raw)) converted_ = collection_json(letter_.records);
    auto entries =
        bundle_entries(is_json(letter_.raw) ? std::string_view(letter_.raw) : converted_);
    if (!entries) return entries.error();
    entries_ = std::move(*entries);
    ClinicNews news;
    news.task = our_task();
    if (news.task != nullptr) {
      for (const auto& output : news.task->outputs) read_output(output, news);
    }
    if (news.task == nullptr || news.task->outputs.empty()) read_documents(news);
    for (const auto& entry : entries_) read_message(entry, news);
    news.appointment = appointment();
    return news;
  }

 private:
  const Task* our_task() const {
    const auto own = referral_identifier(letter_.referral_id);
    for (const auto& task : letter_.records.tasks) {
      for (const auto& identifier : task.identifiers) {
        if (identifier.system == own.system && identifier.value.reveal() == own.value) return &task;
      }
    }
    return nullptr;
  }

  const BundleEntry* entry_of(const std::string& written) const {
    if (written.empty()) return nullptr;
    const auto ref = fhir_ref(written);
    for (const auto& entry : entries_) {
      if (entry.ref() == written || entry.ref() == ref || entry.full_url == written) return &entry;
    }
    return nullptr;
  }

  void read_output(const Task::Output& output, ClinicNews& news) const {
    if (!output.text.empty()) news.statements.push_back(output.text);
    const BundleEntry* entry = entry_of(output.reference.target);
    if (entry == nullptr) entry = entry_of(output.reference.written);
    if (entry != nullptr) read_entry(*entry, news);
  }

  /// A clinic that names no outputs: every document of the message is one.
  void read_documents(ClinicNews& news) const {
    for (const auto& entry : entries_) {
      if (entry.type == "DocumentReference") read_entry(entry, news);
    }
  }

  void read_entry(const BundleEntry& entry, ClinicNews& news) const {
    const auto index = JsonIndex::parse(entry.resource);
    if (!index) return;
    if (is_of_another(*index, news)) {
      news.statements.emplace_back(
          "A document of the clinic names another patient; it was left out");
      return;
    }
    std::string list;
    if (entry.type == "DocumentReference") list = document(*index);
    if (entry.type == "DiagnosticReport") list = report(*index);
    if (entry.type == "Composition") list = composition(*index);
    if (!list.empty()) news.notes.push_back({entry.ref(), "[" + list + "]"});
    if (entry.type == "Observation") news.statements.push_back(measurement(*index));
  }

  /// A question of the clinic's, or whatever else it writes; not what we wrote to it.
  static void read_message(const BundleEntry& entry, ClinicNews& news) {
    if (entry.type != "Communication") return;
    const auto index = JsonIndex::parse(entry.resource);
    const auto* payloads = index ? index->find(&index->root(), "payload") : nullptr;
    if (payloads == nullptr || entry.resource.find(identifier_root) != std::string_view::npos) {
      return;
    }
    for (const auto& payload : index->children(*payloads)) {
      const auto words = index->string(payload, "contentString");
      if (!words.empty()) news.statements.push_back("The clinic writes: " + words);
    }
  }

  /// The Task says whom the referral is about at the clinic.
  static bool is_of_another(const JsonIndex& index, const ClinicNews& news) {
    const auto subject = plain_ref(index.string(index.at(index.root(), {"subject", "reference"})));
    return news.task != nullptr && !subject.empty() && !news.task->patient.target.empty() &&
           subject != fhir_ref(news.task->patient.target);
  }

  std::string document(const JsonIndex& index) const {
    std::string list;
    const JsonNode* content = index.find(&index.root(), "content");
    if (content == nullptr) return list;
    for (const auto& node : index.children(*content)) {
      append(list, attachment(index, index.find(&node, "attachment")));
    }
    return list;
  }

  std::string report(const JsonIndex& index) const {
    std::string list;
    if (const JsonNode* forms = index.find(&index.root(), "presentedForm")) {
      for (const auto& node : index.children(*forms)) append(list, attachment(index, &node));
    }
    const std::string conclusion = index.string(index.root(), "conclusion");
    if (list.empty() && !conclusion.empty()) {
      list = plain_attachment("text/plain; charset=utf-8", conclusion);
    }
    return list;
  }

  /// Titles and narratives of the sections, as one page of XHTML.
  std::string composition(const JsonIndex& index) const {
    const JsonNode* sections = index.find(&index.root(), "section");
    if (sections == nullptr) return {};
    std::string page;
    for (const auto& section : index.children(*sections)) {
      page += index.string(index.at(section, {"text", "div"}));
    }
    if (page.empty()) return {};
    return plain_attachment(
        "application/xhtml+xml",
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>" + page + "</body></html>");
  }

  static void append(std::string& list, const std::string& attachment) {
    if (attachment.empty()) return;
    if (!list.empty()) list += ',';
    list += attachment;
  }

  /// As received, with content in place of an address that the hospital cannot follow.
  std::string attachment(const JsonIndex& index, const JsonNode* node) const {
    if (node == nullptr) return {};
    const JsonNode* url = index.find(node, "url");
    if (url == nullptr || index.find(node, "data") != nullptr) return std::string(index.raw(*node));
    JsonOut out;
    out.object();
    for (const auto& member : index.children(*node)) {
      if (&member == url) continue;
      out.raw(member.key, index.raw(member));
    }
    const auto content = binary(index.string(url));
    if (content.empty()) return unread(index.string(*node, "title"));
    return out.raw("data", content).end().str();
  }

  static std::string unread(const std::string& title) {
    return plain_attachment("text/plain; charset=utf-8",
                            "The clinic names a document" +
                                (title.empty() ? std::string() : " (" + title + ")") +
                                " that is kept in its own system and could not be fetched.");
  }

  /// The raw JSON string Binary.data.
  std::string binary(const std::string& url) const {
    for (const auto& entry : entries_) {
      if (entry.type != "Binary" || (entry.full_url != url && entry.ref() != url)) continue;
      const auto index = JsonIndex::parse(entry.resource);
      const JsonNode* content = index ? index->find(&index->root(), "data") : nullptr;
      if (content != nullptr) return std::string(index->raw(*content));
    }
    return {};
  }

  /// "Pain severity: 3 {score}".
  static std::string measurement(const JsonIndex& index) {
    const JsonNode& root = index.root();
    std::string text = index.string(index.at(root, {"code", "text"}));
    if (const JsonNode* codings = index.at(root, {"code", "coding"}); text.empty() && codings) {
      for (const auto& coding : index.children(*codings)) {
        if (text.empty()) text = index.string(coding, "display");
      }
    }
    std::string value;
    for (const auto& member : index.children(root)) {
      if (!member.key.starts_with("value")) continue;
      const JsonNode* number = index.find(&member, "value");
      const JsonNode& shown = number != nullptr ? *number : member;
      value = shown.kind == JsonNode::Kind::string ? index.string(&shown)
                                                   : std::string(index.raw(shown));
      if (shown.kind == JsonNode::Kind::object) value = index.string(shown, "text");
      const std::string unit = index.string(member, "unit");
      if (!unit.empty()) value += " " + unit;
    }
    return text + ": " + (value.empty() ? "not stated" : value);
  }

  std::string appointment() const {
    const auto* one = leading(letter_.records.appointments);
    if (one == nullptr) return {};
    return one->start.empty() ? one->status : one->status + " " + one->start.text;
  }

  const Letter& letter_;
  std::string converted_;  ///< what entries_ points into when the letter is no JSON
  std::vector<BundleEntry> entries_;
};

}  // namespace

Result<ClinicNews> clinic_news(const Letter& letter) {
  return NewsReader(letter).run();
}

}  // namespace meridian::fhir
