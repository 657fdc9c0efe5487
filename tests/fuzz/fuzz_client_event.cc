// LINK: wire
// Event names and arguments as a hostile client sends them: the first line is the name, the rest
// the arguments. Besides crashes it looks for commands outside the ranges that the simulation
// relies on. What a connection says of itself when it joins comes in the same way.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/random.h"
#include "sim/loadout.h"
#include "wire/client_event.h"
#include "wire/connect_auth.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const sim::Command& command) {
  require(command.slot == sim::kNoSlot);
  require(std::isfinite(command.point.x) && command.point.x >= 0.0 &&
          command.point.x <= sim::kArenaWidth);
  require(std::isfinite(command.point.y) && command.point.y >= 0.0 &&
          command.point.y <= sim::kArenaHeight);
  require(std::isfinite(command.angle) && std::abs(command.angle) < 3.2);
  require(command.charge >= 1 && command.charge <= 5);
  require(command.buttons <= 7);
}

void check(const wire::ClientEvent& event) {
  if (const auto* command = std::get_if<sim::Command>(&event.body)) check(*command);
  if (const auto* join = std::get_if<wire::PlayerJoin>(&event.body)) {
    require(sim::is_legal(join->loadout));
    require(join->name.size() <= 80);
  }
  if (const auto* options = std::get_if<wire::LobbyOptions>(&event.body)) {
    require(!options->max_players ||
            (*options->max_players >= 2 && *options->max_players <= sim::kMaxPlayers));
    require(!options->bots || *options->bots < sim::kMaxPlayers);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static wire::Decoder decoder;
  static wire::ClientEvent event;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const std::string_view name = text.substr(0, line);
  const std::string_view args =
      line == std::string_view::npos ? std::string_view() : text.substr(line + 1);
  const wire::ConnectAuth auth = wire::connect_auth(args);
  require(auth.ok ? auth.token.size() <= args.size() : auth.token.empty());
  if (const auto code = base::parse_lobby_code(args))
    require(base::parse_lobby_code(*code) == code);
  const wire::DecodeStatus status = decoder.decode(name, args, event);
  require((status == wire::DecodeStatus::unknown) == (event.kind == wire::ClientKind::unknown));
  if (status == wire::DecodeStatus::ok) {
    check(event);
  } else {
    require(std::holds_alternative<std::monostate>(event.body));
  }
  return 0;
}
