#include "blocks/absences.hpp"
#include "blocks/overrides.hpp"
#include "delivery/kinds.hpp"

namespace delivery::kinds {

namespace {

void answer(Job& job, std::string url, slack::Message message)
{
    job.method = "response_url";
    job.to = std::move(url);
    job.message = std::move(message);
    job.ephemeral = true;
}

} // namespace

void alarm(const Pen&, Job& job)
{
    const auto [channel, words] = split(job.row.body);
    post(job, channel, blocks::words(words));
}

void respond(const Pen& pen, Job& job)
{
    const auto [url, words] = split(job.row.body);
    answer(job, url, blocks::words(words, storage::People{pen.tx}.names()));
}

void respond_over(const Pen& pen, Job& job)
{
    respond(pen, job);
    job.ephemeral = false;
}

void done(const Pen& pen, Job& job)
{
    const auto [url, rest] = split(job.row.body);
    const auto [value, words] = split(rest);
    answer(job, url, blocks::done(words, value, storage::People{pen.tx}.names()));
}

void override_line(const Pen& pen, Job& job)
{
    const auto [to, words] = split(job.row.body);
    post(job, to, blocks::words(words, storage::People{pen.tx}.names()));
}

void override_dm(const Pen& pen, Job& job)
{
    override_line(pen, job);
    job.to_person = true;
}

void clash(const Pen& pen, Job& job)
{
    const auto [person, rest] = split(job.row.body);
    const auto [value, words] = split(rest);
    post(job, person, blocks::clash(words, value, storage::People{pen.tx}.names()));
    job.to_person = true;
}

void overrides(const Pen& pen, Job& job)
{
    const auto [url, rest] = split(job.row.body);
    const auto [undo, words] = split(rest);
    std::vector<blocks::OverrideLine> lines;
    for (auto& one : storage::Overrides{pen.tx}.all())
        lines.push_back({std::move(one.what), one.schedule, one.made_by, one.reason, one.version});
    answer(job, url, blocks::overrides(lines, pen.desk.now, storage::People{pen.tx}.names(), words, undo));
    job.ephemeral = false;
}

} // namespace delivery::kinds
