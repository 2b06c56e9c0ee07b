// SPDX-License-Identifier: Apache-2.0
// The operations page: a site as its network engineer sees it, and what they do about it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "http/router.h"
#include "port/desk.h"
#include "web/door.h"
#include "web/operations_look.h"
#include "web/page_door.h"

namespace meridian::web {

/// Who may see these pages, who may act, and what makes a form ours.
struct OperationsDoor {
  http::Gate see;  ///< the machine itself, viewers, operations and administrators
  http::Gate act;  ///< operations and administrators
  std::function<Caller(const http::Request&)> caller;
  std::function<std::string(const http::Request&, std::string_view action)> form_field;
  std::function<http::Handler(http::Handler)> checked;
};

/// By tokens and certificates, and the machine itself as a viewer; with `pages` also by signing in,
/// which counts first. Both are borrowed.
OperationsDoor operations_door(Door& door, const PageDoor* pages = nullptr);

/// A message as lines of text for people; "" when it cannot be read as that media type.
using ShowMessage = std::function<std::string(std::string_view media_type, std::string_view body)>;

/// GET /operations, /operations/events, /operations/find?q=, /operations/referral/{id};
/// GET and POST /operations/act (preview, then done), /operations/message (break-glass: with a
/// reason, audited). No patient data but in the last. The desk is borrowed. Without `told`, what
/// the program tells stays English on Spanish pages.
void add_operations(http::Router& router, Desk& desk, OperationsDoor door, ShowMessage show,
                    ToldPtr told = {});

}  // namespace meridian::web
