#include "oncall/policy.hpp"
#include "oncall/sentence_reader.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

using Recipients = std::vector<Recipient>;

constexpr std::string_view around_whom{
    "the our please whoever somebody someone anybody anyone is are on call on-call oncall of for from in at with up out duty"};

std::string policy_behind(const Recipient& one, const Configuration& configuration)
{
    if (one.kind == RecipientKind::policy)
        return one.name;
    if (one.kind == RecipientKind::team) {
        const auto team = configuration.teams.find(one.name);
        return team == configuration.teams.end() ? std::string{} : team->second.policy;
    }
    if (one.kind == RecipientKind::service) {
        const auto service = configuration.services.find(one.name);
        if (service == configuration.services.end())
            return {};
        return service->second.policy.empty() ? policy_behind({RecipientKind::team, service->second.team}, configuration)
                                              : service->second.policy;
    }
    return {};
}

/// What pages others than the one before it in the order: a schedule or a policy by which that one pages anyway is no other
/// meaning of their name.
Recipients apart(const Recipients& meant, const Configuration& configuration)
{
    Recipients kept;
    for (const auto& one : meant) {
        const bool stands_behind = std::any_of(kept.begin(), kept.end(), [&](const Recipient& other) {
            const auto its = policy_behind(other, configuration);
            if (its.empty())
                return false;
            if (one.kind != RecipientKind::schedule)
                return policy_behind(one, configuration) == its;
            const auto behind = schedules_behind(other, configuration);
            return std::find(behind.begin(), behind.end(), one.name) != behind.end();
        });
        if (!stands_behind)
            kept.push_back(one);
    }
    return kept;
}

/// Whether a word is written without anything around it but a comma or a colon.
bool stands_bare(const GrammarWord& word, std::string_view text)
{
    auto written = text.substr(word.begin, word.end - word.begin);
    while (written.ends_with(',') || written.ends_with(':'))
        written.remove_suffix(1);
    if (written.empty() || word.bare.empty() || word.owns)
        return false;
    const bool is_token = written.front() == '<' && written.back() == '>';
    return is_token || (written.front() == word.bare.front() && written.back() == word.bare.back());
}

/// "team db", for a button.
std::string kind_and_name(const Recipient& one) { return std::string{name(one.kind)} + " " + one.name; }

/// Whom a sentence pages: each as it may be written, one or several ways.
struct Whom {
    std::vector<std::pair<std::string, std::string>> may_be{}; // written, and called
    bool plain{}; // as it stands there it is understood already
    bool certain{true}; // else it is asked, though there is one alone
};

/// Every way to take all of them; the first one that is open decides.
std::vector<std::pair<std::string, std::string>> each_way(const std::vector<Whom>& whom)
{
    std::vector<std::pair<std::string, std::string>> ways{{"", ""}};
    for (const auto& one : whom) {
        std::vector<std::pair<std::string, std::string>> more;
        for (const auto& [written, called] : ways)
            for (const auto& [its, name] : one.may_be)
                if (more.size() < most_readings)
                    more.push_back(
                        {written + (written.empty() ? "" : ", ") + its, called + (called.empty() ? "" : " and ") + name});
        ways = std::move(more);
    }
    return ways;
}

} // namespace

Sentence SentenceReader::page(std::size_t from)
{
    std::string urgency;
    std::vector<Whom> whom;
    bool listed = false, changed = false, joined = false;
    auto at = from, reason = from;
    while (at < words_.size() && whom.size() < most_recipients) {
        const auto& word = words_[at];
        if (!whom.empty() && is_any(at, "urgent urgently")) {
            urgency = "high";
            reason = ++at;
            break;
        }
        if (whom.empty() && is_any(at, "low high urgent urgently")) {
            urgency = word.low == "low" ? "low" : "high";
            at += is(at + 1, "urgency") && !word.colon ? 2 : 1;
            reason = at;
            continue;
        }
        if (is_any(at, "and & + or") || word.bare.empty()) {
            joined = true;
            if (whom.empty())
                break;
            ++at;
            continue;
        }
        Whom one;
        std::size_t taken = 0;
        if (const auto named = lexicon_.name_at(words_, at)) {
            taken = named->words;
            const auto kinds = apart(named->meant, vocabulary_.configuration);
            const bool spelt = word.kind == WordKind::word || word.kind == WordKind::number;
            for (const auto& meant : kinds)
                one.may_be.push_back({recipient_out(meant), kind_and_name(meant)});
            one.plain = kinds.size() == 1 && named->meant.front() == kinds.front()
                && (!spelt
                    || (taken == 1 && (word.bare.find(':') == word.bare.npos || word.bare == recipient_out(kinds.front()))));
            if (one.plain)
                one.may_be.front().first = word.bare;
        } else if (word.kind == WordKind::group) {
            taken = 1;
            one.plain = true;
            one.may_be = {{word.bare, word.bare}};
        } else if (const auto person = someone_at(at, true)) {
            taken = person->words;
            for (const auto& candidate : person->may_be)
                one.may_be.push_back({candidate.id, candidate.name});
            one.certain = person->certain || person->may_be.size() > 1;
            one.plain = word.kind == WordKind::person && one.may_be.front().first == word.bare;
        }
        if (taken == 0) {
            // "the db team", "whoever is on call for payments"
            if (!whom.empty() || !is_any(at, around_whom))
                break;
            changed = true;
            // "page from payments was a mistake" is about a page.
            const bool whose = at > from && is_any(at - 1, "whoever somebody someone anybody anyone call on-call oncall is are");
            const bool quiet = is_any(at, "the our please whoever somebody someone anybody anyone on-call oncall")
                || (is(at, "on") && is(at + 1, "call")) || (is(at, "call") && at > from && is(at - 1, "on"))
                || (is_any(at, "is are for of") && whose);
            doubt_ = doubt_ || !quiet;
            ++at;
            continue;
        }
        // Without a colon it is the people at the beginning, or one name and the people behind it.
        const bool is_person = word.kind == WordKind::person || word.kind == WordKind::group;
        if (!whom.empty() && !is_person) {
            auto end = at + taken;
            bool colon_comes = words_[end - 1].colon;
            while (!colon_comes && end < words_.size() && end < at + 40) {
                const auto next = is_any(end, "and & +") ? std::optional<std::size_t>{1} : std::nullopt;
                const auto named = lexicon_.name_at(words_, end);
                const auto person = someone_at(end, true);
                const auto step = next ? *next : named ? named->words : person ? person->words : std::size_t{0};
                if (step == 0)
                    break;
                end += step;
                colon_comes = words_[end - 1].colon;
            }
            if (!colon_comes)
                break;
        }
        one.plain = one.plain && stands_bare(words_[at + taken - 1], text_);
        at += taken;
        changed = changed || !one.plain;
        whom.push_back(std::move(one));
        listed = words_[at - 1].colon;
        reason = at;
        if (listed)
            break;
        // "payments on call: it is down"
        if (!is_person && is(at, "on") && is(at + 1, "call")) {
            at += 2;
            changed = true;
            listed = words_[at - 1].colon;
            reason = at;
            if (listed)
                break;
        }
    }
    if (whom.empty()) {
        order_ends_ = from;
        free_text_ = reason < words_.size();
        return as("page", written_from(from));
    }
    if (const auto low = urgency.empty() ? low_urgency_at(reason) : 0; low > 0) {
        urgency = "low";
        changed = true;
        reason += low;
        listed = listed || words_[reason - 1].colon;
    }
    free_text_ = reason < words_.size();
    order_ends_ = ends(reason) ? words_.size() : reason;
    doubt_ = doubt_ || (in_prose() && is_any(reason, "was were went had"));
    auto behind = reason;
    if (!listed && behind < words_.size() && is_any(behind, "because about regarding saying") && changed)
        ++behind;
    auto why = written_from(behind);
    for (const std::string_view mark : {": ", "- ", "– ", "— "})
        if (why.starts_with(mark)) {
            why.erase(0, mark.size());
            listed = true;
        }
    if (ends(behind) && !listed)
        why.clear();
    told_ = listed && !why.empty();
    put_off_ = !listed && puts_off(reason);
    const auto ways = each_way(whom);
    const bool open = ways.size() > 1 || std::any_of(whom.begin(), whom.end(), [](const Whom& one) { return !one.certain; });
    if (!open && !changed && !(joined && listed))
        return as("page", written_from(from));
    const auto command = [&](const std::string& written) {
        return (urgency.empty() ? "" : urgency + " ") + written + (why.empty() ? "" : ": " + why);
    };
    if (!open)
        return as("page", command(ways.front().first));
    std::vector<Reading> readings;
    for (const auto& [written, called] : ways)
        readings.push_back({"page " + command(written), "Page " + called});
    return ask("Whom do you mean? Nobody was paged.", std::move(readings));
}

std::size_t SentenceReader::low_urgency_at(std::size_t at) const
{
    const auto from = past_words(at, "with at as of");
    auto said = any_phrase(from, "low urgency|low-urgency");
    if (said == 0) {
        said = any_phrase(from, "low priority|low-priority|not urgent|not urgently|no rush|low");
        // "low priority queue is full" is a reason.
        const auto end = from + said;
        const bool stops = said > 0
            && (end >= words_.size() || is_any(end, "- – —")
                || std::string_view{",:;."}.find(text_[words_[end - 1].end - 1]) != std::string_view::npos);
        if (!stops)
            return 0;
    }
    return from + said - at;
}

Sentence SentenceReader::policy(const CommandVerb& verb, std::size_t from)
{
    const auto& policies = vocabulary_.configuration.policies;
    const auto plain = written_from(from);
    if (plain.empty() || policies.contains(plain))
        return as(verb.word, plain);
    const auto at = past_words(from, "the of for on by a our drill policy please in");
    const auto named = lexicon_.name_at(words_, at);
    if (!named)
        return as(verb.word, plain);
    const auto behind = past_words(at + named->words, "policy team service");
    const auto rest = is_any(behind, "low high") && ends(behind + 1) ? " " + words_[behind].low : std::string{};
    if (rest.empty() && !ends(behind))
        return as(verb.word, plain);
    std::vector<std::string> found;
    for (const auto& one : named->meant)
        if (const auto its = policy_behind(one, vocabulary_.configuration);
            policies.contains(its) && std::find(found.begin(), found.end(), its) == found.end())
            found.push_back(its);
    if (found.empty())
        return as(verb.word, plain);
    if (found.size() == 1)
        return as(verb.word, found.front() + rest);
    std::vector<Reading> readings;
    for (const auto& one : found)
        readings.push_back({std::string{verb.word} + " " + one + rest, "Policy " + one});
    return ask("Which policy?", std::move(readings));
}

Sentence SentenceReader::of_schedule(const CommandVerb& verb, std::size_t from)
{
    const auto plain = written_from(from);
    const auto& schedules = vocabulary_.configuration.schedules;
    if (schedules.contains(plain))
        return as(verb.word, plain);
    const auto at = past_words(from, "the of for on our a");
    if (ends(at))
        return as(verb.word, "");
    const auto named = lexicon_.name_at(words_, at);
    if (!named)
        return as(verb.word, plain);
    std::vector<std::string> found;
    const auto own = std::find_if(
        named->meant.begin(), named->meant.end(), [](const Recipient& one) { return one.kind == RecipientKind::schedule; });
    if (own != named->meant.end())
        found.push_back(own->name);
    else
        for (const auto& one : named->meant)
            for (auto& its : schedules_behind(one, vocabulary_.configuration))
                if (std::find(found.begin(), found.end(), its) == found.end())
                    found.push_back(std::move(its));
    if (found.empty())
        return as(verb.word, plain);
    const auto behind = past_words(at + named->words, "team schedule rotation rota for of on in over the");
    const auto rest = ends(behind) ? std::string{} : " " + written_from(behind);
    if (found.size() == 1)
        return as(verb.word, found.front() + rest);
    std::vector<Reading> readings;
    for (const auto& one : found)
        readings.push_back({std::string{verb.word} + " " + one + rest, "Schedule " + one});
    return ask("Which schedule?", std::move(readings));
}

Sentence SentenceReader::report(std::size_t from)
{
    auto at = past_words(from, "of for on the call on-call oncall our");
    if (is_any(at, "me my mine")) {
        at = past_words(at + 1, "hours for of in on call");
        return as("report", ends(at) ? "me" : "me " + written_from(at));
    }
    const auto plain = written_from(from);
    const auto named = lexicon_.name_at(words_, at);
    if (!named)
        return as("report", at == from || ends(at) ? plain : written_from(at));
    const auto& meant = named->meant;
    const auto behind = past_words(at + named->words, "team schedule for of in over");
    if (at == from && behind == at + named->words)
        return as("report", plain);
    const auto fits = std::find_if(meant.begin(), meant.end(),
        [](const Recipient& one) { return one.kind == RecipientKind::schedule || one.kind == RecipientKind::team; });
    if (fits == meant.end())
        return as("report", plain);
    const bool both = std::count_if(meant.begin(), meant.end(), [](const Recipient& one) {
        return one.kind == RecipientKind::schedule || one.kind == RecipientKind::team;
    }) > 1;
    return as("report", (both ? fits->name : recipient_out(*fits)) + (ends(behind) ? std::string{} : " " + written_from(behind)));
}

Sentence SentenceReader::status(std::size_t from)
{
    const auto plain = written_from(from);
    const auto at = past_words(from, "of for the in on our alerts incidents now right currently");
    if (ends(at))
        return as("status", "");
    if (at < words_.size() && words_[at].kind == WordKind::number && ends(at + 1)) // "open 42"
        return as("timeline", std::to_string(words_[at].number));
    if (is_any(at, "here all") && ends(at + 1))
        return as("status", words_[at].low);
    const auto named = lexicon_.name_at(words_, at);
    if (!named || !ends(past_words(at + named->words, "team")))
        return as("status", plain);
    for (const auto& one : named->meant) {
        if (one.kind == RecipientKind::team)
            return as("status", one.name);
        if (one.kind == RecipientKind::service)
            if (const auto service = vocabulary_.configuration.services.find(one.name);
                service != vocabulary_.configuration.services.end() && !service->second.team.empty())
                return as("status", service->second.team);
    }
    return as("status", plain);
}

} // namespace oncall
