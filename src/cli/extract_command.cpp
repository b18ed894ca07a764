// SPDX-License-Identifier: MIT
#include <iostream>
#include <set>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/extract_batch.hpp"
#include "cli/extract_output.hpp"
#include "cli/named_values.hpp"
#include "core/address.hpp"
#include "core/clock.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "extract/extract.hpp"
#include "extract/next_page.hpp"
#include "extract/page_joiner.hpp"
#include "fetch/transfer_engine.hpp"
#include "html/charset.hpp"
#include "pipeline/mirror_watch.hpp"
#include "pipeline/page_build.hpp"
#include "pipeline/page_rendering.hpp"
#include "pipeline/publish_site.hpp"
#include "state/store.hpp"

namespace dandelion {
namespace {

// The same bound as for a page that is fetched without a configuration.
constexpr std::size_t max_page_bytes = 32U << 20;

enum class Format { json, markdown, html, text, page };

struct ExtractOptions {
  std::string source;
  std::string url;
  Format format = Format::json;
  std::string site;
  std::string category;
  bool batch = false;
};

struct SourcePage {
  std::string url;
  std::string bytes;
  std::string content_type;
};

Result<const SiteConfig*> chosen_site(const ExtractOptions& options,
                                      const std::optional<Config>& config) {
  if (!options.site.empty()) {
    const SiteConfig* site = config ? config->find_site(options.site) : nullptr;
    if (site == nullptr)
      return fail(ErrorKind::bad_input, "there is no site '{}' in the configuration", options.site);
    return site;
  }
  if (options.format != Format::page) return nullptr;
  if (config && config->sites.size() == 1) return &config->sites.front();
  return fail(ErrorKind::bad_input, "--format page writes the file of a site; name it with --site");
}

Result<SourcePage> fetch_page(const std::string& url, const NetworkSettings& network) {
  auto engine = TransferEngine::create(network);
  if (!engine) return tl::unexpected(engine.error());
  std::optional<Result<FetchedPage>> fetched;
  (*engine)->add({url, "extract", {}},
                 [&fetched](Result<FetchedPage> page) { fetched.emplace(std::move(page)); });
  (*engine)->run();
  if (!fetched) return fail(ErrorKind::transient, "{}: no answer", redact_url(url));
  if (!*fetched) return tl::unexpected(fetched->error());
  FetchedPage& page = **fetched;
  return SourcePage{page.url, std::move(page.body), page.content_type};
}

Result<SourcePage> read_source(const ExtractOptions& options, const std::optional<Config>& config) {
  if (is_web_address(options.source)) {
    auto page = fetch_page(options.source, config ? config->network : NetworkSettings{});
    if (page && !options.url.empty()) page->url = options.url;
    return page;
  }
  auto bytes = options.source == "-" ? read_standard_input(max_page_bytes)
                                     : read_file(options.source, max_page_bytes);
  if (!bytes) return tl::unexpected(Error{ErrorKind::bad_input, bytes.error().message});
  return SourcePage{options.url, std::move(*bytes), {}};
}

// A page that cannot be had, or is not the article's, ends the chain: what came before it is whole.
void add_further_pages(html::Article& article, const NetworkSettings& network,
                       const ArticleRules& rules) {
  PageJoiner joiner(article);
  std::set<std::string> seen{without_fragment(article.url)};
  for (int page = 1; page < max_article_pages && !article.next_page.empty(); ++page) {
    if (!seen.insert(article.next_page).second) return;
    const auto source = fetch_page(article.next_page, network);
    if (!source || !same_site(source->url, article.url)) return;
    const auto next =
        extract_article(html::decode(source->bytes, source->content_type).text, source->url, rules);
    if (!next || !joiner.add(*next)) return;
  }
}

// The article, with the site's rules, and its address: the page's own word where nobody gave one.
Result<html::Article> article_of_page(const ExtractOptions& options, const Config& config,
                                      const SiteConfig& site, const SourcePage& source) {
  auto article = read_article(site, source.url, source.bytes, source.content_type);
  if (article && source.url.empty() && !article->url.empty())
    article = read_article(site, article->url, source.bytes, source.content_type);
  if (!article) return article;
  if (article->url.empty())
    return fail(ErrorKind::bad_input, "the page does not say its address; give it with --url");
  if (is_web_address(options.source)) add_further_pages(*article, config.network, site.article);
  return article;
}

// Before the first run nothing is known against any of them.
Result<std::vector<MirrorSettings>> mirrors_to_name(const Config& config, const SiteConfig& site,
                                                    const Store* store) {
  if (store != nullptr) return named_mirrors(config, site, *store);
  std::vector<MirrorSettings> mirrors;
  for (const std::string& name : site.mirrors) {
    const MirrorSettings* mirror = config.find_mirror(name);
    if (mirror != nullptr && !mirror->is_spare) mirrors.push_back(*mirror);
  }
  return mirrors;
}

Result<std::string> page_file(const ExtractOptions& options, const Config& config,
                              const SiteConfig& site, const SourcePage& source) {
  auto theme = load_theme(site.theme, config.file.parent_path());
  if (!theme) return tl::unexpected(theme.error());
  if (auto secrets = check_secrets(site); !secrets) return tl::unexpected(secrets.error());
  auto key = published_key(config.op);
  if (!key) return tl::unexpected(key.error());
  auto article = article_of_page(options, config, site, source);
  if (!article) return within(redact_url(options.source), article.error());
  std::optional<Store> store;
  std::error_code ignored;
  if (std::filesystem::exists(config.state, ignored)) {
    auto opened = Store::open(config.state, Store::Mode::read_only);
    if (!opened) return tl::unexpected(opened.error());
    store.emplace(std::move(*opened));
  }
  const auto mirrors = mirrors_to_name(config, site, store ? &*store : nullptr);
  if (!mirrors) return tl::unexpected(mirrors.error());
  const std::string category =
      options.category.empty() ? site.sources.front().category : options.category;
  const std::string identity = without_fragment(source.url.empty() ? article->url : source.url);
  auto built = build_page({site, *theme, *mirrors, *key}, store ? &*store : nullptr,
                          SystemClock().now(), category, identity, *article);
  if (!built) return tl::unexpected(built.error());
  return std::move(*built->files.front().content);
}

std::string in_format(Format format, const html::Article& article) {
  switch (format) {
    case Format::markdown:
      return article_markdown(article);
    case Format::html:
      return article_html(article) + "\n";
    case Format::text:
      return article_text(article) + "\n";
    default:
      return article_json(article) + "\n";
  }
}

Result<std::string> extract_one(const ExtractOptions& options, const std::optional<Config>& config,
                                const SiteConfig* site) {
  auto source = read_source(options, config);
  if (!source) return tl::unexpected(source.error());
  if (options.format == Format::page) return page_file(options, *config, *site, *source);
  const html::DecodedText page = html::decode(source->bytes, source->content_type);
  auto article =
      extract_article(page.text, source->url, site != nullptr ? site->article : ArticleRules{});
  if (!article) return within(redact_url(options.source), article.error());
  if (is_web_address(options.source)) {
    add_further_pages(*article, config ? config->network : NetworkSettings{},
                      site != nullptr ? site->article : ArticleRules{});
  }
  return in_format(options.format, *article);
}

// Options that would have no effect, or that cannot be meant.
Result<void> check_options(const ExtractOptions& options) {
  if (options.batch && !options.source.empty()) {
    return fail(ErrorKind::bad_input,
                "--batch reads what to extract from standard input; leave '{}' out",
                options.source);
  }
  if (options.batch && options.format != Format::json)
    return fail(ErrorKind::bad_input, "--batch prints JSON; leave --format out");
  if (options.batch && !options.url.empty())
    return fail(ErrorKind::bad_input, "with --batch each line has its own url; leave --url out");
  if (!options.batch && options.source.empty())
    return fail(ErrorKind::bad_input, "name a file, an address, or - for standard input");
  if (options.url.empty()) return {};
  const auto url = parse_url(options.url);
  return url ? Result<void>() : within("--url", url.error());
}

ExitCode extract(const ExtractOptions& options, const Runtime& runtime) {
  if (const auto checked = check_options(options); !checked) return report(checked.error());
  const bool needed = !options.site.empty() || options.format == Format::page;
  auto [usable, config] = load_optional_config(runtime, needed);
  if (!usable) return ExitCode::usage;
  auto site = chosen_site(options, config);
  if (!site) return report(site.error());
  if (options.batch) {
    const ArticleRules rules = *site != nullptr ? (*site)->article : ArticleRules{};
    return extract_batch(std::cin, std::cout, rules, max_page_bytes) ? ExitCode::done
                                                                     : ExitCode::partly;
  }
  auto text = extract_one(options, config, *site);
  if (!text) return report(text.error());
  std::cout << *text << std::flush;
  return ExitCode::done;
}

}  // namespace

void add_extract_command(CLI::App& app, Runtime& runtime) {
  auto options = std::make_shared<ExtractOptions>();
  CLI::App* command = app.add_subcommand("extract", "Cut the article out of one page and print it");
  command->add_option("SOURCE", options->source, "A file, an address, or - for standard input")
      ->type_name("");
  command->add_option("--url", options->url, "Where the page came from")->type_name("URL");
  command
      ->add_option("--format", options->format,
                   "json, markdown, html, text, or page (the file that run would write)")
      ->transform(named_values<Format>({{"json", Format::json},
                                        {"markdown", Format::markdown},
                                        {"html", Format::html},
                                        {"text", Format::text},
                                        {"page", Format::page}}))
      ->type_name("FORMAT");
  command->add_option("--site", options->site, "By this site's rules")->type_name("NAME");
  command
      ->add_option("--category", options->category,
                   "With --format page: the category (default: the site's first)")
      ->type_name("C");
  command->add_flag("--batch", options->batch,
                    R"(Read {"file": …, "url": …} a line from standard input, print JSON a line)");
  command->callback([options, &runtime] { runtime.exit_code = extract(*options, runtime); });
}

}  // namespace dandelion
