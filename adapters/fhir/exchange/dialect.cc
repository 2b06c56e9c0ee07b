// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/dialect.h"

#include <algorithm>
#include <cctype>

#include "fhir/exchange/dialect_files.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/strict_json.h"

namespace meridian::fhir {
namespace {

using Kind = JsonNode::Kind;

class DialectReader {
 public:
  explicit DialectReader(const JsonIndex& index) : index_(index), json_(index) {}

  Result<Dialect> run() {
    Dialect dialect;
    const JsonNode& root = index_.root();
    if (index_.string(root, "format") != "meridian.dialect/1") json_.refuse(root, "format");
    json_.expect(root, {"format", "id", "title", "source", "software", "history", "consents",
                        "follow", "origin_watches", "receiver_watches", "notices", "server",
                        "write_back", "expected"});
    dialect.id = json_.text(root, "id");
    dialect.software = index_.string(root, "software");
    dialect.history = searches(root, "history");
    dialect.consents = searches(root, "consents");
    dialect.origin_watches = watches(root, "origin_watches");
    dialect.receiver_watches = watches(root, "receiver_watches");
    for (const JsonNode* node : json_.list(root, "follow")) dialect.follow.push_back(follow(*node));
    if (const JsonNode* said = index_.find(&root, "notices")) dialect.notices = notices(*said);
    if (const JsonNode* server = index_.find(&root, "server")) read_server(*server, dialect);
    if (const JsonNode* rules = index_.find(&root, "write_back")) {
      dialect.write_back = write_back(*rules);
    }
    if (const JsonNode* expected = index_.find(&root, "expected")) {
      dialect.expected = capabilities(*expected);
    }
    if (json_.failed()) return json_.error();
    return dialect;
  }

 private:
  /// "patient={patient}&category=survey".
  SearchParams params(const JsonNode& object, std::string_view name = "params") {
    SearchParams params;
    const std::string query = index_.string(object, name);
    for (std::size_t at = 0; at < query.size();) {
      const auto end = std::min(query.find('&', at), query.size());
      const auto pair = query.substr(at, end - at);
      const auto equals = pair.find('=');
      if (equals == std::string::npos) {
        json_.refuse(object, "params are not name=value&name=value");
        return params;
      }
      params.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
      at = end + 1;
    }
    return params;
  }

  std::vector<HistorySearch> searches(const JsonNode& object, std::string_view name) {
    std::vector<HistorySearch> searches;
    for (const JsonNode* node : json_.list(object, name)) {
      json_.expect(*node, {"kind", "type", "params"});
      searches.push_back({index_.string(*node, "kind"), json_.text(*node, "type"), params(*node)});
    }
    return searches;
  }

  Follow follow(const JsonNode& node) {
    json_.expect(node, {"path", "kind"});
    const std::string path = json_.text(node, "path");
    const auto dot = path.find('.');
    if (dot == std::string::npos) json_.refuse(node, "path is not Type.element");
    return {path.substr(0, dot), path.substr(std::min(dot, path.size() - 1) + 1),
            json_.text(node, "kind")};
  }

  std::vector<Watch> watches(const JsonNode& object, std::string_view name) {
    std::vector<Watch> watches;
    for (const JsonNode* node : json_.list(object, name)) {
      json_.expect(*node,
                   {"name", "type", "params", "by", "own", "skip_status", "follow", "along"});
      Watch watch;
      watch.name = json_.text(*node, "name");
      watch.type = json_.text(*node, "type");
      watch.params = params(*node);
      const std::string by = json_.text(*node, "by");
      if (by != "last-updated" && by != "patient")
        json_.refuse(*node, "by: last-updated or patient");
      watch.by = by == "patient" ? Watch::By::patient : Watch::By::last_updated;
      watch.own = own(*node);
      watch.skip_status = json_.texts(*node, "skip_status");
      watch.follow = json_.texts(*node, "follow");
      watch.along = searches(*node, "along");
      watches.push_back(std::move(watch));
    }
    return watches;
  }

  Watch::Own own(const JsonNode& node) {
    const std::string own = json_.text(node, "own");
    if (own == "skip") return Watch::Own::skip;
    if (own == "only") return Watch::Own::only;
    if (own == "along") return Watch::Own::along;
    if (own != "any") json_.refuse(node, "own: any, skip, only or along");
    return Watch::Own::any;
  }

  Notices notices(const JsonNode& node) {
    json_.expect(node, {"counts", "signature", "prefix", "wakes"});
    Notices notices;
    const auto* counts = index_.find(&node, "counts");
    if (counts != nullptr) notices.counts = index_.raw(*counts) == "true";
    notices.wakes = json_.flag(node, "wakes");
    notices.signature = json_.text(node, "signature");
    const auto* prefix = index_.find(&node, "prefix");
    if (prefix != nullptr) notices.prefix = index_.string(prefix);
    return notices;
  }

  Meaning meaning(const JsonNode& node) {
    constexpr std::pair<std::string_view, Meaning> words[] = {
        {"nothing", Meaning::nothing},     {"incomplete", Meaning::incomplete},
        {"expired", Meaning::expired},     {"withheld", Meaning::withheld},
        {"forbidden", Meaning::forbidden}, {"merged", Meaning::merged},
        {"tomorrow", Meaning::tomorrow}};
    const auto word = index_.string(&node);
    const auto found = std::find_if(std::begin(words), std::end(words),
                                    [&](const auto& known) { return known.first == word; });
    if (found != std::end(words)) return found->second;
    json_.refuse(node, "nothing, incomplete, expired, withheld, forbidden, merged or tomorrow");
    return Meaning::nothing;
  }

  void read_server(const JsonNode& node, Dialect& dialect) {
    json_.expect(node, {"outcome_codes", "every_search", "trace_headers", "token_gap_seconds",
                        "calls_per_minute", "algorithms", "scopes_without",
                        "patients_every_minutes", "also_below"});
    auto& habits = dialect.habits;
    for (const JsonNode* code : json_.members(node, "outcome_codes")) {
      habits.outcome_codes.emplace(code->key, meaning(*code));
    }
    habits.every_search = params(node, "every_search");
    habits.trace_headers = json_.texts(node, "trace_headers");
    habits.also_below = index_.string(node, "also_below");
    habits.token_gap = std::chrono::seconds(json_.number(node, "token_gap_seconds"));
    habits.calls_per_minute = json_.number(node, "calls_per_minute");
    dialect.patients_every = std::chrono::minutes(json_.number(node, "patients_every_minutes"));
    dialect.algorithms = json_.texts(node, "algorithms");
    dialect.scopes_without = json_.texts(node, "scopes_without");
  }

  WriteBack write_back(const JsonNode& node) {
    json_.expect(node,
                 {"media", "one_content", "period", "own_people", "signed_by", "attached",
                  "priorities", "find", "title_mark", "own_task", "conditional_entries", "form"});
    WriteBack rules;
    rules.media = json_.texts(node, "media");
    rules.one_content = json_.flag(node, "one_content");
    rules.period = json_.flag(node, "period");
    rules.own_people = json_.flag(node, "own_people");
    rules.signed_by = json_.flag(node, "signed_by");
    rules.attached = json_.flag(node, "attached");
    rules.title_mark = json_.flag(node, "title_mark");
    rules.priorities = json_.texts(node, "priorities");
    if (const JsonNode* find = index_.find(&node, "find")) {
      for (const JsonNode* type : json_.members(node, "find")) {
        rules.find.emplace(type->key, params(*find, type->key));
      }
    }
    rules.own_task = params(node, "own_task");
    if (const JsonNode* form = index_.find(&node, "form")) rules.form = document_form(*form);
    rules.conditional_entries = static_cast<std::size_t>(json_.number(node, "conditional_entries"));
    return rules;
  }

  DocumentForm document_form(const JsonNode& node) {
    json_.expect(node, {"path", "fields", "by_type", "contents", "title", "documents", "number"});
    DocumentForm form;
    form.path = json_.text(node, "path");
    form.fields = params(node, "fields");
    if (const JsonNode* types = index_.find(&node, "by_type")) {
      for (const JsonNode* type : json_.members(node, "by_type")) {
        form.by_type.emplace(type->key, params(*types, type->key));
      }
    }
    form.contents = json_.text(node, "contents");
    form.title = json_.text(node, "title");
    form.documents = json_.text(node, "documents");
    form.number = json_.text(node, "number");
    return form;
  }

  Capabilities capabilities(const JsonNode& node) {
    json_.expect(node, {"system", "types", "conditional_create", "conditional_update"});
    Capabilities capabilities;
    for (auto& name : json_.texts(node, "system")) capabilities.system_interactions.insert(name);
    const JsonNode* types = index_.find(&node, "types");
    if (types == nullptr || types->kind != Kind::object) return capabilities;
    for (const auto& type : index_.children(*types)) {
      auto& said = capabilities.types[std::string(type.key)];
      for (const auto& name : index_.children(type)) {
        said.interactions.insert(index_.string(&name));
      }
    }
    for (const auto& name : json_.texts(node, "conditional_create")) {
      capabilities.types[name].conditional_create = true;
    }
    for (const auto& name : json_.texts(node, "conditional_update")) {
      capabilities.types[name].conditional_update = true;
    }
    return capabilities;
  }

  const JsonIndex& index_;
  StrictJson json_;
};

/// Without regard to ASCII case.
bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace

Result<Dialect> read_dialect(std::string_view json) {
  const auto index = JsonIndex::parse(json, JsonIndex::Names::once);
  if (!index) return index.error();
  return DialectReader(*index).run();
}

Result<Dialect> find_dialect(std::string_view id) {
  for (std::size_t i = 0; i < dialect_file_count; ++i) {
    if (dialect_files[i].id == id) return read_dialect(dialect_files[i].json);
  }
  return Error{ErrorCode::not_found, "dialect", "no dialect of that name"};
}

std::string dialect_of(std::string_view software) {
  for (const auto& id : dialect_ids()) {
    const auto dialect = find_dialect(id);
    if (!dialect || dialect->software.empty()) continue;
    const auto name = software.substr(0, dialect->software.size());
    const bool whole = software.size() == name.size() || software[name.size()] == ' ';
    if (whole && same_letters(name, dialect->software)) return id;
  }
  return {};
}

std::vector<std::string> dialect_ids() {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < dialect_file_count; ++i) ids.emplace_back(dialect_files[i].id);
  return ids;
}

}  // namespace meridian::fhir
