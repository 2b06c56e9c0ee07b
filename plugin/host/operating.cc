// SPDX-License-Identifier: Apache-2.0
#include "host/operating.h"

#include <CLI/CLI.hpp>

namespace meridian::host {
namespace {

constexpr const char* reading_notes =
    "Reads the database beside a running meridian serve and changes nothing. Prints one JSON "
    "object a\n"
    "line; a table on a terminal or with --table. No patient data unless --show-patient-data is\n"
    "given, which is kept in the audit.\n"
    "Exit status: 0 done, 1 the input or the environment is at fault, 2 wrong usage.";

constexpr const char* changing_notes =
    "Shows first what would happen, and does it with --yes or after a typed y on a terminal. Asks "
    "the\n"
    "running meridian serve, or does the same itself when none has the database open. Kept in the\n"
    "audit with the name of --by.\n"
    "Exit status: 0 done or shown, 1 refused or failed, 2 wrong usage.";

}  // namespace

Operating::Operating(CLI::App& app, int& status) : status_(status) {
  add_referrals(app);
  add_funnel(app);
  add_reconcile(app);
  add_outbox(app);
  add_dead_letters(app);
  add_systems(app);
  add_people(app);
  add_audit(app);
  add_replay(app);
  add_explain(app);
  add_backup(app);
  add_migrate(app);
  add_rekey(app);
  add_inventory(app);
}

CLI::App* Operating::single(CLI::App& app, const char* name, const char* help) {
  auto* command = app.add_subcommand(name, help);
  command->add_option("--config", command_.config, "the site's configuration")->required();
  command->add_flag("--table", command_.table, "for people: a table in place of JSON");
  return command;
}

/// A command that lists when nothing else is said.
CLI::App* Operating::group(CLI::App& app, const char* name, const char* help,
                           int (*list)(const SiteCommand&)) {
  auto* command = single(app, name, help);
  command->footer(reading_notes);
  command->require_subcommand(0, 1);
  command->callback([this, command, list] {
    if (command->get_subcommands().empty()) status_ = list(command_);
  });
  part(command, "list", "list them; what is done when nothing is said")->callback([this, list] {
    status_ = list(command_);
  });
  return command;
}

/// A part takes the options of its group before or after its name.
CLI::App* Operating::part(CLI::App* group, const char* name, const char* help) {
  auto* command = group->add_subcommand(name, help);
  command->fallthrough();
  return command;
}

void Operating::changes(CLI::App* command) {
  command->add_flag("--yes", command_.yes, "do it without asking");
  command->add_option("--by", command_.by, "whose decision it is; default: the login name");
  command->footer(changing_notes);
}

void Operating::add_referrals(CLI::App& app) {
  auto* referrals = group(app, "referrals", "the referrals of a site", &list_referrals);
  auto* show = part(referrals, "show", "one referral: its events, deliveries and last decision");
  show->add_option("ID", target_, "id of the referral")->required();
  show->add_flag("--show-patient-data", command_.patient_data, "with patient data; audited");
  show->add_option("--by", command_.by, "who looks; default: the login name");
  show->callback([this] { status_ = show_referral(command_, target_); });
  const std::pair<const char*, const char*> words[] = {
      {"lost", "the patient never came: it ends"},
      {"reply", "answer what the clinic asked"},
      {"confirm-recall", "a clinic destroyed what was sent in error, and said so otherwise"},
      {"read", "whoever ordered has read the report, elsewhere than in the surgeon's view"},
  };
  for (const auto& [name, help] : words) {
    auto* command = part(referrals, name, help);
    command->add_option("REFERRAL", target_, "id of the referral")->required();
    command->add_option("--reason", reason_, "kept; the clinic reads it, but for read")->required();
    if (std::string_view(name) == "confirm-recall") {
      command->add_option("--clinic", clinic_, "id of the clinic")->required();
    }
    changes(command);
    command->callback([this, action = std::string(name)] {
      status_ = say(command_, action, target_, clinic_, reason_);
    });
  }
}

void Operating::add_funnel(CLI::App& app) {
  auto* funnel = single(app, "funnel",
                        "how many referrals came how far, how fast, and where the others stand: of "
                        "all, of each hospital and of each clinic");
  funnel->add_option("--since", since_, "only those ordered from this day on: 2026-11-20");
  funnel->callback([this] { status_ = print_funnel(command_, since_); });
}

void Operating::add_reconcile(CLI::App& app) {
  auto* compare =
      single(app, "reconcile",
             "ask each hospital and clinic what it has of what is open, and say what differs");
  changes(compare);
  compare->footer(
      "Done each night by serve, at the time of [reconcile]. What a system had said and never came "
      "here is\n"
      "taken (news); what a hospital shows otherwise than it was told, and a packet that a clinic "
      "lost before\n"
      "it answered, are sent again; what could cost somebody's word is left to a person. Without "
      "--yes it only\n"
      "looks. Clinics by HL7 v2 cannot be asked, and are counted as such.\n"
      "Exit status: 0 done or shown, 1 failed, 2 wrong usage.");
  compare->callback([this] { status_ = reconcile(command_); });
}

void Operating::add_outbox(CLI::App& app) {
  auto* outbox =
      group(app, "outbox", "what waits for delivery, is under way or ambiguous", &list_outbox);
  auto* show = part(outbox, "show", "one delivery, whatever became of it");
  show->add_option("N", target_, "number of the delivery")->required();
  show->add_flag("--show-patient-data", command_.patient_data, "with what is sent; audited");
  show->add_option("--by", command_.by, "who looks; default: the login name");
  show->callback([this] { status_ = show_delivery(command_, target_); });
  const std::pair<const char*, const char*> decisions[] = {
      {"arrived", "an ambiguous delivery is there: what follows from that is done"},
      {"send-again", "an ambiguous delivery is not there: it is sent again"},
      {"give-up", "an ambiguous delivery becomes a dead letter"},
  };
  for (const auto& [name, help] : decisions) {
    auto* command = part(outbox, name, help);
    command->add_option("N", targets_, "numbers of deliveries")->required();
    changes(command);
    command->callback(
        [this, action = std::string(name)] { status_ = decide(command_, action, targets_); });
  }
}

void Operating::add_dead_letters(CLI::App& app) {
  auto* letters = group(app, "deadletters",
                        "deliveries and work that were given up, and messages in quarantine",
                        &list_dead_letters);
  auto* show = part(letters, "show", "one of them, with the reason and the fix");
  show->add_option("N", target_, "its number as listed")->required();
  show->add_flag("--show-patient-data", command_.patient_data, "with its content; audited");
  show->add_option("--by", command_.by, "who looks; default: the login name");
  show->callback([this] { status_ = show_dead_letter(command_, target_); });

  auto* again = part(letters, "replay", "send, do or read again what was given up or set aside");
  again->add_option("N", targets_, "numbers as listed")->required();
  changes(again);
  again->callback([this] { status_ = replay(command_, targets_); });

  auto* elsewhere = part(letters, "redirect", "offer a referral to another receiver");
  elsewhere->add_option("REFERRAL", target_, "id of the referral")->required();
  elsewhere->add_option("--to", clinic_, "id of the receiver in the configuration")->required();
  elsewhere->add_option("--override-reason", reason_,
                        "why a requirement that fails does not count; kept with the decision");
  changes(elsewhere);
  elsewhere->callback([this] { status_ = redirect(command_, target_, clinic_, reason_); });
}

void Operating::add_systems(CLI::App& app) {
  auto* systems =
      group(app, "systems", "hospitals and clinics: what is paused, what waits", &list_systems);
  const std::pair<const char*, const char*> words[] = {
      {"pause", "take nothing from it, or send nothing to it, until somebody resumes"},
      {"resume", "let it go on"},
  };
  for (const auto& [name, help] : words) {
    auto* command = part(systems, name, help);
    command->add_option("SYSTEM", target_, "id of a [[hospital]] or [[clinic]]")->required();
    command->add_option("--way", clinic_, "what comes in from it, or what goes out to it")
        ->required()
        ->check(CLI::IsMember({"in", "out"}));
    if (std::string_view(name) == "pause") {
      command->add_option("--reason", reason_, "shown beside it; no patient data");
    }
    changes(command);
    command->callback([this, action = std::string(name)] {
      status_ = pause_system(command_, action, target_, clinic_, reason_);
    });
  }
}

void Operating::add_replay(CLI::App& app) {
  auto* again = single(app, "replay", "decide again under other rules, and say what would change");
  again
      ->add_option("--rules", replay_.rules,
                   "a copy of fhir-profiles with other rules or code lists; default: what the "
                   "site uses")
      ->check(CLI::ExistingDirectory);
  again->add_flag("--json", replay_.json, "JSON lines, also on a terminal");
  again->add_option("--most", replay_.most, "how many of the newest referrals")
      ->check(CLI::Range(1, 10'000'000));
  again->footer(
      "Takes what is kept of each decision (records as they were read, answers, sign-offs, the "
      "instant)\n"
      "and asks the rules once more: equal; changed, with the rule and the records that made the\n"
      "difference; or pruned, when something that it rested on is not kept any more. The choice of "
      "the\n"
      "clinic is not made again. Faulty content, and content that loosens an emergency rule, is "
      "refused\n"
      "as by meridian check. Reads the database beside a running meridian serve, writes nothing, "
      "shows\n"
      "no patient data.\n"
      "Exit status: 0 done, whatever changes, 1 refused or failed, 2 wrong usage.");
  again->callback([this] { status_ = replay_decisions(command_, replay_); });
}

void Operating::add_explain(CLI::App& app) {
  auto* explain = app.add_subcommand("explain", "tell in plain words how a decision came about");
  explain->add_option("REFERRAL", target_, "id of the referral")->required();
  explain->add_option("--config", command_.config, "the site's configuration")->required();
  explain->add_flag("--show-patient-data", command_.patient_data,
                    "with dates and words of the records; audited");
  explain->add_option("--by", command_.by, "who looks; default: the login name");
  explain->footer(
      "For a person: what was ordered, read, asked and found, by which rule and source, how the "
      "clinic\nwas chosen, what was sent, answered and signed, in the order in which it happened. "
      "No patient\ndata unless --show-patient-data is given.");
  explain->callback([this] { status_ = explain_referral(command_, target_); });
}

void Operating::add_people(CLI::App& app) {
  auto* people = group(app, "people", "who may sign in to the pages", &list_people);
  auto* add = part(people, "add", "somebody may sign in; prints the link by which they enrol");
  add->add_option("--name", person_.name, "as others are to see it")->required();
  add->add_option("--email", person_.email, "by which they sign in")->required();
  add->add_option("--role", person_.role, "what they may do")
      ->required()
      ->check(CLI::IsMember(
          {"clinic", "staff", "clinician", "viewer", "operator", "administrator", "auditor"}));
  add->add_option("--clinic", person_.clinic,
                  "with role clinic: id of the [[clinic]] whose referrals they see");
  changes(add);
  add_mail(add);
  add->callback([this] { status_ = add_person(command_, person_, mail_); });
  const std::pair<const char*, const char*> words[] = {
      {"invite", "a new link: for a lost one, a lost phone or a forgotten password"},
      {"lock", "sign them out everywhere, until they are unlocked"},
      {"unlock", "let them sign in again, also after wrong passwords"},
      {"remove", "for good; their name is kept for the audit"},
  };
  for (const auto& [name, help] : words) {
    auto* command = part(people, name, help);
    command->add_option("PERSON", targets_, "ids or e-mail addresses")->required();
    changes(command);
    if (name == std::string_view("invite")) add_mail(command);
    command->callback([this, action = std::string(name)] {
      status_ = change_people(command_, action, targets_, mail_);
    });
  }
  add_link(people);
}

void Operating::add_mail(CLI::App* command) {
  command->add_flag("--mail", mail_, "sends the link to their address, by [mail]; prints none");
}

void Operating::add_link(CLI::App* people) {
  auto* link = part(people, "link", "let them sign in at the site's OpenID provider, by [sign_in]");
  link->add_option("PERSON", target_, "id or e-mail address")->required();
  link->add_option("--subject", person_.name,
                   "sub of the provider's tokens for them; \"\" ends the link")
      ->required();
  changes(link);
  link->callback([this] { status_ = link_person(command_, target_, person_.name); });
}

void Operating::add_audit(CLI::App& app) {
  auto* audit = single(app, "audit", "who was told, saw or changed what");
  audit->footer(reading_notes);
  audit->require_subcommand(0, 1);
  audit->add_option("--most", most_, "how many of the newest entries of this node are listed")
      ->check(CLI::Range(1, 1'000'000));
  audit->callback([this, audit] {
    if (audit->get_subcommands().empty()) status_ = list_audit(command_, most_);
  });
  part(audit, "list", "the newest entries; what is done when nothing is said")->callback([this] {
    status_ = list_audit(command_, most_);
  });
  part(audit, "verify", "check every chain: number of entries, head, first bad entry, restores")
      ->callback([this] { status_ = verify_audit(command_); });
  auto* out = part(audit, "export", "FHIR AuditEvents of every node, one a line, oldest first");
  out->add_option("--from", from_, "day or instant, as 2026-11-20 or 2026-11-20T08:00:00Z");
  out->add_option("--to", to_, "the same; a day counts whole, an instant does not belong to it");
  out->footer(
      "Profiles of IHE BALP 1.1 where it has one. Checks the chains too: status 1 when one is "
      "broken.");
  out->callback([this] { status_ = export_audit(command_, from_, to_); });
}

void Operating::add_backup(CLI::App& app) {
  auto* out = single(app, "backup", "one file with all that is committed, beside a running serve");
  out->add_option("--to", to_file_, "the file; there must be none of this name")->required();
  out->footer(
      "The file appears whole or not at all, mode 0600. Patient data in it stays encrypted, and "
      "the\n"
      "site key is not in it: keep a copy of the key elsewhere. Try the restore.");
  out->callback([this] { status_ = back_up(command_, to_file_); });

  auto* in = single(app, "restore", "put a backup back, on this or another machine");
  auto* file = in->add_option("FILE", restore_.file, "the backup");
  in->add_flag("--force", restore_.force, "put a database that is there aside; it is kept");
  auto* taken = in->add_option("--taken-at", restore_.taken_at,
                               "with --in-place: when the copy was made, as 2026-11-20T03:00:00Z");
  auto* place = in->add_flag("--in-place", restore_.in_place,
                             "the database was put back by other means (pg_restore, a snapshot of "
                             "the machine): check and mark it");
  place->needs(taken)->excludes(file);
  taken->needs(place);
  in->add_option("--by", command_.by, "who restores; default: the login name");
  in->footer(
      "Checks checksum, key, schema and audit chain first. Deliveries that may have arrived since "
      "the\n"
      "backup are marked, so that nothing is sent twice without looking. Prints from when to when\n"
      "pushing senders must send again; what is polled is read again by itself. Stop serve first.");
  in->callback([this] {
    if (!restore_.in_place && restore_.file.empty()) throw CLI::RequiredError("FILE");
    status_ = restore(command_, restore_);
  });
}

void Operating::add_migrate(CLI::App& app) {
  auto* command =
      single(app, "migrate", "bring the database up to this version, with serve stopped");
  command->add_flag("--plan", plan_, "only say what would be done, and whether it can be");
  command->footer("serve does the same at its start. Migrations go forward only: back up first.");
  command->callback([this] { status_ = plan_ ? plan_migrations(command_) : migrate(command_); });
}

void Operating::add_rekey(CLI::App& app) {
  auto* command = single(app, "rekey", "a new site key and a new data key, with serve stopped");
  command->add_flag("--yes", command_.yes, "do it; without, it is only said what would be done");
  command->add_option("--by", command_.by, "whose decision it is; default: the login name");
  command->add_option(
      "--new-key", to_file_,
      "file of the new key, made when it is not there; default: beside the old one");
  command->footer(
      "Every value is sealed anew in one transaction, so a crash leaves the old or the new state: "
      "run\nthe same command again. Backups made before need the old key, which is kept beside the "
      "new one;\ndestroy it when they are gone. Links in alerts and one-time forms that were sent "
      "stop "
      "working.");
  command->callback([this] { status_ = rekey(command_, to_file_); });
}

void Operating::add_inventory(CLI::App& app) {
  auto* inventory =
      app.add_subcommand("inventory", "what the program is made of; which data goes where");
  inventory->require_subcommand(1);
  inventory->add_subcommand("sbom", "libraries and versions, as CycloneDX 1.5 JSON")
      ->callback([this] { status_ = print_bill_of_materials(); });
  single(*inventory, "flows",
         "each way that data takes: with whom, what, how protected, where kept")
      ->callback([this] { status_ = print_data_flows(command_); });
}

}  // namespace meridian::host
