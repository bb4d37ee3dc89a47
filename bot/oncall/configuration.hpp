#pragma once

#include "oncall/schedule.hpp"

#include <map>
#include <string>
#include <vector>

namespace oncall {

/// When a team works; outside it sleeps or is at home. Without windows: never said, so no condition on them holds.
struct WorkingHours {
    std::string time_zone{};
    std::vector<Window> windows{}; // as those of a rotation
    bool operator==(const WorkingHours&) const = default;
};

/// How much of its alerts a team's channel is told: cards alone; their threads as well; or also a line of its own for each
/// change.
enum class Verbosity { cards, thread, all };

struct Team {
    std::string name{};
    std::string channel{}; // "#payments" or a channel id; may be empty
    std::string user_group{}; // "@payments-oncall" or its id (S…); follows who is on call; may be empty
    std::vector<std::string> permanent_members{}; // in the user group whoever is on call
    bool topic{}; // the channel's topic follows who is on call
    std::vector<std::string> members{};
    std::string policy{}; // default for its services; may be empty
    WorkingHours working_hours{};
    Verbosity verbosity{Verbosity::thread};
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

enum class TargetKind { user, schedule, team, channel, rotation, next, user_group, webhook, policy };

/// "user:ana@example.com", "schedule:payments", "team:payments", "channel:#war-room" (anyone in it may acknowledge),
/// "rotation:payments/weekly", "next:payments" (who is on call next by that schedule), "user_group:@payments-oncall",
/// "webhook:https://…", "policy:cto" (alone on its level: that policy's levels in its place, once).
struct Target {
    TargetKind kind{};
    std::string name{};
    bool operator==(const Target&) const = default;
};

std::optional<Target> target_in(std::string_view text);
std::string target_out(const Target& target);

enum class Urgency { high, low };

/// How the people of a level are paged: all in each try; one in each try, in the targets' order; or one in each try, where
/// each new page begins with the person after the one that the page before began with.
enum class Order { at_once, one_by_one, round_robin };

/// "at_once", "one_by_one", "round_robin".
std::optional<Order> order_in(std::string_view text);
std::string order_out(Order order);

/// When a level is run at all; what is empty says nothing. A level that is not run is passed over at once.
struct LevelCondition {
    std::optional<Urgency> urgency{};
    std::vector<std::string> severities{};
    std::optional<bool> working_hours{}; // of the alert's team, at the time of the try
    bool operator==(const LevelCondition&) const = default;
};

/// A level at once lasts (1 + retries) × patience; one that pages people one after the other lasts that for each of them.
struct Level {
    std::vector<Target> targets{};
    milliseconds patience{5min};
    int retries{};
    Order order{Order::at_once};
    int acknowledgements{1}; // of different people, before the page counts as answered
    LevelCondition when{};
    bool wait_for_working_hours{}; // its first try comes when the alert's team works
    bool operator==(const Level&) const = default;
};

struct Policy {
    std::string name{};
    int repeat{}; // further rounds of all levels
    std::vector<Level> levels{};
    bool until_answered{}; // rounds without end; `repeat` is 0
    bool low_urgency_in_channel{}; // an alert of low urgency is shown in the team's channel and pages nobody
    milliseconds still_on_it{}; // after an acknowledgement without an end: "still on it?"; zero: never asked
    bool refire_pages{}; // an acknowledged alert that fires anew pages again
    bool rise_pages{true}; // an acknowledged or waiting alert whose urgency rises to high pages again
    bool operator==(const Policy&) const = default;
};

/// Where a field of an alert comes from in a payload of any shape.
struct MappedField {
    std::vector<std::string> from{}; // JSON pointers (RFC 6901); the first that leads to something counts
    std::string text{}; // a Mustache template over the payload, when none does
    std::map<std::string, std::string> values{}; // what was found, lower case → what it means; others stay
    std::string otherwise{}; // when nothing was found
    bool operator==(const MappedField&) const = default;
};

/// How a payload of any shape becomes alerts. Fields: title, description, severity, service, dedup_key, status, kind (alert or
/// change), link, labels.NAME.
struct Mapping {
    std::string each{}; // a pointer to a list of which each is one alert; empty: the payload is one
    std::map<std::string, MappedField> fields{};
    bool operator==(const Mapping&) const = default;
};

struct Source {
    std::string name{};
    std::string format{}; // one of oncall/formats.hpp
    std::string key{}; // as given; empty: made at first start and kept as a hash
    std::string key_hash{}; // SHA-256 of the key in hex; empty: none given
    std::string service{}; // for alerts that name none; may be empty
    std::string team{}; // the owner, told of unmapped alerts; may be empty
    bool is_signed{}; // each request must carry an HMAC by one of its signing secrets
    std::string signing_secret{}; // as given; never exported, and kept apart; empty: none given
    bool quiet{}; // its address stays valid, what comes is kept and becomes no alert
    milliseconds auto_resolve{}; // an alert not reported for so long is resolved; zero: as its format, below: never
    std::map<std::string, std::string> severities{}; // its own words, lower case → critical, error, warning, info
    Mapping mapping{}; // of format generic
    std::vector<std::string> branches{}; // of format github: whose failures are alerts; empty: the default branch
    std::vector<std::string> topics{}; // of format sns: the topics' ARNs that are taken; empty: all that AWS signs
    bool by_group{}; // of format alertmanager: one alert for each group instead of each alert
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

struct Rule {
    std::string name{};
    Condition when{};
    std::string service{};
    std::optional<Urgency> urgency{};
    std::optional<bool> page{};
    bool operator==(const Rule&) const = default;
};

/// Days that are holidays somewhere: of a calendar at an address or in a file (iCalendar both), or as written.
struct HolidayCalendar {
    std::string name{};
    std::string url{};
    std::string file{};
    std::map<LocalDay, std::string> dates{};
    bool operator==(const HolidayCalendar&) const = default;
};

/// All that the operator decides, checked: every reference in it exists.
struct Configuration {
    std::map<std::string, Team> teams{};
    std::map<std::string, Service> services{};
    std::map<std::string, Schedule> schedules{};
    std::map<std::string, Policy> policies{};
    std::map<std::string, Source> sources{};
    std::vector<Rule> rules{};
    std::map<std::string, HolidayCalendar> holidays{};
    bool operator==(const Configuration&) const = default;
};

/// Everybody the configuration names, as it names them, and where: "team payments", "schedule payments", "policy payments".
/// Overrides that were over before `since` name nobody.
std::map<std::string, std::vector<std::string>> people_of(const Configuration& configuration, TimePoint since = {});

} // namespace oncall
