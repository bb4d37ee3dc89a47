#pragma once

#include "blocks/form.hpp"
#include "handlers/routes.hpp"

namespace handlers {

inline constexpr std::string_view sun_view{"schedule.sun"}; // callback of the form

/// The form, with `values` in its fields.
slack::View sun_form_view(const blocks::Values& values);

/// `schedule sun`, also with a name: a form that makes a schedule which follows the sun.
Answer sun_form(slack::Command command, std::string name, Context& app);
/// It was filled in: what it leaves open or doubles is shown, with a picture, to be saved as settings are.
Answer submit_sun(slack::Submission filled, std::string delivery, Context& app);

} // namespace handlers
