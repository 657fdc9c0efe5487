#include "net/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

namespace net {

namespace {

// A peer may change its keys now and then (RFC 8446 4.6.3); each time costs as much as opening a
// hundred of its messages. No client does it within a match.
constexpr int kKeyUpdates = 32;

}  // namespace

TlsStream::TlsStream(ssl_ctx_st& context) : session_(SSL_new(&context)) {
  BIO* bio = session_ == nullptr ? nullptr : BIO_new(method());
  if (bio == nullptr) {
    SSL_free(session_);
    throw std::bad_alloc();
  }
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(session_, bio, bio);
  SSL_set_app_data(session_, this);
  SSL_set_accept_state(session_);
}

TlsStream::~TlsStream() { SSL_free(session_); }

const bio_method_st* TlsStream::method() {
  static const BIO_METHOD* const made = [] {
    BIO_METHOD* fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection");
    if (fresh == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(fresh, bio_read);
    BIO_meth_set_write(fresh, bio_write);
    BIO_meth_set_ctrl(fresh, bio_control);
    return fresh;
  }();
  return made;
}

int TlsStream::bio_read(bio_st* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  bool again = false;
  const int got = static_cast<TlsStream*>(BIO_get_data(bio))
                      ->receive(into, static_cast<std::size_t>(std::max(size, 0)), again);
  if (again) BIO_set_retry_read(bio);
  return got;
}

// The number of bytes; 0 at the end; -1 for a failure or, with `again`, for nothing yet.
int TlsStream::receive(char* into, std::size_t size, bool& again) {
  if (!fed_.empty()) {
    const std::size_t part = std::min(size, fed_.size());
    std::memcpy(into, fed_.data(), part);
    fed_.erase(0, part);
    return static_cast<int>(part);
  }
  again = !may_receive_;
  if (again) return -1;
  may_receive_ = false;
  const ssize_t got = ::recv(fd_, into, size, 0);
  again = got < 0 && (errno == EAGAIN || errno == EINTR);
  at_end_ = got == 0;
  if (got > 0) received_ += static_cast<std::size_t>(got);
  return static_cast<int>(got);
}

int TlsStream::bio_write(bio_st* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  try {
    static_cast<TlsStream*>(BIO_get_data(bio))
        ->sealed_.append(bytes, static_cast<std::size_t>(size));
  } catch (const std::exception&) {
    return -1;  // no memory: OpenSSL's own callers must not be unwound; the stream breaks
  }
  return size;
}

long TlsStream::bio_control(bio_st* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return static_cast<TlsStream*>(BIO_get_data(bio))->at_end_ ? 1 : 0;
  return 0;
}

void TlsStream::watch_messages(ssl_ctx_st& context) {
  SSL_CTX_set_msg_callback(&context, on_message);
}

void TlsStream::on_message(int written, int, int type, const void* bytes, std::size_t size,
                           ssl_st* session, void*) {
  if (written == 0 && type == SSL3_RT_HANDSHAKE && size > 0 &&
      *static_cast<const unsigned char*>(bytes) == SSL3_MT_KEY_UPDATE) {
    ++static_cast<TlsStream*>(SSL_get_app_data(session))->key_updates_;
  }
}

TlsStream::Input TlsStream::read(int fd, std::span<char> into) {
  Input input;
  if (broken_) {
    input.failed = true;
    return input;
  }
  fd_ = fd;
  received_ = 0;
  may_receive_ = true;
  ERR_clear_error();  // SSL_get_error looks at what others of this thread may have left
  int outcome = SSL_ERROR_NONE;
  while (outcome == SSL_ERROR_NONE && input.bytes < into.size()) {
    std::size_t got = 0;
    const int done =
        SSL_read_ex(session_, into.data() + input.bytes, into.size() - input.bytes, &got);
    input.bytes += got;
    outcome = SSL_get_error(session_, done);
  }
  may_receive_ = false;
  input.received = received_;
  input.ended = outcome == SSL_ERROR_ZERO_RETURN;
  if (outcome != SSL_ERROR_NONE && outcome != SSL_ERROR_WANT_READ && !input.ended) broken_ = true;
  if (key_updates_ > kKeyUpdates) broken_ = true;
  input.failed = broken_;
  ERR_clear_error();
  return input;
}

bool TlsStream::seal(std::string_view plain) {
  if (broken_) return false;
  ERR_clear_error();
  std::size_t put = 0;
  broken_ = SSL_write_ex(session_, plain.data(), plain.size(), &put) != 1;
  if (broken_) ERR_clear_error();
  return !broken_;
}

void TlsStream::say_goodbye() {
  if (broken_ || goodbye_said_ || !established()) return;
  goodbye_said_ = true;
  ERR_clear_error();
  if (SSL_shutdown(session_) < 0) broken_ = true;
  ERR_clear_error();
}

bool TlsStream::established() const { return SSL_is_init_finished(session_) == 1; }

void TlsStream::keep_buffers() { SSL_clear_mode(session_, SSL_MODE_RELEASE_BUFFERS); }

}  // namespace net
