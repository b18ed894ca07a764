// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion::html {

struct DecodedText {
  std::string text;      // UTF-8, always well-formed
  std::string encoding;  // the WHATWG name of the encoding it came in: "UTF-8", "gb18030" …
};

// A page's bytes as UTF-8. The encoding is found by the HTML Standard's sniffing: byte order mark,
// `charset` of the Content-Type header, <meta> within the first 1,024 bytes (we look at 4,096:
// pages put banners first), then, where none says, UTF-8 if the bytes are that, else what uchardet
// takes them for, else windows-1252. It departs from the standard where the declaration cannot be
// true: a page that says GBK and is UTF-8 (saved and served again by somebody), or says UTF-8 and
// is anything else, would be mojibake in a browser, and is read here. So are UTF-16 and UTF-32
// without a mark, by the zeros beside the first "<", and ISO-2022-JP, by its escapes. Labels are
// those of the Encoding Standard; GBK and GB2312 are read as gb18030, Big5 with its Hong Kong
// supplement. Bytes that mean nothing become U+FFFD.
[[nodiscard]] DecodedText decode(std::string_view bytes, std::string_view content_type);

}  // namespace dandelion::html
