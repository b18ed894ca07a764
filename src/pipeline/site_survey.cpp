// SPDX-License-Identifier: MIT
#include "pipeline/site_survey.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/address.hpp"
#include "core/address_pattern.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "discover/article_links.hpp"
#include "discover/feed.hpp"
#include "discover/sitemap.hpp"
#include "extract/extract.hpp"
#include "html/charset.hpp"

namespace dandelion {
namespace {

constexpr std::size_t articles_tried = 3;
constexpr std::size_t most_sources = 3;  // of a kind: a big site announces dozens of feeds
// Where feeds and sitemaps are, by the content systems that most sites run on.
constexpr std::array<std::string_view, 7> usual_feeds = {
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json"};
constexpr std::array<std::string_view, 3> usual_sitemaps = {"/sitemap.xml", "/sitemap_index.xml",
                                                            "/news-sitemap.xml"};

struct Named {
  std::vector<std::string> articles;
  std::vector<std::string> sitemaps;
};

class Surveyor {
 public:
  explicit Surveyor(TransferEngine& engine) : engine_(engine) {}

  Result<SiteSurvey> work(const std::string& url) {
    auto front = fetch_all({url});
    auto page = std::move(front.at(url));
    if (!page) return tl::unexpected(page.error());
    url_ = page->url;
    const std::string text = html::decode(page->body, page->content_type).text;
    const SitePage about = read_site_page(text, url_);
    survey_.title = about.title;
    survey_.language = about.language;
    survey_.name = name_of(url_);
    list_ = find_article_links(text, url_);
    look_for_sources(about);
    try_articles();
    return std::move(survey_);
  }

 private:
  static std::string name_of(const std::string& url) {
    const auto parsed = parse_url(url);
    std::string host = parsed ? parsed->host : std::string("site");
    if (host.starts_with("www.")) host.erase(0, 4);
    std::replace(host.begin(), host.end(), '.', '-');
    return safe_path_segment(host);
  }

  // All at once; each with its answer.
  std::map<std::string, Result<FetchedPage>> fetch_all(const std::vector<std::string>& urls) {
    std::map<std::string, Result<FetchedPage>> answers;
    for (const std::string& url : urls) {
      if (answers.contains(url)) continue;
      answers.emplace(url, fail(ErrorKind::transient, "{}: no answer", redact_url(url)));
      FetchRequest request;
      request.url = url;
      request.site = "discover";
      engine_.add(std::move(request), [&answers, url](Result<FetchedPage> fetched) {
        answers.at(url) = std::move(fetched);
      });
    }
    engine_.run();
    return answers;
  }

  void look_for_sources(const SitePage& about) {
    const std::string robots = resolve_url(url_, "/robots.txt").value_or(std::string());
    std::vector<std::string> feeds = about.feeds;
    for (const std::string_view path : usual_feeds)
      feeds.push_back(resolve_url(url_, path).value_or(std::string()));
    std::vector<std::string> asked = feeds;
    asked.push_back(robots);
    auto answers = fetch_all(asked);
    std::vector<std::string> sitemaps;
    if (answers.at(robots)) sitemaps = sitemaps_in_robots(answers.at(robots)->body);
    for (const std::string_view path : usual_sitemaps)
      sitemaps.push_back(resolve_url(url_, path).value_or(std::string()));
    add_sources(SourceRules::Kind::feed, feeds, answers);
    add_list();
    add_sources(SourceRules::Kind::sitemap, sitemaps, fetch_all(sitemaps));
  }

  void add_list() {
    if (!list_) return;
    SurveyedSource source;
    source.rules.kind = SourceRules::Kind::index;
    source.rules.url = url_;
    source.rules.category = "news";
    source.rules.items = list_->items;
    source.rules.match = list_->match;
    source.articles = list_->urls.size();
    take_articles(list_->urls);
    survey_.sources.push_back(std::move(source));
  }

  void add_sources(SourceRules::Kind kind, const std::vector<std::string>& urls,
                   const std::map<std::string, Result<FetchedPage>>& answers) {
    std::set<std::string> seen;
    std::size_t added = 0;
    for (const std::string& url : urls) {
      const auto& answer = answers.at(url);
      // The same file under several names is one source.
      if (!answer || added == most_sources || !seen.insert(answer->url).second) continue;
      const auto named =
          kind == SourceRules::Kind::feed ? read_as_feed(*answer) : read_as_sitemap(*answer);
      if (!named || (named->articles.empty() && named->sitemaps.empty())) continue;
      SurveyedSource source;
      source.rules.kind = kind;
      source.rules.url = url;
      source.rules.category = "news";
      source.articles = named->articles.size();
      if (kind == SourceRules::Kind::sitemap) source.rules.match = shape_of(named->articles);
      take_articles(named->articles);
      survey_.sources.push_back(std::move(source));
      ++added;
    }
  }

  static std::optional<Named> read_as_feed(const FetchedPage& page) {
    Named named;
    const auto read =
        read_feed(page.body, page.content_type, page.url, [&named](const FoundAddress& found) {
          named.articles.push_back(found.url);
          return Result<void>();
        });
    return read ? std::optional(std::move(named)) : std::nullopt;
  }

  static std::optional<Named> read_as_sitemap(const FetchedPage& page) {
    Named named;
    const auto into = [](std::vector<std::string>& list) {
      return [&list](const FoundAddress& found) {
        list.push_back(found.url);
        return Result<void>();
      };
    };
    SitemapReader reader(page.url, into(named.articles), into(named.sitemaps));
    auto read = reader.feed(page.body);
    if (read) read = reader.finish();
    return read ? std::optional(std::move(named)) : std::nullopt;
  }

  // A sitemap names pages of all sorts: those of the shape that articles have here, else the shape
  // that most have.
  [[nodiscard]] std::string shape_of(const std::vector<std::string>& urls) const {
    if (list_) return list_->match;
    std::map<std::string, std::size_t> shapes;
    for (const std::string& url : articles_)
      ++shapes[address_shape(url)];
    if (articles_.empty()) {
      for (const std::string& url : urls)
        ++shapes[address_shape(url)];
    }
    shapes.erase("");
    const auto most =
        std::max_element(shapes.begin(), shapes.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == shapes.end() ? std::string() : most->first;
  }

  void take_articles(const std::vector<std::string>& urls) {
    for (const std::string& url : urls) {
      if (articles_.size() < articles_tried &&
          std::find(articles_.begin(), articles_.end(), url) == articles_.end()) {
        articles_.push_back(url);
      }
    }
  }

  void try_articles() {
    const auto answers = fetch_all(articles_);
    for (const std::string& url : articles_) {
      const auto& answer = answers.at(url);
      TriedArticle tried;
      tried.url = url;
      auto article = answer ? extract_article(html::decode(answer->body, answer->content_type).text,
                                              answer->url, {})
                            : Result<html::Article>(tl::unexpected(answer.error()));
      if (article) {
        const std::string text = collapse_space(html::text_content(*article->body));
        tried.title = article->title;
        tried.published = article->published;
        // Characters, not bytes: what begins one in UTF-8.
        tried.characters = static_cast<std::size_t>(
            std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
      } else {
        tried.problem = article.error().message;
      }
      survey_.tried.push_back(std::move(tried));
    }
  }

  TransferEngine& engine_;
  std::string url_;
  SiteSurvey survey_;
  std::optional<ArticleLinks> list_;
  std::vector<std::string> articles_;
};

// A double-quoted YAML scalar, on one line.
std::string yaml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// Text for a comment: on one line.
std::string commented(std::string_view text) {
  return collapse_space(replace_all(replace_all(text, "\n", " "), "\r", " "));
}

void add_source(std::string& yaml, const SurveyedSource& source) {
  constexpr std::array<std::string_view, 4> names = {"index", "feed", "sitemap", "links"};
  const SourceRules& rules = source.rules;
  yaml += source.articles == 0 && rules.kind == SourceRules::Kind::sitemap
              ? "      # an index of further sitemaps\n"
              : fmt::format("      # names {} addresses now\n", source.articles);
  yaml += fmt::format("      - {}: {}\n        category: {}\n",
                      names.at(static_cast<std::size_t>(rules.kind)), yaml_text(rules.url),
                      rules.category);
  if (!rules.items.empty()) yaml += fmt::format("        items: {}\n", yaml_text(rules.items));
  if (!rules.match.empty()) yaml += fmt::format("        match: {}\n", yaml_text(rules.match));
}

}  // namespace

Result<SiteSurvey> survey_site(const std::string& url, TransferEngine& engine) {
  return Surveyor(engine).work(url);
}

std::string survey_as_yaml(const SiteSurvey& survey) {
  std::string yaml = fmt::format("sites:\n  - name: {}\n    title: {}\n", survey.name,
                                 yaml_text(survey.title.empty() ? survey.name : survey.title));
  if (!survey.language.empty())
    yaml += fmt::format("    language: {}\n", yaml_text(survey.language));
  yaml += "    discover:\n";
  for (const SurveyedSource& source : survey.sources)
    add_source(yaml, source);
  if (survey.tried.empty()) return yaml;
  yaml += "    # Articles are found without rules. Tried:\n";
  for (const TriedArticle& tried : survey.tried) {
    yaml += fmt::format(
        "    #   {}\n    #     {}\n", commented(redact_url(tried.url)),
        tried.problem.empty()
            ? fmt::format(
                  "'{}', {} characters{}", commented(tried.title), tried.characters,
                  tried.published ? ", " + format_date(*tried.published) : std::string(", no date"))
            : "NOT FOUND: " + commented(tried.problem));
  }
  return yaml;
}

}  // namespace dandelion
