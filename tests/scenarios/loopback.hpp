#pragma once

#include "config/oncall_yaml.hpp"
#include "doors/log.hpp"
#include "doors/worker.hpp"
#include "net/network.hpp"
#include "workspace/workspace.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>

#include <sys/types.h>

/// For tests of real peers and real processes: a workspace on real loopback sockets and the machine's clock. These wait on
/// conditions, in real time.
namespace loopback {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Folder {
    std::filesystem::path path{};
    Folder();
    ~Folder();
};

/// A child process; killed (SIGKILL) when this goes.
class Process {
public:
    Process(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
        const std::filesystem::path& log);
    ~Process();
    void kill(int signal);
    /// Waits for the end; the exit status, or minus the signal.
    int wait();
    /// The same once it has ended; waits for nothing, so that whom it talks to can go on.
    std::optional<int> ended();
    pid_t id() const { return id_; }

private:
    pid_t id_{};
};

/// All that is in the file; "" when it is not there.
std::string read(const std::filesystem::path& path);

/// A free loopback port.
std::uint16_t free_port();

class Net {
public:
    Net();
    ~Net();

    workspace::Workspace& slack() { return *slack_; }
    asio::io_context& loop() { return loop_; }
    net::Network& network() { return *network_; }
    doors::Clock& clock() { return clock_; }
    doors::Random& random() { return random_; }
    logging::Log& log() { return *log_; }

    /// Runs the loop until the condition holds; false after `limit`.
    bool until(const std::function<bool()>& condition, std::chrono::milliseconds limit = 20s);
    /// One HTTP exchange; status 599 when there was no answer.
    net::Response exchange(const std::string& method, const std::string& url, const std::string& body = "");

private:
    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
    doors::SystemClock clock_{loop_.get_executor()};
    doors::SystemRandom random_{};
    std::unique_ptr<logging::Log> log_;
    doors::Tasks tasks_;
    std::unique_ptr<net::Network> network_;
    std::unique_ptr<workspace::Workspace> slack_;
};

} // namespace loopback
