// SPDX-License-Identifier: MIT
#include "archive/warc.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "archive/certificate.hpp"
#include "archive/content_uuid.hpp"
#include "core/compression.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

using Fields = std::vector<std::pair<std::string_view, std::string>>;

std::string record_id(const std::string& content) {
  return fmt::format("<urn:uuid:{}>", content_uuid(content));
}

std::string record(std::string_view type, const std::string& date, const Fields& fields,
                   std::string_view content_type, std::string_view block) {
  std::string text = fmt::format("WARC/1.1\r\nWARC-Type: {}\r\nWARC-Date: {}\r\n", type, date);
  for (const auto& [name, value] : fields) {
    if (!value.empty()) text += fmt::format("{}: {}\r\n", name, value);
  }
  text +=
      fmt::format("WARC-Block-Digest: sha256:{}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
                  sha256_hex(block), content_type, block.size());
  return gzip(text + std::string(block) + "\r\n\r\n");
}

// The payload of a body in chunks (RFC 9112, 7.1); what is no chunk ends it.
std::string without_chunks(std::string_view body) {
  std::string payload;
  while (true) {
    const auto line = body.find("\r\n");
    std::size_t size = 0;
    const auto end = body.data() + std::min(line, body.size());
    if (line == std::string_view::npos ||
        std::from_chars(body.data(), end, size, 16).ec != std::errc() || size == 0) {
      return payload;
    }
    body.remove_prefix(line + 2);
    payload += body.substr(0, size);
    body.remove_prefix(std::min(size + 2, body.size()));
  }
}

// In the words of HTTP/1.1.
std::string as_http1(const std::string& header) {
  if (header.starts_with("HTTP/2 ")) return "HTTP/1.1 " + header.substr(7);
  const auto end = header.find("\r\n");
  const auto version = header.substr(0, end).rfind(" HTTP/2");
  if (version == std::string::npos) return header;
  return header.substr(0, version) + " HTTP/1.1" + header.substr(end);
}

std::string response_of(const Exchange& exchange) {
  return as_http1(exchange.response_header) + exchange.response_body;
}

std::string response_id(const Exchange& exchange) {
  return record_id("response\n" + exchange.facts.url + format_rfc3339(answered(exchange)) +
                   response_of(exchange));
}

// The number in "HTTP/1.1 200 OK"; 0 where there is none.
int status_of(std::string_view header) {
  header.remove_prefix(std::min(header.find(' '), header.size() - 1) + 1);
  int status = 0;
  std::from_chars(header.data(), header.data() + header.size(), status);
  return status;
}

// One exchange in the words of a WARC file.
class ExchangeRecords {
 public:
  explicit ExchangeRecords(const Exchange& exchange)
      : exchange_(exchange),
        is_http2_(exchange.facts.http_version == "HTTP/2"),
        date_(format_rfc3339(answered(exchange))) {}

  void append_to(WarcFile& file) const {
    const ExchangeFacts& facts = exchange_.facts;
    const std::string block = response_of(exchange_);
    const std::string id = response_id(exchange_);
    const std::string digest = "sha256:" + sha256_hex(payload());
    const std::string response = record("response", date_,
                                        {{"WARC-Record-ID", id},
                                         {"WARC-Target-URI", facts.url},
                                         {"WARC-IP-Address", facts.remote_address},
                                         {"WARC-Protocol", protocol()},
                                         {"WARC-Payload-Digest", digest},
                                         {"WARC-Truncated", truncated()}},
                                        "application/http;msgtype=response", block);
    if (is_whole()) {
      file.responses.push_back({facts.url, answered(exchange_),
                                status_of(exchange_.response_header),
                                media_type(header_value(exchange_.response_header, "content-type")),
                                digest, file.bytes.size(), response.size()});
    }
    file.bytes += response + request(id);
  }

 private:
  // WARC 1.1, 5.13.
  [[nodiscard]] std::string truncated() const {
    if (exchange_.is_cut) return "length";
    return exchange_.facts.error.empty() ? "" : "disconnect";
  }
  [[nodiscard]] bool is_whole() const { return truncated().empty(); }

  [[nodiscard]] std::string protocol() const {
    return is_http2_ ? "h2" : ascii_lower(exchange_.facts.http_version);
  }

  [[nodiscard]] std::string payload() const {
    const bool in_chunks = equals_ignoring_case(
        header_value(exchange_.response_header, "transfer-encoding"), "chunked");
    return in_chunks && !is_http2_ ? without_chunks(exchange_.response_body)
                                   : exchange_.response_body;
  }

  [[nodiscard]] std::string request(const std::string& response_id) const {
    const ExchangeFacts& facts = exchange_.facts;
    const std::string block = as_http1(exchange_.request);
    return record("request", date_,
                  {{"WARC-Record-ID", record_id("request\n" + facts.url + date_ + block)},
                   {"WARC-Target-URI", facts.url},
                   {"WARC-IP-Address", facts.remote_address},
                   {"WARC-Protocol", protocol()},
                   {"WARC-Concurrent-To", response_id}},
                  "application/http;msgtype=request", block);
  }

  const Exchange& exchange_;
  const bool is_http2_;
  const std::string date_;
};

// What a browser made of the answer.
std::string conversion_record(const CapturedPage& captured, const Exchange& answer) {
  const std::string date = format_rfc3339(answered(answer));
  const FetchedPage& page = captured.page;
  return record("conversion", date,
                {{"WARC-Record-ID", record_id("conversion\n" + page.url + date + page.body)},
                 {"WARC-Target-URI", redact_url(page.url)},
                 {"WARC-Refers-To", response_id(answer)},
                 {"WARC-Payload-Digest", "sha256:" + sha256_hex(page.body)}},
                page.content_type, page.body);
}

std::string metadata_record(const CapturedPage& captured, const Exchange& answer) {
  std::string block;
  if (captured.rendered) block += fmt::format("rendered-by: {}\r\n", captured.rendered->browser);
  for (const std::string& pem : answer.facts.certificates)
    block += fmt::format("tls-certificate-sha256: {}\r\n", certificate_fingerprint(pem));
  for (const std::string& redirect : captured.page.redirects)
    block += fmt::format("redirected-from: {}\r\n", redact_url(redirect));
  if (block.empty()) return {};
  const std::string date = format_rfc3339(answered(answer));
  return record("metadata", date,
                {{"WARC-Record-ID", record_id("metadata\n" + captured.page.url + date + block)},
                 {"WARC-Target-URI", redact_url(captured.page.url)}},
                "application/warc-fields", block);
}

}  // namespace

WarcFile warc_of(const CapturedPage& captured) {
  std::vector<const Exchange*> exchanges;
  const Exchange* answer = nullptr;
  for (const auto& log : captured.exchanges) {
    for (const Exchange& exchange : log->exchanges()) {
      // Nothing came: a name that does not resolve, a closed door.
      if (exchange.request.empty() || exchange.response_header.empty()) continue;
      exchanges.push_back(&exchange);
      if (log == captured.exchanges.front()) answer = &exchange;
    }
  }
  const std::string date =
      exchanges.empty() ? std::string() : format_rfc3339(answered(*exchanges.front()));
  const std::string about =
      "software: Dandelion\r\nformat: WARC File Format 1.1\r\nconformsTo: "
      "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n";
  WarcFile file;
  file.bytes = record("warcinfo", date,
                      {{"WARC-Record-ID", record_id("warcinfo\n" + captured.asked + date)},
                       {"WARC-Filename", "page.warc.gz"}},
                      "application/warc-fields", about);
  for (const Exchange* exchange : exchanges)
    ExchangeRecords(*exchange).append_to(file);
  if (answer != nullptr && captured.rendered) file.bytes += conversion_record(captured, *answer);
  if (answer != nullptr) file.bytes += metadata_record(captured, *answer);
  return file;
}

}  // namespace dandelion
