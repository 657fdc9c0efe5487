#include "lobby/save_pack.h"

#include <zstd.h>

#include <new>

namespace lobby {
namespace {

constexpr int kLevel = 1;
constexpr std::size_t kMaxSave = 512 * 1024;  // many times what a lobby of eight needs

}  // namespace

SavePacker::SavePacker() : context_(ZSTD_createCCtx()) {
  if (context_ == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
}

SavePacker::~SavePacker() { ZSTD_freeCCtx(context_); }

bool SavePacker::pack(std::string_view save, std::string& out) {
  out.resize(ZSTD_compressBound(save.size()));
  const std::size_t size =
      ZSTD_compress2(context_, out.data(), out.size(), save.data(), save.size());
  const bool done = ZSTD_isError(size) == 0;
  out.resize(done ? size : 0);
  return done;
}

base::Result<std::string> unpack_save(std::string_view packed) {
  const base::Error damaged{"invalid", "lobby save: cannot be unpacked"};
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > kMaxSave)
    return damaged;
  std::string save(static_cast<std::size_t>(size), '\0');
  const std::size_t got = ZSTD_decompress(save.data(), save.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) != 0 || got != save.size()) return damaged;
  return save;
}

}  // namespace lobby
