#include "blocks/cover.hpp"
#include "blocks/golden.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "workspace/block_kit.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using oncall::CoverAudience;
using oncall::CoverState;
using oncall::RequestKind;

namespace {

blocks::CoverView asked()
{
    blocks::CoverView shown;
    shown.names = {{"U01ANA00000", "Ana"}, {"U02BO000000", "Bo"}, {"U03CHI00000", "<!here> *Chi*"}};
    shown.audience = CoverAudience::channel;
    auto& request = shown.request;
    request.id = 7;
    request.version = 2;
    request.schedule = "payments & <find>";
    request.requester = "U01ANA00000";
    request.when = {samples::start, samples::start + 8h};
    request.left = {request.when};
    request.reason = "<!channel> the dentist's";
    return shown;
}

void is_sound(const blocks::Json& view) { CHECK(workspace::problems_in_view(view, "modal") == std::vector<std::string>{}); }

} // namespace

TEST_CASE("A request for cover looks as it did when somebody last looked at it", "[blocks][cover]")
{
    auto shown = asked();
    golden("cover_open", blocks::cover(shown));
    shown.audience = CoverAudience::requester;
    golden("cover_open_requester", blocks::cover(shown));
    shown.audience = CoverAudience::reminder;
    shown.request.parts = {{"U03CHI00000", {samples::start, samples::start + 2h}, 3, false}};
    shown.request.left = {{samples::start + 2h, samples::start + 8h}};
    shown.request.state = CoverState::partly_taken;
    golden("cover_partly_taken", blocks::cover(shown));
    shown.audience = CoverAudience::last_call;
    golden("cover_last_call", blocks::cover(shown));
    shown.request.state = CoverState::taken;
    golden("cover_taken", blocks::cover(shown));
    shown.request.state = CoverState::ended;
    golden("cover_ended", blocks::cover(shown));
    shown.request.state = CoverState::cancelled;
    golden("cover_cancelled", blocks::cover(shown));
}

TEST_CASE("A swap and a take look as they did when somebody last looked at them", "[blocks][cover]")
{
    auto shown = asked();
    shown.request.kind = RequestKind::swap;
    shown.request.other = "U02BO000000";
    shown.request.theirs = {samples::start + 24h, samples::start + 32h};
    shown.audience = CoverAudience::asked;
    golden("swap_asked", blocks::cover(shown));
    shown.audience = CoverAudience::requester;
    golden("swap_requester", blocks::cover(shown));
    shown.request.state = CoverState::declined;
    golden("swap_declined", blocks::cover(shown));
    shown.request.state = CoverState::open;
    shown.request.kind = RequestKind::take;
    shown.audience = CoverAudience::asked;
    golden("take_asked", blocks::cover(shown));
}

TEST_CASE("A request looks as it did in each of its states, to everybody who gets it", "[blocks][cover]")
{
    struct Kind {
        RequestKind kind{};
        std::string begins{};
        std::vector<CoverState> states{};
        std::vector<CoverAudience> audiences{}; // while it is open; when it is over the first and the last say all
    };
    using State = CoverState;
    const std::vector<Kind> kinds{
        {RequestKind::cover, "cover_", {State::open, State::partly_taken, State::taken, State::cancelled, State::ended},
            {CoverAudience::channel, CoverAudience::member, CoverAudience::reminder, CoverAudience::last_call,
                CoverAudience::requester}},
        {RequestKind::swap, "swap_", {State::open, State::taken, State::cancelled, State::declined, State::ended},
            {CoverAudience::asked, CoverAudience::requester}},
        {RequestKind::take, "take_", {State::open, State::taken, State::cancelled, State::declined, State::ended},
            {CoverAudience::asked, CoverAudience::requester}}};
    for (const auto& [kind, begins, states, audiences] : kinds)
        for (const auto state : states) {
            auto shown = asked();
            auto& request = shown.request;
            request.kind = kind;
            request.state = state;
            if (kind != RequestKind::cover)
                request.other = "U02BO000000";
            if (kind == RequestKind::swap)
                request.theirs = {samples::start + 24h, samples::start + 32h};
            if (state == State::partly_taken) {
                request.parts = {{"U03CHI00000", {samples::start, samples::start + 2h}, 3, false}};
                request.left = {{samples::start + 2h, samples::start + 8h}};
            } else if (state == State::taken) {
                request.parts = {{kind == RequestKind::take ? "U01ANA00000" : "U02BO000000", request.when, 3, false}};
                request.left.clear();
                if (kind == RequestKind::swap)
                    request.parts.push_back({"U01ANA00000", request.theirs, 4, false});
            }
            for (const auto audience : audiences) {
                if (!oncall::is_open(request) && audience != audiences.front() && audience != audiences.back())
                    continue;
                shown.audience = audience;
                auto called = begins + std::string{oncall::name(state)} + "_" + std::string{oncall::name(audience)};
                std::replace(called.begin(), called.end(), ' ', '_');
                golden(called, blocks::cover(shown));
            }
        }
}

TEST_CASE("The forms of cover look as they did when somebody last looked at them", "[blocks][cover]")
{
    const auto shown = asked();
    const std::vector<blocks::kit::Option> mine{{"Fri 6 Nov 18:00 – 22:00, payments", "1:2:payments"}};
    const std::vector<blocks::kit::Option> theirs{
        {"Bo: Fri 13 Nov 18:00 – 22:00, " + std::string(100, 'p'), "3:4:U02BO000000:payments"}};
    for (const auto& [name, view] : std::map<std::string, blocks::View>{{"cover_form", blocks::cover_form(mine, "Europe/Berlin")},
             {"cover_part_form", blocks::cover_part_form(shown.request, shown.names)},
             {"swap_form", blocks::swap_form(mine, theirs, "")}, {"take_form", blocks::take_form(theirs, "Europe/Berlin")},
             {"cover_done", blocks::cover_done("You have it, instead of <@U01ANA00000>.", shown.names)}}) {
        is_sound(view);
        golden(name, view);
    }
    golden("open_requests", blocks::open_requests({shown.request, shown.request}, shown.names));
}
