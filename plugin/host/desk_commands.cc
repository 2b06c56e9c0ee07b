// SPDX-License-Identifier: Apache-2.0
// Replaying, redirecting, deciding: preview first, then done when a person says so.
#include "host/desk_commands.h"

#include <iostream>
#include <unistd.h>

#include "host/desk_door.h"
#include "host/mail_sender.h"
#include "host/site.h"
#include "host/site_command.h"
#include "report/table.h"

namespace meridian::host {
namespace {

/// The desk, asked for one command.
class Asking {
 public:
  explicit Asking(const SiteCommand& command) : command_(command), by_(name_of(command)) {}

  /// `mail`: links of invitations go by mail.
  bool open(bool mail = false) {
    const auto config = site_config(command_);
    if (!config || (mail && !open_mail(*config))) return false;
    Issues issues;
    auto door = DeskDoor::open(*config, issues);
    print_issues(issues);
    if (!door) {
      failed(store_name(*config), door.error());
      return false;
    }
    door_ = std::move(*door);
    on_server_ = on_postgres(*config);
    return true;
  }

  /// Prints the answer. False when it failed or was refused.
  bool ask(const Intervention& given) {
    std::string words;
    const auto answer = door_.intervene(given, by_, words);
    if (!answer) {
      std::cerr << given.target << ": " << words << " (" << error_row(answer.error().code).name
                << ")\n";
      return false;
    }
    const bool refused = answer->find("\"refused\":") != std::string::npos;
    if (!mail_ || !given.apply || refused) {
      print_one(command_, *answer);
      return !refused;
    }
    const auto mailed = mail_invitation(*mail_, *answer);
    if (mailed) {
      print_one(command_, *mailed);
      return true;
    }
    failed(given.target, mailed.error());
    std::cerr << given.target
              << ": they are invited and were not told; people invite makes a new link\n";
    return false;
  }

  void say_when_it_goes_on() const {
    if (!door_.is_idle()) return;
    std::cerr << (on_server_ ? "no runtime of this node has the database open: another node goes "
                               "on with it, or this one when meridian serve is started\n"
                             : "no runtime has the database open: it goes on when meridian serve "
                               "is started\n");
  }

 private:
  bool open_mail(const Config& config) {
    if (config.mail.host.empty() || config.public_url.empty()) {
      failed(command_.config, config.mail.host.empty()
                                  ? "--mail needs a [mail] table"
                                  : "--mail needs [site] public_url: a link in a mail leads to it");
      return false;
    }
    Issues issues;
    mail_ = mail_sender(config, issues);
    print_issues(issues);
    return mail_ != nullptr;
  }

  const SiteCommand& command_;
  std::string by_;
  std::unique_ptr<mail::SmtpSender> mail_;  ///< none: links are printed
  DeskDoor door_;
  bool on_server_ = false;
};

/// A typed y, from a person who reads the question.
bool person_agrees() {
  if (!is_terminal(STDIN_FILENO) || !is_terminal(STDERR_FILENO)) return false;
  std::cerr << "Do it? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

int intervene(const SiteCommand& command, std::vector<Intervention> list, bool mail = false) {
  Asking asking(command);
  if (!asking.open(mail)) return 1;
  bool good = true;
  if (!command.yes) {
    for (const auto& given : list) good = asking.ask(given) && good;
    if (!good) return 1;
    if (!person_agrees()) {
      std::cerr << "nothing was changed; --yes does it\n";
      return 0;
    }
  }
  for (auto& given : list) {
    given.apply = true;
    good = asking.ask(given) && good;
  }
  asking.say_when_it_goes_on();
  return good ? 0 : 1;
}

}  // namespace

int reveal(const SiteCommand& command, const std::string& what) {
  Asking asking(command);
  if (!asking.open()) return 1;
  return asking.ask({"reveal", what, "", "", true}) ? 0 : 1;
}

int decide(const SiteCommand& command, const std::string& action,
           const std::vector<std::string>& numbers) {
  std::vector<Intervention> list;
  for (const auto& number : numbers) list.push_back({action, number, "", "", false});
  return intervene(command, std::move(list));
}

int replay(const SiteCommand& command, const std::vector<std::string>& targets) {
  std::vector<Intervention> list;
  for (const auto& target : targets) {
    switch (kind_of(target)) {
      case TargetKind::delivery:
        list.push_back({"send-again", target, "", "", false});
        break;
      case TargetKind::work:
        list.push_back({"revive", target.substr(1), "", "", false});
        break;
      case TargetKind::message:
        list.push_back({"read-again", target, "", "", false});
        break;
    }
  }
  return intervene(command, std::move(list));
}

int redirect(const SiteCommand& command, const std::string& referral, const std::string& clinic,
             const std::string& override_reason) {
  return intervene(command, {{"redirect", referral, clinic, override_reason, false}});
}

int pause_system(const SiteCommand& command, const std::string& action, const std::string& system,
                 const std::string& way, const std::string& reason) {
  return intervene(command, {{action, way + "/" + system, "", reason, false}});
}

int reconcile(const SiteCommand& command) {
  return intervene(command, {{"reconcile", "all", "", "", false}});
}

int add_person(const SiteCommand& command, const NewPerson& person, bool mail) {
  return intervene(
      command, {{"add-person", person.email, person.clinic, "", false, person.name, person.role}},
      mail);
}

int change_people(const SiteCommand& command, const std::string& action,
                  const std::vector<std::string>& people, bool mail) {
  std::vector<Intervention> list;
  for (const auto& person : people) list.push_back({action + "-person", person, "", "", false});
  return intervene(command, std::move(list), mail);
}

int link_person(const SiteCommand& command, const std::string& person, const std::string& subject) {
  return intervene(command, {{"link-person", person, "", "", false, subject}});
}

int say(const SiteCommand& command, const std::string& action, const std::string& referral,
        const std::string& clinic, const std::string& reason) {
  return intervene(command, {{action, referral, clinic, reason, false}});
}

}  // namespace meridian::host
