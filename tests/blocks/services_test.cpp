#include "blocks/services.hpp"

#include "blocks/golden.hpp"
#include "catch.hpp"
#include "noon.hpp"
#include "workspace/block_kit.hpp"

using namespace std::chrono_literals;
using Problems = std::vector<std::string>;

namespace {

const blocks::Names service_names{{"U02ANA00000", "Ana"}, {"U02BO000000", "Bo"}, {"U02CHI00000", "Chi"}};

oncall::Alert service_alert(std::int64_t id, const std::string& title)
{
    oncall::Alert alert;
    alert.id = {id};
    alert.title = title;
    alert.severity = "critical";
    alert.service = "checkout";
    alert.triggered_at = noon - 12min;
    return alert;
}

oncall::Alert ended_alert(oncall::Alert alert, const std::string& by)
{
    alert.state = oncall::AlertState::resolved;
    alert.answered_by = by;
    alert.answered_at = alert.triggered_at + 7min;
    return alert;
}

blocks::DutyLine weekly_duty()
{
    blocks::DutyLine line;
    line.by = "schedule payments";
    line.people = {"U02ANA00000"};
    line.until = noon + 24h;
    line.next = {"U02BO000000"};
    return line;
}

blocks::ServiceView whole_service()
{
    blocks::ServiceView shown;
    auto& it = shown.service;
    it.name = "checkout <!channel>";
    it.team = "payments";
    it.tier = 1;
    it.description = "Takes the money.\n*Not* the <@U02BO000000> other way round.";
    it.runbook = "https://wiki.example.com/checkout";
    it.links = {{"https://grafana.example.com/d/checkout", "Dashboard"}, {"javascript:alert(1)", "bad"}};
    it.labels = {{"language", "go"}, {"tier", "<gold>"}};
    it.paged_by = {"team:payments", "user:U02BO000000"};
    it.directory = "backstage";
    shown.said = "You are told no more.";
    shown.policy = "payments";
    shown.on_call = {weekly_duty()};
    shown.needs = {{"ledger", "payments", 2, 1, true}, {"mail", "", 0, 0, false}};
    shown.needed_by = {{"shop", "web", 1, 0, true}};
    shown.subscribers = {"U02CHI00000"};
    shown.subscribed = shown.may_page = shown.may_edit = shown.may_silence = true;
    shown.silences = {"silence until <!date^1793793600^{time}|noon> by <@U02BO000000>: the rack <!here> is moved"};
    shown.hooks = {{"checkout paging", true, noon - 5min, true}, {"other", false, std::nullopt, false}};
    shown.read_at = noon - 1h;
    shown.changed_by = "U02BO000000";
    shown.changed_at = noon - 48h;
    shown.open = {service_alert(42, "Checkout is down")};
    shown.resolved = {
        ended_alert(service_alert(41, "Checkout was slow"), "U02BO000000"), ended_alert(service_alert(40, "A blip"), "")};
    oncall::ChangeEvent change;
    change.title = "build 4711";
    change.at = noon - 30min;
    shown.changes = {change};
    shown.names = service_names;
    return shown;
}

blocks::TeamView whole_team()
{
    blocks::TeamView shown;
    auto& it = shown.team;
    it.name = "payments";
    it.channel = "#payments-alerts";
    it.user_group = "@payments-oncall";
    it.members = {"U02ANA00000", "U02BO000000"};
    it.managers = {"U02BO000000"};
    it.observers = {"U02CHI00000"};
    it.schedule = "payments";
    it.working_hours.time_zone = "Europe/Berlin";
    shown.policy = "payments";
    shown.on_call = {weekly_duty()};
    shown.works = false;
    shown.works_from = noon + 20h;
    shown.hours = "Mon to Fri, 09:00 to 17:00";
    shown.services = {{"checkout", "payments", 1, 1, true}, {"ledger", "payments", 0, 0, true}};
    shown.open = {service_alert(42, "Checkout is down")};
    shown.may_edit = true;
    shown.names = service_names;
    return shown;
}

} // namespace

TEST_CASE("Services and teams look as they did when somebody last looked at them", "[blocks][directory]")
{
    golden_view("service", blocks::service(whole_service()));
    blocks::ServiceView bare;
    bare.service.name = "mail";
    bare.may_edit = true;
    golden_view("service_bare", blocks::service(bare));
    auto made = bare;
    made.service.team = "payments";
    made.policy = "schedule of team payments";
    made.made_policy = true;
    made.on_call = {weekly_duty()};
    made.on_call.front().people.clear();
    golden_view("service_of_a_schedule", blocks::service(made));
    golden_view("services_list",
        blocks::services_list({{"shop", "web", 1, 0, true}, {"checkout", "payments", 1, 2, true}, {"mail", "", 0, 0, true}}, 0));
    golden_view("services_list_empty", blocks::services_list({}, 3));
    std::vector<blocks::ServiceLine> many;
    for (int i = 0; i < 90; ++i)
        many.push_back({"service " + std::to_string(100 + i), "payments", 0, 0, true});
    golden_view("services_list_long", blocks::services_list(many, 1));
    golden_view("team", blocks::team(whole_team()));
    blocks::TeamView nobody;
    nobody.team.name = "nobody";
    golden_view("team_bare", blocks::team(nobody));
    golden_view(
        "teams_list", blocks::teams_list({{"payments", 2, 3, 1, {weekly_duty()}}, {"web", 0, 0, 0, {}}}, 0, service_names));
}

TEST_CASE("What a subscriber is told looks as it did", "[blocks][directory]")
{
    blocks::SubscriberView shown;
    shown.service = "checkout";
    shown.open = {service_alert(43, "Cards are refused"), service_alert(42, "Checkout is <!here> down")};
    shown.more = true;
    shown.began = noon - 12min;
    shown.names = service_names;
    golden("subscriber", blocks::subscriber(shown));
    shown.open.clear();
    shown.over_at = noon;
    golden("subscriber_over", blocks::subscriber(shown));
}

TEST_CASE("However much is said of a service and a team, Slack takes it", "[blocks][directory]")
{
    auto shown = whole_service();
    const std::string long_words(400, 'x');
    for (int i = 0; i < 300; ++i) {
        const auto name = std::to_string(i) + " " + long_words;
        shown.service.labels[name] = long_words;
        shown.service.links.push_back({"https://example.com/" + std::to_string(i), long_words});
        shown.needs.push_back({name, "payments", 1, i % 2, true});
        shown.subscribers.push_back("U02" + std::to_string(i));
        shown.service.paged_by.push_back("team:" + name);
    }
    for (int i = 0; i < 20; ++i) {
        shown.open.push_back(service_alert(100 + i, long_words));
        shown.hooks.push_back({"hook " + std::to_string(i), false, noon, true});
    }
    CHECK(workspace::problems_in_view(blocks::service(shown), "modal") == Problems{});
    auto team = whole_team();
    for (int i = 0; i < 300; ++i) {
        team.team.members.push_back("U02" + std::to_string(i));
        team.services.push_back({"service " + std::to_string(i), "payments", 1, 1, true});
    }
    CHECK(workspace::problems_in_view(blocks::team(team), "modal") == Problems{});
}
