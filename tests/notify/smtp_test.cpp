#include "catch.hpp"
#include "net/sockets.hpp"
#include "notify/email.hpp"
#include "notify/smtp_peer.hpp"
#include "scenarios/loopback.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/detached.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <thread>

using namespace notify;
using namespace std::chrono_literals;
using nlohmann::json;
using Peer = peers::MailServer;

namespace {

const std::string password{"pass word/with@signs"};

SmtpServer server_at(std::uint16_t port)
{
    SmtpServer server;
    server.host = "127.0.0.1";
    server.port = port;
    server.tls = SmtpServer::Tls::none;
    server.from = {"Oncall", "oncall@example.com"};
    server.our_name = "bot.example.com";
    server.connect_within = 5'000ms;
    server.send_within = 10'000ms;
    return server;
}

Email urgent_mail()
{
    Email email;
    email.to = "ana@example.com";
    email.subject = "[#1 critical] checkout: Checkout is down";
    email.text = "Checkout is down.\n.a line with a dot\n";
    email.html = "<p>Checkout is down.</p>";
    email.id = "page-7.1";
    email.thread = "alert-1.1";
    email.urgent = true;
    email.date = TimePoint{std::chrono::milliseconds{1'793'707'200'000}};
    return email;
}

/// A loop with a mailer on it. Every outcome is waited for in real time.
struct MailBench {
    asio::io_context loop{1};
    std::unique_ptr<Mailer> mailer;
    explicit MailBench(SmtpServer server)
        : mailer{smtp(std::move(server), loop.get_executor())}
    {
    }
    static std::function<void(std::exception_ptr, Outcome)> into(std::optional<Outcome>& outcome)
    {
        return [&outcome](std::exception_ptr error, Outcome came) {
            if (error)
                came = {Outcome::refused, "thrown", false};
            outcome = std::move(came);
        };
    }
    Outcome wait(asio::awaitable<Outcome> work)
    {
        std::optional<Outcome> outcome;
        asio::co_spawn(loop, std::move(work), into(outcome));
        const auto end = std::chrono::steady_clock::now() + 60s;
        while (!outcome && std::chrono::steady_clock::now() < end) {
            loop.restart();
            loop.run_one_for(20ms);
        }
        REQUIRE(outcome);
        return *outcome;
    }
    Outcome send(Email email = urgent_mail()) { return wait(mailer->send(std::move(email))); }
    Outcome verify() { return wait(mailer->verify()); }
};

std::string header(const json& mail, const std::string& name)
{
    for (const auto& line : mail.at("mail").at("headers"))
        if (line.at(0) == name || (name == "MIME-Version" && line.at(0) == "Mime-Version"))
            return line.at(1).get<std::string>();
    return "none";
}

} // namespace

TEST_CASE("A mail arrives as it was meant, whatever is in it", "[notify][peers]")
{
    const Peer peer{{}};
    MailBench bench{server_at(peer.port())};
    auto email = urgent_mail();
    email.subject = "[#1 critical] bücher: Zahlung schlägt fehl, seit heute früh, für alle Kundinnen und Kunden in Österreich 🔥";
    email.text = "Grüße\n.\n..zwei\n" + std::string(2'000, 'x') + "\n\xFF broken\r\nlast  \n";
    email.html = "<p>Grüße &amp; <b>mehr</b></p>\n.\n" + std::string(3'000, 'y');
    const auto outcome = bench.send(email);
    INFO(outcome.why << "\n" << peer.text());
    REQUIRE(outcome.how == Outcome::accepted);
    CHECK(outcome.why.empty());

    REQUIRE(peer.mails().size() == 1);
    const auto mail = peer.mails().front();
    CHECK(mail.at("from") == "oncall@example.com");
    CHECK(mail.at("to") == json::array({"ana@example.com"}));
    CHECK(header(mail, "Subject") == email.subject);
    CHECK(header(mail, "From") == "Oncall <oncall@example.com>");
    CHECK(header(mail, "To") == "ana@example.com");
    CHECK(header(mail, "Date") == "Tue, 03 Nov 2026 12:00:00 +0000");
    CHECK(header(mail, "Message-ID") == "<page-7.1@example.com>");
    CHECK(header(mail, "References") == "<alert-1.1@example.com>");
    CHECK(header(mail, "In-Reply-To") == "<alert-1.1@example.com>");
    CHECK(header(mail, "Auto-Submitted") == "auto-generated");
    CHECK(header(mail, "Importance") == "high");
    CHECK(header(mail, "X-Priority") == "1");
    CHECK(header(mail, "MIME-Version") == "1.0");
    CHECK(header(mail, "User-Agent") == "none");

    const auto& read = mail.at("mail");
    CHECK(read.at("type") == "multipart/alternative");
    REQUIRE(read.at("parts").size() == 2);
    CHECK(read.at("parts").at(0).at("type") == "text/plain");
    CHECK(read.at("parts").at(0).at("charset") == "utf-8");
    CHECK(read.at("parts").at(0).at("encoding") == "quoted-printable");
    CHECK(read.at("parts").at(0).at("content")
        == "Grüße\n.\n..zwei\n" + std::string(2'000, 'x') + "\n\xEF\xBF\xBD broken\nlast  \n");
    CHECK(read.at("parts").at(1).at("type") == "text/html");
    CHECK(read.at("parts").at(1).at("content") == email.html);
    CHECK(read.at("ascii") == true);
    CHECK(read.at("longest_line").get<int>() <= 100);
    CHECK(peer.events().at(1).at("name") == "bot.example.com");
    CHECK(has(peer.commands(), "QUIT"));
}

TEST_CASE("Nothing foreign adds a header, a line or a recipient", "[notify][peers]")
{
    const Peer peer{{}};
    MailBench bench{server_at(peer.port())};
    auto email = urgent_mail();
    email.subject = "a\r\nBcc: eve@example.com\r\n\r\nbody\nX: y\r.";
    email.id = "page\r\nBcc: eve@example.com";
    email.thread = "t>\r\nX: y";
    email.text = "\r\n.\r\nMAIL FROM:<eve@example.com>\r\nRCPT TO:<eve@example.com>\r\n";
    email.html = "\n.\nQUIT\n";
    REQUIRE(bench.send(email).how == Outcome::accepted);
    REQUIRE(peer.mails().size() == 1);
    const auto mail = peer.mails().front();
    CHECK(mail.at("to") == json::array({"ana@example.com"}));
    CHECK(header(mail, "Bcc") == "none");
    CHECK(header(mail, "X") == "none");
    CHECK(header(mail, "Subject") == "a Bcc: eve@example.com body X: y .");
    CHECK(has(mail.at("mail").at("parts").at(0).at("content").get<std::string>(), "RCPT TO:<eve@example.com>"));
    CHECK(peer.commands() == "EHLO MAIL RCPT QUIT");

    for (const std::string to : {"ana@example.com>\r\nRCPT TO:<eve@example.com", "ana@example.com, eve@example.com",
             "ana@example.com\r\nDATA", "<ana@example.com>", "ana@example.com SIZE=1", "@example.com", "ana@", "ana", "",
             "\"ana\\\r\n\"@example.com", "ana@example.com\n", "ana@exa mple.com", "änne@example.com"}) {
        INFO(to);
        email.to = to;
        const auto outcome = bench.send(email);
        CHECK(outcome.how == Outcome::refused);
        CHECK(has(outcome.why, "is no e-mail address"));
    }
    CHECK(peer.mails().size() == 1);
}

TEST_CASE("A server that wants TLS and a login gets both, in this order", "[notify][peers]")
{
    const sockets::Certificates certificates;
    const Peer peer{{"--starttls", certificates.good(), certificates.key(), "--login", "bot@example.com:" + password}};
    auto server = server_at(peer.port());
    server.tls = SmtpServer::Tls::starttls;
    server.authorities = certificates.authority();
    server.user = "bot@example.com";
    server.password = password;
    SECTION("it sends")
    {
        MailBench bench{server};
        const auto outcome = bench.send();
        INFO(outcome.why << "\n" << peer.text());
        CHECK(outcome.how == Outcome::accepted);
        CHECK(peer.mails().size() == 1);
        CHECK(has(peer.commands(), "EHLO STARTTLS EHLO AUTH MAIL RCPT QUIT"));
    }
    SECTION("it verifies without sending")
    {
        MailBench bench{server};
        const auto outcome = bench.verify();
        INFO(outcome.why << "\n" << peer.text());
        CHECK(outcome.how == Outcome::accepted);
        CHECK(peer.commands() == "EHLO STARTTLS EHLO AUTH QUIT");
    }
    SECTION("a wrong password is said, but not shown")
    {
        server.password = "another secret";
        MailBench bench{server};
        for (const auto& outcome : {bench.verify(), bench.send()}) {
            CHECK(outcome.how == Outcome::later);
            CHECK(outcome.needs_an_operator);
            INFO(outcome.why);
            CHECK(has(outcome.why, "does not accept user and password: 535"));
            CHECK_FALSE(has(outcome.why, "another secret"));
        }
        CHECK(peer.mails().empty());
    }
}

TEST_CASE("A password that the server repeats is not in our words", "[notify][peers]")
{
    const Peer peer{{"--login", "bot:right", "--fault", "echo"}};
    auto server = server_at(peer.port());
    server.user = "bot";
    server.password = "wrong-secret";
    MailBench bench{server};
    const auto outcome = bench.send();
    INFO(outcome.why);
    CHECK(has(outcome.why, "535 5.7.8 wrong password ***"));
    CHECK_FALSE(has(outcome.why, "wrong-secret"));
}

TEST_CASE("TLS from the first byte works, with the right certificate alone", "[notify][peers]")
{
    const sockets::Certificates certificates;
    const auto with = [&](const std::string& certificate, bool at_once, const std::string& authority) {
        const Peer peer{{at_once ? "--tls" : "--starttls", certificate, certificates.key(), "--login", "bot:" + password}};
        auto server = server_at(peer.port());
        server.host = "localhost";
        server.tls = at_once ? SmtpServer::Tls::at_once : SmtpServer::Tls::starttls;
        server.authorities = authority;
        server.user = "bot";
        server.password = password;
        MailBench bench{server};
        auto outcome = bench.send();
        INFO(outcome.why << "\n" << peer.text());
        CHECK((outcome.how == Outcome::accepted) == (peer.mails().size() == 1));
        if (outcome.how != Outcome::accepted) {
            CHECK_FALSE(has(peer.commands(), "AUTH"));
            CHECK(outcome.how == Outcome::later);
            CHECK(outcome.needs_an_operator);
            CHECK(has(outcome.why, "is not to be trusted"));
        }
        return outcome.how;
    };
    CHECK(with(certificates.good(), true, certificates.authority()) == Outcome::accepted);
    for (const bool at_once : {true, false}) {
        INFO((at_once ? "smtps" : "STARTTLS"));
        CHECK(with(certificates.other(), at_once, certificates.authority()) == Outcome::later);
        CHECK(with(certificates.own(), at_once, certificates.authority()) == Outcome::later);
        CHECK(with(certificates.expired(), at_once, certificates.authority()) == Outcome::later);
        CHECK(with(certificates.good(), at_once, "") == Outcome::later); // the system's roots do not know it
    }
}

TEST_CASE("Where STARTTLS has been stripped, nothing secret is said", "[notify][peers]")
{
    const sockets::Certificates certificates;
    auto wishes = std::vector<std::string>{"--login", "bot:" + password};
    SECTION("from what the server offers") { }
    SECTION("by a refusal")
    {
        wishes.insert(wishes.end(), {"--starttls", certificates.good(), certificates.key(), "--fault", "starttls_refused"});
    }
    const Peer peer{wishes};
    auto server = server_at(peer.port());
    server.tls = SmtpServer::Tls::starttls;
    server.authorities = certificates.authority();
    server.user = "bot";
    server.password = password;
    MailBench bench{server};
    const auto outcome = bench.send();
    INFO(outcome.why << "\n" << peer.text());
    CHECK(outcome.how == Outcome::later);
    CHECK(outcome.needs_an_operator);
    CHECK(has(outcome.why, "offers no encryption"));
    CHECK_FALSE(has(peer.commands(), "AUTH"));
    CHECK_FALSE(has(peer.commands(), "MAIL"));
}

TEST_CASE("What a server says decides whether a mail is sent again", "[notify][peers]")
{
    struct Case {
        std::string fault{};
        Outcome::How how{};
        bool operator_is_needed{};
        std::string words{};
    };
    const std::vector<Case> cases{
        {"busy", Outcome::later, false, "421 4.7.0 too many connections"},
        {"rcpt_later", Outcome::later, false, "450 4.2.1 the mailbox is busy"},
        {"rcpt_refused", Outcome::refused, false, "does not take mail for ana@example.com: 550 5.1.1 there is no such mailbox"},
        {"mail_refused", Outcome::refused, true, "does not take mail from oncall@example.com (SMTP_FROM): 550 5.7.60"},
        {"data_later", Outcome::later, false, "452 4.3.1 out of disk"},
        {"data_refused", Outcome::refused, false, "554 5.7.1 this looks like spam"},
        {"cut_early", Outcome::later, false, ""},
        {"cut", Outcome::unknown, false, "before it said whether it took the mail"},
    };
    for (const auto& one : cases) {
        const Peer peer{{"--fault", one.fault}};
        MailBench bench{server_at(peer.port())};
        const auto outcome = bench.send();
        INFO(one.fault << ": " << outcome.why << "\n" << peer.text());
        CHECK(outcome.how == one.how);
        CHECK(outcome.needs_an_operator == one.operator_is_needed);
        CHECK(has(outcome.why, one.words));
        CHECK_FALSE(outcome.why.empty());
    }
}

TEST_CASE("A connection that is gone while we write does not end the process", "[notify][peers]")
{
    // libcurl is told to leave signals alone, so its writes must not raise SIGPIPE.
    const sockets::Certificates certificates;
    const Peer peer{{"--starttls", certificates.good(), certificates.key(), "--fault", "cut_at_data"}};
    auto server = server_at(peer.port());
    server.tls = SmtpServer::Tls::starttls;
    server.authorities = certificates.authority();
    MailBench bench{server};
    auto email = urgent_mail();
    email.text = std::string(4'000'000, 'x');
    const auto outcome = bench.send(email);
    INFO(outcome.why << "\n" << peer.text());
    CHECK(outcome.how == Outcome::unknown);
}

TEST_CASE("A login that is required or impossible is said in words", "[notify][peers]")
{
    const Peer wants{{"--login", "bot:right"}};
    MailBench without{server_at(wants.port())};
    const auto refused = without.send();
    INFO(refused.why);
    CHECK(refused.how == Outcome::refused);
    CHECK(refused.needs_an_operator);
    CHECK(has(refused.why, "530"));

    const Peer open{{}};
    auto server = server_at(open.port());
    server.user = "bot";
    server.password = "right";
    MailBench with{server};
    const auto outcome = with.verify();
    INFO(outcome.why);
    CHECK(outcome.how == Outcome::later);
    CHECK(outcome.needs_an_operator);
    CHECK(has(outcome.why, "offers no login"));
}

TEST_CASE("A server that is not there or says nothing costs its limit and no more", "[notify][peers]")
{
    const auto began = std::chrono::steady_clock::now();
    const auto took = [&] { return std::chrono::steady_clock::now() - began; };
    SECTION("refused")
    {
        MailBench bench{server_at(loopback::free_port())};
        const auto outcome = bench.send();
        INFO(outcome.why);
        CHECK(outcome.how == Outcome::later);
        CHECK(has(outcome.why, "no connection to 127.0.0.1:"));
        CHECK(took() < 20s);
    }
    SECTION("an unknown host")
    {
        auto server = server_at(25);
        server.host = "no-such-host.invalid";
        MailBench bench{server};
        const auto outcome = bench.verify();
        INFO(outcome.why);
        CHECK(outcome.how == Outcome::later);
    }
    SECTION("silent from the start")
    {
        const Peer peer{{"--fault", "tarpit"}};
        auto server = server_at(peer.port());
        server.connect_within = 500ms;
        MailBench bench{server};
        const auto outcome = bench.send();
        INFO(outcome.why);
        CHECK(outcome.how == Outcome::later);
        CHECK(has(outcome.why, "did not answer in time"));
        CHECK(took() < 20s);
    }
    SECTION("silent after the mail: it may have it")
    {
        const Peer peer{{"--fault", "hang_at_data"}};
        auto server = server_at(peer.port());
        server.send_within = 1'000ms;
        MailBench bench{server};
        const auto outcome = bench.send();
        INFO(outcome.why);
        CHECK(outcome.how == Outcome::unknown);
        CHECK(took() < 20s);
    }
    SECTION("silent at the goodbye: it has it")
    {
        const Peer peer{{"--fault", "hang_at_quit"}};
        MailBench bench{server_at(peer.port())};
        CHECK(bench.send().how == Outcome::accepted);
        CHECK(took() < 30s);
    }
}

TEST_CASE("The end breaks off what is under way", "[notify][peers]")
{
    const Peer peer{{"--fault", "tarpit"}};
    auto server = server_at(peer.port());
    server.connect_within = 60'000ms;
    server.send_within = 60'000ms;
    auto bench = std::make_unique<MailBench>(server);
    asio::cancellation_signal stop;
    int ended = 0;
    const auto count = [&ended](std::exception_ptr error, const Outcome&) { ended += error ? 1 : 0; };
    for (int mail = 0; mail < 5; ++mail) {
        // Two are under way, three wait.
        if (mail == 0)
            asio::co_spawn(bench->loop, bench->mailer->send(urgent_mail()), asio::bind_cancellation_slot(stop.slot(), count));
        else
            asio::co_spawn(bench->loop, bench->mailer->send(urgent_mail()), asio::detached);
    }
    bench->loop.run_for(300ms);
    CHECK(ended == 0);
    stop.emit(asio::cancellation_type::terminal);
    for (const auto end = std::chrono::steady_clock::now() + 20s; ended == 0 && std::chrono::steady_clock::now() < end;) {
        bench->loop.restart();
        bench->loop.run_one_for(20ms);
    }
    CHECK(ended == 1);
    const auto began = std::chrono::steady_clock::now();
    bench.reset();
    CHECK(std::chrono::steady_clock::now() - began < 20s);
}

TEST_CASE("Two mails go at a time, and all of them go", "[notify][peers]")
{
    const Peer peer{{}};
    MailBench bench{server_at(peer.port())};
    std::vector<std::optional<Outcome>> outcomes(20);
    for (auto& outcome : outcomes)
        asio::co_spawn(bench.loop, bench.mailer->send(urgent_mail()), MailBench::into(outcome));
    const auto all = [&] {
        return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& one) { return one.has_value(); });
    };
    for (const auto end = std::chrono::steady_clock::now() + 60s; !all() && std::chrono::steady_clock::now() < end;) {
        bench.loop.restart();
        bench.loop.run_one_for(20ms);
    }
    REQUIRE(all());
    for (const auto& outcome : outcomes)
        CHECK(outcome->how == Outcome::accepted);
    CHECK(peer.mails().size() == 20);
}
