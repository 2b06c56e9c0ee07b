// SPDX-License-Identifier: Apache-2.0
// What is collected while a message is read.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/read/notes.h"
#include "fhir/read/reader.h"
#include "model/record_set.h"

namespace meridian::fhir_read {

/// Bundle.entry around the resource that is being read.
struct Entry {
  std::string full_url;
  std::string method;
};

/// Bundle.link.
struct Link {
  std::string relation;
  std::string url;
};

/// A Bundle that is open. Bundles may hold Bundles (batch-response).
struct OpenBundle {
  Entry entry;
  Link link;
  std::string type;
};

/// A Medication resource; it only gives its code to those who refer to it.
struct Drug : Record {
  Concept code;
};

/// OperationOutcome.issue while it is read.
struct ServerIssue {
  std::string severity;
  std::string code;
  std::string diagnostics;
  std::string details;
};

/// DiagnosticReport.presentedForm while it is read.
struct Form {
  void* owner = nullptr;          ///< the record it belongs to
  std::string_view content_type;  ///< these point into the parser's buffer
  std::string_view base64;        ///< as written
  std::string_view url;
};

/// An extension while it is read. What it says becomes a member of the record that it stands in.
struct Extension {
  std::string url;
  std::string text;  ///< code, string, decimal or boolean as written
  Concept coded;
  Identifier identifier;
  Period period;
  Reference reference;
  std::vector<Extension> extensions;
};

/// The outermost extension that is open, and what it stands in.
struct OpenExtension {
  void* owner = nullptr;
  Extension read;
};

/// Tells where the parser is.
class Where {
 public:
  /// FHIRPath-like path of the value that is being read.
  virtual std::string path() const = 0;

 protected:
  ~Where() = default;
};

/// The last resource of the outermost level. Its id may follow from Bundle.entry.fullUrl, which
/// may come after it.
struct Pending {
  Record* record = nullptr;  ///< null: not mapped, or refused
  std::size_t span = 0;      ///< index in RecordSet::resources
  bool any = false;
};

/// Everything that one read collects.
struct Context {
  explicit Context(const ReadOptions& read_options)
      : options(read_options),
        message_id(std::make_shared<const std::string>(read_options.message_id)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const ReadOptions& options;
  const std::shared_ptr<const std::string> message_id;
  RecordSet out;
  RecordSet contained;         ///< of the resource that is open; moved to `out` when it ends
  RecordSet* into = &out;      ///< `out`, or `contained` while a contained resource is read
  bool has_contained = false;  ///< the resource that is open contains some
  bool any_contained = false;  ///< any resource did
  std::vector<Drug> drugs;
  std::vector<Drug> contained_drugs;
  std::list<OpenBundle> bundles;  ///< a list, because frames point into it
  std::vector<Form> forms;
  std::list<OpenExtension> extensions;  ///< a list, because frames point into it
  Pending pending;
  std::string_view message;      ///< the bytes as received
  const Where* where = nullptr;  ///< set while the parser runs
  Notes notes;
  std::vector<std::size_t> open_items;              ///< QuestionnaireResponse items that are open
  QuestionnaireResponse::Item* answered = nullptr;  ///< item of the coded answer being read
  Record outcome;                  ///< an OperationOutcome; nothing of it is kept but its issues
  ServerIssue server_issue;        ///< the one that is being read
  std::string link_type;           ///< Patient.link.type
  bool preferred = false;          ///< Patient.communication.preferred
  Quantity supply;                 ///< dispenseRequest.expectedSupplyDuration
  Medication* supplied = nullptr;  ///< the record that `supply` belongs to
  std::size_t resources = 0;       ///< begun so far, against ReadOptions::max_resources
  std::size_t values = 0;          ///< objects made so far, against ReadOptions::max_values
};

}  // namespace meridian::fhir_read
