#pragma once

#include "doors/clock.hpp"
#include "doors/random.hpp"
#include "notify/provider.hpp"

#include <deque>

namespace scenario {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using doors::milliseconds;
using doors::TimePoint;
using notify::Outcome;
using oncall::ContactKind;

/// What a week draws its luck from.
class Dice {
public:
    explicit Dice(std::uint64_t seed)
        : random_{seed}
    {
    }
    int any(int of) { return static_cast<int>(random_.fraction() * of); }
    bool chance(int percent) { return any(100) < percent; }
    milliseconds within(milliseconds from, milliseconds to)
    {
        return from + milliseconds{static_cast<std::int64_t>(random_.fraction() * static_cast<double>((to - from).count()))};
    }
    template <class Some> const auto& one_of(const Some& some)
    {
        return some[static_cast<std::size_t>(any(static_cast<int>(some.size())))];
    }

private:
    doors::SeededRandom random_;
};

/// Something a carrier was asked to send.
struct Sent {
    ContactKind kind{};
    std::string carrier{};
    std::string address{};
    std::int64_t alert{};
    std::string id{}; // the notification's attempt
    TimePoint at{};
    std::string reference{};
    bool taken{}; // it reaches the phone, whatever was said
    bool said_taken{}; // and the bot heard so
    TimePoint refused_at{}; // when the bot was told that it failed; TimePoint{}: not
    TimePoint known_at{}; // when it is known what became of it; TimePoint{}: it never is
    bool arrives{};
    std::vector<notify::PageAction> actions{};
};

/// A provider with moods. It keeps a list of what it took where real ones do.
class Carrier final : public notify::Provider {
public:
    Carrier(std::string name, ContactKind kind, Dice& dice)
        : name_{std::move(name)}
        , kind_{kind}
        , dice_{dice}
    {
    }
    std::string name() const override { return name_; }
    bool rings() const { return kind_ == ContactKind::sms || kind_ == ContactKind::voice; }

    asio::awaitable<Outcome> send(notify::PageMessage message, std::string address) override
    {
        Outcome came;
        if (message.alert == 0)
            co_return came; // words
        const auto at = begin(message, address);
        milliseconds takes{};
        came = decide(*at, takes);
        if (takes > milliseconds{0})
            co_await clock->pause(takes);
        if (came.how == Outcome::refused)
            at->refused_at = clock->now();
        at->said_taken = came.how == Outcome::accepted || came.how == Outcome::confirmed;
        if (at->said_taken)
            came.reference = at->reference;
        co_return came;
    }

    asio::awaitable<Outcome> look(std::string reference) override
    {
        Outcome came;
        for (auto& one : sent)
            if (one.reference == reference && !reference.empty() && one.known_at != TimePoint{} && one.known_at <= clock->now())
                came = tell(one);
        co_return came;
    }

    asio::awaitable<notify::Listed> taken(notify::PageMessage message, std::string address, TimePoint since) override
    {
        notify::Listed listed;
        if (rings()) {
            const auto thinks = dice_.within(0ms, 10s);
            co_await clock->pause(thinks);
        }
        if (rings() && dice_.chance(down ? 80 : 10))
            listed.trouble = "503";
        else if (rings())
            for (auto one = sent.rbegin(); one != sent.rend(); ++one)
                if (one->taken && one->alert == message.alert && one->address == address && one->at >= since)
                    listed.references.push_back(one->reference);
        co_return listed;
    }

    /// The bot is told what became of it.
    Outcome tell(Sent& one)
    {
        Outcome came;
        came.how = one.arrives ? Outcome::confirmed : Outcome::refused;
        came.why = one.arrives ? "delivered" : "carrier";
        if (!one.arrives && one.refused_at == TimePoint{})
            one.refused_at = clock->now();
        return came;
    }

    std::deque<Sent> sent{}; // what is there stays where it is
    bool down{};
    std::function<void(Sent&)> reached{}; // a phone
    doors::Clock* clock{}; // the world's

private:
    Sent* begin(const notify::PageMessage& message, const std::string& address)
    {
        Sent one;
        one.kind = kind_;
        one.carrier = name_;
        one.address = address;
        one.alert = message.alert;
        one.id = message.id;
        one.at = clock->now();
        one.actions = message.actions;
        sent.push_back(std::move(one));
        return &sent.back();
    }
    /// It is on its way to a phone. Those that ring report what becomes of it: soon, late, or never.
    void take(Sent& one)
    {
        one.taken = true;
        one.arrives = true;
        if (rings() || kind_ == ContactKind::pushover) {
            one.reference = name_ + "-" + std::to_string(sent.size());
            one.arrives = dice_.chance(75);
            if (dice_.chance(85))
                one.known_at = clock->now() + dice_.within(1s, dice_.chance(80) ? 1min : 20min);
        }
        reached(one);
    }
    Outcome decide(Sent& one, milliseconds& takes)
    {
        Outcome came;
        const int luck = down ? 60 + dice_.any(40) : dice_.any(100);
        if (luck < 68) {
            take(one);
            takes = dice_.within(0ms, 2s);
        } else if (luck < 76) {
            came.how = Outcome::refused;
            came.why = "not now";
            takes = dice_.within(0ms, 5s);
        } else if (luck < 86) {
            came.how = Outcome::later;
            came.why = "503";
            if (dice_.chance(50))
                came.retry_after = dice_.within(1s, 90s);
        } else if (luck < 95) {
            came.how = Outcome::unknown;
            came.why = "timed out";
            takes = dice_.within(1s, 30s);
            if (dice_.chance(50))
                take(one);
        } else { // longer than anybody waits
            takes = 2min;
            if (dice_.chance(50))
                take(one);
        }
        return came;
    }

    std::string name_;
    ContactKind kind_;
    Dice& dice_;
};

} // namespace scenario
