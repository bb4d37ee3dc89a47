#include "doors/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace doors {

namespace {

using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void fail(int error, const char* what) { throw std::system_error{error, std::generic_category(), what}; }

class Descriptor {
public:
    explicit Descriptor(int number = -1)
        : number_{number}
    {
    }
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void take(int number)
    {
        close();
        number_ = number;
    }
    void close()
    {
        if (number_ >= 0)
            ::close(number_);
        number_ = -1;
    }
    int get() const { return number_; }

private:
    int number_;
};

/// The input as a file that exists in memory alone: the program reads it when it likes, and nobody waits.
void fill(Descriptor& file, std::string_view input)
{
    file.take(::memfd_create("input", MFD_CLOEXEC));
    if (file.get() < 0)
        fail(errno, "no memory for a program's input");
    while (!input.empty()) {
        const auto written = ::write(file.get(), input.data(), input.size());
        if (written < 0 && errno != EINTR)
            fail(errno, "no memory for a program's input");
        if (written > 0)
            input.remove_prefix(static_cast<std::size_t>(written));
    }
    ::lseek(file.get(), 0, SEEK_SET);
}

struct Pipe {
    Descriptor read{};
    Descriptor write{};
    Pipe()
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            fail(errno, "no pipe to a program");
        read.take(ends[0]);
        write.take(ends[1]);
    }
};

struct Actions {
    posix_spawn_file_actions_t list{};
    posix_spawnattr_t attributes{};
    Actions(int in, int out, int errors)
    {
        ::posix_spawn_file_actions_init(&list);
        ::posix_spawn_file_actions_adddup2(&list, in, 0);
        ::posix_spawn_file_actions_adddup2(&list, out, 1);
        ::posix_spawn_file_actions_adddup2(&list, errors, 2);
        ::posix_spawn_file_actions_addclosefrom_np(&list, 3);
        // The service blocks and ignores signals that a program expects to have.
        ::posix_spawnattr_init(&attributes);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes, &signals);
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes, &signals);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~Actions()
    {
        ::posix_spawn_file_actions_destroy(&list);
        ::posix_spawnattr_destroy(&attributes);
    }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
};

std::vector<std::string> environment_of_programs()
{
    std::vector<std::string> environment{"LC_ALL=C.UTF-8"};
    for (const std::string name : {"PATH", "HOME"})
        if (const char* value = std::getenv(name.c_str()))
            environment.push_back(name + "=" + value);
    return environment;
}

std::vector<char*> words_of(const std::vector<std::string>& texts)
{
    std::vector<char*> words;
    for (const auto& text : texts)
        words.push_back(const_cast<char*>(text.c_str()));
    words.push_back(nullptr);
    return words;
}

/// A child that is killed, and waited for, when this goes before it ended.
class Child {
public:
    explicit Child(pid_t id)
        : id_{id}
    {
    }
    ~Child()
    {
        if (id_ > 0)
            kill();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    void kill()
    {
        ::kill(-id_, SIGKILL); // and those it started
        wait(0);
    }
    /// Whether it has ended by `end`.
    bool ended_by(SteadyClock::time_point end)
    {
        // It has closed its outputs, so it is about to end.
        while (!wait(WNOHANG)) {
            if (SteadyClock::now() >= end)
                return false;
            const timespec nap{0, 1'000'000};
            ::nanosleep(&nap, nullptr);
        }
        return true;
    }
    int status() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_); }

private:
    bool wait(int options)
    {
        pid_t found{};
        do
            found = ::waitpid(id_, &status_, options);
        while (found < 0 && errno == EINTR);
        if (found == 0)
            return false;
        id_ = 0;
        return true;
    }
    pid_t id_;
    int status_{};
};

/// Adds what there is to `text`, of which no more than `most` is kept; false at its end.
bool read_some(int from, std::string& text, std::size_t most)
{
    std::array<char, 65'536> piece;
    const auto size = ::read(from, piece.data(), piece.size());
    if (size <= 0)
        return size < 0 && errno == EINTR;
    text.append(piece.data(), std::min(static_cast<std::size_t>(size), most - text.size()));
    return true;
}

/// Reads both to their ends; not finished when a limit was hit.
Ended::How read_all(Descriptor& output, Descriptor& errors, Ended& ended, std::size_t most, SteadyClock::time_point end)
{
    while (output.get() >= 0 || errors.get() >= 0) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - SteadyClock::now()).count();
        if (left <= 0)
            return Ended::How::too_slow;
        pollfd watched[]{{output.get(), POLLIN, 0}, {errors.get(), POLLIN, 0}}; // negative ones are passed over
        if (::poll(watched, 2, static_cast<int>(left)) < 0)
            continue;
        if (watched[0].revents != 0 && !read_some(output.get(), ended.output, most + 1))
            output.close();
        if (watched[1].revents != 0 && !read_some(errors.get(), ended.errors, 65'536))
            errors.close();
        if (ended.output.size() > most)
            return Ended::How::too_much_output;
    }
    return Ended::How::finished;
}

void limit(pid_t id, int resource, std::size_t most)
{
    const rlimit value{most, most};
    ::prlimit(id, static_cast<__rlimit_resource>(resource), &value, nullptr);
}

} // namespace

Ended run_program(const std::vector<std::string>& command, std::string_view input, const ProgramLimits& limits)
{
    const auto end = SteadyClock::now() + limits.time;
    Descriptor in;
    fill(in, input);
    Pipe out, errors;
    const Actions actions{in.get(), out.write.get(), errors.write.get()};
    const auto environment = environment_of_programs();
    pid_t id{};
    const int trouble = ::posix_spawnp(
        &id, command.front().c_str(), &actions.list, &actions.attributes, words_of(command).data(), words_of(environment).data());
    Ended ended;
    if (trouble == ENOENT || trouble == EACCES || trouble == ENOTDIR) {
        ended.how = Ended::How::not_found;
        return ended;
    }
    if (trouble != 0)
        fail(trouble, "no process for a program");
    Child child{id};
    limit(id, RLIMIT_AS, limits.memory);
    limit(id, RLIMIT_CORE, 0);
    // Should we end before it: nobody else kills it.
    limit(id, RLIMIT_CPU, static_cast<std::size_t>(std::chrono::ceil<std::chrono::seconds>(limits.time).count()) + 1);
    out.write.close();
    errors.write.close();
    ended.how = read_all(out.read, errors.read, ended, limits.output, end);
    if (ended.how == Ended::How::finished && !child.ended_by(end))
        ended.how = Ended::How::too_slow;
    if (ended.how != Ended::How::finished)
        child.kill();
    ended.status = child.status();
    return ended;
}

} // namespace doors
