// A2: passwords.

#include "accounts/password.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

constexpr int kCheap = 4;  // the least bcrypt has, to keep tests quick

TEST(Password, A2_FitsItsHashAndNoOther) {
  const auto hash = hash_password("correct horse", kCheap);
  ASSERT_TRUE(hash.ok());
  EXPECT_EQ(hash->substr(0, 7), "$2b$04$");
  EXPECT_TRUE(password_fits("correct horse", *hash));
  EXPECT_FALSE(password_fits("Correct horse", *hash));
  EXPECT_FALSE(password_fits("", *hash));
  EXPECT_NE(*hash_password("correct horse", kCheap), *hash) << "a salt of its own";
}

// Vectors of crypt_blowfish and of the OpenBSD test suite; "$2a$" is what node's bcrypt wrote for
// years.
TEST(Password, A2_HashesOfOtherImplementationsFit) {
  EXPECT_TRUE(password_fits("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
  EXPECT_TRUE(
      password_fits("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"));
  EXPECT_TRUE(
      password_fits("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"));
  EXPECT_TRUE(password_fits("\xff\xff\xa3",
                            "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"));
  EXPECT_FALSE(
      password_fits("U*U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

TEST(Password, A2_LengthIsBoundedAtRegistration) {
  EXPECT_FALSE(check_new_password("1234567").ok());
  EXPECT_TRUE(check_new_password("12345678").ok());
  EXPECT_TRUE(check_new_password(std::string(72, 'x')).ok());
  EXPECT_FALSE(check_new_password(std::string(73, 'x')).ok());
  EXPECT_FALSE(check_new_password(std::string("1234\0"
                                              "56789",
                                              10))
                   .ok());
}

TEST(Password, A2_WhatBcryptWouldCutOffDoesNotFit) {
  const auto hash = hash_password(std::string(72, 'x'), kCheap);
  EXPECT_TRUE(password_fits(std::string(72, 'x'), *hash));
  EXPECT_FALSE(password_fits(std::string(73, 'x'), *hash));
  EXPECT_FALSE(password_fits(std::string(100'000, 'x'), *hash));
  const auto short_hash = hash_password("12345678", kCheap);
  EXPECT_FALSE(password_fits(std::string("12345678\0more", 13), *short_hash));
}

TEST(Password, A2_CostIsReadFromTheHash) {
  EXPECT_EQ(cost_of(*hash_password("12345678", 5)), 5);
  for (const char* text : {"", "$2b$10$", "plain", "$1$abc$def", "$5$rounds=5000$x$y", "*0",
                           "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                           "$2a$5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWx"}) {
    EXPECT_EQ(cost_of(text), 0) << text;
    EXPECT_FALSE(password_fits("U*U", text)) << text;
  }
}

}  // namespace
}  // namespace accounts
