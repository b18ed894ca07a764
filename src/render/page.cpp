// SPDX-License-Identifier: MIT
#include "render/page.hpp"

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "core/url.hpp"
#include "render/html_text.hpp"
#include "render/markdown.hpp"
#include "render/page_parts.hpp"
#include "render/page_values.hpp"
#include "render/search_index.hpp"
#include "render/share_code.hpp"

namespace dandelion {
namespace {

// "14:11:35 UTC"
std::string time_of_day(Timestamp time) {
  return format_rfc3339(time).substr(11, 8) + " UTC";
}

// A code holds 2,331 bytes of text, with the correction that ours have.
constexpr std::size_t longest_shared_address = 2000;

// A page's address on a mirror whose pages' addresses are known.
std::string address_on(const MirrorLink& mirror, const PagePlace& place) {
  return mirror.pages +
         replace_all(percent_encode(path_in_format(place.path, mirror.format)), "%2F", "/");
}

// The address that a page's code leads to: a page before a host's view of a file. Empty where none
// is known.
std::string shared_address(const SiteContext& site, const PagePlace& place) {
  std::string shared;
  for (const MirrorLink& mirror : site.mirrors) {
    if (mirror.pages.empty()) continue;
    const bool is_page = mirror.format == PageFormat::html;
    if (shared.empty() || is_page) shared = address_on(mirror, place);
    if (is_page) break;
  }
  return shared.size() <= longest_shared_address ? shared : std::string();
}

// One article in one format.
class PageWriter {
 public:
  PageWriter(const Theme& theme, const SiteContext& site, const TemplateText& page,
             PageFormat format, const PagePlace& place, const html::Article& article,
             const PageFacts& facts)
      : site_(site),
        template_(page),
        place_(place),
        article_(article),
        facts_(facts),
        // A page speaks the site's language or, where sites.yaml names none, its article's.
        view_{theme, site, theme.languages.find(tag()), tag(), format, {}} {}

  std::vector<RenderedFile> write() {
    prepare();
    auto parts = split_body(prepared_.document, *prepared_.body);
    if (parts.size() > 1) {
      // A note would stand in another file than what refers to it.
      prepare(FootnoteForm::text);
      parts = split_body(prepared_.document, *prepared_.body);
    }
    std::vector<RenderedFile> files;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      view_.path = path_in_format(part_path(place_.path, part), view_.format);
      files.push_back({view_.path, written_part(*parts[part], part, parts.size())});
    }
    return files;
  }

  std::string write_lone() {
    view_.is_lone = true;
    prepare();
    return written_part(*prepared_.body, 0, 1);
  }

 private:
  void prepare() {
    prepare(links() == LinkPolicy::inert ? FootnoteForm::text
            : is_html()                  ? FootnoteForm::html
                                         : FootnoteForm::markdown);
  }

  void prepare(FootnoteForm footnotes) {
    const BodyRules rules{view_.format,         links(),     prefix(),
                          site_.pictures,       place_.path, facts_.local_page,
                          facts_.local_picture, is_pretty(), footnotes};
    prepared_ = prepare_body(article_, rules);
  }

  [[nodiscard]] std::string written_part(const html::Node& node, std::size_t part,
                                         std::size_t count) const {
    TemplateData values = common_values();
    set_hero(values, part == 0);
    values.set("body", body(node, part == 0));
    set_notes(values, part + 1 == count);
    set_parts(values, part, count);
    return template_.render(values);
  }

  [[nodiscard]] const std::string& tag() const {
    return site_.language.empty() ? article_.language : site_.language;
  }
  [[nodiscard]] bool is_html() const { return view_.format == PageFormat::html; }
  [[nodiscard]] bool is_pretty() const {
    return !is_html() && view_.theme.body == Theme::BodyFormat::pretty_html;
  }
  [[nodiscard]] LinkPolicy policy() const { return site_.links.value_or(view_.theme.links); }

  [[nodiscard]] LinkPolicy links() const {
    const auto renamed = article_.rename.find("a");
    const bool site_disarms = renamed != article_.rename.end() && renamed->second != "a";
    return site_disarms && !is_pretty() ? LinkPolicy::inert : policy();
  }
  [[nodiscard]] std::string prefix() const {
    return site_.links ? site_.archive_prefix : view_.theme.archive_prefix;
  }

  [[nodiscard]] TemplateData common_values() const {
    TemplateData values;
    set_common(values, view_);
    values.set("title", article_.title);
    values.set("id", place_.id);
    set_text(values, "category", place_.category);
    set_text(values, "category_path",
             view_.is_lone ? std::string() : view_.way_to("indexes/" + place_.category + ".md"));
    set_text(values, "byline", article_.byline);
    set_text(values, "published",
             article_.published ? format_rfc3339(*article_.published) : std::string());
    set_date(values, "date", article_.published, view_.language);
    set_text(values, "excerpt", article_.excerpt);
    set_text(values, "article_language", article_.language);
    values.set("article_dir", std::string(direction_of(article_.language)));
    set_address(values);
    set_neighbours(values);
    set_copies(values);
    set_text(values, "fetched",
             facts_.fetched ? view_.language.format_date(*facts_.fetched) : std::string());
    set_text(values, "fetched_time",
             facts_.fetched && view_.is_lone ? time_of_day(*facts_.fetched) : std::string());
    set_text(values, "corrected",
             facts_.corrected ? view_.language.format_date(*facts_.corrected) : std::string());
    values.set("withdrawn", facts_.withdrawn.has_value() && !facts_.removed);
    set_text(values, "withdrawn_on",
             facts_.withdrawn ? view_.language.format_date(*facts_.withdrawn) : std::string());
    values.set("removed", facts_.removed);
    set_text(values, "pixel",
             site_.pixel.empty() ? std::string()
                                 : html::escape_attribute(printable_url(fill_pattern(
                                       site_.pixel, site_.name, place_, true, site_.pixel_key))));
    return values;
  }

  void set_address(TemplateData& values) const {
    const std::string url = printable_url(article_.url);
    values.set("url", is_html() ? html::escape_attribute(url) : url);
    values.set("url_text", site_.source_address == SourceAddress::defanged ? defang(url) : url);
    values.set("url_link", site_.source_address == SourceAddress::link && !url.empty());
    auto parsed = parse_url(article_.url);
    set_text(values, "source_host", parsed ? parsed->host : std::string());
  }

  void set_neighbours(TemplateData& values) const {
    values.set("previous",
               facts_.previous ? entry_data(*facts_.previous, view_) : TemplateData(false));
    values.set("next", facts_.next ? entry_data(*facts_.next, view_) : TemplateData(false));
  }

  // The same page on the mirrors whose addresses are known.
  void set_copies(TemplateData& values) const {
    TemplateData copies{TemplateData::type::list};
    for (const MirrorLink& mirror : site_.mirrors) {
      if (mirror.pages.empty()) continue;
      TemplateData item;
      item.set("name", mirror.name);
      item.set("href", link_target(address_on(mirror, place_), view_.format));
      copies << item;
    }
    values.set("copies",
               copies.is_empty_list() ? TemplateData(false) : TemplateData("copies", copies));
    set_text(values, "share", share());
  }

  [[nodiscard]] std::string share() const {
    const std::string address = shared_address(site_, place_);
    if (address.empty()) return {};
    if (is_html()) return site_.share_code ? share_code_svg(address) : std::string();
    return site_.share_picture ? view_.way_to_file(share_picture_path(place_.path)) : std::string();
  }

  void set_hero(TemplateData& values, bool first_part) const {
    const html::Node* image =
        is_pretty() && prepared_.hero_image == nullptr ? nullptr : prepared_.hero_image;
    if (!first_part || (image == nullptr && prepared_.hero_caption == nullptr)) {
      values.set("hero", TemplateData(false));
      return;
    }
    TemplateData hero;
    set_text(hero, "image", image != nullptr ? written(*image) : std::string());
    set_text(hero, "caption",
             prepared_.hero_caption != nullptr ? written(*prepared_.hero_caption) : std::string());
    values.set("hero", hero);
  }

  // A picture, or a caption.
  [[nodiscard]] std::string written(const html::Node& node) const {
    if (is_pretty()) return html::prettify(node, pretty_options());
    if (is_html())
      return node.is_element(html::Tag::img_) ? to_html_picture(node) : to_html_line(node);
    html::Document document;
    html::Node* holder = document.create_element("div");
    // How a caption stands out is the theme's to say.
    const bool is_caption = node.is_element(html::Tag::figcaption_);
    if (!is_caption) html::append_child(*holder, *document.clone(node));
    for (const html::Node* at = is_caption ? node.first_child : nullptr; at != nullptr;
         at = at->next)
      html::append_child(*holder, *document.clone(*at));
    return std::string(trim(to_markdown(*holder, article_.rename)));
  }

  [[nodiscard]] std::string body(const html::Node& part, bool first) const {
    if (is_pretty()) return html::prettify(part, pretty_options());
    if (is_html())
      return to_html_text(part, {article_.rename, !first || prepared_.hero_image != nullptr});
    return std::string(trim(to_markdown(part, article_.rename)));
  }

  [[nodiscard]] html::PrettyOptions pretty_options() const {
    html::PrettyOptions options = view_.theme.pretty;
    for (const auto& [from, to] : article_.rename)
      options.rename[from] = to;
    if (policy() == LinkPolicy::inert) options.rename.try_emplace("a", "ok");
    return options;
  }

  void set_notes(TemplateData& values, bool last_part) const {
    TemplateData notes{TemplateData::type::list};
    if (last_part) {
      for (const LinkNote& note : prepared_.notes) {
        TemplateData item;
        item.set("number", std::to_string(note.number));
        item.set("address", note.address);
        notes << item;
      }
    }
    values.set("notes", last_part && !prepared_.notes.empty() ? TemplateData("notes", notes)
                                                              : TemplateData(false));
  }

  void set_parts(TemplateData& values, std::size_t current, std::size_t count) const {
    if (count == 1) {
      values.set("parts", TemplateData(false));
      return;
    }
    TemplateData parts{TemplateData::type::list};
    for (std::size_t part = 0; part < count; ++part) {
      TemplateData item;
      item.set("number", std::to_string(part + 1));
      item.set("path", view_.way_to(part_path(place_.path, part)));
      item.set("current", part == current);
      parts << item;
    }
    values.set("parts", TemplateData("parts", parts));
  }

  const SiteContext& site_;
  const TemplateText& template_;
  const PagePlace& place_;
  const html::Article& article_;
  const PageFacts& facts_;
  PageView view_;
  PreparedBody prepared_;
};

}  // namespace

struct SiteRenderer::Impl {
  Impl(const Theme& used, SiteContext context) : theme(used), site(std::move(context)) {
    for (const auto& [file, text] : theme.templates)
      templates.emplace(file, TemplateText(text, escaping_of(file)));
    formats.push_back(PageFormat::markdown);
    if (theme.has("page.html")) formats.push_back(PageFormat::html);
  }

  [[nodiscard]] static std::string ending(PageFormat format) {
    return format == PageFormat::html ? ".html" : ".md";
  }

  [[nodiscard]] PageView view(PageFormat format, const std::string& markdown_path) const {
    return {theme,         site,   theme.languages.find(site.language),
            site.language, format, file_in_format(markdown_path, format)};
  }

  // The page that stands at `markdown_path`, in every format that the theme has `name` for.
  template <typename SetValues>
  [[nodiscard]] std::vector<RenderedFile> in_all_formats(const std::string& name,
                                                         const std::string& markdown_path,
                                                         const SetValues& set_values) const {
    std::vector<RenderedFile> files;
    for (const PageFormat format : formats) {
      const auto found = templates.find(name + ending(format));
      if (found == templates.end()) continue;
      const PageView seen = view(format, markdown_path);
      TemplateData values;
      set_common(values, seen);
      set_values(values, seen);
      files.push_back({seen.path, found->second.render(values)});
    }
    return files;
  }

  const Theme& theme;
  SiteContext site;
  std::map<std::string, TemplateText> templates;
  std::vector<PageFormat> formats;
};

SiteRenderer::SiteRenderer(const Theme& theme, SiteContext site)
    : impl_(std::make_unique<Impl>(theme, std::move(site))) {}
SiteRenderer::SiteRenderer(SiteRenderer&&) noexcept = default;
SiteRenderer& SiteRenderer::operator=(SiteRenderer&&) noexcept = default;
SiteRenderer::~SiteRenderer() = default;

const std::vector<PageFormat>& SiteRenderer::formats() const {
  return impl_->formats;
}

std::vector<RenderedFile> SiteRenderer::page(const PagePlace& place, const html::Article& article,
                                             const PageFacts& facts) const {
  std::vector<RenderedFile> files;
  for (const PageFormat format : impl_->formats) {
    const TemplateText& text = impl_->templates.at("page" + Impl::ending(format));
    auto written =
        PageWriter(impl_->theme, impl_->site, text, format, place, article, facts).write();
    std::move(written.begin(), written.end(), std::back_inserter(files));
  }
  const std::string address = shared_address(impl_->site, place);
  if (impl_->site.share_picture && !address.empty())
    files.push_back({share_picture_path(place.path), share_code_png(address)});
  return files;
}

std::string SiteRenderer::lone_page(const html::Article& article, const PageFacts& facts,
                                    PageFormat format) const {
  const TemplateText& text = impl_->templates.at("page" + Impl::ending(format));
  return PageWriter(impl_->theme, impl_->site, text, format, {}, article, facts).write_lone();
}

std::vector<RenderedFile> SiteRenderer::index(const ListPage& page) const {
  return impl_->in_all_formats("index", page.path, [&](TemplateData& values, const PageView& view) {
    values.set("category", page.title);
    values.set("entries", entries_data(page.entries, view));
    set_text(values, "newer", page.newer.empty() ? std::string() : view.way_to(page.newer));
    set_text(values, "older", page.older.empty() ? std::string() : view.way_to(page.older));
  });
}

std::vector<RenderedFile> SiteRenderer::front(const FrontPage& page) const {
  const std::string path(front_path);
  return impl_->in_all_formats("front", path, [&](TemplateData& values, const PageView& view) {
    values.set("entries", entries_data(page.newest, view));
    values.set("hot", page.hot.empty() ? TemplateData(false)
                                       : TemplateData("hot", entries_data(page.hot, view)));
    TemplateData list{TemplateData::type::list};
    for (const CategorySummary& category : page.categories) {
      TemplateData item;
      item.set("name", category.name);
      item.set("path", view.way_to(category.path));
      item.set("count", std::to_string(category.count));
      list << item;
    }
    values.set("categories", list);
    set_text(values, "public_key", impl_->site.public_key);
    set_text(values, "key_fingerprint", impl_->site.key_fingerprint);
  });
}

std::vector<RenderedFile> SiteRenderer::archive(const std::vector<MonthSummary>& months) const {
  const std::string path(archive_path);
  return impl_->in_all_formats("archive", path, [&](TemplateData& values, const PageView& view) {
    TemplateData years{TemplateData::type::list};
    for (std::size_t i = 0; i < months.size();) {
      TemplateData year;
      TemplateData list{TemplateData::type::list};
      const int which = months[i].year;
      for (; i < months.size() && months[i].year == which; ++i) {
        TemplateData item;
        item.set("month", months[i].month == 0 ? std::string("—")
                                               : view.language.month_name(months[i].month));
        item.set("path", view.way_to(months[i].path));
        item.set("count", std::to_string(months[i].count));
        list << item;
      }
      year.set("year", which == 0 ? std::string("—") : std::to_string(which));
      year.set("months", list);
      years << year;
    }
    values.set("years", years);
  });
}

std::string SiteRenderer::month_title(int year, unsigned month) const {
  if (month == 0) return "—";
  return impl_->theme.languages.find(impl_->site.language).format_month(year, month);
}

std::vector<RenderedFile> SiteRenderer::fixed_files() const {
  std::vector<RenderedFile> files = {{".nojekyll", {}},
                                     {"robots.txt", "User-agent: *\nAllow: /\n"}};
  if (const auto found = impl_->templates.find("404.html"); found != impl_->templates.end()) {
    TemplateData values;
    set_common(values, impl_->view(PageFormat::html, "404.html"));
    files.push_back({"404.html", found->second.render(values)});
  }
  if (const auto found = impl_->templates.find(std::string(search_page_path));
      found != impl_->templates.end()) {
    const PageView view = impl_->view(PageFormat::html, std::string(search_page_path));
    TemplateData values;
    set_common(values, view);
    values.set("script", view.way_to_file(search_script_path));
    // The one page with a script: the mirror's own.
    values.set("policy", content_policy(view) + "; script-src 'self'");
    files.push_back({std::string(search_page_path), found->second.render(values)});
    files.push_back({std::string(search_script_path), impl_->theme.search_script});
  }
  for (const ThemeAsset& asset : impl_->theme.assets)
    files.push_back({"assets/theme/" + asset.name, asset.content});
  return files;
}

std::string SiteRenderer::feed_content(const html::Article& article, const PageFacts& facts) const {
  const BodyRules rules{
      PageFormat::html,
      impl_->site.links.value_or(impl_->theme.links),
      impl_->site.links ? impl_->site.archive_prefix : impl_->theme.archive_prefix,
      impl_->site.pictures,
      std::string(feed_path),
      facts.local_page,
      facts.local_picture,
      false};
  const PreparedBody prepared = prepare_body(article, rules);
  std::string content;
  if (prepared.hero_image != nullptr)
    content = "<p>" + to_html_picture(*prepared.hero_image) + "</p>\n";
  return content + to_html_text(*prepared.body, {article.rename, true});
}

std::vector<RenderedFile> SiteRenderer::feeds(const std::vector<FeedEntry>& entries) const {
  const auto found = impl_->templates.find(std::string(feed_path));
  if (found == impl_->templates.end()) return {};
  const PageView view = impl_->view(PageFormat::html, std::string(feed_path));
  const auto updated_of = [](const FeedEntry& entry) {
    return entry.corrected ? entry.corrected : entry.entry.date;
  };
  std::optional<Timestamp> newest;
  TemplateData list{TemplateData::type::list};
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  for (const FeedEntry& entry : entries) {
    newest = std::max(newest, updated_of(entry));
    TemplateData item = entry_data(entry.entry, view);
    item.set("entry_id", entry.id);
    item.set("content", entry.content);
    set_text(item, "byline", entry.byline);
    item.set("updated", format_rfc3339(updated_of(entry).value_or(Timestamp{})));
    set_text(item, "published", entry.entry.date ? format_rfc3339(*entry.entry.date) : "");
    list << item;
    nlohmann::ordered_json object = {
        {"id", entry.id},
        {"url", relative_path(feed_path, file_in_format(entry.entry.path, PageFormat::html))},
        {"title", entry.entry.title},
        {"content_html", entry.content}};
    if (!entry.entry.excerpt.empty()) object["summary"] = entry.entry.excerpt;
    if (entry.entry.date) object["date_published"] = format_rfc3339(*entry.entry.date);
    if (entry.corrected) object["date_modified"] = format_rfc3339(*entry.corrected);
    if (!entry.byline.empty()) object["authors"] = {{{"name", entry.byline}}};
    if (!entry.entry.category.empty()) object["tags"] = {entry.entry.category};
    if (!entry.entry.language.empty()) object["language"] = entry.entry.language;
    items.push_back(std::move(object));
  }
  TemplateData values;
  set_common(values, view);
  values.set("entries", list);
  values.set("updated", format_rfc3339(newest.value_or(Timestamp{})));
  values.set("feed_id", "urn:dandelion:" + percent_encode(impl_->site.name));
  const SiteContext& site = impl_->site;
  const nlohmann::ordered_json feed = {{"version", "https://jsonfeed.org/version/1.1"},
                                       {"title", site.title.empty() ? site.name : site.title},
                                       {"home_page_url", "index.html"},
                                       {"feed_url", "feed.json"},
                                       {"items", items}};
  using Json = nlohmann::ordered_json;
  return {{std::string(feed_path), found->second.render(values)},
          {"feed.json", feed.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"}};
}

}  // namespace dandelion
