#include "loadtest/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

#include "loadtest/schedule.h"

namespace loadtest {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr auto kTimeToLeave = std::chrono::seconds(8);
// For a crowd something arrives all the time. Gathered for a millisecond, it costs this client
// less, and a server on the same machine is not charged for waking it with each message. All that
// is measured may be this much too long.
constexpr auto kGather = milliseconds(1);
constexpr std::size_t kCrowd = 64;  // players of a thread

Clock::duration seconds(double value) {
  return duration_cast<Clock::duration>(std::chrono::duration<double>(value));
}

}  // namespace

Loop::Loop(const Options& options, std::vector<Account>& accounts, std::uint64_t seed,
           const Stage& stage, int first, int stride)
    : options_(options),
      stage_(stage),
      scene_{.options = options,
             .stats = stats_,
             .dice = seed + static_cast<std::uint64_t>(first),
             .text = {},
             .touched = {}},
      shared_(2 * Connection::kMaxMessage),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (int i = 0; i < options.players; ++i) {
    const int group = i / options.lobby_size;
    if (group % stride != first) continue;
    Player::Part part;
    part.number = static_cast<std::uint64_t>(i);
    part.index = players_.size();
    part.role = role_of(options.profile, part.number);
    if (!accounts.empty()) part.account = &accounts[part.number];
    if (options.entry == Entry::private_) {
      if (groups_.empty() || i % options.lobby_size == 0) groups_.emplace_back();
      part.group = &groups_.back();
    }
    players_.push_back(std::make_unique<Player>(scene_, part));
    begin_at_.push_back(Time(seconds(begin_of(options, i))));  // relative until run()
  }
  watches_.resize(players_.size());
  scheduled_.assign(players_.size(), Time::max());
}

Loop::~Loop() { ::close(epoll_); }

void Loop::run(Time start, Clock::duration slice) {
  for (Time& at : begin_at_) at = start + at.time_since_epoch();
  slice_length_ = slice;
  slice_end_ = start + slice;
  while (!stage_.abort.load(std::memory_order_acquire)) {
    const Time now = Clock::now();
    begin_due(now);
    obey(now);
    poll(now);
    run_due(Clock::now());
    storm(Clock::now());
    count(Clock::now());
    if (gone() == static_cast<int>(players_.size()) || Clock::now() >= end_by_) break;
  }
  for (const auto& player : players_) {
    if (!player->gone()) player->drop();
  }
  count_at_ = {};
  count(Clock::now());
  finish_slice();
}

void Loop::begin_due(Time now) {
  while (begun_ < players_.size() && begin_at_[begun_] <= now) {
    const std::size_t index = begun_++;
    players_[index]->begin(now);
    after_call(index);
  }
}

// What the main thread wants of all players.
void Loop::obey(Time now) {
  scene_.window_open = stage_.window_open.load(std::memory_order_acquire);
  const auto each = [&](auto what) {
    begun_ = players_.size();
    for (std::size_t i = 0; i < players_.size(); ++i) {
      if (players_[i]->gone()) continue;
      what(*players_[i]);
      after_call(i);
    }
  };
  if (!scene_.finishing && stage_.finish.load(std::memory_order_acquire)) {
    scene_.finishing = true;
    each([&](Player& player) { player.finish(now); });
  }
  if (end_by_ == Time::max() && stage_.stop.load(std::memory_order_acquire)) {
    end_by_ = now + kTimeToLeave;
    scene_.finishing = true;
    each([&](Player& player) { player.end(now); });
  }
}

// Registers a player's socket if it has another one than before, and when it is to be called.
void Loop::after_call(std::size_t index) {
  look_after(index);
  while (!scene_.touched.empty()) {
    const std::size_t touched = scene_.touched.back();
    scene_.touched.pop_back();
    look_after(touched);
  }
}

void Loop::look_after(std::size_t index) {
  const Player& player = *players_[index];
  Watch& watch = watches_[index];
  const bool fresh = watch.sockets != player.sockets();
  if (player.fd() >= 0 && (fresh || watch.write != player.wants_write())) {
    watch = {player.sockets(), player.wants_write()};
    epoll_event event{};
    event.events = EPOLLIN | (watch.write ? EPOLLOUT : 0u);
    event.data.u64 = index;
    ::epoll_ctl(epoll_, fresh ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, player.fd(), &event);
  }
  const Time due = player.due();
  if (due == scheduled_[index]) return;
  scheduled_[index] = due;
  if (due != Time::max()) deadlines_.push({due, index});
}

int Loop::wait_ms(Time now) const {
  Time next = now + milliseconds(20);
  if (!deadlines_.empty()) next = std::min(next, deadlines_.top().when);
  if (begun_ < players_.size()) next = std::min(next, begin_at_[begun_]);
  if (next <= now) return 0;
  return static_cast<int>(duration_cast<milliseconds>(next - now).count()) + 1;
}

void Loop::poll(Time now) {
  if (players_.size() >= kCrowd) std::this_thread::sleep_for(kGather);
  std::array<epoll_event, 256> events;
  const int count =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms(now));
  for (int i = 0; i < count; ++i) on_socket(events[i].data.u64, events[i].events);
}

void Loop::on_socket(std::size_t index, std::uint32_t events) {
  Player& player = *players_[index];
  const Time now = Clock::now();
  const unsigned socket = player.sockets();
  if (player.fd() < 0) return;
  if (events & EPOLLOUT) player.on_writable(now);
  const bool same = player.fd() >= 0 && player.sockets() == socket;
  if (same && (events & (EPOLLIN | EPOLLERR | EPOLLHUP))) player.on_readable(shared_, now);
  after_call(index);
}

void Loop::run_due(Time now) {
  while (!deadlines_.empty() && deadlines_.top().when <= now) {
    const Deadline deadline = deadlines_.top();
    deadlines_.pop();
    if (scheduled_[deadline.player] != deadline.when) continue;
    scheduled_[deadline.player] = Time::max();
    players_[deadline.player]->on_due(now);
    after_call(deadline.player);
  }
}

// The connections that this profile loses, all in one moment.
void Loop::storm(Time now) {
  if (options_.profile != Profile::reconnect || !scene_.window_open || scene_.finishing) return;
  if (storm_at_ == Time::max()) storm_at_ = now + seconds(options_.cut_every / 4);
  if (now < storm_at_) return;
  storm_at_ += seconds(options_.cut_every);
  for (std::size_t i = 0; i < players_.size(); ++i) {
    if (scene_.roll_unit() >= options_.cut_share) continue;
    players_[i]->cut(now);
    after_call(i);
  }
}

void Loop::count(Time now) {
  while (now >= slice_end_) {
    finish_slice();
    slice_end_ += slice_length_;
  }
  if (now < count_at_) return;
  count_at_ = now + milliseconds(50);
  int connected = 0, playing = 0, in_place = 0, gave_up = 0, gone = 0;
  for (const auto& player : players_) {
    connected += player->connected();
    playing += player->playing();
    in_place += player->in_place();
    gave_up += player->gave_up();
    gone += player->gone();
  }
  connected_.store(connected, std::memory_order_relaxed);
  playing_.store(playing, std::memory_order_relaxed);
  in_place_.store(in_place, std::memory_order_relaxed);
  gave_up_.store(gave_up, std::memory_order_relaxed);
  gone_.store(gone, std::memory_order_relaxed);
}

void Loop::finish_slice() {
  const std::scoped_lock lock(mutex_);
  slices_.push_back({slice_number_++, std::exchange(stats_, {})});
}

std::vector<Slice> Loop::take_slices() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(slices_, {});
}

}  // namespace loadtest
