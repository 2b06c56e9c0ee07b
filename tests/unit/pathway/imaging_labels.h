// SPDX-License-Identifier: Apache-2.0
// The reading of imaging reports, counted against labelled ones: tests/golden/imaging/README.md.
#pragma once

#include <string>

namespace meridian::test {

struct Count {
  int right = 0;
  int wrong = 0;   ///< found, not labelled
  int missed = 0;  ///< labelled, not found
  int sides = 0;
  int certainties = 0;

  double precision() const { return ratio(right, right + wrong); }
  double recall() const { return ratio(right, right + missed); }
  static double ratio(int part, int whole) { return whole == 0 ? 1.0 : double(part) / whole; }
};

/// Texts that say a serious kind is there, wherever it is.
struct Alarms {
  int read = 0;       ///< as saying so
  int person = 0;     ///< not so, but a person is asked, or another serious finding raises a flag
  int unnoticed = 0;  ///< nobody is told
  int quiet = 0;      ///< texts that say no serious kind is there
  int sent = 0;       ///< of those: a person is asked all the same
};

struct Totals {
  Count all;
  Count serious;
  Alarms alarms;
};

/// Where a set lies, or would lie: `half` is its name, or a folder elsewhere by its whole path.
std::string labelled_set(const std::string& half);

/// Reads one set ("open", "held_apart_15", "built_with") and prints precision and recall by kind
/// and what becomes of each serious kind, with Wilson intervals; with `show` also what was read
/// wrongly.
Totals measure(const std::string& half, bool show);

/// Fails below what the rules must reach: precision 0.95, recall 0.90, no serious finding missed.
void expect_read_as_labelled(const Totals& totals);

}  // namespace meridian::test
