// SPDX-License-Identifier: MIT
#include "fetch/block_page.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unicode/unistr.h>

#include "core/registrable_domain.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// Below, statistics of a site's pages say nothing.
constexpr std::size_t telling_samples = 5;
// An article about censorship may quote a block page; a block page is no long read.
constexpr std::size_t longest_block_text = 1'500;
constexpr std::size_t searched_bytes = 64U << 10;
// A page of less text than this share of the site's shortest is odd.
constexpr std::size_t least_share_of_shortest = 4;

// In any script that has cases (Unicode, 5.18).
std::string fold_case(std::string_view text) {
  std::string folded;
  icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())})
      .foldCase()
      .toUTF8String(folded);
  return folded;
}

std::string domain_of(const std::string& url) {
  const auto parsed = parse_url(url);
  return parsed ? registrable_domain(parsed->host) : std::string();
}

// Of the page itself, which a site's rules need not take for the article's.
std::string_view title_in(std::string_view lower_source) {
  const auto begin = lower_source.find('>', lower_source.find("<title"));
  if (begin == std::string_view::npos) return {};
  const auto end = lower_source.find("</title", begin);
  return lower_source.substr(begin + 1, end == std::string_view::npos ? 0 : end - begin - 1);
}

bool holds(const std::string& lower_text, const std::string& wanted) {
  return wanted.empty() || lower_text.find(fold_case(wanted)) != std::string::npos;
}

class Judge {
 public:
  Judge(const PageLook& look, const SiteProfile& site) : look_(look), site_(site) {}

  void compare_with(const std::vector<BlockFingerprint>& fingerprints, std::string_view html) {
    const std::string source = fold_case(html.substr(0, searched_bytes));
    const std::string title = fold_case(look_.title) + "\n" + std::string(title_in(source));
    const std::string address = fold_case(look_.url);
    for (const BlockFingerprint& known : fingerprints) {
      const bool is_by_text = !known.title.empty() || !known.body.empty();
      if (is_by_text && look_.has_article && look_.text_bytes > longest_block_text) continue;
      if (!holds(title, known.title) || !holds(source, known.body) ||
          !holds(address, known.address)) {
        continue;
      }
      add(Suspicion::certain, fmt::format("it is a known block page ({})", known.name));
      return;
    }
  }

  void compare_with_the_sites_pages() {
    judge_domain();
    judge_body();
    judge_title();
    if (site_.samples.size() < telling_samples) return;
    if (!look_.has_article) add(2, "nothing on it is where the site's articles have their text");
    judge_length();
  }

  [[nodiscard]] Suspicion verdict() && { return std::move(found_); }

 private:
  void add(int weight, const std::string& reason) {
    found_.weight += weight;
    found_.reason += (found_.reason.empty() ? "" : "; ") + reason;
  }

  // A site may well have its articles elsewhere, but then not only this one; and where it has, they
  // are no shorter than a notice.
  void judge_domain() {
    const std::string domain = domain_of(look_.url);
    if (domain == domain_of(look_.asked)) return;
    const auto& own = site_.own_domains;
    if (std::find(own.begin(), own.end(), domain) != own.end()) return;
    const bool known = std::any_of(
        site_.samples.begin(), site_.samples.end(),
        [&domain](const SiteProfile::Sample& sample) { return sample.domain == domain; });
    if (known) return;
    const bool is_long = look_.has_article && look_.text_bytes > longest_block_text;
    add(is_long ? 2 : Suspicion::enough, fmt::format("it redirects to another site, {}", domain));
  }

  // An article may have a second address; but what three addresses give is a notice.
  void judge_body() {
    const SiteProfile::Sample* same = nullptr;
    int count = 0;
    for (const SiteProfile::Sample& sample : site_.samples) {
      if (look_.body_hash.empty() || sample.body_hash != look_.body_hash ||
          sample.url == look_.asked) {
        continue;
      }
      same = &sample;
      ++count;
    }
    if (same == nullptr) return;
    const bool is_notice = count > 1 && look_.text_bytes <= longest_block_text;
    add(is_notice ? Suspicion::enough : 1,
        fmt::format("it is the same, byte for byte, as {}", same->url));
  }

  void judge_title() {
    const auto same = std::count_if(
        site_.samples.begin(), site_.samples.end(), [this](const SiteProfile::Sample& sample) {
          return !look_.title.empty() && sample.url != look_.asked && sample.title == look_.title;
        });
    // A column may have one title for all its issues.
    const bool is_usual = 2 * static_cast<std::size_t>(same) >= site_.samples.size();
    if (same >= 2 && !is_usual)
      add(1, fmt::format("{} other pages have its title, '{}'", same, look_.title));
    if (look_.title.empty() && site_.samples.size() >= telling_samples) add(1, "it has no title");
  }

  void judge_length() {
    std::vector<std::size_t> lengths;
    for (const SiteProfile::Sample& sample : site_.samples)
      lengths.push_back(sample.text_bytes);
    // Not the shortest itself: one odd page must not open the door for the next.
    const auto low = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 10);
    std::nth_element(lengths.begin(), low, lengths.end());
    if (look_.text_bytes < *low / least_share_of_shortest) {
      add(1, fmt::format("its text has {} bytes, where the site's pages have {} and more",
                         look_.text_bytes, *low));
    }
  }

  const PageLook& look_;
  const SiteProfile& site_;
  Suspicion found_;
};

}  // namespace

void SiteProfile::add(const PageLook& look) {
  std::erase_if(samples, [&look](const Sample& sample) { return sample.url == look.asked; });
  samples.push_back({look.asked, look.title, look.body_hash, domain_of(look.url), look.text_bytes});
  if (samples.size() > most) samples.pop_front();
}

Suspicion suspect(const PageLook& look, const SiteProfile& site,
                  const std::vector<BlockFingerprint>& fingerprints, std::string_view source) {
  Judge judge(look, site);
  judge.compare_with(fingerprints, source);
  judge.compare_with_the_sites_pages();
  return std::move(judge).verdict();
}

}  // namespace dandelion
