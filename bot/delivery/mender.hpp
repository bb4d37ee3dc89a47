#pragma once

#include "delivery/channels.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/tasks.hpp"
#include "doors/wake.hpp"
#include "oncall/in_force.hpp"
#include "slack/client.hpp"
#include "storage/troubles.hpp"

#include <functional>
#include <set>

namespace delivery {

namespace asio = boost::asio;
using oncall::TimePoint;

/// Knows what keeps us from something until a person acts: a channel that we are not in, a scope that the app lacks, a token that
/// is not accepted. Says it once, with its fix, to whoever can mend it; tries again every few minutes; and when it is over, says
/// that and lets what waited go.
class Mender {
public:
    struct Doors {
        storage::Database& database;
        slack::Client& slack;
        Channels& channels;
        doors::Clock& clock;
        doors::Tasks& tasks;
        logging::Log& log;
        std::function<std::string()> called{}; // what Slack calls us, without "@"
    };
    struct Wishes {
        std::string channel{}; // the fallback channel; may be empty
        std::vector<std::string> admins{}; // e-mail addresses, @handles or Slack ids
        std::function<bool()> email{}; // whether there is a server for it
        bool has_app_token{}; // Slack is heard by Socket Mode
    };
    Mender(Doors doors, const oncall::InForce& in_force, Wishes wishes);

    /// Until its task is cancelled.
    asio::awaitable<void> run();
    /// Something may be to say, or to try.
    void ring() { wake_.ring(); }
    /// Something stands, as far as the last look tells.
    bool stands() const { return !standing_.empty(); }
    const std::vector<storage::Trouble>& standing() const { return standing_; }
    /// Of every call of Slack's.
    void heard(const slack::Called& call);

private:
    struct Heard {
        storage::TroubleKey of{};
        std::string code{}; // empty: it is over
        std::string method{};
    };
    /// What is known on the loop, and needed on the database's thread.
    struct Around {
        TimePoint now{};
        std::string bot{};
        bool has_mail{};
        std::shared_ptr<const oncall::Configuration> configuration{};
        std::string key{}; // of what is said
    };
    struct News;
    asio::awaitable<TimePoint> round();
    asio::awaitable<bool> is_member(std::string channel);
    void begins(storage::TroubleKey of, const slack::Called& call);
    void ends(const storage::TroubleKey& of);
    bool settle(storage::Transaction& tx, const std::vector<Heard>& heard, const Around& around, News& news) const;
    void tell(storage::Transaction& tx, const std::vector<storage::Trouble>& all, const storage::Trouble& one,
        const Around& around, News& news) const;
    void say(storage::Transaction& tx, const News& news, const Around& around) const;

    Doors doors_;
    const oncall::InForce& in_force_;
    Wishes wishes_;
    doors::Wake wake_;
    std::vector<storage::Trouble> standing_{};
    std::vector<Heard> heard_{};
    int told_{}; // how often there was something to say
};

} // namespace delivery
