#include "commands/verbs.hpp"
#include "config/nearest.hpp"

#include <set>

namespace commands {

namespace {

using oncall::milliseconds;
using oncall::TimePoint;

constexpr milliseconds longest_overlap = std::chrono::days{90};

/// "2026-11-03 12:00 UTC"
std::string words(TimePoint when)
{
    auto text = oncall::iso(when, "UTC").substr(0, 16);
    text[10] = ' ';
    return text + " UTC";
}

std::set<std::string> sources_of(App& app, const std::map<std::string, storage::SourceKey>& keys)
{
    std::set<std::string> names;
    for (const auto& [hash, key] : keys)
        names.insert(key.source);
    for (const auto& [name, source] : app.context().configuration()->sources)
        names.insert(name);
    return names;
}

/// The source that is meant, or Refusal.
std::string source_in(App& app, storage::Transaction& tx, const Json& arguments)
{
    const auto wanted = slack::text_at(arguments, {"source"});
    const auto names = sources_of(app, storage::SourceKeys{tx}.all());
    if (names.contains(wanted))
        return wanted;
    const auto meant = config::nearest(wanted, {names.begin(), names.end()});
    throw oncall::Refusal{"There is no source " + wanted + "."
        + (meant ? " Did you mean " + *meant + "?" : " oncall-bot token list shows those there are.")};
}

void note(storage::Transaction& tx, const std::string& verb, const std::string& source, const std::string& after, TimePoint now)
{
    storage::Audit{tx}.add(now, "", "the command line", verb, "source " + source, "", after);
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

} // namespace

asio::awaitable<Said> list_tokens(App& app, Json)
{
    auto look = [](storage::Transaction& tx) { return storage::SourceKeys{tx}.all(); };
    const auto keys = co_await app.database().read(look);
    const auto now = app.context().clock.now();
    Said said;
    std::size_t width = 6;
    const auto names = sources_of(app, keys);
    for (const auto& name : names)
        width = std::max(width, name.size());
    for (const auto& name : names) {
        std::multimap<TimePoint, std::string> lines;
        for (const auto& [hash, key] : keys)
            if (key.source == name && key.holds(now))
                lines.emplace(key.made,
                    padded(key.made == TimePoint{} ? "before this was noted" : "made " + words(key.made), 27)
                        + (key.until == TimePoint{} ? "" : "until " + words(key.until)));
        if (lines.empty())
            lines.emplace(now, "none that holds: oncall-bot token new " + name);
        for (const auto& [made, line] : lines) {
            said.out += padded(name, width + 2) + line;
            said.out.erase(said.out.find_last_not_of(' ') + 1);
            said.out += '\n';
        }
    }
    if (said.out.empty())
        said.err = "There are no sources. Put one into oncall.yaml, under `sources`.\n";
    co_return said;
}

asio::awaitable<Said> rotate_token(App& app, Json arguments)
{
    auto& context = app.context();
    const auto overlap = oncall::duration_in(slack::text_at(arguments, {"overlap"}));
    if (!overlap || *overlap > longest_overlap)
        throw oncall::Refusal{"--overlap is how long the old key goes on working: 0s to 90d, as 24h."};
    const auto now = context.clock.now();
    const auto key = context.random.token(24);
    bool had = false;
    auto change = [&](storage::Transaction& tx) {
        auto source = source_in(app, tx, arguments);
        const storage::SourceKeys keys{tx};
        for (const auto& [hash, one] : keys.all())
            had = had || (one.source == source && one.holds(now));
        keys.rotate(source, storage::sha256(key), now, now + *overlap);
        note(tx, "rotate key", source, had ? "old until " + words(now + *overlap) : "", now);
        return source;
    };
    const auto source = co_await app.database().transaction(change);
    auto loading = app.load();
    co_await std::move(loading);
    Said said;
    said.out = key + "\n";
    said.err = "The new key of source " + source + "; it is shown only now. Alerts go to POST /hooks/KEY.\n";
    if (had)
        said.err += overlap->count() == 0 ? "The old one has stopped working.\n"
                                          : "The old one works until " + words(now + *overlap) + ".\n";
    co_return said;
}

asio::awaitable<Said> revoke_token(App& app, Json arguments)
{
    const auto now = app.context().clock.now();
    auto change = [&](storage::Transaction& tx) {
        auto source = source_in(app, tx, arguments);
        if (!storage::SourceKeys{tx}.revoke(source, now))
            throw oncall::Refusal{"Source " + source + " has no key that works."};
        note(tx, "revoke keys", source, "", now);
        return source;
    };
    const auto source = co_await app.database().transaction(change);
    auto loading = app.load();
    co_await std::move(loading);
    Said said;
    said.out = "No key of source " + source + " works any more. Another: oncall-bot token new " + source + "\n";
    co_return said;
}

int token(const std::string& what, const std::string& source, const std::string& overlap)
{
    Json arguments = Json::object();
    arguments["source"] = source;
    arguments["overlap"] = overlap;
    return ask_and_print("token " + what, std::move(arguments));
}

} // namespace commands
