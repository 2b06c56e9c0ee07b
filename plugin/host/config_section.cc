// SPDX-License-Identifier: Apache-2.0
#include "host/config_section.h"

#include <algorithm>
#include <cstdint>

#include "base/time.h"
#include "host/nearest.h"

namespace meridian::host {
namespace {

std::string range(double least, double most) {
  const auto plain = [](double value) {
    auto text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  };
  return "a number from " + plain(least) + " to " + plain(most);
}

}  // namespace

template <typename T>
void Section::take(std::string_view key, T& into, const char* expected) {
  const auto* node = find(key);
  if (node == nullptr) return;
  auto value = node->value_exact<T>();
  if (!value) return refuse(*node, key, expected);
  into = std::move(*value);
}
template void Section::take(std::string_view, std::string&, const char*);
template void Section::take(std::string_view, bool&, const char*);

void Section::flag(std::string_view key, std::optional<bool>& into) {
  bool value = false;
  flag(key, value);
  if (table_.contains(key)) into = value;
}

void Section::number(std::string_view key, double& into, double least, double most) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto value = node->value<double>();
  if (!node->is_number() || !value || *value < least || *value > most) {
    return refuse(*node, key, range(least, most));
  }
  into = *value;
}

void Section::number(std::string_view key, std::optional<double>& into, double least, double most) {
  double value = 0;
  number(key, value, least, most);
  if (table_.contains(key)) into = value;
}

void Section::whole(std::string_view key, int& into, int least, int most) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < least || *value > most) {
    return refuse(*node, key, "a whole " + range(least, most).substr(2));
  }
  into = static_cast<int>(*value);
}

void Section::whole(std::string_view key, std::optional<int>& into, int least, int most) {
  int value = 0;
  whole(key, value, least, most);
  if (table_.contains(key)) into = value;
}

void Section::day(std::string_view key, std::string& into) {
  text(key, into);
  if (into.empty() || parse_day(into)) return;
  refuse(*table_.get(key), key, "a day as \"2026-11-20\"");
}

void Section::choice(std::string_view key, std::string& into,
                     std::initializer_list<std::string_view> choices) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto value = node->value_exact<std::string>();
  if (value && std::find(choices.begin(), choices.end(), *value) != choices.end()) {
    into = *value;
    return;
  }
  std::string expected = "one of";
  for (const auto& one : choices) expected += " \"" + std::string(one) + "\"";
  refuse(*node, key, expected);
}

void Section::list(std::string_view key, std::vector<std::string>& into) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  if (array == nullptr || (!array->empty() && !array->is_homogeneous<std::string>())) {
    return refuse(*node, key, "a list of strings");
  }
  into.clear();
  for (const auto& item : *array) into.push_back(*item.value<std::string>());
}

void Section::words(std::string_view key, std::vector<std::string>& into,
                    std::initializer_list<std::string_view> known) {
  list(key, into);
  for (const auto& word : into) {
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    std::string expected = "a list of";
    for (const auto& one : known) expected += " \"" + std::string(one) + "\"";
    return refuse(*table_.get(key), key, expected);
  }
}

void Section::require(std::string_view key, const std::string& value) {
  if (!value.empty()) return;
  add(line(), name_ + " has no " + std::string(key) + "; add " + std::string(key) + " = \"...\"");
}

void Section::finish() {
  for (const auto& [key, node] : table_) {
    if (known_.contains(key.str())) continue;
    std::string text = "unknown key \"" + std::string(key.str()) + "\" in " + name_;
    const auto guess = nearest(key.str(), known_);
    text += guess.empty() ? "; remove it" : "; did you mean \"" + guess + "\"?";
    add(static_cast<int>(key.source().begin.line), std::move(text));
  }
}

void Section::add(int line, std::string text) {
  issues_.push_back({Severity::error, "invalid", std::string(file_) + ":" + std::to_string(line),
                     std::move(text)});
}

const toml::node* Section::find(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

void Section::refuse(const toml::node& node, std::string_view key, const std::string& expected) {
  add(static_cast<int>(node.source().begin.line),
      name_ + ": " + std::string(key) + " must be " + expected);
}

}  // namespace meridian::host
