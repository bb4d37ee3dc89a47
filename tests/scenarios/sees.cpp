#include "scenarios/sees.hpp"

#include "catch.hpp"

#include <algorithm>

namespace scenario {

std::string card(World& world) { return world.slack().plain(world.channel().messages().front()); }

std::string last_card(World& world) { return world.slack().plain(world.channel().last()); }

std::string thread(World& world)
{
    std::string told;
    for (const auto& line : world.channel().thread(world.channel().messages().front()))
        told += world.slack().plain(line) + "\n";
    return told;
}

std::size_t pages_to(workspace::Person& person)
{
    const auto dms = person.dms();
    const auto is_of_a_shift = [](const std::string& text) {
        return text.starts_with("📝 Your shift") || (text.starts_with("⏰") && has(text, "ou are on call*"))
            || text.starts_with("🟢 *You are on call") || text.starts_with("⏳ *You have been on call")
            || text.starts_with("🗓️ Your shifts");
    };
    return static_cast<std::size_t>(std::count_if(
        dms.begin(), dms.end(), [&](const auto& message) { return !message.ephemeral && !is_of_a_shift(message.text); }));
}

std::string modal(World& world, workspace::Person& person) { return world.slack().plain(person.modal()); }

bool shows_picture(const workspace::Message& message)
{
    const auto is_image = [](const auto& block) { return block.value("type", std::string{}) == "image"; };
    return std::any_of(message.blocks.begin(), message.blocks.end(), is_image);
}

std::string type(World& world, workspace::Person& person, const std::string& text)
{
    const auto typed = person.command("/oncall", text, "#payments-alerts");
    world.advance(1s);
    CHECK(typed.error() == "");
    return world.slack().plain(person.last_ephemeral());
}

void fill(World& world, workspace::Person& person, const workspace::Fields& fields)
{
    for (const auto& field : fields) {
        for (const auto& told : person.fill({field}))
            CHECK(told.error() == "");
        world.settle();
    }
}

} // namespace scenario
