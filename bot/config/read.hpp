#pragma once

#include "config/reader.hpp"

/// One function per noun: a value of the tree → a value of the domain. What is wrong in it is told to the reader.
namespace config {

oncall::Team read_team(Reader& reader, const std::string& name, const Place& at);
oncall::Service read_service(Reader& reader, const std::string& name, const Place& at);
oncall::HolidayCalendar read_holidays(Reader& reader, const std::string& name, const Place& at);
oncall::Schedule read_schedule(Reader& reader, const std::string& name, const Place& at);
oncall::Policy read_policy(Reader& reader, const std::string& name, const Place& at);
oncall::Source read_source(Reader& reader, const std::string& name, const Place& at);
oncall::Monitor read_heartbeat(Reader& reader, const std::string& name, const Place& at);
/// How often something is expected; zero when the key is not there, or after a problem.
oncall::milliseconds read_interval(Reader& reader, const Fields& in, const std::string& key);
/// What its form has in one field, see source_yaml.hpp; the source's format is known.
void read_further(Reader& reader, const Fields& in, oncall::Source& source);
oncall::Directory read_directory(Reader& reader, const std::string& name, const Place& at);
/// Without a name it is that of the file, with its `name` in it.
oncall::Rule read_rule(Reader& reader, const std::optional<std::string>& name, const Place& at);

/// The rotation at `index` of a schedule in that zone; without a name it is called after its place.
oncall::Rotation read_rotation(Reader& reader, const Place& at, std::size_t index, const std::string& schedule_zone);
/// The https:// address of a calendar; "" when the key is not there.
std::string read_calendar_address(Reader& reader, const Fields& in, const std::string& key);
/// When something is open, under `windows`: at least one, where the key is there.
std::vector<oncall::Window> read_windows(Reader& reader, const Fields& in);
oncall::Condition read_condition(Reader& reader, const Place& at);
/// What a rule's form has in one field, see rule_yaml.hpp.
void read_further(Reader& reader, const Fields& in, oncall::Rule& rule);

} // namespace config
