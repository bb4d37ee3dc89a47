#include "catch.hpp"
#include "oncall/calendar_people.hpp"

using namespace oncall;

namespace {

/// Of the configuration: Ana and Bo. Slack has told of the others as well.
const std::vector<Acquainted> colleagues{{"ana@example.com", "Ana Example", "ana@example.com", "U1", true},
    {"@bo", "Bo", "bo@example.com", "U2", true}, {"zed@example.com", "", "", "", true},
    {"U5", "Dee Example", "dee@example.com", "U5", false}};

Called called_by(const std::string& title, const Acquainted& also)
{
    auto known = colleagues;
    known.push_back(also);
    CalendarEvent event;
    event.title = title;
    return people_in(event, NameIndex{known});
}

} // namespace

TEST_CASE("A name that somebody takes in Slack changes nothing for those who are known by more", "[oncall][calendars]")
{
    const auto [name, title, person] = GENERATE(table<std::string, std::string, std::string>({
        {"Ana Example", "Ana Example", "ana@example.com"},
        {"Ana", "Ana", "ana@example.com"},
        {"ana@example.com", "ana@example.com", "ana@example.com"},
        {"dee@example.com", "dee@example.com", "U5"},
        {"bo", "@bo", "@bo"},
        {"@bo", "@bo", "@bo"},
        {"U1", "U1", "ana@example.com"},
        {"<@U1>", "<@U1>", "ana@example.com"},
        {"zed", "zed", "zed@example.com"}, // Slack may tell of her yet
        {"zed@example.com", "zed@example.com", "zed@example.com"},
    }));
    INFO(name);
    CHECK(called_by(title, {"U9", name, "other@example.com", "U9", false}).people == std::vector<std::string>{person});
}

TEST_CASE("Whom the configuration does not name is called by her whole name, if nobody else has it", "[oncall][calendars]")
{
    const Acquainted support{"U9", "Help Desk", "support@example.com", "U9", false};
    CHECK(called_by("Dee Example", support).people == std::vector<std::string>{"U5"});
    for (const std::string title : {"Dee", "Help", "Support: Cover", "nobody@example.com"}) {
        INFO(title);
        CHECK(called_by(title, support).people.empty());
    }
    // A name that looks like an address is not one.
    CHECK(called_by("new@example.com", {"U9", "new@example.com", "x@example.com", "U9", false}).unknown
        == std::vector<std::string>{"new@example.com"});
    // Two of a name are nobody, and that is said.
    CHECK(
        called_by("Dee Example", {"U9", "Dee Example", "d@example.com", "U9", false}) == Called{{}, {}, false, {"dee example"}});
    CHECK(called_by("Bo", {"U9", "Bo", "b@example.com", "U9", true}) == Called{{}, {}, false, {"bo"}});
    // She is one, however often Slack tells of her.
    CHECK(called_by("Dee Example", {"dee@example.com", "Dee Example", "dee@example.com", "U5", false}).people
        == std::vector<std::string>{"U5"});
}

TEST_CASE("Of a list of names those that are nobody's are said, and other words are not", "[oncall][calendars]")
{
    using Names = std::vector<std::string>;
    const auto [title, people, strange] = GENERATE(table<std::string, Names, Names>({
        {"Bo & Zoe", {"@bo"}, {"zoe"}}, {"On call: Zoe, Bo / Max.", {"@bo"}, {"zoe", "max"}},
        {"On call - Bo (primary) | payments", {"@bo"}, {}}, {"Bo: backup", {"@bo"}, {}},
        {"Zoe & Max", {}, {}}, // that nobody is on duty is said anyway
        {"Bo and @zoe", {"@bo"}, {}}, // said as a handle
    }));
    INFO(title);
    const auto called = called_by(title, {"U9", "Help", "support@example.com", "U9", false});
    CHECK(called.people == people);
    CHECK(called.strange == strange);
    CHECK(called_by("Bo & Kim", {"U9", "Kim", "", "U9", false}).strange.empty());
}
