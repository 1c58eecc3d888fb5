// SPDX-License-Identifier: BSD-2-Clause
#include "eal.h"

#include <gtest/gtest.h>
#include <rte_eal.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include "small_eal.h"

namespace sleight::dataplane {
namespace {

// A process with an EAL of its own, since one can be started once a process.
class Node {
 public:
  explicit Node(const std::string& name) {
    std::array<int, 2> up{};
    std::array<int, 2> stop{};
    EXPECT_EQ(pipe(up.data()) | pipe(stop.data()), 0);
    child_ = fork();
    if (child_ == 0) live(name, up[1], stop);
    close(up[1]);
    close(stop[0]);
    stop_ = stop[1];
    std::array<char, 256> folder{};
    EXPECT_GT(read(up[0], folder.data(), folder.size() - 1), 0);
    close(up[0]);
    folder_ = folder.data();
  }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node() {
    if (child_ > 0) kill();
  }

  void stop() {
    EXPECT_EQ(write(stop_, "", 1), 1);
    EXPECT_EQ(wait(), 0);
  }
  void kill() {
    ::kill(child_, SIGKILL);
    wait();
  }

  const std::string& folder() const { return folder_; }

 private:
  [[noreturn]] static void live(const std::string& name, int up, const std::array<int, 2>& stop) {
    close(stop[1]);
    EalSettings settings = small_eal("", 1);
    settings.name = name;
    settings.args = {};  // with telemetry
    {
      const auto eal = Eal::start(settings, {});
      const char* folder = eal ? rte_eal_get_runtime_dir() : "";
      char byte = 0;
      const bool told = write(up, folder, std::strlen(folder)) > 0;
      if (!told || read(stop[0], &byte, 1) != 1) _exit(1);
    }
    std::exit(0);
  }

  int wait() {
    if (stop_ >= 0) close(std::exchange(stop_, -1));
    int status = 0;
    waitpid(std::exchange(child_, -1), &status, 0);
    return status;
  }

  pid_t child_ = -1;
  int stop_ = -1;
  std::string folder_;
};

std::string name_of(const std::string& test) { return test + "-" + std::to_string(getpid()); }

TEST(Eal, takes_its_runtime_folder_along_when_it_stops) {
  Node node(name_of("eal-stop"));
  ASSERT_TRUE(std::filesystem::exists(node.folder() + "/dpdk_telemetry.v2")) << node.folder();
  node.stop();
  EXPECT_FALSE(std::filesystem::exists(node.folder()));
}

TEST(Eal, takes_along_what_a_killed_process_of_its_name_left) {
  Node killed(name_of("eal-kill"));
  killed.kill();
  ASSERT_TRUE(std::filesystem::exists(killed.folder() + "/dpdk_telemetry.v2"));
  Node next(name_of("eal-kill"));
  ASSERT_EQ(next.folder(), killed.folder());
  next.stop();
  EXPECT_FALSE(std::filesystem::exists(next.folder()));
}

TEST(Eal, leaves_the_folder_to_a_process_of_its_name_that_lives) {
  Node first(name_of("eal-twice"));
  Node second(name_of("eal-twice"));
  first.stop();
  EXPECT_TRUE(std::filesystem::exists(second.folder()));
  second.stop();
  EXPECT_FALSE(std::filesystem::exists(second.folder()));
}

}  // namespace
}  // namespace sleight::dataplane
