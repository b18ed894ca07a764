// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace dandelion::html {

// Every element name that a rule of ours or of the HTML Standard speaks about; all others are
// `unknown`.
// clang-format off
#define DANDELION_HTML_TAGS(X)                                                                    \
  X(a) X(abbr) X(acronym) X(address) X(applet) X(area) X(article) X(aside) X(audio) X(b)          \
  X(base) X(basefont) X(bdi) X(bdo) X(bgsound) X(big) X(blockquote) X(body) X(br) X(button)       \
  X(canvas) X(caption) X(center) X(cite) X(code) X(col) X(colgroup) X(command) X(data)            \
  X(datalist) X(dd) X(del) X(details) X(dfn) X(dialog) X(dir) X(div) X(dl) X(dt) X(em) X(embed)   \
  X(fieldset) X(figcaption) X(figure) X(font) X(footer) X(form) X(frame) X(frameset) X(h1)        \
  X(h2) X(h3) X(h4) X(h5) X(h6) X(head) X(header) X(hgroup) X(hr) X(html) X(i) X(iframe)          \
  X(image) X(img) X(input) X(ins) X(isindex) X(kbd) X(keygen) X(label) X(legend) X(li) X(link)    \
  X(listing) X(main) X(map) X(mark) X(marquee) X(math) X(menu) X(menuitem) X(meta) X(meter)       \
  X(nav) X(nextid) X(nobr) X(noembed) X(noframes) X(noscript) X(object) X(ol) X(optgroup)         \
  X(option) X(output) X(p) X(param) X(picture) X(plaintext) X(portal) X(pre) X(progress) X(q)     \
  X(rb) X(rp) X(rt) X(rtc) X(ruby) X(s) X(samp) X(script) X(search) X(section) X(select)          \
  X(slot) X(small) X(source) X(spacer) X(span) X(strike) X(strong) X(style) X(sub) X(summary)     \
  X(sup) X(svg) X(table) X(tbody) X(td) X(textarea) X(tfoot) X(th) X(thead) X(time) X(title)      \
  X(tr) X(track) X(tt) X(u) X(ul) X(var) X(video) X(wbr) X(xmp)
// clang-format on

enum class Tag : std::uint8_t {
  unknown,
#define DANDELION_TAG(name) name##_,
  DANDELION_HTML_TAGS(DANDELION_TAG)
#undef DANDELION_TAG
      template_,  // a C++ keyword, hence by hand
  count
};

// `name` in lower case.
[[nodiscard]] Tag tag_from_name(std::string_view name);

// A set of elements with constant-time look-up.
class TagSet {
 public:
  TagSet(std::initializer_list<Tag> tags) {
    for (const Tag tag : tags)
      bits_.set(static_cast<std::size_t>(tag));
  }
  [[nodiscard]] bool has(Tag tag) const { return bits_.test(static_cast<std::size_t>(tag)); }

 private:
  std::bitset<static_cast<std::size_t>(Tag::count)> bits_;
};

// Elements without an end tag: those of the HTML Standard and the obsolete ones that parsers still
// know.
[[nodiscard]] bool is_void(Tag tag);

// Elements that begin and end a block of text (CSS display: block, list-item or table parts in the
// HTML Standard's rendering section).
[[nodiscard]] bool is_block(Tag tag);

}  // namespace dandelion::html
