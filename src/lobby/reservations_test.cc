// Seats that the queue keeps for players on their way (C3).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lobby/directory.h"

namespace lobby {
namespace {

class Reservations : public testing::Test {
 protected:
  Reservation reserved(std::uint8_t seats) {
    LobbyOptions options;
    options.mode = "duel";
    options.kill_limit = 7;
    return directory_.reserve(options, 0, seats, 1600).value();
  }
  // One who comes through the door sits down in the lobby, which is made by the first.
  void arrive(const std::string& door, std::uint8_t sitting) {
    const Directory::Place place = directory_.by_code(door).value();
    DirectoryEntry entry;
    entry.number = place.lobby;
    entry.id = place.id;
    entry.mode = "duel";
    entry.players = sitting;
    entry.status = Status::playing;
    directory_.update(entry);
    directory_.settle(place.lobby);
  }
  Directory directory_{4, 40, 1};
};

TEST_F(Reservations, C3_OnlyThoseWithADoorComeIn) {
  const Reservation seats = reserved(2);
  const auto first = directory_.by_code(seats.door);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(first->create) << "made by the first who comes";
  EXPECT_EQ(first->options->kill_limit, 7);
  EXPECT_EQ(first->id, seats.lobby);
  EXPECT_TRUE(directory_.by_code(seats.door).ok());
  EXPECT_EQ(directory_.by_code(seats.door).error().code, "conflict") << "two seats, two players";
  EXPECT_EQ(directory_.by_code(seats.lobby).error().code, "conflict");
  EXPECT_TRUE(directory_.list({}).empty());
  LobbyOptions options;
  options.mode = "duel";
  EXPECT_NE(directory_.quick_play(options, 0, 0)->id, seats.lobby);
}

TEST_F(Reservations, C3_ALeaversSeatIsOfferedAgainAndHeld) {
  const Reservation seats = reserved(8);
  EXPECT_TRUE(directory_.vacancies().empty());
  for (std::uint8_t sitting = 1; sitting <= 8; ++sitting) arrive(seats.door, sitting);
  EXPECT_TRUE(directory_.vacancies().empty()) << "full";
  DirectoryEntry entry = directory_.all().front();
  entry.players = 6;
  directory_.update(entry);
  ASSERT_EQ(directory_.vacancies().size(), 1u);
  EXPECT_EQ(directory_.vacancies()[0].seats, 2);
  EXPECT_EQ(directory_.vacancies()[0].skill, 1600);
  EXPECT_EQ(directory_.reserve_in(seats.lobby, 3).error().code, "conflict");
  const auto again = directory_.reserve_in(seats.lobby, 2);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(directory_.vacancies().empty());
  EXPECT_FALSE(directory_.by_code(again->door)->create);
  EXPECT_EQ(directory_.release(again->door), 1u) << "one came, one did not";
  EXPECT_EQ(directory_.vacancies()[0].seats, 1);
  EXPECT_EQ(directory_.reserve_in("NONE", 1).error().code, "not_found");
  entry.status = Status::voting;
  directory_.update(entry);
  EXPECT_TRUE(directory_.vacancies().empty()) << "the match is over";
}

TEST_F(Reservations, C3_NobodyCameAndNothingIsLeft) {
  const Reservation seats = reserved(8);
  EXPECT_EQ(directory_.room(), 3u);
  EXPECT_EQ(directory_.release(seats.door, 3), 3u) << "three have cancelled";
  EXPECT_EQ(directory_.release(seats.door), 5u);
  EXPECT_EQ(directory_.release(seats.door), 0u);
  EXPECT_EQ(directory_.counts().lobbies, 0u);
  EXPECT_EQ(directory_.room(), 4u);
  EXPECT_EQ(directory_.by_code(seats.door).error().code, "not_found");
}

TEST_F(Reservations, C3_TheOneOnTheWayKeepsTheLobby) {
  const Reservation seats = reserved(2);
  const auto place = directory_.by_code(seats.door);
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(directory_.release(seats.door), 1u);
  EXPECT_EQ(directory_.counts().lobbies, 1u);
  directory_.remove(place->lobby);
  EXPECT_EQ(directory_.release(seats.door), 0u) << "closed meanwhile";
}

TEST_F(Reservations, L1_AFullNodeReservesNothing) {
  for (int i = 0; i < 4; ++i) reserved(8);
  EXPECT_EQ(directory_.room(), 0u);
  EXPECT_EQ(directory_.reserve({}, 0, 8, 1500).error().code, "unavailable");
}

TEST_F(Reservations, C3_ALobbyOfTheQueueIsOneAlsoAtItsNextNode) {
  auto options = std::make_shared<LobbyOptions>();
  options->mode = "duel";
  const auto place = directory_.adopt("ADOPTED", "", 0, options);
  ASSERT_TRUE(place.ok());
  DirectoryEntry entry;
  entry.number = place->lobby;
  entry.id = "ADOPTED";
  entry.mode = "duel";
  entry.players = 3;
  entry.status = Status::playing;
  directory_.update(entry);
  EXPECT_TRUE(directory_.list({}).empty());
  EXPECT_FALSE(directory_.find(*options, 0).ok());
  EXPECT_FALSE(directory_.by_code("ADOPTED").ok());
  ASSERT_EQ(directory_.vacancies().size(), 1u);
  EXPECT_TRUE(directory_.reserve_in("ADOPTED", 1).ok());
}

}  // namespace
}  // namespace lobby
