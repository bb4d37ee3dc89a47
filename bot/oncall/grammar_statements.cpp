#include "oncall/sentence_reader.hpp"
#include "oncall/words.hpp"

#include <algorithm>

/// What is said in a whole sentence, not by a verb of the table.
namespace oncall {

namespace {

constexpr std::string_view i_am{"i am|i'm|i’m|im|i will be|i'll be|i’ll be"};
constexpr std::string_view i_will{"i will|i'll|i’ll|i can|i could|i would"};
constexpr std::string_view not_here{"away|out of office|out of the office|out|off work|off sick|off|on vacation|on holiday|on "
                                    "holidays|on leave|on pto|on parental "
                                    "leave|sick|ill|ooo|unavailable|travelling|traveling"};

} // namespace

/// "show 42"
std::optional<Sentence> SentenceReader::of_showing(std::size_t from) const
{
    const auto at = is(from, "show") ? past_words(from + 1, "alert incident number") : words_.size();
    if (at >= words_.size() || words_[at].kind != GrammarWord::Kind::number || !ends(at + 1))
        return std::nullopt;
    return as("show", std::to_string(words_[at].number));
}

std::optional<Sentence> SentenceReader::by_statement(std::size_t from)
{
    if (auto said = of_showing(from))
        return said;
    // "show me the schedule", "tell me who is on call"
    if (const auto show = any_phrase(from,
            "show me|show|list|give me|tell me|let me see|see|view|display|get me|open the|open my|open up|start a|start|run "
            "a|run|do a|make "
            "a|make an|change my|edit my|update my|set up my|set up|change the|edit the|add my|where is|where's");
        show > 0 && from + show < words_.size() && depth_ < 2) {
        auto at = past_words(from + show, "the all my a an of our");
        const bool of_shifts = is_any(at, "shift shifts") || (is_any(at, "next") && is_any(at + 1, "shift shifts"));
        if (of_shifts && is_any(at + (is(at, "next") ? 1 : 0) + 1, "to in"))
            return as("calendar", "");
        if (of_shifts)
            return as("me", "");
        if (is_any(at, "phone number contact contacts notifications email e-mail methods address"))
            return as("contact", "");
        if (is_any(at, "rules") || phrase(at, "notification rules") > 0)
            return as("rules", "");
        if (is_any(at, "open") && is_any(at + 1, "alerts incidents"))
            return status(at + 2);
        if (at < words_.size()) {
            ++depth_;
            auto said = by_question(at);
            if (!said)
                said = by_number(at);
            if (!said && words_[at].kind == GrammarWord::Kind::word)
                if (const auto* verb = command_verb(words_[at].low))
                    said = by_verb(*verb, at + 1);
            if (!said)
                if (const auto named = lexicon_.name_at(words_, at)) {
                    // "show me payments next month"
                    said = of_schedule(*command_verb("schedule"), at);
                }
            // Whoever wants to see something wants nothing changed.
            doubt_ = doubt_ || !is_any(from, "start run do make");
            if (said)
                return said;
        }
    }
    if (any_phrase(from, "open alerts|open incidents") > 0)
        return status(from + 2);
    if (auto said = of_myself(from))
        return said;
    if (const auto still = any_phrase(from, "still on it"); still > 0)
        return alert_verb(*command_verb("still"), from + still);
    if (phrase(from, "still on") > 0 && names_alert(from + 2, ""))
        return alert_verb(*command_verb("still"), from + 2);
    if (const auto hand = any_phrase(from, "hand over|hand off|handover|handoff|hand-over|hand-off");
        hand > 0 && !words_[from + hand - 1].colon)
        if (auto said = of_handing(from + hand))
            return said;
    if (const auto hand = any_phrase(from, "hand over|hand off"); hand > 0) {
        doubt_ = doubt_ || (in_prose() && !words_[from + hand - 1].colon);
        return as("handoff", written_from(from + hand));
    }
    if (const auto stop =
            any_phrase(from, "stop paging|cancel the page|cancel the page for|cancel the page of|stop the page|stop calling"))
        return alert_verb(*command_verb("cancel"), from + stop);
    if (const auto back = any_phrase(from, "give back|hand back"); back > 0)
        return alert_verb(*command_verb("unack"), from + back);
    if (const auto help = any_phrase(from, "ask for help with|get help with|get help for|ask for help on"); help > 0)
        return alert_verb(*command_verb("add"), from + help);
    if (const auto help = any_phrase(from, "help with|help on"); help > 0 && names_alert(from + help, ""))
        return alert_verb(*command_verb("add"), from + help);
    if (auto said = of_cancelling(from))
        return said;
    if (is(from, "remind") || phrase(from, "wake me before") > 0)
        return as("reminders", "");
    if (const auto hours = any_phrase(from, "my hours|my on-call hours|my oncall hours"); hours > 0) {
        const auto at = past_words(from + hours, "on call of for in");
        return as("report", ends(at) ? "me" : "me " + written_from(at));
    }
    if (const auto what = any_phrase(from, "what if|whatif"); what > 0)
        return as("whatif", written_from(from + what));
    // "replace ana with bo", "let bo be on call", "set bo on call", "add bo to payments"
    if (any_phrase(from, "make|let|set|get|have") > 0 && has_any(from, "call oncall on-call duty"))
        return override(from + 1);
    if (is(from, "add")
        && !std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(from), words_.end(),
            [](const auto& word) { return word.kind == GrammarWord::Kind::number; })
        && speaker_.about.value == 0) {
        const auto to = someone_at(from + 1, true);
        if (to && is_any(from + 1 + to->words, "to on") && lexicon_.name_at(words_, past_words(from + 2 + to->words, "the")))
            return override(from + 1);
    }
    if (auto said = of_giving(from))
        return said;
    if (const auto get = any_phrase(from, "wake up|get hold of|reach out to|reach"); get > 0 && someone_at(from + get, true)) {
        doubt_ = doubt_ || phrase(from, "wake up") == 0; // people do that themselves as well
        return page(from + get);
    }
    if (const auto do_drill = any_phrase(from, "fire drill"); do_drill > 0)
        return policy(*command_verb("test"), from + do_drill);
    return std::nullopt;
}

std::optional<Sentence> SentenceReader::of_myself(std::size_t from)
{
    if (const auto am = any_phrase(from, i_am); am > 0) {
        const auto at = past_words(from + am, "not also still currently");
        bool no = false, still = false;
        for (auto one = from + am; one < at; ++one) {
            no = no || is(one, "not");
            still = still || is(one, "still");
        }
        if (still && !no && (phrase(at, "on it") > 0 || (is(at, "on") && names_alert(at + 1, ""))))
            return alert_verb(*command_verb("still"), past_words(at, "on it"));
        if (!no && any_phrase(at, "on it|on that|on this") > 0)
            if (auto said = on_it(at + 2))
                return said;
        if (!no && is(at, "on") && names_alert(at + 1, "in within for"))
            if (auto said = on_it(at + 1))
                return said;
        if (no && is(at, "available"))
            return away(at + 1, false);
        if (const auto off = any_phrase(at, not_here); off > 0 && !no)
            return away(at + off, false);
    }
    if (const auto have = any_phrase(from,
            "i have|i've got|i’ve got|i got|i take|i'll take|i’ll take|i will take|i can take|i'll do|i’ll do|i will do|mine|i "
            "own|got");
        have > 0) {
        const auto at = past_words(from + have, "alert alerts incident the number");
        if (names_alert(at, ""))
            return alert_verb(*command_verb("ack"), at);
        if (is_any(at, "it this that") && ends(at + 1))
            return alert_verb(*command_verb("ack"), at + 1);
    }
    // "taking 42", "i'm looking into it"
    const auto am_doing = from + any_phrase(from, i_am);
    if (const auto doing = any_phrase(am_doing, "acked|acking|taking|looking at|looking into"); doing > 0) {
        const auto at = past_words(am_doing + doing, "alert the incident number");
        if (names_alert(at, "") || (is_any(at, "it this that") && ends(at + 1)))
            return alert_verb(*command_verb("ack"), at);
    }
    // "it's fixed"
    const auto over = is(from, "it") && words_[from].owns ? from + 1 : phrase(from, "it is") > 0 ? from + 2 : words_.size();
    if (speaker_.about.value != 0 && is_any(over, "fixed resolved solved over") && ends(over + 1))
        return alert_verb(*command_verb("resolve"), over + 1);
    if (const auto not_mine = any_phrase(from, "not me|not my turn"); not_mine > 0)
        return alert_verb(*command_verb("notme"), from + not_mine);
    if (const auto cannot = any_phrase(from, "i can't|i can’t|i cannot|i cant"); cannot > 0) {
        const bool does = is_any(from + cannot, "take do handle");
        const auto at = past_words(from + cannot + (does ? 1 : 0), "it this that the alert incident number");
        if (ends(at) || (does && names_alert(at, "")))
            return alert_verb(*command_verb("notme"), at);
    }
    if (const auto will = any_phrase(from, i_will); will > 0 && is_any(from + will, "take cover do swap")) {
        doubt_ = doubt_ || is_any(from + 1, "can could would");
        return is(from + will, "swap") ? swap(from + will + 1) : take(from + will + 1);
    }
    if (phrase(from, "on my way") > 0)
        return alert_verb(*command_verb("join"), from + 3);
    if (phrase(from, "on it") > 0)
        return on_it(from + 2);
    return std::nullopt;
}

std::optional<Sentence> SentenceReader::of_giving(std::size_t from)
{
    if (!is_any(from, "give hand"))
        return std::nullopt;
    const auto at = past_words(from + 1, "the alert incident number");
    if (names_alert(at, "to") || (at < words_.size() && words_[at].kind == WordKind::number && someone_at(at + 1, false)))
        return alert_verb(*command_verb("reassign"), from + 1);
    if (const auto whom = someone_at(from + 1, true)) {
        const auto number = past_words(from + 1 + whom->words, "the alert incident number");
        const bool to_me = is_any(from + 1, "me myself"); // "give me 5"
        if (names_alert(number, "") && (!to_me || words_[number].bare.starts_with('#')))
            return alert_verb(*command_verb("reassign"), from + 1);
    }
    return std::nullopt;
}

/// Of a request for cover, or of overrides, and not of an alert: then no number is said, and nothing else.
std::optional<Sentence> SentenceReader::of_cancelling(std::size_t from)
{
    if (!is_any(from, "cancel end undo"))
        return std::nullopt;
    const auto at = past_words(from + 1, "my the a this");
    if (const auto whole = any_phrase(at, "cover|cover request|cover requests|request for cover"); whole > 0 && ends(at + whole))
        return is(from, "cancel") ? std::optional{as("cover", "cancel")} : std::nullopt;
    const auto behind = std::find_if(words_.begin() + static_cast<std::ptrdiff_t>(at), words_.end(),
        [](const GrammarWord& word) { return word.low == "override" || word.low == "overrides"; });
    const auto end = static_cast<std::size_t>(behind - words_.begin());
    const bool has_number = std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(from), words_.end(),
        [](const GrammarWord& word) { return word.kind == WordKind::number; });
    if (end < words_.size() && ends(end + 1) && !has_number)
        return as("overrides", "");
    return std::nullopt;
}

} // namespace oncall
