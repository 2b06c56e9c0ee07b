// SPDX-License-Identifier: Apache-2.0
// What the rules say, in the language of the reader: the search for phrases, and the shipped
// Spanish.
#include "web/translation.h"

#include <gtest/gtest.h>

#include "web/inbox_look.h"

namespace meridian::web {
namespace {

/// English stands in square brackets.
std::string marked(const Translation& translation, const std::string& english) {
  std::string text;
  for (const auto& piece : translation.of(english)) {
    text += piece.english ? "[" + piece.text + "]" : piece.text;
  }
  return text;
}

const Translation few({{"Anticoagulant", "Anticoagulante"},
                       {"Tell the clinic.", "Informe a la clínica."},
                       {"Needles: {0}.", "Agujas: {0}."},
                       {"caution", "precaución"},
                       {"hold: {0}", "no tratar: {0}"},
                       {"Signed off by {0}.", "Excepción firmada por {0}."},
                       {"disc bulge", "abombamiento discal"},
                       {"at {0}", "en {0}"},
                       {"(left)", "(izquierda)"},
                       {"seen by {0} of {1}", "de {1}, visto por {0}"},
                       {"{0} ({1})", "{0} ({1})"}});

TEST(Translation, APhraseIsReadWholeAndSeveralOneAfterTheOther) {
  EXPECT_EQ(marked(few, "Anticoagulant"), "Anticoagulante");
  EXPECT_EQ(marked(few, "hold: Anticoagulant. Tell the clinic. Needles: caution."),
            "no tratar: Anticoagulante. Informe a la clínica. Agujas: precaución.");
}

TEST(Translation, NumbersDaysAndLevelsAreTheSameAndPlacesMayStandInAnotherOrder) {
  EXPECT_EQ(marked(few, "disc bulge at L4-L5 (left), L5-S1"),
            "abombamiento discal en L4-L5 (izquierda), L5-S1");
  EXPECT_EQ(marked(few, "seen by 3 of 2026-11-20"), "de 2026-11-20, visto por 3");
}

TEST(Translation, NamesOfRulesAndRecordsAreInNoLanguage) {
  EXPECT_EQ(marked(few, "hold: history.allergies"), "no tratar: history.allergies");
  EXPECT_EQ(marked(few, "Signed off by ServiceRequest/warfarin."),
            "Excepción firmada por ServiceRequest/warfarin.");
  EXPECT_EQ(marked(few, "hold: caution/caution"), "no tratar: [caution/caution]");
  EXPECT_EQ(marked(few, "hold: well-known"), "no tratar: [well-known]");
  EXPECT_EQ(marked(few, "hold: etc."), "no tratar: [etc.]");
}

TEST(Translation, WhatNoPhraseHasStaysEnglishAndIsKnownToBe) {
  EXPECT_EQ(marked(few, "Anticoagulants"), "[Anticoagulants]") << "a rule that a site changed";
  EXPECT_EQ(marked(few, "Something new. Tell the clinic."), "[Something new. Tell the clinic.]")
      << "no text in two languages";
  EXPECT_EQ(marked(few, "hold: Something new. Tell the clinic."),
            "no tratar: [Something new]. Informe a la clínica.")
      << "but where a place is filled";
  EXPECT_EQ(marked(few, "Needles: caution. Signed off by Dr. A. Varga, surgeon: no choice."),
            "Agujas: precaución. Excepción firmada por [Dr. A. Varga, surgeon: no choice].");
  EXPECT_EQ(marked(few, "Signed off by Dr. A, at home, at last."),
            "Excepción firmada por [Dr. A, at home, at last].");
  EXPECT_EQ(marked(few, "hold: \"seen at L4-L5\""), "no tratar: [\"seen at L4-L5\"]");
  EXPECT_EQ(marked(few, "Something (else)"), "[Something (else)]");
  EXPECT_EQ(marked(Translation(), "disc bulge"), "[disc bulge]");
  EXPECT_EQ(marked(few, ""), "");
}

TEST(Translation, AHostileTextIsTextAndTakesNoLongerThanAnother) {
  std::string nested = "hold: ";
  std::string numbers;
  for (int i = 0; i < 5000; ++i) {
    nested += "at (a: b, ";
    numbers += "1 a. ";
  }
  EXPECT_TRUE(marked(few, nested).starts_with("no tratar: ")) << "what was found is kept";
  EXPECT_EQ(marked(few, numbers), "[" + numbers + "]");
  Speech speech;
  speech.language = Language::es;
  speech.rules = &few;
  EXPECT_EQ(speech.rule("Signed off by <b>x</b> & y."),
            "Excepción firmada por <span lang=\"en\" dir=\"auto\">&lt;b&gt;x&lt;/b&gt; &amp; "
            "y</span>.");
}

TEST(Translation, ASpanishPageSaysDaysInSpanishAndMarksWhatIsEnglish) {
  Speech speech;
  speech.rules = &few;
  EXPECT_EQ(speech.rule("Anticoagulant"), "<span lang=\"en\" dir=\"auto\">Anticoagulant</span>");
  speech.language = Language::es;
  EXPECT_EQ(speech.rule("hold: 2026-01-05"),
            "no tratar: <time datetime=\"2026-01-05\">5 ene 2026</time>");
  EXPECT_EQ(speech.rule("on 2026-01-05"),
            "<span lang=\"en\" dir=\"auto\">on <time datetime=\"2026-01-05\">5 Jan "
            "2026</time></span>");
}

TEST(Translation, OnlyDaysAndInstantsAreShownAsSuch) {
  const Speech speech;
  EXPECT_EQ(speech.with_times("MRN-2026-11-20"), "MRN-2026-11-20") << "part of a number";
  EXPECT_EQ(speech.with_times("2026-13-01, 12026-11-20, 2026-11-201, 2026-11"),
            "2026-13-01, 12026-11-20, 2026-11-201, 2026-11");
  EXPECT_EQ(speech.with_times("until 2026-11-20T10:15:00.000Z;"),
            "until <time datetime=\"2026-11-20T10:15:00.000Z\">20 Nov 2026, 10:15</time>;");
}

}  // namespace
}  // namespace meridian::web
