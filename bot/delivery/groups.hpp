#pragma once

#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/tasks.hpp"
#include "doors/wake.hpp"
#include "oncall/in_force.hpp"
#include "slack/client.hpp"
#include "storage/levels.hpp"

namespace delivery {

namespace asio = boost::asio;

/// Reads ahead who is in the Slack user groups that policies page, so that no page waits for Slack: what was read last counts,
/// also while Slack is down. What Slack refuses is said once in the fallback channel, with its fix.
class Groups {
public:
    struct Doors {
        storage::Database& database;
        slack::Client& slack;
        doors::Clock& clock;
        doors::Tasks& tasks;
        logging::Log& log;
        std::function<void(const std::string& user)> meet{}; // somebody may be paged: learns who that is
    };
    Groups(Doors doors, const oncall::InForce& in_force, std::string fallback_channel);

    /// Until its task is cancelled.
    asio::awaitable<void> run();
    /// Another configuration is in force: read now.
    void look_again();
    /// A page may have begun by a group that was not read for long.
    void ring();

private:
    asio::awaitable<oncall::TimePoint> pass();
    asio::awaitable<std::vector<storage::ReadGroup>> wanted();
    asio::awaitable<std::optional<std::chrono::seconds>> read(storage::ReadGroup& group);
    asio::awaitable<std::string> id_of(std::string name);
    asio::awaitable<void> keep(storage::ReadGroup group, std::string trouble_before);

    Doors doors_;
    const oncall::InForce& in_force_;
    std::string fallback_channel_;
    doors::Wake wake_;
    bool hurry_{true};
    bool rung_{};
    std::map<std::string, oncall::TimePoint> rests_{}; // by group: it is not read before
    std::map<std::string, std::string> ids_{}; // by handle, as listed in this pass
    bool listed_{};
};

} // namespace delivery
