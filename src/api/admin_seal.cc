#include "api/admin_seal.h"

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>

#include "accounts/encoding.h"
#include "base/random.h"

namespace api {
namespace {

constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Context new_context() {
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  if (!context) throw std::bad_alloc();
  return context;
}

const unsigned char* in(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* out(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// HKDF (RFC 5869) for one block of output: extract with a salt of zeros, expand with a label.
std::string key_from(const std::string& secret) {
  const std::string pseudo_random = accounts::hmac_sha256(std::string(32, '\0'), secret);
  return accounts::hmac_sha256(pseudo_random, std::string("trespasser staff factors") + '\x01');
}

void must(int done) {
  if (done != 1) throw std::runtime_error("AES-256-GCM is not available");
}

std::optional<std::string> open_with(const std::string& key, std::string_view bytes,
                                     std::string_view owner) {
  const std::string_view nonce = bytes.substr(0, kNonce);
  const std::string_view body = bytes.substr(kNonce, bytes.size() - kNonce - kTag);
  std::string tag(bytes.substr(bytes.size() - kTag));
  std::string plain(body.size(), '\0');
  const Context context = new_context();
  int size = 0;
  must(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(key), in(nonce)));
  must(EVP_DecryptUpdate(context.get(), nullptr, &size, in(owner), static_cast<int>(owner.size())));
  must(
      EVP_DecryptUpdate(context.get(), out(plain), &size, in(body), static_cast<int>(body.size())));
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()));
  if (EVP_DecryptFinal_ex(context.get(), out(plain) + size, &size) != 1) return std::nullopt;
  return plain;
}

}  // namespace

Seal::Seal(const std::vector<std::string>& token_secrets) {
  for (const std::string& secret : token_secrets) keys_.push_back(key_from(secret));
}

std::string Seal::close(std::string_view plain, std::string_view owner) const {
  std::string nonce(kNonce, '\0');
  base::secure_bytes(std::as_writable_bytes(std::span(nonce)));
  std::string body(plain.size(), '\0');
  std::string tag(kTag, '\0');
  const Context context = new_context();
  int size = 0;
  must(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(keys_.front()), in(nonce)));
  must(EVP_EncryptUpdate(context.get(), nullptr, &size, in(owner), static_cast<int>(owner.size())));
  must(EVP_EncryptUpdate(context.get(), out(body), &size, in(plain),
                         static_cast<int>(plain.size())));
  must(EVP_EncryptFinal_ex(context.get(), out(body) + size, &size));
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, tag.data()));
  return accounts::to_base64url(nonce + body + tag);
}

std::optional<std::string> Seal::open(std::string_view sealed, std::string_view owner) const {
  const auto bytes = accounts::from_base64url(sealed);
  if (!bytes || bytes->size() < kNonce + kTag) return std::nullopt;
  for (const std::string& key : keys_) {
    if (auto plain = open_with(key, *bytes, owner)) return plain;
  }
  return std::nullopt;
}

}  // namespace api
