#include "oncall/followers.hpp"

#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"

#include <algorithm>
#include <array>

namespace oncall {

namespace {

void add_once(std::vector<std::string>& all, const std::string& one)
{
    if (std::find(all.begin(), all.end(), one) == all.end())
        all.push_back(one);
}

std::optional<TimePoint> earlier(std::optional<TimePoint> one, std::optional<TimePoint> other)
{
    if (!one || !other)
        return one ? one : other;
    return std::min(*one, *other);
}

/// The schedules of level 1 of a team's policy.
std::vector<const Schedule*> level_one_schedules(const Configuration& configuration, const Team& team)
{
    std::vector<const Schedule*> found;
    const auto policy = policy_in(configuration, policy_of_team(configuration, team.name));
    if (!policy || policy->levels.empty())
        return found;
    const auto whole = expanded(*policy, configuration);
    if (whole.levels.empty())
        return found;
    for (const auto& target : whole.levels.front().targets)
        if (const auto schedule = configuration.schedules.find(target.name);
            target.kind == TargetKind::schedule && schedule != configuration.schedules.end())
            found.push_back(&schedule->second);
    return found;
}

/// Slack takes handles and channel names in any case.
std::string identity(const std::string& name, const SlackIds& ids)
{
    if (const auto known = ids.find(name); known != ids.end() && !known->second.empty())
        return known->second;
    auto text = name;
    if (text.starts_with('@') || text.starts_with('#'))
        std::transform(text.begin(), text.end(), text.begin(),
            [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    return text;
}

/// A name as a topic takes it: on one line, and without what ends our part.
std::string topic_name(const std::string& person, const SlackPeople& people)
{
    const auto known = people.find(person);
    auto text = known == people.end() || known->second.name.empty() ? person : known->second.name;
    std::erase_if(text, [](unsigned char c) { return c < ' ' || c == '[' || c == ']'; });
    return text;
}

/// "Mon 7 Dec 09:00". Says the same however near it is, so that the topic is not set for the words alone.
std::string local_words(TimePoint when, const std::string& zone)
{
    constexpr std::array day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto local = to_local(when, zone);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{day};
    const auto of_day = std::chrono::floor<std::chrono::minutes>(local - day).count();
    char text[32];
    std::snprintf(text, sizeof text, "%s %u %s %02d:%02d", day_names.at(std::chrono::weekday{day}.c_encoding()),
        static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(of_day / 60),
        static_cast<int>(of_day % 60));
    return text;
}

struct OnCallOfTeam {
    std::string team{};
    std::vector<std::string> people{};
};

std::string joined(const std::vector<std::string>& all, const std::string& between)
{
    std::string text;
    for (const auto& one : all)
        text += (text.empty() ? "" : between) + one;
    return text;
}

/// The part of one team: everybody, or the first and how many more.
std::string topic_part(const OnCallOfTeam& one, const SlackPeople& people, bool short_form)
{
    if (one.people.empty())
        return "nobody";
    std::vector<std::string> names;
    for (const auto& person : one.people)
        names.push_back(topic_name(person, people));
    if (short_form && names.size() > 1)
        return names.front() + " +" + std::to_string(names.size() - 1);
    return joined(names, ", ");
}

std::string topic_text(
    const std::vector<OnCallOfTeam>& teams, const SlackPeople& people, bool short_form, const std::string& until)
{
    std::vector<std::string> parts;
    for (const auto& one : teams)
        parts.push_back((teams.size() > 1 ? one.team + ": " : "") + topic_part(one, people, short_form));
    return std::string{topic_begins} + joined(parts, "; ") + until + std::string{topic_ends};
}

} // namespace

std::vector<GroupWish> group_wishes(
    const Configuration& configuration, const SlackPeople& people, const SlackIds& groups, TimePoint now)
{
    std::vector<GroupWish> wishes;
    std::map<std::string, std::size_t> places;
    std::vector<std::vector<std::string>> on_call, permanent;
    for (const auto& [name, team] : configuration.teams) {
        if (team.user_group.empty())
            continue;
        const auto [place, fresh] = places.try_emplace(identity(team.user_group, groups), wishes.size());
        if (fresh) {
            wishes.push_back({.group = team.user_group});
            on_call.emplace_back();
            permanent.emplace_back();
        }
        auto& wish = wishes[place->second];
        wish.teams.push_back(name);
        for (const auto* schedule : level_one_schedules(configuration, team)) {
            add_once(wish.schedules, schedule->name);
            const auto now_on = who_is_on_call(*schedule, now);
            wish.until = earlier(wish.until, now_on.until);
            for (const auto& person : now_on.people)
                add_once(on_call[place->second], person);
        }
        for (const auto& person : team.permanent_members)
            add_once(permanent[place->second], person);
    }
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        auto named = on_call[i];
        for (const auto& person : permanent[i])
            add_once(named, person);
        for (const auto& person : named) {
            const auto known = people.find(person);
            if (known == people.end() || known->second.user_id.empty())
                wishes[i].unknown.push_back(person);
            else if (const auto& kind = known->second.kind; !kind.empty() && kind != "member")
                wishes[i].left_out.push_back({person, kind});
            else
                add_once(wishes[i].members, known->second.user_id);
        }
    }
    return wishes;
}

std::vector<TopicWish> topic_wishes(
    const Configuration& configuration, const SlackPeople& people, const SlackIds& channels, TimePoint now)
{
    struct Draft {
        TopicWish wish{};
        std::vector<OnCallOfTeam> teams{};
        std::string zone{};
    };
    std::vector<Draft> drafts;
    std::map<std::string, std::size_t> places;
    for (const auto& [name, team] : configuration.teams) {
        if (!team.topic || team.channel.empty())
            continue;
        const auto [place, fresh] = places.try_emplace(identity(team.channel, channels), drafts.size());
        if (fresh)
            drafts.push_back({.wish = {.channel = team.channel}});
        auto& draft = drafts[place->second];
        draft.wish.teams.push_back(name);
        draft.teams.push_back({.team = name});
        for (const auto* schedule : level_one_schedules(configuration, team)) {
            if (draft.zone.empty())
                draft.zone = schedule->time_zone;
            const auto now_on = who_is_on_call(*schedule, now);
            draft.wish.until = earlier(draft.wish.until, now_on.until);
            for (const auto& person : now_on.people) {
                add_once(draft.teams.back().people, person);
                if (const auto known = people.find(person); known == people.end() || known->second.user_id.empty())
                    add_once(draft.wish.unknown, person);
            }
        }
    }
    std::vector<TopicWish> wishes;
    for (auto& [wish, teams, zone] : drafts) {
        const auto until = wish.until ? " until " + local_words(*wish.until, zone) : std::string{};
        add_once(wish.texts, topic_text(teams, people, false, until));
        add_once(wish.texts, topic_text(teams, people, false, ""));
        add_once(wish.texts, topic_text(teams, people, true, ""));
        wishes.push_back(std::move(wish));
    }
    return wishes;
}

} // namespace oncall
