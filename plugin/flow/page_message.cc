// SPDX-License-Identifier: Apache-2.0
#include "flow/page_message.h"

#include <algorithm>

#include "report/screening_json.h"

namespace meridian::flow {

std::string page_id(std::string_view page, const FormTicket& ticket) {
  return std::string(page) + ticket.referral + "-" +
         std::to_string(ticket.issued_at.time_since_epoch().count());
}

Result<bool> page_was_sent(const Core& core, std::string_view page, const FormTicket& ticket) {
  const auto events = core.store.events(ReferralId(ticket.referral));
  if (!events) return events.error();
  const auto begin = "QuestionnaireResponse/" + page_id(page, ticket) + "/";
  return std::any_of(events->begin(), events->end(), [&](const store::EventRow& event) {
    return event.actor_sequence.starts_with(begin);
  });
}

Result<void> submit_page(const Core& core, Inlet& inlet, std::string_view page,
                         const FormTicket& ticket, const std::string& response) {
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  Envelope envelope{row->source, page_id(page, ticket), report::screening_media_type, response,
                    core.clock()};
  envelope.from_page = true;
  const auto submitted = inlet.submit(std::move(envelope));
  const bool crossed = !submitted && submitted.error().code == ErrorCode::conflict;
  if (!submitted && !crossed) return submitted.error();
  const auto sent = page_was_sent(core, page, ticket);
  if (!sent) return sent.error();
  if (!*sent) return Error{ErrorCode::internal, "page", "what was sent was kept but not noted"};
  return {};
}

Result<store::ReferralRow> referral_of(const Core& core, const FormTicket& ticket) {
  const auto row = core.store.referral(ReferralId(ticket.referral));
  if (!row) return row.error();
  if (!*row) return Error{ErrorCode::not_found, "page", "no such referral"};
  return **row;
}

}  // namespace meridian::flow
