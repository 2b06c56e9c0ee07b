// SPDX-License-Identifier: Apache-2.0
// Our SMART client against a token server that none of us wrote, which fetches the JWKS we export.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "fhir/client/fhir_client.h"
#include "fhir/client/smart_key.h"
#include "unit/fhir_client/certificates.h"

namespace meridian::fhir {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class SmartServer : public testing::TestWithParam<const char*> {
 protected:
  SmartServer() {
    const std::string algorithm = GetParam();
    auth_.client_id = "meridian-" + algorithm;
    auth_.algorithm = algorithm;
    auth_.kid = "interop-" + algorithm;
    auth_.scopes = "system/Patient.rs system/Task.cu";
  }

  /// The server keeps a fetched JWKS for a while, so each algorithm has one key for all tests.
  void SetUp() override {
    static std::map<std::string, test::Key> keys;
    auto& key = keys[auth_.algorithm];
    if (!key) {
      key = new_key();
      use(key);
      publish();
    }
    use(key);
  }

  static test::Key new_key() {
    return std::string(GetParam()) == "RS384" ? test::make_rsa_key() : test::make_ec_key("P-384");
  }

  void use(const test::Key& key) { auth_.key_pem = Sensitive(test::private_pem(key)); }

  /// Publishes the public half of the key in use, where the server fetches it.
  void publish() const {
    const auto key = SmartKey::from_pem(auth_.key_pem.reveal(), auth_.algorithm, auth_.kid);
    ASSERT_TRUE(key);
    std::ofstream(environment("MERIDIAN_INTEROP_WORK") + "/jwks-" + auth_.algorithm + ".json")
        << jwks({&*key});
  }

  std::unique_ptr<FhirClient> client() const {
    ClientSettings settings;
    settings.base_url = environment("MERIDIAN_INTEROP_BASE");
    settings.auth = auth_;
    auto made = FhirClient::create(settings);
    EXPECT_TRUE(made) << "run this by with-server";
    return made ? std::move(*made) : nullptr;
  }

  SmartBackendAuth auth_;
};

void print(const Issues& issues) {
  for (const auto& issue : issues)
    std::cout << "probe: " << issue.path << ": " << issue.text << "\n";
}

TEST_P(SmartServer, GivesATokenForAnAssertionOfOurs) {
  const auto issues = client()->probe({{"Patient", "read"}});
  print(issues);
  EXPECT_FALSE(has_errors(issues));
  const auto connected = client();
  for (int i = 0; i < 20; ++i) {
    const auto answer = connected->read("Patient/1");
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->failure) << answer->status;
  }
}

TEST_P(SmartServer, TakesManyAssertionsEachWithItsOwnId) {
  for (int i = 0; i < 40; ++i) {  // the server refuses a jti it has seen, and a bad signature
    const auto answer = client()->read("Patient/1");
    ASSERT_TRUE(answer) << i;
    ASSERT_FALSE(answer->failure) << i;
  }
}

TEST_P(SmartServer, RefusesAKeyItDoesNotKnowAndTheProbeSaysSo) {
  use(new_key());
  const auto issues = client()->probe();
  print(issues);
  ASSERT_TRUE(has_errors(issues));
  EXPECT_NE(issues.back().text.find("(invalid_client)"), std::string::npos);
}

TEST_P(SmartServer, RefusesAScopeItDoesNotGrantAndTheProbeSaysSo) {
  auth_.scopes = "system/Patient.rs system/Coverage.rs";
  const auto issues = client()->probe();
  print(issues);
  ASSERT_FALSE(issues.empty());
  EXPECT_NE(issues.front().text.find("scope"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Algorithms, SmartServer, testing::Values("RS384", "ES384"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace meridian::fhir
