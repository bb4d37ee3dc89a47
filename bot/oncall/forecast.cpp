#include "oncall/forecast.hpp"

#include "oncall/policy_words.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t most_named_of_step = 10; // people of a step

/// "90 s", "5 min", "1 h 5 min".
std::string after_words(milliseconds time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).count();
    if (seconds % 60 != 0 && seconds < 600)
        return std::to_string(seconds) + " s";
    const auto whole = seconds / 60;
    if (whole < 120)
        return std::to_string(whole) + " min";
    const auto rest = whole % 60;
    return std::to_string(whole / 60) + " h" + (rest == 0 ? "" : " " + std::to_string(rest) + " min");
}

std::string methods_words(const std::vector<std::string>& methods)
{
    std::vector<std::string> words;
    for (const auto& method : methods)
        if (auto word = words_of_method_kind(method); std::find(words.begin(), words.end(), word) == words.end())
            words.push_back(std::move(word));
    return listed(words);
}

/// Whom and what a step pages, by name alone.
std::vector<std::string> names_of_step(const Forecast::Step& step)
{
    std::vector<std::string> names;
    for (const auto& person : step.people)
        names.push_back(mention(person.person));
    for (const auto& other : step.others)
        names.push_back(words_of(other));
    if (names.size() > most_named_of_step) {
        const auto more = names.size() - most_named_of_step + 1;
        names.resize(most_named_of_step - 1);
        names.push_back(std::to_string(more) + " more");
    }
    return names;
}

std::string in_full(const Forecast::Step& step)
{
    std::string text;
    std::size_t named = 0;
    for (const auto& person : step.people) {
        if (++named > most_named_of_step) {
            text += "; and " + std::to_string(step.people.size() - most_named_of_step) + " more people";
            break;
        }
        text += (text.empty() ? "" : "; ") + mention(person.person) + " (" + words_of(person) + ")";
    }
    for (const auto& other : step.others)
        text += (text.empty() ? "" : "; ") + words_of(other);
    return text;
}

std::string place_words(const Forecast& forecast, const Position& at)
{
    std::string text;
    if (forecast.policy.levels.size() > 1)
        text = "level " + std::to_string(at.level + 1);
    if (at.attempt > 0)
        text += (text.empty() ? "" : ", ") + std::string{"try "} + std::to_string(at.attempt + 1);
    return text;
}

/// How long a step waits for the first of its people whose quiet hours are over; not at all when somebody is told at once.
milliseconds held(const Forecast::Step& step)
{
    const auto first = std::min_element(step.people.begin(), step.people.end(),
        [](const Forecast::Person& one, const Forecast::Person& other) { return one.held < other.held; });
    return first == step.people.end() ? milliseconds{} : first->held;
}

/// The people and what each has are as in `other`.
bool same(const Forecast::Step& one, const Forecast::Step& other)
{
    return one.people == other.people && one.others == other.others;
}

} // namespace

Forecast forecast(Page page, Surroundings around, TimePoint now, const Paged& paged, std::size_t most)
{
    Forecast all;
    all.policy = page.policy;
    const auto goes_round = [&] {
        return page.policy.until_answered && !all.steps.empty() && all.steps.back().position.round > 0
            && all.steps.back().pages();
    };
    all.from = now;
    page.state = PageState::paging;
    page.due = now;
    // What this page would write down itself, it finds again.
    std::map<int, Beginning> begun;
    around.beginning = [&begun, before = around.beginning](const Level& level, int left) {
        const auto own = begun.find(left);
        return own != begun.end() ? std::optional{own->second} : before ? before(level, left) : std::nullopt;
    };
    for (auto at = now; all.steps.size() < most && !goes_round(); at = page.due) {
        const auto decision = decide(page, around, at);
        Forecast::Step one;
        one.at = at;
        for (const auto& skip : decision.skipped)
            one.skipped.push_back(skip.words);
        if (const auto* step = std::get_if<Step>(&decision.then)) {
            one.position = step->at;
            for (const auto& reached : step->now) {
                around.tried.push_back({step->at, reached.name});
                if (reached.kind != Reached::Kind::person) {
                    one.others.push_back(reached);
                    continue;
                }
                one.people.push_back(paged(reached.name, at));
                one.people.back().how = reached.how;
            }
            if (step->beginning)
                begun[levels_left(page.policy, step->at.level)] = *step->beginning;
            page.next = step->next;
            page.last = step->at;
            page.due = step->due + held(one);
            page.waits = false;
            all.steps.push_back(std::move(one));
        } else if (const auto* wait = std::get_if<Wait>(&decision.then)) {
            one.position = wait->at;
            one.waits = wait->why;
            page.next = wait->at;
            page.due = wait->until;
            page.waits = true;
            if (!one.waits.empty())
                all.steps.push_back(std::move(one));
        } else {
            one.position = page.next;
            if (!one.skipped.empty())
                all.steps.push_back(std::move(one));
            all.exhausted = at;
            break;
        }
    }
    return all;
}

std::string words_of(const Reached::One& other)
{
    return words_of(Target{other.kind == Reached::Kind::webhook ? TargetKind::webhook : TargetKind::channel, other.name});
}

std::string words_of(const Forecast::Person& person)
{
    if (person.steps.empty())
        return "nothing of the notification rule is set up";
    std::string text;
    milliseconds after{};
    for (const auto& step : person.steps) {
        text += (text.empty() ? "" : "; ") + methods_words(step.methods)
            + (after.count() == 0 ? std::string{} : " after " + after_words(after));
        after += step.wait;
    }
    return person.held.count() == 0 ? text : "held " + after_words(person.held) + " by their quiet hours, then " + text;
}

std::vector<std::string> words_of(const Forecast& forecast, const std::vector<std::string>& cries)
{
    std::vector<std::string> lines;
    const auto since = [&](TimePoint at) { return after_words(at - forecast.from) + ": "; };
    int round = 0;
    const Forecast::Step* before{};
    for (const auto& step : forecast.steps) {
        const bool first = step.position.round == 0;
        for (const auto& skip : step.skipped)
            if (first || !step.pages())
                lines.push_back(since(step.at) + skip);
        const auto place = place_words(forecast, step.position);
        const auto behind = place.empty() ? std::string{} : " · " + place;
        if (!step.waits.empty()) {
            lines.push_back(since(step.at) + "waits for " + step.waits + behind);
        } else if (first && step.pages()) {
            const bool again = before && before->position.level == step.position.level && same(*before, step);
            lines.push_back(since(step.at) + (again ? "again " + listed(names_of_step(step)) : in_full(step)) + behind);
        } else if (step.pages() && step.position.round != round) {
            lines.push_back(since(step.at) + "round " + std::to_string(step.position.round + 1) + ", beginning with "
                + listed(names_of_step(step)));
        }
        round = step.position.round;
        before = &step;
    }
    const auto where = cries.empty() ? std::string{"nobody is told, as no channel is configured"} : "cry in " + listed(cries);
    if (forecast.exhausted)
        lines.push_back(since(*forecast.exhausted) + "exhausted: " + where);
    else
        lines.push_back("and so on, until somebody answers");
    return lines;
}

} // namespace oncall
