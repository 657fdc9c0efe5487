#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace base {
namespace {

std::string decimal(double value, int places) {
  std::string out;
  JsonWriter(out).decimal(value, places);
  return out;
}

std::string text(std::string_view value) {
  std::string out;
  JsonWriter(out).text(value);
  return out;
}

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  std::string out = "42";
  JsonWriter json(out);
  json.begin_array().text("name").begin_object();
  json.member("a", 1).member("b", "x").member("c", true);
  json.key("d")
      .begin_array()
      .integer(-1)
      .begin_object()
      .end_object()
      .begin_array()
      .end_array()
      .null()
      .end_array();
  json.key_text("e\"").begin_object().member("f", 1.5, 2).end_object();
  json.end_object().end_array();
  EXPECT_EQ(out, R"(42["name",{"a":1,"b":"x","c":true,"d":[-1,{},[],null],"e\"":{"f":1.5}}])");
}

TEST(JsonWriter, PointsAreObjects) {
  std::string out;
  JsonWriter json(out);
  json.begin_array().point(1.5, -2, 2).point(0.126, 1e300, 2).end_array();
  EXPECT_EQ(out, R"([{"x":1.5,"y":-2},{"x":0.13,"y":90000000000000000}])");
}

TEST(JsonWriter, RawCountsAsAValue) {
  std::string out;
  JsonWriter json(out);
  json.begin_array().raw("1,2").raw("{}").end_array();
  EXPECT_EQ(out, "[1,2,{}]");
}

TEST(JsonWriter, IntegersReachTheirLimits) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  json.integer(std::numeric_limits<std::int64_t>::min())
      .integer(std::numeric_limits<std::int64_t>::max());
  json.integer(0).unsigned_integer(std::numeric_limits<std::uint64_t>::max());
  json.end_array();
  EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807,0,18446744073709551615]");
}

TEST(JsonWriter, DecimalsAreRoundedAndShort) {
  EXPECT_EQ(decimal(0.0, 2), "0");
  EXPECT_EQ(decimal(-0.0, 2), "0");
  EXPECT_EQ(decimal(-0.004, 2), "0");
  EXPECT_EQ(decimal(-0.006, 2), "-0.01");
  EXPECT_EQ(decimal(1.0, 2), "1");
  EXPECT_EQ(decimal(10.0, 0), "10");
  EXPECT_EQ(decimal(1.5, 0), "2");
  EXPECT_EQ(decimal(243.3333333, 2), "243.33");
  EXPECT_EQ(decimal(99.999, 2), "100");
  EXPECT_EQ(decimal(0.05, 2), "0.05");
  EXPECT_EQ(decimal(100.10, 2), "100.1");
  EXPECT_EQ(decimal(-3.14159265, 4), "-3.1416");
  EXPECT_EQ(decimal(205.003, 6), "205.003");
  EXPECT_EQ(decimal(-1000.0, 2), "-1000");
  EXPECT_EQ(decimal(1795341643287.0, 3), "1795341643287");
  EXPECT_EQ(decimal(1795341643287.25, 3), "1795341643287.25");
  EXPECT_EQ(decimal(7.0, 99), "7");
  EXPECT_EQ(decimal(7.4, -1), "7");
}

TEST(JsonWriter, S2_NumbersAreNeverNanInfinityOrExponents) {
  EXPECT_EQ(decimal(std::numeric_limits<double>::quiet_NaN(), 2), "0");
  EXPECT_EQ(decimal(std::numeric_limits<double>::infinity(), 2), "0");
  EXPECT_EQ(decimal(-std::numeric_limits<double>::infinity(), 2), "0");
  EXPECT_EQ(decimal(1e308, 6), "9000000000000");
  EXPECT_EQ(decimal(-1e308, 6), "-9000000000000");
  EXPECT_EQ(decimal(std::numeric_limits<double>::denorm_min(), 6), "0");
}

// Every two-decimal number of the arena reads back as itself.
TEST(JsonWriter, DecimalsReadBack) {
  for (int hundredths = -60'000; hundredths <= 60'000; ++hundredths) {
    const double value = hundredths / 100.0;
    ASSERT_EQ(std::stod(decimal(value, 2)), value) << hundredths;
  }
}

TEST(JsonWriter, TextIsEscaped) {
  EXPECT_EQ(text(""), R"("")");
  EXPECT_EQ(text("plain"), R"("plain")");
  EXPECT_EQ(text("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
  EXPECT_EQ(text(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
  EXPECT_EQ(text("h\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "\"h\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"");
}

TEST(JsonWriter, TextThatIsNotUtf8IsReplaced) {
  EXPECT_EQ(text("a\xff"
                 "b"),
            R"("a\ufffdb")");
  EXPECT_EQ(text("\xc3"), R"("\ufffd")");                                // cut short
  EXPECT_EQ(text("\xc0\xaf"), R"("\ufffd\ufffd")");                      // overlong
  EXPECT_EQ(text("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");            // surrogate
  EXPECT_EQ(text("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");  // beyond U+10FFFF
  EXPECT_EQ(text("\xf0\x80\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");
  EXPECT_EQ(text("\xe0\x80\x80"), R"("\ufffd\ufffd\ufffd")");
}

}  // namespace
}  // namespace base
