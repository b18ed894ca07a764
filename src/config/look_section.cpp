// SPDX-License-Identifier: MIT
// The keys of a site that say how its pages look.
#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// The pattern as it would look when filled in.
std::string sample_of(std::string_view pattern) {
  std::string sample(pattern);
  for (const std::string_view placeholder :
       {"{site}", "{category}", "{id}", "{path}", "{hash}", "{mirror}"})
    sample = replace_all(sample, placeholder, "x");
  return sample;
}

}  // namespace

void read_pixel(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::string pixel;
  read_pattern(context, node, {"site", "category", "id", "path", "hash", "mirror"}, pixel);
  if (pixel.empty()) return;
  const std::size_t before = context.errors;
  std::string address;
  read_web_address(context, {node.kind, node.mark, sample_of(pixel), {}, {}}, address);
  if (context.errors != before) return;
  if (parse_url(address)->scheme == "http") {
    context.warning(node.mark,
                    "a counter over http:// shows everyone between a reader and it which page is "
                    "read; use https://");
  }
  site.pixel = std::move(pixel);
}

void check_pixel(ReadContext& context, const YamlNode& node, const SiteConfig& site) {
  const bool hashed = site.pixel.find("{hash}") != std::string::npos;
  if (hashed && !site.pixel_key) {
    context.error(
        node.mark,
        "the counter's {hash} needs a pixel_key: write env:NAME or file:PATH of a secret");
  } else if (!hashed && site.pixel_key) {
    context.warning(node.mark, "pixel_key has no effect without {hash} in pixel");
  }
  if (site.mirrors.empty() && site.pixel.find("{mirror}") != std::string::npos) {
    context.warning(node.mark,
                    "{mirror} in pixel stands for the name of a mirror, and the site has none");
  }
}

void read_images(ReadContext& context, const YamlNode& node, ImageSettings& images) {
  read_section(
      context, node, "images",
      {{"mode",
        [&](const YamlNode& value) {
          const int mode = read_choice(context, value, {"mirror", "link", "drop"});
          if (mode >= 0) images.mode = static_cast<ImageSettings::Mode>(mode);
        }},
       {"max_width",
        [&](const YamlNode& value) { read_number(context, value, 16, 100'000, images.max_width); }},
       {"quality",
        [&](const YamlNode& value) { read_number(context, value, 1, 100, images.quality); }},
       {"format",
        [&](const YamlNode& value) {
          const int format = read_choice(context, value, {"webp", "jpeg"});
          if (format >= 0) images.jpeg = format == 1;
        }},
       {"max_bytes", [&](const YamlNode& value) {
          read_size(context, value, 1U << 10, 1ULL << 30, images.max_bytes);
        }}});
}

void read_links(ReadContext& context, const YamlNode& node, LookSettings& look) {
  using Links = LookSettings::Links;
  if (node.kind == YamlNode::Kind::map) {
    read_section(
        context, node, "links",
        {{"archive",
          [&](const YamlNode& value) { read_web_address(context, value, look.archive_prefix); },
          true}});
    if (!look.archive_prefix.empty()) look.links = Links::archive;
    return;
  }
  switch (read_choice(context, node, {"inert", "text", "keep"})) {
    case 0:
      look.links = Links::inert;
      break;
    case 1:
      look.links = Links::text;
      break;
    case 2:
      look.links = Links::keep;
      break;
    default:
      break;
  }
}

void read_source_address(ReadContext& context, const YamlNode& node, LookSettings& look) {
  const int choice = read_choice(context, node, {"link", "text", "defanged"});
  if (choice >= 0) look.source_address = static_cast<LookSettings::SourceAddress>(choice);
}

}  // namespace dandelion
