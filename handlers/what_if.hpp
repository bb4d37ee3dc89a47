#pragma once

#include "handlers/paging.hpp"

/// What `/oncall what if` is asked, pure.
namespace handlers {

/// Alerts as they would come in, and from where.
struct Supposed {
    std::vector<Report> reports{};
    std::string source{}; // as configured; empty: none is named, and none has such a format
    std::string format{}; // "alertmanager", "generic", "pagerduty"; empty: it was plain words
    std::string note{}; // what was taken for granted, one sentence; may be empty
};

/// A payload (JSON of a format that is known) or words, each with name=value anywhere before or in them: `source`, `service`,
/// `severity`, `description`, else a label ("env=prod" or "labels.env=prod"). What remains of the words is the title. Text as
/// Slack hands it over: typographic quotes in JSON are plain ones, &amp; and the like are what they stand for. Throws Refusal.
Supposed supposed(std::string text, const oncall::Configuration& configuration);

} // namespace handlers
