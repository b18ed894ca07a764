// SPDX-License-Identifier: MIT
// How the HTML parser, the decoder and the serialiser find the next byte that means something; no
// other room needs it.
#pragma once

#include <bit>
#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace dandelion::html {

// The first of the bytes `stops` in [at, end), else `end`.
template <char... stops>
[[nodiscard]] const char* find_any(const char* at, const char* end) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    __m128i hits = _mm_setzero_si128();
    ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(block, _mm_set1_epi8(stops)))), ...);
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (at != end && ((*at != stops) && ...))
    ++at;
  return at;
}

// The first byte in [at, end) that is not ASCII, else `end`.
[[nodiscard]] inline const char* find_non_ascii(const char* at, const char* end) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const auto mask = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (at != end && static_cast<unsigned char>(*at) < 0x80)
    ++at;
  return at;
}

// The first byte in [at, end) that is, or may begin, a line break other than LF or a control
// character that no page means: CR, C0 but NUL, tab, LF and form feed, DEL, and 0xC2, with which C1
// begins in UTF-8.
[[nodiscard]] inline const char* find_control(const char* at, const char* end) {
  const auto is_hit = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20) return byte == 0x7F || byte == 0xC2;
    return c != '\n' && c != '\t' && c != '\f' && c != '\0';
  };
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto is = [block](char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); };
    const __m128i below = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
    const __m128i meant =
        _mm_or_si128(_mm_or_si128(is('\n'), is('\t')), _mm_or_si128(is('\f'), is('\0')));
    const __m128i hits =
        _mm_or_si128(_mm_andnot_si128(meant, below), _mm_or_si128(is('\x7F'), is('\xC2')));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (at != end && !is_hit(*at))
    ++at;
  return at;
}

// White space of the HTML Standard; form feed too, unlike in CSS no vertical tab.
[[nodiscard]] constexpr bool is_html_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r';
}

}  // namespace dandelion::html
