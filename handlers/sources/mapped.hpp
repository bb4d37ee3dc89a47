#pragma once

#include "handlers/sources/sources.hpp"

#include <array>

/// Payloads of any shape: a source's mapping says where the fields of its alerts stand.
namespace handlers::sources {

/// What the usual words for a status mean, in small letters: firing, resolved, acknowledged and their like; none is firing.
/// nullopt: no such word.
std::optional<Report::Signal> signal_said(std::string_view status);

/// What a mapping has found, by its fields' names; what it has not found is not there.
using Found = std::map<std::string, std::string>;
/// `each` is one alert's part of the payload, or all of it. Pointers and templates lead into it, with "payload" first into all of
/// it. Throws BadPayload when a template is none.
Found found_in(const oncall::Mapping& mapping, const slack::Json& each, const slack::Json& payload);

/// Adds what is found: over the `known` fields an alert, or a change, or neither, and then why in `read.note`.
void take_found(const Found& found, Report known, Read& read);

/// An alert or a change for each entry of the mapping's list, or one for the payload. A mapping's status or kind "ignore" is
/// none.
Read mapped(const slack::Json& payload, const oncall::Mapping& mapping);

/// A place in a payload, and what stands there.
struct Leaf {
    std::string pointer{}; // RFC 6901
    std::string value{}; // the beginning
};
/// The first hundred texts, numbers and truths, in the payload's order.
std::vector<Leaf> leaves_of(const slack::Json& payload);

/// A mapping guessed by the names that tools use, to be corrected; without fields when nothing is called like a title.
oncall::Mapping mapping_guessed(const slack::Json& payload);
/// The same as a source's settings have it, in YAML; empty when nothing is guessed.
std::string mapping_proposed(const slack::Json& payload);

/// The fields whose places are chosen from those in a payload; others are for the source's settings.
inline constexpr std::array<std::string_view, 5> chosen_fields{"title", "dedup_key", "status", "severity", "service"};

/// What somebody begins with who says where a payload's fields stand.
struct MappingOffer {
    oncall::Mapping mapping{}; // the source's own; guessed when it has none that finds an alert in this payload
    bool is_guessed{};
    std::vector<Leaf> places{}; // that say something: of the first alert, then what stands around its list, as /payload/…
    std::map<std::string, std::string> taken{}; // field → the place among these from which the mapping takes it
};
MappingOffer mapping_offered(const slack::Json& payload, const oncall::Mapping& own);

/// The offered mapping with these places, by field, instead of those that were taken; all else stays. An empty place takes the
/// field out.
oncall::Mapping mapping_chosen(const MappingOffer& offer, const std::map<std::string, std::string>& places);

} // namespace handlers::sources
