// SPDX-License-Identifier: Apache-2.0
// One thing that a clinic wants written, and what it makes of the view.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/endpoint/answers.h"
#include "fhir/endpoint/view.h"

namespace meridian::fhir {

/// One request, or one entry of a transaction.
struct Step {
  std::string method;  ///< POST, PUT or PATCH
  std::string type;
  std::string id;             ///< PUT, PATCH
  std::string body;           ///< JSON
  std::string if_match;       ///< as sent: W/"3"
  std::string if_none_exist;  ///< a query
  std::string full_url;       ///< by which other entries know it: urn:uuid
};

/// What a list of steps makes of a view. Nothing is kept yet.
struct Draft {
  std::string task;  ///< the Task as it will be, without version
  struct Part {
    std::string ref;
    std::string bytes;
    bool is_new = false;
  };
  std::vector<Part> parts;  ///< what else changes
  bool changed = false;
};

/// Works out steps about one referral. A step sees what those before it did.
class Drafting {
 public:
  /// `name_of` gives the n-th step's new resource a name, the same for a repeat of the request.
  Drafting(const View& view, const std::vector<std::string>& next, std::string_view base,
           std::function<std::string(std::size_t)> name_of)
      : view_(view), next_(next), base_(base), name_of_(std::move(name_of)) {}

  /// Fills the draft, or says why not.
  std::optional<Refusal> run(const std::vector<Step>& steps);
  const Draft& draft() const { return draft_; }

  /// What each step is about, "Type/id", and whether it is new then.
  struct Subject {
    std::string ref;
    bool is_new = false;
  };
  std::vector<Subject> subjects(const std::vector<Step>& steps);

 private:
  void name(const std::vector<Step>& steps);
  std::string new_ref(const Step& step, std::size_t number) const;
  std::optional<Refusal> take(const Step& step, std::size_t number);
  std::optional<Refusal> change_task(const Step& step);
  std::optional<Refusal> make(const Step& step, std::size_t number);
  std::optional<Refusal> replace(const Step& step, const Held& held);
  std::optional<Refusal> put(const std::string& ref, const Step& step, bool is_new);
  std::optional<Refusal> check_references(std::string_view resource) const;
  std::optional<std::string> here(std::string_view written) const;
  void add_output(const std::string& ref);

  const View& view_;
  const std::vector<std::string>& next_;
  std::string_view base_;
  std::function<std::string(std::size_t)> name_of_;
  std::vector<std::pair<std::string, std::string>> names_;  ///< urn:uuid and the ref it gets
  std::vector<std::string> found_;  ///< by step: what If-None-Exist found, else ""
  Draft draft_;
};

/// The referral that a step is about, by its address or by what its resource points to; "" when it
/// says none, or more than one.
std::string referral_of(const Step& step, std::string_view base);

/// The version of an If-Match header; nothing when it is none.
std::optional<int> version_of(std::string_view if_match);

}  // namespace meridian::fhir
