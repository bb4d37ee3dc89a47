#include "handlers/page_words.hpp"

#include "handlers/routes.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers {

using namespace oncall;

namespace {

constexpr std::size_t most_words_of_name = 12;

std::string unescaped(std::string text)
{
    constexpr std::array<std::pair<std::string_view, char>, 3> entities{{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto* const entity = std::find_if(entities.begin(), entities.end(),
            [&](const auto& one) { return std::string_view{text}.substr(at).starts_with(one.first); });
        if (entity == entities.end()) {
            out += text[at++];
        } else {
            out += entity->second;
            at += entity->first.size();
        }
    }
    return out;
}

struct PageWord {
    std::string text{}; // without what ends it
    bool comma{};
    bool colon{}; // the list of names ends with it
    std::size_t end{}; // in the sentence
};

std::vector<PageWord> words_in_sentence(const std::string& text)
{
    std::vector<PageWord> words;
    for (std::size_t at = text.find_first_not_of(' '); at != text.npos;) {
        const auto end = std::min(text.find(' ', at), text.size());
        PageWord word{text.substr(at, end - at), false, false, end};
        while (!word.text.empty() && (word.text.back() == ':' || word.text.back() == ',')) {
            (word.text.back() == ':' ? word.colon : word.comma) = true;
            word.text.pop_back();
        }
        words.push_back(std::move(word));
        at = text.find_first_not_of(' ', end);
    }
    return words;
}

std::optional<Urgency> urgency_word(const std::string& word)
{
    const auto said = lower(word);
    if (said == "low")
        return Urgency::low;
    if (said == "urgently" || said == "urgent" || said == "high")
        return Urgency::high;
    return std::nullopt;
}

bool joins(const PageWord& word)
{
    const auto said = lower(word.text);
    return said == "and" || said == "&amp;" || said == "&" || said == "+" || said.empty();
}

class Reading {
public:
    Reading(const std::string& text, const Configuration& configuration)
        : text_{text}
        , words_{words_in_sentence(text)}
        , configuration_{configuration}
    {
    }

    PageSentence read()
    {
        if (auto listed = list()) {
            listed->may_mean_low = may_mean_low(*listed);
            return std::move(*listed);
        }
        PageSentence said;
        std::size_t at = 0;
        while (at < words_.size() && urgency(said, at)) { }
        if (at >= words_.size()) { // "low" is all there is, or a name after all
            said = {};
            at = 0;
        }
        if (!mentions(said, at)) {
            if (name(said, at))
                mentions(said, at);
            else if (at < words_.size())
                said.unknown = unescaped(words_[at].text);
        }
        if (!said.whom.empty() && at < words_.size() && urgency_word(words_[at].text) == Urgency::high
            && lower(words_[at].text) != "high")
            urgency(said, at);
        said.reason = rest(at);
        said.may_mean_low = may_mean_low(said);
        return said;
    }

private:
    static bool may_mean_low(const PageSentence& said)
    {
        return !said.urgency && !said.whom.empty() && lower(said.reason.substr(0, 4)) == "low ";
    }

    /// Names up to a colon, and nothing else before it.
    std::optional<PageSentence> list()
    {
        PageSentence said;
        std::size_t at = 0;
        const auto ends = [&] { return at > 0 && words_[at - 1].colon; };
        while (at < words_.size()) {
            if (joins(words_[at]))
                ++at;
            else if (!urgency(said, at) && !mention(said, at) && !name(said, at))
                return std::nullopt;
            if (ends()) {
                if (said.whom.empty())
                    return std::nullopt;
                said.reason = rest(at);
                return said;
            }
        }
        return std::nullopt;
    }

    bool urgency(PageSentence& said, std::size_t& at) const
    {
        const auto urgency = urgency_word(words_[at].text);
        if (!urgency)
            return false;
        said.urgency = urgency;
        ++at;
        // "low urgency"
        if (at < words_.size() && lower(words_[at].text) == "urgency" && !words_[at - 1].colon)
            ++at;
        return true;
    }

    bool mentions(PageSentence& said, std::size_t& at) const
    {
        bool any = false;
        while (at < words_.size()) {
            if (follows(said, at) && mention(said, at)) {
                any = true;
                continue;
            }
            auto next = at;
            while (any && next < words_.size() && joins(words_[next]))
                ++next;
            if (next == at || next >= words_.size() || !follows(said, next) || !mention(said, next))
                break;
            at = next;
        }
        return any;
    }

    /// "backup@db3" behind a name begins the reason, unless it is somebody of the configuration.
    bool follows(const PageSentence& said, std::size_t at) const
    {
        const auto& word = words_[at].text;
        if (said.whom.empty() || word.starts_with('@') || (word.starts_with('<') && !word.starts_with("<mailto:")))
            return true;
        const auto person = person_in(word);
        return person.empty() || people_of(configuration_).contains(person);
    }

    /// A person, or a user group.
    bool mention(PageSentence& said, std::size_t& at) const
    {
        const auto& word = words_[at].text;
        if (const auto group = group_mention_in(word)) {
            auto teams = group->handle.empty() ? std::vector<Recipient>{} : recipients_named(group->handle, configuration_);
            add(said, teams.empty() ? Recipient{RecipientKind::user_group, group->id} : teams.front());
        } else if (const auto named = word.starts_with('@') ? recipients_named(word, configuration_) : std::vector<Recipient>{};
                   !named.empty()) {
            add(said, named.front());
        } else if (const auto person = person_in(word); !person.empty()) {
            add(said, {RecipientKind::person, person});
        } else {
            return false;
        }
        ++at;
        return true;
    }

    /// What the configuration calls so: "payments", "team:payments", "team payments"; the longest name counts.
    bool name(PageSentence& said, std::size_t& at) const
    {
        if (at >= words_.size())
            return false;
        if (const auto written = recipient_in(unescaped(words_[at].text)))
            return kind_of(said, at, written->kind, written->name, 1);
        if (const auto kind = recipient_in(words_[at].text + ":-"); kind && at + 1 < words_.size() && !words_[at].colon) {
            auto behind = at + 1;
            if (longest(behind, kind->kind, said)) {
                at = behind;
                return true;
            }
        }
        return longest(at, std::nullopt, said);
    }

    /// "team:Night owls": the rest of the name may be in the next words.
    bool kind_of(PageSentence& said, std::size_t& at, RecipientKind kind, const std::string& begins, std::size_t used) const
    {
        if (kind == RecipientKind::person || kind == RecipientKind::user_group) {
            const auto group = group_mention_in(begins);
            const auto person = group ? group->id : person_in(begins);
            add(said, {kind, person.empty() ? begins : person});
            at += used;
            return true;
        }
        std::string name = begins;
        std::optional<Recipient> best;
        std::size_t best_used = 0;
        for (auto count = used; at + count <= words_.size() && count <= most_words_of_name; ++count) {
            if (count > used)
                name += " " + unescaped(words_[at + count - 1].text);
            for (const auto& one : recipients_named(name, configuration_))
                if (one.kind == kind) {
                    best = one;
                    best_used = count;
                }
            if (words_[at + count - 1].colon || words_[at + count - 1].comma)
                break;
        }
        if (!best)
            return false;
        add(said, *best);
        at += best_used;
        return true;
    }

    bool longest(std::size_t& at, std::optional<RecipientKind> wanted, PageSentence& said) const
    {
        std::string name;
        std::vector<Recipient> best;
        std::size_t best_used = 0;
        for (std::size_t count = 1; at + count <= words_.size() && count <= most_words_of_name; ++count) {
            const auto& word = words_[at + count - 1];
            name += (name.empty() ? "" : " ") + unescaped(word.text);
            auto found = recipients_named(name, configuration_);
            std::erase_if(found, [&](const Recipient& one) { return wanted && one.kind != *wanted; });
            if (!found.empty()) {
                best = std::move(found);
                best_used = count;
            }
            if (word.colon || word.comma)
                break;
        }
        if (best.empty())
            return false;
        add(said, best.front());
        if (best.size() > 1)
            said.shared.push_back({best.front(), {best.begin() + 1, best.end()}});
        at += best_used;
        return true;
    }

    static void add(PageSentence& said, Recipient one)
    {
        if (std::find(said.whom.begin(), said.whom.end(), one) == said.whom.end())
            said.whom.push_back(std::move(one));
    }

    /// What comes behind the words before `at`.
    std::string rest(std::size_t at) const
    {
        auto begin = at == 0 ? 0 : words_[at - 1].end;
        const auto skip = [&](std::string_view what) {
            while (begin < text_.size() && std::string_view{text_}.substr(begin).starts_with(what))
                begin += what.size();
        };
        for (const std::string_view between : {" ", "- ", "– ", "— ", ": ", " "})
            skip(between);
        const auto end = text_.find_last_not_of(' ');
        return begin >= text_.size() || end < begin ? std::string{} : text_.substr(begin, end - begin + 1);
    }

    const std::string& text_;
    std::vector<PageWord> words_;
    const Configuration& configuration_;
};

/// What stands between < and >.
std::string token_plain(const std::string& token, const std::map<std::string, std::string>& names)
{
    const auto bar = token.find('|');
    const auto head = token.substr(0, bar);
    const auto label = bar == token.npos ? std::string{} : token.substr(bar + 1);
    if (head.starts_with("@")) {
        const auto known = names.find(head.substr(1));
        if (known != names.end() && !known->second.empty())
            return known->second;
        return label.empty() ? head.substr(1) : label;
    }
    if (head.starts_with("#"))
        return "#" + (label.empty() ? head.substr(1) : label);
    if (head.starts_with("!subteam^"))
        return label.empty() ? "@" + head.substr(9) : label;
    if (head.starts_with("!"))
        return label.empty() ? "@" + head.substr(1, head.find('^') - 1) : label;
    if (head.starts_with("mailto:"))
        return head.substr(7);
    return label.empty() || label == head ? head : label + " (" + head + ")";
}

} // namespace

std::optional<GroupMention> group_mention_in(const std::string& word)
{
    constexpr std::string_view begin{"<!subteam^"};
    if (!word.starts_with(begin) || word.back() != '>')
        return std::nullopt;
    const auto inside = word.substr(begin.size(), word.size() - begin.size() - 1);
    const auto bar = inside.find('|');
    GroupMention group{inside.substr(0, bar), bar == inside.npos ? "" : inside.substr(bar + 1)};
    return group.id.empty() ? std::nullopt : std::optional{group};
}

PageSentence page_sentence(const std::string& text, const Configuration& configuration)
{
    return Reading{text, configuration}.read();
}

std::string typed_plain(const std::string& text, const std::map<std::string, std::string>& names)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto open = std::min(text.find('<', at), text.size());
        out += unescaped(text.substr(at, open - at));
        const auto close = text.find('>', open);
        if (close == text.npos) {
            out += unescaped(text.substr(open));
            break;
        }
        out += unescaped(token_plain(text.substr(open + 1, close - open - 1), names));
        at = close + 1;
    }
    return out;
}

} // namespace handlers
