#pragma once

#include "delivery/budget.hpp"
#include "delivery/channels.hpp"
#include "delivery/job.hpp"
#include "delivery/uploads.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/random.hpp"
#include "doors/tasks.hpp"
#include "doors/wake.hpp"
#include "oncall/in_force.hpp"
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
        Channels& channels;
        doors::Clock& clock;
        doors::Random& random;
        doors::Tasks& tasks;
        logging::Log& log;
        slack::Files& files;
        doors::Painter* painter{}; // nullptr: messages go without their pictures
        std::vector<notify::Mailer*> mailers{}; // in the order in which they are tried; empty: no e-mail
        notify::Providers providers{};
        std::function<std::string()> called{}; // what Slack calls us, without "@"
        std::function<void()> troubles{}; // something began or ended that a person must mend
    };
    Sender(Doors doors, const oncall::InForce& in_force, std::string fallback_channel);

    /// What was under way when the last process ended is looked at again. Once, before `run`.
    asio::awaitable<void> recover();
    /// Mails carry links to `public_url` (empty: none), signed with `secret`. Once, before `run`.
    void sign_links(std::string public_url, std::string secret);
    /// Sends until its task is cancelled.
    asio::awaitable<void> run();
    /// Begins nothing more; what is under way goes on.
    void rest() { resting_ = true; }
    /// Messages that are being sent.
    std::size_t under_way() const { return in_flight_.size(); }
    /// There may be something new.
    void ring() { wake_.ring(); }
    /// How often it has looked at what is there. The auditor rings it and sees whether it moves.
    std::uint64_t rounds() const { return rounds_; }

    struct Health {
        std::string trouble{}; // a class of error that a person must mend; empty: none
    };
    const Health& health() const { return health_; }

private:
    /// How many more may be under way, by what they go by: "slack", "email" or the kind of a contact method. Each has an
    /// allowance of its own: the silence of one must not hold up the others.
    class Room {
    public:
        explicit Room(const std::set<std::string>& lanes);
        int& of(const storage::OutboxRow& row);

    private:
        std::map<std::string, int> left_{};
    };
    std::vector<Job> take(storage::Transaction& tx, TimePoint now, const std::set<std::string>& busy, Room room);
    asio::awaitable<void> deliver(Job job);
    asio::awaitable<Came> attempt(const Job& job);
    /// One of those that can send a job.
    struct Sends {
        std::string name{};
        std::string trouble{}; // what its trouble is remembered by
        std::function<asio::awaitable<notify::Outcome>()> send{};
        bool has_it_perhaps{}; // nothing is sent: another is asked, and it later
    };
    asio::awaitable<Came> by_the_first(const Job& job, std::vector<Sends> all);
    asio::awaitable<Came> mail(const Job& job);
    asio::awaitable<Came> by_provider(const Job& job);
    asio::awaitable<notify::Outcome> ask(notify::Provider& provider, const Job& job);
    asio::awaitable<notify::Listed> listed(notify::Provider& provider, const Job& job, notify::PageMessage page);
    asio::awaitable<std::string> first_new(std::vector<std::string> references);
    asio::awaitable<bool> was_taken(const std::vector<notify::Provider*>& providers, const Job& job, Came& came,
        std::map<notify::Provider*, std::string>& silent);
    asio::awaitable<bool> still_wanted(const Job& job);
    asio::awaitable<Came> look(const Job& job);
    asio::awaitable<Came> hush(const Job& job);
    notify::Provider* provider_of(const Job& job) const;
    asio::awaitable<Json> send(const Job& job);
    asio::awaitable<storage::Upload> picture_of(const Job& job);
    asio::awaitable<Json> post_file(const Job& job);
    asio::awaitable<Json> say(const Job& job, std::string picture, bool plainer);
    asio::awaitable<std::string> direct_messages(std::string person);
    asio::awaitable<bool> is_quiet(const Job& job);
    asio::awaitable<std::optional<Json>> read_back(const Job& job);
    asio::awaitable<std::string> user_id(std::string person);
    std::string called() const { return doors_.called ? doors_.called() : "oncall"; }

    Doors doors_;
    const oncall::InForce& in_force_;
    std::string fallback_channel_;
    std::string public_url_{};
    std::string answer_secret_{};
    doors::Wake wake_;
    Uploads uploads_;
    Budget budget_{};
    std::set<std::string> in_flight_{}; // lanes
    std::map<std::string, int> unknown_{}; // by key: how often it was sent without a word of what came of it
    std::map<std::string, int> url_uses_{}; // by key: how often its response_url was used
    Health health_{};
    std::uint64_t rounds_{};
    bool resting_{};
};

} // namespace delivery
