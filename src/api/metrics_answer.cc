#include "api/metrics_answer.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "api/problem.h"

namespace api {
namespace {

constexpr std::string_view kBearer = "Bearer ";

bool same(std::string_view given, const std::string& secret) {
  return given.size() == secret.size() &&
         CRYPTO_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

}  // namespace

base::Result<MetricsAccess> MetricsAccess::make(const std::vector<std::string>& networks,
                                                std::string token) {
  MetricsAccess access;
  access.token_ = std::move(token);
  for (const std::string& text : networks) {
    const auto network = base::Network::parse(text);
    if (!network) return base::Error{"invalid", "METRICS_ALLOW: no address or network: " + text};
    access.networks_.push_back(*network);
  }
  return access;
}

bool MetricsAccess::allowed(const net::HttpRequest& request) const {
  const std::string_view credentials = request.header("Authorization");
  if (!token_.empty() && credentials.starts_with(kBearer) &&
      same(credentials.substr(kBearer.size()), token_)) {
    return true;
  }
  if (!request.header("X-Forwarded-For").empty() || !request.header("Forwarded").empty())
    return false;
  const auto peer = base::Network::parse(request.remote_address);
  return peer && std::ranges::any_of(networks_, [&peer](const base::Network& network) {
           return network.contains(peer->bytes);
         });
}

bool is_metrics(const net::HttpRequest& request) {
  return request.path == "/metrics" && (request.method == "GET" || request.method == "HEAD");
}

metrics::Format metrics_format(std::string_view accept) {
  const bool json = accept.find("application/json") != std::string_view::npos;
  const bool text = accept.find("text/plain") != std::string_view::npos;
  return json && !text ? metrics::Format::json : metrics::Format::text;
}

void answer_metrics(const MetricsAccess& access, metrics::Exporter* exporter,
                    const net::HttpRequest& request, std::function<void(net::HttpResponse)> reply) {
  if (!access.allowed(request))
    return reply(problem(404, "not_found", "There is nothing at this address."));
  if (exporter == nullptr) return reply(problem(503, "unavailable", "The node is starting."));
  const metrics::Format format = metrics_format(request.header("Accept"));
  exporter->ask(format, [format, reply = std::move(reply)](std::string figures) {
    if (figures.empty()) return reply(problem(503, "unavailable", "Too many ask at once."));
    net::HttpResponse response;
    response.body = std::move(figures);
    if (format == metrics::Format::text)
      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Vary", "Accept");
    reply(std::move(response));
  });
}

}  // namespace api
