#include "feeds/other_reader.hpp"

#include "catch.hpp"
#include "places.hpp"
#include "storage/opened.hpp"

#include <cstdlib>
#include <fstream>

namespace tests {

nlohmann::json read_by_others(const std::string& calendar)
{
    const stored::Folder folder;
    const auto asked = (folder.path / "calendar.ics").string();
    const auto said = (folder.path / "said").string();
    std::ofstream{asked, std::ios::binary} << calendar;
    const auto status = std::system(("/usr/bin/python3 '" + std::string{ONCALL_SOURCE_DIR} + "/tests/feeds/read_calendar.py' < '"
        + asked + "' > '" + said + "' 2> '" + said + ".errors'")
                                        .c_str());
    std::ifstream errors{said + ".errors"}, answer{said};
    INFO(std::string(std::istreambuf_iterator<char>{errors}, {}) << "\n" << calendar);
    REQUIRE(status == 0);
    return nlohmann::json::parse(answer);
}

} // namespace tests
