// SPDX-License-Identifier: MIT
#include "html/charset.hpp"

#include <array>
#include <optional>

#include <uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "core/handle.hpp"
#include "core/text.hpp"
#include "html/byte_scan.hpp"

namespace dandelion::html {
namespace {

using Converter = Handle<UConverter, ucnv_close>;
using Detector = Handle<std::remove_pointer_t<uchardet_t>, uchardet_delete>;

constexpr std::size_t prescan_bytes = 4096;

// Encoding Standard, 4.2: the name, what ICU calls it, and the labels, each with a blank on both
// sides.
struct Encoding {
  std::string_view name;
  const char* icu;
  std::string_view labels;
};

constexpr std::array<Encoding, 40> encodings = {{
    {"UTF-8", "UTF-8",
     " unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 "},
    {"IBM866", "ibm-866", " 866 cp866 csibm866 ibm866 "},
    {"ISO-8859-2", "iso-8859-2",
     " csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2 "},
    {"ISO-8859-3", "iso-8859-3",
     " csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3 "},
    {"ISO-8859-4", "iso-8859-4",
     " csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4 "},
    {"ISO-8859-5", "iso-8859-5",
     " csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988 "},
    {"ISO-8859-6", "iso-8859-6",
     " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 "},
    {"ISO-8859-7", "iso-8859-7",
     " csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek "},
    {"ISO-8859-8", "iso-8859-8",
     " csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical "},
    {"ISO-8859-10", "iso-8859-10",
     " csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6 "},
    {"ISO-8859-13", "iso-8859-13", " iso-8859-13 iso8859-13 iso885913 "},
    {"ISO-8859-14", "iso-8859-14", " iso-8859-14 iso8859-14 iso885914 "},
    {"ISO-8859-15", "iso-8859-15", " csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 "},
    {"ISO-8859-16", "iso-8859-16", " iso-8859-16 "},
    {"KOI8-R", "koi8-r", " cskoi8r koi koi8 koi8-r koi8_r "},
    {"KOI8-U", "koi8-u", " koi8-ru koi8-u "},
    {"macintosh", "macintosh", " csmacintosh mac macintosh x-mac-roman "},
    {"windows-874", "windows-874",
     " dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874 "},
    {"windows-1250", "windows-1250", " cp1250 windows-1250 x-cp1250 "},
    {"windows-1251", "windows-1251", " cp1251 windows-1251 x-cp1251 "},
    {"windows-1252", "windows-1252",
     " ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 "
     "iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 "},
    {"windows-1253", "windows-1253", " cp1253 windows-1253 x-cp1253 "},
    {"windows-1254", "windows-1254",
     " cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 "
     "latin5 windows-1254 x-cp1254 "},
    {"windows-1255", "windows-1255", " cp1255 windows-1255 x-cp1255 "},
    {"windows-1256", "windows-1256", " cp1256 windows-1256 x-cp1256 "},
    {"windows-1257", "windows-1257", " cp1257 windows-1257 x-cp1257 "},
    {"windows-1258", "windows-1258", " cp1258 windows-1258 x-cp1258 "},
    {"x-mac-cyrillic", "x-mac-cyrillic", " x-mac-cyrillic x-mac-ukrainian "},
    {"GBK", "gb18030",
     " chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk "},
    {"gb18030", "gb18030", " gb18030 "},
    {"Big5", "Big5-HKSCS", " big5 big5-hkscs cn-big5 csbig5 x-x-big5 "},
    {"EUC-JP", "euc-jp", " cseucpkdfmtjapanese euc-jp x-euc-jp "},
    {"ISO-2022-JP", "iso-2022-jp", " csiso2022jp iso-2022-jp "},
    {"Shift_JIS", "windows-31j",
     " csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis "},
    {"EUC-KR", "windows-949",
     " cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
     "ksc_5601 windows-949 "},
    {"UTF-16BE", "UTF-16BE", " unicodefffe utf-16be "},
    {"UTF-16LE", "UTF-16LE",
     " csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le "},
    // Not in the standard; uchardet names the first, the others are told by their zeros.
    {"EUC-TW", "euc-tw", " euc-tw x-euc-tw "},
    {"UTF-32BE", "UTF-32BE", ""},
    {"UTF-32LE", "UTF-32LE", ""},
}};

const Encoding* encoding_by_label(std::string_view label) {
  const std::string wanted = " " + ascii_lower(trim(label)) + " ";
  if (wanted.find(' ', 1) != wanted.size() - 1) return nullptr;
  for (const Encoding& encoding : encodings) {
    if (encoding.labels.find(wanted) != std::string_view::npos) return &encoding;
  }
  return nullptr;
}

const Encoding* encoding_by_name(std::string_view name) {
  for (const Encoding& encoding : encodings) {
    if (encoding.name == name) return &encoding;
  }
  return nullptr;
}

const Encoding* from_byte_order_mark(std::string_view& bytes) {
  const auto starts = [&bytes](std::string_view mark) {
    if (!bytes.starts_with(mark)) return false;
    bytes.remove_prefix(mark.size());
    return true;
  };
  constexpr std::string_view utf32_be("\0\0\xFE\xFF", 4);
  constexpr std::string_view utf32_le("\xFF\xFE\0\0", 4);
  if (starts("\xEF\xBB\xBF")) return encoding_by_name("UTF-8");
  if (starts(utf32_be)) return encoding_by_name("UTF-32BE");
  if (starts(utf32_le)) return encoding_by_name("UTF-32LE");
  if (starts("\xFE\xFF")) return encoding_by_name("UTF-16BE");
  if (starts("\xFF\xFE")) return encoding_by_name("UTF-16LE");
  return nullptr;
}

// A page begins with "<", which the zeros beside it tell in units of two or four bytes. No other
// encoding writes zeros, so that no declaration counts against them.
const Encoding* from_zeros(std::string_view bytes) {
  if (bytes.size() < 4) return nullptr;
  const auto begins = [&bytes](std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '.' ? bytes[i] == '\0' : bytes[i] != pattern[i]) return false;
    }
    return true;
  };
  using namespace std::string_view_literals;
  if (begins("<\0\0\0"sv)) return encoding_by_name("UTF-32LE");
  if (begins("\0\0\0<"sv)) return encoding_by_name("UTF-32BE");
  if (begins("<\0.\0"sv)) return encoding_by_name("UTF-16LE");
  if (begins("\0<\0."sv)) return encoding_by_name("UTF-16BE");
  return nullptr;
}

// ISO-2022-JP is all ASCII, and would be UTF-8 too, but for what switches to Japanese.
bool has_japanese_escapes(std::string_view bytes) {
  return bytes.find("\x1B$B") != std::string_view::npos ||
         bytes.find("\x1B$@") != std::string_view::npos;
}

// Both encodings of Central Europe agree in most letters, and uchardet takes the one for the other.
// ISO 8859-2 has no characters where windows-1250 has its quotation marks and half of its own
// letters, and has letters (ą, ś, ź) where the other has signs, which stand beside no letter.
bool is_latin2(std::string_view bytes) {
  constexpr std::size_t enough = 3;
  constexpr std::string_view letters = "\xB1\xB6\xBC\xA1\xA6\xAC";
  std::size_t found = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < 0x80) continue;
    if (byte < 0xA0) return false;
    const bool beside = (i > 0 && is_ascii_letter(bytes[i - 1])) ||
                        (i + 1 < bytes.size() && is_ascii_letter(bytes[i + 1]));
    if (beside && letters.find(bytes[i]) != std::string_view::npos) ++found;
  }
  return found >= enough;
}

// HTML Standard, 2.6.3: the charset out of "text/html; charset=…" (a header's or a <meta>'s
// content).
const Encoding* from_content_type(std::string_view content) {
  const std::string lower = ascii_lower(content);
  std::size_t at = 0;
  while ((at = lower.find("charset", at)) != std::string::npos) {
    at = lower.find_first_not_of(" \t\n\f\r", at + 7);
    if (at == std::string::npos) return nullptr;
    if (lower[at] != '=') continue;
    at = lower.find_first_not_of(" \t\n\f\r", at + 1);
    if (at == std::string::npos) return nullptr;
    const char quote = lower[at];
    if (quote == '"' || quote == '\'') {
      const auto end = lower.find(quote, at + 1);
      return end == std::string::npos ? nullptr
                                      : encoding_by_label(lower.substr(at + 1, end - at - 1));
    }
    return encoding_by_label(lower.substr(at, lower.find_first_of(" \t\n\f\r;", at) - at));
  }
  return nullptr;
}

// One attribute of a tag, as HTML Standard 13.2.3.2 ("get an attribute") reads it.
struct RawAttribute {
  std::string name;
  std::string value;
};

std::optional<RawAttribute> take_attribute(std::string_view& text) {
  constexpr std::string_view space = " \t\n\f\r";
  const auto start = text.find_first_not_of(" \t\n\f\r/");
  if (start == std::string_view::npos || text[start] == '>') return std::nullopt;
  text.remove_prefix(start);
  RawAttribute attribute;
  auto end = std::min(text.find_first_of(" \t\n\f\r/>=", 1), text.size());
  attribute.name = ascii_lower(text.substr(0, end));
  text.remove_prefix(end);
  const auto equals = text.find_first_not_of(space);
  if (equals == std::string_view::npos || text[equals] != '=') return attribute;
  const auto value = text.find_first_not_of(space, equals + 1);
  if (value == std::string_view::npos) return std::nullopt;
  text.remove_prefix(value);
  if (text.front() == '"' || text.front() == '\'') {
    end = text.find(text.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    attribute.value = std::string(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  } else {
    end = std::min(text.find_first_of(" \t\n\f\r>"), text.size());
    attribute.value = std::string(text.substr(0, end));
    text.remove_prefix(end);
  }
  return attribute;
}

const Encoding* from_meta_tag(std::string_view& text) {
  bool pragma = false;
  const Encoding* from_content = nullptr;
  const Encoding* from_charset = nullptr;
  while (auto attribute = take_attribute(text)) {
    if (attribute->name == "http-equiv")
      pragma = equals_ignoring_case(attribute->value, "content-type");
    if (attribute->name == "content" && from_content == nullptr)
      from_content = from_content_type(attribute->value);
    if (attribute->name == "charset" && from_charset == nullptr)
      from_charset = encoding_by_label(attribute->value);
  }
  const Encoding* found = from_charset != nullptr ? from_charset : pragma ? from_content : nullptr;
  // A page whose <meta> we can read in ASCII is not in UTF-16, whatever it says.
  return found != nullptr && found->name.starts_with("UTF-16") ? encoding_by_name("UTF-8") : found;
}

const Encoding* from_prescan(std::string_view text) {
  text = text.substr(0, prescan_bytes);
  for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<')) {
    text.remove_prefix(at);
    if (text.starts_with("<!--")) {
      const auto end = text.find("-->", 2);
      if (end == std::string_view::npos) return nullptr;
      text.remove_prefix(end + 3);
    } else if (text.size() > 5 && equals_ignoring_case(text.substr(0, 5), "<meta") &&
               std::string_view(" \t\n\f\r/").find(text[5]) != std::string_view::npos) {
      text.remove_prefix(5);
      if (const Encoding* found = from_meta_tag(text)) return found;
    } else {
      text.remove_prefix(1);
    }
  }
  return nullptr;
}

const Encoding* from_statistics(std::string_view bytes) {
  // More adds time, not certainty.
  constexpr std::size_t enough = 256U << 10;
  const Detector detector(uchardet_new());
  if (uchardet_handle_data(detector.get(), bytes.data(), std::min(bytes.size(), enough)) != 0)
    return nullptr;
  uchardet_data_end(detector.get());
  const std::string_view told = uchardet_get_charset(detector.get());
  // Not one of the standard's labels: EUC-KR with Microsoft's additions, as the standard's is.
  if (told == "UHC") return encoding_by_name("EUC-KR");
  const Encoding* encoding = encoding_by_label(told);
  if (encoding != nullptr && encoding->name == "windows-1250" && is_latin2(bytes))
    return encoding_by_name("ISO-8859-2");
  return encoding;
}

std::string convert(std::string_view bytes, const Encoding& encoding) {
  std::string text;
  if (encoding.name == "UTF-8") {
    icu::UnicodeString::fromUTF8({bytes.data(), static_cast<std::int32_t>(bytes.size())})
        .toUTF8String(text);
    return text;
  }
  UErrorCode status = U_ZERO_ERROR;
  const Converter converter(ucnv_open(encoding.icu, &status));
  if (U_FAILURE(status)) return convert(bytes, encodings.front());
  const icu::UnicodeString decoded(bytes.data(), static_cast<std::int32_t>(bytes.size()),
                                   converter.get(), status);
  decoded.toUTF8String(text);
  return text;
}

// How many characters outside ASCII are well-formed UTF-8, and how many bytes are part of none.
struct Utf8Count {
  std::size_t characters = 0;
  std::size_t strays = 0;
};

Utf8Count count_utf8(std::string_view bytes) {
  Utf8Count count;
  for (;;) {
    const char* begin = bytes.data();
    const char* next = find_non_ascii(begin, begin + bytes.size());
    bytes.remove_prefix(static_cast<std::size_t>(next - begin));
    if (bytes.empty()) return count;
    const std::size_t length = read_utf8(bytes).length;
    ++(length > 1 ? count.characters : count.strays);
    bytes.remove_prefix(length);
  }
}

// Whether what the page says of itself cannot be. Six characters in a row that are UTF-8 by chance
// are met once in some ten thousand texts in GBK, and in no page.
bool is_disproved(const Encoding& declared, const Utf8Count& count) {
  constexpr std::size_t enough = 6;
  if (declared.name == "UTF-8") return count.strays > enough && count.strays > count.characters;
  return !declared.name.starts_with("UTF-16") && count.strays == 0 && count.characters >= enough;
}

}  // namespace

DecodedText decode(std::string_view bytes, std::string_view content_type) {
  const Encoding* const utf8 = encoding_by_name("UTF-8");
  const Utf8Count count = count_utf8(bytes);
  const bool well_formed = count.strays == 0;
  const Encoding* encoding = from_byte_order_mark(bytes);
  if (encoding == nullptr) encoding = from_zeros(bytes);
  const bool is_ascii = count.characters == 0 && well_formed;
  if (encoding == nullptr && is_ascii && has_japanese_escapes(bytes))
    encoding = encoding_by_name("ISO-2022-JP");
  if (encoding == nullptr) {
    encoding = from_content_type(content_type);
    if (encoding == nullptr) encoding = from_prescan(bytes);
    if (encoding != nullptr && is_disproved(*encoding, count)) encoding = nullptr;
  }
  if (encoding == nullptr && well_formed) encoding = utf8;
  if (encoding == nullptr) encoding = from_statistics(bytes);
  if (encoding == nullptr) encoding = encoding_by_name("windows-1252");
  if (encoding == utf8 && well_formed) return {std::string(bytes), "UTF-8"};
  return {convert(bytes, *encoding), std::string(encoding->name)};
}

}  // namespace dandelion::html
