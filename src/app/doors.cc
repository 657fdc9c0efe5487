#include "app/doors.h"

#include "base/log.h"

namespace app {
namespace {

namespace log = base::log;

base::Error named(const base::Error& fault) {
  const bool key = fault.code == "key";
  return {"invalid",
          (key ? "setting tls_key (TLS_KEY): " : "setting tls_cert (TLS_CERT): ") + fault.message};
}

}  // namespace

base::Result<std::unique_ptr<net::TlsContext>> open_tls(const base::Config& config) {
  if (config.tls_port == 0) return std::unique_ptr<net::TlsContext>();
  auto loaded = net::TlsContext::load({config.tls_cert, config.tls_key});
  if (!loaded) return named(loaded.error());
  return loaded;
}

void reload_tls(const base::Config& config, net::TlsContext& tls) {
  if (const auto loaded = tls.reload(); !loaded) {
    return log::error("certificate_not_loaded",
                      {{"reason", named(loaded.error()).message}, {"kept", tls.description()}});
  }
  log::info("certificate_loaded", {{"certificate", tls.description()}, {"port", config.tls_port}});
}

void open_doors(const base::Config& config, const base::ClientAddress& proxies,
                const net::TlsContext* tls, net::AddressCount* connections,
                sio::NodeSettings& settings) {
  const std::string& headers = config.proxy_protocol;
  settings.port = static_cast<std::uint16_t>(config.port);
  if (headers == "plain" || headers == "both") settings.door.header_from = &proxies;
  settings.door.by_address = connections;
  settings.second_door.by_address = connections;
  if (tls == nullptr) return;
  settings.second_port = static_cast<std::uint16_t>(config.tls_port);
  settings.second_door.tls = tls;
  if (headers == "tls" || headers == "both") settings.second_door.header_from = &proxies;
}

}  // namespace app
