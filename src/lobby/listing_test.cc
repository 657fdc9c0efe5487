// C2: what other nodes read of a lobby is what its node knows of it.

#include "lobby/listing.h"

#include <gtest/gtest.h>

namespace lobby {
namespace {

DirectoryEntry some_lobby() {
  DirectoryEntry entry;
  entry.number = 7;
  entry.shard = 1;
  entry.id = "A8YCN2BQ40AC0";
  entry.invite_code = "ABC234";
  entry.mode = "deathmatch";
  entry.map = "foundry";
  entry.has_password = true;
  entry.status = Status::playing;
  entry.players = 3;
  entry.bots = 2;
  entry.max_players = 6;
  entry.created_ms = 1'700'000'000'000;
  entry.active_ms = 1'700'000'060'000;
  return entry;
}

TEST(ListingTest, C2_AnotherNodeReadsWhatTheOwnerWrote) {
  const DirectoryEntry entry = some_lobby();
  const cluster::Listing listing = listing_of(entry, "eu");
  EXPECT_EQ(listing.region, "eu");
  EXPECT_EQ(listing.code, "ABC234");
  EXPECT_TRUE(listing.joinable);
  DirectoryEntry expected = entry;
  expected.number = 0;
  expected.shard = 0;
  expected.invite_code = "";
  const DirectoryEntry read = entry_of(listing);
  EXPECT_EQ(listing_of(read, "eu"), listing_of(expected, "eu"));
  EXPECT_EQ(read.status, Status::playing);
}

TEST(ListingTest, C2_EveryStatusReadsAsTheBrowserShowsIt) {
  for (const Status status : {Status::waiting, Status::starting, Status::playing, Status::results,
                              Status::voting, Status::closed}) {
    DirectoryEntry entry = some_lobby();
    entry.status = status;
    const cluster::Listing listing = listing_of(entry, "");
    EXPECT_EQ(browser_status(entry_of(listing).status), browser_status(status));
    EXPECT_EQ(listing.joinable, status != Status::closed);
  }
}

TEST(ListingTest, C3_LobbiesOfTheQueueAreOfferedToNobody) {
  DirectoryEntry entry = some_lobby();
  entry.queued = true;
  const cluster::Listing listing = listing_of(entry, "");
  EXPECT_FALSE(listing.joinable);
  EXPECT_TRUE(listing.is_private);
  entry.queued = false;
  entry.is_private = true;
  EXPECT_FALSE(listing_of(entry, "").joinable);
}

}  // namespace
}  // namespace lobby
