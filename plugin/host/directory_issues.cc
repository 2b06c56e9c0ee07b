// SPDX-License-Identifier: Apache-2.0
#include "host/directory_issues.h"

#include <map>

#include "host/adapters.h"
#include "host/read_directory.h"
#include "host/site.h"
#include "routing/requirements.h"

namespace meridian::host {
namespace {

constexpr std::size_t listed_of_a_kind = 20;
constexpr std::chrono::days soon{60};

/// Issues of one kind: the first are listed, the rest is counted.
class Kinds {
 public:
  void add(const std::string& kind, Issue issue) {
    auto& list = kinds_[kind];
    if (++list.count <= listed_of_a_kind) list.issues.push_back(std::move(issue));
  }
  void move_into(Issues& issues) {
    for (auto& [kind, list] : kinds_) {
      const auto severity = list.issues.front().severity;
      for (auto& issue : list.issues) issues.push_back(std::move(issue));
      if (list.count <= listed_of_a_kind) continue;
      issues.push_back({severity, "informational", "directory",
                        std::to_string(list.count - listed_of_a_kind) + " more: " + kind});
    }
  }

 private:
  struct List {
    std::size_t count = 0;
    Issues issues;
  };
  std::map<std::string, List> kinds_;
};

std::string called(const routing::Receiver& receiver) {
  return receiver.id + (receiver.name.empty() ? "" : " (" + receiver.name + ")");
}

class Checker {
 public:
  explicit Checker(Day on) : on_(on) {}

  void look_at(const routing::Receiver& receiver) {
    look_at_licences(receiver);
    if (receiver.agreement_until) {
      end_of("agreement", receiver, *receiver.agreement_until);
    }
    if (!receiver.position && receiver.postal_code.empty() && receiver.state.empty()) {
      add("no position", receiver, Severity::warning,
          "no position, postal code or state: its distance is never known");
    } else if (!receiver.position) {
      add("no position", receiver, Severity::information,
          "no position: its distance goes by postal code and state");
    }
    if (receiver.to.empty()) {
      add("no connection", receiver, Severity::information,
          "no connection configured; shown, and sent nothing");
    }
    look_for_double(receiver);
  }

  Issues take() {
    Issues issues;
    kinds_.move_into(issues);
    return issues;
  }

 private:
  void add(const std::string& kind, const routing::Receiver& receiver, Severity severity,
           std::string text) {
    kinds_.add(kind, {severity, "business-rule", called(receiver), std::move(text)});
  }

  /// Something ends on that day.
  void end_of(const std::string& what, const routing::Receiver& receiver, Day until) {
    const auto severity = receiver.to.empty() ? Severity::warning : Severity::error;
    if (until < on_) {
      add(what + " expired", receiver, severity, what + " expired " + to_string(until));
    } else if (until - on_ <= soon) {
      add(what + " expires soon", receiver, Severity::warning,
          what + " expires " + to_string(until));
    }
  }

  /// Of the licences in a state the last one counts.
  void look_at_licences(const routing::Receiver& receiver) {
    std::map<std::string, const routing::Licence*> last;
    for (const auto& licence : receiver.licences) {
      auto& one = last[licence.state];
      const bool better = one == nullptr || (routing::may_be_valid(licence) &&
                                             (!routing::may_be_valid(*one) || !licence.until ||
                                              (one->until && *licence.until > *one->until)));
      if (better) one = &licence;
    }
    for (const auto& [state, licence] : last) {
      const auto what = "licence" + (state.empty() ? "" : " in " + state);
      if (!routing::may_be_valid(*licence)) {
        add("licence not valid", receiver,
            receiver.to.empty() ? Severity::warning : Severity::error,
            what + " is " + licence->status);
      } else if (licence->until) {
        end_of(what, receiver, *licence->until);
      }
    }
    if (receiver.licences.empty()) {
      add("licence not stated", receiver, Severity::information, "licence is not stated");
    }
  }

  /// The same name and service at the same place. Without a place it may be another one.
  void look_for_double(const routing::Receiver& receiver) {
    if (receiver.name.empty() || receiver.postal_code.empty()) return;
    const auto key = receiver.service + "|" + routing::normalized_name(receiver.name) + "|" +
                     receiver.postal_code;
    const auto [first, is_new] = seen_.emplace(key, receiver.id);
    if (is_new) return;
    add("double", receiver, Severity::warning,
        "same name, service and postal code as " + first->second);
  }

  const Day on_;
  Kinds kinds_;
  std::map<std::string, std::string> seen_;
};

}  // namespace

Issues directory_issues(const routing::Directory& directory, Day on) {
  Checker checker(on);
  for (const auto& receiver : directory.receivers()) checker.look_at(receiver);
  return checker.take();
}

std::shared_ptr<const routing::Directory> check_directory(const Config& config, Issues& issues) {
  Issues ignored;  // check_content says them
  const auto knowledge = load_site_knowledge(config, ignored);
  if (!knowledge) return nullptr;
  const auto connections = connect_directory(config, issues);
  Issues found;
  auto directory = read_directory(config, connections.directory, knowledge->terminology, found);
  if (!directory) {
    issues.push_back(
        {Severity::error, "not-found",
         config.file + ":" + std::to_string(config.directory_of_clinics.server.line),
         "the directory cannot be read: " + std::string(directory.error().what.view())});
    return nullptr;
  }
  Kinds kinds;
  for (auto& issue : found) {
    const auto kind = issue.text.substr(0, issue.text.find('"'));
    kinds.add(kind, std::move(issue));
  }
  kinds.move_into(issues);
  const auto on = std::chrono::floor<std::chrono::days>(system_now());
  for (auto& issue : directory_issues(*directory, on)) issues.push_back(std::move(issue));
  return std::make_shared<routing::Directory>(std::move(*directory));
}

}  // namespace meridian::host
