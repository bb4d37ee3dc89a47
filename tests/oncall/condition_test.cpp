#include "catch.hpp"
#include "oncall/alert_template.hpp"
#include "oncall/condition.hpp"
#include "oncall/pattern.hpp"

#include <chrono>
#include <rapidcheck.h>

using namespace oncall;
using ConditionKind = Condition::Kind;

namespace {

Condition condition_on(ConditionKind kind, std::string field, std::string value = {}, std::vector<std::string> values = {})
{
    Condition one;
    one.kind = kind;
    one.field = std::move(field);
    one.value = std::move(value);
    one.values = std::move(values);
    return one;
}

Condition in_working_hours()
{
    Condition one;
    one.kind = ConditionKind::during;
    one.hours.time_zone = "Europe/Berlin";
    one.hours.windows.emplace_back();
    one.hours.windows.back().days = {Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu, Weekday::fri};
    one.hours.windows.back().from = 9h;
    one.hours.windows.back().to = 17h;
    return one;
}

double seconds_for(const std::function<void()>& work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace

TEST_CASE(
    "A field is asked whether it is, contains, matches, is one of, is more or less than, or says anything", "[oncall][routing]")
{
    AlertFields fields;
    fields.title = "Disk of db-17 is full";
    fields.severity = "error";
    fields.source = "scripts";
    fields.labels = {{"env", "live"}, {"usage", " 91.5% "}, {"empty", ""}, {"word", "many"}, {"huge", "1e999"}};
    struct Row {
        Condition when;
        bool holds;
    };
    const std::vector<Row> rows{{condition_on(ConditionKind::contains, "title", "db-17"), true},
        {condition_on(ConditionKind::contains, "title", "DB-17"), false},
        {condition_on(ConditionKind::matches, "title", "db-\\d+"), true},
        {condition_on(ConditionKind::matches, "title", "^db-\\d+$"), false},
        {condition_on(ConditionKind::matches, "title", "(?i)^DISK.*full$"), true},
        {condition_on(ConditionKind::matches, "title", "(db"), false},
        {condition_on(ConditionKind::in, "labels.env", "", {"prod", "live"}), true},
        {condition_on(ConditionKind::in, "labels.env", "", {"prod"}), false},
        {condition_on(ConditionKind::in, "labels.none", "", {"prod"}), false},
        {condition_on(ConditionKind::greater, "labels.usage", "90"), true},
        {condition_on(ConditionKind::greater, "labels.usage", "91.5"), false},
        {condition_on(ConditionKind::less, "labels.usage", "91.6%"), true},
        {condition_on(ConditionKind::greater, "labels.word", "1"), false},
        {condition_on(ConditionKind::less, "labels.word", "1"), false},
        {condition_on(ConditionKind::greater, "labels.huge", "1"), false},
        {condition_on(ConditionKind::less, "labels.none", "1"), false},
        {condition_on(ConditionKind::greater, "severity", "warning"), true},
        {condition_on(ConditionKind::greater, "severity", "error"), false},
        {condition_on(ConditionKind::less, "severity", "critical"), true},
        {condition_on(ConditionKind::exists, "labels.env"), true}, {condition_on(ConditionKind::exists, "labels.empty"), false},
        {condition_on(ConditionKind::exists, "description"), false}, {condition_on(ConditionKind::is, "urgency", "high"), true}};
    for (const auto& row : rows) {
        INFO(row.when.field << " " << static_cast<int>(row.when.kind) << " " << row.when.value);
        CHECK(matches(row.when, fields) == row.holds);
    }
    fields.severity = "sev-unknown"; // neither worse nor better than anything
    CHECK_FALSE(matches(condition_on(ConditionKind::greater, "severity", "info"), fields));
    CHECK_FALSE(matches(condition_on(ConditionKind::less, "severity", "critical"), fields));
}

TEST_CASE("A condition on the time holds by the wall clock of its zone, on both sides of a clock change", "[oncall][routing]")
{
    AlertFields fields;
    const auto at = [&](const char* local) {
        fields.at = to_instant(*local_time_in(local), "Europe/Berlin");
        return matches(in_working_hours(), fields);
    };
    CHECK(at("2026-10-23T09:00")); // the clocks go back on the 25th
    CHECK_FALSE(at("2026-10-23T08:59"));
    CHECK_FALSE(at("2026-10-23T17:00"));
    CHECK(at("2026-10-26T09:00"));
    CHECK_FALSE(at("2026-10-26T08:59"));
    CHECK_FALSE(at("2026-10-24T12:00")); // a Saturday
    fields.at = {};
    CHECK_FALSE(matches(in_working_hours(), fields));
}

TEST_CASE("Whatever is sent, and whatever pattern somebody wrote, a condition is decided in a moment", "[oncall][routing]")
{
    std::string many(100'000, 'a');
    const auto a_lot = many + "!";
    std::string broken;
    for (int i = 0; i < 100'000; ++i)
        broken += "ab\xFF\xC3x "[i % 6];
    for (const char* pattern :
        {"(a+)+$", "(a|aa)+$", "(.*)*x", "(x+x+)+y", "(.*a){12}$", ".{0,100}x", "([a-z]+)*\\d", "^(\\w+\\s?)*$"}) {
        INFO(pattern);
        CHECK(why_no_pattern(pattern).empty());
        AlertFields fields;
        fields.title = a_lot;
        fields.description = broken;
        CHECK(seconds_for([&] {
            for (int i = 0; i < 3; ++i) {
                matches(condition_on(ConditionKind::matches, "title", pattern), fields);
                matches(condition_on(ConditionKind::matches, "description", pattern), fields);
            }
        }) < 2.0); // it takes some milliseconds; a pattern that backtracks would take years
    }
    for (const std::string pattern :
        {"(", "(?=a)b", "(a)\\1", "[a-z]{900}x[a-z]{900}y[a-z]{900}", "((a{0,30}){0,30}){0,30}", "a\xFF"}) {
        INFO(pattern);
        CHECK_FALSE(why_no_pattern(pattern).empty());
        CHECK_FALSE(is_found(pattern, a_lot));
    }
    CHECK_FALSE(why_no_pattern(std::string(most_pattern + 1, 'a')).empty());
    // Where a text is cut is not its end.
    CHECK_FALSE(is_found("a$", a_lot));
    CHECK_FALSE(is_found("^a+$", many));
    CHECK(is_found("^a+$", many.substr(0, 1'000)));
    // More patterns than are kept.
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < 600; ++i)
            CHECK(is_found("^x" + std::to_string(i) + "$", "x" + std::to_string(i)));

    Condition deep = condition_on(ConditionKind::is, "title", "x");
    for (int i = 0; i < deepest_condition; ++i) {
        Condition around;
        around.kind = i % 2 == 0 ? ConditionKind::no : ConditionKind::all;
        around.parts.push_back(std::move(deep));
        deep = std::move(around);
    }
    CHECK(count_of(deep) == static_cast<std::size_t>(deepest_condition) + 1);
    CHECK_FALSE(matches(deep, {}));
    auto huge = condition_on(ConditionKind::in, "title", "", std::vector<std::string>(most_values, "y"));
    CHECK_FALSE(matches(huge, {}));
}

TEST_CASE("A title or a key is made of an alert's fields, on one line, and never longer than what comes", "[oncall][routing]")
{
    AlertFields fields;
    fields.title = "It is\ndown";
    fields.service = "checkout";
    fields.labels = {{"a b", "1"}, {"braces", "{{title}}"}};
    CHECK(expanded("{{service}}: {{ title }} ({{labels.a b}})", fields) == "checkout: It is down (1)");
    CHECK(expanded("{{{title}}}!", fields) == "It is down!");
    CHECK(expanded("{{labels.braces}}", fields) == "{{title}}"); // what comes is no template
    CHECK(expanded("{{labels.none}} of {{description}}", fields).empty());
    CHECK(expanded("all of them", fields) == "all of them");
    CHECK(why_no_alert_template("{{title}} {{labels.x}}").empty());
    CHECK(why_no_alert_template("{{host}}") == "names {{host}}, which alerts do not have");
    CHECK(why_no_alert_template("{{#title}}x{{/title}}") == "names {{#title}}, which alerts do not have");
    CHECK(why_no_alert_template("{{labels.}}") == "names {{labels.}}, which alerts do not have");
    CHECK(why_no_alert_template("a {{title") == "has a {{ that nothing closes");
    CHECK_FALSE(why_no_alert_template(std::string(most_alert_template + 1, 'x')).empty());

    std::string longer;
    for (int i = 0; i < 2'000; ++i)
        longer += "é";
    fields.title = longer;
    CHECK(expanded("x{{title}}", fields).size() == most_expanded - 1); // no half of a character
    auto other = fields;
    other.title += "!";
    CHECK(expanded("{{title}}", fields) == expanded("{{title}}", other));
    CHECK(key_of("{{title}}", fields) != key_of("{{title}}", other));
    CHECK(key_of("{{title}}", fields) == key_of("{{title}}", fields));

    const bool bounded = rc::check([&](const std::string& text, const std::string& title) {
        AlertFields any;
        any.title = title;
        RC_ASSERT(expanded(text, any).size() <= most_expanded);
        RC_ASSERT(expanded(text + "{{title}}", any).find('\n') == std::string::npos);
    });
    CHECK(bounded);
}
