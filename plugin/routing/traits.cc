// SPDX-License-Identifier: Apache-2.0
#include "routing/traits.h"

#include <algorithm>

#include "routing/directory.h"
#include "routing/requirements.h"

namespace meridian::routing {
namespace {

constexpr unsigned oldest = 254;  // years that a column can say

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// A receiver's columns while they are filled.
class Reading {
 public:
  Reading(const Receiver& receiver, const Policy& policy) : receiver_(receiver), policy_(policy) {}

  Traits traits() {
    read_offer();
    read_ages();
    read_licences();
    if (receiver_.agreement_until) ends(*receiver_.agreement_until);
    again_ = again_ || required("network") || required("language");
    set(Traits::look_again, again_);
    set(Traits::of_networks, !receiver_.new_patients_of.empty());
    traits_.held |= until_ << Traits::until_at;
    traits_.home = state_number(receiver_.state) << Traits::home_state_at |
                   place_number(receiver_.postal_code);
    return traits_;
  }

 private:
  bool required(std::string_view fact) const { return policy_.require.contains(fact); }
  void set(std::uint32_t bit, bool on) { traits_.bits |= on ? bit : 0; }

  void read_offer() {
    const auto& modalities = receiver_.modalities;
    const auto& modes = receiver_.visit_modes;
    traits_.held = 0;
    set(Traits::manual, modalities.empty() || contains(modalities, "manual"));
    set(Traits::electro, contains(modalities, "electro"));
    set(Traits::physical, modes.empty() || contains(modes, "physical"));
    set(Traits::virtually, modes.empty() || contains(modes, "virtual"));
    set(Traits::usable, !receiver_.paused &&
                            receiver_.accepts_new_patients.value_or(!required("new_patients")) &&
                            (receiver_.agreement_until || !required("agreement")) &&
                            (!receiver_.licences.empty() || !required("licence")));
  }

  void read_ages() {
    const int from = receiver_.age_from.value_or(0);
    const int to = receiver_.age_to.value_or(255);
    const bool sayable = from >= 0 && from <= int{oldest} && to >= 0;
    again_ = again_ || !sayable;
    if (!sayable) return;
    traits_.bits |= static_cast<std::uint32_t>(from) << Traits::age_from_at;
    traits_.bits |= static_cast<std::uint32_t>(255 - std::min(to, 255)) << Traits::age_to_at;
  }

  /// One of them must hold. Where it must hold in the patient's state, only licences of one state
  /// can be said.
  void read_licences() {
    if (receiver_.licences.empty()) return;
    const bool by_patient = policy_.licence_where_patient_lives;
    std::vector<const Licence*> useful;
    for (const auto& licence : receiver_.licences) {
      const auto& where = receiver_.state;
      const bool here =
          by_patient || where.empty() || licence.state.empty() || licence.state == where;
      if (here && may_be_valid(licence)) useful.push_back(&licence);
    }
    if (useful.empty()) {
      traits_.bits &= ~std::uint32_t{Traits::usable};
      return;
    }
    const auto& first = *useful.front();
    const bool sayable = !by_patient || (first.state == state_code(first.state) &&
                                         std::ranges::all_of(useful, [&](const auto* licence) {
                                           return licence->state == first.state;
                                         }));
    again_ = again_ || !sayable;
    if (!sayable) return;
    if (by_patient) traits_.held |= state_number(first.state);
    const bool endless = std::ranges::any_of(useful, [](const auto* one) { return !one->until; });
    if (endless) return;
    ends(*(*std::ranges::max_element(useful, {}, &Licence::until))->until);
  }

  void ends(Day last) {
    const auto number = day_number(last);
    const bool sayable = number > 0 && number < Traits::no_end;
    again_ = again_ || !sayable;
    if (sayable) until_ = std::min(until_, number);
  }

  const Receiver& receiver_;
  const Policy& policy_;
  Traits traits_;
  std::uint32_t until_ = Traits::no_end;
  bool again_ = false;
};

}  // namespace

NameBits::NameBits(const std::unordered_map<std::string, std::size_t>& counts, Width width) {
  std::vector<std::pair<std::size_t, std::string>> names;
  names.reserve(counts.size());
  for (const auto& [name, count] : counts) names.emplace_back(count, name);
  std::sort(names.begin(), names.end(), std::greater<>{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool own = i < width.own;
    const auto place = own ? i : width.own + i % width.shared;
    const auto bit = std::uint64_t{1} << place;
    bits_[names[i].second] = bit;
    if (!own && i >= width.own + width.shared) shared_ |= bit;  // the second one with this bit
  }
}

std::uint64_t NameBits::of(const std::string& name) const {
  const auto found = bits_.find(name);
  return found == bits_.end() ? 0 : found->second;
}

std::uint64_t NameBits::of(const std::vector<std::string>& names) const {
  std::uint64_t bits = 0;
  for (const auto& name : names) bits |= of(name);
  return bits;
}

Names names_of(const std::vector<Receiver>& receivers) {
  std::unordered_map<std::string, std::size_t> networks;
  std::unordered_map<std::string, std::size_t> languages;
  for (const auto& receiver : receivers) {
    for (const auto& name : receiver.networks) ++networks[name];
    for (const auto& tag : receiver.languages) ++languages[language_name(tag)];
  }
  return {NameBits(networks, {48, 16}), NameBits(languages, {6, 2})};
}

std::string language_name(std::string_view tag) {
  return normalized_name(tag.substr(0, tag.find_first_of("-_")));
}

Traits traits_of(const Receiver& receiver, const Policy& policy, const Names& names) {
  auto traits = Reading(receiver, policy).traits();
  traits.networks = names.networks.of(receiver.networks);
  std::uint64_t languages = 0;
  for (const auto& tag : receiver.languages) languages |= names.languages.of(language_name(tag));
  traits.bits |= static_cast<std::uint32_t>(languages) << Traits::languages_at;
  return traits;
}

std::uint32_t state_number(std::string_view code) {
  constexpr std::uint32_t other = 0x3ff;
  if (code.empty()) return 0;
  if (state_code(code) != code) return other;
  const auto letter = [&](std::size_t i) { return static_cast<std::uint32_t>(code[i] - 'A'); };
  return letter(0) * 26 + letter(1) + 1;
}

std::uint32_t day_number(Day day) {
  const auto days = std::int64_t{day.time_since_epoch().count()};
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(days, 0, Traits::no_end));
}

std::string_view postal_area(std::string_view postal_code) {
  return postal_code.size() < 3 ? std::string_view() : postal_code.substr(0, 3);
}

std::string_view postal_place(std::string_view postal_code) {
  return postal_code.substr(0, 5);
}

std::uint32_t area_number(std::string_view postal_code) {
  constexpr std::uint32_t other = 0xffff;
  constexpr std::string_view signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const auto area = postal_area(postal_code);
  if (area.empty()) return 0;
  std::uint32_t number = 0;
  for (const char c : area) {
    const auto place = signs.find(c);
    if (place == std::string_view::npos) return other;
    number = number * 36 + static_cast<std::uint32_t>(place);
  }
  return number + 1;
}

std::uint32_t place_number(std::string_view postal_code) {
  constexpr unsigned rest_bits = Traits::home_area_at;
  const auto place = postal_place(postal_code);
  std::uint32_t rest = 0;
  for (const char c : place.substr(postal_area(place).size())) {
    rest = rest * 10 + static_cast<unsigned char>(c);
  }
  return area_number(place) << rest_bits | (rest & ((1u << rest_bits) - 1));
}

}  // namespace meridian::routing
