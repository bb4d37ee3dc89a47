#include "delivery/text_file.hpp"

#include "delivery/refusal_words.hpp"

namespace delivery {

using slack::Json;

namespace {

constexpr std::size_t largest_text_file = 4 << 20;

TextFile text_file_in(const std::string& text)
{
    const auto body = slack::parse(text, largest_text_file);
    return {body.value("person", std::string{}), body.value("name", std::string{}), body.value("words", std::string{}),
        body.value("text", std::string{})};
}

} // namespace

void add_text_file(storage::Transaction& tx, const std::string& key, const TextFile& file, oncall::TimePoint now)
{
    Json body;
    body["person"] = file.person;
    body["name"] = file.name;
    body["words"] = file.words;
    body["text"] = file.text;
    storage::Outbox{tx}.add("file:" + key, "text_file", storage::Priority::answer, "file:" + file.person, 0,
        body.dump(-1, ' ', false, Json::error_handler_t::replace), now);
}

void write_text_file(Job& job)
{
    auto file = text_file_in(job.row.body);
    job.method = "files.completeUploadExternal";
    job.to = file.person;
    job.to_person = true;
    Attached attached;
    attached.bytes = std::move(file.text);
    attached.title = file.name;
    attached.name = std::move(file.name);
    attached.words = std::move(file.words);
    job.attached = std::move(attached);
}

void tell_refused_file(storage::Transaction& tx, const storage::OutboxRow& row, const std::string& why, oncall::TimePoint now)
{
    const auto file = text_file_in(row.body);
    tell_where_asked(tx, row, "", file.person,
        "I could not send you " + file.name + ": " + why + " `oncall-bot export` writes the whole configuration as a file.", now);
}

} // namespace delivery
