#include "commands/check_calendars.hpp"
#include "commands/check_push.hpp"
#include "commands/check_slack.hpp"
#include "commands/check_twilio.hpp"

#include "blocks/blocks.hpp"
#include "commands/counted.hpp"
#include "config/locate.hpp"
#include "doors/log.hpp"
#include "doors/worker.hpp"
#include "handlers/feeds.hpp"
#include "oncall/lint.hpp"
#include "slack/errors.hpp"
#include "storage/inspection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace commands {

namespace {

using namespace std::chrono_literals;

constexpr auto look_limit = 5s; // through the database
constexpr std::uintmax_t least_free = 100 << 20;

/// "… is not set. Fix: copy …": a problem of the settings in its two halves.
Finding of_setting(const std::string& problem)
{
    const std::string mark = " Fix: ";
    const auto at = problem.find(mark);
    if (at == problem.npos)
        return {Verdict::bad, problem, ""};
    return {Verdict::bad, problem.substr(0, at), problem.substr(at + mark.size())};
}

Finding of_configuration(const std::string& file, const config::Problem& problem)
{
    auto where = file;
    if (problem.line > 0)
        where += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    return {Verdict::bad, where + ": " + problem.what + ".", problem.fix + (problem.fix.ends_with('?') ? "" : ".")};
}

/// What may be meant, and deserves a look; with the calendars as the service has read them last.
void check_policies(const Subject& subject, const storage::Inspection& found, oncall::TimePoint now, const Tell& tell)
{
    auto configuration = subject.configuration->configuration;
    oncall::CalendarsRead read;
    for (const auto& feed : found.feeds)
        if (feed.read_at != oncall::TimePoint{})
            read.emplace(feed.address, feed.events);
    const oncall::NameIndex known{handlers::acquaintance(found.people, configuration)};
    oncall::fill_in(configuration, read, known);
    const auto& path = subject.settings.settings.config;
    const auto warnings = oncall::lint(configuration, now);
    for (const auto& warning : warnings) {
        const auto spot = config::spot_of(subject.text, warning.path);
        const auto where = spot.line > 0 ? ":" + std::to_string(spot.line) + ":" + std::to_string(spot.column) : std::string{};
        tell({Verdict::note, path + where + ": " + blocks::plain(words_of(warning), {}), ""});
    }
}

void check_configuration(const Subject& subject, const Tell& tell)
{
    const auto& settings = subject.settings.settings;
    for (const auto& problem : subject.settings.problems)
        tell(of_setting(problem));
    if (subject.settings.problems.empty())
        tell({Verdict::good, "The settings are complete.", ""});
    if (!subject.configuration) {
        tell({Verdict::bad, "ONCALL_CONFIG is not set: there are no teams, nobody is on call and no alert can come in.",
            "Copy manifest/oncall.yaml to oncall.yaml, put in your people, and set ONCALL_CONFIG=oncall.yaml."});
        return;
    }
    const auto& parsed = *subject.configuration;
    for (const auto& problem : parsed.problems)
        tell(of_configuration(settings.config, problem));
    const auto& all = parsed.configuration;
    for (const auto& [name, source] : all.sources)
        if (source.key.starts_with("demo-"))
            tell({Verdict::bad, "Source " + name + " has the sample's key, which anybody can read who knows this bot.",
                "Give it a key of your own, or leave `key` out: then one is made and shown at the start."});
    for (const auto& [name, source] : all.sources)
        if (source.is_signed && source.signing_secret.empty())
            tell({Verdict::note,
                "Source " + name
                    + " must be signed, and the file names no signing secret: all that it sends is refused, unless one was given "
                      "in "
                      "Slack.",
                ""});
    if (parsed.problems.empty())
        tell({Verdict::good,
            settings.config + " is valid: " + counted(all.teams.size(), "team", "teams") + ", "
                + counted(all.services.size(), "service", "services") + ", "
                + counted(all.schedules.size(), "schedule", "schedules") + ", "
                + counted(all.policies.size(), "policy", "policies") + ", " + counted(all.sources.size(), "source", "sources")
                + ", " + counted(all.rules.size(), "rule", "rules") + ".",
            ""});
}

/// Who has it open is the service.
storage::Inspection check_database(const std::string& path, CheckDoors doors, const Tell& tell)
{
    const auto end = doors.clock.now() + look_limit;
    const auto found = storage::inspect(path, [&] { return doors.clock.now() >= end; });
    auto line = "Database " + path;
    if (!found.trouble.empty()) {
        tell({Verdict::bad, line + " " + found.trouble + ".", found.remedy + "."});
        return found;
    }
    line += found.exists ? " may be written" : " is not there yet and will be made";
    if (found.exists && found.finished)
        line += " and is whole";
    if (found.holder)
        line += *found.holder > 0 ? "; the service has it open (process " + std::to_string(*found.holder) + ")"
                                  : "; the service has it open";
    tell({Verdict::good, line + ".", ""});
    if (!found.finished)
        tell({Verdict::note, "The database is too large to be looked through in 5 s, so only its head was.", ""});
    if (found.last_page_failed.find("messages_tab_disabled") != std::string::npos)
        tell({Verdict::bad, "Slack refused the last page: it lets the app send no direct messages (messages_tab_disabled).",
            "At https://api.slack.com/apps, under App Home, turn on the Messages Tab. The next page shows that it works."});
    if (found.home_is_off)
        tell({Verdict::note,
            "Home is switched off (not_enabled): people find neither their shifts nor open alerts there. At "
            "https://api.slack.com/apps, under App Home, turn on the Home Tab, and open it once.",
            ""});
    const auto free = std::to_string(found.free >> 20) + " MiB are free on the database's disk";
    if (found.free < least_free)
        tell({Verdict::bad, "Only " + free + ".", "Make room: when the disk is full, no alert can be accepted."});
    else
        tell({Verdict::good, free + ".", ""});
    return found;
}

void check_what_may_be_set(const config::Settings& settings, const Tell& tell)
{
    if (settings.channel.empty())
        tell({Verdict::note,
            "ONCALL_CHANNEL is not set: what belongs to no team, and cries for help, are seen by nobody. Set it to a "
            "channel that is read.",
            ""});
    if (settings.admins.empty())
        tell({Verdict::note, "ONCALL_ADMINS is not set: nobody hears by e-mail when the bot finds something wrong with itself.",
            ""});
    else
        tell({Verdict::good, counted(settings.admins.size(), "administrator is", "administrators are") + " named.", ""});
    if (settings.heartbeat_url.get().empty())
        tell({Verdict::note,
            "ONCALL_HEARTBEAT_URL is not set: nobody outside notices when this machine dies. Set it to the address of a "
            "check that expects a sign of life, at healthchecks.io, Uptime Kuma or the like.",
            ""});
    else
        tell({Verdict::good, "Signs of life go to ONCALL_HEARTBEAT_URL.", ""});
}

/// What the service was refused, and what is seen only when it tries: whether a channel lets it post, whether a group may be
/// written, whether the Home tab is on.
void check_said(const storage::Inspection& found, const Tell& tell)
{
    for (const auto& one : found.troubles) {
        const auto* const known = slack::known_error(one.code);
        const bool seen_here = one.of.kind == "scope" || one.of.kind == "token" || one.code == "messages_tab_disabled"
            || one.code == "not_in_channel" || one.code == "channel_not_found" || one.code == "is_archived"
            || (one.code == "not_enabled" && found.home_is_off);
        if (seen_here || !known)
            continue;
        const auto where = one.of.kind == "channel" ? " to post in " + one.of.subject : "";
        tell({Verdict::bad,
            "Slack refuses the service" + where + ", since " + oncall::iso(one.since, "UTC").substr(0, 16)
                + " UTC: " + slack::words_of(one.code) + ".",
            slack::fix_of(one.code, one.method, "", "oncall")});
    }
    for (const auto& one : found.unled)
        tell({Verdict::bad, one.trouble, ""});
}

asio::awaitable<Finding> check_mail_server(notify::Mailer* mailer, std::string number)
{
    const auto server = "The mail server of SMTP_URL" + number;
    if (!mailer)
        co_return Finding{
            Verdict::note, server + " was not asked: SMTP_URL" + number + " or SMTP_FROM" + number + " must be valid first.", ""};
    const auto outcome = co_await mailer->verify();
    if (outcome.how == notify::Outcome::accepted)
        co_return Finding{Verdict::good, server + " lets us in.", ""};
    co_return Finding{Verdict::bad, server + " does not let us in: " + outcome.why + ".",
        "Check SMTP_URL" + number
            + " (smtp://user:password@host:587 or smtps://host:465) and that this machine may connect there."};
}

asio::awaitable<void> check_mail(const config::Settings& settings, CheckDoors doors, const Tell& tell)
{
    if (settings.mail.empty())
        tell({Verdict::note, "SMTP_URL is not set: pages go by Slack alone, and while Slack is away they reach nobody.", ""});
    for (std::size_t at = 0; at < settings.mail.size(); ++at) {
        auto checking = check_mail_server(doors.mailers.at(at), settings.mail[at].number);
        auto finding = co_await std::move(checking);
        tell(std::move(finding));
    }
    if (!settings.mail.empty() && settings.public_url.empty())
        tell({Verdict::note,
            "ONCALL_PUBLIC_URL is not set: mails carry no links to answer by. Set it to the address by which phones reach this "
            "bot.",
            ""});
}

asio::awaitable<void> check_pictures(doors::Painter* painter, const Tell& tell)
{
    if (!painter)
        co_return;
    std::string trouble;
    try {
        auto drawing = painter->png(R"(<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>)", 1);
        co_await std::move(drawing);
    } catch (const doors::NoPicture& problem) {
        trouble = problem.what();
    }
    if (trouble.empty())
        tell({Verdict::good, "Pictures of schedules can be drawn.", ""});
    else
        tell({Verdict::note, "In Slack, schedules are shown in words alone: " + trouble, ""});
}

/// Colour helps on a terminal and is noise in a file.
void print(const Finding& finding, bool colour)
{
    const auto good = finding.verdict == Verdict::good, bad = finding.verdict == Verdict::bad;
    const std::string sign = good ? "✓" : bad ? "✗" : "–";
    const std::string paint = good ? "\033[32m" : bad ? "\033[31m" : "\033[33m";
    std::cout << (colour ? paint + sign + "\033[0m" : sign) << " " << finding.what << "\n";
    if (auto fix = finding.fix; !fix.empty()) {
        fix.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(fix.front())));
        std::cout << "    Fix: " << fix << "\n";
    }
    std::cout << std::flush;
}

Subject read_subject()
{
    Subject subject;
    subject.settings = read_settings();
    const auto& path = subject.settings.settings.config;
    if (path.empty())
        return subject;
    if (const auto text = file(path)) {
        subject.configuration = parse_configuration(*text, subject.settings);
        subject.text = *text;
    } else {
        subject.configuration.emplace();
        subject.configuration->problems.push_back(
            {0, 0, "the file cannot be read", "correct ONCALL_CONFIG, which names it, or its permissions"});
    }
    return subject;
}

} // namespace

asio::awaitable<void> check(Subject subject, CheckDoors doors, Tell tell)
{
    const auto& settings = subject.settings.settings;
    check_configuration(subject, tell);
    const auto found = check_database(settings.database, doors, tell);
    const int links = found.holder ? 2 : 0; // the service keeps two
    static const oncall::Configuration nothing{};
    const bool readable = subject.configuration && subject.configuration->problems.empty();
    if (readable) {
        check_policies(subject, found, doors.clock.now(), tell);
        check_calendars(subject.configuration->configuration, found, doors.clock.now(), tell);
    }
    SlackCheck slack{settings, readable ? subject.configuration->configuration : nothing, doors, tell};
    if (settings.slack_bot_token.get().empty())
        tell({Verdict::note, "Slack was not asked anything: there is no bot token.", ""});
    else
        co_await slack.run(links);
    if (subject.configuration && !readable)
        tell({Verdict::note, "Channels and people of the configuration were not looked for: it must be valid first.", ""});
    check_said(found, tell);
    co_await check_mail(settings, doors, tell);
    co_await check_twilio(settings, doors, tell);
    check_what_may_be_set(settings, tell);
    co_await check_push(settings, doors, tell);
    co_await check_pictures(doors.painter, tell);
}

int check()
{
    if (const auto why = hidden_settings(); !why.empty()) {
        std::cerr << why << "\n";
        return 1;
    }
    const bool colour = ::isatty(STDOUT_FILENO) == 1 && !environment("NO_COLOR").has_value();
    int bad = 0;
    auto tell = [&](const Finding& finding) {
        bad += finding.verdict == Verdict::bad ? 1 : 0;
        print(finding, colour);
    };
    asio::io_context loop{1};
    doors::SystemClock clock{loop.get_executor()};
    const auto network = net::internet(loop.get_executor());
    auto subject = read_subject();
    const auto& settings = subject.settings.settings;
    const auto mailers = mail_servers(settings, loop.get_executor());
    const auto thread = doors::system_thread();
    const auto painter = doors::rsvg_painter(loop.get_executor(), *thread);
    const CheckDoors doors{*network, clock, pointers(mailers), painter.get()};
    if (const auto from = settings_file(); !from.empty())
        tell({Verdict::note, "Settings were read from " + std::filesystem::absolute(from).string() + ".", ""});
    else if (!subject.settings.problems.empty())
        tell({Verdict::note, "There is no .env in " + std::filesystem::current_path().string() + ".", ""});
    std::exception_ptr failure;
    asio::co_spawn(loop, check(std::move(subject), doors, tell), [&](std::exception_ptr error) {
        failure = error;
        loop.stop(); // idle connections would keep it
    });
    loop.run();
    if (failure)
        std::rethrow_exception(failure);
    std::cout << (bad == 0 ? "All is well."
            : bad == 1     ? "One thing is to be mended."
                           : std::to_string(bad) + " things are to be mended.")
              << "\n";
    return bad == 0 ? 0 : 1;
}

} // namespace commands
