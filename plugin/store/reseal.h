// SPDX-License-Identifier: Apache-2.0
// Seals every value of a column anew, on either database. Internal to store.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/envelope.h"

namespace meridian::store {

/// A part of a table's primary key.
struct KeyPart {
  const char* name;
  bool number;  ///< else text
};

/// A column with sealed values. `column` is what they are bound to, which is not always where they
/// stand: dead work keeps the binding of work.
struct SealedPlace {
  SealedColumn column;
  const char* table;
  std::vector<KeyPart> key;     ///< at most three parts
  int number = 0;               ///< the part that is RowKey::number; -1: that is 0
  std::vector<int> scope = {};  ///< the parts that are RowKey::scope, a NUL between two
};

/// Where the sealed values of each database are: all of `sealed`, which a test holds.
std::vector<SealedPlace> sqlite_places();
std::vector<SealedPlace> postgres_places();

/// The two statements of a place. A connection keeps statements by their addresses, so these must
/// outlive it.
class ResealTexts {
 public:
  explicit ResealTexts(const SealedPlace& place);

  const std::string& page_name() const { return page_name_; }
  const std::string& page() const { return page_; }
  const std::string& put_name() const { return put_name_; }
  const std::string& put() const { return put_; }

 private:
  std::string page_name_;
  std::string page_;
  std::string put_name_;
  std::string put_;
};

/// A value and the key of its row, as text.
struct SealedValue {
  std::vector<std::string> key;
  std::string value;
};

RowKey row_key(const SealedPlace& place, const SealedValue& value, std::string& scope);

/// One database's types. Each of `Query` and `Blob` is that of its connection.
template <typename Connection, typename Query, typename Blob>
class Resealer {
 public:
  Resealer(Connection& db, const Envelope& envelope) : db_(db), envelope_(envelope) {}

  /// Opens and seals each value of `place`, page by page; the value is how many. Inside a
  /// transaction of the caller. Errors: store_damaged when one does not open; store errors.
  Result<std::int64_t> run(const SealedPlace& place) {
    const Texts& texts = *texts_.emplace_back(std::make_unique<Texts>(place));
    std::vector<std::string> after;
    for (const auto& part : place.key) after.push_back(part.number ? "-9223372036854775808" : "");
    std::int64_t done = 0;
    for (;;) {
      auto values = page(texts, after);
      if (!values) return values.error();
      if (values->empty()) return done;
      for (const auto& value : *values) {
        if (auto sealed = put(place, texts, value); !sealed) return sealed.error();
        ++done;
      }
      after = values->back().key;
    }
  }

 private:
  struct Texts : ResealTexts {
    explicit Texts(const SealedPlace& place)
        : ResealTexts(place),
          page_query{page_name().c_str(), page().c_str()},
          put_query{put_name().c_str(), put().c_str()} {}
    Query page_query;
    Query put_query;
  };

  Result<std::vector<SealedValue>> page(const Texts& texts, const std::vector<std::string>& after) {
    std::vector<SealedValue> values;
    const auto take = [&](auto rows) -> Result<void> {
      while (rows.next()) {
        SealedValue value;
        const int parts = static_cast<int>(after.size());
        for (int i = 0; i < parts; ++i) value.key.push_back(rows.text(i));
        value.value = rows.text(parts);
        values.push_back(std::move(value));
      }
      if (rows.failed()) return rows.error("store.reseal");
      return {};
    };
    const auto taken = after.size() == 1 ? take(db_.select(texts.page_query, after[0]))
                       : after.size() == 2
                           ? take(db_.select(texts.page_query, after[0], after[1]))
                           : take(db_.select(texts.page_query, after[0], after[1], after[2]));
    if (!taken) return taken.error();
    return values;
  }

  Result<void> put(const SealedPlace& place, const Texts& texts, const SealedValue& value) {
    std::string scope;
    const auto row = row_key(place, value, scope);
    const auto plain = envelope_.open(place.column, row, value.value);
    if (!plain) return plain.error();
    const std::string sealed = envelope_.seal(place.column, row, *plain);
    const Blob blob{std::string_view(sealed)};
    const auto& key = value.key;
    const auto changed = key.size() == 1 ? db_.change(texts.put_query, blob, key[0])
                         : key.size() == 2
                             ? db_.change(texts.put_query, blob, key[0], key[1])
                             : db_.change(texts.put_query, blob, key[0], key[1], key[2]);
    if (!changed) return changed.error();
    return {};
  }

  Connection& db_;
  const Envelope& envelope_;
  std::vector<std::unique_ptr<Texts>> texts_;
};

}  // namespace meridian::store
