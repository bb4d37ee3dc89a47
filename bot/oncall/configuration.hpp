#pragma once

#include "oncall/schedule.hpp"

#include <map>
#include <string>
#include <vector>

namespace oncall {

struct Team {
    std::string name{};
    std::string channel{}; // "#payments" or a channel id; may be empty
    std::string user_group{}; // "@payments-oncall" or its id (S…); follows who is on call; may be empty
    std::vector<std::string> permanent_members{}; // in the user group whoever is on call
    bool topic{}; // the channel's topic follows who is on call
    std::vector<std::string> members{};
    std::string policy{}; // default for its services; may be empty
    bool operator==(const Team&) const = default;
};

struct Service {
    std::string name{};
    std::string team{};
    std::string policy{}; // empty: the team's
    int tier{}; // 0: none given
    std::string runbook{};
    bool operator==(const Service&) const = default;
};

enum class TargetKind { user, schedule, team, channel };

/// "user:ana@example.com", "schedule:payments", "team:payments", "channel:#war-room".
struct Target {
    TargetKind kind{};
    std::string name{};
    bool operator==(const Target&) const = default;
};

std::optional<Target> target_in(std::string_view text);
std::string target_out(const Target& target);

/// A level lasts (1 + retries) × patience.
struct Level {
    std::vector<Target> targets{};
    milliseconds patience{5min};
    int retries{};
    bool operator==(const Level&) const = default;
};

struct Policy {
    std::string name{};
    int repeat{}; // further rounds of all levels
    std::vector<Level> levels{};
    bool operator==(const Policy&) const = default;
};

struct Source {
    std::string name{};
    std::string format{}; // "alertmanager", "generic", "pagerduty"
    std::string key{}; // as given; empty: made at first start and kept as a hash
    std::string key_hash{}; // SHA-256 of the key in hex; empty: none given
    std::string service{}; // for alerts that name none; may be empty
    std::string team{}; // the owner, told of unmapped alerts; may be empty
    bool operator==(const Source&) const = default;
};

/// A condition on an alert: all of, any of, not, or a field that is a text.
struct Condition {
    enum class Kind { all, any, no, is };
    Kind kind{Kind::all};
    std::vector<Condition> parts{}; // of all, any, no (one)
    std::string field{}; // "title", "severity", "source", "service", "labels.team", …
    std::string value{};
    bool operator==(const Condition&) const = default;
};

enum class Urgency { high, low };

struct Rule {
    std::string name{};
    Condition when{};
    std::string service{};
    std::optional<Urgency> urgency{};
    std::optional<bool> page{};
    bool operator==(const Rule&) const = default;
};

/// All that the operator decides, checked: every reference in it exists.
struct Configuration {
    std::map<std::string, Team> teams{};
    std::map<std::string, Service> services{};
    std::map<std::string, Schedule> schedules{};
    std::map<std::string, Policy> policies{};
    std::map<std::string, Source> sources{};
    std::vector<Rule> rules{};
    bool operator==(const Configuration&) const = default;
};

/// Everybody the configuration names, as it names them, and where: "team payments", "schedule payments", "policy payments".
/// Overrides that were over before `since` name nobody.
std::map<std::string, std::vector<std::string>> people_of(const Configuration& configuration, TimePoint since = {});

} // namespace oncall
