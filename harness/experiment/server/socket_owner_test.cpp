#include "harness/experiment/server/socket_owner.hpp"

#include "core/support/unique_fd.hpp"
#include "harness/experiment/machine/fact_tree_for_test.hpp"
#include "harness/experiment/server/target_server.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kvduel::experiment {

namespace {

using List = std::vector<int>;

constexpr const char* kHead =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid "
    " timeout inode\n";
// Port 8080 is 1F90; state 0A listens, 01 is a connection.
const std::string kAny = "00000000:1F90";
const std::string kLoopback = "0100007F:1F90";
const std::string kOther = "0200007F:1F90";
const std::string kAny6 = "00000000000000000000000000000000:1F90";
const std::string kLoopback6 = "00000000000000000000000001000000:1F90";
const std::string kMapped = "0000000000000000FFFF00000100007F:1F90";

std::string row(const std::string& local, const std::string& inode, const std::string& state = "0A") {
    return "   0: " + local + " 00000000:0000 " + state +
           " 00000000:00000000 00:00000000 00000000  1000        0 " + inode + " 1 0000 100 0 0 10 0\n";
}

/// A /proc that does not exist.
class FakeProc {
public:
    explicit FakeProc(const std::string& tcp, const std::string& tcp6 = "")
        : machine_{{"/proc/net/tcp", kHead + tcp}, {"/proc/net/tcp6", kHead + tcp6}} {}

    FakeProc& holds(int pid, const std::string& inode, const std::string& cpus = "0") {
        const std::string folder = "/proc/" + std::to_string(pid);
        machine_.link(folder + "/fd/0", "/dev/null");
        machine_.link(folder + "/fd/" + std::to_string(++fd_), "socket:[" + inode + "]");
        return thread(pid, pid, cpus);
    }
    FakeProc& thread(int pid, int thread, const std::string& cpus) {
        machine_.write("/proc/" + std::to_string(pid) + "/task/" + std::to_string(thread) + "/status",
                       "Name:\tserver\nCpus_allowed:\t3\nCpus_allowed_list:\t" + cpus +
                           "\nMems_allowed_list:\t7\n");
        return *this;
    }
    std::string path() const { return machine_.root() + "/proc"; }
    FakeMachine& machine() { return machine_; }

private:
    FakeMachine machine_;
    int fd_ = 2;
};

List owners(const FakeProc& proc, const std::string& host = "127.0.0.1") {
    return find_socket_owners({host, 8080}, proc.path()).pids;
}

} // namespace

TEST_CASE("a listening socket leads by its inode to the process that holds it") {
    FakeProc proc(row(kLoopback, "77") + row("0100007F:1F91", "79"));
    proc.holds(5, "76").holds(6, "77").holds(7, "79");
    const SocketOwners found = find_socket_owners({"127.0.0.1", 8080}, proc.path());
    CHECK(found.is_local);
    CHECK(found.pids == List{6});
    CHECK(found.absence.empty());
    CHECK(owners(proc, "localhost") == List{6});
}

TEST_CASE("only a socket that listens counts, not a connection at the same port") {
    FakeProc proc(row(kLoopback, "78", "01") + row(kLoopback, "79", "06") + row(kLoopback, "77"));
    proc.holds(5, "78").holds(6, "77").holds(7, "79");
    CHECK(owners(proc) == List{6});
}

TEST_CASE("a socket of all addresses, of IPv4 or both, serves an address of this machine") {
    CHECK(owners(FakeProc(row(kAny, "77")).holds(6, "77")) == List{6});
    CHECK(owners(FakeProc("", row(kAny6, "77")).holds(6, "77")) == List{6});
    CHECK(owners(FakeProc("", row(kMapped, "77")).holds(6, "77")) == List{6});
    CHECK(owners(FakeProc(row(kAny, "77")).holds(6, "77"), "0.0.0.0") == List{6});
    CHECK(owners(FakeProc(row(kOther, "77")).holds(6, "77")).empty());
    CHECK(owners(FakeProc(row(kOther, "77")).holds(6, "77"), "127.0.0.2") == List{6});
}

TEST_CASE("the nearest socket gets the connections: the address itself, then IPv4, then both") {
    FakeProc proc(row(kAny, "1") + row(kLoopback, "2"), row(kAny6, "3"));
    proc.holds(11, "1").holds(12, "2").holds(13, "3");
    CHECK(owners(proc) == List{12});
    FakeProc without_exact(row(kAny, "1"), row(kAny6, "3"));
    without_exact.holds(11, "1").holds(13, "3");
    CHECK(owners(without_exact) == List{11});
}

TEST_CASE("several owners are all named, of one socket or of several that share the port") {
    FakeProc forked(row(kAny, "1"));
    forked.holds(12, "1").holds(11, "1");
    CHECK(owners(forked) == List{11, 12});
    FakeProc reuse_port(row(kAny, "1") + row(kAny, "2"));
    reuse_port.holds(11, "1").holds(12, "2");
    CHECK(owners(reuse_port) == List{11, 12});
    FakeProc one_process(row(kAny, "1") + row(kAny, "2"));
    one_process.holds(11, "1").holds(11, "2");
    CHECK(owners(one_process) == List{11});
}

TEST_CASE("without an owner the reason is given") {
    const auto absence = [](const FakeProc& proc, const std::string& host) {
        const SocketOwners found = find_socket_owners({host, 8080}, proc.path());
        CHECK(found.pids.empty());
        return found.absence;
    };
    CHECK(absence(FakeProc(row(kAny, "1")).holds(5, "1"), "192.0.2.1") ==
          "its address is not one of this machine's"); // TEST-NET-1, RFC 5737
    CHECK(absence(FakeProc(""), "127.0.0.1") == "no listening socket is to be seen at its address");
    CHECK(absence(FakeProc(row(kAny, "1")), "127.0.0.1") ==
          "no process that this user may look into holds its listening socket");
}

TEST_CASE("a table that is not one is no reason to find anybody") {
    for (const std::string wrong : {"", "x", "0: 0100007F 0 0A", "0: 0100007F:1F90 0 0A 0 0 0 0 0 x",
                                    "0: 0100007X:1F90 0 0A 0 0 0 0 0 1", "0: 0100007F:11F90 0 0A 0 0 0 0 0 1",
                                    "0: 0100007F00:1F90 0 0A 0 0 0 0 0 1"}) {
        CAPTURE(wrong);
        CHECK(owners(FakeProc(wrong + "\n").holds(5, "1")).empty());
    }
}

TEST_CASE("the CPUs of a process are those of all its threads") {
    FakeProc proc("");
    proc.holds(5, "1", "0").thread(5, 6, "2-3").holds(7, "1", "3");
    CHECK(*allowed_cpus({5}, proc.path()) == List{0, 2, 3});
    CHECK(*allowed_cpus({7}, proc.path()) == List{3});
    CHECK(*allowed_cpus({5, 7}, proc.path()) == List{0, 2, 3});
    CHECK_FALSE(allowed_cpus({}, proc.path()));
    CHECK_FALSE(allowed_cpus({5, 8}, proc.path())); // one that is gone may have run anywhere
}

TEST_CASE("this process is found by its own listening socket, on CPUs it may use") {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(socket.get(), 1) == 0);
    REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    CHECK(find_socket_owners({"127.0.0.1", ntohs(address.sin_port)}).pids == List{::getpid()});
    CHECK(allowed_cpus({::getpid()}));
}

TEST_CASE("a target shares CPUs if it may run on a core of the load's threads") {
    struct Row {
        const char* server;
        List load;
        unsigned threads;
        bool is_shared;
        const char* why;
    };
    FakeProc proc(row(kAny, "1"));
    proc.machine().write("/sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "2-3\n");
    proc.machine().write("/sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "2-3\n");
    for (const Row& one : {Row{"0", {1}, 1, false, "apart"}, Row{"0-1", {1}, 1, true, "not pinned"},
                           Row{"1", {0, 1}, 1, false, "the load has one thread, on CPU 0"},
                           Row{"1", {0, 1}, 2, true, "and now two"}, Row{"0", {}, 1, true, "load not pinned"},
                           Row{"2", {3}, 1, true, "hyper-threads of one core"}}) {
        CAPTURE(one.why);
        proc.holds(6, "1", one.server);
        const TargetServer server = judge_target(find_socket_owners({"127.0.0.1", 8080}, proc.path()),
                                                 one.load, one.threads, proc.path(), proc.machine().facts());
        CHECK(server.pid == 6);
        CHECK(server.are_cpus_shared == one.is_shared);
    }
}

TEST_CASE("of several owners none is taken, and the reason names them; their CPUs still count") {
    FakeProc proc("");
    for (const int pid : {5, 6, 7, 8, 9}) proc.holds(pid, "1", "0");
    const TargetServer server = judge_target({true, {5, 6}, ""}, {1}, 1, proc.path());
    CHECK_FALSE(server.pid);
    CHECK(server.absence ==
          "2 processes hold its listening socket (5, 6), and which of them answers is not known");
    CHECK_FALSE(server.are_cpus_shared);
    CHECK(judge_target({true, {5, 6, 7, 8, 9}, ""}, {0}, 1, proc.path()).absence.find("(5, 6, 7, 8, ...)") !=
          std::string::npos);
    CHECK(judge_target({true, {5, 6}, ""}, {0}, 1, proc.path()).are_cpus_shared);
}

TEST_CASE("a server elsewhere shares no CPU; one here that cannot be seen may") {
    const TargetServer elsewhere = judge_target({false, {}, "its address"}, {0}, 1);
    CHECK_FALSE(elsewhere.are_cpus_shared);
    CHECK_FALSE(elsewhere.pid);
    CHECK(elsewhere.absence == "its address");
    CHECK(judge_target({true, {}, "not readable"}, {0}, 1).are_cpus_shared);
}

TEST_CASE("a server counts as pinned if it may not use every CPU") {
    FakeProc proc(row(kAny, "1"));
    proc.holds(6, "1", "0-1");
    CHECK(pinned_cpus({"127.0.0.1", 8080}, {0, 1}, proc.path()).empty());
    CHECK(pinned_cpus({"127.0.0.1", 8080}, {0, 1, 2}, proc.path()) == List{0, 1});
    CHECK(pinned_cpus({"127.0.0.1", 8081}, {0, 1, 2}, proc.path()).empty());
}

} // namespace kvduel::experiment
