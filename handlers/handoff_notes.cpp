#include "handlers/handoff.hpp"
#include "handlers/overrides.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::HandoffPart;
using storage::ToldHandoff;
using storage::Transaction;

namespace {

/// An older note was written for another handoff.
constexpr milliseconds note_holds = 60 * 24h;

/// No handoff takes it along: whoever is on call instead gets it, and the channels.
void give_note(
    Transaction& tx, const Context& app, const storage::HandoffNote& note, const std::vector<std::string>& people, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const auto key = "note:" + storage::sha256(note.schedule + "\n" + note.person + "\n" + note.text) + ":";
    const auto words = "📝 " + mention(note.person) + " is off call by schedule " + note.schedule
        + " before the shift was over, and left this note for whoever comes: " + note.text;
    for (const auto& channel : channels_told(app, *app.configuration(), note.schedule))
        outbox.add(key + channel, "channel_words", storage::Priority::card, channel, 0, channel + "\n" + words, now);
    for (const auto& person : people)
        outbox.add(key + person, "person_words", storage::Priority::answer, person, 0, person + "\n" + words, now);
}

} // namespace

void hand_notes_over(Transaction& tx, const Context& app, const std::string& schedule, std::int64_t handoff, TimePoint now)
{
    const storage::HandoffNotes notes{tx};
    auto waiting = notes.waiting(schedule);
    const auto configuration = app.configuration();
    const auto found = configuration->schedules.find(schedule);
    if (waiting.empty() || found == configuration->schedules.end())
        return;
    const auto known = known_people(tx);
    std::vector<std::string> are;
    for (const auto& one : who_is_on_call(found->second, now).people)
        are.push_back(known_as(one, known));
    for (auto& note : waiting) {
        if (std::find(are.begin(), are.end(), note.person) != are.end())
            continue;
        const bool is_old = note.written_at < now - note_holds;
        if (!is_old && handoff != 0) {
            notes.hand_over(std::move(note), handoff);
            show_handoff(tx, handoff, now);
            continue;
        }
        if (!is_old)
            give_note(tx, app, note, are, now);
        notes.save({schedule, note.person, 0, {}, {}});
    }
}

std::vector<NoteTarget> note_targets(Transaction& tx, const Context& app, const std::string& who, TimePoint now)
{
    const auto configuration = app.configuration();
    const auto known = known_people(tx);
    const auto recent = storage::Handoffs{tx}.since(now - note_kept_open);
    std::vector<NoteTarget> targets;
    for (const auto& watched : storage::WatchedSchedules{tx}.all()) {
        const auto schedule = configuration->schedules.find(watched.name);
        if (schedule == configuration->schedules.end())
            continue;
        const auto on_call = who_is_on_call(schedule->second, now);
        if (std::any_of(on_call.people.begin(), on_call.people.end(),
                [&](const std::string& one) { return known_as(one, known) == who; })) {
            // Hers, not that of whoever is on call with her.
            NoteTarget target{watched.id, watched.name, 0, {}};
            for (const auto& coming : handoffs(schedule->second, known, now, now + 60 * 24h, 1'000))
                if (std::find(coming.outgoing.begin(), coming.outgoing.end(), who) != coming.outgoing.end()) {
                    target.at = coming.at;
                    break;
                }
            targets.push_back(std::move(target));
            continue;
        }
        const auto is_theirs = [&](const HandoffPart& part) {
            return part.kind == HandoffPart::outgoing && known_as(part.person, known) == who;
        };
        const auto went = std::find_if(recent.begin(), recent.end(), [&](const ToldHandoff& told) {
            return told.schedule == watched.name && std::any_of(told.parts.begin(), told.parts.end(), is_theirs);
        });
        if (went != recent.end())
            targets.push_back({watched.id, watched.name, went->id, went->at});
    }
    return targets;
}

std::string write_note(Transaction& tx, const NoteTarget& target, const std::string& text, const Asked& asked)
{
    const storage::HandoffNotes notes{tx};
    const auto before = notes.find(target.schedule, asked.actor, target.handoff);
    notes.save({target.schedule, asked.actor, target.handoff, text, asked.now});
    storage::Audit{tx}.add(
        asked.now, asked.actor, asked.via, "handoff note", "schedule " + target.schedule, before ? before->text : "", text);
    if (target.handoff != 0)
        show_handoff(tx, target.handoff, asked.now);
    if (text.empty())
        return before ? "Your note is taken back." : "There is nothing in it, so nothing is kept.";
    if (target.handoff != 0)
        return "Your note is in the handoff of schedule " + target.schedule + " now.";
    return "Kept: your note goes with the handoff of schedule " + target.schedule
        + (target.at == TimePoint{} ? "." : ", " + date_token(target.at) + ".");
}

} // namespace handlers
