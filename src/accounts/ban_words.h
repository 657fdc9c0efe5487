#pragma once

#include <string>

#include "store/bans.h"

namespace accounts {

// A ban in words for the banned: why, until when, and where it can be contested (`appeals`: an
// address or a page of the operator's, "" = not said).
std::string words_of(const store::Ban& ban, const std::string& appeals);

}  // namespace accounts
