// A node of the stress test, killed by it now and then: cluster_stress_node <redis port> <node id>
// <first ticket> <tickets>. Queues its tickets as the sessions of players do who come back after a
// crash, makes matches, and writes a line for each ticket it has assigned: "ticket match". "queued"
// is written when all its tickets are in.

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include "cluster/matchmaker.h"
#include "cluster/redis_cluster.h"

namespace {

using namespace std::chrono_literals;

// Written at once: what is only in a buffer is lost with the process.
void say(const std::string& line) {
  const std::string all = line + "\n";
  if (::write(STDOUT_FILENO, all.data(), all.size()) < 0) std::_Exit(2);
}

cluster::Ticket ticket(int number) {
  cluster::Ticket made;
  made.id = "t" + std::to_string(number);
  made.mode = "tdm";
  made.regions = {"eu"};
  made.skill = 1000 + number % 100;
  for (int player = 0; player <= number % 3; ++player)
    made.players.push_back("p" + std::to_string(number) + "-" + std::to_string(player));
  return made;
}

// At most `kAtOnce` questions are open at a time; those without an answer are asked again.
class Queueing {
 public:
  Queueing(cluster::Cluster& cluster, int first, int count)
      : cluster_(cluster), next_(first), end_(first + count), left_(count) {}

  void start() {
    for (int i = 0; i < kAtOnce; ++i) step();
  }
  bool done() const { return left_ == 0; }

 private:
  static constexpr int kAtOnce = 50;

  void step() {
    if (next_ < end_) adopt(next_++);
  }
  void adopt(int number) {
    cluster_.tickets().adopt(ticket(number).players.front(), [this, number](const auto& found) {
      if (found) return finish();
      if (found.error().code == "not_found") return enqueue(number);
      cluster_.after(20ms, [this, number] { adopt(number); });
    });
  }
  void enqueue(int number) {
    cluster_.tickets().enqueue(ticket(number), [this, number](const auto& queued) {
      if (queued) return finish();
      cluster_.after(20ms, [this, number] { adopt(number); });
    });
  }
  void finish() {
    if (--left_ == 0) say("queued");
    step();
  }

  cluster::Cluster& cluster_;
  int next_;
  const int end_;
  std::atomic<int> left_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  cluster::RedisOptions options;
  options.address.host = "127.0.0.1";
  options.address.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  options.node_id = argv[2];
  options.timing.ticket_hold = 1'000ms;
  options.timing.ticket_touch = 1'000ms;
  options.timing.assigned_life = 600'000ms;
  options.timing.retry_first = 20ms;

  const auto cluster = cluster::make_redis_cluster(options);
  cluster::Matchmaker::Options rules;
  rules.modes = {"tdm"};
  rules.interval = 40ms;
  rules.rules.short_ms = 1'000;
  cluster::Matchmaker::Host host;
  host.openings = [] { return std::vector<cluster::Opening>(); };
  host.room = [] { return 16; };
  // The lobby takes a moment to be made, in which this node may die.
  host.found = [&](cluster::Matchmaker::Match match) {
    cluster->after(5ms, [&cluster, match = std::move(match)] {
      cluster->tickets().assign(match.id, match.group.tickets, match.id,
                                [id = match.id](const auto& kept) {
                                  if (!kept) return;
                                  std::string lines;
                                  for (const std::string& each : *kept) {
                                    if (!lines.empty()) lines += '\n';
                                    lines += each + " " + id;
                                  }
                                  if (!lines.empty()) say(lines);
                                });
    });
  };
  cluster::Matchmaker matchmaker(*cluster, rules, host);
  Queueing queueing(*cluster, std::atoi(argv[3]), std::atoi(argv[4]));
  cluster->start();
  cluster->after(50ms, [&] {
    matchmaker.start();
    queueing.start();
  });
  for (;;) std::this_thread::sleep_for(1s);
}
