// SPDX-License-Identifier: BSD-2-Clause
#include "options.h"

#include <fmt/core.h>

#include <boost/program_options.hpp>
#include <sstream>

#include "sleight/net/steer_mac.h"

namespace sleight::replay {
namespace {

namespace po = boost::program_options;

po::options_description describe() {
  po::options_description options("Options");
  const auto required = [](const char* name) {
    return po::value<std::string>()->required()->value_name(name);
  };
  const auto optional = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("help,h", "this text");
  options.add_options()("config,c", required("FILE"), "configuration of the node (YAML)");
  options.add_options()("role", required("ROLE"), "director or host");
  options.add_options()("in", required("A.pcap"), "frames that a wire port receives");
  options.add_options()("out", required("B.pcap"), "frames that leave, by wire or kernel port");
  options.add_options()("verdicts", required("V.jsonl"), "one line a frame");
  options.add_options()("sockets", optional("S.jsonl"), "flows that the kernel owns");
  options.add_options()("table", po::value<std::vector<std::string>>()->value_name("T.json"),
                        "a pool's slot table; fresh ones where none is given");
  options.add_options()("port-mac", optional("MAC"),
                        "of the wire port; for a director by default the first unicast "
                        "destination that is no steer MAC");
  options.add_options()("kernel-mac", optional("MAC"),
                        "of the kernel port; by default the host's canonical MAC, the "
                        "director's port MAC");
  options.add_options()("fabric", po::value<unsigned>()->value_name("N"),
                        "of the port; by default that of the first one configured, or 0");
  return options;
}

std::optional<std::string> text_of(const po::variables_map& given, const char* name) {
  if (given.count(name) == 0) return std::nullopt;
  return given[name].as<std::string>();
}

Result<void> read_mac(const po::variables_map& given, const char* name,
                      std::optional<net::MacAddress>& mac) {
  const std::optional<std::string> text = text_of(given, name);
  if (!text) return {};
  const Result<net::MacAddress> parsed = net::parse_mac(*text);
  if (!parsed) return Error{parsed.error()}.context(fmt::format("--{}", name));
  if (parsed->is_group()) {
    return Error{fmt::format("--{}: {} is a group address, expected a unicast one", name, *text)};
  }
  mac = *parsed;
  return {};
}

Result<void> read_fabric(const po::variables_map& given, std::optional<std::uint8_t>& fabric) {
  if (given.count("fabric") == 0) return {};
  const unsigned number = given["fabric"].as<unsigned>();
  if (number > net::kMaxFabric) {
    return Error{fmt::format("--fabric: {} given, expected 0 to {}", number, net::kMaxFabric)};
  }
  fabric = static_cast<std::uint8_t>(number);
  return {};
}

Result<Options> read(const po::variables_map& given) {
  Options options;
  options.config = given["config"].as<std::string>();
  options.in = given["in"].as<std::string>();
  options.out = given["out"].as<std::string>();
  options.verdicts = given["verdicts"].as<std::string>();
  options.sockets = text_of(given, "sockets");
  if (given.count("table") != 0) options.tables = given["table"].as<std::vector<std::string>>();
  const std::string role = given["role"].as<std::string>();
  if (role != "director" && role != "host") {
    return Error{fmt::format("--role: {} given, expected director or host", role)};
  }
  options.role = role == "host" ? Role::kHost : Role::kDirector;
  if (Result<void> result = read_mac(given, "port-mac", options.port_mac); !result) {
    return result.error();
  }
  if (Result<void> result = read_mac(given, "kernel-mac", options.kernel_mac); !result) {
    return result.error();
  }
  if (Result<void> result = read_fabric(given, options.fabric); !result) return result.error();
  return options;
}

}  // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  try {
    po::variables_map given;
    po::store(
        po::command_line_parser(argc, argv)
            .options(describe())
            .positional({})
            .style(po::command_line_style::default_style & ~po::command_line_style::allow_guessing)
            .run(),
        given);
    if (given.count("help") != 0) {
      Options options;
      options.help = true;
      return options;
    }
    po::notify(given);
    return read(given);
  } catch (const po::error& error) {
    return Error{error.what()};
  }
}

std::string usage() {
  std::ostringstream text;
  text << "Usage: sleight-replay -c FILE --role director|host --in A.pcap --out B.pcap "
          "--verdicts V.jsonl [...]\n\n"
       << describe() << "\nExit: 0 ok, 1 runtime failure, 2 usage, 3 invalid configuration.\n";
  return text.str();
}

}  // namespace sleight::replay
