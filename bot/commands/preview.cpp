#include "commands/preview.hpp"
#include "commands/commands.hpp"
#include "commands/written.hpp"
#include "config/nearest.hpp"
#include "doors/png.hpp"
#include "oncall/calendar.hpp"
#include "oncall/identities.hpp"
#include "oncall/words.hpp"

#include <ostream>

namespace commands {

namespace {

using namespace std::chrono_literals;
using oncall::Schedule;
using oncall::TimePoint;

constexpr auto usual_period = 24h * 14;
constexpr auto longest_period = 24h * 36'525;
constexpr int png_zoom = 2;

constexpr int refused = 1;
constexpr int misuse = 2;

/// Ends the command.
struct Stop {
    int status{};
    std::string why{};
};

/// A preview shows what the file says: keys play no part in it, so no variable of the environment is missed.
std::optional<std::string> any_key(const std::string& name) { return "the key in " + name; }

oncall::Configuration read(const std::string& path)
{
    const auto text = file(path);
    if (!text)
        throw Stop{refused, path + " cannot be read. Fix: correct the path, or the file's permissions."};
    auto parsed = config::parse(*text, any_key, config::Names::any);
    std::string problems;
    for (const auto& problem : parsed.problems)
        problems += (problems.empty() ? "" : "\n") + config::describe(path, problem);
    if (!problems.empty())
        throw Stop{refused, problems};
    return std::move(parsed.configuration);
}

const Schedule& chosen(const oncall::Configuration& configuration, const PreviewWords& words)
{
    std::vector<std::string> names;
    for (const auto& [name, schedule] : configuration.schedules)
        names.push_back(name);
    if (names.empty())
        throw Stop{refused, words.file + " has no schedules. Fix: define one under `schedules`."};
    if (words.schedule.empty()) {
        if (names.size() > 1)
            throw Stop{misuse,
                words.file + " has several schedules. Fix: say which with --schedule: " + oncall::listed(names, ", ") + "."};
        return configuration.schedules.begin()->second;
    }
    const auto found = configuration.schedules.find(words.schedule);
    if (found != configuration.schedules.end())
        return found->second;
    const auto meant = config::nearest(words.schedule, names);
    throw Stop{refused,
        words.file + " has no schedule `" + words.schedule + "`. "
            + (meant ? "Did you mean `" + *meant + "`?" : "Its schedules: " + oncall::listed(names, ", ") + ".")};
}

std::optional<TimePoint> time_in(const std::string& option, const std::string& text, const std::string& zone)
{
    if (text.empty())
        return std::nullopt;
    const auto at = oncall::instant_in(text, zone);
    if (!at)
        throw Stop{misuse,
            option + " `" + text + "` is no time. Fix: write ISO 8601, as 2026-11-02, 2026-11-02T09:00 (local in " + zone
                + ") or 2026-11-02T09:00:00+01:00."};
    return at;
}

struct Period {
    TimePoint from{};
    TimePoint to{};
};

Period period_of(const PreviewWords& words, const std::string& zone, TimePoint now)
{
    // Two weeks on the wall clock.
    const auto later = [&](TimePoint at) { return oncall::to_instant(oncall::to_local(at, zone) + usual_period, zone); };
    Period period;
    period.from = time_in("--from", words.from, zone).value_or(std::chrono::floor<std::chrono::minutes>(now));
    period.to = time_in("--to", words.to, zone).value_or(later(period.from));
    if (period.to <= period.from)
        throw Stop{misuse,
            "--to (" + oncall::iso(period.to, zone) + ") is not later than --from (" + oncall::iso(period.from, zone)
                + "). Fix: give a later --to, or an earlier --from."};
    if (period.to - period.from > longest_period)
        throw Stop{misuse, "The period is longer than 100 years. Fix: ask for less at a time."};
    if ((!words.svg.empty() || !words.png.empty()) && period.to - period.from > pictures::longest_picture)
        throw Stop{misuse, "A picture holds 400 days at most. Fix: draw a shorter period, or print it without a picture."};
    return period;
}

void write(const std::string& path, const std::string& text)
{
    try {
        write_whole(path, text);
    } catch (const std::exception& error) {
        throw Stop{refused, std::string{"The picture cannot be written: "} + error.what() + "."};
    }
}

void draw(const Schedule& schedule, const Period& period, const PreviewWords& words, TimePoint now)
{
    pictures::ScheduleView view{period.from, period.to, now, {}, {}};
    if (!words.svg.empty()) {
        view.theme = words.dark ? pictures::Theme::dark : words.light ? pictures::Theme::light : pictures::Theme::viewer;
        write(words.svg, pictures::schedule_svg(schedule, view));
    }
    if (!words.png.empty()) {
        view.theme = words.dark ? pictures::Theme::dark : pictures::Theme::light;
        try {
            write(words.png, doors::png_of(pictures::schedule_svg(schedule, view), png_zoom));
        } catch (const doors::NoPicture& error) {
            throw Stop{refused, error.what()};
        }
    }
}

void check(const PreviewWords& words)
{
    const bool draws = !words.svg.empty() || !words.png.empty();
    if (words.dark && words.light)
        throw Stop{misuse, "A picture is light or dark. Fix: give one of --dark and --light."};
    if ((words.dark || words.light) && !draws)
        throw Stop{misuse, "--dark and --light are for pictures. Fix: add --svg FILE or --png FILE."};
    if (!words.svg.empty() && words.svg == words.png)
        throw Stop{misuse, "--svg and --png name the same file. Fix: give them two."};
}

} // namespace

int preview(const PreviewWords& words, TimePoint now, std::ostream& out, std::ostream& err)
{
    try {
        check(words);
        const auto configuration = read(words.file);
        const auto& schedule = chosen(configuration, words);
        for (const auto& one : oncall::missed(schedule))
            err << "Warning: " << describe(one, schedule) << "\n";
        const auto period = period_of(words, schedule.time_zone, now);
        const bool draws = !words.svg.empty() || !words.png.empty();
        if (draws)
            draw(schedule, period, words, now);
        if (words.json)
            out << preview_json(schedule, period.from, period.to);
        else if (!draws)
            out << preview_text(schedule, period.from, period.to, now, words.colour);
        out.flush();
        if (!out) {
            err << "The preview cannot be written out.\n";
            return refused;
        }
        return 0;
    } catch (const Stop& stop) {
        err << stop.why << "\n";
        return stop.status;
    }
}

} // namespace commands
