#pragma once

// For tests: a decoder and its last event.

#include <gtest/gtest.h>

#include <string_view>

#include "wire/client_event.h"

namespace wire::test {

class ClientEventTest : public ::testing::Test {
 protected:
  DecodeStatus decode(std::string_view name, std::string_view args) {
    return decoder_.decode(name, args, event_);
  }
  bool ok(std::string_view name, std::string_view args) {
    return decode(name, args) == DecodeStatus::ok;
  }
  bool bad(std::string_view name, std::string_view args) {
    const bool malformed = decode(name, args) == DecodeStatus::malformed;
    return malformed && event_.kind == client_kind(name) &&
           std::holds_alternative<std::monostate>(event_.body);
  }
  const sim::Command& command() const { return event_.as<sim::Command>(); }

  Decoder decoder_;
  ClientEvent event_;
};

}  // namespace wire::test
