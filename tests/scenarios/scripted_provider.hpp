#pragma once

#include "notify/provider.hpp"

#include <deque>

namespace scenario {

/// A provider that does what a test says.
class ScriptedProvider final : public notify::Provider {
public:
    explicit ScriptedProvider(std::string name)
        : name_{std::move(name)}
    {
    }

    std::string name() const override { return name_; }
    boost::asio::awaitable<notify::Outcome> send(notify::PageMessage message, std::string address) override
    {
        seen.push_back({std::move(message), std::move(address), clock->now()});
        auto came = outcome;
        if (!script.empty()) {
            came = script.front();
            script.pop_front();
        }
        if (came.how == notify::Outcome::accepted && reports)
            came.reference = name_ + "-" + std::to_string(seen.size());
        if (takes > doors::milliseconds{0})
            co_await clock->pause(takes);
        co_return came;
    }
    boost::asio::awaitable<notify::Outcome> look(std::string reference) override
    {
        looks.push_back(clock->now());
        const auto known = becomes.find(reference);
        co_return known == becomes.end() ? notify::Outcome{} : known->second;
    }

    boost::asio::awaitable<notify::Listed> taken(notify::PageMessage, std::string, doors::TimePoint) override
    {
        notify::Listed nothing;
        nothing.trouble = lists_not;
        co_return nothing;
    }

    struct Seen {
        notify::PageMessage message{};
        std::string address{};
        doors::TimePoint at{};
    };
    std::vector<Seen> seen{}; // all it was asked to send, in order
    std::vector<doors::TimePoint> looks{}; // when it was asked what became of something
    std::deque<notify::Outcome> script{}; // what comes of the next ones
    notify::Outcome outcome{}; // and of those after them
    bool reports{}; // what it took has a reference: its name, "-", and how many it has seen
    std::map<std::string, notify::Outcome> becomes{}; // by reference
    std::string lists_not{}; // why it does not say what it took; empty: it says that it took nothing
    doors::milliseconds takes{}; // to say so
    doors::Clock* clock{}; // the world's

private:
    std::string name_;
};

} // namespace scenario
