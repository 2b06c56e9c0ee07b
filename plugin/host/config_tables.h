// SPDX-License-Identifier: Apache-2.0
// The tables of the configuration file that describe others: systems, people, and who may come in.
#pragma once

#include "host/config.h"
#include "host/config_section.h"

namespace meridian::host {

/// [[clinic]], or [[hospital]], which receives what surgeons receive.
PeerConfig read_peer(Section& section, bool clinic);
/// [directory]
void read_directory_table(Section& section, DirectoryConfig& directory);
/// [[contact]]
ContactConfig read_contact(Section& section);
/// [sign_in]
SignInConfig read_sign_in(Section& section);
/// [mail]
MailConfig read_mail(Section& section);
OpenHimConfig read_openhim(Section& section);
/// [egress]
EgressConfig read_egress(Section& section);
/// [[client]]
ClientConfig read_client(Section& section);
/// [[mllp]]
MllpConfig read_mllp(Section& section);

}  // namespace meridian::host
