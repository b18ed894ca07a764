// SPDX-License-Identifier: MIT
#include "render/template_text.hpp"

#include "html/serialize.hpp"
#include "render/markdown_text.hpp"

namespace dandelion {

Escaping escaping_of(std::string_view file) {
  if (file.ends_with(".md")) return Escaping::markdown;
  return file.ends_with(".html") || file.ends_with(".xml") ? Escaping::html : Escaping::none;
}

TemplateText::TemplateText(const std::string& text, Escaping escaping) : compiled_(text) {
  compiled_.set_custom_escape([escaping](const std::string& value) {
    switch (escaping) {
      case Escaping::markdown:
        return escape_markdown(value);
      case Escaping::html:
        return html::escape_attribute(value);
      case Escaping::none:
        break;
    }
    return value;
  });
}

std::string TemplateText::render(const TemplateData& values) const {
  std::string text;
  compiled_.render(values, [&text](const std::string& piece) { text += piece; });
  return text;
}

void set_text(TemplateData& values, const std::string& name, const std::string& text) {
  if (text.empty()) {
    values.set(name, TemplateData(false));
  } else {
    values.set(name, TemplateData(text));
  }
}

}  // namespace dandelion
