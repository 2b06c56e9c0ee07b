// SPDX-License-Identifier: Apache-2.0
// Advice as cards, and what the service says of itself. Pure; any thread.
// Source: https://cds-hooks.hl7.org/2.0/#cds-service-response, #discovery
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/values.h"
#include "port/ask.h"

namespace meridian::cds_hooks {

/// A random name of a question, in the form of a UUID of RFC 9562 (version 8). Its last two digits
/// are 00: those of its cards say their topic. Reads random bytes.
std::string new_question_id();

/// The uuid of the card that says this of that question.
std::string card_uuid(std::string_view question, Advice::Topic topic, std::size_t number);

/// What a uuid that we gave says; nothing for one that we never give.
struct CardName {
  std::string question;
  Advice::Topic topic = Advice::Topic::receiver;
};
std::optional<CardName> card_named(std::string_view uuid);

/// {"cards":[...]}, the gravest first. `site` is the name of whoever answers.
/// `reasons`: why somebody may go on in spite of a warning, to choose from.
std::string cards_json(std::vector<Advice> advice, std::string_view question, std::string_view site,
                       const std::vector<Coding>& reasons);

/// {"services":[...]} with the queries as prefetch templates.
std::string services_json(const std::vector<Query>& queries, std::string_view site);

/// order-sign, order-dispatch, patient-view: a service has the id of its hook.
std::optional<Question::Moment> moment_of(std::string_view service);

}  // namespace meridian::cds_hooks
