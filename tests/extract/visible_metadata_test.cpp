// SPDX-License-Identifier: MIT
#include "extract/visible_metadata.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

std::string date_in(std::string_view line) {
  const auto date = find_date(line);
  return date ? format_rfc3339(*date) : std::string();
}

TEST(FindDate, ReadsDatesAsPagesShowThem) {
  EXPECT_EQ(date_in("2019-09-07 09:59:22　来源：新华社"), "2019-09-07T09:59:22Z");
  EXPECT_EQ(date_in("发布时间：2019年9月7日 9时05分"), "2019-09-07T09:05:00Z");
  EXPECT_EQ(date_in("2019/9/7"), "2019-09-07T00:00:00Z");
  EXPECT_EQ(date_in("2019.09.07 10:24"), "2019-09-07T10:24:00Z");
  EXPECT_EQ(date_in("民國108年9月7日"), "2019-09-07T00:00:00Z");
  EXPECT_EQ(date_in("令和元年9月7日"), "2019-09-07T00:00:00Z");
  EXPECT_EQ(date_in("입력 2019. 9. 7. 10:24"), "2019-09-07T10:24:00Z");
  EXPECT_EQ(date_in("2019년 9월 7일"), "2019-09-07T00:00:00Z");
  EXPECT_EQ(date_in("Updated Sept. 7, 2019"), "2019-09-07T00:00:00Z");
  EXPECT_EQ(date_in("Saturday, 7th September 2019"), "2019-09-07T00:00:00Z");
  EXPECT_EQ(date_in("7 September 2019"), "2019-09-07T00:00:00Z");
  EXPECT_EQ(date_in("7 de septiembre de 2019"), "2019-09-07T00:00:00Z");
  EXPECT_EQ(date_in("7 сентября 2019, 10:24"), "2019-09-07T00:00:00Z");
}

TEST(FindDate, PassesOverWhatIsNone) {
  for (const char* none : {"", "2019", "12019-09-07", "2019-13-07", "2019-02-30", "1066-10-14",
                           "version 3.4.40-1.0.141", "marks 5 of 2019", "Tel. 2019-0907", "民國"})
    EXPECT_EQ(date_in(none), "") << none;
}

TEST(FindNames, ReadsWhatStandsBehindALabel) {
  EXPECT_EQ(find_names("作者：张三"), "张三");
  EXPECT_EQ(find_names("2019-09-05 来源：新华社 作者：张三 李四 编辑：王五"), "张三 李四");
  EXPECT_EQ(find_names("（文/张三）"), "张三");
  EXPECT_EQ(find_names("文／張三"), "張三");
  EXPECT_EQ(find_names("記者：張三 | 台北"), "張三");
  EXPECT_EQ(find_names("Автор: Анна Иванова"), "Анна Иванова");
  EXPECT_EQ(find_names("By Jane Roe"), "Jane Roe");
}

TEST(FindNames, IsEmptyWhereThereIsNoName) {
  for (const char* none : {"", "作者：未知", "作者最新文章", "By the way, it rained", "By 2019",
                           "他说：文/理分科已经取消。", "作者：他说，明天下雨。"})
    EXPECT_EQ(find_names(none), "") << none;
}

VisibleMetadata seen(std::string_view body) {
  const html::Document document = html::parse(body);
  return read_visible_metadata(document.root(), "A headline that stands here");
}

TEST(ReadVisibleMetadata, LooksAroundTheHeadline) {
  const VisibleMetadata found = seen(
      "<div>2001-01-01</div><p>1<p>2<p>3<p>4<p>5<p>6<p>7<h1>A headline <i>that stands</i> here</h1>"
      "<span>2019-09-07</span><span>作者：</span><b>张三</b>");
  ASSERT_TRUE(found.published);
  EXPECT_EQ(format_date(*found.published), "2019-09-07");
  EXPECT_EQ(found.byline, "张三");
}

TEST(ReadVisibleMetadata, TakesNamesFromTheElementThatIsNamedForThem) {
  EXPECT_EQ(
      seen("<h1>A headline that stands here</h1><p class='post-author'><a>Jane Roe</a>").byline,
      "Jane Roe");
  EXPECT_EQ(seen("<h1>A headline that stands here</h1><p>By<p><a>Jane Roe</a>").byline, "Jane Roe");
}

TEST(ReadVisibleMetadata, StopsWhereTheTextBegins) {
  const std::string text(300, 'x');
  const VisibleMetadata found =
      seen("<h1>A headline that stands here</h1><p>" + text + "<p>2019-09-07<p>By Jane Roe");
  EXPECT_FALSE(found.published);
  EXPECT_EQ(found.byline, "");
}

TEST(ReadVisibleMetadata, FindsNothingOnAPageWithoutTheHeadline) {
  EXPECT_FALSE(seen("<p>2019-09-07").published);
  EXPECT_FALSE(seen("<p class=date>2019-09-07").published) << "many pages begin with today's";
}

TEST(ReadVisibleMetadata, FindsALabelledDateWhereverItStands) {
  const std::string text = "<p>" + std::string(300, 'x') + "<p>2001-01-01";
  for (const char* shown : {
           "<div>发布日期：<!-- begin -->2019-09-07<!-- end --> 责任编辑",
           "<p>来源：新华社　发布时间：2019年9月7日",
           "<p>Published on September 7, 2019",
           "<p>Опубликовано: 7 сентября 2019",
           "<p>公開日 <b>2019/9/7</b>",
       }) {
    const auto found = seen("<h1>A headline that stands here</h1>" + text + shown).published;
    ASSERT_TRUE(found) << shown;
    EXPECT_EQ(format_date(*found), "2019-09-07") << shown;
    EXPECT_TRUE(seen(shown).published) << "the headline may be nowhere: " << shown;
  }
  EXPECT_FALSE(seen("<p>The law was published. It is of 2019-09-07").published);
}

TEST(ReadVisibleMetadata, TakesTheOnlyDateInAnElementThatIsNamedForIt) {
  const std::string page = "<h1>A headline that stands here</h1><p>" + std::string(300, 'x') +
                           "<span class='time'>2019-09-07 11:42</span>";
  ASSERT_TRUE(seen(page).published);
  EXPECT_EQ(format_rfc3339(*seen(page).published), "2019-09-07T11:42:00Z");
  EXPECT_FALSE(seen(page + "<b class=time>2019-09-08</b>").published) << "comments";
}

}  // namespace
}  // namespace dandelion
