#include "sio/json_scan.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>
#include <string>
#include <vector>

namespace sio {
namespace {

TEST(JsonScan, Valid) {
  for (const char* text : {"0", "-0", "1e400", "-1.5E-3", "\"\"", "\"\\u12aF\\n\\/\"", "[]", "{}",
                           " [ 1 , {\"a\" : null } ] ", "true", "false", "null", "9007199254740993",
                           "{\"a\":1,\"a\":2}", "\"\xc3\xa9\""}) {
    EXPECT_TRUE(valid_json(text)) << text;
  }
}

TEST(JsonScan, Invalid) {
  for (const char* text :
       {"",        " ",        "NaN",   "Infinity",   "-",         "+1",          "01",
        "1.",      ".5",       "1e",    "1e+",        "0x1",       "tru",         "nul",
        "nulll",   "'a'",      "\"",    "\"\\x\"",    "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"",
        "\"\t\"",  "[",        "]",     "[1,]",       "[,1]",      "[1 2]",       "{",
        "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{1:1}",     "1 2",         "[]]",
        "//",      "\\"}) {
    EXPECT_FALSE(valid_json(text)) << text;
  }
  EXPECT_FALSE(valid_json(std::string_view("\"a\0\"", 4)));
}

TEST(JsonScan, DepthIsBounded) {
  for (const int depth : {1, kMaxJsonDepth, kMaxJsonDepth + 1, 1'000'000}) {
    const auto size = static_cast<std::size_t>(depth);
    EXPECT_EQ(valid_json(std::string(size, '[') + std::string(size, ']')), depth <= kMaxJsonDepth)
        << depth;
    EXPECT_FALSE(valid_json(std::string(size, '[')));
  }
}

// The same verdict as simdjson on texts made by damaging good ones.
TEST(JsonScan, AgreesWithSimdjsonOnDamagedTexts) {
  const std::vector<std::string> seeds = {
      R"(["player:input",{"keys":{"w":true,"a":false},"mouse":{"x":1.5,"y":-20e3},"sequence":12,"t":1700000000000}])",
      R"([null,true,false,"\u00e9\"\\",[[]],{"a":{"b":[1,2,3]}},0.5,-0])"};
  const std::string letters = "[]{}\",:\\0123456789.-+eEu ntrfals\n\t\x01";
  std::mt19937 random(17);
  simdjson::dom::parser parser;
  int good = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (unsigned n = random() % 4; n > 0; --n) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = letters[random() % letters.size()];
      } else {
        text.erase(at, 1 + random() % 3);
      }
    }
    simdjson::dom::element element;
    const auto error = parser.parse(text).get(element);
    if (error == simdjson::NUMBER_ERROR)
      continue;  // includes numbers beyond a double, which are fine for us
    ASSERT_EQ(valid_json(text), error == simdjson::SUCCESS) << text << " " << error;
    good += error == simdjson::SUCCESS;
  }
  EXPECT_GT(good, 5000);
}

TEST(JsonScan, SplitsAnArray) {
  struct Row {
    const char* text;
    bool valid;
    const char* first;
    const char* rest;
  };
  for (const Row& row :
       {Row{"[]", true, "", ""}, Row{" [ ] ", true, "", ""}, Row{"[\"a\"]", true, "\"a\"", ""},
        Row{"[ \"a\" , {\"b\":[1,2]} , 3 ] ", true, "\"a\"", "{\"b\":[1,2]} , 3"},
        Row{"[\"a\",]", false, "", ""}, Row{"{}", false, "", ""}, Row{"", false, "", ""},
        Row{"[1]x", false, "", ""}, Row{"[\"a\" \"b\"]", false, "", ""}}) {
    ArrayText array;
    EXPECT_EQ(split_array(row.text, array), row.valid) << row.text;
    if (row.valid) {
      EXPECT_EQ(array.first, row.first);
      EXPECT_EQ(array.rest, row.rest);
    }
  }
}

TEST(JsonScan, StringMembers) {
  EXPECT_EQ(string_member(R"({"a":{"pid":"x"},"pid" : "y","pid":"z"})", "pid"), "y");
  EXPECT_EQ(string_member(R"({"pid":1})", "pid"), "");
  EXPECT_EQ(string_member(R"({"pid":"a\u0041"})", "pid"), "");
  EXPECT_EQ(string_member("{}", "pid"), "");
  EXPECT_EQ(string_member("", "pid"), "");
}

TEST(JsonScan, DecodesStrings) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {R"("plain")", "plain"},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20ac")", "A\xc3\xa9\xe2\x82\xac"},
      {R"("\ud83d\ude00")", "\xf0\x9f\x98\x80"},
      {R"("\ud83d")", "\xef\xbf\xbd"},
      {R"("\ud83dx")", "\xef\xbf\xbdx"},
      {R"("\ude00\ud83d")", "\xef\xbf\xbd\xef\xbf\xbd"},
      {R"("\ud83d\u0041")",
       "\xef\xbf\xbd"
       "A"},
      {R"("\ud83d\n")", "\xef\xbf\xbd\n"},
      {R"("\u0000")", std::string(1, '\0')},
  };
  for (const auto& [text, expected] : table) {
    ASSERT_TRUE(valid_json(text));
    std::string out = "old";
    EXPECT_TRUE(decode_string(text, out)) << text;
    EXPECT_EQ(out, expected) << text;
  }
  std::string out;
  EXPECT_FALSE(decode_string("1", out));
}

// Advisory: crafted placeholders.
TEST(JsonScan, Placeholders) {
  const auto holder = [](const std::string& num) {
    return R"({"_placeholder":true,"num":)" + num + "}";
  };
  EXPECT_TRUE(placeholders_match("[\"a\"," + holder("0") + "]", 1));
  EXPECT_TRUE(placeholders_match("[\"a\",{\"x\":[" + holder("1") + "]}," + holder("0") + "]", 2));
  EXPECT_TRUE(placeholders_match(R"(["a",{"num":0,"_placeholder":true}])", 1));
  EXPECT_TRUE(placeholders_match(R"(["_placeholder"])", 0));
  for (const std::string num :
       {"1", "-1", "1e0", "0.0", "\"0\"", "null", "99999999999999999999", "[0]"}) {
    EXPECT_FALSE(placeholders_match("[\"a\"," + holder(num) + "]", 1)) << num;
  }
  EXPECT_FALSE(placeholders_match("[\"a\"]", 1));
  EXPECT_FALSE(placeholders_match("[" + holder("0") + "," + holder("0") + "]", 2));
  EXPECT_FALSE(placeholders_match("[" + holder("0") + "," + holder("1") + "]", 1));
  EXPECT_FALSE(placeholders_match(R"([{"_placeholder":true}])", 1));
  EXPECT_FALSE(placeholders_match(R"([{"_placeholder":false,"num":0}])", 1));
}

}  // namespace
}  // namespace sio
