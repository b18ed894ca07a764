// SPDX-License-Identifier: MIT
#include "core/secret.hpp"

#include <cstdlib>

#include "core/files.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_secret_bytes = 64U << 10;

}  // namespace

Result<Secret> read_secret(const SecretSource& source) {
  std::string value;
  std::string where;
  if (source.kind == SecretSource::Kind::environment) {
    where = fmt::format("environment variable {}", source.name);
    const char* found = std::getenv(source.name.c_str());
    if (found == nullptr) {
      return fail(ErrorKind::bad_input, "{} is not set; export it before the run", where);
    }
    value = found;
  } else {
    where = fmt::format("secret file {}", source.name);
    auto content = read_file(source.name, max_secret_bytes);
    if (!content) return tl::unexpected(Error{ErrorKind::bad_input, content.error().message});
    value = std::move(*content);
    value.resize(value.find_last_not_of(" \t\r\n") + 1);
  }
  if (value.empty()) return fail(ErrorKind::bad_input, "{} is empty", where);
  // A line break would let a secret end an HTTP header and begin another.
  if (value.find_first_of("\r\n") != std::string::npos) {
    return fail(ErrorKind::bad_input, "{} holds more than one line", where);
  }
  // To C's strings the rest of it would not be there.
  if (value.find('\0') != std::string::npos)
    return fail(ErrorKind::bad_input, "{} holds a zero byte: it is no text", where);
  return Secret(std::move(value));
}

}  // namespace dandelion
