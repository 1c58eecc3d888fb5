// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/base/check.h"
#include "sleight/slots/slot_plan.h"

namespace sleight::slots {

std::string_view to_string(HostState state) {
  switch (state) {
    case HostState::kActive:
      return "active";
    case HostState::kFilling:
      return "filling";
    case HostState::kDraining:
      return "draining";
    case HostState::kInactive:
      return "inactive";
    case HostState::kDead:
      return "dead";
  }
  check_failed(__FILE__, __LINE__, "state is a HostState");
}

std::string_view to_string(EventKind kind) {
  switch (kind) {
    case EventKind::kDrain:
      return "drain";
    case EventKind::kUndrain:
      return "undrain";
    case EventKind::kEnable:
      return "enable";
    case EventKind::kDisable:
      return "disable";
    case EventKind::kDrained:
      return "drained";
    case EventKind::kFilled:
      return "filled";
    case EventKind::kDead:
      return "dead";
    case EventKind::kJoin:
      return "join";
    case EventKind::kLeave:
      return "leave";
    case EventKind::kSetWeight:
      return "set_weight";
    case EventKind::kReleased:
      return "released";
    case EventKind::kExpire:
      return "expire";
  }
  check_failed(__FILE__, __LINE__, "kind is an EventKind");
}

std::string_view to_string(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::kUnknownHost:
      return "unknown_host";
    case RefusalReason::kHostExists:
      return "host_exists";
    case RefusalReason::kWrongState:
      return "wrong_state";
    case RefusalReason::kLastAccepting:
      return "last_accepting";
    case RefusalReason::kChainFull:
      return "chain_full";
    case RefusalReason::kBadWeight:
      return "bad_weight";
    case RefusalReason::kTooManyHosts:
      return "too_many_hosts";
  }
  check_failed(__FILE__, __LINE__, "reason is a RefusalReason");
}

}  // namespace sleight::slots
