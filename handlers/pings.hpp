#pragma once

#include "blocks/paste.hpp"
#include "oncall/heartbeat.hpp"

/// How heartbeats are pinged: GET, HEAD or POST /hooks/{key}/ping/{name}, as Healthchecks.io has it.
namespace handlers {

/// Of the path behind /hooks/: whether it is that of a ping.
bool is_ping_path(std::string_view path);

struct PingCall {
    std::string key{};
    std::string name{}; // decoded, on one line, blanks around it gone; at most 80 characters
    oncall::Ping ping{};
};
/// nullopt: no heartbeat can be meant by it.
std::optional<PingCall> ping_call(std::string_view path);

/// What to paste into a job, with the source's key, or with YOUR-KEY in its place when that is empty. `address`: no slash at its
/// end.
std::vector<blocks::Paste> ping_lines(const std::string& address, const std::string& key, const std::string& name);

/// The end of what came with a ping, at most oncall::most_last_words of it, fit to be read.
std::string last_words_of(std::string_view body);

} // namespace handlers
