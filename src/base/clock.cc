#include "base/clock.h"

#include <algorithm>
#include <array>

namespace base {
namespace {

void put_digits(char* at, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

}  // namespace

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_now().time_since_epoch())
      .count();
}

void append_iso8601(std::string& out, std::int64_t wall_ms) {
  using std::chrono::milliseconds;
  constexpr std::int64_t kYear0 = -62'167'219'200'000;
  constexpr std::int64_t kYear9999 = 253'402'300'799'999;
  const std::chrono::sys_time<milliseconds> time{
      milliseconds(std::clamp(wall_ms, kYear0, kYear9999))};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<milliseconds> clock{time - day};
  std::array<char, 24> text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                            '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  put_digits(&text[0], static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put_digits(&text[5], static_cast<unsigned>(date.month()), 2);
  put_digits(&text[8], static_cast<unsigned>(date.day()), 2);
  put_digits(&text[11], static_cast<unsigned>(clock.hours().count()), 2);
  put_digits(&text[14], static_cast<unsigned>(clock.minutes().count()), 2);
  put_digits(&text[17], static_cast<unsigned>(clock.seconds().count()), 2);
  put_digits(&text[20], static_cast<unsigned>(clock.subseconds().count()), 3);
  out.append(text.data(), text.size());
}

std::string iso8601(std::int64_t wall_ms) {
  std::string out;
  append_iso8601(out, wall_ms);
  return out;
}

}  // namespace base
