#include "loadtest/accounts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace loadtest {
namespace {

class AccountsFile : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(file_); }
  void TearDown() override { std::filesystem::remove(file_); }
  const std::string file_ =
      (std::filesystem::temp_directory_path() / ("accounts-" + std::to_string(::getpid())))
          .string();
};

TEST_F(AccountsFile, NewOnesAreKeptAndUsedAgain) {
  auto first = read_accounts(file_, 3, "run1");
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 3u);
  EXPECT_FALSE((*first)[0].made);
  (*first)[0].made = (*first)[2].made = true;  // the second could not be registered
  ASSERT_TRUE(write_accounts(file_, *first));

  const auto second = read_accounts(file_, 3, "run2");
  ASSERT_TRUE(second);
  EXPECT_EQ((*second)[0].email, (*first)[0].email);
  EXPECT_EQ((*second)[0].password, (*first)[0].password);
  EXPECT_EQ((*second)[1].email, (*first)[2].email);
  EXPECT_TRUE((*second)[1].made);
  EXPECT_FALSE((*second)[2].made);
  EXPECT_NE((*second)[2].email, (*first)[2].email);
}

TEST_F(AccountsFile, ASmallerRunForgetsNobody) {
  auto all = read_accounts(file_, 5, "run");
  for (Account& account : *all) account.made = true;
  ASSERT_TRUE(write_accounts(file_, *all));
  const auto two = read_accounts(file_, 2, "other");
  ASSERT_EQ(two->size(), 2u);
  ASSERT_TRUE(write_accounts(file_, *two));
  const auto again = read_accounts(file_, 5, "third");
  for (const Account& account : *again) EXPECT_TRUE(account.made) << account.email;
}

TEST_F(AccountsFile, AnotherFileIsAnError) {
  std::ofstream(file_) << "a\tb\tc\nno tabs here\n";
  const auto read = read_accounts(file_, 2, "run");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find(":2: not e-mail"), std::string::npos) << read.error().message;
  EXPECT_FALSE(write_accounts("/nonexistent/accounts", {}));
}

}  // namespace
}  // namespace loadtest
