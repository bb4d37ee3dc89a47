#include "delivery/topic.hpp"

#include "oncall/followers.hpp"

namespace delivery {

namespace {

constexpr std::size_t most = 250;

/// As Slack may count: in UTF-16, where what is beyond the first 65,536 characters counts twice.
std::size_t length(std::string_view text)
{
    std::size_t units = 0;
    for (const auto c : text)
        units += (static_cast<unsigned char>(c) & 0xC0U) == 0x80 ? 0 : static_cast<unsigned char>(c) >= 0xF0 ? 2 : 1;
    return units;
}

/// What stands between '<' and '>' in an answer, as it was typed.
std::optional<std::string> token_as_typed(std::string_view token, const std::map<std::string, std::string>& names)
{
    const auto bar = token.find('|');
    const auto target = token.substr(0, bar);
    const auto label = bar == token.npos ? std::string_view{} : token.substr(bar + 1);
    if (target.empty())
        return std::nullopt;
    const auto named = [&](std::string_view sign) -> std::optional<std::string> {
        if (!label.empty())
            return (label.starts_with(sign) ? "" : std::string{sign}) + std::string{label};
        const auto known = names.find(std::string{target.substr(1)});
        return known == names.end() || known->second.empty() ? std::nullopt : std::optional{std::string{sign} + known->second};
    };
    switch (target.front()) {
    case '@': return named("@");
    case '#': return named("#");
    case '!':
        if (target == "!here" || target == "!channel" || target == "!everyone")
            return "@" + std::string{target.substr(1)};
        return target.starts_with("!subteam^") ? named("@") : label.empty() ? std::nullopt : std::optional{std::string{label}};
    default: break;
    }
    // What Slack made a link by itself is labelled as it was typed.
    if (label.empty() || target.ends_with(label))
        return std::string{label.empty() ? target : label};
    return std::string{label} + " " + std::string{target};
}

std::pair<std::size_t, std::size_t> place_of_ours(const std::string& topic)
{
    const auto begin = topic.find(oncall::topic_begins);
    const auto end = begin == topic.npos ? topic.npos : topic.find(oncall::topic_ends, begin);
    return end == topic.npos ? std::pair{topic.npos, topic.npos} : std::pair{begin, end + oncall::topic_ends.size()};
}

} // namespace

std::optional<std::string> topic_as_typed(std::string_view shown, const std::map<std::string, std::string>& names)
{
    constexpr std::pair<std::string_view, char> entities[]{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}};
    std::string typed;
    while (!shown.empty()) {
        if (const auto close = shown.find('>'); shown.front() == '<' && close != shown.npos) {
            const auto text = token_as_typed(shown.substr(1, close - 1), names);
            if (!text)
                return std::nullopt;
            const auto inner = topic_as_typed(*text, {});
            typed += inner.value_or(*text);
            shown.remove_prefix(close + 1);
            continue;
        }
        std::size_t taken = 1;
        char c = shown.front();
        for (const auto& [entity, meant] : entities)
            if (shown.starts_with(entity)) {
                taken = entity.size();
                c = meant;
                break;
            }
        typed += c;
        shown.remove_prefix(taken);
    }
    return typed;
}

std::vector<std::string> mentioned_in(std::string_view shown)
{
    std::vector<std::string> users;
    for (auto at = shown.find("<@"); at != shown.npos; at = shown.find("<@", at + 1))
        if (const auto end = shown.find_first_of("|>", at + 2); end != shown.npos)
            users.emplace_back(shown.substr(at + 2, end - at - 2));
    return users;
}

std::optional<std::string> topic_with(const std::string& topic, const std::vector<std::string>& texts)
{
    const auto [begin, end] = place_of_ours(topic);
    const auto before = begin == topic.npos ? topic + (topic.empty() || topic.ends_with(' ') ? "" : " ") : topic.substr(0, begin);
    const auto behind = begin == topic.npos ? std::string{} : topic.substr(end);
    for (const auto& text : texts)
        if (auto whole = before + text + behind; length(whole) <= most)
            return whole;
    return std::nullopt;
}

std::string topic_without(const std::string& topic)
{
    const auto [begin, end] = place_of_ours(topic);
    if (begin == topic.npos)
        return topic;
    auto before = topic.substr(0, begin);
    const auto behind = topic.substr(end);
    if (before.ends_with(' '))
        before.pop_back();
    return before.empty() && behind.starts_with(' ') ? behind.substr(1) : before + behind;
}

} // namespace delivery
