// SPDX-License-Identifier: Apache-2.0
// A question from somebody's screen, and what is said there: nothing of it is kept but the audit.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/sensitive.h"
#include "port/ports.h"

namespace meridian {

/// What a clinician is about to do at a source.
struct Question {
  enum class Moment {
    signing,   ///< signs orders that no server has yet
    dispatch,  ///< chooses who is to carry out orders that are there
    viewing,   ///< opens the patient's chart
  };
  Moment moment = Moment::signing;
  std::string id;  ///< random, of whoever asks; names the question in the audit
  SourceId source;
  std::string patient;                  ///< "Patient/17" at the source
  std::string media_type;               ///< of `orders`
  std::string orders;                   ///< bytes that a Reader takes: the drafts; may be empty
  std::vector<std::string> order_refs;  ///< of a dispatch: "ServiceRequest/5"
  std::vector<QueryAnswer> read;        ///< of the patient's history, by Query::name
  Sensitive<std::string> token;         ///< GatherRequest::token
  std::chrono::steady_clock::time_point until;  ///< an answer is due then, however little is known
  bool gathers = true;                          ///< false: what is in `read` must do
};

/// One thing to be said. Texts are for the clinician who treats the patient, and hold patient data.
struct Advice {
  enum class Topic { emergency, unsafe, missing, unread, coverage, repeat, receiver, standing };
  enum class Level { info, warning, critical };
  Topic topic = Topic::receiver;
  Level level = Level::info;
  std::string order;    ///< "ServiceRequest/5": the one it is about
  std::string summary;  ///< one line of less than 140 characters
  std::string detail;   ///< Markdown
  std::string link;     ///< where something can be done about it; may be empty
  std::string link_label;
  std::string removes;  ///< the draft that may be taken out of what is signed; may be empty
};

inline constexpr std::size_t topic_count = 8;

/// "emergency", "unsafe" ...
constexpr std::string_view topic_name(Advice::Topic topic) {
  constexpr std::string_view names[] = {"emergency", "unsafe", "missing",  "unread",
                                        "coverage",  "repeat", "receiver", "standing"};
  return names[static_cast<std::size_t>(topic)];
}

/// "info", "warning", "critical".
constexpr std::string_view level_name(Advice::Level level) {
  constexpr std::string_view names[] = {"info", "warning", "critical"};
  return names[static_cast<std::size_t>(level)];
}

/// What a clinician did about an advice.
struct AdviceFeedback {
  std::string advice;  ///< the id under which it was shown
  bool taken = false;  ///< else it was overridden
  std::string reason;  ///< a code of ours, "other", or "" when none was given; never free text
};

}  // namespace meridian
