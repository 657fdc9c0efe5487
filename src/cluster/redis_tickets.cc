#include "cluster/redis_tickets.h"

#include <charconv>
#include <utility>

#include "base/log.h"
#include "cluster/matcher.h"
#include "cluster/redis_rows.h"
#include "cluster/ticket_check.h"

namespace cluster {
namespace {

constexpr std::size_t kTouchedAtOnce = 200;
constexpr std::size_t kMostUnwanted = 10'000;  // Redis forgets them by itself too

const base::Error kNotFound{"not_found", "There is no such ticket."};

base::Result<std::int64_t> queue_time(const Reply& reply) {
  if (reply.integer < 0) return base::Error{"conflict", "A player is in a queue already."};
  return reply.integer;
}

std::vector<std::string> with(std::vector<std::string> first,
                              const std::vector<std::string>& rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

}  // namespace

void RedisTickets::enqueue(const Ticket& ticket, Answer<std::int64_t> answer) {
  core_.post([this, ticket, answer = std::move(answer)] {
    if (const auto wrong = what_is_wrong(ticket)) {
      if (answer) answer(base::Error{"invalid", *wrong});
      return;
    }
    unwanted_.erase(ticket.id);
    put(ticket, [this, ticket, answer](const base::Result<Reply>& reply) {
      if (!reply) want_no_more(ticket.id);
      if (answer && reply)
        answer(queue_time(*reply));
      else if (answer)
        answer(reply.error());
    });
  });
}

// Takes it into our care when Redis has it; not when a player of it is in a queue already.
void RedisTickets::put(const Ticket& ticket, ReplyHandler handler) {
  std::string skill(32, ' ');
  const auto end = std::to_chars(skill.data(), skill.data() + skill.size(), ticket.skill);
  skill.resize(static_cast<std::size_t>(end.ptr - skill.data()));
  core_.run(scripts().enqueue,
            {ticket.id, ticket.mode, join_lines(ticket.regions), join_lines(ticket.players), skill,
             std::to_string(ticket.queued_ms), text(core_.timing.ticket_life), core_.node_id},
            [this, ticket, handler](const base::Result<Reply>& reply) {
              if (reply && reply->integer < 0) {
                own_.erase(ticket.id);
              } else if (reply) {
                Ticket& own = own_[ticket.id] = ticket;
                own.queued_ms = reply->integer;
              }
              handler(reply);
            });
}

void RedisTickets::want_no_more(const std::string& ticket) {
  own_.erase(ticket);
  if (unwanted_.size() < kMostUnwanted) unwanted_.insert(ticket);
}

void RedisTickets::cancel(const std::string& ticket, Answer<void> answer) {
  core_.post([this, ticket, answer = std::move(answer)] { remove(ticket, answer); });
}

// It is unwanted from here on, until Redis has heard of it or it is queued once more. What is sent
// now comes before what is queued later.
void RedisTickets::remove(const std::string& ticket, Answer<void> answer) {
  if (unwanted_.size() < kMostUnwanted) unwanted_.insert(ticket);
  core_.run(scripts().cancel, {ticket}, [this, ticket, answer](const base::Result<Reply>& reply) {
    const bool is_assigned = reply && reply->integer == 0;
    if (reply) unwanted_.erase(ticket);
    if (!is_assigned) own_.erase(ticket);
    if (!answer) return;
    if (is_assigned)
      answer(base::Error{"conflict", "The match is ready."});
    else if (!reply)
      answer(reply.error());
    else
      answer({});
  });
}

void RedisTickets::status(const std::string& ticket, Answer<TicketStatus> answer) {
  core_.ask(scripts().status, {ticket}, [this, answer](const base::Result<Reply>& reply) {
    if (!reply) return answer(reply.error());
    if (reply->is_nil()) return answer(kNotFound);
    explained(ticket_status(*reply), answer);
  });
}

void RedisTickets::adopt(const std::string& player, Answer<TicketStatus> answer) {
  core_.ask(scripts().adopt, {player, core_.node_id},
            [this, answer](const base::Result<Reply>& reply) {
              if (!reply) return answer(reply.error());
              if (reply->is_nil()) return answer(kNotFound);
              const TicketStatus status = ticket_status(*reply);
              if (status.state != TicketState::assigned) own_[status.ticket.id] = status.ticket;
              explained(status, answer);
            });
}

void RedisTickets::explained(TicketStatus status, Answer<TicketStatus> answer) {
  if (status.state != TicketState::waiting) {
    status.position = 0;
    return answer(std::move(status));
  }
  waiting(status.ticket.mode, [status, answer](const base::Result<Pool>& pool) mutable {
    if (pool) status.block = explain(pool->tickets, status.ticket.id, MatchRules(), pool->now_ms);
    answer(std::move(status));
  });
}

void RedisTickets::waiting(const std::string& mode, Answer<Pool> answer) {
  core_.ask(scripts().waiting, {mode, std::to_string(kMaxPool)},
            answer_with(std::move(answer),
                        [](const Reply& reply) { return base::Result<Pool>(ticket_pool(reply)); }));
}

void RedisTickets::take(const std::string& match, const std::vector<std::string>& tickets,
                        Answer<void> answer) {
  if (tickets.empty() || tickets.size() > kMaxPage)
    return core_.post([answer] { answer(base::Error{"invalid", "1 to 100 tickets."}); });
  core_.ask(scripts().take, with({match, text(core_.timing.ticket_hold)}, tickets),
            answer_with(std::move(answer), [](const Reply& reply) -> base::Result<void> {
              if (reply.integer == 0) return base::Error{"conflict", "A ticket is taken already."};
              return {};
            }));
}

void RedisTickets::assign(const std::string& match, const std::vector<std::string>& tickets,
                          const std::string& place, Answer<std::vector<std::string>> answer) {
  core_.ask(scripts().assign, with({match, place, text(core_.timing.assigned_life)}, tickets),
            answer_with(std::move(answer), [](const Reply& reply) {
              std::vector<std::string> kept;
              for (const Reply& id : reply.items) kept.push_back(id.text);
              return base::Result<std::vector<std::string>>(std::move(kept));
            }));
}

void RedisTickets::give_back(const std::string& match, const std::vector<std::string>& tickets,
                             Answer<void> answer) {
  core_.ask(scripts().give_back, with({match}, tickets),
            answer_with(std::move(answer), [](const Reply&) { return base::Result<void>(); }));
}

void RedisTickets::keep_touching() {
  touch_all();
  core_.worker.after(core_.timing.ticket_touch, [this] { keep_touching(); });
}

void RedisTickets::touch_all() {
  if (!core_.commands.up()) return;
  for (const std::string& ticket : std::set<std::string>(unwanted_)) remove(ticket, {});
  std::vector<std::string> batch;
  for (const auto& [id, ticket] : own_) {
    batch.push_back(id);
    if (batch.size() == kTouchedAtOnce) touch(std::exchange(batch, {}));
  }
  if (!batch.empty()) touch(batch);
}

void RedisTickets::touch(const std::vector<std::string>& tickets) {
  core_.run(scripts().touch, with({text(core_.timing.ticket_life), core_.node_id}, tickets),
            [this, tickets](const base::Result<Reply>& reply) {
              if (!reply) return;
              for (std::size_t i = 0; i < tickets.size(); ++i) touched(tickets[i], reply->at(i));
            });
}

// What Redis has forgotten (it was restarted) goes back to its place; the next touch tries again
// when that fails.
void RedisTickets::touched(const std::string& ticket, const Reply& state) {
  const auto own = own_.find(ticket);
  if (own == own_.end() || unwanted_.contains(ticket)) return;
  const std::string& name = state.at(0).text;
  if (name == "assigned") return assigned(ticket, state.at(1).text);
  if (name == "moved") {
    own_.erase(own);
  } else if (name.empty() && restoring_.insert(ticket).second) {
    put(Ticket(own->second), [this, ticket](const base::Result<Reply>& reply) {
      restoring_.erase(ticket);
      if (reply && reply->integer >= 0) ++core_.gauge.tickets_restored;
    });
  }
}

void RedisTickets::heard(const std::string& assignment) {
  const auto end = assignment.find('\n');
  if (end == std::string::npos) return;
  assigned(assignment.substr(0, end), assignment.substr(end + 1));
}

void RedisTickets::assigned(const std::string& ticket, const std::string& place) {
  const auto own = own_.find(ticket);
  if (own == own_.end()) return;
  const Ticket of = std::move(own->second);
  own_.erase(own);
  if (assigned_listener_) assigned_listener_(of, place);
}

}  // namespace cluster
