#pragma once

#include "handlers/routes.hpp"
#include "oncall/silences.hpp"
#include "storage/silences.hpp"

/// Silences and maintenance windows.
namespace handlers {

// Inside a transaction:

/// What of them holds this alert back now.
std::vector<oncall::Hold> silenced(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);
/// One begins or ends, or what is silent is to be listed.
void silence_due(storage::Transaction& tx, const Context& app, const storage::Timer& timer, TimePoint now);
/// What is silent is listed each morning while anything is: a paused heartbeat is, too.
void plan_digest_of_silence(storage::Transaction& tx, const Context& app, TimePoint now);

/// What somebody wants: a new one (id 0), or another that is there.
struct SilenceWish {
    oncall::Silence what{};
    std::int64_t version{}; // of the one that is edited
    bool open_too{}; // what pages now is held as well
};
/// What came of it.
struct ChangedSilence {
    storage::StoredSilence one{};
    std::string words{};
    std::string undo{}; // "<id>:<version>"; empty: it cannot be undone
};
/// Each of these throws Refusal, and then nothing is changed.
ChangedSilence make_silence(storage::Transaction& tx, const Context& app, const SilenceWish& wish, const Asked& asked);
ChangedSilence end_silence(
    storage::Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const Asked& asked);
ChangedSilence undo_silence(
    storage::Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const Asked& asked);
/// Throws Refusal when that person may not make, change or end it.
void permit_silencing(storage::Transaction& tx, const Context& app, const oncall::Silence& silence, const Asked& asked);

// silence_forms.cpp

/// `silence checkout 2h because deploy` does it; what is grave is asked about, and what is missing by a form.
Answer silence(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer silences(slack::Command command, std::string rest, std::string delivery, Context& app);
/// A form, with what was said in it; `maintenance list`: the windows.
Answer maintenance(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_silence_open(slack::Action action, std::string delivery, Context& app);
/// *End now* and *Undo*.
Answer click_silence(slack::Action action, std::string delivery, Context& app);
Answer submit_silence(slack::Submission submission, std::string delivery, Context& app);
Answer save_silence(slack::Submission submission, std::string delivery, Context& app);
Answer look_up_silence(slack::Lookup lookup, Context& app);

} // namespace handlers
