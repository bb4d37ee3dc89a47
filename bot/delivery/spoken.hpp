#pragma once

#include "delivery/job.hpp"

/// Answers that were made when somebody said something, as messages of their own.
namespace delivery {

/// To a person, by Slack user id. `key` makes it said once.
void say_to_person(
    storage::Transaction& tx, const std::string& key, const std::string& person, slack::Json body, storage::TimePoint now);
/// Into a channel or a thread of it: `thread` may be empty. Where that cannot be, `asker` gets it directly, a Slack user id, or
/// empty.
void say_in(storage::Transaction& tx, const std::string& key, const std::string& channel, const std::string& thread,
    const std::string& asker, slack::Json body, storage::TimePoint now);
/// To whoever pressed something, and nobody else. `instead`: in place of the message that they pressed, for all who see it.
void say_to(storage::Transaction& tx, const std::string& key, const std::string& lane, const std::string& response_url,
    slack::Json body, storage::TimePoint now, bool instead = false);

void render_spoken(Job& job);
void render_answered(Job& job);

/// Whether somebody asked for it, who gets it directly where it cannot be posted.
bool is_asked_for(const Job& job);
/// Slack did not take an answer. What was asked in a message that is deleted by now needs none.
void spoken_refused(storage::Transaction& tx, const Job& job, const std::string& why, storage::TimePoint now);

} // namespace delivery
