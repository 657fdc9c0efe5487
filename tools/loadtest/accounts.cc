#include "loadtest/accounts.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

namespace loadtest {
namespace {

constexpr const char* kPassword = "load test, nobody's own";

base::Result<Account> parse_line(const std::string& line, const std::string& file, int number) {
  const std::size_t first = line.find('\t');
  const std::size_t second = first == std::string::npos ? first : line.find('\t', first + 1);
  if (second == std::string::npos) {
    return base::Error{"invalid", file + ":" + std::to_string(number) +
                                      ": not e-mail, password and name with tabs between"};
  }
  return Account{line.substr(0, first), line.substr(first + 1, second - first - 1),
                 line.substr(second + 1), true};
}

base::Result<std::vector<Account>> read_all(const std::string& file) {
  std::vector<Account> accounts;
  if (file.empty() || !std::filesystem::exists(file)) return accounts;
  std::ifstream in(file);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    auto account = parse_line(line, file, number);
    if (!account) return account.error();
    accounts.push_back(std::move(account).value());
  }
  if (in.bad() || !in.eof()) {
    return base::Error{"unavailable", file + " cannot be read: " + std::strerror(errno)};
  }
  return accounts;
}

}  // namespace

base::Result<std::vector<Account>> read_accounts(const std::string& file, int players,
                                                 const std::string& run) {
  auto read = read_all(file);
  if (!read) return read.error();
  std::vector<Account> accounts = std::move(read).value();
  const auto wanted = static_cast<std::size_t>(players);
  if (accounts.size() > wanted) accounts.resize(wanted);
  while (accounts.size() < wanted) {
    const std::string number = std::to_string(accounts.size());
    accounts.push_back(
        {"load-" + run + "-" + number + "@example.org", kPassword, "Load " + number});
  }
  return accounts;
}

base::Result<void> write_accounts(const std::string& file, const std::vector<Account>& accounts) {
  auto before = read_all(file);
  if (!before) return before.error();
  // Written beside and then renamed: whoever is stopped meanwhile keeps the accounts of before.
  const std::string beside = file + ".new";
  std::ofstream out(beside);
  std::set<std::string> written;
  const auto write = [&](const Account& account) {
    if (account.made && written.insert(account.email).second) {
      out << account.email << '\t' << account.password << '\t' << account.name << '\n';
    }
  };
  for (const Account& account : accounts) write(account);
  for (const Account& account : *before) write(account);
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(beside, file, failed);
  if (!out || failed) return base::Error{"unavailable", file + " cannot be written"};
  return {};
}

}  // namespace loadtest
