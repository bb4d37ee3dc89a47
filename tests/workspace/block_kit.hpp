#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace workspace {

using Json = nlohmann::ordered_json;

enum class Surface { message, modal, home };

/// What Slack would complain of, "must be less than 76 characters [json-pointer:/blocks/0/text]"; empty when it takes them.
/// `pointer` is where `blocks` stands in what was sent.
std::vector<std::string> problems_in_blocks(const Json& blocks, Surface surface, const std::string& pointer = "/blocks");
std::vector<std::string> problems_in_attachments(const Json& attachments);
/// `wanted` is "modal" or "home"; other types are a problem.
std::vector<std::string> problems_in_view(const Json& view, const std::string& wanted);

/// Options as block_suggestion is answered with them: `options` or `option_groups`.
std::vector<std::string> problems_in_suggestions(const Json& answer);

/// How many characters all text objects in `json` hold together.
std::size_t total_text(const Json& json);

/// UTF-16 units: of the two ways Slack may count the one that finds more.
std::size_t length(const std::string& utf8);

} // namespace workspace
