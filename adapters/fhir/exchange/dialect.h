// SPDX-License-Identifier: Apache-2.0
// What differs from one FHIR server to the next, as data: adapters/dialects/*.json.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/client/capabilities.h"
#include "fhir/client/fhir_client.h"

namespace meridian::fhir {

/// One search of a patient's history.
struct HistorySearch {
  std::string kind;     ///< of QueryResult: conditions, procedures, medications, imaging ...
  std::string type;     ///< resource type that is searched
  SearchParams params;  ///< "{patient}" stands for the patient's id
};

/// A reference that gather reads along, because a record says too little without its target.
struct Follow {
  std::string type;     ///< ServiceRequest
  std::string element;  ///< requester
  std::string kind;     ///< of QueryResult; it becomes partial when the target cannot be read
};

/// One thing that a poll looks at.
struct Watch {
  enum class By {
    last_updated,  ///< everything of the type that changed since the cursor
    patient,       ///< patient by patient of the work list, for servers that refuse the former
  };
  /// What to do with resources that carry an identifier of ours.
  enum class Own {
    any,    ///< take them like others
    skip,   ///< leave them out: they are our own writing
    only,   ///< take only those with a referral's: it was sent to be answered
    along,  ///< take what is based on something, when a Task that was sent comes along
  };
  std::string name;  ///< of the cursor
  std::string type;
  SearchParams params;  ///< "{patient}" as above, with By::patient
  By by = By::last_updated;
  Own own = Own::any;
  std::vector<std::string> skip_status;  ///< statuses that say nothing new: requested
  std::vector<std::string> follow;       ///< root elements whose references are read along
  std::vector<HistorySearch> along;      ///< searches along; "{focus}": Task.focus, or basedOn
};

/// How its notifications differ.
struct Notices {
  bool counts = true;                         ///< event numbers go on from one bundle to the next
  std::string signature = "X-Hub-Signature";  ///< header: the prefix and an HMAC of the body
  std::string prefix = "sha256=";
  bool wakes = false;  ///< a resource that it posts says only that something changed
};

/// How a document is written where the server has a form of its own in place of FHIR's create. In
/// paths and fields "{practice}", "{patient}" and "{department}" stand for their numbers there.
struct DocumentForm {
  std::string path;     ///< of the server's origin; a GET lists the patient's. Empty: it has none
  SearchParams fields;  ///< sent with each document
  /// Those that differ for a code of DocumentReference.type.
  std::map<std::string, SearchParams, std::less<>> by_type;
  std::string contents;   ///< the field of the bytes, as base64
  std::string title;      ///< the field of what it is, which the list has too
  std::string documents;  ///< the member of the list that has the documents
  std::string number;     ///< a document's number, in the list and in the answer
};

/// What a server wants of what is written back to it, where that is narrower than the standard.
struct WriteBack {
  /// Media types that a document's content may have, without parameters; empty: any.
  std::vector<std::string> media;
  bool one_content = false;  ///< a document has one content, and it holds the bytes themselves
  bool period = false;       ///< a document says when what it tells of ended
  bool own_people = false;   ///< whoever is named is a record of the server's own, or not named
  bool signed_by = false;    ///< a message names its sender and a recipient, or is refused
  bool attached = false;     ///< a message's words are its one payload, as an attached plain text
  std::vector<std::string> priorities;  ///< of a message, mildest first; empty: FHIR's
  /// Type to the search among whose finds our own writing is, where identifiers cannot be searched.
  /// "{patient}" as in a HistorySearch.
  std::map<std::string, SearchParams, std::less<>> find;
  bool title_mark = false;  ///< identifiers are not kept: titles end in a mark of ours
  std::string signer;       ///< for signed_by, of the site: "Practitioner/5"; empty: not known
  /// The Task that the server made for an order itself, and whose status may be set; empty: none.
  /// "{order}" stands for the order's reference.
  SearchParams own_task;
  DocumentForm form;       ///< in place of creating a DocumentReference
  std::string practice;    ///< for `form`, of the site: "Organization/a-1.Practice-195900"
  std::string department;  ///< for `form`, of the site: "21"
  /// Most entries of a transaction in which any is conditional; 0: any number.
  std::size_t conditional_entries = 0;

  bool by_form(std::string_view type) const {
    return type == "DocumentReference" && !form.path.empty();
  }
};

/// One family of servers.
struct Dialect {
  std::string id;
  std::string software;  ///< CapabilityStatement.software.name of such servers; empty: not known
  std::vector<HistorySearch> history;
  std::vector<HistorySearch> consents;  ///< of the patient; none where they are not searched
  std::vector<Follow> follow;
  std::vector<Watch> origin_watches;    ///< orders and answers, of whoever may order
  std::vector<Watch> receiver_watches;  ///< answers to what was sent there
  Notices notices;
  ServerHabits habits;
  std::chrono::minutes patients_every{0};  ///< how often watches by patient go round
  WriteBack write_back;
  std::vector<std::string> algorithms;      ///< for signing in; empty: RS384 and ES384
  std::vector<std::string> scopes_without;  ///< scopes that must not be asked for
  Capabilities expected;                    ///< holds until the server's own statement was read
};

/// Reads one dialect file (meridian.dialect/1). Errors: malformed with the byte offset;
/// misconfigured when a member is unknown, missing or of the wrong kind, with its byte offset.
Result<Dialect> read_dialect(std::string_view json);

/// A dialect of adapters/dialects by its id, such as "r4" or "epic". Errors: not_found.
Result<Dialect> find_dialect(std::string_view id);

/// The dialect made for the software that a server says it is ("Medplum 4.5.2"); empty: none is.
std::string dialect_of(std::string_view software);

/// The ids that find_dialect knows, sorted.
std::vector<std::string> dialect_ids();

}  // namespace meridian::fhir
