// SPDX-License-Identifier: MIT
#include "publish/secret_scan.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

namespace dandelion {
namespace {

constexpr std::size_t shortest_secret = 8;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

struct Shape {
  std::string_view prefix;
  std::size_t length;  // of letters, digits and underscores after it, at least
  std::string_view what;
};
// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
// https://docs.gitlab.com/security/tokens/#token-prefixes
constexpr std::array<Shape, 8> shapes = {{{"ghp_", 36, "a token of GitHub"},
                                          {"gho_", 36, "a token of GitHub"},
                                          {"ghu_", 36, "a token of GitHub"},
                                          {"ghs_", 36, "a token of GitHub"},
                                          {"ghr_", 36, "a token of GitHub"},
                                          {"github_pat_", 60, "a token of GitHub"},
                                          {"glpat-", 20, "a token of GitLab"},
                                          {"ATCTT3xFfGN0", 60, "a token of Bitbucket"}}};

// memmem looks many bytes at a time; std::string_view::find does not.
const char* find(std::string_view text, std::string_view word) {
  return static_cast<const char*>(::memmem(text.data(), text.size(), word.data(), word.size()));
}

std::string_view behind(std::string_view text, const char* at, std::size_t size) {
  return text.substr(static_cast<std::size_t>(at - text.data()) + size);
}

// Whether a token of the shape has its prefix end where `rest` begins.
bool is_token(std::string_view before, std::string_view rest, const Shape& shape) {
  if (!before.ends_with(shape.prefix)) return false;
  before.remove_suffix(shape.prefix.size());
  if (!before.empty() && is_word(before.back())) return false;
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_word);
  return static_cast<std::size_t>(end - rest.begin()) >= shape.length;
}

// The first shape of a token in the text. All prefixes are looked for at once, by their last bytes.
const Shape* token_in(std::string_view text) {
  for (const char last : {'_', '-', '0'}) {
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end; ++at) {
      at = static_cast<const char*>(std::memchr(at, last, static_cast<std::size_t>(end - at)));
      if (at == nullptr) break;
      const auto size = static_cast<std::size_t>(at - text.data()) + 1;
      for (const Shape& shape : shapes) {
        if (shape.prefix.back() == last && is_token(text.substr(0, size), text.substr(size), shape))
          return &shape;
      }
    }
  }
  return nullptr;
}

bool has_private_key(std::string_view text) {
  while (const char* at = find(text, "PRIVATE KEY")) {
    const std::string_view before = text.substr(0, static_cast<std::size_t>(at - text.data()));
    text = behind(text, at, std::strlen("PRIVATE KEY"));
    const std::string_view line = before.substr(before.rfind('\n') + 1);
    if (line.find("-----BEGIN ") != std::string_view::npos && text.starts_with("-----"))
      return true;
  }
  return false;
}

bool has_word(std::string_view text, std::string_view word) {
  while (const char* at = find(text, word)) {
    const bool begins = at == text.data() || !is_word(at[-1]);
    text = behind(text, at, word.size());
    if (begins && (text.empty() || !is_word(text.front()))) return true;
  }
  return false;
}

// "/home/alice", not "/root" or "/home": those are in many a text.
bool is_personal(std::string_view home) {
  const auto second = home.find('/', 1);
  return home.starts_with('/') && second != std::string_view::npos && second + 1 < home.size();
}

// "vps-4f21.example", not "debian": what has neither digit nor dot nor hyphen may be any word.
bool is_telling(std::string_view name) {
  return name.size() >= shortest_secret && !name.starts_with("localhost") &&
         name.find_first_of("0123456789.-") != std::string_view::npos;
}

}  // namespace

void SecretScan::add_own(std::string what, std::string value) {
  if (value.size() >= shortest_secret) own_.push_back({std::move(what), std::move(value), false});
}

void SecretScan::add_this_machine(std::string_view published) {
  const char* home = std::getenv("HOME");
  if (home != nullptr && is_personal(home)) own_.push_back({"your home folder", home, true});
  std::array<char, 256> name{};
  const bool is_named = ::gethostname(name.data(), name.size() - 1) == 0;
  if (is_named && is_telling(name.data()) && find(published, name.data()) == nullptr)
    own_.push_back({"the name of this machine", name.data(), true});
}

std::optional<std::string> SecretScan::own_in(std::string_view text) const {
  for (const Own& own : own_) {
    const bool found =
        own.whole_word ? has_word(text, own.value) : find(text, own.value) != nullptr;
    if (found) return own.what;
  }
  return std::nullopt;
}

std::optional<std::string> SecretScan::shape_in(std::string_view text) {
  if (has_private_key(text)) return "a private key";
  const Shape* shape = token_in(text);
  return shape != nullptr ? std::optional(std::string(shape->what)) : std::nullopt;
}

std::optional<std::string> SecretScan::secret_in(std::string_view text) const {
  if (auto own = own_in(text)) return own;
  if (const auto shape = shape_in(text)) return "what looks like " + *shape;
  return std::nullopt;
}

}  // namespace dandelion
