#include "blocks/handoff.hpp"

#include "blocks/contact.hpp"
#include "blocks/overrides.hpp"
#include "blocks/schedule_name.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::AlertState;
using oncall::TimePoint;

namespace {

constexpr std::size_t most_handoff_word = 60, most_handoff_title = 120, most_handoff_why = 200;
constexpr std::size_t most_named_of_a_kind = 10; // people of one kind
constexpr std::size_t most_in_full = 8; // handoffs of an instant; of those after them there is a line each
constexpr std::size_t most_in_lines = 30, lines_of_a_block = 5;
constexpr std::size_t most_of_a_message = 8'500, most_around = 600; // the whole, and its other words
constexpr std::size_t least_note = 60, most_before_a_note = 120; // who wrote it, and when

template <class Written> Mrkdwn handoff_listed(const std::vector<std::string>& all, Written written)
{
    Mrkdwn text;
    const auto shown = std::min(all.size(), most_named_of_a_kind);
    for (std::size_t i = 0; i < shown; ++i)
        text += (i == 0 ? Mrkdwn{} : i + 1 == all.size() ? Mrkdwn{" and "} : Mrkdwn{", "}) + written(all[i]);
    if (all.size() > shown)
        text += " and " + number(static_cast<std::int64_t>(all.size() - shown)) + " more";
    return text;
}

Mrkdwn handoff_people(const std::vector<std::string>& all, const Names& names)
{
    return handoff_listed(all, [&](const std::string& person) { return name(person, names); });
}

/// " is" or " are".
Mrkdwn by_number(std::size_t of, const Mrkdwn& one, const Mrkdwn& several) { return of == 1 ? one : several; }

Mrkdwn until(TimePoint when) { return when == TimePoint{} ? Mrkdwn{} : " until " + date(when); }

std::vector<std::string> persons(const std::vector<HandoffView::Incoming>& all)
{
    std::vector<std::string> found;
    for (const auto& one : all)
        found.push_back(one.person);
    return found;
}

/// "@bo is on call by schedule payments until …, after ana. chi stays."
Mrkdwn handoff_headline(const HandoffView& one, const Names& names, bool mentions)
{
    const auto called = [&](const std::string& person) { return mentions ? mention(person) : name(person, names); };
    const auto incoming = persons(one.incoming);
    const auto of = " by schedule " + schedule_name(one.schedule) + until(one.until);
    Mrkdwn text;
    if (one.is_planned_gap)
        return "🌙 Nobody is on call" + of
            + (one.outgoing.empty() ? "." : "; " + handoff_people(one.outgoing, names) + " was until now.")
            + " Pages that go by it climb on to the next level at once.";
    if (incoming.empty() && one.stays.empty())
        return "⚠️ " + bold("Nobody is on call") + of
            + (one.outgoing.empty() ? "." : "; " + handoff_people(one.outgoing, names) + " was until now.")
            + " Pages that go by it climb on to the next level at once.";
    if (incoming.empty())
        text = "🔁 " + bold(handoff_people(one.stays, names)) + by_number(one.stays.size(), " stays", " stay") + " on call" + of
            + "; " + handoff_people(one.outgoing, names) + by_number(one.outgoing.size(), " goes.", " go.");
    else
        text = "🔁 " + bold(handoff_listed(incoming, called)) + by_number(incoming.size(), " is", " are") + " on call" + of
            + (one.outgoing.empty() ? "." : ", after " + handoff_people(one.outgoing, names) + ".")
            + (one.stays.empty() ? Mrkdwn{}
                                 : " " + handoff_people(one.stays, names) + by_number(one.stays.size(), " stays.", " stay."));
    return text;
}

bool is_gone(const HandoffView::Incoming& one) { return one.kind == "gone"; }
bool is_unknown(const HandoffView::Incoming& one) { return one.kind == "nobody"; }

/// Those to whom nobody's page gets: said loudly.
Mrkdwn alarm(const HandoffView& one, const Names& names)
{
    Mrkdwn text;
    for (const auto& comes : one.incoming) {
        if (is_gone(comes))
            text += (text.empty() ? Mrkdwn{} : "\n") + "🚨 " + bold(name(comes.person, names) + " has left this workspace")
                + " and cannot be paged. Put somebody else on call now, and take them out of the schedule.";
        else if (is_unknown(comes))
            text += (text.empty() ? Mrkdwn{} : "\n") + "🚨 " + bold("Slack does not know " + name(comes.person, names))
                + ": no page reaches them there. Put somebody else on call, or mend their name in the schedule.";
    }
    return text;
}

Mrkdwn told(const std::string& passed_on_to, const Names& names)
{
    std::vector<std::string> all;
    for (std::size_t at = 0; at < passed_on_to.size();) {
        const auto end = std::min(passed_on_to.find(',', at), passed_on_to.size());
        all.push_back(passed_on_to.substr(at, end - at));
        at = end + 1;
    }
    return handoff_people(all, names);
}

Mrkdwn acceptance(const HandoffView& one, const Names& names)
{
    std::vector<Mrkdwn> lines;
    for (const auto& comes : one.incoming) {
        if (comes.accepted_at != TimePoint{})
            lines.push_back("✅ " + name(comes.person, names) + " accepted " + date(comes.accepted_at));
        else if (comes.passed_on_at != TimePoint{})
            lines.push_back("⚠️ " + name(comes.person, names) + " has not accepted; told " + told(comes.passed_on_to, names)
                + " " + date(comes.passed_on_at));
        else if (!is_gone(comes) && !is_unknown(comes) && !one.is_over)
            lines.push_back("⏳ " + name(comes.person, names) + " has not accepted yet");
    }
    return joined(lines, "\n");
}

Mrkdwn note_of(const HandoffView::Note& note, const Names& names, std::size_t most = most_note)
{
    return "📝 " + bold(name(note.person, names)) + ", " + date(note.written_at) + ": " + shortened(escape(note.text), most);
}

/// Somebody has to act.
bool is_broken(const HandoffView& one, const Names& names)
{
    return !alarm(one, names).empty() || (one.incoming.empty() && one.stays.empty() && !one.is_planned_gap);
}

Mrkdwn alert_state(AlertState state) { return state == AlertState::triggered ? "🔴 nobody has it" : escape(oncall::name(state)); }

Mrkdwn open_alert_line(const OpenAlert& alert)
{
    const auto id = "#" + number(alert.id.value);
    const auto url = url_in(alert.link);
    const auto service = one_line(alert.service, most_handoff_word);
    return "• " + (url ? link(*url, id) : id) + " " + (service.empty() ? Mrkdwn{} : service + ": ")
        + one_line(alert.title, most_handoff_title) + " · " + alert_state(alert.state);
}

Mrkdwn open_lines(const HandoffMessageView& shown)
{
    if (shown.open.empty())
        return "No alert is open.";
    std::vector<Mrkdwn> lines{"*Open alerts*"};
    for (const auto& alert : shown.open)
        lines.push_back(open_alert_line(alert));
    if (shown.more > 0)
        lines.push_back("and " + number(static_cast<std::int64_t>(shown.more)) + " more: `/oncall status` lists them");
    return joined(lines, "\n");
}

/// Bytes, which are never fewer than what Slack counts.
std::size_t size_of(const Mrkdwn& text) { return text.text().size(); }

/// How long each note may be, so that none takes the room of another schedule's headline.
std::size_t room_for_a_note(const std::vector<const HandoffView*>& in_full, const std::vector<const HandoffView*>& in_a_line,
    const HandoffMessageView& shown)
{
    std::size_t taken = most_around, notes = 0;
    for (const auto& alert : shown.open)
        taken += size_of(open_alert_line(alert));
    for (const auto* one : in_full) {
        taken += size_of(handoff_headline(*one, shown.names, true)) + size_of(alarm(*one, shown.names))
            + size_of(acceptance(*one, shown.names));
        notes += one->notes.size();
        taken += one->notes.size() * most_before_a_note;
    }
    for (const auto* one : in_a_line)
        taken += size_of(handoff_headline(*one, shown.names, true));
    const auto left = most_of_a_message - std::min(taken, most_of_a_message);
    return std::clamp<std::size_t>(left / std::max<std::size_t>(notes, 1), least_note, most_note);
}

bool can_accept(const HandoffView& one)
{
    return !one.is_over && std::any_of(one.incoming.begin(), one.incoming.end(), [](const auto& comes) {
        return comes.accepted_at == TimePoint{} && !is_gone(comes) && !is_unknown(comes);
    });
}

Json override_of(const std::string& schedule, std::string_view label)
{
    return button(label, action::override_open, "schedule:" + schedule);
}

/// "In an hour: ", as it was chosen.
Mrkdwn ahead(const ShiftReminderView& shown)
{
    using namespace std::chrono_literals;
    const auto before = shown.before;
    if (shown.is_late)
        return {};
    return before >= 7 * 24h ? Mrkdwn{"In a week: "} : before >= 24h ? Mrkdwn{"In a day: "} : Mrkdwn{"In an hour: "};
}

} // namespace

Message handoff(const HandoffMessageView& shown)
{
    std::vector<Mrkdwn> text;
    std::vector<Json> blocks;
    // Where `text` is all that is shown, nobody is mentioned a second time.
    const auto say_so = [&](const Mrkdwn& part, const Mrkdwn& block) {
        text.push_back(part);
        blocks.push_back(section(block));
    };
    const auto say = [&](const Mrkdwn& part) {
        if (!part.empty())
            say_so(part, part);
    };
    if (!shown.trouble.empty())
        say("⚠️ This belongs into another channel, where I cannot post: " + one_line(shown.trouble, most_handoff_why)
            + ". Invite me there, or name another channel in the configuration.");
    std::string broken;
    bool accepts = false, goes = false;
    std::vector<const HandoffView*> in_full, in_a_line;
    for (const auto& one : shown.handoffs) {
        in_full.push_back(&one);
        accepts = accepts || can_accept(one);
        goes = goes || (!one.outgoing.empty() && !one.is_over);
        if (broken.empty() && is_broken(one, shown.names))
            broken = one.schedule;
    }
    // What has to be mended comes first.
    std::stable_partition(in_full.begin(), in_full.end(), [&](const HandoffView* one) { return is_broken(*one, shown.names); });
    if (in_full.size() > most_in_full) {
        in_a_line.assign(in_full.begin() + most_in_full, in_full.end());
        in_full.resize(most_in_full);
    }
    const auto most = room_for_a_note(in_full, in_a_line, shown);
    for (const auto* one : in_full) {
        say_so(handoff_headline(*one, shown.names, false), handoff_headline(*one, shown.names, true));
        say(alarm(*one, shown.names));
        for (const auto& note : one->notes)
            say(note_of(note, shown.names, most));
        blocks.push_back(context({acceptance(*one, shown.names)}));
    }
    const auto lines = std::min(in_a_line.size(), most_in_lines);
    for (std::size_t from = 0; from < lines; from += lines_of_a_block) {
        std::vector<Mrkdwn> named, mentioned;
        for (auto i = from; i < std::min(lines, from + lines_of_a_block); ++i) {
            named.push_back(handoff_headline(*in_a_line[i], shown.names, false));
            mentioned.push_back(handoff_headline(*in_a_line[i], shown.names, true));
        }
        say_so(joined(named, "\n"), joined(mentioned, "\n"));
    }
    if (in_a_line.size() > lines)
        say("And " + number(static_cast<std::int64_t>(in_a_line.size() - lines))
            + " more schedules: `/oncall` shows who is on call.");
    say(open_lines(shown));
    blocks.push_back(
        actions({accepts ? button("Accept", action::handoff_accept, "m" + std::to_string(shown.id), Style::primary) : Json{},
            goes ? button("Write a note…", action::handoff_note, "") : Json{},
            broken.empty() ? Json{} : override_of(broken, "Put somebody on call…")}));
    return message(joined(text, "\n"), std::move(blocks));
}

Message shift_reminder(const ShiftReminderView& shown)
{
    using namespace std::chrono_literals;
    const bool begins = shown.before == 0ms;
    auto text = (begins ? "🟢 " + bold("You are on call now")
                        : "⏰ " + ahead(shown) + bold(shown.is_late ? Mrkdwn{"You are on call"} : Mrkdwn{"you are on call"})
                            + " from " + date(shown.at))
        + " by schedule " + schedule_name(shown.schedule) + until(shown.until) + ".";
    if (!shown.outgoing.empty())
        text += " You take over from " + handoff_people(shown.outgoing, shown.names) + ".";
    if (!shown.together.empty())
        text += " With you: " + handoff_people(shown.together, shown.names) + ".";
    const bool soon = shown.before <= 24h;
    std::vector<Json> blocks{section(text)};
    if (soon)
        blocks.push_back(context({"A test tries each way to reach you, and ticks off what arrives."}));
    blocks.push_back(
        actions({shown.accept.empty() ? Json{} : button("Accept", action::handoff_accept, shown.accept, Style::primary),
            soon ? button("Test my pager", action::pager_test, "") : Json{},
            begins ? Json{} : override_of(shown.schedule, "I can't: override…"),
            button("My reminders…", action::reminders_open, "")}));
    return message(text, std::move(blocks));
}

Message note_request(const NoteRequestView& shown)
{
    auto text = "📝 Your shift by schedule " + schedule_name(shown.schedule) + " ends " + date(shown.at) + ", and "
        + (shown.incoming.empty()
                ? Mrkdwn{"nobody comes after you"}
                : handoff_people(shown.incoming, shown.names) + by_number(shown.incoming.size(), " takes", " take") + " over")
        + ". What should others know? A note goes with the handoff.";
    return message(text,
        {section(text),
            actions({button("Write a note…", action::handoff_note, std::to_string(shown.watched), Style::primary),
                button("My reminders…", action::reminders_open, "")})});
}

Message accept_reminder(const HandoffView& shown, std::int64_t handoff, const Names& names)
{
    auto text = "⏳ " + bold("You have been on call") + " by schedule " + schedule_name(shown.schedule) + " since "
        + date(shown.at) + until(shown.until)
        + ", and have not accepted yet. Pages go to you all the same; this tells the others that you know.";
    std::vector<Mrkdwn> all{text};
    std::vector<Json> blocks{section(text)};
    for (const auto& note : shown.notes) {
        all.push_back(note_of(note, names));
        blocks.push_back(section(all.back()));
    }
    blocks.push_back(actions({button("Accept", action::handoff_accept, "h" + std::to_string(handoff), Style::primary),
        button("Test my pager", action::pager_test, ""), override_of(shown.schedule, "I can't: override…")}));
    return message(joined(all, "\n"), std::move(blocks));
}

View note_form(const NoteForm& note)
{
    Form made;
    made.title = "Handoff note";
    made.submit = "Keep it";
    made.callback = view::handoff_note;
    Values values;
    Field which;
    which.kind = Field::Kind::one;
    which.id = view::handoff_of;
    which.label = "For whom";
    which.choices = note.handoffs;
    which.required = true;
    values[which.id] = {note.chosen.empty() && !note.handoffs.empty() ? note.handoffs.front().value : note.chosen};
    Field text;
    text.kind = Field::Kind::lines;
    text.id = view::handoff_text;
    text.label = "What should they know?";
    text.placeholder = "The checkout was slow on Sunday; #42 waits for a fix on Monday";
    text.hint = "It goes with the handoff's message, for everybody in the channel, and can be changed until 12 hours after it. "
                "Leave it empty to take it back.";
    text.most = most_note;
    values[text.id] = {note.text};
    made.parts = {which, text};
    return form(made, values);
}

View reminders_form(const std::vector<std::string>& before, const std::string& note)
{
    Form made;
    made.title = "My reminders";
    made.submit = "Save";
    made.callback = view::reminders;
    Field leads;
    leads.kind = Field::Kind::tick;
    leads.id = view::reminders_before;
    leads.label = "Remind me of my shifts";
    leads.choices = {
        {"a week before", "7d", {}}, {"a day before", "1d", {}}, {"an hour before", "1h", {}}, {"as they begin", "0s", {}}};
    leads.hint = "By direct message. None ticked: you are not reminded.";
    Field ask;
    ask.kind = Field::Kind::one;
    ask.id = view::reminders_note;
    ask.label = "Ask me for a handoff note";
    ask.choices = {{"an hour before my shift ends", "1h", {}}, {"a day before", "1d", {}}, {"never", "never", {}}};
    ask.required = true;
    made.parts = {leads, ask,
        Heading{"A reminder does not come for a shift before which you are on call anyway, nor for one that is not yours any "
                "more.",
            {}, {}},
        std::vector<Press>{{.label = "Test my pager", .action = action::pager_test}}};
    return form(made, {{leads.id, before}, {ask.id, {note}}});
}

Message pager_test(const PagerTestView& shown)
{
    std::vector<Mrkdwn> lines;
    std::size_t arrived = 0, failed = 0;
    for (const auto& way : shown.ways) {
        const auto why = one_line(way.why, most_handoff_why);
        arrived += way.state == "arrived" ? 1 : 0;
        failed += way.state == "failed" ? 1 : 0;
        const auto words = one_line(way.words, most_handoff_title);
        if (way.state == "arrived")
            lines.push_back("✅ " + words + " · arrived" + (why.empty() ? Mrkdwn{} : " (" + why + ")"));
        else if (way.state == "failed")
            lines.push_back("❌ " + words + " · failed" + (why.empty() ? Mrkdwn{} : ": " + why));
        else
            lines.push_back((way.state == "sent" ? Mrkdwn{"📤 "} : "⏳ ") + words
                + (way.state == "sent" ? Mrkdwn{" · sent"} : Mrkdwn{" · on its way"}) + (why.empty() ? Mrkdwn{} : ", " + why));
    }
    const auto all = static_cast<std::int64_t>(shown.ways.size());
    const auto head = "📟 " + bold("Test of your pager") + ", " + date(shown.at) + ": "
        + number(static_cast<std::int64_t>(arrived)) + " of " + number(all) + " arrived"
        + (failed > 0 ? ", " + number(static_cast<std::int64_t>(failed)) + " failed" : Mrkdwn{}) + ".";
    std::vector<Json> blocks{section(head), section(joined(lines, "\n"))};
    if (!shown.wakes)
        blocks.push_back(section("⚠️ Nothing of this would wake you at night. Add SMS, a phone call or a push app."));
    blocks.push_back(context({"What is only sent and did not come: look at `/oncall contact`."}));
    blocks.push_back(actions({button("How I am reached…", action::contact_open, "")}));
    return message(head + "\n" + joined(lines, "\n"), std::move(blocks));
}

} // namespace blocks
