#pragma once

#include "blocks/kit.hpp"

#include <map>
#include <variant>

/// Forms of any kind: what stands in each field goes out and comes back as texts, by the field's id.
namespace blocks {

/// What stands in a form: field → its text, number, options or people. An empty list: nothing.
using Values = std::map<std::string, std::vector<std::string>>;

struct Choice {
    std::string label{};
    std::string value{}; // never empty; at most 130 characters
    std::string group{}; // options of one group stand together; empty: none has one
};

struct Field {
    /// moment: an instant, picked in the reader's own zone, as seconds since 1970. file: one file; its choices are the endings.
    enum class Kind { text, lines, number, people, one, some, tick, moment, file };
    Kind kind{};
    std::string id{};
    std::string label{};
    std::string hint{};
    std::string placeholder{};
    std::vector<Choice> choices{}; // one, some; of `tick` the only one
    std::string_view lookup{}; // the action that asks for options, once there are more than Slack takes at once
    bool required{};
    int least{}; // number: from
    int most{3'000}; // number: to; text: how long
};
/// A line of words above what follows, and a menu beside it when there are options.
struct Heading {
    kit::Mrkdwn text{};
    std::string_view action{};
    std::vector<kit::Option> menu{};
};
struct Press {
    std::string_view label{};
    std::string_view action{};
    std::string value{};
    bool danger{};
    kit::Mrkdwn sure{}; // asked before it counts; empty: nothing is asked
};
/// Text to be copied: shown as it is, in letters of one width.
struct Code {
    std::string text{};
};
using Part = std::variant<Field, Heading, std::vector<Press>, Code>;

struct Form {
    std::string_view title{};
    std::string_view submit{}; // empty: nothing to submit
    std::string_view close{"Cancel"};
    std::string_view callback{};
    std::string metadata{};
    std::vector<Part> parts{};
    int generation{}; // another one: what was typed is forgotten, and `values` stand in the fields
    bool last{}; // closing it closes those below as well
};

/// A modal within all limits, with `values` in its fields.
View form(const Form& form, const Values& values = {});

/// What stands in the fields of `view.state.values`.
Values form_values(const Json& state);

/// What Slack says of the file that was given in a field; null: none was.
Json form_file(const Json& state, std::string_view id);

/// The block that a field of that generation is in, for its error.
std::string field_block(std::string_view id, int generation);

/// What block_suggestion is answered with: of the choices those that have `typed` in them.
Json suggestions(const std::vector<Choice>& choices, std::string_view typed);

/// Nothing, as an option of a field that may be left open; values of the others begin with another sign.
inline constexpr std::string_view nothing{"-"};

} // namespace blocks
