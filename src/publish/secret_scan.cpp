// SPDX-License-Identifier: MIT
#include "publish/secret_scan.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include <unistd.h>

#include "core/text.hpp"
#include "publish/secret_forms.hpp"

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
// https://github.com/FiloSottile/age/blob/main/doc/age-keygen.1.ronn
constexpr std::array<Shape, 24> shapes = {{{"ghp_", 36, "a token of GitHub"},
                                           {"gho_", 36, "a token of GitHub"},
                                           {"ghu_", 36, "a token of GitHub"},
                                           {"ghs_", 36, "a token of GitHub"},
                                           {"ghr_", 36, "a token of GitHub"},
                                           {"github_pat_", 60, "a token of GitHub"},
                                           {"glpat-", 20, "a token of GitLab"},
                                           {"gloas-", 20, "a token of GitLab"},
                                           {"gldt-", 20, "a token of GitLab"},
                                           {"glrt-", 20, "a token of GitLab"},
                                           {"glrtr-", 20, "a token of GitLab"},
                                           {"glcbt-", 20, "a token of GitLab"},
                                           {"glptt-", 20, "a token of GitLab"},
                                           {"glft-", 20, "a token of GitLab"},
                                           {"glimt-", 20, "a token of GitLab"},
                                           {"glagent-", 20, "a token of GitLab"},
                                           {"glsoat-", 20, "a token of GitLab"},
                                           {"glffct-", 20, "a token of GitLab"},
                                           {"GR1348941", 20, "a token of GitLab"},
                                           {"ATCTT3xFfGN0", 60, "a token of Bitbucket"},
                                           {"ATATT3xFfGN0", 60, "a token of Bitbucket"},
                                           {"ATBB", 28, "a token of Bitbucket"},
                                           {"AGE-SECRET-KEY-1", 50, "a private key"},
                                           {"AGE-SECRET-KEY-PQ-1", 50, "a private key"}}};

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
  for (const char last : {'_', '-', '0', '1', 'B'}) {
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

// Whether base64 as keys have it comes soon: behind at most a few lines that say what it is.
bool has_key_body(std::string_view text) {
  constexpr std::size_t looked_through = 600;
  constexpr std::size_t shortest_line = 32;
  const auto is_base64 = [](char c) {
    return (is_word(c) && c != '_' && c != '-' && static_cast<unsigned char>(c) < 0x80) ||
           c == '+' || c == '/' || c == '=';
  };
  std::size_t run = 0;
  bool has_digit_or_mark = false;  // a path or a long word may be as long
  for (const char c : text.substr(0, std::min(looked_through, text.find("-----END")))) {
    run = is_base64(c) ? run + 1 : 0;
    if (run <= 1) has_digit_or_mark = false;
    has_digit_or_mark = has_digit_or_mark || (c >= '0' && c <= '9') || c == '+';
    if (run >= shortest_line && has_digit_or_mark) return true;
  }
  return false;
}

// PEM (RFC 7468), OpenPGP's armor (RFC 9580, 6.2) and the SSH2 files of RFC 4716's kin, in whose
// lines the hyphens differ.
bool has_armored_key(std::string_view text) {
  while (const char* at = find(text, "PRIVATE KEY")) {
    const std::string_view before = text.substr(0, static_cast<std::size_t>(at - text.data()));
    text = behind(text, at, std::strlen("PRIVATE KEY"));
    const std::string_view line = before.substr(before.rfind('\n') + 1);
    const bool begins = line.find("-----BEGIN ") != std::string_view::npos ||
                        line.find("---- BEGIN ") != std::string_view::npos;
    const bool ends =
        text.starts_with("-----") || text.starts_with(" BLOCK-----") || text.starts_with(" ----");
    if (begins && ends && has_key_body(text)) return true;
  }
  return false;
}

// https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html
bool has_putty_key(std::string_view text) {
  constexpr std::size_t public_part = 8U << 10;
  while (const char* at = find(text, "PuTTY-User-Key-File-")) {
    text = behind(text, at, 1);
    const std::string_view file = text.substr(0, public_part);
    const char* lines = find(file, "Private-Lines:");
    if (lines != nullptr && has_key_body(behind(text, lines, 0))) return true;
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

// The user's home folder by this machine's own list of users (passwd(5)); empty: it has none there.
// getpwuid() would ask services for it, and some of them are in the network.
std::string listed_home() {
  constexpr std::size_t uid_field = 2;
  constexpr std::size_t home_field = 5;
  const std::string uid = std::to_string(::getuid());
  std::ifstream users("/etc/passwd");
  for (std::string line; std::getline(users, line);) {
    std::array<std::string, home_field + 1> fields;
    std::istringstream rest(line);
    for (std::string& field : fields)
      std::getline(rest, field, ':');
    if (fields[uid_field] == uid) return fields[home_field];
  }
  return {};
}

}  // namespace

void SecretScan::add_own(const std::string& what, std::string_view value,
                         std::string_view username) {
  if (value.size() < shortest_secret) return;
  for (std::string& form : secret_forms(value, username))
    own_.push_back({what, std::move(form), false});
}

void SecretScan::add_home(const std::string& home) {
  if (!is_personal(home)) return;
  for (std::string& form : written_forms(home))
    own_.push_back({"your home folder", std::move(form), true});
}

void SecretScan::add_this_machine(std::string_view published) {
  // A service of the system's may have no $HOME.
  const std::string listed = listed_home();
  const char* home = std::getenv("HOME");
  if (home != nullptr) add_home(home);
  if (home == nullptr || listed != home) add_home(listed);
  std::array<char, 256> name{};
  const bool is_named = ::gethostname(name.data(), name.size() - 1) == 0;
  const std::string small = ascii_lower(name.data());
  if (is_named && is_telling(small) && find(ascii_lower(published), small) == nullptr)
    machine_ = small;
}

std::optional<std::string> SecretScan::own_in(std::string_view text) const {
  for (const Own& own : own_) {
    const bool found =
        own.whole_word ? has_word(text, own.value) : find(text, own.value) != nullptr;
    if (found) return own.what;
  }
  if (!machine_.empty() && has_word(ascii_lower(text), machine_)) return "the name of this machine";
  return std::nullopt;
}

std::optional<std::string> SecretScan::shape_in(std::string_view text) {
  if (has_armored_key(text) || has_putty_key(text)) return "a private key";
  const Shape* shape = token_in(text);
  return shape != nullptr ? std::optional(std::string(shape->what)) : std::nullopt;
}

std::optional<std::string> SecretScan::secret_in(std::string_view text) const {
  if (auto own = own_in(text)) return own;
  if (const auto shape = shape_in(text)) return "what looks like " + *shape;
  return std::nullopt;
}

}  // namespace dandelion
