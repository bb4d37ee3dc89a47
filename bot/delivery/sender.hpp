#pragma once

#include "delivery/provider_sender.hpp"
#include "delivery/slack_sender.hpp"
#include "doors/tasks.hpp"
#include "doors/wake.hpp"

namespace delivery {

namespace asio = boost::asio;

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

    Doors doors_;
    const oncall::InForce& in_force_;
    std::string fallback_channel_;
    std::string public_url_{};
    std::string answer_secret_{};
    doors::Wake wake_;
    Budget budget_{};
    SlackSender slack_;
    ProviderSender providers_;
    std::set<std::string> in_flight_{}; // lanes
    std::uint64_t rounds_{};
    bool resting_{};
};

} // namespace delivery
