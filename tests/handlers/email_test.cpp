#include "catch.hpp"
#include "handlers/payload_files.hpp"

using handlers::Report;
using handlers::sources::email;

namespace {

Report report_of_mail(const std::string& subject, const std::string& headers = {})
{
    handlers::sources::Sent sent;
    payloads::set_text(sent, headers + "Subject: " + subject + "\n\ntext");
    const auto read = email(sent, {});
    return read.reports.empty() ? Report{} : read.reports.front();
}

} // namespace

TEST_CASE("What a subject says of a state is told from what it is about", "[handlers]")
{
    using Signal = Report::Signal;
    struct Row {
        std::string subject;
        Signal signal;
        std::string key;
    };
    const Row rows[] = {
        {"[FIRING:1] Disk full (db-1)", Signal::fire, "disk full db 1"},
        {"[FIRING:12] Disk full (db-1)", Signal::fire, "disk full db 1"},
        {"[RESOLVED] Disk full (db-1)", Signal::clear, "disk full db 1"},
        {"Fwd: [RESOLVED] Disk full (db-1)", Signal::clear, "disk full db 1"},
        {"[prod] Disk full", Signal::fire, "prod disk full"},
        {"ALARM: \"cpu-high\" in EU (Frankfurt)", Signal::fire, "cpu high in eu frankfurt"},
        {"OK: \"cpu-high\" in EU (Frankfurt)", Signal::clear, "cpu high in eu frankfurt"},
        {"** RECOVERY Host Alert: web-1 is UP **", Signal::clear, "host alert web 1 is"},
        {"** PROBLEM Host Alert: web-1 is DOWN **", Signal::fire, "host alert web 1 is"},
        {"Monitor is UP", Signal::clear, "monitor is"},
        {"Monitor is DOWN", Signal::fire, "monitor is"},
        // No state, or none that is over: taken for over, the alert would be lost.
        {"Follow up: the disk is full", Signal::fire, "follow the disk is full"},
        {"Up to 5 hosts fail", Signal::fire, "to 5 hosts fail"},
        {"web-1 is not OK", Signal::fire, "web 1 is not"},
        {"Problem: resolved names are wrong", Signal::fire, "names are wrong"},
        {"Nobody has resolved the disk", Signal::fire, "nobody has the disk"},
        {"Recovery job failed on db1", Signal::fire, "job failed on db1"},
        {"Resolved addresses are wrong", Signal::fire, "addresses are wrong"},
        {"[sign-up] 5xx rate is high", Signal::fire, "sign 5xx rate is high"},
        {"[Normal priority] Disk full", Signal::fire, "priority disk full"},
        {"[closed-loop pump] Pressure", Signal::fire, "loop pump pressure"},
        {"UP-stream timeouts", Signal::fire, "stream timeouts"},
        {"RESOLVED", Signal::fire, ""},
        // And what is over.
        {"Resolved in 2m 3s: Disk full", Signal::clear, "disk full"},
        {"Recovered: Disk full", Signal::clear, "disk full"},
        {"[OK] Disk full", Signal::clear, "disk full"},
        {"[resolved:2] Disk full", Signal::clear, "disk full"},
        {"UP web-1", Signal::clear, "web 1"},
    };
    for (const auto& row : rows) {
        INFO(row.subject);
        const auto report = report_of_mail(row.subject);
        CHECK(report.signal == row.signal);
        CHECK(report.dedup_key == row.key);
    }
    CHECK(report_of_mail("[P2] Disk full").severity == "p2");
    CHECK(report_of_mail("A critical day").severity.empty());
}

TEST_CASE("Answers are no alerts, and a tool that puts its mails into a thread is heard", "[handlers]")
{
    const std::string answers = "In-Reply-To: <1@x>\n";
    CHECK(report_of_mail("[Sentry] API-1 - TypeError", answers).title == "[Sentry] API-1 - TypeError");
    CHECK(report_of_mail("Re: Disk full", answers).title.empty());
    CHECK(report_of_mail("Re: [RESOLVED] Disk full", answers).title.empty());
    CHECK(report_of_mail("AW: Disk full").title == "AW: Disk full"); // it answers nothing
    CHECK(report_of_mail("[FIRING:1] Disk full", answers).title == "[FIRING:1] Disk full");
    CHECK(report_of_mail("Disk full", answers + "Auto-Submitted: auto-generated\n").title == "Disk full");
    CHECK(report_of_mail("Disk full", "Auto-Submitted: auto-replied\n").title.empty());
}
