// SPDX-License-Identifier: MIT
#include "pipeline/further_pages.hpp"

#include "core/address.hpp"
#include "core/log.hpp"
#include "core/url.hpp"
#include "extract/next_page.hpp"
#include "pipeline/page_build.hpp"

namespace dandelion {
namespace {

// The normalised address of the article's next page; nullopt where it is on another site.
std::optional<std::string> next_address(const html::Article& article) {
  auto next = normalize_address(article.next_page);
  return next && same_site(*next, article.url) ? next : std::nullopt;
}

// Whether a source listed the address: then it is an article of its own.
Result<bool> is_listed(const FurtherPages::Context& context, const std::string& address) {
  auto page = context.store.page_at_address(context.site.name, address);
  if (!page) return tl::unexpected(page.error());
  if (*page) return without_scheme((*page)->url) == without_scheme(address);
  return context.store.is_wanted(context.site.name, address);
}

// Whether the error says that there is no such page, and not that it could not be had just now.
bool ends_article(const Error& error) {
  return error.kind == ErrorKind::not_found || error.kind == ErrorKind::refused ||
         error.kind == ErrorKind::malformed || error.kind == ErrorKind::too_large;
}

}  // namespace

Result<bool> FurtherPages::goes_on(const Context& context, const html::Article& article) {
  const auto next = next_address(article);
  if (!next) return false;
  auto listed = is_listed(context, *next);
  return listed ? Result<bool>(!*listed) : listed;
}

void FurtherPages::join(const Context& context, html::Article first, bool content_with_less,
                        Done done) {
  // Every request on its way holds it.
  std::shared_ptr<FurtherPages>(
      new FurtherPages(context, std::move(first), content_with_less, std::move(done)))
      ->fetch_next();
}

FurtherPages::FurtherPages(const Context& context, html::Article first, bool content_with_less,
                           Done done)
    : context_(context),
      content_with_less_(content_with_less),
      done_(std::move(done)),
      joined_{std::move(first), {}},
      joiner_(joined_.article) {
  if (auto own = normalize_address(joined_.article.url)) seen_.insert(std::move(*own));
}

void FurtherPages::fetch_next() {
  const auto next = next_address(joined_.article);
  const std::size_t pages = joined_.addresses.size() + 1;
  if (!next || pages >= max_article_pages || !seen_.insert(*next).second) return end({});
  auto listed = is_listed(context_, *next);
  if (!listed) return end(tl::unexpected(listed.error()));
  if (*listed) return end({});
  context_.engine.add({.url = *next, .site = context_.site.name},
                      [self = shared_from_this(), next = *next](const Result<FetchedPage>& page) {
                        self->take(next, page);
                      });
}

void FurtherPages::take(const std::string& address, const Result<FetchedPage>& fetched) {
  const auto added = add(address, fetched);
  if (added) return *added ? fetch_next() : end({});
  const ErrorKind kind = added.error().kind;
  if (kind == ErrorKind::transient && content_with_less_) {
    log_info("{}: {} ends before {}: {}", context_.site.name, redact_url(joined_.article.url),
             redact_url(address), added.error().message);
    return end({});
  }
  end(tl::unexpected(added.error()));
}

// Whether the page went to the others.
Result<bool> FurtherPages::add(const std::string& address, const Result<FetchedPage>& fetched) {
  if (!fetched && ends_article(fetched.error())) {
    log_info("{}: {} ends before its next page: {}", context_.site.name,
             redact_url(joined_.article.url), fetched.error().message);
    return false;
  }
  if (!fetched) return tl::unexpected(fetched.error());
  const auto landed = normalize_address(fetched->url);
  const bool leads_back = landed && *landed != address && seen_.contains(*landed);
  if (leads_back || !same_site(fetched->url, joined_.article.url) || is_front_page(fetched->url))
    return false;
  const auto article =
      read_article(context_.site, fetched->url, fetched->body, fetched->content_type);
  const auto judgement = context_.gate.judge(address, *fetched, article);
  if (judgement.verdict != PageGate::Verdict::admitted &&
      judgement.suspicion.weight >= Suspicion::enough) {
    return fail(ErrorKind::transient, "{}: not believed: {}", redact_url(address),
                judgement.suspicion.reason);
  }
  if (!article || !joiner_.add(*article)) return false;
  joined_.addresses.push_back(address);
  return true;
}

void FurtherPages::end(Result<void> outcome) {
  if (!outcome) return done_(tl::unexpected(outcome.error()));
  done_(std::move(joined_));
}

}  // namespace dandelion
