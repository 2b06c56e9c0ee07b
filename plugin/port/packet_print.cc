// SPDX-License-Identifier: Apache-2.0
#include "port/packet_print.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace meridian {
namespace {

constexpr std::size_t most_names = 12;  ///< of one kind on the first sheet

std::string day_of(const PartialDate& date) {
  return date.text.substr(0, 10);
}

std::string phone_of(const std::vector<ContactPoint>& telecom) {
  for (const auto& contact : telecom) {
    if (contact.system == "phone") return contact.value.reveal();
  }
  return {};
}

/// Whole years from a birth date to `at`; nothing unless the day is known.
std::string age_at(const PartialDate& birth, Instant at) {
  if (birth.precision < Precision::day || !birth.first_day()) return {};
  const std::chrono::year_month_day born{*birth.first_day()};
  const std::chrono::year_month_day now{std::chrono::floor<std::chrono::days>(at)};
  int years = static_cast<int>(now.year()) - static_cast<int>(born.year());
  if (now.month() < born.month() || (now.month() == born.month() && now.day() < born.day()))
    --years;
  return years < 0 ? std::string() : std::to_string(years);
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const auto at = text.rfind(from);
  if (!from.empty() && at != std::string::npos) text.replace(at, from.size(), to);
}

/// A line as paper has room for it: "[AC02, MCC15]" of "[rule AC02, source MCC15]", without a
/// source where none was published.
std::string short_line(const PacketLine& line, const Letter& letter) {
  auto text = line_words(line, letter);
  if (line.part == "pain-type") std::replace(text.begin(), text.end(), '_', ' ');
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (line.rule.empty()) return text;
  replace(text, "[rule " + line.rule + ", source SELF]", "[" + line.rule + "]");
  replace(text, "[rule " + line.rule + ", source ", "[" + line.rule + ", ");
  replace(text, "[rule " + line.rule + "]", "[" + line.rule + "]");
  return text;
}

/// Parts of a packet's lines in the order in which a clinician reads them, with their headings.
struct Part {
  const char* name;
  const char* heading;
  bool safety;
};
constexpr std::array parts_before_records = {
    Part{"flag", "Red flags on record", true},
    Part{"caution", "Cautions for treatment", true},
    Part{"validity", "Safety screen", true},
    Part{"missing", "Not asked or not known: ask before treating", true},
    Part{"annotation", "Imaging and notes", false},
    Part{"packet", "Not on record: answered, none, or missing", false},
};
constexpr std::array parts_after_records = {
    Part{"coverage", "Coverage", false},
    Part{"pain-type", "Pain type by code", false},
    Part{"guideline", "Guideline that is followed", false},
    Part{"withheld", "Left out", false},
    Part{"notice", "Protected by law", false},
};

class Print {
 public:
  Print(const Letter& letter, const ServiceRequest& order, const FieldProfile& profile,
        const std::vector<PacketLine>& lines, const std::function<bool(const std::string&)>& sends)
      : letter_(letter), order_(order), profile_(profile), lines_(lines), sends_(sends) {}

  Page run() {
    page_.title = name_of(order_.code).empty() ? "Referral" : "Referral: " + name_of(order_.code);
    page_.number = letter_.referral_id;
    page_.at = letter_.at;
    page_.closing = std::string(no_diagnosis_words()) +
                    " In brackets: the rule that a line is of, and the source where one was "
                    "published.";
    const auto priority = letter_priority(letter_, order_);
    if (priority != "routine") {
      page_.banner = order_.priority;
      std::transform(page_.banner.begin(), page_.banner.end(), page_.banner.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    }
    add_patient();
    add_order();
    for (const auto& part : parts_before_records) add_part(part);
    add_records();
    for (const auto& part : parts_after_records) add_part(part);
    add_reports();
    return std::move(page_);
  }

 private:
  /// Whole elements only: of one that is listed in part ("name.family") nothing is printed.
  bool may(const std::string& type, std::string_view element) const {
    const auto found = profile_.allowed.find(type);
    if (found == profile_.allowed.end()) return false;
    const auto& listed = found->second;
    return std::any_of(listed.begin(), listed.end(), [&](std::string_view entry) {
      const bool choice = entry.ends_with("[x]");
      return entry == "*" || entry == element ||
             (choice && element.starts_with(entry.substr(0, entry.size() - 3)));
    });
  }

  void fact(const char* label, std::string text) {
    if (!text.empty()) page_.facts.push_back({label, std::move(text)});
  }

  void add_patient() {
    for (const auto& patient : letter_.records.patients) {
      if (patient.ref != order_.subject.target) continue;
      if (may("Patient", "name") && !patient.names.empty()) {
        page_.person = display_name(patient.names.front());
        fact("Patient", page_.person);
      }
      const auto& born = patient.birth_date.reveal();
      if (may("Patient", "birthDate") && !born.empty()) {
        const auto age = age_at(born, letter_.at);
        fact("Born", day_of(born) + (age.empty() ? "" : " (" + age + " years)"));
        page_.person += (page_.person.empty() ? "born " : ", born ") + day_of(born);
      }
      if (may("Patient", "gender")) fact("Sex", patient.gender);
      if (may("Patient", "telecom")) fact("Telephone", phone_of(patient.telecom));
      if (may("Patient", "communication")) add_languages(patient);
      return;
    }
  }

  void add_languages(const Patient& patient) {
    if (!patient.preferred_language.empty()) {
      return fact("Language", name_of(patient.preferred_language));
    }
    std::string languages;
    for (const auto& language : patient.languages) {
      languages += (languages.empty() ? "" : ", ") + name_of(language);
    }
    fact("Languages", languages);
  }

  void add_order() {
    fact("From", letter_.sender_name);
    add_requester();
    fact("To", letter_.receiver_name);
    fact("Sent", to_string(letter_.wall.local(letter_.at)).substr(0, 10));
    if (letter_.needed_by) fact("Answer by", letter_.wall.until_words(*letter_.needed_by));
    fact("Priority", order_.priority.empty() ? "routine" : order_.priority);
    std::string reasons;
    for (const auto& reason : order_.reason_codes) {
      reasons += (reasons.empty() ? "" : "; ") + name_of(reason);
    }
    fact("Reason", reasons);
    if (may("ServiceRequest", "note")) {
      for (const auto& note : order_.notes.reveal()) fact("Question", note);
    }
  }

  void add_requester() {
    if (!may("ServiceRequest", "requester")) return;
    for (const auto& person : letter_.records.practitioners) {
      if (person.ref != order_.requester.target && !is_role_of(person.ref)) continue;
      if (!may("Practitioner", "name") || person.names.empty()) return;
      auto text = display_name(person.names.front());
      const auto phone = may("Practitioner", "telecom") ? phone_of(person.telecom) : "";
      fact("Ordered by", text + (phone.empty() ? "" : ", tel. " + phone));
      return;
    }
  }

  bool is_role_of(const std::string& person) const {
    const auto& roles = letter_.records.practitioner_roles;
    return std::any_of(roles.begin(), roles.end(), [&](const PractitionerRole& role) {
      return role.ref == order_.requester.target && role.practitioner.target == person;
    });
  }

  void add_part(const Part& part) {
    Page::Section section{part.heading, {}, part.safety};
    for (const auto& line : lines_) {
      if (line.part != part.name) continue;
      section.lines.push_back(short_line(line, letter_));
    }
    if (!section.lines.empty()) page_.sections.push_back(std::move(section));
  }

  /// One line: "Surgery and procedures: L4-L5 discectomy (2024-03-02); ..."
  template <typename Records, typename Date>
  void name_records(const char* label, const Records& records, const char* type, const Date& date,
                    Page::Section& section) {
    if (!may(type, "code") && !may(type, "medicationCodeableConcept")) return;
    std::string text;
    std::size_t count = 0;
    for (const auto& record : records) {
      if (!sends_(record.ref) || record.status == "entered-in-error") continue;
      if (++count > most_names) continue;
      const auto day = day_of(date(record));
      text +=
          (text.empty() ? "" : "; ") + name_of(record.code) + (day.empty() ? "" : " (" + day + ")");
    }
    if (count > most_names) text += "; and " + std::to_string(count - most_names) + " more";
    if (count > 0) section.lines.push_back(std::string(label) + ": " + text);
  }

  void add_records() {
    const auto& records = letter_.records;
    Page::Section section{"On record", {}, false};
    const auto allowed = [&](const char* type, const char* element, const PartialDate& date) {
      return may(type, element) ? date : PartialDate();
    };
    name_records(
        "Surgery and procedures", records.procedures, "Procedure",
        [&](const Procedure& one) {
          return allowed("Procedure", "performedDateTime", one.performed.start);
        },
        section);
    name_medications(section);
    name_conditions(section);
    name_allergies(section);
    if (!section.lines.empty()) page_.sections.push_back(std::move(section));
  }

  void name_medications(Page::Section& section) {
    std::string text;
    for (const auto& drug : letter_.records.medications) {
      const char* type = drug.is_statement ? "MedicationStatement" : "MedicationRequest";
      if (!sends_(drug.ref) || !may(type, "medicationCodeableConcept")) continue;
      if (drug.status == "entered-in-error") continue;
      const auto name = name_of(drug.code);
      const bool active = drug.status.empty() || drug.status == "active";
      if (text.find(name) != std::string::npos) continue;
      text += (text.empty() ? "" : "; ") + name + (active ? "" : " (" + drug.status + ")");
    }
    if (!text.empty()) section.lines.push_back("Medication: " + text);
  }

  void name_conditions(Page::Section& section) {
    std::string text;
    for (const auto& condition : letter_.records.conditions) {
      if (!sends_(condition.ref) || !may("Condition", "code")) continue;
      const auto name = name_of(condition.code);
      if (text.find(name) != std::string::npos) continue;
      text += (text.empty() ? "" : "; ") + name;
    }
    if (!text.empty()) section.lines.push_back("Diagnoses: " + text);
  }

  void name_allergies(Page::Section& section) {
    std::string text;
    for (const auto& allergy : letter_.records.allergies) {
      if (!sends_(allergy.ref) || !may("AllergyIntolerance", "code")) continue;
      text += (text.empty() ? "" : "; ") + name_of(allergy.code);
    }
    if (!text.empty()) section.lines.push_back("Allergies: " + text);
  }

  void add_reports() {
    const bool whole = may("DiagnosticReport", "presentedForm") || may("DiagnosticReport", "text");
    for (const auto& report : letter_.records.imaging) {
      if (!sends_(report.ref) || report.status == "entered-in-error") continue;
      const auto& narrative = report.narrative.reveal();
      std::string text = whole ? narrative : std::string();
      if (text.empty() && may("DiagnosticReport", "conclusion")) text = report.conclusion.reveal();
      if (text.empty()) continue;
      const bool dated = may("DiagnosticReport", "effectiveDateTime");
      const auto day = dated ? day_of(report.effective) : std::string();
      page_.attachments.push_back(
          {name_of(report.code) + (day.empty() ? "" : ", " + day), std::move(text)});
    }
  }

  const Letter& letter_;
  const ServiceRequest& order_;
  const FieldProfile& profile_;
  const std::vector<PacketLine>& lines_;
  const std::function<bool(const std::string&)>& sends_;
  Page page_;
};

}  // namespace

Page printed_packet(const Letter& letter, const ServiceRequest& order, const FieldProfile& profile,
                    const std::vector<PacketLine>& lines,
                    const std::function<bool(const std::string& ref)>& sends) {
  return Print(letter, order, profile, lines, sends).run();
}

}  // namespace meridian
