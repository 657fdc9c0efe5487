// LINK: cluster
// What comes out of Redis as a batch of frames, and addresses of Redis servers: frames lie within
// the batch, and a batch that was read whole is the one that its frames make.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cluster/frames.h"
#include "cluster/redis_url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string batch(reinterpret_cast<const char*>(data), size);
  std::string again;
  bool any = false;
  const bool whole = cluster::read_batch(batch, [&](std::string_view from, std::string_view frame) {
    if (!any) again = cluster::begin_batch(from);
    any = true;
    cluster::append_frame(again, frame);
  });
  if (whole && any && again != batch) std::abort();
  if (const auto address = cluster::parse_redis_url(batch)) {
    if (address->host.empty() || address->port == 0) std::abort();
  }
  return 0;
}
