#pragma once

// For tests of frames: a receiver that notes, a channel that swallows.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/channel.h"
#include "session/frames.h"

namespace session::testing {

class SilentChannel final : public cluster::Channel {
 public:
  bool send(std::string_view, std::string_view) override { return true; }
  bool notify_all(std::string_view) override { return true; }
  void on_frame(std::function<void(std::string_view, std::string_view)>) override {}
  void on_notice(std::function<void(std::string_view, std::string_view)>) override {}
  void on_unreachable(std::function<void(std::string_view)>) override {}
};

class Notes final : public frames::Receiver {
 public:
  void take(const frames::Join& message) override { note('j'), joins.push_back(message); }
  void take(const frames::Leave&) override { note('l'); }
  void take(const frames::TransportLost&) override { note('t'); }
  void take(const frames::Resume&) override { note('r'); }
  void take(const frames::GreetAgain&) override { note('g'); }
  void take(const frames::TakeOver& message) override { note('T'), take_overs.push_back(message); }
  void take(const frames::Identify& message) override { note('i'), identified.push_back(message); }
  void take(const frames::ClientEvent&) override { note('e'); }
  void take(const frames::Order& message) override { note('o'), orders.push_back(message); }
  void take(const frames::StillHere&) override { note('h'); }
  void take(const frames::SeatWanted&) override { note('w'); }
  void take(const frames::Packet& message) override {
    note('p'), packets.emplace_back(message.bytes);
  }
  void take(const frames::Seated& message) override { note('s'), seated.push_back(message); }
  void take(const frames::Refused&) override { note('R'); }
  void take(const frames::HandedOver&) override { note('H'); }
  void take(const frames::Unseated&) override { note('u'); }
  void take(const frames::AccountHere&) override { note('a'); }

  std::string order;  // a letter a message
  std::vector<frames::Join> joins;
  std::vector<frames::TakeOver> take_overs;
  std::vector<frames::Identify> identified;
  std::vector<frames::Order> orders;
  std::vector<std::string> packets;
  std::vector<frames::Seated> seated;

 private:
  void note(char kind) { order += kind; }
};

}  // namespace session::testing
