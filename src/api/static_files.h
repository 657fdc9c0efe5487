#pragma once

// The web pages, read once at the start and served from memory.

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "net/http.h"

namespace api {

// Immutable after load(), so all shards share it.
class StaticFiles {
 public:
  // Reads every file under `folder`; a file folder/a/b.js is served as <prefix>a/b.js. A missing
  // folder is no error: the server then has no pages, which it says when asked.
  static base::Result<StaticFiles> load(const std::filesystem::path& folder,
                                        std::string_view prefix);

  bool empty() const { return files_.empty(); }

  // 200, 304 when the client has this version, or 404.
  net::HttpResponse get(std::string_view path, const net::HttpRequest& request) const;
  bool has(std::string_view path) const { return files_.contains(std::string(path)); }

 private:
  struct File {
    std::string body;
    std::string type;
    std::string etag;
  };
  std::unordered_map<std::string, File> files_;
};

// "text/html; charset=utf-8" and the like, by the ending of the name.
std::string content_type_of(std::string_view path);

// What a page may load and do: only what this server sends, no inline script.
void add_page_headers(net::HttpResponse& response);

}  // namespace api
