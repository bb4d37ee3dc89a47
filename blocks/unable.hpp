#pragma once

#include "blocks/settings.hpp"

/// Somebody whom no page reaches any more is still named: what is told, and the form that mends it.
namespace blocks {

namespace action {
inline constexpr std::string_view unable_fix{"unable.fix"}; // "<Slack user id>"; opens the form
} // namespace action
namespace view {
inline constexpr std::string_view unable_form{"unable.form"}; // private_metadata: the handler's
inline constexpr std::string_view unable_plan{"unable.plan"}; // the same
inline constexpr std::string_view unable_instead{"instead"}; // a field
} // namespace view

/// Words of places, of pages and so on are as in blocks::words().
struct UnableShown {
    std::string person{}; // a Slack user id
    std::string why{}; // "is deactivated in Slack"
    std::vector<std::string> places{}; // where they are named
    bool can_be_fixed{}; // something of it is the configuration's
    std::size_t pages{}; // that were paging them, and go on without
    Names names{};
};
Message unable_told(const UnableShown& shown);

/// That is over.
struct UnableOver {
    std::string person{};
    bool is_back{}; // else they are named nowhere any more
    Names names{};
};
Message unable_over(const UnableOver& over);

struct UnableForm {
    std::string person{};
    std::string why{};
    std::vector<std::string> places{};
    std::vector<std::string> empty{}; // those in which nobody else would be left
    std::vector<std::string> refused{}; // why some of it is not the asker's to change
    std::string metadata{};
    Names names{};
};
View unable_form(const UnableForm& form);
/// What it would change, to be saved from there.
View unable_plan(const PlanView& plan, const std::string& metadata, const Names& names);

} // namespace blocks
