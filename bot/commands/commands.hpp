#pragma once

#include "config/oncall_yaml.hpp"
#include "config/settings.hpp"
#include "notify/email.hpp"
#include "oncall/configuration.hpp"

namespace commands {

/// The service, until SIGINT or SIGTERM. Returns the exit status.
int run();
/// The story of one page, in a workspace of its own; `once` ends after it.
int demo(bool once);

/// Looks whether settings, database and Slack are as they must be, and says what to mend. 0 when nothing is to be.
int check();

/// Keys of sources: "list", or "rotate" or "revoke" that of `source`; after a rotation the old one works for `overlap`.
int token(const std::string& what, const std::string& source = {}, const std::string& overlap = "24h");

/// A variable of the environment; the text of a file. nullopt when there is none.
std::optional<std::string> environment(const std::string& name);
std::optional<std::string> file(const std::string& path);
/// oncall.yaml's text; `key_env` names a variable of the environment, or of .env.
config::Parsed parse_configuration(const std::string& text, const config::ReadSettings& read);
/// Reads the file of ONCALL_CONFIG; says every problem on standard error. nullopt when there is one.
std::optional<oncall::Configuration> read_configuration(const config::ReadSettings& read);

/// By SMTP_URL; nullptr without one. The settings are valid.
std::unique_ptr<notify::Mailer> mail_server(const config::Settings& settings, boost::asio::any_io_executor loop);

} // namespace commands
