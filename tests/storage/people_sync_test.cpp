#include "storage/people_sync.hpp"

#include "catch.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"

using namespace std::chrono_literals;
using namespace storage;

TEST_CASE("What Slack told of somebody is in all their rows", "[storage][people]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const PeopleSync sync{tx};
        Person ana{"", "UANA", "ana", "Europe/Berlin", stored::noon, "ana@example.com", "member"};
        sync.keep(ana, "de-DE", {"ana@example.com", "@ana"});
        ana.kind = "gone";
        ana.name = "Ana";
        ana.time_zone = "UTC";
        sync.keep(ana, "en-GB", {"UANA"});
        for (const auto* reference : {"ana@example.com", "@ana", "UANA"}) {
            const auto known = People{tx}.find(reference);
            REQUIRE(known);
            CHECK(known->user_id == "UANA");
            CHECK(known->name == "Ana");
            CHECK(known->kind == "gone");
            CHECK(known->time_zone == "UTC");
            CHECK(known->email == "ana@example.com");
        }
        CHECK(sync.locale_of("UANA") == "en-GB");
        CHECK(sync.locale_of("UBO").empty());
        CHECK(names_of(tx, "UANA") == std::set<std::string>{"UANA", "@ana", "ana@example.com"});
        CHECK(who_answers_nothing(tx) == std::map<std::string, std::string>{{"UANA", "gone"}});
        // Her address is another's now.
        sync.keep({"", "UBO", "bo", "UTC", stored::noon, "ana@example.com", "member"}, "", {"ana@example.com"});
        CHECK(People{tx}.find("ana@example.com")->user_id == "UBO");
        CHECK(People{tx}.find("ana@example.com")->time_zone == "UTC");
        CHECK(People{tx}.find("@ana")->user_id == "UANA");
        return 0;
    });
}

TEST_CASE("When the list was read, and of whom was told, outlives the process", "[storage][people]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const PeopleSync sync{tx};
        CHECK(sync.listed_at() == TimePoint{});
        sync.listed(stored::noon);
        sync.listed(stored::noon + 1h);
        CHECK(sync.listed_at() == stored::noon + 1h);
        const UnablePeople unable{tx};
        unable.tell({"UBO", "gone", stored::noon, {"#ops", "#payments"}});
        REQUIRE(unable.told().size() == 1);
        CHECK(unable.told().front().kind == "gone");
        CHECK(unable.told().front().channels == std::vector<std::string>{"#ops", "#payments"});
        unable.over("UBO");
        CHECK(unable.told().empty());
        return 0;
    });
}

TEST_CASE("Who was passed over counts no more, but has not said no, also when it is reported as delivered", "[storage][people]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        oncall::Alert alert;
        alert.title = "Checkout is down";
        alert.source = "scripts";
        alert.dedup_key = "checkout";
        alert.triggered_at = stored::noon;
        Alerts{tx}.add(alert);
        oncall::Page page;
        page.alert = alert.id;
        Pages{tx}.add(page);
        const Notifications all{tx};
        for (const std::string person : {"UANA", "UBO"}) {
            oncall::Notification one;
            one.key = person;
            one.page = page.id;
            one.alert = alert.id;
            one.person = person;
            one.method = "slack";
            all.add(one);
            all.sent(one.id, stored::noon);
        }
        pass_over(tx, page.id, "UANA");
        all.decline(page.id, "UBO");
        for (const auto& one : all.of_page(page.id)) {
            all.confirmed(one.id, stored::noon + 1min);
            CHECK(one.state == oncall::NotificationState::declined);
        }
        CHECK(all.declined(page.id) == std::set<std::string>{"UBO"});
        return 0;
    });
}
