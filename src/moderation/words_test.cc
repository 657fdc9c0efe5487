#include "moderation/words.h"

#include <gtest/gtest.h>

#include <string>

namespace moderation {
namespace {

// The list of the program is foul enough: these tests say what they can with a short one.
const Words& mild() {
  static const Words words(
      "# a comment\n"
      "darn\nheck\nass\nblast it all\nscheiße\nплохо\n坏蛋\nboob\nkilt\n"
      "=darns\n~frak\n");
  return words;
}

std::string masked(const Words& words, std::string_view text) {
  std::string out;
  words.mask(text, out);
  return out;
}

struct Case {
  const char* text;
  const char* shown;
};

class Disguises : public testing::TestWithParam<Case> {};

TEST_P(Disguises, S6_a_bad_word_is_masked_however_it_is_written) {
  std::string out;
  EXPECT_TRUE(mild().mask(GetParam().text, out)) << GetParam().text;
  EXPECT_EQ(out, GetParam().shown);
  EXPECT_FALSE(mild().is_clean(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    All, Disguises,
    testing::Values(
        Case{"darn", "****"}, Case{"oh DARN it", "oh **** it"}, Case{"dArN!", "****!"},
        // accents, in one piece and combining
        Case{"dárñ", "****"}, Case{"da\xcc\x81rn", "****"},
        // look-alikes: Cyrillic, Greek, full width, mathematical, boxed, small capitals
        Case{"dаrn", "****"}, Case{"hεck", "****"}, Case{"ｄａｒｎ", "****"}, Case{"𝖉𝖆𝖗𝖓", "****"},
        Case{"🅳🅰🆁🅽", "****"}, Case{"ᴅᴀʀɴ", "****"},
        // digits and signs
        Case{"d4rn", "****"}, Case{"h3ck", "****"}, Case{"d@rn", "****"}, Case{"a55", "***"},
        Case{"a$$", "***"}, Case{"k1lt", "****"}, Case{"ki1t", "****"}, Case{"k!|t", "****"},
        Case{"darn99", "****99"}, Case{"!!darn!!", "!!****!!"}, Case{"99heck!", "99****!"},
        // repeated
        Case{"daaaarn", "*******"}, Case{"ddaarrnn", "********"}, Case{"assss", "*****"},
        Case{"booob", "*****"},
        // spaced and punctuated
        Case{"d a r n", "*******"}, Case{"d.a.r.n", "*******"}, Case{"h_e-c_k", "*******"},
        Case{"da.rn", "*****"}, Case{"so d a r n it", "so ******* it"}, Case{"d a rn", "******"},
        Case{"d  a   r n", "**********"},
        // what shows nothing
        Case{"d\xe2\x80\x8b\x61\xe2\x80\x8drn", "****"}, Case{"da\xc2\xadrn", "****"},
        Case{"\xe2\x80\xae"
             "darn",
             "\xe2\x80\xae****"},
        // a star for a vowel
        Case{"d*rn", "****"}, Case{"h*ck", "****"},
        // a word within a name
        Case{"BigDarn", "Big****"}, Case{"big_darn", "big_****"}, Case{"you!darn", "you!****"},
        // phrases, other alphabets, scripts without spaces, letters that are bad anywhere
        Case{"blast it all", "************"}, Case{"Blast, it  ALL.", "**************."},
        Case{"SCHEISSE", "********"}, Case{"scheiße", "*******"}, Case{"ПЛОХО", "*****"},
        Case{"你是坏蛋吗", "你是**吗"}, Case{"unfrakable", "**********"}));

class Innocents : public testing::TestWithParam<const char*> {};

TEST_P(Innocents, S6_whole_words_that_only_hold_a_bad_one_pass_the_list_of_the_program) {
  std::string out;
  EXPECT_FALSE(Words::standard().mask(GetParam(), out)) << GetParam() << " -> " << out;
  EXPECT_EQ(out, GetParam());
  EXPECT_TRUE(Words::standard().is_clean(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    All, Innocents,
    testing::Values("Scunthorpe", "Scunthorpe United", "Essex", "Sussex and Middlesex", "class",
                    "assassin", "assess the passing grass", "first-class assassins", "Penistone",
                    "Lightwater", "Clitheroe", "Cockermouth", "Hancock", "peacock", "Dickens",
                    "Dickinson", "cockpit", "shiitake", "analysis", "therapist", "document",
                    "cucumber", "circumstance", "title", "Titan", "titanic", "button", "buttress",
                    "bass guitar", "embassy", "compass", "harassment", "Matsushita", "Arsenal",
                    "parse the arsenal", "magnum", "saltpetre", "sextant", "Saxon", "raccoon",
                    // separate words that would make one
                    "push it, hit me", "an us citizen", "it is his hit", "I'm not an American",
                    "can't, won't", "455 555 a 123", "5 hits left", "as is", "a s",
                    "b4 u go, gr8 m8",
                    // other languages, names
                    "Fotografie und Kuchen, bitte", "con mucho gusto", "un asesino",
                    "je suis content", "il conto, per favore", "gol gol gol", "jag fick en bok",
                    "nicht schlecht", "Anita und Peter", "Mona Lisa", "Regina", "Johnny",
                    "привет как дела", "хорошо играем", "你好世界", "こんにちは", "안녕하세요",
                    "γεια σου κόσμε", "gg wp", "nice shot!", "the tank is a t17"));

TEST(Words, S6_the_list_of_the_program_knows_many_languages) {
  for (const char* text :
       {"fuck", "f u c k", "ｆｕｃｋ", "$h!t", "b1tch", "ficken", "hurensohn", "Scheiße", "putain",
        "hijo de puta", "cazzo", "kurwa", "vittu", "хуй", "操你妈", "BigFucker99", "fuсk"}) {
    EXPECT_FALSE(Words::standard().is_clean(text)) << text;
  }
}

TEST(Words, innocents_of_the_list_pass_only_as_they_are_written) {
  EXPECT_TRUE(mild().is_clean("darns"));
  EXPECT_TRUE(mild().is_clean("as"));
  EXPECT_TRUE(mild().is_clean("bob"));
  EXPECT_FALSE(mild().is_clean("boobb"));
}

TEST(Words, numbers_are_no_words) {
  EXPECT_TRUE(mild().is_clean("455"));
  EXPECT_TRUE(mild().is_clean("1 455 0000"));
}

TEST(Words, what_is_not_utf8_becomes_a_replacement_and_hides_no_word) {
  EXPECT_EQ(masked(mild(),
                   "a\xff"
                   "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(masked(mild(), "\xc3"), "\xef\xbf\xbd");
  EXPECT_EQ(masked(mild(), "darn\xff"), "****\xef\xbf\xbd");
}

TEST(Words, empty_text_and_empty_list) {
  EXPECT_EQ(masked(mild(), ""), "");
  const Words none("");
  EXPECT_EQ(masked(none, "darn 坏蛋"), "darn 坏蛋");
}

}  // namespace
}  // namespace moderation
