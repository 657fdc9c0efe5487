#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cluster/parties.h"
#include "cluster/redis_core.h"

namespace cluster {

class RedisParties final : public Parties {
 public:
  explicit RedisParties(RedisCore& core) : core_(core) {}

  void create(const std::string& code, const PartyMember& founder, Answer<Party> answer) override;
  void join(const std::string& code, const PartyMember& member, Answer<Party> answer) override;
  void leave(const std::string& code, const std::string& player, Answer<Party> answer) override;
  void wait_with(const std::string& code, const std::string& player, const std::string& ticket,
                 Answer<Party> answer) override;
  void look(const std::string& code, Answer<Party> answer) override;
  void on_changed(std::function<void(const std::string&)> listener) override {
    listener_ = std::move(listener);
  }

  void heard(const std::string& code) {  // the worker's thread
    if (listener_) listener_(code);
  }

 private:
  void ask(const Script& script, const std::string& code, std::vector<std::string> more,
           Answer<Party> answer);

  RedisCore& core_;
  std::function<void(const std::string&)> listener_;
};

}  // namespace cluster
