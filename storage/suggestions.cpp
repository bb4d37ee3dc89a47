#include "storage/suggestions.hpp"

#include "oncall/fingerprint.hpp"
#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace storage {

using SuggestedJson = nlohmann::json;

namespace {

constexpr int most_of_a_service = 4;
constexpr int most_of_all = 50;
constexpr std::size_t most_found = 100;
constexpr int a_storm = 30;
constexpr oncall::milliseconds of_a_storm{10'000};

constexpr std::pair<Suggestion::State, std::string_view> suggestion_states[]{
    {Suggestion::State::open, "open"}, {Suggestion::State::merged, "merged"}, {Suggestion::State::refused, "refused"}};

std::string_view state_word(Suggestion::State state)
{
    for (const auto& [one, word] : suggestion_states)
        if (one == state)
            return word;
    return {};
}

Suggestion::State state_of_word(const std::string& word)
{
    for (const auto& [state, its] : suggestion_states)
        if (its == word)
            return state;
    return Suggestion::State::refused; // it asks nobody any more
}

std::int64_t thousandths(double score) { return std::llround(score * 1000); }

/// Labels are in them, and those may hold broken UTF-8.
std::string candidates_out(const std::vector<oncall::Related>& candidates)
{
    auto list = SuggestedJson::array();
    for (const auto& one : candidates)
        list.push_back(SuggestedJson{
            {"into", one.into.value}, {"by", one.by.value}, {"score", thousandths(one.score)}, {"because", one.because}});
    return list.dump(-1, ' ', false, SuggestedJson::error_handler_t::replace);
}

const std::string select_suggestions =
    "SELECT alert, into_alert, by_alert, score, because, candidates, made_at, state, decided_by, decided_at FROM suggestions ";

Suggestion suggestion_in(Query& row)
{
    Suggestion one;
    one.alert = {row.integer()};
    one.likeliest.into = {row.integer()};
    one.likeliest.by = {row.integer()};
    one.likeliest.score = static_cast<double>(row.integer()) / 1000;
    one.likeliest.because = row.text();
    for (const auto& candidate : SuggestedJson::parse(row.text()))
        one.candidates.push_back({{candidate.at("into").get<std::int64_t>()}, {candidate.at("by").get<std::int64_t>()},
            candidate.at("score").get<double>() / 1000, candidate.at("because").get<std::string>()});
    one.made_at = row.time();
    one.state = state_of_word(row.text());
    one.decided_by = row.text();
    one.decided_at = row.time();
    return one;
}

/// What an alert is known by when it comes again: whose it is, and what it says.
std::string kind_of_alert(const oncall::Alert& alert)
{
    return alert.service + "\n" + std::to_string(oncall::fingerprint(alert));
}

std::string pair_of(const oncall::Alert& one, const oncall::Alert& other)
{
    auto first = kind_of_alert(one), second = kind_of_alert(other);
    if (second < first)
        first.swap(second);
    return sha256(first + "\n" + second);
}

} // namespace

bool Suggestions::add(const Suggestion& suggestion) const
{
    run(tx,
        "INSERT INTO suggestions (alert, into_alert, by_alert, score, because, candidates, made_at) VALUES ($1, $2, $3, $4, $5, "
        "$6, $7) ON CONFLICT (alert) DO NOTHING",
        suggestion.alert.value, suggestion.likeliest.into.value, suggestion.likeliest.by.value,
        thousandths(suggestion.likeliest.score), suggestion.likeliest.because, candidates_out(suggestion.candidates),
        suggestion.made_at);
    return tx.changes() == 1;
}

std::optional<Suggestion> Suggestions::find(oncall::AlertId alert) const
{
    static const auto sql = select_suggestions + "WHERE alert = $1";
    Query row{tx, sql, alert.value};
    return row.step() ? std::optional{suggestion_in(row)} : std::nullopt;
}

bool Suggestions::decide(oncall::AlertId alert, Suggestion::State state, const std::string& person, TimePoint at) const
{
    run(tx, "UPDATE suggestions SET state = $2, decided_by = $3, decided_at = $4 WHERE alert = $1 AND state = 'open'",
        alert.value, state_word(state), person, at);
    return tx.changes() == 1;
}

std::vector<Suggestion> Suggestions::since(TimePoint when, int most) const
{
    static const auto sql = select_suggestions + "WHERE made_at >= $1 ORDER BY made_at, alert LIMIT $2";
    std::vector<Suggestion> all;
    for (Query row{tx, sql, when, most}; row.step();)
        all.push_back(suggestion_in(row));
    return all;
}

bool Suggestions::is_storm(TimePoint now) const
{
    Query row{tx,
        "SELECT COUNT(*) FROM (SELECT 1 FROM alerts WHERE state <> 'resolved' AND triggered_at > $1 AND triggered_at <= $2 LIMIT "
        "$3)",
        now - of_a_storm, now, a_storm};
    row.step();
    return row.number() == a_storm;
}

std::vector<oncall::Around> Suggestions::around(const oncall::Alert& alert, const std::vector<std::string>& services) const
{
    const auto since = alert.triggered_at - oncall::related_within;
    std::vector<oncall::AlertId> ids;
    const auto take = [&](Query row) {
        while (ids.size() < most_found && row.step()) {
            const oncall::AlertId id{row.integer()};
            if (id != alert.id && std::find(ids.begin(), ids.end(), id) == ids.end())
                ids.push_back(id);
        }
    };
    constexpr std::string_view of_service{
        "SELECT id FROM alerts WHERE state <> 'resolved' AND service = $1 AND triggered_at BETWEEN $2 AND $3 AND drill = 0 AND "
        "suppressed = 0 AND source <> '' ORDER BY triggered_at DESC, id DESC LIMIT $4"};
    constexpr std::string_view of_any{
        "SELECT id FROM alerts WHERE state <> 'resolved' AND triggered_at BETWEEN $1 AND $2 AND drill = 0 AND suppressed = 0 AND "
        "source <> '' ORDER BY triggered_at DESC, id DESC LIMIT $3"};
    for (const auto& service : services)
        take(Query{tx, of_service, service, since, alert.triggered_at, most_of_a_service});
    take(Query{tx, of_any, since, alert.triggered_at, most_of_all});

    const Alerts alerts{tx};
    std::map<oncall::AlertId, std::pair<oncall::Alert, std::size_t>> roots;
    std::vector<oncall::Around> found;
    for (const auto id : ids) {
        auto one = alerts.find(id);
        if (!one)
            continue;
        const auto root = one->parent.value == 0 ? one->id : one->parent;
        auto known = roots.find(root);
        if (known == roots.end()) {
            auto stands = root == one->id ? one : alerts.find(root);
            if (!stands)
                continue;
            Query count{
                tx, "SELECT COUNT(*) FROM (SELECT 1 FROM alerts WHERE parent = $1 LIMIT $2)", root.value, oncall::most_in_group};
            count.step();
            known = roots.emplace(root, std::pair{std::move(*stands), static_cast<std::size_t>(1 + count.number())}).first;
        }
        if (known->second.first.state != oncall::AlertState::resolved)
            found.push_back({std::move(*one), known->second.first, known->second.second});
    }
    return found;
}

void UnrelatedAlerts::add(const oncall::Alert& one, const oncall::Alert& other, const std::string& person, TimePoint at) const
{
    run(tx, "INSERT INTO unrelated (pair, person, at) VALUES ($1, $2, $3) ON CONFLICT (pair) DO NOTHING", pair_of(one, other),
        person, at);
}

bool UnrelatedAlerts::has(const oncall::Alert& one, const oncall::Alert& other) const
{
    return Query{tx, "SELECT 1 FROM unrelated WHERE pair = $1", pair_of(one, other)}.step();
}

} // namespace storage
