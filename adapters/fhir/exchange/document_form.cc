// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/document_form.h"

#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

constexpr int most_pages = 50;

/// "195900" of "Organization/a-1.Practice-195900": a server's own interface knows the number alone.
std::string number_of(std::string_view ref) {
  return std::string(ref.substr(ref.find_last_of("/-") + 1));
}

Error fault(Literal what) {
  return {ErrorCode::malformed, "document form", what};
}

/// One document on its way.
class Form {
 public:
  Form(FhirClient& client, const WriteBack& rules, const JsonIndex& document)
      : client_(client), rules_(rules), form_(rules.form), document_(document) {}

  Result<std::string> find(std::string_view mark) {
    const auto list = path();
    if (!list) return list.error();
    std::string next = *list + "?departmentid=" + query_escaped(rules_.department);
    for (int i = 0; i < most_pages; ++i) {
      RawRequest request;
      request.path = next;
      const auto page = answer(request);
      if (!page) return page.error();
      const auto index = JsonIndex::parse(*page);
      if (!index) return index.error();
      const auto* documents = index->find(&index->root(), form_.documents);
      if (documents == nullptr) return fault("the list has no documents");
      for (const auto& one : index->children(*documents)) {
        if (index->string(one, form_.title).ends_with(mark)) return named(*index, one);
      }
      next = index->string(index->root(), "next");
      if (next.empty()) return std::string();
    }
    return Error{ErrorCode::unavailable, "document form", "the patient's documents have no end"};
  }

  Result<std::string> post() {
    const auto target = path();
    if (!target) return target.error();
    const auto body = fields();
    if (!body) return body.error();
    RawRequest request;
    request.method = "POST";
    request.path = *target;
    request.body = *body;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    const auto said = answer(request);
    if (!said) return said.error();
    const auto index = JsonIndex::parse(*said);
    if (!index) return index.error();
    const auto* success = index->find(&index->root(), "success");
    const auto number = named(*index, index->root());
    const bool refused = success != nullptr && index->raw(*success) == "false";
    if (refused || number.empty()) {
      return Error{ErrorCode::invalid, "document form", "the server did not keep the document"};
    }
    return number;
  }

 private:
  /// Empty when the number is missing.
  std::string named(const JsonIndex& index, const JsonNode& object) const {
    const auto* number = index.find(&object, form_.number);
    if (number == nullptr) return {};
    const bool text = number->kind == JsonNode::Kind::string;
    const auto value = text ? index.string(number) : std::string(index.raw(*number));
    return value.empty() ? value : form_.path.substr(form_.path.rfind('/') + 1) + "/" + value;
  }

  /// With the place filled in; empty when the site does not say it.
  std::string filled(const std::string& text) const {
    if (text == "{department}") return rules_.department;
    if (text == "{practice}") return number_of(rules_.practice);
    if (text != "{patient}") return text;
    const auto* subject = document_.at(document_.root(), {"subject", "reference"});
    return number_of(document_.string(subject));
  }

  Result<std::string> path() const {
    std::string out;
    for (std::size_t at = 1; at <= form_.path.size();) {
      const auto end = std::min(form_.path.find('/', at), form_.path.size());
      const auto part = filled(form_.path.substr(at, end - at));
      if (part.empty()) {
        return Error{ErrorCode::misconfigured, "document form",
                     "the practice or patient is missing"};
      }
      out += "/" + query_escaped(part);
      at = end + 1;
    }
    return out;
  }

  Result<std::string> fields() const {
    const auto* contents = document_.find(&document_.root(), "content");
    const JsonNode* attachment = nullptr;
    if (contents != nullptr) {
      for (const auto& one : document_.children(*contents)) {
        if (attachment != nullptr) return fault("more than one content");
        attachment = document_.find(&one, "attachment");
      }
    }
    if (attachment == nullptr) return fault("no content");
    SearchParams fields = form_.fields;
    for (const auto& [name, value] : of_type()) set(fields, name, value);
    for (auto& [name, value] : fields) {
      value = filled(value);
      if (value.empty()) {
        return Error{ErrorCode::misconfigured, "document form", "the department is missing"};
      }
    }
    set(fields, form_.title, document_.string(*attachment, "title"));
    set(fields, form_.contents, document_.string(*attachment, "data"));
    std::string body;
    for (const auto& [name, value] : fields) {
      body += (body.empty() ? "" : "&") + name + "=" + query_escaped(value);
    }
    return body;
  }

  SearchParams of_type() const {
    const auto* codings = document_.at(document_.root(), {"type", "coding"});
    if (codings == nullptr) return {};
    for (const auto& coding : document_.children(*codings)) {
      const auto known = form_.by_type.find(document_.string(coding, "code"));
      if (known != form_.by_type.end()) return known->second;
    }
    return {};
  }

  static void set(SearchParams& fields, const std::string& name, std::string value) {
    for (auto& field : fields) {
      if (field.first == name) return void(field.second = std::move(value));
    }
    fields.emplace_back(name, std::move(value));
  }

  Result<std::string> answer(const RawRequest& request) {
    auto response = client_.request(request);
    if (!response) return response.error();
    if (response->failure) return *response->failure;
    return std::move(response->body);
  }

  FhirClient& client_;
  const WriteBack& rules_;
  const DocumentForm& form_;
  const JsonIndex& document_;
};

}  // namespace

Result<std::string> find_by_form(FhirClient& client, const WriteBack& rules,
                                 std::string_view document, std::string_view mark) {
  const auto index = JsonIndex::parse(document);
  if (!index) return index.error();
  return Form(client, rules, *index).find(mark);
}

Result<std::string> post_by_form(FhirClient& client, const WriteBack& rules,
                                 std::string_view document) {
  const auto index = JsonIndex::parse(document);
  if (!index) return index.error();
  return Form(client, rules, *index).post();
}

}  // namespace meridian::fhir
