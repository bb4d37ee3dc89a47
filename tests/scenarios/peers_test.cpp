#include "app.hpp"
#include "catch.hpp"
#include "notify/smtp_peer.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"
#include "scenarios/world.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>

using namespace loopback;

namespace {

void people(workspace::Workspace& slack, const std::vector<std::string>& names)
{
    for (const auto& name : names)
        slack.add_person(name, name + "@example.com");
    slack.add_channel("payments-alerts", {.bot = true});
    slack.add_channel("war-room", {.bot = true});
    slack.add_channel("ops", {.bot = true});
}

std::map<std::string, std::string> settings(Net& world, const Folder& folder, std::uint16_t port, const std::string& yaml)
{
    std::ofstream{folder.path / "oncall.yaml"} << yaml;
    const bool http = scenario::by_http();
    if (http) {
        const auto base = "http://127.0.0.1:" + std::to_string(port) + "/slack/";
        auto& slacks = world.slack().settings();
        slacks.events_url = base + "events";
        slacks.commands_url = base + "commands";
        slacks.interactions_url = base + "interactions";
    }
    return {{"SLACK_BOT_TOKEN", world.slack().bot_token()},
        {http ? "SLACK_SIGNING_SECRET" : "SLACK_APP_TOKEN", http ? world.slack().signing_secret() : world.slack().app_token()},
        {"SLACK_API_URL", world.slack().api_url()}, {"ONCALL_DATABASE", (folder.path / "oncall.db").string()},
        {"ONCALL_LISTEN", "127.0.0.1:" + std::to_string(port)}, {"ONCALL_CONFIG", (folder.path / "oncall.yaml").string()},
        {"ONCALL_CHANNEL", "#ops"}};
}

/// The real Alertmanager, with a configuration of ours.
class Alertmanager {
public:
    Alertmanager(Net& world, const Folder& folder, const std::string& configuration)
        : world_{world}
    {
        const auto unpacked = std::filesystem::path{ONCALL_SOURCE_DIR} / "build/peers/alertmanager";
        const auto binary = unpacked / "usr/bin/prometheus-alertmanager";
        INFO("tests/run fetches it; without: " << binary);
        REQUIRE(std::filesystem::exists(binary));
        std::ofstream{folder.path / "alertmanager.yml"} << configuration;
        const auto listen = "127.0.0.1:" + std::to_string(free_port());
        url_ = "http://" + listen;
        process_ = std::make_unique<Process>(
            std::vector<std::string>{"/usr/bin/env", "-C", unpacked.string(), binary.string(),
                "--config.file=" + (folder.path / "alertmanager.yml").string(), "--storage.path=" + (folder.path / "am").string(),
                "--web.listen-address=" + listen, "--cluster.listen-address="},
            std::map<std::string, std::string>{}, folder.path / "alertmanager.log");
        REQUIRE(world.until([&] { return world.exchange("GET", url_ + "/-/ready").status == 200; }));
    }

    /// `labels` as JSON without braces.
    void fire(const std::string& labels, const std::string& more = "")
    {
        const auto alert = R"([{"labels":{)" + labels + R"(},"annotations":{"summary":"It is down in eu-1"})" + more + "}]";
        REQUIRE(world_.exchange("POST", url_ + "/api/v2/alerts", alert).status == 200);
    }
    void resolve(const std::string& labels)
    {
        const auto over = oncall::iso(world_.clock().now() - 1s, "UTC");
        fire(labels, R"(,"endsAt":")" + over.substr(0, 19) + "Z\"");
    }
    /// "127.0.0.1:9093"
    std::string address() const { return url_.substr(7); }

private:
    Net& world_;
    std::string url_{};
    std::unique_ptr<Process> process_{};
};

/// The real Prometheus, with one rule. It finds out whom to tell once in five seconds, and anew after each change of its rule.
class Prometheus {
public:
    Prometheus(Net& world, const Folder& folder, const std::string& alertmanager)
        : world_{world}
        , rules_{folder.path / "rules.yml"}
    {
        const auto binary = std::filesystem::path{ONCALL_SOURCE_DIR} / "build/peers/prometheus/usr/bin/prometheus";
        INFO("tests/run fetches it; without: " << binary);
        REQUIRE(std::filesystem::exists(binary));
        std::ofstream{folder.path / "prometheus.yml"} << "global: {evaluation_interval: 1s}\n"
                                                         "rule_files: ['"
                + rules_.string()
                + "']\n"
                  "alerting: {alertmanagers: [{static_configs: [{targets: ['"
                + alertmanager + "']}]}]}\n";
        const auto listen = "127.0.0.1:" + std::to_string(free_port());
        url_ = "http://" + listen;
        write_rule("vector(1)");
        process_ = std::make_unique<Process>(
            std::vector<std::string>{binary.string(), "--config.file=" + (folder.path / "prometheus.yml").string(),
                "--storage.tsdb.path=" + (folder.path / "tsdb").string(), "--web.listen-address=" + listen,
                "--web.enable-lifecycle", "--rules.alert.resend-delay=2s"},
            std::map<std::string, std::string>{}, folder.path / "prometheus.log");
    }
    /// From now on the rule's expression is this.
    void rule(const std::string& expression)
    {
        write_rule(expression);
        REQUIRE(world_.exchange("POST", url_ + "/-/reload").status == 200);
    }

private:
    void write_rule(const std::string& expression)
    {
        std::ofstream{rules_} << "groups: [{name: g, rules: [{alert: CheckoutDown, expr: '" + expression
                + "', labels: {severity: critical}, annotations: {summary: It is down in eu-1}}]}]\n";
    }

    Net& world_;
    std::filesystem::path rules_;
    std::string url_{};
    std::unique_ptr<Process> process_{};
};

} // namespace

TEST_CASE("The real Alertmanager fires and resolves, and people are paged and told", "[scenarios][peers][socket][long]")
{
    Net world;
    people(world.slack(), {"ana", "bo", "chi", "cto"});
    const Folder folder;
    const auto port = free_port();
    auto yaml = read(std::filesystem::path{ONCALL_SOURCE_DIR} / "manifest/oncall.yaml");
    const Process bot{{ONCALL_BINARY, "run"}, settings(world, folder, port, yaml), folder.path / "bot.log"};
    const auto health = "http://127.0.0.1:" + std::to_string(port) + "/health";
    REQUIRE(world.until([&] { return world.exchange("GET", health).status == 200; }));
    REQUIRE(world.until([&] { return scenario::by_http() || world.slack().links() == 2; }));
    Alertmanager alertmanager{world, folder,
        "route: {receiver: oncall, group_wait: 0s, group_interval: 1s, repeat_interval: 1h}\n"
        "receivers: [{name: oncall, webhook_configs: [{send_resolved: true, url: 'http://127.0.0.1:"
            + std::to_string(port) + "/hooks/demo-alertmanager-key'}]}]\n"};

    const std::string labels = R"("alertname":"CheckoutDown","severity":"critical","service":"checkout","team":"payments")";
    alertmanager.fire(labels);
    auto& ana = world.slack().person("ana");
    auto& bo = world.slack().person("bo");
    auto& chi = world.slack().person("chi");
    const auto paged = [&] {
        std::ptrdiff_t times = 0;
        for (const auto* person : {&ana, &bo, &chi}) {
            const auto dms = person->dms();
            times += std::count_if(dms.begin(), dms.end(), [](const auto& message) { return !message.ephemeral; });
        }
        return times;
    };
    INFO(read(folder.path / "bot.log"));
    REQUIRE(world.until([&] { return paged() == 1; }));
    auto& on_call = !ana.dms().empty() ? ana : !bo.dms().empty() ? bo : chi;
    CHECK(has(world.slack().push(on_call.last_dm()), "It is down in eu-1"));

    auto& channel = world.slack().channel("payments-alerts");
    const auto press = on_call.click(on_call.last_dm(), "Acknowledge");
    REQUIRE(world.until([&] { return press.acked(); }));
    REQUIRE(world.until([&] { return !channel.messages().empty() && has(world.slack().plain(channel.last()), "Acknowledged"); }));

    alertmanager.resolve(labels);
    REQUIRE(world.until([&] { return has(world.slack().plain(channel.last()), "Resolved"); }));
    CHECK(paged() == 1);
}

TEST_CASE("A rule of the real Prometheus fires and is over, by Alertmanager's webhook and as for VictorOps and Opsgenie",
    "[scenarios][peers][socket][long]")
{
    Net world;
    people(world.slack(), {"ana", "bo", "chi"});
    const Folder folder;
    const auto port = free_port();
    const auto base = "http://127.0.0.1:" + std::to_string(port);
    const Alertmanager alertmanager{world, folder,
        "route:\n"
        "  {receiver: hook, group_wait: 0s, group_interval: 1s, repeat_interval: 1h,\n"
        "   routes: [{receiver: hook, continue: true}, {receiver: vo, continue: true}, {receiver: og}]}\n"
        "receivers:\n"
        "- {name: hook, webhook_configs: [{send_resolved: true, url: '"
            + base
            + "/hooks/hook-key'}]}\n"
              "- {name: vo, victorops_configs: [{api_key: vo-key, routing_key: database, api_url: '"
            + base
            + "/integrations/generic/20131114/alert/'}]}\n"
              "- {name: og, opsgenie_configs: [{api_key: og-key, priority: P1, api_url: '"
            + base + "/'}]}\n"};
    Prometheus prometheus{world, folder, alertmanager.address()}; // it takes some seconds before it tells anybody
    auto environment = settings(world, folder, port,
        "services: {hooked: {policy: ana}, routed: {policy: bo}, called: {policy: chi}}\n"
        "policies:\n"
        "  ana: {levels: [{targets: [user:ana@example.com], patience: 1h}]}\n"
        "  bo: {levels: [{targets: [user:bo@example.com], patience: 1h}]}\n"
        "  chi: {levels: [{targets: [user:chi@example.com], patience: 1h}]}\n"
        "sources:\n"
        "  am: {format: alertmanager, key: hook-key, service: hooked}\n"
        "  vo: {format: victorops, key: vo-key, service: routed}\n"
        "  og: {format: opsgenie, key: og-key, service: called}\n");
    environment["ONCALL_BUNDLE_HOLD"] = "0"; // each by itself
    const Process bot{{ONCALL_BINARY, "run"}, environment, folder.path / "bot.log"};
    REQUIRE(world.until([&] { return world.exchange("GET", base + "/health").status == 200; }));
    auto& slack = world.slack();
    const auto story = [&] { return read(folder.path / "bot.log") + read(folder.path / "alertmanager.log") + slack.story(); };
    // Each way in pages a person of its own, once.
    const auto pages = [&](const std::string& name) {
        const auto dms = slack.person(name).dms();
        return std::count_if(dms.begin(), dms.end(),
            [&](const auto& message) { return has(slack.push(message), "eu-1") || has(slack.push(message), "CheckoutDown"); });
    };
    const bool fired = world.until([&] { return pages("ana") > 0 && pages("bo") > 0 && pages("chi") > 0; });
    INFO(story());
    REQUIRE(fired);
    CHECK(has(slack.push(slack.person("ana").last_dm()), "It is down in eu-1"));

    prometheus.rule("vector(1) == 0");
    const auto over = [&] {
        const auto all = slack.channel("ops").messages();
        return std::count_if(all.begin(), all.end(), [&](const auto& message) { return has(slack.plain(message), "Resolved"); });
    };
    const bool all_over = world.until([&] { return over() == 3; });
    INFO(story());
    CHECK(all_over);
    CHECK(slack.channel("ops").messages().size() == 3);
    CHECK_FALSE(has(read(folder.path / "bot.log"), "error  "));
}

TEST_CASE(
    "The real Alertmanager groups, repeats and resolves by webhook and as for PagerDuty, while the bot is killed and restarted",
    "[scenarios][peers][crash][long]")
{
    Net world;
    people(world.slack(), {"ana", "bo"});
    const Folder folder;
    const auto port = free_port();
    // Each way in pages a person of its own, once: who is paged twice is seen.
    auto environment = settings(world, folder, port,
        "services: {hooked: {policy: ana}, routed: {policy: bo}}\n"
        "policies:\n"
        "  ana: {levels: [{targets: [user:ana@example.com], patience: 1h}]}\n"
        "  bo: {levels: [{targets: [user:bo@example.com], patience: 1h}]}\n"
        "sources:\n"
        "  am: {format: alertmanager, key: hook-key, service: hooked}\n"
        "  pd: {format: pagerduty, key: 0123456789abcdef0123456789abcdef, service: routed}\n");
    environment["ONCALL_BUNDLE_HOLD"] = "0"; // each by itself
    const auto base = "http://127.0.0.1:" + std::to_string(port);
    const auto start = [&] {
        auto bot =
            std::make_unique<Process>(std::vector<std::string>{ONCALL_BINARY, "run"}, environment, folder.path / "bot.log");
        REQUIRE(world.until([&] { return world.exchange("GET", base + "/health").status == 200; }));
        return bot;
    };
    auto bot = start();
    Alertmanager alertmanager{world, folder,
        "route:\n"
        "  {receiver: hook, group_by: [cluster], group_wait: 0s, group_interval: 1s, repeat_interval: 1s,\n"
        "   routes: [{receiver: pd, matchers: ['via=\"pagerduty\"']}]}\n"
        "receivers:\n"
        "- {name: hook, webhook_configs: [{send_resolved: true, url: '"
            + base
            + "/hooks/hook-key'}]}\n"
              "- {name: pd, pagerduty_configs: [{routing_key: 0123456789abcdef0123456789abcdef, url: '"
            + base + "/v2/enqueue', severity: '{{ .CommonLabels.severity }}'}]}\n"};

    const auto labels = [](const std::string& name, const std::string& via, const std::string& cluster) {
        return R"("alertname":")" + name + R"(","severity":"critical","via":")" + via + R"(","cluster":")" + cluster + "\"";
    };
    auto& slack = world.slack();
    auto& ana = slack.person("ana");
    auto& bo = slack.person("bo");
    auto& ops = slack.channel("ops");
    const auto cards = [&](const std::string& part, const std::string& state) {
        const auto all = ops.messages();
        return std::count_if(all.begin(), all.end(), [&](const auto& message) {
            const auto text = slack.plain(message);
            return has(text, part) && has(text, state);
        });
    };
    const auto story = [&] { return read(folder.path / "bot.log") + slack.story(); };
    // Besides its pages somebody is told what is over before anybody answered.
    const auto pages = [](const workspace::Person& person) {
        const auto dms = person.dms();
        return std::count_if(
            dms.begin(), dms.end(), [](const auto& message) { return !has(message.text, "Nothing more is asked of you"); });
    };

    // One alert each by webhook; as for PagerDuty a group is one.
    alertmanager.fire(labels("Checkout", "webhook", "eu"));
    alertmanager.fire(labels("Ledger", "webhook", "eu"));
    alertmanager.fire(labels("Checkout", "pagerduty", "eu"));
    alertmanager.fire(labels("Ledger", "pagerduty", "eu"));
    REQUIRE(world.until([&] { return pages(ana) == 2 && pages(bo) == 1; }));
    // What is repeated is counted, and pages nobody.
    const auto repeated = [&] { return cards("from am", "reported ") == 2 && cards("from pd", "reported ") == 1; };
    REQUIRE(world.until(repeated));

    bot->kill(SIGKILL);
    CHECK(bot->wait() == -SIGKILL);
    // Meanwhile one is over, one more comes to each group, and a new group by the other way.
    alertmanager.resolve(labels("Ledger", "webhook", "eu"));
    alertmanager.fire(labels("Cache", "webhook", "eu"));
    alertmanager.fire(labels("Cache", "pagerduty", "eu"));
    alertmanager.fire(labels("Cache", "pagerduty", "us"));
    world.until([] { return false; }, 1500ms); // long enough for it to be tried and refused
    bot = start();
    const auto caught_up = [&] { return pages(ana) == 3 && pages(bo) == 2 && cards("It is down", "Resolved") == 1; };
    {
        INFO(story());
        CHECK(world.until(caught_up, 30s));
    }

    // A polite restart, in the middle of repeats.
    bot->kill(SIGTERM);
    std::optional<int> status;
    CHECK(world.until([&] { return (status = bot->ended()).has_value(); }, 10s));
    CHECK(status == 0);
    bot = start();
    for (const auto* name : {"Checkout", "Cache"})
        alertmanager.resolve(labels(name, "webhook", "eu"));
    for (const auto* name : {"Checkout", "Ledger", "Cache"})
        alertmanager.resolve(labels(name, "pagerduty", "eu"));
    alertmanager.resolve(labels("Cache", "pagerduty", "us"));
    const auto over = [&] { return cards("service hooked", "Resolved") == 3 && cards("service routed", "Resolved") == 2; };
    const bool all_over = world.until(over, 30s);
    INFO(story());
    CHECK(all_over);
    // Nothing was lost, and nobody was paged twice.
    CHECK(cards("", "") == 5);
    CHECK(pages(ana) == 3);
    CHECK(pages(bo) == 2);
    CHECK_FALSE(has(read(folder.path / "bot.log"), "error  "));
}

TEST_CASE("A polite end is quick and quiet, also while Slack is away", "[scenarios][peers]")
{
    const Folder folder;
    std::ofstream{folder.path / "oncall.yaml"} << "sources: {scripts: {format: generic, key: k}}\n";
    const auto port = free_port(), nobody = free_port();
    const std::map<std::string, std::string> environment{{"SLACK_BOT_TOKEN", "xoxb-1"}, {"SLACK_APP_TOKEN", "xapp-1"},
        {"SLACK_API_URL", "http://127.0.0.1:" + std::to_string(nobody) + "/api/"},
        {"ONCALL_DATABASE", (folder.path / "oncall.db").string()}, {"ONCALL_LISTEN", "127.0.0.1:" + std::to_string(port)},
        {"ONCALL_CONFIG", (folder.path / "oncall.yaml").string()}};
    Process bot{{ONCALL_BINARY, "run"}, environment, folder.path / "bot.log"};
    Net world;
    REQUIRE(
        world.until([&] { return world.exchange("GET", "http://127.0.0.1:" + std::to_string(port) + "/health").status == 200; }));
    bot.kill(SIGTERM);
    CHECK(bot.wait() == 0);
    const auto log = read(folder.path / "bot.log");
    INFO(log);
    CHECK_FALSE(has(log, "error  "));
    CHECK(has(log, "unreachable"));
}

TEST_CASE("A polite end is as quick while Slack is there, and leaves no link behind", "[scenarios][peers]")
{
    Net world;
    people(world.slack(), {"ana", "bo", "chi", "cto"});
    const Folder folder;
    const auto port = free_port();
    const auto yaml = read(std::filesystem::path{ONCALL_SOURCE_DIR} / "manifest/oncall.yaml");
    Process bot{{ONCALL_BINARY, "run"}, settings(world, folder, port, yaml), folder.path / "bot.log"};
    const auto base = "http://127.0.0.1:" + std::to_string(port);
    REQUIRE(world.until([&] { return world.exchange("GET", base + "/health").status == 200; }));
    REQUIRE(world.until([&] { return scenario::by_http() || world.slack().links() == 2; }));
    REQUIRE(world.exchange("POST", base + "/hooks/demo-scripts-key", R"({"title":"It is down"})").status == 202);
    bot.kill(SIGTERM);
    std::optional<int> status;
    CHECK(world.until([&] { return (status = bot.ended()).has_value(); }, 5s));
    CHECK(status == 0);
    CHECK(world.until([&] { return world.slack().links() == 0; }));
    const auto log = read(folder.path / "bot.log");
    INFO(log);
    CHECK_FALSE(has(log, "error  "));
}

TEST_CASE("kill -9 loses nothing that was accepted and repeats a page at most once a kill", "[scenarios][peers][crash][long]")
{
    Net world;
    const std::vector<std::string> names{"p0", "p1", "p2", "p3", "p4", "p5"};
    people(world.slack(), names);
    std::string yaml = "services:\n";
    for (const auto& name : names)
        yaml += "  s" + name + ": {policy: " + name + "}\n";
    yaml += "policies:\n";
    for (const auto& name : names)
        yaml += "  " + name + ": {levels: [{targets: [user:" + name + "@example.com], patience: 1h}]}\n";
    yaml += "sources:\n  scripts: {format: generic, key: k}\n";
    const Folder folder;
    const auto port = free_port();
    const auto environment = settings(world, folder, port, yaml);
    const auto base = "http://127.0.0.1:" + std::to_string(port);

    std::vector<std::pair<std::string, std::string>> accepted; // person, title
    constexpr int rounds = 4;
    for (int round = 0; round < rounds; ++round) {
        Process bot{{ONCALL_BINARY, "run"}, environment, folder.path / "bot.log"};
        REQUIRE(world.until([&] { return world.exchange("GET", base + "/health").status == 200; }));
        for (const auto& name : names) {
            const auto title = "alert " + std::to_string(round) + " for " + name;
            const auto answer = world.exchange("POST", base + "/hooks/k",
                R"({"title":")" + title + R"(","service":"s)" + name + R"(","dedup_key":")" + title + "\"}");
            if (answer.status == 202)
                accepted.emplace_back(name, title);
        }
        // Killed in the middle of whatever it does then.
        world.until([] { return false; }, std::chrono::milliseconds{3 + 23 * round});
        bot.kill(SIGKILL);
        CHECK(bot.wait() == -SIGKILL);
    }
    REQUIRE(accepted.size() == rounds * names.size());

    const Process bot{{ONCALL_BINARY, "run"}, environment, folder.path / "bot.log"};
    const auto times = [&](const std::string& person, const std::string& title) {
        int count = 0;
        for (const auto& message : world.slack().person(person).dms())
            count += has(world.slack().push(message), title);
        return count;
    };
    const auto all_paged = [&] {
        for (const auto& [person, title] : accepted)
            if (times(person, title) == 0)
                return false;
        return true;
    };
    INFO(read(folder.path / "bot.log"));
    CHECK(world.until(all_paged, 60s));
    for (const auto& [person, title] : accepted) {
        INFO(title);
        CHECK(times(person, title) >= 1);
        CHECK(times(person, title) <= 2);
    }
}

TEST_CASE("While Slack is away a real mail server takes the page, Python reads it, and its link answers it",
    "[scenarios][peers][email]")
{
    Net world;
    people(world.slack(), {"ana", "bo", "chi", "cto"});
    const peers::MailServer mail_server{{}};
    const Folder folder;
    const auto port = free_port();
    auto environment = settings(world, folder, port, read(std::filesystem::path{ONCALL_SOURCE_DIR} / "manifest/oncall.yaml"));
    const auto base = "http://127.0.0.1:" + std::to_string(port);
    environment["SMTP_URL"] = "smtp://127.0.0.1:" + std::to_string(mail_server.port());
    environment["SMTP_FROM"] = "Oncall <oncall@example.com>";
    environment["ONCALL_PUBLIC_URL"] = base;
    const Process bot{{ONCALL_BINARY, "run"}, environment, folder.path / "bot.log"};
    REQUIRE(world.until([&] { return world.exchange("GET", base + "/health").status == 200; }));
    REQUIRE(world.until([&] { return scenario::by_http() || world.slack().links() == 2; }));
    // It has found out who people are.
    REQUIRE(world.until([&] { return world.slack().calls("users.lookupByEmail").size() >= 4; }));
    world.until([] { return false; }, 200ms);

    world.slack().outage(true);
    const auto answer = world.exchange("POST", base + "/hooks/demo-scripts-key",
        R"({"title":"Küche: \"500\" on /pay 🔥","severity":"critical","service":"checkout","dedup_key":"k"})");
    REQUIRE(answer.status == 202);
    INFO(read(folder.path / "bot.log"));
    REQUIRE(world.until([&] { return mail_server.mails().size() == 1; }));
    const auto mail = mail_server.mails().front().at("mail");
    const auto header = [&](const std::string& name) {
        for (const auto& [key, value] : mail.at("headers").get<std::vector<std::pair<std::string, std::string>>>())
            if (key == name)
                return value;
        return std::string{};
    };
    CHECK(header("Subject") == "[#1 critical] checkout: Küche: \"500\" on /pay 🔥");
    CHECK(mail.at("type") == "multipart/alternative");
    REQUIRE(mail.at("parts").size() == 2);
    CHECK(mail.at("parts")[0].at("type") == "text/plain");
    CHECK(mail.at("parts")[1].at("type") == "text/html");
    const auto text = mail.at("parts")[0].at("content").get<std::string>();
    CHECK(has(text, "Küche: \"500\" on /pay 🔥"));
    CHECK(has(text, "policy payments, level 1 of 3"));

    const auto at = text.find(base + "/a/");
    REQUIRE(at != text.npos);
    const auto link = text.substr(at, text.find_first_of(" \n", at) - at);
    for (int i = 0; i < 100; ++i)
        CHECK(world.exchange(i % 2 == 0 ? "GET" : "HEAD", link).status == 200);
    CHECK(has(world.exchange("GET", link).body, "Nobody has it yet"));
    CHECK(world.exchange("POST", link).status == 200);
    CHECK(world.exchange("POST", link).status == 409);

    world.slack().outage(false);
    auto& channel = world.slack().channel("payments-alerts");
    REQUIRE(world.until([&] { return !channel.messages().empty(); }, 60s));
    CHECK(has(world.slack().plain(channel.last()), "Acknowledged by"));
    CHECK(has(world.slack().plain(channel.last()), "by a link in an e-mail"));
    for (const auto* name : {"ana", "bo", "chi"})
        CHECK(world.slack().person(name).dms().empty());
}
