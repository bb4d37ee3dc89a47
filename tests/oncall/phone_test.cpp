#include "catch.hpp"
#include "oncall/phone.hpp"

using namespace oncall;

TEST_CASE("Numbers are read as people write them", "[oncall][phone]")
{
    struct Written {
        std::string typed;
        std::string number;
    };
    for (const auto& [typed, number] :
        std::vector<Written>{{"+49 (0)171 123-4567", "+491711234567"}, {"0049 171 1234567", "+491711234567"},
            {"0049 (0) 171 1234567", "+491711234567"}, {"+49.171.123.4567", "+491711234567"},
            {"  +49/171/1234567\n", "+491711234567"}, {"tel:+49-171-1234567", "+491711234567"},
            {"+1 (212) 555-2368", "+12125552368"}, {"001 212 555 2368", "+12125552368"},
            {"\xE2\x80\xAA+44\xC2\xA0"
             "7700 900123\xE2\x80\xAC",
                "+447700900123"},
            {"+44 20\xE2\x80\x91"
             "7946\xE2\x80\x93"
             "0123",
                "+442079460123"},
            {"+39 06 6982", "+39066982"}, {"+39 (0)6 6982", "+39066982"}, {"+225 07 12 34 56 78", "+2250712345678"},
            {"+683 4000", "+6834000"}, {"+8816 3141 5926", "+881631415926"}, {"+123456789012345", ""}}) {
        INFO(typed);
        const auto read = phone_in(typed);
        INFO(read.problem);
        if (number.empty()) {
            CHECK(read.number.empty());
            CHECK_FALSE(read.problem.empty());
        } else {
            CHECK(read.number == number);
            CHECK(read.problem.empty());
            CHECK(is_phone(read.number));
            CHECK(phone_in(read.number).number == number);
        }
    }
}

TEST_CASE("What can't be a number is refused, with the reason", "[oncall][phone]")
{
    struct Wrong {
        std::string typed;
        std::string because;
    };
    for (const auto& [typed, because] : std::vector<Wrong>{{"", "Write a telephone number"}, {"   ", "Write a telephone number"},
             {"0171 1234567", "The country is missing"}, {"212 555 2368", "The country is missing"},
             {"+49 0171 1234567", "the 0 is not dialled"}, {"+999 123456789", "No country has the code +999"},
             {"+0 171 1234567", "No country has the code"}, {"+49 171", "too short"}, {"+49 171 1234 5678 9012", "too long"},
             {"+1 212 555 236", "ten digits"}, {"+1 112 555 2368", "ten digits"}, {"+1 212 155 2368", "ten digits"},
             {"+49 171 1234567 ext. 12", "no extension"}, {"+49 171 CALLME", "no letters"},
             {"+49 171 1234567,,12", "no extension"}, {"+49 171 +49 172", "a + inside"}, {"+", "no digits"},
             {"+49 171 1234567 ☎", "digits, blanks and hyphens"}, {"+979 123456789", "No country"},
             {"ana@example.com", "no letters"}, {std::string(5'000, '1'), "too long"}}) {
        INFO(typed);
        const auto read = phone_in(typed);
        CHECK(read.number.empty());
        INFO(read.problem);
        CHECK(has(read.problem, because));
        CHECK_FALSE(is_phone(typed));
    }
}

TEST_CASE("A number belongs to the countries of its longest code", "[oncall][phone]")
{
    CHECK(countries_of("+491711234567") == std::vector<std::string_view>{"DE"});
    CHECK(countries_of("+12125552368") == std::vector<std::string_view>{"US", "CA"});
    CHECK(countries_of("+18095552368") == std::vector<std::string_view>{"DO"});
    CHECK(countries_of("+77012345678") == std::vector<std::string_view>{"KZ"});
    CHECK(countries_of("+881631415926").empty());
    CHECK(countries_of("").empty());
}

TEST_CASE("The operator says whose numbers may be used", "[oncall][phone]")
{
    const std::vector<std::string> allowed{"DE", "US", "+4420"};
    CHECK(is_allowed("+491711234567", allowed));
    CHECK(is_allowed("+12125552368", allowed));
    CHECK(is_allowed("+442079460123", allowed));
    CHECK_FALSE(is_allowed("+447700900123", allowed));
    CHECK_FALSE(is_allowed("+18095552368", allowed)); // one of the ways to make somebody else pay for calls
    CHECK_FALSE(is_allowed("+881631415926", allowed));
    CHECK(is_allowed("+881631415926", {}));
    CHECK(has(not_allowed("+18095552368", allowed), "begin with +1809 are not allowed here; allowed are DE, US, +4420"));
    for (const auto* entry : {"DE", "US", "GG", "+1", "+8816"})
        CHECK(is_country_entry(entry));
    for (const auto* entry : {"", "de", "DEU", "ZZ", "S ", " C", "+", "+0", "49", "+49x"})
        CHECK_FALSE(is_country_entry(entry));
}
