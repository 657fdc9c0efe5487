#pragma once

namespace base {
class ClientAddress;
}

namespace net {

class AddressCount;
class TlsContext;

// What is special about the connections that one listening port brings. All must outlive whoever
// accepts them.
struct Door {
  const TlsContext* tls = nullptr;  // none = plain
  // Peers that these trust begin with the header of the PROXY protocol; none = nobody does.
  const base::ClientAddress* header_from = nullptr;
  // Bounds the open connections of an address, over ports and shards; none = no bound.
  AddressCount* by_address = nullptr;
};

}  // namespace net
