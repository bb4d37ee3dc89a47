#include "delivery/schedule_picture.hpp"

#include "blocks/schedule_picture.hpp"
#include "delivery/refusal_words.hpp"
#include "oncall/outlook.hpp"
#include "oncall/period.hpp"
#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"
#include "pictures/schedule_words.hpp"

namespace delivery {

using oncall::TimePoint;
using slack::Json;

namespace {

constexpr std::chrono::minutes answer_wanted{25}; // a response_url lives for 30
constexpr std::size_t most_next = 5;
constexpr int picture_lanes = 4;
constexpr int most_drawn = 8; // of its attempts: what Slack does not take for minutes goes without

std::string body_of(const SchedulePicture& wish)
{
    Json body;
    body["schedule"] = wish.schedule;
    body["from"] = wish.from.time_since_epoch().count();
    body["to"] = wish.to.time_since_epoch().count();
    body["place"] = wish.place;
    body["to_person"] = wish.to_person;
    body["response_url"] = wish.response_url;
    body["over"] = wish.over;
    body["asker"] = wish.asker;
    body["told_at"] = wish.told_at;
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

SchedulePicture wish_in(const std::string& text)
{
    const auto body = slack::parse(text);
    const auto time = [&](const char* key) { return TimePoint{oncall::milliseconds{body.value(key, std::int64_t{})}}; };
    return {body.value("schedule", std::string{}), time("from"), time("to"), body.value("place", std::string{}),
        body.value("to_person", false), body.value("response_url", std::string{}), body.value("over", false),
        body.value("asker", std::string{}), body.value("told_at", std::string{})};
}

/// What goes into a file's name on any system.
std::string picture_file_name(const std::string& schedule)
{
    std::string name;
    for (const char c : schedule)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
    return (name.empty() ? "schedule" : name.substr(0, 60)) + ".png";
}

/// The first that pages by it.
std::string team_of(const oncall::Configuration& configuration, const std::string& schedule)
{
    for (const auto& [name, team] : configuration.teams)
        if (const auto policy = oncall::policy_in(configuration, oncall::policy_of_team(configuration, name)))
            if (oncall::schedules_of(configuration, *policy).contains(schedule))
                return name;
    return {};
}

slack::Message render(storage::Transaction& tx, const Desk& desk, const SchedulePicture& wish, Job& job)
{
    const auto found = desk.configuration.schedules.find(wish.schedule);
    if (found == desk.configuration.schedules.end())
        return blocks::words("There is no schedule " + wish.schedule + " any more. `/oncall schedule` lists those there are.");
    const auto& schedule = found->second;
    blocks::ScheduleShown shown;
    shown.schedule = wish.schedule;
    shown.team = team_of(desk.configuration, wish.schedule);
    shown.now = desk.now;
    shown.on_call = oncall::who_is_on_call(schedule, desk.now);
    const auto begin = std::max(wish.from, desk.now);
    shown.next = oncall::outlook(schedule, begin, wish.to, most_next);
    shown.from = wish.from;
    shown.to = wish.to;
    shown.period = oncall::words_of(oncall::Period{wish.from, wish.to}, schedule.time_zone);
    shown.time_zone = schedule.time_zone;
    shown.alone = wish.place.empty();
    shown.names = storage::People{tx}.names();
    if (job.row.attempts >= most_drawn)
        return blocks::schedule_shown(shown);
    // Of the time it was asked for, so that a further attempt finds the same picture in Slack.
    const pictures::ScheduleView view{wish.from, wish.to, job.row.created_at, shown.names, pictures::Theme::light};
    try {
        Attached picture;
        picture.svg = pictures::schedule_svg(schedule, view);
        picture.alt = pictures::schedule_words(schedule, view);
        picture.name = picture_file_name(wish.schedule);
        picture.title = wish.schedule + ", " + shown.period;
        picture.at = blocks::schedule_picture_at;
        job.attached = std::move(picture);
    } catch (const std::invalid_argument&) {
        // A period that cannot be drawn is still told in words.
    }
    return blocks::schedule_shown(shown);
}

} // namespace

void add_picture(storage::Transaction& tx, const std::string& key, const SchedulePicture& wish, TimePoint now)
{
    const bool alone = !wish.response_url.empty();
    const auto lane = std::hash<std::string>{}(alone ? wish.response_url : wish.place) % picture_lanes;
    storage::Outbox{tx}.add("picture:" + key, alone ? "picture_answer" : "picture", storage::Priority::furniture,
        "picture:" + std::to_string(lane), 0, body_of(wish), now);
}

void tell_asker(storage::Transaction& tx, const storage::OutboxRow& row, const std::string& why, TimePoint now)
{
    const auto wish = wish_in(row.body);
    tell_where_asked(tx, row, wish.told_at, wish.asker,
        "I could not post the picture of schedule " + wish.schedule + " there: " + why + " Then try again.", now);
}

void draw_schedule(storage::Transaction& tx, const Desk& desk, Job& job)
{
    const auto wish = wish_in(job.row.body);
    if (!wish.response_url.empty()) {
        if (desk.now - job.row.created_at > answer_wanted)
            return;
        job.method = "response_url";
        job.to = wish.response_url;
        job.ephemeral = !wish.over;
    } else {
        job.method = "chat.postMessage";
        job.to = wish.place;
        job.to_person = wish.to_person;
    }
    job.message = render(tx, desk, wish, job);
}

} // namespace delivery
