#pragma once

#include "delivery/job.hpp"

/// The picture of a schedule with words and buttons, as one message.
namespace delivery {

/// Who gets which picture.
struct SchedulePicture {
    std::string schedule{};
    oncall::TimePoint from{};
    oncall::TimePoint to{};
    std::string place{}; // a channel, or a person's id
    bool to_person{};
    std::string response_url{}; // instead of a place: for whoever asked alone
    bool over{}; // … in the place of what was clicked
    std::string asker{}; // is told when the place refuses it; may be empty
    std::string told_at{}; // the response_url by which
};

/// Asks for it; it is drawn of the newest state when it leaves. Goes beside what else goes to that place: no page waits for a
/// picture. Without one to be had, the words go alone. `key` makes it said once.
void add_picture(storage::Transaction& tx, const std::string& key, const SchedulePicture& wish, oncall::TimePoint now);

/// What whoever asked for one is told when Slack refuses it.
void tell_asker(storage::Transaction& tx, const storage::OutboxRow& row, const std::string& why, oncall::TimePoint now);

/// Renders such a row: kinds "picture" and "picture_answer".
void draw_schedule(storage::Transaction& tx, const Desk& desk, Job& job);

} // namespace delivery
