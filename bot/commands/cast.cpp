#include "commands/cast.hpp"

#include "oncall/policy.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace commands {

namespace {

using CastJson = nlohmann::ordered_json;

/// "U012ABCDEF", "C…", "S…".
bool is_cast_id(std::string_view text, std::string_view kinds)
{
    return text.size() > 6 && kinds.find(text[0]) != kinds.npos
        && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isupper(c) != 0 || std::isdigit(c) != 0; });
}

/// As Slack would let it be called.
std::string slack_name(std::string_view text)
{
    std::string name;
    for (const char c : text) {
        const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const bool fits = std::isalnum(static_cast<unsigned char>(lower)) != 0 || lower == '.' || lower == '_' || lower == '-';
        name += fits ? lower : '-';
    }
    return name.empty() ? "somebody" : name;
}

/// "Ana Lopez" of "ana.lopez".
std::string spoken_name(std::string_view name)
{
    std::string spoken;
    bool begins = true;
    for (const char c : name) {
        const bool between = c == '.' || c == '_' || c == '-';
        if (between)
            spoken += ' ';
        else
            spoken += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        begins = between;
    }
    return spoken;
}

class Casting {
public:
    explicit Casting(const oncall::Configuration& configuration)
        : configuration_{configuration}
    {
        for (const auto& [reference, places] : oncall::people_of(configuration))
            admit(reference, zone_of(places));
        for (const auto& [name, team] : configuration.teams) {
            const auto members = names_of(team.members);
            if (!team.channel.empty())
                add_room(team.channel, members);
            if (!team.user_group.empty())
                add_group(team.user_group, members);
        }
        for (const auto& [name, policy] : configuration.policies) {
            for (const auto& level : policy.levels)
                for (const auto& target : level.targets)
                    if (target.kind == oncall::TargetKind::channel)
                        add_room(target.name, everybody());
            for (const auto& group : oncall::user_groups_of(policy))
                add_group(group, {});
        }
        cast_.fallback = "#ops";
        add_room(cast_.fallback, everybody());
    }
    Cast take() { return std::move(cast_); }

private:
    std::string zone_of(const std::vector<std::string>& places) const
    {
        constexpr std::string_view word = "schedule ";
        for (const auto& place : places)
            if (place.starts_with(word))
                if (const auto found = configuration_.schedules.find(place.substr(word.size()));
                    found != configuration_.schedules.end())
                    return found->second.time_zone;
        return "UTC";
    }

    const std::string& admit(const std::string& reference, const std::string& zone)
    {
        Cast::Someone someone;
        someone.reference = reference;
        someone.time_zone = zone;
        if (reference.starts_with('@')) {
            someone.name = reference.substr(1);
        } else if (is_cast_id(reference, "UW")) {
            someone.id = reference;
            someone.name = slack_name(reference);
            someone.real_name = reference;
        } else {
            someone.name = slack_name(std::string_view{reference}.substr(0, reference.find('@')));
            someone.email = reference;
        }
        if (someone.real_name.empty())
            someone.real_name = spoken_name(someone.name);
        // A handle is what it is; of an address's other half there may be two.
        const auto wanted = someone.name;
        for (int other = 2; !taken_.insert(someone.name).second; ++other)
            someone.name = wanted + "-" + std::to_string(other);
        if (someone.email.empty())
            someone.email = someone.name + "@example.com";
        cast_.people.push_back(std::move(someone));
        return cast_.people.back().name;
    }

    std::vector<std::string> names_of(const std::vector<std::string>& references) const
    {
        std::vector<std::string> names;
        for (const auto& someone : cast_.people)
            if (std::find(references.begin(), references.end(), someone.reference) != references.end())
                names.push_back(someone.name);
        return names;
    }

    std::vector<std::string> everybody() const
    {
        std::vector<std::string> names;
        for (const auto& someone : cast_.people)
            names.push_back(someone.name);
        return names;
    }

    void add_room(const std::string& reference, std::vector<std::string> members)
    {
        Cast::Room room;
        if (is_cast_id(reference, "CG"))
            room.id = reference;
        room.name = room.id.empty() ? reference.substr(reference.starts_with('#') ? 1 : 0) : slack_name(reference);
        room.members = std::move(members);
        if (std::none_of(cast_.rooms.begin(), cast_.rooms.end(), [&](const auto& one) { return one.name == room.name; }))
            cast_.rooms.push_back(std::move(room));
    }

    void add_group(const std::string& reference, std::vector<std::string> members)
    {
        Cast::Group group;
        if (is_cast_id(reference, "S"))
            group.id = reference;
        group.handle = group.id.empty() ? reference.substr(reference.starts_with('@') ? 1 : 0) : slack_name(reference);
        if (std::any_of(cast_.groups.begin(), cast_.groups.end(), [&](const auto& one) { return one.handle == group.handle; }))
            return;
        group.members = std::move(members);
        if (group.members.empty()) {
            group.members = {admit("@" + group.handle + ".member", "UTC")};
            cast_.people.back().real_name = "Somebody of @" + group.handle;
        }
        cast_.groups.push_back(std::move(group));
    }

    const oncall::Configuration& configuration_;
    Cast cast_{};
    std::set<std::string> taken_{"oncall"}; // the bot's own
};

Incident incident_of(const oncall::Source& source, const std::string& service, int number)
{
    Incident incident;
    incident.title = service.empty() ? "Something is wrong, says " + source.name : service + " is down";
    incident.service = service;
    incident.source = source.name;
    incident.path = "/hooks/" + source.key;
    const auto key = incident.dedup_key = "played-" + std::to_string(number);
    const auto body = [&](bool fires) {
        CastJson json;
        if (source.format == "alertmanager") {
            json["version"] = "4";
            json["alerts"] = CastJson::array();
            CastJson alert{{"status", fires ? "firing" : "resolved"}, {"fingerprint", key}};
            alert["labels"] = {{"alertname", incident.title}, {"severity", "critical"}};
            alert["annotations"] = {{"summary", incident.title}};
            json["alerts"].push_back(std::move(alert));
        } else if (source.format == "pagerduty") {
            json = {{"routing_key", source.key}, {"event_action", fires ? "trigger" : "resolve"}, {"dedup_key", key}};
            json["payload"] = {{"summary", incident.title}, {"source", "demo"}, {"severity", "critical"}};
        } else {
            json = {{"title", incident.title}, {"severity", "critical"}, {"dedup_key", key},
                {"status", fires ? "firing" : "resolved"}};
            if (!service.empty() && source.service != service)
                json["service"] = service;
        }
        return json.dump();
    };
    if (source.format == "pagerduty")
        incident.path = "/v2/enqueue";
    incident.fires = body(true);
    incident.resolves = body(false);
    return incident;
}

} // namespace

Cast cast_of(const oncall::Configuration& configuration) { return Casting{configuration}.take(); }

Programme programme_of(oncall::Configuration configuration)
{
    Programme programme;
    auto& all = programme.configuration = std::move(configuration);
    int number = 0;
    std::set<std::string> led_to;
    for (auto& [name, source] : all.sources) {
        // The real keys are nobody's business here; and a hash opens nothing.
        source.key = "demo-key-of-source-" + std::to_string(++number);
        source.key_hash.clear();
        source.is_signed = false;
        if (source.format == "paging" || source.quiet)
            continue;
        // How the others would say it matters to nobody here.
        if (source.format != "alertmanager" && source.format != "pagerduty") {
            source.format = "generic";
            source.mapping = {};
        }
        led_to.insert(source.service);
        programme.incidents.push_back(incident_of(source, source.service, number));
    }
    oncall::Source own;
    for (own.name = "demo"; all.sources.contains(own.name);)
        own.name += "-2";
    own.format = "generic";
    own.key = "demo-key-of-source-" + std::to_string(++number);
    bool needed = false;
    for (const auto& [name, service] : all.services)
        if (!led_to.contains(name)) {
            programme.incidents.push_back(incident_of(own, name, ++number));
            needed = true;
        }
    if (needed)
        all.sources.emplace(own.name, own);
    return programme;
}

} // namespace commands
