// SPDX-License-Identifier: MIT
// The one table of what may go out: everything that is not named here does not.
#include "html/allowed.hpp"

#include <algorithm>
#include <array>

namespace dandelion::html {
namespace {

enum class Shown : std::uint8_t { everywhere, ours };  // Git hosts take out what is only ours

struct Row {
  Tag tag;
  Fate fate;
  Shown shown;
  std::string_view attributes;  // besides those that every element may have
};

using enum Fate;
using enum Shown;

constexpr std::string_view cell = "colspan rowspan headers scope align valign width height abbr";

// clang-format off
constexpr Row rows[] = {
    // text
    {Tag::h1_, keep, everywhere, "align"},     {Tag::h2_, keep, everywhere, "align"},
    {Tag::h3_, keep, everywhere, "align"},     {Tag::h4_, keep, everywhere, "align"},
    {Tag::h5_, keep, everywhere, "align"},     {Tag::h6_, keep, everywhere, "align"},
    {Tag::p_, keep, everywhere, "align"},      {Tag::div_, keep, everywhere, "align"},
    {Tag::br_, keep, everywhere, "clear"},     {Tag::hr_, keep, everywhere, "align width"},
    {Tag::pre_, keep, everywhere, ""},         {Tag::listing_, keep, ours, ""},
         {Tag::blockquote_, keep, everywhere, "cite"},
    {Tag::ol_, keep, everywhere, "start type reversed"},
    {Tag::ul_, keep, everywhere, "type"},      {Tag::li_, keep, everywhere, "value type"},
    {Tag::dl_, keep, everywhere, ""},          {Tag::dt_, keep, everywhere, ""},
    {Tag::dd_, keep, everywhere, ""},          {Tag::details_, keep, everywhere, "open"},
    {Tag::summary_, keep, everywhere, ""},     {Tag::figure_, keep, everywhere, ""},
    {Tag::figcaption_, keep, everywhere, ""},
    {Tag::article_, keep, ours, ""},           {Tag::section_, keep, ours, ""},
    {Tag::main_, keep, ours, ""},              {Tag::header_, keep, ours, ""},
    {Tag::footer_, keep, ours, ""},            {Tag::aside_, keep, ours, ""},
    {Tag::nav_, keep, ours, ""},               {Tag::hgroup_, keep, ours, ""},
    {Tag::noscript_, keep, ours, ""},
    {Tag::address_, keep, ours, ""},           {Tag::center_, keep, ours, ""},
    // within a line
    {Tag::a_, keep, everywhere, "href name rel hreflang target"},
    {Tag::b_, keep, everywhere, ""},           {Tag::strong_, keep, everywhere, ""},
    {Tag::i_, keep, everywhere, ""},           {Tag::em_, keep, everywhere, ""},
    {Tag::s_, keep, everywhere, ""},           {Tag::strike_, keep, everywhere, ""},
    {Tag::del_, keep, everywhere, "cite datetime"},
    {Tag::ins_, keep, everywhere, "cite datetime"},
    {Tag::sub_, keep, everywhere, ""},         {Tag::sup_, keep, everywhere, ""},
    {Tag::small_, keep, everywhere, ""},       {Tag::mark_, keep, everywhere, ""},
    {Tag::code_, keep, everywhere, ""},        {Tag::kbd_, keep, everywhere, ""},
    {Tag::samp_, keep, everywhere, ""},        {Tag::var_, keep, everywhere, ""},
    {Tag::tt_, keep, everywhere, ""},          {Tag::q_, keep, everywhere, "cite"},
    {Tag::cite_, keep, everywhere, ""},        {Tag::dfn_, keep, everywhere, ""},
    {Tag::abbr_, keep, everywhere, ""},        {Tag::bdo_, keep, everywhere, ""},
    {Tag::span_, keep, everywhere, ""},        {Tag::time_, keep, everywhere, "datetime"},
    {Tag::ruby_, keep, everywhere, ""},        {Tag::rt_, keep, everywhere, ""},
    {Tag::rp_, keep, everywhere, ""},          {Tag::wbr_, keep, everywhere, ""},
    {Tag::u_, keep, ours, ""},                 {Tag::big_, keep, ours, ""},
    {Tag::font_, keep, ours, "color size face"}, {Tag::acronym_, keep, ours, ""},
    {Tag::bdi_, keep, ours, ""},               {Tag::rb_, keep, ours, ""},
    {Tag::rtc_, keep, ours, ""},
    // pictures and sounds
    {Tag::img_, keep, everywhere, "src srcset sizes alt width height border align hspace vspace "
                                  "loading decoding fetchpriority"},
    {Tag::picture_, keep, everywhere, ""},
    {Tag::source_, keep, everywhere, "src srcset sizes media type width height"},
    {Tag::video_, keep, ours, "src poster controls width height"},
    {Tag::audio_, keep, ours, "src controls"},
    {Tag::track_, keep, ours, "src kind srclang label"},
    // tables
    {Tag::table_, keep, everywhere, "border cellpadding cellspacing width align summary"},
    {Tag::caption_, keep, everywhere, "align"}, {Tag::colgroup_, keep, ours, "span width align"},
    {Tag::col_, keep, ours, "span width align"}, {Tag::thead_, keep, everywhere, "align valign"},
    {Tag::tbody_, keep, everywhere, "align valign"}, {Tag::tfoot_, keep, everywhere, "align valign"},
    {Tag::tr_, keep, everywhere, "align valign"}, {Tag::td_, keep, everywhere, cell},
    {Tag::th_, keep, everywhere, cell},
    // what acts, loads, or stands for another document
    {Tag::script_, drop, ours, ""},    {Tag::style_, drop, ours, ""},    {Tag::link_, drop, ours, ""},
    {Tag::meta_, drop, ours, ""},      {Tag::base_, drop, ours, ""},     {Tag::title_, drop, ours, ""},
    {Tag::iframe_, drop, ours, ""},    {Tag::frame_, drop, ours, ""},    {Tag::frameset_, drop, ours, ""},
    {Tag::noframes_, drop, ours, ""},  {Tag::object_, drop, ours, ""},   {Tag::embed_, drop, ours, ""},
    {Tag::applet_, drop, ours, ""},    {Tag::param_, drop, ours, ""},    {Tag::portal_, drop, ours, ""},
    {Tag::noembed_, drop, ours, ""},   {Tag::template_, drop, ours, ""}, {Tag::canvas_, drop, ours, ""},
    {Tag::svg_, drop, ours, ""},       {Tag::math_, drop, ours, ""},     {Tag::xmp_, drop, ours, ""},
    {Tag::plaintext_, drop, ours, ""}, {Tag::bgsound_, drop, ours, ""},  {Tag::area_, drop, ours, ""},
    {Tag::button_, drop, ours, ""},    {Tag::input_, drop, ours, ""},    {Tag::select_, drop, ours, ""},
    {Tag::option_, drop, ours, ""},    {Tag::optgroup_, drop, ours, ""}, {Tag::textarea_, drop, ours, ""},
    {Tag::datalist_, drop, ours, ""},  {Tag::keygen_, drop, ours, ""},   {Tag::image_, drop, ours, ""},
};
// clang-format on

// What every element may have, besides `data-…` and `aria-…`, which mean nothing without a script.
constexpr std::string_view global_attributes =
    "class id title lang dir role epub:type itemprop itemscope itemtype itemid style";

// Git hosts' filter knows no attributes by element but for addresses.
constexpr std::string_view shown_attributes =
    "align alt border cellpadding cellspacing cite clear color colspan rowspan datetime dir height "
    "width hspace vspace itemprop itemscope itemtype label lang name open rel span start summary "
    "title type valign value srcset";

bool has_word(std::string_view list, std::string_view word) {
  std::size_t at = 0;
  while (at < list.size()) {
    const std::size_t end = std::min(list.find(' ', at), list.size());
    if (list.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

bool is_plain_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

const Row* row_of(Tag tag) {
  static const auto table = [] {
    std::array<const Row*, static_cast<std::size_t>(Tag::count)> by_tag{};
    for (const Row& row : rows)
      by_tag.at(static_cast<std::size_t>(row.tag)) = &row;
    return by_tag;
  }();
  return table[static_cast<std::size_t>(tag)];
}

}  // namespace

Fate fate_of(const Node& element) {
  if (element.ns != Namespace::html) return drop;
  const Row* row = row_of(element.tag);
  return row == nullptr ? Fate::unwrap : row->fate;
}

bool may_have(const Node& element, std::string_view attribute) {
  if (attribute.starts_with("data-") || attribute.starts_with("aria-"))
    return is_plain_name(attribute);
  const Row* row = row_of(element.tag);
  return has_word(global_attributes, attribute) ||
         (row != nullptr && has_word(row->attributes, attribute));
}

bool is_shown_by_git_hosts(const Node& element) {
  const Row* row = row_of(element.tag);
  return row != nullptr && row->fate == keep && row->shown == everywhere;
}

bool is_shown_by_git_hosts(const Node& element, std::string_view attribute) {
  if (attribute == "href") return element.is_element(Tag::a_);
  if (attribute == "src") return element.is_element(Tag::img_);
  return has_word(shown_attributes, attribute);
}

}  // namespace dandelion::html
