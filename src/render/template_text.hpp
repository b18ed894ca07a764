// SPDX-License-Identifier: MIT
// A compiled mustache template. Inside render/ only: it brings the library's header along.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <kainjow/mustache.hpp>

namespace dandelion {

using TemplateData = kainjow::mustache::data;

// How {{x}} writes a value; {{{x}}} writes it as it is.
enum class Escaping { markdown, html, none };

// By a file's ending: .md is Markdown, .html and .xml escape markup.
[[nodiscard]] Escaping escaping_of(std::string_view file);

class TemplateText {
 public:
  // The text has passed check_template.
  TemplateText(const std::string& text, Escaping escaping);
  // Not for two threads at once: the library keeps its last error in the template.
  [[nodiscard]] std::string render(const TemplateData& values) const;

 private:
  mutable kainjow::mustache::mustache compiled_;
};

// A value that counts as absent, for {{#x}} and {{^x}}, where it is empty.
void set_text(TemplateData& values, const std::string& name, const std::string& text);

}  // namespace dandelion
