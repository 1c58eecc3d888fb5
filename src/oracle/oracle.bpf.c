// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0
// "Does this kernel own these flows?", up to 64 at a time. Attached to nothing: a
// worker fills its slot, runs the program once and reads the verdicts from its slot.
// The network namespace is that of the calling thread.
//
// libbpf's headers need the kernel's types before them.
// clang-format off
#include <linux/bpf.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
// clang-format on

#include "oracle_abi.h"

// bpf_tcp_check_syncookie() is for GPL-compatible programs only.
char LICENSE[] SEC("license") = "Dual BSD/GPL";

// Set before loading. Without CAP_PERFMON the kernel refuses a program that reads its
// sockets; the verifier never looks at what a constant switches off.
const volatile __u8 check_sequences = 1;

#define TCP_FLAG_BYTE_SYN 0x02
#define TCP_FLAG_BYTE_RST 0x04
#define TCP_FLAG_BYTE_ACK 0x10

// A client's last segments may lie a window away from where the connection ended, and
// a window that was nearly full is no measure of that.
#define TIME_WAIT_MIN_WINDOW (64 * 1024)

// The fields that we read of the kernel's structures; CO-RE finds their offsets.
struct sock_common {
  __u32 skc_tw_rcv_nxt;
} __attribute__((preserve_access_index));

struct inet_timewait_sock {
  struct sock_common __tw_common;
} __attribute__((preserve_access_index));

struct tcp_timewait_sock {
  struct inet_timewait_sock tw_sk;
  __u32 tw_rcv_wnd;
} __attribute__((preserve_access_index));

struct tcp_request_sock {
  __u32 snt_isn;
  __u32 rcv_nxt;
} __attribute__((preserve_access_index));

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);  // set before loading: the number of workers
  __type(key, __u32);
  __type(value, struct oracle_slot);
} oracle_slots SEC(".maps");

// The helper wants headers; it reads the fields that are set here.
static __always_inline int has_valid_cookie(struct bpf_sock* listener,
                                            const struct oracle_question* question) {
  struct tcphdr tcp = {
      .seq = bpf_htonl(question->seq),
      .ack_seq = bpf_htonl(question->ack),
      .doff = sizeof(tcp) / 4,
      .ack = 1,
  };

  if (question->family == 4) {
    struct iphdr ip = {
        .version = 4,
        .ihl = sizeof(ip) / 4,
        .protocol = 6,
        .saddr = question->tuple.ipv4.saddr,
        .daddr = question->tuple.ipv4.daddr,
    };
    tcp.source = question->tuple.ipv4.sport;
    tcp.dest = question->tuple.ipv4.dport;
    return bpf_tcp_check_syncookie(listener, &ip, sizeof(ip), &tcp, sizeof(tcp)) == 0;
  }
  struct ipv6hdr ip6 = {.version = 6, .nexthdr = 6};
  __builtin_memcpy(&ip6.saddr, question->tuple.ipv6.saddr, sizeof(ip6.saddr));
  __builtin_memcpy(&ip6.daddr, question->tuple.ipv6.daddr, sizeof(ip6.daddr));
  tcp.source = question->tuple.ipv6.sport;
  tcp.dest = question->tuple.ipv6.dport;
  return bpf_tcp_check_syncookie(listener, &ip6, sizeof(ip6), &tcp, sizeof(tcp)) == 0;
}

static __always_inline __u8 judge_listener(struct bpf_sock* sk,
                                           const struct oracle_question* question) {
  const __u8 relevant = TCP_FLAG_BYTE_SYN | TCP_FLAG_BYTE_RST | TCP_FLAG_BYTE_ACK;

  if ((question->tcp_flags & relevant) == TCP_FLAG_BYTE_ACK && has_valid_cookie(sk, question))
    return ORACLE_SYN_COOKIE;
  return ORACLE_LISTENER;
}

// The client retransmitted its SYN to the next owner of its slot: two hosts hold a
// request socket of one tuple, and the number that the client acknowledges tells whose
// SYN-ACK it has.
static __always_inline __u8 judge_request(struct bpf_sock* sk,
                                          const struct oracle_question* question) {
  const struct tcp_request_sock* request;
  int ours;

  if (!check_sequences) return ORACLE_REQUEST;
  request = bpf_skc_to_tcp_request_sock(sk);
  // An MPTCP listener's request sockets cannot be looked into: a wrong miss would
  // reset each of its new connections, a wrong hit needs a SYN-ACK lost in a drain.
  if (!request) return ORACLE_REQUEST;

  if (question->is_error)
    ours = question->seq == request->snt_isn;
  else if (question->tcp_flags & TCP_FLAG_BYTE_ACK)
    ours = question->ack == request->snt_isn + 1;
  else  // a reset that acknowledges nothing; RFC 9293 3.10.7.4 judges it by seq
    ours = question->seq == request->rcv_nxt;
  return ours ? ORACLE_REQUEST : ORACLE_OTHER_REQUEST;
}

// FIN_WAIT2 without an owner is kept as such a socket too and judged likewise.
static __always_inline __u8 judge_time_wait(struct bpf_sock* sk,
                                            const struct oracle_question* question) {
  const struct tcp_timewait_sock* time_wait;
  __u32 window, ahead, behind;

  // The kernel ignores errors for such a socket, while the tuple may be alive again
  // on another host, which needs them.
  if (question->is_error) return ORACLE_OTHER_TIME_WAIT;
  if (!check_sequences) return ORACLE_TIME_WAIT;
  time_wait = bpf_skc_to_tcp_timewait_sock(sk);
  if (!time_wait) return ORACLE_TIME_WAIT;

  window = time_wait->tw_rcv_wnd;
  if (window < TIME_WAIT_MIN_WINDOW) window = TIME_WAIT_MIN_WINDOW;
  // A retransmitted FIN or data segment begins below what was received last.
  ahead = question->seq - time_wait->tw_sk.__tw_common.skc_tw_rcv_nxt;
  behind = -ahead;
  return ahead <= window || behind <= window ? ORACLE_TIME_WAIT : ORACLE_OTHER_TIME_WAIT;
}

static __always_inline __u8 judge_socket(struct bpf_sock* sk,
                                         const struct oracle_question* question) {
  switch (sk->state) {
    case BPF_TCP_NEW_SYN_RECV:
      return judge_request(sk, question);
    case BPF_TCP_TIME_WAIT:
      return judge_time_wait(sk, question);
    case BPF_TCP_LISTEN:
      return judge_listener(sk, question);
    default:
      return ORACLE_ESTABLISHED;
  }
}

static __always_inline __u8 judge(void* ctx, struct oracle_question* question) {
  struct bpf_sock* sk;
  __u8 verdict;

  // skc: the other lookup hides request and TIME_WAIT sockets. The size of the tuple
  // selects the family.
  if (question->family == 4)
    sk = bpf_skc_lookup_tcp(ctx, &question->tuple, sizeof(question->tuple.ipv4),
                            BPF_F_CURRENT_NETNS, 0);
  else if (question->family == 6)
    sk = bpf_skc_lookup_tcp(ctx, &question->tuple, sizeof(question->tuple.ipv6),
                            BPF_F_CURRENT_NETNS, 0);
  else
    return ORACLE_UNKNOWN;
  if (!sk) return ORACLE_NO_SOCKET;
  verdict = judge_socket(sk, question);
  bpf_sk_release(sk);
  return verdict;
}

struct batch {
  void* ctx;
  struct oracle_slot* slot;
};

static long judge_one(__u32 index, struct batch* batch) {
  if (index >= ORACLE_BATCH) return 1;
  batch->slot->verdict[index] = judge(batch->ctx, &batch->slot->question[index]);
  return 0;
}

SEC("xdp")
int sleight_oracle(struct xdp_md* ctx) {
  const __u8* frame = (const __u8*)(long)ctx->data;
  const __u8* end = (const __u8*)(long)ctx->data_end;
  struct batch batch = {.ctx = ctx};
  __u32 index;

  if (frame + ORACLE_FRAME_SIZE > end) return 0;
  index = *(const __u16*)(frame + ORACLE_FRAME_SLOT);
  batch.slot = bpf_map_lookup_elem(&oracle_slots, &index);
  if (!batch.slot) return 0;
  // The verifier walks every turn of a plain loop, but a callback only once.
  return (int)bpf_loop(batch.slot->count, judge_one, &batch, 0);
}
