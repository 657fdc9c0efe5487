#include "cluster/redis_lobbies.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "base/random.h"
#include "cluster/redis_rows.h"

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostClosed = 10'000;  // waiting to be told; Redis forgets them by itself too
constexpr std::size_t kRefreshesABeat = 200;

const base::Error kNotFound{"not_found", "There is no such lobby."};

const char* flag(bool value) { return value ? "1" : "0"; }

// Waiting before playing, fuller before emptier.
std::string rank(const Listing& listing) {
  if (!listing.joinable || listing.is_private || listing.players >= listing.max_players) return "";
  return std::to_string((listing.status == "waiting" ? 0 : 1000) + listing.max_players -
                        listing.players);
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace

void RedisLobbies::publish(const Listing& listing) {
  std::lock_guard lock(mutex_);
  if (stopped_) return;
  Own& own = own_[listing.id];
  if (own.listing == listing) return;
  own.listing = listing;
  own.dirty = true;
  flush_soon();
}

void RedisLobbies::flush_soon() {
  if (std::exchange(flush_posted_, true)) return;
  core_.post([this] { flush(); });
}

void RedisLobbies::flush() {
  std::vector<std::pair<std::string, Own>> batch;
  {
    std::lock_guard lock(mutex_);
    flush_posted_ = false;
    if (!core_.commands.up()) return;
    for (auto& [lobby, own] : own_) {
      if (!own.dirty) continue;
      own.dirty = false;
      own.written = Clock::now();
      batch.emplace_back(lobby, own);
    }
  }
  forget_closed();
  for (const auto& [lobby, own] : batch) send(lobby, own);
}

void RedisLobbies::send(const std::string& lobby, const Own& own) {
  const Listing& of = own.listing;
  const std::string created = std::to_string(of.created_ms);
  ++in_flight_;
  core_.run(scripts().publish,
            {lobby,
             std::to_string(own.fence),
             text(core_.timing.lobby_life),
             rank(of),
             created,
             of.code,
             of.mode,
             of.region,
             "map",
             of.map,
             "status",
             of.status,
             "joinable",
             flag(of.joinable),
             "private",
             flag(of.is_private),
             "password",
             flag(of.has_password),
             "players",
             std::to_string(of.players),
             "bots",
             std::to_string(of.bots),
             "max",
             std::to_string(of.max_players),
             "active",
             std::to_string(of.active_ms)},
            [this, lobby, fence = own.fence](const base::Result<Reply>& reply) {
              sent(lobby, fence, reply);
            });
}

void RedisLobbies::sent(const std::string& lobby, std::uint64_t fence,
                        const base::Result<Reply>& reply) {
  --in_flight_;
  bool is_lost = false;
  {
    std::lock_guard lock(mutex_);
    const auto own = own_.find(lobby);
    if (own != own_.end() && own->second.fence == fence) {
      if (!reply) {
        own->second.dirty = true;  // again with the next beat
        if (reply.error().code != "unavailable")
          base::log::error("cluster_lobby_not_listed",
                           {{"lobby", lobby}, {"reason", reply.error().message}});
      } else if (reply->integer == 0) {
        own_.erase(own);
        is_lost = true;
      }
    }
  }
  if (is_lost && lost_listener_) lost_listener_(lobby);
  settle_doubt();
}

void RedisLobbies::close(const std::string& lobby) {
  std::lock_guard lock(mutex_);
  const auto own = own_.find(lobby);
  if (own == own_.end()) return;
  core_.post([this, lobby, fence = own->second.fence] {
    if (closed_.size() < kMostClosed) closed_.emplace_back(lobby, fence);
    if (core_.commands.up()) forget_closed();
  });
  own_.erase(own);
}

void RedisLobbies::forget_closed() {
  std::deque<std::pair<std::string, std::uint64_t>> closed;
  closed.swap(closed_);
  for (const auto& each : closed)
    core_.run(scripts().close, {each.first, std::to_string(each.second)},
              [this, each](const base::Result<Reply>& reply) {
                if (!reply && reply.error().code == "unavailable" && closed_.size() < kMostClosed)
                  closed_.push_back(each);
              });
}

void RedisLobbies::beaten(Time sent, bool lapsed) {
  last_beat_ = sent;
  if (lapsed) in_doubt_ = true;
  {
    std::lock_guard lock(mutex_);
    std::size_t refreshes = 0;
    const auto old = Clock::now() - core_.timing.lobby_refresh;
    for (auto& [lobby, own] : own_) {
      if (lapsed)
        own.dirty = true;
      else if (own.written < old && refreshes < kRefreshesABeat)
        own.dirty = true, ++refreshes;
    }
  }
  flush();
  settle_doubt();
}

// Every lobby has been written while our lease ran, so nobody can take one before it runs out.
void RedisLobbies::settle_doubt() {
  if (in_doubt_) {
    if (in_flight_ != 0 || last_beat_ == Time{}) return;
    std::lock_guard lock(mutex_);
    for (const auto& [lobby, own] : own_)
      if (own.dirty) return;
    in_doubt_ = false;
  }
  // The soonest that anyone could hold us for dead, even without our other link.
  const milliseconds certain = std::min(core_.timing.lease, core_.timing.gone_after);
  sure_until_ = (last_beat_ + certain).time_since_epoch().count();
}

bool RedisLobbies::sure() const { return Clock::now().time_since_epoch().count() < sure_until_; }

void RedisLobbies::suspect(const std::string& lobby) {
  std::lock_guard lock(mutex_);
  const auto own = own_.find(lobby);
  if (own == own_.end()) return;
  own->second.dirty = true;
  flush_soon();
}

void RedisLobbies::stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  own_.clear();
}

void RedisLobbies::locate(const std::string& id_or_code, Answer<Located> answer) {
  core_.ask(scripts().locate, {upper(id_or_code)},
            answer_with(std::move(answer), [](const Reply& reply) -> base::Result<Located> {
              if (reply.is_nil()) return kNotFound;
              return located(reply);
            }));
}

void RedisLobbies::browse(const Browse& wish, Answer<Page> answer) {
  const std::size_t limit = std::clamp<std::size_t>(wish.limit, 1, kMaxPage);
  core_.ask(scripts().browse,
            {std::to_string(wish.from), std::to_string(limit), wish.mode, flag(wish.show_private),
             flag(wish.show_full), flag(wish.show_in_progress), flag(wish.show_finished)},
            answer_with(std::move(answer), [](const Reply& reply) -> base::Result<Page> {
              return Page{all_located(reply.at(1)),
                          static_cast<std::uint64_t>(reply.at(0).integer)};
            }));
}

void RedisLobbies::find(const Search& search, Answer<SeatHold> answer) {
  const std::string hold = base::secure_id();
  std::vector<std::string> arguments{hold, text(core_.timing.seat_hold), search.mode,
                                     upper(search.avoid), std::to_string(search.seats)};
  for (const std::string& region : search.regions)
    if (arguments.size() < 5 + kMaxRegions) arguments.push_back(region);
  core_.ask(scripts().find, std::move(arguments),
            answer_with(std::move(answer), [hold](const Reply& reply) -> base::Result<SeatHold> {
              if (reply.is_nil()) return kNotFound;
              return SeatHold{located(reply), hold};
            }));
}

void RedisLobbies::release(const std::string& lobby, const std::string& hold) {
  core_.post([this, lobby, hold] {
    std::vector<std::string> words{"ZREM", "lobby_holds:" + lobby};
    for (std::size_t seat = 1; seat <= kMaxParty; ++seat)
      words.push_back(hold + ":" + std::to_string(seat));
    core_.commands.request(words, {});  // a hold that stays runs out
  });
}

void RedisLobbies::orphans(std::size_t limit, Answer<std::vector<Located>> answer) {
  core_.ask(scripts().orphans, {std::to_string(std::clamp<std::size_t>(limit, 1, kMaxPage))},
            answer_with(std::move(answer), [](const Reply& reply) {
              return base::Result<std::vector<Located>>(all_located(reply));
            }));
}

void RedisLobbies::take_over(const std::string& lobby, Answer<Located> answer) {
  core_.ask(scripts().take_over, {lobby, text(core_.timing.lobby_life)},
            answer_with(std::move(answer), [this](const Reply& reply) -> base::Result<Located> {
              if (reply.is_nil()) return kNotFound;
              if (reply.kind != Reply::Kind::array)
                return base::Error{"conflict", "The lobby has an owner."};
              Located taken = located(reply);
              std::lock_guard lock(mutex_);
              own_[taken.listing.id] = {taken.listing, taken.fence, false, Clock::now()};
              return taken;
            }));
}

}  // namespace cluster
