#pragma once

#include "blocks/form.hpp"
#include "oncall/silences.hpp"

/// Silences and maintenance windows: their list, the form that makes one, and what it would have met.
namespace blocks {

namespace action {
inline constexpr std::string_view silence_open{
    "silence.open"}; // value: "alert:<id>", "service:<name>", "maintenance", or nothing
inline constexpr std::string_view silence_edit{"silence.edit"}; // value: "<id>:<version>", as those below
inline constexpr std::string_view silence_end{"silence.end"};
inline constexpr std::string_view silence_undo{"silence.undo"};
inline constexpr std::string_view silence_services{"silence.find_services"}; // asks for options
inline constexpr std::string_view silence_teams{"silence.find_teams"};
} // namespace action
namespace view {
inline constexpr std::string_view silence_form{"silence.submit"}; // private_metadata: "<kind>:<id>:<version>"
inline constexpr std::string_view silence_plan{"silence.save"}; // private_metadata: the draft
} // namespace view
namespace field {
inline constexpr std::string_view silence_services{"services"};
inline constexpr std::string_view silence_teams{"teams"};
inline constexpr std::string_view silence_severities{"severities"};
inline constexpr std::string_view silence_title{"title"};
inline constexpr std::string_view silence_terms{"terms"};
inline constexpr std::string_view silence_from{"from"};
inline constexpr std::string_view silence_to{"to"};
inline constexpr std::string_view silence_repeat{"repeat"};
inline constexpr std::string_view silence_until{"until"};
inline constexpr std::string_view silence_zone{"zone"};
inline constexpr std::string_view silence_reason{"reason"};
inline constexpr std::string_view silence_open_too{"open"};
inline constexpr std::string_view silence_sure{"sure"};
} // namespace field

struct SilenceLine {
    oncall::Silence what{};
    std::int64_t version{};
    std::optional<oncall::TimePoint> until{}; // it holds, until then
    std::optional<oncall::TimePoint> next{}; // when it holds next
    std::int64_t held{}; // in the time it holds, or held last
    std::int64_t open{}; // of these, not over
    std::vector<std::string> gone{}; // what it names and is no more
};
/// `note` stands above them, and `undo` (a value of that action) beside it; empty: nothing is to be undone. Heartbeats that are
/// paused stand below.
Message silences(const std::vector<SilenceLine>& lines, const std::string& note, const std::string& undo, const Names& names,
    const std::vector<oncall::Heartbeat>& paused = {});

struct SilenceForm {
    oncall::Hold::Kind kind{oncall::Hold::Kind::silence};
    std::string metadata{};
    bool edits{};
    std::vector<Choice> services{};
    std::vector<Choice> teams{};
    std::string note{};
    Values values{};
};
View silence_form(const SilenceForm& shown);
/// The parts of the form, for its errors.
std::vector<Part> silence_parts(const SilenceForm& shown);

/// What it would hold and would have held, before it is saved.
struct SilencePlan {
    oncall::Silence what{};
    std::string draft{}; // empty: it cannot be saved, and `note` says why
    std::string note{};
    std::vector<std::pair<oncall::TimePoint, oncall::TimePoint>> times{}; // of one that comes back: the next
    std::vector<std::string> open{}; // alerts that are open now and that it meets, a line each
    std::int64_t open_count{};
    bool open_too{}; // these are to be held as well
    std::int64_t last_week{};
    bool counted_all{true}; // else that many at least
    std::vector<std::string> grave{}; // asked about, before it is saved
    bool done{}; // it is saved, and `note` says what came of it
    std::string undo{}; // then: a value of that action; empty: none
};
View silence_plan(const SilencePlan& plan, const Names& names);

} // namespace blocks
