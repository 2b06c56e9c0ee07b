// SPDX-License-Identifier: Apache-2.0
// The embedded store's class, and the parts that opening a database gives it. Internal to store.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "store/audit.h"
#include "store/checkpointer.h"
#include "store/data_keys.h"
#include "store/lock_file.h"
#include "store/read_side.h"
#include "store/readers.h"
#include "store/sqlite_database.h"
#include "store/store.h"
#include "store/writer.h"

namespace meridian::store {

/// An open database, ready to be used. Without lock, writer and checkpointer it is only read.
struct SqliteParts {
  std::optional<LockFile> lock = {};
  Clock clock;
  std::string node;
  Keyring keys;
  AuditChain audit;
  RowNumbers numbers = {};
  std::unique_ptr<Connection> writer = nullptr;
  std::unique_ptr<Connection> checkpointer = nullptr;
  std::vector<std::unique_ptr<Connection>> readers;
  int log_pages = 0;
  bool copy_in_turn = false;
};

/// Writes go to the writer's thread, reads run on the caller's.
class SqliteStore final : public ReadSide<SqliteStore> {
 public:
  explicit SqliteStore(SqliteParts parts);
  ~SqliteStore() override;

  Result<Accepted> accept(const NewMessage& message, const Changes& changes) override;
  void accept_async(NewMessage message, Changes changes,
                    std::function<void(Result<Accepted>)> done) override;
  Result<std::vector<WorkItem>> claim_work(std::string_view owner, int limit,
                                           std::chrono::milliseconds lease) override;
  Result<void> finish_work(const WorkItem& item, const Changes& changes) override;
  Result<void> return_work(const WorkItem& item, Instant due, bool dead,
                           const Error& error) override;
  Result<void> revive_work(std::int64_t number) override;
  Result<void> release_message(const MessageId& id, std::string_view answer,
                               const Changes& changes) override;
  Result<std::string> keep_facts(const NewFacts& facts) override;
  Result<std::vector<DestinationId>> due_destinations() override;
  Result<std::optional<Delivery>> claim_delivery(const DestinationId& destination,
                                                 std::string_view owner,
                                                 std::chrono::milliseconds lease) override;
  Result<void> settle_delivery(const Delivery& delivery, const Settlement& settlement,
                               const Changes& changes) override;
  Result<void> decide_delivery(std::int64_t number, DeliveryState state,
                               const Changes& changes) override;
  Result<Counts> counts() override;
  Result<std::optional<Instant>> next_due() override;
  Result<void> apply(const Changes& changes) override;
  Result<std::optional<SessionRow>> session(std::string_view key) override;
  Result<void> acknowledge_alert(std::string_view alert_id, std::string_view by,
                                 const Changes& changes) override;
  Result<std::string> cursor(const SourceId& source, std::string_view name) override;
  Result<void> set_cursor(const SourceId& source, std::string_view name,
                          std::string_view value) override;
  Result<bool> hold_lease(std::string_view name, std::string_view owner,
                          std::chrono::milliseconds lease) override;
  Result<Pruning> prune(const Retention& retention, const Pruning& so_far) override;
  Result<std::int64_t> verify_audit() override;
  Result<std::vector<AuditRow>> audit(int limit) override;
  Result<AuditHead> audit_head() override;
  Result<std::int64_t> mark_restored(Instant taken_at, std::string_view by) override;
  void close() override;

 private:
  friend class ReadSide<SqliteStore>;

  Result<void> change(const std::function<Result<void>(Session&)>& work);
  template <typename T, typename Work>
  Result<T> write(const Work& work);
  template <typename Work>
  auto read(const Work& work) -> decltype(work(std::declval<Reading<Sqlite>>()));

  // In the order of their making; the lock is given up last.
  std::optional<LockFile> lock_;
  Clock clock_;
  std::string node_;
  Keyring keys_;
  AuditChain audit_;
  std::unique_ptr<Connection> connection_;
  Readers readers_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<Writer> writer_;  ///< none: the database is only read
};

}  // namespace meridian::store
