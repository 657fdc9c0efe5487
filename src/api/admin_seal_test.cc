#include "api/admin_seal.h"

#include <gtest/gtest.h>

namespace api {
namespace {

const std::string kOld(32, 'o');
const std::string kNew(32, 'n');

// O5: the secret of an authenticator app is kept encrypted.
TEST(AdminSeal, OpensWhatItClosedForItsOwnerOnly) {
  const Seal seal({kNew});
  const std::string sealed = seal.close("twenty secret bytes!", "ada");
  EXPECT_EQ(sealed.find("secret"), std::string::npos);
  EXPECT_EQ(seal.open(sealed, "ada"), "twenty secret bytes!");
  EXPECT_EQ(seal.open(sealed, "bo"), std::nullopt);
  EXPECT_NE(seal.close("twenty secret bytes!", "ada"), sealed) << "no nonce is used twice";
}

TEST(AdminSeal, GoesOnWithTheOldSecretWhileItIsBeingChanged) {
  const std::string sealed = Seal({kOld}).close("x", "ada");
  EXPECT_EQ(Seal({kNew, kOld}).open(sealed, "ada"), "x");
  EXPECT_EQ(Seal({kNew}).open(sealed, "ada"), std::nullopt);
  EXPECT_EQ(Seal({kOld}).open(Seal({kNew, kOld}).close("y", "ada"), "ada"), std::nullopt);
}

TEST(AdminSeal, EveryChangedByteIsNoticed) {
  const Seal seal({kNew});
  const std::string sealed = seal.close("abc", "ada");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(seal.open(changed, "ada"), std::nullopt) << i;
  }
  for (const std::string_view junk : {"", "A", "AAAA", "not base64 at all!"})
    EXPECT_EQ(seal.open(junk, "ada"), std::nullopt) << junk;
}

}  // namespace
}  // namespace api
