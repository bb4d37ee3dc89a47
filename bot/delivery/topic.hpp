#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A channel's topic: what people wrote, and our part in it, from oncall::topic_begins to oncall::topic_ends. Pure.
namespace delivery {

/// A topic as Slack shows it in answers, as people typed it: Slack takes only plain text back, and would show markup as it
/// stands. Mentions become names. nullopt: it mentions what has no name here.
std::optional<std::string> topic_as_typed(std::string_view shown, const std::map<std::string, std::string>& names);

/// The users it mentions.
std::vector<std::string> mentioned_in(std::string_view shown);

/// The topic with our part where it stands, else at the end: the first of `texts` that leaves it as short as Slack takes it. What
/// people wrote is never cut; nullopt when there is no room beside it.
std::optional<std::string> topic_with(const std::string& topic, const std::vector<std::string>& texts);

/// The topic without our part.
std::string topic_without(const std::string& topic);

} // namespace delivery
