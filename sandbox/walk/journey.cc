// SPDX-License-Identifier: Apache-2.0
#include "walk/journey.h"

namespace meridian::sandbox {

People::People(Town& at) : town(at) {
  for (std::size_t i = 0; i < at.hospitals().size(); ++i) hospitals.emplace_back(at, i);
  for (std::size_t i = 0; i < at.clinics().size(); ++i) {
    tasks_to_be.push_back(clinics.emplace_back(at, i).all_tasks());
  }
}

Journey::Journey(People& people, std::size_t hospital, const std::string& name,
                 const std::string& patient, const std::string& expected)
    : people_(people), hospital_(hospital) {
  const bool whole = name.starts_with("ServiceRequest/");
  fate_.order = whole ? name : "ServiceRequest/sr-" + name + "-acupuncture";
  fate_.patient = patient;
  fate_.expected = expected;
  fate_.good = true;
}

bool Journey::require(bool done, const std::string& what) {
  if (!fate_.seen.empty()) fate_.seen += ", ";
  fate_.seen += (done ? "" : "NOT ") + what;
  fate_.good = fate_.good && done;
  ++fate_.steps;
  return done;
}

bool Journey::shows(const std::vector<std::string>& words, const std::string& what,
                    const std::string& without) {
  return require(hospital().sees(order(), words, without), what);
}

const std::string& Journey::listed() {
  wait_for(patience(), [&] {
    town().check_meridian();
    fate_.referral = town().referral(order())["id"].text();
    return !fate_.referral.empty();
  });
  return fate_.referral;
}

const std::string& Journey::referral() {
  if (fate_.referral.empty()) {
    wait_for(patience(), [&] {
      town().check_meridian();
      fate_.referral = hospital().referral_id(order());
      return !fate_.referral.empty();
    });
  }
  return fate_.referral;
}

std::optional<Json> Journey::receives(std::size_t which, const std::string& referral) {
  if (referral.empty()) return std::nullopt;
  auto task = clinic(which).new_task(referral, patience());
  if (task) ++people_.tasks_to_be.at(which);
  return task;
}

std::optional<Json> Journey::arrives(std::size_t which, const std::string& what) {
  auto task = receives(which, referral());
  require(task.has_value(), what);
  return task;
}

void Journey::at_clinics(const std::vector<std::size_t>& expected) {
  bool right = !referral().empty();
  fate_.delivered.clear();
  for (std::size_t i = 0; i < expected.size() && right; ++i) {
    const std::size_t tasks = clinic(i).tasks(referral());
    fate_.delivered += (i == 0 ? "" : " + ") + std::to_string(tasks);
    right = tasks == expected[i] && clinic(i).orders(referral()) == expected[i];
  }
  std::size_t wanted = 0;
  for (const auto count : expected) wanted += count;
  require(right, wanted == 0 ? "nothing sent" : "no more than that");
}

void Journey::at_v2_clinic(std::size_t messages) {
  bool right = messages == 1 && !referral().empty();
  for (std::size_t i = 0; i < people_.clinics.size() && right; ++i) {
    right = clinic(i).tasks(referral()) == 0;
  }
  fate_.delivered = std::to_string(messages) + " by HL7 v2";
  require(right, "no more than that");
}

void Journey::close() {
  if (fate_.record.empty()) fate_.record = hospital().status(order());
  fate_.meridian = town().referral(order())["state"].text();
  town().story().add(fate_);
}

}  // namespace meridian::sandbox
