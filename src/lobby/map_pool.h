#pragma once

// The maps of this node: every *.png of a folder, read once at start. Immutable afterwards, so all
// shards share it without a lock.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sim/map.h"

namespace lobby {

class MapPool {
 public:
  // Reads all *.png of the folder; a map is called as its file without ".png". `standard` names the
  // default map; "" takes the first by name. Errors name the folder or the file: no folder, no
  // maps, a picture that is no map, an unknown default.
  static base::Result<MapPool> load(const std::filesystem::path& folder, std::string_view standard);

  // Null when there is no map of this name.
  std::shared_ptr<const sim::Map> find(std::string_view name) const;

  const std::string& default_name() const { return maps_[standard_]->name; }
  const std::shared_ptr<const sim::Map>& default_map() const { return maps_[standard_]; }

  // Sorted by name.
  const std::vector<std::shared_ptr<const sim::Map>>& maps() const { return maps_; }

  // Up to `count` names of other maps than this one, drawn at random and without repetition (for
  // votes, L8).
  std::vector<std::string> others(std::string_view than, std::size_t count) const;

 private:
  MapPool() = default;

  std::vector<std::shared_ptr<const sim::Map>> maps_;
  std::size_t standard_ = 0;
};

}  // namespace lobby
