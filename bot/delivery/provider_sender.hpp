#pragma once

#include "delivery/budget.hpp"
#include "delivery/job.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"

namespace delivery {

namespace asio = boost::asio;

/// Sends by mail servers and by providers of contact methods, the next where one fails, and asks those that took something what
/// became of it.
class ProviderSender {
public:
    struct Doors {
        storage::Database& database;
        doors::Clock& clock;
        doors::Random& random;
        logging::Log& log;
        std::vector<notify::Mailer*> mailers{};
        notify::Providers providers{};
    };
    ProviderSender(Doors doors, Budget& budget);

    asio::awaitable<Came> mail(const Job& job);
    asio::awaitable<Came> by_provider(const Job& job);
    /// What became of what the job's provider took.
    asio::awaitable<Came> look(const Job& job);
    /// It is to call for attention no longer.
    asio::awaitable<Came> hush(const Job& job);
    /// The row of that key is done with.
    void forget(const std::string& key) { unknown_.erase(key); }

private:
    /// One of those that can send a job.
    struct Sends {
        std::string name{};
        std::string trouble{}; // what its trouble is remembered by
        std::function<asio::awaitable<notify::Outcome>()> send{};
        bool has_it_perhaps{}; // nothing is sent: another is asked, and it later
    };
    asio::awaitable<Came> by_the_first(const Job& job, std::vector<Sends> all);
    asio::awaitable<notify::Outcome> ask(notify::Provider& provider, const Job& job);
    asio::awaitable<notify::Listed> listed(notify::Provider& provider, const Job& job, notify::PageMessage page);
    asio::awaitable<std::string> first_new(std::vector<std::string> references);
    asio::awaitable<bool> was_taken(const std::vector<notify::Provider*>& providers, const Job& job, Came& came,
        std::map<notify::Provider*, std::string>& silent);
    asio::awaitable<bool> still_wanted(const Job& job);
    notify::Provider* provider_of(const Job& job) const;

    Doors doors_;
    Budget& budget_;
    std::map<std::string, int> unknown_{}; // by key: how often it was sent without a word of what came of it
};

} // namespace delivery
