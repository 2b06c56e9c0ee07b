// SPDX-License-Identifier: Apache-2.0
#include "report/episode_json.h"

#include <algorithm>

#include <rapidjson/document.h>

#include "report/course_json.h"
#include "report/json.h"

namespace meridian::report {
namespace {

template <typename T>
const T* find(const std::vector<T>& records, const std::string& ref) {
  for (const auto& record : records) {
    if (record.ref == ref) return &record;
  }
  return nullptr;
}

void write_coding(Json& json, const Concept& coded) {
  const Coding first = coded.codings.empty() ? Coding{} : coded.codings.front();
  json.text_or_null("system", first.system);
  json.text_or_null("code", first.code);
  json.text_or_null("text", !coded.text.empty() ? coded.text : first.display);
}

void write_codings(Json& json, std::string_view key, const std::vector<Concept>& concepts) {
  json.open_list(key);
  for (const auto& coded : concepts) {
    json.open();
    write_coding(json, coded);
    json.close();
  }
  json.close_list();
}

void write_patient(Json& json, const Patient& patient) {
  json.open("patient");
  const auto slash = patient.ref.find('/');
  json.text("id", slash == std::string::npos ? patient.ref : patient.ref.substr(slash + 1));
  json.text_or_null("birthDate", patient.birth_date.reveal().text);
  json.text_or_null("gender", patient.gender);
  json.open_list("identifiers");
  for (const auto& identifier : patient.identifiers) {
    json.open();
    json.text_or_null("system", identifier.system);
    json.text("value", identifier.value.reveal());
    json.close();
  }
  json.close_list();
  json.close();
}

void write_encounter(Json& json, const Encounter& encounter) {
  json.open();
  json.text("ref", encounter.ref);
  json.text_or_null("start", encounter.period.start.text);
  json.text_or_null("end", encounter.period.end.text);
  json.text_or_null("class", encounter.class_code.code);
  write_codings(json, "reasons", encounter.reason_codes);
  json.close();
}

void write_condition(Json& json, const Condition& condition) {
  json.open();
  json.text("ref", condition.ref);
  write_coding(json, condition.code);
  json.text_or_null("onset", condition.onset.empty() ? condition.onset_text : condition.onset.text);
  json.text_or_null("clinicalStatus", condition.clinical_status);
  json.close();
}

void write_finding(Json& json, const ImagingFinding& finding) {
  json.open();
  json.text("kind", finding.kind);
  json.text_or_null("level", finding.level);
  json.text_or_null("side", finding.side);
  json.text_or_null("certainty", finding.certainty);
  json.flag("negated", finding.negated);
  json.flag("historical", finding.historical);
  json.text("text", finding.text.reveal());
  json.close();
}

/// Date and code of an image: a report, a procedure that was the imaging, or an observation.
struct ImageFacts {
  std::string date;
  const Concept* code = nullptr;
};

ImageFacts facts_of_image(const std::string& ref, const RecordSet& records) {
  if (const auto* report = find(records.imaging, ref)) {
    return {report->effective.empty() ? report->issued.text : report->effective.text,
            &report->code};
  }
  if (const auto* procedure = find(records.procedures, ref)) {
    return {procedure->performed.start.text, &procedure->code};
  }
  if (const auto* observation = find(records.observations, ref)) {
    return {observation->effective.text, &observation->code};
  }
  return {};
}

void write_imaging(Json& json, const EpisodeImaging& imaging, const RecordSet& records) {
  const auto* report = find(records.imaging, imaging.ref);
  const auto facts = facts_of_image(imaging.ref, records);
  json.open();
  json.text("ref", imaging.ref);
  json.text_or_null("modality", imaging.modality);
  json.text_or_null("region", imaging.region);
  json.text_or_null("date", facts.date);
  json.open_list("codes");
  for (std::size_t i = 0; facts.code && i < facts.code->codings.size(); ++i) {
    json.open();
    json.text_or_null("system", facts.code->codings[i].system);
    json.text_or_null("code", facts.code->codings[i].code);
    json.close();
  }
  json.close_list();
  json.open_list("findings");
  for (std::size_t i = 0; report && i < report->findings.size(); ++i) {
    write_finding(json, report->findings[i]);
  }
  json.close_list();
  json.close();
}

void write_procedure(Json& json, const EpisodeProcedure& entry, const Procedure& procedure) {
  json.open();
  json.text("ref", procedure.ref);
  write_coding(json, procedure.code);
  json.text_or_null("date", procedure.performed.start.text);
  json.text("category", entry.category);
  json.close();
}

void write_medication(Json& json, const EpisodeMedication& entry, const Medication& medication) {
  json.open();
  json.text("ref", medication.ref);
  write_coding(json, medication.code);
  json.text_or_null("class", entry.medication_class);
  json.close();
}

void write_referral(Json& json, const ServiceRequest& order) {
  json.open();
  json.text("ref", order.ref);
  json.text_or_null("status", order.status);
  json.text("priority", order.priority.empty() ? "routine" : order.priority);
  json.open("code");
  write_coding(json, order.code);
  json.close();
  write_codings(json, "reason", order.reason_codes);
  json.close();
}

void write_pain_types(Json& json, const std::vector<PainType>& types) {
  json.open_list("painTypes");
  for (const auto& type : types) {
    json.open();
    json.text("type", type.type);
    json.list("basis", type.basis);
    json.close();
  }
  json.close_list();
}

void write_lists(Json& json, const Episode& episode, const RecordSet& records) {
  json.open_list("encounters");
  for (const auto& ref : episode.encounters) {
    if (const auto* record = find(records.encounters, ref)) write_encounter(json, *record);
  }
  json.close_list();
  json.open_list("conditions");
  for (const auto& ref : episode.conditions) {
    if (const auto* record = find(records.conditions, ref)) write_condition(json, *record);
  }
  json.close_list();
  json.open_list("imaging");
  for (const auto& imaging : episode.imaging) write_imaging(json, imaging, records);
  json.close_list();
  json.open_list("procedures");
  for (const auto& entry : episode.procedures) {
    if (const auto* record = find(records.procedures, entry.ref)) {
      write_procedure(json, entry, *record);
    }
  }
  json.close_list();
  json.open_list("medications");
  for (const auto& entry : episode.medications) {
    if (const auto* record = find(records.medications, entry.ref)) {
      write_medication(json, entry, *record);
    }
  }
  json.close_list();
}

void write_scores(Json& json, const Episode& episode, const RecordSet& records) {
  json.open_list("scores");
  for (const auto& score : episode.scores) {
    const auto* record = find(records.observations, score.ref);
    json.open();
    json.text("ref", score.ref);
    json.text("instrument", score.instrument);
    json.text("value", score.value);
    json.text_or_null("date", record ? record->effective.text : "");
    json.close();
  }
  json.close_list();
}

void write_episode(Json& json, const Episode& episode, const RecordSet& records) {
  json.open();
  json.text_or_null("onset", episode.onset.text);
  json.text_or_null("lastSeen", episode.last_seen.text);
  json.text_or_null("bodyRegion", episode.body_region);
  write_pain_types(json, episode.pain_types);
  write_lists(json, episode, records);
  write_scores(json, episode, records);
  json.open_list("referrals");
  for (const auto& ref : episode.referrals) {
    if (const auto* record = find(records.service_requests, ref)) write_referral(json, *record);
  }
  json.close_list();
  json.close();
}

void write_entry(Json& json, const Entry& entry) {
  json.text("rule", entry.rule);
  json.text("source", entry.source);
  json.text("text", entry.text);
  json.list("evidence", entry.evidence);
  if (!entry.signed_off.empty()) json.text("signedOff", entry.signed_off);
}

void write_findings_of_rules(Json& json, const Assessment& assessment) {
  json.open_list("flags");
  for (const auto& flag : assessment.flags) {
    json.open();
    write_entry(json, flag);
    json.text("severity", flag.severity);
    json.text("action", flag.action);
    if (!flag.who.empty()) json.text("who", flag.who);
    if (flag.within_hours) json.number("withinHours", *flag.within_hours);
    json.close();
  }
  json.close_list();
  json.open_list("cautions");
  for (const auto& caution : assessment.cautions) {
    json.open();
    write_entry(json, caution);
    json.text("manual", caution.manual);
    json.text("electro", caution.electro);
    json.text("scope", caution.scope);
    json.close();
  }
  json.close_list();
  json.open_list("missing");
  for (const auto& missing : assessment.missing) {
    json.open();
    write_entry(json, missing);
    json.text("question", missing.question);
    json.flag("blocksAcupuncture", missing.blocks_acupuncture);
    json.list("doors", missing.doors);
    json.close();
  }
  json.close_list();
}

void write_coverage_and_notes(Json& json, const Assessment& assessment) {
  json.open_list("coverage");
  for (const auto& answer : assessment.coverage) {
    json.open();
    write_entry(json, answer);
    json.text_or_null("program", answer.program);
    json.text_or_null("name", answer.name);
    json.text("status", answer.status);
    json.close();
  }
  json.close_list();
  json.open_list("annotations");
  for (const auto& annotation : assessment.annotations) {
    json.open();
    write_entry(json, annotation);
    json.close();
  }
  json.close_list();
}

void write_guideline(Json& json, const GuidelineAnswer& answer) {
  if (answer.guideline.empty()) return;
  json.open("guideline");
  write_entry(json, answer);
  json.text("id", answer.guideline);
  json.text_or_null("phase", answer.phase);
  json.text("position", answer.position);
  json.close();
}

void write_packet(Json& json, const std::vector<PacketItem>& items) {
  json.open_list("packet");
  for (const auto& item : items) {
    json.open();
    write_entry(json, item);
    json.text("element", item.element);
    json.text("state", item.state);
    json.flag("holds", item.holds);
    json.text("suppliedBy", item.supplied_by);
    json.text_or_null("question", item.question);
    json.close();
  }
  json.close_list();
}

void write_assessment(Json& json, const Assessment& assessment) {
  json.open();
  json.text_or_null("referral", assessment.referral);
  json.text("disposition", disposition_name(assessment.disposition));
  write_pain_types(json, assessment.pain_types);
  json.open_list("lanes");
  for (const auto& lane : assessment.lanes) {
    json.open();
    json.text("service", lane.service);
    json.text("urgency", lane.urgency);
    json.text_or_null("modality", lane.modality);
    json.list("rules", lane.rules);
    json.close();
  }
  json.close_list();
  write_findings_of_rules(json, assessment);
  write_coverage_and_notes(json, assessment);
  write_guideline(json, assessment.guideline);
  write_packet(json, assessment.packet);
  write_course(json, assessment.course);
  write_ledger(json, assessment.ledger);
  json.text_or_null("validUntil", assessment.valid_until ? to_string(*assessment.valid_until) : "");
  json.text("rulesVersion", assessment.rules_version);
  json.close();
}

void write_issues(Json& json, const Issues& issues) {
  json.open_list("issues");
  for (const auto& issue : issues) {
    json.open();
    json.text("severity", severity_name(issue.severity));
    json.text("code", issue.code);
    json.text("path", issue.path);
    json.text("text", issue.text);
    json.close();
  }
  json.close_list();
}

void write_chart(Json& json, const Chart& chart, const std::vector<Episode>& episodes) {
  write_patient(json, chart.patient);
  json.open_list("episodes");
  for (const auto& episode : episodes) write_episode(json, episode, chart.records);
  json.close_list();
}

}  // namespace

std::string nobody_line(std::string_view format, const Issues& issues) {
  Json json;
  json.open();
  json.text("format", format);
  json.text_or_null("patient", "");
  json.open_list("episodes");
  json.close_list();
  write_issues(json, issues);
  json.close();
  return json.str();
}

std::string episode_line(const Chart& chart, const std::vector<Episode>& episodes,
                         const Issues& issues) {
  Json json;
  json.open();
  json.text("format", "meridian.episode/1");
  write_chart(json, chart, episodes);
  write_issues(json, issues);
  json.close();
  return json.str();
}

std::string assessment_line(const Chart& chart, const std::vector<Episode>& episodes,
                            const std::vector<Assessment>& assessments, const Issues& issues) {
  Json json;
  json.open();
  json.text("format", "meridian.assessment/1");
  write_chart(json, chart, episodes);
  json.open_list("assessments");
  for (const auto& assessment : assessments) write_assessment(json, assessment);
  json.close_list();
  write_issues(json, issues);
  json.close();
  return json.str();
}

std::string assessment_json(const Assessment& assessment) {
  Json json;
  write_assessment(json, assessment);
  return json.str();
}

std::optional<Instant> valid_until_of(const std::string& assessment_json) {
  rapidjson::Document json;
  json.Parse(assessment_json.data(), assessment_json.size());
  if (json.HasParseError() || !json.IsObject()) return std::nullopt;
  const rapidjson::Value& members = json;  // clang finds == of the other iterator ambiguous
  const auto found = members.FindMember("validUntil");
  if (found == members.MemberEnd() || !found->value.IsString()) return std::nullopt;
  return parse_instant(found->value.GetString());
}

}  // namespace meridian::report
