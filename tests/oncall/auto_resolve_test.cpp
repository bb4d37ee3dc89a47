#include "oncall/auto_resolve.hpp"

#include "catch.hpp"

using namespace oncall;
using namespace std::chrono_literals;

TEST_CASE("When an alert resolves by itself is written as a time, or never", "[oncall][auto_resolve]")
{
    for (const auto* text : {"1m", "30m", "2h", "30d", "never"}) {
        INFO(text);
        REQUIRE(auto_resolve_in(text));
        CHECK(auto_resolve_out(*auto_resolve_in(text)) == text);
    }
    CHECK(auto_resolve_in("Never") == auto_resolve_never);
    for (const auto* text : {"", "59s", "31d", "soon", "0m", "-5m", "30"}) {
        INFO(text);
        CHECK_FALSE(auto_resolve_in(text));
    }
    CHECK(auto_resolve_out({}).empty());
}

TEST_CASE("What never says that it is over is over after an hour of silence, unless its source says otherwise",
    "[oncall][auto_resolve]")
{
    struct Row {
        milliseconds set{};
        bool ends{};
        milliseconds may_last{};
    };
    for (const auto& row : std::vector<Row>{{0ms, true, 0ms}, {0ms, false, 1h}, {30min, true, 30min}, {30min, false, 30min},
             {auto_resolve_never, true, 0ms}, {auto_resolve_never, false, 0ms}}) {
        Source source;
        source.auto_resolve = row.set;
        INFO(row.set.count() << " " << row.ends);
        CHECK(may_be_unreported(source, row.ends) == row.may_last);
    }
    CHECK(not_reported_for(30min) == "not reported for 30 minutes");
    CHECK(not_reported_for(1h) == "not reported for 1 hour");
    CHECK(not_reported_for(90min) == "not reported for 90 minutes");
    CHECK(not_reported_for(48h) == "not reported for 2 days");
}
