#include "loadtest/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/random.h"

namespace loadtest {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

Clock::duration seconds(double value) {
  return duration_cast<Clock::duration>(std::chrono::duration<double>(value));
}

}  // namespace

Loop::Loop(const Options& options, const Stage& stage, int first, int stride)
    : stage_(stage),
      scene_{.options = options,
             .stats = stats_,
             .window_open = false,
             .dice = base::secure_u64(),
             .text = {}},
      shared_(2 * Connection::kMaxMessage),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (int i = first; i < options.players; i += stride) {
    players_.push_back(std::make_unique<Player>(scene_, static_cast<std::uint64_t>(i)));
    begin_at_.push_back(Time(seconds(options.ramp * i / options.players)));  // relative until run()
  }
  watched_write_.resize(players_.size());
  scheduled_.assign(players_.size(), Time::max());
}

Loop::~Loop() { ::close(epoll_); }

void Loop::run(Time start) {
  for (Time& at : begin_at_) at = start + at.time_since_epoch();
  while (!stage_.stop.load(std::memory_order_acquire)) {
    scene_.window_open = stage_.window_open.load(std::memory_order_acquire);
    begin_due(Clock::now());
    poll(Clock::now());
    run_due(Clock::now());
    count(Clock::now());
  }
  for (const auto& player : players_) {
    if (!player->gone()) player->end();
  }
}

void Loop::begin_due(Time now) {
  while (begun_ < players_.size() && begin_at_[begun_] <= now) {
    const std::size_t index = begun_++;
    if (players_[index]->begin(now)) watch(index, EPOLL_CTL_ADD);
  }
}

void Loop::watch(std::size_t index, int operation) {
  watched_write_[index] = players_[index]->wants_write();
  epoll_event event{};
  event.events = EPOLLIN | (watched_write_[index] ? EPOLLOUT : 0u);
  event.data.u64 = index;
  ::epoll_ctl(epoll_, operation, players_[index]->fd(), &event);
}

int Loop::wait_ms(Time now) const {
  Time next = now + milliseconds(20);
  if (!deadlines_.empty()) next = std::min(next, deadlines_.top().when);
  if (begun_ < players_.size()) next = std::min(next, begin_at_[begun_]);
  if (next <= now) return 0;
  return static_cast<int>(duration_cast<milliseconds>(next - now).count()) + 1;
}

void Loop::poll(Time now) {
  std::array<epoll_event, 256> events;
  const int count =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms(now));
  for (int i = 0; i < count; ++i) on_socket(events[i].data.u64, events[i].events);
}

void Loop::on_socket(std::size_t index, std::uint32_t events) {
  Player& player = *players_[index];
  const Time now = Clock::now();
  if (player.gone()) return;
  if ((events & EPOLLOUT) && !player.on_writable(now)) return;
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) && !player.on_readable(shared_, now)) return;
  if (watched_write_[index] != player.wants_write()) watch(index, EPOLL_CTL_MOD);
  reschedule(index);
}

void Loop::reschedule(std::size_t index) {
  const Time due = players_[index]->due();
  if (due == scheduled_[index]) return;
  scheduled_[index] = due;
  if (due != Time::max()) deadlines_.push({due, index});
}

void Loop::run_due(Time now) {
  while (!deadlines_.empty() && deadlines_.top().when <= now) {
    const Deadline deadline = deadlines_.top();
    deadlines_.pop();
    if (scheduled_[deadline.player] != deadline.when) continue;
    scheduled_[deadline.player] = Time::max();
    Player& player = *players_[deadline.player];
    player.on_due(now);
    if (player.gone()) continue;
    if (watched_write_[deadline.player] != player.wants_write())
      watch(deadline.player, EPOLL_CTL_MOD);
    reschedule(deadline.player);
  }
}

void Loop::count(Time now) {
  if (now < count_at_) return;
  count_at_ = now + milliseconds(50);
  int connected = 0, playing = 0, gone = 0;
  for (const auto& player : players_) {
    connected += player->state() >= Player::State::searching && !player->gone();
    playing += player->playing();
    gone += player->gone();
  }
  connected_.store(connected, std::memory_order_relaxed);
  playing_.store(playing, std::memory_order_relaxed);
  gone_.store(gone, std::memory_order_relaxed);
}

}  // namespace loadtest
