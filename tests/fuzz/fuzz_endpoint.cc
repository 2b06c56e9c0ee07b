// SPDX-License-Identifier: Apache-2.0
// Any bytes as what a clinic sends to the endpoint: a patch, a Task, a resource, a query, an
// assertion.
#include <cstdint>
#include <string>

#include "fhir/endpoint/assertion.h"
#include "fhir/endpoint/query.h"
#include "fhir/endpoint/step.h"
#include "fhir/endpoint/task_change.h"
#include "fuzz/property.h"

namespace {

using namespace meridian;
using namespace meridian::fhir;

const std::string referral = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";

/// A packet of a Task and its order.
Shelf shelf() {
  const std::string identifier =
      R"("identifier":[{"system":"http://meridian-referral.org/fhir/identifier/referral","value":")" +
      referral + R"("}])";
  const std::string query =
      "identifier=http://meridian-referral.org/fhir/identifier/referral|" + referral;
  Shelf made;
  made.referral = referral;
  made.next = {"received", "accepted"};
  made.entries.push_back(
      {true, referral,
       R"({"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:1","resource":
       {"resourceType":"Task","status":"requested","intent":"order","focus":{"reference":
       "urn:uuid:2"},)" +
           identifier + R"(},"request":{"method":"POST","url":"Task","ifNoneExist":")" + query +
           R"("}},{"fullUrl":"urn:uuid:2","resource":{"resourceType":"ServiceRequest","status":
       "active",)" +
           identifier + R"(},"request":{"method":"POST","url":"ServiceRequest","ifNoneExist":")" +
           query + R"("}}]})",
       Instant{}});
  return made;
}

bool is_json(const std::string& text) {
  return static_cast<bool>(JsonIndex::parse(text, JsonIndex::Names::once));
}

/// What steps make of the view can be read, and what is not the clinic's is as it was.
void try_step(const View& view, const std::vector<std::string>& next, Step step) {
  Drafting drafting(view, next, "https://x/fhir/r4", [](std::size_t) { return std::string("n"); });
  referral_of(step, "https://x/fhir/r4");
  if (drafting.run({step})) return;
  PROPERTY(is_json(drafting.draft().task));
  for (const auto& part : drafting.draft().parts) PROPERTY(is_json(part.bytes));
  for (const auto& [member, raw] :
       change_by_put(view.task()->bytes(), drafting.draft().task).change) {
    PROPERTY(is_for_clinic(member));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  static const Shelf packet = shelf();
  static const View view = *View::of(packet);
  PROPERTY(view.task() != nullptr && view.all().size() == 2);
  const auto patched = change_by_patch(view.task()->json(), body);
  for (const auto& [member, raw] : patched.change) PROPERTY(!raw || is_json(*raw));
  for (const auto* method : {"PUT", "PATCH"}) {
    try_step(view, packet.next, {method, "Task", referral, body, "W/\"1\"", {}, {}});
  }
  for (const auto* type : {"Observation", "Communication"}) {
    try_step(view, packet.next, {"POST", type, {}, body, {}, body, {}});
  }
  auto after = view;
  if (after.apply({false, "m", body, Instant{}})) {
    PROPERTY(after.task() != nullptr && is_json(after.task()->json()));
  }
  for (const auto* name : {"_id", "_lastUpdated", "identifier", "code", "focus", "owner"}) {
    (void)matches(*view.task(), {name, {body}}, "clinic");
  }
  PROPERTY(!check_assertion(body, {}, "https://x/token", Instant{}));
  return 0;
}
