#include "blocks/heartbeats.hpp"

#include "blocks/golden.hpp"
#include "catch.hpp"
#include "noon.hpp"
#include "workspace/block_kit.hpp"

using namespace std::chrono_literals;
using Problems = std::vector<std::string>;

namespace {

oncall::Heartbeat some_heartbeat(std::int64_t id, const std::string& name)
{
    oncall::Heartbeat one;
    one.id = id;
    one.source = "cron";
    one.name = name;
    one.every = 1;
    one.unit = "days";
    one.grace = 2h;
    one.configured = true;
    return one;
}

} // namespace

TEST_CASE("Heartbeats look as they did when somebody last looked at them", "[blocks][heartbeats]")
{
    using Kind = oncall::Ping::Kind;
    blocks::HeartbeatsView shown;
    shown.now = noon;
    shown.names = {{"U01ANA00000", "Ana"}};
    const auto add = [&](oncall::Heartbeat one, bool may_edit = true) { shown.lines.push_back({std::move(one), may_edit}); };
    auto missing = heard(some_heartbeat(1, "backup <!channel>"), {}, noon - 48h);
    missing.expired = true;
    missing.service = "checkout";
    add(missing);
    add(heard(heard(some_heartbeat(2, "reports"), {Kind::start}, noon - 70s), {Kind::fail, 3, "one\n<@U1> *disk* full\n"}, noon));
    add(heard(some_heartbeat(3, "late"), {}, noon - 25h));
    add(heard(heard(some_heartbeat(4, "running"), {}, noon - 3h), {Kind::start}, noon - 1min), false);
    add(some_heartbeat(5, "never"));
    auto paused = oncall::paused(some_heartbeat(6, "paused"), noon + 24h, "U01ANA00000", "the disk is *moved* <!here>");
    paused.configured = false;
    add(paused);
    shown.said = "Heartbeat paused is paused.";
    shown.ours = {true, false, noon - 30s};
    golden_view("heartbeats_list", blocks::heartbeats_list(shown));
    shown.ours.fails = true;
    shown.lines.resize(1);
    golden_view("heartbeats_list_ours_fails", blocks::heartbeats_list(shown));
    golden_view("heartbeats_list_empty", blocks::heartbeats_list({}));
}

TEST_CASE("However many heartbeats there are, and whatever they are called, Slack takes their list", "[blocks][heartbeats]")
{
    blocks::HeartbeatsView shown;
    shown.now = noon;
    for (int i = 0; i < 130; ++i) {
        auto one = heard(some_heartbeat(i + 1, std::string(200, '<')), {}, noon);
        one.configured = false;
        one.last_words = std::string(10'000, '&');
        one.service = "\xFF\xE2\x80\xAE";
        if (i % 2 == 0)
            one = oncall::paused(one, noon + 24h, "U01ANA00000", std::string(200, '<'));
        shown.lines.push_back({one, true});
    }
    for (std::size_t page = 0; page < 5; ++page) {
        shown.page = page;
        CHECK(workspace::problems_in_view(blocks::heartbeats_list(shown), "modal") == Problems{});
    }
}
