#include "catch.hpp"
#include "config/items.hpp"
#include "config/schedule_yaml.hpp"
#include "scenarios/sees.hpp"
#include "storage/drafts.hpp"

#include <algorithm>

using namespace scenario;

namespace {

void press_form(World& world, workspace::Person& person, const std::string& label, const std::string& beside = {})
{
    const auto pressed = person.click_modal(label, beside);
    world.settle();
    CHECK(pressed.error() == "");
}

void send_schedule_form(World& world, workspace::Person& person)
{
    const auto sent = person.submit();
    world.settle();
    CHECK(sent.error() == "");
}

/// What stands under its fields.
std::string errors_in(workspace::Person& person)
{
    std::string all;
    for (const auto& [block, words] : person.modal().errors)
        all += words + "\n";
    return all;
}

void open_form_of(World& world, workspace::Person& person, const std::string& words)
{
    const auto typed = person.command("/oncall", "schedule " + words, "#payments-alerts");
    world.settle();
    CHECK(typed.error() == "");
    INFO(world.slack().story());
    REQUIRE(person.modals() == 1);
}

void open_rotation_form(World& world, workspace::Person& person, const std::string& rotation)
{
    person.choose_modal("", "Edit", "*" + rotation + "*");
    world.settle();
    REQUIRE(person.modal().title == "Rotation");
}

/// Presses Check; what is shown on top of the form.
std::string check_it(World& world, workspace::Person& person)
{
    const auto below = person.modals();
    send_schedule_form(world, person);
    INFO(world.slack().story());
    REQUIRE(person.modals() == below + 1);
    return modal(world, person);
}

oncall::Schedule in_force(World& world, const std::string& name)
{
    const auto all = world.app().context().configuration()->schedules;
    return all.contains(name) ? all.at(name) : oncall::Schedule{};
}

std::vector<std::string> on_call_at(World& world, TimePoint at)
{
    return oncall::who_is_on_call(in_force(world, "payments"), at).people;
}

std::string seconds_text(TimePoint at)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

/// The only such file that the bot sent.
workspace::File yaml_sent(World& world)
{
    auto files = world.slack().files();
    std::erase_if(files, [](const workspace::File& file) { return file.name != "payments.yaml"; });
    REQUIRE(files.size() == 1);
    CHECK(files.front().channels.size() == 1); // her direct messages
    return files.front();
}

const std::vector<std::string> only_ana{"ana@example.com"}, only_bo{"bo@example.com"}, only_chi{"chi@example.com"};

} // namespace

TEST_CASE("A schedule is made by a form, with a picture before it is saved", "[scenarios][schedule_form]")
{
    World world;
    auto& ana = world.ana();
    open_form_of(world, ana, "new ledger");
    CHECK(has(modal(world, ana), "Name: ledger"));
    CHECK(has(modal(world, ana), "It has no rotation"));
    send_schedule_form(world, ana);
    CHECK(ana.modals() == 1);
    CHECK(has(modal(world, ana), "It has no rotation yet. Add one, and put people into it."));

    press_form(world, ana, "Add a rotation");
    ana.fill({{"Name", "weekly"}});
    send_schedule_form(world, ana);
    CHECK(has(errors_in(ana), "Nobody is in it: choose somebody."));
    ana.fill({{"People", "chi, bo"}, {"Hours", "08:00 to 18:00"}});
    send_schedule_form(world, ana);
    INFO(modal(world, ana));
    CHECK(has(modal(world, ana), "chi → bo"));
    const auto plan = check_it(world, ana);
    INFO(plan);
    CHECK(has(plan, "New schedule ledger"));
    CHECK(has(plan, "Who comes on call"));
    CHECK(has(plan, "Nov 3, 2026 at 12:00 UTC – Nov 17, 2026 at 12:00 UTC")); // the next 14 days
    CHECK(has(plan, "chi"));
    CHECK(has(plan, "Nobody is on call"));
    CHECK(has(plan, "Drawing the picture …"));
    world.advance(10s);
    const auto drawn = ana.modal().json["blocks"];
    const auto picture = std::find_if(drawn.begin(), drawn.end(), [](const auto& block) { return block["type"] == "image"; });
    REQUIRE(picture != drawn.end());
    const auto told = (*picture)["alt_text"].get<std::string>();
    INFO(told);
    CHECK(has(told, "Tue 3 Nov 2026 to Tue 17 Nov 2026 (Europe/Berlin): "));

    // Nothing is changed before it is saved, and closed it is as it was left.
    CHECK(in_force(world, "ledger").rotations.empty());
    ana.close();
    world.settle();
    CHECK(ana.modals() == 1);
    check_it(world, ana);
    send_schedule_form(world, ana); // before the picture is there
    CHECK(has(modal(world, ana), "Schedule ledger holds from now on."));
    world.advance(10s);
    CHECK(has(modal(world, ana), "Schedule ledger holds from now on."));
    const auto made = in_force(world, "ledger");
    REQUIRE(made.rotations.size() == 1);
    CHECK(made.rotations.front().turns == std::vector<oncall::Turn>{only_chi, only_bo});
    CHECK(made.time_zone == "Europe/Berlin"); // hers
    ana.close_all();
    open_form_of(world, ana, "new ledger");
    press_form(world, ana, "Add a rotation");
    ana.fill({{"Name", "a"}, {"People", "bo"}});
    send_schedule_form(world, ana);
    send_schedule_form(world, ana);
    CHECK(has(errors_in(ana), "There is a schedule of that name already."));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("An edit holds from when it is saved, and what has been stays as it was", "[scenarios][schedule_form]")
{
    World world;
    auto& bo = world.bo();
    type(world, bo, "schedule payments");
    world.advance(10s);
    bo.click(bo.last_ephemeral(), "Edit …");
    world.settle();
    REQUIRE(bo.modals() == 1);
    open_rotation_form(world, bo, "weekly");
    CHECK(has(modal(world, bo), "People: ana, bo, chi"));
    bo.fill({{"People", "chi, ana"}});
    send_schedule_form(world, bo);
    const auto plan = check_it(world, bo);
    INFO(plan);
    CHECK(has(plan, "What has been stays as it was."));
    CHECK(has(plan, "ana → chi"));
    CHECK(on_call_at(world, noon) == only_ana);
    world.advance(1h);
    send_schedule_form(world, bo);
    INFO(modal(world, bo));
    CHECK(has(modal(world, bo), "holds from now on"));
    CHECK(on_call_at(world, world.clock.now() - 30min) == only_ana);
    CHECK(on_call_at(world, world.clock.now() + 1min) == only_chi);
    CHECK(in_force(world, "payments").rotations.front().versions.size() == 1);
    CHECK_THROWS_AS(bo.submit(), workspace::NotThere); // there is nothing more to save
    bo.close_all();

    // By the settings, with nothing changed; and what is used is not deleted.
    bo.command("/oncall", "settings schedules", "#payments-alerts");
    world.settle();
    press_form(world, bo, "Edit", "*payments*");
    REQUIRE(bo.modals() == 2);
    send_schedule_form(world, bo);
    CHECK(has(modal(world, bo), "Nothing is changed yet."));
    press_form(world, bo, "Delete…");
    CHECK(has(modal(world, bo), "schedule payments is used by policy payments"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A change that is to come holds from then on, and the form shows it", "[scenarios][schedule_form]")
{
    World world;
    auto& bo = world.bo();
    open_form_of(world, bo, "edit payments");
    open_rotation_form(world, bo, "weekly");
    bo.fill({{"People", "chi"}});
    send_schedule_form(world, bo);
    bo.fill({{"Takes effect", seconds_text(noon - 1h)}});
    send_schedule_form(world, bo);
    CHECK(has(errors_in(bo), "That has passed."));
    const auto then = noon + 20h;
    bo.fill({{"Takes effect", seconds_text(then)}});
    CHECK(has(check_it(world, bo), "Until then nothing changes."));
    send_schedule_form(world, bo);
    CHECK(on_call_at(world, then - 1min) == only_ana);
    CHECK(on_call_at(world, then) == only_chi);
    bo.close_all();

    open_form_of(world, bo, "edit");
    CHECK(has(modal(world, bo), "It changes on"));
    CHECK(has(modal(world, bo), "Takes effect: " + seconds_text(then)));
    bo.fill({{"Takes effect", seconds_text(noon + 10h)}});
    CHECK(has(check_it(world, bo), "ana → chi"));
    bo.close();
    bo.fill({{"Takes effect", seconds_text(then)}});
    send_schedule_form(world, bo);
    CHECK(has(modal(world, bo), "Nothing is changed yet."));
    open_rotation_form(world, bo, "weekly");
    bo.fill({{"People", "bo"}});
    send_schedule_form(world, bo);
    check_it(world, bo);
    // Its time passes while it is looked at.
    world.advance(21h);
    send_schedule_form(world, bo);
    CHECK(has(modal(world, bo), "The time from which it was to hold has passed meanwhile."));
    CHECK(on_call_at(world, world.clock.now()) == only_chi);
    bo.close();
    bo.fill({{"Takes effect", ""}});
    check_it(world, bo);
    send_schedule_form(world, bo);
    CHECK(on_call_at(world, world.clock.now() + 1min) == only_bo);
    CHECK(on_call_at(world, then) == only_chi);
    CHECK(on_call_at(world, noon) == only_ana);
}

TEST_CASE("Somebody was faster: who it was is said, and the form is as it was left", "[scenarios][schedule_form]")
{
    World world;
    auto& chi = world.chi();
    open_form_of(world, chi, "edit payments");
    open_rotation_form(world, chi, "weekly");
    chi.fill({{"People", "chi"}});
    send_schedule_form(world, chi);
    check_it(world, chi);
    auto other = sample_configuration().schedules.at("payments");
    other.time_zone = "UTC";
    oncall::Configuration all;
    all.schedules["payments"] = other;
    world.edit("schedule", "payments", config::items_of(all).front().json);
    send_schedule_form(world, chi);
    INFO(modal(world, chi));
    CHECK(has(modal(world, chi), "bo changed it"));
    CHECK(has(modal(world, chi), "Nothing was saved."));
    CHECK(on_call_at(world, world.clock.now() + 1min) == only_ana);
    chi.close();
    world.settle();
    CHECK(has(check_it(world, chi), "after you opened this form"));
    send_schedule_form(world, chi);
    CHECK(on_call_at(world, world.clock.now() + 1min) == only_chi);
    CHECK(on_call_at(world, noon - 1h) == only_ana);

    // A form that nobody remembers says so.
    chi.close_all();
    open_form_of(world, chi, "edit payments");
    world.write([](storage::Transaction& tx) {
        storage::Drafts{tx}.forget_before(noon + 24h);
        return true;
    });
    send_schedule_form(world, chi);
    CHECK(has(modal(world, chi), "This form is older than a day"));
}

TEST_CASE("A schedule's YAML is edited in a form, with its mistakes by line and column", "[scenarios][schedule_form]")
{
    World world;
    auto& bo = world.bo();
    open_form_of(world, bo, "edit payments");
    press_form(world, bo, "Edit YAML");
    CHECK(bo.modal().title == "Edit YAML");
    CHECK(has(modal(world, bo), "rotations:\n  - name: weekly"));
    CHECK(has(modal(world, bo), "Comments are not kept"));
    send_schedule_form(world, bo);
    CHECK(has(errors_in(bo), "Nothing is changed yet"));
    bo.fill(
        {{"YAML", "time_zone: Europe/Berlln\nrotations:\n  - name: weekly\n    start: today\n    users: [chi@example.com]\n"}});
    send_schedule_form(world, bo);
    CHECK(has(errors_in(bo), "Line 1, column 12: there is no time zone `Europe/Berlln`"));
    CHECK(has(errors_in(bo), "Line 4, column 12: `start` is no time"));
    bo.fill({{"YAML", "rotations:\n  - {name: weekly, ics: 'https://example.com/a.ics'}\n"},
        {"Takes effect", seconds_text(noon + 20h)}});
    send_schedule_form(world, bo);
    CHECK(has(errors_in(bo), "A date can't be kept for the calendar that rotation weekly is read from"));
    bo.fill({{"Takes effect", ""}});
    CHECK(has(check_it(world, bo), "It holds for what has been as well: the calendar that rotation weekly is read from."));
    bo.close();
    bo.fill({{"YAML",
        "rotations: # mine\n  - name: weekly\n    start: 2026-11-02T09:00\n    users: [chi@example.com, new@example.com]\n"}});
    const auto plan = check_it(world, bo);
    INFO(plan);
    CHECK(has(plan, "ana → chi"));
    CHECK(has(plan, "I know nobody in Slack called new@example.com so far."));
    send_schedule_form(world, bo);
    CHECK(on_call_at(world, world.clock.now() + 1min) == only_chi);
    CHECK(on_call_at(world, noon - 1min) == only_ana);
    bo.close_all();

    // What was typed is let go, and what stands in the form is shown.
    open_form_of(world, bo, "edit payments");
    bo.fill({{"Time zone", "Asia/Tokyo"}});
    press_form(world, bo, "Edit YAML");
    CHECK(has(modal(world, bo), "time_zone: Asia/Tokyo"));
    bo.fill({{"YAML", "x"}});
    press_form(world, bo, "Back without these changes");
    CHECK(has(modal(world, bo), "Time zone: Asia/Tokyo"));
    press_form(world, bo, "Edit YAML");
    press_form(world, bo, "Send it to me as a file");
    world.advance(10s);
    CHECK(has(yaml_sent(world).bytes, "time_zone: Asia/Tokyo"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A schedule that is too long for a field comes as a file and is given as one", "[scenarios][schedule_form]")
{
    auto configuration = sample_configuration();
    auto& payments = configuration.schedules.at("payments");
    for (int i = 0; i < 200; ++i)
        payments.rotations.front().turns.push_back({i % 2 == 0 ? "bo@example.com" : "chi@example.com"});
    World world{configuration};
    auto& bo = world.bo();
    open_form_of(world, bo, "edit payments");
    press_form(world, bo, "Edit YAML");
    CHECK(has(modal(world, bo), "longer than the 3,000 characters"));
    world.advance(10s);
    const auto sent = yaml_sent(world);
    payments.overrides.clear();
    CHECK(sent.bytes == config::schedule_yaml(payments));

    bo.attach("From a file", "broken.yaml", "rotations:\n  - nam: a\n");
    send_schedule_form(world, bo);
    CHECK(has(errors_in(bo), "Line 2, column 5: a rotation has no key `nam`"));
    bo.attach("From a file", "large.yaml", std::string((256 << 10) + 1, '#'));
    send_schedule_form(world, bo);
    CHECK(has(errors_in(bo), "larger than 256 KB"));
    auto changed = sent.bytes;
    changed.replace(changed.find("ana@example.com"), 15, "dee@example.com");
    bo.attach("From a file", "mine.yml", changed);
    world.slack().hang("download");
    const auto late = bo.submit();
    world.advance(1500ms); // Slack waits 3 s, and what is read is to be checked as well
    CHECK(late.error() == "");
    CHECK(has(errors_in(bo), "did not give me the file in time"));
    CHECK(has(check_it(world, bo), "dee"));
    send_schedule_form(world, bo);
    CHECK(on_call_at(world, world.clock.now() + 1min) == std::vector<std::string>{"dee@example.com"});
    CHECK(on_call_at(world, noon - 1min) == only_ana);
    bo.close_all();
    for (const auto& line : world.logged())
        CHECK_FALSE(has(line, world.slack().bot_token()));
    CHECK(world.slack().violations() == std::vector<std::string>{});
}

TEST_CASE("Without files:read a schedule's YAML is typed all the same", "[scenarios][schedule_form]")
{
    World world;
    world.slack().settings().scopes.erase("files:read");
    auto& bo = world.bo();
    open_form_of(world, bo, "edit payments");
    press_form(world, bo, "Edit YAML");
    INFO(modal(world, bo));
    CHECK(has(modal(world, bo), "the scope files:read is missing"));
    bo.fill({{"YAML", "rotations:\n  - {name: weekly, start: 2026-11-02T09:00, users: [chi@example.com]}\n"}});
    check_it(world, bo);
    send_schedule_form(world, bo);
    CHECK(on_call_at(world, world.clock.now() + 1min) == only_chi);
}

TEST_CASE("What was typed as YAML stays when Slack did not take the view that was to follow", "[scenarios][schedule_form]")
{
    World world;
    auto& bo = world.bo();
    open_form_of(world, bo, "edit payments");
    press_form(world, bo, "Edit YAML");
    const std::string mine{"rotations: # mine\n  - {name: weekly, start: 2026-11-02T09:00, users: [chi@example.com]}\n"};
    bo.fill({{"YAML", mine}});
    world.slack().fail_with("views.update", "internal_error", 2); // the plainer one is tried as well
    press_form(world, bo, "Send it to me as a file");
    bo.fill({{"YAML", mine + "# and more\n"}});
    send_schedule_form(world, bo);
    INFO(modal(world, bo));
    CHECK(bo.modal().title == "Edit YAML");
    CHECK(has(modal(world, bo), "# and more"));
    check_it(world, bo);
    send_schedule_form(world, bo);
    CHECK(on_call_at(world, world.clock.now() + 1min) == only_chi);
    CHECK(world.slack().violations() == std::vector<std::string>{});
}

TEST_CASE("Without files:read a schedule that is too long for a field has nothing to check", "[scenarios][schedule_form]")
{
    auto configuration = sample_configuration();
    for (int i = 0; i < 100; ++i)
        configuration.schedules.at("payments")
            .rotations.front()
            .turns.push_back({"person-number-" + std::to_string(i) + "@example.com"});
    World world{configuration};
    world.slack().settings().scopes.erase("files:read");
    auto& bo = world.bo();
    open_form_of(world, bo, "edit payments");
    press_form(world, bo, "Edit YAML");
    INFO(modal(world, bo));
    CHECK(has(modal(world, bo), "longer than the 3,000 characters"));
    CHECK(has(modal(world, bo), "the scope files:read is missing"));
    CHECK_THROWS_AS(bo.submit(), workspace::NotThere);
    press_form(world, bo, "Back without these changes");
    CHECK(bo.modal().title == "Edit schedule");
}

TEST_CASE("Only admins and those who page by a schedule open its form", "[scenarios][schedule_form]")
{
    World world;
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    world.advance(1s);
    auto& dee = world.slack().person("dee");
    type(world, dee, "who"); // and is known from then on
    CHECK(has(
        type(world, dee, "schedule edit payments"), "Only admins and members of team payments may change schedule payments."));
    CHECK(dee.modals() == 0);
    CHECK(has(type(world, dee, "schedule edit paymens"), "There is no schedule paymens."));
    open_form_of(world, world.cto(), "edit payments");
    open_form_of(world, world.ana(), "edit payments");
    // She is let go while she looks at it.
    open_rotation_form(world, world.ana(), "weekly");
    world.ana().fill({{"People", "bo"}});
    send_schedule_form(world, world.ana());
    check_it(world, world.ana());
    auto team = sample_configuration();
    std::erase(team.teams.at("payments").members, "ana@example.com");
    world.apply(team);
    send_schedule_form(world, world.ana());
    CHECK(has(modal(world, world.ana()), "Only admins and members of team payments"));
    CHECK(on_call_at(world, world.clock.now() + 1min) == only_ana);
    workspace::PersonOptions guest;
    guest.guest = true;
    auto& gus = world.slack().add_person("gus", "gus@elsewhere.example.com", "UTC", guest);
    world.channel().admit("gus");
    type(world, gus, "who");
    CHECK(has(type(world, gus, "schedule new"), "Guests of this workspace can't change settings."));
}
