#pragma once

// Our own events about the account behind a connection. The shipped client knows none of them and
// ignores them.

#include <string>
#include <string_view>

namespace wire {

// session:ended, before the transport is closed: "logout", "password_changed", "banned", "signed in
// elsewhere", ...
void session_ended(std::string& out, std::string_view reason);

// account:linked, to a guest who signed in without leaving the seat; account:refused when the token
// was no good.
void account_linked(std::string& out, std::string_view account_id, std::string_view name);
void account_refused(std::string& out, std::string_view reason);

}  // namespace wire
