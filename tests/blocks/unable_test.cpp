#include "blocks/unable.hpp"

#include "blocks/sound.hpp"
#include "catch.hpp"

TEST_CASE(
    "A report of somebody whom no page reaches is sound, however much is named and however it is called", "[blocks][unable]")
{
    blocks::UnableShown shown;
    shown.person = "U0BO00000";
    shown.why = "is deactivated in Slack";
    shown.names = {{"U0BO00000", "<!channel> bo & co"}};
    shown.can_be_fixed = true;
    for (int i = 0; i < 300; ++i)
        shown.places.push_back("schedule <!here> " + std::string(80, 'x') + ", rotation " + std::to_string(i));
    shown.pages = 2;
    const auto told = blocks::unable_told(shown);
    CHECK(unsound(told).empty());
    CHECK(buttons(told) == std::vector<std::string>{"Take them out…"});
    CHECK(told.text.find("285 places more") != std::string::npos);
    CHECK(told.text.find("<!") == std::string::npos);
    CHECK(unsound(blocks::unable_over({shown.person, true, shown.names})).empty());
    shown.can_be_fixed = false;
    shown.places.resize(1);
    CHECK(buttons(blocks::unable_told(shown)).empty());
}
