// SPDX-License-Identifier: Apache-2.0
#include "flow/advice.h"

#include <algorithm>

#include "base/direction.h"
#include "pathway/sign_off.h"
#include "port/letter_words.h"
#include "routing/machine.h"

namespace meridian::flow {
namespace {

using Level = Advice::Level;
using Topic = Advice::Topic;

constexpr std::size_t most_shown = 3;  ///< clinics of one card
constexpr const char* history_question = "history.";

std::string source_title(const RuleBook& rules, const std::string& id) {
  const auto found = rules.sources.find(id);
  return found == rules.sources.end() ? id : found->second.title;
}

std::string label_of(const RuleBook& rules, const std::string& id) {
  for (const auto& rule : rules.red_flags) {
    if (rule.id == id) return rule.label;
  }
  for (const auto& rule : rules.contraindications) {
    if (rule.id == id) return rule.label;
  }
  return {};
}

/// "- **RF01** words. Records: Condition/5. Source: title."
std::string statement(const Entry& entry, const RuleBook& rules, const std::string& after = {}) {
  std::string text = "- **" + plain_markdown(entry.rule) + "** " + plain_markdown(entry.text);
  if (!after.empty()) text += " " + plain_markdown(after);
  for (const auto& ref : entry.evidence) {
    text += (&ref == &entry.evidence.front() ? " Records: " : ", ") + plain_markdown(ref);
  }
  if (!entry.source.empty()) {
    text += ". Source: " + plain_markdown(source_title(rules, entry.source));
  }
  return text + "\n";
}

/// "AC01, RF09", each once.
std::string rules_of(const std::vector<Entry>& entries) {
  std::vector<std::string> seen;
  std::string text;
  for (const auto& entry : entries) {
    if (std::find(seen.begin(), seen.end(), entry.rule) != seen.end()) continue;
    seen.push_back(entry.rule);
    text += (text.empty() ? "" : ", ") + entry.rule;
  }
  return text;
}

/// "Stenosis surgery (AC01)" of one, "3 findings on record (AC01, RF09)" of several.
std::string named(const std::vector<Entry>& entries, const RuleBook& rules) {
  const auto ids = rules_of(entries);
  if (ids.find(',') != std::string::npos) {
    return std::to_string(entries.size()) + " findings on record (" + ids + ")";
  }
  const auto label = label_of(rules, ids);
  return label.empty() ? ids : label + " (" + ids + ")";
}

bool is_unread(const Hold& hold) {
  return hold.severity == "missing" && hold.entry.rule == "history";
}

class OrderAdvice {
 public:
  OrderAdvice(const OrderLook& look, const RuleBook& rules) : look_(look), rules_(rules) {
    if (acupuncture()) holds_ = holds_of(look.assessment, rules, look.electro);
  }

  std::vector<Advice> run() {
    const bool emergency = say_emergency();
    say_unsafe();
    say_unread();
    if (emergency) return std::move(advice_);
    say_repeat();
    say_missing();
    say_coverage();
    say_receiver();
    return std::move(advice_);
  }

 private:
  bool acupuncture() const { return look_.service == "acupuncture"; }

  void add(Topic topic, Level level, const std::string& summary, std::string detail) {
    Advice advice;
    advice.topic = topic;
    advice.level = level;
    advice.order = look_.order;
    advice.summary = one_line(summary);
    advice.detail = std::move(detail);
    advice_.push_back(std::move(advice));
  }

  bool say_emergency() {
    std::vector<Entry> entries;
    std::string detail;
    for (const auto& flag : look_.assessment.flags) {
      if (flag.severity != "emergency") continue;
      entries.push_back(flag);
      detail += statement(flag, rules_, flag.action);
      if (!flag.who.empty()) detail += "  Who: " + plain_markdown(flag.who) + ", now.\n";
    }
    if (entries.empty()) return false;
    detail +=
        "\n**Nobody has been alerted.** Meridian alerts its named contact only when the order is "
        "signed, and never in place of your own emergency procedure: follow that now.\n\n";
    add(Topic::emergency, Level::critical, "Emergency: " + named(entries, rules_),
        detail + no_diagnosis_words());
    return true;
  }

  /// Of an order for a surgeon what is urgent; of one for needles what holds it.
  void say_unsafe() {
    std::vector<Entry> entries;
    std::string detail;
    for (const auto& flag : look_.assessment.flags) {
      if (acupuncture() || flag.severity != "urgent") continue;
      entries.push_back(flag);
      detail += statement(flag, rules_, flag.action);
    }
    for (const auto& hold : holds_) {
      if (hold.severity == "missing" || hold.severity == "emergency") continue;
      entries.push_back(hold.entry);
      detail += statement(hold.entry, rules_,
                          hold.signable ? "A named clinician can sign this off after signing."
                                        : "What lifts it: " + hold.way + ".");
    }
    if (entries.empty()) return say_cautions();
    const auto* before = acupuncture() ? "Acupuncture would be held: " : "Urgent: ";
    add(Topic::unsafe, Level::warning, before + named(entries, rules_),
        detail + "\n" + no_diagnosis_words());
  }

  void say_cautions() {
    std::vector<Entry> entries;
    std::string detail;
    for (const auto& caution : look_.assessment.cautions) {
      if (!acupuncture() || (caution.manual != "caution" && caution.electro != "caution")) continue;
      entries.push_back(caution);
      detail += statement(caution, rules_);
    }
    if (entries.empty()) return;
    add(Topic::unsafe, Level::info, "Cautions that the clinic is told: " + named(entries, rules_),
        detail);
  }

  /// What was not read now is read again after signing, when nobody waits.
  void say_unread() {
    std::string kinds;
    std::string detail;
    bool late = false;
    for (const auto& query : look_.history) {
      if (query.completeness == Completeness::complete || query.kind == "order") continue;
      late = late || query.detail == "not-in-time";
      kinds += (kinds.empty() ? "" : ", ") + query.kind;
      detail += "- " + query.kind + ": " + completeness_name(query.completeness);
      detail += (query.detail.empty() ? "" : ", " + plain_markdown(query.detail)) + "\n";
    }
    if (kinds.empty()) return;
    add(Topic::unread, Level::info,
        std::string(late ? "History not read in time: " : "History that could not be read: ") +
            kinds,
        "What was not read is not known to be absent. It is read again after signing.\n\n" +
            detail);
  }

  void say_repeat() {
    if (!look_.repeats) return;
    const auto& other = *look_.repeats;
    add(Topic::repeat, Level::warning,
        "A referral of this kind is open already: " + other.order_ref + ", " + other.state,
        acupuncture() ? "This order would be held as a repeat until one of the two is revoked, it "
                        "replaces the open one, or a named person signs that both are wanted."
                      : "It would be sent all the same: a second one may be the urgent one.");
    if (look_.draft && acupuncture()) advice_.back().removes = look_.order;
  }

  void say_missing() {
    std::string detail;
    int count = 0;
    const auto take = [&](const Entry& entry) {
      ++count;
      detail += statement(entry, rules_);
    };
    for (const auto& hold : holds_) {
      if (hold.severity == "missing" && !is_unread(hold)) take(hold.entry);
    }
    for (const auto& missing : look_.assessment.missing) {
      const bool history = missing.question.starts_with(history_question);
      if (!acupuncture() && missing.blocks_acupuncture && !history) take(missing);
    }
    if (count == 0) return;
    const auto things = std::to_string(count) + (count == 1 ? " answer is" : " answers are");
    add(Topic::missing, acupuncture() ? Level::warning : Level::info,
        acupuncture() ? things + " missing: the referral would wait for them"
                      : things + " missing; the referral goes without and says so",
        "Answer in the chart, or after signing on the form that your staff is sent.\n\n" + detail);
  }

  void say_coverage() {
    std::string program;
    std::string detail;
    Level level = Level::info;
    for (const auto& answer : look_.assessment.coverage) {
      const bool not_covered = answer.status == "not_covered";
      if (!acupuncture() || (!not_covered && answer.status != "uncertain")) continue;
      if (not_covered && level == Level::info) program.clear();
      if (not_covered) level = Level::warning;
      if (program.empty()) program = answer.name;
      detail += statement(answer, rules_, not_covered ? "(not covered)" : "(uncertain)");
    }
    if (detail.empty()) return;
    add(Topic::coverage, level,
        (level == Level::warning ? "Not covered by " : "Coverage is uncertain by ") + program +
            ": tell the patient before the visit",
        detail + "\nCoverage holds nothing: the referral goes all the same.");
  }

  void say_receiver() {
    std::vector<const routing::Candidate*> able;
    std::vector<const routing::Candidate*> others;
    for (const auto& candidate : look_.candidates) {
      (candidate.taken ? able : others).push_back(&candidate);
    }
    if (able.empty()) {
      add(Topic::receiver, Level::warning,
          "Nobody in the directory can take this referral: it would wait for a person",
          listed(others));
      return;
    }
    const auto more = able.size() - 1;
    add(Topic::receiver, Level::info,
        able.front()->name + " could take this patient" +
            (more == 0 ? "" : ", and " + std::to_string(more) + " more"),
        listed(able) +
            "\nWhen: a clinic offers times once it has accepted; how fast it answered "
            "lately stands beside it. The directory is asked again after signing.");
  }

  static std::string listed(const std::vector<const routing::Candidate*>& candidates) {
    std::string text;
    for (std::size_t i = 0; i < std::min(candidates.size(), most_shown); ++i) {
      text += "- **" + plain_markdown(candidates[i]->name) + "** " +
              plain_markdown(candidates[i]->why) + "\n";
    }
    return text;
  }

  const OrderLook& look_;
  const RuleBook& rules_;
  std::vector<Hold> holds_;
  std::vector<Advice> advice_;
};

std::string spaced(std::string word) {
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

/// Where a reader of GitHub's Markdown sees a web address begin: "www.", however it is written.
/// Source: https://github.github.com/gfm/#autolinks-extension-
bool ends_in_www(std::string_view text) {
  constexpr std::string_view begin = "www";
  if (text.size() < begin.size()) return false;
  const auto end = text.substr(text.size() - begin.size());
  return std::ranges::all_of(end, [](char c) { return c == 'w' || c == 'W'; });
}

}  // namespace

std::vector<Advice> advice_on(const OrderLook& look, const RuleBook& rules) {
  return OrderAdvice(look, rules).run();
}

Advice advice_on(const store::ReferralRow& row, const std::string& receiver,
                 const std::string& form) {
  Advice advice;
  advice.topic = Topic::standing;
  const bool alarm = row.state == "emergency" || row.state == "safety_return";
  const bool asks = row.owner == "surgeon";
  advice.level = alarm ? Level::critical : asks ? Level::warning : Level::info;
  advice.order = row.order_ref;
  const std::string kind = row.direction == "to_surgeon" ? "Spine surgery" : "Acupuncture";
  advice.summary = one_line(kind + " referral " + (receiver.empty() ? "" : "to " + receiver + " ") +
                            "(" + row.order_ref + "): " + spaced(row.state) +
                            (asks ? "; it is your side's turn" : ""));
  advice.detail = "Since " + to_string(row.updated_at).substr(0, 10) +
                  ". Whose turn: " + plain_markdown(spaced(row.owner)) + ".";
  if (const auto state = routing::state_named(row.state)) {
    const std::string ask = routing::row_of(*state).ask;
    if (asks && !ask.empty()) advice.detail += " To do: " + plain_markdown(ask) + ".";
  }
  if (!form.empty()) {
    advice.link = form;
    advice.link_label = "Answer the open questions";
  }
  return advice;
}

std::string one_line(std::string_view text, std::size_t most) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  constexpr std::string_view dots = "...";
  std::string line;
  std::size_t characters = 0;
  std::size_t cut = 0;  // bytes of what fits beside the dots
  for (const char c : without_direction_marks(text)) {
    if (begins(c)) {
      if (characters == most - dots.size()) cut = line.size();
      if (characters++ == most) return line.substr(0, cut) + std::string(dots);
    }
    line += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return line;
}

std::string plain_markdown(std::string_view text) {
  constexpr std::string_view active = "\\`*_[]<>#|~&!";
  std::string plain;
  for (const char c : without_direction_marks(text)) {
    // An escape does not stop readers that make links of bare addresses: a space does.
    const bool links = (c == '/' && plain.ends_with('/')) || (c == '.' && ends_in_www(plain)) ||
                       (c == '@' && !plain.empty() && plain.back() != ' ');
    if (links) plain += ' ';
    if (active.find(c) != std::string_view::npos) plain += '\\';
    plain += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return plain;
}

}  // namespace meridian::flow
