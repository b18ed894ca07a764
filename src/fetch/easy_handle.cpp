// SPDX-License-Identifier: MIT
#include "fetch/easy_handle.hpp"

#include <map>
#include <mutex>
#include <random>

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "core/registrable_domain.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "fetch/private_address.hpp"

namespace dandelion {
namespace {

// Answers libcurl's request for a socket after names are resolved: the last moment before anything
// is sent, and the one that DNS rebinding cannot get past.
curl_socket_t open_public_socket(void* refused, curlsocktype /*purpose*/, curl_sockaddr* address) {
  if (is_private_address(address->addr)) {
    *static_cast<bool*>(refused) = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode add_trust_anchors(CURL* /*handle*/, void* context, void* file) {
  const bool added =
      SSL_CTX_load_verify_file(static_cast<SSL_CTX*>(context), static_cast<const char*>(file)) == 1;
  return added ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

// A name that says nothing, the same for one key as long as the process lives: Tor keeps streams
// with different SOCKS user names on different circuits (proposal 171).
std::string isolation_name(const std::string& key) {
  static std::mutex mutex;
  static std::map<std::string, std::string> names;
  const std::lock_guard lock(mutex);
  std::string& name = names[key];
  if (name.empty()) {
    std::random_device random;
    name = fmt::format("{:08x}{:08x}", random(), random());
  }
  return name;
}

long curl_proxy_type(ProxyAddress::Scheme scheme) {
  switch (scheme) {
    case ProxyAddress::Scheme::http:
      return CURLPROXY_HTTP;
    case ProxyAddress::Scheme::https:
      return CURLPROXY_HTTPS;
    case ProxyAddress::Scheme::socks4a:
      return CURLPROXY_SOCKS4A;
    case ProxyAddress::Scheme::socks5h:
      return CURLPROXY_SOCKS5_HOSTNAME;
  }
  return CURLPROXY_SOCKS5_HOSTNAME;
}

Result<void> set_proxy(CURL* handle, const NetworkSettings& settings, const ProxyAddress& proxy,
                       const Route& route) {
  const std::string host = proxy.host;
  curl_easy_setopt(handle, CURLOPT_PROXY, host.c_str());
  curl_easy_setopt(handle, CURLOPT_PROXYPORT, static_cast<long>(proxy.port));
  curl_easy_setopt(handle, CURLOPT_PROXYTYPE, curl_proxy_type(proxy.scheme));
  curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // Without this libcurl offers Kerberos too, and looking for tickets may ask the network.
  curl_easy_setopt(handle, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
  if (!proxy.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_PROXYUSERNAME, proxy.user.c_str());
    if (!settings.proxy_password) return {};
    auto password = read_secret(*settings.proxy_password);
    if (!password) return within("proxy_password", password.error());
    curl_easy_setopt(handle, CURLOPT_PROXYPASSWORD, password->reveal().c_str());
  } else if (settings.isolate != Isolation::none && proxy.scheme == ProxyAddress::Scheme::socks5h) {
    // A mirror may have a site's name; they share nothing else.
    const char kind = route.purpose == Route::Purpose::push ? 'm' : 's';
    const std::string key = settings.isolate == Isolation::site
                                ? fmt::format("{} {}", kind, route.name)
                                : fmt::format("{} {} {}", kind, route.name, route.host);
    const std::string name = isolation_name(key);
    curl_easy_setopt(handle, CURLOPT_PROXYUSERNAME, name.c_str());
    curl_easy_setopt(handle, CURLOPT_PROXYPASSWORD, name.c_str());
  }
  return {};
}

bool append(CurlList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  static_cast<void>(list.release());
  list.reset(longer);
  return true;
}

// libcurl asks the system for the DoH server's own name, in the clear: so that name is put into the
// cache beforehand, where its own transfer (of the same multi handle) finds it.
void set_dns_over_https(CurlEasy& handle, const DnsOverHttps& server) {
  curl_easy_setopt(handle.get(), CURLOPT_DOH_URL, server.url.c_str());
  const auto url = parse_url(server.url);
  if (!url || server.addresses.empty()) return;
  std::string addresses;
  for (const std::string& address : server.addresses) {
    const bool is_ipv6 = address.find(':') != std::string::npos;
    addresses += (addresses.empty() ? "" : ",") + (is_ipv6 ? "[" + address + "]" : address);
  }
  CurlList pinned;
  append(pinned,
         fmt::format("{}:{}:{}", url->host, url->port.empty() ? "443" : url->port, addresses));
  curl_easy_setopt(handle.get(), CURLOPT_RESOLVE, pinned.get());
  handle.get_deleter().borrowed.push_back(std::move(pinned));
}

void set_direct(CurlEasy& handle, const NetworkSettings& settings) {
  // An empty proxy, unlike none, keeps the environment's http_proxy and its kin out.
  curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
  if (settings.dns_over_https) set_dns_over_https(handle, *settings.dns_over_https);
  if (settings.allow_private_addresses) return;
  auto& refused = handle.get_deleter().refused_private;
  refused = std::make_unique<bool>(false);
  curl_easy_setopt(handle.get(), CURLOPT_OPENSOCKETFUNCTION, open_public_socket);
  curl_easy_setopt(handle.get(), CURLOPT_OPENSOCKETDATA, refused.get());
}

// CONNECT_TO rather than RESOLVE for `resolve:` too: it holds for this handle alone, while the
// cache that RESOLVE fills is everybody's, and it works through a proxy.
void set_detours(CurlEasy& handle, const SiteNetworkSettings& site, const Route& route) {
  std::vector<const SiteNetworkSettings::Detour*> found;
  for (const auto& detour : site.detours) {
    if (equals_ignoring_case(detour.host, route.host)) found.push_back(&detour);
  }
  if (found.empty()) return;
  // libcurl takes the first that fits.
  std::rotate(found.begin(),
              found.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(route.attempt) %
                                                          found.size()),
              found.end());
  CurlList list;
  for (const auto* detour : found) {
    const bool is_ipv6 = detour->to_host.find(':') != std::string::npos;
    append(list, fmt::format("{}:{}:{}:{}", detour->host,
                             detour->port == 0 ? "" : std::to_string(detour->port),
                             is_ipv6 ? "[" + detour->to_host + "]" : detour->to_host,
                             detour->to_port == 0 ? "" : std::to_string(detour->to_port)));
  }
  curl_easy_setopt(handle.get(), CURLOPT_CONNECT_TO, list.get());
  handle.get_deleter().borrowed.push_back(std::move(list));
}

bool is_tls_failure(int code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM ||
         code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR ||
         code == CURLE_SSL_PINNEDPUBKEYNOTMATCH || code == CURLE_SSL_INVALIDCERTSTATUS;
}

}  // namespace

CurlLibrary::CurlLibrary() {
  // The transfers that libcurl makes itself, to a DNS-over-HTTPS server, take no proxy setting of
  // ours and would follow these. No thread runs yet.
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                           "no_proxy", "NO_PROXY"})
    ::unsetenv(name);
  curl_global_init(CURL_GLOBAL_DEFAULT);
}
CurlLibrary::~CurlLibrary() {
  curl_global_cleanup();
}

Result<CurlEasy> make_easy_handle(const NetworkSettings& settings, std::size_t proxy_index,
                                  const Route& route) {
  CurlEasy handle(curl_easy_init());
  if (!handle) return fail(ErrorKind::storage, "libcurl gives no handle: out of memory");
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
  if (settings.proxies.empty()) {
    set_direct(handle, settings);
  } else if (proxy_index >= settings.proxies.size()) {
    return fail(ErrorKind::bad_input, "there is no proxy number {}", proxy_index);
  } else if (auto set = set_proxy(curl, settings, settings.proxies[proxy_index], route); !set) {
    return tl::unexpected(set.error());
  }
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // libcurl 7.88 loses sight of bytes that wait between two layers of TLS: streams that share a
  // connection through an https proxy stand still until they time out.
  const bool tls_in_tls = !settings.proxies.empty() &&
                          settings.proxies[proxy_index].scheme == ProxyAddress::Scheme::https;
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
                   static_cast<long>(tls_in_tls ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(curl, CURLOPT_USERAGENT, settings.user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::min(settings.connect_timeout, settings.timeout).count()));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(
      curl, CURLOPT_LOW_SPEED_TIME,
      static_cast<long>(std::chrono::ceil<std::chrono::seconds>(settings.stall_timeout).count()));
  if (settings.ca_file) {
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, add_trust_anchors);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, settings.ca_file->c_str());
  }
  const auto site = settings.sites.find(route.name);
  if (route.purpose == Route::Purpose::page && site != settings.sites.end())
    set_detours(handle, site->second, route);
  return handle;
}

Result<std::vector<std::string>> own_headers(const NetworkSettings& settings, std::string_view site,
                                             std::string_view host, std::string_view scheme) {
  std::vector<std::string> lines;
  const auto found = settings.sites.find(site);
  if (found == settings.sites.end() || found->second.headers.empty()) return lines;
  const auto& own = found->second.own_domains;
  if (std::find(own.begin(), own.end(), registrable_domain(host)) == own.end()) return lines;
  for (const auto& header : found->second.headers) {
    std::string value = header.value;
    if (header.secret && scheme != "https" && !found->second.is_over_http) continue;
    if (header.secret) {
      auto secret = read_secret(*header.secret);
      if (!secret)
        return within(fmt::format("site {}: headers: {}", site, header.name), secret.error());
      value = secret->reveal();
    }
    // To libcurl "Name:" would mean to leave the header out.
    lines.push_back(value.empty() ? header.name + ";" : header.name + ": " + value);
  }
  return lines;
}

Error private_address_error(std::string_view url) {
  return {ErrorKind::refused,
          fmt::format("{}: this leads to a private address; network.private_addresses: allow lets "
                      "pages lead there",
                      redact_url(url))};
}

Error transfer_error(int code, std::string_view url, std::string_view detail) {
  const std::string where = redact_url(url);
  const std::string_view known = curl_easy_strerror(static_cast<CURLcode>(code));
  const std::string what(detail.empty() ? known : detail);
  if (is_tls_failure(code)) {
    return {ErrorKind::refused,
            fmt::format("{}: the server's certificate is not to be trusted: {}", where, what)};
  }
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
    return {ErrorKind::refused, fmt::format("{}: {}", where, what)};
  }
  return {ErrorKind::transient, fmt::format("{}: {}", where, what)};
}

Error status_error(long status, std::string_view url) {
  const std::string where = redact_url(url);
  const auto error = [&](ErrorKind kind, std::string_view what) {
    return Error{kind, fmt::format("{}: {} (HTTP {})", where, what, status)};
  };
  switch (status) {
    case 401:
      return error(ErrorKind::refused, "it asks for a password");
    case 403:
      return error(ErrorKind::refused, "forbidden");
    case 404:
      return error(ErrorKind::not_found, "not found");
    case 407:
      return error(ErrorKind::refused, "the proxy asks for a password; see proxy_password");
    case 408:
      return error(ErrorKind::transient, "the server waited too long for us");
    case 410:
      return error(ErrorKind::not_found, "gone");
    case 413:
      return error(ErrorKind::too_large, "too large for the server");
    case 425:
      return error(ErrorKind::transient, "too early");
    case 429:
      return error(ErrorKind::transient, "too many requests");
    case 451:
      return error(ErrorKind::refused, "unavailable for legal reasons");
    default:
      break;
  }
  if (status >= 500) return error(ErrorKind::transient, "the server failed");
  return error(ErrorKind::refused, "not a page");
}

}  // namespace dandelion
