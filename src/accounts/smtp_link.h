#pragma once

// One connection to a mail server: lines out, replies in, plain or under TLS.

#include <memory>
#include <string>

#include "accounts/smtp_reply.h"
#include "base/error.h"

namespace accounts {

class SmtpLink {
 public:
  // Waits at most ten seconds for each step.
  static base::Result<std::unique_ptr<SmtpLink>> connect(const std::string& host,
                                                         const std::string& port);
  ~SmtpLink();
  SmtpLink(const SmtpLink&) = delete;
  SmtpLink& operator=(const SmtpLink&) = delete;

  // Begins TLS and checks that the certificate is trusted and the host's. `ca_file` "" = the
  // system's.
  base::Result<void> begin_tls(const std::string& host, const std::string& ca_file);
  bool has_tls() const;

  base::Result<void> write(const std::string& bytes);

  base::Result<SmtpReply> read_reply();

 private:
  struct Tls;
  explicit SmtpLink(int fd);

  int fd_;
  std::unique_ptr<Tls> tls_;
  SmtpReplyReader replies_;
};

}  // namespace accounts
