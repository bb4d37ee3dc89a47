#include "validate.hpp"

#include "catch.hpp"
#include "places.hpp"
#include "storage/opened.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>

namespace tests {

namespace {

const std::string root{ONCALL_SOURCE_DIR};

} // namespace

std::string text_of(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

Verdicts validate(const std::vector<std::string>& documents, const std::vector<std::pair<std::string, std::string>>& yaml)
{
    const stored::Folder folder;
    const auto asked = (folder.path / "asked").string();
    const auto said = (folder.path / "said").string();
    {
        // Put together by hand: a key given twice must reach Python as it is.
        std::ofstream file{asked, std::ios::binary};
        file << R"({"schema":)" << text_of(root + "/manifest/oncall.schema.json") << R"(,"documents":[)";
        for (std::size_t i = 0; i < documents.size(); ++i)
            file << (i > 0 ? ",\n" : "") << documents[i];
        file << R"(],"yaml":[)";
        for (std::size_t i = 0; i < yaml.size(); ++i)
            file << (i > 0 ? ",\n" : "") << R"({"text":)" << nlohmann::json(yaml[i].first).dump() << R"(,"value":)"
                 << yaml[i].second << '}';
        file << "]}";
    }
    const auto command =
        "/usr/bin/python3 '" + root + "/tests/config/validate.py' < '" + asked + "' > '" + said + "' 2> '" + said + ".errors'";
    const int status = std::system(command.c_str());
    INFO(text_of(said + ".errors"));
    REQUIRE(status == 0);
    const auto answer = nlohmann::json::parse(text_of(said));
    return {answer.at("documents").get<std::vector<std::string>>(), answer.at("yaml").get<std::vector<std::string>>()};
}

} // namespace tests
