// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/oracle/oracle.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <oracle.skel.h>
#include <sys/mman.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "libbpf_log.h"
#include "oracle_abi.h"
#include "requirements.h"
#include "sleight/base/check.h"
#include "sleight/net/flow_key.h"

namespace sleight::oracle {
namespace {

// Whole cache lines, so that two workers share none, and a multiple of 8, so that the
// kernel lays the map's elements out as an array.
static_assert(sizeof(oracle_slot) % 64 == 0);
static_assert(sizeof(oracle_question) == 48);
static_assert(ORACLE_BATCH == fwd::SocketOracle::kMaxQuestions);

constexpr bool same(oracle_verdict kernel, fwd::SocketVerdict ours) {
  return static_cast<unsigned>(kernel) == static_cast<unsigned>(ours);
}
static_assert(same(ORACLE_UNKNOWN, fwd::SocketVerdict::kUnknown));
static_assert(same(ORACLE_ESTABLISHED, fwd::SocketVerdict::kEstablished));
static_assert(same(ORACLE_REQUEST, fwd::SocketVerdict::kRequest));
static_assert(same(ORACLE_TIME_WAIT, fwd::SocketVerdict::kTimeWait));
static_assert(same(ORACLE_SYN_COOKIE, fwd::SocketVerdict::kSynCookie));
static_assert(same(ORACLE_NO_SOCKET, fwd::SocketVerdict::kNoSocket));
static_assert(same(ORACLE_LISTENER, fwd::SocketVerdict::kListener));
static_assert(same(ORACLE_OTHER_REQUEST, fwd::SocketVerdict::kOtherRequest));
static_assert(same(ORACLE_OTHER_TIME_WAIT, fwd::SocketVerdict::kOtherTimeWait));

// A flow key's blocks begin with source, destination and ports in network order, which
// is how the kernel wants a tuple.
void write_question(const fwd::SocketQuestion& from, oracle_question& to) {
  const bool is_tcp = from.flow.protocol() == net::kProtocolTcp;
  const void* blocks = from.flow.blocks().data();
  if (from.flow.is_v4()) {
    std::memcpy(&to.tuple, blocks, sizeof to.tuple.ipv4);
    to.family = is_tcp ? 4 : 0;
  } else {
    std::memcpy(&to.tuple, blocks, sizeof to.tuple.ipv6);
    to.family = is_tcp ? 6 : 0;
  }
  to.seq = from.seq;
  to.ack = from.ack;
  to.tcp_flags = from.tcp_flags;
  to.is_error = from.is_error;
}

class Asker final : public fwd::SocketOracle {
 public:
  Asker(int program, oracle_slot& slot, std::uint16_t index) : program_(program), slot_(&slot) {
    std::memcpy(&frame_[ORACLE_FRAME_SLOT], &index, sizeof index);
  }

  void ask(std::span<const fwd::SocketQuestion> questions,
           std::span<fwd::SocketVerdict> verdicts) override {
    CHECK(questions.size() == verdicts.size() && questions.size() <= kMaxQuestions);
    if (questions.empty()) return;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      write_question(questions[i], slot_->question[i]);
    }
    std::memset(slot_->verdict, ORACLE_UNKNOWN, questions.size());
    slot_->count = static_cast<std::uint32_t>(questions.size());
    run();
    std::memcpy(verdicts.data(), slot_->verdict, questions.size());
  }

 private:
  // A run that fails leaves the verdicts unknown, so its result tells nothing more.
  void run() {
    bpf_test_run_opts options{};
    options.sz = sizeof options;
    options.data_in = frame_.data();
    options.data_size_in = ORACLE_FRAME_SIZE;
    options.repeat = 1;
    bpf_prog_test_run_opts(program_, &options);
  }

  int program_;
  oracle_slot* slot_;
  std::array<std::uint8_t, ORACLE_FRAME_SIZE> frame_{};
};

struct Destroy {
  void operator()(oracle_bpf* skeleton) const { oracle_bpf__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<oracle_bpf, Destroy>;

Result<Skeleton> load_program(std::size_t workers, bool check_sequences) {
  const LibbpfLog log;
  Skeleton skeleton(oracle_bpf__open());
  if (!skeleton) {
    return Error{fmt::format("cannot open the eBPF program: {}", std::strerror(errno))};
  }
  skeleton->rodata->check_sequences = check_sequences;
  bpf_map__set_max_entries(skeleton->maps.oracle_slots, static_cast<std::uint32_t>(workers));
  const int failure = oracle_bpf__load(skeleton.get());
  if (failure == 0) return skeleton;
  return Error{fmt::format(
      "the kernel refuses the eBPF program: {} (in a container: bpf() must be allowed and the "
      "user namespace the host's); libbpf: {}",
      std::strerror(-failure), log.summary())};
}

std::string degraded_text(const std::string& reason) {
  return "sequence numbers of request and TIME_WAIT sockets are not checked, so in a drain an "
         "ACK for another host's SYN-ACK or a reused port may be taken for ours: " +
         reason;
}

}  // namespace

struct Oracle::Loaded {
  Loaded() = default;
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  ~Loaded() {
    if (slots != MAP_FAILED) munmap(slots, bytes);
  }

  Skeleton skeleton;
  std::string degraded;
  void* slots = MAP_FAILED;
  std::size_t bytes = 0;
  std::vector<Asker> askers;
};

Result<std::unique_ptr<Oracle>> Oracle::load(std::size_t workers, const LoadOptions& options) {
  CHECK(workers >= 1 && workers <= kMaxWorkers);
  const Environment environment = read_environment();
  if (auto error = refusal(environment)) return *std::move(error);

  auto loaded = std::make_unique<Loaded>();
  Result<Skeleton> skeleton = load_program(workers, options.check_sequences);
  if (!options.check_sequences) {
    loaded->degraded = degraded_text("switched off");
  } else if (!skeleton) {
    loaded->degraded =
        degraded_text(environment.cap_perfmon ? skeleton.error().message
                                              : "the process lacks CAP_PERFMON; grant it (systemd: "
                                                "AmbientCapabilities=CAP_PERFMON)");
    skeleton = load_program(workers, false);
  }
  if (!skeleton) return std::move(skeleton).error();
  loaded->skeleton = *std::move(skeleton);

  loaded->bytes = workers * sizeof(oracle_slot);
  loaded->slots = mmap(nullptr, loaded->bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                       bpf_map__fd(loaded->skeleton->maps.oracle_slots), 0);
  if (loaded->slots == MAP_FAILED) {
    return Error{fmt::format(
        "cannot map the oracle's memory ({} bytes for {} workers): {} (to mend it: raise the limit "
        "of locked memory, `ulimit -l` or LimitMEMLOCK=, or free memory)",
        loaded->bytes, workers, std::strerror(errno))};
  }
  const int program = bpf_program__fd(loaded->skeleton->progs.sleight_oracle);
  loaded->askers.reserve(workers);
  for (std::size_t i = 0; i < workers; ++i) {
    loaded->askers.emplace_back(program, static_cast<oracle_slot*>(loaded->slots)[i],
                                static_cast<std::uint16_t>(i));
  }
  return std::unique_ptr<Oracle>(new Oracle(std::move(loaded)));
}

Oracle::Oracle(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
Oracle::~Oracle() = default;

fwd::SocketOracle& Oracle::asker(std::size_t worker) {
  CHECK(worker < loaded_->askers.size());
  return loaded_->askers[worker];
}

const std::string& Oracle::degraded() const { return loaded_->degraded; }

}  // namespace sleight::oracle
