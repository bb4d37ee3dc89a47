#pragma once

#include "config/node.hpp"
#include "oncall/configuration.hpp"

/// One function per noun: a value of the domain → the tree that is read back as it. Keys in a fixed order, defaults left out.
namespace config {

Node write_team(const oncall::Team& team);
Node write_service(const oncall::Service& service);
Node write_holidays(const oncall::HolidayCalendar& calendar);
/// With its overrides, or without: they are kept apart from it in the database.
Node write_schedule(const oncall::Schedule& schedule, bool overrides);
Node write_policy(const oncall::Policy& policy);
/// A key is written as its hash, a signing secret not at all.
Node write_source(const oncall::Source& source);
Node write_heartbeat(const oncall::Monitor& monitor);
Node write_directory(const oncall::Directory& directory);
/// With its name in it, as the file has it, or without.
Node write_rule(const oncall::Rule& rule, bool name);

Node write_rotation(const oncall::Rotation& rotation);
Node write_windows(const std::vector<oncall::Window>& windows);
Node write_override(const oncall::Override& change, const std::string& schedule_zone);
Node write_condition(const oncall::Condition& condition);
Node write_people(const std::vector<std::string>& people);

/// The file as a whole.
Node write_configuration(const oncall::Configuration& configuration);

/// Puts a text that may be empty: nothing then.
void put_text(Node& mapping, std::string key, const std::string& text);

} // namespace config
