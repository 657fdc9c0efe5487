#include "hostile/attacker.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "loadtest/frames.h"
#include "loadtest/packets.h"

namespace hostile {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDrip{1'000};  // between two bytes of the slow
constexpr milliseconds kStep{500};    // between two attempts of a slow reader to enter the match
constexpr std::string_view kHost = "127.0.0.1";
constexpr std::uint32_t kMask = 0x5a5aa5a5;

std::string frame(std::string_view text) {
  std::string out;
  loadtest::append_frame(out, loadtest::Opcode::text, text, kMask);
  return out;
}

// Inputs as the shipped client sends them, some dozens in one piece: legal but for their number.
const std::string& inputs() {
  static const std::string all = [] {
    std::string out;
    for (std::uint64_t i = 0; i < 64; ++i) {
      std::string packet;
      loadtest::append_input(packet, {}, i, 1'700'000'000'000 + static_cast<std::int64_t>(i));
      out += frame(packet);
    }
    return out;
  }();
  return all;
}

std::string random_bytes(std::uint64_t seed, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    c = static_cast<char>(seed >> 56);
  }
  return out;
}

}  // namespace

Attacker::~Attacker() {
  if (fd_ >= 0) ::close(fd_);
}

bool Attacker::begin(const sockaddr_in& to, std::uint32_t from, Time now) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return false;
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (kind_ == Kind::slow_reader) {
    const int small = 4096;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  }
  sockaddr_in source{};
  source.sin_family = AF_INET;
  source.sin_addr.s_addr = htonl(from);
  began_ = now;
  return ::bind(fd_, reinterpret_cast<const sockaddr*>(&source), sizeof source) == 0 &&
         (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 ||
          errno == EINPROGRESS);
}

std::uint32_t Attacker::watched() const {
  std::uint32_t events = EPOLLRDHUP;
  if (kind_ != Kind::slow_reader) events |= EPOLLIN;
  if (!connected_ || !out_.empty() || kind_ == Kind::flooder) events |= EPOLLOUT;
  return events;
}

Attacker::Variety Attacker::variety() const {
  constexpr std::array kSlow = {Variety::head, Variety::body, Variety::connect};
  constexpr std::array kGarbage = {Variety::random, Variety::frames, Variety::length,
                                   Variety::body_length};
  if (kind_ == Kind::slow_loris) return kSlow[number_ % kSlow.size()];
  return kGarbage[number_ % kGarbage.size()];
}

void Attacker::open() {
  switch (kind_) {
    case Kind::slow_loris:
      if (variety() == Variety::head) {
        slowly_ = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Padding: " + std::string(4096, 'x');
      } else if (variety() == Variety::body) {
        out_ = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      } else {
        out_ = loadtest::upgrade_request(kHost);
        slowly_ = frame("40" + std::string(4096, ' '));
      }
      break;
    case Kind::flooder:
    case Kind::slow_reader:
      out_ = loadtest::upgrade_request(kHost) + frame("40");
      break;
    case Kind::garbage:
      open_garbage();
      break;
  }
}

void Attacker::open_garbage() {
  switch (variety()) {
    case Variety::random:
      out_ = random_bytes(number_, 2'000);
      break;
    case Variety::frames:
      out_ = loadtest::upgrade_request(kHost) + random_bytes(number_, 2'000);
      break;
    case Variety::length:  // a frame of 2^62 bytes
      out_ = loadtest::upgrade_request(kHost) + std::string("\x81\xff\x40\0\0\0\0\0\0\0mask", 14);
      break;
    default:
      out_ =
          "POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127.0.0.1\r\n"
          "Content-Length: 99999999999999999999\r\n\r\n";
      break;
  }
}

bool Attacker::on_socket(std::uint32_t events, std::span<char> scratch, Time now) {
  if (over_ || (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) != 0) return false;
  if ((events & EPOLLOUT) != 0) {
    if (!connected_) {
      connected_ = true;
      began_ = now;
      open();
      due_ = now;
    }
    if (!flush()) return false;
    if (kind_ == Kind::flooder && !flood()) return false;
  }
  if ((events & EPOLLIN) != 0) {
    const ssize_t got = ::recv(fd_, scratch.data(), scratch.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (got > 0) take_answer({scratch.data(), static_cast<std::size_t>(got)});
  }
  return true;
}

bool Attacker::on_time(Time now) {
  if (kind_ == Kind::slow_loris) {
    drip();
    due_ = now + kDrip;
  } else if (kind_ == Kind::slow_reader) {
    play();
    due_ = now + kStep;
  } else {
    due_ = Time::max();
  }
  return !over_ && flush();
}

void Attacker::drip() {
  if (slowly_.empty()) return;
  out_ += slowly_.front();
  slowly_.erase(0, 1);
}

// It cannot know whether the match runs yet, so it asks to enter until it must have worked.
void Attacker::play() {
  if (!out_.empty()) return;
  std::string packet;
  if (joins_ == 0) {
    loadtest::append_find_match(packet);
  } else {
    loadtest::append_player_join(packet, "rifle", joins_ % 2 == 0, number_, 1'700'000'000'000);
  }
  ++joins_;
  out_ = frame(packet);
}

// The session's id, out of the answer to the handshake; then its POST, whose body comes slowly.
void Attacker::take_answer(std::string_view bytes) {
  if (kind_ != Kind::slow_loris || variety() != Variety::body || !slowly_.empty()) return;
  answer_ += bytes;
  const std::string_view sid = loadtest::text_field(answer_, "sid");
  if (sid.empty()) return;
  out_ = "POST /socket.io/?EIO=4&transport=polling&sid=" + std::string(sid) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4096\r\n\r\n";
  slowly_ = "40" + std::string(4094, ' ');
}

bool Attacker::put(std::string_view bytes) {
  const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN && errno != EINTR) over_ = true;
    return false;
  }
  out_.erase(0, static_cast<std::size_t>(sent));
  return true;
}

bool Attacker::flush() {
  while (connected_ && !out_.empty() && put(out_)) {
  }
  return !over_;
}

bool Attacker::flood() {
  if (out_.empty()) out_ = inputs();
  return flush();
}

}  // namespace hostile
