// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0
// The memory that a worker and the eBPF program share: read by a C compiler for the
// kernel's side and by a C++ compiler for ours. One slot a worker, touched by no other.
#pragma once

#include <linux/bpf.h>

#define ORACLE_BATCH 64

// What BPF_PROG_TEST_RUN is given instead of a packet: the shortest frame that the
// kernel takes is 14 bytes; the slot's index lies behind them.
#define ORACLE_FRAME_SIZE 16
#define ORACLE_FRAME_SLOT 14

// The values of fwd::SocketVerdict. Zero is "no answer", so a cleared slot holds no
// verdict of an earlier batch.
enum oracle_verdict {
  ORACLE_UNKNOWN,
  ORACLE_ESTABLISHED,
  ORACLE_REQUEST,
  ORACLE_TIME_WAIT,
  ORACLE_SYN_COOKIE,
  ORACLE_NO_SOCKET,
  ORACLE_LISTENER,
  ORACLE_OTHER_REQUEST,
  ORACLE_OTHER_TIME_WAIT,
};

struct oracle_question {
  struct bpf_sock_tuple tuple;  // network order, as the packet carries it
  __u32 seq;                    // numbers
  __u32 ack;
  __u8 family;  // 4 or 6; anything else stays unanswered
  __u8 tcp_flags;
  __u8 is_error;
  __u8 unused;
};

struct oracle_slot {
  __u32 count;
  __u32 unused[15];
  __u8 verdict[ORACLE_BATCH];
  struct oracle_question question[ORACLE_BATCH];
};
