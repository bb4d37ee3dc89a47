#include "slack/socket_mode.hpp"

#include "doors/wake.hpp"
#include "doors/within.hpp"

#include <algorithm>
#include <array>

namespace slack {

namespace {

using namespace std::chrono_literals;
using doors::milliseconds;

constexpr auto hello_limit = 10s;
constexpr auto drain = 12s; // a warned link goes away after about 10 s
constexpr auto settled = 10s; // a link that lived shorter counts as a failed attempt
constexpr auto first_backoff = 500ms;
constexpr auto longest_backoff = 30s;
constexpr auto longest_after_hello = 4s; // Slack is there and takes us: who waits for longer has people's clicks fail
constexpr auto hopeless = 5min; // between attempts when a person must mend it first
constexpr std::size_t most_frame = 1 << 20;

/// Why connecting can never succeed until a person does something.
bool is_fatal(const Error& error) { return error.error_class() == ErrorClass::auth_dead; }

} // namespace

/// One link and what is left to do on it. Envelopes under way keep it alive.
struct Conversation {
    std::unique_ptr<net::Link> link{};
    std::optional<doors::TimePoint> since{}; // its hello
    bool counts{}; // up, and not about to be let go
    bool over{};
};

struct SocketMode::State {
    Doors doors;
    std::string app_token;
    Handle handle;
    std::function<void(std::string)> fatal;
    int links;
    Health health{};
    std::vector<std::shared_ptr<Conversation>> conversations{}; // that have said hello
    bool told_fatal{};
    doors::Wake wake; // the links are to be counted again
    int connecting{}; // links being opened
    int failures{}; // attempts in a row that brought no lasting link
    doors::TimePoint not_before{};

    State(Doors d, std::string token, Handle h, std::function<void(std::string)> f, int count)
        : doors{d}
        , app_token{std::move(token)}
        , handle{std::move(h)}
        , fatal{std::move(f)}
        , links{count}
        , wake{d.tasks.loop()}
    {
    }

    using Shared = std::shared_ptr<State>;

    /// How many more links to open.
    int wanted() const
    {
        const auto counting =
            std::count_if(conversations.begin(), conversations.end(), [](const auto& talk) { return talk->counts; });
        return links - connecting - static_cast<int>(counting);
    }

    /// From now on another is wanted in this one's place.
    void retire(Conversation& talk)
    {
        talk.counts = false;
        wake.ring();
    }

    void ended(const std::string& reason)
    {
        health.last_reason = reason;
        doors.log.info("a link to Slack ended", {{"reason", reason}, {"up", std::to_string(health.links_up)}});
    }

    void failed(std::optional<milliseconds> at_least, milliseconds longest = longest_backoff)
    {
        ++failures;
        if (failures >= 2) {
            const auto ceiling = std::min<milliseconds>(longest, first_backoff * (1 << std::min(failures - 2, 6)));
            const auto rest =
                milliseconds{static_cast<milliseconds::rep>(doors.random.fraction() * static_cast<double>(ceiling.count()))};
            not_before = std::max(not_before, doors.clock.now() + rest);
        }
        if (at_least)
            not_before = std::max(not_before, doors.clock.now() + *at_least);
    }

    static asio::awaitable<std::string> open(Shared self);
    static asio::awaitable<void> keep_link(Shared self);
    static asio::awaitable<std::string> converse(Shared self, std::shared_ptr<Conversation> talk);
    void greeted(Shared self, std::shared_ptr<Conversation> talk, const Json& hello);
    static asio::awaitable<void> live(Shared self, std::shared_ptr<Conversation> talk);
    static asio::awaitable<void> answer(Shared self, std::shared_ptr<Conversation> talk, Envelope envelope);
    static asio::awaitable<void> hand_over(Shared self, std::shared_ptr<Conversation> talk, milliseconds after);
};

/// The URL of the next link; empty when Slack gives none, with the next attempt's time set.
asio::awaitable<std::string> SocketMode::State::open(Shared self)
{
    std::optional<Error> failure;
    try {
        Json nothing = Json::object();
        const auto opened = co_await self->doors.client.call("apps.connections.open", std::move(nothing), self->app_token);
        if (auto url = text_at(opened, {"url"}); !url.empty())
            co_return url;
        failure.emplace(ErrorClass::transient, "apps.connections.open", "no_url", "", false);
    } catch (const Error& error) {
        failure.emplace(error);
    }
    self->doors.log.warning(
        "Slack gives no link", {{"error", failure->code()}, {"failures", std::to_string(self->failures + 1)}});
    self->health.last_reason = failure->code();
    std::optional<milliseconds> rest;
    if (is_fatal(*failure)) {
        rest = hopeless;
        if (!self->told_fatal && self->fatal)
            self->fatal(failure->code());
        self->told_fatal = true;
    } else if (failure->error_class() == ErrorClass::setup || failure->error_class() == ErrorClass::gone) {
        rest = hopeless;
    } else if (failure->error_class() == ErrorClass::slow_down) {
        rest = failure->retry_after().value_or(30s);
    }
    self->failed(rest);
    co_return std::string{};
}

/// One link from its opening to its end.
asio::awaitable<void> SocketMode::State::keep_link(Shared self)
{
    const auto talk = std::make_shared<Conversation>();
    std::string trouble;
    try {
        auto opening = open(self);
        auto url = co_await std::move(opening);
        if (!url.empty()) {
            auto dialling = self->doors.network.connect(std::move(url));
            talk->link = co_await std::move(dialling);
        }
    } catch (const std::exception& failure) {
        if (doors::is_cancellation(failure))
            throw;
        trouble = failure.what();
    }
    if (talk->link) {
        auto living = live(self, talk);
        co_await std::move(living);
        co_return;
    }
    if (!trouble.empty()) {
        self->doors.log.warning("no link to Slack", {{"error", trouble}});
        self->health.last_reason = trouble;
        self->failed(std::nullopt);
    }
    --self->connecting;
    self->wake.ring();
}

/// Reads a link until it ends; returns why. Throws what reading throws.
asio::awaitable<std::string> SocketMode::State::converse(Shared self, std::shared_ptr<Conversation> talk)
{
    while (true) {
        std::string text;
        if (talk->since) {
            text = co_await talk->link->read();
        } else {
            auto reading = talk->link->read();
            text = co_await doors::within(self->doors.clock, hello_limit, std::move(reading));
        }
        self->health.last_frame = self->doors.clock.now();
        Json frame;
        try {
            frame = parse(text, most_frame);
        } catch (const BadJson& bad) {
            self->doors.log.warning("a frame of Slack makes no sense", {{"error", bad.what()}});
        }
        if (!frame.is_object())
            continue;
        const auto type = text_at(frame, {"type"});
        if (type == "hello") {
            if (!talk->since)
                self->greeted(self, talk, frame);
        } else if (type == "disconnect") {
            const auto why = text_at(frame, {"reason"});
            if (!talk->since || why == "too_many_websockets" || why == "link_disabled") {
                co_await talk->link->close();
                co_return why.empty() ? std::string{"disconnect"} : why;
            }
            // Make before break: the next link is wanted from now on; this one is read until it ends, or is ended.
            self->doors.log.info("Slack wants a link replaced", {{"reason", why}});
            auto later = hand_over(self, talk, 0ms);
            self->doors.tasks.spawn("hand-over", std::move(later));
        } else {
            Envelope envelope;
            envelope.id = text_at(frame, {"envelope_id"});
            if (envelope.id.empty())
                continue;
            envelope.type = type;
            const auto& accepts = at(frame, {"accepts_response_payload"});
            envelope.accepts_answer = accepts.is_boolean() && accepts.get<bool>();
            const auto& retry = at(frame, {"retry_attempt"});
            envelope.retry = retry.is_number_integer() ? retry.get<int>() : 0;
            envelope.payload = at(frame, {"payload"});
            ++self->health.envelopes;
            auto work = answer(self, talk, std::move(envelope));
            self->doors.tasks.spawn("envelope", std::move(work));
        }
    }
}

void SocketMode::State::greeted(Shared self, std::shared_ptr<Conversation> talk, const Json& hello)
{
    talk->since = health.last_frame;
    talk->counts = true;
    ++health.links_up;
    --connecting;
    told_fatal = false;
    conversations.push_back(talk);
    const auto& number = at(hello, {"num_connections"});
    const int open_links = number.is_number_integer() ? number.get<int>() : 0;
    doors.log.info("a link to Slack is up",
        {{"host", text_at(hello, {"debug_info", "host"})}, {"links of the app", std::to_string(open_links)}});
    if (open_links > links + 1)
        doors.log.warning("more links than ours: does another process use the same app token?",
            {{"links of the app", std::to_string(open_links)}});
    // Handed over before Slack asks for it: at four fifths of the time it promises.
    const auto& lifetime = at(hello, {"debug_info", "approximate_connection_time"});
    const auto seconds = lifetime.is_number_integer() ? lifetime.get<std::int64_t>() : 0;
    if (seconds >= 60 && seconds <= 7 * 86'400)
        doors.tasks.spawn("hand-over", hand_over(self, talk, milliseconds{seconds * 800}));
    wake.ring();
}

asio::awaitable<void> SocketMode::State::live(Shared self, std::shared_ptr<Conversation> talk)
{
    std::string reason;
    try {
        auto conversing = converse(self, talk);
        reason = co_await std::move(conversing);
    } catch (const doors::TimedOut&) {
        reason = "no hello";
    } catch (const std::exception& failure) {
        if (doors::is_cancellation(failure)) {
            // Kept on the list it would stay open, and the service would not end as long as Slack does not.
            talk->over = true;
            talk->link.reset();
            std::erase(self->conversations, talk);
            throw;
        }
        reason = failure.what();
    }
    talk->over = true;
    talk->link.reset();
    if (talk->since) {
        --self->health.links_up;
        ++self->health.reconnects;
        std::erase(self->conversations, talk);
    } else {
        --self->connecting;
    }
    self->ended(reason);
    const bool lasted = talk->since && self->doors.clock.now() - *talk->since >= settled;
    if (lasted)
        self->failures = 0;
    if (reason == "link_disabled") {
        if (!self->told_fatal && self->fatal)
            self->fatal(reason);
        self->told_fatal = true;
        self->failed(hopeless);
    } else if (reason == "too_many_websockets") {
        self->failures = std::max(self->failures, 3);
        self->failed(std::nullopt);
    } else if (!lasted) {
        const bool greeted = talk->since.has_value();
        self->failed(std::nullopt, greeted ? milliseconds{longest_after_hello} : milliseconds{longest_backoff});
    }
    self->retire(*talk);
}

/// After a while lets go of a link, but not before another is up.
asio::awaitable<void> SocketMode::State::hand_over(Shared self, std::shared_ptr<Conversation> talk, milliseconds after)
{
    if (after > 0ms)
        co_await self->doors.clock.pause(after);
    if (talk->over)
        co_return;
    self->retire(*talk);
    do
        co_await self->doors.clock.pause(drain);
    while (!talk->over && self->wanted() >= self->links);
    if (!talk->over)
        co_await talk->link->close();
}

asio::awaitable<void> SocketMode::State::answer(Shared self, std::shared_ptr<Conversation> talk, Envelope envelope)
{
    const auto id = envelope.id;
    const bool accepts = envelope.accepts_answer;
    auto working = self->handle(std::move(envelope));
    const Json payload = co_await std::move(working);
    Json reply;
    reply["envelope_id"] = id;
    if (accepts && !payload.is_null() && !payload.empty())
        reply["payload"] = payload;
    auto text = reply.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (!talk->over) {
        talk->link->send(std::move(text));
        co_return;
    }
    // The link that asked is gone; another may still be heard.
    for (const auto& other : self->conversations)
        if (!other->over) {
            other->link->send(std::move(text));
            co_return;
        }
}

SocketMode::SocketMode(Doors doors, std::string app_token, Handle handle, std::function<void(std::string)> fatal, int links)
    : state_{std::make_shared<State>(doors, std::move(app_token), std::move(handle), std::move(fatal), links)}
{
}

SocketMode::~SocketMode() = default;

asio::awaitable<void> SocketMode::run()
{
    const auto self = state_;
    while (true) {
        while (self->wanted() > 0 && self->doors.clock.now() >= self->not_before) {
            ++self->connecting;
            auto link = State::keep_link(self);
            self->doors.tasks.spawn("link", std::move(link));
            // After a failure one attempt at a time; the others follow its hello.
            if (self->failures > 0)
                break;
        }
        const bool one_at_a_time = self->failures > 0 && self->connecting > 0;
        const bool enough = self->wanted() <= 0;
        if (enough || one_at_a_time)
            co_await self->wake.sleep();
        else
            co_await self->wake.sleep(self->doors.clock, self->not_before);
    }
}

const SocketMode::Health& SocketMode::health() const { return state_->health; }

} // namespace slack
