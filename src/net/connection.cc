#include "net/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "net/connection_set.h"
#include "net/proxy_header.h"

namespace net {

namespace {

// Answers that pile up before a pipelining client has taken the earlier ones.
constexpr std::size_t kPipelineBacklog = 64 * 1024;
// Buffers larger than this are given back when they are empty.
constexpr std::size_t kKeptCapacity = 8 * 1024;

void release_large(std::string& buffer) {
  if (buffer.capacity() > kKeptCapacity) {
    std::string().swap(buffer);
  } else {
    buffer.clear();
  }
}

}  // namespace

Connection::Connection(int fd, std::string remote_address, std::uint64_t id)
    : id_(id), remote_address_(std::move(remote_address)), fd_(fd) {}

Connection::~Connection() {
  if (set_ != nullptr) detach();
  ::close(fd_);
}

void Connection::attach(ConnectionSet& set) {
  set_ = &set;
  held_ = false;
  watched_ = EPOLLIN | EPOLLRDHUP | (blocked_ ? EPOLLOUT : 0U);
  if (!set.loop().watch(fd_, *this, watched_)) abort(Gone::error);
  set.loop().counters().connections.add();
  resuming_ = false;
  const bool waits_for_request = mode_ == Mode::http && !busy_;
  set_deadline(blocked_            ? taking_timeout()
               : waits_for_request ? set.limits().request_timeout
                                   : std::chrono::milliseconds::max());
  if (unsent() > 0 && !blocked_) mark_dirty();
  if (!unread_.empty()) resume_later();
}

void Connection::detach() {
  if (dirty_) set_->loop().forget(*this);
  dirty_ = false;
  deadline_.unlink();
  set_->loop().unwatch(fd_);
  set_->loop().counters().connections.subtract();
  set_ = nullptr;
}

// How long a peer may take nothing.
std::chrono::milliseconds Connection::taking_timeout() const {
  return mode_ == Mode::websocket ? set_->limits().reader_timeout : set_->limits().write_timeout;
}

void Connection::set_deadline(std::chrono::milliseconds from_now) {
  if (from_now == std::chrono::milliseconds::max()) {
    deadline_.deadline = SteadyTime::max();
  } else {
    set_->loop().set_deadline(deadline_, from_now);
  }
}

void Connection::watch_for(std::uint32_t events) {
  if (events == watched_ || set_ == nullptr) return;
  watched_ = events;
  set_->loop().rewatch(fd_, *this, events);
}

void Connection::on_ready(std::uint32_t events) {
  if (doomed_) return;
  if ((events & EPOLLERR) != 0) return abort(Gone::error);
  if ((events & EPOLLOUT) != 0) on_flush();
  if (doomed_ || held_) return;
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) == 0) return;
  if (lingering_) return discard_input();
  if (may_process()) return receive();
  // Not ready to take more. The peer's end is noticed at once if somebody waits for it, else after
  // the answer.
  if ((events & (EPOLLRDHUP | EPOLLHUP)) != 0) {
    if (listener_ != nullptr || (events & EPOLLHUP) != 0) return abort(Gone::peer_closed);
    peer_shut_ = true;
    watch_for(watched_ & ~(EPOLLIN | EPOLLRDHUP));
  } else {
    watch_for(watched_ & ~EPOLLIN);
  }
}

bool Connection::may_process() const {
  return !busy_ && !held_ && !closing_ && !doomed_ &&
         (mode_ == Mode::websocket || unsent() < kPipelineBacklog);
}

void Connection::receive() {
  if (header_expected_) return receive_proxy_header();
  if (tls_) return receive_sealed();
  Loop& loop = set_->loop();
  const std::span<char> buffer = loop.receive_buffer();
  const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
  loop.counters().receives.add();
  if (got < 0) {
    if (errno != EAGAIN && errno != EINTR) abort(Gone::error);
    return;
  }
  if (got == 0) return abort(Gone::peer_closed);
  const auto size = static_cast<std::size_t>(got);
  loop.counters().bytes_in.add(size);
  take_in(buffer.data(), size);
}

void Connection::take_in(char* data, std::size_t size) {
  if (unread_.empty()) {
    const std::size_t used = process(data, size);
    unread_.assign(data + used, size - used);
  } else {
    unread_.append(data, size);
    take_up_unread();
  }
}

// The handshake's messages are read and answered in here, too.
void Connection::receive_sealed() {
  Loop& loop = set_->loop();
  Counters& counters = loop.counters();
  const std::span<char> buffer = loop.receive_buffer();
  const bool had_begun = tls_->established();
  const TlsStream::Input input = tls_->read(fd_, buffer);
  counters.receives.add();
  counters.bytes_in.add(input.received);
  if (input.failed) return had_begun ? abort(Gone::error) : break_handshake();
  if (!had_begun && tls_->established()) counters.tls_handshakes.add();
  if (unsent() > 0) mark_dirty();
  if (input.bytes > 0) take_in(buffer.data(), input.bytes);
  if (input.ended && !closing()) peer_ended();
}

// The peer gets the alert that says why, if there is one.
void Connection::break_handshake() {
  set_->loop().counters().tls_failures.add();
  close();
}

// The peer has said that it sends no more, in what was just read.
void Connection::peer_ended() {
  if (may_process() || listener_ != nullptr) return abort(Gone::peer_closed);
  peer_shut_ = true;  // it still gets its answer
  watch_for(watched_ & ~(EPOLLIN | EPOLLRDHUP));
}

// False when the client holds as many connections as he may.
bool Connection::introduce(const std::string& client) {
  remote_address_ = client;
  if (clients_ == nullptr) return true;
  auto place = clients_->enter(client, set_->loop().now());
  if (!place) {
    set_->loop().counters().refused.add();
    abort(Gone::protocol_error);
    return false;
  }
  place_ = std::move(*place);
  return true;
}

// Reads no more than the largest header, so that little of what follows has to be kept.
void Connection::receive_proxy_header() {
  Loop& loop = set_->loop();
  const std::span<char> buffer = loop.receive_buffer().first(kLargestProxyHeader - unread_.size());
  const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
  loop.counters().receives.add();
  if (got < 0) {
    if (errno != EAGAIN && errno != EINTR) abort(Gone::error);
    return;
  }
  if (got == 0) return abort(Gone::peer_closed);
  loop.counters().bytes_in.add(static_cast<std::uint64_t>(got));
  unread_.append(buffer.data(), static_cast<std::size_t>(got));
  const ProxyHeader header = parse_proxy_header(unread_);
  if (header.status == ProxyHeader::Status::incomplete) return;
  if (header.status == ProxyHeader::Status::bad) {
    loop.counters().rejected.add();
    return abort(Gone::protocol_error);
  }
  header_expected_ = false;
  if (!header.client.empty() && !introduce(header.client)) return;
  unread_.erase(0, header.bytes);
  if (tls_) {
    tls_->feed(std::exchange(unread_, {}));
    receive_sealed();
  } else if (!unread_.empty()) {
    take_up_unread();
  }
}

void Connection::take_up_unread() {
  const std::size_t used = process(unread_.data(), unread_.size());
  if (used == unread_.size()) {
    release_large(unread_);
  } else {
    unread_.erase(0, used);
  }
}

std::size_t Connection::process(char* data, std::size_t size) {
  std::size_t used = 0;
  try {
    if (mode_ == Mode::http) used = process_http(data, size);
    // What follows an upgrade in the same bytes is WebSocket already.
    if (mode_ == Mode::websocket) used += process_websocket(data + used, size - used);
  } catch (...) {
    abort(Gone::error);  // where in its input it stood is lost
    throw;
  }
  if (closing_ || doomed_) return size;  // nobody will read the rest
  return used;
}

std::size_t Connection::process_http(char* data, std::size_t size) {
  std::size_t used = 0;
  while (used < size && mode_ == Mode::http && may_process()) {
    const std::size_t available = size - used;
    if (available < awaited_) break;
    HttpRequest& request = set_->scratch_request();
    const HttpHead head = parse_head({data + used, available}, set_->limits(), scanned_, request);
    if (head.status == HttpHead::Status::bad) {
      reject(head.error_status, nullptr);
      break;
    }
    if (!start_request(head, available)) break;
    const std::size_t whole = head.head_bytes + head.body_bytes;
    request.body = {data + used + head.head_bytes, head.body_bytes};
    request.remote_address = remote_address_;
    busy_ = true;
    in_request_ = false;
    keep_alive_ = request.keep_alive;
    head_only_ = request.method == "HEAD";
    ++serial_;
    scanned_ = awaited_ = 0;
    set_->loop().counters().requests.add();
    set_deadline(std::chrono::milliseconds::max());
    set_->service().on_request(*this, request);
    if (held_) {  // goes to another shard, which will read it again
      busy_ = false;
      ++hops_;
      break;
    }
    used += whole;
    hops_ = 0;
  }
  return used;
}

// Whether the request is there to its last byte.
bool Connection::start_request(const HttpHead& head, std::size_t available) {
  const bool first = !in_request_;
  if (first) {
    in_request_ = true;
    set_deadline(set_->limits().request_timeout);
  }
  if (head.status == HttpHead::Status::incomplete) return false;
  const HttpRequest& request = set_->scratch_request();
  if (head.body_bytes > set_->service().body_limit(request)) {
    reject(413, &request);
    return false;
  }
  const std::size_t whole = head.head_bytes + head.body_bytes;
  if (available >= whole) return true;
  if (awaited_ == 0 && head.expects_continue && available == head.head_bytes) {
    outbox_ += "HTTP/1.1 100 Continue\r\n\r\n";
    mark_dirty();
  }
  awaited_ = whole;
  return false;
}

void Connection::reject(unsigned status, const HttpRequest* head) {
  set_->loop().counters().rejected.add();
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=UTF-8";
  response.body = status_text(status);
  if (head != nullptr) set_->service().on_rejected(*head, response);
  write_response(outbox_, response, false, false);
  close();
}

bool Connection::respond(const HttpResponse& response) {
  if (!busy_ || doomed_) return false;
  busy_ = false;
  held_ = false;  // answered before it could go where it was wanted
  listener_ = nullptr;
  const bool keep = keep_alive_ && !peer_shut_;
  write_response(outbox_, response, keep, head_only_);
  mark_dirty();
  if (!keep) {
    close();
    return true;
  }
  set_deadline(set_->limits().idle_timeout);
  watch_for(watched_ | EPOLLIN | EPOLLRDHUP);
  resume_later();
  return true;
}

void Connection::accept_websocket(std::string_view key, ConnectionListener& listener) {
  busy_ = false;
  mode_ = Mode::websocket;
  listener_ = &listener;
  if (tls_) tls_->keep_buffers();
  const int buffer = set_->limits().message_send_buffer;
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  reader_ = std::make_unique<ws::Reader>(set_->max_message());
  frames_ = base::TokenBucket(set_->limits().frames_per_second, set_->limits().frame_burst);
  outbox_ +=
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Accept: ";
  outbox_ += ws::accept_key(key);
  outbox_ += "\r\n\r\n";
  mark_dirty();
}

std::size_t Connection::process_websocket(char* data, std::size_t size) {
  std::size_t used = 0;
  while (used < size && may_process()) {
    if (size - used < awaited_) break;
    const ws::Input input = reader_->next(data + used, size - used);
    awaited_ = input.wanted;
    if (input.kind == ws::Input::Kind::need_more) break;
    if (!frames_.take(ms_of(set_->loop().now()))) {
      set_->loop().counters().errors.add();
      break_off(ws::CloseCode::policy, Gone::protocol_error);
      break;
    }
    if (!handle(input)) break;
    used += input.used;
  }
  return used;
}

bool Connection::handle(const ws::Input& input) {
  switch (input.kind) {
    case ws::Input::Kind::message:
      listener_->on_message(*this, input.opcode == ws::Opcode::binary, input.payload);
      return true;
    case ws::Input::Kind::ping:
      answer_ping(input.payload);
      return true;
    case ws::Input::Kind::pong:
      listener_->on_pong(*this);
      return true;
    case ws::Input::Kind::close:
      // The answer repeats the code, then our side ends; the session is told as of a closed peer.
      break_off(input.code == 1005 ? ws::CloseCode::normal : static_cast<ws::CloseCode>(input.code),
                Gone::peer_closed);
      return false;
    case ws::Input::Kind::error:
      set_->loop().counters().errors.add();
      break_off(static_cast<ws::CloseCode>(input.code), Gone::protocol_error);
      return false;
    default:
      return true;
  }
}

// Closes in good order and tells the listener, whom close() alone would let go untold.
void Connection::break_off(ws::CloseCode code, Gone why) {
  ConnectionListener* listener = std::exchange(listener_, nullptr);
  close(code);
  if (listener != nullptr) listener->on_gone(*this, why);
}

// A peer that sends pings and reads nothing must not fill our memory: while it is stuck only the
// newest ping is remembered, which RFC 6455 5.5.3 allows.
void Connection::answer_ping(std::string_view payload) {
  if (blocked_) {
    owed_pong_ = payload;
    owes_pong_ = true;
    return;
  }
  ws::write_frame(outbox_, ws::Opcode::pong, payload);
  frame_appended();
}

void Connection::write_message(bool binary, std::string_view first, std::string_view second) {
  if (closing_ || doomed_) return;
  if (blocked_) {
    make_room(first.size() + second.size());
  } else if (outbox_.empty() && set_ != nullptr) {
    outbox_ = set_->loop().take_buffer();
  }
  ws::write_frame(outbox_, binary ? ws::Opcode::binary : ws::Opcode::text, first, second);
  frame_appended();
}

// What waits for a slow peer grows by what it needs: doubled, it would hold twice as much.
void Connection::make_room(std::size_t payload) {
  constexpr std::size_t kStep = 4 * 1024;
  const std::size_t needed = outbox_.size() + payload + ws::kMostHead;
  if (needed <= outbox_.capacity()) return;
  std::string larger;
  larger.reserve(needed + kStep);
  larger += outbox_;
  outbox_ = std::move(larger);
}

void Connection::ping() {
  if (closing_ || doomed_) return;
  ws::write_frame(outbox_, ws::Opcode::ping, {});
  frame_appended();
}

void Connection::frame_appended() {
  mark_dirty();
  if (blocked_ && unsent() > set_->max_unsent()) abort(Gone::slow_reader);
}

void Connection::mark_dirty() {
  if (dirty_ || blocked_ || set_ == nullptr) return;
  dirty_ = true;
  set_->loop().mark_dirty(*this);
}

// Makes records of the outbox, and of our last word when there is one. False: the stream is broken.
bool Connection::seal() {
  if (outbox_.empty() && !closing_) return true;
  if (tls_->sealed().empty()) tls_->sealed() = set_->loop().take_buffer();
  if (!outbox_.empty()) {
    if (!tls_->seal(outbox_)) return false;
    set_->loop().give_buffer(outbox_);
  }
  if (closing_) tls_->say_goodbye();
  return true;
}

// A slow peer holds the bytes that it has not taken, and no buffer that others could use.
void Connection::keep_unsent(std::string& bytes) {
  std::string rest(bytes, sent_);
  set_->loop().give_buffer(bytes);
  bytes = std::move(rest);
  sent_ = 0;
}

// One send takes everything that was appended since the last; what the kernel refuses waits for
// EPOLLOUT.
void Connection::on_flush() {
  dirty_ = false;
  if (doomed_) return;
  if (tls_ && !seal()) return abort(Gone::error);
  std::string& bytes = wire();
  if (bytes.empty()) {
    if (closing_) begin_linger();
    return;
  }
  Counters& counters = set_->loop().counters();
  const ssize_t put =
      ::send(fd_, bytes.data() + sent_, bytes.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
  counters.sends.add();
  if (put < 0 && errno != EAGAIN && errno != EINTR) return abort(Gone::error);
  if (put > 0) {
    sent_ += static_cast<std::size_t>(put);
    counters.bytes_out.add(static_cast<std::uint64_t>(put));
  }
  if (unsent() > 0) {
    if (!blocked_ || put > 0) set_deadline(taking_timeout());
    if (!blocked_) keep_unsent(bytes);
    blocked_ = true;
    watch_for(watched_ | EPOLLOUT);
    if (sent_ > kPipelineBacklog) {
      bytes.erase(0, sent_);
      sent_ = 0;
    }
    if (unsent() > set_->max_unsent() && mode_ == Mode::websocket) abort(Gone::slow_reader);
    return;
  }
  set_->loop().give_buffer(bytes);
  sent_ = 0;
  const bool was_blocked = std::exchange(blocked_, false);
  if (was_blocked) watch_for(watched_ & ~EPOLLOUT);
  if (closing_) return begin_linger();
  if (!was_blocked) return;
  set_deadline(mode_ == Mode::http && !busy_ ? set_->limits().idle_timeout
                                             : std::chrono::milliseconds::max());
  watch_for(watched_ | EPOLLIN);
  if (std::exchange(owes_pong_, false)) answer_ping(owed_pong_);
  if (listener_ != nullptr) listener_->on_drained(*this);
  if (!unread_.empty()) resume_later();
}

// Input that came while we could not take it is taken up after the batch, never inside somebody's
// call.
void Connection::resume_later() {
  if (resuming_ || unread_.empty()) return;
  resuming_ = true;
  // By id: the connection may be gone or on another shard by then.
  set_->loop().after_batch([set = set_, id = id_] {
    Connection* connection = set->find(id);
    if (connection == nullptr) return;
    connection->resuming_ = false;
    if (connection->may_process()) connection->take_up_unread();
  });
}

void Connection::close(ws::CloseCode code) {
  if (closing_ || doomed_) return;
  closing_ = true;
  held_ = false;  // it goes nowhere any more, and what still comes must be read and thrown away
  listener_ = nullptr;
  if (mode_ == Mode::websocket) ws::write_close(outbox_, code);
  if (set_ == nullptr) return;
  set_deadline(taking_timeout());
  watch_for(watched_ & ~(EPOLLIN | EPOLLRDHUP));
  if (unsent() > 0 || tls_) {
    mark_dirty();
  } else {
    begin_linger();
  }
}

// Our side ends, the peer's last bytes are read and thrown away: closing with input unread would
// reset the connection and could take the answer back from the peer.
void Connection::begin_linger() {
  if (lingering_ || doomed_) return;
  lingering_ = true;
  ::shutdown(fd_, SHUT_WR);
  set_deadline(set_->limits().linger);
  watch_for(EPOLLIN | EPOLLRDHUP);
}

void Connection::discard_input() {
  const std::span<char> buffer = set_->loop().receive_buffer();
  const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (got > 0) discarded_ += static_cast<std::size_t>(got);
  const bool more = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
  if (!more || discarded_ > set_->limits().linger_bytes) abort(Gone::peer_closed);
}

void Connection::abort(Gone why) {
  if (doomed_) return;
  doomed_ = true;
  gone_ = why;
  if (why == Gone::slow_reader) set_->loop().counters().slow_readers.add();
  // A peer that does not take its bytes would not take our end either: the kernel would keep both
  // for minutes.
  if (blocked_) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  set_->loop().after_batch([set = set_, id = id_] {
    if (Connection* connection = set->find(id)) connection->finish();
  });
}

void Connection::finish() {
  if (ConnectionListener* listener = std::exchange(listener_, nullptr))
    listener->on_gone(*this, gone_);
  set_->destroy(*this);
}

}  // namespace net
