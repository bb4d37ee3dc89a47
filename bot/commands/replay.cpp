#include "commands/replay.hpp"

#include "commands/commands.hpp"
#include "commands/stage.hpp"
#include "oncall/calendar.hpp"
#include "oncall/calendars.hpp"

#include <algorithm>
#include <iostream>

namespace commands {

namespace {

using namespace std::chrono_literals;

constexpr doors::milliseconds longest_play = 24h;
constexpr int rounds_shown = 2; // of a policy that has no end
constexpr std::size_t most_levers = 6;

/// Whether `text` names the alert: "#1", not "#12".
bool names_alert(const std::string& text, std::int64_t id)
{
    const auto name = "#" + std::to_string(id);
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1))
        if (const auto end = at + name.size(); end == text.size() || text[end] < '0' || text[end] > '9')
            return true;
    return false;
}

std::string minutes_after(doors::milliseconds time)
{
    const auto minutes = std::chrono::round<std::chrono::minutes>(time).count();
    if (minutes == 0)
        return "at once";
    const auto hours = minutes / 60, rest = minutes % 60;
    return "after " + (hours ? std::to_string(hours) + " h" : "") + (hours && rest ? " " : "")
        + (rest || !hours ? std::to_string(rest) + " min" : "");
}

/// It has no end, and what comes is as what was.
bool goes_round(const oncall::Page& page) { return page.policy.until_answered && page.next.round >= rounds_shown; }

class Replay {
public:
    Replay(Programme programme, doors::TimePoint begins)
        : programme_{std::move(programme)}
        , cast_{cast_of(programme_.configuration)}
        , stage_{programme_.configuration, cast_, begins}
    {
    }

    int once(const std::string& name);
    int stay(const std::string& name);

private:
    /// Where the alert of an incident stands.
    struct Standing {
        std::optional<oncall::Alert> alert{};
        std::optional<oncall::Page> page{};
        bool is_over() const
        {
            return !alert || alert->state != oncall::AlertState::triggered || !page || page->state != oncall::PageState::paging
                || goes_round(*page);
        }
    };

    Standing standing(const Incident& incident);
    /// False: somebody ended it.
    bool play(const Incident& incident, const std::function<bool(const std::function<bool()>&)>& until);
    bool play_all(const std::function<bool(const std::function<bool()>&)>& until);
    void tell(const Standing& end, doors::TimePoint began);
    std::vector<std::pair<doors::TimePoint, std::string>> reached(std::int64_t alert, doors::TimePoint began);

    Programme programme_;
    Cast cast_;
    Stage stage_;
};

Replay::Standing Replay::standing(const Incident& incident)
{
    return stage_.look([&](storage::Transaction& tx) {
        Standing found;
        for (auto& alert : storage::Alerts{tx}.all_open(200))
            if (alert.source == incident.source && alert.dedup_key == incident.dedup_key) {
                found.page = storage::Pages{tx}.latest(alert.id);
                found.alert = std::move(alert);
                break;
            }
        return found;
    });
}

/// Who was reached because of an alert, and when: people by their messages, channels by theirs.
std::vector<std::pair<doors::TimePoint, std::string>> Replay::reached(std::int64_t alert, doors::TimePoint began)
{
    std::vector<std::pair<doors::TimePoint, std::string>> all;
    auto& slack = stage_.slack();
    const auto is_it = [&](const workspace::Message& message) {
        return message.user == slack.bot_user() && !message.ephemeral && message.posted >= began
            && names_alert(slack.push(message), alert);
    };
    for (const auto& someone : cast_.people)
        for (const auto& message : slack.person(someone.name).dms())
            if (is_it(message))
                all.emplace_back(message.posted, someone.real_name.empty() ? someone.name : someone.real_name);
    for (const auto& room : cast_.rooms)
        for (const auto& message : slack.channel(room.name).messages())
            if (is_it(message))
                all.emplace_back(message.posted, "#" + room.name);
    for (const auto& [when, host] : stage_.posted())
        if (when >= began)
            all.emplace_back(when, "the webhook at " + host);
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return all;
}

void Replay::tell(const Standing& end, doors::TimePoint began)
{
    if (!end.alert) {
        stage_.say("  It made no alert.");
        return;
    }
    stage_.say("  " + end.alert->because);
    std::string line, when;
    for (const auto& [time, who] : reached(end.alert->id.value, began)) {
        const auto after = minutes_after(time - began);
        if (after != when && !line.empty())
            stage_.say(line);
        line = after == when ? line + ", " + who : "  " + after + ": " + who;
        when = after;
    }
    if (!line.empty())
        stage_.say(line);
    const auto played = stage_.clock().now() - began;
    if (end.alert->state != oncall::AlertState::triggered)
        stage_.say("  " + minutes_after(played) + ": somebody answered.");
    else if (!end.page)
        stage_.say("  It pages nobody.");
    else
        stage_.say("  " + ending_of(*end.page, played));
}

bool Replay::play(const Incident& incident, const std::function<bool(const std::function<bool()>&)>& until)
{
    const auto began = stage_.clock().now();
    stage_.say("\n" + stage_.time() + "  " + incident.title + " (from source " + incident.source + ")");
    const auto answer = stage_.post(incident.path, incident.fires);
    if (answer.status >= 300) {
        stage_.say("  It was refused: " + answer.body.substr(0, answer.body.find('\n')));
        return true;
    }
    auto end = standing(incident);
    const bool goes_on = until([&] {
        auto now = standing(incident);
        if (!now.alert && end.alert)
            end.alert->state = oncall::AlertState::resolved; // by somebody
        else
            end = std::move(now);
        return end.is_over() || stage_.clock().now() - began > longest_play;
    });
    if (!goes_on)
        return false;
    // What its last step has to say goes out.
    const auto said_by = stage_.clock().now() + 15s;
    if (!until([&] { return stage_.clock().now() >= said_by; }))
        return false;
    tell(end, began);
    if (end.alert && end.alert->state != oncall::AlertState::resolved) {
        stage_.post(incident.path, incident.resolves);
        const auto quiet_by = stage_.clock().now() + 15s;
        return until([&] { return stage_.clock().now() >= quiet_by; });
    }
    return true;
}

bool Replay::play_all(const std::function<bool(const std::function<bool()>&)>& until)
{
    for (const auto& incident : programme_.incidents)
        if (!play(incident, until))
            return false;
    return true;
}

int Replay::once(const std::string& name)
{
    stage_.start();
    stage_.say("What " + name + " does, from now on, when nobody answers. Times are UTC.");
    const auto hurry = [this](const std::function<bool()>& done) {
        while (!done())
            stage_.pass(15s);
        return true;
    };
    play_all(hurry);
    return 0;
}

int Replay::stay(const std::string& name)
{
    stage_.start();
    auto& face = stage_.show(1);
    bool wanted = false;
    face.add_lever("Play " + name, [&wanted] { wanted = true; });
    for (const auto& incident : programme_.incidents) {
        if (static_cast<std::size_t>(&incident - programme_.incidents.data()) == most_levers)
            break;
        face.add_lever(incident.title, [this, &incident] { stage_.send(incident.path, incident.fires); });
    }
    stage_.say("The people of " + name + " are here. Open this, and press \"Play " + name + "\" there:\n\n  " + face.url()
        + "\n\nThen an alert comes from each source and for each service, one after the other, and time goes by a hundred times "
          "as "
          "fast.\nNobody outside of this machine is asked or told anything. Ctrl-C ends it.\n");
    // To look at the database each time round would be all that is done.
    auto looked = std::chrono::steady_clock::now();
    const auto until = [&](const std::function<bool()>& done) {
        return stage_.live([&] {
            if (std::chrono::steady_clock::now() < looked + 100ms)
                return false;
            const bool is_done = done();
            looked = std::chrono::steady_clock::now();
            return is_done;
        });
    };
    while (stage_.live([&] { return wanted; })) {
        face.let_choose_speed(100);
        if (!play_all(until))
            break;
        face.let_choose_speed(1);
        wanted = false;
        stage_.say("\nThat is all of it. The bot goes on running.\n");
    }
    return 0;
}

} // namespace

std::string ending_of(const oncall::Page& page, oncall::milliseconds played)
{
    const auto last = minutes_after(played);
    if (page.state == oncall::PageState::exhausted)
        return last + ": nobody has answered, and the policy " + page.policy.name + " has come to its end.";
    if (page.state != oncall::PageState::paging)
        return last + ": somebody answered.";
    if (goes_round(page))
        return "And so on, until somebody answers.";
    const auto next = oncall::sortable_words(oncall::to_local(page.due, "UTC")) + " UTC";
    if (page.waits)
        return last + ": it waits for working hours, until " + next + ". Not played on.";
    return last + ": not played on; its next step is at " + next + ".";
}

std::vector<std::string> calendars_unread(const oncall::Configuration& configuration)
{
    std::vector<std::string> lines;
    for (const auto& use : oncall::calendars_of(configuration))
        if (!use.address.starts_with("file:"))
            lines.push_back("Not read in the demo: the calendar " + oncall::words_of(use)
                + (use.rotation.empty() ? "; no day is a holiday by it here." : "; it has no shifts here."));
    return lines;
}

int replay(const std::string& path, bool once)
{
    const auto text = file(path);
    if (!text) {
        std::cerr << (path.empty() ? "\"\"" : path) << ": cannot be read. Fix: check the path and its permissions.\n";
        return 1;
    }
    // The real keys are not even read; nor is it the demo's matter whether they are set.
    const auto stand_in = [](const std::string& name) { return std::optional{"demo-key-instead-of-" + name}; };
    auto parsed = config::parse(*text, stand_in);
    for (const auto& problem : parsed.problems)
        std::cerr << config::describe(path, problem) << "\n";
    if (!parsed.problems.empty())
        return 1;
    auto programme = programme_of(std::move(parsed.configuration));
    if (programme.incidents.empty()) {
        std::cerr << path << ": there is no source and no service, so no alert could come. Fix: add one of them.\n";
        return 1;
    }
    for (const auto& line : calendars_unread(programme.configuration))
        std::cout << line << "\n";
    const auto now = std::chrono::floor<doors::milliseconds>(std::chrono::system_clock::now());
    const auto name = std::filesystem::path{path}.filename().string();
    Replay played{std::move(programme), now};
    return once ? played.once(name) : played.stay(name);
}

} // namespace commands
