#include "random_configuration.hpp"

#include "oncall/auto_resolve.hpp"
#include "oncall/formats.hpp"
#include "oncall/severity.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <set>

namespace tests {

namespace {

using namespace oncall;

/// Texts that one reader of YAML or another takes for something else, or trips over.
const std::vector<std::string> hostile{"payments", "checkout", "yes", "No", "ON", "off", "y", "null", "Null", "~", "true",
    "False", "1", "-1", "+1", "007", "1e3", "1_000", "0x1F", "0o17", "0b1", ".inf", ".nan", ".5", "1.", "20:00", "1:20:30",
    "8:30.5", "2026-11-02", "2026-11-02T09:00", "2026-11-02T09:00:00", "2026-11-02 09:00:00Z", "5m", "<<", "=", "-", "--", "---",
    "...", "- a", "? a", "a: b", "a:b", "a:", ":a", "a #b", "a#b", "#a", "'", "\"", "it's", "\"quoted\"", "\\", "\\n", "C:\\temp",
    "[a]", "{b: c}", "a, b", "&a", "*a", "!a", "!!str a", "|", ">", "%YAML", "@a", "`a`", " lead", "trail ", "two  blanks",
    "Köln", "日本", "😀 ok", "…", "\u00a0", "a\u2028b", "\ufeff", "schedule:payments", "user:x", "a.b.c", "a[0]", "<!channel>",
    "*bold*", "é", std::string(80, 'x'), "https://example.com/?a=b&c=d#e"};
const std::vector<std::string> values{"", "\n", "a\nb\n", "\t", " ", "\x01", "\x7f", "\\x41", "a\r\nb", "\r",
    std::string(300, 'z'),
    "word word word word word word word word word word word word word word word word word word word word word word word word"};
const std::vector<std::string> addresses{"ana@example.com", "bo@example.com", "chi@example.com", "@dee", "@null", "U0123ABC",
    "W12345", "1@2", "#h@x.y", "*@a.b", "é@ü.de", "[x]@y", "{@}a", "!a@b", "&a@b", "\"q'@example.com", "a:b@c", "x#y@z", "%@%",
    "-@a", "~@a", "`@a", "a\\b@c", "?@a", "|@a", "😀@a"};
const std::vector<std::string> channels{"#payments-alerts", "#1", "#köln", "C0123ABC", "G99999", "#a_b-c"};
const std::vector<std::string> zones{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
    "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo"};

class Dice {
public:
    explicit Dice(const Below& below)
        : below_{below}
    {
    }

    Configuration configuration();

private:
    std::string word();
    MappedField mapped_field();
    void make_further(Source& source);
    void describe(Service& service, const Configuration& all);
    bool chance(int of) { return below_(of) == 0; }
    template <typename Container> auto pick(const Container& from)
    {
        return *std::next(from.begin(), below_(static_cast<int>(from.size())));
    }
    std::set<std::string> names(int most)
    {
        std::set<std::string> found;
        for (int count = below_(most + 1); count > 0; --count)
            found.insert(chance(3) ? pick(hostile).substr(0, 70) + " " + std::to_string(below_(99)) : pick(hostile));
        return found;
    }
    std::vector<std::string> people(int least, int most)
    {
        std::vector<std::string> found;
        const int count = least + below_(most - least + 1);
        while (static_cast<int>(found.size()) < count)
            if (auto one = pick(addresses); std::find(found.begin(), found.end(), one) == found.end())
                found.push_back(one);
        return found;
    }
    TimePoint instant()
    {
        // Where a local time comes twice: Berlin, New York, Lord Howe and Casablanca in 2026.
        const std::vector<std::string> doubled{
            "2026-10-25T01:30", "2026-11-01T06:30", "2026-04-04T15:15", "2026-02-15T02:30", "2026-10-25T00:30"};
        const auto local = chance(4) ? *local_time_in(pick(doubled)) : local_time();
        return TimePoint{local.time_since_epoch()} + milliseconds{chance(5) ? below_(1'000) : 0};
    }
    LocalTime local_time()
    {
        const auto day = std::chrono::hours{24} * (365 * 45 + below_(365 * 20)); // from 2014 to 2034
        return LocalTime{
            day + std::chrono::minutes{chance(2) ? 60 * below_(24) : below_(1440)} + 1s * (chance(5) ? below_(60) : 0)};
    }
    std::vector<Weekday> days(int least)
    {
        std::set<int> found;
        for (int count = least + below_(6); count > 0; --count)
            found.insert(below_(7));
        std::vector<Weekday> days;
        for (const int day : found)
            days.push_back(static_cast<Weekday>(day));
        return days;
    }
    Window window()
    {
        Window one;
        one.from = std::chrono::minutes{15 * below_(96)};
        one.to = std::chrono::minutes{15 * below_(97)};
        if (one.to == one.from)
            one.to += std::chrono::minutes{15};
        if (chance(3)) {
            one.from_day = static_cast<Weekday>(below_(7));
            one.to_day = static_cast<Weekday>(below_(7));
        } else if (chance(2)) {
            one.days = days(1);
        }
        return one;
    }
    Rotation pattern()
    {
        Rotation one;
        one.priority = chance(3) ? below_(2'001) - 1'000 : 0;
        one.unit = static_cast<Unit>(below_(4));
        one.lengths.assign(static_cast<std::size_t>(1 + below_(3)), 1);
        for (auto& length : one.lengths)
            length = chance(2) ? 1 : 1 + below_(1'000);
        one.start = local_time();
        if (chance(3))
            one.begin = local_time();
        if (chance(3))
            one.end = one.begin ? *one.begin + std::chrono::hours{1 + below_(9'999)} : local_time();
        if (chance(3))
            one.time_zone = pick(zones);
        if (one.unit == Unit::week && chance(3))
            one.handoff_day = static_cast<Weekday>(below_(7));
        if (chance(3))
            one.days = days(1);
        for (int count = chance(2) ? below_(3) : 0; count > 0; --count)
            one.windows.push_back(window());
        for (int count = 1 + below_(4); count > 0; --count)
            one.turns.push_back(chance(5) ? Turn{} : people(1, 3));
        return one;
    }
    Rotation rotation(const std::string& name)
    {
        auto one = pattern();
        for (int count = chance(4) ? 1 + below_(2) : 0; count > 0; --count) {
            auto version = pattern();
            version.from = one.versions.empty() ? local_time() : one.versions.back().from + std::chrono::hours{1 + below_(999)};
            version.name = name;
            one.versions.push_back(std::move(version));
        }
        auto& somebody = one.versions.empty() ? one : one.versions.back();
        somebody.turns.push_back(people(1, 2));
        if (!one.versions.empty() && chance(2)) {
            Rotation bare;
            bare.versions = std::move(one.versions);
            one = std::move(bare);
        }
        one.name = name;
        if (!holidays_.empty() && chance(3)) {
            one.holidays = chance(2) ? pick(holidays_) : "";
            if (one.holidays.empty() && !with_holidays_)
                one.holidays = pick(holidays_);
            one.on_holidays = chance(2) ? OnHolidays::off : OnHolidays::others;
            if (one.on_holidays == OnHolidays::others)
                one.others = people(1, 2);
            if (!beside_.empty() && chance(2)) {
                one.on_holidays = OnHolidays::rotation;
                one.others.clear();
                one.other_rotation = pick(beside_);
            }
        }
        return one;
    }
    Rotation rotation_read(const std::string& name)
    {
        Rotation one;
        one.name = name;
        one.priority = chance(2) ? below_(100) : 0;
        if (chance(2))
            one.time_zone = pick(zones);
        one.ics = chance(2) ? "https://calendar.example.com/a?b=c#d" : "webcal://x.example.com/'%20";
        return one;
    }
    HolidayCalendar holidays(const std::string& name)
    {
        HolidayCalendar one;
        one.name = name;
        if (chance(3))
            one.url = "https://calendar.example.com/" + std::to_string(below_(99)) + ".ics";
        else if (chance(3))
            one.file = "/etc/oncall-bot/a: b.ics";
        else
            for (int count = below_(4); count > 0; --count)
                one.dates[std::chrono::floor<std::chrono::days>(local_time())] = chance(3) ? "" : pick(hostile);
        return one;
    }
    oncall::Directory directory(const std::string& name, const Configuration& all)
    {
        using oncall::DirectoryFormat;
        oncall::Directory one;
        one.name = name;
        one.format = static_cast<DirectoryFormat>(below_(4));
        const bool is_harness = one.format == DirectoryFormat::harness;
        if (is_harness) {
            one.account = "a: b";
            one.organization = "default";
            one.project = "#x";
        }
        if (is_harness ? chance(3) : chance(2))
            one.url = "https://directory.example.com/a?b=c";
        else if (!is_harness)
            one.file = "a/b: c.yaml";
        if (is_harness || (one.file.empty() && chance(2)))
            one.token_env = "DIRECTORY_TOKEN";
        if (!all.teams.empty() && chance(2)) {
            one.team = pick(all.teams).first;
            one.teams["group:default/" + std::to_string(below_(9))] = pick(all.teams).first;
        }
        if (chance(2))
            one.every = std::chrono::minutes{5 + below_(1000)};
        return one;
    }
    Override change(const Schedule& schedule)
    {
        Override one;
        one.from = instant();
        one.to = one.from + std::chrono::minutes{1 + below_(100'000)};
        one.kind = static_cast<Override::Kind>(below_(3));
        one.people = people(1, 2);
        if (one.kind == Override::Kind::put && chance(2))
            one.instead_of = pick(addresses);
        if (!schedule.rotations.empty() && chance(3))
            one.rotation = pick(schedule.rotations).name;
        return one;
    }
    Temporary temporary()
    {
        Temporary one;
        one.from = instant();
        one.to = one.from + std::chrono::hours{10 + below_(500)};
        for (int count = below_(3); count > 0; --count)
            one.shifts.push_back(
                {one.from + std::chrono::hours{below_(9) - 3}, one.from + std::chrono::hours{7 + below_(900)}, people(1, 2)});
        return one;
    }
    Schedule schedule(const std::string& name)
    {
        Schedule one;
        one.name = name;
        one.time_zone = pick(zones);
        if (!holidays_.empty() && chance(2))
            one.holidays = pick(holidays_);
        beside_.clear();
        with_holidays_ = !one.holidays.empty();
        for (const auto& rotation_name : names(3)) {
            one.rotations.push_back(chance(5) ? rotation_read(rotation_name) : rotation(rotation_name));
            beside_.push_back(rotation_name);
        }
        for (int count = chance(2) ? below_(4) : 0; count > 0; --count)
            one.overrides.push_back(change(one));
        for (int count = chance(3) ? below_(3) : 0; count > 0; --count)
            one.temporary.push_back(temporary());
        return one;
    }
    Target target(const Configuration& all)
    {
        const std::vector<std::string> groups{"@payments-oncall", "@köln.x", "S0123ABC"};
        const std::vector<std::string> hooks{
            "https://example.com", "https://example.com:8443/a?b=c#d", "https://x.example.com/'%20"};
        const auto kind = static_cast<TargetKind>(below_(8)); // a policy stands alone
        switch (kind) {
        case TargetKind::schedule:
        case TargetKind::next:
            if (!all.schedules.empty())
                return {kind, pick(all.schedules).first};
            break;
        case TargetKind::rotation:
            if (!all.schedules.empty())
                if (const auto schedule = pick(all.schedules).second; !schedule.rotations.empty())
                    return {kind, schedule.name + "/" + pick(schedule.rotations).name};
            break;
        case TargetKind::team:
            if (!all.teams.empty())
                return {kind, pick(all.teams).first};
            break;
        case TargetKind::channel: return {kind, pick(channels)};
        case TargetKind::user_group: return {kind, pick(groups)};
        case TargetKind::webhook: return {kind, pick(hooks)};
        case TargetKind::user:
        case TargetKind::policy: break;
        }
        return {TargetKind::user, pick(addresses)};
    }
    LevelCondition level_condition()
    {
        LevelCondition one;
        if (chance(3))
            one.urgency = chance(2) ? Urgency::high : Urgency::low;
        if (chance(3)) {
            std::set<std::string> severities{"critical"};
            for (auto severity : {pick(hostile), pick(hostile)}) {
                std::transform(severity.begin(), severity.end(), severity.begin(),
                    [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
                severities.insert(severity);
            }
            one.severities.assign(severities.begin(), severities.end());
        }
        if (chance(3))
            one.working_hours = chance(2);
        return one;
    }
    Level level(const Configuration& all)
    {
        Level one;
        one.when = level_condition();
        if (!all.policies.empty() && chance(4)) {
            one.targets = {{TargetKind::policy, pick(all.policies).first}};
            return one;
        }
        for (int targets = 1 + below_(3); targets > 0; --targets)
            one.targets.push_back(target(all));
        one.patience = duration();
        one.retries = below_(21);
        one.order = static_cast<Order>(below_(3));
        one.acknowledgements = 1 + (chance(2) ? 0 : below_(20));
        one.wait_for_working_hours = chance(3);
        return one;
    }
    milliseconds duration() { return chance(2) ? milliseconds{5min} : 1s * (1 + below_(1'000'000)); }
    Policy policy(const std::string& name, const Configuration& all)
    {
        Policy one;
        one.name = name;
        one.until_answered = chance(3);
        one.repeat = one.until_answered ? 0 : below_(21);
        one.low_urgency_in_channel = chance(3);
        if (chance(3))
            one.still_on_it = duration();
        one.refire_pages = chance(2);
        one.rise_pages = chance(2);
        for (int count = 1 + below_(3); count > 0; --count)
            one.levels.push_back(level(all));
        one.levels.emplace_back();
        one.levels.back().targets.push_back({TargetKind::user, pick(addresses)});
        return one;
    }
    void comparison(Condition& one)
    {
        using Kind = Condition::Kind;
        const std::vector<std::string> fields{"title", "description", "severity", "urgency", "source", "service"};
        const std::vector<std::string> patterns{"^db-[0-9]+$", "(?i)disk .* full", R"(\bx\b|"y"|: #)", "(a+)+$"};
        const std::vector<std::string> numbers{"0", "-1.5", "91%", "1e3"};
        one.field = chance(2) ? pick(fields) : "labels." + pick(hostile);
        one.value = chance(2) ? pick(values) : pick(hostile);
        if (one.kind == Kind::matches)
            one.value = pick(patterns);
        if (one.kind == Kind::greater || one.kind == Kind::less)
            one.value = one.field == "severity" ? "warning" : pick(numbers);
        if (one.kind == Kind::in)
            for (int count = 1 + below_(3); count > 0; --count)
                one.values.push_back(pick(hostile));
        if (one.kind == Kind::in || one.kind == Kind::exists)
            one.value.clear();
        if (one.kind == Kind::contains && one.value.empty())
            one.value = "x";
    }
    Condition condition(int depth)
    {
        Condition one;
        one.kind = depth > 3 ? Condition::Kind::is : static_cast<Condition::Kind>(below_(chance(2) ? 4 : 11));
        if (one.kind == Condition::Kind::during) {
            one.hours.time_zone = pick(zones);
            one.hours.windows.emplace_back();
            one.hours.windows.back().from = std::chrono::hours{below_(24)};
            one.hours.windows.back().to = std::chrono::hours{1 + below_(23)};
            return one;
        }
        if (one.kind != Condition::Kind::all && one.kind != Condition::Kind::any && one.kind != Condition::Kind::no) {
            comparison(one);
            return one;
        }
        for (int count = one.kind == Condition::Kind::no ? 1 : 1 + below_(3); count > 0; --count)
            one.parts.push_back(condition(depth + 1));
        return one;
    }
    std::string hash(int number)
    {
        std::string text = std::to_string(number);
        const std::string digits = chance(3) ? "0123456789" : chance(3) ? "01234e" : "0123456789abcdef";
        while (text.size() < 64)
            text += pick(digits);
        return text;
    }

    std::vector<std::string> holidays_{}, beside_{};
    bool with_holidays_{}; // the schedule names a calendar
    const Below& below_;
};

/// A text that is not empty.
std::string Dice::word() { return pick(hostile); }

MappedField Dice::mapped_field()
{
    const std::vector<std::string> pointers{"/a", "/alerts/0/title", "/", "/a~0b/c~1d", "/a b", "/日本"};
    const std::vector<std::string> templates{
        "{{a}} on {{b.c}}", "{{#list}}{{name}} {{/list}}", "a: b", "{{{raw}}} & {{! words }}"};
    MappedField field;
    for (int count = below_(3); count > 0; --count)
        field.from.push_back(pick(pointers));
    if (chance(2))
        field.text = pick(templates);
    for (int count = chance(2) ? below_(3) : 0; count > 0; --count)
        field.values[lower(word())] = word();
    if (chance(3) || (field.from.empty() && field.text.empty()))
        field.otherwise = word();
    return field;
}

/// What few sources have.
void Dice::make_further(Source& source)
{
    const std::vector<milliseconds> times{
        auto_resolve_never, std::chrono::minutes{1}, std::chrono::minutes{90}, std::chrono::hours{48}};
    source.is_signed = chance(3) && can_sign(source.format);
    source.quiet = chance(4);
    if (chance(2))
        source.auto_resolve = pick(times);
    for (int count = chance(2) ? below_(3) : 0; count > 0; --count)
        source.severities[lower(word())] = std::string{pick(severity_words)};
    if (chance(4))
        source.first_ping_makes = pick(std::vector<milliseconds>{std::chrono::minutes{1}, std::chrono::hours{24 * 366}});
    source.by_group = source.format == "alertmanager" && chance(2);
    if (source.format == "github")
        for (const auto& branch : names(2))
            source.branches.push_back(branch);
    if (source.format == "sns" && chance(2))
        source.topics = {"arn:aws:sns:eu-central-1:123456789012:alarms", "arn:aws-cn:sns:cn-north-1:1:" + word()};
    if (source.format != "generic" && source.format != "email")
        return;
    const std::vector<std::string> mapped{"title", "description", "severity", "service", "dedup_key", "status", "kind", "link"};
    for (int count = below_(4); count > 0; --count)
        source.mapping.fields[chance(3) ? "labels." + word() : pick(mapped)] = mapped_field();
    if (!source.mapping.fields.empty() && chance(2))
        source.mapping.each = "/alerts";
}

void Dice::describe(Service& service, const Configuration& all)
{
    if (chance(2))
        service.description = word();
    for (int count = chance(2) ? below_(3) : 0; count > 0; --count)
        service.labels[pick(hostile)] = word();
    for (int count = chance(2) ? below_(3) : 0; count > 0; --count)
        service.links.push_back({"https://example.com/" + std::to_string(below_(99)) + "?a=b&c=d#e", chance(2) ? word() : ""});
    if (chance(2))
        for (const auto& name : names(3))
            service.depends_on.push_back(name);
    if (chance(2))
        service.subscribers = people(0, 2);
    if (chance(2))
        for (const auto& person : people(0, 2))
            service.paged_by.push_back("user:" + person);
    if (!all.teams.empty() && chance(3))
        service.paged_by.push_back("team:" + pick(all.teams).first);
    if (chance(3))
        service.directory = word();
}

Configuration Dice::configuration()
{
    Configuration all;
    for (const auto& name : names(2)) {
        all.holidays[name] = holidays(name);
        holidays_.push_back(name);
    }
    for (const auto& name : names(3))
        all.schedules[name] = schedule(name);
    for (const auto& name : names(3)) {
        Team team{.name = name, .members = people(0, 3)};
        if (chance(2))
            team.managers = people(0, 2);
        if (chance(2))
            for (auto& one : people(0, 2))
                if (std::find(team.members.begin(), team.members.end(), one) == team.members.end())
                    team.observers.push_back(std::move(one));
        if (!all.schedules.empty() && chance(2))
            team.schedule = pick(all.schedules).first;
        if (chance(2)) {
            team.channel = pick(channels);
            team.topic = chance(2);
            team.verbosity = static_cast<oncall::Verbosity>(below_(3));
        }
        if (chance(2)) {
            team.user_group = chance(2) ? "@payments-oncall" : "S0123ABC";
            team.permanent_members = people(0, 2);
        }
        if (chance(2)) {
            team.working_hours.time_zone = pick(zones);
            for (int count = 1 + below_(2); count > 0; --count)
                team.working_hours.windows.push_back(window());
        }
        all.teams[name] = std::move(team);
    }
    for (const auto& name : names(2))
        all.directories[name] = directory(name, all);
    for (const auto& name : names(2))
        all.policies[name] = policy(name, all);
    if (!all.policies.empty()) {
        for (auto& [name, team] : all.teams)
            if (chance(2))
                team.policy = pick(all.policies).first;
        for (const auto& name : names(3)) {
            Service service{.name = name, .policy = pick(all.policies).first, .tier = below_(10)};
            if (!all.teams.empty()) {
                const auto& team = pick(all.teams).second;
                service.team = team.name;
                if (!team.policy.empty() && chance(2))
                    service.policy.clear();
            }
            if (chance(2))
                service.runbook = "https://wiki.example.com/" + std::to_string(below_(99)) + "?q=\"'#&x: y";
            service.runbook.erase(std::remove(service.runbook.begin(), service.runbook.end(), ' '), service.runbook.end());
            describe(service, all);
            all.services[name] = std::move(service);
        }
    }
    int number = 1;
    for (const auto& name : names(3)) {
        Source source{.name = name, .format = std::string{pick(source_formats)}};
        if (chance(2))
            source.key_hash = hash(number++);
        if (!all.services.empty() && chance(2))
            source.service = pick(all.services).first;
        if (!all.teams.empty() && chance(2))
            source.team = pick(all.teams).first;
        make_further(source);
        all.sources[name] = std::move(source);
    }
    for (const auto& name : all.sources.empty() ? std::set<std::string>{} : names(3)) {
        Monitor monitor{.name = name, .source = pick(all.sources).first};
        monitor.every =
            pick(std::vector<milliseconds>{std::chrono::minutes{1}, std::chrono::minutes{90}, std::chrono::hours{48}});
        if (chance(2))
            monitor.grace = std::chrono::minutes{1 + below_(600)};
        if (!all.services.empty() && chance(2))
            monitor.service = pick(all.services).first;
        if (chance(2))
            monitor.severity = std::string{pick(severity_words)};
        if (chance(2))
            monitor.description = word();
        all.heartbeats[name] = std::move(monitor);
    }
    for (const auto& name : names(3)) {
        Rule rule{.name = name, .when = condition(0)};
        if (!all.services.empty() && chance(2))
            rule.service = pick(all.services).first;
        if (chance(2))
            rule.urgency = chance(2) ? Urgency::high : Urgency::low;
        if (chance(2))
            rule.page = chance(2);
        if (!all.services.empty() && chance(3))
            rule.default_service = pick(all.services).first;
        if (!all.teams.empty() && chance(3))
            rule.team = pick(all.teams).first;
        if (!all.policies.empty() && chance(3))
            rule.policy = pick(all.policies).first;
        if (chance(3))
            rule.severity = "error";
        if (chance(3))
            rule.title = "{{title}} of {{labels.x: y}} #";
        if (chance(3))
            rule.delay = std::chrono::minutes{1 + below_(90)};
        if (chance(3))
            rule.group = {"{{service}}", std::chrono::minutes{1 + below_(9)}};
        rule.suppress = !rule.page.value_or(false) && chance(3);
        rule.goes_on = chance(3);
        all.rules.push_back(std::move(rule));
    }
    return all;
}

} // namespace

Configuration random_configuration(const Below& below) { return Dice{below}.configuration(); }

} // namespace tests
