#pragma once

// Mail to players: a queue with a thread of its own, and the ways out.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/error.h"

namespace accounts {

struct Mail {
  std::string to;       // normal_email()
  std::string subject;  // ASCII, one line
  std::string text;     // UTF-8, lines end with '\n'
};

// Mails to players. send() only queues: waiting for a mail server would tell who has an account.
// Thread safe.
class Mailer {
 public:
  virtual ~Mailer() = default;
  // "unavailable" when too many are waiting.
  virtual base::Result<void> send(Mail mail) = 0;
};

// A way out. Used by one thread; blocks, for half a minute at most.
class MailTransport {
 public:
  virtual ~MailTransport() = default;
  // "invalid": this mail will never go. "unavailable": it may go later.
  virtual base::Result<void> deliver(const Mail& mail) = 0;
};

// Appends mails to a file, readable by the owner only: what a server does that has no mail server.
// Mails hold links that open accounts, so they go neither to the console nor to the common log.
std::unique_ptr<MailTransport> make_file_transport(std::string path);

struct SmtpOptions {
  // smtp://[user:password@]host[:port] (port 25; 587 with a user) or smtps:// (TLS from the first
  // byte, port 465). Over smtp:// TLS is begun when the server offers it; user and password are
  // never sent without. Certificates are checked.
  std::string url;
  std::string from;     // address of the sender
  std::string ca_file;  // certificates to trust; "" = the system's
};
// "invalid" when url or from are malformed.
base::Result<std::unique_ptr<MailTransport>> make_smtp_transport(SmtpOptions options);

// Delivers in the background; a mail that does not go is tried three times, a minute apart, then
// logged and dropped. The destructor drops what is left.
class MailQueue final : public Mailer {
 public:
  explicit MailQueue(std::unique_ptr<MailTransport> transport,
                     std::chrono::milliseconds pause = std::chrono::minutes(1));
  ~MailQueue() override;
  base::Result<void> send(Mail mail) override;

 private:
  void work_off();

  const std::unique_ptr<MailTransport> transport_;
  const std::chrono::milliseconds pause_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Mail> mails_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace accounts
