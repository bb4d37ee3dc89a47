#pragma once

#include "auditor.hpp"
#include "calendars.hpp"
#include "config/oncall_yaml.hpp"
#include "config/settings.hpp"
#include "delivery/followers.hpp"
#include "delivery/groups.hpp"
#include "delivery/mender.hpp"
#include "delivery/sender.hpp"
#include "directories.hpp"
#include "doors/painter.hpp"
#include "doors/worker.hpp"
#include "engine.hpp"
#include "granted.hpp"
#include "handlers/http.hpp"
#include "homes.hpp"
#include "net/network.hpp"
#include "notify/email.hpp"
#include "notify/provider.hpp"
#include "roster.hpp"
#include "slack/files.hpp"
#include "slack/socket_mode.hpp"
#include "text_replies.hpp"
#include "watch.hpp"
#include "ways_out.hpp"

/// The service: every part, made in the order in which one needs the other.
class App {
public:
    struct Doors {
        asio::any_io_executor loop;
        net::Network& network;
        doors::Clock& clock;
        doors::Random& random;
        doors::Worker& worker; // the database's
        logging::Log& log;
        std::vector<notify::Mailer*> mailers{}; // in the order in which they are tried; empty: no e-mail
        notify::Providers providers{}; // of the other ways, before those that the settings name
        doors::Painter* painter{}; // nullptr: messages go without pictures
        doors::Worker* reader{}; // takes calendars and directories apart; nullptr: that is done on the loop
        config::Environment environment{}; // where tokens of directories are looked up; empty: the process's own
    };

    /// Opens the database. Throws storage::CannotOpen. `file`: what oncall.yaml says; nullopt: there is none, and what the
    /// database holds is all there is.
    App(config::Settings settings, std::optional<oncall::Configuration> file, Doors doors);
    ~App();

    /// Takes up the file, recovers, listens, connects to Slack and starts to work. Throws std::system_error when the address is
    /// taken. Keys made for sources without one are returned, to be shown once.
    asio::awaitable<std::map<std::string, std::string>> start();
    /// Puts in force what the database holds, without starting anything: for a verb in a process of its own.
    asio::awaitable<void> load();
    /// Takes up oncall.yaml again, as the start does: what was changed in Slack stays. What is wrong in it is logged, all of it,
    /// and changes nothing. Keys made are returned, to be shown once.
    asio::awaitable<std::map<std::string, std::string>> reload(config::Parsed file);
    /// People of the configuration whom Slack does not know, and where they are named; asked for a moment at most. Nobody, when
    /// the service does not run.
    asio::awaitable<std::map<std::string, std::vector<std::string>>> strangers();
    /// Keys made so far, also by a start that failed then.
    const std::map<std::string, std::string>& keys_made() const { return keys_made_; }
    /// Whether the database holds a configuration.
    asio::awaitable<bool> is_configured();
    /// Ends within half a second: begins nothing more, gives what is under way a moment, and stops.
    asio::awaitable<void> end();
    /// Accepts nothing more and asks every task to end.
    void stop();
    /// Tasks that have not ended yet.
    std::size_t running() const { return tasks_.running(); }

    /// Requests and clicks that are being answered, and messages that are being sent.
    std::size_t under_way() const { return *context_.answering + sender_.under_way(); }

    const config::Settings& settings() const { return settings_; }
    std::uint16_t port() const { return listener_ ? listener_->port() : 0; }
    bool slack_up() const { return context_.slack_up(); }
    const slack::SocketMode::Health& slack_health() const { return socket_mode_->health(); }
    storage::Database& database() { return database_; }
    handlers::Context& context() { return context_; }
    const Auditor::Health& audit() const { return auditor_.health(); }

private:
    /// `anyway`: also when it says what it said when it was last taken up.
    asio::awaitable<std::map<std::string, std::string>> take_up(oncall::Configuration file, std::string via, bool anyway);
    asio::awaitable<net::Response> serve(net::Request request);
    asio::awaitable<slack::Json> envelope(slack::Envelope envelope);
    asio::awaitable<void> know_ourselves();
    /// What the service knows of its own setup.
    oncall::SetupFacts setup_facts() const;
    /// Runs `work`, and again a second after it failed: a full disk must not end the paging for good.
    asio::awaitable<void> keep(std::string name, std::function<asio::awaitable<void>()> work);

    config::Settings settings_;
    std::optional<oncall::Configuration> file_; // until the start has taken it up
    std::map<std::string, std::string> keys_made_{};
    Doors doors_;
    doors::Tasks tasks_;
    WaysOut ways_out_;
    storage::Database database_;
    slack::Client slack_;
    slack::Files files_;
    oncall::InForce in_force_;
    handlers::Context context_;
    Auditor auditor_;
    Watch watch_;
    handlers::Http http_;
    Engine engine_;
    Roster roster_;
    delivery::Channels channels_;
    delivery::Sender sender_;
    delivery::Mender mender_;
    delivery::Followers followers_;
    delivery::Groups groups_;
    Calendars calendars_;
    Directories directories_;
    GrantedScopes granted_{};
    Homes homes_;
    std::vector<std::unique_ptr<TextReplies>> text_replies_{}; // of each account
    std::unique_ptr<slack::SocketMode> socket_mode_{};
    std::unique_ptr<net::Listener> listener_{};
    std::string bot_name_{"oncall"}; // in Slack, as far as it has said
    bool started_{};
    bool ending_{};
};
