// SPDX-License-Identifier: MIT
#include "extract/label_words.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "core/text.hpp"

namespace dandelion {
namespace {

// Found anywhere in a short text; in lower case. Words that could well stand
// in an article's short sentence are left to the other features.
constexpr std::string_view labels[] = {
    // English
    "all rights reserved", "copyright", "©", "cookie", "subscribe", "newsletter", "sign up",
    "sign in", "log in", "share this", "share on", "read more", "related", "you may also",
    "you might also", "recommended", "leave a comment", "leave a reply", "comments", "posted in",
    "filed under", "tagged", "min read", "minute read", "advertisement", "sponsored",
    "previous post", "next post", "privacy policy", "terms of", "follow us", "add to cart",
    "click here", "view all", "show more", "load more", "skip to", "back to top", "most read",
    "trending", "popular",
    // Chinese
    "责任编辑", "責任編輯", "编辑：", "編輯：", "相关阅读", "相关新闻", "相關閱讀", "相關新聞",
    "延伸阅读", "延伸閱讀", "版权所有", "版權所有", "版权声明", "分享到", "分享至", "推荐阅读",
    "推薦閱讀", "热门", "熱門", "评论", "留言", "登录", "注册", "登入", "註冊", "免责声明",
    "免責聲明", "上一篇", "下一篇", "返回首页", "扫码", "掃碼", "扫一扫", "二维码", "公众号",
    "关注我们", "關注我們", "点击查看", "備案", "备案", "来源：", "來源：", "阅读全文", "举报",
    "打印", "转载", "轉載", "排行", "更多",
    // Japanese
    "関連記事", "関連ニュース", "おすすめ", "ランキング", "無断転載", "会員登録", "ログイン",
    "シェア", "続きを読む", "もっと見る", "コメント",
    // Korean
    "관련기사", "무단전재", "무단 전재", "재배포", "구독", "로그인", "댓글", "공유하기", "더보기",
    "인기", "저작권",
    // Russian, Ukrainian
    "читайте также", "поделиться", "комментари", "подписаться", "подписывайтесь", "все права",
    "реклама", "читати також", "поділитися",
    // Arabic, Persian
    "اقرأ أيضا", "شارك", "التعليقات", "جميع الحقوق", "حقوق النشر", "اشترك", "مواضيع ذات",
    "مطالب مرتبط", "بیشتر بخوانید", "اشتراک گذاری", "نظرات", "دیدگاه", "کپی رایت", "کلیه حقوق",
    // Vietnamese, Thai, Indonesian, Turkish
    "xem thêm", "chia sẻ", "bình luận", "bản quyền", "tin liên quan", "อ่านเพิ่มเติม", "ข่าวที่เกี่ยวข้อง",
    "แชร์", "ความคิดเห็น", "baca juga", "bagikan", "komentar", "paylaş", "yorum", "ilgili haberler",
    // Spanish, Portuguese, French, German, Italian
    "compartir", "comentarios", "suscríbete", "todos los derechos", "lea también", "lee también",
    "compartilhar", "comentários", "leia também", "todos os direitos", "partager", "commentaires",
    "abonnez-vous", "tous droits", "lire aussi", "à lire", "teilen", "kommentare", "abonnieren",
    "alle rechte", "mehr zum thema", "lesen sie auch", "condividi", "commenti", "iscriviti",
    "tutti i diritti", "leggi anche"};

static_assert(std::size(labels) < 256, "their numbers are bytes");

// Labels by their first two bytes, of which few texts have many: one look a position.
class LabelIndex {
 public:
  LabelIndex() {
    for (std::size_t i = std::size(labels); i-- > 0;) {
      std::uint8_t& first = firsts_[pair_at(labels[i].data())];
      next_[i + 1] = first;
      first = static_cast<std::uint8_t>(i + 1);
    }
  }

  // How many of the labels stand in the text.
  [[nodiscard]] std::size_t count_in(std::string_view text) const {
    std::bitset<std::size(labels)> found;
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
      for (std::size_t label = firsts_[pair_at(text.data() + at)]; label != 0;
           label = next_[label]) {
        if (text.substr(at).starts_with(labels[label - 1])) found.set(label - 1);
      }
    }
    return found.count();
  }

 private:
  static std::size_t pair_at(const char* at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(at[0])) << 8 |
           static_cast<unsigned char>(at[1]);
  }

  std::array<std::uint8_t, 65'536> firsts_{};               // a label's number, from 1; 0: none
  std::array<std::uint8_t, std::size(labels) + 1> next_{};  // the next that begins so
};

// ASCII, Latin-1 and Cyrillic, in place: the labels' own languages that have capitals.
void lower(std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 'A' && byte <= 'Z') text[i] = static_cast<char>(byte + 0x20);
    if (i + 1 == text.size() || (byte != 0xC3 && byte != 0xD0)) continue;
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (byte == 0xC3 && next >= 0x80 && next <= 0x9E) text[i + 1] = static_cast<char>(next + 0x20);
    if (byte == 0xD0 && next >= 0x90 && next <= 0x9F) text[i + 1] = static_cast<char>(next + 0x20);
    if (byte == 0xD0 && next >= 0xA0 && next <= 0xAF) {
      text[i] = static_cast<char>(0xD1);
      text[i + 1] = static_cast<char>(next - 0x20);
    }
    ++i;
  }
}

std::string lower_text(html::Node* const* texts, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += texts[i]->text;
  lower(text);
  return text;
}

}  // namespace

float label_weight(html::Node* const* texts, std::size_t count) {
  const std::string text = lower_text(texts, count);
  static const LabelIndex index;
  return -static_cast<float>(index.count_in(text));
}

bool is_label(html::Node* const* texts, std::size_t count) {
  const std::string text = collapse_space(lower_text(texts, count));
  std::string_view bare = text;
  for (const std::string_view end : {":", "...", "\u2026", "\uFF1A"}) {
    if (bare.ends_with(end)) bare = trim(bare.substr(0, bare.size() - end.size()));
  }
  return std::find(std::begin(labels), std::end(labels), bare) != std::end(labels);
}

}  // namespace dandelion
