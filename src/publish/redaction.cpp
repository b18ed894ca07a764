// SPDX-License-Identifier: MIT
#include "publish/redaction.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "publish/secret_forms.hpp"

namespace dandelion {
namespace {

constexpr std::size_t shortest_form = 8;

}  // namespace

void Redaction::add_form(std::string form) {
  if (form.size() < shortest_form || std::find(forms_.begin(), forms_.end(), form) != forms_.end())
    return;
  forms_.push_back(std::move(form));
  std::sort(forms_.begin(), forms_.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

void Redaction::add(const Credentials& credentials) {
  const std::string& token = credentials.token.reveal();
  if (token.empty()) return;
  for (std::string& form : secret_forms(token, credentials.username))
    add_form(std::move(form));
}

std::string Redaction::in(std::string_view text) const {
  std::string clean(text);
  for (const std::string& form : forms_)
    clean = replace_all(clean, form, "[token]");
  return clean;
}

Redaction redaction_of(const MirrorSettings& mirror) {
  Redaction redaction;
  if (!mirror.token) return redaction;
  if (auto token = read_secret(*mirror.token))
    redaction.add({name_sent_by(mirror), std::move(*token)});
  return redaction;
}

}  // namespace dandelion
