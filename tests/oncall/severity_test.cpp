#include "oncall/severity.hpp"

#include "catch.hpp"
#include "oncall/formats.hpp"
#include "oncall/rise.hpp"
#include "oncall/routing.hpp"
#include "oncall/words.hpp"
#include "places.hpp"

#include <algorithm>
#include <fstream>
#include <set>

using namespace oncall;

namespace {

/// The README's table: a line for each format, its words by what they mean.
std::string table_in_markdown()
{
    std::vector<std::string> formats;
    for (const auto& row : severities())
        if (row.format != "*" && (formats.empty() || formats.back() != row.format))
            formats.emplace_back(row.format);
    formats.emplace_back("*");
    std::string text = "| format | critical | error | warning | info |\n|---|---|---|---|---|\n";
    for (const auto& format : formats) {
        text += "| " + (format == "*" ? std::string{"all others, and all else"} : "`" + format + "`") + " |";
        for (const auto severity : severity_words) {
            std::string words;
            for (const auto& row : severities())
                if (row.format == format && row.severity == severity)
                    words += (words.empty() ? " " : ", ") + std::string{row.word};
            text += words + " |";
        }
        text += "\n";
    }
    return text;
}

} // namespace

TEST_CASE("The table of severities says each word of a format once, and means one of four", "[oncall][severity]")
{
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const auto& row : severities()) {
        INFO(row.format << " " << row.word);
        CHECK(seen.emplace(row.format, row.word).second);
        CHECK(row.word == lower(row.word));
        CHECK((row.severity.empty()
            || std::find(severity_words.begin(), severity_words.end(), row.severity) != severity_words.end()));
        CHECK((row.format == "*" || std::find(source_formats.begin(), source_formats.end(), row.format) != source_formats.end()));
        // What an alert that is reported again is held against thinks no other of the four, nor of what they stand for.
        if (row.format == "*" && severity_rank(row.word) && row.severity != "info")
            CHECK(severity_rank(row.word) == severity_rank(row.severity));
    }
    for (const auto word : severity_words)
        CHECK(severity_by_format("generic", word) == word);
}

TEST_CASE("The README shows the table of severities as it is", "[oncall][severity]")
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/README.md", std::ios::binary};
    const std::string readme{std::istreambuf_iterator<char>{file}, {}};
    INFO(table_in_markdown());
    CHECK(readme.find(table_in_markdown()) != std::string::npos);
}

TEST_CASE("A source's own words count before those of its format, and these before those of all", "[oncall][severity]")
{
    Source source;
    source.name = "azure";
    source.format = "azure";
    CHECK(severity_of(source, "Sev1") == "error");
    CHECK(severity_of(source, "P1") == "critical");
    CHECK(severity_of(source, " Chartreuse ") == "chartreuse");
    CHECK(severity_of(source, "").empty());
    source.severities = {{"sev1", "info"}, {"chartreuse", "warning"}};
    CHECK(severity_of(source, "SEV1") == "info");
    CHECK(severity_of(source, "chartreuse") == "warning");
    source.format = "opsgenie";
    CHECK(severity_of(source, "sev2") == "error"); // of all
    source.format = "google";
    CHECK(severity_of(source, "No severity").empty());

    const auto rows = severities_of(source);
    CHECK(rows.front().word == "chartreuse");
    CHECK(rows.front().format == "azure");
    std::set<std::string_view> words;
    for (const auto& row : rows) {
        INFO(row.word);
        CHECK(words.insert(row.word).second);
        CHECK(severity_of(source, row.word) == row.severity);
    }
}

TEST_CASE("Urgency follows what a severity comes down to", "[oncall][severity]")
{
    for (const auto& row : severities())
        if (row.format == "*") {
            INFO(row.word);
            const bool low = row.severity == "warning" || row.severity == "info";
            CHECK(urgency_of(row.word) == (low ? Urgency::low : Urgency::high));
        }
    CHECK(urgency_of("Medium") == Urgency::low);
    CHECK(urgency_of("") == Urgency::high);
}
