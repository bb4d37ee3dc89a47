#pragma once

#include "oncall/schedule.hpp"

#include <map>
#include <string>
#include <vector>

namespace oncall {

/// Somewhere to look.
struct Link {
    std::string href{};
    std::string text{};
    bool operator==(const Link&) const = default;
};

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
    std::vector<std::string> members{}; // its responders
    std::vector<std::string> managers{}; // may edit what is the team's; they are paged with it where they are members too
    std::vector<std::string> observers{}; // see its digests, and are never paged for it
    std::string policy{}; // default for its services; may be empty
    std::string schedule{}; // whose people are its on-call by default; may be empty
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
    std::string description{};
    std::map<std::string, std::string> labels{};
    std::vector<Link> links{};
    std::vector<std::string> depends_on{}; // names of services; one that nobody knows is shown, and leads nowhere
    std::vector<std::string> subscribers{}; // people who are told how its alerts stand, and never paged
    std::vector<std::string> paged_by{}; // "user:…", "team:…": who alone may page it by hand; empty: whoever may page
    std::string directory{}; // that it was synced from; empty: none
    bool operator==(const Service&) const = default;
};

enum class DirectoryFormat { yaml, csv, backstage, harness };

/// Where services come from, read by timer. What people say of a service here stays theirs.
struct Directory {
    std::string name{};
    DirectoryFormat format{DirectoryFormat::yaml};
    std::string url{}; // https://…; of harness: its address, empty for its own
    std::string file{}; // instead of an address
    std::string token_env{}; // the setting that holds the token it is read with; empty: none
    std::string account{}, organization{}, project{}; // of harness
    std::string team{}; // of services that name none; may be empty
    std::map<std::string, std::string> teams{}; // what it calls an owner → a team; others by their own name
    milliseconds every{std::chrono::hours{1}};
    bool operator==(const Directory&) const = default;
};

/// Something that is to be heard of: oncall/heartbeat.hpp watches it.
struct Monitor {
    std::string name{};
    std::string source{}; // by whose key it is pinged, and whose alert it raises
    milliseconds every{std::chrono::hours{1}};
    milliseconds grace{}; // how late it may be
    std::string service{}; // whose alert its silence is; empty: the source's
    std::string severity{}; // of that alert; empty: none given
    std::string description{};
    bool operator==(const Monitor&) const = default;
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
    std::string team{}; // the owner: alerts for no service are its, and page by its policy; may be empty
    bool is_signed{}; // each request must carry an HMAC by one of its signing secrets
    std::string signing_secret{}; // as given; never exported, and kept apart; empty: none given
    bool quiet{}; // its address stays valid, what comes is kept and becomes no alert
    milliseconds auto_resolve{}; // an alert not reported for so long is resolved; zero: as its format, below: never
    std::map<std::string, std::string> severities{}; // its own words, lower case → critical, error, warning, info
    Mapping mapping{}; // of format generic
    std::vector<std::string> branches{}; // of format github: whose failures are alerts; empty: the default branch
    std::vector<std::string> topics{}; // of format sns: the topics' ARNs that are taken; empty: all that AWS signs
    bool by_group{}; // of format alertmanager: one alert for each group instead of each alert
    milliseconds first_ping_makes{}; // a ping by an unknown name makes a heartbeat expected so often; zero: it does not
    bool operator==(const Source&) const = default;
};

/// A condition on an alert: all of, any of, not; a field that is compared; or a time at which it comes.
struct Condition {
    enum class Kind { all, any, no, is, contains, matches, in, greater, less, exists, during };
    Kind kind{Kind::all};
    std::vector<Condition> parts{}; // of all, any, no (one)
    std::string field{}; // "title", "severity", "source", "service", "labels.team", …
    std::string value{}; // of is, contains; of matches a pattern (RE2); of greater and less a number
    std::vector<std::string> values{}; // of in
    WorkingHours hours{}; // of during
    bool operator==(const Condition&) const = default;
};

/// Alerts that are one: those of one rule whose key is the same, that come within a time of the one before.
struct Grouping {
    std::string by{}; // a Mustache template over the alert, as titles; empty: none are grouped
    milliseconds within{5 * 60'000};
    bool operator==(const Grouping&) const = default;
};

/// What a rule says of the alerts it meets; what is empty or none, it does not say.
struct Rule {
    std::string name{};
    Condition when{};
    std::string service{}; // whatever the payload names
    std::string default_service{}; // where the payload names none that is known
    std::string team{}; // whose it is, where no service says
    std::string policy{}; // instead of the service's
    std::optional<Urgency> urgency{};
    std::string severity{}; // one of ours
    std::optional<bool> page{};
    milliseconds delay{}; // it pages so much later, if it is not over by then
    Grouping group{};
    std::string title{}; // a Mustache template over the alert
    bool suppress{}; // it is kept, and neither shown nor paged
    bool goes_on{}; // later rules are asked as well, and say what this one does not
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
    std::map<std::string, Directory> directories{};
    std::map<std::string, Monitor> heartbeats{};
    bool operator==(const Configuration&) const = default;
};

/// Everybody the configuration names, as it names them, and where: "team payments", "service checkout" (who pages it),
/// "subscribers of service checkout", "schedule payments", "policy payments". Overrides that were over before `since` name
/// nobody.
std::map<std::string, std::vector<std::string>> people_of(const Configuration& configuration, TimePoint since = {});
/// Whether somebody who is named there is told of things and has no part in them: a subscriber.
bool only_looks_on(const std::vector<std::string>& places);

} // namespace oncall
