// SPDX-License-Identifier: Apache-2.0
#include "host/hl7_command_line.h"

#include <CLI/CLI.hpp>

namespace meridian::host {

Hl7CommandLine::Hl7CommandLine(CLI::App& app, int& status) : status_(status) {
  auto* hl7 = app.add_subcommand("hl7", "HL7 v2 messages: show, check, send and listen for them");
  hl7->require_subcommand(1);
  hl7->footer(
      "For who connects systems. Needs no configuration and keeps nothing; what is printed is the "
      "patient\n"
      "data of the messages. Exit status: 0 done, 1 the input or the other side is at fault, 2 "
      "wrong "
      "usage.");
  add_show(hl7);
  add_check(hl7);
  add_send(hl7);
  add_listen(hl7);
}

CLI::App* Hl7CommandLine::with_files(CLI::App* command) {
  command->add_option("FILE", files_, "messages, one by one or in batches; - is standard input")
      ->required();
  return command;
}

void Hl7CommandLine::add_show(CLI::App* hl7) {
  auto* show = with_files(hl7->add_subcommand("show", "print messages as trees, with names"));
  show->footer(
      "Each value has its path as errors name it: PID-3[2].4.1 is field 3, repetition 2, component "
      "4,\n"
      "subcomponent 1. Escapes are decoded. \"\" means: delete what is known. Z segments have no "
      "names.");
  show->callback([this] { status_ = show_hl7(files_); });
}

void Hl7CommandLine::add_check(CLI::App* hl7) {
  auto* check = with_files(
      hl7->add_subcommand("check", "say what is wrong with messages, line and path of each"));
  check
      ->add_option("--authority", authorities_,
                   "NAME=SYSTEM: what an assigning authority is called in FHIR")
      ->allow_extra_args(false);
  check->footer(
      "Syntax, and what Meridian reads of a message. Exit status 1 when anything is an error;\n"
      "warnings alone are 0: the message is taken as it is.");
  check->callback([this] { status_ = check_hl7(files_, authorities_); });
}

void Hl7CommandLine::add_send(CLI::App* hl7) {
  auto* send = hl7->add_subcommand("send", "send messages by MLLP, print what is answered");
  send->add_option("HOST:PORT", send_.to, "the receiver")->required();
  with_files(send);
  send->add_option("--ca-file", send_.ca_file,
                   "PEM of the authorities to trust; default: the system's");
  auto* certificate = send->add_option("--certificate", send_.certificate_file,
                                       "PEM, shown to a receiver that asks for one");
  auto* key = send->add_option("--key", send_.key_file, "PEM, of that certificate");
  certificate->needs(key);
  key->needs(certificate);
  send->add_flag("--plain", send_.plain, "without TLS, though the receiver is another machine");
  send->add_option("--wait", send_.wait_seconds, "seconds for each answer; 60 unless given")
      ->check(CLI::Range(0.01, 3600.0));
  send->footer(
      "In order, on one connection, with CR after each segment; a batch is sent message by "
      "message. "
      "TLS,\n"
      "but to this machine only with --ca-file or --certificate. A refusal does not hold up the "
      "next "
      "one.\n"
      "ambiguous: sent and not answered, so it may have arrived; what follows is not sent then.\n"
      "Exit status 1 unless all were accepted.");
  send->callback([this] {
    send_.files = files_;
    status_ = send_hl7(send_);
  });
}

void Hl7CommandLine::add_listen(CLI::App* hl7) {
  auto* listen = hl7->add_subcommand("listen", "print what arrives by MLLP, and acknowledge it");
  listen
      ->add_option("[ADDRESS:]PORT", listen_.listen,
                   "port 0 takes a free one; without an address only this machine is heard")
      ->required();
  listen
      ->add_option("--answer", listen_.answer,
                   "AA, AE, AR (CA, CE, CR where MSH-15 asks for it) or none; AA unless given")
      ->check(CLI::IsMember({"AA", "AE", "AR", "none"}));
  auto* count = listen->add_option("--count", listen_.count, "end after so many")
                    ->check(CLI::Range(1, 1'000'000));
  listen
      ->add_flag_callback(
          "--once", [this] { listen_.count = 1; }, "end after one")
      ->excludes(count);
  listen->add_flag("--raw", listen_.raw, "print the bytes as they came, not a tree");
  auto* certificate = listen->add_option("--certificate", listen_.certificate_file, "PEM: TLS");
  auto* key = listen->add_option("--key", listen_.key_file, "PEM, of that certificate");
  certificate->needs(key);
  key->needs(certificate);
  listen
      ->add_option("--client-ca", listen_.client_ca,
                   "PEM: who sends must show a certificate of these authorities")
      ->needs(certificate);
  listen->add_flag("--plain", listen_.plain, "without TLS beyond this machine");
  listen->footer(
      "For trying a connection: what is acknowledged here is printed and kept nowhere. It is "
      "patient "
      "data,\n"
      "so only this machine is heard unless an address is given, and others only by TLS or with "
      "--plain.\n"
      "Where it listens, and who sent, is said on standard error. Ctrl-C ends it.");
  listen->callback([this] { status_ = listen_hl7(listen_); });
}

}  // namespace meridian::host
