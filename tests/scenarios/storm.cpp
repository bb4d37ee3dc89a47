#include "scenarios/storm.hpp"

#include "doors/random.hpp"

#include <algorithm>
#include <regex>

namespace storm {

std::vector<Volley> volleys(int reports, milliseconds length, std::uint64_t seed)
{
    constexpr int together = 5;
    doors::SeededRandom dice{seed};
    std::vector<Volley> all;
    for (int n = 0; n < reports; n += together) {
        Volley volley;
        volley.at = length * n / reports;
        const auto service = static_cast<int>(dice.fraction() * services);
        const auto first = static_cast<int>(dice.fraction() * keys_of_each);
        for (int nth = 0; nth < together; ++nth)
            volley.shots.push_back({service, (first + nth) % keys_of_each, dice.fraction() < 0.8});
        all.push_back(std::move(volley));
    }
    return all;
}

std::string dedup_key(const Shot& shot) { return "storm-" + std::to_string(shot.service) + "-" + std::to_string(shot.key); }

std::string source_key(int service) { return "storm-key-" + std::to_string(service); }

std::string body(const Volley& volley)
{
    std::string alerts;
    for (const auto& shot : volley.shots)
        alerts += (alerts.empty() ? "" : ",") + std::string{R"({"status":")"} + (shot.fires ? "firing" : "resolved")
            + R"(","fingerprint":")" + dedup_key(shot) + R"(","labels":{"alertname":"Storm)" + std::to_string(shot.service) + "x"
            + std::to_string(shot.key) + R"(","severity":"critical","host":"web-)" + std::to_string(shot.key)
            + R"("},"annotations":{}})";
    return R"({"version":"4","status":"firing","alerts":[)" + alerts + "]}";
}

std::string person(int service) { return "storm" + std::to_string(service); }
std::string channel(int service) { return "storm-" + std::to_string(service); }

std::string yaml()
{
    std::string teams = "teams:\n", known = "services:\n", policies = "policies:\n", sources = "sources:\n";
    for (int n = 0; n < services; ++n) {
        const auto name = "storm" + std::to_string(n);
        teams += "  " + name + ": {channel: \"#" + channel(n) + "\", policy: " + name + "}\n";
        known += "  " + name + ": {team: " + name + "}\n";
        policies += "  " + name + ": {levels: [{targets: [\"user:" + person(n) + "@example.com\"], patience: 1h}]}\n";
        sources += "  " + name + ": {format: alertmanager, key: " + source_key(n) + ", service: " + name + "}\n";
    }
    return teams + known + policies + sources;
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
