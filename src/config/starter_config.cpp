// SPDX-License-Identifier: MIT
#include "config/config.hpp"

namespace dandelion {

std::string starter_config() {
  return R"yaml(# What Dandelion mirrors, and where to. `dandelion check` says all that is wrong with this file.
# Paths count from the folder that this file is in. Secrets never stand here: write env:NAME or file:PATH.
version: 1

# The author of the commits. Nothing else of yours is published.
operator:
  name: Dandelion
  email: mirror@example.invalid
  key: keys/signing.key                 # signs the commits; keep it secret, and keep a copy of it

network:
  # With a proxy, nothing ever goes round it: no page, no name look-up, no push. `tor` is socks5h://127.0.0.1:9050.
  # proxies: tor
  # proxies:
  #   - socks5h://127.0.0.1:1080
  #   - http://user@proxy.example:3128
  # proxy_password: env:PROXY_PASSWORD
  timeout: 30s
  retries: 3
  per_host: {connections: 4, delay: 250ms}

sites:
  - name: my-news                       # also the name of its repository under var/repos
    title: My News
    # language: en
    # every: 30m                        # a run passes the site over until then
    discover:
      - index: https://news.example/latest
        category: latest
        items: "article h2 a"           # CSS selector of the links to articles
        # next: "a.next"                # the link to the next index page,
        # pages: 3                      # and how many of them to follow
    article:                            # leave a line out, and it is found automatically
      title: h1
      body: "article .content"
      # hero: {image: "figure.lead img", caption: "figure.lead figcaption"}
      remove: [script, iframe, aside, .share, .related]
      rename: {a: ok}                   # <ok> is a link that leads nowhere: Git hosts show its text alone
    # menu:                             # links at the top of each page
    #   - {text: Home, href: "../.."}
    # pixel: "https://counter.example/{site}/{path}"   # a zero-size counter picture; read docs/counter.md first
    mirrors: [local]

mirrors:
  - name: local                         # make it first: git init --bare var/mirrors/my-news.git
    url: var/mirrors/my-news.git
  # - name: github
  #   url: https://github.com/someone/my-news.git
  #   username: someone
  #   token: env:GITHUB_TOKEN
  #   public: https://github.com/someone/my-news
)yaml";
}

}  // namespace dandelion
