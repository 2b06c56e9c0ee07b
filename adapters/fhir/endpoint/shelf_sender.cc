// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/shelf_sender.h"

#include "fhir/exchange/bundle_out.h"

namespace meridian::fhir {

Result<Receipt> ShelfSender::send(const Rendered& letter, bool /*repeat*/) {
  const auto bundle = read_out_bundle(letter.bytes);
  if (!bundle) return bundle.error();
  // Its Task has the id of the referral, which the key begins with.
  return Receipt{"Task/" + letter.key.substr(0, letter.key.find('/')), "shown", {}};
}

}  // namespace meridian::fhir
