// SPDX-License-Identifier: MIT
#include "publish/redaction.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "core/url.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

constexpr std::size_t shortest_form = 8;

// As percent_encode, with digits in small letters.
std::string small_percent_encode(std::string_view text) {
  std::string encoded = percent_encode(text);
  for (std::size_t at = encoded.find('%'); at != std::string::npos;
       at = encoded.find('%', at + 3)) {
    const std::string digits = ascii_lower(std::string_view(encoded).substr(at + 1, 2));
    encoded.replace(at + 1, digits.size(), digits);
  }
  return encoded;
}

std::string as_json(const std::string& text) {
  const std::string quoted =
      nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

std::string as_html(std::string_view text) {
  std::string escaped = replace_all(text, "&", "&amp;");
  escaped = replace_all(replace_all(escaped, "<", "&lt;"), ">", "&gt;");
  return replace_all(escaped, "\"", "&quot;");
}

// Without padding: what follows it tells nothing.
std::string bare_base64(std::string_view text) {
  std::string encoded = base64(text);
  encoded.erase(std::find(encoded.begin(), encoded.end(), '='), encoded.end());
  return encoded;
}

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
  for (const std::string& secret :
       {token, bare_base64(credentials.username + ":" + token), bare_base64(token)}) {
    add_form(secret);
    add_form(percent_encode(secret));
    add_form(small_percent_encode(secret));
    add_form(as_json(secret));
    add_form(replace_all(as_json(secret), "/", "\\/"));
    add_form(as_html(secret));
    add_form(replace_all(replace_all(secret, "+", "-"), "/", "_"));
  }
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
    redaction.add({mirror.username.empty() ? "git" : mirror.username, std::move(*token)});
  return redaction;
}

}  // namespace dandelion
