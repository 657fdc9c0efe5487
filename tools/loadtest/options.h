#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "loadtest/target.h"

namespace loadtest {

// What the players of a run do together.
enum class Profile : std::uint8_t {
  steady,     // come one after the other, play match after match
  launch,     // the same, but all come in the same second
  reconnect,  // steady, but again and again many connections are cut at once
  idle,       // sign in and stay in the menu
  mix,        // of 10: 6 play, 2 idle, 1 loses the connection in each match, 1 leaves in mid-match
  accounts,   // nobody plays: the accounts are made, for a later run with the same accounts file
};

// How they get into a lobby.
enum class Entry : std::uint8_t {
  quick,     // find_match
  queue,     // queue:join, and wait to be matched
  private_,  // each group of lobby_size has a private lobby of its own
};

// What they do when the run is over.
enum class End : std::uint8_t {
  leave,  // leave the lobby, wait for the answer, disconnect
  cut,    // vanish, as a machine does that loses its network
};

struct Options {
  std::vector<std::string> servers;  // --server, in the order given
  std::string host = "127.0.0.1";    // of the one server, where none is named by --server
  std::uint16_t port = 3000;
  std::vector<Target> targets;  // made of the above; never empty after parse_options

  Profile profile = Profile::steady;
  Entry entry = Entry::quick;
  End end = End::leave;
  int players = 100;
  int threads = 1;
  double ramp = 5;     // seconds over which they come; launch: 0
  double settle = 40;  // seconds after the ramp in which all must be in place, or the window opens
                       // without them
  double duration = 60;   // seconds of the window in which traffic and snapshots are counted
  double finish = 0;      // seconds after it for running matches to end; nobody begins another one
  int lobby_size = 8;     // of private lobbies
  int kill_limit = 0;     // of private lobbies; 0 = the server's
  int time_limit = 0;     // seconds, of private lobbies; 0 = none
  double inputs = 30;     // player:input a second and player
  double shots = 1;       // weapon:fire a second and player, on average, while nobody is in sight
  double chat = 60;       // seconds between two lines of a player; 0 = silence
  double cut_every = 20;  // reconnect: seconds between two cuts
  double cut_share = 1;   // reconnect: of the connections, 0 to 1
  double reconnect_delay = 1;  // seconds until a lost connection is opened again, +- half
  int tries = 5;               // for a connection, a seat, a sign-in, before a player gives up
  bool accounts = false;       // register and sign in; otherwise they are guests
  std::string accounts_file;   // accounts of earlier runs, and where new ones are added
  std::uint64_t seed = 0;      // of names and of what the players do; 0 = another one each time
  int sources = 0;             // source addresses on loopback; 0 = one for four players
  double scrape = 5;           // seconds between two readings of the servers' /metrics; 0 = none
  std::string metrics_token;   // for servers that ask for one
  int server_pid = 0;          // its CPU time and memory are read from /proc too; 0 = not
  std::string report;          // file for the JSON report; "" = none
  std::string html;            // file for the report as a page; "" = none
  bool quiet = false;          // no progress

  // Seconds from the begin to the end, if everything takes as long as it may.
  double longest() const { return ramp + settle + duration + finish; }
};

// Flags as --players 400 or --players=400. The Error names the flag. Asks the resolver.
base::Result<Options> parse_options(std::span<const std::string_view> arguments);
std::string options_help();

std::string_view name_of(Profile profile);
std::string_view name_of(Entry entry);

}  // namespace loadtest
