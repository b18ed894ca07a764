# SPDX-License-Identifier: MIT
"""The classic theme's page, to the byte: the page that the project began from, and Beautiful Soup as an oracle."""
import unittest

import harness

SITE = """\
version: 1
sites:
  - name: epoch-news
    title: 大纪元新闻
    language: zh-Hans
    discover:
      - index: https://www.epochtimes.com/gb/ncid1078158.htm
        category: ncid1078158
        items: ".post_list .title a, .arttitle a"
    article:
      title: h1.title
      body: "#artbody"
      hero: {image: ".featured_image noscript img", caption: ".featured_image .caption"}
      remove: [script, iframe, twitter-widget, header, aside, "#recommend_post"]
      rename: {a: ok, h2: h4}
    theme: classic
    menu:
      - {text: 首页, href: "../../../.."}
      - {text: 评论, href: "../../../../../epoch-comment"}
      - {text: 专题, href: "../../../../../epoch-special"}
      - {text: 禁闻, href: "../../../../../epoch-news"}
      - {text: 禁书, href: "../../../../../books"}
      - {text: 翻墙, href: "https://github.com/gfw-breaker/nogfw/blob/master/README.md"}
    pixel: "http://gfw-breaker.win/{site}/pages/{category}/{id}.md"
"""

MENU = " &nbsp;|&nbsp; ".join(
    f"[{text}]({href}?n1)" for text, href in [
        ("首页", "../../../.."), ("评论", "../../../../../epoch-comment"), ("专题", "../../../../../epoch-special"),
        ("禁闻", "../../../../../epoch-news"), ("禁书", "../../../../../books"),
        ("翻墙", "https://github.com/gfw-breaker/nogfw/blob/master/README.md")])

URL = "https://www.epochtimes.com/gb/23/9/27/n1.htm"

HERO = ('<div class="featured_image"><a href="/x"><noscript><img alt="图" height="4" src="https://i.example/a.jpg" '
        'width="6" class="wp  post"></noscript></a><div class="caption">说明 &amp; <b>图</b></div></div>')

# Bodies like those of the source, each well-formed, so that every parser builds the same tree.
BODIES = {
    "plain": "<p>一段文字。</p><p>Second &amp; last — “quoted” &lt;tag&gt;&nbsp;end.&nbsp;</p>",
    "ideographic indent": "<p>　　缩进的段落。</p><p>\u00a0</p><p> \n </p>",
    "figures": '<figure class="wp-caption aligncenter" id="a1" style="width: 600px"><img alt="A &quot;q&quot;" '
               'class="size-full" height="400" src="https://i.example/1.jpg" width="600"><figcaption '
               'class="wp-caption-text">说明文字（图片来源）</figcaption></figure><p>后文</p>',
    "two figures": '<figure><img src="https://i.example/1.jpg"></figure><figure><figcaption>c</figcaption></figure>',
    "table": '<table border="1" class="t"><thead><tr><th>年</th><th>数</th></tr></thead><tbody><tr><td headers="a  b">'
             '2023</td><td>1<br/>2</td></tr></tbody></table>',
    "nested lists": "<ul><li>一<ul><li>甲</li><li>乙<ol><li>1</li></ol></li></ul></li><li>二</li></ul>",
    "iframe": '<p>before</p><iframe allowfullscreen src="https://www.youtube.com/embed/x"></iframe><p>after</p>',
    "tweet": '<blockquote class="twitter-tweet" data-width="550"><p lang="en" dir="ltr">Text <a href="https://t.co/x" '
             'title="t">pic</a></p>— Name (@n) <a class="c" href="https://twitter.com/n/status/1">Date</a></blockquote>'
             '<script async src="https://platform.twitter.com/widgets.js"></script><twitter-widget>w</twitter-widget>',
    "comments": "<!-- begin --><p>a<!-- in the middle -->b</p><!--\n two\n lines --><!-- end -->",
    "headings": '<h2>小标题</h2><h2 id="x">又一个</h2><h3>h3</h3><p><strong>粗<em>斜</em></strong>文</p>',
    "links": '<p><a class="tag-link" href="https://e.example/?a=1&amp;b=2" title="t">链接</a>、<a href="https://e.example/'
             '" rel="noopener  noreferrer" target="_blank">二</a></p>',
    "preformatted": "<div><pre>  a\n    b &lt;c&gt;\n</pre><p>x</p></div>",
    "line breaks": "<p>一<br/>二<br>\n三</p>text in the body<span> span </span>tail",
    "quotes": """<p title='say "hi"' data-a="it's" data-b="&quot;both&quot; 'kinds'">q</p>""",
    "removed parts": '<header><time>t</time></header><p>a</p><aside class="r">r</aside><div id="recommend_post">x</div>'
                     '<div id="below_article_ad"></div>',
    "line breaks in text": "<p>one\ntwo\n   three</p>",
    "emphasis and ruby": "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby> H<sub>2</sub>O <del>x</del> <u>u</u></p>",
    "horizontal rule": "<p>a</p><hr/><p>b</p><p></p><div><div><div>deep</div></div></div>",
    "void attributes": '<video controls src="https://v.example/v.mp4"></video><img alt="" src="https://i.example/1.png">',
}


def source(body, hero="", title="标题"):
    return (f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>t</title></head><body><h1 class="title">{title}</h1>'
            f'{hero}<div class="post_content" id="artbody" itemprop="articleBody">{body}</div>\n</body></html>')


def oracle(page, title):
    """What the scripts of the first mirrors did, by Beautiful Soup."""
    from bs4 import BeautifulSoup
    soup = BeautifulSoup(page, "html.parser")
    for image in soup.find_all("img"):
        del image["width"], image["height"]
    for name in ("iframe", "script"):
        for element in soup.find_all(name):
            element.decompose()
    for link in soup.find_all("a"):
        del link["title"], link["class"]
    body = soup.find("div", id="artbody")
    for element in body.find_all(["twitter-widget", "header", "aside"]) + body.find_all(id="recommend_post"):
        element.decompose()
    content = body.prettify().rstrip("\n")
    hero = soup.find("div", attrs={"class": "featured_image"})
    if hero is not None:
        content = ("<div>" + hero.find("noscript").find("img").prettify() +
                   hero.find("div", attrs={"class": "caption"}).prettify() + "</div><hr/>" + content)
    for old, new in (("<a ", "<ok "), ("</a>", "</ok>"), ("</figure>", "</figure><br/>"),
                     ("<figcaption", "<br/><figcaption"), ("</figcaption>", "</figcaption><br/>"),
                     ("<h2>", "<h4>"), ("<h2 ", "<h4 "), ("</h2>", "</h4>")):
        content = content.replace(old, new)
    return (f"### {title}\n\n---\n\n#### {MENU}\n\n\n{content}\n\n\n<img src='http://gfw-breaker.win/epoch-news/pages/"
            f"ncid1078158/n1.md' width='0px' height='0px'/>\n\n---\n\n原文链接（需翻墙）：{URL}")


class ClassicPage(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.write("sites.yaml", SITE)

    def page(self, html, url=URL):
        return self.dandelion("extract", "-", "--url", url, "--format", "page", "--site", "epoch-news", "--category",
                              "ncid1078158", stdin=html.encode(), expect=0).stdout.decode()

    def test_the_page_that_the_project_began_from_comes_out_to_the_byte(self):
        seed = harness.SHARED / "seed"
        if not seed.exists():
            self.skipTest("the seed page is not here (../shared/seed)")
        made = self.page((seed / "source.html").read_text(), "https://www.epochtimes.com/gb/23/9/27/n14082272.htm")
        self.assertEqual(made.encode(), (seed / "expected.md").read_bytes())

    def test_other_pages_come_out_as_beautiful_soup_lays_them_out(self):
        try:
            import bs4  # noqa: F401
        except ImportError:
            self.skipTest("python3-bs4 is not installed")
        for hero in ("", HERO):
            for name, body in BODIES.items():
                with self.subTest(body=name, hero=bool(hero)):
                    page = source(body, hero)
                    self.assertEqual(self.page(page), oracle(page, "标题"))

    def test_titles_keep_their_characters(self):
        for title, shown in (("A &amp; B “C” 100%", "A & B “C” 100%"), ("[组图] 一", "[组图] 一"),
                             ("&lt;script&gt;", "&lt;script>")):
            with self.subTest(title=title):
                self.assertTrue(self.page(source("<p>x</p>", title=title)).startswith(f"### {shown}\n\n---\n"))

    def test_nothing_of_the_page_runs_or_breaks_out_of_its_block(self):
        made = self.page(source('<p onclick="x()">a\n\n[click](javascript:x)</p><a href="javascript:x()">b</a>'
                                '<svg onload="x()"></svg><form action="https://e.example/"><input name="p"></form>'))
        for word in ("onclick", "javascript:x()", "svg", "<form", "<input", "onload"):
            self.assertNotIn(word, made)
        body = made.split("\n\n\n")[1]
        self.assertNotIn("\n\n", body)


if __name__ == "__main__":
    unittest.main()
