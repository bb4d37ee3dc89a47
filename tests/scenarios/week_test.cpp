#include "scenarios/week.hpp"

#include "catch.hpp"

#include <cstdlib>
#include <iostream>

/// What must hold of a week, judged by what was seen on the wire.
using namespace scenario;

namespace {

void nobody_after_an_answer(Week& week)
{
    for (auto* carrier : week.carriers())
        for (const auto& one : carrier->sent)
            if (week.was_answered(one.alert, one.at))
                FAIL_CHECK("#" << one.alert << " was answered, and " << one.id << " by " << one.carrier << " began at "
                               << oncall::iso(one.at, "UTC"));
}

/// What was taken is not sent again, unless nobody could know.
void one_attempt(const Week& week, const Carrier& carrier, const std::vector<const Sent*>& sends)
{
    const auto from = sends.front()->at, to = sends.back()->at;
    const auto crashes = week.crashes_between(from, to);
    const auto heard = std::count_if(sends.begin(), sends.end(), [](const Sent* one) { return one->said_taken; });
    const auto taken = std::count_if(sends.begin(), sends.end(), [](const Sent* one) { return one->taken; });
    CHECK(heard <= 1 + crashes);
    if (carrier.rings())
        CHECK(taken <= 1);
}
/// A further attempt follows a failure, a minute after it was known. With several providers the last one's counts.
void spaced(Week& week, const std::vector<const Sent*>& before, TimePoint next, bool rings)
{
    CHECK(rings);
    TimePoint failed{};
    for (auto* carrier : week.carriers())
        for (const auto& one : carrier->sent)
            if (one.id == before.front()->id && one.refused_at != TimePoint{}
                && (failed == TimePoint{} || one.refused_at < failed))
                failed = one.refused_at;
    INFO(before.front()->id);
    CHECK(failed != TimePoint{});
    CHECK(next - failed >= 60s);
}

void limits_and_spacing(Week& week)
{
    for (auto* carrier : week.carriers()) {
        // By notification, then by attempt.
        std::map<std::string, std::map<int, std::vector<const Sent*>>> all;
        for (const auto& one : carrier->sent) {
            const auto dot = one.id.rfind('.');
            all[one.id.substr(0, dot)][std::stoi(one.id.substr(dot + 1))].push_back(&one);
        }
        for (const auto& [notification, attempts] : all) {
            INFO(carrier->name() << " " << notification);
            CHECK(attempts.size() <= (carrier->rings() ? 3U : 1U));
            CHECK(attempts.rbegin()->first <= (carrier->rings() ? 3 : 1));
            for (const auto& [number, sends] : attempts)
                one_attempt(week, *carrier, sends);
            for (const auto& [number, sends] : attempts)
                if (const auto next = attempts.find(number + 1); next != attempts.end())
                    spaced(week, sends, next->second.front()->at, carrier->rings());
        }
    }
}
void mails(Week& week)
{
    std::map<std::string, int> taken;
    for (const auto& mail : week.world().post_office.taken)
        ++taken[mail.id];
    for (const auto& [id, times] : taken) {
        INFO(id);
        CHECK(times <= 1 + week.crashes_between({}, week.world().clock.now()));
    }
    for (const auto& mail : week.world().post_office.seen)
        if (const auto number = mail.subject.find('#'); number != mail.subject.npos)
            if (const auto alert = std::atoll(mail.subject.c_str() + number + 1); week.was_answered(alert, mail.date))
                FAIL_CHECK("#" << alert << " was answered, and a mail went at " << oncall::iso(mail.date, "UTC"));
}

void direct_messages(Week& week)
{
    std::map<std::string, std::int64_t> alert_of;
    for (const auto& [key, alert] : week.world().look([](storage::Transaction& tx) {
             std::vector<std::pair<std::string, std::int64_t>> all;
             for (storage::Query row{tx, "SELECT 'notify:' || key, alert FROM notifications"}; row.step();) {
                 auto key = row.text();
                 all.emplace_back(std::move(key), row.integer());
             }
             return all;
         }))
        alert_of[key] = alert;
    for (const std::string who : {"ana", "bo", "chi", "cto"}) {
        std::map<std::string, int> posted;
        for (const auto& message : week.world().slack().person(who).dms()) {
            if (!message.metadata.is_object() || !message.metadata.contains("event_payload"))
                continue;
            const auto key = message.metadata["event_payload"].value("key", std::string{});
            const auto found = alert_of.find(key);
            if (found == alert_of.end())
                continue;
            if (++posted[key] > 1)
                FAIL_CHECK(who << " got " << key << " twice");
            if (week.was_answered(found->second, message.posted))
                FAIL_CHECK("#" << found->second << " was answered, and " << key << " was posted to " << who << " at "
                               << oncall::iso(message.posted, "UTC"));
        }
    }
}

/// Every page ends: somebody has it, it is over, or it is cried out for.
void ends(Week& week)
{
    struct Page {
        std::int64_t alert{};
        std::string state{};
    };
    const auto pages = week.world().look([](storage::Transaction& tx) {
        std::vector<Page> all;
        for (storage::Query row{tx, "SELECT alert, state FROM pages"}; row.step();) {
            Page one;
            one.alert = row.integer();
            one.state = row.text();
            all.push_back(one);
        }
        return all;
    });
    CHECK(pages.size() >= 1);
    const auto cries = week.world().fallback().messages();
    for (const auto& page : pages) {
        INFO("#" << page.alert << " " << page.state);
        const bool over = page.state == "acknowledged" || page.state == "resolved";
        CHECK((over || page.state == "exhausted"));
        if (over)
            continue;
        const auto number = "#" + std::to_string(page.alert) + " ";
        CHECK(std::any_of(cries.begin(), cries.end(), [&](const workspace::Message& one) {
            return one.posted >= week.world().clock.now() - 20min && one.text.find(number) != one.text.npos;
        }));
    }
}

} // namespace

TEST_CASE("Whatever a week brings, every page ends, and nobody is paged after an answer", "[scenarios][reaching][week][long]")
{
    // ONCALL_TEST_WEEKS=100 for a hundred of them, each with thirty alerts a day; ONCALL_TEST_WEEK=7 for the seventh alone; else
    // the two ways in share four.
    const auto* const wanted = std::getenv("ONCALL_TEST_WEEKS");
    const auto* const only = std::getenv("ONCALL_TEST_WEEK");
    const int first = only ? std::atoi(only) : wanted || !by_http() ? 1 : 3;
    const int last = only ? first : wanted ? std::atoi(wanted) : by_http() ? 4 : 2;
    const auto seed = GENERATE_COPY(range(first, last + 1));
    CAPTURE(seed);
    Week week{static_cast<std::uint64_t>(seed)};
    const bool is_long = wanted || only;
    // Else one week, and some days of others: the whole must not take long.
    week.live(is_long || seed == 1 ? 7 * day : day, is_long ? 30 : seed == 1 ? 4 : 12);
    week.let_it_end();
    if (is_long)
        std::cout << "week " << seed << ": " << week.counts() << std::endl;
    INFO(week.story());
    for (const auto& words : week.world().take_found())
        FAIL_CHECK("the auditor found " << words);
    CHECK(week.alerts() > 0);
    nobody_after_an_answer(week);
    limits_and_spacing(week);
    mails(week);
    direct_messages(week);
    ends(week);
}
