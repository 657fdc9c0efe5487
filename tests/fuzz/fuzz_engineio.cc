// LINK: sio
// Engine.IO payloads and query strings. What is read out of a payload and written again is read the
// same.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "sio/engineio.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

struct Item {
  bool binary;
  char type;
  std::string data;
  bool operator==(const Item&) const = default;
};

bool read_all(std::string_view payload, std::vector<Item>& items) {
  using Reader = sio::engineio::PayloadReader;
  Reader reader(payload);
  sio::engineio::Packet packet{};
  std::string binary;
  while (true) {
    switch (reader.next(packet, binary)) {
      case Reader::Item::end:
        return true;
      case Reader::Item::error:
        return false;
      case Reader::Item::binary:
        items.push_back({true, 0, binary});
        break;
      case Reader::Item::packet:
        items.push_back({false, static_cast<char>(packet.type), std::string(packet.data)});
        break;
    }
    check(items.size() <= sio::engineio::kMaxPackets);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  std::vector<Item> items;
  if (read_all(bytes, items)) {
    std::string written;
    for (const Item& item : items) {
      if (item.binary) {
        sio::engineio::append_binary(written, item.data);
      } else {
        sio::engineio::append_text(written, static_cast<sio::engineio::Type>(item.type), item.data);
      }
    }
    std::vector<Item> again;
    check(read_all(written, again) && again == items);
  }
  const sio::engineio::Query query = sio::engineio::parse_query(bytes);
  check(query.sid.size() <= size && query.transport.size() <= size && query.eio.size() <= size);
  return 0;
}
