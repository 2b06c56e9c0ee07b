// SPDX-License-Identifier: Apache-2.0
// Copies the bytes between the tokens that stay.
#include "fhir/exchange/json_edit.h"

#include <set>

#include "fhir/exchange/element_policy.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

using Kind = JsonNode::Kind;

/// Where in the resource the writer stands, and what the profile says of it.
struct Place {
  std::string path;       ///< for the report: Condition.note
  std::string inner;      ///< for the profile: note; empty at the root of a resource
  std::string_view name;  ///< of the element, also for the members of a list
  const std::vector<std::string>* allowed = nullptr;  ///< nullptr: everything below is kept
};

/// Keeps the bytes between two kept neighbours, and makes the comma right where one went.
struct Separator {
  explicit Separator(std::size_t from) : end(from) {}
  void wrote(std::size_t at) {
    end = at;
    any = true;
    touching = true;
  }
  void skipped(std::size_t at) {
    end = at;
    touching = false;
  }
  std::size_t end;       ///< of the last child, kept or not
  bool any = false;      ///< a child was written
  bool touching = true;  ///< the last child was written, or there was none
};

/// What becomes of an object that may be a Reference.
struct Fate {
  enum class Kind { plain, rewritten, bare, gone };
  Kind kind = Kind::plain;
  std::string reference;  ///< the new one, when rewritten
};

class Editor {
 public:
  Editor(const JsonIndex& index, const JsonEdit& edit) : index_(index), edit_(edit) {}

  Result<EditedJson> run() {
    const JsonNode& root = index_.root();
    const std::string type = index_.string(root, "resourceType");
    if (root.kind != Kind::object || type.empty()) {
      return Error{ErrorCode::malformed, "edit_resource", "not a resource"};
    }
    Place place{type, "", "", nullptr};
    if (edit_.profile != nullptr) {
      const auto found = edit_.profile->allowed.find(type);
      if (found == edit_.profile->allowed.end()) {
        return Error{ErrorCode::forbidden, "edit_resource", "type is not in the field profile"};
      }
      place.allowed = &found->second;
    }
    keep_contained(root);
    if (!write(root, place)) return Error{ErrorCode::malformed, "edit_resource", "nothing is left"};
    if (edit_.profile != nullptr && !removed_.empty() &&
        kept_narrative_) {  // the narrative repeats what was removed
      out_.clear();
      done_.clear();
      drop_narrative_ = true;
      write(root, place);
    }
    return EditedJson{std::move(out_), {removed_.begin(), removed_.end()}, meaning_lost_};
  }

 private:
  /// Notes which contained resources stay, so that references to the others can go.
  void keep_contained(const JsonNode& root) {
    const JsonNode* list = index_.find(&root, "contained");
    if (list == nullptr) return;
    for (const auto& node : index_.children(*list)) {
      const std::string type = index_.string(node, "resourceType");
      if (edit_.profile == nullptr || edit_.profile->allowed.count(type) != 0) {
        contained_.insert("#" + index_.string(node, "id"));
      }
    }
  }

  /// Writes a value; false, with nothing written, when nothing of it stays.
  bool write(const JsonNode& node, const Place& place) {
    if (node.kind == Kind::object) return write_object(node, place);
    if (node.kind == Kind::array) return write_array(node, place);
    out_ += index_.raw(node);
    return true;
  }

  bool write_array(const JsonNode& node, const Place& place) {
    const std::size_t mark = out_.size();
    Separator separator(node.begin + 1);
    out_ += '[';
    bool was_empty = true;
    for (const auto& child : index_.children(node)) {
      was_empty = false;
      const std::size_t before = out_.size();
      lead(separator, child.begin);
      if (write(child, place)) {
        separator.wrote(child.end);
      } else {
        out_.resize(before);
        separator.skipped(child.end);
      }
    }
    return finish(node, separator, mark, was_empty);
  }

  bool write_object(const JsonNode& node, const Place& outer) {
    Place place = outer;
    if (!enter_contained(node, place)) return false;
    const Fate fate = reference_fate(node, place);
    if (fate.kind == Fate::Kind::gone) return gone(place);
    const std::size_t mark = out_.size();
    const bool is_root = &node == &index_.root();
    Separator separator(node.begin + 1);
    out_ += '{';
    bool was_empty = true;
    for (const auto& child : index_.children(node)) {
      was_empty = false;
      const std::size_t before = out_.size();
      lead(separator, child.key_begin);
      out_ += index_.text().substr(child.key_begin, child.begin - child.key_begin);
      if (write_member(node, child, place, fate)) {
        separator.wrote(child.end);
      } else {
        out_.resize(before);
        separator.skipped(child.end);
      }
    }
    if (is_root) append_new(separator);
    if (finish(node, separator, mark, was_empty)) return true;
    return fate.kind == Fate::Kind::bare && gone(place);
  }

  Fate reference_fate(const JsonNode& node, const Place& place) {
    const JsonNode* member = index_.find(&node, "reference");
    if (member == nullptr || member->kind != Kind::string) return {};
    const std::string written = index_.string(member);
    if (written.starts_with('#')) {
      if (written == "#" || contained_.count(written) != 0) return {};
      report(place.path);
      return {Fate::Kind::gone, {}};
    }
    if (!edit_.reference) return {};
    auto moved = edit_.reference(written);
    if (moved) return {Fate::Kind::rewritten, std::move(*moved)};
    report(place.path);
    std::string type = type_of_reference(written);
    if (type.empty()) type = index_.string(node, "type");
    const bool named = names_people_or_places(type) && index_.find(&node, "display") != nullptr;
    return {named ? Fate::Kind::bare : Fate::Kind::gone, {}};
  }

  /// A reference that goes but must be there says that it is not sent.
  bool gone(const Place& place) {
    if (!is_required_reference(place.name)) return false;
    out_ += R"({"display":"not sent"})";
    return true;
  }

  bool write_member(const JsonNode& object, const JsonNode& child, const Place& place,
                    const Fate& fate) {
    const bool is_root = &object == &index_.root();
    if (is_root && set_member(child)) return true;
    if (is_root && is_dropped(child.key)) return false;
    if (child.key == "reference" && fate.kind == Fate::Kind::bare) return false;
    if (child.key == "reference" && fate.kind == Fate::Kind::rewritten) {
      out_ += json_string(fate.reference);
      return true;
    }
    if (child.key == "url" && holds_attachment(place.name)) return write_url(child, place);
    Place inner = place;
    inner.path += "." + std::string(child.key);
    inner.name = child.key;
    if (!allow(child, place, inner)) return false;
    if (is_root && child.key == "identifier" && !edit_.add_identifiers.empty()) {
      return write_identifiers(child, inner);
    }
    if (is_narrative(child, place)) kept_narrative_ = true;
    return write(child, inner);
  }

  /// Applies the profile to a member; `inner` gets what holds below it.
  bool allow(const JsonNode& child, const Place& place, Place& inner) {
    if (place.allowed == nullptr) return true;
    const bool at_root = place.inner.empty();
    if (at_root && child.key == "contained") return true;
    if (at_root && is_narrative(child, place) && drop_narrative_) return false;
    inner.inner = at_root ? std::string(child.key) : place.inner + "." + std::string(child.key);
    auto verdict = judge(*place.allowed, inner.inner);
    if (at_root && is_always_kept(child.key)) verdict = Verdict::whole;
    if (at_root && child.key == "meta" && verdict == Verdict::removed) {
      inner.allowed = &kept_of_meta();
      return true;
    }
    if (verdict == Verdict::whole) inner.allowed = nullptr;
    if (verdict != Verdict::removed) return true;
    if (child.key == "modifierExtension" || child.key == "implicitRules") meaning_lost_ = true;
    if (place.inner != "meta" && !(at_root && child.key == "text")) report(inner.path);
    return false;
  }

  bool is_dropped(std::string_view name) const {
    for (const auto& dropped : edit_.drop) {
      if (dropped == name) return true;
    }
    return false;
  }

  bool is_narrative(const JsonNode& child, const Place& place) const {
    return child.key == "text" && place.inner.empty() && index_.find(&child, "div") != nullptr;
  }

  /// A contained resource is judged by its own type.
  bool enter_contained(const JsonNode& node, Place& place) {
    if (place.name != "contained" || edit_.profile == nullptr) return true;
    const std::string type = index_.string(node, "resourceType");
    const auto found = edit_.profile->allowed.find(type);
    if (found == edit_.profile->allowed.end()) {
      report(place.path);
      return false;
    }
    place.path = type;
    place.inner.clear();
    place.name = "";
    place.allowed = &found->second;
    return true;
  }

  /// An address that leads to the sender's server is of no use to the receiver, and may be a key.
  bool write_url(const JsonNode& child, const Place& place) {
    if (!edit_.reference) {
      out_ += index_.raw(child);
      return true;
    }
    const auto moved = edit_.reference(index_.string(&child));
    if (moved) {
      out_ += json_string(*moved);
      return true;
    }
    report(place.path + ".url");
    return false;
  }

  bool set_member(const JsonNode& child) {
    for (const auto& [name, value] : edit_.set) {
      if (name != child.key) continue;
      out_ += value;
      done_.insert(name);
      return true;
    }
    return false;
  }

  bool write_identifiers(const JsonNode& node, const Place& place) {
    done_.insert("identifier");
    if (node.kind != Kind::array) return false;
    const std::size_t mark = out_.size();
    std::string list;
    for (const auto& identifier : edit_.add_identifiers) list += identifier + ",";
    const bool others = node.first_child != JsonNode::none && write_array(node, place);
    if (!others) {
      list.back() = ']';
      out_ += "[" + list;
      return true;
    }
    out_.insert(mark + 1, list);
    return true;
  }

  /// Members that were not in the resource.
  void append_new(Separator& separator) {
    const auto append = [&](const std::string& name, const std::string& value) {
      if (!done_.insert(name).second) return;
      if (separator.any) out_ += ',';
      out_ += json_string(name) + ":" + value;
      separator.any = true;
    };
    for (const auto& [name, value] : edit_.set) append(name, value);
    if (edit_.add_identifiers.empty()) return;
    std::string list = "[";
    for (const auto& identifier : edit_.add_identifiers) list += identifier + ",";
    list.back() = ']';
    append("identifier", list);
  }

  void lead(const Separator& separator, std::size_t until) {
    const auto between = index_.text().substr(separator.end, until - separator.end);
    if (separator.touching) {
      out_ += between;
      return;
    }
    if (separator.any) out_ += ',';
    for (const char c : between) {
      if (c != ',') out_ += c;
    }
  }

  bool finish(const JsonNode& node, const Separator& separator, std::size_t mark, bool was_empty) {
    if (!separator.any && !was_empty) {
      out_.resize(mark);
      return false;
    }
    out_ += index_.text().substr(separator.end, node.end - separator.end);
    return true;
  }

  void report(const std::string& path) { removed_.insert(path); }

  const JsonIndex& index_;
  const JsonEdit& edit_;
  std::string out_;
  std::set<std::string> removed_;
  std::set<std::string> contained_;  ///< "#id" of the contained resources that stay
  std::set<std::string> done_;       ///< members of edit_.set that were written
  bool kept_narrative_ = false;
  bool drop_narrative_ = false;
  bool meaning_lost_ = false;
};

}  // namespace

Result<EditedJson> edit_resource(std::string_view resource, const JsonEdit& edit) {
  const auto index = JsonIndex::parse(resource, JsonIndex::Names::once);
  if (!index) return index.error();
  return Editor(*index, edit).run();
}

}  // namespace meridian::fhir
