// LINK: session
// Frames from another node: whatever comes, what was handed on is within its bounds. And where an
// assigned ticket leads, which comes by the same way.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "session/frames.h"
#include "session/frames_test_bench.h"
#include "session/match_host.h"
#include "session/node_link.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  session::testing::SilentChannel channel;
  session::NodeLink link(channel, "self");
  session::testing::Notes notes;
  session::frames::Address to;
  const bool addressed = session::frames::address_of(frame, to);
  const bool whole = session::frames::read(frame, link.index_of("other"), link, notes);
  if (whole && !addressed) std::abort();
  for (const auto& join : notes.joins) {
    if (join.lobby.size() > 1024 || join.request.session.node == session::NodeLink::kNobody)
      std::abort();
  }
  for (const auto& order : notes.orders) {
    if (order.command.point.x != order.command.point.x) std::abort();
  }
  const session::QueuePlace place = session::place_of(frame);
  if (place.node.size() + place.lobby.size() + place.door.size() > size) std::abort();
  return 0;
}
