#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "match/testing_walkers.h"
#include "replay/event_text.h"
#include "replay/film.h"
#include "replay/picture.h"
#include "replay/player.h"
#include "sim/walls.h"

namespace replay_tool {
namespace {

const std::string kMaps = std::string(TRESPASSER_SOURCE_DIR) + "/maps";

match::ReplayHeader header_for(const sim::Map& map) {
  match::ReplayHeader header;
  header.map_hash = match::map_hash(map);
  header.map_name = "../../etc/passwd";
  return header;
}

std::vector<std::uint8_t> record(const std::shared_ptr<const sim::Map>& map, match::Tick ticks) {
  const match::ReplayHeader header = header_for(*map);
  match::Match match(map, header.settings, header.seed);
  match::testing::Walkers walkers(1);
  match::Recorder recorder(header);
  recorder.name(0, "Ada\x1b[2J");
  for (match::Tick tick = 0; tick < ticks; ++tick) {
    const auto& commands = walkers.next(match.world());
    match.step(commands);
    recorder.tick(commands, match);
  }
  recorder.finish(match);
  return {recorder.bytes().begin(), recorder.bytes().end()};
}

TEST(ReplayTool, FindsTheMapByItsGroundWhateverItsName) {
  const auto gardens = match::testing::load_map(kMaps, "gardens");
  ASSERT_NE(gardens, nullptr);
  const auto found = find_map(kMaps, header_for(*gardens));
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ((*found)->name, "gardens");
  match::ReplayHeader other = header_for(*gardens);
  other.map_hash ^= 1;
  EXPECT_EQ(find_map(kMaps, other).error().code, "not_found");
  EXPECT_EQ(find_map(kMaps + "/none", other).error().code, "not_found");
}

TEST(ReplayTool, TellsEventsWithNames) {
  const auto map = match::testing::load_map(kMaps, "foundry");
  ASSERT_NE(map, nullptr);
  const auto bytes = record(map, 600);
  std::string text;
  const auto ticks = play(bytes, map, [&](const match::Match& match, const Names& names) {
    for (const sim::Event& event : match.events())
      text += line_of(event, match.world().tick, names) + "\n";
  });
  ASSERT_TRUE(ticks.ok()) << ticks.error().message;
  EXPECT_EQ(*ticks, 600u);
  EXPECT_NE(text.find("match_started"), std::string::npos);
  EXPECT_NE(text.find("player_joined who=\"Ada?[2J\" team=red at="), std::string::npos)
      << text.substr(0, 400);
  EXPECT_NE(text.find("shot_fired who="), std::string::npos);
  EXPECT_EQ(text.find("unknown"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ReplayTool, WritesAFilmOfEveryThirdTickAndAllEvents) {
  const auto map = match::testing::load_map(kMaps, "foundry");
  ASSERT_NE(map, nullptr);
  FilmWriter writer;
  std::string film;
  const auto ticks =
      play(record(map, 600), map,
           [&](const match::Match& match, const Names& names) { writer.tick(match, names, film); });
  ASSERT_TRUE(ticks.ok()) << ticks.error().message;
  EXPECT_TRUE(film.starts_with(
      "{\"film\":1,\"map\":\"foundry\",\"walls\":{\"wall_1\":{\"id\":\"wall_1\",\"position\":"));
  EXPECT_NE(film.find("\"tiles\":5,"), std::string::npos);
  EXPECT_NE(film.find("\"n\":[[\"p0\",\"Ada?[2J\",\"red\"]"), std::string::npos);
  EXPECT_NE(film.find("[\"weapon:fired\",{\"playerId\":\"p"), std::string::npos);
  std::size_t snapshots = 0;
  for (std::size_t at = film.find("\"p\":["); at != std::string::npos;
       at = film.find("\"p\":[", at + 1))
    ++snapshots;
  EXPECT_GE(snapshots, 200u);
  EXPECT_LE(snapshots, 201u);  // and one with the head
  EXPECT_EQ(film.find("42["), std::string::npos);
  EXPECT_EQ(film.back(), '\n');
}

std::array<int, 3> pixel(const base::Image& image, int x, int y) {
  const std::size_t at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                          static_cast<std::size_t>(x)) *
                         3;
  return {image.rgb[at], image.rgb[at + 1], image.rgb[at + 2]};
}

TEST(ReplayTool, DrawsWallsHolesPlayersAndWhatAViewerSees) {
  sim::World world;
  auto map = std::make_shared<sim::Map>();
  map->walls.push_back({{200, 100}, true, sim::Material::wood, 5});
  sim::index_map(*map);
  world.map = map;
  world.walls.push_back(sim::fresh_wall(map->walls[0]));
  world.walls[0].open = 1u << 1;
  world.players[0].in_world = world.players[0].alive = true;
  world.players[0].position = {100, 200};
  Picture picture(2, 1);
  picture.draw(0, 0, world, sim::kNoSlot);
  picture.draw(1, 0, world, 0);
  const base::Image& image = picture.image();
  EXPECT_EQ(image.width, 962);
  EXPECT_EQ(image.height, 270);
  const auto floor = pixel(image, 300, 250);
  EXPECT_NE(pixel(image, 205, 105), floor);
  EXPECT_EQ(pixel(image, 215, 105), floor);             // the hole
  EXPECT_GT(pixel(image, 97, 200)[0], 200);             // red
  EXPECT_EQ(pixel(image, 482 + 150, 200), floor);       // in sight
  EXPECT_LT(pixel(image, 482 + 50, 200)[0], floor[0]);  // behind the back
}

}  // namespace
}  // namespace replay_tool
