#include "delivery/job.hpp"

#include "delivery/channel_bundle_job.hpp"
#include "delivery/cover.hpp"
#include "delivery/coverage_job.hpp"
#include "delivery/handoff_job.hpp"
#include "delivery/kinds.hpp"
#include "delivery/preview.hpp"
#include "delivery/report.hpp"
#include "delivery/schedule_edit.hpp"
#include "delivery/schedule_picture.hpp"
#include "delivery/spoken.hpp"
#include "delivery/subscriber.hpp"
#include "delivery/text_file.hpp"
#include "delivery/view.hpp"
#include "oncall/escalation.hpp"
#include "storage/answers.hpp"
#include "storage/levels.hpp"

#include <algorithm>

namespace delivery {

using storage::Transaction;

namespace kinds {

blocks::AlertView Pen::view(oncall::AlertId id) const
{
    auto alert = storage::Alerts{tx}.find(id);
    return whole_view_of(tx, desk.configuration, alert.value_or(oncall::Alert{}));
}

std::pair<std::string, std::string> split(const std::string& body)
{
    const auto line = std::min(body.find('\n'), body.size());
    return {body.substr(0, line), body.substr(std::min(line + 1, body.size()))};
}

void post(Job& job, std::string to, slack::Message message)
{
    job.method = "chat.postMessage";
    job.to = std::move(to);
    job.message = std::move(message);
}

namespace {

void handoff(const Pen& pen, Job& job) { handoff_job(pen.tx, pen.desk, job); }
void note_request(const Pen& pen, Job& job) { note_request_job(pen.tx, pen.desk, job); }
void shift_reminder(const Pen& pen, Job& job) { shift_reminder_job(pen.tx, pen.desk, job); }
void accept_reminder(const Pen& pen, Job& job) { accept_reminder_job(pen.tx, pen.desk, job); }
void pager_test(const Pen& pen, Job& job) { pager_test_job(pen.tx, pen.desk, job); }
void picture(const Pen& pen, Job& job) { draw_schedule(pen.tx, pen.desk, job); }

void preview(const Pen& pen, Job& job) { draw_preview(pen.desk, job); }

void report_file(const Pen& pen, Job& job) { write_report(pen.tx, pen.desk, job); }
void text_file(const Pen&, Job& job) { write_text_file(job); }
void cover(const Pen& pen, Job& job) { render_cover(pen.tx, job); }
void spoken(const Pen&, Job& job) { render_spoken(job); }
void answered(const Pen&, Job& job) { render_answered(job); }
void edit_of_schedule(const Pen& pen, Job& job) { render_schedule_edit(pen.tx, job); }
void moved_shifts(const Pen& pen, Job& job) { render_schedule_edit_dm(pen.tx, job); }
void coverage(const Pen& pen, Job& job) { coverage_job(pen.tx, pen.desk, job); }
void subscriber(const Pen& pen, Job& job) { render_subscriber(pen.tx, job); }
void channel_bundle(const Pen& pen, Job& job) { render_channel_bundle(pen.tx, pen.desk, job); }
void channel_line(const Pen& pen, Job& job) { render_channel_line(pen.tx, pen.desk, job); }

constexpr std::pair<std::string_view, void (*)(const Pen&, Job&)> renderers[]{{"dm", page}, {"channel_page", page},
    {"skipped", skipped}, {"email", email}, {"contact", contact}, {"words", words}, {"look", look}, {"look_words", look_words},
    {"hush", silence_siren}, {"alarm_email", alarm_email}, {"reminder", reminder}, {"still_on_it", still_on_it},
    {"bundle_rest", bundle_rest}, {"dm_update", dm_update}, {"replace", replace}, {"card", card}, {"thread", thread},
    {"channel_bundle", channel_bundle}, {"channel_line", channel_line}, {"exhausted", exhausted}, {"dead_end", dead_end},
    {"alarm", alarm}, {"respond", respond}, {"respond_over", respond_over}, {"done", done}, {"override_line", override_line},
    {"override_dm", override_dm}, {"overrides", overrides}, {"handoff", handoff}, {"note_request", note_request},
    {"shift_reminder", shift_reminder}, {"accept_reminder", accept_reminder}, {"pager_test", pager_test},
    {"person_words", override_dm}, {"channel_words", override_line}, {"clash", clash}, {"picture", picture},
    {"picture_answer", picture}, {"report_file", report_file}, {"preview", preview}, {"cover", cover}, {"text_file", text_file},
    {"coverage", coverage}, {"schedule_edit", edit_of_schedule}, {"schedule_edit_dm", moved_shifts}, {"spoken", spoken},
    {"answered", answered}, {"subscriber", subscriber}};

} // namespace
} // namespace kinds

std::int64_t version_now(Transaction& tx, const Job& job)
{
    std::int64_t version = 0;
    for (const auto id : job.alerts.empty() ? std::vector{job.alert} : job.alerts)
        if (const auto alert = storage::Alerts{tx}.find(id))
            version += alert->version;
    return version;
}

bool awaits_answer(Transaction& tx, const oncall::Notification& notification)
{
    const auto page = storage::Pages{tx}.find(notification.page);
    if (!page || !oncall::is_running(*page) || notification.state == oncall::NotificationState::declined)
        return false;
    if (!page->responder.empty())
        return true;
    // Who has acknowledged a page that needs others, too, is not told of it any more, by whichever of their names.
    const auto by = storage::Acknowledgements{tx}.of_alert(page->alert);
    return by.empty() || !oncall::has_acknowledged(by, storage::known_as(tx, notification.person));
}

bool is_wanted(Transaction& tx, const oncall::Notification& notification)
{
    return notification.state == oncall::NotificationState::planned && awaits_answer(tx, notification)
        && !storage::Notifications{tx}.is_overtaken(notification);
}

Job job_of(Transaction& tx, const Desk& desk, storage::OutboxRow row)
{
    Job job;
    job.row = std::move(row);
    for (const auto& [kind, render] : kinds::renderers)
        if (kind == job.row.kind)
            render(kinds::Pen{tx, desk}, job);
    if (job.message.key.empty())
        job.message.key = job.row.key;
    return job;
}

} // namespace delivery
