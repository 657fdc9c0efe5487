// What replay.wasm exports: a replay_tool::Projector for a page. Called from one thread of the
// browser (play/src/replay_worker.ts), which makes a new instance for each replay.
//
// Bytes go in through input(size), which gives room for them; text comes out at output() with
// output_size() bytes until the next call. Functions that can fail give 0 and leave the reason as
// text in the output. A call that needs more memory than the module may have ends in a trap; the
// instance is of no use then.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "replay/projector.h"
#include "replay/state_line.h"
#include "sim/map.h"

#define TRESPASSER_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace {

struct Module {
  std::vector<std::uint8_t> input;
  std::string output;
  replay_tool::Maps maps;
  std::unique_ptr<replay_tool::Projector> projector;
};

Module& module() {
  static Module only;
  return only;
}

int failed(const base::Error& error) {
  module().output = error.message;
  return 0;
}

std::string_view team_name(sim::Team team) { return team == sim::Team::red ? "red" : "blue"; }

// {"map":text,"ticks":n,"first":world tick}
void tell_opened(const replay_tool::Projector& projector, std::string& out) {
  base::JsonWriter json(out);
  json.begin_object()
      .member("map", projector.map().name)
      .member("ticks", projector.ticks())
      .member("first", projector.first_tick())
      .end_object();
}

// {"tick":n,"compared":n,"hash":text,"differs":tick or null,"done":bool,
//  "deaths":[[tick,victim's slot,killer's slot or -1,killer's team]...]}
void tell_verified(replay_tool::Projector& projector, bool done, std::string& out) {
  base::JsonWriter json(out);
  json.begin_object().member("tick", projector.verified());
  json.member("compared", projector.hashes_compared());
  json.member("hash", replay_tool::hash_text(projector.hash()));
  json.key("differs");
  if (projector.differs_at()) {
    json.unsigned_integer(*projector.differs_at());
  } else {
    json.null();
  }
  json.member("done", done).key("deaths").begin_array();
  for (const replay_tool::Projector::Death& death : projector.take_deaths()) {
    json.begin_array().unsigned_integer(death.tick).unsigned_integer(death.victim);
    json.integer(death.killer < sim::kMaxPlayers ? static_cast<std::int64_t>(death.killer) : -1)
        .text(team_name(death.killer_team))
        .end_array();
  }
  json.end_array().end_object();
}

}  // namespace

TRESPASSER_EXPORT(input) std::uint8_t* input(std::size_t size) {
  module().input.assign(size, 0);
  return module().input.data();
}

TRESPASSER_EXPORT(output) const char* output() { return module().output.data(); }
TRESPASSER_EXPORT(output_size) std::size_t output_size() { return module().output.size(); }

// Input: the map's name, then its pixels as width * height * 3 bytes.
TRESPASSER_EXPORT(add_map) int add_map(std::size_t name_size, int width, int height) {
  const std::span<const std::uint8_t> bytes = module().input;
  if (name_size > bytes.size()) return failed({"invalid", "a map without pixels"});
  const auto name = bytes.first(name_size);
  auto map = sim::map_from_pixels(std::string(name.begin(), name.end()), width, height,
                                  bytes.subspan(name_size));
  if (!map) return failed(map.error());
  module().maps.push_back(std::make_shared<const sim::Map>(std::move(*map)));
  return 1;
}

// Input: an unpacked replay. Tells as tell_opened().
TRESPASSER_EXPORT(open_replay) int open_replay() {
  auto opened = replay_tool::Projector::open(std::move(module().input), module().maps);
  module().input = {};
  if (!opened) return failed(opened.error());
  module().projector = std::move(*opened);
  module().output.clear();
  tell_opened(*module().projector, module().output);
  return 1;
}

// Verifies at most so many ticks more. Tells as tell_verified().
TRESPASSER_EXPORT(verify) int verify(std::uint32_t at_most) {
  if (!module().projector) return failed({"invalid", "no replay is open"});
  const auto more = module().projector->verify(at_most);
  if (!more) return failed(more.error());
  module().output.clear();
  tell_verified(*module().projector, !*more, module().output);
  return 1;
}

// Begins a film for a tick, at a state that was verified. Tells the film's head and first state.
TRESPASSER_EXPORT(cue) int cue(std::uint32_t tick) {
  if (!module().projector) return failed({"invalid", "no replay is open"});
  module().output.clear();
  const auto begin = module().projector->cue(tick, module().output);
  return begin ? 1 : failed(begin.error());
}

// Plays the film at most so many ticks on. Tells its lines.
TRESPASSER_EXPORT(roll) int roll(std::uint32_t at_most) {
  if (!module().projector) return failed({"invalid", "no replay is open"});
  module().output.clear();
  const auto more = module().projector->roll(at_most, module().output);
  return more ? 1 : failed(more.error());
}

// Ticks played by the film that was begun last.
TRESPASSER_EXPORT(rolled) std::uint32_t rolled() {
  return module().projector ? module().projector->rolled() : 0;
}
