// SPDX-License-Identifier: BSD-2-Clause
#include "options.h"

#include <boost/program_options.hpp>
#include <sstream>

namespace sleight::main {
namespace {

namespace po = boost::program_options;

po::options_description described() {
  po::options_description options("Options");
  options.add_options()("config,c", po::value<std::string>()->value_name("FILE"),
                        "run with this configuration")(
      "check", "only say whether the configuration is valid")("version", "print the version")(
      "help,h", "print this");
  return options;
}

Options read(const po::variables_map& values) {
  Options options;
  if (values.count("config") != 0) options.config_file = values["config"].as<std::string>();
  options.check = values.count("check") != 0;
  options.version = values.count("version") != 0;
  options.help = values.count("help") != 0;
  return options;
}

}  // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  try {
    // No abbreviations: a new option must not change what an old script says.
    constexpr int kStyle =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    // An empty set of positions refuses words that belong to no option.
    po::store(
        po::command_line_parser(argc, argv).options(described()).style(kStyle).positional({}).run(),
        values);
    const Options options = read(values);
    if (options.config_file.empty() && !options.version && !options.help) {
      return Error{"no configuration given: expected -c FILE"};
    }
    return options;
  } catch (const po::error& error) {
    return Error{error.what()};
  }
}

std::string usage() {
  std::ostringstream text;
  text << "Usage: sleight -c FILE [--check]\n\n"
       << described()
       << "\nExit status: 0 ended on request, 1 failure at run time, 2 usage, 3 invalid "
          "configuration.\n";
  return text.str();
}

}  // namespace sleight::main
