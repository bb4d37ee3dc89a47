#include "blocks/delivery_log.hpp"
#include "blocks/details.hpp"
#include "blocks/forecast.hpp"
#include "blocks/golden.hpp"
#include "blocks/overrides.hpp"
#include "blocks/page_form.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "workspace/block_kit.hpp"

using blocks::Json;
using oncall::AlertState;
using namespace std::chrono_literals;

TEST_CASE("The card looks as it did when somebody last looked at it", "[blocks]")
{
    const std::set<std::string> ana{"U01ANA00000"};
    golden("card_triggered", card(samples::paging()), ana);
    golden("card_acknowledged", card(samples::answered(AlertState::acknowledged)));
    golden("card_snoozed", card(samples::answered(AlertState::snoozed)));
    golden("card_resolved", card(samples::answered(AlertState::resolved)));
    auto promised = samples::answered(AlertState::promised);
    promised.alert.snoozed_until = samples::start + 12min;
    promised.asked = {"U02BO000000"};
    promised.helping = {"chi@example.com"};
    golden("card_promised", card(promised), {"U02BO000000"});
    golden("page_asked_to_help", page(promised, "U02BO000000"), {"U02BO000000"});
    golden("reminder", blocks::reminder(promised));
    golden("card_exhausted", card(samples::exhausted()));
    auto cried = samples::exhausted();
    cried.alert = samples::answered(AlertState::acknowledged).alert;
    golden("exhausted_answered", blocks::exhausted(cried));
    golden("details", blocks::details(samples::answered(AlertState::resolved)));
    golden("change_line", blocks::change_line(samples::answered(AlertState::resolved)));
    golden("card_one_of_two", card(samples::one_of_two()), {"U02BO000000"});
    auto over = samples::answered(AlertState::resolved);
    over.alert.answered_by.clear();
    over.unanswered = true;
    golden("card_over_unanswered", card(over));
    auto asked = samples::answered(AlertState::acknowledged);
    asked.still_asked_at = samples::start + 32min;
    asked.still_due = samples::start + 37min;
    golden("card_still_asked", card(asked));
    golden("still_on_it", blocks::still_on_it(asked));
    golden("still_on_it_answered", blocks::still_on_it(samples::answered(AlertState::acknowledged)));
    auto in_channel = samples::paging();
    in_channel.page.reset();
    in_channel.paged.clear();
    in_channel.alert.urgency = oncall::Urgency::low;
    in_channel.in_channel = true;
    golden("card_low_in_channel", card(in_channel));

    auto unmapped = samples::paging();
    unmapped.alert.service.clear();
    unmapped.alert.team.clear();
    unmapped.page.reset();
    unmapped.paged.clear();
    unmapped.runbook.clear();
    golden("card_unmapped", card(unmapped));

    auto low = samples::paging();
    low.alert.urgency = oncall::Urgency::low;
    low.alert.severity = "warning";
    low.alert.count = 12;
    low.alert.links.clear();
    for (int i = 10; i < 24; ++i)
        low.alert.labels["label" + std::to_string(i)] = "value";
    golden("card_low", card(low), ana);
    low.paged.clear();
    low.held = {{"U01ANA00000", samples::start + std::chrono::hours{21}}};
    golden("card_held", card(low));

    auto hostile = samples::paging();
    hostile.alert.title = "<!channel> <@U09EVE00000> `<https://evil.example.com|click>` & *bold*\nsecond line \xFF\u202E";
    hostile.alert.service = "<#C123>";
    hostile.alert.links = {
        {"javascript:alert(1)", "Graph"}, {"https://user@evil.example.com/", "Graph"}, {"http://a.example.com/<x|y>", "a|b>"}};
    hostile.runbook = "file:///etc/passwd";
    hostile.names["U02BO000000"] = "<!here>";
    golden("card_hostile", card(hostile), ana);
}

TEST_CASE(
    "An alert that was seen before, or comes and goes, looks as it did when somebody last looked at it", "[blocks][flapping]")
{
    const std::set<std::string> ana{"U01ANA00000"};
    auto known = samples::paging();
    known.before = blocks::AlertView::Before{
        {17}, samples::start - 50h, samples::start - 50h + 12min, "U02BO000000", true, "the disk of db-2\nwas full, <!channel>"};
    known.beside = {{{41}, "Search is *slow*"}, {{40}, "Payments queue"}, {{38}, "db-2"}};
    known.beside_count = 7;
    golden("card_seen_before", card(known), ana);
    golden("page_seen_before", page(known, "U01ANA00000"));
    known.before->resolved = false;
    known.before->note.clear();
    known.beside.resize(1);
    known.beside_count = 1;
    golden("card_seen_before_over_by_itself", card(known), ana);
    known.before->by.clear();
    known.beside.clear();
    golden("card_seen_before_and_left_alone", card(known), ana);

    auto back = samples::paging();
    back.alert.came_back = 1;
    back.alert.count = 2;
    back.back = blocks::AlertView::Back{samples::start + 4min, 2min, ""};
    golden("card_came_back", card(back), ana);
    golden("page_came_back", page(back, "U01ANA00000"));
    golden("change_line_came_back", blocks::change_line(back));
    auto taken = samples::answered(AlertState::acknowledged);
    taken.alert.came_back = 4;
    taken.back = blocks::AlertView::Back{samples::start + 9min, 45s, "5 times in 30 minutes"};
    golden("card_came_back_acknowledged", card(taken));
    golden("change_line_came_back_acknowledged", blocks::change_line(taken));
    auto held = samples::paging();
    held.page.reset();
    held.paged.clear();
    held.next.clear();
    held.hold = oncall::Hold{oncall::Hold::Kind::flapping, 0, samples::start + 5min, "flapping: 5 times in 30 minutes"};
    golden("card_flapping", card(held));
}

TEST_CASE("The page looks as it did when somebody last looked at it", "[blocks]")
{
    auto shown = samples::paging();
    shown.paged.push_back("U02BO000000");
    golden("page_triggered", page(shown, "U01ANA00000"));
    golden("page_to_a_channel", page(shown, ""));
    golden("page_triggered_for_another", page(samples::paging(), "U02BO000000"));
    for (const auto state : {AlertState::acknowledged, AlertState::promised, AlertState::snoozed, AlertState::resolved}) {
        auto answered = samples::answered(state);
        if (state == AlertState::promised)
            answered.alert.snoozed_until = samples::start + 12min;
        const auto called = "page_" + std::string{oncall::name(state)};
        golden(called, page(answered, "U01ANA00000"));
        golden(called + "_by_another", page(answered, "U02BO000000"));
    }
    golden("page_exhausted", page(samples::exhausted(), "U01ANA00000"));
    auto over = samples::answered(AlertState::resolved);
    over.alert.answered_by.clear();
    over.unanswered = true;
    golden("page_over_unanswered", page(over, "U01ANA00000"));
    golden("exhausted", exhausted(samples::exhausted()));
    golden("dead_end", dead_end(samples::paging(), "nobody stands behind schedule:payments (level 1 of 2)"));
}

TEST_CASE("The thread's lines look as they did when somebody last looked at them", "[blocks]")
{
    const auto names = samples::paging().names;
    golden("history",
        blocks::history(
            {{1, {42}, samples::start, "", "alertmanager", "reported: Checkout is down"},
                {2, {42}, samples::start, "", "the policy", "paging U01ANA00000 and dee@example.com (level 1 of 2)"},
                {3, {42}, samples::start + 2min, "U01ANA00000", "a button in Slack", "acknowledged, <@U02BO000000> helps"}},
            names));
}

TEST_CASE("The delivery log looks as it did when somebody last looked at it", "[blocks]")
{
    using oncall::NotificationState;
    blocks::DeliveryLog log;
    const auto shown = samples::paging();
    log.alert = shown.alert;
    log.names = shown.names;
    log.entries = {{1, {42}, samples::start, "", "alertmanager", "reported: Checkout is down"},
        {2, {42}, samples::start + 3min, "", "SMS", "U01ANA00000: SMS failed (carrier), calling now"}};
    const auto add = [&](const std::string& method, NotificationState state, oncall::milliseconds planned) {
        auto& one = log.notifications.emplace_back();
        one.person = "U01ANA00000";
        one.method = method;
        one.state = state;
        one.planned_at = samples::start + planned;
        if (state == NotificationState::sent || state == NotificationState::confirmed)
            one.sent_at = one.planned_at + 1s;
        return &one;
    };
    add("slack", NotificationState::sent, 0ms);
    auto* sms = add("sms:12", NotificationState::failed, 1min);
    sms->provider = "Twilio <script>";
    sms->error = "carrier & co";
    sms->attempts = 3;
    auto* call = add("voice:13", NotificationState::confirmed, 3min);
    call->provider = "Twilio";
    call->confirmed_at = samples::start + 4min;
    add("ntfy:14", NotificationState::planned, 3min);
    add("email", NotificationState::cancelled, 3min);
    add("channel", NotificationState::declined, 4min);
    golden("delivery_log", blocks::delivery_log(log));
}

TEST_CASE("Answers look as they did when somebody last looked at them", "[blocks]")
{
    const blocks::Names names{{"ana@example.com", "Ana"}, {"bo@example.com", "Bo"}};
    blocks::OnCallLine on, gap, for_ever;
    on.schedule = "payments";
    on.team = "payments";
    on.on_call.people = {"ana@example.com", "dee@example.com"};
    on.on_call.until = samples::start + 24h;
    on.on_call.next = {"bo@example.com"};
    gap.schedule = "database";
    gap.team = "storage";
    gap.on_call.until = samples::start + 2h;
    gap.on_call.next = {"ana@example.com"};
    for_ever.schedule = "empty";
    golden("who", blocks::who({on, gap, for_ever}, samples::start, names));
    golden("who_without_schedules", blocks::who({}, samples::start));
    golden("help", blocks::help());
    blocks::ForecastView foreseen;
    foreseen.title = "Policy payments: who would be paged now";
    foreseen.facts = {"If nobody answers a page of high urgency that starts <!date^1793610000^{date_short_pretty} {time}|2026>"};
    foreseen.lines = {"0 min: ana@example.com (Slack and e-mail; SMS and call after 1 min) · level 1", "5 min: #ops · level 2",
        "10 min: exhausted: cry in #ops"};
    foreseen.warnings = {"policy payments, level 1 pages <@U01ANA00000>. To mend it: do."};
    foreseen.drawing = {"0         10        20 min",
        {{"ana@example.com", "!!---                         "}, {"`hostile` <!here> name", "     o----                    "},
            {"", "          x                   "}}};
    golden("forecast", blocks::forecast({foreseen, foreseen}, "Nothing was stored.", names));
    golden("policies", blocks::policies({}));

    auto older = samples::answered(AlertState::acknowledged);
    older.alert.id = {41};
    older.alert.title = "Ledger is slow";
    golden("status", blocks::status({older, samples::paging(), samples::exhausted()}, samples::start, true));
    golden("status_of_a_team", blocks::status({samples::one_of_two()}, samples::start, true, "of team payments", 2));
    golden("status_empty", blocks::status({}, samples::start, false));
    golden("words",
        blocks::words(
            "#42: <@U01ANA00000> has it already, since <!date^1793610000^{date_short_pretty} {time}|2026>. `/oncall` <!here>",
            samples::paging().names));
    golden("done", blocks::done("You have #42 Checkout is down. Nobody else is paged.", "42:4"));
    golden("something_broke", blocks::something_broke("7f3a"));
}

TEST_CASE("Overrides look as they did when somebody last looked at them", "[blocks][overrides]")
{
    const auto start = samples::start;
    blocks::OverrideForm form;
    form.names = {{"U01ANA00000", "Ana"}, {"U02BO000000", "Bo"}, {"U03CHI00000", "<!here> *Chi*"}};
    form.schedules = {"payments", "search & <find>"};
    form.draft.schedule = "payments";
    form.draft.from = start;
    form.draft.to = start + 8h;
    form.draft.stead = oncall::Stead::one_person;
    form.draft.instead_of = "U01ANA00000";
    form.on_call = {"U01ANA00000", "U03CHI00000"};
    const auto is_sound = [](const Json& view) {
        CHECK(workspace::problems_in_view(view, "modal") == std::vector<std::string>{});
    };

    form.looked_at.problems[oncall::OverrideField::people] = "Choose who is on call then.";
    is_sound(blocks::override_form(form));
    golden("override_form_begun_to_fill", blocks::override_form(form));

    form.looked_at.problems.clear();
    form.draft.people = {"U02BO000000"};
    form.looked_at.changes = {
        {start, start + 4h, {"U01ANA00000"}, {"U02BO000000"}}, {start + 4h, start + 8h, {}, {"U02BO000000"}}};
    form.reason = "the dentist's";
    form.note = "What it changes is not what was shown before.";
    form.seen = "0123456789abcdef";
    is_sound(blocks::override_form(form));
    golden("override_form", blocks::override_form(form));

    form.id = 7;
    form.version = 2;
    form.begun = true;
    form.note.clear();
    is_sound(blocks::override_form(form));
    golden("override_form_running", blocks::override_form(form));

    form.begun = false;
    form.draft.times_only = true;
    form.edited = {start, start + 8h, oncall::Override::Kind::remove, {"U02BO000000"}, "", "weekly", 7};
    is_sound(blocks::override_form(form));
    golden("override_form_times_only", blocks::override_form(form));

    const blocks::OverrideDone done{"Done: the override of schedule payments is made.", form.looked_at.changes,
        {"U01ANA00000", "U03CHI00000"}, "7:1", form.names};
    is_sound(blocks::override_done(done));
    golden("override_done", blocks::override_done(done));

    using Kind = oncall::Override::Kind;
    const std::vector<blocks::OverrideLine> lines{
        {{start + 2h, start + 3h, Kind::add, {"U03CHI00000"}, "", "", 9}, "search & <find>", "U01ANA00000", "<!channel> help", 1},
        {{start - 1h, start + 1h, Kind::put, {"U02BO000000"}, "U01ANA00000", "", 7}, "payments", "U02BO000000", "", 2},
        {{start + 5h, start + 6h, Kind::remove, {"U02BO000000"}, "", "weekly", 8}, "payments", "", "", 1},
        {{start - 3h, start - 2h, Kind::put, {"U02BO000000"}, "", "", 6}, "payments", "U02BO000000", "it is over", 1}};
    golden("overrides", blocks::overrides(lines, start, form.names, "Ended the override of schedule payments.", "5:3"));
    golden("overrides_none", blocks::overrides({}, start, form.names));
}

TEST_CASE("However many schedules, people and changes there are, Slack takes the override's form and list", "[blocks][overrides]")
{
    blocks::OverrideForm form;
    for (int i = 0; i < 1'200; ++i)
        form.schedules.push_back("schedule " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 90), 'x'));
    form.draft.schedule = form.schedules[777];
    for (int i = 0; i < 300; ++i)
        form.looked_at.changes.push_back(
            {samples::start + i * 1h, samples::start + i * 1h + 1min, std::vector<std::string>(40, "somebody"), {}});
    const auto view = blocks::override_form(form);
    CHECK(workspace::problems_in_view(view, "modal") == std::vector<std::string>{});
    CHECK(view.dump().size() < 250'000);
    CHECK(view["blocks"][0]["element"]["initial_option"]["value"] == form.schedules[777]);
    CHECK(view["blocks"][0]["element"]["type"] == "external_select");

    std::vector<blocks::OverrideLine> lines;
    for (int i = 0; i < 60; ++i)
        lines.push_back({{samples::start, samples::start + 1h, oncall::Override::Kind::put, {"somebody"}, "", "", i + 1},
            "payments", "U01ANA00000", std::string(1'000, 'x'), 1});
    CHECK(unsound(blocks::overrides(lines, samples::start, {})) == std::vector<std::string>{});
}

TEST_CASE(
    "The form that pages by hand looks as it did when somebody last looked at it, in each of its states", "[blocks][byhand]")
{
    using Problems = std::vector<std::string>;
    blocks::PageForm empty;
    empty.metadata = R"({"asked":[]})";
    empty.values["urgency"] = {"high"};
    golden("page_form_empty", blocks::page_form(empty));
    CHECK(workspace::problems_in_view(blocks::page_form(empty), "modal") == Problems{});

    auto asks = empty;
    asks.names = samples::paging().names;
    asks.others = {{"checkout", "service:checkout", "Services"}, {"payments", "team:payments", "Teams"}};
    asks.values["person"] = {"U01ANA00000", "U09NEW00000"};
    asks.values["others"] = {"team:payments"};
    asks.values["why"] = {"Checkout is down"};
    asks.values["urgency"] = {"low"};
    asks.questions = {"It is 03:10 for <@U01ANA00000>, who is not on call.", "<@U09NEW00000> is not on call."};
    asks.lines = {"<@U01ANA00000>: At once: Slack, e-mail. After 1 min: SMS. It is 03:10 for <@U01ANA00000>, who is not on call.",
        "If nobody answers within 15 min, #ops is told."};
    asks.metadata = R"({"asked":["U01ANA00000"]})";
    golden("page_form_asks", blocks::page_form(asks));
    CHECK(workspace::problems_in_view(blocks::page_form(asks), "modal") == Problems{});

    const auto done = blocks::page_done({"Paging now: #42 <!channel> is down", "<@U01ANA00000>: At once: Slack."}, asks.names);
    golden("page_form_done", done);
    CHECK(workspace::problems_in_view(done, "modal") == Problems{});
}

TEST_CASE("However much stands in the form that pages by hand, Slack takes it", "[blocks][byhand]")
{
    using Problems = std::vector<std::string>;
    blocks::PageForm full;
    full.metadata = std::string(3'000, 'm');
    for (int i = 0; i < 400; ++i)
        full.others.push_back({"service " + std::to_string(i) + std::string(90, 'x'), "service:" + std::to_string(i),
            i < 200 ? "Services" : "Teams"});
    for (int i = 0; i < 10; ++i) {
        full.values["person"].push_back("U0000000" + std::to_string(i));
        full.values["others"].push_back("service:" + std::to_string(i));
        full.questions.push_back("It is 03:10 for <@U0000000" + std::to_string(i) + ">, who is not on call.");
    }
    full.values["why"] = {std::string(5'000, 'w')};
    full.values["urgency"] = {"high"};
    for (int i = 0; i < 300; ++i)
        full.lines.push_back("<@U00000001>: " + std::string(4'000, 'l') + " <!channel>");
    CHECK(workspace::problems_in_view(blocks::page_form(full), "modal") == Problems{});
    CHECK(workspace::problems_in_view(blocks::page_done(full.lines, {}), "modal") == Problems{});
    // A hundred options are in the menu itself; beyond that it asks.
    for (const std::size_t count : {1U, 100U, 101U}) {
        auto some = full;
        some.others.resize(count);
        CHECK(workspace::problems_in_view(blocks::page_form(some), "modal") == Problems{});
    }
}
