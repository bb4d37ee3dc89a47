#include "net/sockets.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>
#include <fstream>
#include <list>

namespace sockets {

namespace {

using boost::system::error_code;
constexpr auto nobody = [](std::exception_ptr) {};

} // namespace

bool Bench::until(const std::function<bool()>& condition, milliseconds limit)
{
    for (const auto end = std::chrono::steady_clock::now() + limit; !condition();) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        loop.restart();
        loop.run_one_for(10ms);
    }
    return true;
}

Bench::Fetched Bench::fetch(std::string url, net::Request request, net::FetchLimits limits)
{
    const auto got = std::make_shared<Fetched>();
    asio::co_spawn(
        loop, network->fetch(std::move(url), std::move(request), limits), [got](std::exception_ptr error, net::Response answer) {
            got->over = true;
            got->answer = std::move(answer);
            try {
                if (error)
                    std::rethrow_exception(error);
            } catch (const net::Failure& failure) {
                got->failure = failure.what();
                got->maybe_sent = failure.maybe_sent();
            } catch (const std::exception& other) {
                got->failure = std::string{"unexpected: "} + other.what();
            }
        });
    if (!until([&] { return got->over; }, 40s))
        got->failure = "never ended";
    return *got;
}

Bench::Connected Bench::connect(std::string url)
{
    const auto got = std::make_shared<Connected>();
    asio::co_spawn(loop, network->connect(std::move(url)), [got](std::exception_ptr error, std::unique_ptr<net::Link> link) {
        got->over = true;
        got->link = std::move(link);
        try {
            if (error)
                std::rethrow_exception(error);
        } catch (const std::exception& failure) {
            got->failure = failure.what();
        }
    });
    until([&] { return got->over; }, 20s);
    return std::move(*got);
}

std::string Bench::read(net::Link& link, milliseconds limit)
{
    struct Got {
        std::string text{"nothing"};
        bool over{};
    };
    const auto got = std::make_shared<Got>();
    asio::co_spawn(loop, link.read(), [got](std::exception_ptr error, std::string text) {
        got->over = true;
        got->text = std::move(text);
        try {
            if (error)
                std::rethrow_exception(error);
        } catch (const std::exception& failure) {
            got->text = std::string{"gone: "} + failure.what();
        }
    });
    until([&] { return got->over; }, limit);
    return got->text;
}

std::string talk(Bench& bench, std::uint16_t port, std::string words, milliseconds patience, std::string then)
{
    tcp::socket socket{bench.loop};
    socket.connect({asio::ip::address_v4::loopback(), port});
    socket.non_blocking(true);
    std::string heard;
    std::size_t said = 0;
    auto last = std::chrono::steady_clock::now();
    char piece[16'384];
    while (std::chrono::steady_clock::now() - last < patience) {
        bench.loop.restart();
        bench.loop.run_for(1ms);
        error_code error;
        if (said < words.size()) {
            const auto count = socket.write_some(asio::buffer(words.data() + said, words.size() - said), error);
            if (count > 0)
                last = std::chrono::steady_clock::now();
            said += count;
            if (error && error != asio::error::would_block)
                said = words.size();
        }
        const auto count = socket.read_some(asio::buffer(piece), error);
        heard.append(piece, count);
        if (count > 0)
            last = std::chrono::steady_clock::now();
        if (!then.empty() && heard.find("\r\n\r\n") != heard.npos) {
            words += then;
            then.clear();
        }
        if (error && error != asio::error::would_block)
            return heard + "<end>";
    }
    return heard;
}

struct RawServer::State {
    tcp::acceptor acceptor;
    std::vector<std::string> answers;
    bool close;
    int accepted{};
    std::list<std::shared_ptr<tcp::socket>> open{};
    State(asio::io_context& loop, std::vector<std::string> a, bool c)
        : acceptor{loop, {asio::ip::address_v4::loopback(), 0}}
        , answers{std::move(a)}
        , close{c}
    {
    }

    static asio::awaitable<void> serve(std::shared_ptr<State> self, std::shared_ptr<tcp::socket> socket)
    {
        std::string heard;
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        while (true) {
            auto into = asio::dynamic_buffer(heard);
            const auto count = co_await asio::async_read_until(*socket, into, "\r\n\r\n", token);
            if (error)
                co_return;
            heard.erase(0, count);
            const auto answer = self->answers.empty() ? std::string{} : self->answers.front();
            if (self->answers.size() > 1)
                self->answers.erase(self->answers.begin());
            if (answer == "wait")
                continue;
            const auto words = asio::buffer(answer);
            co_await asio::async_write(*socket, words, token);
            if (answer.empty() || self->close) {
                socket->close(error);
                co_return;
            }
        }
    }
    static asio::awaitable<void> accept(std::shared_ptr<State> self)
    {
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        while (true) {
            auto socket = co_await self->acceptor.async_accept(token);
            if (error)
                co_return;
            ++self->accepted;
            auto shared = std::make_shared<tcp::socket>(std::move(socket));
            self->open.push_back(shared);
            asio::co_spawn(self->acceptor.get_executor(), serve(self, shared), nobody);
        }
    }
};

RawServer::RawServer(asio::io_context& loop, std::vector<std::string> answers, bool close)
    : state_{std::make_shared<State>(loop, std::move(answers), close)}
{
    asio::co_spawn(loop, State::accept(state_), nobody);
}
RawServer::~RawServer()
{
    error_code ignored;
    state_->acceptor.close(ignored);
    hang_up();
}
std::uint16_t RawServer::port() const { return state_->acceptor.local_endpoint().port(); }
int RawServer::accepted() const { return state_->accepted; }
void RawServer::hang_up()
{
    for (const auto& socket : state_->open) {
        error_code ignored;
        socket->close(ignored);
    }
    state_->open.clear();
}

struct TlsFront::State {
    asio::ssl::context tls{asio::ssl::context::tls_server};
    tcp::acceptor acceptor;
    std::uint16_t behind;
    int accepted{};

    struct Pair {
        asio::ssl::stream<tcp::socket> outer;
        tcp::socket inner;
        Pair(tcp::socket socket, asio::ssl::context& tls, const asio::any_io_executor& loop)
            : outer{std::move(socket), tls}
            , inner{loop}
        {
        }
        void close()
        {
            error_code ignored;
            outer.lowest_layer().close(ignored);
            inner.close(ignored);
        }
    };

    State(asio::io_context& loop, std::uint16_t port)
        : acceptor{loop, {asio::ip::address_v4::loopback(), 0}}
        , behind{port}
    {
    }

    template <class From, class To> static asio::awaitable<void> pump(std::shared_ptr<Pair> pair, From& from, To& to)
    {
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        std::vector<char> piece(65'536);
        while (!error) {
            const auto space = asio::buffer(piece);
            const auto count = co_await from.async_read_some(space, token);
            if (error)
                break;
            const auto words = asio::buffer(piece.data(), count);
            co_await asio::async_write(to, words, token);
        }
        pair->close();
    }
    static asio::awaitable<void> serve(std::shared_ptr<State> self, std::shared_ptr<Pair> pair)
    {
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        const auto role = asio::ssl::stream_base::server;
        co_await pair->outer.async_handshake(role, token);
        if (error)
            co_return;
        const tcp::endpoint target{asio::ip::address_v4::loopback(), self->behind};
        co_await pair->inner.async_connect(target, token);
        if (error)
            co_return;
        auto back = pump(pair, pair->inner, pair->outer);
        asio::co_spawn(self->acceptor.get_executor(), std::move(back), nobody);
        auto forth = pump(pair, pair->outer, pair->inner);
        co_await std::move(forth);
    }
    static asio::awaitable<void> accept(std::shared_ptr<State> self)
    {
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        while (true) {
            auto socket = co_await self->acceptor.async_accept(token);
            if (error)
                co_return;
            ++self->accepted;
            auto pair = std::make_shared<Pair>(std::move(socket), self->tls, self->acceptor.get_executor());
            asio::co_spawn(self->acceptor.get_executor(), serve(self, pair), nobody);
        }
    }
};

TlsFront::TlsFront(asio::io_context& loop, const std::string& certificate, const std::string& key, std::uint16_t behind, bool old)
    : state_{std::make_shared<State>(loop, behind)}
{
    state_->tls.use_certificate_chain_file(certificate);
    state_->tls.use_private_key_file(key, asio::ssl::context::pem);
    if (old) {
        SSL_CTX_set_cipher_list(state_->tls.native_handle(), "DEFAULT@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(state_->tls.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(state_->tls.native_handle(), TLS1_1_VERSION);
    }
    asio::co_spawn(loop, State::accept(state_), nobody);
}
TlsFront::~TlsFront()
{
    error_code ignored;
    state_->acceptor.close(ignored);
}
std::uint16_t TlsFront::port() const { return state_->acceptor.local_endpoint().port(); }
int TlsFront::accepted() const { return state_->accepted; }

Certificates::Certificates()
{
    auto pattern = (std::filesystem::temp_directory_path() / "oncall-tls-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    std::ofstream{folder / "make.sh"} << R"sh(
set -e
cd "$1"
openssl ecparam -name prime256v1 -genkey -noout -out key.pem
openssl req -x509 -new -key key.pem -subj "/CN=Test authority" -days 2 -out ca.pem
sign() { # name, alternative names, days
  printf 'subjectAltName=%s\n' "$2" >ext
  openssl req -new -key key.pem -subj "/CN=$1" -out csr
  openssl x509 -req -in csr -CA ca.pem -CAkey key.pem -CAcreateserial -extfile ext $3 -out "$1.pem"
}
sign good DNS:localhost,IP:127.0.0.1 "-days 2"
sign other DNS:other.example "-days 2"
sign expired DNS:localhost,IP:127.0.0.1 "-days 0"
openssl req -x509 -new -key key.pem -subj "/CN=own" -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -days 2 -out own.pem
)sh";
    const auto command =
        "sh " + (folder / "make.sh").string() + " " + folder.string() + " >" + (folder / "log").string() + " 2>&1";
    if (std::system(command.c_str()) != 0) {
        std::ifstream log{folder / "log"};
        throw std::runtime_error{"openssl: " + std::string{std::istreambuf_iterator<char>{log}, {}}};
    }
}

Certificates::~Certificates()
{
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

} // namespace sockets
