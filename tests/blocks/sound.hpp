#pragma once

#include "blocks/blocks.hpp"

#include <set>
#include <string>
#include <vector>

/// What must be true of everything we show, read without any of our own code: what is wrong with a message, empty when it is
/// sound. `people` may be mentioned, `links` may be linked to; null: any may.
std::vector<std::string> unsound(
    const blocks::Message& message, const std::set<std::string>& people = {}, const std::set<std::string>* links = nullptr);
std::vector<std::string> unsound_text(
    const std::string& mrkdwn, const std::set<std::string>& people = {}, const std::set<std::string>* links = nullptr);

/// Every text in it, in order.
std::vector<std::string> texts(const blocks::Json& json);
/// The labels of its buttons and menus.
std::vector<std::string> buttons(const blocks::Message& message);
/// All that is written in the blocks, a line each.
std::string shown(const blocks::Message& message);
