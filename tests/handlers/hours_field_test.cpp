#include "catch.hpp"
#include "handlers/hours_field.hpp"

#include <rapidcheck.h>

using namespace handlers;
using oncall::Weekday;
using oncall::Window;
using namespace std::chrono_literals;

TEST_CASE("Working hours are read as people write them, and as they are shown", "[handlers][settings]")
{
    const auto read = [](const std::string& text) {
        const auto windows = hours_in(text);
        return windows ? hours_out(*windows) : "?";
    };
    CHECK(read("mon-fri 9-17") == "Mon to Fri, 09:00 to 17:00");
    CHECK(read("Mon to Thu, 9:00 to 17:30\n\nFriday 9-13\nsat") == "Mon to Thu, 09:00 to 17:30\nFri, 09:00 to 13:00\nSat");
    CHECK(read("every day, 20:00 - 08:00") == "every day, 20:00 to 08:00");
    CHECK(read("every day") == "every day");
    CHECK(read("22-6") == "every day, 22:00 to 06:00");
    CHECK(read("Fri 20:00 to Mon 08:00") == "Fri 20:00 to Mon 08:00");
    CHECK(read("sat - tue").starts_with("Mon, Tue, Sat, Sun"));
    CHECK(read(" \n ; ") == "");
    for (const char* none :
        {"often", "mon 9", "9-9", "to", "mon to", "to mon", "mon 9 17", "25-26", "mon-fri 9-17-20", "9-17 mon", "m"})
        CHECK(read(none) == "?");
}

TEST_CASE("Whatever hours are shown are read back as the same", "[handlers][settings]")
{
    CHECK(rc::check([] {
        std::vector<Window> windows(*rc::gen::inRange<std::size_t>(0, 4));
        for (auto& window : windows) {
            const auto day = [] { return static_cast<Weekday>(*rc::gen::inRange(0, 7)); };
            window.from = std::chrono::minutes{*rc::gen::inRange(0, 24 * 60)};
            window.to = std::chrono::minutes{*rc::gen::inRange(0, 24 * 60)};
            RC_PRE(window.from != window.to);
            if (*rc::gen::inRange(0, 3) == 0) {
                window.from_day = day();
                window.to_day = day();
                continue;
            }
            for (int i = 0; i < 7; ++i)
                if (*rc::gen::arbitrary<bool>())
                    window.days.push_back(static_cast<Weekday>(i));
        }
        RC_ASSERT(hours_in(hours_out(windows)) == windows);
    }));
}
