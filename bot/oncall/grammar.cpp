#include "oncall/grammar.hpp"

#include "oncall/calendar.hpp"
#include "oncall/nearest.hpp"
#include "oncall/policy.hpp"
#include "oncall/sentence_reader.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t most_sentence_bytes = 40'000;
constexpr int most_turns = 4; // "please could you just …"

/// Calls `look` with each of the words until it says yes.
template <class Look> bool any_of_words(std::string_view words, char between, Look look)
{
    while (!words.empty()) {
        const auto end = std::min(words.find(between), words.size());
        if (look(words.substr(0, end)))
            return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

constexpr std::string_view politeness{
    "please|pls|plz|kindly|hey|hi|hello|ok|okay|bot|oncall bot|oncall-bot|can someone|can somebody|can anyone|can anybody|could "
    "someone|could somebody|could anyone|will someone|would someone|can you|could you|would you|will you|can we|can i|could "
    "i|may "
    "i|i want you to|i want to|i would like to|i'd like to|i’d like to|i need you to|i need to|i need someone to|i need somebody "
    "to|i need|i have to|i must|let's|let’s|lets|just|someone|somebody|anyone|anybody|go ahead and"};

/// What of it says that somebody else is meant to do it, or that nobody knows yet whether to.
constexpr std::string_view to_others{
    "can someone|can somebody|can anyone|can anybody|could someone|could somebody|could anyone|will someone|would someone|"
    "someone|somebody|anyone|anybody|i need someone to|i need somebody to"};
constexpr std::string_view wondering{"can we|can i|could i|may i|i need to|i have to|i must|let's|let’s|lets"};
/// What is for another time, or for no time at all.
constexpr std::string_view not_now{"if when unless tomorrow yesterday later maybe perhaps might eventually"};

} // namespace

SentenceReader::SentenceReader(std::string text, const Speaker& speaker, const Vocabulary& vocabulary)
    : speaker_{speaker}
    , vocabulary_{vocabulary}
    , text_{std::move(text)}
    , words_{grammar_words(text_)}
    , lexicon_{vocabulary.configuration, &vocabulary.people}
{
}

bool SentenceReader::is_any(std::size_t at, std::string_view words) const
{
    return at < words_.size() && any_of_words(words, ' ', [&](std::string_view one) { return words_[at].low == one; });
}

std::size_t SentenceReader::phrase(std::size_t at, std::string_view words) const
{
    std::size_t count = 0;
    const bool differs = any_of_words(words, ' ', [&](std::string_view one) { return !is(at + count++, one); });
    return differs ? 0 : count;
}

std::size_t SentenceReader::any_phrase(std::size_t at, std::string_view phrases) const
{
    std::size_t longest = 0;
    any_of_words(phrases, '|', [&](std::string_view one) {
        longest = std::max(longest, phrase(at, one));
        return false;
    });
    return longest;
}

bool SentenceReader::has_any(std::size_t from, std::string_view words) const
{
    for (auto at = from; at < words_.size(); ++at)
        if (is_any(at, words))
            return true;
    return false;
}

std::size_t SentenceReader::past_words(std::size_t at, std::string_view words) const
{
    while (is_any(at, words))
        ++at;
    return at;
}

std::string SentenceReader::written_from(std::size_t from) const
{
    return from < words_.size() ? text_.substr(words_[from].begin) : std::string{};
}

bool SentenceReader::ends(std::size_t at) const { return past_words(at, polite_words) >= words_.size(); }

Sentence SentenceReader::as(std::string_view verb, std::string rest) const
{
    Sentence said;
    said.verb = verb;
    said.rest = std::move(rest);
    return said;
}

Sentence SentenceReader::ask(std::string question, std::vector<Reading> readings) const
{
    Sentence said;
    said.question = std::move(question);
    for (auto& one : readings)
        if (said.readings.size() < most_readings && one.command.size() <= most_command_bytes)
            said.readings.push_back(std::move(one));
    return said;
}

std::string SentenceReader::zone() const { return is_time_zone(speaker_.time_zone) ? speaker_.time_zone : "UTC"; }

std::optional<SentenceReader::Someone> SentenceReader::someone_at(std::size_t at, bool by_name) const
{
    if (at >= words_.size())
        return std::nullopt;
    const auto& word = words_[at];
    if (word.kind == GrammarWord::Kind::person && !word.bare.starts_with('@'))
        return Someone{{{word.bare, word.bare, ""}}, true, 1};
    if (word.low == "me" || word.low == "myself")
        return Someone{{{"<@" + speaker_.user + ">", "you", ""}}, true, 1};
    const bool typed = word.kind == GrammarWord::Kind::person;
    if (!typed && (!by_name || word.kind != GrammarWord::Kind::word || is_any(at, never_names)))
        return std::nullopt;
    auto found = lexicon_.people_at(words_, at);
    if (!found)
        return typed ? std::optional{Someone{{{word.bare, word.bare, ""}}, true, 1}} : std::nullopt;
    Someone one;
    one.words = found->words;
    one.certain = found->all.size() == 1 && found->is_whole_name;
    for (auto& person : found->all) {
        person.id = "<@" + person.id + ">";
        one.may_be.push_back(std::move(person));
    }
    return one;
}

Sentence SentenceReader::read()
{
    if (words_.empty())
        return as("who", "");
    if (text_ == "?")
        return as("help", "");
    asks_ = std::any_of(words_.begin(), words_.end(), [](const auto& word) { return word.asks; });
    std::size_t from = 0;
    for (int turn = 0; turn < most_turns; ++turn) {
        const auto polite = any_phrase(from, politeness);
        if (polite == 0 || from + polite >= words_.size())
            break;
        wonders_ = wonders_ || any_phrase(from, wondering) == polite;
        asks_others_ = asks_others_ || any_phrase(from, to_others) == polite;
        from += polite;
    }
    auto said = heard_from(from);
    return is_certain(said, from) ? said : asked_first(said);
}

bool SentenceReader::is_certain(const Sentence& said, std::size_t from) const
{
    const auto* const verb = said.verb.empty() ? nullptr : command_verb(said.verb);
    if (!verb || !may_change(*verb) || said.rest.empty() || said.rest == "list")
        return true;
    // Without a number it does nothing: it is answered what is missing.
    if (verb->verb && said.rest.front() != '#' && !is_digit(said.rest.front()))
        return true;
    if (speaker_.in_passing || doubt_)
        return false;
    // It begins with its verb, and behind the slash, or pages for what a colon begins: an order, whatever its reason says.
    const bool pages = verb->word == "page" || verb->word == "test";
    if (from == 0 && words_[0].kind == WordKind::word && command_verb(words_[0].low)
        && (speaker_.has_forms || (pages && told_))) {
        const auto end = words_.begin() + static_cast<std::ptrdiff_t>(order_ends_ == 0 ? words_.size() : order_ends_);
        return !put_off_ && std::none_of(words_.begin(), end, [](const auto& word) { return word.asks; });
    }
    if (verb->verb == Verb::note && from == 0)
        return true;
    if (asks_ || wonders_ || (asks_others_ && verb->verb))
        return false;
    const bool at_once = pages || (verb->verb && verb->verb != Verb::note && verb->verb != Verb::snooze);
    if (put_off_ || (at_once && !(pages && told_) && has_any(from, not_now)))
        return false;
    const bool may_have_text = verb->verb == Verb::note || verb->verb == Verb::add_responder || verb->verb == Verb::reassign;
    return !(in_prose() && verb->verb && free_text_ && !may_have_text);
}

Sentence SentenceReader::asked_first(const Sentence& said) const
{
    const auto* const verb = command_verb(said.verb);
    auto label = "Yes, " + said.verb;
    if (verb && verb->verb)
        label += " #" + said.rest.substr(said.rest.starts_with('#') ? 1 : 0, said.rest.find(' '));
    const bool pages = said.verb == "page" || said.verb == "test";
    const std::string so_far = pages ? " Nobody was paged." : " Nothing was done.";
    const auto command = said.verb + " " + said.rest;
    if (command.size() > most_command_bytes)
        return unclear("I am not sure that I shall do it, and it is too long to ask with a button." + so_far
            + " Write it as `/oncall " + said.verb + " …`, or shorter.");
    if (put_off_)
        return ask("I do it now or not at all." + so_far + " Shall I, now? Press the button.", {{command, label}});
    return ask("Shall I?" + so_far + " Press the button, or write it as an order.", {{command, label}});
}

Sentence SentenceReader::heard_from(std::size_t from)
{
    if (is_any(from, "hi hello hey") && ends(from + 1))
        return as("help", "");
    if (const auto answer = any_phrase(from, "yes|y|yep|yeah|sure|no|nope|do it|yes do it|go ahead");
        answer > 0 && ends(from + answer) && !speaker_.in_passing)
        return unclear("I am answered by buttons alone. Press the one above, or write it as an order, as `ack 42`.");
    if (auto said = by_question(from))
        return std::move(*said);
    if (auto said = by_statement(from))
        return std::move(*said);
    if (auto said = by_number(from))
        return std::move(*said);
    const auto& first = words_[from];
    if (first.kind == GrammarWord::Kind::word)
        if (const auto* verb = command_verb(first.low))
            return by_verb(*verb, from + 1);
    if (auto said = by_name(from))
        return std::move(*said);
    return not_understood(from);
}

Sentence SentenceReader::by_verb(const CommandVerb& verb, std::size_t from)
{
    const auto& word = verb.word;
    if (word == "note" && is(from, "handoff"))
        return as("handoff", written_from(from + 1));
    if (verb.verb)
        return alert_verb(verb, from);
    if (word == "who")
        return who(from, false);
    if (word == "timeline")
        return timeline(from);
    if (word == "merge" || word == "split")
        return of_groups(verb, from);
    if (word == "show" && !ends(from))
        return not_understood(from); // a number would have been read by now
    if (word == "page")
        return page(from);
    if (word == "policy" || word == "test")
        return policy(verb, from);
    if (word == "override")
        return override(from);
    // "silence 42 1h" is of one alert.
    if (word == "silence" && from < words_.size() && words_[from].kind == GrammarWord::Kind::number)
        return alert_verb(*command_verb("snooze"), from);
    if (word == "cover")
        return cover(from);
    if (word == "take")
        return take(from);
    if (word == "swap")
        return swap(from);
    if (word == "away")
        return away(from, true);
    if (word == "schedule" || word == "overrides" || word == "calendar")
        return of_schedule(verb, from);
    if (word == "report")
        return report(from);
    if (word == "status")
        return status(from);
    if (word == "me")
        return my_shifts(from);
    if (word == "whatif")
        return as(word, written_from(is(from, "if") ? from + 1 : from));
    return as(word, written_from(from));
}

std::optional<Sentence> SentenceReader::by_question(std::size_t from)
{
    if (is_any(from, "who whos whom who's who’s")) {
        auto at = from + 1;
        const bool would = is_any(at, "would will gets is get") && has_any(at, "paged page called woken");
        if (would) {
            const auto paged = past_words(at, "would will gets is get be being paged page called woken up by for on if when the");
            if (has_any(at, "if"))
                return as("whatif", written_from(past_words(paged, "if")));
            if (paged < words_.size() && words_[paged].kind == GrammarWord::Kind::number)
                return as("timeline", std::to_string(words_[paged].number));
            return policy(*command_verb("policy"), paged);
        }
        if (has_any(at, "reached reachable unreachable ready unready"))
            return as("readiness", "");
        for (auto one = at; one < words_.size() && one < at + 6; ++one)
            if (words_[one].kind == GrammarWord::Kind::number && ends(one + 1)
                && is_any(one - 1, "has on took got for acked acknowledged resolved alert # with by about"))
                if (!is(one - 1, "on") || words_[one].bare.starts_with('#') || words_[one].number > 31)
                    return as("timeline", std::to_string(words_[one].number));
        // In an alert's thread: "who has it?", "who acked it?"
        if (speaker_.about.value != 0 && has_any(at, "it acked acknowledged took resolved"))
            return as("timeline", std::to_string(speaker_.about.value));
        const bool past = has_any(at, "was were had did");
        return who(at, past);
    }
    if (const auto when = any_phrase(from,
            "when am i|when my|when do i|when will i|when is my|when's my|when’s my|am i|what are my shifts|my "
            "shifts|my next shift|my shift|what is my next shift|what's my next shift|when are my");
        when > 0 && !has_any(from, "hours"))
        return as("me", "");
    if (is_any(from, "when is")) {
        auto at = past_words(from, "when is does will");
        if (const auto person = someone_at(at, true); person && person->certain)
            return as("me", person->may_be.front().id);
    }
    const auto what =
        any_phrase(from, "what is|what's|what’s|whats|what are|what happened|what about|anything|is anything|are there");
    const bool what_is = is(from, "what") && words_[from].owns; // "what's"
    if (what > 0 || what_is) {
        const auto at = from + std::max<std::size_t>(what, 1);
        for (auto one = at; one < words_.size() && one < at + 7; ++one)
            if (words_[one].kind == GrammarWord::Kind::number)
                return as("timeline", std::to_string(words_[one].number));
        if (has_any(at, "open broken burning wrong going up down fire alerts incidents status firing"))
            return status(words_.size());
        if (phrase(from, "what about") > 0 && speaker_.about.value != 0)
            return as("timeline", std::to_string(speaker_.about.value));
        if (phrase(from, "what happened") > 0 && speaker_.about.value != 0)
            return as("timeline", std::to_string(speaker_.about.value));
    }
    if (const auto would = any_phrase(from, "what would happen if|what will happen if|what happens if|what would happen when"))
        return as("whatif", written_from(from + would));
    if (any_phrase(from, "what can|what do you|how do you|how does this|help me") > 0)
        return as("help", "");
    if (const auto how =
            any_phrase(from, "how am i|how can i be|how do i get|how will i be|how do you reach me|how will you reach me"))
        return as("contact", "");
    return std::nullopt;
}

/// A name alone asks who is on call; with more behind it nobody knows what it is, and that may be a page.
std::optional<Sentence> SentenceReader::by_name(std::size_t from)
{
    const auto at = past_words(from, "the our");
    const auto person = someone_at(at, false);
    const auto named = lexicon_.name_at(words_, at);
    if (!named && !person)
        return std::nullopt;
    const auto behind = at + (named ? named->words : person->words);
    if (named) {
        const auto asked = who_asked(text_.substr(words_[at].begin), vocabulary_.configuration, zone(), speaker_.now);
        if (asked.unknown.empty() && asked.trouble.empty())
            return who(at, false);
    }
    if (is_any(behind, "next this last") || is_any(behind, "schedule rota"))
        return of_schedule(*command_verb("schedule"), at);
    const auto words = written_from(at);
    if (!named && ends(behind)) {
        const auto& one = person->may_be.front();
        return ask("What about them?", {{"me " + one.id, "When they are on call"}, {"page " + one.id, "Page them"}});
    }
    // "checkout is down"
    auto paged = page(at);
    const auto what = written_from(behind);
    std::vector<Reading> readings;
    if (paged.readings.empty() && paged.verb == "page")
        readings.push_back({"page " + paged.rest, "Page " + (named ? words_[at].bare : std::string{"them"})});
    for (auto& one : paged.readings)
        readings.push_back(std::move(one));
    if (named) {
        readings.push_back({"who " + recipient_out(named->meant.front()), "Who is on call?"});
        readings.push_back({"whatif " + words, "What would happen?"});
    }
    return ask("What shall I do about “" + what.substr(0, 100) + "”?", std::move(readings));
}

Sentence SentenceReader::not_understood(std::size_t from) const
{
    Sentence said;
    const auto& word = words_[std::min(from, words_.size() - 1)];
    said.unknown = word.bare;
    // Two letters are near to anything.
    if (const auto meant = word.low.size() > 2 ? nearest(word.low, command_words()) : std::nullopt) {
        const auto* const verb = command_verb(*meant);
        const auto rest = written_from(from + 1);
        const auto command = std::string{verb->word} + (rest.empty() ? "" : " " + rest);
        if (command.size() <= most_command_bytes)
            said.suggestions.push_back(command);
    }
    return said;
}

namespace {

/// "ack42"
std::string parted_from_number(std::string text)
{
    const auto end = std::min(text.find(' '), text.size());
    const auto number = std::min(text.find_first_of("#0123456789"), end);
    const auto* const verb = number < end ? command_verb(text.substr(0, number)) : nullptr;
    if (verb && verb->verb && text.find_first_not_of("#0123456789", number) >= end)
        text.insert(number, " ");
    return text;
}

} // namespace

Sentence understand(std::string_view text, const Speaker& speaker, const Vocabulary& vocabulary)
{
    return SentenceReader{parted_from_number(one_spaced(text.substr(0, most_sentence_bytes))), speaker, vocabulary}.read();
}

std::vector<std::string> schedules_behind(const Recipient& named, const Configuration& configuration)
{
    if (named.kind == RecipientKind::schedule)
        return {named.name};
    const auto ladder = ladder_of(named, configuration);
    if (!ladder)
        return {};
    const auto found = schedules_of(configuration, *ladder);
    return {found.begin(), found.end()};
}

std::string moment_out(TimePoint at, const std::string& zone)
{
    return iso(at, zone).substr(0, 10) + " " + iso(at, zone).substr(11, 5);
}

std::string span_out(const Span& span, const std::string& zone, TimePoint now)
{
    const auto is_local = [&](TimePoint at) {
        return std::chrono::floor<std::chrono::minutes>(at) == at && to_instant(to_local(at, zone), zone) == at;
    };
    const auto is_midnight = [&](TimePoint at) { return day_of(to_local(at, zone)) == to_local(at, zone); };
    if (span.from == now && !is_local(span.to))
        return duration_out(span.to - span.from);
    if (span.from == now)
        return "until " + moment_out(span.to, zone);
    if (is_midnight(span.from) && is_midnight(span.to)) {
        const auto first = iso(span.from, zone).substr(0, 10), last = iso(span.to - milliseconds{1}, zone).substr(0, 10);
        return first == last ? first : first + " to " + last;
    }
    return moment_out(span.from, zone) + " to " + moment_out(span.to, zone);
}

} // namespace oncall
