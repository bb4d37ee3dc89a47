#pragma once

#include "oncall/configuration.hpp"

#include <string>
#include <vector>

/// What a configuration needs to be played: who and what its workspace must have, and what happens in it. Pure.
namespace commands {

struct Cast {
    struct Someone {
        std::string reference{}; // as the configuration names them
        std::string name{}; // in Slack; unique
        std::string email{};
        std::string id{}; // empty: any
        std::string real_name{};
        std::string time_zone{};
    };
    struct Room {
        std::string name{}; // without "#"
        std::string id{}; // empty: any
        std::vector<std::string> members{}; // names
    };
    struct Group {
        std::string handle{}; // without "@"
        std::string id{}; // empty: any
        std::vector<std::string> members{}; // names
    };
    std::vector<Someone> people{};
    std::vector<Room> rooms{};
    std::vector<Group> groups{};
    std::string fallback{}; // a channel, as a setting says it
};

/// Everybody and everything that is named, by names that Slack could give. Who is in a user group that is no team's, the
/// configuration does not know: somebody stands for them. A schedule's people live in its zone.
Cast cast_of(const oncall::Configuration& configuration);

/// Something that monitoring reports, and that it is over.
struct Incident {
    std::string title{};
    std::string service{}; // empty: none is named
    std::string source{};
    std::string path{}; // where it is posted to
    std::string dedup_key{};
    std::string fires{}, resolves{}; // bodies
};

/// The configuration with keys of its own in place of the real ones, and with a source for what none of its own leads to; and an
/// incident for each source, in its format, and for each service that no source names. Sources that page whom they name
/// themselves are left out.
struct Programme {
    oncall::Configuration configuration{};
    std::vector<Incident> incidents{};
};
Programme programme_of(oncall::Configuration configuration);

} // namespace commands
