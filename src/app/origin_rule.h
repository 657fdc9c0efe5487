#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace app {

// Which pages' origins ("https://trespass.gg") may use sockets and API with credentials (S3). A
// plain value; any thread.
class OriginRule {
 public:
  // `allowed` as in CORS_ORIGINS, "*" among them = every origin; `local` = besides, every page that
  // this machine serves (embedded mode).
  OriginRule(std::vector<std::string> allowed, bool local)
      : allowed_(std::move(allowed)), local_(local) {}

  bool operator()(std::string_view origin) const;

 private:
  std::vector<std::string> allowed_;
  bool local_;
};

}  // namespace app
