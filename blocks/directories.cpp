#include "blocks/directories.hpp"

#include "blocks/kit.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_directories = 10, most_directory_name = 80, most_directory_words = 300, most_report_lines = 10;

Mrkdwn report_lines(std::string_view report)
{
    Mrkdwn lines;
    std::size_t count = 0;
    while (!report.empty()) {
        const auto end = std::min(report.find('\n'), report.size());
        if (count++ < most_report_lines)
            lines += (count == 1 ? Mrkdwn{} : Mrkdwn{"\n"}) + one_line(report.substr(0, end), most_directory_words);
        report.remove_prefix(std::min(end + 1, report.size()));
    }
    if (count > most_report_lines)
        lines +=
            "\nand " + number(static_cast<std::int64_t>(count - most_report_lines)) + " more. *What would change* shows them.";
    return lines;
}

} // namespace

Message directories(const std::vector<DirectoryView>& all)
{
    if (all.empty())
        return message({"No services come from a directory. `directories:` in oncall.yaml names one."},
            {section("No services come from a directory. `directories:` in oncall.yaml names one.")});
    std::vector<Json> blocks;
    for (std::size_t i = 0; i < std::min(all.size(), most_directories); ++i) {
        const auto& one = all[i];
        auto words = bold(one_line(one.name, most_directory_name)) + " (" + one_line(one.format, most_directory_name) + ", "
            + one_line(one.origin, most_directory_words) + ")";
        words += one.read_at == oncall::TimePoint{} ? Mrkdwn{": not taken up yet"} : ": taken up " + date(one.read_at);
        words += ", every " + one_line(one.every, most_directory_name);
        if (!one.trouble.empty())
            words += "\n:warning: " + one_line(one.trouble, most_directory_words);
        if (!one.trouble.empty() && one.next_at != oncall::TimePoint{})
            words += " Tried again " + date(one.next_at) + ".";
        blocks.push_back(section(words));
        if (const auto report = report_lines(one.report); !report.empty())
            blocks.push_back(section(report));
        const auto value = one.name;
        blocks.push_back(actions(
            {button("Read now", action::directory_read, value), button("What would change", action::directory_try, value)}));
    }
    if (all.size() > most_directories)
        blocks.push_back(context({"and " + number(static_cast<std::int64_t>(all.size() - most_directories))
            + " more. `/oncall directory` and a name shows one."}));
    return message("Directories that services come from", std::move(blocks));
}

} // namespace blocks
