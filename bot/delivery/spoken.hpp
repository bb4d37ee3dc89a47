#pragma once

#include "delivery/job.hpp"

/// Answers that were made when somebody said something, as messages of their own.
namespace delivery {

/// Into a channel or a thread of it: `thread` may be empty. `to_person`: `to` is a Slack user id. `key` makes it said once.
void say_in(storage::Transaction& tx, const std::string& key, const std::string& to, const std::string& thread, bool to_person,
    slack::Json body, storage::TimePoint now);
/// To whoever pressed something, and nobody else. `instead`: in place of the message that they pressed, for all who see it.
void say_to(storage::Transaction& tx, const std::string& key, const std::string& lane, const std::string& response_url,
    slack::Json body, storage::TimePoint now, bool instead = false);

void render_spoken(Job& job);
void render_answered(Job& job);

} // namespace delivery
