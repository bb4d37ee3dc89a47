#include "scenarios/loopback.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace loopback {

Folder::Folder()
{
    auto pattern = (std::filesystem::temp_directory_path() / "oncall-loopback-XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        throw std::runtime_error{"no temporary folder"};
    path = pattern;
}

Folder::~Folder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

Process::Process(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
    const std::filesystem::path& log)
{
    std::vector<char*> words;
    for (const auto& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    id_ = ::fork();
    if (id_ == 0) {
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(file, 1);
        ::dup2(file, 2);
        ::close_range(3, ~0U, 0); // our listeners are not the child's to keep open
        for (const auto& [name, value] : environment)
            ::setenv(name.c_str(), value.c_str(), 1);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
}

Process::~Process()
{
    if (id_ > 0) {
        ::kill(id_, SIGKILL);
        wait();
    }
}

void Process::kill(int signal) { ::kill(id_, signal); }

namespace {

int exit_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status); }

} // namespace

int Process::wait()
{
    int status{};
    ::waitpid(id_, &status, 0);
    id_ = 0;
    return exit_status(status);
}

std::optional<int> Process::ended()
{
    int status{};
    if (::waitpid(id_, &status, WNOHANG) != id_)
        return std::nullopt;
    id_ = 0;
    return exit_status(status);
}

std::string read(const std::filesystem::path& path)
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::uint16_t free_port()
{
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t length = sizeof address;
    ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length);
    ::close(probe);
    return ntohs(address.sin_port);
}

Net::Net()
    : log_{std::getenv("ONCALL_TEST_LOG") ? logging::to_stderr(logging::Format::text, logging::Level::debug) : logging::silent()}
    , tasks_{loop_.get_executor(), *log_}
    , network_{net::internet(loop_.get_executor())}
    , slack_{std::make_unique<workspace::Workspace>(workspace::Doors{*network_, clock_, random_, tasks_}, "127.0.0.1:0")}
{
}

Net::~Net()
{
    tasks_.stop();
    loop_.poll();
    slack_.reset();
    loop_.poll();
}

bool Net::until(const std::function<bool()>& condition, std::chrono::milliseconds limit)
{
    for (const auto end = std::chrono::steady_clock::now() + limit; !condition();) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        loop_.run_one_for(20ms);
    }
    return true;
}

net::Response Net::exchange(const std::string& method, const std::string& url, const std::string& body)
{
    struct Outcome {
        net::Response answer{};
        bool over{};
    };
    const auto outcome = std::make_shared<Outcome>();
    outcome->answer.status = 599;
    net::Request request;
    request.method = method;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body;
    asio::co_spawn(loop_, network_->fetch(url, std::move(request), {}), [outcome](std::exception_ptr error, net::Response got) {
        if (!error)
            outcome->answer = std::move(got);
        outcome->over = true;
    });
    until([&] { return outcome->over; }, 40s);
    return outcome->answer;
}

} // namespace loopback
