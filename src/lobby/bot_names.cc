#include "lobby/bot_names.h"

#include <array>

namespace lobby {
namespace {

constexpr std::array<std::string_view, 48> kNames = {
    "Bot Maple",   "Bot Pebble", "Bot Juniper",  "Bot Biscuit", "Bot Clover", "Bot Rusty",
    "Bot Willow",  "Bot Marble", "Bot Pickle",   "Bot Cinder",  "Bot Hazel",  "Bot Tinker",
    "Bot Fern",    "Bot Cobble", "Bot Ginger",   "Bot Thistle", "Bot Dapple", "Bot Ember",
    "Bot Nutmeg",  "Bot Rowan",  "Bot Sprocket", "Bot Basil",   "Bot Puddle", "Bot Copper",
    "Bot Alder",   "Bot Waffle", "Bot Bramble",  "Bot Flint",   "Bot Mallow", "Bot Barley",
    "Bot Sorrel",  "Bot Gizmo",  "Bot Plum",     "Bot Heather", "Bot Widget", "Bot Otter",
    "Bot Saffron", "Bot Tumble", "Bot Birch",    "Bot Crumpet", "Bot Linnet", "Bot Rivet",
    "Bot Poppy",   "Bot Tansy",  "Bot Bracken",  "Bot Noodle",  "Bot Wren",   "Bot Acorn",
};

}  // namespace

std::span<const std::string_view> bot_names() { return kNames; }

}  // namespace lobby
