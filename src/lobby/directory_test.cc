#include "lobby/directory.h"

#include <gtest/gtest.h>

#include <string>

namespace lobby {
namespace {

// A public lobby with so many people in it.
DirectoryEntry lobby_of(Directory& directory, std::uint8_t players,
                        Status status = Status::waiting) {
  LobbyOptions options;
  options.mode = "deathmatch";
  options.max_players = 8;
  const Directory::Place place = directory.create(options, 0).value();
  DirectoryEntry entry;
  entry.number = place.lobby;
  entry.id = place.id;
  entry.mode = options.mode;
  entry.players = players;
  entry.status = status;
  directory.update(entry);
  directory.settle(place.lobby);
  return entry;
}

std::string ids(const std::vector<DirectoryEntry>& entries) {
  std::string all;
  for (const DirectoryEntry& entry : entries) all += std::to_string(entry.number) + " ";
  return all;
}

TEST(Directory, S2_a_list_is_bounded_and_holds_the_first_of_all) {
  Directory directory(1000, 10'000, 1);
  for (int i = 0; i < 300; ++i) lobby_of(directory, static_cast<std::uint8_t>(i % 7));
  EXPECT_EQ(directory.list({}).size(), 200u);
  EXPECT_EQ(directory.list({}, 1000).size(), 300u);
  const auto whole = directory.list({}, 1000);
  const auto some = directory.list({}, 50);
  ASSERT_EQ(some.size(), 50u);
  EXPECT_EQ(ids(some), ids({whole.begin(), whole.begin() + 50}));
  EXPECT_EQ(some.front().players, 6);
  EXPECT_TRUE(directory.list({}, 0).empty());
}

TEST(Directory, those_that_wait_come_first_the_fullest_of_them_then_the_oldest) {
  Directory directory(100, 1000, 1);
  lobby_of(directory, 7, Status::playing);
  lobby_of(directory, 1);
  lobby_of(directory, 3);
  lobby_of(directory, 3);
  lobby_of(directory, 8);                   // full
  lobby_of(directory, 4, Status::results);  // not shown
  EXPECT_EQ(ids(directory.list({})), "3 4 2 1 ");
  EXPECT_EQ(ids(directory.list({true, false, true, false, ""})), "5 3 4 2 6 ")
      << "a filter shows what is finished, and what plays only when asked";
}

}  // namespace
}  // namespace lobby
