// SPDX-License-Identifier: Apache-2.0
#include "unit/store/sqlite_database.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

namespace meridian::store {

TestFolder::TestFolder() {
  std::string name = std::filesystem::temp_directory_path() / "meridian-store-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

SqliteDatabase::SqliteDatabase() {
  settings.path = folder.file("meridian.db");
  settings.site_key = SecretKey::random();
  settings.clock = clock.clock();
  settings.create = true;
}

Result<std::unique_ptr<Store>> SqliteDatabase::try_open() {
  return open_sqlite(settings);
}

std::unique_ptr<Store> SqliteDatabase::open() {
  auto store = try_open();
  if (!store) {
    ADD_FAILURE() << store.error().what.view() << " " << store.error().detail;
    std::abort();
  }
  return std::move(*store);
}

}  // namespace meridian::store
