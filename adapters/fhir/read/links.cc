// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/links.h"

#include <bit>
#include <cstdint>
#include <functional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "fhir/read/joins.h"
#include "fhir/read/records.h"
#include "fhir/read/references.h"

namespace meridian::fhir_read {
namespace {

/// The resources of the batch by their fullUrl: a hash table in one block of memory, because every
/// message needs one.
class FullUrls {
 public:
  explicit FullUrls(const std::vector<ResourceSpan>& spans)
      : spans_(spans), slots_(std::bit_ceil(spans.size() * 2 + 1), 0) {
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (spans[i].full_url.empty()) continue;
      auto& number = slot(spans[i].full_url);
      if (number == 0) number = static_cast<std::uint32_t>(i + 1);
    }
  }

  /// Null when no resource has it. Of several the first one counts.
  const ResourceSpan* find(std::string_view url) {
    const std::uint32_t number = slot(url);
    return number == 0 ? nullptr : &spans_[number - 1];
  }

 private:
  /// Where the url is, or may be put.
  std::uint32_t& slot(std::string_view url) {
    std::size_t at = std::hash<std::string_view>{}(url);
    for (;; ++at) {
      auto& number = slots_[at & (slots_.size() - 1)];
      if (number == 0 || spans_[number - 1].full_url == url) return number;
    }
  }

  const std::vector<ResourceSpan>& spans_;
  std::vector<std::uint32_t> slots_;  ///< index in spans_ plus one; 0 is empty
};

/// Finds the resources of the batch by what references call them.
class Batch {
 public:
  explicit Batch(Context& context) : context_(context), by_url_(context.out.resources) {
    if (!context.any_contained) return;
    const auto note = [&](const Record& record) {
      if (!record.contained_in.empty()) contained_.insert(record.ref);
    };
    for_each_record(context.out, note);
    for (const auto& drug : context.drugs) note(drug);
  }

  /// Fills in what the reference points at, or notes that it points nowhere.
  void resolve(const Record& record, Reference& reference, std::string_view name) {
    const std::string_view written = reference.written;
    if (written.empty()) return;
    if (written[0] == '#') return resolve_contained(record, reference, name);
    if (written.find(':') != std::string_view::npos) {
      if (const auto* found = by_url_.find(written); found != nullptr) {
        const auto& span = *found;
        reference.target.reserve(span.type.size() + 1 + span.id.size());
        reference.target.append(span.type).append(1, '/').append(span.id);
        return;
      }
    }
    if (const auto query = written.find('?'); query != std::string_view::npos) {
      return resolve_query(reference, written.substr(0, query), written.substr(query + 1));
    }
    reference.target = type_and_id(written);
    if (reference.target.empty()) nowhere(record, reference, name);
  }

 private:
  void resolve_contained(const Record& record, Reference& reference, std::string_view name) {
    const bool inner = !record.contained_in.empty();
    const std::string& container = inner ? record.contained_in.front().target : record.ref;
    if (reference.written.size() == 1) {  // "#": the container itself
      reference.target = container;
      return;
    }
    std::string target = container + reference.written;
    if (!contained_.contains(target)) return nowhere(record, reference, name);
    reference.contained = true;
    reference.target = std::move(target);
  }

  /// "Practitioner?identifier=system|value", as transactions write it.
  void resolve_query(Reference& reference, std::string_view type, std::string_view query) {
    constexpr std::string_view parameter = "identifier=";
    const auto bar = query.find('|');
    if (!query.starts_with(parameter) || bar == std::string_view::npos) return;
    auto& identifier = reference.identifier;
    if (identifier.value.reveal().empty()) {
      identifier.system = query.substr(parameter.size(), bar - parameter.size());
      identifier.value.reveal() = query.substr(bar + 1);
    }
    if (indexed_.insert(std::string(type)).second) index_identifiers(type);
    const auto found = by_identifier_.find(key_of(type, identifier));
    if (found != by_identifier_.end()) reference.target = found->second;
  }

  static std::string key_of(std::string_view type, const Identifier& identifier) {
    return std::string(type) + '|' + identifier.system + '|' + identifier.value.reveal();
  }

  /// Adds the records of one type to by_identifier_.
  void index_identifiers(std::string_view wanted) {
    for_each_record(context_.out, [&](const auto& record) {
      if constexpr (requires { record.identifiers; }) {
        const auto type = std::string_view(record.ref).substr(0, record.ref.find('/'));
        if (type != wanted) return;
        for (const auto& identifier : record.identifiers) {
          by_identifier_.emplace(key_of(type, identifier), record.ref);
        }
      }
    });
  }

  void nowhere(const Record& record, const Reference& reference, std::string_view name) {
    std::string path;
    path.reserve(record.provenance.path.size() + 1 + name.size());
    path.append(record.provenance.path).append(1, '.').append(name);
    context_.notes.add(Severity::information, "not-found", std::move(path),
                       quoted(reference.written) + " refers to nothing in this input");
  }

  Context& context_;
  FullUrls by_url_;
  std::unordered_set<std::string_view> contained_;
  std::set<std::string> indexed_;  ///< types that by_identifier_ holds, each when first needed
  std::unordered_map<std::string, std::string_view> by_identifier_;
};

}  // namespace

void link_records(Context& context) {
  Batch batch(context);
  for_each_list([&](auto list) {
    for (auto& record : context.out.*list) {
      for_each_reference(record, [&](Reference& reference, std::string_view name) {
        batch.resolve(record, reference, name);
      });
    }
  });
  join_drugs(context);
  join_results(context);
  join_studies(context);
  join_payors(context);
}

}  // namespace meridian::fhir_read
