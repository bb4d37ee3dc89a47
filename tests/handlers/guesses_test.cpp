#include "catch.hpp"
#include "handlers/guesses.hpp"
#include "noon.hpp"

using namespace handlers;
using namespace std::chrono_literals;

namespace {
}

TEST_CASE("Who guesses is looked at no more for the rest of the minute, also when a guess is right", "[handlers]")
{
    Guesses guesses{3};
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(guesses.is_barred("192.0.2.1", "hit", noon));
        guesses.wrong("192.0.2.1", noon);
    }
    CHECK(guesses.is_barred("192.0.2.1", "hit", noon));
    CHECK_FALSE(guesses.is_barred("192.0.2.2", "hit", noon));
    CHECK(guesses.is_barred("192.0.2.1", "hit", noon + 59s));
    CHECK_FALSE(guesses.is_barred("192.0.2.1", "hit", noon + 1min));
    guesses.wrong("192.0.2.1", noon + 1min);
    CHECK_FALSE(guesses.is_barred("192.0.2.1", "hit", noon + 1min));
}

TEST_CASE("What was right before goes on passing, and gives no freedom to guess others", "[handlers]")
{
    Guesses guesses{3};
    CHECK_FALSE(guesses.knows_one("192.0.2.1"));
    guesses.right("192.0.2.1", "known", noon);
    CHECK(guesses.knows_one("192.0.2.1"));
    for (int i = 0; i < 149; ++i)
        guesses.wrong("192.0.2.1", noon);
    CHECK_FALSE(guesses.is_barred("192.0.2.1", "another source's", noon)); // beside one with a stale key
    guesses.wrong("192.0.2.1", noon);
    CHECK_FALSE(guesses.is_barred("192.0.2.1", "known", noon));
    CHECK(guesses.is_barred("192.0.2.1", "hit", noon));
}

TEST_CASE("An IPv6 network is one sender, and many senders forget the oldest alone", "[handlers]")
{
    Guesses guesses{1};
    guesses.wrong("2001:db8:1:2:3:4:5:6", noon);
    CHECK(guesses.is_barred("2001:db8:1:2::9", "", noon));
    CHECK_FALSE(guesses.is_barred("2001:db8:1:3::9", "", noon));
    guesses.wrong("::ffff:192.0.2.7", noon);
    CHECK(guesses.is_barred("192.0.2.7", "", noon));
    CHECK_FALSE(guesses.is_barred("::ffff:192.0.2.8", "", noon));
    for (int i = 0; i < 49; ++i)
        guesses.wrong("::1", noon);
    CHECK_FALSE(guesses.is_barred("::1", "", noon)); // this machine

    guesses.right("monitoring", "known", noon + 1ms);
    for (int i = 0; i < 12'000; ++i)
        guesses.wrong("stranger " + std::to_string(i), noon + 2ms);
    CHECK(guesses.knows_one("monitoring") == false); // the oldest, when all are of this minute
    guesses.right("monitoring", "known", noon + 10min);
    for (int i = 0; i < 5'000; ++i)
        guesses.wrong("more " + std::to_string(i), noon + 10min);
    CHECK(guesses.knows_one("monitoring"));
}
