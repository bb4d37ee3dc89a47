#include "commands/verbs.hpp"
#include "config/nearest.hpp"
#include "handlers/configure.hpp"
#include "notify/webhook_secret.hpp"

#include <set>

namespace commands {

namespace {

using oncall::TimePoint;

/// "2026-11-03 12:00 UTC"
std::string minute_words(TimePoint when)
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

handlers::Asked asked_by_command(App& app)
{
    handlers::Asked asked;
    asked.via = "the command line";
    asked.now = app.context().clock.now();
    return asked;
}

std::string left_aligned(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

/// What the receivers that policies name check their pages with: it follows from the service's own secret and the address.
std::string webhooks(const handlers::Context& app)
{
    const auto configuration = app.configuration();
    std::set<std::string> targets;
    for (const auto& [name, policy] : configuration->policies)
        for (const auto& level : policy.levels)
            for (const auto& target : level.targets)
                if (target.kind == oncall::TargetKind::webhook)
                    targets.insert(oncall::target_out(target));
    std::string text;
    for (const auto& target : targets)
        text += target + "  signed with " + notify::webhook_secret(app.answer_secret, target) + "\n";
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
                    left_aligned(key.made == TimePoint{} ? "before this was noted" : "made " + minute_words(key.made), 27)
                        + (key.until == TimePoint{} ? "" : "until " + minute_words(key.until)));
        if (lines.empty())
            lines.emplace(now, "none that holds: oncall-bot token new " + name);
        for (const auto& [made, line] : lines) {
            said.out += left_aligned(name, width + 2) + line;
            said.out.erase(said.out.find_last_not_of(' ') + 1);
            said.out += '\n';
        }
    }
    if (said.out.empty())
        said.err = "There are no sources. Put one into oncall.yaml, under `sources`.\n";
    said.out += webhooks(app.context());
    co_return said;
}

asio::awaitable<Said> rotate_token(App& app, Json arguments)
{
    const auto overlap = oncall::duration_in(slack::text_at(arguments, {"overlap"}));
    if (!overlap)
        throw oncall::Refusal{"--overlap is how long the old key goes on working: 0s to 90d, as 24h."};
    const auto asked = asked_by_command(app);
    std::string source;
    auto change = [&](storage::Transaction& tx) {
        source = source_in(app, tx, arguments);
        return handlers::rotate_key(tx, app.context(), source, *overlap, asked);
    };
    const auto rotated = co_await app.database().transaction(change);
    auto loading = app.load();
    co_await std::move(loading);
    Said said;
    said.out = rotated.key + "\n";
    said.err = "The new key of source " + source + "; it is shown only now. Alerts go to POST /hooks/KEY.\n";
    said.err += rotated.old_until == TimePoint{} ? "No other key of it works.\n"
                                                 : "The old one works until " + minute_words(rotated.old_until) + ".\n";
    co_return said;
}

asio::awaitable<Said> revoke_token(App& app, Json arguments)
{
    const auto asked = asked_by_command(app);
    std::string source;
    auto change = [&](storage::Transaction& tx) {
        source = source_in(app, tx, arguments);
        if (!handlers::revoke_keys(tx, app.context(), source, asked))
            throw oncall::Refusal{"Source " + source + " has no key that works."};
    };
    co_await app.database().transaction(change);
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
