#pragma once

#include "config/plan.hpp"
#include "handlers/context.hpp"

/// Changes of the configuration: by the file, by Slack, by overrides.
namespace handlers {

/// Another configuration, other overrides or keys were committed, or who people are: they hold from here on, and whoever follows
/// them looks again. On the loop, after the commit and before its answer. What was stored and is broken is said in the log and
/// left out.
asio::awaitable<void> put_in_force(Context& app);

struct ApplyWish {
    bool dry_run{}; // say what would happen, and change nothing
    bool prune{}; // delete what is gone from the file
    bool force{}; // the file's word counts more than Slack's
};

/// What a change came to. When the plan has problems, nothing was changed.
struct Configured {
    config::Plan plan{};
    std::map<std::string, std::string> keys{}; // source → the key made for it, to be shown once
    bool written{}; // put_in_force is due
    std::vector<std::string> shifts{}; // of a dry run of the file: who would be on call instead of whom, as in blocks::words()
};

/// Takes up oncall.yaml, in one transaction with its audit rows. `file` is parsed and has no problems. The same file twice writes
/// nothing the second time.
Configured apply(
    storage::Transaction& tx, const Context& app, const oncall::Configuration& file, ApplyWish wish, const Asked& asked);

/// What taking it up came to, with what people are called.
struct TakenUp {
    Configured configured{};
    std::map<std::string, std::string> names{}; // by Slack id
};
/// The same from its transaction to being in force.
asio::awaitable<TakenUp> take_up(Context& app, oncall::Configuration file, ApplyWish wish, Asked asked);
/// A line for each change, and for what stays as it is in Slack. Keys are not logged.
void log_plan(logging::Log& log, const TakenUp& taken_up);

/// Changes items as a form in Slack wants it; checked as the whole file is. Problems have a `path`: "policy
/// payments.levels[0].patience"; just "policy payments" when somebody else changed it while the form was open. `dry_run`: the
/// plan, and nothing is changed. A signing secret that is replaced works on for `usual_overlap`. Throws Refusal for people of
/// other workspaces. After the commit: put_in_force.
Configured edit(storage::Transaction& tx, const Context& app, const std::vector<config::Edit>& edits, const Asked& asked,
    bool dry_run = false);

/// The same by a directory that services are synced from: they were changed by "directory NAME". Nobody is asked whether they
/// may.
Configured take_over(storage::Transaction& tx, const Context& app, const std::vector<config::Edit>& edits,
    const std::string& directory, const Asked& asked, bool dry_run);

/// How long a replaced key goes on working, unless one says otherwise; and at most.
inline constexpr oncall::milliseconds usual_overlap = std::chrono::hours{24};
inline constexpr oncall::milliseconds longest_overlap = std::chrono::days{90};

struct Rotated {
    std::string key{}; // to be shown once
    TimePoint old_until{}; // TimePoint{}: there was none, or it has stopped working
};

/// Another key for the source; the one it has works on for `overlap`, 0: not at all. Throws Refusal when there is no such source
/// or the overlap is too long. After the commit: put_in_force.
Rotated rotate_key(
    storage::Transaction& tx, const Context& app, const std::string& source, oncall::milliseconds overlap, const Asked& asked);

/// The keys and signing secrets that were replaced stop working now. False when there are none. After the commit: put_in_force.
bool end_overlap(storage::Transaction& tx, const Context& app, const std::string& source, const Asked& asked);

/// All keys of the source stop working now, and neither the next start nor the file, as it was applied, brings one back. False
/// when none works. After the commit: put_in_force.
bool revoke_keys(storage::Transaction& tx, const Context& app, const std::string& source, const Asked& asked);

/// What is in the database, for a plan.
config::Stored stored_configuration(storage::Transaction& tx);

} // namespace handlers
