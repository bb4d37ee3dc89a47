#pragma once

#include "delivery/budget.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/random.hpp"
#include "doors/tasks.hpp"
#include "doors/wake.hpp"
#include "oncall/configuration.hpp"
#include "slack/client.hpp"
#include "storage/repositories.hpp"

namespace delivery {

namespace asio = boost::asio;
using slack::Json;

/// Empties the outbox: takes what is due, renders it from the newest state, sends it, records what came of it. What fails is
/// repeated with backoff; what may have been posted is read back by its metadata before it is posted again.
class Sender {
public:
    struct Doors {
        storage::Database& database;
        slack::Client& slack;
        doors::Clock& clock;
        doors::Random& random;
        doors::Tasks& tasks;
        logging::Log& log;
    };
    Sender(Doors doors, std::shared_ptr<const oncall::Configuration> configuration, std::string fallback_channel);

    /// What was under way when the last process ended is looked at again. Once, before `run`.
    asio::awaitable<void> recover();
    /// Sends until its task is cancelled.
    asio::awaitable<void> run();
    /// There may be something new.
    void ring() { wake_.ring(); }

    struct Health {
        std::string trouble{}; // a class of error that a person must mend; empty: none
    };
    const Health& health() const { return health_; }

private:
    /// A row with all it needs to be rendered; `call` says what to send.
    struct Job {
        storage::OutboxRow row{};
        std::string method{}; // "chat.postMessage", "chat.update", "response_url"; empty: nothing to say
        std::string to{}; // channel, person or response_url
        std::string ts{}; // of the message edited, or of the thread
        slack::Message message{};
        std::string kind{}; // of the message to remember: "card" or "dm"; empty: none
        std::string place{};
        oncall::AlertId alert{};
        std::int64_t shown_message{}; // row of the message edited
        std::int64_t told_from{}; // of a thread: the entries after this one …
        std::int64_t told_up_to{}; // … up to this one
        std::int64_t version{}; // of the alert, as rendered
        bool only_look{}; // no longer wanted: recorded if it is out already, else dropped
        bool ephemeral{};
    };
    struct Came; // what came of it

    std::vector<Job> take(storage::Transaction& tx, TimePoint now, const std::set<std::string>& busy, int most);
    Job job_of(storage::Transaction& tx, storage::OutboxRow row) const;
    asio::awaitable<void> deliver(Job job);
    asio::awaitable<Came> attempt(const Job& job);
    asio::awaitable<Json> send(const Job& job);
    asio::awaitable<std::optional<Json>> read_back(const Job& job);
    asio::awaitable<std::string> user_id(std::string person);
    asio::awaitable<std::string> channel_id(std::string channel);
    void sent(storage::Transaction& tx, const Job& job, const Came& came, TimePoint now) const;
    void refused(storage::Transaction& tx, const Job& job, const std::string& why, TimePoint now) const;

    Doors doors_;
    std::shared_ptr<const oncall::Configuration> configuration_;
    std::string fallback_channel_;
    doors::Wake wake_;
    Budget budget_{};
    std::set<std::string> in_flight_{}; // lanes
    std::map<std::string, std::string> channel_ids_{};
    Health health_{};
};

} // namespace delivery
