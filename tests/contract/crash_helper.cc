// A node that plays very short matches until it is killed:
//   crash_helper <database url> <outbox file> <red player id> <blue player id> [die-in-transaction]
// Prints the match id of each result that is durable. With the last word it kills itself inside the
// transaction that writes the third match it delivers.

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <semaphore>
#include <string>

#include "contract/backends.h"
#include "contract/samples.h"
#include "store/outbox.h"

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const std::string red = argv[3];
  const std::string blue = argv[4];
  const bool die_in_transaction = argc > 5;

  store::Options options;
  options.url = argv[1];
  auto store = contract::open_store(options, false);
  std::atomic<int> written = 0;
  store::OutboxOptions outbox_options;
  outbox_options.path = argv[2];
  outbox_options.first_pause = std::chrono::milliseconds(2);
  outbox_options.on_match = [&](store::Connection&,
                                const store::MatchResult&) -> base::Result<void> {
    if (die_in_transaction && ++written == 3) kill(getpid(), SIGKILL);
    return {};
  };
  auto outbox = store::Outbox::open(outbox_options, *store);
  if (!outbox.ok()) return 3;

  std::counting_semaphore<> slots(4);  // a few matches end at about the same time
  for (;;) {
    slots.acquire();
    auto result = contract::sample_match(red, blue);
    const std::string line = result.match_id + "\n";
    (*outbox)->deliver(std::move(result), [&slots, line](bool ok) {
      // A closed pipe means that the test is gone.
      if (ok && ::write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(4);
      slots.release();
    });
  }
}
