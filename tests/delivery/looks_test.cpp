#include "blocks/golden.hpp"
#include "blocks/kit.hpp"
#include "blocks/schedule_picture.hpp"
#include "catch.hpp"
#include "delivery/preview.hpp"
#include "delivery/uploads.hpp"
#include "noon.hpp"
#include "workspace/block_kit.hpp"

/// What is put into messages and forms on their way.

using slack::Json;
using namespace std::chrono_literals;

namespace {

/// A form whose picture was asked for.
delivery::Job previewed()
{
    auto view = blocks::kit::modal("Check", "Save", "x", {blocks::kit::section("A plan"), delivery::picture_placeholder()});
    Json body;
    body["view_id"] = "V1";
    body["hash"] = "1793707200.abcdef";
    body["view"] = std::move(view);
    delivery::Job job;
    job.row.body = body.dump();
    job.to = "V1";
    job.attached.emplace().alt = "Ana from Monday, then Bo & <!here>";
    return job;
}

} // namespace

TEST_CASE("A form looks as it did while its picture is drawn, with the picture, and with words where there is none",
    "[delivery][schedule_form]")
{
    golden("picture_placeholder", delivery::picture_placeholder());
    for (const auto& [name, file] :
        std::map<std::string, std::string>{{"picture_in_a_form", "F0123456789"}, {"picture_in_words", ""}}) {
        const auto arguments = delivery::preview_arguments(previewed(), file);
        INFO(name);
        CHECK(arguments["view_id"] == "V1");
        CHECK(arguments["hash"] == "1793707200.abcdef");
        CHECK(workspace::problems_in_view(arguments["view"], "modal") == std::vector<std::string>{});
        golden(name, arguments["view"]);
    }
}

TEST_CASE("A message with its picture looks as it did, and stays as it was where there is none", "[delivery][schedule_look]")
{
    blocks::ScheduleShown shown;
    shown.schedule = "payments";
    shown.now = noon;
    shown.on_call.people = {"U1"};
    shown.on_call.until = noon + 140h;
    shown.next = {{noon, noon + 140h, {"U1"}}, {noon + 140h, noon + 308h, {}}};
    shown.from = noon - 12h;
    shown.to = noon + 324h;
    shown.period = "Tue 3 Nov 2026 to Mon 16 Nov 2026";
    shown.time_zone = "Europe/Berlin";
    shown.names = {{"U1", "Ana"}};
    const auto message = blocks::schedule_shown(shown);
    delivery::Attached picture;
    picture.alt = "Ana, then nobody <!here>";
    picture.at = blocks::schedule_picture_at;
    golden("schedule_shown_with_its_picture", delivery::with_picture(message, picture, "F0123456789"));
    CHECK(delivery::with_picture(message, picture, "").blocks == message.blocks);
    picture.at = 99;
    CHECK(delivery::with_picture(message, picture, "F0123456789").blocks.back()["type"] == "image");
}
