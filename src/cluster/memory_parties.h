#pragma once

#include "cluster/memory_base.h"
#include "cluster/parties.h"

namespace cluster {

class MemoryParties final : public Parties {
 public:
  explicit MemoryParties(MemoryCore& core) : core_(core) {}

  void create(const std::string& code, const PartyMember& founder, Answer<Party> answer) override;
  void join(const std::string& code, const PartyMember& member, Answer<Party> answer) override;
  void leave(const std::string& code, const std::string& player, Answer<Party> answer) override;
  void wait_with(const std::string& code, const std::string& player, const std::string& ticket,
                 Answer<Party> answer) override;
  void look(const std::string& code, Answer<Party> answer) override;
  // Before start(), so that nothing else looks at this node.
  void on_changed(std::function<void(const std::string&)> listener) override;

 private:
  base::Result<Party> create_now(const std::string& code, const PartyMember& founder);
  base::Result<Party> join_now(const std::string& code, const PartyMember& member);
  base::Result<Party> leave_now(const std::string& code, const std::string& player);
  base::Result<Party> wait_now(const std::string& code, const std::string& player,
                               const std::string& ticket);

  // With the world's mutex held.
  MemoryWorld::PartyRecord* find(const std::string& code);
  void tell(const Party& party);

  MemoryCore& core_;
};

}  // namespace cluster
