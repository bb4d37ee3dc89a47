#pragma once

#include "oncall/configuration.hpp"

#include <set>

/// Services that a directory elsewhere knows: what it says, and what becomes of it here. Pure.
namespace oncall {

/// "yaml", "csv", "backstage", "harness".
std::optional<DirectoryFormat> directory_format_in(std::string_view text);
std::string_view name_of(DirectoryFormat format);

/// One of them, in the directory's own words.
struct DirectoryEntry {
    std::string name{};
    std::string owner{}; // "payments", "group:default/payments"; empty: it says none
    std::string description{};
    std::string runbook{};
    int tier{}; // 0: it says none
    std::map<std::string, std::string> labels{};
    std::vector<Link> links{};
    std::vector<std::string> depends_on{};
    int line{}; // where it stands; 0: nowhere that has lines
    bool operator==(const DirectoryEntry&) const = default;
};

/// An entry that cannot be taken and was left out.
struct DirectoryMistake {
    int line{};
    std::string name{}; // of the entry, as far as it can be read
    std::string what{};
    bool operator==(const DirectoryMistake&) const = default;
};

/// What one reading came to.
struct DirectoryRead {
    std::vector<DirectoryEntry> entries{};
    std::vector<DirectoryMistake> mistakes{}; // with any, what is missing may be one of them
    std::string problem{}; // why nothing of it counts; empty: it does
};

constexpr std::size_t most_services = 5'000; // of a directory
constexpr std::size_t most_directory_text = 4 << 20; // bytes of a file or a page

/// A text of somebody else's on one line; what is longer than `most` characters ends with "…".
std::string foreign_line(const std::string& text, std::size_t most);

/// Looks at each entry that was read: names, lengths, how many there are. What cannot be taken becomes a mistake, both of two
/// that have one name do, and more than `most_services` are a problem.
DirectoryRead checked(DirectoryRead read);

/// The last part of "group:default/payments"; nothing of a reference that names no group.
std::string owner_name(std::string_view reference);

/// What a directory said of a service when that was last taken up, by names of ours.
struct SyncedService {
    Service said{};
    int missed{}; // whole readings without it, one after the other
    TimePoint missed_since{};
    bool operator==(const SyncedService&) const = default;
};
using SyncedServices = std::map<std::string, SyncedService>;

/// It has been gone that often, and for that long, when it is removed.
constexpr int missed_before_removal = 3;
constexpr milliseconds gone_before_removal = std::chrono::hours{24};
constexpr int most_removed_at_once = 50; // more wait for the next reading

enum class SyncFate { create, adopt, change, keep, gone, remove, conflict };

/// What becomes of one service, and why.
struct SyncStep {
    SyncFate fate{};
    std::string service{};
    Service becomes{}; // of create, adopt and change
    std::vector<std::string> fields{}; // of adopt and change: which; of keep: which are otherwise in the directory
    std::string why{}; // a sentence, or empty
};

/// One that a directory made which is not configured any more: whichever lists it next takes it over.
bool is_free(const Service& service, const Configuration& holds);

struct Sync {
    std::vector<SyncStep> steps{}; // those that there is something to say of, by name
    SyncedServices known{}; // what is to be remembered
};

/// Three ways, field by field: what holds, what the directory said last, what it says now. Changed by it alone: changes. Changed
/// by people: stays. Deleted by people: stays deleted. Gone from it: marked, and removed after `missed_before_removal` whole
/// readings and `gone_before_removal` unless people have changed it or something names it. A service that it did not make is left
/// alone, but a free one that it lists is taken over: `last` has what was said of it until then, and without that all that it has
/// is people's. `alerting`: services with open alerts. An owner that is no team here takes no team away.
Sync merge(const Directory& directory, const DirectoryRead& read, const SyncedServices& last, const Configuration& holds,
    const std::set<std::string>& alerting, TimePoint now);

/// Why so few services cannot be all there are; empty: they may be. Fewer than half of those there were are too few.
std::string too_few(const DirectoryRead& read, const SyncedServices& last);

/// "12 services: 3 new, 1 taken over, 1 changed, 2 kept, 1 gone, 1 removed, 1 left alone, 1 mistake"
std::string summary_of(const DirectoryRead& read, const std::vector<SyncStep>& steps);
/// "+ checkout: team payments", one for each.
std::string words_of(const SyncStep& step);
std::string words_of(const DirectoryMistake& mistake);

} // namespace oncall
