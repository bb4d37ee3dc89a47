#pragma once

#include "delivery/budget.hpp"
#include "delivery/channels.hpp"
#include "delivery/job.hpp"
#include "delivery/uploads.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "oncall/in_force.hpp"

namespace delivery {

namespace asio = boost::asio;
using slack::Json;

/// Says in Slack what a job says: posts it, edits what stands, or answers by a response_url, with a picture where there is one.
/// What may have been posted is read back by its metadata first.
class SlackSender {
public:
    struct Doors {
        storage::Database& database;
        slack::Client& slack;
        Channels& channels;
        doors::Clock& clock;
        doors::Random& random;
        logging::Log& log;
        slack::Files& files;
        doors::Painter* painter{}; // nullptr: messages go without their pictures
        std::function<std::string()> called{}; // what Slack calls us, without "@"
    };
    SlackSender(Doors doors, Budget& budget, const oncall::InForce& in_force, std::string fallback_channel);

    /// Once, before the first attempt.
    asio::awaitable<void> recover() { return uploads_.recover(); }
    /// What Slack says of it; a failure is an answer, too.
    asio::awaitable<Came> attempt(const Job& job);
    /// The row of that key is done with.
    void forget(const std::string& key) { url_uses_.erase(key); }

private:
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
    Budget& budget_;
    const oncall::InForce& in_force_;
    std::string fallback_channel_;
    Uploads uploads_;
    std::map<std::string, int> url_uses_{}; // by key: how often its response_url was used
};

} // namespace delivery
