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

// The host of a counter's address, placeholders and all, without its port.
std::string_view host_in(std::string_view pattern) {
  const auto scheme = pattern.find("://");
  pattern.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
  return pattern.substr(0, pattern.find_first_of(":/?#"));
}

// RFC 1123, 2.1, with RFC 1035's lengths.
bool is_host_name(std::string_view name) {
  constexpr std::size_t longest_name = 253;
  constexpr std::size_t longest_label = 63;
  if (name.size() > longest_name) return false;
  for (;;) {
    const std::string_view label = name.substr(0, name.find('.'));
    const bool is_plain = std::all_of(label.begin(), label.end(), [](char c) {
      return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '-';
    });
    if (label.empty() || label.size() > longest_label || !is_plain || label.starts_with('-') ||
        label.ends_with('-'))
      return false;
    if (label.size() == name.size()) return true;
    name.remove_prefix(label.size() + 1);
  }
}

// Elsewhere in an address every name can stand, percent-encoded; a host has no such way.
void check_names_in_host(ReadContext& context, const YamlNode& pixel, const SiteConfig& site) {
  const std::string_view host = host_in(site.pixel);
  if (!is_host_name(sample_of(host))) return;  // odd without our names, and nothing of theirs
  const auto check = [&](std::string_view placeholder, std::string_view what,
                         const std::string& name) {
    if (is_host_name(sample_of(replace_all(host, placeholder, name)))) return;
    context.error(pixel.mark,
                  fmt::format("{} stands in the counter's host here, and the {} {} can be no part "
                              "of one: that takes the letters a to z, digits and hyphens; rename "
                              "it, or write {} behind the host",
                              placeholder, what, in_quotes(name), placeholder));
  };
  check("{site}", "site", site.name);
  for (const std::string& mirror : site.mirrors)
    check("{mirror}", "mirror", mirror);
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
  const YamlNode* pixel = find_value(node, "pixel");
  if (pixel != nullptr && !site.pixel.empty()) check_names_in_host(context, *pixel, site);
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
