#include "api/admin_link.h"

#include <utility>

#include "base/bytes.h"
#include "base/random.h"
#include "cluster/timing.h"

namespace api {
namespace {

constexpr char kMark = '\xAD';  // frames between shards begin with their version, a small number
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHead = 3;
constexpr std::size_t kMaxWord = 128;  // bytes: ids, codes of errors
constexpr std::size_t kMaxText = cluster::kMaxFrame - 1024;

enum class Kind : std::uint8_t { question, answer };
constexpr std::uint64_t last_of(Kind) { return static_cast<std::uint64_t>(Kind::answer); }

std::string begin(Kind kind, std::uint64_t number) {
  std::string frame(1, kMark);
  base::ByteWriter writer(frame);
  writer.value(kVersion);
  writer.value(kind);
  writer.value(number);
  return frame;
}

base::Error silence() { return {"unavailable", "The node of this lobby does not answer."}; }

}  // namespace

AdminLink::AdminLink(cluster::Channel& channel, Answerer answerer,
                     std::chrono::milliseconds patience)
    : channel_(channel),
      answerer_(std::move(answerer)),
      patience_(patience),
      numbers_(base::secure_u64()) {}

AdminLink::Wait AdminLink::send(const std::string& node, const Question& question) {
  const auto told = std::make_shared<std::promise<NodeAnswer>>();
  Wait wait;
  wait.answer = told->get_future();
  {
    const std::lock_guard lock(mutex_);
    wait.number = ++numbers_;
    asked_[wait.number] = {node, told};
  }
  std::string frame = begin(Kind::question, wait.number);
  base::ByteWriter writer(frame);
  writer.value(question.verb);
  writer.text(question.subject, kMaxWord);
  writer.text(question.detail, kMaxWord);
  wait.sent = channel_.send(node, frame);
  return wait;
}

NodeAnswer AdminLink::receive(Wait& wait, std::chrono::steady_clock::time_point until) {
  const bool came = wait.sent && wait.answer.wait_until(until) == std::future_status::ready;
  {
    const std::lock_guard lock(mutex_);
    asked_.erase(wait.number);
  }
  return came ? wait.answer.get() : silence();
}

NodeAnswer AdminLink::ask(const std::string& node, const Question& question) {
  Wait wait = send(node, question);
  return receive(wait, std::chrono::steady_clock::now() + patience_);
}

std::vector<NodeAnswer> AdminLink::ask_all(const std::vector<std::string>& nodes,
                                           const Question& question) {
  const auto until = std::chrono::steady_clock::now() + patience_;
  std::vector<Wait> waits;
  for (const std::string& node : nodes) waits.push_back(send(node, question));
  std::vector<NodeAnswer> answers;
  for (Wait& wait : waits) answers.push_back(receive(wait, until));
  return answers;
}

bool AdminLink::owns(std::string_view frame) { return !frame.empty() && frame[0] == kMark; }

void AdminLink::hear(std::string_view from, std::string_view frame) {
  if (frame.size() < kHead || !owns(frame) || frame[1] != static_cast<char>(kVersion)) return;
  base::ByteReader reader(frame.substr(2));
  Kind kind{};
  std::uint64_t number = 0;
  reader.value(kind);
  reader.value(number);
  if (kind == Kind::question) {
    Question question;
    reader.value(question.verb);
    question.subject = reader.view(kMaxWord);
    question.detail = reader.view(kMaxWord);
    if (!reader.ok() || !reader.at_end()) return;
    return answerer_(std::move(question),
                     [this, node = std::string(from), number](const NodeAnswer& told) {
                       answer(node, number, told);
                     });
  }
  bool good = false;
  reader.value(good);
  const std::string code(reader.view(kMaxWord));
  const std::string text(reader.view(kMaxText));
  if (!reader.ok() || !reader.at_end()) return;
  const std::lock_guard lock(mutex_);
  const auto asked = asked_.find(number);
  if (asked == asked_.end() || asked->second.node != from) return;  // too late, or not the asked
  asked->second.answer->set_value(good ? NodeAnswer(text) : NodeAnswer(base::Error{code, text}));
  asked_.erase(asked);
}

void AdminLink::answer(const std::string& node, std::uint64_t number, const NodeAnswer& told) {
  std::string frame = begin(Kind::answer, number);
  base::ByteWriter writer(frame);
  writer.value(told.ok());
  writer.text(told.ok() ? "" : told.error().code, kMaxWord);
  writer.text(told.ok() ? *told : told.error().message, kMaxText);
  // One that does not go out is as good as lost: the asker stops waiting.
  (void)channel_.send(node, frame);
}

}  // namespace api
