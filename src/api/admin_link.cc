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

NodeAnswer AdminLink::ask(const std::string& node, const Question& question) {
  const auto told = std::make_shared<std::promise<NodeAnswer>>();
  std::future<NodeAnswer> answer = told->get_future();
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++numbers_;
    asked_[number] = {node, told};
  }
  std::string frame = begin(Kind::question, number);
  base::ByteWriter writer(frame);
  writer.value(question.verb);
  writer.text(question.subject, kMaxWord);
  writer.text(question.detail, kMaxWord);
  const bool sent = channel_.send(node, frame);
  const bool came = sent && answer.wait_for(patience_) == std::future_status::ready;
  {
    const std::lock_guard lock(mutex_);
    asked_.erase(number);
  }
  return came ? answer.get() : silence();
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
