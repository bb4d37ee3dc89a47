#pragma once

#include "config/oncall_yaml.hpp"
#include "config/settings.hpp"
#include "notify/email.hpp"
#include "oncall/configuration.hpp"

namespace commands {

/// The service, until SIGINT or SIGTERM. Returns the exit status.
int run();

struct DemoFlags {
    bool once{}; // end after what is played
    std::optional<std::string> from{}; // the path of an oncall.yaml to play; nullopt: the story of one page
};
/// Plays in a workspace of its own, which it then shows in a browser until SIGINT or SIGTERM.
int demo(const DemoFlags& flags);

/// Looks whether settings, database and Slack are as they must be, and says what to mend. 0 when nothing is to be.
int check();

struct PayloadFlags {
    std::string file{}; // its path; "-": standard input
    std::string source{}; // as oncall.yaml names it; empty: by its format
    std::string format{}; // empty: guessed
    std::vector<std::string> headers{}; // "NAME: VALUE"
};
/// Says what a payload would become by what holds, or by ONCALL_CONFIG where there is no database: the alerts, and who would be
/// paged now. Nothing is stored. 1 when it cannot be read.
int check_payload(const PayloadFlags& flags);

struct ApplyFlags {
    bool dry_run{}; // say what would change, and change nothing
    bool prune{}; // delete what is gone from the file
    bool force{}; // also what was changed in Slack since
};
/// Takes up an oncall.yaml; says what changed.
int apply(const std::string& path, ApplyFlags flags);
struct SyncFlags {
    std::string name{}; // of a directory; empty: all
    bool dry_run{}; // say what would change, and change nothing
    bool even_if_few{}; // also when it has fewer than half of the services it had
};
/// Reads directories now and takes them up; says what changed.
int sync(const SyncFlags& flags);
/// Prints what holds, as apply reads it.
int export_yaml();

/// A checked copy of the database to a new file, also while the service runs.
int backup(const std::string& target);
/// Keys of sources: "list", or "rotate" or "revoke" that of `source`; after a rotation the old one works for `overlap`.
int token(const std::string& what, const std::string& source = {}, const std::string& overlap = "24h");

/// Looks variables up in the environment, and in .env as it is then.
config::Environment environment_now();
/// The settings of the environment, and of .env in the working directory or else of the package's, /etc/oncall-bot/.env.
config::ReadSettings read_settings();
/// The path of that file; empty: there is none.
std::string settings_file();
/// A variable of the environment; the text of a file. nullopt when there is none.
std::optional<std::string> environment(const std::string& name);
std::optional<std::string> file(const std::string& path);
/// oncall.yaml's text; `key_env` names a variable of the environment, or of .env.
config::Parsed parse_configuration(const std::string& text, const config::ReadSettings& read);
/// The variables of the environment, or of .env. `read` must live as long.
config::Environment environment_of(const config::ReadSettings& read);
/// Reads the file of ONCALL_CONFIG.
config::Parsed read_configuration(const config::ReadSettings& read);

/// Why the settings that are meant cannot be read by this user; empty: they can.
std::string hidden_settings();

/// Keys that were made are shown once: on a terminal, else in the file `<database>-new-keys`, so that no journal keeps them.
void show_keys(const std::map<std::string, std::string>& made, const std::string& database, logging::Log& log);

/// Of each mail server of the settings, in their order; nullptr where what is set is not valid.
using MailServers = std::vector<std::unique_ptr<notify::Mailer>>;
MailServers mail_servers(const config::Settings& settings, boost::asio::any_io_executor loop);
std::vector<notify::Mailer*> pointers(const MailServers& servers);

} // namespace commands
