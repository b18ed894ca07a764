// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string_view>

#include "html/parse.hpp"
#include "html/selector.hpp"

// Every text is a selector or an error, and a selector matches in bounded time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const dandelion::html::Document page = dandelion::html::parse(
      "<div id=a class='b c'><p>1<p lang=en>2<ul><li>3<li>4</ul></div><a href=x>5</a>");
  const auto selector =
      dandelion::html::Selector::parse({reinterpret_cast<const char*>(data), size});
  if (selector) static_cast<void>(selector->select_all(page.root()));
  return 0;
}
