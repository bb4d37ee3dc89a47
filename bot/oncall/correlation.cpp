#include "oncall/correlation.hpp"

#include "oncall/fingerprint.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t most_related = 5;
/// Another group that scores so much of the best one's is as likely.
constexpr double as_likely = 0.6;

bool is_among(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

const std::string& label_of(const Alert& alert, std::string_view name)
{
    static const std::string none;
    const auto found = alert.labels.find(std::string{name});
    return found == alert.labels.end() ? none : found->second;
}

/// The first of these labels that both have with the same value.
template <std::size_t N>
std::string_view shared_label(const Alert& one, const Alert& other, const std::array<std::string_view, N>& names)
{
    for (const auto name : names)
        if (const auto& value = label_of(one, name); !value.empty() && value == label_of(other, name))
            return name;
    return {};
}

/// A namespace is a team's, and services of several work on one thing; clusters and regions fail one by one.
bool are_elsewhere(const Alert& one, const Alert& other)
{
    for (const std::string_view name : {"cluster", "region"}) {
        const auto &here = label_of(one, name), &there = label_of(other, name);
        if (!here.empty() && !there.empty() && here != there)
            return true;
    }
    return false;
}

/// "2 min apart", "at the same time".
std::string gap_in_words(milliseconds gap)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(gap).count();
    if (seconds < 5)
        return "at the same time";
    return seconds < 60 ? std::to_string(seconds) + " s apart" : std::to_string((seconds + 30) / 60) + " min apart";
}

/// What ties one alert to another.
struct Tie {
    double score{};
    std::string because{}; // empty: nothing does
};

std::string labelled(const Alert& alert, std::string_view label)
{
    return "the same " + std::string{label} + " " + label_of(alert, label).substr(0, 60);
}

std::string with_its_place(std::string because, const Alert& one, const Alert& other)
{
    if (const auto place = shared_label(one, other, place_labels); !place.empty())
        because += ", " + labelled(one, place);
    return because;
}

Tie tie_of(const Alert& arrived, const std::vector<std::string>& words, const Alert& open, const Neighbours& neighbours)
{
    const auto gap = arrived.triggered_at > open.triggered_at ? arrived.triggered_at - open.triggered_at
                                                              : open.triggered_at - arrived.triggered_at;
    if (gap > related_within || are_elsewhere(arrived, open))
        return {};
    std::string because;
    double score = 0;
    if (arrived.service.empty() || open.service.empty()) {
        // Nobody knows whose one of them is: only what they are about can tie them.
    } else if (arrived.service == open.service) {
        because = "the same service " + arrived.service;
        score = 0.45;
    } else if (is_among(neighbours.depends_on, open.service)) {
        because = arrived.service + " depends on " + open.service;
        score = 0.45;
    } else if (is_among(neighbours.dependants, open.service)) {
        // What others depend on tells later than they do: it happens, and is less likely.
        because = open.service + " depends on " + arrived.service;
        score = 0.35;
    }
    if (const auto entity = shared_label(arrived, open, entity_labels); !entity.empty()) {
        because = because.empty() ? labelled(arrived, entity) : because + ", " + labelled(arrived, entity);
        score += 0.25;
    }
    const auto alike = likeness(words, masked_words(open.title));
    const auto place = shared_label(arrived, open, place_labels);
    const auto& space = label_of(arrived, word_label);
    if (because.empty() && alike >= alike_from && !space.empty() && space == label_of(open, word_label)) {
        because = "the same words, " + labelled(arrived, word_label);
        score = 0.3;
    } else if (!because.empty()) {
        because = with_its_place(std::move(because), arrived, open);
        score += place.empty() ? 0 : 0.05;
    }
    if (because.empty())
        return {};
    score += alike >= alike_from ? 0.1 : 0;
    score += 0.15 * (1.0 - static_cast<double>(gap.count()) / static_cast<double>(related_within.count()));
    return {score, because + ", " + gap_in_words(gap)};
}

} // namespace

Neighbours neighbours_of(const Configuration& configuration, const std::string& service)
{
    Neighbours all;
    const auto room = [&] { return all.depends_on.size() + all.dependants.size() < most_neighbours; };
    const auto found = configuration.services.find(service);
    if (service.empty() || found == configuration.services.end())
        return all;
    for (const auto& needed : found->second.depends_on)
        if (room() && needed != service && configuration.services.count(needed) > 0 && !is_among(all.depends_on, needed))
            all.depends_on.push_back(needed);
    for (const auto& [name, other] : configuration.services)
        if (room() && name != service && is_among(other.depends_on, service))
            all.dependants.push_back(name);
    return all;
}

std::vector<Related> related_to(const Alert& arrived, const std::vector<Around>& around, const Neighbours& neighbours)
{
    const auto words = masked_words(arrived.title);
    std::vector<Related> all;
    const auto most = std::min(around.size(), most_around);
    for (std::size_t at = 0; at < most; ++at) {
        const auto& one = around[at];
        const bool is_full = one.members >= most_in_group || arrived.triggered_at - one.root.triggered_at > group_lasts;
        if (one.alert.id == arrived.id || one.root.id == arrived.id || is_full || are_elsewhere(arrived, one.root))
            continue;
        auto tie = tie_of(arrived, words, one.alert, neighbours);
        if (tie.because.empty())
            continue;
        const auto known = std::find_if(all.begin(), all.end(), [&](const Related& other) { return other.into == one.root.id; });
        if (known == all.end())
            all.push_back({one.root.id, one.alert.id, tie.score, std::move(tie.because)});
        else if (tie.score > known->score)
            *known = {one.root.id, one.alert.id, tie.score, std::move(tie.because)};
    }
    // Of equals the older one: it is nearer to what began it.
    std::sort(all.begin(), all.end(), [](const Related& one, const Related& other) {
        return one.score != other.score ? one.score > other.score : one.into < other.into;
    });
    if (all.size() > most_related)
        all.resize(most_related);
    return all;
}

std::optional<Related> suggested(
    const std::vector<Related>& related, const std::vector<Around>& around, const Configuration& configuration)
{
    if (related.empty())
        return std::nullopt;
    const auto alert_of = [&](AlertId id) {
        return std::find_if(around.begin(), around.end(), [&](const Around& one) { return one.alert.id == id; });
    };
    const auto best = alert_of(related.front().by);
    if (best == around.end())
        return std::nullopt;
    const auto neighbours = neighbours_of(configuration, best->alert.service);
    const auto words = masked_words(best->alert.title);
    for (auto other = related.begin() + 1; other != related.end(); ++other) {
        const auto found = alert_of(other->by);
        if (other->score < as_likely * related.front().score || found == around.end())
            continue;
        if (tie_of(best->alert, words, found->alert, neighbours).because.empty())
            return std::nullopt;
    }
    return related.front();
}

} // namespace oncall
