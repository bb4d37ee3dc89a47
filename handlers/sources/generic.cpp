#include "handlers/sources/mapped.hpp"
#include "handlers/sources/reading.hpp"
#include "oncall/words.hpp"

namespace handlers::sources {

using slack::Json;

namespace {

/// The first of these fields that says something: a text, a number, or true/false.
std::string first_text(const Json& payload, std::initializer_list<const char*> names)
{
    for (const auto* name : names)
        if (const auto& value = slack::at(payload, {name}); !value.is_structured())
            if (auto text = text_written(value); !text.empty())
                return text;
    return {};
}

Report::Signal signal_in(const std::string& status)
{
    if (const auto signal = signal_said(status))
        return *signal;
    throw BadPayload{"status \"" + clipped(status, 50) + "\" is not known: use \"firing\" or \"resolved\""};
}

} // namespace

std::vector<Report> generic(const Json& payload)
{
    if (!payload.is_object())
        throw BadPayload{"the body must be a JSON object with at least a title"};
    Report report;
    report.title = clipped(first_text(payload, {"title", "summary", "message"}), most_title);
    report.description = clipped(text_written(slack::at(payload, {"description"})), most_description);
    report.severity = clipped(oncall::lower(first_text(payload, {"severity", "priority"})), 50);
    report.dedup_key = text_written(slack::at(payload, {"dedup_key"}));
    report.service = clipped(first_text(payload, {"service"}), 255);
    report.signal = signal_in(oncall::lower(first_text(payload, {"status"})));
    if (report.dedup_key.size() > 255)
        throw BadPayload{"dedup_key is longer than 255 bytes"};
    if (report.signal != Report::Signal::fire && report.dedup_key.empty())
        throw BadPayload{"dedup_key is missing: without it nobody can say which alert is resolved"};
    if (report.signal == Report::Signal::fire && oncall::trimmed(report.title).empty())
        throw BadPayload{"title is missing (or summary, or message); if it stands elsewhere, the source's mapping says where"};

    // Decoration: what is odd in it loses no alert.
    const auto& labels = slack::at(payload, {"labels"});
    if (!labels.is_object())
        put_label(report.labels, "labels", labels.empty() ? "" : text_written(labels));
    else
        for (const auto& [name, value] : labels.items())
            if (!value.is_null() && report.labels.size() < most_labels)
                report.labels.emplace(clipped(name, most_label), clipped(text_written(value), most_label));
    const auto& links = slack::at(payload, {"links"});
    for (const auto& link : links.is_array() ? links : Json::array({links})) {
        const auto href = link.is_string() ? link.get<std::string>() : slack::text_at(link, {"href"});
        if (!href.empty() && report.links.size() < most_links)
            report.links.push_back({clipped(href, 2'000), clipped(slack::text_at(link, {"text"}), 100)});
    }
    return {report};
}

} // namespace handlers::sources
