// SPDX-License-Identifier: Apache-2.0
// IN: keeps a message and what follows from it; answers a repeat.
#pragma once

#include "base/result.h"
#include "store/rows.h"
#include "store/session.h"

namespace meridian::store {

/// See Store::accept.
Result<Accepted> accept_message(Session& session, const NewMessage& message,
                                const Changes& changes);

/// See Store::release_message.
Result<void> end_quarantine(Session& session, const MessageId& id, std::string_view answer,
                            const Changes& changes);

/// See Store::set_cursor.
Result<void> put_cursor(Session& session, const SourceId& source, std::string_view name,
                        std::string_view value);

/// See Store::keep_facts; `id` is a new ULID.
Result<void> put_facts(Session& session, const std::string& id, const NewFacts& facts);

/// See Store::acknowledge_alert.
Result<void> end_alert(Session& session, std::string_view alert_id, std::string_view by,
                       const Changes& changes);

}  // namespace meridian::store
