// SPDX-License-Identifier: MIT
#include "cli/served_files.hpp"

#include <array>
#include <mutex>

#include "core/files.hpp"
#include "core/text.hpp"
#include "html/serialize.hpp"
#include "publish/mirror_repository.hpp"
#include "render/preview.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_served_bytes = 256U << 20;

class FolderFiles final : public ServedFiles {
 public:
  explicit FolderFiles(std::filesystem::path root) : root_(std::move(root)) {}

  std::optional<std::string> read(const std::string& path) override {
    std::error_code error;
    const auto file = std::filesystem::canonical(root_ / path, error);
    if (error || !std::filesystem::is_regular_file(file, error)) return std::nullopt;
    // A symbolic link may lead anywhere; what is shown is the folder.
    const auto [end, ignored] = std::mismatch(root_.begin(), root_.end(), file.begin(), file.end());
    if (end != root_.end()) return std::nullopt;
    auto content = read_file(file, max_served_bytes);
    return content ? std::optional(std::move(*content)) : std::nullopt;
  }

 private:
  std::filesystem::path root_;
};

class RepositoryFiles final : public ServedFiles {
 public:
  explicit RepositoryFiles(MirrorRepository repository) : repository_(std::move(repository)) {}

  std::optional<std::string> read(const std::string& path) override {
    // The server answers from many threads, a repository serves one.
    const std::lock_guard lock(mutex_);
    auto content = repository_.read(path);
    return content ? std::move(*content) : std::nullopt;
  }

 private:
  std::mutex mutex_;
  MirrorRepository repository_;
};

std::string content_type_of(std::string_view path) {
  struct Type {
    std::string_view ending;
    std::string_view type;
  };
  static constexpr std::array<Type, 18> types = {{{".html", "text/html; charset=utf-8"},
                                                  {".htm", "text/html; charset=utf-8"},
                                                  {".md", "text/plain; charset=utf-8"},
                                                  {".css", "text/css; charset=utf-8"},
                                                  {".js", "text/javascript; charset=utf-8"},
                                                  {".json", "application/json"},
                                                  {".xml", "application/xml"},
                                                  {".txt", "text/plain; charset=utf-8"},
                                                  {".png", "image/png"},
                                                  {".jpg", "image/jpeg"},
                                                  {".jpeg", "image/jpeg"},
                                                  {".gif", "image/gif"},
                                                  {".webp", "image/webp"},
                                                  {".avif", "image/avif"},
                                                  {".svg", "image/svg+xml"},
                                                  {".ico", "image/x-icon"},
                                                  {".pdf", "application/pdf"},
                                                  {".woff2", "font/woff2"}}};
  const std::string lower = ascii_lower(path);
  for (const Type& type : types) {
    if (lower.ends_with(type.ending)) return std::string(type.type);
  }
  return "application/octet-stream";
}

ServedPage answer(const std::string& path, std::string content, bool raw) {
  if (!raw && path.ends_with(".md")) {
    return {200, "text/html; charset=utf-8", preview_markdown(content, path), {}};
  }
  return {200, content_type_of(path), std::move(content), {}};
}

}  // namespace

Result<std::unique_ptr<ServedFiles>> ServedFiles::open(const std::filesystem::path& where) {
  std::error_code error;
  const auto root = std::filesystem::canonical(where, error);
  if (error) return fail(ErrorKind::bad_input, "{}: {}", where.string(), error.message());
  if (!std::filesystem::is_directory(root, error)) {
    return fail(ErrorKind::bad_input, "{}: neither a folder nor a repository", where.string());
  }
  // A bare repository holds its branches' tips, not files to look at.
  if (std::filesystem::exists(root / "HEAD", error) &&
      std::filesystem::is_directory(root / "objects", error)) {
    auto repository = MirrorRepository::open(root);
    if (!repository) return tl::unexpected(repository.error());
    return std::make_unique<RepositoryFiles>(std::move(*repository));
  }
  return std::make_unique<FolderFiles>(root);
}

ServedPage serve_path(ServedFiles& files, std::string_view path, bool raw) {
  std::string name(path);
  name.erase(0, name.find_first_not_of('/'));
  const bool folder = name.empty() || name.ends_with('/');
  while (name.ends_with('/'))
    name.pop_back();
  if (name.empty() || is_safe_relative_path(name)) {
    if (!folder) {
      if (auto content = files.read(name)) return answer(name, std::move(*content), raw);
    }
    const std::string prefix = name.empty() ? std::string() : name + "/";
    for (const std::string_view index : {"index.html", "README.md"}) {
      auto content = files.read(prefix + std::string(index));
      if (!content) continue;
      if (!folder) return {301, "text/plain; charset=utf-8", {}, "/" + prefix};
      return answer(prefix + std::string(index), std::move(*content), raw);
    }
  }
  return {404,
          "text/html; charset=utf-8",
          fmt::format("<!DOCTYPE html><title>404</title><p>There is no {} here.</p>\n",
                      html::escape_text(path)),
          {}};
}

}  // namespace dandelion
