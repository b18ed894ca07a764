// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "html/dom.hpp"

namespace dandelion {

// The footnotes of an article that GFM's footnotes show as the page did: the notes are all that
// stands at its end, each of them is referred to, and their numbers are those of the first
// references in the order of the text. GFM numbers by first reference, leaves out what has none,
// and moves the rest to the end. Found in whatever form the page has them: sup > a[href="#fn1"] and
// ol > li#fn1 with a way back, as Markdown processors, WordPress and Wikipedia write them, numbers
// with a block each (Substack, word processors), EPUB's roles. Nodes are those of the tree that
// was searched.
struct Footnotes {
  struct Reference {
    const html::Node* node;  // what gives way to the number: the link, or the <sup> around it
    int number;              // from 1
  };
  std::vector<Reference> references;     // in the order of the text
  std::vector<const html::Node*> notes;  // the element that holds each: notes[0] is number 1
  const html::Node* list = nullptr;      // the element whose children the notes are

  std::unordered_map<const html::Node*, int> numbers;  // of the references, by their node
  // Links of the page's that are a reference or a way back from a note.
  std::unordered_set<const html::Node*> links;
  // The notes themselves, ways back, the notes' own numbers, a rule in front of the notes.
  std::unordered_set<const html::Node*> left_out;
  // Whose content stays while they go: a <sup> around several references.
  std::unordered_set<const html::Node*> unwrapped;
  // What is left of texts that begin with their note's number.
  std::unordered_map<const html::Node*, std::string_view> shortened;

  [[nodiscard]] bool empty() const { return notes.empty(); }
};

// The elements under `body` that link to a place in it, in the order of the text.
[[nodiscard]] std::vector<const html::Node*> links_within(const html::Node& body);

// Empty where there are none, or GFM would show them otherwise. `links` as links_within says.
[[nodiscard]] Footnotes find_footnotes(const html::Node& body,
                                       const std::vector<const html::Node*>& links);

}  // namespace dandelion
