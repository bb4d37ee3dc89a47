#pragma once

#include "blocks/form.hpp"
#include "oncall/configuration.hpp"
#include "storage/repositories.hpp"

/// The forms behind `/oncall settings`, pure: what the configuration says goes into fields, and comes back from them.
namespace handlers {

/// Who people are, both ways; whom Slack no longer has is nobody. Forms choose people by Slack id; the configuration keeps the
/// words it has for them.
struct Naming {
    std::map<std::string, std::string> ids{}; // as named in the configuration → Slack id
    std::map<std::string, std::string> references{}; // Slack id → as the configuration names them
    std::map<std::string, std::string> names{}; // Slack id → what they are called
};
Naming naming_of(const oncall::Configuration& configuration, const std::vector<storage::Person>& people);

/// What a form is about.
struct Subject {
    std::string kind{}; // as in config::Item
    std::string name{};
    bool fresh{}; // there is none yet; its name is a field of the form
};

/// What stands in the fields at first. Throws Refusal when it does not fit into a form.
blocks::Values values_of(const Subject& subject, const oncall::Configuration& now, const Naming& naming);

/// The fields. Those of a policy follow from the values; its levels are here in short, see policy_form.hpp.
std::vector<blocks::Part> parts_of(
    const Subject& subject, const blocks::Values& values, const oncall::Configuration& now, const Naming& naming);

/// Everything that may be chosen in a menu that asks for its options, by the menu's action.
std::vector<blocks::Choice> choices_of(std::string_view action, const oncall::Configuration& now);

/// What was filled in, as far as it can be read.
struct Filled {
    std::string name{};
    oncall::Configuration becomes{}; // all of it, with the change
    std::map<std::string, std::string> errors{}; // field → what is wrong with it
};
Filled filled(const Subject& subject, const blocks::Values& values, const oncall::Configuration& now, const Naming& naming);

/// The field that a problem is shown at; `path` as in config::Problem, "policy payments.levels[0].patience". Empty: none of
/// this form.
std::string field_of(const Subject& subject, const oncall::Configuration& becomes, const std::string& path);

/// Conditions as text: one `field = value` a line when all of these must hold, else as the file has them.
std::string condition_out(const oncall::Condition& condition);
struct ReadCondition {
    std::optional<oncall::Condition> condition{};
    std::string error{}; // with line and column, and what to do
};
ReadCondition condition_in(const std::string& text);

} // namespace handlers
