#include "catch.hpp"
#include "handlers/payload_files.hpp"
#include "handlers/read_promises.hpp"

#include <algorithm>
#include <map>
#include <set>

using handlers::sources::formats;

namespace {

using States = std::set<std::string_view>;

/// Of each format: which states its tool can say, with a payload file each, and why it cannot say the others.
struct CanSay {
    std::string_view format{};
    States says{};
    std::map<std::string_view, std::string_view> never{};
};

const States all_states{"open", "update", "acknowledge", "resolve", "test", "change"};
constexpr std::string_view no_changes{"it knows alerts alone"};

const std::vector<CanSay> all_can_say{
    {"alertmanager", {"open", "update", "resolve", "test"},
        {{"acknowledge", "it has silences, and tells nobody of them"}, {"change", no_changes}}},
    {"azure", {"open", "update", "resolve", "test"},
        {{"acknowledge", "what people do in its portal is sent to nobody"}, {"change", no_changes}}},
    {"datadog", {"open", "update", "resolve"},
        {{"acknowledge", "its monitors are muted, which is sent to nobody"}, {"test", "is sent as an alert"},
            {"change", no_changes}}},
    {"email", {"open", "update", "acknowledge", "resolve", "test"}, {{"change", "by a mapping, as of format generic"}}},
    {"generic", all_states, {}},
    {"github", {"open", "update", "resolve", "test", "change"}, {{"acknowledge", "nobody answers a failed run"}}},
    {"google", {"open", "update", "resolve", "test"},
        {{"acknowledge", "what people do in its console is sent to nobody"}, {"change", no_changes}}},
    {"grafana", {"open", "update", "resolve", "test"},
        {{"acknowledge", "it has silences, and tells nobody of them"}, {"change", no_changes}}},
    {"kubernetes", {"open", "update", "test"},
        {{"acknowledge", "events are not answered"}, {"resolve", "an event has no end"}, {"change", no_changes}}},
    {"nagios", {"open", "update", "acknowledge", "resolve", "test"}, {{"change", no_changes}}},
    {"newrelic", {"open", "update", "acknowledge", "resolve", "test"}, {{"change", no_changes}}},
    {"opsgenie", {"open", "update", "acknowledge", "resolve"},
        {{"test", "an API: its clients send an alert"}, {"change", no_changes}}},
    {"pagerduty", {"open", "update", "acknowledge", "resolve", "change"}, {{"test", "an API: its clients send an event"}}},
    // All but an answer to one of its mails pages.
    {"paging", {"open", "update", "acknowledge", "resolve", "test"}, {{"change", "whatever comes there pages"}}},
    {"sentry", {"open", "update", "resolve", "test"},
        {{"acknowledge", "an issue is assigned, which answers no page"}, {"change", "releases have no webhook"}}},
    {"sns", {"open", "update", "resolve", "test"}, {{"acknowledge", "alarms are not answered"}, {"change", no_changes}}},
    {"uptime_kuma", {"open", "update", "resolve", "test"},
        {{"acknowledge", "monitors are not answered"}, {"change", no_changes}}},
    {"victorops", {"open", "update", "acknowledge", "resolve", "test"}, {{"change", no_changes}}},
    {"zabbix", {"open", "update", "acknowledge", "resolve", "test"}, {{"change", no_changes}}},
};

std::vector<const payloads::File*> files_of(std::string_view format)
{
    std::vector<const payloads::File*> found;
    for (const auto& file : payloads::all())
        if (file.format == format)
            found.push_back(&file);
    return found;
}

/// The keys of what the file says of that signal.
std::set<std::string> keys_of(const payloads::File& file, std::string_view signal)
{
    std::set<std::string> keys;
    if (!file.expected)
        return keys;
    for (const auto& report : slack::at(*file.expected, {"reports"}))
        if (slack::text_at(report, {"signal"}) == signal)
            keys.insert(slack::text_at(report, {"dedup_key"}));
    return keys;
}

/// Whether what is expected of the file is what its state means; `opened` are the keys of the format's open files.
bool means_its_state(const payloads::File& file, const std::set<std::string>& opened)
{
    const auto is_of_opened = [&](std::string_view signal) {
        const auto keys = keys_of(file, signal);
        return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return opened.contains(key); });
    };
    const auto& expected = *file.expected;
    if (file.state == "open")
        return !keys_of(file, "fire").empty();
    if (file.state == "update")
        return is_of_opened("fire");
    if (file.state == "acknowledge")
        return is_of_opened("acknowledge");
    if (file.state == "resolve")
        return is_of_opened("clear");
    return !slack::at(expected, {file.state == "test" ? "note" : "changes"}).empty();
}

} // namespace

TEST_CASE("Each payload file becomes what stands beside it", "[handlers][payloads]")
{
    for (const auto& file : payloads::all()) {
        INFO(file.name);
        CHECK_FALSE(file.provenance.empty());
        const auto* const format = handlers::sources::format(file.format);
        CHECK(format);
        CHECK(file.expected);
        if (!format || !file.expected)
            continue;
        payloads::Json became;
        try {
            const auto read = format->read(file.sent, file.source);
            CHECK(payloads::wrong_in(read, file.format) == std::vector<std::string>{});
            became = payloads::written(read);
        } catch (const handlers::sources::BadPayload& refusal) {
            became["refused"] = refusal.what();
        }
        const auto different = payloads::difference(*file.expected, became);
        if (!different.empty())
            FAIL_CHECK("differs:\n" + different);
    }
}

TEST_CASE("There are payload files of each format for what it can say", "[handlers][payloads]")
{
    CHECK(all_can_say.size() == formats().size());
    for (const auto& format : formats()) {
        INFO(format.name);
        const auto row =
            std::find_if(all_can_say.begin(), all_can_say.end(), [&](const CanSay& one) { return one.format == format.name; });
        CHECK(row != all_can_say.end());
        if (row == all_can_say.end())
            continue;
        const auto files = files_of(format.name);
        std::set<std::string> opened;
        for (const auto* const file : files)
            if (file->state == "open")
                opened.merge(keys_of(*file, "fire"));
        States named = row->says;
        for (const auto& [state, why] : row->never) {
            INFO(state);
            CHECK_FALSE(why.empty());
            CHECK(named.insert(state).second); // else it can, and cannot
        }
        CHECK(named == all_states);
        CHECK(row->says.contains("resolve") == format.resolves);
        for (const auto& state : row->says) {
            INFO(state);
            CHECK(std::any_of(files.begin(), files.end(), [&](const payloads::File* one) {
                return one->state == state && one->expected && means_its_state(*one, opened);
            }));
        }
        for (const auto* const file : files) {
            INFO(file->name);
            CHECK(row->says.contains(file->state));
        }
    }
}

TEST_CASE("What a tool opens it also resolves: the keys of its files are the same", "[handlers][payloads]")
{
    // In the files of one format something is resolved that another of them has opened.
    for (const auto& format : formats()) {
        std::vector<std::string> opened, over;
        for (const auto& file : payloads::all()) {
            if (file.format != format.name || !file.expected)
                continue;
            for (const auto& report : slack::at(*file.expected, {"reports"}))
                (slack::text_at(report, {"signal"}) == "fire" ? opened : over).push_back(slack::text_at(report, {"dedup_key"}));
        }
        INFO(format.name);
        CHECK((over.empty() || std::any_of(over.begin(), over.end(), [&](const std::string& key) {
            return std::find(opened.begin(), opened.end(), key) != opened.end();
        })));
    }
}

TEST_CASE("A difference is told by its place", "[handlers][payloads]")
{
    using payloads::Json;
    const auto is = Json::parse(R"({"reports":[{"title":"a","severity":"","labels":{"x":"1"}}],"note":""})");
    CHECK(payloads::difference(Json::parse(R"({"reports":[{"title":"a","labels":{"x":"1"}}]})"), is) == "");
    const auto told = payloads::difference(Json::parse(R"({"reports":[{"title":"b","labels":{"y":"1"}}]})"), is);
    CHECK_THAT(told, contains("/reports/0/title is \"a\""));
    CHECK_THAT(told, contains("/reports/0/labels/y is missing"));
    CHECK_THAT(told, contains("/reports/0/labels/x is not expected"));
}
