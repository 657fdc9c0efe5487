// LINK: store
// A match result as it might lie in the outbox: it is refused, or says the same when it is kept
// again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/match_result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto result = store::decode({reinterpret_cast<const char*>(data), size});
  if (!result) {
    if (result.error().message.empty()) std::abort();
    return 0;
  }
  const std::string kept = store::encode(*result);
  const auto again = store::decode(kept);
  if (!again || store::encode(*again) != kept) std::abort();
  static_cast<void>(store::check(*result).ok());
  return 0;
}
