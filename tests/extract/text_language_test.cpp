// SPDX-License-Identifier: MIT
#include "extract/text_language.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

std::string settled(std::string_view declared, std::string_view text) {
  const html::Document document = html::parse_fragment(text);
  return settle_language(declared, document.root());
}

const std::string simplified =
    "国务院新闻办公室说，这个问题还会对经济发展产生影响，记者问了很多专家。";
const std::string traditional =
    "國務院新聞辦公室說，這個問題還會對經濟發展產生影響，記者問了很多專家。";

TEST(LanguageOfScript, TellsTheLanguagesThatHaveAScriptOrLettersOfTheirOwn) {
  EXPECT_EQ(language_of_script(simplified), "zh-Hans");
  EXPECT_EQ(language_of_script(traditional), "zh-Hant");
  EXPECT_EQ(
      language_of_script("政府は新しい法律について記者団に説明し、来月から実施すると発表した。"),
      "ja");
  EXPECT_EQ(language_of_script("정부는 새로운 법률을 다음 달부터 시행한다고 기자들에게 밝혔다."),
            "ko");
  EXPECT_EQ(language_of_script("В пятницу правительство объявило, что новый закон вступит в силу."),
            "ru");
  EXPECT_EQ(
      language_of_script("Уряд повідомив, що новий закон набуде чинності наступного місяця її."),
      "uk");
  EXPECT_EQ(language_of_script("قالت الحكومة إن القانون الجديد سيدخل حيز التنفيذ الشهر المقبل"),
            "ar");
  EXPECT_EQ(language_of_script("دولت گفت که قانون جدید از ماه آینده اجرا و گزارش آن چاپ خواهد شد"),
            "fa");
  EXPECT_EQ(language_of_script("รัฐบาลประกาศว่ากฎหมายใหม่จะมีผลบังคับใช้ในเดือนหน้า"), "th");
  EXPECT_EQ(language_of_script("အစိုးရက ဥပဒေသစ်ကို လာမည့်လတွင် အတည်ပြုမည်ဟု ကြေညာခဲ့သည်"), "my");
}

TEST(LanguageOfScript, KnowsLatinLanguagesByTheirLetters) {
  const std::string vietnamese =
      "Ủy ban thị trấn ven sông họp hôm thứ Năm để thảo luận về cây cầu mới mà hội đồng đã hứa.";
  EXPECT_EQ(language_of_script(vietnamese), "vi");
  EXPECT_EQ(language_of_script("Nehir kasabasının komitesi perşembe günü, meclisin yıllardır söz "
                               "verdiği yeni köprüyü görüşmek üzere toplandı."),
            "tr");
  EXPECT_EQ(language_of_script("Komitet miasta nad rzeką zebrał się w czwartek, aby omówić nowy "
                               "most, który rada obiecywała od kilku lat."),
            "pl");
  EXPECT_EQ(language_of_script("नदी कस्बे की समिति गुरुवार को नए पुल पर चर्चा करने के लिए मिली"), "hi");
  EXPECT_EQ(language_of_script("Lech Wałęsa spoke on Thursday to a crowd of workers in the old "
                               "shipyard, and many of them remembered him well."),
            "");
  EXPECT_EQ(language_of_script("Comitetul orașului s-a întrunit joi pentru a discuta noul pod."),
            "");
  EXPECT_EQ(settled("en", vietnamese), "en");
  EXPECT_EQ(settled("", vietnamese), "vi");
}

TEST(LanguageOfScript, IsSilentWhereTheScriptDoesNotTell) {
  EXPECT_EQ(language_of_script("The government said that the law takes effect next month."), "");
  EXPECT_EQ(language_of_script("Влада је објавила да нови закон ступа на снагу следећег месеца."),
            "");
  EXPECT_EQ(language_of_script("国务院"), "");
  EXPECT_EQ(language_of_script(""), "");
  EXPECT_EQ(language_of_script("\xff\xfe\x80"), "");
}

TEST(SettleLanguage, GoesByTheTextWhereTheDeclarationCannotBeTrue) {
  EXPECT_EQ(settled("en", "<p>" + simplified), "zh-Hans");
  EXPECT_EQ(settled("", "<p>" + traditional), "zh-Hant");
  EXPECT_EQ(settled("zh", "<p>" + traditional), "zh-Hant");
}

TEST(SettleLanguage, KeepsWhatMayBeTrue) {
  EXPECT_EQ(settled("zh", "<p>" + simplified), "zh");
  EXPECT_EQ(settled("zh-CN", "<p>" + traditional), "zh-CN");
  EXPECT_EQ(settled("ja", "<p>" + traditional), "ja");
  EXPECT_EQ(settled("en-GB", "<p>The government said so, and 新华社 with it."), "en-GB");
  EXPECT_EQ(settled("", "<p>The government said that the law takes effect."), "");
}

}  // namespace
}  // namespace dandelion
