#include "oncall/reply.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace oncall {

namespace {

struct VerbWord {
    std::string_view word{};
    Verb verb{};
};
/// The numbers are those that PagerDuty's users have in their fingers.
constexpr std::array verb_words{VerbWord{"4", Verb::acknowledge}, VerbWord{"ack", Verb::acknowledge},
    VerbWord{"acknowledge", Verb::acknowledge}, VerbWord{"acknowledged", Verb::acknowledge}, VerbWord{"ok", Verb::acknowledge},
    VerbWord{"okay", Verb::acknowledge}, VerbWord{"on it", Verb::acknowledge}, VerbWord{"got it", Verb::acknowledge},
    VerbWord{"mine", Verb::acknowledge}, VerbWord{"6", Verb::resolve}, VerbWord{"resolve", Verb::resolve},
    VerbWord{"resolved", Verb::resolve}, VerbWord{"done", Verb::resolve}, VerbWord{"fixed", Verb::resolve},
    VerbWord{"8", Verb::escalate}, VerbWord{"escalate", Verb::escalate}, VerbWord{"esc", Verb::escalate},
    VerbWord{"no", Verb::decline}, VerbWord{"not me", Verb::decline}, VerbWord{"notme", Verb::decline},
    VerbWord{"decline", Verb::decline}, VerbWord{"can't", Verb::decline}, VerbWord{"cant", Verb::decline}};

// Twilio's default keywords: after one of the first it lets nothing more through, whatever we think of it.
constexpr std::array<std::string_view, 9> stop_words{
    "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"};
constexpr std::array<std::string_view, 2> start_words{"start", "unstop"};
constexpr std::array<std::string_view, 3> help_words{"help", "info", "?"};

template <class Words> bool is_one_of(const Words& words, std::string_view text)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

/// The first line that says something, in small letters, its words with one blank between them.
std::string said_in(std::string_view text)
{
    std::string said;
    for (const char c : text.substr(0, 1'600)) {
        if (c == '\n' || c == '\r') {
            if (!said.empty())
                break;
            continue;
        }
        const bool between = c == ' ' || c == '\t' || c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '"';
        if (between && !said.empty() && said.back() != ' ')
            said += ' ';
        if (!between)
            said += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    for (const std::string_view curly = "\xE2\x80\x99"; said.find(curly) != said.npos;)
        said.replace(said.find(curly), curly.size(), "'");
    if (said.ends_with(' '))
        said.pop_back();
    return said;
}

/// "12", "#12"; 0: none.
std::int64_t number_in(std::string_view word)
{
    if (word.starts_with('#'))
        word.remove_prefix(1);
    std::int64_t number{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    return error == std::errc{} && end == word.data() + word.size() && number > 0 && word.front() != '+' ? number : 0;
}

std::optional<Verb> verb_in(std::string_view words)
{
    const auto* const found =
        std::find_if(verb_words.begin(), verb_words.end(), [&](const VerbWord& one) { return one.word == words; });
    return found == verb_words.end() ? std::nullopt : std::optional{found->verb};
}

} // namespace

Reply reply_in(std::string_view text)
{
    Reply reply;
    const auto said = said_in(text);
    if (is_one_of(stop_words, said))
        reply.what = Reply::What::stop;
    else if (is_one_of(start_words, said))
        reply.what = Reply::What::start;
    else if (is_one_of(help_words, said))
        reply.what = Reply::What::help;
    if (reply.what != Reply::What::unclear)
        return reply;

    auto verb = verb_in(said);
    const std::string_view words{said};
    const auto last = words.rfind(' ');
    const auto first = words.find(' ');
    if (!verb && last != words.npos) {
        const auto behind = words.substr(last + 1);
        if (behind == "all" || number_in(behind) > 0) {
            verb = verb_in(words.substr(0, last));
            reply.all = behind == "all";
            reply.alert = {number_in(behind)};
        }
        if (!verb && number_in(words.substr(0, first)) > 0) {
            verb = verb_in(words.substr(first + 1));
            reply.all = false;
            reply.alert = {number_in(words.substr(0, first))};
        }
    }
    if (!verb)
        return Reply{};
    reply.what = Reply::What::answer;
    reply.verb = *verb;
    return reply;
}

Meant meant_by(const Reply& answer, const std::vector<Alert>& open)
{
    if (answer.alert.value != 0) {
        const auto found = std::find_if(open.begin(), open.end(), [&](const Alert& alert) { return alert.id == answer.alert; });
        if (found == open.end())
            return {Meant::What::not_theirs, open};
        return {Meant::What::these, {*found}};
    }
    if (open.empty())
        return {};
    Meant meant;
    for (const auto& alert : open)
        if (std::holds_alternative<Effect>(apply(alert.state, answer.verb)))
            meant.alerts.push_back(alert);
    if (meant.alerts.empty())
        meant.alerts.push_back(open.front());
    meant.what = answer.all || meant.alerts.size() == 1 ? Meant::What::these : Meant::What::which;
    return meant;
}

} // namespace oncall
