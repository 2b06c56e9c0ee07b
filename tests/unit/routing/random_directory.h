// SPDX-License-Identifier: Apache-2.0
// Made-up directories and patients of any size, the same for the same seed.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "routing/ask.h"
#include "routing/directory.h"

namespace meridian::routing {

/// Cities and networks differ in size as they do on earth: the second has half of the first's, the
/// third a third (Zipf).
class RandomTown {
 public:
  struct Shape {
    int cities = 3000;
    int services = 2;  ///< acupuncture, spine_surgery, and others; the first is the most frequent
    double connected = 1;  ///< share with a connection
    double placed = 1;     ///< share with a position
    double odd = 0.05;     ///< share whose columns do not tell all: two licences ...
    bool equal_cities = false;
    int networks = 64;
  };

  RandomTown(std::uint32_t seed, Shape shape);

  std::vector<Receiver> receivers(std::size_t count);
  /// A patient's question; it asks for a network and a language at times.
  Ask ask();
  /// Offers and answers of some of them.
  Loads loads(const std::vector<Receiver>& receivers, std::size_t count);

 private:
  struct City {
    Position middle;
    std::string state;
    std::string postal_code;
  };
  double portion() { return std::uniform_real_distribution<>(0, 1)(random_); }
  int whole(int least, int most) { return std::uniform_int_distribution<>(least, most)(random_); }
  bool chance(double share) { return portion() < share; }
  const City& city() { return cities_[static_cast<std::size_t>(pick_city_(random_))]; }
  Position near(const City& city);
  std::string service();
  std::string network() { return "network " + std::to_string(pick_network_(random_)); }
  Receiver receiver(std::size_t number);
  void make_odd(Receiver& receiver);

  std::mt19937 random_;
  Shape shape_;
  std::vector<City> cities_;
  std::discrete_distribution<> pick_city_;
  std::discrete_distribution<> pick_network_;
  std::discrete_distribution<> pick_service_;
};

/// 2026-11-20, the day of every question.
Day asking_day();

}  // namespace meridian::routing
