#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cluster/redis_core.h"
#include "cluster/tickets.h"

namespace cluster {

class RedisTickets final : public Tickets {
 public:
  explicit RedisTickets(RedisCore& core) : core_(core) {}

  void enqueue(const Ticket& ticket, Answer<std::int64_t> answer) override;
  void cancel(const std::string& ticket, Answer<void> answer) override;
  void status(const std::string& ticket, Answer<TicketStatus> answer) override;
  void adopt(const std::string& player, Answer<TicketStatus> answer) override;
  void waiting(const std::string& mode, Answer<Pool> answer) override;
  void take(const std::string& match, const std::vector<std::string>& tickets,
            Answer<void> answer) override;
  void assign(const std::string& match, const std::vector<std::string>& tickets,
              const std::string& place, Answer<std::vector<std::string>> answer) override;
  void give_back(const std::string& match, const std::vector<std::string>& tickets,
                 Answer<void> answer) override;
  void on_assigned(std::function<void(const Ticket&, const std::string&)> listener) override {
    assigned_listener_ = std::move(listener);
  }

  // The worker's thread.
  void start() { keep_touching(); }
  void link_up() { touch_all(); }
  void heard(const std::string& assignment);  // ticket, line end, place

 private:
  void put(const Ticket& ticket, ReplyHandler handler);
  void remove(const std::string& ticket, Answer<void> answer);
  void want_no_more(const std::string& ticket);
  void keep_touching();
  void touch_all();
  void touch(const std::vector<std::string>& tickets);
  void touched(const std::string& ticket, const Reply& state);
  void assigned(const std::string& ticket, const std::string& place);
  void explained(TicketStatus status, Answer<TicketStatus> answer);

  RedisCore& core_;
  std::function<void(const Ticket&, const std::string&)> assigned_listener_;
  // The worker's thread.
  std::map<std::string, Ticket> own_;  // in this node's care
  std::set<std::string> unwanted_;     // may be in Redis, and should not be
  std::set<std::string> restoring_;    // of own_: on its way to a Redis that has forgotten it
};

}  // namespace cluster
