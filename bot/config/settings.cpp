#include "config/settings.hpp"

#include "notify/smtp_server.hpp"
#include "oncall/phone.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

namespace config {

namespace {

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos)
        return {};
    return std::string{text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1)};
}

/// Letters, digits, _ and -.
bool is_word(const std::string& text)
{
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

class SettingsReader {
public:
    SettingsReader(const std::function<std::optional<std::string>(const std::string&)>& environment,
        const std::optional<std::string>& dotenv)
        : environment_{environment}
    {
        if (dotenv)
            read_file(*dotenv);
    }

    ReadSettings read();

private:
    void problem(std::string text) { result_.problems.push_back(std::move(text)); }
    void read_file(const std::string& text);
    std::string value(const std::string& name)
    {
        if (const auto set = environment_(name); set && !set->empty())
            return trimmed(*set);
        const auto found = file_.find(name);
        return found == file_.end() ? std::string{} : found->second;
    }
    std::string secret(const std::string& name);
    std::string token(const std::string& name, std::string text, const std::string& prefix, const std::string& where);
    bool is_web_address(const std::string& text) const;
    std::string web_address(const std::string& name);
    void log_wish(const std::string& wish);
    void mail(const std::string& number);
    void twilio(const std::string& number);
    void countries();
    void bundling();
    void recurrence();
    void push();

    const std::function<std::optional<std::string>(const std::string&)>& environment_;
    std::map<std::string, std::string> file_{};
    ReadSettings result_{};
};

void SettingsReader::read_file(const std::string& text)
{
    std::istringstream lines{text};
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        line = trimmed(line);
        if (line.empty() || line.front() == '#')
            continue;
        if (line.starts_with("export "))
            line = trimmed(line.substr(7));
        const auto sign = line.find('=');
        if (sign == std::string::npos || sign == 0) {
            problem(".env:" + std::to_string(number) + ": not NAME=value. Fix: write it so, or put # before it.");
            continue;
        }
        auto content = trimmed(line.substr(sign + 1));
        const bool quoted =
            content.size() >= 2 && (content.front() == '"' || content.front() == '\'') && content.back() == content.front();
        if (quoted)
            content = content.substr(1, content.size() - 2);
        else if (const auto comment = content.find(" #"); comment != std::string::npos)
            content = trimmed(content.substr(0, comment));
        file_[trimmed(line.substr(0, sign))] = content;
    }
}

std::string SettingsReader::secret(const std::string& name)
{
    const auto direct = value(name);
    const auto path = value(name + "_FILE");
    if (path.empty())
        return direct;
    if (!direct.empty())
        problem(name + " and " + name + "_FILE are both set. Fix: keep one.");
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        problem(name + "_FILE: " + path + " cannot be read. Fix: check the path and its permissions.");
        return {};
    }
    std::stringstream content;
    content << file.rdbuf();
    return trimmed(content.str());
}

std::string SettingsReader::token(const std::string& name, std::string text, const std::string& prefix, const std::string& where)
{
    if (text.empty())
        problem(name + " is not set. Fix: copy the token that starts with " + prefix + " from " + where + ".");
    else if (!text.starts_with(prefix) || text.find_first_of(" \t\r\n") != std::string::npos)
        problem(name + " is not a token that starts with " + prefix + ". Fix: copy it from " + where + ".");
    return text;
}

bool SettingsReader::is_web_address(const std::string& text) const
{
    if (text.find_first_of(" \t\r\n") != text.npos)
        return false;
    if (text.starts_with("https://"))
        return true;
    for (const std::string host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
        if (text.starts_with(host) && (text.size() == host.size() || text[host.size()] == ':' || text[host.size()] == '/'))
            return true;
    return false;
}

std::string SettingsReader::web_address(const std::string& name)
{
    const auto text = value(name);
    if (text.empty() || is_web_address(text))
        return text;
    problem(name + ": " + text + " is no https address. Fix: start it with https:// (http:// is for this machine only).");
    return text;
}

void SettingsReader::log_wish(const std::string& wish)
{
    const std::map<std::string, logging::Level> levels{{"debug", logging::Level::debug}, {"info", logging::Level::info},
        {"warning", logging::Level::warning}, {"error", logging::Level::error}};
    auto& settings = result_.settings;
    if (wish == "text" || wish == "json")
        settings.log_format = wish == "json" ? logging::Format::json : logging::Format::text;
    else if (const auto level = levels.find(wish); level != levels.end())
        settings.log_level = level->second;
    else
        problem(
            "ONCALL_LOG: there is no `" + wish + "`. Fix: use text or json, and debug, info, warning or error, as json,debug.");
}

std::vector<std::string> listed(const std::string& text)
{
    std::vector<std::string> items;
    std::istringstream parts{text};
    for (std::string part; std::getline(parts, part, ',');)
        if (auto item = trimmed(part); !item.empty())
            items.push_back(std::move(item));
    return items;
}

/// The sid of an account: AC and 32 hexadecimal digits.
bool is_account(std::string_view sid)
{
    return sid.size() == 34 && sid.starts_with("AC")
        && std::all_of(sid.begin() + 2, sid.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// The first stands alone, and may have others beside it: SMTP_URL_2, SMTP_URL_3 …
std::string number_of(int which) { return which == 1 ? "" : "_" + std::to_string(which); }

void SettingsReader::mail(const std::string& number)
{
    MailSettings server;
    server.number = number;
    server.url = Secret{secret("SMTP_URL" + number)};
    server.from = value("SMTP_FROM" + number);
    if (server.url.get().empty()) {
        if (!server.from.empty())
            problem("SMTP_FROM" + number + " is set and SMTP_URL" + number
                + " is not, so no mail would be sent. Fix: set SMTP_URL" + number
                + " to smtp://user:password@host:587, or take SMTP_FROM" + number + " out.");
        return;
    }
    if (server.from.empty() && !result_.settings.mail.empty())
        server.from = result_.settings.mail.front().from;
    for (auto& text : notify::smtp_server_in(server.url.get(), server.from, number).problems)
        problem(std::move(text));
    result_.settings.mail.push_back(std::move(server));
}

void SettingsReader::twilio(const std::string& number)
{
    const auto sid = "TWILIO_ACCOUNT_SID" + number, token = "TWILIO_AUTH_TOKEN" + number, caller = "TWILIO_FROM" + number;
    auto& all = result_.settings.twilio;
    TwilioSettings account;
    account.number = number;
    account.account_sid = value(sid);
    for (auto& one : listed(secret(token)))
        account.auth_tokens.emplace_back(std::move(one));
    if (!account.auth_tokens.empty())
        account.auth_token = account.auth_tokens.front();
    const auto from = value(caller);
    if (const auto url = web_address("TWILIO_API_URL" + number); !url.empty())
        account.api_url = url.substr(0, url.find_last_not_of('/') + 1);
    else if (!all.empty())
        account.api_url = all.front().api_url;
    std::string missing;
    int set = 0;
    for (const auto& [name, is_set] : {std::pair{sid, !account.account_sid.empty()},
             std::pair{token, !account.auth_tokens.empty()}, std::pair{caller, !from.empty()}}) {
        set += is_set ? 1 : 0;
        if (!is_set)
            missing += (missing.empty() ? "" : " and ") + name;
    }
    if (set == 0)
        return;
    if (!missing.empty())
        problem(sid + ", " + token + " and " + caller + " belong together. Fix: set " + missing
            + " too (console.twilio.com shows them), or none of the three.");
    if (!account.account_sid.empty() && !is_account(account.account_sid))
        problem(sid
            + " is no account's SID. Fix: copy the one that starts with AC from console.twilio.com, "
              "\"Account Info\".");
    if (account.auth_tokens.size() > 2)
        problem(token
            + " has more than two tokens. Fix: set the new one, and behind a comma the old one until Twilio "
              "has forgotten it.");
    auto phone = oncall::phone_in(from);
    if (!from.empty() && phone.number.empty())
        problem(caller + ": " + from + " is no telephone number. " + phone.problem
            + " Fix: copy the number from console.twilio.com, \"Active numbers\".");
    account.from = std::move(phone.number);
    all.push_back(std::move(account));
}

void SettingsReader::countries()
{
    for (auto& entry : listed(value("ONCALL_COUNTRIES"))) {
        std::transform(entry.begin(), entry.end(), entry.begin(),
            [](unsigned char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
        if (oncall::is_country_entry(entry))
            result_.settings.countries.push_back(std::move(entry));
        else
            problem("ONCALL_COUNTRIES: " + entry
                + " is no country. Fix: write two letters, as DE, or how its numbers begin, as +49.");
    }
}

/// The ways to reach a phone that need no telephone.
void SettingsReader::push()
{
    const auto without_slash = [](std::string url) {
        while (url.ends_with('/'))
            url.pop_back();
        return url;
    };
    auto& settings = result_.settings;
    settings.ntfy_url = without_slash(web_address("NTFY_URL"));
    if (const auto path = settings.ntfy_url.find('/', settings.ntfy_url.find("://") + 3);
        !settings.ntfy_url.empty() && path != std::string::npos)
        problem("NTFY_URL: " + settings.ntfy_url + " names more than a server. Fix: leave the topic out, as "
            + settings.ntfy_url.substr(0, path) + "; everybody gives one of their own in Slack.");
    settings.ntfy_token = Secret{secret("NTFY_TOKEN")};
    if (const auto& token = settings.ntfy_token.get(); !token.empty() && settings.ntfy_url.empty())
        problem("NTFY_TOKEN is set and NTFY_URL is not, so nothing would be sent. Fix: set NTFY_URL to the server's address, or "
                "take NTFY_TOKEN out.");
    else if (!token.empty() && (!token.starts_with("tk_") || !is_word(token)))
        problem("NTFY_TOKEN is no access token of ntfy. Fix: make one by `ntfy token add USER`; it starts with tk_.");
    settings.pushover_token = Secret{secret("PUSHOVER_TOKEN")};
    if (const auto& token = settings.pushover_token.get(); !token.empty() && (token.size() != 30 || !is_word(token)))
        problem("PUSHOVER_TOKEN is not 30 letters and digits. Fix: make an application at pushover.net, and copy its API token.");
    settings.gotify_url = without_slash(web_address("GOTIFY_URL"));
    settings.vapid_subject = value("VAPID_SUBJECT");
    if (const auto& subject = settings.vapid_subject; !subject.empty()) {
        const bool mail = subject.starts_with("mailto:") && subject.find('@') != std::string::npos;
        if ((!mail && !subject.starts_with("https://")) || subject.find_first_of(" \t\"<>") != std::string::npos)
            problem("VAPID_SUBJECT: " + subject
                + " is no address that push services could write to. Fix: write mailto:you@example.com, or an https:// address.");
        if (!settings.public_url.starts_with("https://"))
            problem("VAPID_SUBJECT is set, and browsers are notified by https alone. Fix: set ONCALL_PUBLIC_URL to this bot's "
                    "https:// address, or take VAPID_SUBJECT out.");
    }
    const auto wish = value("ONCALL_PRIVATE_WEBHOOKS");
    settings.private_webhooks = wish == "yes" || wish == "true" || wish == "1";
    if (!wish.empty() && !settings.private_webhooks && wish != "no" && wish != "false" && wish != "0")
        problem("ONCALL_PRIVATE_WEBHOOKS: " + wish
            + " is neither yes nor no. Fix: write yes if webhooks may lead into your own "
              "network, else take it out.");
}

void SettingsReader::bundling()
{
    auto& bundling = result_.settings.bundling;
    if (const auto after = value("ONCALL_BUNDLE_AFTER"); !after.empty()) {
        const auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), bundling.at_once);
        if (error != std::errc{} || end != after.data() + after.size() || bundling.at_once < 1 || bundling.at_once > 1'000)
            problem("ONCALL_BUNDLE_AFTER: " + after
                + " is no number of pages. Fix: write how many pages of a minute reach a person one by one, 1 to 1000.");
    }
    if (const auto hold = value("ONCALL_BUNDLE_HOLD"); !hold.empty()) {
        const auto duration =
            hold == "0" ? oncall::milliseconds{0} : oncall::duration_in(hold).value_or(oncall::milliseconds{-1});
        if (duration < oncall::milliseconds{0} || duration > oncall::longest_hold)
            problem("ONCALL_BUNDLE_HOLD: " + hold
                + " is not how long a page may wait for others. Fix: write a time up to 30s, or 0 so that none ever waits.");
        else
            bundling.hold = duration;
    }
}

void SettingsReader::recurrence()
{
    auto& recurrence = result_.settings.recurrence;
    if (const auto within = value("ONCALL_REOPEN_WITHIN"); !within.empty()) {
        const auto duration =
            within == "0" ? oncall::milliseconds{0} : oncall::duration_in(within).value_or(oncall::milliseconds{-1});
        if (duration < oncall::milliseconds{0} || duration > oncall::longest_reopen)
            problem("ONCALL_REOPEN_WITHIN: " + within
                + " is not how soon an alert comes back as the one that it was. Fix: write a time up to 1h, or 0 so that what "
                  "fires again is always a new alert.");
        else
            recurrence.reopen_within = duration;
    }
    if (const auto from = value("ONCALL_FLAPPING_FROM"); !from.empty()) {
        const auto [end, error] = std::from_chars(from.data(), from.data() + from.size(), recurrence.flapping_from);
        const bool is_number = error == std::errc{} && end == from.data() + from.size();
        if (!is_number || recurrence.flapping_from < 0 || recurrence.flapping_from == 1 || recurrence.flapping_from > 100)
            problem("ONCALL_FLAPPING_FROM: " + from
                + " is no number of times. Fix: write how often within half an hour an alert fires before it pages only once it "
                  "stays, 2 to 100; or 0 so that each pages.");
    }
}

ReadSettings SettingsReader::read()
{
    auto& settings = result_.settings;
    settings.slack_bot_token =
        Secret{token("SLACK_BOT_TOKEN", secret("SLACK_BOT_TOKEN"), "xoxb-", "your Slack app's page \"OAuth & Permissions\"")};
    settings.slack_signing_secret = Secret{secret("SLACK_SIGNING_SECRET")};
    if (auto app_token = secret("SLACK_APP_TOKEN"); !app_token.empty() || settings.slack_signing_secret.get().empty())
        settings.slack_app_token = Secret{token(
            "SLACK_APP_TOKEN", std::move(app_token), "xapp-", "your Slack app's page \"Basic Information\", App-Level Tokens")};
    settings.tls_certificate = value("ONCALL_TLS_CERT");
    settings.tls_key = value("ONCALL_TLS_KEY");
    if (settings.tls_certificate.empty() != settings.tls_key.empty())
        problem("ONCALL_TLS_CERT and ONCALL_TLS_KEY belong together. Fix: set both to the paths of PEM files, or neither.");
    if (const auto url = web_address("SLACK_API_URL"); !url.empty())
        settings.slack_api_url = url.back() == '/' ? url : url + "/";
    settings.public_url = web_address("ONCALL_PUBLIC_URL");
    while (!settings.public_url.empty() && settings.public_url.back() == '/')
        settings.public_url.pop_back();
    if (const auto path = value("ONCALL_DATABASE"); !path.empty())
        settings.database = path;
    if (const auto listen = value("ONCALL_LISTEN"); !listen.empty()) {
        settings.listen = listen;
        const auto colon = listen.rfind(':');
        const auto port = colon == std::string::npos ? std::string{} : listen.substr(colon + 1);
        unsigned number{};
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (colon == std::string::npos || colon == 0 || error != std::errc{} || end != port.data() + port.size()
            || number > 65'535)
            problem("ONCALL_LISTEN: " + listen + " is no address. Fix: write host:port, as 127.0.0.1:8080.");
    }
    settings.config = value("ONCALL_CONFIG");
    settings.channel = value("ONCALL_CHANNEL");
    const auto first = settings.channel.empty() ? '#' : settings.channel.front();
    if (settings.channel == "#" || (first != '#' && first != 'C' && first != 'G'))
        problem("ONCALL_CHANNEL: " + settings.channel + " is no channel. Fix: write #name or the channel's id, C….");
    settings.admins = listed(value("ONCALL_ADMINS"));
    settings.heartbeat_url = Secret{secret("ONCALL_HEARTBEAT_URL")};
    if (const auto& url = settings.heartbeat_url.get(); !url.empty() && !is_web_address(url))
        problem("ONCALL_HEARTBEAT_URL is no https address (it is a secret, and not shown). Fix: start it with https:// (http:// "
                "is for this machine only).");
    for (int which = 1; which <= most_of_a_provider; ++which) {
        mail(number_of(which));
        twilio(number_of(which));
    }
    countries();
    push();
    if (const auto wish = value("ONCALL_REQUIRE_WAKING"); wish == "yes")
        settings.require_waking = true;
    else if (!wish.empty() && wish != "no")
        problem("ONCALL_REQUIRE_WAKING: " + wish + " is neither. Fix: write yes or no.");
    bundling();
    recurrence();
    if (const auto who = value("ONCALL_MAY_PAGE"); who == "configured")
        settings.configured_page = true;
    else if (!who.empty() && who != "everybody")
        problem("ONCALL_MAY_PAGE: " + who + " is neither. Fix: write everybody or configured.");
    if (const auto count = value("ONCALL_PAGES_AN_HOUR"); !count.empty()) {
        const auto* const end = count.data() + count.size();
        const auto [stop, error] = std::from_chars(count.data(), end, settings.pages_an_hour);
        if (error != std::errc{} || stop != end || settings.pages_an_hour < 1 || settings.pages_an_hour > 1'000)
            problem("ONCALL_PAGES_AN_HOUR: " + count + " is no count. Fix: write a whole number from 1 to 1000.");
    }
    if (const auto wish = value("ONCALL_SUGGESTIONS"); wish == "no")
        settings.suggests = false;
    else if (!wish.empty() && wish != "yes")
        problem("ONCALL_SUGGESTIONS: " + wish + " is neither. Fix: write yes or no.");
    for (const auto& wish : listed(value("ONCALL_LOG")))
        log_wish(wish);
    result_.dotenv = std::move(file_);
    return std::move(result_);
}

} // namespace

ReadSettings read_settings(
    const std::function<std::optional<std::string>(const std::string&)>& environment, const std::optional<std::string>& dotenv)
{
    return SettingsReader{environment, dotenv}.read();
}

} // namespace config
