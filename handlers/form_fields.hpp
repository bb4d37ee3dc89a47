#pragma once

#include "blocks/form.hpp"
#include "config/oncall_yaml.hpp"
#include "handlers/settings_forms.hpp"

/// What the forms of `/oncall settings` are put together from: fields, and what goes into them and comes back.
namespace handlers::fields {

using Texts = std::vector<std::string>;

inline constexpr std::string_view not_in_slack{".unknown"}; // beside a field of people: those whom Slack does not know

/// An option's value has no room for more.
bool fits_value(const std::string& text);

bool contains(const Texts& list, const std::string& one);
/// What stands in a field: trimmed, or "".
std::string text_in(const blocks::Values& values, const std::string& field);
/// What is wrong in a field of several lines: "Line 2, column 5: …".
std::string said_of_field(const config::Problem& problem);
/// What stands in a field is as it was shown, which may be without what nobody sees.
bool is_as_shown(const std::string& text, const std::string& was);
Texts texts_in(const blocks::Values& values, const std::string& field);
/// A number; what is none is 0, which is written as nothing.
int number_in(const blocks::Values& values, const std::string& field);
std::string number_out(int number);
/// The words of a list, between any of these characters, without blanks around them.
Texts split(const std::string& text, const char* between = ", \n\t");

/// A name as an option's value, or nothing.
std::string option(const std::string& name);
std::string option_in(const blocks::Values& values, const std::string& field);
/// A choice for each; `none`: what choosing nothing is called, if that may be.
template <class Things> std::vector<blocks::Choice> names(const Things& things, const std::string& none)
{
    std::vector<blocks::Choice> choices;
    if (!none.empty())
        choices.push_back({none, std::string{blocks::nothing}, ""});
    for (const auto& [name, thing] : things)
        choices.push_back({name, option(name), ""});
    return choices;
}

/// "#ops", as people write channels: with or without the sign, or as Slack writes them, "<#C123|ops>".
std::string channel_in(std::string text);
std::string group_in(const std::string& text);

/// People as configured; their ids go into the field, whom Slack does not know into the one beside it.
void put_people(blocks::Values& values, const std::string& field, const Texts& people, const Naming& naming);
/// Those chosen, in the words and the order the configuration had for them; new ones last.
Texts people_in(const blocks::Values& values, const std::string& field, const Texts& before, const Naming& naming);
/// The one beside: none when there is nobody to choose.
void add_unknown(std::vector<blocks::Part>& parts, const std::string& field, const std::string& label, const Texts& unknown);
/// Both; `before`: whom the configuration has there.
void add_people(std::vector<blocks::Part>& parts, const std::string& field, const std::string& label, const std::string& hint,
    const Texts& before, const Naming& naming);

blocks::Field text(std::string id, std::string label, std::string hint = {}, std::string placeholder = {});
blocks::Field lines(std::string id, std::string label, std::string hint = {}, std::string placeholder = {});
blocks::Field number(std::string id, std::string label, std::string hint, int least, int most);
blocks::Field one(
    std::string id, std::string label, std::string hint, std::vector<blocks::Choice> choices, std::string_view lookup = {});
/// A box to tick: "true", or nothing.
blocks::Field tick(std::string id, std::string label, std::string words);

} // namespace handlers::fields
