#pragma once

#include "handlers/settings.hpp"

/// What a schedule would be, looked at before it is saved, and saved.
namespace handlers {

struct ScheduleWish {
    std::string name{};
    bool fresh{};
    std::string json{}; // as config::Item has it
    std::optional<TimePoint> from{}; // it holds from then on; none: from when it is saved
    std::string opened_with{}; // what there was when it was looked at
};

/// What is to be stored: what has been stays as it was. The wish itself where nothing has been.
std::string item_of(const ScheduleWish& wish, TimePoint now);

struct CheckedSchedule {
    slack::View view{}; // to be saved from there; null with problems, or when nothing changes
    std::vector<config::Problem> problems{};
};
/// Throws Refusal when whoever asks may not. The picture of it is on its way. `note`: on top.
CheckedSchedule check_schedule(storage::Transaction& tx, Context& app, const ScheduleWish& wish, const std::string& note,
    const Surroundings& around, const Asked& asked);

struct SavedSchedule {
    slack::View view{};
    std::vector<std::string> lines{}; // for the log; none: nothing was saved
};
/// Saves what was looked at. Throws Refusal, with what to do, when it was changed meanwhile.
SavedSchedule save_schedule_draft(storage::Transaction& tx, Context& app, const std::string& draft, const Asked& asked);

} // namespace handlers
