#include "catch.hpp"
#include "config/settings.hpp"
#include "notify/smtp_server.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <unistd.h>

using namespace config;

namespace {

ReadSettings read(std::map<std::string, std::string> environment, std::optional<std::string> dotenv = std::nullopt)
{
    return read_settings(
        [environment](const std::string& name) {
            const auto found = environment.find(name);
            return found == environment.end() ? std::nullopt : std::optional{found->second};
        },
        dotenv);
}

const std::map<std::string, std::string> tokens{{"SLACK_BOT_TOKEN", "xoxb-1"}, {"SLACK_APP_TOKEN", "xapp-1"}};

std::map<std::string, std::string> with(const std::string& name, const std::string& value)
{
    auto all = tokens;
    all[name] = value;
    return all;
}

} // namespace

TEST_CASE("Settings come from the environment, else from .env, else by default", "[config]")
{
    const auto got = read(with("ONCALL_LISTEN", "0.0.0.0:9000"),
        "# a comment\nexport ONCALL_CHANNEL=\"#ops\"\nONCALL_LISTEN=1.1.1.1:1\nONCALL_ADMINS= ana@example.com, U123456 # "
        "two\n\nONCALL_LOG=json,debug\n");
    CHECK(got.problems == std::vector<std::string>{});
    CHECK(got.settings.listen == "0.0.0.0:9000");
    CHECK(got.settings.channel == "#ops");
    CHECK(got.settings.admins == std::vector<std::string>{"ana@example.com", "U123456"});
    CHECK(got.settings.log_format == logging::Format::json);
    CHECK(got.settings.log_level == logging::Level::debug);
    CHECK(got.settings.database == "oncall.db");
    CHECK(got.settings.slack_api_url == "https://slack.com/api/");
}

TEST_CASE("Every problem of the settings is reported at once, with its fix", "[config]")
{
    const auto got = read({{"SLACK_BOT_TOKEN", "xapp-1"}, {"SLACK_API_URL", "http://example.com"}, {"ONCALL_LISTEN", "8080"},
                              {"ONCALL_LOG", "loud"}, {"ONCALL_CHANNEL", "ops"}},
        "what is this\n");
    CHECK(got.problems.size() == 7);
    for (const auto& problem : got.problems) {
        INFO(problem);
        CHECK(problem.find("Fix: ") != std::string::npos);
        CHECK(problem.find("xapp-1") == std::string::npos); // secrets are not repeated
    }
}

TEST_CASE("Without TLS only this machine is an address for Slack", "[config]")
{
    CHECK(read(with("SLACK_API_URL", "http://127.0.0.1:8000/api")).problems.empty());
    CHECK(read(with("SLACK_API_URL", "http://127.0.0.1:8000/api")).settings.slack_api_url == "http://127.0.0.1:8000/api/");
    CHECK(read(with("SLACK_API_URL", "http://127.0.0.1.example.com/")).problems.size() == 1);
    CHECK(read(with("SLACK_API_URL", "http://localhostile/")).problems.size() == 1);
    CHECK(read(with("ONCALL_HEARTBEAT_URL", "https://hc.example.com/1")).settings.heartbeat_url.get()
        == "https://hc.example.com/1");
    CHECK(read(with("ONCALL_HEARTBEAT_URL", "http://hc.example.com/1")).problems.size() == 1);
}

TEST_CASE("Whether rules must wake is said by yes or no", "[config]")
{
    CHECK_FALSE(read(with("ONCALL_REQUIRE_WAKING", "no")).settings.require_waking);
    CHECK(read(with("ONCALL_REQUIRE_WAKING", "yes")).settings.require_waking);
    CHECK(read(with("ONCALL_REQUIRE_WAKING", "always")).problems.size() == 1);
}

TEST_CASE("When pages are joined into one is a number and a time", "[config][bundles]")
{
    CHECK(read(with("ONCALL_LOG", "")).settings.bundling == oncall::Bundling{});
    CHECK(read(with("ONCALL_BUNDLE_AFTER", "5")).settings.bundling.at_once == 5);
    CHECK(read(with("ONCALL_BUNDLE_HOLD", "10s")).settings.bundling.hold == std::chrono::seconds{10});
    CHECK(read(with("ONCALL_BUNDLE_HOLD", "0")).settings.bundling.hold == std::chrono::seconds{0});
    for (const auto* wrong : {"0", "-1", "three", "3x", "1001", "99999999999"})
        CHECK(read(with("ONCALL_BUNDLE_AFTER", wrong)).problems.size() == 1);
    for (const auto* wrong : {"31s", "1m", "soon", "-1s", "30"})
        CHECK(read(with("ONCALL_BUNDLE_HOLD", wrong)).problems.size() == 1);
}

TEST_CASE("When an alert comes back as what it was, and from when on it flaps, are settings", "[config][flapping]")
{
    CHECK(read(with("ONCALL_LOG", "")).settings.recurrence == oncall::Recurrence{});
    CHECK(read(with("ONCALL_REOPEN_WITHIN", "10m")).settings.recurrence.reopen_within == std::chrono::minutes{10});
    CHECK(read(with("ONCALL_REOPEN_WITHIN", "0")).settings.recurrence.reopen_within == std::chrono::minutes{0});
    CHECK(read(with("ONCALL_FLAPPING_FROM", "6")).settings.recurrence.flapping_from == 6);
    CHECK(read(with("ONCALL_FLAPPING_FROM", "0")).settings.recurrence.flapping_from == 0);
    for (const auto* wrong : {"2h", "soon", "-1s", "5"})
        CHECK(read(with("ONCALL_REOPEN_WITHIN", wrong)).problems.size() == 1);
    for (const auto* wrong : {"1", "-1", "four", "4x", "101"})
        CHECK(read(with("ONCALL_FLAPPING_FROM", wrong)).problems.size() == 1);
}

TEST_CASE("Who pages by hand, and how often, and whether groups are suggested, are settings", "[config]")
{
    CHECK(read(tokens).settings.pages_an_hour == 20);
    CHECK_FALSE(read(tokens).settings.configured_page);
    CHECK(read(with("ONCALL_PAGES_AN_HOUR", "3")).settings.pages_an_hour == 3);
    for (const auto* wrong : {"0", "-1", "1001", "many"})
        CHECK(read(with("ONCALL_PAGES_AN_HOUR", wrong)).problems.size() == 1);
    CHECK(read(with("ONCALL_MAY_PAGE", "configured")).settings.configured_page);
    CHECK_FALSE(read(with("ONCALL_MAY_PAGE", "everybody")).settings.configured_page);
    CHECK(read(with("ONCALL_MAY_PAGE", "nobody")).problems.size() == 1);
    CHECK(read(tokens).settings.suggests);
    CHECK_FALSE(read(with("ONCALL_SUGGESTIONS", "no")).settings.suggests);
    CHECK(read(with("ONCALL_SUGGESTIONS", "yes")).settings.suggests);
    CHECK(read(with("ONCALL_SUGGESTIONS", "sometimes")).problems.size() == 1);
}

TEST_CASE("A secret may come as the path of a file", "[config]")
{
    const auto path = std::filesystem::temp_directory_path() / "oncall-secret-test";
    std::ofstream{path} << "xoxb-file\n";
    const auto got = read({{"SLACK_BOT_TOKEN_FILE", path.string()}, {"SLACK_APP_TOKEN", "xapp-1"}});
    CHECK(got.problems.empty());
    CHECK(got.settings.slack_bot_token.get() == "xoxb-file");
    std::filesystem::remove(path);
    CHECK(read({{"SLACK_BOT_TOKEN_FILE", path.string()}, {"SLACK_APP_TOKEN", "xapp-1"}}).problems.size() >= 1);
}

TEST_CASE("A mail server is an address with a password, and is checked before the start", "[config]")
{
    const auto with_mail = [](const std::string& url, const std::string& from = "Oncall <oncall@example.com>") {
        auto all = tokens;
        all["SMTP_URL"] = url;
        all["SMTP_FROM"] = from;
        return read(all);
    };
    const auto server = [&](const std::string& url) {
        const auto got = with_mail(url);
        INFO(url);
        CHECK(got.problems == std::vector<std::string>{});
        REQUIRE(got.settings.mail.size() == 1);
        return notify::smtp_server_in(got.settings.mail[0].url.get(), got.settings.mail[0].from).server;
    };
    using Tls = notify::SmtpServer::Tls;

    SECTION("what is accepted means what it says")
    {
        const auto usual = server("smtp://bot@example.com:p%40ss%3Aword@smtp.example.com:2525/bot.example.com");
        CHECK(usual.host == "smtp.example.com");
        CHECK(usual.port == 2525);
        CHECK(usual.tls == Tls::starttls);
        CHECK(usual.user == "bot@example.com");
        CHECK(usual.password == "p@ss:word");
        CHECK(usual.our_name == "bot.example.com");
        CHECK(usual.from.name == "Oncall");
        CHECK(usual.from.address == "oncall@example.com");

        CHECK(server("smtp://smtp.example.com").port == 587);
        CHECK(server("smtps://smtp.example.com").port == 465);
        CHECK(server("smtps://smtp.example.com/").tls == Tls::at_once);
        CHECK(server("smtp://u:a/b@c#d?e@smtp.example.com").password == "a/b@c#d?e");
        CHECK(server("smtp://127.0.0.1:25").tls == Tls::none);
        CHECK(server("smtp://localhost:25").tls == Tls::none);
        CHECK(server("smtp://[::1]:25").host == "::1");
        CHECK(server("smtp://[::1]:25").tls == Tls::none);
        CHECK(server("smtp://[2001:db8::1]:25").tls == Tls::starttls);
        CHECK(server("smtps://localhost:465").tls == Tls::at_once);
        // Not this machine, whatever they look like.
        CHECK(server("smtp://127.0.0.1.example.com").tls == Tls::starttls);
        CHECK(server("smtp://localhost.example.com").tls == Tls::starttls);
        CHECK(server("smtp://127.evil.example").tls == Tls::starttls);
        CHECK(server("smtp://localhost1").tls == Tls::starttls);
    }
    SECTION("every mistake is told with its fix, and without the password")
    {
        for (const std::string url :
            {"smtp.example.com:587", "http://smtp.example.com", "smtp://", "smtp://:587", "smtp://u:s3cret@",
                "smtp://u@smtp.example.com", "smtp://u:@smtp.example.com", "smtp://:s3cret@smtp.example.com",
                "smtp://u:s3cret@smtp.example.com:0", "smtp://u:s3cret@smtp.example.com:99999",
                "smtp://u:s3cret@smtp.example.com:x", "smtp://u:s3cret@smtp.example.com:", "smtp://u:s3cret@smtp.example.com:465",
                "smtps://u:s3cret@smtp.example.com:587", "smtps://u:s3cret@smtp.example.com:25",
                "smtp://u:s3cret%@smtp.example.com", "smtp://u:s3cret%0a@smtp.example.com", "smtp://u:s3cret@smtp example.com",
                "smtp://u:s3cret@[::1", "smtp://u:s3cret@[::g]", "smtp://u:s3cret@smtp.example.com/a b", "smtp://u:s3cret@a/b/c",
                "smtp://u:s3cret@smtp..example.com"}) {
            INFO(url);
            const auto got = with_mail(url);
            REQUIRE(got.problems.size() >= 1);
            for (const auto& problem : got.problems) {
                INFO(problem);
                CHECK(problem.starts_with("SMTP_URL"));
                CHECK(problem.find("Fix: ") != std::string::npos);
                CHECK(problem.find("s3cret") == std::string::npos);
            }
        }
    }
    SECTION("the sender is needed, and is an address")
    {
        const std::string url{"smtp://smtp.example.com"};
        for (const std::string from : {"", "Oncall", "Oncall <oncall>", "oncall@", "<oncall@example.com", "a@b.c, d@e.f",
                 "Oncall <a@b.c> <d@e.f>", "\"a\"b\" <a@b.c>", "Oncall <a@b.c>\r\nBcc: d@e.f"}) {
            INFO(from);
            const auto got = with_mail(url, from);
            CHECK(got.problems.size() == 1);
            CHECK(got.problems.front().starts_with("SMTP_FROM"));
        }
        CHECK(with_mail(url, "oncall@example.com").problems.empty());
        CHECK(with_mail(url, "\"Oncall, the bot\" <oncall@example.com>").problems.empty());
        CHECK(with_mail(url, "Bereitschaft für alle <oncall@example.com>").problems.empty());
        CHECK(with_mail("", "").problems.empty());
        CHECK(with_mail("", "oncall@example.com").problems.size() == 1);
        CHECK(with_mail("smtp:/x", "nobody").problems.size() == 2); // all at once
    }
    SECTION("it may come as the path of a file")
    {
        const auto path = std::filesystem::temp_directory_path() / "oncall-smtp-secret-test";
        std::ofstream{path} << "smtp://u:p@smtp.example.com\n";
        auto all = tokens;
        all["SMTP_URL_FILE"] = path.string();
        all["SMTP_FROM"] = "oncall@example.com";
        const auto got = read(all);
        CHECK(got.problems.empty());
        CHECK(got.settings.mail.at(0).url.get() == "smtp://u:p@smtp.example.com");
        std::filesystem::remove(path);
    }
}

TEST_CASE("Several mail servers and Twilio accounts are numbered, and tried in that order", "[config][twilio]")
{
    auto all = tokens;
    CHECK(read(all).settings.mail.empty());
    CHECK(read(all).settings.twilio.empty());
    all.insert({{"SMTP_URL", "smtp://u:p@smtp.example.com"}, {"SMTP_FROM", "oncall@example.com"},
        {"SMTP_URL_2", "smtp://u:q@smtp.example.net"}, {"SMTP_URL_4", "smtp://smtp.example.org"},
        {"SMTP_FROM_4", "Oncall <oncall@example.org>"}});
    const std::string first{"AC0123456789abcdef0123456789abcdef"}, second{"ACfedcba9876543210fedcba9876543210"};
    all.insert({{"TWILIO_ACCOUNT_SID", first}, {"TWILIO_AUTH_TOKEN", "secret"}, {"TWILIO_FROM", "+4915735980000"},
        {"TWILIO_API_URL", "https://api.dublin.ie1.twilio.com/"}, {"TWILIO_ACCOUNT_SID_2", second},
        {"TWILIO_AUTH_TOKEN_2", "new,old"}, {"TWILIO_FROM_2", "+353 87 123 4567"}});
    const auto got = read(all);
    CHECK(got.problems == std::vector<std::string>{});
    const auto& mail = got.settings.mail;
    REQUIRE(mail.size() == 3);
    CHECK(mail[1].number == "_2");
    CHECK(mail[1].url.get() == "smtp://u:q@smtp.example.net");
    CHECK(mail[1].from == "oncall@example.com"); // the first one's, as nothing else is said
    CHECK(mail[2].number == "_4");
    CHECK(mail[2].from == "Oncall <oncall@example.org>");
    const auto& twilio = got.settings.twilio;
    REQUIRE(twilio.size() == 2);
    CHECK(twilio[1].number == "_2");
    CHECK(twilio[1].account_sid == second);
    CHECK(twilio[1].auth_tokens.size() == 2);
    CHECK(twilio[1].auth_token.get() == "new");
    CHECK(twilio[1].from == "+353871234567");
    CHECK(twilio[1].api_url == "https://api.dublin.ie1.twilio.com");

    SECTION("a mistake is told by the name it has")
    {
        for (const auto& [name, value, part] : std::vector<std::tuple<std::string, std::string, std::string>>{
                 {"SMTP_URL_2", "smtp.example.net", "SMTP_URL_2 is no address"},
                 {"SMTP_FROM_4", "nobody", "SMTP_FROM_4 is no address"}, {"SMTP_FROM_3", "a@example.com", "SMTP_URL_3 is not"},
                 {"TWILIO_FROM_2", "", "set TWILIO_FROM_2 too"}, {"TWILIO_FROM_2", "087 1234567", "TWILIO_FROM_2: 087 1234567"},
                 {"TWILIO_ACCOUNT_SID_2", "SK1", "TWILIO_ACCOUNT_SID_2 is no"},
                 {"TWILIO_AUTH_TOKEN_2", "one,two,third", "TWILIO_AUTH_TOKEN_2 has more"}}) {
            auto wrong = all;
            wrong[name] = value;
            const auto problems = read(wrong).problems;
            INFO(name << "=" << value);
            REQUIRE(problems.size() == 1);
            INFO(problems.front());
            CHECK(problems.front().find(part) != std::string::npos);
            CHECK(problems.front().find("third") == std::string::npos);
        }
    }
    SECTION("secrets of theirs may be files, too")
    {
        const auto path = std::filesystem::temp_directory_path() / ("oncall-smtp-second-" + std::to_string(::getpid()));
        std::ofstream{path} << "smtp://u:r@smtp.example.net\n";
        all.erase("SMTP_URL_2");
        all["SMTP_URL_2_FILE"] = path.string();
        CHECK(read(all).settings.mail.at(1).url.get() == "smtp://u:r@smtp.example.net");
        std::filesystem::remove(path);
    }
}

TEST_CASE("The heartbeat's address is https, or this machine, and a secret", "[config]")
{
    CHECK(read(tokens).settings.heartbeat_url.get() == "");
    CHECK(read(with("ONCALL_HEARTBEAT_URL", "https://watch.test/ping/123")).settings.heartbeat_url.get()
        == "https://watch.test/ping/123");
    CHECK(read(with("ONCALL_HEARTBEAT_URL", "http://127.0.0.1:8000/ping")).problems.empty());
    for (const std::string wrong :
        {"http://watch.test/ping/123", "watch.test/ping/123", "https://watch.test/ping 123", "ftp://watch.test/123"}) {
        const auto got = read(with("ONCALL_HEARTBEAT_URL", wrong));
        REQUIRE(got.problems.size() == 1);
        CHECK(got.problems[0].find("Fix: ") != std::string::npos);
        CHECK(got.problems[0].find("123") == std::string::npos);
    }
    const auto path = std::filesystem::temp_directory_path() / ("oncall-heartbeat-" + std::to_string(::getpid()));
    std::ofstream{path} << "https://watch.test/ping/456\n";
    CHECK(read(with("ONCALL_HEARTBEAT_URL_FILE", path.string())).settings.heartbeat_url.get() == "https://watch.test/ping/456");
    std::filesystem::remove(path);
}

TEST_CASE("Twilio is set up whole or not at all, and every mistake is said with its fix", "[config][twilio]")
{
    const std::string sid{"AC0123456789abcdef0123456789abcdef"};
    const auto twilio = [&](std::map<std::string, std::string> more) {
        auto all = tokens;
        for (const auto& [name, value] : std::map<std::string, std::string>{
                 {"TWILIO_ACCOUNT_SID", sid}, {"TWILIO_AUTH_TOKEN", "secret"}, {"TWILIO_FROM", "+49 (0)157 35980000"}})
            all.emplace(name, value);
        for (const auto& [name, value] : more)
            all[name] = value;
        return read(all);
    };
    const auto got = twilio({{"ONCALL_COUNTRIES", "de, US,+44"}});
    CHECK(got.problems == std::vector<std::string>{});
    REQUIRE(got.settings.twilio.size() == 1);
    const auto& account = got.settings.twilio.front();
    CHECK(account.account_sid == sid);
    CHECK(account.from == "+4915735980000");
    CHECK(account.auth_token.get() == "secret");
    CHECK(account.api_url == "https://api.twilio.com");
    CHECK(got.settings.countries == std::vector<std::string>{"DE", "US", "+44"});
    CHECK(read(tokens).settings.twilio.empty());

    // While the token is changed, requests signed with either are taken, and ours go out with the new one.
    const auto two = twilio({{"TWILIO_AUTH_TOKEN", "new, old"}});
    CHECK(two.problems.empty());
    REQUIRE(two.settings.twilio.size() == 1);
    CHECK(two.settings.twilio[0].auth_token.get() == "new");
    REQUIRE(two.settings.twilio[0].auth_tokens.size() == 2);
    CHECK(two.settings.twilio[0].auth_tokens[1].get() == "old");
    CHECK(twilio({{"TWILIO_API_URL", "http://127.0.0.1:8001/"}}).settings.twilio.at(0).api_url == "http://127.0.0.1:8001");

    for (const auto& [name, value, part] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"TWILIO_ACCOUNT_SID", "", "set TWILIO_ACCOUNT_SID too"}, {"TWILIO_FROM", "", "set TWILIO_FROM too"},
             {"TWILIO_AUTH_TOKEN", "", "set TWILIO_AUTH_TOKEN too"}, {"TWILIO_ACCOUNT_SID", "SK12", "starts with AC"},
             {"TWILIO_FROM", "0157 35980000", "The country is missing"}, {"TWILIO_AUTH_TOKEN", "one,two,third", "more than two"},
             {"TWILIO_API_URL", "http://api.twilio.com", "https"}, {"ONCALL_COUNTRIES", "DE,Germany", "GERMANY is no country"}}) {
        const auto wrong = twilio({{name, value}});
        INFO(name << "=" << value);
        REQUIRE(wrong.problems.size() == 1);
        INFO(wrong.problems.front());
        CHECK(wrong.problems.front().find(part) != std::string::npos);
        CHECK(wrong.problems.front().find("Fix: ") != std::string::npos);
        CHECK(wrong.problems.front().find("secret") == std::string::npos);
        CHECK(wrong.problems.front().find("third") == std::string::npos);
    }
}

TEST_CASE("Ways to push are read from the settings, and what cannot work is said with its fix", "[config][push]")
{
    auto all = tokens;
    all["ONCALL_PUBLIC_URL"] = "https://oncall.example.com";
    all["NTFY_URL"] = "https://ntfy.sh/";
    all["NTFY_TOKEN"] = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2";
    all["PUSHOVER_TOKEN"] = "azGDORePK8gMaC0QOYAMyEEuzJnyUi";
    all["GOTIFY_URL"] = "https://example.com/gotify/";
    all["VAPID_SUBJECT"] = "mailto:ops@example.com";
    all["ONCALL_PRIVATE_WEBHOOKS"] = "yes";
    const auto got = read(all);
    CHECK(got.problems == std::vector<std::string>{});
    CHECK(got.settings.ntfy_url == "https://ntfy.sh");
    CHECK(got.settings.ntfy_token.get() == "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2");
    CHECK(got.settings.pushover_token.get() == "azGDORePK8gMaC0QOYAMyEEuzJnyUi");
    CHECK(got.settings.gotify_url == "https://example.com/gotify");
    CHECK(got.settings.vapid_subject == "mailto:ops@example.com");
    CHECK(got.settings.private_webhooks);
    CHECK_FALSE(read(tokens).settings.private_webhooks);
    CHECK_FALSE(read(with("ONCALL_PRIVATE_WEBHOOKS", "no")).settings.private_webhooks);

    const std::pair<std::string, std::string> wrong[]{{"NTFY_URL", "http://ntfy.example.com"}, {"NTFY_URL", "ntfy.sh"},
        {"NTFY_URL", "https://ntfy.sh/my-topic"}, {"NTFY_TOKEN", "secret-of-ntfy"}, {"PUSHOVER_TOKEN", "secret-too-short"},
        {"PUSHOVER_TOKEN", "secret & of thirty characters!"}, {"GOTIFY_URL", "gotify"}, {"VAPID_SUBJECT", "ops@example.com"},
        {"VAPID_SUBJECT", "mailto:ops"}, {"VAPID_SUBJECT", "http://example.com"}, {"ONCALL_PRIVATE_WEBHOOKS", "perhaps"}};
    for (const auto& [name, value] : wrong) {
        auto one = all;
        one[name] = value;
        const auto problems = read(one).problems;
        INFO(name << "=" << value);
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].starts_with(name));
        CHECK(problems[0].find(" Fix: ") != std::string::npos);
        CHECK(problems[0].find("secret") == std::string::npos);
    }
    for (const std::string needed : {"NTFY_URL", "ONCALL_PUBLIC_URL"}) { // NTFY_TOKEN and VAPID_SUBJECT are for nothing then
        auto one = all;
        one.erase(needed);
        REQUIRE(read(one).problems.size() == 1);
        CHECK(read(one).problems[0].find(needed) != std::string::npos);
    }
}
