// SPDX-License-Identifier: Apache-2.0
// One back-pain episode of one patient: refs into the chart, and what was derived from them.
#pragma once

#include <string>
#include <vector>

#include "model/record_set.h"

namespace meridian {

/// One patient and every record that is about that patient.
struct Chart {
  Patient patient;
  RecordSet records;
};

struct PainType {
  std::string type;                ///< one of the 18 ids of fhir-profiles, or undetermined
  std::vector<std::string> basis;  ///< refs of the records it rests on
};

/// A procedure of the episode with its category.
struct EpisodeProcedure {
  std::string ref;
  std::string category;  ///< spine_surgery, spine_injection, acupuncture, dry_needling,
                         ///< manual_therapy, physical_therapy, spine_imaging, other_spine
};

struct EpisodeImaging {
  std::string ref;
  std::string modality;  ///< DICOM code, empty when not known
  std::string region;    ///< lumbar, thoracic, cervical, sacral, multiple, spine
};

struct EpisodeMedication {
  std::string ref;
  std::string medication_class;  ///< anticoagulant_oral ...; empty when the code is not listed
};

struct EpisodeScore {
  std::string ref;
  std::string instrument;  ///< NRS, ODI, RMDQ ...
  std::string value;       ///< decimal as written
};

/// Members are refs, sorted by time and then by ref. See pathway/episodes.h for who belongs.
struct Episode {
  PartialDate onset;      ///< earliest stated onset; empty when none is stated
  PartialDate last_seen;  ///< latest day of a back-pain record
  std::string body_region;
  std::vector<PainType> pain_types;
  std::vector<std::string> encounters;
  std::vector<std::string> conditions;
  std::vector<EpisodeImaging> imaging;
  std::vector<EpisodeProcedure> procedures;
  std::vector<EpisodeMedication> medications;
  std::vector<EpisodeScore> scores;
  std::vector<std::string> referrals;
};

}  // namespace meridian

#ifndef NDEBUG  // compiled once, in compiled_once.cc
extern template class std::vector<meridian::Episode>;
#endif
