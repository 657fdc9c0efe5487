#pragma once

// The output buffers that the sockets of a shard lend one another: those in use stay in the cache,
// silent sockets hold none. Lives on its shard's thread.

#include <cstddef>
#include <string>
#include <vector>

namespace net {

class BufferPool {
 public:
  // What is kept: a tick's worth for all sockets with lobbies of one slot. Larger buffers have held
  // a whole state with walls for a slow reader and are let go.
  static constexpr std::size_t kMost = 512;
  static constexpr std::size_t kMostBytes = 32 * 1024;  // of one

  std::string take();              // empty; the one that was given last
  void give(std::string& buffer);  // empties it and takes its memory
  // To be called now and then: lets go of those that nobody has needed since the last call. More
  // are given than taken, as answers to HTTP requests begin in buffers of their own.
  void trim();

  std::size_t size() const { return kept_.size(); }

 private:
  std::vector<std::string> kept_;
  std::size_t spare_ = 0;  // the fewest that were here since the last trim
};

}  // namespace net
