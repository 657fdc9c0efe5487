#include "lobby/map_pool.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/png.h"
#include "base/random.h"

namespace lobby {
namespace {

namespace fs = std::filesystem;

// A picture of a map is a few hundred bytes; nobody needs one of more than this.
constexpr std::uintmax_t kMaxFileSize = 4 << 20;

base::Error in_file(const fs::path& file, base::Error error) {
  return {std::move(error.code), "map " + file.string() + ": " + error.message};
}

base::Result<std::vector<std::uint8_t>> read_file(const fs::path& file) {
  std::error_code failure;
  const std::uintmax_t size = fs::file_size(file, failure);
  if (failure) return base::Error{"not_found", failure.message()};
  if (size > kMaxFileSize) return base::Error{"invalid", "the file is larger than 4 MiB"};
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in || bytes.size() != size) return base::Error{"not_found", "cannot read the file"};
  return bytes;
}

base::Result<sim::Map> read_map(const fs::path& file) {
  auto bytes = read_file(file);
  if (!bytes) return in_file(file, bytes.error());
  auto image = base::decode_png(*bytes);
  if (!image) return in_file(file, image.error());
  auto map = sim::map_from_pixels(file.stem().string(), image->width, image->height, image->rgb);
  if (!map) return in_file(file, map.error());
  return map;
}

base::Result<std::vector<fs::path>> pictures_in(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> files;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    if (it->path().extension() == ".png") files.push_back(it->path());
  }
  if (failure) {
    return base::Error{"not_found", "map folder " + folder.string() + ": " + failure.message()};
  }
  if (files.empty()) {
    return base::Error{"not_found", "map folder " + folder.string() + " holds no *.png"};
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

base::Result<MapPool> MapPool::load(const fs::path& folder, std::string_view standard) {
  const auto files = pictures_in(folder);
  if (!files) return files.error();
  MapPool pool;
  for (const fs::path& file : *files) {
    auto map = read_map(file);
    if (!map) return map.error();
    pool.maps_.push_back(std::make_shared<const sim::Map>(std::move(*map)));
  }
  if (standard.empty()) return pool;
  const auto chosen = std::find_if(pool.maps_.begin(), pool.maps_.end(),
                                   [&](const auto& map) { return map->name == standard; });
  if (chosen == pool.maps_.end()) {
    return base::Error{"not_found", "the default map " + std::string(standard) +
                                        " is not in the map folder " + folder.string()};
  }
  pool.standard_ = static_cast<std::size_t>(chosen - pool.maps_.begin());
  return pool;
}

std::shared_ptr<const sim::Map> MapPool::find(std::string_view name) const {
  for (const auto& map : maps_) {
    if (map->name == name) return map;
  }
  return nullptr;
}

std::vector<std::string> MapPool::others(std::string_view than, std::size_t count) const {
  std::vector<std::string> names;
  for (const auto& map : maps_) {
    if (map->name != than) names.push_back(map->name);
  }
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    std::swap(names[i], names[i + base::secure_u64() % (names.size() - i)]);
  }
  if (names.size() > count) names.resize(count);
  return names;
}

}  // namespace lobby
