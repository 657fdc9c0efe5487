#include "lobby/listing.h"

namespace lobby {

cluster::Listing listing_of(const DirectoryEntry& entry, const std::string& region) {
  cluster::Listing listing;
  listing.id = entry.id;
  listing.code = entry.invite_code;
  listing.mode = entry.mode;
  listing.map = entry.map;
  listing.region = region;
  listing.status = browser_status(entry.status);
  listing.joinable = !entry.is_private && !entry.queued && entry.status != Status::closed;
  listing.is_private = entry.is_private || entry.queued;
  listing.has_password = entry.has_password;
  listing.players = entry.players;
  listing.bots = entry.bots;
  listing.max_players = entry.max_players;
  listing.created_ms = entry.created_ms;
  listing.active_ms = entry.active_ms;
  return listing;
}

DirectoryEntry entry_of(const cluster::Listing& listing) {
  DirectoryEntry entry;
  entry.id = listing.id;
  entry.mode = listing.mode;
  entry.map = listing.map;
  entry.is_private = listing.is_private;
  entry.has_password = listing.has_password;
  entry.status = listing.status == "waiting"   ? Status::waiting
                 : listing.status == "playing" ? Status::playing
                                               : Status::results;
  entry.players = listing.players;
  entry.bots = listing.bots;
  entry.max_players = listing.max_players;
  entry.created_ms = listing.created_ms;
  entry.active_ms = listing.active_ms;
  return entry;
}

}  // namespace lobby
