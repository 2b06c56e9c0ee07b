// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/search.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>

#include "fhir/endpoint/statement.h"
#include "fhir/exchange/json_index.h"
#include "fhir/write/json_out.h"
#include "http/uri.h"

namespace meridian::fhir {
namespace {

constexpr std::size_t largest_page = 100;

/// Source: http://hl7.org/fhir/R4/task.html#search; the name of the parameter and its element.
struct Include {
  std::string_view name;
  std::string_view element;
};
constexpr Include task_includes[] = {
    {"Task:focus", "focus"}, {"Task:patient", "for"}, {"Task:based-on", "basedOn"}};

const Include* include_of(std::string_view name) {
  for (const auto& include : task_includes) {
    if (include.name == name) return &include;
  }
  return nullptr;
}

/// "a,b" in its values; "\," is a comma.
std::vector<std::string> values_of(std::string_view text) {
  std::vector<std::string> values(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      values.back() += text[++i];
    } else if (text[i] == ',') {
      values.emplace_back();
    } else {
      values.back() += text[i];
    }
  }
  return values;
}

/// Where a resource stands among the results: sorts by time and then by name.
std::string place_of(const Held& held) {
  char time[24];
  std::snprintf(time, sizeof time, "%015lld",
                static_cast<long long>(held.at().time_since_epoch().count()));
  return std::string(time) + "-" + held.id;
}

Refusal invalid(std::string words) {
  return {400, "invalid", std::move(words)};
}

/// Parameters whose value says which referral is meant, when it is an id of ours.
bool names_one(std::string_view name) {
  return name == "_id" || name == "based-on" || name == "focus" || name == "patient";
}

}  // namespace

http::Response Search::run(const http::Fields& query, bool strict) {
  if (const auto refusal = read(query, strict)) return answer_refused(*refusal);
  auto found = look();
  if (!found) {
    const auto& error = found.error();
    if (error.code == ErrorCode::invalid) {
      return answer_refused(invalid(std::string(error.what.view())));
    }
    return answer_refused(refusal_of(error));
  }
  const auto before = [this](const Found& a, const Found& b) {
    return newest_first_ ? place_of(a.held) > place_of(b.held)
                         : place_of(a.held) < place_of(b.held);
  };
  std::sort(found->begin(), found->end(), before);
  const bool whole = place_.empty();
  std::erase_if(*found, [this](const Found& one) {
    if (place_.empty()) return false;
    return newest_first_ ? place_of(one.held) >= place_ : place_of(one.held) <= place_;
  });
  const bool more = found->size() > count_;
  if (more) found->resize(count_);
  auto text = page(std::move(*found), more, whole);
  return text ? answer_json(200, std::move(*text)) : answer_refused(refusal_of(text.error()));
}

std::optional<Refusal> Search::read(const http::Fields& query, bool strict) {
  const auto offered = statement().types.find(type_);
  for (const auto& field : query) {
    if (field.name == "_count" || field.name == "_sort" || field.name == "_page" ||
        field.name == "_include" || field.name == "_format") {
      if (auto refusal = read_control(field)) return refusal;
      continue;
    }
    const bool known = offered->second.search_params.count(field.name) != 0 &&
                       is_known(type_, field.name) && !field.value.empty();
    if (known) {
      conditions_.push_back({field.name, values_of(field.value)});
      used_ += "&" + http::percent_encode(field.name) + "=" + http::percent_encode(field.value);
      continue;
    }
    if (strict) {
      return Refusal{400, "not-supported",
                     "search parameter \"" + field.name + "\" is not offered for " +
                         std::string(type_) + "; see GET metadata"};
    }
    left_out_.push_back(field.name);
  }
  return std::nullopt;
}

/// What is about the answer and not about what is looked for.
std::optional<Refusal> Search::read_control(const http::Field& field) {
  if (field.name == "_count") {
    const auto* end = field.value.data() + field.value.size();
    const auto read = std::from_chars(field.value.data(), end, count_);
    if (read.ec != std::errc() || read.ptr != end || count_ == 0) {
      return invalid("_count must be a number from 1 on");
    }
    count_ = std::min(count_, largest_page);
  } else if (field.name == "_sort") {
    newest_first_ = field.value == "-_lastUpdated";
    if (!newest_first_ && field.value != "_lastUpdated") {
      return Refusal{400, "not-supported", "_sort takes _lastUpdated or -_lastUpdated"};
    }
  } else if (field.name == "_page") {
    place_ = field.value;
    return std::nullopt;  // of one page only
  } else if (field.name == "_include") {
    if (type_ != "Task" || include_of(field.value) == nullptr) {
      return Refusal{400, "not-supported",
                     "_include takes Task:focus, Task:patient and Task:based-on"};
    }
    includes_.push_back(field.value);
  } else if (field.value.find("json") == std::string::npos) {
    return Refusal{406, "not-supported", "this endpoint speaks JSON"};
  }
  used_ += "&" + field.name + "=" + http::percent_encode(field.value);
  return std::nullopt;
}

/// The referrals that can have something of it.
Result<std::vector<std::string>> Search::candidates() const {
  std::vector<std::string> referrals;
  for (const auto& condition : conditions_) {
    if (!names_one(condition.name)) continue;
    for (const auto& value : condition.values) {
      const auto slash = value.rfind('/');
      const auto id = slash == std::string::npos ? value : value.substr(slash + 1);
      const std::string referral(referral_in(id));
      const bool listed =
          std::find(referrals.begin(), referrals.end(), referral) != referrals.end();
      if (!referral.empty() && !listed) referrals.push_back(referral);
    }
    return referrals;
  }
  Instant since{};
  for (const auto& condition : conditions_) {
    if (condition.name == "_lastUpdated" && condition.values.size() == 1) {
      since = earliest(condition.values.front());
    }
  }
  const auto marks = desk_.shelves(caller_, since);
  if (!marks) return marks.error();
  for (const auto& mark : *marks) referrals.push_back(mark.referral);
  return referrals;
}

Result<bool> Search::holds(const Held& held) const {
  for (const auto& condition : conditions_) {
    const auto holds = matches(held, condition, caller_.source);
    if (!holds || !*holds) return holds;
  }
  return true;
}

Result<std::vector<Search::Found>> Search::look() const {
  const auto referrals = candidates();
  if (!referrals) return referrals.error();
  std::vector<Found> found;
  for (const auto& referral : *referrals) {
    const auto shelf = desk_.shelf(caller_, referral);
    if (!shelf && shelf.error().code == ErrorCode::not_found) continue;
    if (!shelf) return shelf.error();
    const auto view = View::of(*shelf);
    if (!view) return view.error();
    for (const auto& held : view->all()) {
      if (held.type != type_) continue;
      const auto fits = holds(held);
      if (!fits) return fits.error();
      if (*fits) found.push_back({held, referral});
    }
  }
  return found;
}

/// What the matches point to and was asked for, each once.
Result<std::vector<Held>> Search::included(const std::vector<Found>& matches) const {
  std::vector<Held> along;
  std::set<std::string> known;
  for (const auto& match : matches) {
    const auto shelf = desk_.shelf(caller_, match.referral);
    if (!shelf) return shelf.error();
    const auto view = View::of(*shelf);
    if (!view) return view.error();
    const auto index = JsonIndex::parse(match.held.bytes());
    if (!index) return index.error();
    for (const auto& name : includes_) {
      const auto* element = index->find(&index->root(), include_of(name)->element);
      if (element == nullptr) continue;
      for (const auto& ref : references_in(*index, *element)) {
        const auto* held = view->find(ref);
        if (held != nullptr && known.insert(ref).second) along.push_back(*held);
      }
    }
  }
  return along;
}

std::string Search::link(const std::string& place) const {
  std::string query = used_;
  if (!place.empty()) query += "&_page=" + place;
  if (!query.empty()) query[0] = '?';
  return std::string(base_) + "/" + std::string(type_) + query;
}

Result<std::string> Search::page(std::vector<Found> found, bool more, bool whole) const {
  std::vector<Held> along;
  if (!includes_.empty()) {
    auto read = included(found);
    if (!read) return read.error();
    along = std::move(*read);
  }
  std::vector<std::string> referrals;
  for (const auto& one : found) {
    const bool listed =
        std::find(referrals.begin(), referrals.end(), one.referral) != referrals.end();
    if (!listed) referrals.push_back(one.referral);
  }
  if (const auto noted = desk_.note_reading(caller_, referrals); !noted) return noted.error();
  JsonOut out;
  out.object().text("resourceType", "Bundle").text("type", "searchset");
  if (whole && !more) out.raw("total", std::to_string(found.size()));
  out.list("link").object().text("relation", "self").text("url", link(place_)).end();
  if (more) {
    const auto next = link(place_of(found.back().held));
    out.object().text("relation", "next").text("url", next).end();
  }
  out.end().list("entry");
  const auto add = [&](const Held& held, std::string_view mode) {
    out.object()
        .text("fullUrl", std::string(base_) + "/" + held.ref())
        .raw("resource", held.json());
    out.object("search").text("mode", mode).end().end();
  };
  for (const auto& one : found) add(one.held, "match");
  for (const auto& held : along) add(held, "include");
  if (!left_out_.empty()) {
    std::string words = "left out, since not offered here:";
    for (const auto& name : left_out_) words += " " + name;
    out.object().raw("resource", outcome_json("warning", "not-supported", words));
    out.object("search").text("mode", "outcome").end().end();
  }
  return out.end().end().str();
}

}  // namespace meridian::fhir
