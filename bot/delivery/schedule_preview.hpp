#pragma once

#include "delivery/preview.hpp"

/// The picture of a schedule as it would be, in a form.
namespace delivery {

struct SchedulePreview {
    std::string external_id{}; // of the view, which is on its way as an answer
    slack::View view{};
    oncall::Schedule schedule{};
    oncall::TimePoint from{};
    oncall::TimePoint to{};
    std::map<std::string, std::string> names{};
};

/// Asks for it. `key` as for add_preview.
void add_schedule_preview(storage::Transaction& tx, const std::string& key, const SchedulePreview& wish, oncall::TimePoint now);
/// Nobody waits for it any more.
void drop_schedule_preview(storage::Transaction& tx, const std::string& key);

} // namespace delivery
