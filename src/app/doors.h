#pragma once

// The ports of the server and what is spoken there: plain HTTP, TLS, and the header of the PROXY
// protocol from balancers that are trusted.

#include <memory>

#include "base/client_address.h"
#include "base/config.h"
#include "base/error.h"
#include "net/address_count.h"
#include "net/tls.h"
#include "sio/node.h"

namespace app {

// Reads certificate and key; nothing where TLS_PORT is 0. The Error names the setting.
base::Result<std::unique_ptr<net::TlsContext>> open_tls(const base::Config& config);

// Reads both again, and logs what came of it.
void reload_tls(const base::Config& config, net::TlsContext& tls);

// Puts ports and doors into the settings; `proxies`, `tls` and `connections` (null = no bound by
// address) must outlive the node.
void open_doors(const base::Config& config, const base::ClientAddress& proxies,
                const net::TlsContext* tls, net::AddressCount* connections,
                sio::NodeSettings& settings);

}  // namespace app
