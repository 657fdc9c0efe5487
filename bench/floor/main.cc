// The floor: a bare epoll loop that moves the messages a server of this game has to move and does
// nothing else. No decoding, no simulation, no encoding, one thread; what it costs is what the
// kernel charges for the traffic. The load client plays against it as against the real server.
//
//   bench-floor --port 3100 --state-bytes 1400 --rate 20
//
// It answers every connection with an upgrade, lets each player into a match at once, and sends
// each a state of the given size `rate` times a second, all of a player's bytes in one send,
// players spread over the period. Inputs are read and their frames counted, no more. Ends on
// SIGTERM.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

volatile sig_atomic_t stop_asked = 0;

constexpr int kPhases = 50;  // of one period; players are spread over them

struct Options {
  int port = 3100;
  int state_bytes = 1400;
  int rate = 20;
};

// By descriptor, which the kernel keeps small.
struct Client {
  bool open = false;
  bool upgraded = false;
  bool playing = false;
  std::uint8_t header[14];  // of a frame that began at the end of the last read
  std::uint8_t header_size = 0;
  std::uint64_t skip = 0;  // payload bytes of the present frame that are still to come
};

std::string frame(std::string_view text) {
  std::string out = "\x81";
  if (text.size() < 126) {
    out.push_back(static_cast<char>(text.size()));
  } else {
    out.push_back(126);
    out.push_back(static_cast<char>(text.size() >> 8));
    out.push_back(static_cast<char>(text.size() & 0xff));
  }
  out += text;
  return out;
}

std::string state_frame(int bytes) {
  std::string text = "42[\"game:state\",{\"players\":\"";
  const std::string end = "\"}]";
  const std::size_t wanted = static_cast<std::size_t>(bytes);
  if (text.size() + end.size() < wanted) text.append(wanted - text.size() - end.size(), 'x');
  return frame(text + end);
}

class Floor {
 public:
  explicit Floor(const Options& options)
      : options_(options),
        state_(state_frame(options.state_bytes)),
        phases_(kPhases),
        buffer_(64 * 1024) {
    upgrade_ =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: floor\r\n\r\n" +
        frame(
            "0{\"sid\":\"floor\",\"upgrades\":[],\"pingInterval\":600000,\"pingTimeout\":600000,"
            "\"maxPayload\":100000}");
    // All at once: who asks to connect is in a match and in the world.
    welcome_ = frame("40{\"sid\":\"floor\"}") + frame("42[\"lobby_joined\",{}]") +
               frame("42[\"match_started\",{}]") + frame("42[\"player:join:success\",{}]");
  }

  bool listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 4096) != 0) {
      std::perror("listen");
      return false;
    }
    epoll_ = ::epoll_create1(0);
    timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    const long period_ns = 1'000'000'000L / options_.rate / kPhases;
    const itimerspec spec{{0, period_ns}, {0, period_ns}};
    ::timerfd_settime(timer_, 0, &spec, nullptr);
    watch(listener_);
    watch(timer_);
    return true;
  }

  void run() {
    std::array<epoll_event, 512> events;
    while (!stop_asked) {
      const int count = ::epoll_wait(epoll_, events.data(), events.size(), 1'000);
      for (int i = 0; i < count; ++i) {
        const int fd = events[i].data.fd;
        if (fd == listener_) {
          accept_all();
        } else if (fd == timer_) {
          send_due();
        } else {
          read(fd);
        }
      }
    }
    std::printf("frames in %llu, states out %llu, states that did not fit %llu\n",
                static_cast<unsigned long long>(frames_), static_cast<unsigned long long>(states_),
                static_cast<unsigned long long>(short_sends_));
  }

 private:
  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
      if (fd < 0) return;
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      if (clients_.size() <= static_cast<std::size_t>(fd))
        clients_.resize(static_cast<std::size_t>(fd) + 1024);
      clients_[static_cast<std::size_t>(fd)] = Client{};
      clients_[static_cast<std::size_t>(fd)].open = true;
      watch(fd);
    }
  }

  void read(int fd) {
    Client& client = clients_[static_cast<std::size_t>(fd)];
    const ssize_t got = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) {
      if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        ::close(fd);
        client = Client{};
      }
      return;
    }
    if (!client.upgraded) {
      // The whole request comes in one segment from our load client.
      client.upgraded = true;
      send(fd, upgrade_);
      return;
    }
    walk_frames(client, std::string_view(buffer_.data(), static_cast<std::size_t>(got)));
    if (!client.playing) {
      client.playing = true;
      send(fd, welcome_);
      phases_[static_cast<std::size_t>(fd) % kPhases].push_back(fd);
    }
  }

  void walk_frames(Client& client, std::string_view bytes) {
    while (!bytes.empty()) {
      if (client.skip > 0) {
        const std::size_t taken = std::min<std::uint64_t>(client.skip, bytes.size());
        client.skip -= taken;
        bytes.remove_prefix(taken);
        continue;
      }
      client.header[client.header_size++] = static_cast<std::uint8_t>(bytes.front());
      bytes.remove_prefix(1);
      if (client.header_size < 2) continue;
      const unsigned length = client.header[1] & 0x7f;
      const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
      if (client.header_size < 2 + extra) continue;
      std::uint64_t size = length;
      if (extra > 0) {
        size = 0;
        for (std::size_t i = 0; i < extra; ++i) size = (size << 8) | client.header[2 + i];
      }
      client.skip = size + 4;  // and the mask
      client.header_size = 0;
      ++frames_;
    }
  }

  void send_due() {
    std::uint64_t due = 0;
    if (::read(timer_, &due, sizeof due) != sizeof due) return;
    if (due > kPhases) due = kPhases;
    for (; due > 0; --due) {
      phase_ = (phase_ + 1) % kPhases;
      std::vector<int>& players = phases_[static_cast<std::size_t>(phase_)];
      for (std::size_t i = 0; i < players.size();) {
        if (!clients_[static_cast<std::size_t>(players[i])].playing) {
          players[i] = players.back();
          players.pop_back();
          continue;
        }
        send(players[i], state_);
        ++states_;
        ++i;
      }
    }
  }

  // What does not fit is lost, and with it the framing of that client; it is counted, and a run
  // with such is void.
  void send(int fd, const std::string& bytes) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(bytes.size())) ++short_sends_;
  }

  Options options_;
  std::string state_;
  std::string upgrade_;
  std::string welcome_;
  std::vector<Client> clients_;
  std::vector<std::vector<int>> phases_;
  std::vector<char> buffer_;
  int phase_ = 0;
  int listener_ = -1;
  int epoll_ = -1;
  int timer_ = -1;
  std::uint64_t frames_ = 0;
  std::uint64_t states_ = 0;
  std::uint64_t short_sends_ = 0;
};

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const int value = std::atoi(argv[i + 1]);
    if (name == "--port" && value > 0) {
      options.port = value;
    } else if (name == "--state-bytes" && value > 0 && value < 60'000) {
      options.state_bytes = value;
    } else if (name == "--rate" && value > 0 && value <= 1'000) {
      options.rate = value;
    } else {
      return false;
    }
  }
  return argc % 2 == 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    std::fputs("usage: bench-floor [--port N] [--state-bytes N] [--rate N]\n", stderr);
    return 2;
  }
  ::signal(SIGTERM, [](int) { stop_asked = 1; });
  ::signal(SIGINT, [](int) { stop_asked = 1; });
  Floor floor(options);
  if (!floor.listen()) return 1;
  floor.run();
  return 0;
}
