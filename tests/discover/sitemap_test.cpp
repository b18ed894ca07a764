// SPDX-License-Identifier: MIT
#include "discover/sitemap.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace dandelion {
namespace {

struct Found {
  std::string pages;
  std::string sitemaps;
  std::string error;
};

Found read(std::string_view bytes, std::size_t piece = 7) {
  Found found;
  const auto into = [](std::string& lines) {
    return [&lines](const FoundAddress& address) -> Result<void> {
      lines += address.url;
      if (address.changed) lines += " " + format_rfc3339(*address.changed);
      if (address.published) lines += " p" + format_date(*address.published);
      lines += "\n";
      return {};
    };
  };
  SitemapReader reader("https://e.example/s.xml", into(found.pages), into(found.sitemaps));
  Result<void> done;
  for (std::size_t at = 0; done && at < bytes.size(); at += piece)
    done = reader.feed(bytes.substr(at, piece));
  if (done) done = reader.finish();
  if (!done) found.error = done.error().message;
  return found;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(text.size() + 100, '\0');
  std::string input = text;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

const std::string urls =
    "<?xml version='1.0' encoding='UTF-8'?>\n<urlset "
    "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' "
    "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>"
    "<url><loc> https://e.example/n1?a=1&amp;b=2 </loc><lastmod>2026-01-02</lastmod></url>"
    "<url><loc>/n2</loc><image:image><image:loc>https://e.example/no.png</image:loc></image:image>"
    "<news:news><news:publication_date>2026-01-03T10:00:00Z</news:publication_date></news:news></"
    "url>"
    "<url><lastmod>2026-01-02</lastmod></url></urlset>";
const std::string urls_found =
    "https://e.example/n1?a=1&b=2 2026-01-02T00:00:00Z\nhttps://e.example/n2 p2026-01-03\n";

TEST(SitemapReader, ReadsPagesInPiecesOfAnySize) {
  for (const std::size_t piece : {1U, 7U, 1000U}) {
    const Found found = read(urls, piece);
    EXPECT_EQ(found.error, "");
    EXPECT_EQ(found.pages, urls_found);
    EXPECT_EQ(found.sitemaps, "");
  }
}

TEST(SitemapReader, ReadsAnIndex) {
  const Found found = read(
      "<sitemapindex><sitemap><loc>https://e.example/s1.xml.gz</loc><lastmod>2026-01-02T03:04:05Z"
      "</lastmod></sitemap></sitemapindex>");
  EXPECT_EQ(found.sitemaps, "https://e.example/s1.xml.gz 2026-01-02T03:04:05Z\n");
  EXPECT_EQ(found.pages, "");
}

TEST(SitemapReader, ReadsGzip) {
  EXPECT_EQ(read(gzip(urls)).pages, urls_found);
  const Found damaged = read(gzip(urls).substr(0, 40) + "xxxxxxxxxxxxxxxxxxxxxxxxxxx");
  EXPECT_NE(damaged.error, "");
}

TEST(SitemapReader, ReadsALineAnAddress) {
  EXPECT_EQ(read("\xEF\xBB\xBFhttps://e.example/n1\r\nhttps://e.example/n2").pages,
            "https://e.example/n1\nhttps://e.example/n2\n");
}

TEST(SitemapReader, TellsWhatIsNoSitemap) {
  for (const char* text : {"<html><body>404</body></html>", "<rss/>", ""})
    EXPECT_TRUE(read(text).error.starts_with("this is no sitemap")) << text;
}

TEST(SitemapReader, KeepsToTheProtocolsLimits) {
  std::string many = "<urlset>";
  for (std::size_t i = 0; i <= max_sitemap_entries; ++i)
    many += fmt::format("<url><loc>/{}</loc></url>", i);
  const Found found = read(many + "</urlset>", 65536);
  EXPECT_EQ(static_cast<std::size_t>(std::count(found.pages.begin(), found.pages.end(), '\n')),
            max_sitemap_entries);
  const Found large = read(gzip(std::string(max_sitemap_bytes + 1, ' ')), 65536);
  EXPECT_EQ(large.error, "a sitemap has at most 50 MiB");
}

}  // namespace
}  // namespace dandelion
