// SPDX-License-Identifier: Apache-2.0
#include "flow/refused.h"

namespace meridian::flow {
namespace {

const SourceId us("meridian");

std::string place(const Core& core) {
  return "configuration refused/" + core.settings.node;
}

}  // namespace

Result<void> keep_refused(const Core& core, std::string_view why) {
  const auto kept = core.store.cursor(us, place(core));
  if (!kept) return kept.error();
  if (why.empty() && kept->empty()) return {};
  const auto text = why.empty() ? std::string() : to_string(core.clock()) + ": " + std::string(why);
  return core.store.set_cursor(us, place(core), text);
}

Result<std::string> refused_configuration(const Core& core) {
  return core.store.cursor(us, place(core));
}

}  // namespace meridian::flow
