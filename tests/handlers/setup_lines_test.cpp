#include "handlers/sources/setup_lines.hpp"

#include "blocks/settings.hpp"
#include "catch.hpp"
#include "handlers/sources/datadog.hpp"
#include "handlers/sources/sources.hpp"
#include "places.hpp"
#include "workspace/block_kit.hpp"

#include <yaml-cpp/yaml.h>

#include <filesystem>

using namespace handlers::sources;

namespace {

std::vector<blocks::Paste> lines_for(std::string_view format, bool is_public, const std::string& key = "k3y_-")
{
    SetupFor setup;
    setup.source.name = "my source";
    setup.source.format = format;
    setup.address = is_public ? "https://oncall.example.com" : "http://127.0.0.1:8080";
    setup.is_public = is_public;
    setup.key = key;
    return setup_lines(setup);
}

std::string all_of(const std::vector<blocks::Paste>& lines)
{
    std::string text;
    for (const auto& line : lines)
        text += line.words + "\n" + line.code + "\n";
    return text;
}

} // namespace

TEST_CASE("Each format has lines to paste with the address and the key, which fit into a view", "[handlers][sources]")
{
    for (const auto& format : formats()) {
        INFO(format.name);
        const auto text = all_of(lines_for(format.name, true));
        CHECK_FALSE(has(text, "It posts to:")); // what is said of a format that nobody knows
        CHECK(has(text, "https://oncall.example.com"));
        CHECK(has(text, "k3y_-"));
        CHECK_FALSE(has(text, "ONCALL_PUBLIC_URL"));
        CHECK_FALSE(has(text, "YOUR-KEY"));
        CHECK(has(all_of(lines_for(format.name, false)), "ONCALL_PUBLIC_URL"));
        CHECK(has(all_of(lines_for(format.name, true, "")), "YOUR-KEY"));
        for (const auto& line : lines_for(format.name, true))
            CHECK(line.code.size() < 2'900); // else its end would be missing
        blocks::KeyView key{"my source", std::string{format.name}, "https://oncall.example.com", "k3y_-"};
        key.setup = lines_for(format.name, false);
        CHECK(workspace::problems_in_view(blocks::settings_key(key), "modal") == std::vector<std::string>{});
    }
    CHECK(has(all_of(lines_for("alertmanager", true)), "group_by: [alertname, service]"));
    // In JSON a text that is JSON, which SNS keeps trying by for less than the hour that it allows.
    const auto sns = all_of(lines_for("sns", true));
    const auto from = sns.find("--attributes '") + 14;
    const auto policy =
        slack::parse(slack::parse(sns.substr(from, sns.find('\'', from) - from))["DeliveryPolicy"].get<std::string>());
    const auto& patience = policy["healthyRetryPolicy"];
    CHECK(patience["numRetries"].get<int>() * patience["maxDelayTarget"].get<int>() < 3'600);
    CHECK(patience["numRetries"].get<int>() * patience["minDelayTarget"].get<int>() > 900);
    CHECK(has(all_of(lines_for("datadog", true)), std::string{datadog_template}));
    // What comes with us is there, under the name that is shown.
    for (const auto& [format, file] : {std::pair{"nagios", "nagios-oncall"}, std::pair{"zabbix", "zabbix_media_type.yaml"}}) {
        CHECK(has(all_of(lines_for(format, true)), file));
        CHECK(std::filesystem::exists(std::filesystem::path{ONCALL_SOURCE_DIR "/manifest/sources"} / file));
    }
    // What is pasted into a YAML file is YAML, and names a receiver.
    for (const auto* format : {"alertmanager", "kubernetes", "opsgenie", "pagerduty", "victorops"}) {
        INFO(format);
        int files = 0;
        for (const auto& line : lines_for(format, true))
            if (has(line.code, "receivers:\n")) {
                ++files;
                CHECK(YAML::Load(line.code)["receivers"][0]["name"].as<std::string>() == "oncall");
            }
        CHECK(files == 1);
    }
    CHECK(has(all_of(lines_for("none there is", true)), "https://oncall.example.com/hooks/k3y_-"));
}

TEST_CASE("What stands in an address is coded, and what must be signed is said", "[handlers][sources]")
{
    CHECK(has(all_of(lines_for("paging", true, "a b")), "/api/v1/webhook/my%20source?key=a%20b"));
    CHECK(has(all_of(lines_for("pagerduty", true, "a b")), "routing_key: \"a b\""));
    SetupFor setup;
    setup.source.format = "generic";
    setup.source.is_signed = true;
    CHECK(has(all_of(setup_lines(setup)), "X-Signature-256"));
    setup.source.is_signed = false;
    CHECK_FALSE(has(all_of(setup_lines(setup)), "X-Signature-256"));
}
