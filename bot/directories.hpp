#pragma once

#include "config/oncall_yaml.hpp"
#include "doors/wake.hpp"
#include "doors/worker.hpp"
#include "handlers/directories.hpp"
#include "net/network.hpp"

namespace asio = boost::asio;

/// Reads the directories that the configuration names, each when its time has come by its row in the database, and by hand. What
/// was not read whole changes nothing.
class Directories {
public:
    struct Parts {
        net::Network& network;
        doors::Worker* worker{}; // where files are read and texts taken apart; nullptr: on the loop
        std::string folder{}; // that files are named from
        config::Environment environment{}; // tokens are looked up there each time, and kept nowhere
    };
    Directories(handlers::Context& app, Parts parts);

    /// Until its task is cancelled.
    asio::awaitable<void> run();
    /// Another configuration is in force.
    void look_again();
    /// Reads one now. Throws Refusal where there is none of that name, or it is being read.
    asio::awaitable<handlers::SyncReport> sync(std::string name, handlers::SyncWish wish, handlers::Asked asked);

private:
    asio::awaitable<oncall::TimePoint> pass();
    asio::awaitable<oncall::DirectoryRead> read(oncall::Directory directory);
    asio::awaitable<oncall::DirectoryRead> read_harness(oncall::Directory directory, std::string token);
    asio::awaitable<void> on_worker(std::function<void()> piece);

    handlers::Context& app_;
    Parts parts_;
    doors::Wake wake_;
    std::set<std::string> under_way_{};
};
