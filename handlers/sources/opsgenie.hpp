#pragma once

#include "handlers/sources/sources.hpp"

/// Opsgenie's Alert API v2: what a call asks for, and what an alert says. https://docs.opsgenie.com/docs/alert-api
namespace handlers::sources {

enum class OpsgenieVerb {
    create,
    list,
    count,
    status, // of a request
    get,
    remove,
    acknowledge,
    unacknowledge,
    close,
    snooze,
    escalate,
    assign,
    responders,
    teams, // the same with a team
    tags,
    untag,
    details,
    undetail,
    notes,
    list_notes,
    action,
    message,
    description,
    priority,
    unsupported, // theirs has it, we do not
    wrong_method,
    unknown, // there is no such path
};
/// As "Get Request Status" names what was asked for: "Create", "Acknowledge".
std::string_view action_name(OpsgenieVerb verb);

struct OpsgenieCall {
    OpsgenieVerb verb{OpsgenieVerb::unknown};
    enum class By { id, tiny, alias } by{By::id};
    std::string identifier{}; // of the alert, or of the request
    std::string action{}; // of a custom action: its name
};
/// `path` as sent, with or without a slash at its end: the official clients send both.
OpsgenieCall opsgenie_call(std::string_view method, std::string_view path, const std::vector<net::Header>& query);

/// Somebody, or something that stands for people: `type` is user, team, escalation or schedule.
struct OpsgenieResponder {
    std::string type{};
    std::string name{}; // or a username, or an id
};
/// "team payments"
std::string responder_words(const OpsgenieResponder& responder);
/// `type`: where none is given. Without a name: it names nobody.
OpsgenieResponder opsgenie_responder(const slack::Json& value, std::string_view type = "user");

/// What is wrong with a request, by field; empty: nothing is.
using OpsgenieErrors = std::map<std::string, std::string>;

/// An alert as it is created. Without an alias the report has no key.
struct OpsgenieAlert {
    Report report{};
    std::string alias{};
    std::string user{};
    std::string note{};
    std::vector<OpsgenieResponder> responders{};
    OpsgenieErrors errors{};
};
OpsgenieAlert opsgenie_alert(const slack::Json& body);

/// What is wrong with a call upon an alert.
OpsgenieErrors opsgenie_errors(OpsgenieVerb verb, const slack::Json& body, TimePoint now);

/// "2017-04-03T20:05:50.894Z" and its like; nullopt: it is none.
std::optional<TimePoint> opsgenie_time(std::string_view text);

/// An alias is the key of its alert; one that is too long for that is hashed.
std::string opsgenie_key(const std::string& alias);

/// The texts of a list, or of one text with commas, each on one line.
std::vector<std::string> opsgenie_words(const slack::Json& list);
std::vector<std::string> comma_words(std::string_view text);

/// A text or number at that key, on one line at most `most` bytes; empty: there is none.
std::string opsgenie_text(const slack::Json& body, std::string_view key, std::size_t most);

/// Tags are one label, with commas.
inline constexpr std::string_view tags_label{"tags"};
inline constexpr std::size_t most_alert_note = 3'000;

} // namespace handlers::sources
