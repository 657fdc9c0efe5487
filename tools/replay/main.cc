// Works with recorded matches:
//
//   trespasser-replay verify FILE                      plays it again and compares every state hash
//   trespasser-replay events FILE                      one line an event
//   trespasser-replay render FILE --out strip.png      frames from above in one picture
//       [--frames 12] [--columns 4] [--viewer SLOT]    SLOT 0..7: dims what that player did not see
//   trespasser-replay film FILE --out match.film       for the web pages' /play/replay.html
//   trespasser-replay state FILE [--every 60]          the state after each so many ticks and at
//   the
//                                                      end, a line of JSON each
//   all: [--maps FOLDER]                               the maps folder, "maps" when not given
//
// Exit code: 0 all is well, 1 the replay or a file is not, 2 wrong usage.

#include <charconv>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "base/png.h"
#include "lobby/replay_file.h"
#include "match/replay.h"
#include "replay/event_text.h"
#include "replay/film.h"
#include "replay/picture.h"
#include "replay/player.h"
#include "replay/state_line.h"

namespace {

constexpr int kMaxFrames = 100;
constexpr int kMaxEvery = 36000;  // ticks

struct Options {
  std::string command;
  std::string file;
  std::string maps = "maps";
  std::string out;
  int frames = 12;
  int columns = 4;
  int viewer = sim::kNoSlot;
  int every = sim::kTickRate;
};

struct Input {
  std::vector<std::uint8_t> bytes;
  match::ReplayHeader header;
  std::shared_ptr<const sim::Map> map;
};

int usage() {
  std::fprintf(
      stderr,
      "usage: trespasser-replay verify FILE [--maps FOLDER]\n"
      "       trespasser-replay events FILE [--maps FOLDER]\n"
      "       trespasser-replay render FILE --out strip.png [--frames 1..100] [--columns 1..100]\n"
      "                                [--viewer 0..7] [--maps FOLDER]\n"
      "       trespasser-replay film FILE --out match.film [--maps FOLDER]\n"
      "       trespasser-replay state FILE [--every 1..36000] [--maps FOLDER]\n");
  return 2;
}

int failure(const base::Error& error) {
  std::fprintf(stderr, "trespasser-replay: %s\n", error.message.c_str());
  return 1;
}

bool read_number(std::string_view text, int low, int high, int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= low && out <= high;
}

bool set_option(Options& options, std::string_view key, std::string_view value) {
  if (key == "--maps") {
    options.maps = value;
    return true;
  }
  if (key == "--out") {
    options.out = value;
    return true;
  }
  if (key == "--frames") return read_number(value, 1, kMaxFrames, options.frames);
  if (key == "--columns") return read_number(value, 1, kMaxFrames, options.columns);
  if (key == "--viewer") return read_number(value, 0, sim::kMaxPlayers - 1, options.viewer);
  if (key == "--every") return read_number(value, 1, kMaxEvery, options.every);
  return false;
}

std::optional<Options> read_options(int argc, char** argv) {
  if (argc < 3 || argc % 2 == 0) return std::nullopt;
  Options options;
  options.command = argv[1];
  options.file = argv[2];
  for (int i = 3; i + 1 < argc; i += 2) {
    if (!set_option(options, argv[i], argv[i + 1])) return std::nullopt;
  }
  return options;
}

base::Result<Input> read_input(const Options& options) {
  Input input;
  auto bytes = lobby::read_replay_file(options.file);
  if (!bytes) return bytes.error();
  input.bytes = std::move(*bytes);
  auto reader = match::ReplayReader::open(input.bytes);
  if (!reader) return reader.error();
  input.header = reader->header();
  auto map = replay_tool::find_map(options.maps, input.header);
  if (!map) return map.error();
  input.map = std::move(*map);
  return input;
}

int verify(const Input& input) {
  const auto ticks = match::verify_replay(input.bytes, input.map);
  if (!ticks) return failure(ticks.error());
  std::printf("ok: %u ticks (%.1f s) on %s, %zu bytes\n", *ticks, *ticks * sim::kStepSeconds,
              input.map->name.c_str(), input.bytes.size());
  return 0;
}

int events(const Input& input) {
  const auto ticks =
      replay_tool::play(input.bytes, input.map, [](const auto& match, const auto& names) {
        for (const sim::Event& event : match.events()) {
          std::puts(replay_tool::line_of(event, match.world().tick, names).c_str());
        }
      });
  return ticks ? 0 : failure(ticks.error());
}

int render(const Input& input, const Options& options) {
  if (options.out.empty()) return usage();
  const auto ticks = match::verify_replay(input.bytes, input.map);
  if (!ticks) return failure(ticks.error());
  const int columns = std::min(options.columns, options.frames);
  const int rows = (options.frames + columns - 1) / columns;
  replay_tool::Picture picture(columns, rows);
  match::Tick tick = 0;
  int drawn = 0;
  const auto played =
      replay_tool::play(input.bytes, input.map, [&](const auto& match, const auto&) {
        ++tick;
        // Frame i shows the end of the i-th of equal parts.
        while (drawn < options.frames &&
               tick * std::uint64_t(options.frames) >= *ticks * std::uint64_t(drawn + 1)) {
          picture.draw(drawn % columns, drawn / columns, match.world(),
                       static_cast<sim::Slot>(options.viewer));
          ++drawn;
        }
      });
  if (!played) return failure(played.error());
  const auto png = base::encode_png(picture.image());
  if (!png) return failure(png.error());
  std::ofstream file(options.out, std::ios::binary);
  file.write(reinterpret_cast<const char*>(png->data()), static_cast<std::streamsize>(png->size()));
  file.close();
  if (!file) return failure({"unavailable", options.out + " cannot be written"});
  return 0;
}

int film(const Input& input, const Options& options) {
  if (options.out.empty()) return usage();
  std::ofstream file(options.out, std::ios::binary);
  replay_tool::FilmWriter writer;
  std::string lines;
  const auto played =
      replay_tool::play(input.bytes, input.map, [&](const auto& match, const auto& names) {
        lines.clear();
        writer.tick(match, names, lines);
        file << lines;
      });
  if (!played) return failure(played.error());
  file.close();
  if (!file) return failure({"unavailable", options.out + " cannot be written"});
  return 0;
}

int state(const Input& input, const Options& options) {
  const auto every = static_cast<match::Tick>(options.every);
  match::Tick played = 0;
  std::string line;
  const auto ticks =
      replay_tool::play(input.bytes, input.map, [&](const auto& match, const auto& names) {
        line = replay_tool::state_line(match, names, ++played);
        if (played % every == 0) std::puts(line.c_str());
      });
  if (!ticks) return failure(ticks.error());
  if (played % every != 0) std::puts(line.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options(argc, argv);
  if (!options) return usage();
  const bool known = options->command == "verify" || options->command == "events" ||
                     options->command == "render" || options->command == "film" ||
                     options->command == "state";
  if (!known) return usage();
  const auto input = read_input(*options);
  if (!input) return failure(input.error());
  if (options->command == "verify") return verify(*input);
  if (options->command == "events") return events(*input);
  if (options->command == "state") return state(*input, *options);
  if (options->command == "film") return film(*input, *options);
  return render(*input, *options);
}
