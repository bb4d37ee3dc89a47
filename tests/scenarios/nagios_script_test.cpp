#include "catch.hpp"
#include "handlers/sources/sources.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"

#include <deque>
#include <fstream>

#include <sys/stat.h>

using namespace loopback;

namespace {

const std::filesystem::path nagios_script{ONCALL_SOURCE_DIR "/manifest/sources/nagios-oncall"};

/// Who answers the script, by the statuses it was given, and then by 202.
struct NagiosListener {
    Net world{};
    Folder folder{};
    std::deque<int> statuses{};
    std::vector<net::Request> came{};
    std::unique_ptr<net::Listener> listener{};

    NagiosListener()
    {
        net::Service service;
        service.serve = [this](net::Request request) { return answer(std::move(request)); };
        listener = world.network().listen("127.0.0.1:0", service);
    }
    asio::awaitable<net::Response> answer(net::Request request)
    {
        came.push_back(std::move(request));
        net::Response response;
        response.status = 202;
        if (!statuses.empty()) {
            response.status = statuses.front();
            statuses.pop_front();
        }
        co_return response;
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(listener->port()) + "/hooks/key"; }

    /// Its exit status.
    int run(std::vector<std::string> words)
    {
        words.insert(words.begin(), {"/bin/sh", nagios_script.string()});
        Process script{words, {{"ONCALL_PAUSE", "0"}, {"no_proxy", "*"}}, folder.path / "script.log"};
        std::optional<int> status;
        REQUIRE(world.until([&] { return (status = script.ended()).has_value(); }, 40s));
        return *status;
    }
};

} // namespace

TEST_CASE("The script for Nagios sends what its format reads, and tries again", "[scenarios][peers][socket]")
{
    if (std::system("command -v curl >/dev/null 2>&1") != 0) {
        WARN("there is no curl: the script was not run");
        return;
    }
    struct stat mode { };
    REQUIRE(::stat(nagios_script.c_str(), &mode) == 0);
    CHECK((mode.st_mode & 0111) == 0111);

    NagiosListener nagios;
    nagios.statuses = {503};
    const std::string output = "CRITICAL: a&b = \"c\" @ 100% <!channel> ü";
    CHECK(nagios.run({nagios.url(), "notificationtype=PROBLEM", "hostname=web 01", "servicedesc=HTTP", "state=CRITICAL",
              "output=" + output, "longoutput=", "service=checkout"})
        == 0);
    REQUIRE(nagios.came.size() == 2);
    CHECK(nagios.came[1].target == "/hooks/key");
    handlers::sources::Sent sent;
    sent.text = nagios.came[1].body;
    const auto read = handlers::sources::nagios(sent, oncall::Source{});
    REQUIRE(read.reports.size() == 1);
    CHECK(read.reports[0].title == "HTTP on web 01 is critical");
    CHECK(read.reports[0].description == output);
    CHECK(read.reports[0].dedup_key == "web 01;HTTP");
    CHECK(read.reports[0].service == "checkout");

    // The address in a file is in no list of processes.
    const auto file = nagios.folder.path / "url";
    std::ofstream{file} << nagios.url() << "\n";
    CHECK(nagios.run({file.string(), "notificationtype=RECOVERY"}) == 0);
    CHECK(nagios.came.size() == 3);

    // Nobody takes it: that is an error, and said.
    nagios.statuses = {500, 500, 500};
    CHECK(nagios.run({nagios.url(), "notificationtype=PROBLEM"}) == 1);
    CHECK(nagios.came.size() == 6);
    CHECK(has(loopback::read(nagios.folder.path / "script.log"), "500"));
    // A word that is no field would be a file for curl.
    CHECK(nagios.run({nagios.url(), "@/etc/passwd"}) == 64);
    CHECK(nagios.run({nagios.url()}) == 64);
    CHECK(nagios.came.size() == 6);
}
