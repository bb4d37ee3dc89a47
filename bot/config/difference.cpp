#include "config/plan.hpp"
#include "feeds/fetch_rules.hpp"

#include <nlohmann/json.hpp>

namespace config {

namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson object_in(const std::string& text) { return text.empty() ? OrderedJson::object() : OrderedJson::parse(text); }

/// Whoever has a calendar's address can read it: only its host is said.
bool is_calendar(const std::string& key) { return key == "ics" || key == "url"; }

/// `key`: what it is the value of.
std::string word(const OrderedJson& value, const std::string& key = {})
{
    if (value.is_string() && is_calendar(key))
        return feeds::shown_address(value.get<std::string>());
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_null())
        return "nobody";
    if (value.is_array()) {
        std::string all;
        for (const auto& one : value)
            all += (all.empty() ? "" : ", ") + word(one);
        return "[" + all + "]";
    }
    if (value.is_object()) {
        std::string all;
        for (const auto& [name, one] : value.items())
            all += (all.empty() ? "" : ", ") + name + ": " + word(one, name);
        return "{" + all + "}";
    }
    return value.dump();
}

bool all_objects(const OrderedJson& list)
{
    return std::all_of(list.begin(), list.end(), [](const OrderedJson& one) { return one.is_object(); });
}

std::string label(const std::string& path, const OrderedJson& element, std::size_t place)
{
    const auto name = element.is_object() ? element.find("name") : element.end();
    const bool named = element.is_object() && name != element.end() && name->is_string();
    return path + "[" + (named ? name->get<std::string>() : std::to_string(place)) + "]";
}

/// What holds where nothing is said: a default that is left out of the text, or nothing at all.
std::string unsaid(const std::string& path)
{
    const auto key = path.substr(path.rfind('.') + 1);
    if (key == "patience")
        return oncall::duration_out(oncall::Level{}.patience) + " (default)";
    if (key == "time_zone")
        return path == key ? oncall::Schedule{}.time_zone + " (default)" : "the schedule's (default)";
    if (path == "every")
        return oncall::duration_out(oncall::Directory{}.every) + " (default)";
    if (path == "then.group")
        return "none (default)";
    for (const auto& [name, value] : {std::pair{"suppress", "false"}, {"continue", "false"}, {"delay", "none"}, {"within", "5m"},
             {"repeat", "0"}, {"retries", "0"}, {"priority", "0"}, {"length", "1"}, {"unit", "week"}, {"topic", "false"},
             {"verbosity", "thread"}, {"order", "at_once"}, {"acknowledgements", "1"}, {"wait_for_working_hours", "false"},
             {"on_holidays", "as on other days"}, {"low_urgency", "page"}, {"refire", "false"}, {"rise", "true"},
             {"signed", "false"}, {"quiet", "false"}, {"group", "false"}, {"auto_resolve", "by its format"}, {"grace", "none"},
             {"first_ping_makes", "nothing"}})
        if (key == name)
            return std::string{value} + " (default)";
    return "unset";
}

void compare(const OrderedJson& before, const OrderedJson& after, const std::string& path, std::vector<Difference>& found);

void compare_objects(const OrderedJson& before, const OrderedJson& after, const std::string& path, std::vector<Difference>& found)
{
    const auto below = [&](const std::string& key) { return path.empty() ? key : path + "." + key; };
    for (const auto& [key, value] : after.items()) {
        const auto old = before.find(key);
        if (key == "key_hash") { // a hash tells nobody anything
            if (old != before.end() && *old != value)
                found.push_back({"key", "the one it has", "another"});
        } else if (old == before.end()) {
            found.push_back({below(key), unsaid(below(key)), word(value, key)});
        } else {
            compare(*old, value, below(key), found);
        }
    }
    for (const auto& [key, value] : before.items())
        if (!after.contains(key) && key != "key_hash")
            found.push_back({below(key), word(value, key), unsaid(below(key))});
}

void compare_lists(const OrderedJson& before, const OrderedJson& after, const std::string& path, std::vector<Difference>& found)
{
    for (std::size_t at = 0; at < std::max(before.size(), after.size()); ++at) {
        if (at >= after.size())
            found.push_back({label(path, before[at], at), word(before[at]), "none"});
        else if (at >= before.size())
            found.push_back({label(path, after[at], at), "none", word(after[at])});
        else
            compare(before[at], after[at], label(path, after[at], at), found);
    }
}

void compare(const OrderedJson& before, const OrderedJson& after, const std::string& path, std::vector<Difference>& found)
{
    if (before == after)
        return;
    if (before.is_object() && after.is_object())
        compare_objects(before, after, path, found);
    else if (before.is_array() && after.is_array() && all_objects(before) && all_objects(after))
        compare_lists(before, after, path, found);
    else {
        const auto key = path.substr(path.rfind('.') + 1);
        const auto was = word(before, key), is = word(after, key);
        found.push_back({path, was, is + (is_calendar(key) && was == is ? " (another address there)" : "")});
    }
}

} // namespace

std::vector<Difference> differences(const std::string& before, const std::string& after)
{
    std::vector<Difference> found;
    compare(object_in(before), object_in(after), "", found);
    for (auto& field : found) {
        if (before.empty())
            field.before.clear();
        if (after.empty())
            field.after.clear();
    }
    return found;
}

std::vector<std::string> users_of(const std::vector<Item>& items, const std::string& kind, const std::string& name)
{
    std::vector<std::string> users;
    const auto target = kind + ":" + name;
    const auto names_it = [&](const OrderedJson& one) {
        return one == target
            || (kind == "schedule" && one.is_string()
                && (one == "next:" + name || one.get<std::string>().starts_with("rotation:" + name + "/")));
    };
    for (const auto& item : items) {
        const auto json = object_in(item.json);
        const auto says = [&](const OrderedJson& in) {
            const auto found = in.is_object() ? in.find(kind) : in.end();
            return in.is_object() && found != in.end() && *found == name;
        };
        const auto then = json.value("then", OrderedJson::object());
        bool uses = says(json) || says(then)
            || (kind == "service" && then.is_object() && then.contains("default_service") && then["default_service"] == name);
        for (const auto& one : json.value("paged_by", OrderedJson::array()))
            uses = uses || names_it(one);
        for (const auto& rotation : json.value("rotations", OrderedJson::array()))
            uses = uses || says(rotation);
        for (const auto& level : json.value("levels", OrderedJson::array()))
            for (const auto& one : level.value("targets", OrderedJson::array()))
                uses = uses || names_it(one);
        if (uses && (item.kind != kind || item.name != name))
            users.push_back(item.kind + " " + item.name);
    }
    return users;
}

} // namespace config
