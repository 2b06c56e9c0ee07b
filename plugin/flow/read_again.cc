// SPDX-License-Identifier: Apache-2.0
#include "flow/read_again.h"

#include <algorithm>

#include "flow/describe.h"
#include "flow/intake.h"
#include "report/outcome.h"

namespace meridian::flow {
namespace {

Result<store::QuarantineRow> find(const Core& core, const MessageId& id) {
  constexpr int most = 100'000;
  const auto rows = core.store.quarantine(most);
  if (!rows) return rows.error();
  for (const auto& row : *rows) {
    if (row.id == id) return row;
  }
  return Error{ErrorCode::not_found, "read again", "no such message is in quarantine"};
}

bool is_readable(const Result<RecordSet>& records) {
  return records &&
         std::none_of(records->issues.begin(), records->issues.end(),
                      [](const Issue& each) { return each.severity == Severity::fatal; });
}

}  // namespace

Result<Outlook> look_at_message(const Core& core, const MessageId& id, std::string_view by) {
  const auto row = find(core, id);
  if (!row) return row.error();
  auto message = core.store.message(id);
  if (!message) return message.error();
  if (!*message) return Error{ErrorCode::not_found, "read again", "the message is gone"};
  Outlook outlook;
  outlook.about = quarantine_json(*row);
  const auto* reader = core.peers.reader_for((*message)->media_type);
  if (reader == nullptr) {
    outlook.refused = "no reader takes its media type";
    return outlook;
  }
  const Envelope envelope{(*message)->source, (*message)->sender_id, (*message)->media_type,
                          std::move((*message)->body), (*message)->received_at};
  auto records = reader->read(envelope);
  if (!is_readable(records)) {
    outlook.refused = "it still cannot be read; the sender must correct it and send it anew";
    return outlook;
  }
  auto noted = note(core, envelope, id, *records);
  if (!noted) return noted.error();
  outlook.changes = std::move(noted->changes);
  auto& issues = records->issues;
  issues.insert(issues.end(), noted->issues.begin(), noted->issues.end());
  outlook.answer = report::outcome(issues);
  outlook.effect = "it is read as if it came now, and concerns " +
                   std::to_string(outlook.changes.referrals.size()) + " referral(s)";
  outlook.changes.audits.push_back({"Message.read-again", std::string(by), id.str(), "success"});
  return outlook;
}

}  // namespace meridian::flow
