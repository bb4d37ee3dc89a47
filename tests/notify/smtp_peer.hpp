#pragma once

#include "catch.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <thread>

namespace peers {

using Json = nlohmann::json;

/// smtp_peer.py as a process of its own.
class MailServer {
public:
    explicit MailServer(const std::vector<std::string>& wishes)
        : process_{command(wishes), {}, folder_.path / "said"}
    {
        for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20}; events().empty();) {
            INFO(text());
            REQUIRE(std::chrono::steady_clock::now() < end);
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
    }
    std::uint16_t port() const { return events().at(0).at("port").get<std::uint16_t>(); }
    std::string text() const
    {
        std::ifstream file{folder_.path / "said"};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    std::vector<Json> events() const
    {
        std::vector<Json> found;
        std::istringstream lines{text()};
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with("{") && Json::accept(line))
                found.push_back(Json::parse(line));
        return found;
    }
    std::string commands() const
    {
        std::string all;
        for (const auto& event : events())
            if (event.contains("command"))
                all += (all.empty() ? "" : " ") + event.at("command").get<std::string>();
        return all;
    }
    std::vector<Json> mails() const
    {
        std::vector<Json> found;
        for (const auto& event : events())
            if (event.contains("mail"))
                found.push_back(event);
        return found;
    }

private:
    static std::vector<std::string> command(const std::vector<std::string>& wishes)
    {
        std::vector<std::string> words{"/usr/bin/python3", std::string{ONCALL_SOURCE_DIR} + "/tests/notify/smtp_peer.py"};
        words.insert(words.end(), wishes.begin(), wishes.end());
        return words;
    }
    loopback::Folder folder_{};
    loopback::Process process_;
};

} // namespace peers
