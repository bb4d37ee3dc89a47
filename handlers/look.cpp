#include "handlers/look.hpp"

#include "blocks/forecast.hpp"
#include "config/nearest.hpp"
#include "handlers/flapping.hpp"
#include "handlers/forecast.hpp"
#include "handlers/grouping.hpp"
#include "handlers/routes.hpp"
#include "handlers/rule_trial.hpp"
#include "handlers/said.hpp"
#include "handlers/silences.hpp"
#include "handlers/what_if.hpp"
#include "oncall/routing.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/words.hpp"

namespace handlers {

using oncall::Configuration;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;

namespace {

constexpr std::size_t most_reports_shown = 5;

/// "payments low" → low, and the name without it; a policy may be called so, too.
oncall::Urgency urgency_in(std::string& rest, const Configuration& configuration)
{
    for (const auto& [word, urgency] : {std::pair{" low", oncall::Urgency::low}, {" high", oncall::Urgency::high}})
        if (rest.ends_with(word) && !configuration.policies.contains(rest)) {
            rest.erase(rest.size() - std::string_view{word}.size());
            return urgency;
        }
    return oncall::Urgency::high;
}

std::string date(TimePoint at)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return "<!date^" + std::to_string(seconds) + "^{date_short_pretty} {time}|" + oncall::iso(at, "UTC") + ">";
}

void foresee(blocks::ForecastView& view, Transaction& tx, const Context& app, const Configuration& configuration,
    const oncall::Alert& alert, const oncall::Policy& policy, TimePoint now)
{
    const auto forecast = forecast_of(tx, app, configuration, alert, policy, now);
    view.lines = words_of(forecast, cries_of(app, configuration, alert.team));
    view.drawing = oncall::drawing_of(forecast);
}

/// As when an alert opens.
bool stays_in_channel(const Context& app, const oncall::Alert& alert, const oncall::Policy& policy)
{
    return policy.low_urgency_in_channel && alert.urgency == oncall::Urgency::low && !card_channel(app, alert).empty();
}

std::string nobody_for(const oncall::Policy& policy)
{
    return "Nobody would be paged: it is of low urgency, which by policy " + policy.name + " is shown in the channel alone.";
}

/// What of it would hold it back, join it to others, or keep it from paging; true: below is who would be paged.
bool add_arrival(
    blocks::ForecastView& view, const oncall::Routed& routed, const oncall::Arrival& arrival, const oncall::Circumstances& around)
{
    using Course = oncall::Arrival::Course;
    if (arrival.course == Course::keep) {
        view.lines.emplace_back("Nobody would be paged: its rule has it kept, and not shown either.");
        return false;
    }
    if (arrival.course == Course::join) {
        view.lines.push_back("It would join alert " + oncall::number(around.group)
            + ", which stands for its group: nobody would be paged for it, unless it is worse than all there were.");
        return false;
    }
    if (!routed.group_key.empty())
        view.facts.push_back(
            "Those of its group that come within " + oncall::duration_out(routed.group_within) + " of each other would join it");
    if (arrival.course == Course::show) {
        view.lines.emplace_back("Nobody would be paged: the rule says not to page.");
        return false;
    }
    if (arrival.course == Course::hold)
        view.facts.push_back("Held back until " + oncall::date_token(arrival.hold.until) + " (" + arrival.hold.because
            + "). Below is what follows if it is open then");
    return true;
}

/// Who would be paged, or why nobody.
void add_page(blocks::ForecastView& view, Transaction& tx, const Context& app, const Configuration& configuration,
    const oncall::Alert& alert, const oncall::Routed& routed, TimePoint now)
{
    const auto policy = oncall::policy_in(configuration, routed.policy);
    const auto nobody = [&](const std::string& why) { view.lines.push_back("Nobody would be paged: " + why + "."); };
    if (routed.lost)
        return nobody("no service stands behind it. It would be kept as unmapped, and told in "
            + (cries_of(app, configuration, routed.team).empty() ? std::string{"no channel, as none is configured"}
                                                                 : cries_of(app, configuration, routed.team).front()));
    oncall::Circumstances around;
    if (routed.page) {
        around.holds = silenced(tx, app, alert, now);
        if (auto unsteady = flapping(tx, app, alert, now))
            around.holds.push_back(std::move(*unsteady));
    }
    around.group = group_for(tx, app, alert, routed, around.holds, now);
    const auto arrival = oncall::arrival_of(routed, around, now);
    if (!add_arrival(view, routed, arrival, around))
        return;
    if (!policy)
        return nobody(routed.service.empty() ? "team " + routed.team + " has no policy"
                                             : "service " + routed.service + " has no policy, nor has its team");
    view.facts.push_back("Policy " + routed.policy);
    if (stays_in_channel(app, alert, *policy))
        return view.lines.push_back(nobody_for(*policy));
    const auto from = arrival.course == oncall::Arrival::Course::hold ? arrival.hold.until : now;
    foresee(view, tx, app, configuration, alert, *policy, from);
    view.warnings = warnings_of(tx, app, configuration, routed.policy, now);
}

bool source_is_quiet(const Configuration& configuration, const std::string& source)
{
    const auto its = configuration.sources.find(source);
    return its != configuration.sources.end() && its->second.quiet;
}

std::string from_where(const Supposed& asked)
{
    if (asked.source.empty())
        return asked.format.empty() ? std::string{} : "Format " + asked.format;
    return "From source " + asked.source + (asked.format.empty() ? "" : ", format " + asked.format);
}

/// "severity critical (P1 there)"
std::string severity_words(const Report& report)
{
    if (report.severity.empty())
        return "no severity given";
    const auto word = report.labels.find("severity");
    const bool differs = word != report.labels.end() && oncall::lower(word->second) != report.severity;
    return "severity " + report.severity + (differs ? " (" + word->second + " there)" : "");
}

blocks::ForecastView view_of(Transaction& tx, const Context& app, const Configuration& configuration, const Supposed& asked,
    const Report& report, TimePoint now)
{
    blocks::ForecastView view;
    view.title = report.title.empty() ? "(no title)" : report.title;
    if (const auto where = from_where(asked); !where.empty())
        view.facts.push_back(where);
    if (source_is_quiet(configuration, asked.source)) {
        view.lines.push_back("Nothing would become of it: the source is quiet, so what comes is kept and that is all.");
        return view;
    }
    if (!report.dedup_key.empty())
        view.facts.push_back("Key " + report.dedup_key);
    const auto open = report.dedup_key.empty() ? std::nullopt : storage::Alerts{tx}.open(asked.source, report.dedup_key);
    if (report.signal != Report::Signal::fire) {
        const auto what = report.signal == Report::Signal::clear ? std::string{"resolved"} : std::string{"acknowledged"};
        view.lines.push_back(open ? "Alert #" + std::to_string(open->id.value) + " would be " + what + " by its source."
                                  : "Nothing would happen: no open alert has that key.");
        return view;
    }
    oncall::AlertFields fields;
    fields.source = asked.source;
    fields.service = report.service;
    fields.title = report.title;
    fields.description = report.description;
    fields.severity = report.severity;
    fields.labels = report.labels;
    fields.at = now;
    const auto routed = oncall::route(configuration, fields);
    if (routed.title != report.title) {
        view.facts.push_back("Called so by its rule; its source calls it " + view.title);
        view.title = routed.title;
    }
    if (open)
        view.facts.push_back("Alert #" + std::to_string(open->id.value)
            + " is open with the same key, so it would be counted there. Below is what a new one would do.");
    view.facts.push_back(
        "Rule: " + (routed.rule.empty() ? std::string{"none matched"} : routed.rule) + " (" + routed.because + ")");
    if (!routed.service.empty())
        view.facts.push_back("Service " + routed.service);
    if (!routed.team.empty())
        view.facts.push_back("Team " + routed.team);
    view.facts.push_back(std::string{oncall::name(routed.urgency)} + " urgency, " + severity_words(report)
        + (routed.severity == report.severity ? "" : ", by its rule " + routed.severity));
    oncall::Alert alert;
    alert.source = asked.source;
    alert.dedup_key = report.dedup_key;
    alert.title = routed.title;
    alert.description = report.description;
    alert.severity = routed.severity;
    alert.policy = routed.own_policy ? routed.policy : "";
    alert.group_key = routed.group_key;
    alert.triggered_at = now;
    alert.urgency = routed.urgency;
    alert.service = routed.service;
    alert.team = routed.team;
    alert.labels = report.labels;
    if (report.whom.empty())
        add_page(view, tx, app, configuration, alert, routed, now);
    else
        view.lines.push_back("Paged would be whom it names itself: " + oncall::listed(report.whom, ", ") + ".");
    return view;
}

blocks::ForecastView view_of(
    const Configuration& configuration, const Supposed& asked, const oncall::ChangeEvent& change, TimePoint now)
{
    blocks::ForecastView view;
    view.title = change.title;
    if (const auto where = from_where(asked); !where.empty())
        view.facts.push_back(where);
    oncall::AlertFields fields;
    fields.source = asked.source;
    fields.service = change.service;
    fields.title = change.title;
    fields.labels = change.labels;
    fields.at = now;
    const auto service = oncall::route(configuration, fields).service;
    view.lines.push_back("A change: it pages nobody, ever. "
        + (service.empty() ? std::string{"No service stands behind it, so it is shown under its source alone."}
                           : "It would be shown with the alerts of service " + service + "."));
    return view;
}

} // namespace

std::vector<blocks::ForecastView> what_would_become(
    Transaction& tx, const Context& app, const Configuration& configuration, const Supposed& asked, TimePoint now)
{
    std::vector<blocks::ForecastView> views;
    for (const auto& report : asked.reports)
        if (views.size() < most_reports_shown)
            views.push_back(view_of(tx, app, configuration, asked, report, now));
    for (const auto& change : asked.changes)
        if (views.size() < most_reports_shown)
            views.push_back(view_of(configuration, asked, change, now));
    if (views.empty()) {
        blocks::ForecastView nothing;
        nothing.title = "No alert";
        if (const auto where = from_where(asked); !where.empty())
            nothing.facts.push_back(where);
        nothing.lines.push_back("It would be understood and become no alert: " + asked.nothing + ".");
        views.push_back(std::move(nothing));
    }
    return views;
}

std::string note_below(const Supposed& asked)
{
    std::string note = "Nothing was stored, and nobody was paged.";
    if (!asked.note.empty())
        note += " " + asked.note;
    if (const auto all = asked.reports.size() + asked.changes.size(); all > most_reports_shown)
        note += " " + std::to_string(all - most_reports_shown) + " more alerts are in the payload.";
    return note;
}

const oncall::Policy& policy_called(const Configuration& configuration, const std::string& name, const std::string& verb)
{
    if (const auto found = configuration.policies.find(name); found != configuration.policies.end())
        return found->second;
    std::vector<std::string> known;
    for (const auto& [one, policy] : configuration.policies)
        known.push_back(one);
    const auto meant = config::nearest(name, known);
    throw Refusal{"There is no policy " + name + ". "
        + (meant ? "Did you mean `/oncall " + verb + " " + *meant + "`? " : std::string{})
        + "`/oncall policy` lists those there are."};
}

Answer policy(slack::Command, std::string rest, std::string, Context& app)
{
    const auto configuration = app.configuration();
    if (rest.empty())
        co_return said(blocks::policies(*configuration));
    const auto now = app.clock.now();
    const auto urgency = urgency_in(rest, *configuration);
    const auto& its = policy_called(*configuration, rest, "policy");
    blocks::Names names;
    auto load = [&](Transaction& tx) {
        oncall::Alert alert;
        alert.urgency = urgency;
        alert.team = team_of(*configuration, its.name);
        blocks::ForecastView view;
        view.title = "Policy " + its.name + ": who would be paged now";
        view.facts.push_back("If nobody answers a page of " + std::string{oncall::name(urgency)} + " urgency that starts "
            + date(now) + (alert.team.empty() ? std::string{} : ", for team " + alert.team));
        if (stays_in_channel(app, alert, its))
            view.lines.push_back(nobody_for(its));
        else
            foresee(view, tx, app, *configuration, alert, its, now);
        view.warnings = warnings_of(tx, app, *configuration, its.name, now);
        names = storage::People{tx}.names();
        return view;
    };
    auto view = co_await app.database.read(load);
    std::vector<blocks::ForecastView> views;
    views.push_back(std::move(view));
    co_return said(blocks::forecast(views, "`/oncall test " + its.name + "` tries it out.", names));
}

Answer what_if(slack::Command, std::string rest, std::string, Context& app)
{
    if (rest == "if" || rest.starts_with("if ")) {
        const auto begin = rest.find_first_not_of(' ', 2);
        rest = begin == rest.npos ? "" : rest.substr(begin);
    }
    const auto configuration = app.configuration();
    const auto now = app.clock.now();
    blocks::Names names;
    if (const auto rule = rule_meant(*configuration, rest); !rule.empty()) {
        auto look_back = [&](Transaction& tx) {
            names = storage::People{tx}.names();
            return came_lately(tx, now);
        };
        auto came = co_await app.database.read(look_back);
        auto trying = tried_view(std::move(came), configuration, rule, app);
        auto view = co_await std::move(trying);
        std::vector<blocks::ForecastView> shown;
        shown.push_back(std::move(view));
        co_return said(blocks::forecast(shown, std::string{trial_note}, names));
    }
    const auto asked = supposed(rest, *configuration);
    auto load = [&](Transaction& tx) {
        names = storage::People{tx}.names();
        return what_would_become(tx, app, *configuration, asked, now);
    };
    const auto views = co_await app.database.read(load);
    co_return said(blocks::forecast(views, note_below(asked), names));
}

} // namespace handlers
