// SPDX-License-Identifier: MIT
#include "discover/xml_stream.hpp"

#include <array>
#include <new>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "core/handle.hpp"
#include "core/text.hpp"
#include "discover/xml_mender.hpp"
#include "html/charset.hpp"

namespace dandelion {
namespace {

// A DOCTYPE with an internal subset makes the parser keep a document, which is its caller's to
// free.
void free_parser(xmlParserCtxt* context) {
  xmlFreeDoc(context->myDoc);
  xmlFreeParserCtxt(context);
}
using ParserContext = Handle<xmlParserCtxt, free_parser>;

constexpr int parser_options = XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                               XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
// libxml2 takes lengths as int.
constexpr std::size_t piece_bytes = 64U << 10;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

}  // namespace

std::string_view XmlHandler::Element::attribute(std::string_view wanted) const {
  for (const Attribute& at : attributes) {
    if (at.name == wanted) return at.value;
  }
  return {};
}

struct XmlStream::Reader {
  XmlHandler& handler;
  XmlMender mender;
  ParserContext context;
  std::optional<Error> error;

  explicit Reader(XmlHandler& to) : handler(to) {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.characters = on_text;
    sax.cdataBlock = on_text;
    sax.getEntity = [](void*, const xmlChar* name) { return xmlGetPredefinedEntity(name); };
    context.reset(xmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr));
    if (!context) throw std::bad_alloc();
    xmlCtxtUseOptions(context.get(), parser_options);
    xmlSwitchEncoding(context.get(), XML_CHAR_ENCODING_UTF8);
  }

  // Nothing may be thrown through libxml2; what goes wrong is kept, and ends the reading.
  template <typename Call>
  void guard(const Call& call) noexcept {
    if (error) return;
    try {
      Result<void> done = call();
      if (!done) error = std::move(done.error());
    } catch (const std::bad_alloc&) {
      error = Error{ErrorKind::too_large, "out of memory"};
    }
    if (error) xmlStopParser(context.get());
  }

  static void on_start(void* self, const xmlChar* name, const xmlChar* /*prefix*/,
                       const xmlChar* ns, int /*namespaces*/, const xmlChar** /*declared*/,
                       int count, int /*defaulted*/, const xmlChar** attributes) {
    auto* reader = static_cast<Reader*>(self);
    reader->guard([&] {
      // Five pointers an attribute: name, prefix, namespace, begin and end of the value.
      Element element{view(ns), view(name), {}};
      for (int i = 0; i < count; ++i) {
        const xmlChar** at = attributes + std::ptrdiff_t{5} * i;
        element.attributes.push_back(
            {view(at[0]),
             {reinterpret_cast<const char*>(at[3]), static_cast<std::size_t>(at[4] - at[3])}});
      }
      return reader->handler.start(element);
    });
  }

  static void on_end(void* self, const xmlChar* name, const xmlChar* /*prefix*/,
                     const xmlChar* ns) {
    auto* reader = static_cast<Reader*>(self);
    reader->guard([&] { return reader->handler.end(view(ns), view(name)); });
  }

  static void on_text(void* self, const xmlChar* text, int size) {
    auto* reader = static_cast<Reader*>(self);
    reader->guard([&]() -> Result<void> {
      reader->handler.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
      return {};
    });
  }

  Result<void> parse(std::string_view text, bool last) {
    while (!error && !text.empty()) {
      const std::string_view piece = text.substr(0, piece_bytes);
      xmlParseChunk(context.get(), piece.data(), static_cast<int>(piece.size()), 0);
      text.remove_prefix(piece.size());
    }
    if (!error && last) xmlParseChunk(context.get(), nullptr, 0, 1);
    if (error) return tl::unexpected(*error);
    return {};
  }

  using Element = XmlHandler::Element;
};

XmlStream::XmlStream(XmlHandler& handler) : reader_(std::make_unique<Reader>(handler)) {}
XmlStream::XmlStream(XmlStream&&) noexcept = default;
XmlStream& XmlStream::operator=(XmlStream&&) noexcept = default;
XmlStream::~XmlStream() = default;

Result<void> XmlStream::feed(std::string_view text) {
  return reader_->parse(reader_->mender.feed(text), false);
}

Result<void> XmlStream::finish() {
  return reader_->parse(reader_->mender.finish(), true);
}

std::string xml_as_utf8(std::string_view bytes, std::string_view content_type) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const bool utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  const std::string_view head = bytes.substr(0, 256);
  std::string label;
  const auto at = head.find("encoding=");
  if (!utf16 && at != std::string_view::npos && head.find("<?xml") < at) {
    const char quote = at + 9 < head.size() ? head[at + 9] : '\0';
    const auto end = head.find(quote, at + 10);
    if ((quote == '"' || quote == '\'') && end != std::string_view::npos)
      label = head.substr(at + 10, end - at - 10);
  }
  if ((equals_ignoring_case(label, "utf-8") || label.empty()) && !utf16 && is_utf8(bytes))
    return std::string(bytes);
  // The document knows its encoding better than the server that hands it out.
  const std::string type =
      label.empty() ? std::string(content_type) : fmt::format("text/xml; charset={}", label);
  return html::decode(bytes, type).text;
}

}  // namespace dandelion
