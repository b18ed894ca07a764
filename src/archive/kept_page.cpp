// SPDX-License-Identifier: MIT
#include "archive/kept_page.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <tuple>

#include <nlohmann/json.hpp>

#include "archive/article_writer.hpp"
#include "archive/certificate.hpp"
#include "archive/kept_index.hpp"
#include "archive/wacz.hpp"
#include "archive/warc.hpp"
#include "core/files.hpp"
#include "core/held_folder.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "render/markdown.hpp"
#include "sign/minisign.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::string_view receipt_name = "receipt.json";
constexpr std::string_view signature_name = "receipt.json.minisig";
constexpr std::size_t max_receipt_bytes = 4U << 20;
constexpr std::size_t max_kept_bytes = 1U << 30;
constexpr std::size_t max_slug_bytes = 60;
// Pages that differ in their query alone share a name, too.
constexpr int max_copies_a_day = 100'000;

// The extension that the type is known by; what nobody knows stays bytes.
std::string_view extension_of(std::string_view type) {
  using Known = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Known, 19> known = {Known{"application/pdf", "pdf"},
                                                  Known{"application/json", "json"},
                                                  Known{"application/xml", "xml"},
                                                  Known{"text/xml", "xml"},
                                                  Known{"text/plain", "txt"},
                                                  Known{"text/css", "css"},
                                                  Known{"text/csv", "csv"},
                                                  Known{"image/jpeg", "jpg"},
                                                  Known{"image/png", "png"},
                                                  Known{"image/gif", "gif"},
                                                  Known{"image/webp", "webp"},
                                                  Known{"image/svg+xml", "svg"},
                                                  Known{"image/avif", "avif"},
                                                  Known{"audio/mpeg", "mp3"},
                                                  Known{"video/mp4", "mp4"},
                                                  Known{"application/zip", "zip"},
                                                  Known{"application/rss+xml", "xml"},
                                                  Known{"application/atom+xml", "xml"},
                                                  Known{"application/epub+zip", "epub"}};
  for (const auto& [name, extension] : known) {
    if (type == name) return extension;
  }
  return "bin";
}

Timestamp time_of(const CapturedPage& captured) {
  if (captured.exchanges.empty() || captured.exchanges.front()->exchanges().empty()) return {};
  return answered(captured.exchanges.front()->exchanges().back());
}

std::string slug_of(const std::string& url) {
  const auto parsed = parse_url(url);
  if (!parsed) return "page";
  const std::string stem = parsed->stem();
  std::string host = parsed->host.starts_with("www.") ? parsed->host.substr(4) : parsed->host;
  std::string slug = safe_path_segment(host + (stem.empty() ? "" : "-" + stem));
  while (slug.size() > max_slug_bytes || !is_utf8(slug))
    slug.pop_back();
  return slug;
}

ordered_json certificates_of(const CapturedPage& captured) {
  ordered_json list = ordered_json::array();
  if (captured.exchanges.empty() || captured.exchanges.front()->exchanges().empty()) return list;
  for (const std::string& pem : captured.exchanges.front()->exchanges().back().facts.certificates)
    list.push_back({{"sha256", certificate_fingerprint(pem)}, {"pem", pem}});
  return list;
}

ordered_json resources_of(const CapturedPage& captured) {
  ordered_json list = ordered_json::array();
  for (const auto& [url, resource] : captured.resources) {
    ordered_json entry{{"url", redact_url(url)}};
    if (resource.error.empty()) {
      entry["sha256"] = sha256_hex(resource.page.body);
    } else {
      entry["error"] = resource.error;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

// By which browser, if it is not as it came.
ordered_json rendered_of(const CapturedPage& captured) {
  if (!captured.rendered) return nullptr;
  return {{"by", captured.rendered->browser},
          {"settled", captured.rendered->settled},
          {"sha256", sha256_hex(captured.page.body)}};
}

std::vector<std::string> redacted(std::vector<std::string> urls) {
  for (std::string& url : urls)
    url = redact_url(url);
  return urls;
}

ordered_json copy_of(const CapturedPage& captured) {
  if (!captured.copy) return nullptr;
  return {{"archive", "Wayback Machine"},
          {"url", captured.copy->url},
          {"time", format_rfc3339(captured.copy->time)},
          {"note",
           "The page itself could not be had. This is that archive's copy of it: status, "
           "certificates and the time of fetching are of the connection to the archive, and what "
           "the page was like at the archive's time is known by its word alone."}};
}

class Keeping {
 public:
  Keeping(const CapturedPage& captured, const KeepOptions& options)
      : captured_(captured), options_(options) {
    // A password is nobody else's, and a receipt is given away.
    kept_.url = redact_url(captured.asked);
    kept_.fetched = time_of(captured);
    const auto& article = captured.article;
    if (article) kept_.title = article->title;
    kept_.content = sha256_hex(article ? article->title + "\n" + to_markdown(*article->body)
                                       : captured.page.body);
  }

  Result<KeepOutcome> work(KeptIndex& index) {
    const KeptPage* last = index.find(kept_.url);
    if (!options_.even_if_same && last != nullptr && last->content == kept_.content)
      return KeepOutcome{*last, false};
    if (auto made = make_files(); !made) return tl::unexpected(made.error());
    if (auto written = write(index); !written) return tl::unexpected(written.error());
    index.add(kept_);
    return KeepOutcome{kept_, true};
  }

 private:
  [[nodiscard]] bool wants(KeptFormat format) const { return options_.formats.contains(format); }

  Result<void> make_files() {
    const bool wants_exchanges = wants(KeptFormat::warc) || wants(KeptFormat::wacz);
    if (captured_.article) {
      if (auto made = make_article_files(); !made) return made;
    }
    if (wants(KeptFormat::page) || (files_.empty() && !wants_exchanges)) make_page_file();
    if (wants_exchanges) {
      if (auto made = make_replayable(); !made) return made;
    }
    std::string receipt = receipt_text();
    if (options_.key != nullptr) {
      const std::string comment =
          fmt::format("{} {}", format_rfc3339(kept_.fetched), printable_url(kept_.url));
      files_.push_back(
          {std::string(signature_name), minisign_signature(*options_.key, receipt, comment)});
    }
    files_.push_back({std::string(receipt_name), std::move(receipt)});
    return {};
  }

  Result<void> make_article_files() {
    const html::Article& article = *captured_.article;
    if (wants(KeptFormat::text))
      files_.push_back({"article.txt", article.title + "\n\n" + to_plain_text(*article.body)});
    if (!wants(KeptFormat::markdown) && !wants(KeptFormat::html) && !wants(KeptFormat::epub))
      return {};
    assert(options_.theme != nullptr);
    const ArticleWriter writer(captured_, *options_.theme, kept_.fetched);
    if (wants(KeptFormat::html)) files_.push_back({"article.html", writer.html()});
    if (wants(KeptFormat::markdown)) {
      for (KeptFile& file : writer.markdown())
        files_.push_back(std::move(file));
    }
    if (wants(KeptFormat::epub)) {
      auto book = writer.epub();
      if (!book) return within("article.epub", book.error());
      files_.push_back({"article.epub", std::move(*book)});
    }
    return {};
  }

  void make_page_file() {
    const std::string type = media_type(captured_.page.content_type);
    if (captured_.is_html) {
      files_.push_back({"page.html", single_file(captured_)});
    } else {
      // Nothing but text: that is what it is about, too.
      const std::string name =
          type == "text/plain" ? "article.txt" : fmt::format("page.{}", extension_of(type));
      files_.push_back({name, captured_.page.body});
    }
  }

  Result<void> make_replayable() {
    WarcFile warc = warc_of(captured_);
    if (wants(KeptFormat::wacz)) {
      std::optional<P384Key> key;
      if (options_.key != nullptr) key.emplace(P384Key::belonging_to(*options_.key));
      const std::string text =
          captured_.article ? to_plain_text(*captured_.article->body) : std::string();
      // Replayed is what came, where it came from.
      const std::string& url =
          captured_.rendered ? captured_.rendered->fetched_url : captured_.page.url;
      auto wacz = wacz_of(warc,
                          {captured_.copy ? captured_.copy->url : redact_url(url), kept_.title,
                           text, kept_.fetched},
                          key ? &*key : nullptr);
      if (!wacz) return within("page.wacz", wacz.error());
      files_.push_back({"page.wacz", std::move(*wacz)});
    }
    if (wants(KeptFormat::warc)) files_.push_back({"page.warc.gz", std::move(warc.bytes)});
    return {};
  }

  [[nodiscard]] std::string receipt_text() const {
    ordered_json files = ordered_json::array();
    for (const KeptFile& file : files_) {
      files.push_back({{"name", file.name},
                       {"bytes", file.content.size()},
                       {"sha256", sha256_hex(file.content)}});
    }
    const FetchedPage& page = captured_.page;
    const ordered_json receipt{
        {"receipt", 1},
        {"url", kept_.url},
        {"redirects", redacted(page.redirects)},
        {"final_url", redact_url(page.url)},
        {"archive_copy", copy_of(captured_)},
        {"fetched", format_rfc3339(kept_.fetched)},
        {"status", page.status},
        {"content_type", page.content_type},
        {"title", kept_.title},
        {"content_sha256", kept_.content},
        {"body_sha256",
         captured_.rendered ? captured_.rendered->fetched_sha256 : sha256_hex(page.body)},
        {"rendered", rendered_of(captured_)},
        {"certificates", certificates_of(captured_)},
        {"files", std::move(files)},
        {"resources", resources_of(captured_)},
        {"resources_left_out", captured_.left_out},
        {"key", options_.key == nullptr ? ordered_json(nullptr)
                                        : ordered_json(minisign_line(options_.key->public_key()))}};
    return receipt.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }

  Result<void> write(KeptIndex& index) {
    auto folder = HeldFolder::create(options_.under, partial_prefix);
    if (!folder) return tl::unexpected(folder.error());
    for (const KeptFile& file : files_) {
      const fs::path path = folder->path() / file.name;
      if (auto made = create_folders(path.parent_path()); !made) return made;
      if (auto written = create_file(path, file.content); !written) return written;
    }
    const std::string name = format_date(kept_.fetched) + "-" + slug_of(kept_.url);
    int& copy = index.copies(name);
    while (++copy <= max_copies_a_day) {
      kept_.folder = options_.under / (copy == 1 ? name : fmt::format("{}-{}", name, copy));
      auto named = folder->become(kept_.folder);
      if (named || named.error().kind != ErrorKind::conflict) return named;
    }
    return fail(ErrorKind::storage, "{}: {} copies of one day are enough", name, max_copies_a_day);
  }

  const CapturedPage& captured_;
  const KeepOptions& options_;
  KeptPage kept_;
  std::vector<KeptFile> files_;
};

Result<ordered_json> read_receipt(const fs::path& folder, std::string& text) {
  auto read = read_file(folder / receipt_name, max_receipt_bytes);
  if (!read) return tl::unexpected(read.error());
  text = std::move(*read);
  auto receipt = ordered_json::parse(text, nullptr, false);
  if (!receipt.is_object() || !receipt.contains("files") || !receipt["files"].is_array())
    return fail(ErrorKind::malformed, "{} is no receipt", (folder / receipt_name).string());
  return receipt;
}

std::string text_of(const ordered_json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Result<KeepOutcome> keep_page(const CapturedPage& captured, const KeepOptions& options,
                              KeptIndex& index) {
  return Keeping(captured, options).work(index);
}

Result<std::vector<KeptPage>> list_kept(const fs::path& under) {
  std::vector<KeptPage> all;
  std::error_code error;
  for (fs::directory_iterator at(under, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(".")) continue;
    std::string text;
    const auto receipt = read_receipt(at->path(), text);
    if (!receipt) continue;
    const auto time = parse_iso8601(text_of(*receipt, "fetched"));
    all.push_back({at->path(), text_of(*receipt, "url"), text_of(*receipt, "title"),
                   time.value_or(Timestamp{}), text_of(*receipt, "content_sha256")});
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return fail(ErrorKind::storage, "{}: {}", under.string(), error.message());
  std::sort(all.begin(), all.end(), [](const KeptPage& a, const KeptPage& b) {
    return std::tie(a.fetched, a.folder) < std::tie(b.fetched, b.folder);
  });
  return all;
}

std::vector<std::string> check_kept(const fs::path& folder, const std::optional<PublicKey>& key) {
  std::vector<std::string> problems;
  std::string text;
  const auto receipt = read_receipt(folder, text);
  if (!receipt) return {receipt.error().message};
  for (const auto& file : (*receipt)["files"]) {
    const std::string name = text_of(file, "name");
    if (!is_safe_relative_path(name)) {
      problems.push_back(fmt::format("the receipt names a file that it cannot have: '{}'", name));
      continue;
    }
    const auto content = read_file(folder / name, max_kept_bytes);
    if (!content) {
      problems.push_back(content.error().message);
    } else if (sha256_hex(*content) != text_of(file, "sha256")) {
      problems.push_back(fmt::format("{} is not the file that was kept", name));
    }
  }
  const std::string line = text_of(*receipt, "key");
  if (line.empty() && !key) return problems;
  auto signer = line.empty() ? Result<PublicKey>(*key) : read_minisign_line(line);
  if (signer && key && *signer != *key)
    signer = fail(ErrorKind::refused, "it is signed by another key");
  if (!signer) {
    problems.push_back(signer.error().message);
    return problems;
  }
  const auto signature = read_file(folder / signature_name, max_receipt_bytes);
  const auto checked = signature ? check_minisign(*signer, text, *signature)
                                 : Result<void>(tl::unexpected(signature.error()));
  if (!checked) problems.push_back(fmt::format("{}: {}", receipt_name, checked.error().message));
  return problems;
}

}  // namespace dandelion
