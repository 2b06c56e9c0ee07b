// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/referral_dialect.h"

#include <algorithm>

#include "fhir/exchange/referral_files.h"
#include "fhir/exchange/strict_json.h"

namespace meridian::fhir {
namespace {

using Kind = JsonNode::Kind;

/// The value at "status code", else at "status".
template <typename Map>
auto find_form(const Map& map, const TaskForm& form) {
  const auto found = map.find(form.status + " " + form.code);
  return found != map.end() ? found : map.find(form.status);
}

class ReferralDialectReader {
 public:
  explicit ReferralDialectReader(const JsonIndex& index) : index_(index), json_(index) {}

  Result<ReferralDialect> run() {
    const JsonNode& root = index_.root();
    if (index_.string(root, "format") != "meridian.referral_dialect/1") {
      json_.refuse(root, "format is meridian.referral_dialect/1");
    }
    json_.expect(root, {"format", "id", "title", "source", "system", "abort", "cancel", "mistake",
                        "reason_for", "steps", "shown", "reads", "lost"});
    made_.id = json_.text(root, "id");
    made_.title = json_.text(root, "title");
    if (json_.texts(root, "source").empty()) json_.refuse(root, "source is missing");
    made_.system = index_.string(root, "system");
    made_.abort = truth(root, "abort");
    for (const auto* node : json_.members(root, "steps")) {
      auto& next = made_.steps[std::string(node->key)];
      next = json_.texts(root_member("steps"), node->key);
    }
    check_steps();
    made_.cancel = form(member(root, "cancel"));
    made_.mistake = form(member(root, "mistake"));
    made_.reason_for = json_.texts(root, "reason_for");
    for (const auto* node : json_.members(root, "shown")) {
      made_.shown[std::string(node->key)] = showings(*node);
    }
    for (const auto* node : json_.members(root, "reads")) {
      if (node->kind != Kind::string) json_.refuse(*node, "a text is due");
      made_.reads[std::string(node->key)] = index_.string(node);
    }
    for (const auto* node : json_.members(root, "lost")) {
      json_.expect(*node, {"as", "words"});
      made_.lost[std::string(node->key)] = {json_.texts(*node, "as"), json_.text(*node, "words")};
    }
    check_states();
    if (json_.failed()) return json_.error();
    return std::move(made_);
  }

 private:
  const JsonNode& member(const JsonNode& object, std::string_view name) {
    const auto* found = index_.find(&object, name);
    if (found == nullptr) json_.refuse(object, "a member is missing");
    return found == nullptr ? object : *found;
  }
  const JsonNode& root_member(std::string_view name) { return member(index_.root(), name); }

  bool truth(const JsonNode& object, std::string_view name) {
    const auto& node = member(object, name);
    const auto raw = index_.raw(node);
    if (raw != "true" && raw != "false") json_.refuse(node, "true or false is due");
    return raw == "true";
  }

  /// {"status", "code"}, on a step of the dialect.
  TaskForm form(const JsonNode& node) {
    json_.expect(node, {"status", "code", "through"});
    TaskForm form{json_.text(node, "status"), index_.string(node, "code")};
    const bool known = made_.steps.empty() || made_.steps.count(made_.step_key(form)) != 0;
    if (!known) json_.refuse(node, "no step leads there");
    if (!form.code.empty() && made_.system.empty()) json_.refuse(node, "a code without a system");
    return form;
  }

  std::vector<Showing> showings(const JsonNode& list) {
    std::vector<Showing> showings;
    for (const auto* node : json_.list(root_member("shown"), list.key)) {
      Showing showing;
      const auto stays = index_.string(*node, "stays");
      if (!stays.empty()) {
        json_.expect(*node, {"stays"});
        if (stays != "open" && stays != "always") json_.refuse(*node, "stays: open or always");
        showing.stays = stays == "open" ? Showing::Stays::open : Showing::Stays::always;
      } else {
        showing.form = form(*node);
        if (index_.find(node, "through") != nullptr) showing.through = through(*node);
      }
      showings.push_back(std::move(showing));
    }
    if (showings.empty()) json_.refuse(list, "a state that is shown in no way");
    return showings;
  }

  std::vector<std::string> through(const JsonNode& node) {
    auto keys = json_.texts(node, "through");
    for (const auto& key : keys) {
      if (made_.steps.count(key) == 0) json_.refuse(node, "through a step that there is not");
    }
    return keys;
  }

  void check_steps() {
    for (const auto& [from, next] : made_.steps) {
      for (const auto& to : next) {
        if (made_.steps.count(to) == 0) {
          json_.refuse(root_member("steps"), "a step to where none goes on");
        }
      }
    }
    if (!made_.steps.empty() && made_.steps.count("") == 0) {
      json_.refuse(root_member("steps"), "the first step is missing");
    }
  }

  /// Whatever is read or lost is a state that is shown, and whatever is shown can be read.
  void check_states() {
    for (const auto& [key, state] : made_.reads) {
      if (made_.shown.count(state) == 0) json_.refuse(root_member("reads"), "an unknown state");
    }
    for (const auto& [state, loss] : made_.lost) {
      if (made_.shown.count(state) == 0) json_.refuse(root_member("lost"), "an unknown state");
    }
    for (const auto& [state, showings] : made_.shown) {
      for (const auto& showing : showings) {
        const bool read = showing.stays != Showing::Stays::no || !made_.read(showing.form).empty();
        if (!read) json_.refuse(root_member("shown"), "a form that nobody can read");
      }
    }
  }

  const JsonIndex& index_;
  StrictJson json_;
  ReferralDialect made_;
};

}  // namespace

std::string ReferralDialect::step_key(const TaskForm& form) const {
  const auto found = find_form(steps, form);
  return found == steps.end() ? form.status : found->first;
}

std::string ReferralDialect::read(const TaskForm& form) const {
  const auto found = find_form(reads, form);
  return found == reads.end() ? std::string() : found->second;
}

bool ReferralDialect::is_over(const TaskForm& form) const {
  const auto found = steps.find(step_key(form));
  if (found == steps.end()) return false;
  const auto mistakes = std::count(found->second.begin(), found->second.end(), step_key(mistake));
  return found->second.size() == static_cast<std::size_t>(mistakes);
}

Result<ReferralDialect> read_referral_dialect(std::string_view json) {
  const auto index = JsonIndex::parse(json, JsonIndex::Names::once);
  if (!index) return index.error();
  return ReferralDialectReader(*index).run();
}

Result<ReferralDialect> find_referral_dialect(std::string_view id) {
  for (std::size_t i = 0; i < referral::dialect_file_count; ++i) {
    const auto& file = referral::dialect_files[i];
    if (file.id == id) return read_referral_dialect(file.json);
  }
  return Error{ErrorCode::not_found, "dialect", "no referral dialect of that name"};
}

std::vector<std::string> referral_dialect_ids() {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < referral::dialect_file_count; ++i) {
    ids.emplace_back(referral::dialect_files[i].id);
  }
  return ids;
}

}  // namespace meridian::fhir
