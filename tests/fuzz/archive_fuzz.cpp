// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "archive/page_rewrite.hpp"
#include "html/parse.hpp"

// Whatever a page or a style sheet is, nothing of it runs or is asked for once it is one file; and
// what is one file stays as it is when it is made one again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const dandelion::Embed embed = [](const std::string&, dandelion::EmbeddedKind kind) {
    return std::optional<std::string>(kind == dandelion::EmbeddedKind::resource ? "data:," : "x");
  };
  const std::string url = "https://e.example/a/";
  const std::string css = dandelion::rewrite_style(text, url, embed);
  if (dandelion::rewrite_style(css, url, embed) != css) std::abort();
  dandelion::html::Document page = dandelion::html::parse(text);
  const std::string made = dandelion::rewrite_page(page, url, embed);
  const dandelion::html::Document again = dandelion::html::parse(made);
  const dandelion::html::Node& root = again.root();
  for (const auto* at = &root; at != nullptr; at = dandelion::html::next_in_tree(*at, root)) {
    if (at->name == "script" || at->name == "base") std::abort();
    for (const auto& attribute : at->attributes) {
      if (attribute.name.starts_with("on")) std::abort();
    }
    if (at->name == "img" && at->attribute("src") && *at->attribute("src") != "data:,")
      if (!at->attribute("src")->starts_with("data:")) std::abort();
  }
  return 0;
}
