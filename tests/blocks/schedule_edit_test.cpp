#include "blocks/schedule_edit.hpp"

#include "blocks/golden.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"

using namespace std::chrono_literals;

namespace {

blocks::ScheduleEditView edited_by_file()
{
    blocks::ScheduleEditView shown;
    shown.id = 7;
    shown.schedule = "payments & <find>";
    shown.via = "oncall.yaml, applied by root";
    shown.words = "Who is on call:\n• <!date^1793610000^{date_short_pretty} {time}|2026-11-02> – "
                  "<!date^1793696400^{date_short_pretty} {time}|2026-11-03>: <@U02BO000000> instead of <@U01ANA00000>\n\n"
                  "What differs:\n• rotation weekly, users: [ana] → [<!channel>]";
    shown.names = {{"U01ANA00000", "Ana"}, {"U02BO000000", "Bo"}};
    return shown;
}

} // namespace

TEST_CASE("An edit of a schedule looks as it did when somebody last looked at it", "[blocks][schedule_edits]")
{
    auto edit = edited_by_file();
    golden("schedule_edit", blocks::schedule_edit(edit));
    edit.by = "U02BO000000";
    edit.is_undo = true;
    edit.undone_by = "U01ANA00000";
    edit.undone_at = samples::start + 1h;
    const auto undone = blocks::schedule_edit(edit);
    golden("schedule_edit_undone", undone);
    CHECK(buttons(undone).empty());
    golden("moved_shifts",
        blocks::moved_shifts("🗓️ Your shifts change.\n\nSchedule payments, changed by <@U01ANA00000>:\n• You are on call "
                             "<!date^1793610000^{date_short_pretty} {time}|2026-11-02> on, instead of <@U01ANA00000>",
            edit.names));
}

TEST_CASE("However long and hostile an edit of a schedule is, it can be said and undone", "[blocks][schedule_edits]")
{
    auto edit = edited_by_file();
    edit.schedule = edit.via = "<!channel> *" + std::string(4'000, '\x01') + std::string(4'000, '&');
    for (int i = 0; i < 40; ++i)
        edit.words += "\n\n<!here> " + std::string(3'000, '<');
    CHECK(unsound(blocks::schedule_edit(edit)) == std::vector<std::string>{});
    CHECK(buttons(blocks::schedule_edit(edit)) == std::vector<std::string>{"Undo"});
    CHECK(unsound(blocks::moved_shifts(edit.words, {})) == std::vector<std::string>{});
    edit.words.clear();
    CHECK(unsound(blocks::schedule_edit(edit)) == std::vector<std::string>{});
}
