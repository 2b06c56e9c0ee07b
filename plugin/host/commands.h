// SPDX-License-Identifier: Apache-2.0
// The subcommands of `meridian`. Each returns the exit status: 0 done, 1 the input or the
// environment is at fault, 2 wrong usage. Source: DESIGN section 5.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/issue.h"

namespace meridian::host {

/// Opens meridian.so by its C ABI and runs until SIGTERM or SIGINT.
int serve(const std::string& config_file);

/// Prints what is wrong with the site, each with its fix.
int check(const std::string& config_file);

struct ReadCommand {
  std::vector<std::string> files;        ///< "-" is standard input
  std::string profiles;                  ///< directory; empty: the built-in fhir-profiles
  std::string guideline;                 ///< assess: which one is followed; empty: the default
  std::vector<std::string> authorities;  ///< of HL7 v2: "ADT1=http://example.org/mrn"
  std::string at;                        ///< assess: the day or instant to decide at; empty: now
  bool as_fhir = false;                  ///< normalize: the records themselves, as FHIR R4
  bool complete_history = false;         ///< assess: the input holds the patient's whole record
  std::vector<std::string>
      not_read;  ///< assess: kinds of history that are not complete all the same
};

/// One meridian.episode/1 line per patient, or a line with a Bundle of all that is known of the
/// patient. With HL7 v2 among the files they are one input.
int normalize(const ReadCommand& command);

/// One meridian.assessment/1 line per patient.
int assess_files(const ReadCommand& command);

/// What the commands on a site's database share.
struct SiteCommand {
  std::string config;         ///< the file
  bool table = false;         ///< for people, also when standard output is no terminal
  bool patient_data = false;  ///< show what is kept of the patient; audited
  bool yes = false;           ///< do it without asking
  std::string by;             ///< whose decision it is; empty: the login name
};

/// Lists and single rows: JSON lines or a table, without patient data unless it is asked for.
int list_referrals(const SiteCommand& command);
int show_referral(const SiteCommand& command, const std::string& id);
/// How far referrals came since a day ("2026-11-20"; empty: all), a line for each group and step.
int print_funnel(const SiteCommand& command, const std::string& since);
int list_outbox(const SiteCommand& command);
int show_delivery(const SiteCommand& command, const std::string& number);
/// Deliveries, work (named "w7") and messages (named by their id) that a person must look at.
int list_dead_letters(const SiteCommand& command);
int show_dead_letter(const SiteCommand& command, const std::string& number);
int list_audit(const SiteCommand& command, int most);
int verify_audit(const SiteCommand& command);
/// Every chain's entries from `from` to `to` as FHIR AuditEvents, one a line; both are a day, which
/// counts whole, or an instant, and empty for no bound.
int export_audit(const SiteCommand& command, const std::string& from, const std::string& to);

/// What a target on the command line names, by its form.
enum class TargetKind { delivery, work, message };
TargetKind kind_of(std::string_view target);

/// What a person decides; see port/intervention.h for the actions. Without `yes` it is shown what
/// would happen, and asked for on a terminal.
int decide(const SiteCommand& command, const std::string& action,
           const std::vector<std::string>& numbers);
int replay(const SiteCommand& command, const std::vector<std::string>& targets);
/// Systems with what is paused at them and waits for them, a line for each way.
int list_systems(const SiteCommand& command);
/// "pause" or "resume", of one way: "in" or "out".
int pause_system(const SiteCommand& command, const std::string& action, const std::string& system,
                 const std::string& way, const std::string& reason);
int redirect(const SiteCommand& command, const std::string& referral, const std::string& clinic,
             const std::string& override_reason);

/// Asks every peer what it has of what is open. Without `yes` it only lists what differs; a person
/// at a terminal is asked for the repair.
int reconcile(const SiteCommand& command);

/// Who may sign in, and whether they can: one line a person.
int list_people(const SiteCommand& command);

struct NewPerson {
  std::string name = {};
  std::string email = {};
  std::string role = {};    ///< as person_role names them
  std::string clinic = {};  ///< id of a [[clinic]]; of role clinic alone
};
/// The link by which they enrol is in what is printed; with `mail` it is sent to their address
/// instead, and printed nowhere.
int add_person(const SiteCommand& command, const NewPerson& person, bool mail = false);
/// invite, lock, unlock or remove; people are named by their ids or e-mail addresses. `mail`: as
/// above, for invite.
int change_people(const SiteCommand& command, const std::string& action,
                  const std::vector<std::string>& people, bool mail = false);

/// Whom the site's OpenID provider calls `subject` is this person; "": nobody any more.
int link_person(const SiteCommand& command, const std::string& person, const std::string& subject);

/// lost, reply, confirm-recall or read: what a person says of a referral; the reason is kept.
int say(const SiteCommand& command, const std::string& action, const std::string& referral,
        const std::string& clinic, const std::string& reason);

struct ReplayCommand {
  std::string rules;  ///< a copy of fhir-profiles; empty: what the site uses
  bool json = false;  ///< also when standard output is a terminal
  int most = 10'000;  ///< so many of the newest referrals
};
/// Decides again what was decided, under other content; writes nothing.
int replay_decisions(const SiteCommand& command, const ReplayCommand& given);

/// Tells in plain words how a decision came about.
int explain_referral(const SiteCommand& command, const std::string& id);

/// Writes a backup beside a running serve.
int back_up(const SiteCommand& command, const std::string& file);

struct RestoreCommand {
  std::string file = {};
  bool force = false;         ///< puts a database that is there aside
  bool in_place = false;      ///< the database was put back by other means; only mark it
  std::string taken_at = {};  ///< in_place: when that copy was made
};
int restore(const SiteCommand& command, const RestoreCommand& given);

/// What the next start does to the schema; and doing it, with serve stopped.
int plan_migrations(const SiteCommand& command);
int migrate(const SiteCommand& command);

/// Puts the database under a new site key, with serve stopped on every node; after a crash the same
/// command goes on. `new_key` is its file, made when it is not there; empty: KEY_FILE.next, which
/// takes the old key's place in the end. Without `yes` it only says what would be done.
int rekey(const SiteCommand& command, const std::string& new_key);

/// The shared libraries of this program and what was compiled into it, as CycloneDX 1.5.
int print_bill_of_materials();
/// Which data goes where, by the configuration; a line for each way.
int print_data_flows(const SiteCommand& command);

/// `meridian directory check`: what was loaded and what is wrong with it.
int check_directory_command(const std::string& config_file);
/// `meridian directory list`: a JSON line per receiver.
int list_directory(const std::string& config_file);

/// How each state of a referral is shown to a peer that follows this standard, and what the peer
/// does not learn; "" lists the standards.
int print_dialects(const std::string& name);

/// Prints issues to standard error, one per line: path: severity: text.
void print_issues(const Issues& issues);

}  // namespace meridian::host
