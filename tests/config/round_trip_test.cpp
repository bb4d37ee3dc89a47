#include "catch.hpp"
#include "config/kept.hpp"
#include "config/random_configuration.hpp"

#include <rapidcheck.h>

using config::Action;
using kept::Kept;

namespace {

int drawn(int most) { return *rc::gen::resize(100, rc::gen::inRange(0, most)); }

std::string team_json(const std::string& channel) { return R"({"channel":"#)" + channel + "\"}"; }

} // namespace

TEST_CASE("Whatever was applied, what is then exported changes nothing when it is applied", "[plan]")
{
    const bool held = rc::check([] {
        const auto file = tests::random_configuration(drawn);
        Kept kept;
        const auto first = kept.apply(file);
        RC_ASSERT(first.problems.empty());
        RC_ASSERT(!kept.apply(file).writes_anything());
        const auto holds = kept.configuration();
        RC_ASSERT(kept.problems == 0U);
        for (const auto& wishes : {config::Wishes{}, config::Wishes{true, true}}) {
            const auto again = kept.apply(holds, wishes);
            RC_ASSERT(again.problems.empty());
            RC_ASSERT(!again.changes_anything());
            RC_ASSERT(kept.configuration() == holds);
        }
    });
    CHECK(held);
}

TEST_CASE(
    "However one configuration becomes another, pruned and forced it is the file's, rules and overrides in its order", "[plan]")
{
    const bool held = rc::check([] {
        Kept kept;
        kept.apply(tests::random_configuration(drawn));
        kept.now = kept::noon - std::chrono::days{20'000}; // before all overrides: none is history
        const auto file = tests::random_configuration(drawn);
        const auto plan = kept.apply(file, {true, true});
        if (!plan.problems.empty()) // a key that moved to another source
            return;
        RC_ASSERT(config::items_of(kept.configuration()).size() == config::items_of(file).size());
        RC_ASSERT(kept.configuration().rules == file.rules);
        for (const auto& [name, schedule] : file.schedules)
            RC_ASSERT(kept.configuration().schedules.at(name).rotations == schedule.rotations);
        for (const auto& [name, schedule] : file.schedules) {
            const auto holds = kept.configuration().schedules.at(name).overrides;
            const auto first = [&](const auto& one) { return std::find(holds.begin(), holds.end(), one) - holds.begin(); };
            const auto last = [&](const auto& one) { return holds.rend() - std::find(holds.rbegin(), holds.rend(), one) - 1; };
            for (auto one = schedule.overrides.begin(); one != schedule.overrides.end(); ++one)
                for (auto later = one + 1; later != schedule.overrides.end(); ++later)
                    if (one->from < later->to && later->from < one->to && *one != *later)
                        RC_ASSERT(first(*one) < last(*later));
        }
        RC_ASSERT(!kept.apply(file, {true, true}).writes_anything());
    });
    CHECK(held);
}

TEST_CASE("Edits of the file and of Slack in any order: neither is lost silently", "[plan]")
{
    const bool held = rc::check([] {
        Kept kept;
        std::map<std::string, std::string> file; // team → channel
        const std::vector<std::string> names{"a", "b", "c"};
        const std::vector<std::string> channels{"x", "y", "z"};
        const auto channel_of = [&](const std::string& name) {
            const auto now = kept.configuration();
            const auto team = now.teams.find(name);
            return team == now.teams.end() ? std::string{} : team->second.channel.substr(1);
        };
        std::map<std::string, std::string> slack; // team → what Slack made of it last; "" deleted
        std::map<std::string, std::string> said; // by the file, when it was last taken
        for (int step = 0; step < 20; ++step) {
            const auto& name = names[static_cast<std::size_t>(drawn(3))];
            const auto what = drawn(5);
            const auto& channel = channels[static_cast<std::size_t>(drawn(3))];
            if (what == 0) {
                file[name] = channel;
            } else if (what == 1) {
                file.erase(name);
            } else if (what == 2) {
                kept.edit("team", name, team_json(channel));
                RC_ASSERT(channel_of(name) == channel);
                slack[name] = channel;
            } else if (what == 3 && !channel_of(name).empty()) {
                kept.edit("team", name, "");
                RC_ASSERT(channel_of(name).empty());
                slack[name] = "";
                if (!said.contains(name)) // the file never knew it
                    slack.erase(name);
            } else if (what == 4) {
                oncall::Configuration text;
                for (const auto& [team, its] : file) {
                    text.teams[team].name = team;
                    text.teams[team].channel = "#" + its;
                }
                std::map<std::string, std::string> before;
                for (const auto& one : names)
                    before[one] = channel_of(one);
                const config::Wishes wishes{drawn(2) == 1, false};
                const auto plan = kept.apply(text, wishes);
                RC_ASSERT(plan.problems.empty());
                for (const auto& one : names) {
                    const auto told = std::any_of(plan.changes.begin(), plan.changes.end(),
                        [&](const config::Change& change) { return change.name == one && change.action == Action::keep; });
                    const auto in_file = file.find(one);
                    const auto wanted = in_file == file.end() ? std::string{} : in_file->second;
                    const auto now = channel_of(one);
                    // Back to what the file said is no edit any more.
                    const auto edit = slack.find(one);
                    const auto last = said.find(one);
                    const bool by_slack = edit != slack.end() && (last == said.end() || last->second != edit->second);
                    if (by_slack) // Slack's word stays
                        RC_ASSERT(now == before[one]);
                    else if (in_file != file.end() || wishes.prune)
                        RC_ASSERT(now == wanted);
                    // What the file wants and does not get is said, but for what was never in it.
                    if (now != wanted)
                        RC_ASSERT(told || (in_file == file.end() && !said.contains(one)));
                    if (now == wanted || !by_slack) {
                        if (in_file != file.end())
                            said[one] = wanted;
                        if (now == wanted)
                            slack.erase(one);
                        if (now.empty())
                            said.erase(one);
                    }
                }
                RC_ASSERT(!kept.apply(text, wishes).writes_anything());
            }
        }
    });
    CHECK(held);
}
