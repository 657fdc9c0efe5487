#include "lobby/engine.h"

#include <algorithm>
#include <exception>

#include "base/clock.h"
#include "base/log.h"
#include "lobby/keeper.h"

namespace lobby {
namespace {

// A fault in one lobby ends that lobby and no other. False: it has collapsed and is empty.
template <class Work>
bool survives(Lobby& lobby, std::string_view where, Work work) {
  try {
    work();
    return true;
  } catch (const std::exception& fault) {
    base::log::error("error", {{"where", where}, {"lobby", lobby.id()}, {"reason", fault.what()}});
    lobby.collapse();
    return false;
  }
}

}  // namespace

Engine::Engine(LobbyContext context, TickClock::Time start)
    : context_(std::move(context)), clock_(start) {
  context_.states = &states_;
  context_.result_kept = [this](LobbyNumber lobby, std::uint32_t ordinal) {
    result_kept(lobby, ordinal);
  };
}

Engine::~Engine() = default;

Lobby* Engine::find(LobbyNumber number) {
  const auto found = lobbies_.find(number);
  return found == lobbies_.end() ? nullptr : found->second.get();
}

void Engine::join(const Directory::Place& place, const LobbyOptions& options,
                  const JoinRequest& request, TickClock::Time now) {
  // Of a lobby of the queue, several may come first.
  if (place.create && !context_.draining && find(place.lobby) == nullptr)
    create(place, place.options ? *place.options : options, now);
  Lobby* lobby = find(place.lobby);
  if (lobby == nullptr) {
    if (place.create) context_.directory.remove(place.lobby);
    context_.outlet.refused(request.session, request.ticket, request.kind, true, "Lobby not found");
    return;
  }
  const bool sound = survives(*lobby, "lobby join", [&] { lobby->join(request); });
  close_if_empty(*lobby);
  // One who was not seated yet waits for an answer; the others take no notice of it.
  if (!sound)
    context_.outlet.refused(request.session, request.ticket, request.kind, true, "Lobby not found");
}

// One that cannot be made is not offered to anybody else.
void Engine::create(const Directory::Place& place, const LobbyOptions& options,
                    TickClock::Time now) {
  try {
    add(std::make_unique<Lobby>(context_, place, options), now);
  } catch (const std::exception& fault) {
    base::log::error("error",
                     {{"where", "new lobby"}, {"lobby", place.id}, {"reason", fault.what()}});
    context_.directory.remove(place.lobby);
  }
}

void Engine::add(std::unique_ptr<Lobby> lobby, TickClock::Time now) {
  const int slot = slot_of(lobby->number());
  if (slots_[slot].empty()) clock_.wake(slot, now);
  slots_[slot].push_back(lobby.get());
  lobbies_.emplace(lobby->number(), std::move(lobby));
}

base::Result<void> Engine::adopt(const Directory::Place& place, std::string_view save,
                                 TickClock::Time now) {
  auto made = std::make_unique<Lobby>(context_, place, LobbyOptions{});
  if (const auto restored = made->restore(save); !restored) {
    context_.directory.remove(place.lobby);
    return restored;
  }
  Lobby& lobby = *made;
  add(std::move(made), now);
  close_if_empty(lobby);
  return {};
}

void Engine::reclaim(const std::string& player_id, const std::string& account_id,
                     SessionRef session, std::uint64_t ticket) {
  for (const auto& [number, lobby] : lobbies_) {
    if (!lobby->has_player(player_id)) continue;
    return in_lobby(number, "lobby reclaim",
                    [&](Lobby& home) { home.reclaim(player_id, account_id, session, ticket); });
  }
}

bool Engine::still_here(SeatRef seat, SessionRef session, bool connected) {
  Lobby* lobby = find(seat.lobby);
  return lobby != nullptr && lobby->still_here(seat, session, connected);
}

void Engine::node_lost(NodeIndex node) {
  for (const auto& [number, lobby] : lobbies_) lobby->node_lost(node);
}

// L3: an empty lobby is closed at once and leaves nothing behind.
void Engine::close_if_empty(Lobby& lobby) {
  if (!lobby.empty()) return;
  if (context_.keeper != nullptr) context_.keeper->forget(lobby.id());
  erase(lobby.number());
}

void Engine::erase(LobbyNumber number) {
  std::erase(slots_[slot_of(number)], find(number));
  context_.directory.remove(number);
  lobbies_.erase(number);
}

// Its saves belong to the new owner now. It is gone before its players are told, for they look for
// their seats at once, here too.
void Engine::lose(LobbyNumber number) {
  const auto found = lobbies_.find(number);
  if (found == lobbies_.end()) return;
  const std::unique_ptr<Lobby> lobby = std::move(found->second);
  std::erase(slots_[slot_of(number)], lobby.get());
  context_.directory.remove(number);
  lobbies_.erase(found);
  survives(*lobby, "lobby lost", [&] { lobby->lose(); });
}

void Engine::let_go() {
  while (!lobbies_.empty()) lose(lobbies_.begin()->first);
}

void Engine::drain() {
  context_.draining = true;
  std::vector<LobbyNumber> numbers;
  for (const auto& [number, lobby] : lobbies_) numbers.push_back(number);
  for (const LobbyNumber number : numbers)
    in_lobby(number, "lobby drain", [](Lobby& lobby) { lobby.drain(); });
}

void Engine::keep(const Lobby& lobby) {
  lobby.save(save_);
  context_.keeper->keep(lobby.id(), lobby.fence(), save_);
}

bool Engine::close(LobbyNumber number, std::string_view why) {
  Lobby* lobby = find(number);
  if (lobby == nullptr) return false;
  lobby->collapse(why);
  close_if_empty(*lobby);
  return true;
}

void Engine::banish(const Banished& whom) {
  std::vector<LobbyNumber> numbers;
  for (const auto& [number, lobby] : lobbies_) {
    if (lobby->holds(whom)) numbers.push_back(number);
  }
  for (const LobbyNumber number : numbers)
    in_lobby(number, "banish", [&](Lobby& lobby) { lobby.banish(whom); });
}

template <class Work>
void Engine::in_lobby(LobbyNumber number, std::string_view where, Work work) {
  Lobby* lobby = find(number);
  if (lobby == nullptr) return;
  survives(*lobby, where, [&] { work(*lobby); });
  close_if_empty(*lobby);
}

void Engine::leave(SeatRef seat) {
  in_lobby(seat.lobby, "lobby leave", [&](Lobby& lobby) { lobby.leave(seat); });
}

void Engine::transport_lost(SeatRef seat) {
  in_lobby(seat.lobby, "lobby line lost", [&](Lobby& lobby) { lobby.transport_lost(seat); });
}

void Engine::resume(SeatRef seat) {
  in_lobby(seat.lobby, "lobby resume", [&](Lobby& lobby) { lobby.resume(seat); });
}

void Engine::greet_again(SeatRef seat) {
  in_lobby(seat.lobby, "lobby greet", [&](Lobby& lobby) { lobby.greet_again(seat); });
}

void Engine::take_over(SeatRef seat, SessionRef session, const std::string& player_id) {
  in_lobby(seat.lobby, "lobby take over",
           [&](Lobby& lobby) { lobby.take_over(seat, session, player_id); });
}

void Engine::identify(SeatRef seat, const std::string& account_id, const std::string& name) {
  in_lobby(seat.lobby, "lobby identify",
           [&](Lobby& lobby) { lobby.identify(seat, account_id, name); });
}

void Engine::event(SeatRef seat, const wire::ClientEvent& event) {
  in_lobby(seat.lobby, "lobby event", [&](Lobby& lobby) { lobby.event(seat, event); });
}

void Engine::match_command(SeatRef seat, const sim::Command& command) {
  if (Lobby* lobby = find(seat.lobby)) lobby->match_command(seat, command);
}

void Engine::result_kept(LobbyNumber number, std::uint32_t ordinal) {
  if (Lobby* lobby = find(number)) lobby->result_kept(ordinal);
}

bool Engine::run_slot(int slot, TickClock::Time now) {
  std::vector<Lobby*>& lobbies = slots_[slot];
  // Its clock stands still until add() wakes it: what nobody waited for was not left out.
  if (lobbies.empty() || clock_.deadline(slot) > now) return false;
  const auto late = static_cast<std::uint64_t>((now - clock_.deadline(slot)).count());
  const std::uint64_t dropped = clock_.dropped();
  const int due = clock_.take_due(slot, now);
  if (clock_.dropped() > dropped) {
    const auto left_out = static_cast<sim::Tick>(clock_.dropped() - dropped);
    for (Lobby* lobby : lobbies) lobby->stalled(left_out);
  }
  lateness_.record(late);
  TickClock::Time begun = now;
  for (int tick = 0; tick < due; ++tick) {
    // A lobby may close itself (everybody voted to leave): walk backwards, erase what became empty.
    for (std::size_t i = lobbies.size(); i-- > 0;) {
      Lobby& lobby = *lobbies[i];
      survives(lobby, "lobby tick", [&] {
        lobby.tick();
        if (context_.keeper != nullptr && lobby.save_tick()) keep(lobby);
      });
      ++stats_.ticks;
      close_if_empty(lobby);
      const TickClock::Time ended = base::steady_now();
      durations_.record(static_cast<std::uint64_t>((ended - begun).count()));
      begun = ended;
    }
  }
  stats_.dropped = clock_.dropped();
  stats_.busy_ns += static_cast<std::uint64_t>((begun - now).count());
  return true;
}

std::optional<TickClock::Time> Engine::next_deadline() const {
  std::optional<TickClock::Time> next;
  for (int slot = 0; slot < TickClock::kSlots; ++slot) {
    if (slots_[slot].empty()) continue;
    const TickClock::Time deadline = clock_.deadline(slot);
    if (!next || deadline < *next) next = deadline;
  }
  return next;
}

std::vector<Lobby::Shape> Engine::shapes() const {
  std::vector<Lobby::Shape> shapes;
  shapes.reserve(lobbies_.size());
  for (const auto& [number, lobby] : lobbies_) shapes.push_back(lobby->shape());
  return shapes;
}

}  // namespace lobby
