#include "app/node_identity.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace app {
namespace {

namespace fs = std::filesystem;

TEST(NodeIdentity, is_made_once_and_kept) {
  const fs::path folder =
      fs::path(::testing::TempDir()) / ("identity_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const auto first = node_identity(folder.string());
  ASSERT_TRUE(first.ok());
  EXPECT_GE(first->size(), 8u);
  EXPECT_EQ(node_identity(folder.string()).value(), *first);
  fs::remove_all(folder);
  fs::create_directories(folder);
  EXPECT_NE(node_identity(folder.string()).value(), *first);
  fs::remove_all(folder);
}

TEST(NodeIdentity, names_the_file_it_cannot_write) {
  const auto refused = node_identity("/proc/no-such-folder");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("node-id"), std::string::npos);
}

}  // namespace
}  // namespace app
