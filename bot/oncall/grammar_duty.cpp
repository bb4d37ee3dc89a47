#include "oncall/absences.hpp"
#include "oncall/calendar.hpp"
#include "oncall/heard_time.hpp"
#include "oncall/sentence_reader.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::string_view who_filler{
    "who is was were will be are been has had did do on call oncall on-call duty the a of our team service schedule rotation "
    "rota policy "
    "currently right anyone somebody someone supposed please for there what when covering shift shifts next after then in pager "
    "it being now today's ?"};
constexpr std::string_view keywords{"me my mine i shift shifts please for the a on call oncall on-call to from at with next this "
                                    "last in until till of and as is be"};

bool stands_in(std::string_view word, std::string_view words)
{
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word)
            return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

/// Whether a word is one of the language's and no name. A schedule that is called so comes before it.
bool is_keyword(const GrammarWord& word, const Configuration& configuration)
{
    constexpr std::string_view may_be_named{"oncall on-call shift shifts"};
    return stands_in(word.low, keywords)
        && !(stands_in(word.low, may_be_named)
            && std::any_of(configuration.schedules.begin(), configuration.schedules.end(),
                [&](const auto& schedule) { return lower(schedule.first) == word.low; }));
}

/// What the time parser left, without what says nothing.
std::vector<std::string> left_over(const std::vector<std::string>& rest, std::string_view filler)
{
    std::vector<std::string> left;
    for (const auto& word : rest)
        if (!stands_in(lower(word), filler) && !word.empty() && !stands_in(lower(word), polite_words))
            left.push_back(word);
    return left;
}

/// "Fri 6 Nov 18:00 – 22:00"
/// As a button has it: "Fri 6 Nov 18:00 – 22:00"; before it is light with the day in words, for that is what is asked.
std::string called_time(const Span& span, const std::string& zone, TimePoint now)
{
    const auto local = to_local(now, zone);
    const auto to_come = day_of(to_local(span.from, zone)) - day_of(local);
    const bool said = is_still_night(local) && to_come >= 0h && to_come <= 24h;
    return (!said ? "" : to_come == 0h ? "Today, " : "Tomorrow, ") + in_zone(span, zone);
}

std::string together(const std::vector<std::string>& parts)
{
    std::string all;
    for (const auto& part : parts)
        all += (all.empty() || part.empty() ? "" : " ") + part;
    return all;
}

} // namespace

WhoAsked who_asked(std::string_view text, const Configuration& configuration, const std::string& zone, TimePoint now, bool past)
{
    const auto spaced = one_spaced(text);
    const auto words = grammar_words(spaced);
    const Lexicon lexicon{configuration};
    WhoAsked asked;
    std::vector<std::string> others;
    for (std::size_t at = 0; at < words.size();) {
        const bool may_name = !is_keyword(words[at], configuration);
        if (const auto named = may_name ? lexicon.name_at(words, at) : std::nullopt) {
            for (const auto& one : named->meant)
                asked.of.push_back(one);
            at += named->words;
            continue;
        }
        others.push_back(words[at].bare);
        ++at;
    }
    // One name of several things: a schedule that is called so is meant.
    if (std::any_of(asked.of.begin(), asked.of.end(), [](const Recipient& one) { return one.kind == RecipientKind::schedule; })) {
        const auto all = asked.of;
        std::erase_if(asked.of, [&](const Recipient& one) {
            return one.kind != RecipientKind::schedule && std::any_of(all.begin(), all.end(), [&](const Recipient& other) {
                return other.kind == RecipientKind::schedule && other.name == one.name;
            });
        });
    }
    auto time = time_asked_about(others, zone, now, past);
    asked.span = time.span;
    asked.moment = time.moment;
    asked.trouble = time.trouble;
    asked.readings = std::move(time.readings);
    asked.moments = std::move(time.moments);
    for (const auto& word : left_over(time.rest, who_filler))
        asked.unknown += (asked.unknown.empty() ? "" : " ") + word;
    return asked;
}

Sentence SentenceReader::who(std::size_t from, bool past)
{
    if (ends(from))
        return as("who", "");
    const auto text = written_from(from);
    const auto asked = who_asked(text, vocabulary_.configuration, zone(), speaker_.now, past);
    std::string of;
    for (const auto& one : asked.of) {
        // Of a name that is none of a schedule the first kind stands for all of them: they are shown together.
        const auto written = recipient_out(one);
        of += (of.empty() ? "" : ", ") + written;
    }
    if (!asked.unknown.empty())
        return as("who", asked.unknown);
    std::vector<Reading> readings;
    for (const auto& span : asked.readings)
        readings.push_back(
            {together({"who", of, span_out(span, zone(), speaker_.now)}), called_time(span, zone(), speaker_.now)});
    for (const auto moment : asked.moments) {
        const auto local = in_zone({moment, moment + 1min}, zone());
        readings.push_back({together({"who", of, "at", moment_out(moment, zone())}), local.substr(0, local.find(" – "))});
    }
    if (!readings.empty())
        return ask("When do you mean?", std::move(readings));
    if (!asked.trouble.empty())
        return as("who", text);
    if (asked.span)
        return as("who", together({of, span_out(*asked.span, zone(), speaker_.now)}));
    if (asked.moment)
        return as("who", together({of, "at", moment_out(*asked.moment, zone())}));
    return as("who", of);
}

SentenceReader::Duty SentenceReader::duty(std::size_t from, std::string_view filler) const
{
    Duty said;
    auto end = words_.size();
    for (auto at = from; at < words_.size(); ++at)
        if (is_any(at, "because")) {
            said.because = written_from(at + 1);
            end = at;
            break;
        }
    std::vector<std::string> others;
    const Words cut{words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(end)};
    for (auto at = from; at < end;) {
        const bool instead = is_any(at, "instead") && is(at + 1, "of") && at + 2 < end;
        const bool replaced = is_any(at, "replace replacing") && at + 1 < end;
        if (instead || replaced) {
            if (auto one = someone_at(at + (instead ? 2 : 1), true)) {
                at += (instead ? 2 : 1) + one->words;
                said.instead_of = std::move(one);
                continue;
            }
        }
        const auto& word = cut[at];
        const bool may_name = !is_keyword(word, vocabulary_.configuration);
        // A mention is a person, and what is called so in the configuration comes before a person's bare name.
        if (word.kind == WordKind::person && !lexicon_.name_at(cut, at)) {
            if (auto one = someone_at(at, false)) {
                at += one->words;
                said.people.push_back(std::move(*one));
                continue;
            }
        }
        if (const auto named = may_name ? lexicon_.name_at(cut, at) : std::nullopt; named && !said.has_name) {
            said.of = named->meant;
            said.has_name = true;
            at += named->words;
            continue;
        }
        if (word.low == "me" || word.low == "myself") {
            said.people.push_back(*someone_at(at, false));
            ++at;
            continue;
        }
        const bool is_time = time_asked_about({word.bare}, zone(), speaker_.now, false).rest.empty();
        if (may_name && !is_time && word.kind == WordKind::word && !stands_in(word.low, filler)) {
            if (auto one = someone_at(at, true)) {
                at += one->words;
                said.people.push_back(std::move(*one));
                continue;
            }
        }
        others.push_back(word.bare);
        ++at;
    }
    said.time = time_said(others, zone(), speaker_.now);
    said.unknown = left_over(said.time.rest, filler);
    return said;
}

std::optional<Sentence> SentenceReader::duty_command(
    std::string_view verb, const Duty& said, const std::function<std::string(const DutyWords&)>& write) const
{
    if (!said.unknown.empty() || (!said.time.trouble.empty() && said.time.readings.empty()))
        return std::nullopt;
    // Each thing that is open in turn; the first one is asked about.
    std::vector<std::string> schedules;
    if (said.has_name) {
        const auto own = std::find_if(
            said.of.begin(), said.of.end(), [](const Recipient& one) { return one.kind == RecipientKind::schedule; });
        if (own != said.of.end())
            schedules.push_back(own->name);
        else
            for (const auto& one : said.of)
                for (auto& its : schedules_behind(one, vocabulary_.configuration))
                    if (std::find(schedules.begin(), schedules.end(), its) == schedules.end())
                        schedules.push_back(std::move(its));
        if (schedules.empty())
            return std::nullopt;
    }
    std::vector<Span> spans = said.time.readings;
    if (said.time.span)
        spans = {*said.time.span};
    std::vector<DutyWords> all;
    std::vector<std::string> labels;
    DutyWords first;
    std::string question;
    const auto add = [&](const DutyWords& one, std::string label) {
        all.push_back(one);
        labels.push_back(std::move(label));
    };
    first.time = said.time.next_shift ? "my next shift" : spans.empty() ? "" : span_out(spans.front(), zone(), speaker_.now);
    first.schedule = schedules.empty() ? "" : schedules.front();
    for (const auto& one : said.people)
        first.people.push_back(one.may_be.front().id);
    first.instead_of = said.instead_of ? said.instead_of->may_be.front().id : "";
    for (std::size_t which = 0; which <= said.people.size() && all.empty(); ++which) {
        const bool of_instead = which == said.people.size();
        if (of_instead && !said.instead_of)
            break;
        const auto& one = of_instead ? *said.instead_of : said.people[which];
        if (one.certain)
            continue;
        question = "Whom do you mean?";
        for (const auto& person : one.may_be) {
            auto words = first;
            (of_instead ? words.instead_of : words.people[which]) = person.id;
            add(words, person.name);
        }
    }
    if (all.empty() && schedules.size() > 1) {
        question = "Which schedule?";
        for (const auto& schedule : schedules) {
            auto words = first;
            words.schedule = schedule;
            add(words, "Schedule " + schedule);
        }
    }
    if (all.empty() && spans.size() > 1) {
        question = "When do you mean?";
        for (const auto& span : spans) {
            auto words = first;
            words.time = span_out(span, zone(), speaker_.now);
            add(words, called_time(span, zone(), speaker_.now));
        }
    }
    const auto because = said.because.empty() ? std::string{} : " because " + said.because;
    if (all.empty())
        return as(verb, write(first) + because);
    std::vector<Reading> readings;
    for (std::size_t at = 0; at < all.size(); ++at)
        readings.push_back({std::string{verb} + " " + write(all[at]) + because, labels[at]});
    // What else is open is as it was written: the chosen command asks about it.
    const bool more_open = (question == "Whom do you mean?" && (schedules.size() > 1 || spans.size() > 1))
        || (question == "Which schedule?" && spans.size() > 1);
    if (more_open)
        return std::nullopt;
    return ask(question, std::move(readings));
}

std::string SentenceReader::take_out(const DutyWords& words)
{
    return together({words.people.front(), words.schedule, words.time == "my next shift" ? "next shift" : words.time});
}

Sentence SentenceReader::cover(std::size_t from)
{
    if (is(from, "cancel") || (is(from, "request") && has_any(from, "cancel")))
        return as("cover", ends(from + 1) || has_any(from + 1, "request it") ? "cancel" : written_from(from));
    auto said =
        duty(from, "me my mine shift shifts please for schedule on call oncall on-call during time turn the a i'm i am it up");
    std::erase_if(said.people, [&](const Someone& one) { return one.may_be.front().id == "<@" + speaker_.user + ">"; });
    const auto write = [](const DutyWords& words) { return together({words.schedule, words.time}); };
    // "cover me @bo friday 18:00-22:00": her time, or his?
    if (said.people.size() == 1 && said.people.front().certain && has_any(from, "me my mine")) {
        auto hers = said;
        hers.people.clear();
        const auto all = duty_command("cover", hers, write);
        const auto one = duty_command("take", said, take_out);
        if (!all || !one || all->verb.empty() || one->verb.empty())
            return as("cover", written_from(from));
        return ask("Whose time is it? Nobody was asked yet.",
            {{together({"cover", all->rest}), "Mine: ask everybody"},
                {together({"take", one->rest}), "Theirs: ask " + said.people.front().may_be.front().name}});
    }
    if (!said.people.empty())
        return take(from); // somebody else's
    auto command = duty_command("cover", said, write);
    return command ? std::move(*command) : as("cover", written_from(from));
}

Sentence SentenceReader::take(std::size_t from)
{
    const auto number = past_words(from, "over alert the incident");
    if (number < words_.size() && words_[number].kind == WordKind::number && ends(number + 1))
        return alert_verb(*command_verb("ack"), number);
    auto said = duty(from,
        "over from the a shift shifts for turn duty on call oncall on-call please of schedule during time to be take cover i");
    std::erase_if(said.people, [&](const Someone& one) { return one.may_be.front().id == "<@" + speaker_.user + ">"; });
    if (said.people.size() != 1)
        return as("take", written_from(from));
    auto command = duty_command("take", said, take_out);
    return command ? std::move(*command) : as("take", written_from(from));
}

Sentence SentenceReader::override(std::size_t from)
{
    auto begin = from;
    // "replace ana with bo": the verb itself says of whom.
    if (from > 0 && is(from - 1, "replace"))
        begin = from - 1;
    auto said = duty(begin,
        "on call oncall on-call for the as is be being with to into in team schedule rotation rota shift shifts please make let "
        "set "
        "have get up duty so that and by replace put override an a");
    const auto write = [](const DutyWords& words) {
        return together({words.schedule, together(words.people), words.instead_of.empty() ? "" : "instead of " + words.instead_of,
            words.time});
    };
    if (said.time.next_shift)
        return as("override", written_from(from));
    auto command = duty_command("override", said, write);
    return command ? std::move(*command) : as("override", written_from(from));
}

Sentence SentenceReader::swap(std::size_t from)
{
    const auto said = duty(from, "with shift shifts my mine our the a one of some for please on call oncall on-call");
    if (said.people.empty() && said.unknown.empty() && !said.time.span && !said.has_name)
        return as("swap", "");
    if (said.people.size() != 1 || !said.unknown.empty())
        return as("swap", written_from(from));
    const auto& one = said.people.front();
    if (one.certain)
        return as("swap", one.may_be.front().id);
    std::vector<Reading> readings;
    for (const auto& person : one.may_be)
        readings.push_back({"swap " + person.id, person.name});
    return ask("Whom do you mean?", std::move(readings));
}

/// As away_in() reads it: days with their last one, or times with a T.
Sentence SentenceReader::away(std::size_t from, bool by_verb)
{
    const auto plain = written_from(from);
    if (plain.empty() || is_any(from, "list calendar"))
        return as("away", plain);
    const bool may_be_today = has_any(from, "tomorrow tmrw") && is_still_night(to_local(speaker_.now, zone()));
    if (!may_be_today && away_in(plain, speaker_.now, zone()).problem.empty())
        return as("away", plain);
    const auto said = duty(from, "i i'm am will be out of office on off for the vacation holiday holidays leave away sick from");
    const bool complete = !is_any(words_.size() - 1, "to until till from and");
    std::vector<Span> spans = said.time.readings;
    if (said.time.span)
        spans = {*said.time.span};
    if (spans.empty() || !complete || !said.unknown.empty() || !said.people.empty() || said.has_name)
        return as("away", by_verb || !said.unknown.empty() || !said.time.trouble.empty() ? plain : std::string{});
    const auto write = [&](const Span& span) {
        const auto from_local = to_local(span.from, zone()), to_local_ = to_local(span.to, zone());
        const bool whole = day_of(from_local) == from_local && day_of(to_local_) == to_local_;
        const auto days = [&](TimePoint at) { return iso(at, zone()).substr(0, 10); };
        const auto because = said.because.empty() ? std::string{} : " because " + said.because;
        if (whole && days(span.from) == days(span.to - milliseconds{1}))
            return days(span.from) + because;
        if (whole)
            return days(span.from) + " to " + days(span.to - milliseconds{1}) + because;
        return iso(span.from, zone()).substr(0, 16) + " to " + iso(span.to, zone()).substr(0, 16) + because;
    };
    if (spans.size() == 1)
        return as("away", write(spans.front()));
    std::vector<Reading> readings;
    for (const auto& span : spans)
        readings.push_back({"away " + write(span), called_time(span, zone(), speaker_.now)});
    return ask("When do you mean?", std::move(readings));
}

Sentence SentenceReader::my_shifts(std::size_t from)
{
    const auto at = past_words(from, "of for the with");
    if (const auto one = someone_at(at, true); one && ends(at + one->words)) {
        if (one->may_be.front().id == "<@" + speaker_.user + ">")
            return as("me", "");
        if (one->certain)
            return as("me", one->may_be.front().id);
    }
    return as("me", "");
}

} // namespace oncall
