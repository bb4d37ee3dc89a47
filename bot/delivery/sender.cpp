#include "delivery/sender.hpp"

#include "storage/pager_tests.hpp"
#include "storage/uploads.hpp"

#include <algorithm>

namespace delivery {

using namespace std::chrono_literals;

namespace {

constexpr int most_in_flight = 32; // by Slack
constexpr int most_mails_in_flight = 4;
constexpr int most_by_a_provider = 8; // of each kind of contact method
constexpr int most_looked_at = 1'000; // lanes a round
constexpr auto unreadable_rest = 1min; // of a row that could not be rendered

bool is_mail(const storage::OutboxRow& row) { return row.kind == "email" || row.kind == "alarm_email"; }

/// What a lane goes by: "contact:sms:U…" by "sms", asking what became of it by "look:sms".
std::string way_of(const std::string& lane)
{
    for (const std::string_view begins : {"contact:", "look:"})
        if (lane.starts_with(begins)) {
            const auto from = begins == "look:" ? 0 : begins.size();
            return lane.substr(from, lane.find(':', begins.size()) - from);
        }
    return lane.starts_with("email:") ? "email" : "slack";
}

/// Cards and furniture do not post while what is left is kept for pages.
bool posts_rest(const storage::OutboxRow& row, const std::set<std::string>& busy)
{
    return busy.contains("chat.postMessage")
        || (row.priority >= storage::Priority::card && busy.contains(std::string{Budget::posts_of_cards}));
}

/// Whether the only method a row can go by must rest. A card, a request for cover or an edit of a schedule is posted or edited,
/// which only its state tells.
bool must_rest(const storage::OutboxRow& row, const std::set<std::string>& busy)
{
    if (row.kind == "card" || row.kind == "channel_bundle" || row.kind == "cover" || row.kind == "schedule_edit"
        || row.kind == "subscriber")
        return posts_rest(row, busy) && busy.contains("chat.update");
    if (is_mail(row))
        return busy.contains("email");
    if (row.kind == "contact" || row.kind == "look" || row.kind == "look_words" || row.kind == "hush" || row.kind == "words")
        return busy.contains(way_of(row.lane));
    if (row.kind == "dm_update")
        return busy.contains("chat.update");
    if (row.kind == "replace" || row.kind == "respond" || row.kind == "respond_over" || row.kind == "done"
        || row.kind == "overrides" || row.kind == "picture_answer" || row.kind == "answered")
        return busy.contains("response_url");
    if (row.kind == "preview")
        return busy.contains("views.update");
    if (row.kind == "report_file" || row.kind == "text_file")
        return busy.contains("files.completeUploadExternal");
    return posts_rest(row, busy);
}

} // namespace

Sender::Sender(Doors doors, const oncall::InForce& in_force, std::string fallback_channel)
    : doors_{doors}
    , in_force_{in_force}
    , fallback_channel_{std::move(fallback_channel)}
    , wake_{doors.tasks.loop()}
    , slack_{{doors.database, doors.slack, doors.channels, doors.clock, doors.random, doors.log, doors.files, doors.painter,
                 doors.called},
          budget_, in_force, fallback_channel_}
    , providers_{{doors.database, doors.clock, doors.random, doors.log, doors.mailers, doors.providers}, budget_}
{
}

asio::awaitable<void> Sender::recover()
{
    auto work = [](storage::Transaction& tx) { return storage::Outbox{tx}.recover(); };
    if (const auto found = co_await doors_.database.transaction(work); found > 0)
        doors_.log.info("messages were under way when the service ended; they are checked", {{"count", std::to_string(found)}});
    auto recovering = slack_.recover();
    co_await std::move(recovering);
}

asio::awaitable<void> Sender::run()
{
    while (true) {
        const auto now = doors_.clock.now();
        budget_.tidy(now);
        auto busy = budget_.waiting(now);
        busy.insert(in_flight_.begin(), in_flight_.end());
        Room left{in_flight_};
        auto next_of = [&](storage::Transaction& tx) {
            // Looked at on the read-only connection first: an idle round writes nothing.
            const storage::Outbox outbox{tx};
            const auto rows = outbox.ready(now, busy, most_looked_at);
            const bool any =
                std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return !must_rest(row, busy) && left.of(row) > 0; });
            return std::pair{any, outbox.next(now)};
        };
        const auto waits = co_await doors_.database.read(next_of);
        ++rounds_;
        if (waits.first && !resting_) {
            auto work = [&](storage::Transaction& tx) { return take(tx, now, busy, left); };
            auto jobs = co_await doors_.database.transaction(work);
            for (auto& job : jobs) {
                in_flight_.insert(job.row.lane);
                budget_.spend(job.row.lane, job.method, now);
                auto name = "send " + job.row.key;
                doors_.tasks.spawn(std::move(name), deliver(std::move(job)));
            }
            if (!jobs.empty())
                continue;
        }
        auto when = budget_.next(now);
        if (waits.second && !resting_)
            when = std::min(when, *waits.second);
        co_await wake_.sleep(doors_.clock, when);
    }
}

std::vector<Job> Sender::take(storage::Transaction& tx, TimePoint now, const std::set<std::string>& busy, Room room)
{
    const storage::Outbox outbox{tx};
    const auto configuration = in_force_.get();
    const Desk desk{
        *configuration, !doors_.mailers.empty(), public_url_, answer_secret_, !doors_.slack.reachable(), now, fallback_channel_};
    std::vector<Job> jobs;
    for (auto& row : outbox.ready(now, busy, most_looked_at)) {
        auto& left = room.of(row);
        if (left == 0 || must_rest(row, busy))
            continue;
        const auto id = row.id;
        Job job;
        try {
            job = job_of(tx, desk, row);
        } catch (const std::exception& error) {
            // Whatever is wrong with one, the others leave.
            doors_.log.error("a message cannot be made; it is tried again", {{"key", row.key}, {"error", error.what()}});
            outbox.later(row, now + unreadable_rest, row.ambiguous, error.what());
            continue;
        }
        const storage::Notifications notifications{tx};
        if (job.method.empty() || !job.row.ambiguous)
            for (const auto& one : job.unwanted)
                notifications.cancel(one.id);
        if (job.method.empty()) {
            for (const auto& one : job.notifications)
                notifications.cancel(one.id);
            storage::Uploads{tx}.forget(job.row.key);
            storage::Troubles{tx}.wait_no_more(job.row.key);
            // Whoever tests her pager is to find out.
            storage::PagerTests{tx}.became(job.row.key, "failed",
                now - job.row.created_at > words_wanted ? "it could not be sent within 10 minutes"
                                                        : "it has been removed or stopped",
                now);
            outbox.done(job.row);
            tx.touched.outbox = true; // what stands behind it in its lane may be due
            continue;
        }
        if (busy.contains(job.method) || (job.method == "chat.postMessage" && posts_rest(job.row, busy)))
            continue;
        outbox.lease(id);
        --left;
        jobs.push_back(std::move(job));
    }
    return jobs;
}

Sender::Room::Room(const std::set<std::string>& lanes)
{
    left_["slack"] = most_in_flight;
    left_["email"] = most_mails_in_flight;
    for (const auto& lane : lanes)
        --left_.try_emplace(way_of(lane), most_by_a_provider).first->second;
}

int& Sender::Room::of(const storage::OutboxRow& row)
{
    return left_.try_emplace(is_mail(row) ? "email" : way_of(row.lane), most_by_a_provider).first->second;
}

void Sender::sign_links(std::string public_url, std::string secret)
{
    public_url_ = std::move(public_url);
    answer_secret_ = std::move(secret);
}

asio::awaitable<void> Sender::deliver(Job job)
{
    const auto now = [this] { return doors_.clock.now(); };
    auto attempting = job.row.kind == "hush" ? providers_.hush(job)
        : !job.reference.empty()             ? providers_.look(job)
        : job.by                             ? providers_.by_provider(job)
        : job.method == "email"              ? providers_.mail(job)
                                             : slack_.attempt(job);
    const auto came = co_await std::move(attempting);
    auto work = [&](storage::Transaction& tx) { return record(tx, job, came, fallback_channel_, now()); };
    bool troubles = false;
    if (came.how == Came::later)
        doors_.log.info("a message did not get through; it is tried again",
            {{"key", job.row.key}, {"error", came.why}, {"in", oncall::duration_out(came.when - now())}});
    if (came.how == Came::refused)
        doors_.log.warning("a message was refused",
            {{"kind", job.row.kind}, {"to", job.method == "response_url" || job.contact.value != 0 ? job.method : job.to},
                {"error", came.why}});
    // The lane stays closed until it is on disk: a full disk must not make a message go out twice.
    for (bool recorded = false; !recorded;) {
        try {
            troubles = co_await doors_.database.transaction(work);
            recorded = true;
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            doors_.log.error("what came of a message could not be recorded; it is tried again",
                {{"key", job.row.key}, {"error", error.what()}});
        }
        if (!recorded)
            co_await doors_.clock.pause(1s);
    }
    if (troubles && doors_.troubles)
        doors_.troubles();
    if (came.how != Came::later) {
        providers_.forget(job.row.key);
        slack_.forget(job.row.key);
    }
    in_flight_.erase(job.row.lane);
    wake_.ring();
}

} // namespace delivery
