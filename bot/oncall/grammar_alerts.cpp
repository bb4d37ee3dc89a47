#include "oncall/calendar.hpp"
#include "oncall/day_words.hpp"
#include "oncall/sentence_reader.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::string_view before_number{"alert alerts incident page paging number nr issue #"};
/// Behind these a number may be of anything: "the 2 am incident", "that 30 hosts are down".
constexpr std::string_view before_any_number{"the no for on of to with about it this that one and"};
constexpr std::string_view the_one{"it this that the alert one incident page"};

bool takes_person(Verb verb) { return verb == Verb::reassign || verb == Verb::add_responder; }
bool takes_length(Verb verb) { return verb == Verb::snooze || verb == Verb::promise || verb == Verb::acknowledge; }

std::string joined_words(std::initializer_list<std::string> parts)
{
    std::string all;
    for (const auto& part : parts)
        all += (all.empty() || part.empty() ? "" : " ") + part;
    return all;
}

std::vector<std::string> low_words(const std::vector<GrammarWord>& words, std::size_t from)
{
    std::vector<std::string> low;
    for (auto at = from; at < words.size(); ++at)
        low.push_back(words[at].low);
    return low;
}

} // namespace

/// "ack 41 and 42", "snooze 42 30": one alert at a time, and which?
std::optional<Sentence> SentenceReader::several_alerts(const CommandVerb& verb, std::size_t from) const
{
    std::vector<std::string> numbers;
    bool joined = false;
    auto at = from;
    for (; at < words_.size(); ++at) {
        if (words_[at].kind == WordKind::number) {
            numbers.push_back(std::to_string(words_[at].number));
            joined = joined || words_[at].comma || words_[at].bare.starts_with('#');
        } else if (is_any(at, "and & + or #")) {
            joined = true;
        } else {
            break;
        }
    }
    if (numbers.size() < 2 || !ends(at))
        return std::nullopt;
    const auto word = std::string{verb.word};
    std::vector<Reading> readings;
    if (!joined && numbers.size() == 2 && takes_length(*verb.verb))
        readings.push_back(
            {word + " " + numbers[0] + " " + numbers[1] + "m", word + " #" + numbers[0] + ": " + numbers[1] + " minutes"});
    for (const auto& number : numbers)
        readings.push_back({word + " " + number, word + " #" + number});
    return ask("I do one at a time. Which?", std::move(readings));
}

bool SentenceReader::names_alert(std::size_t at, std::string_view may_follow) const
{
    return at < words_.size() && words_[at].kind == WordKind::number
        && (words_[at].bare.starts_with('#') || ends(at + 1) || is_any(at + 1, may_follow));
}

bool SentenceReader::puts_off(std::size_t at) const
{
    const auto first = past_words(at, polite_words);
    if (first >= words_.size() || words_[first].owns) // "tonight's backup"
        return false;
    if (is(first, "once"))
        return !is_any(first + 1, "more again");
    if (is_any(first,
            "if when whenever unless tomorrow tmrw tonight later eventually maybe perhaps monday tuesday wednesday thursday "
            "friday saturday sunday")
        || phrase(first, "as soon as") > 0)
        return true;
    if (!is_any(first, "in at by on until till after before"))
        return false;
    const auto time = past_words(first + 1, "the about around");
    if (time >= words_.size())
        return false;
    const auto low = low_words(words_, time);
    if (low.front().empty())
        return false;
    if (is_any(first, "in after") && length_in_words(low, 0))
        return true;
    if (day_part_in(low.front()))
        return true;
    const bool in_digits = is_digit(low.front().front());
    const auto day = day_in_words(low, 0, day_of(to_local(speaker_.now, zone())));
    if (day && (!in_digits || day->words > 1)) // "on 3/4 hosts"
        return !is_any(time, "today yesterday last past");
    // "at 9", "by 18:00", "before noon", but not "after 3 retries".
    const auto clock = clock_in_words(low, 0);
    return clock && !is_any(first, "in on")
        && (is(first, "at") || !in_digits || clock->words > 1 || low.front().find(':') != std::string::npos
            || low.front().back() == 'm' || ends(time + 1));
}

bool SentenceReader::is_length_at(std::size_t at) const { return length_in_words(low_words(words_, at), 0).has_value(); }

std::optional<Sentence> SentenceReader::on_it(std::size_t at)
{
    const auto behind = names_alert(at, "in within for") ? at + 1 : at;
    if (ends(behind))
        return alert_verb(*command_verb("ack"), at);
    if (is_length_at(past_words(behind, "for in within the next")))
        return alert_verb(*command_verb("promise"), at);
    return std::nullopt;
}

Sentence SentenceReader::number_in_thread(const CommandVerb& verb, std::size_t from, std::size_t at) const
{
    const auto word = std::string{verb.word}, of = std::to_string(speaker_.about.value), said = std::to_string(words_[at].number);
    std::string before, all;
    for (auto one = from; one < at; ++one)
        if (!is_any(one, before_number) && !is_any(one, before_any_number))
            before = joined_words({before, text_.substr(words_[one].begin, words_[one].end - words_[one].begin)});
    if (!ends(at + 1))
        all = written_from(from);
    else if (takes_length(*verb.verb) && *verb.verb != Verb::acknowledge)
        all = said + "m";
    else
        all = before;
    std::vector<Reading> readings;
    for (const auto& [number, text] : {std::pair{said, joined_words({before, written_from(at + 1)})}, std::pair{of, all}}) {
        SentenceReader turned{joined_words({word, "#" + number, text}), speaker_, vocabulary_};
        turned.depth_ = depth_ + 1;
        if (const auto one = turned.alert_verb(verb, 1); !one.verb.empty())
            readings.push_back({joined_words({one.verb, one.rest}), word + " #" + number});
    }
    return ask("Which alert do you mean? Nothing was done.", std::move(readings));
}

/// No number was said, and there is no form to ask for it.
Sentence SentenceReader::which_alert(const CommandVerb& verb, const std::string& more) const
{
    std::vector<Reading> readings;
    const bool needs_more = takes_person(*verb.verb) || *verb.verb == Verb::note;
    if (!needs_more && *verb.verb != Verb::reopen)
        for (const auto& alert : vocabulary_.alerts)
            readings.push_back({joined_words({std::string{verb.word}, std::to_string(alert.id.value), more}),
                std::string{verb.word} + " " + oncall::number(alert.id) + " " + alert.title});
    if (readings.empty())
        return as(verb.word, more);
    std::string question{"Which alert?"};
    if (speaker_.told_of > 1) {
        question += " That page is of " + std::to_string(speaker_.told_of)
            + ", and nothing was done. *Acknowledge all* on it takes them all.";
        if (speaker_.told_of > readings.size())
            question += " `/oncall status` lists those that are not here.";
    }
    return ask(question, std::move(readings));
}

Sentence SentenceReader::alert_verb(const CommandVerb& verb, std::size_t from)
{
    const auto does = *verb.verb;
    std::string person;
    std::optional<Someone> open_person;
    const auto take_person = [&](std::size_t at) -> std::size_t {
        const auto one = takes_person(does) && person.empty() && !open_person ? someone_at(at, true) : std::nullopt;
        if (!one)
            return 0;
        if (one->certain)
            person = one->may_be.front().id;
        else
            open_person = one;
        return one->words;
    };
    const auto is_number = [&](std::size_t one) { return one < words_.size() && words_[one].kind == WordKind::number; };
    // "resolved: 2 nodes replaced"
    const bool text_comes = from > 0 && words_[from - 1].colon && !(is_number(from) && ends(from + 1));
    auto at = from;
    std::int64_t number = 0;
    bool of_anything = false;
    while (at < words_.size() && number == 0 && !text_comes) {
        if (is_number(at)) {
            const bool marked = words_[at].bare.starts_with('#') || (at > from && is(at - 1, "#"));
            if (!marked && (is_length_at(at) || is_any(at + 1, "am pm o'clock")))
                break; // "snooze for 2 hours"
            if (!marked && of_anything && !ends(at + 1))
                break;
            if (auto several = several_alerts(verb, at))
                return std::move(*several);
            if (!marked && speaker_.about.value != 0 && speaker_.about.value != words_[at].number && depth_ == 0)
                return number_in_thread(verb, from, at);
            number = words_[at++].number;
        } else if (const auto taken = take_person(at)) {
            at += taken;
        } else if (is_any(at, before_number)) {
            ++at;
        } else if (is_any(at, before_any_number)) {
            of_anything = true;
            ++at;
        } else {
            break;
        }
    }
    if (number == 0) {
        // What was said is of the thread's alert.
        at = from;
        person.clear();
        open_person.reset();
        const auto behind = past_words(from, the_one);
        if (speaker_.about.value == 0) {
            if (ends(behind))
                return speaker_.has_forms ? as(verb.word, "") : which_alert(verb);
            // "snooze 2h"
            const auto length_at = past_words(behind, "for in within the next");
            const auto length = takes_length(does) ? length_in_words(low_words(words_, length_at), 0) : std::nullopt;
            if (!speaker_.has_forms && length && ends(length_at + length->words))
                return which_alert(verb, duration_out(length->length));
            if (is_number(from))
                return unclear("Which alert? Begin with its number: `/oncall " + std::string{verb.word} + " 42`.");
            return as(verb.word, written_from(from));
        }
        number = speaker_.about.value;
        if (is_any(from, "it this that") || (is_any(from, "the") && is_any(from + 1, the_one)))
            at = behind;
    }
    // "escalate 42 to bo", "pass it to bo": there, and to nobody else.
    if ((does == Verb::escalate || does == Verb::decline) && is(at, "to") && someone_at(at + 1, true))
        return alert_verb(*command_verb("reassign"), from);
    if (does == Verb::escalate && is(at, "to") && lexicon_.name_at(words_, past_words(at + 1, "the our")))
        doubt_ = true; // it goes to its policy's next level
    if (does == Verb::acknowledge && is(at, "for") && someone_at(at + 1, true))
        doubt_ = true; // who acknowledges has it herself
    if (takes_person(does) && person.empty() && !open_person) {
        const auto to = past_words(at, "to with from and ask");
        if (const auto taken = take_person(to))
            at = to + taken;
    }
    std::string length;
    if (takes_length(does)) {
        const auto one = past_words(at, "for in within the next");
        const auto low = low_words(words_, one);
        const auto said = length_in_words(low, 0);
        // Of an acknowledgement that is a promise, and its words are rather a note: "ack 42 one sec".
        const bool is_note = does == Verb::acknowledge && said
            && (said->length < 1min || said->length > 4h || (one == at && !ends(one + said->words)));
        if (said && !is_note) {
            length = duration_out(said->length);
            at = one + said->words;
        } else if (does == Verb::snooze && is_any(at, "until till til")) {
            std::vector<std::string> until;
            auto end = words_.size();
            while (end > at + 1 && is_any(end - 1, polite_words))
                --end;
            for (auto next = at + 1; next < end; ++next)
                until.push_back(words_[next].bare);
            const auto time = moment_said(until, zone(), speaker_.now);
            const auto command = std::string{verb.word} + " " + std::to_string(number) + " until ";
            if (time.rest.empty() && time.moment) {
                length = "until " + moment_out(*time.moment, zone());
                at = words_.size();
            } else if (time.rest.empty() && !time.moments.empty()) {
                std::vector<Reading> readings;
                for (const auto moment : time.moments) {
                    const auto local = in_zone({moment, moment + 1min}, zone());
                    readings.push_back({command + moment_out(moment, zone()), "Until " + local.substr(0, local.find(" – "))});
                }
                return ask("Until when?", std::move(readings));
            }
        }
    }
    auto more = written_from(at);
    if (ends(at))
        more.clear();
    for (const std::string_view mark : {": ", "- ", "– ", "— "})
        if (more.starts_with(mark))
            more.erase(0, mark.size());
    free_text_ = !more.empty();
    order_ends_ = ends(at) ? words_.size() : at;
    const bool later = does == Verb::escalate || does == Verb::reassign || does == Verb::resolve || does == Verb::reopen
        || does == Verb::cancel || does == Verb::unacknowledge;
    put_off_ = later && at > 0 && !words_[at - 1].colon && puts_off(at);
    const auto whole = [&](const std::string& whom) { return joined_words({std::to_string(number), whom, length, more}); };
    if (open_person) {
        std::vector<Reading> readings;
        for (const auto& one : open_person->may_be)
            readings.push_back({std::string{verb.word} + " " + whole(one.id), one.name});
        return ask("Whom do you mean?", std::move(readings));
    }
    return as(does == Verb::acknowledge && !length.empty() && !more.empty() ? "promise" : verb.word, whole(person));
}

/// "42 to bo", behind "hand over": an alert that goes to somebody, and no note.
std::optional<Sentence> SentenceReader::of_handing(std::size_t from)
{
    const auto at = past_words(from, "over the alert incident number it this");
    const bool is_numbered = at < words_.size() && words_[at].kind == WordKind::number;
    const auto to = is_numbered ? at + 1 : at;
    if ((!is_numbered && speaker_.about.value == 0) || !is(to, "to") || !someone_at(to + 1, true))
        return std::nullopt;
    doubt_ = doubt_ || !is_numbered; // it may be the shift that she hands over
    return alert_verb(*command_verb("reassign"), at);
}

Sentence SentenceReader::of_groups(const CommandVerb& verb, std::size_t from)
{
    const bool merges = verb.word == "merge";
    auto at = from;
    // A number, or the alert in whose thread it is said.
    const auto one_alert = [&](bool may_be_this) -> std::int64_t {
        const auto number_at = past_words(at, before_number);
        if (number_at < words_.size() && words_[number_at].kind == WordKind::number) {
            at = number_at + 1;
            return words_[number_at].number;
        }
        if (!may_be_this || speaker_.about.value == 0)
            return 0;
        at = past_words(at, the_one);
        return speaker_.about.value;
    };
    const auto first = one_alert(true);
    at = past_words(at, merges ? "into with to in and" : "off out from of");
    const auto second = first == 0 ? 0 : one_alert(false);
    at = past_words(at, "together off out");
    const bool whole = first != 0 && ends(at) && (!merges || second != 0);
    if (whole && first != second)
        return as(
            verb.word, std::to_string(first) + (second == 0 ? "" : (merges ? " into " : " from ") + std::to_string(second)));
    // "merge 17", and the form asks into which; else its handler says what is wrong. In prose it may be about anything.
    if (speaker_.has_forms && !speaker_.in_passing)
        return as(verb.word, first != 0 && second == 0 && ends(at) ? std::to_string(first) : written_from(from));
    return unclear(merges ? "Which alerts? Write it as `merge 17 into 12`: then #12 stands for both."
                          : "Which alert? Write it as `split 17`.");
}

Sentence SentenceReader::timeline(std::size_t from)
{
    auto at = from;
    while (is_any(at, before_number) || is_any(at, before_any_number))
        ++at;
    if (at < words_.size() && words_[at].kind == WordKind::number && ends(at + 1))
        return as("timeline", std::to_string(words_[at].number));
    if (ends(at) && speaker_.about.value != 0)
        return as("timeline", std::to_string(speaker_.about.value));
    return as("timeline", written_from(from));
}

/// "42", "42 is fixed", "42 snooze 1h".
std::optional<Sentence> SentenceReader::by_number(std::size_t from)
{
    const auto at = past_words(from, "alert incident number");
    if (at >= words_.size() || words_[at].kind != WordKind::number)
        return std::nullopt;
    const auto number = std::to_string(words_[at].number);
    if (ends(at + 1))
        return as("timeline", number);
    // In another alert's thread it may be no alert at all.
    const bool of_another =
        speaker_.about.value != 0 && speaker_.about.value != words_[at].number && words_[at].bare.front() != '#';
    if (is_any(at + 1, "is looks") && is_any(at + 2, "fixed resolved done over solved closed") && ends(at + 3)) {
        doubt_ = doubt_ || of_another;
        return as("resolve", number);
    }
    const auto* const verb = at + 1 < words_.size() ? command_verb(words_[at + 1].low) : nullptr;
    if (!verb || !verb->verb || depth_ > 0)
        return std::nullopt;
    SentenceReader turned{joined_words({std::string{verb->word}, "#" + number, written_from(at + 2)}), speaker_, vocabulary_};
    turned.depth_ = depth_ + 1;
    auto said = turned.alert_verb(*verb, 1);
    // "42 close calls": a number and a word of a verb's are not yet an order.
    doubt_ = doubt_ || of_another || turned.free_text_;
    return said;
}

} // namespace oncall
