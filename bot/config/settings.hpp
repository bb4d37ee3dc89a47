#pragma once

#include "doors/log.hpp"
#include "oncall/bundling.hpp"
#include "oncall/flapping.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace config {

/// A text that must not be shown: it has no way into a stream or a log but `get`.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text)
        : text_{std::move(text)}
    {
    }
    const std::string& get() const { return text_; }

private:
    std::string text_{};
};

/// How many mail servers there may be, and how many Twilio accounts.
inline constexpr int most_of_a_provider = 5;

/// A mail server: SMTP_URL and SMTP_FROM, or SMTP_URL_2 and so on.
struct MailSettings {
    std::string number{}; // behind the settings' names: "", "_2" …
    Secret url{}; // holds the password. Read it with notify::smtp_server_in
    std::string from{};
};

/// A Twilio account: TWILIO_ACCOUNT_SID and the others, or TWILIO_ACCOUNT_SID_2 and so on.
struct TwilioSettings {
    std::string number{}; // behind the settings' names: "", "_2" …
    std::string account_sid{};
    Secret auth_token{}; // that signs what we ask
    std::vector<Secret> auth_tokens{}; // that its requests may be signed with: while it is changed, two
    std::string from{}; // our number, E.164
    std::string api_url{"https://api.twilio.com"}; // without a slash at its end
};

/// What the environment says.
struct Settings {
    Secret slack_bot_token{};
    Secret slack_app_token{}; // Socket Mode
    Secret slack_signing_secret{}; // HTTP mode; one of the two is set, or both
    std::string slack_api_url{"https://slack.com/api/"}; // ends in a slash
    std::string database{"oncall.db"};
    std::string listen{"127.0.0.1:8080"};
    std::string tls_certificate{}; // paths of PEM files; both or neither
    std::string tls_key{};
    std::string public_url{}; // without a slash at the end; may be empty
    std::string config{}; // the path of oncall.yaml; may be empty
    std::string channel{}; // the fallback channel: "#ops" or an id; may be empty
    std::vector<std::string> admins{};
    Secret heartbeat_url{}; // asked while all is well; whoever knows it could feign that, so it is a secret. May be empty
    std::vector<MailSettings> mail{}; // in the order in which they are tried; empty: no e-mail
    std::vector<TwilioSettings> twilio{}; // likewise; empty: no text messages and calls
    std::vector<std::string> countries{}; // whose numbers may be used: "DE", or "+44"; empty: all
    std::string ntfy_url{}; // without a slash at the end; empty: no ntfy
    Secret ntfy_token{}; // for a server that wants one
    Secret pushover_token{}; // empty: no Pushover
    std::string gotify_url{}; // without a slash at the end; empty: no Gotify
    std::string vapid_subject{}; // whom push services may write to: "mailto:…" or "https://…"; empty: `public_url`
    bool private_webhooks{}; // webhooks may lead to private addresses
    bool require_waking{}; // people's rules of high urgency must be able to wake them; else they are warned
    oncall::Bundling bundling{}; // when pages are joined into one message
    oncall::Recurrence recurrence{}; // when an alert comes back as what it was, and when it flaps
    bool configured_page{}; // only those whom the configuration names page by hand, and the admins
    int pages_an_hour{20}; // that one person may make by hand
    bool suggests{true}; // cards say which open alert theirs may belong to
    logging::Format log_format{logging::Format::text};
    logging::Level log_level{logging::Level::info};
};

struct ReadSettings {
    Settings settings{};
    std::vector<std::string> problems{}; // each one line, with its fix
    std::map<std::string, std::string> dotenv{}; // what the .env file says, for `key_env` in oncall.yaml
};

/// Reads every setting from `environment`, else from `dotenv`, the text of a .env file (NAME=value lines; # comments; quotes).
/// A secret may come as NAME_FILE, the path of a file that holds it. Reports all problems at once.
ReadSettings read_settings(
    const std::function<std::optional<std::string>(const std::string&)>& environment, const std::optional<std::string>& dotenv);

} // namespace config
