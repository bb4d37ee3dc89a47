#include "catch.hpp"
#include "handlers/payload_files.hpp"
#include "handlers/read_promises.hpp"

#include <algorithm>

using handlers::sources::formats;

namespace {

bool has_state(std::string_view format, std::string_view state)
{
    const auto& files = payloads::all();
    return std::any_of(files.begin(), files.end(),
        [&](const payloads::File& one) { return one.format == format && one.state == state && one.expected; });
}

bool any_clears(const payloads::Json& read)
{
    const auto& reports = slack::at(read, {"reports"});
    return std::any_of(
        reports.begin(), reports.end(), [](const payloads::Json& one) { return slack::text_at(one, {"signal"}) == "clear"; });
}

} // namespace

TEST_CASE("Each payload file becomes what stands beside it", "[handlers][payloads]")
{
    for (const auto& file : payloads::all()) {
        INFO(file.name);
        CHECK_FALSE(file.provenance.empty());
        const auto* const format = handlers::sources::format(file.format);
        CHECK(format);
        CHECK(file.expected);
        if (!format || !file.expected)
            continue;
        payloads::Json became;
        try {
            const auto read = format->read(file.sent, file.source);
            CHECK(payloads::wrong_in(read, file.format) == std::vector<std::string>{});
            became = payloads::written(read);
        } catch (const handlers::sources::BadPayload& refusal) {
            became["refused"] = refusal.what();
        }
        const auto different = payloads::difference(*file.expected, became);
        if (!different.empty())
            FAIL_CHECK("differs:\n" + different);
    }
}

TEST_CASE("There are payload files of each format for what it can say", "[handlers][payloads]")
{
    for (const auto& format : formats()) {
        INFO(format.name);
        CHECK(has_state(format.name, "open"));
        if (!format.resolves)
            continue;
        // Of its own, or an open one among others.
        const auto& files = payloads::all();
        CHECK(std::any_of(files.begin(), files.end(),
            [&](const payloads::File& one) { return one.format == format.name && one.expected && any_clears(*one.expected); }));
    }
}

TEST_CASE("What a tool opens it also resolves: the keys of its files are the same", "[handlers][payloads]")
{
    // In the files of one format something is resolved that another of them has opened.
    for (const auto& format : formats()) {
        std::vector<std::string> opened, over;
        for (const auto& file : payloads::all()) {
            if (file.format != format.name || !file.expected)
                continue;
            for (const auto& report : slack::at(*file.expected, {"reports"}))
                (slack::text_at(report, {"signal"}) == "fire" ? opened : over).push_back(slack::text_at(report, {"dedup_key"}));
        }
        INFO(format.name);
        CHECK((over.empty() || std::any_of(over.begin(), over.end(), [&](const std::string& key) {
            return std::find(opened.begin(), opened.end(), key) != opened.end();
        })));
    }
}

TEST_CASE("A difference is told by its place", "[handlers][payloads]")
{
    using payloads::Json;
    const auto is = Json::parse(R"({"reports":[{"title":"a","severity":"","labels":{"x":"1"}}],"note":""})");
    CHECK(payloads::difference(Json::parse(R"({"reports":[{"title":"a","labels":{"x":"1"}}]})"), is) == "");
    const auto told = payloads::difference(Json::parse(R"({"reports":[{"title":"b","labels":{"y":"1"}}]})"), is);
    CHECK_THAT(told, contains("/reports/0/title is \"a\""));
    CHECK_THAT(told, contains("/reports/0/labels/y is missing"));
    CHECK_THAT(told, contains("/reports/0/labels/x is not expected"));
}
