#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace loadtest {

// What a player signs in with.
struct Account {
  std::string email;
  std::string password;
  std::string name;   // shown to others
  bool made = false;  // an earlier run, or this one, has registered it
};

// One for each player. Those of the file come first, made; the rest are new: `run` (any text of
// letters and digits) keeps their e-mails apart from those of other runs. The file need not exist.
// The Error says what is wrong with it.
//
// The file is text, one account a line: e-mail, password and name with tabs between. It holds
// passwords: of players that only exist to put load on a server.
base::Result<std::vector<Account>> read_accounts(const std::string& file, int players,
                                                 const std::string& run);

// The made ones of `accounts` into the file, and behind them what the file held beyond these.
base::Result<void> write_accounts(const std::string& file, const std::vector<Account>& accounts);

}  // namespace loadtest
