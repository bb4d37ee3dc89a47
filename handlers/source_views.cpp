#include "handlers/source_views.hpp"

#include "config/nearest.hpp"
#include "handlers/first_event.hpp"
#include "handlers/pings.hpp"
#include "handlers/source_mapping.hpp"
#include "handlers/sources/setup_lines.hpp"
#include "handlers/sources/sources.hpp"
#include "oncall/severity.hpp"
#include "oncall/words.hpp"
#include "storage/first_events.hpp"

#include <algorithm>
#include <set>

namespace handlers {

using blocks::PayloadLine;
using oncall::Configuration;
using oncall::Refusal;
using storage::PayloadState;
using storage::Transaction;

const oncall::Source& source_meant(const Configuration& configuration, const std::string& name)
{
    if (const auto found = configuration.sources.find(name); found != configuration.sources.end())
        return found->second;
    std::vector<std::string> known;
    for (const auto& [one, source] : configuration.sources)
        known.push_back(one);
    const auto near = config::nearest(name, known);
    throw Refusal{"There is no source " + name + ". " + (near ? "Did you mean `/oncall source " + *near + "`? " : std::string{})
        + "`/oncall source` lists those there are."};
}

void permit_source(const Surroundings& around, const std::string& source)
{
    oncall::permit_edit(around.editor, "source", source, *around.now, *around.now);
}

storage::Payload payload_meant(Transaction& tx, std::int64_t id)
{
    auto payload = storage::Payloads{tx}.find(id);
    if (!payload)
        throw Refusal{"That payload is not kept any more: of each source the last are. `/oncall source` shows them."};
    return std::move(*payload);
}

namespace {

constexpr int most_payloads_shown = 10;

std::string product_of(const std::string& format)
{
    const auto* const its = sources::format(format);
    return its ? std::string{its->product} : format;
}

bool may_edit_source(const Surroundings& around, const std::string& source)
{
    try {
        permit_source(around, source);
        return true;
    } catch (const Refusal&) {
        return false;
    }
}

blocks::SourceLine line_of_source(const oncall::Source& source)
{
    blocks::SourceLine line;
    line.name = source.name;
    line.product = product_of(source.format);
    line.service = source.service;
    line.team = source.team;
    line.quiet = source.quiet;
    return line;
}

/// "quiet: …", a line each.
std::vector<std::string> source_facts(const oncall::Source& source)
{
    std::vector<std::string> facts;
    const auto* const its = sources::format(source.format);
    if (source.quiet)
        facts.push_back("It is quiet: what comes is kept and becomes no alert.");
    if (source.is_signed)
        facts.push_back("Each request must be signed.");
    if (source.auto_resolve.count() > 0)
        facts.push_back("An alert that it reports no more is resolved after " + oncall::duration_out(source.auto_resolve) + ".");
    else if (its && !its->resolves)
        facts.push_back(source.auto_resolve.count() < 0
                ? "It never says that something is over: its alerts stay until somebody resolves them."
                : "It never says that something is over: an alert that it reports no more is resolved after an hour.");
    if (!source.mapping.fields.empty())
        facts.push_back("A mapping says where the fields of its alerts stand.");
    if (!source.branches.empty())
        facts.push_back("Branches: " + oncall::listed(source.branches) + ".");
    if (!source.topics.empty())
        facts.push_back("Topics: " + oncall::listed(source.topics) + ".");
    if (source.by_group)
        facts.push_back("Each group is one alert.");
    if (source.first_ping_makes != oncall::milliseconds{})
        facts.push_back("A ping by a name that is no heartbeat yet makes one, expected every "
            + oncall::duration_out(source.first_ping_makes) + ".");
    return facts;
}

/// "p1, sev0 → critical", a line for each severity.
std::vector<std::string> severity_lines(const oncall::Source& source)
{
    std::map<std::string, std::vector<std::string>> words;
    const auto add = [&](const std::string& word) {
        const auto severity = oncall::severity_of(source, word);
        auto& all = words[severity];
        if (!severity.empty() && std::find(all.begin(), all.end(), word) == all.end())
            all.push_back(word);
    };
    for (const auto& [word, severity] : source.severities)
        add(word);
    for (const auto& row : oncall::severities())
        if (row.format == source.format)
            add(std::string{row.word});
    std::vector<std::string> lines;
    for (const char* const severity : {"critical", "error", "warning", "info"})
        if (const auto found = words.find(severity); found != words.end() && !found->second.empty())
            lines.push_back(oncall::listed(found->second, ", ") + " → " + severity);
    return lines;
}

} // namespace

Surroundings around_source(Transaction& tx, const Context& app, const std::string& source, const Asked& asked)
{
    return surroundings(tx, app, {"source", source, false}, asked);
}

slack::View list_of_sources(Transaction& tx, const Context& app, std::size_t page)
{
    const auto configuration = app.configuration();
    const auto heard = storage::FirstEvents{tx}.heard();
    const auto dead = storage::Payloads{tx}.count_dead_of_each();
    std::vector<blocks::SourceLine> lines;
    for (const auto& [name, source] : configuration->sources) {
        auto line = line_of_source(source);
        if (const auto at = heard.find(name); at != heard.end())
            line.heard = at->second;
        if (const auto count = dead.find(name); count != dead.end())
            line.dead_letters = count->second;
        lines.push_back(std::move(line));
    }
    return blocks::sources_list(lines, page);
}

PayloadLine line_of_payload(const storage::Payload& payload, bool with_words)
{
    PayloadLine line;
    line.id = payload.id;
    line.at = payload.at;
    line.became = payload.state == PayloadState::unread ? PayloadLine::Became::dead_letter
        : payload.state == PayloadState::replayed       ? PayloadLine::Became::replayed
        : payload.state == PayloadState::dismissed      ? PayloadLine::Became::dismissed
                                                        : PayloadLine::Became::alert;
    if (with_words)
        line.words = payload.words;
    return line;
}

slack::View view_of_source(
    Transaction& tx, const Context& app, const std::string& name, const Asked& asked, const std::string& words)
{
    const auto around = around_source(tx, app, name, asked);
    const auto& source = source_meant(*around.now, name);
    const storage::Payloads payloads{tx};
    blocks::SourceView shown;
    shown.line = line_of_source(source);
    shown.said = words;
    shown.facts = source_facts(source);
    shown.severities = severity_lines(source);
    shown.may_edit = may_edit_source(around, name);
    shown.maps = takes_mapping(source);
    shown.waits_until = waits_until(tx, name, asked.actor);
    shown.names = around.names;
    const auto heard = storage::FirstEvents{tx}.heard();
    if (const auto at = heard.find(name); at != heard.end())
        shown.line.heard = at->second;
    const auto counts = payloads.count_dead_of_each();
    if (const auto count = counts.find(name); count != counts.end())
        shown.line.dead_letters = count->second;
    std::set<std::int64_t> seen;
    for (const auto& one : payloads.last(name, most_payloads_shown)) {
        seen.insert(one.id);
        shown.last.push_back(line_of_payload(one, shown.may_edit));
    }
    for (const auto& one : payloads.dead(name, most_payloads_shown))
        if (!seen.contains(one.id))
            shown.dead.push_back(line_of_payload(one, shown.may_edit));
    return blocks::source_view(shown);
}

std::vector<blocks::Paste> lines_to_paste(const Context& app, const oncall::Source& source, const std::string& key)
{
    sources::SetupFor setup;
    setup.source = source;
    setup.address = app.address;
    setup.is_public = app.public_address;
    setup.key = key;
    auto lines = sources::setup_lines(setup);
    const auto configuration = app.configuration();
    auto name = source.first_ping_makes == oncall::milliseconds{} ? std::string{} : std::string{"NAME"};
    for (const auto& [its, monitor] : configuration->heartbeats)
        if (name.empty() && monitor.source == source.name)
            name = its;
    if (name.empty())
        return lines;
    lines.push_back({"*Heartbeats* are pinged by the same key.", ""});
    for (auto& line : ping_lines(app.address, key, name))
        lines.push_back(std::move(line));
    return lines;
}

blocks::KeyView key_view(const Context& app, const std::string& name, const std::string& key)
{
    blocks::KeyView shown;
    shown.source = name;
    shown.key = key;
    shown.address = app.address;
    shown.guessed = !app.public_address;
    const auto configuration = app.configuration();
    if (const auto its = configuration->sources.find(name); its != configuration->sources.end()) {
        shown.format = its->second.format;
        shown.setup = lines_to_paste(app, its->second, key);
    }
    return shown;
}

} // namespace handlers
