#include "catch.hpp"
#include "handlers/payload_files.hpp"
#include "notify/signed_token.hpp"
#include "oncall/words.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

using namespace scenario;

namespace {

/// The source of a format, as its sample has it, under a key of its own.
oncall::Source source_of_sample(const payloads::File& file)
{
    auto source = file.source;
    source.name = file.format;
    source.key = file.format + "-sample-key";
    source.service.clear();
    source.team.clear();
    return source;
}

net::Request request_of_sample(const payloads::File& file)
{
    net::Request posted;
    posted.method = file.sent.text.empty() ? "GET" : "POST"; // Uptime Kuma can be set to
    posted.target = "/hooks/" + file.format + "-sample-key" + (file.sent.rest.empty() ? "" : "/" + file.sent.rest)
        + (file.sent.query.empty() ? "" : "?" + net::form_out(file.sent.query));
    if (file.format == "paging")
        posted.target = "/api/v1/webhook/paging?key=paging-sample-key";
    posted.headers = file.sent.headers;
    posted.body = file.sent.text;
    static int senders{}; // wrong signatures are guesses of an address
    posted.peer = "sender-" + std::to_string(++senders);
    return posted;
}

/// The same tool's next delivery.
net::Request next_of_sample(const payloads::File& file)
{
    auto posted = request_of_sample(file);
    for (auto& header : posted.headers)
        if (oncall::lower(header.name) == "x-github-delivery")
            header.value.replace(0, 4, "next");
    return posted;
}

/// How many alerts that a sample says are over are open.
std::size_t open_that_are_over(World& world, const payloads::File& file)
{
    REQUIRE(file.expected);
    const auto open = world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.all_open(100); });
    std::size_t count = 0;
    for (const auto& report : slack::at(*file.expected, {"reports"}))
        count += static_cast<std::size_t>(std::count_if(open.begin(), open.end(), [&](const auto& alert) {
            return slack::text_at(report, {"signal"}) == "clear" && alert.dedup_key == slack::text_at(report, {"dedup_key"});
        }));
    return count;
}

/// What the first alert of a sample is called.
std::string title_of_sample(const payloads::File& file)
{
    REQUIRE(file.expected);
    const auto& reports = slack::at(*file.expected, {"reports"});
    REQUIRE_FALSE(reports.empty());
    return slack::text_at(reports.front(), {"title"});
}

std::size_t open_alerts_of_samples(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.all_open(100).size(); });
}

/// As if each tool had said so.
void all_is_over(World& world)
{
    world.write([&world](storage::Transaction& tx) {
        for (const auto& alert : storage::Alerts{tx}.all_open(100)) {
            handlers::Report over;
            over.dedup_key = alert.dedup_key;
            over.signal = handlers::Report::Signal::clear;
            handlers::receive(tx, world.app().context(), alert.source, over, {"", "", alert.source, world.clock.now()});
        }
        return true;
    });
}

} // namespace

TEST_CASE("What each tool posts pages who is on call for it, and what it posts next ends that", "[scenarios][payloads][socket]")
{
    // By turns for one of three teams, so that nobody is paged because everybody is.
    struct Row {
        const char* opens;
        const char* resolves; // nullptr: it cannot
    };
    const std::vector<Row> rows{{"alertmanager/open", "alertmanager/resolve"}, {"grafana/open", "grafana/resolve"},
        {"datadog/open", "datadog/resolve"}, {"sentry/open", nullptr}, {"sns/open-raw", nullptr},
        {"github/open", "github/resolve"}, {"azure/open", "azure/resolve"}, {"uptime_kuma/open", "uptime_kuma/resolve-get"},
        {"email/open", nullptr}, {"nagios/open", "nagios/resolve"}, {"paging/open-message", "paging/resolve-message"}};
    const std::vector<std::string> handles{"ana", "bo", "chi"};
    auto configuration = sample_configuration();
    for (const auto& handle : handles) {
        oncall::Level level;
        level.targets.push_back({oncall::TargetKind::user, handle + "@example.com"});
        level.patience = 1h;
        oncall::Policy policy;
        policy.name = "only " + handle;
        policy.levels.push_back(level);
        configuration.policies[policy.name] = policy;
    }
    std::size_t turn = 0;
    for (const auto& row : rows) {
        INFO(row.opens);
        const auto* const file = payloads::find(row.opens);
        REQUIRE(file);
        auto source = source_of_sample(*file);
        oncall::Service service;
        service.name = "watched by " + file->format;
        service.team = "payments";
        service.policy = "only " + handles[turn++ % handles.size()];
        configuration.services[service.name] = service;
        oncall::Rule rule; // whatever its severity is, and the service that it names
        rule.name = "of " + file->format;
        rule.when = {oncall::Condition::Kind::is, {}, "source", source.name};
        rule.service = service.name;
        rule.urgency = oncall::Urgency::high;
        rule.page = true;
        configuration.rules.push_back(rule);
        configuration.sources[source.name] = source;
    }
    World world{configuration};
    turn = 0;
    for (const auto& row : rows) {
        const auto& file = *payloads::find(row.opens);
        auto& paged = world.slack().person(handles[turn++ % handles.size()]);
        std::map<std::string, std::size_t> before;
        for (const auto& handle : handles)
            before[handle] = pages_to(world.slack().person(handle));
        const auto answer = world.request(request_of_sample(file));
        world.advance(2s);
        INFO(row.opens << ": " << answer.status << " " << answer.body);
        CHECK(answer.status / 100 == 2);
        for (const auto& handle : handles) {
            INFO(handle);
            const bool is_meant = &world.slack().person(handle) == &paged;
            CHECK((pages_to(world.slack().person(handle)) > before[handle]) == is_meant);
        }
        if (!paged.dms().empty()) {
            const auto title = title_of_sample(file);
            CHECK_THAT(world.slack().push(paged.last_dm()), contains(title.substr(0, std::min<std::size_t>(title.size(), 20))));
        }
        // What its sender numbers is taken once, however often it is delivered.
        if (file.format == "github" || file.format == "sns")
            CHECK_THAT(world.request(request_of_sample(file)).body, contains("came before"));
        const auto* const end = row.resolves ? payloads::find(row.resolves) : nullptr;
        CHECK((end || !row.resolves));
        if (end) {
            CHECK(open_that_are_over(world, *end) > 0);
            CHECK(world.request(next_of_sample(*end)).status / 100 == 2);
            CHECK(open_that_are_over(world, *end) == 0);
        }
        world.advance(2s);
        all_is_over(world);
        world.advance(3min);
    }
}

TEST_CASE("What an older run of GitHub's ends late does not end what a newer one has opened", "[scenarios][payloads][socket]")
{
    const auto& failed = *payloads::find("github/open");
    auto configuration = sample_configuration();
    const auto source = source_of_sample(failed);
    configuration.sources[source.name] = source;
    World world{configuration};
    int deliveries = 0;
    const auto comes = [&](const char* conclusion, int run) {
        auto body = failed.sent.body;
        body["workflow_run"]["conclusion"] = conclusion;
        body["workflow_run"]["run_number"] = run;
        auto posted = request_of_sample(failed);
        posted.body = body.dump();
        for (auto& header : posted.headers)
            if (oncall::lower(header.name) == "x-github-delivery")
                header.value = std::to_string(++deliveries);
        CHECK(world.request(posted).status == 202);
        return open_alerts_of_samples(world);
    };
    CHECK(comes("failure", 20) == 1);
    CHECK(comes("success", 19) == 1); // it began before
    CHECK(comes("failure", 22) == 1);
    CHECK(comes("success", 21) == 1);
    CHECK(comes("success", 22) == 0); // the same, run again
    CHECK(comes("failure", 99) == 1);
    CHECK(comes("success", 100) == 0); // numbers, not letters
}

TEST_CASE("A source that takes signed requests takes no others, whatever its format", "[scenarios][payloads][socket]")
{
    auto configuration = sample_configuration();
    std::vector<const handlers::sources::Format*> signing;
    for (const auto& format : handlers::sources::formats()) {
        const auto* const file = payloads::find(std::string{format.name} + "/open");
        REQUIRE(file);
        const bool answers_so =
            handlers::sources::is_events_api(format.name) || format.name == "opsgenie" || format.name == "sns";
        if (answers_so || format.signature.header.empty())
            continue; // answer as their tools are used to; never sign, and are no sources that may be signed
        auto source = source_of_sample(*file);
        source.service = "checkout";
        source.is_signed = true;
        configuration.sources[source.name] = source;
        signing.push_back(&format);
    }
    REQUIRE_FALSE(signing.empty());
    World world{configuration};
    for (const auto& [name, source] : configuration.sources)
        if (source.is_signed)
            world.app().context().source_secrets[name] = {"the old secret", "the new secret"};
    CHECK(open_alerts_of_samples(world) == 0);
    for (const auto* const format : signing) {
        INFO(format->name);
        const auto& file = *payloads::find(std::string{format->name} + "/open");
        const auto signed_with = [&](const std::string& secret, const std::string& time_header = "",
                                     const std::string& time = "") {
            auto posted = request_of_sample(file);
            std::erase_if(posted.headers,
                [&](const net::Header& one) { return oncall::lower(one.name) == oncall::lower(format->signature.header); });
            const auto words = time_header.empty() ? posted.body : time + ":" + posted.body;
            posted.headers.push_back({std::string{format->signature.header},
                std::string{format->signature.prefix} + notify::hex(notify::hmac(secret, words))});
            if (!time_header.empty())
                posted.headers.push_back({time_header, time});
            return posted;
        };
        CHECK(world.request(request_of_sample(file)).status == 401);
        CHECK(world.request(signed_with("a stranger's")).status == 401);
        auto changed = signed_with("the new secret");
        changed.body += " ";
        CHECK(world.request(changed).status == 401);
        // A time is signed too, by either name, and what is old is refused, as is what somebody has made young again.
        const auto now = std::chrono::floor<std::chrono::seconds>(world.clock.now()).time_since_epoch();
        const auto old = std::to_string((now - 6min).count()), young = std::to_string(now.count());
        for (const auto* const header : {"X-Signature-Timestamp", "X-Grafana-Alerting-Timestamp"}) {
            for (const auto& time : {old, std::to_string((now + 6min).count()), std::string{"yesterday"}})
                CHECK(world.request(signed_with("the new secret", header, time)).status == 401);
            auto again = signed_with("the new secret", header, old);
            again.headers.back().value = young;
            CHECK(world.request(again).status == 401);
        }
        CHECK(open_alerts_of_samples(world) == 0);
        CHECK(world.request(signed_with("the new secret", "X-Signature-Timestamp", young)).status / 100 == 2);
        CHECK(world.request(signed_with("the new secret")).status / 100 == 2);
        CHECK(world.request(signed_with("the old secret")).status / 100 == 2);
        all_is_over(world);
    }
}
