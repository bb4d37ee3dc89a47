#pragma once

#include "delivery/budget.hpp"
#include "delivery/channels.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/tasks.hpp"
#include "doors/wake.hpp"
#include "oncall/followers.hpp"
#include "oncall/in_force.hpp"
#include "slack/client.hpp"
#include "storage/repositories.hpp"

#include <set>

namespace delivery {

/// Keeps user groups and topics as who is on call wants them: at a handoff, when the configuration changes, and when somebody
/// changed them by hand. What Slack refuses is said in the fallback channel with its fix, once, and tried again; when it works,
/// that is said too. Its calls are its own: no page waits for them.
class Followers {
public:
    struct Doors {
        storage::Database& database;
        slack::Client& slack;
        Channels& channels;
        doors::Clock& clock;
        doors::Tasks& tasks;
        logging::Log& log;
        std::function<bool(const std::string& person)> is_nobody{}; // Slack has said that there is none of that name
        std::function<std::string_view()> home_team{}; // empty: not known yet
        std::function<std::string()> called{}; // what Slack calls us, without "@"; may change until home_team is known
    };
    Followers(Doors doors, const oncall::InForce& in_force, std::string fallback_channel);

    /// Until its task is cancelled.
    asio::awaitable<void> run();
    /// Another configuration is in force: looked at now, and what failed is tried again.
    void look_again();
    /// Slack told who somebody is, or that it does not know.
    void ring() { wake_.ring(); }

private:
    using Key = std::pair<std::string, std::string>; // kind and name
    /// After a failure, for as long as the same is wanted.
    struct Rest {
        std::string wanted{};
        int failures{};
        TimePoint until{};
    };
    /// Trouble, or "" and how it stands.
    struct Verdict {
        std::string trouble{};
        std::string now{};
    };
    /// People who have been looked for in vain.
    struct Vain {
        std::vector<std::string> nobody{}; // Slack does not know them
        std::vector<std::string> not_told{}; // it could not be asked, for long
    };
    /// One look at all: what is there, and what came of it.
    struct Round {
        std::shared_ptr<const oncall::Configuration> configuration{};
        oncall::SlackPeople people{};
        std::map<std::string, std::string> names{}; // by Slack id
        std::map<Key, storage::Follower> stored{}, rows{};
        std::map<Key, std::vector<std::string>> teams{}; // of all that is to follow
        std::map<Key, Verdict> verdicts{}; // of what was looked at
        TimePoint again{TimePoint::max()}; // the next is due
        void due(TimePoint when) { again = std::min(again, when); }
    };

    asio::awaitable<TimePoint> pass();
    asio::awaitable<Round> begin();
    asio::awaitable<void> find_groups(Round& round);
    void find_group(Round& round, storage::Follower& row, const slack::Json& groups);
    asio::awaitable<void> find_channels(Round& round);
    asio::awaitable<void> follow_groups(Round& round);
    asio::awaitable<void> follow_topics(Round& round);
    asio::awaitable<void> follow_group(Round& round, oncall::GroupWish wish, storage::Follower& row);
    asio::awaitable<void> follow_topic(Round& round, oncall::TopicWish wish, storage::Follower& row);
    asio::awaitable<bool> holds(storage::Follower row, std::string wanted);
    asio::awaitable<void> set_group(storage::Follower& row, std::string wanted);
    asio::awaitable<std::string> set_topic(Round& round, storage::Follower& row, std::vector<std::string> texts);
    asio::awaitable<std::optional<std::string>> read_topic(Round& round, storage::Follower row);
    asio::awaitable<void> write_topic(storage::Follower row, std::string topic);
    asio::awaitable<bool> know_better(Round& round, std::vector<std::string> users);
    asio::awaitable<void> let_go(Round& round, storage::Follower row);
    asio::awaitable<void> conclude(Round& round);
    asio::awaitable<void> save(storage::Follower row);
    asio::awaitable<slack::Json> call(std::string lane, std::string method, slack::Json arguments);

    void need_room(const std::string& lane, const std::string& method) const;
    void slow_down(Round& round, const slack::Error& error);
    void failed(Round& round, const Key& resting, const storage::Follower& row, const slack::Error& error);
    void rest(Round& round, const Key& key);
    bool may_try(Round& round, const Key& key, const std::string& wanted);
    std::optional<Vain> looked_for_in_vain(Round& round, const std::vector<std::string>& unknown);

    Doors doors_;
    const oncall::InForce& in_force_;
    std::string fallback_channel_;
    doors::Wake wake_;
    Budget budget_{};
    bool idle_{}; // nothing is to follow, and nothing did
    int told_{}; // how often there was something to say
    std::map<Key, Rest> rests_{};
    std::map<Key, TimePoint> looked_at_{};
    TimePoint groups_listed_at_{};
    std::map<std::string, TimePoint> unknown_since_{};
};

} // namespace delivery
