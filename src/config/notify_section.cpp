// SPDX-License-Identifier: MIT
#include "config/section_reader.hpp"

namespace dandelion {
namespace {

void read_address(ReadContext& context, const YamlNode& node, NotifyAddress& into) {
  const bool elsewhere = node.kind == YamlNode::Kind::scalar &&
                         (node.text.starts_with("env:") || node.text.starts_with("file:"));
  if (elsewhere) {
    read_secret_source(context, node, into.source);
  } else {
    read_web_address(context, node, into.url);
  }
}

}  // namespace

void read_notify(ReadContext& context, const YamlNode& node, NotifySettings& notify) {
  read_section(
      context, node, "notify",
      {{"command", [&](const YamlNode& value) { read_text(context, value, notify.command); }},
       {"failure", [&](const YamlNode& value) { read_address(context, value, notify.failure); }},
       {"success", [&](const YamlNode& value) { read_address(context, value, notify.success); }}});
}

}  // namespace dandelion
