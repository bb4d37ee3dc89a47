#include "oncall/directory.hpp"

#include "catch.hpp"
#include "noon.hpp"

using namespace std::chrono_literals;
using namespace oncall;

namespace {

using Lines = std::vector<std::string>;

DirectoryEntry entry(const std::string& name, const std::string& owner = "payments")
{
    DirectoryEntry one;
    one.name = name;
    one.owner = owner;
    return one;
}

/// A directory, what holds beside it, and readings one after the other. What is decided is done.
struct Synced {
    Directory directory{};
    Configuration holds{};
    SyncedServices known{};
    std::set<std::string> alerting{};
    TimePoint now{};

    Synced()
    {
        directory.name = "backstage";
        for (const auto* const name : {"payments", "web"})
            holds.teams[name].name = name;
    }
    Lines read(const std::vector<DirectoryEntry>& entries, milliseconds later = 1h, bool whole = true)
    {
        now += later;
        DirectoryRead read;
        read.entries = entries;
        if (!whole)
            read.mistakes.push_back({1, "", "it has no name"});
        const auto sync = merge(directory, read, known, holds, alerting, now);
        Lines lines;
        for (const auto& step : sync.steps) {
            lines.push_back(words_of(step));
            if (step.fate == SyncFate::create || step.fate == SyncFate::adopt || step.fate == SyncFate::change)
                holds.services[step.service] = step.becomes;
            if (step.fate == SyncFate::remove)
                holds.services.erase(step.service);
        }
        known = sync.known;
        return lines;
    }
    Service& service(const std::string& name) { return holds.services.at(name); }
};

} // namespace

TEST_CASE("A service of a directory gets its owner's team by its name, by what is agreed, or by default", "[oncall][directory]")
{
    struct Case {
        std::string owner{};
        std::string team{};
    };
    Synced synced;
    synced.directory.teams = {{"Money", "payments"}, {"group:default/frontend", "web"}, {"lost", "nobody"}};
    const bool has_default = GENERATE(false, true);
    if (has_default)
        synced.directory.team = "web";
    const std::string otherwise = has_default ? "web" : "";
    for (const auto& one : std::vector<Case>{{"payments", "payments"}, {"group:default/payments", "payments"},
             {"group:payments", "payments"}, {"default/payments", "payments"}, {"Money", "payments"},
             {"group:x/Money", "payments"}, {"group:default/frontend", "web"}, {"user:default/payments", otherwise},
             {"Payments", otherwise}, {"", otherwise}, {"stranger", otherwise}, {"lost", ""}}) {
        INFO(one.owner);
        Synced fresh = synced;
        fresh.read({entry("checkout", one.owner)});
        CHECK(fresh.service("checkout").team == one.team);
        CHECK(fresh.service("checkout").directory == "backstage");
    }
}

TEST_CASE("A service of a directory without a team is made, and that nobody would be paged is said", "[oncall][directory]")
{
    Synced synced;
    CHECK(synced.read({entry("a", "stranger"), entry("b", ""), entry("c")})
        == Lines{"+ a: its owner stranger is no team here: nobody would be paged",
            "+ b: it names no owner, so it has no team: nobody would be paged", "+ c: team payments"});
    // It is said each time, until somebody gives it one.
    CHECK(synced.read({entry("a", "stranger"), entry("c")}).front()
        == "= a: its owner stranger is no team here: nobody would be paged");
    synced.service("a").team = "web";
    const auto lines = synced.read({entry("a", "stranger"), entry("c")});
    CHECK(lines.front() == "= a: its owner stranger is no team here; it stays with team web");
}

TEST_CASE("What the directory alone changes changes, field by field, and what people changed stays", "[oncall][directory]")
{
    Synced synced;
    auto checkout = entry("checkout");
    checkout.tier = 2;
    checkout.description = "Pays";
    checkout.labels = {{"region", "eu"}, {"language", "java"}};
    CHECK(synced.read({checkout}) == Lines{"+ checkout: team payments"});
    CHECK(synced.read({checkout}) == Lines{});

    SECTION("by the directory")
    {
        checkout.tier = 1;
        checkout.owner = "web";
        checkout.labels = {{"region", "us"}};
        CHECK(synced.read({checkout}) == Lines{"~ checkout: team, tier, labels"});
        CHECK(synced.service("checkout").tier == 1);
        CHECK(synced.service("checkout").team == "web");
        CHECK(synced.service("checkout").labels == std::map<std::string, std::string>{{"region", "us"}});
        CHECK(synced.read({checkout}) == Lines{});
    }
    SECTION("by people")
    {
        synced.service("checkout").tier = 3;
        synced.service("checkout").policy = "cto"; // no directory says anything of it
        synced.service("checkout").subscribers = {"cfo@example.com"};
        CHECK(synced.read({checkout}) == Lines{"= checkout: tier; changed here; stays so"});
        CHECK(synced.service("checkout").tier == 3);
        CHECK(synced.service("checkout").policy == "cto");
        // The rest of it goes on to follow.
        checkout.description = "Takes the money";
        CHECK(synced.read({checkout}) == Lines{"~ checkout: description", "= checkout: tier; changed here; stays so"});
        CHECK(synced.service("checkout").subscribers == std::vector<std::string>{"cfo@example.com"});
        // Both agree again: it follows from then on.
        synced.service("checkout").tier = 2;
        CHECK(synced.read({checkout}) == Lines{});
        checkout.tier = 4;
        CHECK(synced.read({checkout}) == Lines{"~ checkout: tier"});
    }
    SECTION("by both")
    {
        synced.service("checkout").description = "Ours";
        synced.service("checkout").labels["owner"] = "kim"; // beside the directory's
        checkout.description = "Theirs";
        checkout.labels["region"] = "us";
        CHECK(synced.read({checkout}) == Lines{"~ checkout: labels", "= checkout: description; changed here; stays so"});
        CHECK(synced.service("checkout").description == "Ours");
        CHECK(synced.service("checkout").labels
            == std::map<std::string, std::string>{{"region", "us"}, {"language", "java"}, {"owner", "kim"}});
    }
    SECTION("by people who emptied it, or filled what the directory says nothing of")
    {
        synced.service("checkout").description.clear();
        synced.service("checkout").runbook = "https://wiki.example.com/checkout";
        CHECK(synced.read({checkout}) == Lines{"= checkout: description; changed here; stays so"});
        CHECK(synced.service("checkout").description == "");
        CHECK(synced.service("checkout").runbook == "https://wiki.example.com/checkout");
    }
    SECTION("an owner that is no team any more takes no team away")
    {
        checkout.owner = "renamed";
        CHECK(synced.read({checkout}) == Lines{"= checkout: its owner renamed is no team here; it stays with team payments"});
        checkout.owner = "web";
        CHECK(synced.read({checkout}) == Lines{"~ checkout: team"});
    }
    SECTION("deleted by people it stays deleted")
    {
        synced.holds.services.clear();
        CHECK(synced.read({checkout}) == Lines{"= checkout: deleted here, and still in the directory; stays deleted"});
        CHECK(synced.holds.services.empty());
        // A reading or two without it bring it not back; gone for good and back it is another one.
        CHECK(synced.read({}) == Lines{});
        CHECK(synced.read({checkout}) == Lines{"= checkout: deleted here, and still in the directory; stays deleted"});
        for (int i = 0; i < 3; ++i)
            CHECK(synced.read({}, 13h) == Lines{});
        CHECK(synced.read({checkout}) == Lines{"+ checkout: team payments"});
    }
    SECTION("what is remembered is lost: nothing that people wrote is emptied")
    {
        synced.known.clear();
        synced.service("checkout").runbook = "https://wiki.example.com/checkout";
        CHECK(synced.read({checkout}) == Lines{});
        CHECK(synced.service("checkout").runbook == "https://wiki.example.com/checkout");
    }
}

TEST_CASE("A service that the directory did not make is left alone, whatever the directory says of it", "[oncall][directory]")
{
    Synced synced;
    synced.holds.services["checkout"] = {.name = "checkout", .team = "web"};
    synced.holds.services["ledger"] = {.name = "ledger", .team = "web", .directory = "harness"};
    synced.holds.directories["harness"].name = "harness";
    const auto before = synced.holds;
    CHECK(synced.read({entry("checkout"), entry("ledger")})
        == Lines{"! checkout: made here and not by the directory; left alone", "! ledger: of directory harness; left alone"});
    CHECK(synced.holds == before);
    for (int i = 0; i < 9; ++i)
        CHECK(synced.read({}, 24h) == Lines{}); // nor is it gone with the directory
    CHECK(synced.holds == before);
}

TEST_CASE("A service whose directory is configured no more is taken over by the next one that lists it, with what people changed",
    "[oncall][directory]")
{
    Synced synced;
    synced.holds.directories["backstage"].name = "backstage";
    auto checkout = entry("checkout");
    checkout.tier = 2;
    checkout.description = "Pays";
    checkout.labels = {{"region", "eu"}};
    synced.read({checkout, entry("ledger")});
    synced.service("checkout").tier = 3;
    synced.service("checkout").policy = "cto";
    synced.service("checkout").labels["owner"] = "kim";

    synced.directory.name = "portal";
    synced.holds.directories["portal"].name = "portal";
    checkout.tier = 1;
    checkout.description = "Takes the money";
    checkout.labels = {{"region", "us"}};
    const std::string from = "taken over from directory backstage, which is not configured any more";

    SECTION("not while its own is configured")
    {
        const auto before = synced.holds;
        CHECK(synced.read({checkout}) == Lines{"! checkout: of directory backstage; left alone"});
        CHECK(synced.holds == before);
    }
    SECTION("by what its own said last")
    {
        synced.holds.directories.erase("backstage");
        CHECK(synced.read({checkout, entry("ledger", "stranger")})
            == Lines{"~ checkout: description, labels; " + from, "= checkout: tier; changed here; stays so",
                "~ ledger: " + from + "; its owner stranger is no team here; it stays with team payments"});
        const auto& taken = synced.service("checkout");
        CHECK(taken.directory == "portal");
        CHECK(taken.tier == 3);
        CHECK(taken.policy == "cto");
        CHECK(taken.description == "Takes the money");
        CHECK(taken.labels == std::map<std::string, std::string>{{"region", "us"}, {"owner", "kim"}});
        // It is one like any other from then on.
        CHECK(synced.read({checkout, entry("ledger")}) == Lines{"= checkout: tier; changed here; stays so"});
        for (int i = 0; i < 3; ++i)
            synced.read({checkout}, 13h);
        CHECK_FALSE(synced.holds.services.contains("ledger"));
    }
    SECTION("of which nothing is remembered: then all that it has is people's")
    {
        synced.holds.directories.erase("backstage");
        synced.known.clear();
        checkout.runbook = "https://wiki.example.com/checkout";
        CHECK(synced.read({checkout})
            == Lines{"~ checkout: runbook; " + from, "= checkout: tier, description, labels; changed here; stays so"});
        CHECK(synced.service("checkout").description == "Pays");
        CHECK(synced.service("checkout").labels == std::map<std::string, std::string>{{"region", "eu"}, {"owner", "kim"}});
    }
    SECTION("and one that no other lists stays as it is")
    {
        synced.holds.directories.erase("backstage");
        const auto before = synced.holds;
        for (int i = 0; i < 9; ++i)
            CHECK(synced.read({entry("other")}, 24h) == (i == 0 ? Lines{"+ other: team payments"} : Lines{}));
        CHECK(synced.service("checkout") == before.services.at("checkout"));
        CHECK(synced.service("ledger") == before.services.at("ledger"));
    }
}

TEST_CASE("What is gone from a directory is removed after three whole readings and a day, and when nothing names it",
    "[oncall][directory]")
{
    Synced synced;
    const std::vector<DirectoryEntry> rest{entry("ledger")};
    synced.read({entry("checkout"), entry("ledger")});
    const std::string soon = "? checkout: gone from the directory; it is removed when it has been gone for a day and 3 readings; "
                             "this was the ";

    SECTION("not before both")
    {
        CHECK(synced.read(rest) == Lines{soon + "first"});
        CHECK(synced.read(rest) == Lines{soon + "second"});
        CHECK(synced.read(rest) == Lines{soon + "latest"}); // two hours
        CHECK(synced.read(rest, 23h) == Lines{"- checkout: gone from the directory, and nothing names it"});
        CHECK_FALSE(synced.holds.services.contains("checkout"));
        CHECK(synced.read(rest) == Lines{});
        // Back again it is made anew.
        CHECK(synced.read({entry("checkout"), entry("ledger")}) == Lines{"+ checkout: team payments"});
    }
    SECTION("back in between it begins anew")
    {
        synced.read(rest, 30h);
        synced.read(rest, 30h);
        CHECK(synced.read({entry("checkout"), entry("ledger")}, 30h) == Lines{});
        CHECK(synced.read(rest, 30h) == Lines{soon + "first"});
    }
    SECTION("a reading with mistakes counts for nothing: it may be one of them")
    {
        for (int i = 0; i < 5; ++i)
            CHECK(synced.read(rest, 30h, false) == Lines{});
        CHECK(synced.read(rest, 30h) == Lines{soon + "first"});
    }
    SECTION("what names it holds it")
    {
        const auto held_by = GENERATE(table<std::string, std::string>(
            {{"rule", "rule money names it, so it stays"}, {"source", "source grafana names it, so it stays"},
                {"heartbeat", "heartbeat backup names it, so it stays"}, {"alert", "it has open alerts, so it stays"},
                {"people", "changed here, so it stays. Delete it yourself if it is over"}}));
        const auto& by = std::get<0>(held_by);
        if (by == "rule")
            synced.holds.rules.push_back({.name = "money", .service = "checkout"});
        if (by == "source")
            synced.holds.sources["grafana"].service = "checkout";
        if (by == "heartbeat")
            synced.holds.heartbeats["backup"].service = "checkout";
        if (by == "alert")
            synced.alerting = {"checkout"};
        if (by == "people")
            synced.service("checkout").policy = "cto";
        for (int i = 0; i < 5; ++i)
            CHECK(synced.read(rest, 30h) == Lines{"? checkout: gone from the directory; " + std::get<1>(held_by)});
        CHECK(synced.holds.services.contains("checkout"));
    }
}

TEST_CASE("Fewer than half of the services that a directory had are not taken for all of them", "[oncall][directory]")
{
    struct Case {
        std::size_t had{}, has{};
        bool enough{};
    };
    for (const auto& one : std::vector<Case>{{0, 0, true}, {1, 0, false}, {2, 1, true}, {4, 1, true}, {4, 0, false},
             {5, 2, false}, {5, 3, true}, {100, 49, false}, {100, 50, true}, {3, 100, true}}) {
        SyncedServices last;
        for (std::size_t i = 0; i < one.had; ++i)
            last["s" + std::to_string(i)] = {};
        last["gone before"].missed = 2;
        DirectoryRead read;
        read.entries.resize(one.has);
        INFO(one.had << " " << one.has);
        CHECK(too_few(read, last).empty() == one.enough);
    }
}
