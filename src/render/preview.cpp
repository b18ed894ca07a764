// SPDX-License-Identifier: MIT
#include "render/preview.hpp"

#include <cstdlib>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <fmt/format.h>

#include "core/handle.hpp"
#include "html/dom.hpp"
#include "html/parse.hpp"
#include "html/sanitize.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

using CmarkParser = Handle<cmark_parser, cmark_parser_free>;
using CmarkNode = Handle<cmark_node, cmark_node_free>;
using CmarkText = Handle<char, std::free>;

constexpr std::string_view style = R"(
:root { color-scheme: light dark }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: break-word }
img { max-width: 100%; height: auto }
table { border-collapse: collapse; display: block; overflow-x: auto }
td, th { border: 1px solid #8886; padding: .3rem .6rem }
blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: .25rem solid #8886 }
pre { overflow-x: auto; padding: .8rem; background: #8882 }
)";

std::string to_html(std::string_view markdown) {
  cmark_gfm_core_extensions_ensure_registered();
  constexpr int options = CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES;
  const CmarkParser parser(cmark_parser_new(options));
  for (const char* name : {"table", "strikethrough", "autolink", "tasklist", "tagfilter"}) {
    if (cmark_syntax_extension* extension = cmark_find_syntax_extension(name)) {
      cmark_parser_attach_syntax_extension(parser.get(), extension);
    }
  }
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  const CmarkNode document(cmark_parser_finish(parser.get()));
  const CmarkText text(
      cmark_render_html(document.get(), options, cmark_parser_get_syntax_extensions(parser.get())));
  return text.get();
}

}  // namespace

std::string preview_markdown(std::string_view markdown, std::string_view title) {
  html::Document document = html::parse_fragment(to_html(markdown));
  html::keep_what_git_hosts_show(document, document.root());
  return fmt::format(
      "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n"
      "</head>\n<body dir=\"auto\">\n{}\n</body>\n</html>\n",
      html::escape_text(title), style, html::inner_html(document.root()));
}

}  // namespace dandelion
