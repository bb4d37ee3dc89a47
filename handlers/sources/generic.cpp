#include "handlers/sources/mapped.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers::sources {

using slack::Json;

namespace {

/// The first of these fields that is there; it must be a text.
std::string first_text(const Json& payload, std::initializer_list<const char*> names)
{
    for (const auto* name : names) {
        const auto found = payload.find(name);
        if (found == payload.end() || found->is_null())
            continue;
        if (!found->is_string())
            throw BadPayload{std::string{name} + " must be a text"};
        if (!found->get_ref<const std::string&>().empty())
            return found->get<std::string>();
    }
    return {};
}

Report::Signal signal_in(const std::string& status)
{
    if (const auto signal = signal_said(status))
        return *signal;
    throw BadPayload{"status \"" + clipped(status, 50) + "\" is not known: use \"firing\" or \"resolved\""};
}

std::string label_text(const Json& value, const std::string& name)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number() || value.is_boolean())
        return value.dump();
    throw BadPayload{"labels." + name + " must be a text, a number or true/false"};
}

} // namespace

std::vector<Report> generic(const Json& payload)
{
    if (!payload.is_object())
        throw BadPayload{"the body must be a JSON object with at least a title"};
    Report report;
    report.title = clipped(first_text(payload, {"title", "summary", "message"}), most_title);
    report.description = clipped(first_text(payload, {"description"}), most_description);
    report.severity = clipped(oncall::lower(first_text(payload, {"severity", "priority"})), 50);
    report.dedup_key = first_text(payload, {"dedup_key"});
    report.service = clipped(first_text(payload, {"service"}), 255);
    report.signal = signal_in(oncall::lower(first_text(payload, {"status"})));
    if (report.dedup_key.size() > 255)
        throw BadPayload{"dedup_key is longer than 255 bytes"};
    if (report.signal != Report::Signal::fire && report.dedup_key.empty())
        throw BadPayload{"dedup_key is missing: without it nobody can say which alert is resolved"};
    if (report.signal == Report::Signal::fire && oncall::trimmed(report.title).empty())
        throw BadPayload{"title is missing (or summary, or message); if it stands elsewhere, the source's mapping says where"};

    if (const auto labels = payload.find("labels"); labels != payload.end() && !labels->is_null()) {
        if (!labels->is_object())
            throw BadPayload{"labels must be an object of texts"};
        for (const auto& [name, value] : labels->items())
            if (report.labels.size() < most_labels)
                report.labels.emplace(clipped(name, most_label), clipped(label_text(value, name), most_label));
    }
    if (const auto links = payload.find("links"); links != payload.end() && !links->is_null()) {
        if (!links->is_array())
            throw BadPayload{"links must be a list"};
        for (const auto& link : *links) {
            if (report.links.size() == most_links)
                break;
            if (link.is_string())
                report.links.push_back({clipped(link.get<std::string>(), 2'000), ""});
            else if (link.is_object() && !slack::text_at(link, {"href"}).empty())
                report.links.push_back(
                    {clipped(slack::text_at(link, {"href"}), 2'000), clipped(slack::text_at(link, {"text"}), 100)});
            else
                throw BadPayload{"each of links must be a URL, or an object with href and text"};
        }
    }
    return {report};
}

} // namespace handlers::sources
