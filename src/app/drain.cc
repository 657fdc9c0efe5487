#include "app/drain.h"

#include <csignal>
#include <optional>

namespace app {
namespace {

// So often it is looked whether a drain is wanted or over.
constexpr std::chrono::milliseconds kLook{200};

}  // namespace

Ending wait_for_end(const Lifetime& life, std::chrono::seconds limit) {
  std::optional<std::chrono::steady_clock::time_point> end;
  while (true) {
    const int signal = life.next_signal(kLook);
    if (signal == SIGHUP) life.reload();
    const bool stop = signal == SIGTERM || signal == SIGINT;
    if (stop && end) return Ending::second_signal;
    if (!end && (stop || signal == SIGUSR1 || life.drain_wanted())) {
      if (limit.count() == 0) return Ending::at_once;
      life.drain();
      end = life.now() + limit;
    }
    if (end && life.empty()) return Ending::drained;
    if (end && life.now() >= *end) return Ending::limit;
  }
}

const char* name_of(Ending ending) {
  switch (ending) {
    case Ending::at_once:
      return "at once";
    case Ending::drained:
      return "drained";
    case Ending::limit:
      return "drain limit";
    case Ending::second_signal:
      break;
  }
  return "second signal";
}

}  // namespace app
