#include "blocks/home.hpp"

#include "blocks/golden.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "workspace/block_kit.hpp"

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

namespace {

const std::string ana_id{"U01ANA00000"}, bo_id{"U02BO000000"};

blocks::Home of_ana()
{
    blocks::Home shown;
    shown.person = ana_id;
    shown.in_team = shown.any_schedule = shown.may_page = shown.may_override = shown.may_settings = true;
    shown.now = samples::start;
    shown.names = {{ana_id, "Ana"}, {bo_id, "Bo"}, {"chi@example.com", "Chi"}};
    shown.shifts = {{"payments", samples::start - 1h, samples::start + 167h, false, {bo_id}, {bo_id}, {}},
        {"payments", samples::start + 335h, samples::start + 503h, false, {bo_id}, {bo_id}, {}}};
    blocks::HomeSchedule schedule;
    schedule.line.schedule = "payments";
    schedule.teams = {"payments"};
    schedule.line.on_call.people = {ana_id};
    schedule.line.on_call.until = samples::start + 167h;
    schedule.line.on_call.next = {bo_id};
    schedule.may_override = true;
    shown.schedules = {schedule};
    shown.reach.ways = {"Slack", "E-mail", "SMS Work"};
    return shown;
}

/// As Slack takes it, and within what it takes.
void is_home(const blocks::View& view)
{
    CHECK(workspace::problems_in_view(view, "home") == Texts{});
    CHECK(view["blocks"].size() <= 100);
    CHECK(view.dump().size() < 200'000);
}

bool says(const blocks::View& view, const std::string& part)
{
    for (const auto& text : texts(view))
        if (text.find(part) != text.npos)
            return true;
    return false;
}

/// The action ids that stand in it.
std::set<std::string> presses(const blocks::Json& json)
{
    std::set<std::string> found;
    for (const auto& [key, value] : json.items()) {
        if (value.is_structured())
            found.merge(presses(value));
        else if (key == "action_id")
            found.insert(value.get<std::string>());
    }
    return found;
}

} // namespace

TEST_CASE("Home looks as it did: on call, idle, in no team, left to set up, for a guest and a stranger", "[blocks][home]")
{
    auto shown = of_ana();
    shown.alerts = {samples::paging(), samples::exhausted(), samples::answered(oncall::AlertState::acknowledged),
        samples::answered(oncall::AlertState::snoozed)};
    shown.more_alerts = 2;
    shown.other_alerts = true;
    is_home(blocks::home(shown));
    golden("home_on_call", blocks::home(shown));

    auto idle = of_ana();
    idle.shifts.erase(idle.shifts.begin());
    idle.reach.ways = {"Slack"};
    idle.reach.why = {"No SMS, phone call or push is set up."};
    is_home(blocks::home(idle));
    golden("home_idle", blocks::home(idle));

    blocks::Home none;
    none.person = ana_id;
    none.may_page = none.any_schedule = true;
    none.to_ask = {bo_id};
    none.names = idle.names;
    none.now = samples::start;
    none.schedules = idle.schedules;
    none.schedules.front().may_override = false;
    none.reach.ways = {"Slack"};
    is_home(blocks::home(none));
    golden("home_no_team", blocks::home(none));

    auto fresh = none;
    fresh.any_schedule = false;
    fresh.schedules.clear();
    fresh.may_settings = true;
    fresh.steps = oncall::steps_left({}, {}, samples::start);
    is_home(blocks::home(fresh));
    golden("home_set_up", blocks::home(fresh));

    auto both = of_ana();
    both.alerts = {samples::paging(), samples::answered(oncall::AlertState::promised)};
    both.alerts.back().asked = {ana_id}; // "On my way"
    both.steps = fresh.steps;
    is_home(blocks::home(both));
    golden("home_set_up_beside_alerts", blocks::home(both));

    none.reader = blocks::Home::Reader::guest;
    is_home(blocks::home(none));
    CHECK(presses(blocks::home(none)).empty());
    golden("home_guest", blocks::home(none));
    auto guest = of_ana();
    guest.reader = blocks::Home::Reader::guest;
    guest.to_ask = {bo_id};
    guest.alerts = {samples::paging()};
    is_home(blocks::home(guest));
    golden("home_guest_on_call", blocks::home(guest));
    none.reader = blocks::Home::Reader::stranger;
    is_home(blocks::home(none));
    CHECK(presses(blocks::home(none)).empty());
    golden("home_stranger", blocks::home(none));

    none.reader = blocks::Home::Reader::unknown;
    is_home(blocks::home(none));
    CHECK(presses(blocks::home(none)).empty());
    CHECK_FALSE(says(blocks::home(none), "On call now"));
    golden("home_unknown", blocks::home(none));

    const auto words = blocks::home_words("It was resolved by <@" + bo_id + ">.", idle.names);
    CHECK(workspace::problems_in_view(words, "modal") == Texts{});
    golden("home_words", words);
}

TEST_CASE("Home says who is on call for each team, whatever its schedule is called", "[blocks][home]")
{
    auto shown = of_ana();
    CHECK_FALSE(says(blocks::home(shown), "(team")); // it would say the same twice
    auto shared = shown.schedules.front();
    shared.line.schedule = "primary";
    shared.teams = {"db", "storage"};
    shown.schedules.push_back(shared);
    shared.line.schedule = "nights";
    shared.teams = {"search"};
    shown.schedules.push_back(shared);
    shown.teams = {{"web", {ana_id, "chi@example.com"}}, {"docs", {"#docs"}}, {"<!here> ops", {}}};
    is_home(blocks::home(shown));
    CHECK(says(blocks::home(shown), "(teams db, storage)"));
    CHECK(says(blocks::home(shown), "(team search)"));
    CHECK(says(blocks::home(shown), "• web: pages Ana, Chi\n"));
    golden("home_of_several_teams", blocks::home(shown));
    // Without any schedule they are all there is.
    shown.any_schedule = false;
    CHECK(says(blocks::home(shown), "• web: pages Ana, Chi\n"));
}

TEST_CASE("An alert in Home has the card's actions and values, those that do something in its state", "[blocks][home]")
{
    const auto shows = [](const blocks::AlertView& alert, const std::string& action) {
        auto shown = of_ana();
        shown.alerts = {alert};
        const auto view = blocks::home(shown);
        const bool there = presses(view).contains(action);
        CHECK((!there || view.dump().find("\"42:" + std::to_string(alert.alert.version) + "\"") != std::string::npos));
        return there;
    };
    using enum oncall::AlertState;
    CHECK(shows(samples::paging(), "alert.acknowledge"));
    CHECK(shows(samples::paging(), "alert.escalate"));
    CHECK(shows(samples::paging(), "alert.resolve"));
    CHECK_FALSE(shows(samples::exhausted(), "alert.escalate"));
    CHECK_FALSE(shows(samples::answered(acknowledged), "alert.acknowledge"));
    CHECK(shows(samples::answered(acknowledged), "alert.resolve"));
    CHECK(shows(samples::answered(promised), "alert.acknowledge"));
    auto unpaged = samples::paging();
    unpaged.page.reset();
    CHECK_FALSE(shows(unpaged, "alert.escalate"));
    auto asked = samples::answered(acknowledged);
    CHECK_FALSE(shows(asked, "alert.join"));
    asked.asked = {ana_id};
    CHECK(shows(asked, "alert.join"));
}

TEST_CASE("What one answered lately stands in Home with its way back", "[blocks][home]")
{
    using enum oncall::AlertState;
    struct Case {
        oncall::AlertState state{};
        bool may_undo{};
        std::string action{}, says{};
    };
    const std::vector<Case> cases{{acknowledged, true, "alert.undo", "You have it since "},
        {acknowledged, false, "home.unacknowledge", "You have it since "}, {resolved, true, "alert.undo", "You resolved it "},
        {resolved, false, "alert.reopen", "You resolved it "}, {snoozed, false, "home.unacknowledge", "You snoozed it "},
        {promised, false, "home.unacknowledge", "You said you are on it "}};
    for (const auto& one : cases) {
        auto shown = of_ana();
        shown.answered = {{samples::answered(one.state).alert, samples::start - 20s, one.may_undo}};
        const auto view = blocks::home(shown);
        is_home(view);
        INFO(one.says << one.may_undo);
        golden("home_answered_" + std::string{oncall::name(one.state)} + (one.may_undo ? "_a_moment_ago" : ""), view);
        CHECK(says(view, one.says));
        for (const std::string action : {"alert.undo", "alert.reopen", "home.unacknowledge"})
            CHECK(presses(view).contains(action) == (action == one.action));
    }
    // How she is reached is changed by one button.
    const auto view = blocks::home(of_ana());
    const auto text = view.dump();
    CHECK(text.find("contact.open") == text.rfind("contact.open"));
}

TEST_CASE("Home is the same while nothing it shows changes, and within Slack's limits however much there is", "[blocks][home]")
{
    auto shown = of_ana();
    shown.shifts.push_back({"always", samples::start - 1h, samples::start + 2160h, true, {}, {}, {}, true});
    const auto before = blocks::home(shown);
    shown.now += 1min;
    shown.shifts.back().end += 1min; // as far as it was looked
    CHECK(blocks::home(shown) == before);

    const std::string hostile{"<!channel> *x* `y` <@U9> \xFF\xE2\x80\xAE" + std::string(4'000, '&')};
    for (int i = 0; i < 60; ++i) {
        auto alert = samples::paging();
        alert.alert.id.value = 1'000 + i;
        alert.alert.title = alert.alert.service = alert.alert.severity = alert.alert.team = hostile;
        alert.paged.assign(40, hostile);
        shown.alerts.push_back(alert);
        shown.answered.push_back({alert.alert, samples::start, true});
        shown.steps.push_back({hostile, hostile, "team"});
        shown.to_ask.push_back(hostile);
        shown.reach.ways.push_back(hostile);
        shown.reach.why.push_back(hostile);
        auto schedule = shown.schedules.front();
        schedule.line.schedule = hostile + std::to_string(i);
        schedule.line.on_call.people.assign(40, hostile);
        schedule.line.on_call.next.assign(40, hostile);
        schedule.teams.assign(40, hostile);
        shown.schedules.push_back(schedule);
        shown.teams.push_back({hostile, std::vector<std::string>(40, hostile)});
        shown.shifts.push_back({hostile, samples::start + 1h, samples::start + 2h, false, {}, {hostile}, {}});
    }
    for (const auto reader : {blocks::Home::Reader::member, blocks::Home::Reader::guest, blocks::Home::Reader::stranger}) {
        shown.reader = reader;
        const auto view = blocks::home(shown);
        is_home(view);
        CHECK_FALSE(says(view, "<!channel>"));
        CHECK_FALSE(says(view, "<@U9>"));
    }
    shown.reader = blocks::Home::Reader::member;
    CHECK(says(blocks::home(shown), "and 50 more: `/oncall status`"));
    CHECK(says(blocks::home(shown), "and 49 more: `/oncall who`"));
    CHECK(says(blocks::home(shown), "and 48 more: `oncall-bot check`"));
    CHECK(workspace::problems_in_view(blocks::home_words(hostile, {}), "modal") == Texts{});
}
