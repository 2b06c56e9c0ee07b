// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/handler.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "fhir/read/json_scan.h"

namespace meridian::fhir_read {
namespace {

constexpr std::array<Element, 0> no_elements{};
/// The type of objects that nobody reads.
constexpr Type opaque_type = make_type(no_elements);

constexpr std::string_view expected_words[] = {
    "a string",  "a date",    "a number", "true or false", "a string, number or boolean",
    "an object", "a resource"};
constexpr std::string_view found_words[] = {"null",     "a boolean", "a number",
                                            "a string", "an object", "an array"};

}  // namespace

bool Handler::halt(Stop why) {
  stop_ = why;
  return false;
}

bool Handler::push(void* object, const Type* type, bool resource) {
  Frame& frame = *++top_;
  frame.object = object;
  frame.type = type;
  frame.element = nullptr;
  frame.next = type->elements;
  frame.seen = 0;
  frame.index = -1;
  frame.resource = resource;
  return true;
}

/// Passes over an object or array. What cannot be passed over is left to the parser to judge.
bool Handler::skip(bool object) {
  const unsigned left = max_depth_ - nesting_ + 1;
  const char* close = skip_container(cursor_.at, end_, object, left);
  if (close != nullptr) cursor_.at = const_cast<char*>(close);
  return !object || push(nullptr, &opaque_type);
}

/// A member that appears again, or whose value nobody reads.
bool Handler::special_key(const Element& element, bool again) {
  if (again) {
    context_.notes.add(Severity::error, "structure", path(),
                       "the member appears twice; the first one is used");
  } else if (element.shape == Shape::stu3) {
    context_.notes.add_stu3(path());
  }
  if (again || element.shape != Shape::unread) top_->element = nullptr;
  return !context_.notes.full() || halt(Stop::too_many_issues);
}

bool Handler::wrong_kind(const Element& element, Kind kind, std::string_view value) {
  if (&element == &root_element) return no_resource();
  if (element.shape == Shape::unread) {
    if (value == "false") return true;
    if (element.place != nullptr) element.place(context_, top_->object);
    context_.notes.add(Severity::warning, "not-supported", path(),
                       "may change the meaning of the resource and is not understood");
    return true;
  }
  // STU3 had codes where R4 has CodeableConcepts.
  if (kind == Kind::text && element.name.text.ends_with("Status") &&
      element.shape == Shape::object) {
    context_.notes.add_stu3(path());
    return true;
  }
  std::string text = "expected ";
  text += expected_words[static_cast<int>(element.shape)];
  text += ", found ";
  text += found_words[static_cast<int>(kind)];
  if (!value.empty()) text += " " + quoted(value);
  context_.notes.add(Severity::error, "structure", path(), std::move(text));
  return true;
}

/// An essential element that could not be read counts as missing.
void Handler::unread_essential(const Element& element) {
  if (element.need != Need::essential) return;
  top_->seen &= ~(std::uint64_t{1} << (&element - top_->type->elements));
}

/// A scalar of another kind than the element has, or alone where a list is expected.
bool Handler::odd_scalar(Kind kind, std::string_view value) {
  Frame& frame = *top_;
  const Element& element = *frame.element;
  if (kind == Kind::null && &element != &root_element) {
    // In a list it holds the place of a primitive's extension, and of an object nothing.
    if (frame.index < 0 || element.shape == Shape::object) {
      context_.notes.add(Severity::warning, "structure", path(),
                         "null is no value in FHIR; read as absent");
      unread_essential(element);
    }
  } else if (!takes(element.shape, kind)) {
    unread_essential(element);
    wrong_kind(element, kind, value);
  } else {
    context_.notes.add(Severity::warning, "structure", path(),
                       "expected an array, found a single value; it is used");
    if (!element.set(context_, frame.object, value)) return bad_value(value);
  }
  count_item();
  return !context_.notes.full() || halt(Stop::too_many_issues);
}

/// A scalar of the right kind that the element does not take.
bool Handler::bad_value(std::string_view value) {
  const bool date = top_->element->shape == Shape::date;
  context_.notes.add(Severity::error, "value", path(),
                     quoted(value) + (date ? " is no FHIR date" : " is no legal value here"));
  count_item();
  return !context_.notes.full() || halt(Stop::too_many_issues);
}

bool Handler::StartObject() {
  if (++nesting_ > max_depth_) return halt(Stop::too_deep);
  Frame& frame = *top_;
  const Element* element = frame.element;
  if (element == nullptr) return skip(true);
  if (element->shape == Shape::resource) return begin_resource();
  if (element->shape != Shape::object) {
    wrong_kind(*element, Kind::object, {});
    return skip(true);
  }
  if (element->list && frame.index < 0) {
    context_.notes.add(Severity::warning, "structure", path(),
                       "expected an array, found a single object; it is used");
  }
  if (++context_.values > context_.options.max_values) return halt(Stop::too_many_values);
  return push(element->place(context_, frame.object), element->type);
}

bool Handler::EndObject(unsigned) {
  --nesting_;
  Frame& frame = *top_;
  frame.element = nullptr;  // no member is being read: paths end at the object
  if (frame.resource) {
    end_resource();
  } else if (frame.type->finish != nullptr) {
    frame.type->finish(context_, frame.object);
  }
  --top_;
  // Only references are essential; one that names nobody is as good as none.
  const Element* element = top_->element;
  if (element != nullptr && element->need == Need::essential &&
      static_cast<const Reference*>(frame.object)->empty()) {
    unread_essential(*element);
  }
  count_item();
  return !context_.notes.full() || halt(Stop::too_many_issues);
}

bool Handler::StartArray() {
  if (++nesting_ > max_depth_) return halt(Stop::too_deep);
  Frame& frame = *top_;
  if (frame.element == nullptr) return skip(false);
  if (!frame.element->list || frame.index >= 0) {
    unread_essential(*frame.element);
    wrong_kind(*frame.element, Kind::array, {});
    frame.element = nullptr;
    return skip(false);
  }
  frame.index = 0;
  return true;
}

bool Handler::EndArray(unsigned) {
  --nesting_;
  top_->index = -1;
  return true;
}

bool Handler::no_resource() {
  context_.notes.add(Severity::error, "required", path(), "no resourceType: not a FHIR resource");
  return true;
}

bool Handler::begin_resource() {
  const bool contained = top_->element->name.text == "contained";
  const unsigned left = max_depth_ - nesting_ + 1;
  const auto type = peek_resource(cursor_.at, end_, left, false).type;
  if (top_->element == &root_element) root_name_ = type;
  if (type.empty()) {
    context_.notes.add(Severity::error, "required", path(), "no resourceType: not a FHIR resource");
    return skip(true);
  }
  if (contained && context_.into == &context_.contained) {
    context_.notes.add(Severity::warning, "structure", path(),
                       "a contained resource contains another one, which is not read");
    return skip(true);
  }
  if (type == "Bundle" && !contained) return begin_bundle();
  if (++context_.resources > context_.options.max_resources) {
    return halt(Stop::too_many_resources);
  }
  if (contained) {
    context_.into = &context_.contained;
    context_.has_contained = true;
    context_.any_contained = true;
  }
  const Mapping* mapping = mapping_of(type);
  Open& open = open_.emplace_back();
  open.mapping = mapping;
  open.contained = contained;
  open.offset = base_ + cursor_.Tell() - 1;
  open.path = path();
  if (!contained) add_span(open, type);
  if (mapping == nullptr) return begin_unmapped(open, type);
  open.record = mapping->begin(*context_.into, context_);
  return push(open.record, mapping->type, true);
}

void Handler::add_span(const Open& open, std::string_view type) {
  auto& span = context_.out.resources.emplace_back();
  span.type = type;
  span.offset = open.offset;
  span.mapped = open.mapping != nullptr;
}

bool Handler::begin_unmapped(const Open& open, std::string_view type) {
  if (is_stu3_resource(type)) {
    context_.notes.add_stu3(open.path);
  } else if (!is_r4_resource(type)) {
    context_.notes.add(Severity::error, "not-supported", open.path,
                       quoted(type) + " is no resource type of FHIR R4");
  }
  if (!open.contained) {
    const unsigned left = max_depth_ - nesting_ + 1;
    context_.out.resources.back().id = peek_resource(cursor_.at, end_, left, true).id;
  }
  skip(true);
  top_->resource = true;
  return true;
}

bool Handler::begin_bundle() {
  return push(&context_.bundles.emplace_back(), &bundle_type);
}

/// Reports what is missing. False: the record cannot be used.
bool Handler::complete(const Frame& frame, const Open& open) {
  const std::uint64_t missing = ~frame.seen;
  if (((frame.type->required | frame.type->essential) & missing) == 0) return true;
  bool usable = true;
  for (unsigned i = 0; i < frame.type->count; ++i) {
    const Element& element = frame.type->elements[i];
    if ((missing >> i & 1) == 0 || element.need == Need::optional) continue;
    const bool essential = element.need == Need::essential && !open.contained;
    if (essential) usable = false;
    context_.notes.add(essential ? Severity::error : Severity::warning, "required",
                       open.path + "." + std::string(element.name.text),
                       essential
                           ? "missing or refers to nothing; the resource cannot be used without it"
                           : "missing");
  }
  return usable;
}

void Handler::end_resource() {
  Open open = std::move(open_.back());
  open_.pop_back();
  const std::size_t size = base_ + cursor_.Tell() - open.offset;
  const bool usable = open.record != nullptr && complete(*top_, open);
  if (open.record != nullptr) {
    auto& provenance = open.record->provenance;
    provenance.source_id = context_.options.source_id;
    provenance.message_id = context_.message_id;
    provenance.received_at = context_.options.received_at;
    provenance.path = std::move(open.path);
    provenance.offset = open.offset;
    provenance.size = size;
    if (top_->type->finish != nullptr) top_->type->finish(context_, open.record);
  }
  if (open.contained) {
    if (open.record != nullptr) open.record->ref.insert(0, "#");
    context_.into = &context_.out;
    return;
  }
  auto& span = context_.out.resources.back();
  span.size = size;
  if (open.record != nullptr) span.id = std::move(open.record->ref);
  if (open.record != nullptr && !usable) {
    open.mapping->drop(context_.out, context_);
    span.mapped = false;
  }
  context_.pending = {usable && open.mapping->named ? open.record : nullptr,
                      context_.out.resources.size() - 1, true};
  if (context_.bundles.empty()) finish_pending(context_, {});
}

void Handler::abandon() {
  if (!open_.empty()) {
    const Open& outer = open_.front();
    if (outer.record != nullptr) outer.mapping->drop(context_.out, context_);
    context_.out.resources.pop_back();
    context_.contained = {};
    context_.contained_drugs.clear();
    context_.has_contained = false;
    context_.into = &context_.out;
    context_.forms.clear();
    context_.extensions.clear();
    context_.open_items.clear();
    open_.clear();
  }
  if (context_.pending.any) {
    std::string none;
    auto& full_url = context_.bundles.empty() ? none : context_.bundles.back().entry.full_url;
    finish_pending(context_, std::move(full_url));
  }
  if (!context_.bundles.empty() && context_.out.bundle_type.empty()) {
    context_.out.bundle_type = context_.bundles.front().type;
  }
  context_.bundles.clear();
}

std::string Handler::path() const {
  // Each resource has one, so it is written in place and allocated once.
  std::array<char, 512> text;
  char* at = text.data();
  char* const end = text.data() + text.size() - 16;  // room for ".[" and an index
  const auto add = [&](std::string_view name) {
    const auto size = std::min(name.size(), static_cast<std::size_t>(end - at));
    at = std::copy_n(name.data(), size, at);
  };
  add(root_name_);
  for (const Frame* frame = frames_.data() + 1; frame <= top_ && at < end; ++frame) {
    if (frame->element == nullptr) continue;
    if (at != text.data()) *at++ = '.';
    if (at < end) add(frame->element->name.text);
    if (frame->index < 0) continue;
    *at++ = '[';
    at = std::to_chars(at, text.data() + text.size() - 1, frame->index).ptr;
    *at++ = ']';
  }
  return {text.data(), at};
}

}  // namespace meridian::fhir_read
