#pragma once

#include "delivery/job.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/painter.hpp"
#include "slack/files.hpp"
#include "storage/uploads.hpp"

#include <set>

namespace delivery {

namespace asio = boost::asio;

/// Files on their way into Slack. What has been done for a row is written down after each step, so that a further attempt goes on
/// from there; a step that may have been done and is done again leaves a file that nobody sees.
class Uploads {
public:
    struct Doors {
        storage::Database& database;
        slack::Client& slack;
        slack::Files& files;
        doors::Painter* painter{}; // nullptr: nothing can be drawn
        doors::Clock& clock;
        logging::Log& log;
    };
    explicit Uploads(Doors doors)
        : doors_{doors}
    {
    }

    /// The file that a row's picture is, for its message to show: completed; without an id when there is none to be had, which is
    /// logged once. Throws slack::Error when it is to be tried again.
    asio::awaitable<storage::Upload> picture(std::string key, Attached what);
    /// Posts a row's file in `channel`. `again`: an earlier attempt may have. Throws slack::Error.
    asio::awaitable<void> post(std::string key, Attached what, std::string channel, bool again);

    /// Files that were made ready for rows that are gone are forgotten.
    asio::awaitable<void> recover();

private:
    asio::awaitable<storage::Upload> made(std::string key, const Attached& what);
    asio::awaitable<std::string> bytes_of(const Attached& what);
    asio::awaitable<bool> is_in(std::string channel, std::string file);
    void complain(const std::string& why);

    Doors doors_;
    std::set<std::string> complained_{};
};

/// The message with the picture in it; without an id, as it was.
slack::Message with_picture(slack::Message message, const Attached& what, const std::string& file);

} // namespace delivery
