// Our framing against Boost.Beast's as the client: the same messages must come out on both sides,
// whatever their size, their fragments and the pieces in which the bytes arrive.

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/websocket.h"

namespace net::ws {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

struct Message {
  bool binary;
  std::string payload;
  bool operator==(const Message&) const = default;
};

std::vector<Message> random_messages(std::mt19937& random, int count) {
  std::vector<Message> messages;
  for (int i = 0; i < count; ++i) {
    const std::size_t scale[] = {10, 130, 1000, 70'000};
    Message message{random() % 2 == 0, std::string(random() % scale[random() % 4], ' ')};
    for (char& c : message.payload)
      c = static_cast<char>(message.binary ? random() : 'a' + random() % 26);
    messages.push_back(std::move(message));
  }
  return messages;
}

// The server's end with our code: takes the upgrade for granted, echoes messages, answers pings,
// ends with the close.
void serve(tcp::socket socket, unsigned seed, std::vector<Message>& seen) {
  std::mt19937 random(seed);
  std::string held;
  std::size_t end = std::string::npos;
  while (end == std::string::npos) {
    char piece[512];
    held.append(piece, socket.read_some(asio::buffer(piece)));
    end = held.find("\r\n\r\n");
  }
  const std::size_t at = held.find("Sec-WebSocket-Key: ") + 19;
  asio::write(
      socket,
      asio::buffer(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: " +
          accept_key(held.substr(at, 24)) + "\r\n\r\n"));
  held.erase(0, end + 4);
  Reader reader(1'000'000);
  while (true) {
    std::string out;
    while (!held.empty()) {
      const Input input = reader.next(held.data(), held.size());
      ASSERT_NE(input.kind, Input::Kind::error) << input.code;
      if (input.kind == Input::Kind::need_more) break;
      if (input.kind == Input::Kind::message) {
        seen.push_back({input.opcode == Opcode::binary, std::string(input.payload)});
        write_frame(out, input.opcode, input.payload);
      } else if (input.kind == Input::Kind::ping) {
        write_frame(out, Opcode::pong, input.payload);
      } else if (input.kind == Input::Kind::close) {
        write_close(out, static_cast<CloseCode>(input.code));
        asio::write(socket, asio::buffer(out));
        return;
      }
      held.erase(0, input.used);
    }
    if (!out.empty()) asio::write(socket, asio::buffer(out));
    std::string piece(1 + random() % 3000, '\0');
    boost::system::error_code error;
    const std::size_t got = socket.read_some(asio::buffer(piece), error);
    if (error) return;
    held.append(piece, 0, got);
  }
}

class WebSocketOracle : public testing::TestWithParam<unsigned> {};

TEST_P(WebSocketOracle, SameMessagesOnBothSides) {
  asio::io_context io;
  tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
  std::vector<Message> seen;
  std::thread server([&] {
    tcp::socket socket(io);
    acceptor.accept(socket);
    socket.set_option(tcp::no_delay(true));
    serve(std::move(socket), GetParam(), seen);
  });

  std::mt19937 random(GetParam());
  const std::vector<Message> messages = random_messages(random, 60);
  beast::websocket::stream<tcp::socket> client(io);
  client.next_layer().connect(acceptor.local_endpoint());
  client.next_layer().set_option(tcp::no_delay(true));
  client.auto_fragment(random() % 2 == 0);
  client.write_buffer_bytes(8 + random() % 3000);
  client.handshake("localhost", "/");
  int pongs = 0;
  client.control_callback([&pongs](beast::websocket::frame_type type, beast::string_view) {
    if (type == beast::websocket::frame_type::pong) ++pongs;
  });
  std::vector<Message> echoed;
  for (const Message& message : messages) {
    client.binary(message.binary);
    client.ping("p");
    const std::size_t cut = message.payload.empty() ? 0 : random() % message.payload.size();
    client.write_some(false, asio::buffer(message.payload.data(), cut));
    client.write_some(true,
                      asio::buffer(message.payload.data() + cut, message.payload.size() - cut));
    beast::flat_buffer buffer;
    client.read(buffer);
    echoed.push_back({client.got_binary(), beast::buffers_to_string(buffer.data())});
  }
  client.close(beast::websocket::close_code::normal);
  server.join();
  EXPECT_EQ(client.reason().code, beast::websocket::close_code::normal);
  EXPECT_EQ(pongs, 60);
  EXPECT_TRUE(seen == messages);
  EXPECT_TRUE(echoed == messages);
}

INSTANTIATE_TEST_SUITE_P(Seeds, WebSocketOracle, testing::Range(1u, 9u));

}  // namespace
}  // namespace net::ws
