#pragma once

#include "handlers/sources/sources.hpp"

#include <optional>
#include <stdexcept>

/// tests/handlers/payloads/FORMAT/STATE.json: what a tool sends, with where that is known from; STATE.read.json beside it: what
/// becomes of it.
namespace payloads {

using handlers::sources::Read;
using handlers::sources::Sent;
using slack::Json;

struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct File {
    std::string name{}; // "grafana/resolve-2"
    std::string format{}; // "grafana"
    std::string state{}; // "resolve": without its variant
    std::string provenance{};
    Sent sent{};
    oncall::Source source{};
    std::optional<Json> expected{}; // nullopt: there is no STATE.read.json
};

/// All of them, by name. Throws Broken with the file's name.
const std::vector<File>& all();
/// The file of that name, or nullptr.
const File* find(std::string_view name);

/// When they came: 2026-11-03 12:00 UTC.
inline constexpr handlers::TimePoint came{oncall::milliseconds{1'793'707'200'000}};

/// As it comes in: parsed where it is JSON.
void set_text(Sent& sent, std::string text);

/// In the notation of STATE.read.json, without what is empty.
Json written(const Read& read);
/// How they differ, a line for each place; empty: they do not.
std::string difference(const Json& expected, const Json& actual);

} // namespace payloads
