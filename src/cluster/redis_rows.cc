#include "cluster/redis_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace cluster {
namespace {

constexpr std::size_t kMemberColumns = 5;
constexpr std::int64_t kLatest = 253'402'300'799'999;  // ms: the end of the year 9999

std::int64_t moment(std::int64_t number) { return std::clamp<std::int64_t>(number, 0, kLatest); }

std::int64_t number_in(const Reply& fields, std::string_view key) {
  Reply value;
  value.text = field(fields, key);
  return value.number();
}

template <class Small>
Small cut(std::int64_t number) {
  return static_cast<Small>(std::clamp<std::int64_t>(number, 0, std::numeric_limits<Small>::max()));
}

// Finite: those who compare skills rely on it.
double real(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::isfinite(value) ? value : 0;
}

// Scripts write times as Lua does, 1.7e+12 too.
std::int64_t moment_of(const std::string& text) {
  return static_cast<std::int64_t>(std::clamp(real(text), 0.0, static_cast<double>(kLatest)));
}

TicketState state_of(const std::string& name) {
  if (name == "assigned") return TicketState::assigned;
  return name == "forming" ? TicketState::forming : TicketState::waiting;
}

base::Error conflict(std::int64_t number) {
  constexpr std::array<const char*, 3> kWhy = {"There is such a party.", "The party is full.",
                                               "The party waits for a match."};
  return {"conflict", kWhy.at(static_cast<std::size_t>(std::clamp<std::int64_t>(number, 0, 2)))};
}

}  // namespace

const std::string& field(const Reply& fields, std::string_view key) {
  static const std::string none;
  for (std::size_t i = 0; i + 1 < fields.items.size(); i += 2)
    if (fields.items[i].text == key) return fields.items[i + 1].text;
  return none;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) {
    if (&line != &lines.front()) all += '\n';  // the first may be empty
    all += line;
  }
  return all;
}

std::vector<std::string> split_lines(std::string_view all) {
  std::vector<std::string> lines;
  while (!all.empty()) {
    const auto end = all.find('\n');
    lines.emplace_back(all.substr(0, end));
    all = end == std::string_view::npos ? std::string_view() : all.substr(end + 1);
  }
  return lines;
}

TicketStatus ticket_status(const Reply& reply) {
  const Reply& fields = reply.at(1);
  TicketStatus status;
  status.ticket = {.id = reply.at(0).text,
                   .mode = field(fields, "mode"),
                   .regions = split_lines(field(fields, "regions")),
                   .players = split_lines(field(fields, "players")),
                   .skill = real(field(fields, "skill")),
                   .queued_ms = moment_of(field(fields, "queued"))};
  status.state = state_of(field(fields, "state"));
  status.place = field(fields, "place");
  status.position = 1 + cut<std::uint32_t>(std::min<std::int64_t>(reply.at(2).integer, 1 << 30));
  status.waiting = cut<std::uint32_t>(reply.at(3).integer);
  status.waited_ms =
      std::max<std::int64_t>(0, moment(reply.at(5).integer) - status.ticket.queued_ms);
  const std::int64_t mean = reply.at(4).integer;
  if (mean >= 0) status.estimate_ms = std::max<std::int64_t>(0, mean - status.waited_ms);
  return status;
}

Tickets::Pool ticket_pool(const Reply& reply) {
  Tickets::Pool pool;
  pool.now_ms = moment(reply.at(0).integer);
  for (const Reply& row : reply.at(1).items)
    pool.tickets.push_back({.id = row.at(0).text,
                            .mode = row.at(1).text,
                            .regions = split_lines(row.at(2).text),
                            .players = split_lines(row.at(3).text),
                            .skill = real(row.at(4).text),
                            .queued_ms = moment_of(row.at(5).text)});
  for (const Reply& wait : reply.at(2).items) pool.waits[wait.at(0).text] = wait.at(1).integer;
  return pool;
}

base::Result<Party> party_of(const Reply& reply) {
  if (reply.is_nil()) return base::Error{"not_found", "There is no such party."};
  if (reply.items.empty()) return conflict(reply.integer);
  Party party{.code = reply.at(0).text,
              .leader = reply.at(1).text,
              .members = {},
              .ticket = reply.at(2).text};
  const std::vector<Reply>& rows = reply.at(3).items;
  for (std::size_t i = 0; i + kMemberColumns <= rows.size(); i += kMemberColumns)
    party.members.push_back({.player = rows[i].text,
                             .id = rows[i + 3].text,
                             .name = rows[i + 4].text,
                             .skill = real(rows[i + 2].text),
                             .node = rows[i + 1].text});
  return party;
}

Located located(const Reply& row) {
  const Reply& fields = row.at(3);
  Located found;
  found.node = row.at(1).text;
  found.alive = row.at(2).integer == 1;
  found.fence = static_cast<std::uint64_t>(number_in(fields, "fence"));
  Listing& listing = found.listing;
  listing.id = row.at(0).text;
  listing.code = field(fields, "code");
  listing.mode = field(fields, "mode");
  listing.map = field(fields, "map");
  listing.region = field(fields, "region");
  listing.status = field(fields, "status");
  listing.joinable = field(fields, "joinable") == "1";
  listing.is_private = field(fields, "private") == "1";
  listing.has_password = field(fields, "password") == "1";
  listing.players = cut<std::uint8_t>(number_in(fields, "players"));
  listing.bots = cut<std::uint8_t>(number_in(fields, "bots"));
  listing.max_players = cut<std::uint8_t>(number_in(fields, "max"));
  listing.created_ms = moment(number_in(fields, "created"));
  listing.active_ms = moment(number_in(fields, "active"));
  return found;
}

std::vector<Located> all_located(const Reply& rows) {
  std::vector<Located> all;
  for (const Reply& row : rows.items) all.push_back(located(row));
  return all;
}

NodeEntry node_entry(const Reply& row) {
  const Reply& fields = row.at(3);
  const auto number = [&](std::string_view key) {
    return cut<std::uint32_t>(number_in(fields, key));
  };
  NodeEntry entry;
  entry.id = row.at(0).text;
  entry.unseen_ms = row.at(1).number();
  entry.alive = row.at(2).integer == 1;
  entry.report.address = field(fields, "address");
  entry.report.region = field(fields, "region");
  entry.report.players = number("players");
  entry.report.max_players = number("max_players");
  entry.report.lobbies = number("lobbies");
  entry.report.max_lobbies = number("max_lobbies");
  entry.report.playing = number("playing");
  entry.report.connections = number("connections");
  entry.report.late_us = number("late_us");
  entry.report.version = field(fields, "version");
  entry.report.draining = field(fields, "draining") == "1";
  return entry;
}

}  // namespace cluster
