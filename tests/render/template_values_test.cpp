// SPDX-License-Identifier: MIT
#include "render/template_values.hpp"

#include <gtest/gtest.h>

#include "core/files.hpp"

namespace dandelion {
namespace {

TEST(TemplateValues, StandInTheManual) {
  const auto manual = read_file(DANDELION_SOURCE_DIR "/docs/themes.md", 1U << 20U);
  ASSERT_TRUE(manual);
  for (const TemplateKind kind :
       {TemplateKind::page, TemplateKind::index, TemplateKind::front, TemplateKind::archive,
        TemplateKind::search, TemplateKind::not_found, TemplateKind::feed}) {
    for (const std::string_view value : template_values(kind))
      EXPECT_NE(manual->find("`" + std::string(value) + "`"), std::string::npos) << value;
  }
}

}  // namespace
}  // namespace dandelion
