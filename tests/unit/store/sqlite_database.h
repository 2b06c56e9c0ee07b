// SPDX-License-Identifier: Apache-2.0
// An embedded database in a folder of its own.
#pragma once

#include <memory>
#include <string>

#include "store/sqlite_store.h"
#include "unit/store/openers.h"

namespace meridian::store {

/// A folder that is gone after the test.
class TestFolder {
 public:
  TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder();
  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// What a test about SQLite itself opens, and may change the settings of first.
class SqliteDatabase : public TestDatabase {
 public:
  SqliteDatabase();
  std::unique_ptr<Store> open() override;
  Result<std::unique_ptr<Store>> try_open();

  TestFolder folder;
  SqliteSettings settings;
};

}  // namespace meridian::store
