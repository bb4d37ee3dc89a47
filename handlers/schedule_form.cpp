#include "handlers/schedule_form.hpp"

#include "blocks/schedule_form.hpp"
#include "config/items.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/rotation_form.hpp"
#include "oncall/effective.hpp"
#include "oncall/overrides.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace fields;
using blocks::Heading;
using blocks::Part;
using blocks::Press;
using blocks::Values;
using oncall::Refusal;
using oncall::Schedule;
using oncall::TimePoint;
namespace action = blocks::action;
namespace kit = blocks::kit;

namespace {

constexpr std::chrono::hours looked_back{24 * 400};
const std::string drafted_json{"schedule"}; // no field: what stands beside them

std::int64_t effect_seconds(TimePoint at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }

/// When the last change that was planned before begins, if that is to come.
std::optional<TimePoint> planned_change(const Schedule& schedule, TimePoint now)
{
    std::optional<TimePoint> last;
    for (const auto& rotation : schedule.rotations)
        if (const auto since = newest_since(rotation, schedule.time_zone); since && *since > now)
            last = std::max(last.value_or(*since), *since);
    return last;
}

/// Of one of those that are shown; others may stand between them.
std::vector<kit::Option> rotation_menu(const std::vector<std::size_t>& all, std::size_t place)
{
    const auto number = std::to_string(all[place]);
    std::vector<kit::Option> menu{{"Edit", "edit:" + number}};
    if (place > 0)
        menu.push_back({"Move up", "move:" + number + ":" + std::to_string(all[place - 1])});
    if (place + 1 < all.size())
        menu.push_back({"Move down", "move:" + number + ":" + std::to_string(all[place + 1])});
    menu.push_back({"Remove", "remove:" + number});
    return menu;
}

/// Its part before that instant, and its part from there on.
oncall::Temporary cut(const oncall::Temporary& whole, TimePoint from, TimePoint to)
{
    auto part = whole;
    part.from = std::max(whole.from, from);
    part.to = std::min(whole.to, to);
    for (auto& shift : part.shifts) {
        shift.from = std::max(shift.from, part.from);
        shift.to = std::min(shift.to, part.to);
    }
    std::erase_if(part.shifts, [](const auto& shift) { return shift.from >= shift.to; });
    return part;
}

std::vector<oncall::Temporary> temporary_from(const Schedule& was, const Schedule& becomes, TimePoint from)
{
    if (was.temporary == becomes.temporary)
        return becomes.temporary;
    std::vector<oncall::Temporary> all;
    for (const auto& one : was.temporary)
        if (one.from < from)
            all.push_back(cut(one, TimePoint::min(), from));
    for (const auto& one : becomes.temporary)
        if (one.to > from)
            all.push_back(cut(one, from, TimePoint::max()));
    return all;
}

const oncall::Rotation* rotation_named(const Schedule& schedule, const std::string& name)
{
    const auto found = std::find_if(
        schedule.rotations.begin(), schedule.rotations.end(), [&](const oncall::Rotation& one) { return one.name == name; });
    return found == schedule.rotations.end() ? nullptr : &*found;
}

/// A rotation that is over did on holidays what it did, also when the schedule has other ones by now.
void keep_past_holidays(Schedule& holds, const Schedule& was, const Schedule& becomes)
{
    for (auto& rotation : holds.rotations) {
        if (rotation.on_holidays == oncall::OnHolidays::as_usual || rotation_named(becomes, rotation.name))
            continue;
        if (rotation.holidays.empty() && was.holidays != becomes.holidays)
            rotation.holidays = was.holidays;
        if (!rotation.other_rotation.empty() && !rotation_named(holds, rotation.other_rotation)) {
            rotation.on_holidays = oncall::OnHolidays::as_usual;
            rotation.other_rotation.clear();
        }
    }
}

std::string calendar_of_holidays(const oncall::Rotation& rotation, const Schedule& schedule)
{
    return rotation.holidays.empty() ? schedule.holidays : rotation.holidays;
}

/// Whether a rotation does something else on holidays than it did.
bool keeps_other_holidays(
    const oncall::Rotation& was, const Schedule& before, const oncall::Rotation& becomes, const Schedule& after)
{
    if (was.on_holidays != becomes.on_holidays || was.others != becomes.others || was.other_rotation != becomes.other_rotation)
        return true;
    return becomes.on_holidays != oncall::OnHolidays::as_usual
        && calendar_of_holidays(was, before) != calendar_of_holidays(becomes, after);
}

/// In the order of `becomes`; what is over comes last.
void put_in_order(Schedule& schedule, const Schedule& becomes)
{
    const auto place = [&](const oncall::Rotation& rotation) {
        return std::find_if(becomes.rotations.begin(), becomes.rotations.end(), [&](const oncall::Rotation& one) {
            return one.name == rotation.name;
        }) - becomes.rotations.begin();
    };
    std::stable_sort(schedule.rotations.begin(), schedule.rotations.end(),
        [&](const oncall::Rotation& a, const oncall::Rotation& b) { return place(a) < place(b); });
}

} // namespace

std::string schedule_out(const Schedule& schedule)
{
    oncall::Configuration all;
    all.schedules[schedule.name] = schedule;
    return config::items_of(all).front().json;
}

ReadSchedule schedule_in(const std::string& json, const std::string& name)
{
    auto parsed = config::configuration_of({{"schedule", name, json}});
    ReadSchedule read;
    if (const auto found = parsed.configuration.schedules.find(name); found != parsed.configuration.schedules.end())
        read.schedule = std::move(found->second);
    read.schedule.name = name;
    read.problems = std::move(parsed.problems);
    // What it refers to, calendars of holidays, is not here to be found.
    std::erase_if(read.problems, [](const config::Problem& problem) { return problem.path.ends_with(".holidays"); });
    return read;
}

void put_schedule(Values& values, const Schedule& was, TimePoint now)
{
    values["time_zone"] = {was.time_zone};
    if (const auto planned = planned_change(was, now))
        values["effective"] = {std::to_string(effect_seconds(*planned))};
    keep_drafted(values, was);
    if (values[drafted_json].front().size() > most_drafted)
        throw Refusal{"Schedule " + was.name
            + " is too long for a form. Change it in oncall.yaml, and have it applied by `oncall-bot apply`."};
}

Schedule drafted(const Values& values, const std::string& name)
{
    const auto found = values.find(drafted_json);
    auto schedule =
        schedule_in(found == values.end() || found->second.empty() ? "{}" : found->second.front(), name.empty() ? "new" : name)
            .schedule;
    if (const auto zone = text_in(values, "time_zone"); oncall::is_time_zone(zone))
        schedule.time_zone = zone;
    return schedule;
}

void keep_drafted(Values& values, const Schedule& schedule) { values[drafted_json] = {schedule_out(schedule)}; }

std::optional<TimePoint> takes_effect(const Values& values)
{
    const auto text = text_in(values, "effective");
    std::int64_t seconds{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || text.size() > 10 || error != std::errc{} || end != text.data() + text.size() || seconds <= 0)
        return std::nullopt;
    return std::chrono::floor<std::chrono::minutes>(TimePoint{std::chrono::seconds{seconds}});
}

void add_name(std::vector<Part>& parts)
{
    auto name = text("name", "Name", "Its name cannot be changed later.", "payments");
    name.required = true;
    name.most = 80;
    parts.push_back(name);
}

void add_takes_effect(std::vector<Part>& parts, const ScheduleParts& shown)
{
    if (shown.fresh || !shown.has_been)
        return;
    blocks::Field when;
    when.kind = blocks::Field::Kind::moment;
    when.id = "effective";
    when.label = "Takes effect";
    when.hint = "Empty: now. What has been stays as it was.";
    parts.push_back(when);
}

std::vector<Part> schedule_parts(const ScheduleParts& shown, const Values& values, const Naming& naming)
{
    std::vector<Part> parts;
    const auto schedule = drafted(values, shown.name);
    if (shown.fresh)
        add_name(parts);
    else
        parts.push_back(Heading{"schedule " + kit::bold(kit::one_line(shown.name, 80)), {}, {}});
    if (const auto planned = planned_change(schedule, shown.now); planned && !shown.fresh)
        parts.push_back(Heading{"⚠️ It changes on " + kit::date(*planned) + " already, and the form shows what holds then."
                + (shown.has_been ? kit::Mrkdwn{" To have it sooner, choose an earlier time below and change nothing else."}
                                  : kit::Mrkdwn{}),
            {}, {}});
    auto zone =
        text("time_zone", "Time zone", "Times of its rotations are on its clock, unless they say another.", "Europe/Berlin");
    zone.required = true;
    parts.push_back(zone);
    std::vector<std::size_t> lasting;
    for (std::size_t i = 0; i < schedule.rotations.size(); ++i)
        if (!has_ended(schedule.rotations[i], schedule.time_zone, shown.now))
            lasting.push_back(i);
    for (std::size_t i = 0; i < lasting.size() && i < most_rotations; ++i) {
        const auto menu = rotation_menu(lasting, i);
        parts.push_back(
            Heading{rotation_words(schedule.rotations[lasting[i]], schedule.time_zone, naming), action::schedule_rotation, menu});
    }
    if (lasting.empty())
        parts.push_back(Heading{"It has no rotation, so that nobody is on call by it. Add one.", {}, {}});
    if (lasting.size() > most_rotations)
        parts.push_back(Heading{"and " + kit::number(static_cast<std::int64_t>(lasting.size() - most_rotations))
                + " rotations more, which are changed as YAML.",
            {}, {}});
    if (const auto over = schedule.rotations.size() - lasting.size(); over > 0)
        parts.push_back(Heading{kit::number(static_cast<std::int64_t>(over))
                + (over == 1 ? kit::Mrkdwn{" rotation has ended and stays as it is."}
                             : kit::Mrkdwn{" rotations have ended and stay as they are."}),
            {}, {}});
    std::vector<Press> presses;
    if (lasting.size() < most_rotations)
        presses.push_back({"Add a rotation", action::schedule_add_rotation, "", false, {}});
    presses.push_back({"Edit YAML", action::schedule_yaml, "", false, {}});
    parts.push_back(presses);
    add_takes_effect(parts, shown);
    return parts;
}

void move_rotation(Values& values, std::size_t from, std::size_t to)
{
    auto schedule = drafted(values, "");
    if (from < schedule.rotations.size() && to < schedule.rotations.size())
        std::swap(schedule.rotations[from], schedule.rotations[to]);
    keep_drafted(values, schedule);
}

void remove_rotation(Values& values, std::size_t index)
{
    auto schedule = drafted(values, "");
    if (index < schedule.rotations.size())
        schedule.rotations.erase(schedule.rotations.begin() + static_cast<std::ptrdiff_t>(index));
    keep_drafted(values, schedule);
}

void put_rotation_back(Schedule& schedule, std::size_t index, const oncall::Rotation& before, const oncall::Rotation& rotation)
{
    if (index >= schedule.rotations.size()) {
        schedule.rotations.push_back(rotation);
        return;
    }
    auto& stands = schedule.rotations[index];
    auto renamed = before;
    renamed.name = rotation.name;
    if (rotation != renamed)
        stands = rotation;
    stands.name = rotation.name;
    for (auto& version : stands.versions)
        version.name = rotation.name;
    for (auto& other : schedule.rotations)
        if (other.other_rotation == before.name)
            other.other_rotation = rotation.name;
}

bool has_been_used(const Schedule& schedule, TimePoint now)
{
    return !oncall::on_call_between(schedule, {}, now - looked_back, now).empty();
}

Schedule holding_from(const Schedule& was, const Schedule& becomes, TimePoint from)
{
    if (was == becomes || oncall::changes_between(was, becomes, {}, from - looked_back, from).empty())
        return becomes;
    auto holds = oncall::effective_from(was, becomes, from);
    holds.temporary = temporary_from(was, becomes, oncall::effective_at(was, becomes, from));
    keep_past_holidays(holds, was, becomes);
    put_in_order(holds, becomes);
    return holds;
}

Schedule planned_sooner(Schedule schedule, TimePoint from)
{
    for (auto& rotation : schedule.rotations) {
        const auto since = newest_since(rotation, schedule.time_zone);
        if (!since || std::chrono::floor<std::chrono::minutes>(*since) <= from)
            continue; // the form shows minutes
        auto newest = std::move(rotation.versions.back());
        rotation.versions.pop_back();
        const auto zone_of = [&](const oncall::Rotation& one) {
            return one.time_zone.empty() ? schedule.time_zone : one.time_zone;
        };
        std::erase_if(rotation.versions,
            [&](const oncall::Rotation& version) { return oncall::to_instant(version.from, zone_of(version)) >= from; });
        newest.from = oncall::to_local(from, zone_of(newest));
        rotation.versions.push_back(std::move(newest));
    }
    return schedule;
}

std::vector<std::string> undated(const Schedule& was, const Schedule& becomes)
{
    std::vector<std::string> words;
    for (const auto& rotation : was.rotations) {
        const auto* const wanted = rotation_named(becomes, rotation.name);
        if (!rotation.ics.empty() && (!wanted || wanted->ics != rotation.ics))
            words.push_back("the calendar that rotation " + rotation.name + " was read from");
        else if (wanted && wanted->ics != rotation.ics)
            words.push_back("the calendar that rotation " + rotation.name + " is read from");
        else if (wanted && keeps_other_holidays(rotation, was, *wanted, becomes))
            words.push_back("what rotation " + rotation.name + " does on holidays");
    }
    for (const auto& rotation : becomes.rotations)
        if (!rotation.ics.empty() && !rotation_named(was, rotation.name))
            words.push_back("the calendar that rotation " + rotation.name + " is read from");
    return words;
}

} // namespace handlers
