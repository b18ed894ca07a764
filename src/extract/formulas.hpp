// SPDX-License-Identifier: MIT
#pragma once

#include "html/dom.hpp"

namespace dandelion {

// Puts a formula's TeX in the place of the element that shows it, whatever that is: <math>, a
// picture, a script of MathJax, the boxes of KaTeX. It is written as `$`, <code>, `$`, which Git
// hosts show as a formula when it is Markdown, and everybody else can read; displayed ones that
// stand alone are a <pre> with the language "math". MathML without TeX becomes its text. Returns
// what stands in its place; nullptr where the element shows no formula.
[[nodiscard]] html::Node* write_formula(html::Document& document, html::Node& element);

}  // namespace dandelion
