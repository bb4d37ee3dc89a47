#include "delivery/preview.hpp"

#include "blocks/kit.hpp"
#include "blocks/schedule_picture.hpp"

namespace delivery {

using slack::Json;

namespace {

constexpr std::chrono::minutes looked_at{2}; // later nobody waits for it
constexpr std::size_t largest_svg = 1 << 20;
constexpr std::size_t largest = 4 << 20; // as JSON, with the form
constexpr std::size_t most_words = 2'000;
constexpr int preview_lanes = 4;

Json words_instead(const std::string& alt)
{
    auto block = blocks::kit::context({blocks::kit::shortened(blocks::kit::escape(alt), most_words)});
    return block.is_null() ? blocks::kit::context({"There is no picture."}) : block;
}

} // namespace

Json picture_placeholder()
{
    auto block = blocks::kit::context({"Drawing the picture …"});
    block["block_id"] = picture_block;
    return block;
}

void add_preview(storage::Transaction& tx, const std::string& key, const Preview& preview, oncall::TimePoint now)
{
    Json body;
    body["view_id"] = preview.view_id;
    body["external_id"] = preview.external_id;
    body["hash"] = preview.hash;
    body["view"] = preview.view;
    body["name"] = preview.name;
    body["alt"] = preview.alt;
    // What is too much to draw is told in words.
    if (preview.svg.size() <= largest_svg)
        body["svg"] = preview.svg;
    const auto lane = std::hash<std::string>{}(preview.view_id + preview.external_id) % preview_lanes;
    storage::Outbox{tx}.add("preview:" + key, "preview", storage::Priority::answer, "preview:" + std::to_string(lane), 0,
        body.dump(-1, ' ', false, Json::error_handler_t::replace), now);
}

void draw_preview(const Desk& desk, Job& job)
{
    if (desk.now - job.row.created_at > looked_at)
        return;
    const auto body = slack::parse(job.row.body, largest);
    job.method = "views.update";
    const auto view_id = body.value("view_id", std::string{});
    job.to = view_id.empty() ? body.value("external_id", std::string{}) : view_id;
    Attached picture;
    picture.svg = body.value("svg", std::string{});
    picture.name = body.value("name", std::string{});
    picture.title = picture.name;
    picture.alt = body.value("alt", std::string{});
    job.attached = std::move(picture);
}

Json preview_arguments(const Job& job, const std::string& file)
{
    auto body = slack::parse(job.row.body, largest);
    Json arguments;
    arguments[body.value("view_id", std::string{}).empty() ? "external_id" : "view_id"] = job.to;
    if (const auto hash = body.value("hash", std::string{}); !hash.empty())
        arguments["hash"] = hash;
    arguments["view"] = std::move(body["view"]);
    for (auto& block : arguments["view"]["blocks"])
        if (slack::text_at(block, {"block_id"}) == picture_block) {
            block = file.empty() ? words_instead(job.attached->alt) : blocks::picture(file, job.attached->alt);
            block["block_id"] = picture_block;
        }
    return arguments;
}

} // namespace delivery
