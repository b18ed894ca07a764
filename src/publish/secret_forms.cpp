// SPDX-License-Identifier: MIT
#include "publish/secret_forms.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "core/url.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

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

void add_once(std::vector<std::string>& forms, std::string form) {
  if (std::find(forms.begin(), forms.end(), form) == forms.end()) forms.push_back(std::move(form));
}

}  // namespace

std::vector<std::string> written_forms(std::string_view text) {
  std::vector<std::string> forms;
  const std::string plain(text);
  add_once(forms, plain);
  add_once(forms, percent_encode(text));
  add_once(forms, small_percent_encode(text));
  add_once(forms, as_json(plain));
  add_once(forms, replace_all(as_json(plain), "/", "\\/"));
  add_once(forms, as_html(text));
  return forms;
}

std::vector<std::string> secret_forms(std::string_view secret, std::string_view username) {
  std::vector<std::string> shapes = {std::string(secret), bare_base64(secret)};
  if (!username.empty()) shapes.push_back(bare_base64(fmt::format("{}:{}", username, secret)));
  std::vector<std::string> forms;
  for (const std::string& shape : shapes) {
    for (std::string& form : written_forms(shape))
      add_once(forms, std::move(form));
    add_once(forms, replace_all(replace_all(shape, "+", "-"), "/", "_"));
  }
  return forms;
}

}  // namespace dandelion
