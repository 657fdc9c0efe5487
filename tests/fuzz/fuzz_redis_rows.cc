// LINK: cluster
// Answers of Redis as whoever has its password could have them: a reply a line (":7" a number, "$x"
// a text, "*3" a list of the next three, anything else nil). What is made of them is within the
// bounds that the rest reckons with, and matches can be made of any tickets.

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cluster/matcher.h"
#include "cluster/redis_rows.h"
#include "cluster/timing.h"

namespace {

constexpr int kDeepest = 7;  // as hiredis has it

void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view line_of(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

cluster::Reply reply_of(std::string_view& text, int depth) {
  using Kind = cluster::Reply::Kind;
  cluster::Reply reply;
  const std::string_view line = line_of(text);
  if (line.empty()) return reply;
  const std::string_view rest = line.substr(1);
  std::int64_t number = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (line[0] == ':') {
    reply.kind = Kind::integer;
    reply.integer = number;
  } else if (line[0] == '$') {
    reply.kind = Kind::text;
    reply.text = rest;
    for (char& c : reply.text)
      if (c == '\t') c = '\n';  // lists within a text
  } else if (line[0] == '*' && depth < kDeepest) {
    reply.kind = Kind::array;
    for (std::int64_t i = 0; i < number && !text.empty(); ++i)
      reply.items.push_back(reply_of(text, depth + 1));
  }
  return reply;
}

void check(const cluster::Ticket& ticket) {
  require(std::isfinite(ticket.skill) && ticket.queued_ms >= 0);
}

void check_groups(const cluster::Tickets::Pool& pool) {
  const cluster::MatchRules rules;
  const auto groups = cluster::form_groups(pool.tickets, {}, rules, pool.now_ms);
  std::size_t grouped = 0;
  for (const cluster::Group& group : groups) {
    require(group.players >= rules.fewest && group.players <= rules.seats);
    grouped += group.tickets.size();
  }
  require(grouped <= pool.tickets.size());
  for (const cluster::Ticket& ticket : pool.tickets)
    static_cast<void>(cluster::explain(pool.tickets, ticket.id, rules, pool.now_ms));
}

void check_listing(const cluster::Listing& listing) {
  for (const std::int64_t at : {listing.created_ms, listing.active_ms})
    require(base::iso8601(at).size() == std::string_view("1970-01-01T00:00:00.000Z").size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const cluster::Reply reply = reply_of(text, 0);
  const cluster::TicketStatus status = cluster::ticket_status(reply);
  check(status.ticket);
  require(status.position >= 1 && status.waited_ms >= 0 && status.estimate_ms >= -1);
  const cluster::Tickets::Pool pool = cluster::ticket_pool(reply);
  for (const cluster::Ticket& ticket : pool.tickets) check(ticket);
  if (pool.tickets.size() <= cluster::kMaxPool) check_groups(pool);
  const auto party = cluster::party_of(reply);
  if (party.ok()) {
    for (const cluster::PartyMember& member : party->members) require(std::isfinite(member.skill));
  }
  check_listing(cluster::located(reply).listing);
  for (const cluster::Located& each : cluster::all_located(reply)) check_listing(each.listing);
  static_cast<void>(cluster::node_entry(reply));
  return 0;
}
