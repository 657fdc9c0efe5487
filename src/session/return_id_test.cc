#include "session/return_id.h"

#include <gtest/gtest.h>

#include "sio/ids.h"

namespace session {
namespace {

TEST(ReturnIds, C4_a_pid_of_one_node_names_its_socket_on_another) {
  const ReturnIds here("a secret of all nodes");
  const ReturnIds there("a secret of all nodes");
  const std::string pid = sio::random_id_of(1);
  const std::string id = sio::random_id();
  EXPECT_EQ(there.id_of(pid + here.seal(pid, id)), id);
}

TEST(ReturnIds, S2_what_was_changed_or_made_up_is_nobodys) {
  const ReturnIds ids("secret");
  const std::string pid = sio::random_id_of(0);
  const std::string sealed = pid + ids.seal(pid, sio::random_id());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(ids.id_of(changed)) << i;
  }
  EXPECT_FALSE(ids.id_of(""));
  EXPECT_FALSE(ids.id_of(pid));
  EXPECT_FALSE(ids.id_of(sealed + "A"));
  EXPECT_FALSE(ReturnIds("another").id_of(sealed));
}

}  // namespace
}  // namespace session
