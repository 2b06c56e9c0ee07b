// SPDX-License-Identifier: Apache-2.0
// The configured systems, as flow needs them: who they are and which ports reach them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "port/ports.h"
#include "routing/directory.h"

namespace meridian::flow {

enum class PeerKind { hospital, clinic, pager, mail };

/// One configured system. Ports it does not have are null.
struct Peer {
  PeerKind kind = PeerKind::hospital;
  std::string id;    ///< configured; source id and destination id at once
  std::string name;  ///< for people
  std::unique_ptr<Gatherer> gatherer;
  std::unique_ptr<Renderer> renderer;
  std::unique_ptr<Sender> sender;
  std::vector<std::unique_ptr<Source>> sources;
  FieldProfile profile;               ///< what it may get when a referral goes to it
  bool reads_here = false;            ///< what is delivered to it, it reads at our door
  bool one_line = false;              ///< one connection, over which all goes in one order
  std::vector<std::string> services;  ///< what it does itself: its own orders for it stay there
  /// What a patient's consent may call it: "system|value" of an identifier, or
  /// "PEER/Organization/id" on the server of that peer.
  std::vector<std::string> consent_names = {};
  std::string notice_to = {};  ///< a hospital: the address that is told that something waits

  SourceId source() const { return SourceId(id); }
  DestinationId destination() const { return DestinationId(id); }
};

/// A named contact for emergencies, in the order in which they are alerted.
struct Contact {
  std::string name;   ///< role or person: "spine surgeon on call"
  std::string pager;  ///< id of the peer that reaches them
};

struct Peers {
  std::vector<std::unique_ptr<Peer>> list;
  std::vector<std::unique_ptr<Reader>> readers;
  std::vector<Contact> contacts;
  routing::DirectorySource directory = [] { return std::make_shared<routing::Directory>(); };

  const Peer* find(std::string_view id) const {
    for (const auto& peer : list) {
      if (peer->id == id) return peer.get();
    }
    return nullptr;
  }
  const Reader* reader_for(std::string_view media_type) const {
    for (const auto& reader : readers) {
      if (reader->takes(media_type)) return reader.get();
    }
    return nullptr;
  }
};

}  // namespace meridian::flow
