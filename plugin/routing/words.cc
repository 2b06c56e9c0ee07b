// SPDX-License-Identifier: Apache-2.0
#include "routing/words.h"

#include <algorithm>

#include "routing/match.h"

namespace meridian::routing {
namespace {

std::string distance_words(const Look& look) {
  if (look.ask.visit_mode == "virtual") return "a virtual visit";
  const auto band = look.distance.band;
  if (band == Band::unknown) return "distance not known";
  if (look.distance.measured) {
    const double radius = look.directory.policy().radius_km;
    const double km[] = {10, 25, 50, radius};
    return "within " + km_text(std::min(km[static_cast<int>(band)], radius));
  }
  if (band == Band::radius) return "same state, distance not known";
  return "same postal area";
}

std::string licence_words(const Look& look) {
  const auto found = licence_of(look);
  if (found.licence == nullptr) return "licence not stated";
  const auto& licence = *found.licence;
  std::string text = "licence";
  if (!licence.state.empty()) text += " in " + licence.state;
  if (licence_needed_in(look).empty()) text += " (where it is needed is not known)";
  return text + (licence.until ? " until " + to_string(*licence.until) : ", end not stated");
}

std::string network_words(const Look& look) {
  if (look.ask.patient.networks.empty()) return "the patient's network is not known";
  switch (in_network(look.receiver, look.ask)) {
    case Known::yes:
      return "in network";
    case Known::not_stated:
      return "networks not stated";
    case Known::no:
      return "out of network, behind those in it";
  }
  return {};
}

std::string load_words(const Look& look, const Load* load) {
  if (load == nullptr) return "no offers lately";
  const int capacity =
      look.receiver.capacity_per_week.value_or(look.directory.policy().capacity_per_week);
  std::string text =
      std::to_string(load->this_week) + " of " + std::to_string(capacity) + " referrals this week";
  if (load->this_week >= capacity) text += ", past its share";
  if (load->answered == 0) return text;
  return text + ", answers in " +
         std::to_string(std::chrono::round<std::chrono::hours>(load->mean_answer).count()) +
         " hours (" + std::to_string(load->answered) + " answers)";
}

void add(std::string& text, const std::string& words) {
  if (words.empty()) return;
  text += (text.empty() ? "" : "; ") + words;
}

}  // namespace

std::string standing_words(const Look& look, const Load* load) {
  std::string text = distance_words(look);
  add(text, licence_words(look));
  add(text, network_words(look));
  switch (speaks(look.receiver, look.ask)) {
    case Known::yes:
      break;
    case Known::not_stated:
      add(text, "languages not stated, and one was asked for");
      break;
    case Known::no:
      add(text, "does not speak the language asked for, behind those who do");
      break;
  }
  if (!look.receiver.accepts_new_patients) add(text, "new patients not stated");
  if (!look.receiver.agreement_until && !look.receiver.to.empty()) {
    add(text, "end of the agreement not stated");
  }
  if (!look.receiver.eligibility.empty()) add(text, "takes: " + look.receiver.eligibility);
  if (!look.receiver.to.empty()) add(text, load_words(look, load));
  return text;
}

std::string refusal_words(const Look& look) {
  std::string text;
  for (const auto& refusal : refusals(look)) add(text, refusal);
  return text;
}

}  // namespace meridian::routing
