#include "oncall/grammar_words.hpp"

#include "oncall/words.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace oncall {

namespace {

constexpr std::size_t most_grammar_words = 400;
constexpr std::size_t most_words_in_name = 12;

bool takes_away(std::string& text, std::string_view end)
{
    if (text.size() < end.size() || !text.ends_with(end))
        return false;
    text.resize(text.size() - end.size());
    return true;
}

void replace_each(std::string& text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

/// Of the punctuation behind a word, what matters.
void strip_end(GrammarWord& word)
{
    auto& text = word.bare;
    for (bool more = true; more && !text.empty();) {
        more = false;
        for (const std::string_view end : {"!", "?", "\"", "'", "”", "“", "’", "»", ")", ".", "…", ";", "`", "*", "_", "~"})
            if (takes_away(text, end)) {
                more = true;
                word.asks = word.asks || end == "?";
            }
        if (takes_away(text, ","))
            more = word.comma = true;
        if (takes_away(text, ":"))
            more = word.colon = true;
    }
}

void strip_begin(std::string& text)
{
    for (bool more = true; more;) {
        more = false;
        for (const std::string_view begin : {"\"", "'", "“", "„", "‘", "«", "(", "`", "*", "_", "~"})
            if (text.starts_with(begin)) {
                text.erase(0, begin.size());
                more = true;
            }
    }
}

/// "<@U1|ana>", "<!subteam^S1|@db>", "<mailto:…>": what it stands for. What follows the > stays.
void read_token(GrammarWord& word)
{
    const auto close = word.bare.find('>');
    auto behind = word.bare.substr(close + 1);
    const auto inside = word.bare.substr(1, close - 1);
    const auto head = inside.substr(0, inside.find('|'));
    for (const std::string_view owner : {"'s", "’s"})
        if (behind.starts_with(owner)) {
            word.owns = true;
            behind.erase(0, owner.size());
        }
    word.comma = behind.find(',') != behind.npos;
    word.colon = behind.find(':') != behind.npos;
    word.asks = behind.find('?') != behind.npos;
    if (head.size() > 1 && head.front() == '@') {
        word.kind = GrammarWord::Kind::person;
        word.bare = "<" + head + ">";
    } else if (head.starts_with("!subteam^")) {
        word.kind = GrammarWord::Kind::group;
        word.bare = "<" + inside + ">";
    } else if (head.starts_with("mailto:")) {
        word.kind = GrammarWord::Kind::person;
        word.bare = head.substr(7);
    } else {
        word.kind = GrammarWord::Kind::other;
        word.bare = "<" + inside + ">";
    }
}

void read_plain(GrammarWord& word)
{
    strip_begin(word.bare);
    strip_end(word);
    for (const std::string_view owner : {"'s", "’s"})
        word.owns = takes_away(word.bare, owner) || word.owns;
    replace_each(word.bare, "&lt;", "<");
    replace_each(word.bare, "&gt;", ">");
    replace_each(word.bare, "&amp;", "&");
    if (word.bare.size() > 1 && word.bare.find('@') != word.bare.npos) {
        word.kind = GrammarWord::Kind::person;
        return;
    }
    const auto digits = std::string_view{word.bare}.substr(word.bare.starts_with('#') ? 1 : 0);
    std::int64_t number{};
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!digits.empty() && is_digit(digits.front()) && error == std::errc{} && stop == digits.data() + digits.size()
        && number > 0) {
        word.kind = GrammarWord::Kind::number;
        word.number = number;
    }
}

/// Case, and what joins the words of a name, make no difference.
std::string key_of_name(std::string_view name)
{
    auto key = lower(name);
    for (auto& c : key)
        if (c == '-' || c == '_')
            c = ' ';
    while (!key.empty() && (key.back() == ' ' || key.back() == '.' || key.back() == '!' || key.back() == '?'))
        key.pop_back();
    return key;
}

std::optional<RecipientKind> kind_word(std::string_view word)
{
    if (word == "team")
        return RecipientKind::team;
    if (word == "service")
        return RecipientKind::service;
    if (word == "schedule" || word == "rotation" || word == "rota" || word == "on-call" || word == "oncall")
        return RecipientKind::schedule;
    return word == "policy" ? std::optional{RecipientKind::policy} : std::nullopt;
}

void keep_only(std::vector<Recipient>& all, std::optional<RecipientKind> kind)
{
    std::erase_if(all, [&](const Recipient& one) { return kind && one.kind != *kind; });
}

} // namespace

std::string one_spaced(std::string_view text)
{
    std::string spaced;
    for (std::size_t at = 0; at < text.size();) {
        const auto is = [&](std::string_view what) { return text.substr(at).starts_with(what); };
        std::size_t blank = 0, unseen = 0;
        for (const std::string_view one : {" ", "\t", "\n", "\r", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x87"})
            if (is(one))
                blank = one.size();
        for (const std::string_view one : {"\xE2\x80\x8B", "\xEF\xBB\xBF", "\xE2\x81\xA0"})
            if (is(one))
                unseen = one.size();
        if (blank > 0 && !spaced.empty() && spaced.back() != ' ')
            spaced += ' ';
        if (blank + unseen == 0)
            spaced += text[at];
        at += std::max<std::size_t>(blank + unseen, 1);
    }
    while (spaced.ends_with(' '))
        spaced.pop_back();
    return spaced;
}

std::vector<GrammarWord> grammar_words(std::string_view text)
{
    std::vector<GrammarWord> words;
    for (std::size_t at = text.find_first_not_of(' '); at != text.npos;) {
        auto end = std::min(text.find(' ', at), text.size());
        bool token = false;
        if (text[at] == '<') // what is shown of a link may have blanks
            if (const auto close = text.find('>', at); close != text.npos) {
                token = true;
                end = std::min(text.find(' ', close), text.size());
            }
        if (words.size() == most_grammar_words)
            end = text.size();
        GrammarWord word;
        word.begin = at;
        word.end = end;
        word.bare = text.substr(at, end - at);
        token ? read_token(word) : read_plain(word);
        word.low = lower(word.bare);
        words.push_back(std::move(word));
        at = text.find_first_not_of(' ', end);
    }
    return words;
}

Lexicon::Lexicon(const Configuration& configuration, const std::vector<CalledPerson>* people)
{
    const auto add = [&](const std::string& called, RecipientKind kind, const std::string& name) {
        auto& all = names_[key_of_name(called)];
        if (const Recipient one{kind, name}; std::find(all.begin(), all.end(), one) == all.end())
            all.push_back(one);
    };
    for (const auto& [name, one] : configuration.services)
        add(name, RecipientKind::service, name);
    for (const auto& [name, one] : configuration.teams)
        add(name, RecipientKind::team, name);
    for (const auto& [name, one] : configuration.schedules)
        add(name, RecipientKind::schedule, name);
    for (const auto& [name, one] : configuration.policies)
        add(name, RecipientKind::policy, name);
    for (const auto& [name, team] : configuration.teams) // "@dba", or what its mention shows
        if (!team.user_group.empty())
            add(team.user_group, RecipientKind::team, name);
    if (!people)
        return;
    for (const auto& person : *people) {
        std::set<std::string> keys{key_of_name(person.name), key_of_name(person.handle)};
        keys.erase("");
        for (const auto& key : keys)
            people_[key].push_back(person);
        const auto first = key_of_name(person.name).substr(0, key_of_name(person.name).find(' '));
        if (!first.empty() && !keys.contains(first))
            first_names_[first].push_back(person);
    }
}

std::optional<Lexicon::Named> Lexicon::longest(
    const std::vector<GrammarWord>& words, std::size_t at, std::string begins, std::optional<RecipientKind> kind) const
{
    std::optional<Named> best;
    auto name = std::move(begins);
    for (std::size_t count = 1; at + count <= words.size() && count <= most_words_in_name; ++count) {
        const auto& word = words[at + count - 1];
        if (count > 1)
            name += " " + word.bare;
        if (const auto found = names_.find(key_of_name(name)); found != names_.end()) {
            auto meant = found->second;
            keep_only(meant, kind);
            // What is spelt just so counts before what differs in case.
            const auto is_spelt = [&](const Recipient& one) { return one.name == name; };
            const auto all = meant;
            std::erase_if(meant, [&](const Recipient& one) {
                return !is_spelt(one) && std::any_of(all.begin(), all.end(), [&](const Recipient& other) {
                    return other.kind == one.kind && is_spelt(other);
                });
            });
            if (!meant.empty())
                best = Named{std::move(meant), count};
        }
        if (word.comma || word.colon)
            break;
    }
    return best;
}

std::optional<Lexicon::Named> Lexicon::name_at(const std::vector<GrammarWord>& words, std::size_t at) const
{
    if (at >= words.size())
        return std::nullopt;
    const auto& word = words[at];
    if (word.kind == GrammarWord::Kind::group) {
        // "<!subteam^S1|@dba>": by its handle, else by its id.
        const auto bar = word.bare.find('|');
        const auto handle = bar == word.bare.npos ? std::string{} : word.bare.substr(bar + 1, word.bare.size() - bar - 2);
        const auto id = word.bare.substr(10, std::min(bar, word.bare.size() - 1) - 10);
        for (const auto& called : {handle, id})
            if (const auto found = called.empty() ? names_.end() : names_.find(key_of_name(called)); found != names_.end())
                return Named{found->second, 1};
        return std::nullopt;
    }
    if (word.kind == GrammarWord::Kind::person && !word.bare.starts_with('@'))
        return std::nullopt;
    if (const auto colon = word.bare.find(':'); colon != word.bare.npos)
        if (const auto kind = recipient_in(word.bare))
            return longest(words, at, kind->name, kind->kind);
    if (const auto kind = kind_word(word.low); kind && !word.colon && !word.comma && at + 1 < words.size())
        if (auto named = longest(words, at + 1, words[at + 1].bare, kind)) {
            ++named->words;
            return named;
        }
    auto named = longest(words, at, word.bare, std::nullopt);
    if (!named)
        return std::nullopt;
    const auto behind = at + named->words;
    if (behind < words.size() && !words[behind - 1].comma && !words[behind - 1].colon)
        if (const auto kind = kind_word(words[behind].low)) {
            auto of_kind = named->meant;
            keep_only(of_kind, kind);
            if (!of_kind.empty())
                return Named{std::move(of_kind), named->words + 1};
        }
    return named;
}

std::optional<Lexicon::People> Lexicon::people_at(const std::vector<GrammarWord>& words, std::size_t at) const
{
    if (at >= words.size() || words[at].bare.empty())
        return std::nullopt;
    auto first = words[at].bare;
    if (first.starts_with('@'))
        first.erase(0, 1);
    std::optional<People> best;
    auto name = first;
    for (std::size_t count = 1; at + count <= words.size() && count <= 4; ++count) {
        if (count > 1)
            name += " " + words[at + count - 1].bare;
        if (const auto found = people_.find(key_of_name(name)); found != people_.end())
            best = People{found->second, true, count};
        if (words[at + count - 1].comma || words[at + count - 1].colon || words[at + count - 1].owns)
            break;
    }
    if (best)
        return best;
    if (const auto found = first_names_.find(key_of_name(first)); found != first_names_.end())
        return People{found->second, false, 1};
    return std::nullopt;
}

} // namespace oncall
