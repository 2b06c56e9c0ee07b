// SPDX-License-Identifier: Apache-2.0
#include "unit/routing/random_directory.h"

#include <algorithm>

namespace meridian::routing {
namespace {

std::discrete_distribution<> zipf(int count) {
  std::vector<double> weights;
  for (int i = 1; i <= count; ++i) weights.push_back(1.0 / i);
  return {weights.begin(), weights.end()};
}

std::discrete_distribution<> equal(int count) {
  const std::vector<double> weights(static_cast<std::size_t>(count), 1);
  return {weights.begin(), weights.end()};
}

}  // namespace

Day asking_day() {
  return *parse_day("2026-11-20");
}

RandomTown::RandomTown(std::uint32_t seed, Shape shape)
    : random_(seed),
      shape_(shape),
      pick_city_(shape.equal_cities ? equal(shape.cities) : zipf(shape.cities)),
      pick_network_(zipf(shape.networks)),
      pick_service_(zipf(shape.services)) {
  for (int i = 0; i < shape.cities; ++i) {
    City city;
    city.middle = {25 + 24 * portion(), -125 + 58 * portion()};
    // A state is six degrees by six.
    city.state = {static_cast<char>('A' + static_cast<int>((city.middle.latitude - 25) / 6)),
                  static_cast<char>('A' + static_cast<int>((city.middle.longitude + 125) / 6))};
    city.postal_code = std::to_string(10000 + i);
    cities_.push_back(city);
  }
}

Position RandomTown::near(const City& city) {
  std::normal_distribution<> off(0, 0.1);
  return {city.middle.latitude + off(random_), city.middle.longitude + off(random_)};
}

std::string RandomTown::service() {
  const int number = pick_service_(random_);
  if (number > 1) return "service " + std::to_string(number);
  return number == 0 ? "acupuncture" : "spine_surgery";
}

void RandomTown::make_odd(Receiver& receiver) {
  switch (whole(0, 3)) {
    case 0:
      receiver.age_from = whole(0, 30);
      break;
    case 1:
      receiver.licences.push_back({"AA", asking_day() + std::chrono::days(whole(-90, 400)), ""});
      break;
    case 2:
      receiver.licences.front().status = chance(0.5) ? "revoked" : "active";
      break;
    default:
      receiver.new_patients_of = {network()};
      break;
  }
}

Receiver RandomTown::receiver(std::size_t number) {
  const auto& home = city();
  Receiver receiver;
  receiver.id = "HealthcareService/" +
                std::to_string(std::uniform_int_distribution<std::uint64_t>()(random_)) + "-" +
                std::to_string(number);
  if (chance(shape_.connected)) receiver.to = DestinationId("d" + std::to_string(number));
  receiver.name = "Clinic " + std::to_string(number);
  receiver.service = service();
  if (chance(0.4)) receiver.modalities = {"manual", "electro"};
  if (chance(shape_.placed)) receiver.position = near(home);
  receiver.state = home.state;
  receiver.postal_code = home.postal_code;
  if (chance(0.9)) {
    receiver.licences = {{home.state, asking_day() + std::chrono::days(whole(-90, 900)), ""}};
  }
  if (chance(0.9)) receiver.accepts_new_patients = chance(0.6);
  for (int i = whole(0, 4); i > 0; --i) receiver.networks.push_back(network());
  if (chance(0.1)) receiver.visit_modes = {"virtual"};
  if (chance(0.3)) receiver.languages = {chance(0.5) ? "es" : "zh"};
  receiver.paused = chance(0.02);
  if (!receiver.licences.empty() && chance(shape_.odd)) make_odd(receiver);
  return receiver;
}

std::vector<Receiver> RandomTown::receivers(std::size_t count) {
  std::vector<Receiver> receivers;
  receivers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) receivers.push_back(receiver(i));
  return receivers;
}

Ask RandomTown::ask() {
  const auto& home = city();
  Ask ask;
  ask.service = service();
  if (ask.service == "acupuncture") ask.visit_mode = "physical";
  ask.modality = chance(0.2) ? "electro" : "manual";
  if (chance(shape_.placed)) ask.patient.position = near(home);
  ask.patient.state = home.state;
  ask.patient.postal_code = home.postal_code;
  ask.patient.age = whole(16, 90);
  if (chance(0.5)) ask.patient.networks = {network(), network()};
  if (chance(0.05)) ask.patient.language = "es";
  ask.on = asking_day();
  return ask;
}

Loads RandomTown::loads(const std::vector<Receiver>& receivers, std::size_t count) {
  Loads loads;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& receiver =
        receivers[static_cast<std::size_t>(whole(0, static_cast<int>(receivers.size()) - 1))];
    const bool again = std::any_of(loads.begin(), loads.end(), [&](const Load& load) {
      return load.destination == receiver.to;
    });
    if (receiver.to.empty() || again) continue;
    loads.push_back({receiver.to, whole(0, 14), whole(0, 9), std::chrono::hours(whole(1, 120))});
  }
  return loads;
}

}  // namespace meridian::routing
