#include "storage/directories.hpp"

#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

namespace storage {

namespace {

using DirectoryJson = nlohmann::json;

DirectoryJson json_of_synced(const oncall::SyncedService& one)
{
    auto written = DirectoryJson::object();
    const auto put = [&written](const char* key, const std::string& text) {
        if (!text.empty())
            written[key] = text;
    };
    put("team", one.said.team);
    put("runbook", one.said.runbook);
    put("description", one.said.description);
    put("directory", one.said.directory);
    if (one.said.tier != 0)
        written["tier"] = one.said.tier;
    if (!one.said.labels.empty())
        written["labels"] = one.said.labels;
    for (const auto& link : one.said.links) {
        auto pair = DirectoryJson::array();
        pair.push_back(link.href);
        pair.push_back(link.text);
        written["links"].push_back(std::move(pair));
    }
    if (!one.said.depends_on.empty())
        written["depends_on"] = one.said.depends_on;
    if (one.missed != 0) {
        written["missed"] = one.missed;
        written["missed_since"] = one.missed_since.time_since_epoch().count();
    }
    return written;
}

oncall::SyncedService synced_in(const std::string& name, const DirectoryJson& said)
{
    oncall::SyncedService one;
    one.said.name = name;
    one.said.team = said.value("team", "");
    one.said.runbook = said.value("runbook", "");
    one.said.description = said.value("description", "");
    one.said.directory = said.value("directory", "");
    one.said.tier = said.value("tier", 0);
    if (said.contains("labels"))
        one.said.labels = said.at("labels").get<std::map<std::string, std::string>>();
    if (said.contains("links"))
        for (const auto& link : said.at("links"))
            one.said.links.push_back({link.at(0).get<std::string>(), link.at(1).get<std::string>()});
    if (said.contains("depends_on"))
        one.said.depends_on = said.at("depends_on").get<std::vector<std::string>>();
    one.missed = said.value("missed", 0);
    one.missed_since = TimePoint{oncall::milliseconds{said.value("missed_since", std::int64_t{})}};
    return one;
}

DirectoryState directory_in(Query& row)
{
    DirectoryState state;
    state.name = row.text();
    state.origin = row.text();
    state.report = row.text();
    state.read_at = row.time();
    state.due = row.time();
    state.failures = row.number();
    state.trouble = row.text();
    state.told = row.number() != 0;
    return state;
}

constexpr std::string_view select_directories{
    "SELECT name, origin, report, read_at, due, failures, trouble, told FROM directories "};

} // namespace

std::optional<DirectoryState> Directories::find(const std::string& name) const
{
    Query row{tx, std::string{select_directories} + "WHERE name = $1", name};
    if (!row.step())
        return std::nullopt;
    auto state = directory_in(row);
    Query services{tx, "SELECT services FROM directories WHERE name = $1", name};
    services.step();
    const auto said_of_all = DirectoryJson::parse(services.text()); // items() would not keep it
    for (const auto& [service, said] : said_of_all.items())
        state.services.emplace(service, synced_in(service, said));
    return state;
}

std::vector<DirectoryState> Directories::all() const
{
    std::vector<DirectoryState> states;
    for (Query row{tx, std::string{select_directories} + "ORDER BY name"}; row.step();)
        states.push_back(directory_in(row));
    return states;
}

void Directories::save(const DirectoryState& state) const
{
    auto services = DirectoryJson::object();
    for (const auto& [name, one] : state.services)
        services[name] = json_of_synced(one);
    run(tx,
        "INSERT INTO directories (name, origin, services, report, read_at, due, failures, trouble, told) VALUES ($1, $2, $3, $4, "
        "$5, $6, $7, $8, $9) ON CONFLICT (name) DO UPDATE SET origin = excluded.origin, services = excluded.services, report = "
        "excluded.report, read_at = excluded.read_at, due = excluded.due, failures = excluded.failures, trouble = "
        "excluded.trouble, told = excluded.told",
        state.name, state.origin, services.dump(-1, ' ', false, DirectoryJson::error_handler_t::replace), state.report,
        state.read_at, state.due, state.failures, state.trouble, state.told);
}

std::set<std::string> Directories::alerting() const
{
    std::set<std::string> services;
    for (Query row{tx, "SELECT DISTINCT service FROM alerts WHERE state <> 'resolved'"}; row.step();)
        services.insert(row.text());
    return services;
}

void Directories::put_off(const std::string& name, const std::string& origin, TimePoint due) const
{
    run(tx,
        "INSERT INTO directories (name, origin, due) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET origin = "
        "excluded.origin, due = excluded.due",
        name, origin, due);
}

} // namespace storage
