#include "api/static_files.h"

#include <fstream>
#include <functional>
#include <iterator>

namespace api {
namespace fs = std::filesystem;

std::string content_type_of(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".json", "application/json"},
      {".woff2", "font/woff2"},
      {".ttf", "font/ttf"},
      {".wasm", "application/wasm"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"}};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return std::string(type);
  }
  return "application/octet-stream";
}

void add_page_headers(net::HttpResponse& response) {
  response.headers.emplace_back("Content-Security-Policy",
                                // The replay page compiles WebAssembly, which is no eval of text.
                                "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src "
                                "'self' data:; connect-src 'self' ws: wss:; "
                                "object-src 'none'; base-uri 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
}

base::Result<StaticFiles> StaticFiles::load(const fs::path& folder, std::string_view prefix) {
  StaticFiles loaded;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return loaded;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    File file;
    file.body.assign(std::istreambuf_iterator<char>(in), {});
    if (!in) return base::Error{"unavailable", "cannot read " + entry.path().string()};
    const std::string name = fs::relative(entry.path(), folder).generic_string();
    file.type = content_type_of(name);
    file.etag = '"' + std::to_string(std::hash<std::string>{}(file.body)) + '"';
    loaded.files_.emplace(std::string(prefix) + name, std::move(file));
  }
  if (error)
    return base::Error{"unavailable", "cannot read " + folder.string() + ": " + error.message()};
  return loaded;
}

net::HttpResponse StaticFiles::get(std::string_view path, const net::HttpRequest& request) const {
  net::HttpResponse response;
  const auto found = files_.find(std::string(path));
  if (found == files_.end()) {
    response.status = 404;
    response.body = R"({"error":"not found"})";
    return response;
  }
  const File& file = found->second;
  response.content_type = file.type;
  response.headers.emplace_back("ETag", file.etag);
  response.headers.emplace_back("Cache-Control", "no-cache");
  add_page_headers(response);
  if (request.header("If-None-Match") == file.etag) {
    response.status = 304;
  } else {
    response.body = file.body;
  }
  return response;
}

}  // namespace api
