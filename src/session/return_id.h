#pragma once

// What makes the recovery id (pid) of a connection good on every node: the socket id it stands for,
// sealed with a key that all nodes derive from the same secret. The pid of another client cannot be
// made without the key, and does not get into other hands: it travels only to its own client.

#include <optional>
#include <string>
#include <string_view>

namespace session {

// Immutable; any thread.
class ReturnIds {
 public:
  // `secret`: that of the access tokens.
  explicit ReturnIds(std::string_view secret);

  // What goes behind `pid`: the id and 22 characters over both.
  std::string seal(std::string_view pid, std::string_view id) const;
  // The id of a pid with its seal; nothing when it is not one of ours.
  std::optional<std::string> id_of(std::string_view sealed) const;

 private:
  std::string mac(std::string_view text) const;

  std::string key_;
};

}  // namespace session
