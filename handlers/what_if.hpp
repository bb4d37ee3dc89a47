#pragma once

#include "handlers/paging.hpp"
#include "handlers/sources/sources.hpp"

/// What `/oncall what if` is asked, pure.
namespace handlers {

/// Alerts as they would come in, and from where.
struct Supposed {
    std::vector<Report> reports{}; // their severities as the source's mean
    std::vector<oncall::ChangeEvent> changes{};
    std::string nothing{}; // it was understood, and nothing is to be kept of it: why
    std::string source{}; // as configured; empty: none is named, and none has such a format
    std::string format{}; // "alertmanager", "generic", "pagerduty" …; empty: it was plain words
    std::string note{}; // what was taken for granted, one sentence; may be empty
};

/// A payload (JSON of a format that is known) or words, each with name=value anywhere before or in them: `source`, `service`,
/// `severity`, `description`, else a label ("env=prod" or "labels.env=prod"). What remains of the words is the title. Text as
/// Slack hands it over: typographic quotes in JSON are plain ones, &amp; and the like are what they stand for. Throws Refusal.
Supposed supposed(std::string text, const oncall::Configuration& configuration);

/// What a source's format reads of what was sent to it. Throws Refusal with why it reads nothing.
Supposed supposed(sources::Sent sent, const oncall::Source& source);

/// Something to be sent, from a file or a field: JSON where it is some.
sources::Sent sent_from_text(std::string text);

/// Which format JSON looks like; "generic" when it looks like none. What looks like several is the first's.
std::string format_of(const slack::Json& payload);

} // namespace handlers
