#pragma once

#include "blocks/paste.hpp"

#include <map>
#include <set>

/// `/oncall source`: what sends alerts, what came of it, and how it is set up.
namespace blocks {

namespace action {
inline constexpr std::string_view source_list{"source.list"}; // "<page>"
inline constexpr std::string_view source_list_back{"source.list.back"}; // the same
inline constexpr std::string_view source_open{"source.open"}; // "<source>"; so the next four
inline constexpr std::string_view source_lines{"source.lines"};
inline constexpr std::string_view source_wait{"source.wait"};
inline constexpr std::string_view source_paste{"source.paste"};
inline constexpr std::string_view source_payload{"source.payload"}; // a menu: "test:<id>", "show:", "map:", "replay:", "dismiss:"
inline constexpr std::string_view source_add{"source.add"};
} // namespace action
namespace view {
inline constexpr std::string_view sources{"sources"}; // private_metadata: "<page>"
inline constexpr std::string_view source{"source"}; // private_metadata: the source
inline constexpr std::string_view source_lines{"source.lines"};
inline constexpr std::string_view source_paste{"source.paste"};
inline constexpr std::string_view source_paste_text{"payload"}; // fields
inline constexpr std::string_view source_paste_source{"from"};
inline constexpr std::string_view source_payload{"source.payload"};
inline constexpr std::string_view source_mapping{"source.mapping"}; // private_metadata: the payload; fields: as in a mapping
} // namespace view

/// A source in a line or two.
struct SourceLine {
    std::string name{};
    std::string product{}; // what people call what sends: "Prometheus Alertmanager"
    std::string service{}, team{};
    std::optional<oncall::TimePoint> heard{}; // when it last sent something; nullopt: never
    std::int64_t dead_letters{};
    bool quiet{};
};
View sources_list(const std::vector<SourceLine>& sources, std::size_t page);

/// Something that came.
struct PayloadLine {
    std::int64_t id{};
    oncall::TimePoint at{};
    enum class Became { alert, dead_letter, replayed, dismissed } became{};
    std::string words{}; // what it became, or why nothing
};
/// One of them with what came of it. Words are as in blocks::words().
struct SourceView {
    SourceLine line{};
    std::string said{}; // on top: what has just been done; empty: nothing
    std::vector<std::string> facts{}; // its settings
    std::vector<std::string> severities{}; // "P1, P2 → critical"
    std::vector<PayloadLine> dead{}, last{}; // dead letters that are not among the last
    std::optional<oncall::TimePoint> waits_until{}; // whoever looks waits for its first event
    bool may_edit{}; // whoever looks
    bool maps{}; // where the fields of its alerts stand can be chosen from what came
    Names names{};
};
View source_view(const SourceView& shown);

/// The lines to paste into what sends.
View source_lines(const std::string& source, const std::vector<Paste>& lines);

/// A payload is pasted, to see what it would become. `sources`: to be chosen from; `chosen` may be empty.
View source_paste_form(const std::vector<std::string>& sources, const std::string& chosen);

/// A payload as it came.
struct PayloadView {
    std::string source{};
    PayloadLine line{};
    std::string headers{}; // as they are kept
    std::string query{};
    std::string body{};
    bool whole{true}; // false: the end of it was not kept
};
View source_payload(const PayloadView& shown, const Names& names);

/// Where the fields of a source's alerts stand in something that it sent, to be chosen by what stands there.
struct MappingView {
    std::int64_t payload{};
    std::string source{};
    bool guessed{}; // it has no mapping for this yet
    struct Place {
        std::string pointer{};
        std::string value{};
    };
    std::vector<Place> places{}; // at most 99
    std::map<std::string, std::string> taken{}; // field → pointer
    std::set<std::string> otherwise{}; // fields that come from somewhere else
};
/// A field that is left alone gives nothing, else `nothing` or "=<pointer>".
View source_mapping(const MappingView& shown);

} // namespace blocks
