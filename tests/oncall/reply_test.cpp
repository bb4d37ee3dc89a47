#include "catch.hpp"
#include "oncall/reply.hpp"

using namespace oncall;
using What = Reply::What;

namespace {

Alert alert(std::int64_t id, AlertState state = AlertState::triggered)
{
    Alert made;
    made.id = {id};
    made.state = state;
    return made;
}

Reply answer(Verb verb, std::int64_t id = 0, bool all = false) { return {What::answer, verb, {id}, all}; }

} // namespace

TEST_CASE("Text messages are understood as people type them at night", "[oncall][reply]")
{
    struct Said {
        std::string text;
        Verb verb;
        std::int64_t alert{};
        bool all{};
    };
    for (const auto& [text, verb, id, all] : std::vector<Said>{{"4", Verb::acknowledge}, {" 4. ", Verb::acknowledge},
             {"ACK", Verb::acknowledge}, {"Ack 12", Verb::acknowledge, 12}, {"ack #12!", Verb::acknowledge, 12},
             {"12 ack", Verb::acknowledge, 12}, {"#12 4", Verb::acknowledge, 12}, {"4 12", Verb::acknowledge, 12},
             {"12 4", Verb::acknowledge, 12}, {"4 6", Verb::acknowledge, 6}, {"6 4", Verb::resolve, 4},
             {"#6 4", Verb::acknowledge, 6}, {"On it", Verb::acknowledge}, {"got it 7", Verb::acknowledge, 7},
             {"6", Verb::resolve}, {"Done.", Verb::resolve}, {"resolve 10243", Verb::resolve, 10243}, {"8", Verb::escalate},
             {"Escalate", Verb::escalate}, {"No", Verb::decline}, {"not me", Verb::decline}, {"Can\xE2\x80\x99t", Verb::decline},
             {"can't 3", Verb::decline, 3}, {"4 all", Verb::acknowledge, 0, true}, {"Ack All", Verb::acknowledge, 0, true},
             {"\n4\n\nSent from my phone", Verb::acknowledge}, {"4\r\n-- \r\nAna", Verb::acknowledge}}) {
        INFO(text);
        const auto reply = reply_in(text);
        CHECK(reply.what == What::answer);
        CHECK(reply.verb == verb);
        CHECK(reply.alert.value == id);
        CHECK(reply.all == all);
    }
}

TEST_CASE("STOP, START and HELP are the whole message, or none", "[oncall][reply]")
{
    for (const auto* text : {"STOP", "stop", "Stop.", "UNSUBSCRIBE", "cancel", "End", "quit", "stop all"})
        CHECK(reply_in(text).what == What::stop);
    for (const auto* text : {"START", "unstop"})
        CHECK(reply_in(text).what == What::start);
    for (const auto* text : {"HELP", "info", "?"})
        CHECK(reply_in(text).what == What::help);
    for (const auto* text : {"please stop the paging", "don't stop", "start it again"})
        CHECK(reply_in(text).what == What::unclear);
}

TEST_CASE("What is no answer changes nothing", "[oncall][reply]")
{
    for (const std::string text : {"", " ", "\n\n", "5", "44", "12", "4 4 4", "4 -1", "4 +1", "ack twelve", "all", "#", "#4",
             "4 0", "Liked \"[#12 critical] checkout\"", "I'm driving and will answer later", "resolve not",
             "99999999999999999999 4", "\xFF\xFE", "ackall"}) {
        INFO(text);
        CHECK(reply_in(text).what == What::unclear);
    }
    CHECK(reply_in(std::string(100'000, '4')).what == What::unclear);
}

TEST_CASE("An answer without a number is about the one it can be about", "[oncall][reply]")
{
    using M = Meant::What;
    CHECK(meant_by(answer(Verb::acknowledge), {}).what == M::none);
    const auto one = meant_by(answer(Verb::acknowledge), {alert(3)});
    CHECK(one.what == M::these);
    CHECK(one.alerts.front().id.value == 3);

    const std::vector<Alert> open{alert(5, AlertState::acknowledged), alert(4), alert(2, AlertState::acknowledged)};
    const auto left = meant_by(answer(Verb::acknowledge), open);
    CHECK(left.what == M::these);
    CHECK(left.alerts.size() == 1);
    CHECK(left.alerts.front().id.value == 4);
    const auto many = meant_by(answer(Verb::resolve), open);
    CHECK(many.what == M::which);
    CHECK(many.alerts.size() == 3);
    CHECK(meant_by(answer(Verb::resolve, 2), open).alerts.front().id.value == 2);
    CHECK(meant_by(answer(Verb::resolve, 2), open).what == M::these);
    CHECK(meant_by(answer(Verb::resolve, 9), open).what == M::not_theirs);
    const auto all = meant_by(answer(Verb::resolve, 0, true), open);
    CHECK(all.what == M::these);
    CHECK(all.alerts.size() == 3);
    // The newest one's refusal says who has it.
    const auto done =
        meant_by(answer(Verb::acknowledge), {alert(5, AlertState::acknowledged), alert(2, AlertState::acknowledged)});
    CHECK(done.what == M::these);
    CHECK(done.alerts.size() == 1);
    CHECK(done.alerts.front().id.value == 5);
}
