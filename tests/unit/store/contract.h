// SPDX-License-Identifier: Apache-2.0
// The fixture of the contract suite: each test runs on an empty database of each kind.
#pragma once

#include <future>

#include <gtest/gtest.h>

#include "unit/store/openers.h"

namespace meridian::store {

class Contract : public testing::TestWithParam<Opener> {
 protected:
  void SetUp() override {
    database_ = GetParam().make();
    store_ = database_->open();
  }

  Store& store() { return *store_; }
  TestClock& clock() { return database_->clock; }
  void reopen() {
    store_.reset();
    store_ = database_->open();
  }

 private:
  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Store> store_;
};

inline std::string opener_name(const testing::TestParamInfo<Opener>& info) {
  return info.param.name;
}

}  // namespace meridian::store
