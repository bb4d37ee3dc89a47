#include "handlers/rotation_form.hpp"

#include "blocks/schedule_form.hpp"
#include "config/times.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/hours_field.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace fields;
using namespace std::chrono_literals;
using blocks::Part;
using blocks::Values;
using oncall::Refusal;
using oncall::Rotation;
using oncall::Turn;
namespace kit = blocks::kit;

namespace {

constexpr std::size_t most_turns_in_words = 12;
constexpr std::size_t most_rotation_word = 80;
constexpr std::string_view of_rotation{"rotation."};
const std::string time_of_a_turn{"Write it as 2026-11-02 09:00, on the wall clock of the rotation."};

std::string in_rotation(std::string_view field) { return std::string{of_rotation} + std::string{field}; }

std::string zone_of_rotation(const Rotation& rotation, const std::string& schedule_zone)
{
    return rotation.time_zone.empty() ? schedule_zone : rotation.time_zone;
}

/// A menu of people holds each once, and none together.
bool fits_a_menu(const std::vector<Turn>& turns)
{
    std::vector<std::string> seen;
    for (const auto& turn : turns) {
        if (turn.size() != 1 || contains(seen, turn.front()))
            return false;
        seen.push_back(turn.front());
    }
    return true;
}

bool fits_a_menu(const Rotation& rotation, const Naming& naming)
{
    if (!fits_a_menu(rotation.turns))
        return false;
    std::vector<std::string> ids; // two names may be one person
    for (const auto& turn : rotation.turns)
        if (const auto id = naming.ids.find(turn.front()); id != naming.ids.end()) {
            if (contains(ids, id->second))
                return false;
            ids.push_back(id->second);
        }
    return true;
}

/// Whether the form was shown with one: what is known of people may have changed since.
bool had_a_menu(const Values& values) { return values.contains(std::string{rotation_people} + std::string{not_in_slack}); }

Texts people_of_turns(const std::vector<Turn>& turns)
{
    Texts people;
    for (const auto& turn : turns)
        people.insert(people.end(), turn.begin(), turn.end());
    return people;
}

/// Those chosen, in their order and in the words that the configuration has for them; whom Slack did not know when the form was
/// shown keeps her place, also when it knows her by now.
std::vector<Turn> turns_in(const Values& values, const std::vector<Turn>& before, const Naming& naming)
{
    const std::string field{rotation_people};
    const auto ids = texts_in(values, field), unknown = texts_in(values, field + std::string{not_in_slack});
    const auto id_of_turn = [&](const Turn& turn) {
        const auto found = naming.ids.find(turn.front());
        return found == naming.ids.end() ? std::string{} : found->second;
    };
    std::vector<Turn> turns;
    for (const auto& id : ids) {
        const auto is_hers = [&](const Turn& turn) { return id_of_turn(turn) == id; };
        auto had = std::find_if(
            before.begin(), before.end(), [&](const Turn& turn) { return is_hers(turn) && !contains(unknown, turn.front()); });
        if (had == before.end()) // found since, and chosen as well
            had = std::find_if(before.begin(), before.end(), is_hers);
        const auto named = naming.references.find(id);
        turns.push_back(had != before.end() ? *had : Turn{named == naming.references.end() ? id : named->second});
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto& person = before[i].front();
        const bool keeps = contains(unknown, person) || (id_of_turn(before[i]).empty() && !fits_value(person));
        if (keeps && std::find(turns.begin(), turns.end(), before[i]) == turns.end())
            turns.insert(turns.begin() + static_cast<std::ptrdiff_t>(std::min(i, turns.size())), before[i]);
    }
    return turns;
}

std::string start_out(oncall::LocalTime start)
{
    auto text = config::time_out(start);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

std::string days_out(const std::vector<oncall::Weekday>& days)
{
    oncall::Window window;
    window.days = days;
    window.to = 24h;
    return days.empty() ? "" : hours_out({window});
}

std::optional<std::vector<oncall::Weekday>> rotation_days_in(const std::string& text)
{
    const auto windows = hours_in(text);
    if (!windows || windows->size() > 1)
        return std::nullopt;
    if (windows->empty())
        return std::vector<oncall::Weekday>{};
    auto window = windows->front();
    if (window.from_day || window.from != 0min || window.to != 24h)
        return std::nullopt;
    std::sort(window.days.begin(), window.days.end());
    window.days.erase(std::unique(window.days.begin(), window.days.end()), window.days.end());
    return window.days;
}

std::string lengths_out(const std::vector<int>& lengths)
{
    std::string text;
    for (const int one : lengths)
        text += (text.empty() ? "" : ", ") + std::to_string(one);
    return text;
}

std::optional<std::vector<int>> lengths_in(const std::string& text)
{
    std::vector<int> lengths;
    for (const auto& word : split(text)) {
        int one{};
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), one);
        if (error != std::errc{} || end != word.data() + word.size() || one < 1 || one > 1'000)
            return std::nullopt;
        lengths.push_back(one);
    }
    return lengths.empty() ? std::nullopt : std::optional{lengths};
}

std::vector<blocks::Choice> day_choices()
{
    constexpr std::pair<const char*, const char*> days[]{{"Monday", "mon"}, {"Tuesday", "tue"}, {"Wednesday", "wed"},
        {"Thursday", "thu"}, {"Friday", "fri"}, {"Saturday", "sat"}, {"Sunday", "sun"}};
    std::vector<blocks::Choice> choices{{"the day of the first turn", std::string{blocks::nothing}, ""}};
    for (const auto& [label, day] : days)
        choices.push_back({label, option(day), ""});
    return choices;
}

kit::Mrkdwn who_in_turn(const Turn& turn, const Naming& naming)
{
    std::vector<kit::Mrkdwn> together;
    for (const auto& person : turn) {
        const auto known = naming.ids.find(person);
        const auto id = known == naming.ids.end() ? person : known->second;
        together.push_back(id.find('@') == id.npos ? kit::name(id, naming.names)
                                                   : kit::one_line(id, most_rotation_word) + " (not found in Slack)");
    }
    return together.empty() ? kit::Mrkdwn{"nobody"} : kit::joined(together, " & ");
}

kit::Mrkdwn turns_in_words(const std::vector<Turn>& turns, const Naming& naming)
{
    std::vector<kit::Mrkdwn> shown;
    for (const auto& turn : turns) {
        if (shown.size() == most_turns_in_words) {
            shown.push_back("… (" + kit::number(static_cast<std::int64_t>(turns.size())) + " in all)");
            break;
        }
        shown.push_back(who_in_turn(turn, naming));
    }
    return kit::joined(shown, " → ");
}

void read_hours_of(Rotation& rotation, const Values& values, std::map<std::string, std::string>& errors)
{
    // As they stand in the file, unless they were changed here.
    if (const auto text = text_in(values, in_rotation("hours")); text != hours_out(rotation.windows)) {
        auto windows = hours_in(text);
        if (!windows)
            errors[in_rotation("hours")] =
                "I can't read that. Write a line each, as Mon to Fri, 18:00 to 08:00, or Fri 18:00 to Mon 08:00.";
        rotation.windows = std::move(windows).value_or(std::vector<oncall::Window>{});
    }
    if (const auto text = text_in(values, in_rotation("days")); text != days_out(rotation.days)) {
        auto days = rotation_days_in(text);
        if (!days)
            errors[in_rotation("days")] = "I can't read that. Write it as Mon to Fri, or Mon, Wed, Sat.";
        rotation.days = std::move(days).value_or(std::vector<oncall::Weekday>{});
    }
}

} // namespace

Rotation newest_of(const Rotation& rotation)
{
    if (rotation.versions.empty())
        return rotation;
    auto newest = rotation.versions.back();
    newest.name = rotation.name;
    newest.from = {};
    newest.holidays = rotation.holidays;
    newest.on_holidays = rotation.on_holidays;
    newest.others = rotation.others;
    newest.other_rotation = rotation.other_rotation;
    return newest;
}

std::optional<oncall::TimePoint> newest_since(const Rotation& rotation, const std::string& schedule_zone)
{
    if (rotation.versions.empty())
        return std::nullopt;
    const auto& last = rotation.versions.back();
    return oncall::to_instant(last.from, zone_of_rotation(last, schedule_zone));
}

bool has_ended(const Rotation& rotation, const std::string& schedule_zone, oncall::TimePoint now)
{
    const auto newest = newest_of(rotation);
    return newest.end && oncall::to_instant(*newest.end, zone_of_rotation(newest, schedule_zone)) <= now;
}

Rotation rotation_to_begin_with(const std::string& schedule_zone, oncall::TimePoint now)
{
    const auto local = oncall::to_local(now, schedule_zone);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto since_monday = std::chrono::weekday{day} - std::chrono::Monday;
    Rotation rotation;
    rotation.start = oncall::LocalTime{(day - since_monday).time_since_epoch()} + 9h;
    if (rotation.start > local)
        rotation.start -= std::chrono::hours{7 * 24};
    return rotation;
}

void put_rotation(Values& values, const Rotation& rotation, const Naming& naming)
{
    if (!rotation.ics.empty())
        throw Refusal{
            "Rotation " + rotation.name + " is read from a calendar: its shifts are changed there. Its address is in the YAML."};
    values[in_rotation("name")] = {rotation.name};
    if (fits_a_menu(rotation, naming))
        put_people(values, std::string{rotation_people}, people_of_turns(rotation.turns), naming);
    values[in_rotation("unit")] = {option(config::unit_out(rotation.unit))};
    values[in_rotation("length")] = {lengths_out(rotation.lengths)};
    values[in_rotation("start")] = {start_out(rotation.start)};
    values[in_rotation("handoff_day")] = {option(rotation.handoff_day ? config::weekday_out(*rotation.handoff_day) : "")};
    values[in_rotation("days")] = {days_out(rotation.days)};
    values[in_rotation("hours")] = {hours_out(rotation.windows)};
    values[in_rotation("zone")] = {rotation.time_zone};
    values[in_rotation("priority")] = {number_out(rotation.priority)};
    for (const auto& [field, texts] : values)
        for (const auto& one : texts)
            if (field.starts_with(of_rotation) && one.size() > 3'000)
                throw Refusal{"Rotation " + rotation.name
                    + " is too long for a form: Slack takes 3,000 characters in a field. "
                      "Change it as YAML."};
}

void forget_rotation(Values& values)
{
    std::erase_if(values, [](const auto& entry) { return entry.first.starts_with(of_rotation); });
}

void read_rotation(Rotation& rotation, const Values& values, const std::string& schedule_zone, const Naming& naming,
    oncall::TimePoint now, std::map<std::string, std::string>& errors)
{
    const auto was = rotation;
    if (const auto name = text_in(values, in_rotation("name")); name != oncall::trimmed(was.name))
        rotation.name = name;
    if (rotation.name.empty())
        errors[in_rotation("name")] = "Give it a name.";
    if (fits_a_menu(rotation.turns) && had_a_menu(values)) {
        rotation.turns = turns_in(values, was.turns, naming);
        if (rotation.turns.empty())
            errors[std::string{rotation_people}] = "Nobody is in it: choose somebody.";
    }
    rotation.unit = config::unit_in(option_in(values, in_rotation("unit"))).value_or(oncall::Unit::week);
    if (auto lengths = lengths_in(text_in(values, in_rotation("length"))))
        rotation.lengths = std::move(*lengths);
    else
        errors[in_rotation("length")] = "Write a number from 1 to 1000, or several that are used in turn, as 5, 2.";
    if (const auto text = text_in(values, in_rotation("start")); text != start_out(was.start)) {
        const auto start = config::time_in(text);
        if (start && !start->offset)
            rotation.start = start->local;
        else
            errors[in_rotation("start")] = "That is no date and time. " + time_of_a_turn;
    }
    const auto day = option_in(values, in_rotation("handoff_day"));
    rotation.handoff_day = day.empty() ? std::nullopt : config::weekday_in(day);
    read_hours_of(rotation, values, errors);
    rotation.time_zone = text_in(values, in_rotation("zone"));
    rotation.priority = number_in(values, in_rotation("priority"));
    const auto zone = zone_of_rotation(rotation, schedule_zone);
    if (!oncall::is_time_zone(zone)) {
        errors[in_rotation("zone")] = "There is no time zone of that name. Write it as Europe/Berlin or UTC.";
        return;
    }
    // What begins with its first turn goes on doing so; a new one whose first turn is to come does not run before that.
    const bool is_to_come = was.turns.empty() && oncall::to_instant(rotation.start, zone) > now;
    if (is_to_come || (was.begin && *was.begin == was.start))
        rotation.begin = rotation.start;
}

std::vector<Part> rotation_parts(
    const std::string& schedule, const Rotation& before, const std::string& schedule_zone, const Naming& naming)
{
    std::vector<Part> parts;
    parts.push_back(
        blocks::Heading{(before.name.empty() ? kit::Mrkdwn{"A new rotation"}
                                             : "Rotation " + kit::bold(kit::one_line(before.name, most_rotation_word)))
                + " of schedule " + kit::bold(schedule.empty() ? kit::Mrkdwn{"(new)"} : kit::one_line(schedule, 80)),
            {}, {}});
    auto name = text(in_rotation("name"), "Name", "", "weekly");
    name.required = true;
    name.most = 80;
    parts.push_back(name);
    if (fits_a_menu(before, naming))
        add_people(parts, std::string{rotation_people}, "People", "In the order in which they take turns.",
            people_of_turns(before.turns), naming);
    else
        parts.push_back(blocks::Heading{"In turn: " + turns_in_words(before.turns, naming)
                + "\nThey stay as they are: turns of several people, of nobody, or of somebody twice are changed as YAML.",
            {}, {}});
    auto unit = one(in_rotation("unit"), "Turns are counted in", "",
        {{"weeks", "=week", ""}, {"days", "=day", ""}, {"hours", "=hour", ""}, {"months", "=month", ""}});
    unit.required = true;
    parts.push_back(unit);
    auto length = text(in_rotation("length"), "How many of them a turn lasts", "Several are used in turn: 5, 2.", "1");
    length.required = true;
    parts.push_back(length);
    auto start = text(in_rotation("start"), "First turn begins",
        "On the wall clock of the rotation. Later handoffs are at that time of day, and of weeks on that day.",
        "2026-11-02 09:00");
    start.required = true;
    parts.push_back(start);
    parts.push_back(one(in_rotation("handoff_day"), "Weeks begin on", "Of weeks alone: when others take over.", day_choices()));
    parts.push_back(text(in_rotation("days"), "Days", "On which it is on duty. Empty: every day.", "Mon to Fri"));
    parts.push_back(lines(in_rotation("hours"), "Hours", "When it is on duty on these days. One stretch a line. Empty: always.",
        "Mon to Thu, 18:00 to 08:00\nFri 18:00 to Mon 08:00"));
    parts.push_back(text(in_rotation("zone"), "Time zone", "Empty: the schedule's, " + schedule_zone + ".", "Europe/Berlin"));
    parts.push_back(number(in_rotation("priority"), "Priority",
        "Where rotations overlap, the higher is on call; equal ones are on call together. Empty: 0.", -1'000, 1'000));
    parts.push_back(std::vector<blocks::Press>{{"Back without these changes", blocks::action::schedule_back, "", false, {}}});
    return parts;
}

std::string rotation_field(const std::string& rest)
{
    const auto key = rest.substr(0, rest.find_first_of(".["));
    if (key == "users")
        return std::string{rotation_people};
    if (key == "windows")
        return in_rotation("hours");
    if (key == "time_zone")
        return in_rotation("zone");
    for (const char* same : {"name", "unit", "length", "start", "handoff_day", "days", "priority"})
        if (key == same)
            return in_rotation(same);
    return in_rotation("name");
}

kit::Mrkdwn rotation_words(const Rotation& rotation, const std::string& schedule_zone, const Naming& naming)
{
    const auto newest = newest_of(rotation);
    const auto head = kit::bold(kit::one_line(newest.name, most_rotation_word));
    if (!newest.ics.empty())
        return head + " · read from a calendar";
    const auto unit = config::unit_out(newest.unit);
    const auto lasts =
        newest.lengths == std::vector{1} ? "a " + unit + " each" : lengths_out(newest.lengths) + " " + unit + "s each";
    auto words = head + " · " + kit::escape(lasts) + ", from " + kit::escape(start_out(newest.start));
    if (newest.handoff_day)
        words += ", weeks from " + kit::escape(config::weekday_out(*newest.handoff_day));
    words += "\n" + turns_in_words(newest.turns, naming);
    const auto hours = hours_out(newest.windows);
    std::vector<kit::Mrkdwn> more{kit::one_line(days_out(newest.days), 60), kit::one_line(hours, 200)};
    if (newest.priority != 0)
        more.push_back("priority " + kit::number(newest.priority));
    if (!newest.time_zone.empty() && newest.time_zone != schedule_zone)
        more.push_back(kit::one_line(newest.time_zone, 60));
    if (newest.begin)
        more.push_back("begins " + kit::escape(start_out(*newest.begin)));
    if (newest.end)
        more.push_back("ends " + kit::escape(start_out(*newest.end)));
    if (newest.on_holidays != oncall::OnHolidays::as_usual)
        more.push_back(newest.on_holidays == oncall::OnHolidays::off ? kit::Mrkdwn{"off on holidays"}
                : newest.on_holidays == oncall::OnHolidays::others
                ? kit::Mrkdwn{"others on holidays"}
                : "on holidays those of " + kit::one_line(newest.other_rotation, most_rotation_word));
    const auto small = kit::joined(more, " · ");
    return small.empty() ? words : words + "\n" + small;
}

} // namespace handlers
