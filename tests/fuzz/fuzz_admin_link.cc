// LINK: api
// What another node says to staff's API: as a frame of its own, and, since no mutation guesses the
// number of a question, with that number put in the place of its own while we wait for an answer.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "api/admin_link.h"
#include "cluster/timing.h"

namespace {

constexpr std::size_t kNumberAt = 3;  // behind mark, version and kind
constexpr std::size_t kNumberBytes = 8;

void require(bool holds) {
  if (!holds) std::abort();
}

// A way to a node that answers each question with the same bytes.
class Echo final : public cluster::Channel {
 public:
  bool send(std::string_view node, std::string_view frame) override {
    if (link == nullptr) return true;
    std::string answer = bytes;
    if (answer.size() >= kNumberAt + kNumberBytes)
      answer.replace(kNumberAt, kNumberBytes, frame.substr(kNumberAt, kNumberBytes));
    link->hear("stranger", answer);  // whom nobody asked
    link->hear(node, answer);
    link->hear(node, answer);  // twice: the second one comes too late
    return true;
  }
  bool notify_all(std::string_view) override { return false; }
  void on_frame(std::function<void(std::string_view, std::string_view)>) override {}
  void on_notice(std::function<void(std::string_view, std::string_view)>) override {}
  void on_unreachable(std::function<void(std::string_view)>) override {}

  api::AdminLink* link = nullptr;
  std::string bytes;
};

void check(const api::Question& question) {
  require(static_cast<std::uint64_t>(question.verb) <= api::last_of(question.verb));
  require(question.subject.size() <= 128 && question.detail.size() <= 128);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Echo channel;
  static int questions = 0;
  static api::AdminLink link(
      channel,
      [](const api::Question& question, const std::function<void(const api::NodeAnswer&)>& done) {
        ++questions;
        check(question);
        done(std::string("told"));
      },
      std::chrono::milliseconds(0));
  channel.bytes.assign(reinterpret_cast<const char*>(data), size);
  channel.link = nullptr;
  questions = 0;
  link.hear("other", channel.bytes);
  require(questions <= 1 && (questions == 0 || api::AdminLink::owns(channel.bytes)));
  const bool is_question = questions == 1;
  channel.link = is_question ? nullptr : &link;  // a question is no answer, and would be echoed
  const api::NodeAnswer told = link.ask("other", {api::Verb::view, "LOBBY"});
  if (told.ok()) {
    require(!is_question && told->size() < cluster::kMaxFrame && told->size() < size);
  } else {
    require(told.error().code.size() <= 128);
  }
  return 0;
}
