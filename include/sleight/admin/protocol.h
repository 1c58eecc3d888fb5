// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sleight::admin {

// The admin protocol: names, limits and the command table that server, command line and
// documentation share (docs/admin.md). One JSON object a line:
//
//   {"v":1,"id":1,"command":"host drain","args":{"host":"h2","force":true}}
//   {"v":1,"id":1,"ok":true,"result":{...}}
//   {"v":1,"id":1,"ok":false,"error":{"code":"refused","message":"...","details":{...}}}

inline constexpr int kProtocolVersion = 1;
inline constexpr std::string_view kDefaultSocket = "/run/sleight/admin.sock";

// What clients may cost.
inline constexpr std::size_t kMaxLineBytes = 64 * 1024;           // of a request, newline included
inline constexpr int kMaxDepth = 4;                               // objects and lists in each other
inline constexpr std::size_t kMaxConnections = 64;                // one more closes another
inline constexpr unsigned kIdleLimitSeconds = 60;                 // without a whole request
inline constexpr unsigned kWriteLimitSeconds = 30;                // for a client to take its reply
inline constexpr std::size_t kMaxUnsentBytes = 64 * 1024 * 1024;  // replies, of all clients

namespace error_code {
inline constexpr std::string_view kBadRequest = "bad_request";  // no such JSON, no such argument
inline constexpr std::string_view kTooLong = "too_long";        // a line; the connection ends
inline constexpr std::string_view kUnknownCommand = "unknown_command";
inline constexpr std::string_view kRefused = "refused";  // understood; nothing has changed
inline constexpr std::string_view kBusy = "busy";        // too many replies not taken
inline constexpr std::string_view kFailed = "failed";
}  // namespace error_code

enum class ValueKind : std::uint8_t {
  kText,  // JSON string
  kPort,  // JSON number 0..65535
  kFlag,  // JSON boolean; options only
};

// A positional argument, always required, or an option, never required.
struct Parameter {
  std::string_view name;  // key in `args`; as an option "--name"
  ValueKind kind = ValueKind::kText;
  std::string_view help;
};

struct Command {
  std::string_view noun;
  std::string_view verb;  // empty: the noun says it all
  std::span<const Parameter> arguments;
  std::span<const Parameter> options;
  std::string_view help;
};

namespace table {

inline constexpr Parameter kHost{"host", ValueKind::kText, "name of the host"};
inline constexpr Parameter kPool{"pool", ValueKind::kText, "only in this pool"};
inline constexpr Parameter kForceDrain{"force", ValueKind::kFlag,
                                       "even where connections of another host are given up"};
inline constexpr Parameter kForceDisable{"force", ValueKind::kFlag,
                                         "even when no host of the pool is left"};

inline constexpr std::array kHostArguments{kHost};
inline constexpr std::array kDrainOptions{kPool, kForceDrain};
inline constexpr std::array kDisableOptions{kPool, kForceDisable};
inline constexpr std::array kPoolOptions{kPool};
inline constexpr std::array kFlowArguments{
    Parameter{"protocol", ValueKind::kText, "tcp or udp"},
    Parameter{"source", ValueKind::kText, "address of the client"},
    Parameter{"sport", ValueKind::kPort, "port of the client"},
    Parameter{"destination", ValueKind::kText, "address of the VIP"},
    Parameter{"dport", ValueKind::kPort, "port of the service"},
};
inline constexpr std::array kMacArguments{
    Parameter{"mac", ValueKind::kText, "a MAC address, as 02:00:03:00:20:01"}};

}  // namespace table

inline constexpr std::array kCommands{
    Command{"host", "list", {}, {}, "hosts of every pool: state, slots, heartbeat, flows"},
    Command{"host", "drain", table::kHostArguments, table::kDrainOptions,
            "send new connections to other hosts; old ones stay"},
    Command{"host", "undrain", table::kHostArguments, table::kPoolOptions,
            "give a drained host its slots back"},
    Command{"host", "enable", table::kHostArguments, table::kPoolOptions,
            "take a disabled or dead host into use"},
    Command{"host", "disable", table::kHostArguments, table::kDisableOptions,
            "take a host out now; its connections are given up"},
    Command{"slot", "list", {}, table::kPoolOptions, "what each slot points to"},
    Command{"flow", "show", table::kFlowArguments, {}, "what a packet of a flow would meet"},
    Command{"mac", "show", table::kMacArguments, {}, "a MAC address read as a steer MAC"},
    Command{"stats", "show", {}, {}, "counters of workers, ports and control"},
    Command{"socket", "count", {}, {}, "sockets of this host that can still carry data"},
    Command{"version", "", {}, {}, "version of the service"},
};

// "host drain"; the `command` of a request.
inline std::string full_name(const Command& command) {
  std::string name(command.noun);
  if (!command.verb.empty()) name.append(" ").append(command.verb);
  return name;
}

}  // namespace sleight::admin
