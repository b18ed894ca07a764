"""The truth for pages whose article stands, by their sites' own hand, in one element: chosen by a selector for each site, written
by looking at the pages. What else lies in that element (adverts, editors' notes, share bars) is dropped. Needs python3-bs4.
"""
import gzip
import re

from bs4 import BeautifulSoup

# By the first part of a page's name: SITE-N.html.gz.
SELECTORS = {
    "163": "#endText", "baijiahao": ".article-content", "cjddsb": ".single-content", "cjn": ".art-main .TRS_Editor",
    "cmse": "#content", "csdn": ".news_content", "ednchina": ".article_text", "gamersky": ".gsAreaContextArt",
    "gsc": ".detailCon", "guancha": ".all-txt", "gzggw": "#zoom", "hexun": ".art_contextBox", "huanqiu": ".a-con",
    "ifeng": ".text-3zQ3cZD4, #main_content", "njxfhn": ".post-body", "other": "#UCAP-CONTENT",
    "people": "#rwb_zw, .box_con, .artDet, .text_con", "qq": ".content-article, #Cnt-Main-Article-QQ",
    "shanxi": ".article-body", "sina": "#article, #artibody", "stcn": ".txt_con", "sxmu": "#vsb_content",
    "thepaper": ".news_txt", "toutiao": ".article-content", "wechat": "#js_content", "xinhuanet": "#p-detail", "zyyfy": "#z",
}
DROPPED = (".special_tag_wrap, .ep-source, .gg200x300, .icon, style, script, .otherContent_01, .img_descr_none, .show_author, "
           ".article-tag, .post-relate, #artical_sth, .statement, .c_img, textarea, .tjs, .reward, .like_num, .xgss_a, .zan, "
           ".qrcode, .notice, .videoPlayerMin")
IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")


def decoded(data):
    """UTF-8 or GB 18030, whatever the page declares: the one with fewer errors."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        wide, narrow = data.decode("gb18030", "replace"), data.decode("utf-8", "replace")
        broken = narrow.count("\ufffd") < wide.count("\ufffd") + 20 and len(IDEOGRAPH.findall(narrow)) > 100
        return narrow if broken else wide


def selected_pages(folder):
    """(name, site, bytes, truth) of each page whose site is known."""
    for path in sorted(folder.glob("*.html.gz")):
        name = path.name.removesuffix(".html.gz")
        site = name.split("-")[0]
        if site not in SELECTORS:
            continue
        data = gzip.decompress(path.read_bytes())
        found = BeautifulSoup(decoded(data), "html.parser").select(SELECTORS[site])
        if not found:
            continue
        article = max(found, key=lambda each: len(IDEOGRAPH.findall(each.get_text())))
        for part in article.select(DROPPED):
            part.decompose()
        yield name, site, data, re.sub(r"\s+", " ", article.get_text(" ")).strip()
