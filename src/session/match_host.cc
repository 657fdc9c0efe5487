#include "session/match_host.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace session {

std::string text_of(const QueuePlace& place) {
  return place.node + "\n" + place.lobby + "\n" + place.door;
}

QueuePlace place_of(std::string_view text) {
  const auto line = [&text] {
    const auto end = text.find('\n');
    std::string first(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return first;
  };
  QueuePlace place;
  place.node = line();
  place.lobby = line();
  place.door = line();
  return place;
}

MatchHost::MatchHost(cluster::Cluster& cluster, lobby::Directory& directory, QueueGauge& gauge,
                     Settings settings)
    : cluster_(cluster),
      directory_(directory),
      gauge_(gauge),
      settings_(std::move(settings)),
      maker_(cluster_,
             {.modes = settings_.modes, .rules = settings_.rules, .interval = settings_.interval},
             {.openings = [this] { return openings(); },
              .room = [this] { return directory_.room(); },
              .found = [this](const cluster::Matchmaker::Match& match) { found(match); },
              .serves = settings_.serves}) {}

std::vector<cluster::Opening> MatchHost::openings() const {
  std::vector<cluster::Opening> open;
  for (const lobby::Vacancy& vacancy : directory_.vacancies())
    open.push_back({.lobby = vacancy.lobby,
                    .mode = vacancy.mode,
                    .region = settings_.region,
                    .seats = vacancy.seats,
                    .skill = vacancy.skill});
  return open;
}

void MatchHost::found(const cluster::Matchmaker::Match& match) {
  const auto players = static_cast<std::uint8_t>(match.group.players);
  const bool is_new = match.group.lobby.empty();
  lobby::LobbyOptions options = settings_.options;
  options.mode = match.mode;
  next_shard_ = static_cast<lobby::ShardIndex>((next_shard_ + 1) % settings_.shards);
  const auto seats = is_new ? directory_.reserve(options, next_shard_, players, match.group.skill)
                            : directory_.reserve_in(match.group.lobby, players);
  if (!seats) return cluster_.tickets().give_back(match.id, match.group.tickets, {});
  ++(is_new ? gauge_.matches : gauge_.backfilled);
  base::log::info("queue_match", {{"lobby", seats->lobby},
                                  {"mode", match.mode},
                                  {"region", match.group.region},
                                  {"players", match.group.players},
                                  {"new", is_new}});
  cluster_.tickets().assign(
      match.id, match.group.tickets,
      text_of({.node = cluster_.node_id(), .lobby = seats->lobby, .door = seats->door}),
      [this, match, door = seats->door](const base::Result<std::vector<std::string>>& kept) {
        keep(match, door, kept);
      });
  cluster_.after(settings_.seat_hold, [this, door = seats->door] {
    gauge_.seats_unclaimed += directory_.release(door);
  });
}

// Seats of those who have cancelled meanwhile are free. Without an answer nobody knows who comes.
void MatchHost::keep(const cluster::Matchmaker::Match& match, const std::string& door,
                     const base::Result<std::vector<std::string>>& kept) {
  if (!kept) return;
  for (const cluster::Ticket& ticket : match.tickets) {
    if (std::find(kept->begin(), kept->end(), ticket.id) != kept->end()) continue;
    directory_.release(door, static_cast<std::uint8_t>(ticket.players.size()));
  }
}

}  // namespace session
