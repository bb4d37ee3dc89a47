#include "oncall/silences.hpp"

#include "oncall/open_hours.hpp"
#include "oncall/time_words.hpp"
#include "oncall/wall_clock.hpp"
#include "oncall/who_may.hpp"
#include "oncall/words.hpp"
#include "oncall/working_hours.hpp"

#include <algorithm>

namespace oncall {

namespace {

using Texts = std::vector<std::string>;

constexpr int most_closings = 100;
constexpr std::size_t most_owners = 20, most_terms = 10, most_value = 200, most_said_words = 60;
constexpr std::size_t many_services = 3; // whoever silences so many by a word alone may mean fewer
constexpr std::string_view longer_than_may_be{"That is longer than 30 days, and nothing is silent for ever by accident. Choose "
                                              "an earlier end, and make it longer then. What "
                                              "is never to page is a rule's matter: `/oncall settings`."};
constexpr std::string_view severities_called[]{"critical", "error", "warning", "info"};
constexpr std::string_view weekdays_called[]{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

bool names_one(const Texts& all, const std::string& one) { return std::find(all.begin(), all.end(), one) != all.end(); }

/// `at` itself when the hours are closed then, else when they close next; nullopt: never.
std::optional<TimePoint> closes_from(const WorkingHours& times, TimePoint at)
{
    Rotation rotation;
    rotation.windows = times.windows;
    const OpenHours open{rotation};
    if (open.always())
        return std::nullopt;
    if (open.never())
        return at;
    const WallClock clock{times.time_zone};
    for (int looked = 0; looked < most_closings; ++looked) {
        const auto local = clock.reached(at);
        if (!open.at(local))
            return at;
        at = std::max(clock.instant(open.changes(local)), at + 1ms);
    }
    return std::nullopt;
}

std::string clock_words(std::chrono::minutes of_day)
{
    const auto left = of_day.count() % (24 * 60);
    const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return two(left / 60) + ":" + two(left % 60);
}

std::string_view called_day(Weekday day) { return weekdays_called[static_cast<std::size_t>(day)]; }

bool is_field_of_silence(std::string_view field)
{
    constexpr std::string_view labels{"labels."};
    return field == "title" || field == "severity" || field == "source" || field == "description"
        || (field.starts_with(labels) && field.size() > labels.size());
}

/// Blanks inside of quotes part no words; typographic quotes are quotes.
Texts words_with_quotes(std::string text)
{
    for (const std::string_view odd : {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E"})
        for (auto at = text.find(odd); at != text.npos; at = text.find(odd, at))
            text.replace(at, odd.size(), "\"");
    Texts words;
    std::string word;
    bool quoted = false, any = false;
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
            any = true;
        } else if (!quoted && (c == ' ' || c == '\t' || c == '\n' || c == ',')) {
            if ((any || !word.empty()) && words.size() < most_said_words)
                words.push_back(word);
            word.clear();
            any = false;
        } else {
            word += c;
        }
    }
    if (!word.empty() && words.size() < most_said_words)
        words.push_back(word);
    return words;
}

template <class Things> std::string name_of_thing(const Things& things, const std::string& low)
{
    for (const auto& [name, thing] : things)
        if (lower(name) == low)
            return name;
    return {};
}

Condition term_of(std::string field, Texts values, Condition::Kind kind)
{
    Condition term;
    term.kind = values.size() > 1 ? Condition::Kind::in : kind;
    term.field = std::move(field);
    if (values.size() > 1)
        term.values = std::move(values);
    else if (!values.empty())
        term.value = std::move(values.front());
    return term;
}

/// What words call a service, a team or a source; `kind`: which of these was said before it.
class NamesInWords {
public:
    NamesInWords(const Configuration& configuration, SaidSilence& said)
        : configuration_{configuration}
        , said_{said}
    {
    }

    /// Takes the names out of `words`.
    void take(Texts& words)
    {
        for (std::size_t at = 0; at < words.size();) {
            const auto kind = kind_in(words[at]);
            const auto begin = kind.empty() ? at : at + 1;
            std::size_t taken = 0;
            for (std::size_t many = std::min<std::size_t>(4, words.size() - std::min(begin, words.size()));
                 many > 0 && taken == 0; --many)
                if (is_name(lower(joined_words(words, begin, many)), kind))
                    taken = many;
            if (taken == 0) {
                ++at;
                continue;
            }
            words.erase(
                words.begin() + static_cast<std::ptrdiff_t>(at), words.begin() + static_cast<std::ptrdiff_t>(begin + taken));
        }
    }

private:
    static std::string kind_in(const std::string& word)
    {
        const auto low = lower(word);
        for (const std::string_view kind : {"service", "team", "source"})
            if (low == kind || low == std::string{kind} + "s")
                return std::string{kind};
        return {};
    }
    static std::string joined_words(const Texts& words, std::size_t from, std::size_t many)
    {
        std::string text;
        for (std::size_t i = from; i < from + many; ++i)
            text += (text.empty() ? "" : " ") + words[i];
        return text;
    }
    bool is_name(const std::string& low, const std::string& kind)
    {
        const auto any = kind.empty();
        const auto service = any || kind == "service" ? name_of_thing(configuration_.services, low) : "";
        const auto team = any || kind == "team" ? name_of_thing(configuration_.teams, low) : "";
        const auto source = any || kind == "source" ? name_of_thing(configuration_.sources, low) : "";
        if (!service.empty() && !team.empty()) {
            said_.trouble = "“" + low + "” is a service and a team. Write `service=" + service + "` or `team=" + team + "`.";
            return true;
        }
        if (!service.empty())
            said_.silence.services.push_back(service);
        else if (!team.empty())
            said_.silence.teams.push_back(team);
        else if (!source.empty())
            said_.silence.when.parts.push_back(term_of("source", {source}, Condition::Kind::is));
        else if (any && std::find(std::begin(severities_called), std::end(severities_called), low) != std::end(severities_called))
            said_.silence.when.parts.push_back(term_of("severity", {low}, Condition::Kind::is));
        else
            return false;
        return true;
    }

    const Configuration& configuration_;
    SaidSilence& said_;
};

/// "service=checkout", "team=payments": by their own names where these are known.
bool take_owner(const std::string& word, const Configuration& configuration, Silence& silence)
{
    const auto equals = word.find('=');
    const auto field = lower(word.substr(0, std::min(equals, word.size())));
    if (equals == word.npos || (field != "service" && field != "team"))
        return false;
    const auto value = word.substr(equals + 1);
    const auto known =
        field == "team" ? name_of_thing(configuration.teams, lower(value)) : name_of_thing(configuration.services, lower(value));
    (field == "team" ? silence.teams : silence.services).push_back(known.empty() ? value : known);
    return true;
}

bool is_filler(const std::string& low)
{
    for (const std::string_view word : {"for", "the", "service", "services", "team", "source", "alerts", "alert", "of", "on",
             "and", "please", "pages", "with", "all", "from"})
        if (low == word)
            return true;
    return false;
}

/// "ledger warning error": several severities are either, as several services are.
void join_severities(std::vector<Condition>& terms)
{
    const auto is_one = [](const Condition& term) { return term.field == "severity" && term.kind == Condition::Kind::is; };
    Texts said;
    for (const auto& term : terms)
        if (is_one(term) && !names_one(said, term.value))
            said.push_back(term.value);
    if (said.empty())
        return;
    std::erase_if(terms, is_one);
    terms.push_back(term_of("severity", std::move(said), Condition::Kind::is));
}

/// What it is to be: nullopt where it may be several things at once.
std::optional<Texts> wanted_of(const Condition& term)
{
    return term.kind == Condition::Kind::is ? std::optional{Texts{term.value}}
        : term.kind == Condition::Kind::in  ? std::optional{term.values}
                                            : std::nullopt;
}

/// A field that is to be two things at once, which no alert is; empty: none.
std::string at_odds(const std::vector<Condition>& terms)
{
    for (auto one = terms.begin(); one != terms.end(); ++one)
        for (auto other = std::next(one); other != terms.end(); ++other) {
            const auto its = wanted_of(*one), wanted = wanted_of(*other);
            if (its && wanted && one->field == other->field
                && std::none_of(its->begin(), its->end(), [&](const std::string& value) { return names_one(*wanted, value); }))
                return one->field;
        }
    return {};
}

std::size_t letters_of(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Takes what stands behind "because" out of the words.
std::string reason_taken(Texts& words)
{
    std::string reason;
    for (std::size_t at = 0; at < words.size(); ++at)
        if (lower(words[at]) == "because") {
            for (auto more = at + 1; more < words.size(); ++more)
                reason += (reason.empty() ? "" : " ") + words[more];
            words.resize(at);
        }
    return reason;
}

/// Empty: it does.
std::string wrong_with_reason(const std::string& reason)
{
    if (trimmed(reason).empty())
        return "Say why: `because …`. Whoever wonders at 3 a.m. why nobody is paged reads it.";
    return letters_of(reason) > most_value ? "A reason may be 200 letters long." : ""; // it stands on each card
}

Texts teams_about(const Configuration& configuration, const Silence& silence)
{
    auto teams = silence.teams;
    for (const auto& name : silence.services)
        if (const auto service = configuration.services.find(name); service != configuration.services.end())
            if (!service->second.team.empty() && !names_one(teams, service->second.team))
                teams.push_back(service->second.team);
    std::erase_if(teams, [&](const std::string& name) { return !configuration.teams.contains(name); });
    return teams;
}

Texts responders_of(const Team& team)
{
    auto people = team.members;
    people.insert(people.end(), team.managers.begin(), team.managers.end());
    people.insert(people.end(), team.permanent_members.begin(), team.permanent_members.end());
    return people;
}

} // namespace

std::string_view called(const Silence& silence) { return silence.kind == Hold::Kind::maintenance ? "maintenance" : "silence"; }

bool meets_everything(const Silence& silence)
{
    return silence.services.empty() && silence.teams.empty() && silence.when.parts.empty();
}

bool comes_back(const Silence& silence) { return !silence.repeats.windows.empty(); }

bool meets(const Silence& silence, const AlertFields& fields, const std::string& team)
{
    if (!silence.services.empty() && !names_one(silence.services, fields.service))
        return false;
    if (!silence.teams.empty() && !names_one(silence.teams, team))
        return false;
    return std::all_of(
        silence.when.parts.begin(), silence.when.parts.end(), [&](const Condition& part) { return matches(part, fields); });
}

std::optional<TimePoint> holds_until(const Silence& silence, TimePoint at)
{
    if (silence.ended_at != TimePoint{} || at < silence.from || at >= silence.to)
        return std::nullopt;
    if (!comes_back(silence))
        return silence.to;
    if (!works_at(silence.repeats, at))
        return std::nullopt;
    return std::min(silence.to, closes_from(silence.repeats, at).value_or(silence.to));
}

std::optional<TimePoint> holds_from(const Silence& silence, TimePoint at)
{
    if (silence.ended_at != TimePoint{})
        return std::nullopt;
    const auto from = std::max(at, silence.from);
    const auto begins = comes_back(silence) ? works_from(silence.repeats, from) : std::optional{from};
    return begins && *begins < silence.to ? begins : std::nullopt;
}

std::optional<TimePoint> next_change(const Silence& silence, TimePoint at)
{
    if (const auto until = holds_until(silence, at))
        return until;
    return holds_from(silence, at);
}

std::vector<std::pair<TimePoint, TimePoint>> occurrences(const Silence& silence, TimePoint from, TimePoint to, std::size_t most)
{
    std::vector<std::pair<TimePoint, TimePoint>> found;
    for (auto begins = holds_from(silence, from); begins && *begins < to && found.size() < most;) {
        const auto until = holds_until(silence, *begins);
        if (!until)
            break;
        found.emplace_back(*begins, *until);
        begins = holds_from(silence, *until);
    }
    return found;
}

RecurringHours recurrence_of(std::string_view how, TimePoint from, TimePoint to, const std::string& zone)
{
    RecurringHours made;
    if (how.empty())
        return made;
    if (!is_time_zone(zone)) {
        made.trouble = "“" + zone + "” is no time zone. Write it as `Europe/Berlin`.";
        return made;
    }
    const auto begin = to_local(from, zone), end = to_local(to, zone);
    const auto length = end - begin;
    if (length <= 0ms) {
        made.trouble = "The clocks are set back in its first time, so it would end before it begins. Choose another first time.";
        return made;
    }
    const auto longest = how == "weekly" ? std::chrono::days{6} : std::chrono::days{1};
    if (length >= longest) {
        made.trouble = how == "weekly" ? "A window that comes back each week is shorter than six days."
                                       : "A window that comes back each day is shorter than a day.";
        return made;
    }
    const auto minute = [](LocalTime at) {
        return std::chrono::floor<std::chrono::minutes>(at - std::chrono::floor<std::chrono::days>(at));
    };
    const auto weekday = [](LocalTime at) {
        const std::chrono::weekday of{std::chrono::floor<std::chrono::days>(at)};
        return static_cast<Weekday>(of.iso_encoding() - 1);
    };
    Window window;
    window.from = minute(begin);
    window.to = minute(end);
    if (how == "weekdays") {
        window.days = {Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu, Weekday::fri};
        if (weekday(begin) > Weekday::fri)
            made.trouble = "Its first time is on a weekend, and it is to come back from Monday to Friday. Choose a weekday.";
    } else if (how == "weekly" && length >= std::chrono::days{1}) {
        window.from_day = weekday(begin);
        window.to_day = weekday(end);
    } else if (how == "weekly") {
        window.days = {weekday(begin)};
    } else {
        for (int one = 0; one < 7; ++one)
            window.days.push_back(static_cast<Weekday>(one));
    }
    made.hours.time_zone = zone;
    made.hours.windows = {window};
    return made;
}

std::string recurrence_in(const Silence& silence)
{
    if (!comes_back(silence))
        return {};
    const auto& days = silence.repeats.windows.front().days;
    return days.size() == 7 ? "daily" : days.size() == 5 ? "weekdays" : "weekly";
}

std::string words_of_match(const Silence& silence)
{
    if (meets_everything(silence))
        return "everything";
    Texts parts;
    if (!silence.services.empty())
        parts.push_back((silence.services.size() == 1 ? "service " : "services ") + listed(silence.services));
    if (!silence.teams.empty())
        parts.push_back((silence.teams.size() == 1 ? "team " : "teams ") + listed(silence.teams));
    for (const auto& term : silence.when.parts)
        parts.push_back(term.kind == Condition::Kind::contains ? term.field + " with “" + term.value + "”"
                : term.kind == Condition::Kind::in             ? term.field + " " + listed(term.values, " or ")
                                                               : term.field + " " + term.value);
    std::string text;
    for (const auto& part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string words_of_recurrence(const Silence& silence)
{
    if (!comes_back(silence))
        return {};
    const auto& window = silence.repeats.windows.front();
    const auto zone = " (" + silence.repeats.time_zone + ")";
    if (window.from_day && window.to_day)
        return "every " + std::string{called_day(*window.from_day)} + " " + clock_words(window.from) + " to "
            + std::string{called_day(*window.to_day)} + " " + clock_words(window.to) + zone;
    const auto times = clock_words(window.from) + "–" + clock_words(window.to);
    if (window.days.size() == 7)
        return "every day " + times + zone;
    if (window.days.size() == 5)
        return "Monday to Friday " + times + zone;
    return "every " + std::string{called_day(window.days.empty() ? Weekday::mon : window.days.front())} + " " + times + zone;
}

std::vector<std::string> gone_from(const Silence& silence, const Configuration& configuration)
{
    Texts gone;
    for (const auto& name : silence.services)
        if (!configuration.services.contains(name))
            gone.push_back("service " + name);
    for (const auto& name : silence.teams)
        if (!configuration.teams.contains(name))
            gone.push_back("team " + name);
    return gone;
}

std::optional<Condition> term_in(std::string_view text)
{
    const auto at = text.find_first_of("=~");
    if (at == text.npos || at == 0)
        return std::nullopt;
    auto field = trimmed(text.substr(0, at));
    auto value = trimmed(text.substr(at + 1));
    if (value.size() > 1 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    // The names of labels are as their source writes them.
    const auto low = lower(field);
    if (low.starts_with("label.") || low.starts_with("labels."))
        field = "labels." + field.substr(field.find('.') + 1);
    else
        field = low;
    if (!is_field_of_silence(field) || value.empty())
        return std::nullopt;
    if (field == "severity")
        value = lower(value);
    return term_of(field, {value}, text[at] == '~' ? Condition::Kind::contains : Condition::Kind::is);
}

std::string term_out(const Condition& term)
{
    return term.field + (term.kind == Condition::Kind::contains ? "~" : "=") + term.value;
}

SaidSilence silence_said(const std::string& text, const Configuration& configuration, const std::string& zone, TimePoint now)
{
    SaidSilence said;
    auto words = words_with_quotes(text);
    said.silence.reason = reason_taken(words);
    Texts others;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (lower(words[at]) == "title" && at + 2 < words.size() && lower(words[at + 1]) == "contains") {
            said.silence.when.parts.push_back(term_of("title", {words[at + 2]}, Condition::Kind::contains));
            at += 2;
        } else if (take_owner(words[at], configuration, said.silence)) {
            continue;
        } else if (auto term = term_in(words[at])) {
            said.silence.when.parts.push_back(std::move(*term));
        } else {
            others.push_back(words[at]);
        }
    }
    NamesInWords{configuration, said}.take(others);
    join_severities(said.silence.when.parts);
    const auto time = time_said(others, zone, now);
    if (time.span) {
        said.silence.from = time.span->from;
        said.silence.to = time.span->to;
    }
    if (!said.trouble.empty())
        return said;
    said.trouble = time.trouble;
    std::string unknown;
    for (const auto& word : time.rest)
        if (const auto low = lower(word); low == "everything" || low == "everybody")
            said.trouble = "Nothing silences everything. Name a service, a team or a label, as in `/oncall silence checkout 2h "
                           "because deploy`; for all of it there is `/oncall maintenance`.";
        else if (!is_filler(low))
            unknown += (unknown.empty() ? "" : " ") + word;
    if (said.trouble.empty() && !unknown.empty())
        said.trouble = "I know no service, team or source “" + unknown
            + "”. Write it as `/oncall silence checkout 2h because deploy`, or with a condition: `labels.cluster=eu-1`, "
              "`title~\"disk full\"`.";
    return said;
}

SaidPause pause_said(const std::string& text, const std::vector<std::string>& names, const std::string& zone, TimePoint now)
{
    SaidPause said;
    const auto low = lower(text);
    for (const auto& name : names) // which may have blanks, and words of time
        if (name.size() > said.name.size() && low.starts_with(lower(name))
            && (low.size() == name.size() || low[name.size()] == ' '))
            said.name = name;
    auto words = words_with_quotes(text.substr(said.name.size()));
    said.reason = reason_taken(words);
    const auto time = time_said(words, zone, now);
    std::string unknown;
    for (const auto& word : time.rest)
        if (said.name.empty() || !is_filler(lower(word)))
            unknown += (unknown.empty() ? "" : " ") + word;
    if (said.name.empty()) {
        said.name = unknown.empty() ? text : unknown;
        const auto is_it = [&](const std::string& name) { return lower(name) == lower(said.name); };
        if (std::none_of(names.begin(), names.end(), is_it))
            return said;
        unknown.clear(); // it stands in quotes, or behind its time
    }
    said.until = time.span ? time.span->to : now + usual_pause;
    if (!unknown.empty() || time.next_shift)
        said.trouble = "I can't read " + (unknown.empty() ? "that" : "“" + unknown + "”") + ". Write `pause " + said.name
            + " 3d because …` or `until friday 18:00 because …`, at most 30 days.";
    else if (!time.trouble.empty())
        said.trouble = time.trouble;
    else if (time.span && time.span->from > now)
        said.trouble = "A pause begins now. Write how long, as `3d`, or its end, as `until friday 18:00`.";
    else if (said.until - now > longest_silence)
        said.trouble = longer_than_may_be;
    else if (time.span || !said.reason.empty())
        said.trouble = wrong_with_reason(said.reason);
    return said;
}

std::optional<SilenceProblem> problem_of(const Silence& silence, const Configuration& configuration, TimePoint now)
{
    const bool planned = silence.kind == Hold::Kind::maintenance;
    if (!planned && meets_everything(silence))
        return SilenceProblem{SilencePart::match,
            "That would silence everything. Name a service, a team, a severity or a label; for all of it there is `/oncall "
            "maintenance`."};
    if (silence.services.size() > most_owners || silence.teams.size() > most_owners || silence.when.parts.size() > most_terms)
        return SilenceProblem{
            SilencePart::match, "That is too much for one: at most 20 services, 20 teams and 10 conditions. Make several."};
    for (const auto& term : silence.when.parts)
        if (letters_of(term.value) > most_value)
            return SilenceProblem{SilencePart::match, "A condition may be 200 letters long."};
    if (const auto field = at_odds(silence.when.parts); !field.empty())
        return SilenceProblem{
            SilencePart::match, "That would meet nothing: no alert has two of " + field + ". Make a silence for each."};
    if (const auto gone = gone_from(silence, configuration); !gone.empty())
        return SilenceProblem{SilencePart::match, "There is no " + gone.front() + ". `/oncall settings` lists what there is."};
    if (silence.to == TimePoint{})
        return SilenceProblem{
            SilencePart::to, "Until when? Nothing is silent for ever: write `2h` or `until 18:00`, at most 30 days."};
    if (silence.from > now + longest_recurrence)
        return SilenceProblem{SilencePart::from, "That is more than a year ahead. Plan it when it is nearer."};
    if (silence.to <= silence.from)
        return SilenceProblem{SilencePart::to, "Choose an end after the beginning."};
    if (silence.to <= now)
        return SilenceProblem{SilencePart::to, "That is over already. Choose an end that is still to come."};
    if (!comes_back(silence) && silence.to - silence.from > longest_silence)
        return SilenceProblem{SilencePart::to, std::string{longer_than_may_be}};
    if (comes_back(silence) && silence.to - silence.from > longest_recurrence)
        return SilenceProblem{SilencePart::repeats, "It may come back for a year. Choose an earlier end, and plan it anew then."};
    if (comes_back(silence) && (!is_said(silence.repeats) || !ever_rests(silence.repeats)))
        return SilenceProblem{SilencePart::repeats, "That would hold without a pause. Choose times with an end."};
    if (comes_back(silence) && !holds_from(silence, now))
        return SilenceProblem{SilencePart::repeats, "It would never hold in that time. Choose a later end."};
    if (const auto wrong = wrong_with_reason(silence.reason); !wrong.empty())
        return SilenceProblem{SilencePart::reason, wrong};
    return std::nullopt;
}

std::vector<std::string> grave(const Silence& silence, const Configuration& configuration, const std::set<std::string>& met)
{
    const auto first_tier = [&](const std::string& name) {
        const auto found = configuration.services.find(name);
        return found != configuration.services.end() && found->second.tier == 1;
    };
    Texts why, services;
    for (const auto& [name, service] : configuration.services)
        if (first_tier(name)
            && (names_one(silence.services, name) || (silence.services.empty() && names_one(silence.teams, service.team))
                || met.contains(name)))
            services.push_back(name);
    if (meets_everything(silence))
        why.push_back("It holds back every page of everybody.");
    if (!services.empty()) {
        const auto more = services.size() > 3 ? services.size() - 3 : 0;
        services.resize(services.size() - more);
        why.push_back("It holds back pages of tier 1: " + listed(services)
            + (more == 0 ? "" : " and " + std::to_string(more) + " more") + ".");
    }
    const auto many = met.size() - met.count({});
    if (silence.services.empty() && silence.teams.empty() && !silence.when.parts.empty() && many >= many_services)
        why.push_back(
            "It names neither a service nor a team, and would have held back pages of " + std::to_string(many) + " services.");
    for (const auto& term : silence.when.parts)
        if (term.field == "severity" && (term.value == "critical" || names_one(term.values, "critical")))
            why.push_back("It holds back what is critical.");
    return why;
}

void permit_silence(const Configuration& configuration, const Silence& silence, const Asker& asker,
    const std::vector<std::string>& admins, const Known& known)
{
    permit(Deed::silence, asker.kind, asker.stranger);
    const auto is_asker = [&](const std::string& person) {
        const auto found = known.find(person);
        return (found == known.end() ? person : found->second) == asker.id || (!asker.email.empty() && person == asker.email);
    };
    const auto has_asker = [&](const Texts& people) { return std::any_of(people.begin(), people.end(), is_asker); };
    if (has_asker(admins))
        return;
    const auto refuse = [&](const std::string& whose, Texts people) {
        people.insert(people.end(), admins.begin(), admins.end());
        Texts ask;
        for (const auto& person : people) {
            const auto found = known.find(person);
            const auto& id = found == known.end() ? person : found->second;
            if (id.find('@') == id.npos && ask.size() < most_to_ask && !names_one(ask, mention(id)))
                ask.push_back(mention(id));
        }
        throw Refusal{"Only " + whose + " can hold back these pages." + (ask.empty() ? "" : " Ask " + listed(ask, " or ") + ".")};
    };
    const auto teams = teams_about(configuration, silence);
    if (teams.empty()) {
        if (silence.kind == Hold::Kind::maintenance && meets_everything(silence) && !admins.empty())
            refuse("administrators", {});
        Texts all;
        for (const auto& [name, team] : configuration.teams)
            for (auto& person : responders_of(team))
                all.push_back(std::move(person));
        if (!all.empty() && !has_asker(all))
            refuse("the members of a team", all);
        return;
    }
    for (const auto& name : teams) {
        auto people = responders_of(configuration.teams.at(name));
        if (!people.empty() && !has_asker(people))
            refuse("members of team " + name + " and administrators", std::move(people));
    }
}

TimePoint next_digest(const Configuration& configuration, TimePoint now)
{
    std::map<std::string, int> zones;
    for (const auto& [name, schedule] : configuration.schedules)
        if (is_time_zone(schedule.time_zone))
            ++zones[schedule.time_zone];
    const auto most = std::max_element(
        zones.begin(), zones.end(), [](const auto& one, const auto& other) { return one.second < other.second; });
    const auto zone = most == zones.end() ? std::string{"UTC"} : most->first;
    for (auto day = std::chrono::floor<std::chrono::days>(to_local(now, zone));; day += std::chrono::days{1})
        if (const auto at = to_instant(day + std::chrono::hours{9}, zone); at > now)
            return at;
}

std::vector<std::string> channels_of(
    const Silence& silence, const Configuration& configuration, const std::string& fallback_channel)
{
    Texts channels;
    for (const auto& name : teams_about(configuration, silence))
        if (const auto& channel = channel_told(configuration.teams.at(name), fallback_channel);
            !channel.empty() && !names_one(channels, channel))
            channels.push_back(channel);
    if (channels.empty() && !fallback_channel.empty())
        channels.push_back(fallback_channel);
    return channels;
}

std::vector<std::string> channels_of(
    const Heartbeat& heartbeat, const Configuration& configuration, const std::string& fallback_channel)
{
    const auto source = configuration.sources.find(heartbeat.source);
    const bool has_source = source != configuration.sources.end();
    Silence about;
    about.services = {heartbeat.service.empty() && has_source ? source->second.service : heartbeat.service};
    about.teams = {heartbeat.owner_team};
    if (has_source && teams_about(configuration, about).empty())
        about.teams = {source->second.team};
    return channels_of(about, configuration, fallback_channel);
}

} // namespace oncall
