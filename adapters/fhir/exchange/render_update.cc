// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/render_update.h"

#include "fhir/exchange/bundle_out.h"
#include "fhir/exchange/codes.h"
#include "fhir/exchange/profiles.h"
#include "fhir/exchange/render_referral.h"
#include "fhir/exchange/task_course.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

/// The clinic's Task, by its id or by ours.
std::string task_url(const Letter& letter) {
  if (!letter.peer_task.empty()) return letter.peer_task;
  return "Task?" + referral_identifier(letter.referral_id).query();
}

/// Where nobody asks by a Task of its own, the work may have begun.
void set_status(const Letter& letter, const ReferralDialect& dialect, BundleOut& bundle) {
  const bool mistake = letter.task_status == "entered-in-error";
  const auto& form = mistake ? dialect.mistake : dialect.cancel;
  JsonOut task;
  task.object().text("resourceType", "Task").text("status", form.status);
  const auto reason = status_reason(dialect, form, letter.reason);
  if (!reason.text.empty()) task.concept_of("statusReason", reason);
  if (!letter.business_status.empty()) {
    task.concept_of("businessStatus", business_status(dialect, form, letter.business_status));
  }
  task.text("lastModified", to_string(letter.at));
  bundle.patch(task_url(letter), task.end().str(), {}, !dialect.abort);
}

void ask_to_abort(const Letter& letter, BundleOut& bundle) {
  const auto identifier = own_identifier("abort", letter.referral_id, "1");
  JsonOut task;
  task.object().text("resourceType", "Task");
  task.conforms_to(profiles::ours("meridian-cancel-request"));
  task.list("identifier").raw_element(identifier.json("PLAC")).end();
  task.raw("groupIdentifier", referral_identifier(letter.referral_id).json());
  task.text("status", "requested").text("intent", "order");
  task.concept_of("code", Concept{{codes::task("abort")}, ""});
  if (!letter.reason.empty()) task.concept_of("reasonCode", Concept{{}, letter.reason});
  task.reference("focus", letter.peer_task).text("authoredOn", to_string(letter.at));
  task.reference("requester", {}, letter.sender_name);
  task.reference("owner", {}, letter.receiver_name);
  bundle.create(urn_of(letter.referral_id, "abort"), "Task", task.end().str(), identifier);
}

void add_message(const Letter& letter, BundleOut& bundle) {
  std::string text = letter.business_status.empty() ? letter.task_status : letter.business_status;
  if (!letter.reason.empty()) text += (text.empty() ? "" : ": ") + letter.reason;
  const auto identifier = own_identifier("message", letter.referral_id, short_hash(text));
  JsonOut message;
  message.object().text("resourceType", "Communication");
  message.conforms_to(profiles::ours("meridian-message"));
  message.list("identifier").raw_element(identifier.json()).end();
  message.text("status", "completed");
  message.list("category");
  message.concept_of({}, Concept{{codes::communication("notification")}, ""}).end();
  if (letter.urgent) message.text("priority", "urgent");
  if (!letter.peer_task.empty()) {
    message.list("about").reference({}, letter.peer_task).end();
  }
  message.text("sent", to_string(letter.at)).list("payload").object();
  message.text("contentString", text).end().end();
  bundle.create(urn_of(letter.referral_id, "message" + text), "Communication", message.end().str(),
                identifier);
}

/// The clinic's Task says it too; its status stays the clinic's.
void note_on_task(const Letter& letter, BundleOut& bundle) {
  JsonOut task;
  task.object().text("resourceType", "Task");
  task.list("note").object().text("authorString", letter.sender_name);
  task.text("time", to_string(letter.at)).text("text", letter.reason).end().end();
  bundle.patch(task_url(letter), task.end().str());
}

void renew_inputs(const Letter& letter, const std::string& inputs, BundleOut& bundle) {
  JsonOut task;
  task.object().text("resourceType", "Task").raw("input", inputs);
  bundle.patch(task_url(letter), task.end().str());
}

}  // namespace

Result<Rendered> render_update(const Letter& letter, const FieldProfile& profile,
                               const PagePrinter& print, const ReferralDialect& dialect) {
  BundleOut bundle;
  const bool ends = letter.task_status == "cancelled" || letter.task_status == "entered-in-error";
  if (ends && dialect.abort && letter.work_started && !letter.peer_task.empty()) {
    ask_to_abort(letter, bundle);
  } else if (ends) {
    set_status(letter, dialect, bundle);
    // Where a Task cannot say that it was a mistake, and one that is over is left alone.
    const bool mistake = letter.task_status == "entered-in-error";
    if (mistake && dialect.mistake.status != letter.task_status) add_message(letter, bundle);
  } else {
    add_message(letter, bundle);
    if (!letter.reason.empty()) note_on_task(letter, bundle);
    if (!letter.include.empty()) {
      const auto inputs = renew_packet(letter, profile, print, bundle);
      if (!inputs) return inputs.error();
      renew_inputs(letter, *inputs, bundle);
    }
  }
  Rendered rendered;
  rendered.media_type = "application/fhir+json";
  rendered.bytes = bundle.json("batch", letter.at);
  rendered.key = letter.referral_id + "/" + short_hash(rendered.bytes);
  return rendered;
}

}  // namespace meridian::fhir
