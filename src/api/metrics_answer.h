#pragma once

// GET /metrics (O2): who may read the figures, and in which form.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/client_address.h"
#include "base/error.h"
#include "metrics/exporter.h"
#include "net/http.h"

namespace api {

// Who may read: by the address of the TCP peer, or with a token.
class MetricsAccess {
 public:
  // `networks` as METRICS_ALLOW has them; `token` "" = none. The Error names the entry that is no
  // network.
  static base::Result<MetricsAccess> make(const std::vector<std::string>& networks,
                                          std::string token);
  MetricsAccess() = default;  // nobody may

  // A request that says it was forwarded comes from outside, wherever the proxy stands.
  bool allowed(const net::HttpRequest& request) const;

 private:
  std::vector<base::Network> networks_;
  std::string token_;
};

bool is_metrics(const net::HttpRequest& request);

// Whether the client asks for JSON rather than for Prometheus' text.
metrics::Format metrics_format(std::string_view accept);

// Answers the request, now or from the exporter's thread. Who may not read hears 404, as if there
// were nothing. `exporter` null = the node is starting: 503.
void answer_metrics(const MetricsAccess& access, metrics::Exporter* exporter,
                    const net::HttpRequest& request, std::function<void(net::HttpResponse)> reply);

}  // namespace api
