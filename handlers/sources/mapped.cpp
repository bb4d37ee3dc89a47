#include "handlers/sources/mapped.hpp"

#include "handlers/sources/reading.hpp"
#include "notify/template.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers::sources {

using slack::Json;
using Signal = Report::Signal;

namespace {

constexpr std::size_t most_mapped = 500; // entries of one payload
constexpr std::string_view mapped_label{"labels."}, of_payload{"/payload"}, left_out{"ignore"};

/// What a pointer leads to; null: nothing.
const Json& led_to(const Json& json, const std::string& pointer)
{
    static const Json nothing{};
    try {
        const Json::json_pointer way{pointer};
        return json.contains(way) ? json.at(way) : nothing;
    } catch (const Json::exception&) {
        return nothing;
    }
}

std::string by_pointer(const std::string& pointer, const Json& each, const Json& payload)
{
    auto text = words_at(led_to(each, pointer), {});
    if (text.empty() && pointer.starts_with(of_payload) && pointer.size() > of_payload.size())
        text = words_at(led_to(payload, pointer.substr(of_payload.size())), {});
    return text;
}

std::string by_template(const std::string& name, const std::string& sample, const Json& each, const Json& payload)
{
    try {
        return oncall::trimmed(notify::plain(sample, each, payload));
    } catch (const notify::BadTemplate& problem) {
        throw BadPayload{"the template of " + name + " in the source's mapping does not work: " + problem.what()};
    }
}

std::string field_found(const std::string& name, const oncall::MappedField& field, const Json& each, const Json& payload)
{
    std::string text;
    for (const auto& pointer : field.from)
        if (text = by_pointer(pointer, each, payload); !text.empty())
            break;
    if (text.empty() && !field.text.empty())
        text = by_template(name, field.text, each, payload);
    if (const auto value = field.values.find(oncall::lower(text)); value != field.values.end() && !text.empty())
        text = value->second;
    return text.empty() ? field.otherwise : text;
}

std::string one_found(const Found& found, const std::string& name)
{
    const auto one = found.find(name);
    return one == found.end() ? std::string{} : one->second;
}

/// Over what was there, which a mapping knows better.
template <class Kind> void put_found(const Found& found, Kind& into)
{
    if (const auto title = one_found(found, "title"); !title.empty())
        into.title = clipped(title, most_title);
    if (const auto service = one_found(found, "service"); !service.empty())
        into.service = clipped(service, 255);
    if (const auto key = one_found(found, "dedup_key"); !key.empty())
        into.dedup_key = key_of(clipped(key, key.size()));
    put_link(into.links, one_found(found, "link"), "");
    for (const auto& [name, text] : found)
        if (name.starts_with(mapped_label) && name.size() > mapped_label.size()) {
            into.labels.erase(name.substr(mapped_label.size()));
            put_label(into.labels, name.substr(mapped_label.size()), text);
        }
}

void take_mapped_change(const Found& found, const Report& known, Read& read)
{
    oncall::ChangeEvent change;
    change.title = known.title;
    change.dedup_key = known.dedup_key;
    change.labels = known.labels;
    change.links = known.links;
    put_found(found, change);
    if (oncall::trimmed(change.title).empty())
        throw BadPayload{"the source's mapping finds no title for a change: add the place where it stands to `title`"};
    read.changes.push_back(std::move(change));
}

/// What it does not know fires: rather one page too many.
Signal signal_mapped(const Found& found, Report& report)
{
    const auto status = one_found(found, "status");
    if (status.empty())
        return report.signal;
    if (const auto signal = signal_said(oncall::lower(status)))
        return *signal;
    put_label(report.labels, "status", status);
    return Signal::fire;
}

} // namespace

std::optional<Signal> signal_said(std::string_view status)
{
    for (const auto* const word : {"", "firing", "triggered", "trigger", "open", "alerting", "down", "problem"})
        if (status == word)
            return Signal::fire;
    for (const auto* const word : {"resolved", "resolve", "ok", "closed", "close", "up", "recovered", "recovery"})
        if (status == word)
            return Signal::clear;
    for (const auto* const word : {"acknowledged", "acknowledge", "ack"})
        if (status == word)
            return Signal::acknowledge;
    return std::nullopt;
}

Found found_in(const oncall::Mapping& mapping, const Json& each, const Json& payload)
{
    Found found;
    for (const auto& [name, field] : mapping.fields)
        if (auto text = field_found(name, field, each, payload); !text.empty())
            found.emplace(name, std::move(text));
    return found;
}

void take_found(const Found& found, Report known, Read& read)
{
    const auto kind = oncall::lower(one_found(found, "kind")), status = oncall::lower(one_found(found, "status"));
    if (kind == left_out || status == left_out) {
        read.note = "the source's mapping leaves it out, by its " + std::string{kind == left_out ? "kind" : "status"};
        return;
    }
    if (kind == "change")
        return take_mapped_change(found, known, read);
    if (!kind.empty() && kind != "alert")
        throw BadPayload{"the kind \"" + clipped(kind, 50)
            + "\" is not known: say under `values` of the mapping's `kind` whether it is alert, change or to be left out "
              "(ignore)"};
    auto report = std::move(known);
    report.signal = signal_mapped(found, report);
    put_found(found, report);
    if (const auto text = one_found(found, "description"); !text.empty())
        report.description = clipped(text, most_description);
    if (const auto word = one_found(found, "severity"); !word.empty())
        report.severity = clipped(oncall::lower(word), 50);
    if (report.signal != Signal::fire && report.dedup_key.empty())
        throw BadPayload{
            "the source's mapping finds no dedup_key, so nobody can say which alert is over: add the place where an id "
            "stands to `dedup_key`"};
    if (report.signal == Signal::fire && oncall::trimmed(report.title).empty())
        throw BadPayload{"the source's mapping finds no title: add the place where it stands to `title`"};
    read.reports.push_back(std::move(report));
}

Read mapped(const Json& payload, const oncall::Mapping& mapping)
{
    Read read;
    if (mapping.each.empty()) {
        take_found(found_in(mapping, payload, payload), {}, read);
        return read;
    }
    const auto& list = led_to(payload, mapping.each);
    if (!list.is_array())
        throw BadPayload{
            "there is no list at " + clipped(mapping.each, 100) + ", where the source's mapping has `each` of its alerts"};
    std::size_t seen = 0, odd = 0;
    std::string first_odd;
    for (const auto& each : list) {
        if (seen++ == most_mapped)
            break;
        try {
            take_found(found_in(mapping, each, payload), {}, read);
        } catch (const BadPayload& problem) {
            if (odd++ == 0)
                first_odd = problem.what();
        }
    }
    const bool is_something = !read.reports.empty() || !read.changes.empty();
    if (odd > 0 && !is_something)
        throw BadPayload{first_odd};
    if (list.empty())
        read.note = "its list of alerts is empty";
    if (is_something)
        read.note.clear();
    // One odd entry is no reason to hear nothing of the others.
    if (list.size() > most_mapped)
        read.note = "of its " + std::to_string(list.size()) + " entries the first " + std::to_string(most_mapped) + " were taken";
    if (odd > 0)
        read.note += (read.note.empty() ? "" : "; ") + std::to_string(odd) + (odd == 1 ? " entry" : " entries")
            + " could not be read: " + first_odd;
    return read;
}

} // namespace handlers::sources
