#include "delivery/spoken.hpp"

namespace delivery {

using slack::Json;

namespace {

constexpr std::string_view person_is_meant{"person"};
constexpr std::string_view in_place{"instead\n"};

/// What stands before the next line end; it goes from `text`.
std::string first_line_of(std::string& text)
{
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.erase(0, std::min(end + 1, text.size()));
    return line;
}

std::string json_out(Json body)
{
    body.erase("response_type");
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

slack::Message message_in(const std::string& text)
{
    const auto body = slack::parse(text);
    slack::Message message;
    message.text = slack::text_at(body, {"text"});
    const auto* blocks = &slack::at(body, {"blocks"});
    if (const auto& attachments = slack::at(body, {"attachments"}); attachments.is_array() && !attachments.empty()) {
        message.colour = slack::text_at(attachments.front(), {"color"});
        blocks = &slack::at(attachments.front(), {"blocks"});
    }
    if (blocks->is_array())
        message.blocks.assign(blocks->begin(), blocks->end());
    return message;
}

} // namespace

void say_to_person(storage::Transaction& tx, const std::string& key, const std::string& person, Json body, storage::TimePoint now)
{
    say_in(tx, key, person, "", std::string{person_is_meant}, std::move(body), now);
}

void say_in(storage::Transaction& tx, const std::string& key, const std::string& channel, const std::string& thread,
    const std::string& asker, Json body, storage::TimePoint now)
{
    storage::Outbox{tx}.add(key, "spoken", storage::Priority::answer, channel, 0,
        channel + "\n" + thread + "\n" + asker + "\n" + json_out(std::move(body)), now);
}

void say_to(storage::Transaction& tx, const std::string& key, const std::string& lane, const std::string& response_url, Json body,
    storage::TimePoint now, bool instead)
{
    storage::Outbox{tx}.add(key, "answered", storage::Priority::answer, lane, 0,
        response_url + "\n" + std::string{instead ? in_place : ""} + json_out(std::move(body)), now);
}

void render_spoken(Job& job)
{
    auto rest = job.row.body;
    job.to = first_line_of(rest);
    job.ts = first_line_of(rest);
    job.to_person = first_line_of(rest) == person_is_meant;
    job.method = "chat.postMessage";
    job.message = message_in(rest);
    if (!job.ts.empty())
        job.message.key = job.row.key + ":1"; // as that of any thread's post
}

void render_answered(Job& job)
{
    auto rest = job.row.body;
    job.to = first_line_of(rest);
    job.method = "response_url";
    job.ephemeral = !rest.starts_with(in_place);
    if (!job.ephemeral)
        rest.erase(0, in_place.size());
    job.message = message_in(rest);
}

bool is_asked_for(const Job& job)
{
    auto rest = job.row.body;
    first_line_of(rest);
    first_line_of(rest);
    return job.row.kind == "spoken" && !first_line_of(rest).empty();
}

void spoken_refused(storage::Transaction& tx, const Job& job, const std::string& why, storage::TimePoint now)
{
    auto rest = job.row.body;
    first_line_of(rest);
    first_line_of(rest);
    const auto asker = first_line_of(rest);
    if (!asker.empty() && asker != person_is_meant && why.find("thread_not_found") == why.npos)
        say_to_person(tx, job.row.key + ":directly", asker, slack::parse(rest), now);
}

} // namespace delivery
