#pragma once

#include "cluster/memory_base.h"
#include "cluster/tickets.h"

namespace cluster {

class MemoryTickets final : public Tickets {
 public:
  explicit MemoryTickets(MemoryCore& core) : core_(core) {}

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
  // Before start(), so that nothing else looks at this node.
  void on_assigned(std::function<void(const Ticket&, const std::string&)> listener) override;

 private:
  base::Result<std::int64_t> enqueue_now(Ticket ticket);
  base::Result<void> cancel_now(const std::string& ticket);
  base::Result<void> take_now(const std::string& match, const std::vector<std::string>& tickets);
  std::vector<std::string> assign_now(const std::string& match,
                                      const std::vector<std::string>& tickets,
                                      const std::string& place);
  TicketStatus status_of(const MemoryWorld::TicketRecord& record) const;
  void tell(const MemoryWorld::TicketRecord& record);

  MemoryCore& core_;
};

}  // namespace cluster
