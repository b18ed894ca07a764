// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "core/files.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

Result<std::filesystem::path> write_starter(const std::filesystem::path& folder) {
  if (auto made = create_folders(folder); !made) return tl::unexpected(made.error());
  const auto file = folder / "sites.yaml";
  auto created = create_file(file, starter_config());
  if (!created && created.error().kind == ErrorKind::conflict) {
    return fail(ErrorKind::bad_input, "{} is there already; it stays as it is", file.string());
  }
  if (!created) return tl::unexpected(created.error());
  return file;
}

// The key that the starter configuration names. One that is there already is used.
Result<std::filesystem::path> write_key(const std::filesystem::path& folder) {
  const auto file = folder / "keys" / "signing.key";
  auto key = SigningKey::generate();
  if (!key) return tl::unexpected(std::move(key.error()));
  auto written = key->write(file);
  if (!written && written.error().kind != ErrorKind::conflict)
    return tl::unexpected(std::move(written.error()));
  return file;
}

}  // namespace

void add_init_command(CLI::App& app, Runtime& runtime) {
  auto folder = std::make_shared<std::string>(".");
  CLI::App* command = app.add_subcommand("init", "Write a commented sites.yaml and a signing key");
  command->add_option("DIR", *folder, "Where to write it (default: here)")->type_name("");
  command->callback([folder, &runtime] {
    auto file = write_starter(*folder);
    if (!file) {
      runtime.exit_code = report(file.error());
      return;
    }
    auto key = write_key(*folder);
    if (!key) {
      runtime.exit_code = report(key.error());
      return;
    }
    if (runtime.quiet) return;
    std::cout << "Wrote " << file->string() << " and " << key->string()
              << ", which signs the commits: keep a copy of it.\n\nNext:\n  edit it: the source's "
                 "index page, the selectors, the mirrors\n"
              << "  dandelion check -c " << file->string() << "\n  dandelion run -c "
              << file->string() << " --dry-run\n  dandelion run -c " << file->string() << '\n';
  });
}

}  // namespace dandelion
