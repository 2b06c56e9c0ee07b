// SPDX-License-Identifier: Apache-2.0
#include "host/desk_door.h"

#include "host/operator_token.h"
#include "host/site.h"
#include "http/local_call.h"
#include "http/uri.h"

namespace meridian::host {
namespace {

std::string form_of(const Intervention& given, const std::string& by) {
  std::string form;
  const auto add = [&](const char* name, const std::string& value) {
    form += (form.empty() ? "" : "&") + std::string(name) + "=" + http::percent_encode(value);
  };
  add("action", given.action);
  add("target", given.target);
  add("clinic", given.clinic);
  add("reason", given.reason);
  add("apply", given.apply ? "yes" : "no");
  add("name", given.name);
  add("role", given.role);
  add("by", by);
  return form;
}

/// The code of an answer that is no success.
ErrorCode code_of(int status) {
  for (const auto code : {ErrorCode::not_found, ErrorCode::invalid, ErrorCode::forbidden,
                          ErrorCode::unauthorized, ErrorCode::conflict}) {
    if (error_row(code).http_status == status) return code;
  }
  return ErrorCode::unavailable;
}

}  // namespace

bool serve_runs(const Config& config) {
  const auto url = AddressFile::read(address_path(config));
  if (url.empty()) return false;
  const auto answer =
      http::post_local({url, "/livez", "", "", config.path_of(config.http_certificate)});
  return answer || answer.error().code != ErrorCode::unavailable;
}

Result<DeskDoor> DeskDoor::open(const Config& config, Issues& issues) {
  DeskDoor door;
  auto without_making = config;
  without_making.store_create = false;
  auto engine = Engine::open_idle(without_making, issues);
  if (engine) {
    door.engine_ = std::move(*engine);
    return door;
  }
  if (engine.error().code != ErrorCode::store_busy) return engine.error();
  door.url_ = AddressFile::read(address_path(config));
  if (door.url_.empty()) return engine.error();
  auto token = operator_token(operator_token_path(config));
  if (!token) return token.error();
  door.token_ = std::move(*token);
  door.certificate_ = config.path_of(config.http_certificate);
  return door;
}

Result<std::string> DeskDoor::intervene(const Intervention& given, const std::string& by,
                                        std::string& words) {
  if (engine_) {
    auto answer = engine_->desk().intervene({by, Role::operations}, given);
    if (!answer) words = answer.error().what.view();
    return answer;
  }
  http::LocalCall call{url_, "/operate", token_, form_of(given, by), certificate_};
  // Every system is asked about every referral that is open: minutes for ten thousand.
  if (given.action == "reconcile") call.patience = std::chrono::hours(2);
  auto answer = http::post_local(call);
  if (!answer) {
    words = answer.error().what.view();
    return answer.error();
  }
  if (answer->status == 200) return std::move(answer->body);
  words = answer->body.substr(0, answer->body.find('\n'));
  return Error{code_of(answer->status), "operate", "the runtime refused it", answer->status};
}

}  // namespace meridian::host
