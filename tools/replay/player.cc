#include "replay/player.h"

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "base/png.h"

namespace replay_tool {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const sim::Map> load(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  const auto image = base::decode_png(bytes);
  if (!image) return nullptr;
  auto map = sim::map_from_pixels(path.stem().string(), image->width, image->height, image->rgb);
  return map ? std::make_shared<const sim::Map>(std::move(*map)) : nullptr;
}

}  // namespace

base::Result<std::shared_ptr<const sim::Map>> find_map(const fs::path& folder,
                                                       const match::ReplayHeader& header) {
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() != ".png") continue;
    auto map = load(entry.path());
    if (map && match::map_hash(*map) == header.map_hash) return map;
  }
  if (failed) return base::Error{"not_found", folder.string() + ": " + failed.message()};
  return base::Error{"not_found", "no map in " + folder.string() + " is the one played on"};
}

base::Result<match::Tick> play(
    std::span<const std::uint8_t> bytes, std::shared_ptr<const sim::Map> map,
    const std::function<void(const match::Match&, const Names&)>& after_tick) {
  Names names;
  return match::run_replay(bytes, std::move(map),
                           [&](const match::Match& match, const match::ReplayTick& tick) {
                             for (const match::ReplayName& name : tick.names)
                               names.set(name.slot, name.name);
                             after_tick(match, names);
                           });
}

}  // namespace replay_tool
