#pragma once

#include "delivery/job.hpp"

/// A text as a file in somebody's direct messages.
namespace delivery {

struct TextFile {
    std::string person{}; // a Slack id
    std::string name{}; // "payments.yaml"
    std::string words{}; // beside it
    std::string text{};
};

/// Asks for it; `key` makes it sent once.
void add_text_file(storage::Transaction& tx, const std::string& key, const TextFile& file, oncall::TimePoint now);
/// Renders such a row: kind "text_file".
void write_text_file(Job& job);
/// Slack refused it: whoever asked is told.
void tell_refused_file(storage::Transaction& tx, const storage::OutboxRow& row, const std::string& why, oncall::TimePoint now);

} // namespace delivery
