#include "handlers/sources/opsgenie.hpp"

#include "notify/text.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

// In characters, as Opsgenie counts them.
constexpr std::size_t most_message = 130, most_alias = 512;
constexpr std::size_t most_alert_key = 255; // bytes
// A detail that is longer, or has several lines, is read in the description and not among the labels.
constexpr std::size_t most_short_property = 255;
constexpr std::size_t most_named = 50; // responders, tags, actions
constexpr std::array<std::string_view, 5> alert_priorities{"P1", "P2", "P3", "P4", "P5"};

std::size_t letters_in(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string written_out(const Json& value)
{
    if (value.is_null())
        return {};
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct PathVerb {
    std::string_view method{};
    std::string_view name{}; // the path's last part
    OpsgenieVerb verb{};
};
// Upon an alert, or below it.
constexpr std::array path_verbs{
    PathVerb{"POST", "acknowledge", OpsgenieVerb::acknowledge},
    PathVerb{"POST", "unacknowledge", OpsgenieVerb::unacknowledge},
    PathVerb{"POST", "close", OpsgenieVerb::close},
    PathVerb{"POST", "snooze", OpsgenieVerb::snooze},
    PathVerb{"POST", "escalate", OpsgenieVerb::escalate},
    PathVerb{"POST", "assign", OpsgenieVerb::assign},
    PathVerb{"POST", "responders", OpsgenieVerb::responders},
    PathVerb{"POST", "teams", OpsgenieVerb::teams},
    PathVerb{"POST", "tags", OpsgenieVerb::tags},
    PathVerb{"DELETE", "tags", OpsgenieVerb::untag},
    PathVerb{"POST", "details", OpsgenieVerb::details},
    PathVerb{"DELETE", "details", OpsgenieVerb::undetail},
    PathVerb{"POST", "notes", OpsgenieVerb::notes},
    PathVerb{"GET", "notes", OpsgenieVerb::list_notes},
    PathVerb{"PUT", "message", OpsgenieVerb::message},
    PathVerb{"PUT", "description", OpsgenieVerb::description},
    PathVerb{"PUT", "priority", OpsgenieVerb::priority},
    PathVerb{"GET", "logs", OpsgenieVerb::unsupported},
    PathVerb{"GET", "recipients", OpsgenieVerb::unsupported},
    PathVerb{"GET", "attachments", OpsgenieVerb::unsupported},
    PathVerb{"POST", "attachments", OpsgenieVerb::unsupported},
};

std::string part_out(std::string_view part) { return net::percent_decode(part, false).value_or(std::string{part}); }

OpsgenieCall::By by_in(const std::vector<net::Header>& query)
{
    const auto said = net::header(query, "identifierType");
    return said == "tiny" ? OpsgenieCall::By::tiny : said == "alias" ? OpsgenieCall::By::alias : OpsgenieCall::By::id;
}

OpsgenieCall call_upon(std::string_view method, std::string_view rest, OpsgenieCall call)
{
    // An alias may have slashes of its own, which some clients do not encode: the last part alone decides.
    const auto slash = rest.rfind('/');
    if (slash != rest.npos && slash > 0) {
        const auto last = rest.substr(slash + 1);
        bool is_verb = false;
        for (const auto& one : path_verbs)
            if (one.name == last) {
                is_verb = true;
                if (one.method == method)
                    call.verb = one.verb;
            }
        if (is_verb) {
            call.identifier = part_out(rest.substr(0, slash));
            if (call.verb == OpsgenieVerb::unknown)
                call.verb = OpsgenieVerb::wrong_method;
            return call;
        }
        constexpr std::string_view custom{"/actions"};
        const auto before = rest.substr(0, slash);
        if (method == "POST" && before.ends_with(custom) && before.size() > custom.size()) {
            call.verb = OpsgenieVerb::action;
            call.identifier = part_out(before.substr(0, before.size() - custom.size()));
            call.action = part_out(last);
            return call;
        }
    }
    call.identifier = part_out(rest);
    call.verb = method == "GET" ? OpsgenieVerb::get : method == "DELETE" ? OpsgenieVerb::remove : OpsgenieVerb::wrong_method;
    return call;
}

/// Of so and so many the first; each at most a label long.
std::string words_joined(const std::vector<std::string>& words)
{
    std::string all;
    for (const auto& word : words)
        all += (all.empty() ? "" : ", ") + word;
    return clipped(std::move(all), most_label);
}

void add_alert_label(Report& report, std::string_view name, std::string_view value)
{
    if (!name.empty() && !value.empty() && report.labels.size() < most_labels)
        report.labels.emplace(clipped(std::string{name}, most_label), clipped(std::string{value}, most_label));
}

void add_alert_link(Report& report, const std::string& href, const std::string& text)
{
    if (report.links.size() < most_links && notify::is_web_address(href) && href.size() <= 2'000)
        report.links.push_back({href, clipped(text, 100)});
}

void add_alert_words(Report& report, const std::string& words)
{
    if (!words.empty())
        report.description = clipped(report.description + (report.description.empty() ? "" : "\n") + words, most_description);
}

/// Short ones become labels, so that rules can tell by them whose alert it is; all others are read in the description.
void add_properties(Report& report, const Json& details)
{
    if (!details.is_object())
        return add_alert_words(report, written_out(details));
    for (const auto& [name, value] : details.items()) {
        const auto text = written_out(value);
        if (oncall::trimmed(text).empty())
            continue;
        if (text.size() <= most_short_property && text.find('\n') == text.npos)
            add_alert_label(report, name, text);
        else
            add_alert_words(report, clipped(name, most_label) + ": " + text);
        add_alert_link(report, text, name);
    }
}

std::vector<OpsgenieResponder> responders_in(const Json& list)
{
    std::vector<OpsgenieResponder> all;
    if (!list.is_array())
        return all;
    for (const auto& one : list)
        if (auto responder = opsgenie_responder(one); !responder.name.empty() && all.size() < most_named)
            all.push_back(std::move(responder));
    return all;
}

std::string responders_listed(const std::vector<OpsgenieResponder>& all)
{
    std::vector<std::string> words;
    for (const auto& one : all)
        words.push_back(responder_words(one));
    return words_joined(words);
}

/// "" for what is fine: one of P1 … P5, or none.
std::string wrong_priority(const Json& value)
{
    const auto said = written_out(value);
    if (said.empty() || std::find(alert_priorities.begin(), alert_priorities.end(), said) != alert_priorities.end())
        return {};
    return "should be one of [P1, P2, P3, P4, P5]";
}

std::string wrong_message(const Json& value)
{
    const auto said = written_out(value);
    if (oncall::trimmed(said).empty())
        return "can not be empty";
    return letters_in(said) > most_message ? "should be at most " + std::to_string(most_message) + " characters" : "";
}

} // namespace

std::string_view action_name(OpsgenieVerb verb)
{
    switch (verb) {
    case OpsgenieVerb::create: return "Create";
    case OpsgenieVerb::remove: return "Delete";
    case OpsgenieVerb::acknowledge: return "Acknowledge";
    case OpsgenieVerb::unacknowledge: return "UnAcknowledge";
    case OpsgenieVerb::close: return "Close";
    case OpsgenieVerb::snooze: return "Snooze";
    case OpsgenieVerb::escalate: return "EscalateToNext";
    case OpsgenieVerb::assign: return "AssignOwnership";
    case OpsgenieVerb::responders: return "AddResponder";
    case OpsgenieVerb::teams: return "AddTeam";
    case OpsgenieVerb::tags: return "AddTags";
    case OpsgenieVerb::untag: return "RemoveTags";
    case OpsgenieVerb::details: return "AddDetails";
    case OpsgenieVerb::undetail: return "RemoveDetails";
    case OpsgenieVerb::notes: return "AddNote";
    case OpsgenieVerb::action: return "ExecuteCustomAction";
    case OpsgenieVerb::message: return "UpdateMessage";
    case OpsgenieVerb::description: return "UpdateDescription";
    case OpsgenieVerb::priority: return "UpdatePriority";
    default: return "";
    }
}

OpsgenieCall opsgenie_call(std::string_view method, std::string_view path, const std::vector<net::Header>& query)
{
    constexpr std::string_view base{"/v2/alerts"};
    OpsgenieCall call;
    call.by = by_in(query);
    if (!path.starts_with(base))
        return call;
    auto rest = path.substr(base.size());
    if (!rest.empty() && rest.front() != '/')
        return call;
    while (!rest.empty() && rest.back() == '/')
        rest.remove_suffix(1);
    if (!rest.empty())
        rest.remove_prefix(1);
    if (method == "HEAD")
        method = "GET";
    if (rest.empty()) {
        call.verb = method == "POST" ? OpsgenieVerb::create : method == "GET" ? OpsgenieVerb::list : OpsgenieVerb::wrong_method;
        return call;
    }
    if (rest == "count") {
        call.verb = method == "GET" ? OpsgenieVerb::count : OpsgenieVerb::wrong_method;
        return call;
    }
    if (rest == "saved-searches" || rest.starts_with("saved-searches/")) {
        call.verb = OpsgenieVerb::unsupported;
        return call;
    }
    constexpr std::string_view requests{"requests/"};
    if (rest.starts_with(requests) && method == "GET") {
        call.verb = OpsgenieVerb::status;
        call.identifier = part_out(rest.substr(requests.size()));
        return call;
    }
    return call_upon(method, rest, std::move(call));
}

std::string responder_words(const OpsgenieResponder& responder) { return responder.type + " " + responder.name; }

OpsgenieResponder opsgenie_responder(const Json& value, std::string_view type)
{
    OpsgenieResponder responder;
    if (value.is_string())
        responder.name = value.get<std::string>();
    for (const auto* key : {"name", "username", "id"})
        if (responder.name.empty())
            responder.name = opsgenie_text(value, key, most_short_property);
    responder.name = notify::one_line(responder.name, most_short_property);
    responder.type = oncall::lower(opsgenie_text(value, "type", 20));
    if (responder.type.empty())
        responder.type = type;
    return responder;
}

OpsgenieAlert opsgenie_alert(const Json& body)
{
    OpsgenieAlert alert;
    if (!body.is_object()) {
        alert.errors["message"] = "can not be empty";
        return alert;
    }
    if (const auto wrong = wrong_message(at(body, {"message"})); !wrong.empty())
        alert.errors["message"] = wrong;
    alert.alias = written_out(at(body, {"alias"}));
    if (letters_in(alert.alias) > most_alias)
        alert.errors["alias"] = "should be at most " + std::to_string(most_alias) + " characters";
    if (const auto wrong = wrong_priority(at(body, {"priority"})); !wrong.empty())
        alert.errors["priority"] = wrong;
    if (!alert.errors.empty())
        return alert;

    auto& report = alert.report;
    report.title = clipped(written_out(at(body, {"message"})), most_title);
    report.description = clipped(written_out(at(body, {"description"})), most_description);
    report.dedup_key = opsgenie_key(alert.alias);
    // Opsgenie calls what says nothing P3, and notifies of it as of all others. Here what says nothing is urgent; P3 that is said
    // is a warning.
    report.severity = oncall::lower(written_out(at(body, {"priority"})));
    if (report.dedup_key != alert.alias)
        add_alert_label(report, "alias", alert.alias);
    const auto source = opsgenie_text(body, "source", most_label);
    add_alert_label(report, "entity", opsgenie_text(body, "entity", most_label));
    add_alert_label(report, "source", source);
    add_alert_label(report, tags_label, words_joined(opsgenie_words(at(body, {"tags"}))));
    alert.responders = responders_in(at(body, {"responders"}));
    // Older clients name teams.
    if (const auto& teams = at(body, {"teams"}); teams.is_array())
        for (const auto& team : teams)
            if (auto one = opsgenie_responder(team, "team"); !one.name.empty() && alert.responders.size() < most_named)
                alert.responders.push_back(std::move(one));
    add_alert_label(report, "responders", responders_listed(alert.responders));
    add_alert_label(report, "visible_to", responders_listed(responders_in(at(body, {"visibleTo"}))));
    add_alert_label(report, "actions", words_joined(opsgenie_words(at(body, {"actions"}))));
    add_alert_link(report, source, "Source");
    add_properties(report, at(body, {"details"}));
    alert.user = opsgenie_text(body, "user", 100);
    alert.note = clipped(notify::clean(written_out(at(body, {"note"}))), most_alert_note);
    return alert;
}

OpsgenieErrors opsgenie_errors(OpsgenieVerb verb, const Json& body, TimePoint now)
{
    OpsgenieErrors errors;
    const auto needs = [&](const char* field, bool there) {
        if (!there)
            errors[field] = "can not be empty";
    };
    switch (verb) {
    case OpsgenieVerb::snooze: {
        const auto end = opsgenie_time(opsgenie_text(body, "endTime", 64));
        if (!end)
            errors["endTime"] = "should be a date and time in ISO 8601 format";
        else if (*end <= now)
            errors["endTime"] = "should be in the future";
        break;
    }
    case OpsgenieVerb::assign: needs("owner", !opsgenie_responder(at(body, {"owner"})).name.empty()); break;
    case OpsgenieVerb::responders: needs("responder", !opsgenie_responder(at(body, {"responder"})).name.empty()); break;
    case OpsgenieVerb::teams: needs("team", !opsgenie_responder(at(body, {"team"}), "team").name.empty()); break;
    case OpsgenieVerb::tags: needs("tags", !opsgenie_words(at(body, {"tags"})).empty()); break;
    case OpsgenieVerb::details: needs("details", at(body, {"details"}).is_object() && !at(body, {"details"}).empty()); break;
    case OpsgenieVerb::notes: needs("note", !oncall::trimmed(written_out(at(body, {"note"}))).empty()); break;
    case OpsgenieVerb::description: needs("description", !oncall::trimmed(written_out(at(body, {"description"}))).empty()); break;
    case OpsgenieVerb::message:
        if (const auto wrong = wrong_message(at(body, {"message"})); !wrong.empty())
            errors["message"] = wrong;
        break;
    case OpsgenieVerb::priority:
        needs("priority", !at(body, {"priority"}).is_null());
        if (const auto wrong = wrong_priority(at(body, {"priority"})); !wrong.empty())
            errors["priority"] = wrong;
        break;
    default: break;
    }
    return errors;
}

std::optional<TimePoint> opsgenie_time(std::string_view text)
{
    constexpr std::size_t seconds = 19; // 2017-04-03T20:05:50
    constexpr std::size_t minutes = 16;
    const auto digits_end = text.size() > minutes && text[minutes] == ':' ? seconds : minutes;
    if (text.size() < digits_end)
        return std::nullopt;
    std::string head{text.substr(0, digits_end)};
    if (head[10] == ' ' || head[10] == 't')
        head[10] = 'T';
    const auto local = oncall::local_time_in(head);
    if (!local)
        return std::nullopt;
    auto rest = text.substr(digits_end);
    if (!rest.empty() && rest.front() == '.')
        rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    auto offset = std::chrono::minutes{0};
    if (!rest.empty() && rest != "Z" && rest != "z") {
        std::string digits{rest.substr(1)};
        std::erase(digits, ':');
        int number{};
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        const bool is_number = error == std::errc{} && end == digits.data() + digits.size() && digits.size() == 4;
        if (!is_number || (rest.front() != '+' && rest.front() != '-') || number < 0 || number / 100 > 14 || number % 100 > 59)
            return std::nullopt;
        offset = std::chrono::hours{number / 100} + std::chrono::minutes{number % 100};
        if (rest.front() == '-')
            offset = -offset;
    }
    return TimePoint{local->time_since_epoch()} - offset;
}

std::string opsgenie_key(const std::string& alias)
{
    // An address may name one in bytes that are no text.
    const bool is_kept = alias.size() <= most_alert_key && clipped(alias, alias.size()) == alias;
    return is_kept ? alias : "alias:sha256:" + storage::sha256(alias);
}

std::vector<std::string> opsgenie_words(const Json& list)
{
    if (list.is_string())
        return comma_words(list.get_ref<const std::string&>());
    std::vector<std::string> words;
    if (list.is_array())
        for (const auto& one : list)
            if (auto word = notify::one_line(written_out(one), most_short_property); !word.empty() && words.size() < most_named)
                words.push_back(std::move(word));
    return words;
}

std::vector<std::string> comma_words(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty() && words.size() < most_named) {
        const auto comma = std::min(text.find(','), text.size());
        if (auto word = notify::one_line(text.substr(0, comma), most_short_property); !word.empty())
            words.push_back(std::move(word));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return words;
}

std::string opsgenie_text(const Json& body, std::string_view key, std::size_t most)
{
    return clipped(notify::one_line(written_out(at(body, {key})), most), most);
}

Read opsgenie(const Sent& sent, const oncall::Source&)
{
    // Its own paths are served by a door of their own. What is posted to a source's address, and what is replayed, is read here.
    auto path = "/" + sent.rest;
    if (!path.starts_with("/v2/alerts"))
        path = "/v2/alerts" + (sent.rest.empty() ? "" : path);
    const auto call = opsgenie_call("POST", path, sent.query);
    Read read;
    if (call.verb == OpsgenieVerb::create) {
        auto alert = opsgenie_alert(sent.body);
        for (const auto& [field, wrong] : alert.errors)
            throw BadPayload{field + " " + wrong};
        read.reports.push_back(std::move(alert.report));
        return read;
    }
    const bool closes = call.verb == OpsgenieVerb::close;
    if (!closes && call.verb != OpsgenieVerb::acknowledge)
        throw BadPayload{"an alert is created, acknowledged or closed by this address; all else goes to POST /v2/alerts/…"};
    if (call.by != OpsgenieCall::By::alias)
        throw BadPayload{"identifierType is not alias, and by this address an alert is known by its alias alone; use POST "
                         "/v2/alerts/… or add ?identifierType=alias"};
    Report report;
    report.signal = closes ? Report::Signal::clear : Report::Signal::acknowledge;
    report.dedup_key = opsgenie_key(call.identifier);
    report.title = closes ? "Closed" : "Acknowledged";
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
