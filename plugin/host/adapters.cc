// SPDX-License-Identifier: Apache-2.0
#include "host/adapters.h"

#include <algorithm>
#include <future>

#include "fhir/endpoint/shelf_sender.h"
#include "fhir/exchange/dialect_needs.h"
#include "fhir/exchange/fhir_gatherer.h"
#include "fhir/exchange/fhir_poll.h"
#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/fhir_sender.h"
#include "fhir/exchange/message_gatherer.h"
#include "fhir/exchange/referral_dialect.h"
#include "fhir/exchange/subscriber.h"
#include "fhir/read/reader.h"
#include "flow/notice.h"
#include "hl7v2/mllp/source.h"
#include "hl7v2/read/reader.h"
#include "hl7v2/write/writer.h"
#include "host/clients.h"
#include "host/egress_rules.h"
#include "host/fhir_clients.h"
#include "host/mail_sender.h"
#include "host/meant_for.h"
#include "host/mllp_ways.h"
#include "packet/pdf.h"
#include "pager/pager.h"

namespace meridian::host {
namespace {

using flow::Peer;
using flow::PeerKind;
using Interactions = std::vector<std::pair<std::string, std::string>>;
using Lacks = std::vector<std::string>;

/// Builds peers one by one; every fault is an issue at the line of its table.
class Connector {
 public:
  Connector(const Config& config, const std::map<std::string, FieldProfile>& profiles,
            Issues& issues)
      : config_(config), profiles_(profiles), issues_(issues), clients_(config, issues) {}

  Connections run(const Terminology& tables, std::string_view name_key) {
    made_.peers.readers = make_readers(config_, tables, name_key);
    ask_servers(config_.hospitals);
    ask_servers(config_.clinics);
    for (const auto& hospital : config_.hospitals) add(hospital, PeerKind::hospital, tables);
    for (const auto& clinic : config_.clinics) add(clinic, PeerKind::clinic, tables);
    for (const auto& contact : config_.contacts) add_contact(contact);
    for (const auto& mllp : config_.mllp) add_mllp(mllp);
    add_mail(config_.mail);
    return run_directory();
  }

  Connections run_directory() {
    const auto& server = config_.directory_of_clinics.server;
    if (!server.fhir.empty()) {
      fhir::ClientLimits patient;  // a directory is large, and nobody waits for it
      patient.total = std::chrono::minutes(30);
      patient.pages = 20'000;
      made_.directory = client(server, patient);
    }
    return std::move(made_);
  }

  /// A client that the connections own; nothing, and an issue, when it cannot be made.
  fhir::FhirClient* client(const PeerConfig& given, const fhir::ClientLimits& limits = {}) {
    auto made = clients_.make(given, limits);
    if (!made) return nullptr;
    made_.clients.push_back(std::move(made));
    return made_.clients.back().get();
  }

  /// What is wrong with a server, or with its table; what its dialect counts on and it does not
  /// list is a warning.
  Issues probe(const PeerConfig& given, const Interactions& needs) {
    const auto dialect = fhir::find_dialect(given.dialect);
    if (!dialect) {
      fault_dialect(given.line, given.dialect, fhir::dialect_ids());
      return {};
    }
    auto* asker = clients_.fits(given, *dialect) ? client(given) : nullptr;
    if (asker == nullptr) return {};
    auto found = asker->probe(needs);
    const bool answers = std::none_of(found.begin(), found.end(), [](const Issue& issue) {
      return issue.severity >= Severity::error && issue.code != "not-supported";
    });
    const auto said = answers ? stated(*asker) : nullptr;
    for (auto& issue : check_way_back(given, *dialect, said ? *said : dialect->expected)) {
      found.push_back(std::move(issue));
    }
    if (!said) return found;
    const auto fitting = fhir::dialect_of(said->software);
    if (!fitting.empty() && fitting != given.dialect) {
      found.push_back({Severity::warning, "business-rule", "dialect",
                       "/metadata says that this is " + said->software + ", and dialect is \"" +
                           given.dialect + "\"; set dialect = \"" + fitting + "\""});
    }
    for (const auto& need : lacking(fhir::needs_of(*dialect, !given.services.empty()), *said)) {
      found.push_back({Severity::warning, "not-supported", "dialect",
                       "/metadata does not list \"" + need + "\", which \"" + given.dialect +
                           "\" counts on: what is read or written by it will be missing"});
    }
    return found;
  }

 private:
  /// Whoever speaks FHIR may order, and receives what its services say. A hospital that is told by
  /// HL7 v2 orders by it too, and only its record is read by FHIR.
  void add(const PeerConfig& given, PeerKind kind, const Terminology& tables) {
    auto peer = std::make_unique<Peer>();
    peer->kind = kind;
    peer->id = given.id;
    peer->name = given.name;
    const auto profile = profiles_.find(given.field_profile);
    if (profile == profiles_.end()) return fault_profile(given);
    peer->profile = profile->second;
    peer->services = given.services;
    peer->notice_to = given.notice_to;
    peer->consent_names = given.consent_names;
    if (!given.fhir.empty()) {
      if (!speak_fhir(given, *peer)) return;
    } else if (kind == PeerKind::hospital) {  // what it sends is all that is known
      peer->gatherer = std::make_unique<fhir::MessageGatherer>();
    }
    if (!given.mllp.empty() && !tell_by_v2(given, *peer, tables)) return;
    if (given.reads_here() && !show_here(given, *peer)) return;
    made_.peers.list.push_back(std::move(peer));
  }

  PagePrinter printer_of(const PeerConfig& given) const {
    if (!given.pdf) return {};
    if (!config_.is_test()) return packet::pdf_of;
    return [](Page page) {
      page.banner = std::string(test_banner) + (page.banner.empty() ? "" : " ") + page.banner;
      return packet::pdf_of(page);
    };
  }

  std::unique_ptr<Renderer> marked(std::unique_ptr<Renderer> renderer) const {
    if (!config_.is_test()) return renderer;
    return std::make_unique<TestRenderer>(std::move(renderer));
  }

  /// Its record is read by FHIR, and unless it has mllp it is told by FHIR.
  bool speak_fhir(const PeerConfig& given, Peer& peer) {
    const auto dialect = fhir::find_dialect(given.dialect);
    if (!dialect) return fault_dialect(given.line, given.dialect, fhir::dialect_ids());
    if (!clients_.fits(given, *dialect)) return false;
    fhir::ClientLimits limits;
    if (!given.cds_issuer.empty()) limits.idle_connections = 48;  // many ask at once, and wait
    auto* gather = client(given, limits);
    auto* poll = client(given);
    auto* send = given.mllp.empty() ? client(given) : nullptr;
    if (!gather || !poll || (!send && given.mllp.empty())) return false;
    fhir::GathererSettings settings;
    settings.base_url = given.fhir;
    settings.dialect = *dialect;
    if (given.cds_use_token) settings.client_with = clients_.with_token(given);
    peer.gatherer = std::make_unique<fhir::FhirGatherer>(*gather, std::move(settings));
    const auto said = stated_capabilities(given);
    const auto watches = watches_of(given, *dialect, said.get());
    const auto needs = fhir::needs_of(*dialect, !given.services.empty());
    made_.servers.push_back({given.id, said, said ? lacking(needs, *said) : Lacks{}, {}});
    peer.sources.push_back(polling(given, *poll, *dialect, watches));
    if (!listen_to_notices(given, peer, *dialect, watches)) return false;
    if (send == nullptr) return true;
    auto referral = fhir::find_referral_dialect(given.referral_dialect);
    if (!referral) return fault_referral_dialect(given);
    auto rules = dialect->write_back;
    rules.signer = given.writes_as;
    rules.practice = given.practice;
    rules.department = given.department;
    peer.renderer = marked(std::make_unique<fhir::FhirRenderer>(
        said ? said : std::make_shared<const fhir::Capabilities>(dialect->expected),
        printer_of(given), std::move(*referral), rules));
    if (given.deliver == "meridian") {
      peer.sender = std::make_unique<fhir::FhirSender>(*send, rules);
    }
    return true;
  }

  /// It reads at our endpoint or in our pages what a server of its own would be sent, and answers
  /// there.
  bool show_here(const PeerConfig& given, Peer& peer) {
    auto referral = fhir::find_referral_dialect(given.referral_dialect);
    if (!referral) return fault_referral_dialect(given);
    peer.renderer = marked(std::make_unique<fhir::FhirRenderer>(
        std::make_shared<const fhir::Capabilities>(), printer_of(given), std::move(*referral)));
    peer.sender = std::make_unique<fhir::ShelfSender>();
    peer.reads_here = true;
    return true;
  }

  /// It is sent HL7 v2, and speaks at a door of [[mllp]] or of an engine.
  bool tell_by_v2(const PeerConfig& given, Peer& peer, const Terminology& tables) {
    auto dialect = hl7v2::find_write_dialect(given.mllp_dialect);
    if (!dialect) return fault_dialect(given.line, given.mllp_dialect, hl7v2::write_dialect_ids());
    dialect->fields["MSH-11"] = processing_id(config_.processing);
    peer.renderer =
        std::make_unique<hl7v2::Hl7v2Renderer>(std::move(*dialect), tables, printer_of(given));
    if (given.deliver != "meridian") return true;
    auto sender = hl7v2::MllpSender::create(mllp_settings(config_, given));
    if (!sender) {
      fault(given.line, given.id + ": " + std::string(sender.error().what.view()));
      return false;
    }
    made_.mllp_senders.push_back(sender->get());
    peer.one_line = true;
    peer.sender = std::move(*sender);
    return true;
  }

  bool fault_referral_dialect(const PeerConfig& given) {
    std::string known;
    for (const auto& id : fhir::referral_dialect_ids()) known += " " + id;
    fault(given.line,
          "referral_dialect \"" + given.referral_dialect + "\" is not known; known are" + known);
    return false;
  }

  /// Gives false, as whoever asks for it does.
  bool fault_dialect(int line, const std::string& dialect, const std::vector<std::string>& ids) {
    std::string known;
    for (const auto& id : ids) known += " " + id;
    fault(line, "dialect \"" + dialect + "\" is not known; known are" + known);
    return false;
  }

  void fault_profile(const PeerConfig& given) {
    fault(given.line,
          "field_profile \"" + given.field_profile + "\" is not in fhir-profiles/field-profiles");
  }

  /// What is worth asking a peer for: not what its server says it cannot search, and no orders of
  /// one that orders by HL7 v2, which would be found a second time.
  static std::vector<fhir::Watch> watches_of(const PeerConfig& given, const fhir::Dialect& dialect,
                                             const fhir::Capabilities* said) {
    auto watches = dialect.origin_watches;
    if (!given.services.empty()) {
      watches.insert(watches.end(), dialect.receiver_watches.begin(),
                     dialect.receiver_watches.end());
    }
    std::erase_if(watches, [&](const fhir::Watch& watch) {
      const bool unsearchable = said != nullptr && !said->allows(watch.type, "search-type");
      return unsearchable || (!given.mllp.empty() && watch.type == "ServiceRequest");
    });
    return watches;
  }

  void add_mllp(const MllpConfig& given) {
    const auto listen = read_listen(given.listen);
    for (const auto& peer : made_.peers.list) {
      if (peer->id != given.source || !listen) continue;
      hl7v2::ListenerSettings settings;
      settings.address = listen->address;
      settings.port = listen->port;
      settings.certificate_file = config_.path_of(given.certificate);
      settings.key_file = config_.path_of(given.key);
      settings.client_ca = config_.path_of(given.client_ca);
      settings.plain_beyond_loopback = given.plain_beyond_machine;
      settings.max_bytes = static_cast<std::size_t>(given.max_megabytes * (1 << 20));
      settings.max_connections = static_cast<unsigned>(given.max_connections);
      settings.max_per_peer = static_cast<unsigned>(given.max_per_peer);
      settings.max_per_second = given.max_per_second;
      settings.read_timeout =
          std::chrono::milliseconds(static_cast<std::int64_t>(given.read_seconds * 1000));
      settings.idle_timeout =
          std::chrono::milliseconds(static_cast<std::int64_t>(given.idle_seconds * 1000));
      auto source = std::make_unique<hl7v2::MllpSource>(SourceId(given.source), std::move(settings),
                                                        system_now);
      made_.mllp.push_back(source.get());
      made_.mllp_listen.push_back(given.listen);
      made_.mllp_peers.push_back(given.source);
      peer->sources.push_back(std::move(source));
    }
  }

  void add_contact(const ContactConfig& given) {
    pager::PagerSettings settings;
    settings.url = given.pager;
    settings.ca_file = config_.path_of(given.ca_file);
    settings.egress = egress_of(config_);
    auto sender = pager::PagerSender::create(std::move(settings));
    if (!sender) {
      return fault(given.line, "[[contact]] pager: " + std::string(sender.error().what.view()));
    }
    auto peer = std::make_unique<Peer>();
    peer->kind = PeerKind::pager;
    peer->id = "pager:" + given.name;
    peer->name = given.name;
    peer->renderer = std::make_unique<pager::PagerRenderer>();
    peer->sender = std::move(*sender);
    made_.peers.contacts.push_back({given.name, peer->id});
    made_.peers.list.push_back(std::move(peer));
  }

  void add_mail(const MailConfig& given) {
    for (const auto& hospital : config_.hospitals) {
      if (hospital.notice_to.empty()) continue;
      if (given.host.empty()) fault(hospital.line, "notice_to needs a [mail] table");
      if (!is_mail_address(hospital.notice_to))
        fault(hospital.line, "notice_to must be one mail address");
    }
    auto sender = mail_sender(config_, issues_);
    if (!sender) return;
    auto peer = std::make_unique<Peer>();
    peer->kind = PeerKind::mail;
    peer->id = flow::mail_peer;
    peer->name = "mail";
    peer->sender = std::move(sender);
    made_.peers.list.push_back(std::move(peer));
  }

  /// Asks each server once and briefly what it can do, all at the same time: a start waits for the
  /// slowest of them and not for one after the other. Faults of a table are said where its peer is
  /// made.
  void ask_servers(const std::vector<PeerConfig>& peers) {
    fhir::ClientLimits brief;
    brief.connect = brief.attempt = brief.total = std::chrono::milliseconds(3'000);
    brief.attempts = 1;
    for (const auto& given : peers) {
      const auto dialect = fhir::find_dialect(given.dialect);
      if (given.fhir.empty() || !dialect) continue;
      const auto faults = issues_.size();
      auto* asker = clients_.fits(given, *dialect) ? client(given, brief) : nullptr;
      issues_.erase(issues_.begin() + static_cast<std::ptrdiff_t>(faults), issues_.end());
      if (asker == nullptr) continue;
      asked_[given.id] = std::async(std::launch::async, [asker] { return stated(*asker); });
    }
  }

  /// What the server said of itself; null when it says nothing now.
  std::shared_ptr<const fhir::Capabilities> stated_capabilities(const PeerConfig& given) {
    const auto asked = asked_.find(given.id);
    return asked == asked_.end() ? nullptr : asked->second.get();
  }

  /// Its server may tell us when to look, and is asked to where the site says so.
  bool listen_to_notices(const PeerConfig& given, Peer& peer, const fhir::Dialect& dialect,
                         const std::vector<fhir::Watch>& watches) {
    auto* asker = client(given);
    if (asker == nullptr) return false;
    fhir::SubscriberSettings settings;
    settings.source = SourceId(given.id);
    settings.base_url = given.fhir;
    settings.watches = watches;
    settings.counts = dialect.notices.counts;
    settings.topics = given.subscribe;
    settings.endpoint = config_.public_url + "/fhir/" + given.id;
    settings.look = [poll = peer.sources.back().get()] { poll->wake(); };
    if (!given.subscribe.empty()) {
      if (config_.public_url.empty()) {
        fault(given.line, "subscribe: its server must know where we are; set [site] public_url");
        return false;
      }
      settings.token = token_for(given);
    }
    peer.sources.push_back(std::make_unique<fhir::Subscriber>(*asker, std::move(settings)));
    return true;
  }

  /// What the peer's server shows when it tells us: the token of the client that speaks for it.
  Sensitive<std::string> token_for(const PeerConfig& given) {
    for (const auto& one : config_.clients) {
      if (one.role != "source" || one.source != given.id || one.token_file.empty()) continue;
      if (auto token = read_token(config_.path_of(one.token_file))) {
        return Sensitive<std::string>(std::move(*token));
      }
    }
    fault(given.line,
          "subscribe: its server shows us a token; add a [[client]] with role = "
          "\"source\", source = \"" +
              given.id + "\" and token_file");
    return Sensitive<std::string>();
  }

  /// Of a hospital that is told by FHIR: whether its record takes anything of it.
  static Issues check_way_back(const PeerConfig& given, const fhir::Dialect& dialect,
                               const fhir::Capabilities& said) {
    Issues issues;
    if (!given.mllp.empty()) return issues;
    const auto warn = [&](std::string text) {
      issues.push_back({Severity::warning, "not-supported", "dialect", std::move(text)});
    };
    const bool messages = said.allows("Communication", "create");
    if (!messages && !said.allows("Task", "create") &&
        !said.allows("DocumentReference", "create") && dialect.write_back.form.path.empty()) {
      warn(
          "nothing can be written back to this server by FHIR; add mllp = \"HOST:PORT\" for "
          "status, "
          "appointment and note as HL7 v2");
    } else if (dialect.write_back.by_form("DocumentReference") && given.department.empty()) {
      warn(
          "documents are written to a department there; add department = \"...\", its number, or "
          "mllp = \"HOST:PORT\", else nothing comes back into the record");
    } else if (messages && dialect.write_back.signed_by && given.writes_as.empty()) {
      warn(
          "its messages must be signed by a person of its own; add writes_as = "
          "\"Practitioner/...\", else none are written");
    }
    return issues;
  }

  /// Null when nothing is said.
  static std::shared_ptr<const fhir::Capabilities> stated(fhir::FhirClient& asker) {
    const auto said = asker.capabilities();
    return said && !(*said)->says_nothing() ? *said : nullptr;
  }

  std::unique_ptr<Source> polling(const PeerConfig& given, fhir::FhirClient& client,
                                  const fhir::Dialect& dialect, std::vector<fhir::Watch> watches) {
    fhir::PollSettings settings;
    settings.source = SourceId(given.id);
    settings.base_url = given.fhir;
    settings.watches = std::move(watches);
    settings.patients_every = dialect.patients_every;
    settings.patients = [list = made_.work_list, source = settings.source] {
      return list->of ? list->of(source) : std::vector<std::string>{};
    };
    settings.interval = std::chrono::milliseconds(static_cast<int>(given.poll_seconds * 1000));
    settings.lookback = std::chrono::hours(given.lookback_hours);
    return std::make_unique<fhir::FhirPoll>(client, std::move(settings));
  }

  void fault(int line, std::string text) {
    issues_.push_back(
        {Severity::error, "invalid", config_.file + ":" + std::to_string(line), std::move(text)});
  }

  const Config& config_;
  const std::map<std::string, FieldProfile>& profiles_;
  Issues& issues_;
  FhirClients clients_;
  Connections made_;
  /// Waited for at the latest when this goes: its clients are among made_.
  std::map<std::string, std::shared_future<std::shared_ptr<const fhir::Capabilities>>> asked_;
};

/// What Meridian cannot do without, of a hospital and of a clinic.
Interactions hospital_needs() {
  return {{"Patient", "read"},          {"ServiceRequest", "search-type"},
          {"Condition", "search-type"}, {"Procedure", "search-type"},
          {"Encounter", "search-type"}, {"MedicationRequest", "search-type"}};
}
Interactions clinic_needs() {
  return {{"Task", "search-type"}, {"Task", "create"}, {"ServiceRequest", "create"}};
}

}  // namespace

Connections connect(const Config& config, const std::map<std::string, FieldProfile>& profiles,
                    const Terminology& tables, std::string_view name_key, Issues& issues) {
  return Connector(config, profiles, issues).run(tables, name_key);
}

std::vector<std::unique_ptr<Reader>> make_readers(const Config& config, const Terminology& tables,
                                                  std::string_view name_key) {
  std::vector<std::unique_ptr<Reader>> readers;
  readers.push_back(std::make_unique<FhirReader>());
  readers.push_back(std::make_unique<hl7v2::Hl7v2Reader>(
      hl7v2::ReadSettings{&tables, config.authorities, config.v2_charset, std::string(name_key)}));
  return readers;
}

Connections connect_directory(const Config& config, Issues& issues) {
  return Connector(config, {}, issues).run_directory();
}

Issues probe(const Config& config) {
  Issues issues;
  Connector connector(config, {}, issues);
  const auto ask = [&](const PeerConfig& peer, const Interactions& needs) {
    if (peer.fhir.empty()) return;
    for (auto& issue : connector.probe(peer, needs)) {
      issue.path = config.file + ":" + std::to_string(peer.line) + " (" + peer.id + ")" +
                   (issue.path.empty() ? "" : " " + issue.path);
      issues.push_back(std::move(issue));
    }
  };
  for (const auto& hospital : config.hospitals) ask(hospital, hospital_needs());
  for (const auto& clinic : config.clinics) ask(clinic, clinic_needs());
  probe_mllp(config, issues);
  return issues;
}

}  // namespace meridian::host
