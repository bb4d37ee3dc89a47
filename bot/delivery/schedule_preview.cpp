#include "delivery/schedule_preview.hpp"

#include "pictures/schedule_words.hpp"

namespace delivery {

namespace {

constexpr std::chrono::seconds until_it_is_seen{1}; // Slack shows a view after it has got it as an answer

} // namespace

void add_schedule_preview(storage::Transaction& tx, const std::string& key, const SchedulePreview& wish, oncall::TimePoint now)
{
    Preview preview;
    preview.external_id = wish.external_id;
    preview.view = wish.view;
    preview.name = "schedule.png";
    const pictures::ScheduleView view{wish.from, wish.to, now, wish.names, pictures::Theme::light};
    preview.alt = "The schedule's picture";
    try {
        preview.svg = pictures::schedule_svg(wish.schedule, view);
        preview.alt = pictures::schedule_words(wish.schedule, view);
    } catch (const std::invalid_argument&) {
        // What cannot be drawn is told in words above.
    }
    add_preview(tx, key, preview, now);
    storage::Outbox{tx}.wait("preview:" + key, now + until_it_is_seen);
}

void drop_schedule_preview(storage::Transaction& tx, const std::string& key) { storage::Outbox{tx}.withdraw("preview:" + key); }

} // namespace delivery
