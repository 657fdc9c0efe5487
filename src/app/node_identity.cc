#include "app/node_identity.h"

#include <unistd.h>

#include <array>
#include <cctype>
#include <fstream>

#include "base/random.h"

namespace app {
namespace {

std::string made_up() {
  std::array<char, 65> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) name = {'n', 'o', 'd', 'e'};
  std::string id;
  for (const char* c = name.data(); *c != '\0' && id.size() < 40; ++c) {
    const bool plain = std::isalnum(static_cast<unsigned char>(*c)) || *c == '-' || *c == '.';
    id.push_back(plain ? *c : '-');
  }
  return id + "-" + base::secure_id(6);
}

}  // namespace

base::Result<std::string> node_identity(const std::string& data_dir) {
  const std::string path = data_dir + "/node-id";
  std::string id;
  if (std::ifstream file(path); std::getline(file, id) && !id.empty()) return id;
  id = made_up();
  std::ofstream file(path);
  file << id << '\n';
  file.close();
  if (!file) return base::Error{"unavailable", "cannot write " + path};
  return id;
}

}  // namespace app
