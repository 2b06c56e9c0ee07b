// SPDX-License-Identifier: Apache-2.0
// A JSON value whose numbers stay as they were written (FHIR: 1.50 is not 1.5).
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meridian::sandbox {

class Json {
 public:
  enum class Kind { null, boolean, number, string, array, object };

  Json() = default;
  Json(std::string text) : kind_(Kind::string), text_(std::move(text)) {}      // NOLINT: implicit
  Json(std::string_view text) : kind_(Kind::string), text_(text) {}            // NOLINT: implicit
  Json(const char* text) : kind_(Kind::string), text_(text) {}                 // NOLINT: implicit
  Json(bool value) : kind_(Kind::boolean), text_(value ? "true" : "false") {}  // NOLINT: implicit
  Json(int value) : kind_(Kind::number), text_(std::to_string(value)) {}       // NOLINT: implicit
  Json(std::size_t value) : kind_(Kind::number), text_(std::to_string(value)) {}  // NOLINT: same

  static Json array(std::vector<Json> items = {});
  static Json object(std::initializer_list<std::pair<std::string_view, Json>> members = {});
  static Json number(std::string_view token);

  /// Nothing when the text is not one JSON value; `problem` then says where.
  static std::optional<Json> parse(std::string_view text, std::string* problem = nullptr);

  std::string dump() const;

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_string() const { return kind_ == Kind::string; }

  /// A string's, number's or boolean's text; "" for the rest.
  const std::string& text() const { return text_; }

  /// The member or item; a null value when there is none.
  const Json& operator[](std::string_view key) const;
  const Json& operator[](std::size_t index) const;

  /// Makes this an object with that member; the last one of a name wins.
  Json& set(std::string_view key, Json value);
  /// The member to change; made when absent.
  Json& member(std::string_view key);
  void remove(std::string_view key);
  /// Makes this an array with one item more.
  Json& push(Json value);

  std::size_t size() const { return items_.size(); }
  const std::vector<Json>& items() const { return items_; }  ///< of arrays and objects
  std::vector<Json>& items() { return items_; }
  const std::vector<std::string>& keys() const { return keys_; }  ///< of objects, as items()

  friend bool operator==(const Json&, const Json&) = default;

 private:
  void write(std::string& out) const;

  Kind kind_ = Kind::null;
  std::string text_;
  std::vector<std::string> keys_;
  std::vector<Json> items_;
};

}  // namespace meridian::sandbox
