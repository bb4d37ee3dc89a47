#include "config/directory_entries.hpp"

#include "catch.hpp"
#include "config/validate.hpp"
#include "places.hpp"

using oncall::DirectoryEntry;
using oncall::DirectoryRead;
using oncall::Link;

namespace {

std::string directory_sample(const std::string& name)
{
    return tests::text_of(std::string{ONCALL_SOURCE_DIR} + "/tests/config/directories/" + name);
}

std::vector<std::string> names_of(const DirectoryRead& read)
{
    std::vector<std::string> names;
    for (const auto& entry : read.entries)
        names.push_back(entry.name);
    return names;
}

/// "line name: what", of each mistake.
std::vector<std::string> mistakes_of(const DirectoryRead& read)
{
    std::vector<std::string> lines;
    for (const auto& mistake : read.mistakes)
        lines.push_back(std::to_string(mistake.line) + " " + mistake.name + ": " + mistake.what);
    return lines;
}

using Listed = std::vector<std::string>;

} // namespace

TEST_CASE("Services are read from YAML, by name or in a list", "[config][directory]")
{
    const auto read = config::directory_in_yaml(directory_sample("services.yaml"));
    CHECK(read.problem == "");
    CHECK(mistakes_of(read) == Listed{});
    REQUIRE(names_of(read) == Listed{"checkout", "ledger", "orphan"});
    const auto& checkout = read.entries[0];
    CHECK(checkout.owner == "payments");
    CHECK(checkout.tier == 1);
    CHECK(checkout.description == "Takes the money");
    CHECK(checkout.runbook == "https://wiki.example.com/checkout");
    CHECK(checkout.labels == std::map<std::string, std::string>{{"region", "eu"}, {"language", "java"}});
    CHECK(checkout.links
        == std::vector<Link>{{"https://grafana.example.com/d/checkout", "Dashboard"}, {"https://example.com/checkout", ""}});
    CHECK(checkout.depends_on == Listed{"ledger"});
    CHECK(checkout.line == 2);
    CHECK(read.entries[1].owner == "payments");
    CHECK(read.entries[1].depends_on == Listed{"storage"});

    CHECK(names_of(config::directory_in_yaml("- {name: a}\n- {name: b, owner: x}\n")) == Listed{"a", "b"});
    CHECK(names_of(config::directory_in_yaml("a: {}\nb:\n")) == Listed{"a", "b"});
}

TEST_CASE("Services are read from CSV, with quotes, empty lines and a line for each mistake", "[config][directory]")
{
    const auto read = config::directory_in_csv(directory_sample("services.csv"));
    CHECK(read.problem == "");
    CHECK(mistakes_of(read) == Listed{});
    REQUIRE(names_of(read) == Listed{"checkout", "ledger", "orphan"});
    const auto& checkout = read.entries[0];
    CHECK(checkout.description == "Takes the \"money\", all of it and more");
    CHECK(checkout.labels == std::map<std::string, std::string>{{"region", "eu"}, {"language", "java"}});
    CHECK(checkout.links.size() == 2);
    CHECK(checkout.depends_on == Listed{"ledger", "search"});
    CHECK(read.entries[1].line == 4); // a cell before it has two lines
    CHECK(read.entries[2].line == 6);

    CHECK(names_of(config::directory_in_csv("\xef\xbb\xbfName, Team\na,x")) == Listed{"a"});
    CHECK(mistakes_of(config::directory_in_csv("name,tier\na\nb,12\nc,3\n"))
        == Listed{"2 a: it has 1 cells, and the first line has 2", "3 b: its tier is none from 1 to 9"});
}

TEST_CASE("Components are read from Backstage's files", "[config][directory]")
{
    SECTION("as its own template has them")
    {
        const auto read = config::directory_in_backstage(directory_sample("backstage_create_app_entities.yaml"));
        CHECK(read.problem == "");
        CHECK(mistakes_of(read) == Listed{});
        REQUIRE(names_of(read) == Listed{"example-website"}); // neither the system nor the API
        CHECK(read.entries[0].owner == "guests");
        CHECK(read.entries[0].labels
            == std::map<std::string, std::string>{{"type", "website"}, {"lifecycle", "experimental"}, {"system", "examples"}});
        const auto people = config::directory_in_backstage(directory_sample("backstage_create_app_org.yaml"));
        CHECK(people.problem == "");
        CHECK(people.entries.empty());
    }
    SECTION("with all that a descriptor may say")
    {
        const auto read = config::directory_in_backstage(directory_sample("backstage_catalog.yaml"));
        CHECK(read.problem == "");
        CHECK(mistakes_of(read) == Listed{});
        REQUIRE(names_of(read) == Listed{"checkout", "ledger", "search/index"}); // no library, no resource
        const auto& checkout = read.entries[0];
        CHECK(checkout.owner == "group:default/payments");
        CHECK(oncall::owner_name(checkout.owner) == "payments");
        CHECK(checkout.description == "Takes the money of whoever buys.");
        CHECK(checkout.tier == 1);
        CHECK(checkout.runbook == "https://wiki.example.com/checkout/runbook");
        CHECK(checkout.links == std::vector<Link>{{"https://grafana.example.com/d/checkout", "Dashboard"}});
        CHECK(checkout.depends_on == Listed{"ledger", "search/index"});
        CHECK(checkout.labels.at("tags") == "java, payments");
        CHECK(checkout.labels.at("example.com/cost-centre") == "c-17");
        CHECK(read.entries[2].description == "Search index");
        CHECK(oncall::owner_name(read.entries[2].owner) == "");
    }
    SECTION("as its catalog's API answers")
    {
        const auto read = config::directory_in_backstage(
            R"([{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"a","namespace":"default","uid":"x"},)"
            R"("spec":{"owner":"x","type":"service"},"relations":[]},{"kind":"Group","metadata":{"name":"x"}}])");
        CHECK(names_of(read) == Listed{"a"});
    }
}

TEST_CASE("Services are read from the pages of Harness's API, and a page that is not whole is none", "[config][directory]")
{
    const auto first = config::directory_in_harness(directory_sample("harness_page_0.json"), 0);
    CHECK(first.read.problem == "");
    CHECK(first.pages == 2);
    CHECK(first.services == 3);
    CHECK(first.count == 2);
    REQUIRE(names_of(first.read) == Listed{"checkout", "search_index"});
    const auto& checkout = first.read.entries[0];
    CHECK(checkout.owner == "payments");
    CHECK(checkout.tier == 1);
    CHECK(checkout.runbook == "https://wiki.example.com/checkout");
    CHECK(checkout.description == "Takes the money");
    CHECK(checkout.labels == std::map<std::string, std::string>{{"tags", "java"}});
    CHECK(first.read.entries[1].owner == "search");
    CHECK(first.read.entries[1].description == "Search index"); // what it is called there
    const auto second = config::directory_in_harness(directory_sample("harness_page_1.json"), 1);
    CHECK(second.count == 1);
    REQUIRE(names_of(second.read) == Listed{"ledger"});
    CHECK(second.read.entries[0].description == "");

    const auto problem_of = [](const std::string& body, int page) {
        return config::directory_in_harness(body, page).read.problem;
    };
    // Its words are not repeated: they may hold what was sent.
    CHECK(problem_of(directory_sample("harness_error.json"), 0) == "Harness does not give the services: INVALID_TOKEN");
    CHECK(problem_of(directory_sample("harness_page_1.json"), 0) == "page 1 is not whole"); // another one
    const auto whole = directory_sample("harness_page_0.json");
    CHECK(problem_of(whole.substr(0, whole.size() / 2), 0) == "page 1 is no answer of Harness: it is no JSON, or not all of it");
    CHECK(problem_of("<html>Sign in</html>", 0) == "page 1 is no answer of Harness: it is no JSON, or not all of it");
    CHECK(problem_of(R"({"status":"SUCCESS","data":null})", 0) == "Harness does not give the services");
    CHECK(
        problem_of(R"({"status":"SUCCESS","data":{"content":[],"totalPages":-1,"totalItems":"x"}})", 0) == "page 1 is not whole");
}

TEST_CASE("What is hostile or broken in a directory is a mistake or a problem, and never a service", "[config][directory]")
{
    std::string many, deep, multiplied = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 0; i < 5'001; ++i)
        many += "s" + std::to_string(i) + ": {}\n";
    for (int i = 0; i < 100; ++i)
        deep += "[";
    for (char c = 'b'; c < 'i'; ++c)
        multiplied += std::string{c} + ": &" + c + " [*" + char(c - 1) + ", *" + char(c - 1) + ", *" + char(c - 1) + ", *"
            + char(c - 1) + ", *" + char(c - 1) + ", *" + char(c - 1) + ", *" + char(c - 1) + ", *" + char(c - 1) + "]\n";

    CHECK(config::directory_in_yaml(many).problem == "it has more than 5,000 services");
    CHECK(config::directory_in_yaml(deep).problem != "");
    CHECK(config::directory_in_yaml(multiplied).problem != "");
    CHECK(config::directory_in_yaml("services: {a: {}").problem != "");
    CHECK(config::directory_in_yaml("a\xff: {}").problem == "line 1: this is not UTF-8");
    CHECK(config::directory_in_yaml("").problem != "");
    CHECK(config::directory_in_yaml(std::string(5 << 20, ' ')).problem != "");
    CHECK(mistakes_of(config::directory_in_yaml("services:\n- {name: a}\n- {name: a, tier: 2}\n- {name: b}\n- {owner: x}\n- 7\n"
                                                "- {name: c, runbok: x}\n- {name: d, runbook: \"javascript:alert(1)\"}\n"
                                                "- {name: e, links: [\"https://a b\"]}\n- {name: f, tier: first}\n"))
        == Listed{"2 a: its name is there 2 times", "3 a: its name is there 2 times", "5 : it has no name",
            "6 : it is no mapping of `key: value`", "7 c: it has the key `runbok`, which says nothing here",
            "8 d: its runbook is no web address", "9 e: a link is no web address", "10 f: its tier is none from 1 to 9"});
    const auto long_name = config::directory_in_yaml(std::string(81, 'x') + ": {}\n" + std::string(80, 'y') + ": {}\n");
    CHECK(long_name.entries.size() == 1);
    CHECK(long_name.mistakes.size() == 1);

    CHECK(config::directory_in_csv("").problem == "it is empty: the first line names the columns");
    CHECK(config::directory_in_csv("name\n\"a").problem == "line 2: a quote is not closed");
    CHECK(config::directory_in_csv("name\n\"a\"b\n").problem == "line 2: something stands behind a closing quote");
    CHECK(config::directory_in_csv("name\na\"b\n").problem == "line 2: a quote stands inside of a cell without quotes");
    CHECK(config::directory_in_csv("name,name\n").problem == "line 1: the column `name` is there twice");
    CHECK(config::directory_in_csv("owner\nx\n").problem == "line 1: there is no column `name`");
    CHECK(config::directory_in_csv("name\na\x01\n").problem == "line 2: there is a control character");
    CHECK(config::directory_in_csv("name" + std::string(60, ',') + "\n").problem == "line 1: there are more than 50 columns");

    CHECK(config::directory_in_backstage("---\n---\n").problem == "there is no entity in it");
    CHECK(config::directory_in_backstage("kind: Component\n---\nkind: [\n").problem != "");
    CHECK(mistakes_of(config::directory_in_backstage("kind: Component\nspec: {owner: x}\n---\nname: a\n---\njust words\n"))
        == Listed{"1 : it has no name", "4 : it is no entity: it has no `kind`", "6 : it is no entity: it has no `kind`"});
}
