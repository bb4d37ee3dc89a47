#include "net/local.hpp"

#include "net/network.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace net {

namespace {

using boost::system::error_code;
using Protocol = asio::local::stream_protocol;
using Socket = Protocol::socket;
using SocketPtr = std::shared_ptr<Socket>;

/// A socket's address holds some hundred bytes of a path. A longer one is reached through its folder, which stays open meanwhile.
class Place {
public:
    explicit Place(const std::string& path)
        : path_{path}
    {
        if (path.size() < sizeof(sockaddr_un::sun_path))
            return;
        const std::filesystem::path full{path};
        folder_ = ::open(full.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        path_ = "/proc/self/fd/" + std::to_string(folder_) + "/" + full.filename().string();
    }
    ~Place()
    {
        if (folder_ >= 0)
            ::close(folder_);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Protocol::endpoint endpoint() const { return Protocol::endpoint{path_}; }

private:
    std::string path_;
    int folder_{-1};
};

/// Closes the socket when it is not stopped in time.
class SocketDeadline {
public:
    SocketDeadline(const SocketPtr& socket, milliseconds limit)
        : timer_{socket->get_executor(), limit}
    {
        timer_.async_wait([weak = std::weak_ptr{socket}](error_code stopped) {
            error_code ignored;
            if (const auto alive = weak.lock(); alive && !stopped)
                alive->close(ignored);
        });
    }

private:
    asio::steady_timer timer_;
};

std::string framed(const std::string& text)
{
    const auto size = static_cast<std::uint32_t>(text.size());
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>((size >> shift) & 0xff);
    return out + text;
}

/// The next message; nullopt when there is none, or it is too long.
asio::awaitable<std::optional<std::string>> hear_message(SocketPtr socket, std::size_t most)
{
    error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    std::array<unsigned char, 4> head{};
    const auto head_space = asio::buffer(head);
    co_await asio::async_read(*socket, head_space, token);
    std::size_t size{};
    for (const auto byte : head)
        size = (size << 8) | byte;
    if (problem || size > most)
        co_return std::nullopt;
    // As it arrives: a length that somebody claims is no reason to take that much memory.
    std::string text;
    while (!problem && text.size() < size) {
        const auto before = text.size();
        text.resize(std::min(size, before + (64 << 10)));
        const auto space = asio::buffer(text.data() + before, text.size() - before);
        co_await asio::async_read(*socket, space, token);
    }
    if (problem)
        co_return std::nullopt;
    co_return text;
}

asio::awaitable<bool> say_message(SocketPtr socket, std::string text)
{
    const auto message = framed(text);
    const auto words = asio::buffer(message);
    error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    co_await asio::async_write(*socket, words, token);
    co_return !problem;
}

bool is_ours(Socket& socket)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
        && (peer.uid == ::geteuid() || peer.uid == 0);
}

struct LocalDoor {
    asio::any_io_executor loop;
    std::string path;
    std::function<asio::awaitable<std::string>(std::string)> serve;
    LocalLimits limits;
    Protocol::acceptor acceptor;
    std::set<SocketPtr> connected{};
    bool open{true};

    LocalDoor(
        asio::any_io_executor l, std::string p, std::function<asio::awaitable<std::string>(std::string)> s, LocalLimits most)
        : loop{l}
        , path{std::move(p)}
        , serve{std::move(s)}
        , limits{most}
        , acceptor{std::move(l)}
    {
    }

    void listen()
    {
        const Place place{path};
        ::unlink(path.c_str());
        acceptor.open();
        // The file gets the mode that its socket has: there is no moment in which it is wider.
        ::fchmod(acceptor.native_handle(), 0600);
        acceptor.bind(place.endpoint());
        acceptor.listen();
    }

    void shut()
    {
        if (!open)
            return;
        open = false;
        ::unlink(path.c_str());
        error_code ignored;
        acceptor.close(ignored);
        for (const auto& socket : connected)
            socket->close(ignored);
    }
};

asio::awaitable<void> converse_local(std::shared_ptr<LocalDoor> door, SocketPtr socket)
{
    std::optional<std::string> question;
    {
        const SocketDeadline deadline{socket, door->limits.hear};
        question = co_await hear_message(socket, door->limits.message);
    }
    if (!question || !door->open)
        co_return;
    auto serving = door->serve(std::move(*question));
    auto answer = co_await std::move(serving);
    const SocketDeadline deadline{socket, door->limits.wait};
    co_await say_message(socket, std::move(answer));
}

asio::awaitable<void> accept_local(std::shared_ptr<LocalDoor> door)
{
    error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    while (door->open) {
        const auto socket = std::make_shared<Socket>(door->loop);
        co_await door->acceptor.async_accept(*socket, token);
        if (!door->open)
            co_return;
        if (problem) {
            // Out of descriptors, mostly: breathe instead of spinning.
            asio::steady_timer pause{door->loop, milliseconds{100}};
            co_await pause.async_wait(token);
            continue;
        }
        if (!is_ours(*socket) || door->connected.size() >= door->limits.connections)
            continue;
        door->connected.insert(socket);
        asio::co_spawn(door->loop, converse_local(door, socket), [door, socket](std::exception_ptr) {
            error_code ignored;
            socket->close(ignored);
            door->connected.erase(socket);
        });
    }
}

class Listening final : public LocalListener {
public:
    explicit Listening(std::shared_ptr<LocalDoor> door)
        : door_{std::move(door)}
    {
    }
    ~Listening() override { door_->shut(); }

private:
    std::shared_ptr<LocalDoor> door_;
};

} // namespace

std::unique_ptr<LocalListener> serve_local(asio::any_io_executor loop, std::string path,
    std::function<asio::awaitable<std::string>(std::string)> serve, LocalLimits limits)
{
    const auto door = std::make_shared<LocalDoor>(loop, std::move(path), std::move(serve), limits);
    try {
        door->listen();
    } catch (const boost::system::system_error& problem) {
        throw std::system_error{problem.code(), "cannot listen on " + door->path};
    }
    asio::co_spawn(loop, accept_local(door), [](std::exception_ptr) {});
    return std::make_unique<Listening>(door);
}

asio::awaitable<std::optional<std::string>> ask_local(
    asio::any_io_executor loop, std::string path, std::string question, LocalLimits limits)
{
    if (question.size() > limits.message)
        throw Failure{"that is more than the service takes at once", false};
    const auto socket = std::make_shared<Socket>(loop);
    const SocketDeadline deadline{socket, limits.wait};
    error_code problem;
    {
        const Place place{path};
        const auto endpoint = place.endpoint();
        auto token = asio::redirect_error(asio::use_awaitable, problem);
        co_await socket->async_connect(endpoint, token);
    }
    if (problem == asio::error::connection_refused || problem == boost::system::errc::no_such_file_or_directory)
        co_return std::nullopt;
    if (problem)
        throw Failure{"cannot connect to " + path + ": " + problem.message(), false};
    co_await say_message(socket, std::move(question));
    auto answer = co_await hear_message(socket, limits.message);
    if (!answer)
        throw Failure{socket->is_open()
                ? "the service hung up without an answer"
                : "the service does not answer within " + std::to_string(limits.wait.count() / 1000) + " s",
            true};
    co_return answer;
}

} // namespace net
