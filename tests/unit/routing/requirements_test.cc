// SPDX-License-Identifier: Apache-2.0
// Each requirement, and what just misses it.
#include "routing/requirements.h"

#include <gtest/gtest.h>

#include "routing/match.h"

namespace meridian::routing {
namespace {

using Texts = std::vector<std::string>;

/// One clinic in Portland that states everything, and a patient who lives 6 km from it.
class Requirements : public testing::Test {
 protected:
  Requirements() {
    receiver_.id = "willow";
    receiver_.to = DestinationId("willow");
    receiver_.service = "acupuncture";
    receiver_.modalities = {"manual"};
    receiver_.position = Position{45.52, -122.68};
    receiver_.state = "OR";
    receiver_.postal_code = "97205";
    receiver_.licences = {{"OR", parse_day("2026-11-20"), "active"}};
    receiver_.agreement_until = parse_day("2026-11-20");
    receiver_.accepts_new_patients = true;
    receiver_.networks = {"cascadia health plan"};
    receiver_.visit_modes = {"physical"};
    receiver_.age_from = 18;
    receiver_.age_to = 64;
    receiver_.languages = {"en", "es"};
    ask_.service = "acupuncture";
    ask_.visit_mode = "physical";
    ask_.on = *parse_day("2026-11-20");
    ask_.patient.position = Position{45.56, -122.62};
    ask_.patient.state = "OR";
    ask_.patient.postal_code = "97213";
    ask_.patient.age = 18;
    ask_.patient.networks = {"cascadia health plan"};
  }

  Texts said() {
    const Directory directory({receiver_}, policy_, {});
    const auto look = look_at(receiver_, ask_, directory);
    EXPECT_EQ(fits(look), refusals(look).empty());
    return refusals(look);
  }

  Receiver receiver_;
  Ask ask_;
  Policy policy_;
};

TEST_F(Requirements, AreAllMetOnTheLastDayOfEverything) {
  EXPECT_EQ(said(), Texts{});
}

TEST_F(Requirements, Service) {
  ask_.service = "spine_surgery";
  EXPECT_EQ(said(), Texts{"offers another service"});
}

TEST_F(Requirements, Modality) {
  ask_.modality = "electro";
  EXPECT_EQ(said(), Texts{"does not offer the modality (electro)"});
  receiver_.modalities = {"manual", "electro"};
  EXPECT_EQ(said(), Texts{});
  receiver_.modalities = {};
  EXPECT_EQ(said(), Texts{"does not offer the modality (electro)"});
}

TEST_F(Requirements, LicenceInForce) {
  receiver_.licences = {{"OR", parse_day("2026-11-19"), ""}};
  EXPECT_EQ(said(), Texts{"licence expired 2026-11-19"});
  receiver_.licences = {{"OR", parse_day("2027-11-19"), "revoked"}};
  EXPECT_EQ(said(), Texts{"licence is revoked"});
  receiver_.licences = {{"OR", std::nullopt, ""}};
  EXPECT_EQ(said(), Texts{});
}

TEST_F(Requirements, LicenceInTheStateOfThePatient) {
  ask_.patient.state = "WA";
  EXPECT_EQ(said(), Texts{"licensed in OR, not in WA"});
  receiver_.licences.push_back({"WA", parse_day("2026-01-31"), ""});
  EXPECT_EQ(said(), Texts{"licence expired 2026-01-31"});
  receiver_.licences.push_back({"WA", parse_day("2027-01-31"), ""});
  EXPECT_EQ(said(), Texts{});
}

TEST_F(Requirements, LicenceInTheStateOfTheClinicWhereTheSiteSaysSo) {
  ask_.patient.state = "WA";
  policy_.licence_where_patient_lives = false;
  EXPECT_EQ(said(), Texts{});
  receiver_.licences.front().state = "WA";
  EXPECT_EQ(said(), Texts{"licensed in WA, not in OR"});
}

TEST_F(Requirements, ALicenceThatIsNotStatedIsNoRefusalUnlessTheSiteSaysSo) {
  receiver_.licences = {};
  EXPECT_EQ(said(), Texts{});
  policy_.require = {"licence"};
  EXPECT_EQ(said(), Texts{"licence is not stated"});
}

TEST_F(Requirements, APatientWhoseStateIsNotKnownNeedsAnyLicenceInForce) {
  ask_.patient.state = "";
  EXPECT_EQ(said(), Texts{});
  receiver_.licences = {{"OR", parse_day("2026-11-19"), ""}};
  EXPECT_EQ(said(), Texts{"licence expired 2026-11-19"});
}

TEST_F(Requirements, AgreementInForce) {
  receiver_.agreement_until = parse_day("2026-11-19");
  EXPECT_EQ(said(), Texts{"agreement ended 2026-11-19"});
  receiver_.agreement_until.reset();
  EXPECT_EQ(said(), Texts{});
  policy_.require = {"agreement"};
  EXPECT_EQ(said(), Texts{"end of the agreement is not stated"});
}

TEST_F(Requirements, NewPatients) {
  receiver_.accepts_new_patients = false;
  EXPECT_EQ(said(), Texts{"accepts no new patients"});
  receiver_.accepts_new_patients.reset();
  EXPECT_EQ(said(), Texts{});
  policy_.require = {"new_patients"};
  EXPECT_EQ(said(), Texts{"does not state whether it accepts new patients"});
}

TEST_F(Requirements, NewPatientsOfSomeNetworks) {
  receiver_.new_patients_of = {"medicare"};
  EXPECT_EQ(said(), Texts{"accepts new patients only of medicare"});
  ask_.patient.networks = {};
  EXPECT_EQ(said(), Texts{}) << "the patient's network is not known";
  ask_.patient.networks = {"x", "medicare"};
  EXPECT_EQ(said(), Texts{});
}

TEST_F(Requirements, VisitMode) {
  receiver_.visit_modes = {"virtual"};
  EXPECT_EQ(said(), Texts{"offers virtual visits only, physical is needed"});
  receiver_.visit_modes = {};
  EXPECT_EQ(said(), Texts{});
}

TEST_F(Requirements, Age) {
  ask_.patient.age = 17;
  EXPECT_EQ(said(), Texts{"takes patients from 18 to 64 years"});
  ask_.patient.age = 64;
  EXPECT_EQ(said(), Texts{});
  ask_.patient.age = 65;
  EXPECT_EQ(said(), Texts{"takes patients from 18 to 64 years"});
  ask_.patient.age.reset();
  EXPECT_EQ(said(), Texts{});
}

TEST_F(Requirements, LanguageWhereTheSiteRequiresIt) {
  ask_.patient.language = "ru";
  EXPECT_EQ(said(), Texts{});
  policy_.require = {"language"};
  EXPECT_EQ(said(), Texts{"speaks en, es, another language was asked for"});
  ask_.patient.language = "es-MX";
  EXPECT_EQ(said(), Texts{});
  receiver_.languages = {};
  EXPECT_EQ(said(), Texts{"languages are not stated, and one was asked for"});
}

TEST_F(Requirements, ANetworkNeverBlocksCareUnlessTheSiteRequiresIt) {
  receiver_.networks = {"evergreen"};
  EXPECT_EQ(said(), Texts{});
  policy_.require = {"network"};
  EXPECT_EQ(said(), Texts{"in network of evergreen, the patient is in another one"});
  receiver_.networks = {};
  EXPECT_EQ(said(), Texts{"networks are not stated"});
}

TEST_F(Requirements, Distance) {
  policy_.radius_km = 6.5;
  EXPECT_EQ(said(), Texts{});
  policy_.radius_km = 6.4;
  EXPECT_EQ(said(), Texts{"farther than 6.4 km"});
  ask_.patient.position = Position{47.6, -122.33};
  EXPECT_EQ(said(), Texts{"farther than 6.4 km"});
}

TEST_F(Requirements, ADistanceThatIsNotKnownIsNoRefusalUnlessTheSiteSaysSo) {
  ask_.patient.position.reset();
  ask_.patient.postal_code = "";
  ask_.patient.state = "";
  EXPECT_EQ(said(), Texts{});
  policy_.require = {"position"};
  EXPECT_EQ(said(), Texts{"distance is not known"});
}

TEST_F(Requirements, Reachable) {
  receiver_.paused = true;
  EXPECT_EQ(said(), Texts{"paused by the site"});
}

TEST_F(Requirements, EveryOneThatFailsIsSaid) {
  receiver_.paused = true;
  receiver_.accepts_new_patients = false;
  EXPECT_EQ(said(), (Texts{"accepts no new patients", "paused by the site"}));
}

TEST_F(Requirements, WithoutPositionsThePostalCodeAndTheStateStandInForADistance) {
  const auto band = [&](const std::string& postal_code, const std::string& state) {
    ask_.patient.position.reset();
    ask_.patient.postal_code = postal_code;
    ask_.patient.state = state;
    const Directory directory({receiver_}, policy_, {});
    return distance_of(receiver_, ask_, directory).band;
  };
  EXPECT_EQ(band("97205-1234", "OR"), Band::km_10);
  EXPECT_EQ(band("97213", "OR"), Band::km_25);
  EXPECT_EQ(band("98101", "OR"), Band::radius);
  EXPECT_EQ(band("98101", "WA"), Band::unknown);
  EXPECT_EQ(band("", ""), Band::unknown);
}

TEST(Distances, AreThoseOnTheSphere) {
  // Portland to Seattle by the haversine formula and the mean radius of the earth: 233.6 km.
  const auto chord = squared_chord(point_of({45.52, -122.68}), point_of({47.6062, -122.3321}));
  EXPECT_NEAR(km_of(chord), 233.5, 0.5);
  for (const double km : {0.5, 10.0, 80.0, 5000.0}) {
    EXPECT_NEAR(km_of(squared_chord_of(km)), km, km * 1e-5);
  }
  // Over the date line.
  EXPECT_NEAR(km_of(squared_chord(point_of({0, 179.95}), point_of({0, -179.95}))), 11.1, 0.05);
}

}  // namespace
}  // namespace meridian::routing
