#include "accounts/mail.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/log.h"

namespace accounts {
namespace {

constexpr std::size_t kMostWaiting = 1000;
constexpr int kTries = 3;

class FileTransport final : public MailTransport {
 public:
  explicit FileTransport(std::string path) : path_(std::move(path)) {}

  base::Result<void> deliver(const Mail& mail) override {
    const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return base::Error{"unavailable", path_ + ": " + std::strerror(errno)};
    const std::string text =
        "To: " + mail.to + "\nSubject: " + mail.subject + "\n\n" + mail.text + "\n";
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(fd);
    return written ? base::Result<void>()
                   : base::Result<void>(base::Error{"unavailable", "cannot write " + path_});
  }

 private:
  const std::string path_;
};

}  // namespace

std::unique_ptr<MailTransport> make_file_transport(std::string path) {
  return std::make_unique<FileTransport>(std::move(path));
}

MailQueue::MailQueue(std::unique_ptr<MailTransport> transport, std::chrono::milliseconds pause)
    : transport_(std::move(transport)), pause_(pause), thread_([this] { work_off(); }) {}

MailQueue::~MailQueue() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    if (!mails_.empty()) base::log::warn("mail_dropped", {{"mails", mails_.size()}});
  }
  changed_.notify_all();
  thread_.join();
}

base::Result<void> MailQueue::send(Mail mail) {
  {
    std::lock_guard lock(mutex_);
    if (mails_.size() >= kMostWaiting)
      return base::Error{"unavailable", "too many mails are waiting"};
    mails_.push_back(std::move(mail));
  }
  changed_.notify_one();
  return {};
}

void MailQueue::work_off() {
  for (int tries = 0;;) {
    Mail mail;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closing_ || !mails_.empty(); });
      if (closing_) return;
      mail = mails_.front();
    }
    const auto sent = transport_->deliver(mail);
    ++tries;
    const bool again = !sent.ok() && sent.error().code == "unavailable" && tries < kTries;
    if (!sent.ok())
      base::log::error("mail_failed", {{"reason", sent.error().message}, {"again", again}});
    std::unique_lock lock(mutex_);
    if (again) {
      changed_.wait_for(lock, pause_, [&] { return closing_; });
      continue;
    }
    mails_.pop_front();
    tries = 0;
  }
}

}  // namespace accounts
