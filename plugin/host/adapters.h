// SPDX-License-Identifier: Apache-2.0
// The visible list of adapters: which ports a configured system gets.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "fhir/client/fhir_client.h"
#include "flow/peers.h"
#include "hl7v2/mllp/sender.h"
#include "hl7v2/mllp/source.h"
#include "host/config.h"
#include "host/server_statements.h"
#include "model/field_profile.h"
#include "model/issue.h"
#include "model/terminology.h"

namespace meridian::host {

/// Whose records are polled patient by patient. Set when the store is open, before sources start.
struct WorkList {
  std::function<std::vector<std::string>(const SourceId& source)> of;
};

/// The peers, and the clients that their ports use; clients outlive the peers.
struct Connections {
  std::vector<std::unique_ptr<fhir::FhirClient>> clients;
  flow::Peers peers;
  std::shared_ptr<WorkList> work_list = std::make_shared<WorkList>();
  std::vector<ServerStatement> servers;          ///< of each system that speaks FHIR
  fhir::FhirClient* directory = nullptr;         ///< of [directory] fhir; null when there is none
  std::vector<hl7v2::MllpSource*> mllp;          ///< those among the sources of the peers
  std::vector<std::string> mllp_listen;          ///< where each of them is to listen
  std::vector<std::string> mllp_peers;           ///< and to whom
  std::vector<hl7v2::MllpSender*> mllp_senders;  ///< those among the senders of the peers
};

/// Makes the ports of everything that is configured. Connects only to read what a server says it
/// can do; a server that does not answer is taken at its dialect's word. Faults are issues.
/// `tables` (the v2 tables of fhir-profiles) is borrowed by the readers; `name_key` is theirs, a
/// secret of the site (hl7v2::ReadSettings).
Connections connect(const Config& config, const std::map<std::string, FieldProfile>& profiles,
                    const Terminology& tables, std::string_view name_key, Issues& issues);

/// The readers alone, for what is in the store already; arguments as above.
std::vector<std::unique_ptr<Reader>> make_readers(const Config& config, const Terminology& tables,
                                                  std::string_view name_key);

/// Only the client of [directory] fhir.
Connections connect_directory(const Config& config, Issues& issues);

/// What `meridian check` asks of each configured system: reachable, trusted, able.
Issues probe(const Config& config);

}  // namespace meridian::host
