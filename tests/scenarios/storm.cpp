#include "scenarios/storm.hpp"

#include "doors/random.hpp"

#include <algorithm>
#include <regex>

namespace storm {

std::vector<Shot> shots(int many, milliseconds length, std::uint64_t seed)
{
    doors::SeededRandom dice{seed};
    std::vector<Shot> all;
    for (int n = 0; n < many; ++n) {
        Shot shot;
        shot.at = length * n / many;
        shot.service = static_cast<int>(dice.fraction() * services);
        shot.key = static_cast<int>(dice.fraction() * keys_of_each);
        shot.fires = dice.fraction() < 0.8;
        all.push_back(shot);
    }
    return all;
}

std::string dedup_key(const Shot& shot) { return "storm-" + std::to_string(shot.service) + "-" + std::to_string(shot.key); }

std::string body(const Shot& shot)
{
    return R"({"title":"Storm )" + std::to_string(shot.service) + "." + std::to_string(shot.key)
        + R"(","severity":"critical","service":"storm)" + std::to_string(shot.service) + R"(","dedup_key":")" + dedup_key(shot)
        + R"(","status":")" + (shot.fires ? "firing" : "resolved") + R"(","labels":{"host":"web-)" + std::to_string(shot.key)
        + R"("}})";
}

std::string person(int service) { return "storm" + std::to_string(service); }
std::string channel(int service) { return "storm-" + std::to_string(service); }

std::string yaml()
{
    std::string teams = "teams:\n", known = "services:\n", policies = "policies:\n";
    for (int n = 0; n < services; ++n) {
        const auto name = "storm" + std::to_string(n);
        teams += "  " + name + ": {channel: \"#" + channel(n) + "\", policy: " + name + "}\n";
        known += "  " + name + ": {team: " + name + "}\n";
        policies += "  " + name + ": {levels: [{targets: [\"user:" + person(n) + "@example.com\"], patience: 1h}]}\n";
    }
    return teams + known + policies + "sources:\n  storm: {format: generic, key: " + source_key + "}\n";
}

oncall::Configuration configuration() { return config::parse(yaml(), {}).configuration; }

void inhabit(workspace::Workspace& slack)
{
    for (int n = 0; n < services; ++n) {
        slack.add_person(person(n), person(n) + "@example.com");
        slack.add_channel(channel(n), {.members = {person(n)}, .bot = true});
    }
}

std::vector<milliseconds> until_paged(workspace::Workspace& slack, const std::map<int, doors::TimePoint>& first_sent)
{
    std::vector<milliseconds> took;
    for (const auto& [service, sent] : first_sent) {
        const auto dms = slack.person(person(service)).dms();
        took.push_back(dms.empty() ? milliseconds{std::chrono::hours{1}} : dms.front().posted - sent);
    }
    return took;
}

Tally told(workspace::Workspace& slack, int service)
{
    static const std::regex own{R"((Triggered|Acknowledged|Resolved)[^\n]*? · #\d+)"};
    static const std::regex shared{R"((\d+) alerts? in )"}, over{R"((\d+) of \d+ resolved)"};
    Tally all;
    for (const auto& message : slack.channel(channel(service)).messages()) {
        const auto text = slack.plain(message);
        std::smatch found;
        if (std::regex_search(text, found, shared)) {
            const auto many = std::stoi(found[1].str());
            all.alerts += many;
            if (text.find(", all resolved") != text.npos)
                all.resolved += many;
            else if (std::regex_search(text, found, over))
                all.resolved += std::stoi(found[1].str());
        } else if (std::regex_search(text, found, own)) {
            ++all.alerts;
            all.resolved += found[1].str() == "Resolved";
        }
    }
    return all;
}

} // namespace storm
