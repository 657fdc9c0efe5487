#pragma once

// The whole server put together from its rooms: the only place that knows which store, which maps
// and which pages.

#include <cstdint>
#include <memory>

#include "base/config.h"
#include "base/error.h"

namespace app {

// Owned and used by the main thread.
class Server {
 public:
  // Opens the database (embedded: also migrates it), reads maps and pages, listens. The Error is
  // for the operator.
  static base::Result<std::unique_ptr<Server>> start(const base::Config& config);
  ~Server();

  std::uint16_t port() const;
  // Reads the certificate and its key again, where there are any; the log tells how it went.
  void reload_certificate();
  // C5: no new lobbies, not ready, matches finish; may be called again.
  void drain();
  // An operator has asked for it, by the admin API or from another machine.
  bool drain_wanted() const;
  std::size_t lobbies() const;
  // Stops listening, closes all sockets, brings what is unwritten to the disk.
  void stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace app
