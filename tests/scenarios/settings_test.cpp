#include "blocks/sound.hpp"
#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

using namespace scenario;
using Fields = workspace::Fields;

namespace {

/// Presses it and lets the answer come.
workspace::Delivery press(World& world, workspace::Person& person, const std::string& label, const std::string& beside = {})
{
    auto pressed = person.click_modal(label, beside);
    world.settle();
    CHECK(pressed.error() == "");
    return pressed;
}

workspace::Delivery submit(World& world, workspace::Person& person)
{
    auto sent = person.submit();
    world.settle();
    CHECK(sent.error() == "");
    return sent;
}

/// The menu of a level in a policy's form.
void press_level(World& world, workspace::Person& person, int level, const std::string& what)
{
    person.choose_modal("", what, "*Level " + std::to_string(level) + "*");
    world.settle();
}

void open_settings(World& world, workspace::Person& person, const std::string& kind)
{
    person.command("/oncall", "settings " + kind, "#payments-alerts");
    world.settle();
    REQUIRE(person.modals() == 1);
}

/// "policy", "payments": the form of what is there.
void edit(World& world, workspace::Person& person, const std::string& kind, const std::string& name)
{
    open_settings(world, person, kind);
    if (kind == "rule" || kind == "rules") {
        person.choose_modal("", "Edit", "*" + name + "*");
        world.settle();
    } else {
        press(world, person, "Edit", "*" + name + "*");
    }
    REQUIRE(person.modals() == 2);
}

/// In a policy's form: opens a level, fills it in, and comes back.
void fill_level(World& world, workspace::Person& person, int level, const Fields& fields)
{
    press_level(world, person, level, "Edit");
    person.fill(fields);
    submit(world, person);
}

void add(World& world, workspace::Person& person, const std::string& kind, const Fields& fields)
{
    open_settings(world, person, kind);
    press(world, person, "New " + kind + "…");
    REQUIRE(person.modals() == 2);
    person.fill(fields);
}

/// Check, and then Save; returns the plan that was shown.
std::string save(World& world, workspace::Person& person)
{
    submit(world, person);
    INFO(world.slack().story());
    REQUIRE(person.modals() == 3);
    const auto plan = modal(world, person);
    submit(world, person);
    return plan;
}

/// Slack delivers the next interactions twice. Over HTTP the second is turned away at the door.
void twice(World& world, int times = 1)
{
    if (!by_http())
        world.slack().deliver_twice("interactive", times);
}

void close(World& world, workspace::Person& person)
{
    if (person.modals() > 0)
        person.close_all();
    world.settle();
}

std::shared_ptr<const oncall::Configuration> now(World& world) { return world.app().context().configuration(); }

std::size_t pages_in_sight(workspace::Person& person)
{
    const auto dms = person.dms();
    return static_cast<std::size_t>(std::count_if(
        dms.begin(), dms.end(), [](const auto& message) { return !message.ephemeral && message.thread_ts.empty(); }));
}

/// All that is stored as text, in every table.
std::string all_text_stored(World& world)
{
    return world.look([](storage::Transaction& tx) {
        std::vector<std::string> tables;
        for (storage::Query row{tx, "SELECT name FROM sqlite_master WHERE type = 'table'"}; row.step();)
            tables.push_back(row.text());
        std::string all;
        for (const auto& table : tables) {
            std::vector<std::string> columns;
            for (storage::Query row{tx, "SELECT name FROM pragma_table_info('" + table + "')"}; row.step();)
                columns.push_back(row.text());
            for (const auto& column : columns)
                for (storage::Query row{tx, "SELECT CAST(" + column + " AS TEXT) FROM " + table}; row.step();)
                    all += row.text() + "\n";
        }
        return all;
    });
}

std::vector<std::string> changes(World& world)
{
    return world.look([](storage::Transaction& tx) {
        std::vector<std::string> rows;
        for (storage::Query row{tx, "SELECT actor, verb, subject, before, after FROM audit ORDER BY id"}; row.step();) {
            std::string line;
            for (int i = 0; i < 5; ++i)
                line += (i == 0 ? "" : " | ") + row.text();
            rows.push_back(std::move(line));
        }
        return rows;
    });
}

std::vector<std::string> audit_of(World& world, const workspace::Person& person)
{
    auto rows = changes(world);
    std::erase_if(rows, [&](const std::string& row) { return !row.starts_with(person.id()); });
    return rows;
}

/// The key as the modal shows it.
std::string key_in(const std::string& shown)
{
    const auto at = shown.find("/hooks/");
    const auto begin = at + 7;
    return at == shown.npos ? "" : shown.substr(begin, shown.find_first_of("`\n ", begin) - begin);
}

std::string alert_json(const std::string& title, const std::string& key)
{
    return R"({"title":")" + title + R"(","dedup_key":")" + key + R"("})";
}

} // namespace

TEST_CASE("Settings are opened by a command and show everything there is", "[scenarios][settings]")
{
    World world;
    open_settings(world, world.ana(), "");
    CHECK(has(modal(world, world.ana()), "payments\n#payments-alerts · 3 members · policy payments [Edit]"));
    for (const auto& [kind, line] : std::vector<std::pair<std::string, std::string>>{{"Services", "checkout"},
             {"Policies", "3 levels · repeated 1 time"}, {"Sources", "alertmanager · team payments"},
             {"Rules", "1. ledger by label"}, {"Schedules", "1 rotation · Europe/Berlin"}}) {
        world.ana().choose_modal("What", kind);
        world.settle();
        INFO(kind << "\n" << modal(world, world.ana()));
        CHECK(has(modal(world, world.ana()), line));
    }
    for (const std::string word : {"config", "configuration policies", "settings Policies"}) {
        close(world, world.ana());
        world.ana().command("/oncall", word, "#payments-alerts");
        world.settle();
        CHECK(world.ana().modals() == 1);
    }
    CHECK(has(modal(world, world.ana()), "New policy"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A policy that is edited while a page climbs changes the next page and not this one", "[scenarios][settings]")
{
    World world;
    world.alert("Checkout is down");
    world.settle();
    REQUIRE(pages_in_sight(world.ana()) == 1);
    edit(world, world.bo(), "policy", "payments");
    fill_level(world, world.bo(), 1, {{"Patience", "1h"}, {"Retries", ""}});
    const auto plan = save(world, world.bo());
    INFO(plan);
    CHECK(has(plan, "level 1, patience: 5m (default) → 1h"));
    CHECK(has(plan, "level 1, retries: 1 → 0 (default)"));
    CHECK(has(modal(world, world.bo()), "It holds from now on"));
    close(world, world.bo());
    world.advance(10min + 1s);
    INFO(world.slack().story());
    CHECK(pages_in_sight(world.ana()) == 3); // tried twice, and as one of the team
    CHECK(pages_in_sight(world.chi()) == 1);

    world.resolved();
    world.advance(1min);
    world.alert("Checkout is down again", "another");
    world.settle();
    CHECK(pages_in_sight(world.ana()) == 5); // and the word that the first is over
    world.advance(59min);
    CHECK(pages_in_sight(world.chi()) == 2);
    world.advance(1min + 1s);
    CHECK(pages_in_sight(world.chi()) == 3);
    const auto rows = audit_of(world, world.bo());
    REQUIRE(rows.size() == 1);
    CHECK(has(rows.front(), "change | policy payments"));
    CHECK(has(rows.front(), "1h"));
}

TEST_CASE("Levels are added, moved and removed in the form, and what was typed stays", "[scenarios][settings]")
{
    World world;
    edit(world, world.ana(), "policy", "payments");
    world.ana().fill({{"Repeat", "4"}});
    fill_level(world, world.ana(), 1, {{"Patience", "7m"}});
    press(world, world.ana(), "Add a level");
    CHECK(has(modal(world, world.ana()), "Level 4 of 4"));
    CHECK(has(modal(world, world.ana()), "It pages nobody yet."));
    world.ana().fill({{"Add people", "dee"}, {"Patience", "42m"}});
    submit(world, world.ana());
    INFO(modal(world, world.ana()));
    CHECK(has(modal(world, world.ana()), "2 tries of 7m"));
    CHECK(has(modal(world, world.ana()), "Repeat: 4"));
    press_level(world, world.ana(), 4, "Move up");
    press_level(world, world.ana(), 3, "Move up");
    press_level(world, world.ana(), 1, "Move down");
    press_level(world, world.ana(), 4, "Remove");
    const auto plan = save(world, world.ana());
    INFO(plan << world.slack().story());
    const auto& levels = now(world)->policies.at("payments").levels;
    REQUIRE(levels.size() == 3);
    CHECK(now(world)->policies.at("payments").repeat == 4);
    CHECK(has(plan, "Who would be paged by it now"));
    CHECK(has(plan, "0 min: dee (Slack)"));
    CHECK(levels[0].patience == 42min);
    CHECK(levels[0].targets == std::vector{oncall::Target{oncall::TargetKind::user, world.slack().person("dee").id()}});
    CHECK(levels[1].patience == 7min);
    CHECK(levels[1].targets == sample_configuration().policies.at("payments").levels[0].targets);
    CHECK(levels[2] == sample_configuration().policies.at("payments").levels[1]);
    close(world, world.ana());
    world.alert("Checkout is down");
    world.settle();
    CHECK(pages_in_sight(world.slack().person("dee")) == 1);
    CHECK(pages_in_sight(world.ana()) == 0);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A team is made, changed and deleted, and people stay as the file names them", "[scenarios][settings]")
{
    World world;
    edit(world, world.ana(), "team", "payments");
    CHECK(has(modal(world, world.ana()), "Members: ana, bo, chi"));
    world.ana().fill({{"Members", "dee, chi, ana"}, {"Channel", "war-room"}});
    const auto plan = save(world, world.ana());
    INFO(plan);
    CHECK(has(plan, "channel: #payments-alerts → #war-room"));
    CHECK(now(world)->teams.at("payments").members
        == std::vector<std::string>{"ana@example.com", "chi@example.com", world.slack().person("dee").id()});
    close(world, world.ana());
    world.alert("Checkout is down");
    world.settle();
    CHECK(has(world.slack().plain(world.slack().channel("war-room").last()), "Checkout is down"));
    CHECK(world.channel().messages().empty());

    add(world, world.ana(), "team", {{"Name", "search"}, {"Channel", "#ops"}, {"Members", "bo"}, {"Policy", "payments"}});
    CHECK(has(save(world, world.ana()), "new: team search"));
    close(world, world.ana());
    REQUIRE(now(world)->teams.contains("search"));
    CHECK(now(world)->teams.at("search").members == std::vector<std::string>{"bo@example.com"});

    edit(world, world.ana(), "team", "search");
    press(world, world.ana(), "Delete…");
    CHECK(has(modal(world, world.ana()), "team search is deleted"));
    submit(world, world.ana());
    CHECK_FALSE(now(world)->teams.contains("search"));
    close(world, world.ana());

    edit(world, world.ana(), "team", "payments");
    press(world, world.ana(), "Delete…");
    CHECK(has(modal(world, world.ana()), "team payments is used by"));
    CHECK_THROWS_AS(world.ana().submit(), workspace::NotThere);
    CHECK(now(world)->teams.contains("payments"));
}

TEST_CASE("A service that is made in Slack takes alerts at once", "[scenarios][settings]")
{
    World world;
    add(world, world.ana(), "service",
        {{"Name", "search"}, {"Team", "payments"}, {"Tier", "3"}, {"Runbook", "https://wiki.example.com/search"}});
    const auto plan = save(world, world.ana());
    CHECK(has(plan, "new: service search"));
    CHECK(has(plan, "tier: 3"));
    close(world, world.ana());
    world.post("demo-scripts-key", R"({"title":"Search is slow","dedup_key":"s","service":"search"})");
    world.settle();
    CHECK(has(world.slack().plain(world.ana().last_dm()), "Search is slow"));
    CHECK(has(world.slack().plain(world.channel().last()), "search"));

    edit(world, world.ana(), "service", "search");
    world.ana().fill({{"Tier", ""}, {"Policy", "payments"}});
    CHECK(has(save(world, world.ana()), "tier: 3 → unset"));
    CHECK(now(world)->services.at("search").tier == 0);
    close(world, world.ana());
    edit(world, world.ana(), "service", "search");
    press(world, world.ana(), "Delete…");
    submit(world, world.ana());
    CHECK_FALSE(now(world)->services.contains("search"));
}

TEST_CASE("A source that is made in Slack takes an alert at once, and its key is shown this once", "[scenarios][settings]")
{
    World world;
    add(world, world.ana(), "source", {{"Name", "grafana"}, {"Format", "anything that posts JSON"}, {"Service", "checkout"}});
    save(world, world.ana());
    const auto shown = modal(world, world.ana());
    INFO(shown);
    CHECK(has(shown, "http://oncall.test:8080/hooks/"));
    CHECK(has(shown, "ONCALL_PUBLIC_URL is not set"));
    const auto key = key_in(shown);
    REQUIRE(key.size() >= 20);
    CHECK(world.post(key, alert_json("Grafana says so", "g")).status == 202);
    world.settle();
    CHECK(has(world.slack().plain(world.ana().last_dm()), "Grafana says so"));

    // Only ana was shown it, and nothing keeps it.
    CHECK(world.bo().modals() == 0);
    close(world, world.ana());
    CHECK_FALSE(has(all_text_stored(world), key));
    for (const auto& line : world.logged())
        CHECK_FALSE(has(line, key));
    for (const auto& call : world.slack().calls())
        CHECK_FALSE(has(call.arguments.dump(), key));
    edit(world, world.ana(), "source", "grafana");
    CHECK_FALSE(has(world.ana().modal().json.dump(), key));
    press(world, world.ana(), "Make a new key…");
    CHECK_FALSE(has(world.ana().modal().json.dump(), key));
    const auto rows = audit_of(world, world.ana());
    REQUIRE(rows.size() == 1);
    CHECK(has(rows.front(), "create | source grafana"));

    world.kill();
    world.start();
    CHECK(world.post(key, alert_json("Still so", "g2")).status == 202);
}

TEST_CASE("While the keys of a source overlap both work, and then the old one no longer", "[scenarios][settings]")
{
    World world;
    const std::string old = "demo-scripts-key";
    const auto works = [&](const std::string& key) { return world.post(key, alert_json("x", "x")).status == 202; };
    const auto rotate = [&](const std::string& when) {
        edit(world, world.ana(), "source", "scripts");
        press(world, world.ana(), "Make a new key…");
        world.ana().fill({{"The old key stops working", when}});
        submit(world, world.ana());
        const auto shown = modal(world, world.ana());
        close(world, world.ana());
        return shown;
    };
    SECTION("for an hour")
    {
        const auto shown = rotate("in an hour");
        CHECK(has(shown, "The old key works until"));
        const auto fresh = key_in(shown);
        CHECK(works(fresh));
        CHECK(works(old));
        edit(world, world.ana(), "source", "scripts");
        CHECK(has(modal(world, world.ana()), "13:00 UTC"));
        CHECK_FALSE(has(world.ana().modal().json.dump(), fresh));
        close(world, world.ana());
        world.advance(59min);
        CHECK(works(old));
        world.advance(1min + 1s);
        CHECK_FALSE(works(old));
        CHECK(works(fresh));
        world.kill();
        world.start();
        CHECK_FALSE(works(old));
        CHECK(works(fresh));
    }
    SECTION("not at all")
    {
        const auto fresh = key_in(rotate("at once"));
        CHECK_FALSE(works(old));
        CHECK(works(fresh));
    }
    SECTION("until somebody ends it")
    {
        const auto fresh = key_in(rotate("in 7 days"));
        world.advance(24h);
        CHECK(works(old));
        edit(world, world.ana(), "source", "scripts");
        twice(world);
        press(world, world.ana(), "Stop the old key now");
        CHECK_FALSE(works(old));
        CHECK(works(fresh));
        CHECK_FALSE(has(modal(world, world.ana()), "old key"));
        CHECK(audit_of(world, world.ana()).size() == 2);
    }
    CHECK_FALSE(has(all_text_stored(world), "demo-scripts-key"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE(
    "A signing secret is typed and never shown, and the one it replaces works for a day or is stopped", "[scenarios][settings]")
{
    using Secrets = std::vector<std::string>;
    World world;
    const auto holding = [&] { return world.app().context().source_secrets["scripts"]; };
    edit(world, world.ana(), "source", "scripts");
    world.ana().fill({{"Signed", "Each request must be signed"}});
    submit(world, world.ana());
    CHECK(has(world.ana().modal().errors.at("signing_secret"), "Without a secret"));
    world.ana().fill({{"Signing secret", "first-secret"}});
    const auto plan = save(world, world.ana());
    CHECK(has(plan, "signed: false (default) → true"));
    CHECK(has(plan, "signing secret: none → given"));
    CHECK_FALSE(has(plan, "first-secret"));
    close(world, world.ana());
    CHECK(holding() == Secrets{"first-secret"});
    CHECK(now(world)->sources.at("scripts").is_signed);

    edit(world, world.ana(), "source", "scripts");
    CHECK_FALSE(has(world.ana().modal().json.dump(), "first-secret"));
    world.ana().fill({{"Signing secret", "second-secret"}});
    CHECK(has(save(world, world.ana()), "signing secret: the one it has → another"));
    close(world, world.ana());
    CHECK(holding() == Secrets{"second-secret", "first-secret"});
    SECTION("for a day")
    {
        world.kill();
        world.start();
        CHECK(holding() == Secrets{"second-secret", "first-secret"});
        world.advance(25h + 1min);
        CHECK(holding() == Secrets{"second-secret"});
    }
    SECTION("until somebody stops it")
    {
        edit(world, world.ana(), "source", "scripts");
        CHECK(has(modal(world, world.ana()), "Its old signing secret still works until"));
        press(world, world.ana(), "Stop the old signing secret now");
        CHECK(holding() == Secrets{"second-secret"});
        CHECK_FALSE(has(modal(world, world.ana()), "old signing secret"));
        press(world, world.ana(), "Delete…");
        submit(world, world.ana());
        CHECK(holding().empty());
        CHECK_FALSE(has(all_text_stored(world), "-secret"));
    }
    for (const auto& line : world.logged())
        CHECK_FALSE(has(line, "-secret"));
    for (const auto& row : audit_of(world, world.ana()))
        CHECK_FALSE(has(row, "-secret"));
    for (const auto& call : world.slack().calls())
        CHECK_FALSE(has(call.arguments.dump(), "-secret"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A rule decides from the moment it is saved, in its place among the others", "[scenarios][settings]")
{
    World world;
    add(world, world.ana(), "rule",
        {{"Name", "quiet"}, {"when", "severity = info\nlabels.env = test"}, {"Service", "checkout"},
            {"Page", "no, a card only"}});
    const auto first_plan = save(world, world.ana());
    CHECK(has(first_plan, "new: rule quiet"));
    CHECK(has(first_plan, "No alert came in the last 7 days, so there is nothing to try it on."));
    close(world, world.ana());
    const std::string alert = R"({"title":"Tests are red","severity":"info","labels":{"env":"test"},"dedup_key":")";
    world.post("demo-scripts-key", alert + "1\"}");
    world.settle();
    CHECK(pages_in_sight(world.ana()) == 0);
    CHECK(has(world.slack().plain(world.channel().last()), "Tests are red"));

    add(world, world.ana(), "rule", {{"Name", "loud"}, {"when", "labels.env = test"}, {"Service", "checkout"}, {"Page", "yes"}});
    save(world, world.ana());
    close(world, world.ana());
    const auto order = [&] {
        std::string names;
        for (const auto& rule : now(world)->rules)
            names += (names.empty() ? "" : ", ") + rule.name;
        return names;
    };
    CHECK(order() == "ledger by label, payments by label, quiet, loud");
    open_settings(world, world.ana(), "rules");
    world.ana().choose_modal("", "Move up", "*loud*");
    world.settle();
    REQUIRE(world.ana().modals() == 2);
    INFO(modal(world, world.ana()));
    CHECK(has(modal(world, world.ana()), "the order of the rules"));
    submit(world, world.ana());
    CHECK(order() == "ledger by label, payments by label, loud, quiet");
    close(world, world.ana());
    world.post("demo-scripts-key", alert + "2\"}");
    world.settle();
    CHECK(pages_in_sight(world.ana()) == 1);

    edit(world, world.ana(), "rule", "loud");
    CHECK(has(modal(world, world.ana()), "labels.env = test"));
    world.ana().fill({{"further", "title: \"test: {{title}}\"\ndelay: 5m"}});
    const auto plan = save(world, world.ana());
    INFO(plan);
    CHECK(has(plan, "Of the 2 alerts of the last 7 days it would have met 2."));
    CHECK(has(plan, "pages 5m later, called \"test: Tests are red\""));
    close(world, world.ana());
    edit(world, world.ana(), "rule", "loud");
    CHECK(has(modal(world, world.ana()), "delay: 5m"));
    press(world, world.ana(), "Delete…");
    submit(world, world.ana());
    CHECK(order() == "ledger by label, payments by label, quiet");
}

TEST_CASE("What is wrong is said at its field, and nothing is lost", "[scenarios][settings]")
{
    World world;
    struct Case {
        std::string kind, name;
        Fields fields;
        std::string at, words;
    };
    const std::vector<Case> cases{
        {"team", "payments", {{"Channel", "two words"}}, "channel", "is no channel"},
        {"team", "payments", {{"User group", "two words"}}, "user_group", "is no user group"},
        {"team", "payments", {{"Channel", ""}, {"topic", "true"}}, "topic", "no channel whose topic"},
        {"service", "checkout", {{"Runbook", "wiki/checkout"}}, "runbook", "web address"},
        {"policy", "payments", {{"Still on it?", "soon"}}, "still_on_it", "30s, 5m, 2h"},
        {"policy", "payments", {{"2", ""}, {"Patience", "soon"}}, "levels[1].patience#1", "30s, 5m, 2h"},
        {"policy", "payments", {{"2", ""}, {"Patience", "0s"}}, "levels[1].patience#1", "30s, 5m, 2h"},
        {"policy", "payments", {{"3", ""}, {"Add channels, user groups, webhooks", "#UPPER!case"}}, "levels[2].add_others#1",
            "is no channel"},
        {"rule", "payments by label", {{"when", "sevrity = critical"}}, "when", "did you mean"},
        {"rule", "payments by label", {{"when", "{field: severity"}}, "when", "Line 1"},
        {"rule", "payments by label", {{"when", "{field: title, matches: '(db'}"}}, "when", "missing ): (db"},
        {"rule", "payments by label", {{"further", "title: \"{{title}}\"\ngroup: {within: 5m}"}}, "further",
            "Line 2, column 8: `group` does not say by what"},
        {"rule", "payments by label", {{"further", "team: nobodys"}}, "further", "there is no team"},
    };
    for (const auto& one : cases) {
        INFO(one.kind << " " << one.name << " " << one.at);
        edit(world, world.ana(), one.kind, one.name);
        auto fields = one.fields;
        if (const auto level = fields.front().first; one.kind == "policy" && level.size() == 1) {
            fields.erase(fields.begin());
            press_level(world, world.ana(), level.front() - '0', "Edit");
        }
        world.ana().fill(fields);
        submit(world, world.ana());
        INFO(modal(world, world.ana()));
        REQUIRE(world.ana().modals() == 2);
        const auto errors = world.ana().modal().errors;
        REQUIRE(errors.contains(one.at));
        CHECK(has(errors.at(one.at), one.words));
        close(world, world.ana());
    }
    // A service that nobody would be paged for: no field of the team's form but one.
    add(world, world.ana(), "service", {{"Name", "checkout"}});
    submit(world, world.ana());
    CHECK(has(world.ana().modal().errors.at("name"), "already"));
    world.ana().fill({{"Name", "lonely"}});
    submit(world, world.ana());
    INFO(modal(world, world.ana()));
    REQUIRE(world.ana().modals() == 2);
    CHECK(has(modal(world, world.ana()), "nobody would be paged"));
    CHECK(has(modal(world, world.ana()), "Name: lonely"));
    world.ana().fill({{"Team", "payments"}});
    save(world, world.ana());
    CHECK(now(world)->services.contains("lonely"));
    close(world, world.ana());
    // What another thing needs is said above.
    edit(world, world.ana(), "team", "payments");
    world.ana().fill({{"Policy", "(none)"}});
    submit(world, world.ana());
    INFO(modal(world, world.ana()));
    CHECK(world.ana().modals() == 2);
    CHECK(has(modal(world, world.ana()), "nobody would be paged for service"));
    CHECK(now(world)->teams.at("payments").policy == "payments");
    close(world, world.ana());
    edit(world, world.ana(), "team", "payments");
    submit(world, world.ana());
    CHECK(has(modal(world, world.ana()), "Nothing is changed yet"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Of two who edit the same thing, the second sees what the first did before anything is saved", "[scenarios][settings]")
{
    World world;
    edit(world, world.ana(), "policy", "payments");
    edit(world, world.bo(), "policy", "payments");
    world.ana().fill({{"Repeat", "3"}});
    SECTION("while the form is open")
    {
        save(world, world.ana());
        fill_level(world, world.bo(), 1, {{"Patience", "9m"}});
        submit(world, world.bo());
        const auto plan = modal(world, world.bo());
        INFO(plan);
        CHECK(has(plan, "ana changed it"));
        CHECK(has(plan, "repeat: 3 → 1"));
        CHECK(has(plan, "level 1, patience: 5m (default) → 9m"));
        CHECK(now(world)->policies.at("payments").repeat == 3);
    }
    SECTION("while the plan is looked at")
    {
        fill_level(world, world.bo(), 1, {{"Patience", "9m"}});
        submit(world, world.bo());
        CHECK_FALSE(has(modal(world, world.bo()), "repeat"));
        save(world, world.ana());
        submit(world, world.bo());
        const auto plan = modal(world, world.bo());
        INFO(plan);
        CHECK(has(plan, "ana changed it"));
        CHECK(has(plan, "Nothing was saved"));
        CHECK(has(plan, "repeat: 3 → 1"));
        CHECK(now(world)->policies.at("payments").repeat == 3);
        CHECK(now(world)->policies.at("payments").levels[0].patience == 5min);
        submit(world, world.bo());
        CHECK(has(modal(world, world.bo()), "It holds from now on"));
        CHECK(now(world)->policies.at("payments").repeat == 1);
        CHECK(now(world)->policies.at("payments").levels[0].patience == 9min);
    }
    SECTION("who wants the same has it already")
    {
        world.bo().fill({{"Repeat", "3"}});
        submit(world, world.bo());
        save(world, world.ana());
        submit(world, world.bo());
        CHECK(has(modal(world, world.bo()), "already"));
    }
    SECTION("who deletes it")
    {
        close(world, world.bo());
        add(world, world.bo(), "rule", {{"Name", "x"}, {"when", "severity = critical"}, {"Service", "checkout"}});
        save(world, world.bo());
        close(world, world.bo());
        edit(world, world.bo(), "rule", "x");
        close(world, world.ana());
        edit(world, world.ana(), "rule", "x");
        press(world, world.bo(), "Delete…");
        submit(world, world.bo());
        world.ana().fill({{"Urgency", "low"}});
        submit(world, world.ana());
        CHECK(has(modal(world, world.ana()), "There is no rule x any more"));
    }
}

TEST_CASE("A change is saved once, however often Save arrives", "[scenarios][settings]")
{
    World world;
    edit(world, world.ana(), "policy", "payments");
    world.ana().fill({{"Repeat", "3"}});
    twice(world, 3);
    save(world, world.ana());
    INFO(modal(world, world.ana()) << world.slack().story());
    CHECK(has(modal(world, world.ana()), "It holds from now on"));
    CHECK(audit_of(world, world.ana()).size() == 1);
    CHECK(now(world)->policies.at("payments").repeat == 3);
    close(world, world.ana());

    // The answer was lost: pressed again, it says so and makes no second key.
    add(world, world.ana(), "source", {{"Name", "grafana"}, {"Format", "anything that posts JSON"}, {"Team", "payments"}});
    submit(world, world.ana());
    world.slack().lose_acks();
    world.ana().submit();
    world.advance(4s);
    submit(world, world.ana());
    INFO(modal(world, world.ana()));
    CHECK(has(modal(world, world.ana()), "saved already"));
    CHECK(has(modal(world, world.ana()), "Make a new key"));
    CHECK(audit_of(world, world.ana()).size() == 2);
    CHECK(world.look([](storage::Transaction& tx) {
        const auto keys = storage::SourceKeys{tx}.all();
        return std::count_if(keys.begin(), keys.end(), [](const auto& one) { return one.second.source == "grafana"; });
    }) == 1);
}

TEST_CASE("What was changed in Slack survives a restart with the same file", "[scenarios][settings]")
{
    World world;
    edit(world, world.ana(), "policy", "payments");
    world.ana().fill({{"Repeat", "3"}});
    save(world, world.ana());
    close(world, world.ana());
    edit(world, world.ana(), "rule", "ledger by label");
    press(world, world.ana(), "Delete…");
    submit(world, world.ana());
    close(world, world.ana());
    // A plan that was looked at when the process died can be saved afterwards.
    edit(world, world.ana(), "service", "ledger");
    world.ana().fill({{"Tier", "5"}});
    submit(world, world.ana());
    world.kill();
    world.start();
    world.advance(1s);
    CHECK(now(world)->policies.at("payments").repeat == 3);
    CHECK(now(world)->rules.size() == 1);
    submit(world, world.ana());
    CHECK(now(world)->services.at("ledger").tier == 5);
}

TEST_CASE("Only admins and a team's members change what is the team's", "[scenarios][settings]")
{
    auto configuration = sample_configuration();
    configuration.teams["search"] = {.name = "search", .members = {"dee@example.com"}, .policy = "payments"};
    configuration.services["index"] = {.name = "index", .team = "search"};
    World world{configuration};
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    world.advance(1s);
    auto& dee = world.slack().person("dee");
    const auto refused = [&](workspace::Person& person, const std::string& kind, const std::string& name) {
        open_settings(world, person, kind);
        if (kind == "rule")
            person.choose_modal("", "Edit", "*" + name + "*");
        else
            press(world, person, "Edit", "*" + name + "*");
        world.settle();
        const auto shown = modal(world, person);
        close(world, person);
        return has(shown, "Not possible") ? shown : "";
    };
    dee.command("/oncall", "who", "#payments-alerts");
    world.advance(1s);
    CHECK(has(refused(dee, "team", "payments"), "Only admins and members of team payments may change team payments. Ask cto"));
    CHECK(refused(dee, "service", "checkout") != "");
    CHECK(has(refused(dee, "rule", "ledger by label"), "Only admins (ONCALL_ADMINS)"));
    CHECK(refused(dee, "team", "search") == "");
    CHECK(refused(world.cto(), "team", "payments") == "");
    CHECK(refused(world.cto(), "rule", "ledger by label") == "");

    // Not by way of a form that may be opened either.
    edit(world, dee, "service", "index");
    dee.fill({{"Team", "payments"}});
    submit(world, dee);
    CHECK(has(modal(world, dee), "Only admins and members of team payments may change service index."));
    CHECK(now(world)->services.at("index").team == "search");
    close(world, dee);
    // Nor with a plan of a time when that was permitted.
    edit(world, dee, "service", "index");
    dee.fill({{"Tier", "2"}});
    submit(world, dee);
    edit(world, world.cto(), "team", "search");
    world.cto().fill({{"Members", "chi"}});
    save(world, world.cto());
    submit(world, dee);
    CHECK(has(modal(world, dee), "may change service index"));
    CHECK(now(world)->services.at("index").tier == 0);
    CHECK(audit_of(world, dee).empty());
}

TEST_CASE("A guest changes nothing", "[scenarios][settings]")
{
    World world;
    workspace::PersonOptions guest;
    guest.guest = true;
    auto& gus = world.slack().add_person("gus", "gus@elsewhere.example.com", "UTC", guest);
    world.channel().admit("gus");
    gus.command("/oncall", "settings", "#payments-alerts");
    world.advance(1s);
    press(world, gus, "Edit", "*payments*");
    CHECK(has(modal(world, gus), "Guests of this workspace can't change settings."));
    gus.close();
    press(world, gus, "New team…");
    CHECK(has(modal(world, gus), "Guests"));
    CHECK(audit_of(world, gus).empty());
}

TEST_CASE("Hostile names are shown as they are and do nothing", "[scenarios][settings]")
{
    World world;
    const std::string name = "<!channel> & <https://evil.example.com|x>";
    add(world, world.ana(), "service", {{"Name", name}, {"Team", "payments"}});
    const auto plan = save(world, world.ana());
    CHECK(has(plan, name));
    INFO(world.slack().story());
    REQUIRE(now(world)->services.contains(name));
    close(world, world.ana());
    open_settings(world, world.ana(), "services");
    CHECK(has(modal(world, world.ana()), "<!channel>"));
    press(world, world.ana(), "Edit", "&lt;!channel&gt;");
    for (const auto& text : texts(world.ana().modal().json))
        CHECK_FALSE(has(text, "<!channel"));
    world.ana().fill({{"Tier", "2"}});
    save(world, world.ana());
    CHECK(now(world)->services.at(name).tier == 2);
    CHECK(world.slack().broadcasts().empty());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("More things than a menu takes are found by typing, and lists have pages", "[scenarios][settings]")
{
    auto configuration = sample_configuration();
    for (int i = 100; i < 260; ++i) {
        auto policy = configuration.policies.at("payments");
        policy.name = "policy " + std::to_string(i);
        configuration.policies[policy.name] = policy;
    }
    World world{configuration};
    open_settings(world, world.ana(), "policies");
    CHECK_FALSE(has(modal(world, world.ana()), "policy 255"));
    for (int i = 0; i < 4; ++i)
        press(world, world.ana(), "Next page");
    CHECK(has(modal(world, world.ana()), "policy 259"));
    CHECK_FALSE(has(modal(world, world.ana()), "[Next page]"));
    press(world, world.ana(), "Previous page");
    close(world, world.ana());
    edit(world, world.ana(), "team", "payments");
    CHECK_THROWS_AS(world.ana().fill({{"Policy", "policy 255"}}), workspace::NotThere);
    const auto asked = world.ana().look_up("Policy", "CY 25");
    world.settle();
    CHECK(asked.error() == "");
    CHECK(asked.answer()["options"].size() == 10);
    world.ana().fill({{"Policy", "policy 255"}});
    CHECK(has(save(world, world.ana()), "policy: payments → policy 255"));
    CHECK(now(world)->teams.at("payments").policy == "policy 255");
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A click of somebody who clicks faster than the answer comes changes nothing twice", "[scenarios][settings]")
{
    World world;
    edit(world, world.ana(), "policy", "payments");
    twice(world);
    world.ana().click_modal("Add a level");
    world.settle();
    CHECK(has(modal(world, world.ana()), "Level 4 of 4"));
    world.ana().fill({{"Add people", "bo"}});
    submit(world, world.ana());
    CHECK(has(modal(world, world.ana()), "Level 4"));
    CHECK_FALSE(has(modal(world, world.ana()), "Level 5"));
    // One that nothing was put into is gone when it is left, and so is what was typed.
    press(world, world.ana(), "Add a level");
    CHECK(has(modal(world, world.ana()), "Level 5 of 5"));
    press(world, world.ana(), "Back without these changes");
    CHECK_FALSE(has(modal(world, world.ana()), "Level 5"));
    press_level(world, world.ana(), 4, "Edit");
    world.ana().fill({{"Patience", "99m"}});
    press(world, world.ana(), "Back without these changes");
    CHECK_FALSE(has(modal(world, world.ana()), "99m"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A rule that is moved goes where the plan showed it, or nowhere", "[scenarios][settings]")
{
    World world;
    const auto order = [&] {
        std::string names;
        for (const auto& rule : now(world)->rules)
            names += (names.empty() ? "" : ", ") + rule.name;
        return names;
    };
    for (const std::string name : {"quiet", "loud"}) {
        add(world, world.ana(), "rule",
            {{"Name", name}, {"when", "labels.env = test"}, {"Service", "checkout"}, {"Page", "yes"}});
        save(world, world.ana());
        close(world, world.ana());
    }
    REQUIRE(order() == "ledger by label, payments by label, quiet, loud");
    open_settings(world, world.ana(), "rules");
    world.ana().choose_modal("", "Move up", "*loud*");
    world.settle();
    CHECK(has(modal(world, world.ana()), "the order of the rules"));
    open_settings(world, world.bo(), "rules");
    world.bo().choose_modal("", "Move up", "*quiet*");
    world.settle();
    submit(world, world.bo());
    REQUIRE(order() == "ledger by label, quiet, payments by label, loud");

    submit(world, world.ana());
    const auto again = modal(world, world.ana());
    INFO(again);
    CHECK(has(again, "Somebody changed the order of the rules"));
    CHECK(has(again, "ledger by label, loud, quiet, payments by label"));
    CHECK(order() == "ledger by label, quiet, payments by label, loud");
    submit(world, world.ana());
    CHECK(order() == "ledger by label, loud, quiet, payments by label");
}

TEST_CASE("Who cannot answer a page comes into no team and no policy, though whoever is there stays", "[scenarios][settings]")
{
    World world;
    world.slack().add_person("robot", "", "", {.real_name = "Robot", .is_bot = true});
    // Unknown until the form is checked, and known when it is saved.
    edit(world, world.ana(), "team", "payments");
    world.ana().fill({{"Members", "ana, bo, chi, robot"}});
    save(world, world.ana());
    CHECK(has(modal(world, world.ana()), "cannot answer a page"));
    close(world, world.ana());
    world.advance(1s);
    edit(world, world.ana(), "team", "payments");
    world.ana().fill({{"Always in the user group", "robot"}});
    submit(world, world.ana());
    CHECK(has(world.ana().modal().errors["permanent_members"], "cannot answer a page"));
    close(world, world.ana());
    edit(world, world.ana(), "policy", "payments");
    fill_level(world, world.ana(), 2, {{"Add people", "robot"}});
    CHECK(has(world.ana().modal().errors["levels[1].add_people#1"], "cannot answer a page"));
    close(world, world.ana());
    CHECK(now(world)->teams.at("payments").members.size() == 3);

    world.slack().deactivate("chi");
    world.advance(1s);
    edit(world, world.ana(), "team", "payments");
    world.ana().fill({{"Channel", "#war-room"}});
    save(world, world.ana());
    CHECK(now(world)->teams.at("payments").channel == "#war-room");
    CHECK(now(world)->teams.at("payments").members.size() == 3);
}

TEST_CASE("Long names in any script are in the menus, and stay", "[scenarios][settings]")
{
    World world;
    std::string name;
    for (int i = 0; i < 80; ++i)
        name += "夜";
    add(world, world.ana(), "team", {{"Name", name}, {"Channel", "#ops"}, {"Members", "bo"}, {"Policy", "payments"}});
    save(world, world.ana());
    close(world, world.ana());
    edit(world, world.ana(), "service", "checkout");
    world.ana().fill({{"Team", "=" + name}});
    save(world, world.ana());
    CHECK(now(world)->services.at("checkout").team == name);
    close(world, world.ana());
    edit(world, world.ana(), "service", "checkout");
    world.ana().fill({{"Tier", "4"}});
    save(world, world.ana());
    CHECK(now(world)->services.at("checkout").team == name);
    CHECK(now(world)->services.at("checkout").tier == 4);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A key is shown without a warning where the address is known to others", "[scenarios][settings]")
{
    World world;
    world.open_post_office();
    add(world, world.ana(), "source", {{"Name", "grafana"}, {"Format", "anything that posts JSON"}, {"Service", "checkout"}});
    save(world, world.ana());
    CHECK(has(modal(world, world.ana()), "https://oncall.example.com/hooks/"));
    CHECK_FALSE(has(modal(world, world.ana()), "ONCALL_PUBLIC_URL"));
}
