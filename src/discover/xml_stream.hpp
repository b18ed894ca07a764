// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace dandelion {

// Takes what an XmlStream finds, in document order. Names come without their prefix, namespaces as
// they are declared; empty where there is none. The views are good until the call returns.
class XmlHandler {
 public:
  struct Attribute {
    std::string_view name;
    std::string_view value;
  };
  struct Element {
    std::string_view ns;
    std::string_view name;
    std::vector<Attribute> attributes;

    // Empty where there is none of that name.
    [[nodiscard]] std::string_view attribute(std::string_view wanted) const;
  };

  XmlHandler() = default;
  XmlHandler(const XmlHandler&) = delete;
  XmlHandler& operator=(const XmlHandler&) = delete;
  XmlHandler(XmlHandler&&) = delete;
  XmlHandler& operator=(XmlHandler&&) = delete;
  virtual ~XmlHandler() = default;

  virtual Result<void> start(const Element& element) = 0;
  virtual Result<void> end(std::string_view ns, std::string_view name) = 0;
  virtual void text(std::string_view piece) = 0;
};

// Reads XML as it comes in, in constant memory, by libxml2 in its forgiving mode: what is broken is
// passed over and reading goes on. Nothing that a document says makes it do more than that: no
// entity but XML's own five is known, no DTD is read, no address is opened, nesting ends at 256
// levels. Feeds in the wild are mended before, by XmlMender.
class XmlStream {
 public:
  // `handler` must outlive the stream. The text is UTF-8, whatever its declaration says.
  explicit XmlStream(XmlHandler& handler);
  XmlStream(XmlStream&&) noexcept;
  XmlStream& operator=(XmlStream&&) noexcept;
  XmlStream(const XmlStream&) = delete;
  XmlStream& operator=(const XmlStream&) = delete;
  ~XmlStream();

  // An error is one of the handler's own, which ends the reading.
  [[nodiscard]] Result<void> feed(std::string_view text);
  [[nodiscard]] Result<void> finish();

 private:
  struct Reader;
  std::unique_ptr<Reader> reader_;
};

// A document's bytes as UTF-8: by its byte order mark, the charset of the Content-Type header, or
// its XML declaration (RFC 7303, 3), labels as the Encoding Standard reads them.
[[nodiscard]] std::string xml_as_utf8(std::string_view bytes, std::string_view content_type);

}  // namespace dandelion
