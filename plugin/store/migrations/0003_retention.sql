-- SPDX-License-Identifier: Apache-2.0
-- Which referrals rest on a message: asked before its body goes. An empty body is one that is kept
-- no more; the row stays, so that a repeat is still one.

CREATE INDEX events_by_message ON events (message) WHERE message IS NOT NULL;
