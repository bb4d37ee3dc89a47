#include "catch.hpp"
#include "oncall/correlation.hpp"
#include "oncall/fingerprint.hpp"
#include "oncall/grouping.hpp"
#include "oncall/rise.hpp"
#include "oncall/storms.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

using namespace oncall;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint first_trouble{milliseconds{1'793'707'200'000}};

Alert alert_of(std::int64_t id, std::string service, milliseconds after, std::string title = "It is down")
{
    Alert alert;
    alert.id = {id};
    alert.source = "monitoring";
    alert.service = std::move(service);
    alert.title = std::move(title);
    alert.triggered_at = first_trouble + after;
    return alert;
}

Around stands_alone(Alert alert) { return {alert, alert, 1}; }

/// web → checkout → db, ledger → db; mail stands alone.
Configuration a_shop()
{
    Configuration all;
    for (const auto* name : {"web", "checkout", "ledger", "db", "mail"})
        all.services[name].name = name;
    all.services["web"].depends_on = {"checkout", "a cloud nobody entered"};
    all.services["checkout"].depends_on = {"db"};
    all.services["ledger"].depends_on = {"db"};
    return all;
}

/// Why the second is said to belong to the first; empty: it is not.
std::string why_related(const Alert& open, const Alert& arrived)
{
    const auto shop = a_shop();
    const auto found = related_to(arrived, {stands_alone(open)}, neighbours_of(shop, arrived.service));
    return found.empty() ? std::string{} : found.front().because;
}

Alert labelled_with(Alert alert, std::map<std::string, std::string> labels)
{
    alert.labels = std::move(labels);
    return alert;
}

} // namespace

TEST_CASE("Words are known again whatever numbers they hold", "[oncall][correlation]")
{
    CHECK(masked("Disk is full: 97% used on 10.0.3.7:9100") == "disk is full <num> used on <ip>");
    CHECK(masked("job 550e8400-e29b-41d4-a716-446655440000 FAILED after 12ms") == "job <uuid> failed after <num>");
    CHECK(masked("commit 9f86d081884c7d65 at 0x1F, fe80::1 and 2001:db8::7") == "commit <hex> at <hex> <ip> and <ip>");
    CHECK(masked("db-03.eu is 4.5x slower, -3 since 09:30:00") == "db <num> eu is <num> slower <num> since <num>");
    CHECK(masked("decade facade") == "decade facade"); // hexadecimal, and words
    CHECK(masked("  ...  ") == "");
    CHECK(masked("Größe überschritten") == "größe überschritten");
    CHECK(masked_words("disk 97% of 5 db-03 disk") == std::vector<std::string>{"db", "disk", "disk", "of"});

    auto one = alert_of(1, "db", 0s, "Replication lag 40 s"), other = alert_of(2, "ledger", 9h, "Replication lag 3 s");
    CHECK(fingerprint(one) == fingerprint(other));
    CHECK(fingerprint(one) == 0x814ed6433900e89fULL); // what is stored of it holds in the next version, too
    other.source = "another";
    CHECK(fingerprint(one) != fingerprint(other));

    CHECK(likeness(masked_words("disk full"), masked_words("Disk full 97%")) == Approx(1));
    CHECK(likeness(masked_words("disk full"), masked_words("disk slow")) == Approx(0.5));
    CHECK(likeness(masked_words("500"), masked_words("404")) == 0);
    CHECK(masked(std::string(100'000, '7')).size() < 500);
}

TEST_CASE("An alert is related by time and by what it is about, never by one alone", "[oncall][correlation]")
{
    const auto db = alert_of(12, "db", 0s, "Disk full");
    CHECK(why_related(db, alert_of(13, "checkout", 2min)) == "checkout depends on db, 2 min apart");
    CHECK(why_related(alert_of(12, "checkout", 0s), alert_of(13, "db", 40s)) == "checkout depends on db, 40 s apart");
    CHECK(why_related(db, alert_of(13, "db", 1s)) == "the same service db, at the same time");
    // Time alone, however near.
    CHECK(why_related(db, alert_of(13, "mail", 0s)).empty());
    CHECK(why_related(db, alert_of(13, "", 0s)).empty());
    CHECK(why_related(alert_of(12, "", 0s), alert_of(13, "", 0s)).empty());
    // Two steps away is not next to it, and a service that nobody entered is nobody's neighbour.
    CHECK(why_related(db, alert_of(13, "web", 0s)).empty());
    CHECK(why_related(alert_of(12, "a cloud nobody entered", 0s), alert_of(13, "web", 0s)).empty());
    // What they are about alone, too late.
    CHECK_FALSE(why_related(db, alert_of(13, "checkout", related_within)).empty());
    CHECK(why_related(db, alert_of(13, "checkout", related_within + 1ms)).empty());
    // Words alone.
    CHECK(why_related(db, alert_of(13, "mail", 0s, "Disk full")).empty());
}

TEST_CASE("Labels that name one thing relate alerts; those that name a place only where the words are the same",
    "[oncall][correlation]")
{
    const auto on = [](std::int64_t id, const std::string& service, const std::string& title,
                        std::map<std::string, std::string> labels) {
        return labelled_with(alert_of(id, service, 0s, title), std::move(labels));
    };
    for (const std::string name : {"host", "instance", "pod", "node"}) {
        CHECK(why_related(on(1, "db", "Slow", {{name, "a1"}}), on(2, "mail", "Down", {{name, "a1"}}))
            == "the same " + name + " a1, at the same time");
        CHECK(why_related(on(1, "db", "Slow", {{name, "a1"}}), on(2, "mail", "Down", {{name, "a2"}})).empty());
        CHECK(why_related(on(1, "db", "Slow", {{name, ""}}), on(2, "mail", "Down", {{name, ""}})).empty());
    }
    CHECK(why_related(
              on(1, "db", "Probe 3 fails", {{"namespace", "shop"}}), on(2, "mail", "Probe 9 fails", {{"namespace", "shop"}}))
        == "the same words, the same namespace shop, at the same time");
    for (const std::string name : {"cluster", "region", "env", "severity"})
        CHECK(why_related(on(1, "db", "Probe 3 fails", {{name, "eu-1"}}), on(2, "mail", "Probe 9 fails", {{name, "eu-1"}}))
                  .empty());
    CHECK(why_related(on(1, "db", "Slow", {{"namespace", "shop"}}), on(2, "mail", "Down", {{"namespace", "shop"}})).empty());
    // A place speaks for a reason there is, and two places against it.
    CHECK(why_related(on(1, "db", "Slow", {{"cluster", "eu-1"}}), on(2, "checkout", "Down", {{"cluster", "eu-1"}}))
        == "checkout depends on db, the same cluster eu-1, at the same time");
    CHECK(why_related(on(1, "db", "Slow", {{"cluster", "eu-1"}}), on(2, "checkout", "Down", {{"cluster", "us-1"}})).empty());
    CHECK_FALSE(
        why_related(on(1, "db", "Slow", {{"namespace", "db"}}), on(2, "checkout", "Down", {{"namespace", "shop"}})).empty());
}

TEST_CASE(
    "A group takes no more when it is an hour old or full, and one alert is suggested for one group", "[oncall][correlation]")
{
    const auto shop = a_shop();
    const auto arrived = alert_of(20, "checkout", 70min);
    const auto around = [&](milliseconds since, std::size_t members) {
        return std::vector<Around>{{alert_of(19, "db", 69min), alert_of(12, "db", since), members}};
    };
    const auto neighbours = neighbours_of(shop, "checkout");
    CHECK(neighbours.depends_on == std::vector<std::string>{"db"});
    CHECK(neighbours.dependants == std::vector<std::string>{"web"});
    CHECK(related_to(arrived, around(10min, 2), neighbours).front().into == AlertId{12});
    CHECK(related_to(arrived, around(10min, 2), neighbours).front().by == AlertId{19});
    CHECK(related_to(arrived, around(9min, 2), neighbours).empty());
    CHECK(related_to(arrived, around(10min, most_in_group), neighbours).empty());
    CHECK(related_to(arrived, {stands_alone(arrived)}, neighbours).empty());

    // Several of one group are one line; of several groups the likeliest comes first.
    const auto db = alert_of(12, "db", 69min);
    const auto web = alert_of(18, "web", 66min);
    const std::vector<Around> two{stands_alone(web), stands_alone(db), {alert_of(19, "db", 69min + 30s), db, 2}};
    const auto found = related_to(arrived, two, neighbours);
    REQUIRE(found.size() == 2);
    CHECK(found.front().into == AlertId{12});
    CHECK(found.front().by == AlertId{19});
    CHECK(found.back().into == AlertId{18});
    // Nothing ties web and db to each other, so nobody can say to which of them checkout belongs.
    CHECK_FALSE(suggested(found, two, shop).has_value());
    CHECK(suggested({found.front()}, two, shop)->into == AlertId{12});
    const std::vector<Around> tied{stands_alone(alert_of(11, "ledger", 69min)), stands_alone(alert_of(12, "db", 69min))};
    const auto of_db = related_to(alert_of(20, "db", 70min), tied, neighbours_of(shop, "db"));
    REQUIRE(of_db.size() == 2);
    CHECK(suggested(of_db, tied, shop)->into == AlertId{12});
    CHECK_FALSE(suggested({}, tied, shop).has_value());
}

TEST_CASE("What is looked at around an alert has an end, however large the graph and the storm", "[oncall][correlation]")
{
    Configuration large;
    for (int i = 0; i < 2'000; ++i) {
        auto& service = large.services["s" + std::to_string(i)];
        service.depends_on = {"s0", "s0", "s1"};
    }
    const auto neighbours = neighbours_of(large, "s0");
    CHECK(neighbours.depends_on == std::vector<std::string>{"s1"});
    CHECK(neighbours.depends_on.size() + neighbours.dependants.size() == most_neighbours);
    std::vector<Around> storm_around;
    for (int i = 0; i < 5'000; ++i)
        storm_around.push_back(stands_alone(alert_of(1 + i, "s0", 0s)));
    const auto found = related_to(alert_of(9'999, "s0", 1s), storm_around, neighbours);
    REQUIRE(found.size() == 5);
    CHECK(found.front().into == AlertId{1});
    CHECK(found.back().into.value <= static_cast<std::int64_t>(most_around));
}

namespace {

/// Groups as they come to be when reports are deduplicated, a rule groups each service's alerts within five minutes, and every
/// suggestion is taken: nobody looks whether it is right.
class Grouper {
public:
    struct Member {
        Alert alert{};
        int truth{};
        bool notified{}; // it pages: it began its group, or is worse than all before it
    };

    Grouper(const storms::Storm& storm, bool with_rule, bool with_suggestions)
        : storm_{storm}
        , with_rule_{with_rule}
        , with_suggestions_{with_suggestions}
    {
        for (const auto& report : storm.reports)
            take(report);
    }

    std::int64_t reports{};
    int suggestions{}, right{}; // taken; and of these those whose cause is the same
    /// By the alert that stands for it.
    const std::map<AlertId, std::vector<Member>>& groups() const { return groups_; }

private:
    void take(const storms::Report& report)
    {
        const auto& signal = storm_.signals[report.signal];
        const auto open = open_.find(signal.alert.dedup_key);
        if (report.over) {
            if (open != open_.end() && open->second.truth == signal.truth)
                open_.erase(open);
            return;
        }
        ++reports;
        if (open != open_.end()) {
            kept_.at(root_.at(open->second.alert.id)).last_at = report.at;
            return;
        }
        Member fresh{signal.alert, signal.truth, true};
        fresh.alert.id = {++last_id_};
        fresh.alert.triggered_at = report.at;
        auto root = with_rule_ ? group_of_rule(fresh.alert) : AlertId{};
        const bool by_rule = root.value != 0;
        if (!by_rule && with_suggestions_)
            root = suggested_for(fresh);
        if (root.value == 0) {
            root = fresh.alert.id;
            kept_[root] = {root, report.at, report.at, 0};
        } else {
            fresh.alert.parent = root;
        }
        auto& group = kept_.at(root);
        // What was merged by hand had paged by then.
        if (by_rule)
            fresh.notified = !worse_by(group, fresh.alert.severity, fresh.alert.urgency).empty();
        add_to(group, fresh.alert.severity, fresh.alert.urgency);
        group.looked_after = true;
        group.last_at = report.at;
        ++group.members;
        last_of_key_[fresh.alert.group_key] = fresh.alert.id;
        root_[fresh.alert.id] = root;
        groups_[root].push_back(fresh);
        open_[fresh.alert.dedup_key] = std::move(fresh);
    }

    const Alert& root_alert(AlertId id) const { return groups_.at(root_.at(id)).front().alert; }

    AlertId group_of_rule(const Alert& alert) const
    {
        const auto last = last_of_key_.find(alert.group_key);
        if (last == last_of_key_.end())
            return {};
        const auto root = root_.at(last->second);
        const bool is_open =
            std::any_of(open_.begin(), open_.end(), [&](const auto& one) { return root_.at(one.second.alert.id) == root; });
        return is_open && takes(kept_.at(root), {true, {}}, 5min, alert.triggered_at) ? root : AlertId{};
    }

    AlertId suggested_for(const Member& fresh)
    {
        std::vector<Around> around;
        for (const auto& [key, one] : open_)
            if (fresh.alert.triggered_at - one.alert.triggered_at <= related_within && around.size() < most_around)
                around.push_back({one.alert, root_alert(one.alert.id), kept_.at(root_.at(one.alert.id)).members});
        const auto related = related_to(fresh.alert, around, neighbours_of(storm_.configuration, fresh.alert.service));
        const auto found = suggested(related, around, storm_.configuration);
        if (!found)
            return {};
        ++suggestions;
        for (const auto& [key, one] : open_)
            if (one.alert.id == found->by)
                right += one.truth == fresh.truth ? 1 : 0;
        return found->into;
    }

    const storms::Storm& storm_;
    bool with_rule_{};
    bool with_suggestions_{};
    std::int64_t last_id_{};
    std::map<std::string, Member> open_{};
    std::map<std::string, AlertId> last_of_key_{};
    std::map<AlertId, AlertId> root_{};
    std::map<AlertId, Group> kept_{}; // by root
    std::map<AlertId, std::vector<Member>> groups_{};
};

/// Of many days.
struct Measured {
    std::int64_t reports{}, alerts{}, groups{}, faults{};
    std::int64_t of_faults{}; // groups with an alert of a fault in them, and how many alerts are in those
    std::int64_t in_those{};
    std::int64_t over_merged{}; // of these, groups of two faults and more
    std::int64_t pairs{}, true_pairs{}, wanted_pairs{};
    std::int64_t suggestions{}, right{};
    std::int64_t worse{}, swallowed{}; // members more severe than all before them in their group; and not notified

    double percent_over_merged() const { return 100.0 * static_cast<double>(over_merged) / static_cast<double>(of_faults); }
    double compression() const { return static_cast<double>(in_those) / static_cast<double>(of_faults); }
    double pair_precision() const { return pairs == 0 ? 1 : static_cast<double>(true_pairs) / static_cast<double>(pairs); }
    double pair_recall() const { return static_cast<double>(true_pairs) / static_cast<double>(wanted_pairs); }
};

std::int64_t pairs_of(std::int64_t count) { return count * (count - 1) / 2; }

void measure(Measured& all, const storms::Storm& storm, const Grouper& grouper)
{
    all.reports += grouper.reports;
    all.faults += storm.faults;
    all.suggestions += grouper.suggestions;
    all.right += grouper.right;
    std::map<int, std::int64_t> of_truth;
    for (const auto& [root, members] : grouper.groups()) {
        std::map<int, std::int64_t> truths;
        int worst = -1;
        for (const auto& one : members) {
            ++truths[one.truth];
            ++of_truth[one.truth];
            const auto rank = severity_rank(one.alert.severity).value_or(0);
            const bool is_worse = rank > worst && one.alert.urgency == Urgency::high;
            all.worse += worst >= 0 && is_worse ? 1 : 0;
            all.swallowed += is_worse && !one.notified ? 1 : 0;
            worst = std::max(worst, rank);
        }
        const auto count = static_cast<std::int64_t>(members.size());
        const auto faults = std::count_if(truths.begin(), truths.end(), [](const auto& one) { return one.first > 0; });
        all.alerts += count;
        ++all.groups;
        all.of_faults += faults > 0 ? 1 : 0;
        all.in_those += faults > 0 ? count : 0;
        all.over_merged += faults > 1 ? 1 : 0;
        all.pairs += pairs_of(count);
        for (const auto& [truth, its] : truths)
            all.true_pairs += pairs_of(its);
    }
    for (const auto& [truth, its] : of_truth)
        all.wanted_pairs += pairs_of(its);
}

/// "…: 12345 reports, 678 alerts …"
std::string figures_of(const std::string& name, const Measured& all)
{
    const auto two = [](double value) {
        const auto hundredths = static_cast<std::int64_t>(value * 100 + 0.5);
        return std::to_string(hundredths / 100) + "." + (hundredths % 100 < 10 ? "0" : "") + std::to_string(hundredths % 100);
    };
    return name + ": " + std::to_string(all.faults) + " faults; " + std::to_string(all.reports) + " reports, "
        + std::to_string(all.alerts) + " alerts, " + std::to_string(all.groups) + " groups; of faults " + two(all.compression())
        + " alerts a group, " + two(static_cast<double>(all.of_faults) / static_cast<double>(all.faults)) + " groups a fault, "
        + two(all.percent_over_merged()) + "% over-merged; pairs: precision " + two(all.pair_precision()) + ", recall "
        + two(all.pair_recall()) + "; suggestions: " + std::to_string(all.suggestions) + ", right " + std::to_string(all.right)
        + "; " + std::to_string(all.worse) + " worse than all before, " + std::to_string(all.swallowed) + " swallowed";
}

struct Stages {
    Measured deduplicated{}, by_rule{}, all{};
};

Stages measured(const storms::Shape& shape, std::uint64_t seeds)
{
    Stages stages;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto storm = storms::storm(shape, seed);
        measure(stages.deduplicated, storm, Grouper{storm, false, false});
        measure(stages.by_rule, storm, Grouper{storm, true, false});
        measure(stages.all, storm, Grouper{storm, true, true});
    }
    return stages;
}

const std::vector<storms::Shape> usual_days{
    {"20 services", 20, 2, 1, 20}, {"100 services", 100, 4, 1, 40}, {"200 services", 200, 8, 1, 60}};

} // namespace

TEST_CASE("On synthetic storms groups of unrelated faults are at most one in a hundred, and nothing worse is swallowed",
    "[oncall][correlation][storms]")
{
    std::int64_t groups = 0, over_merged = 0;
    for (const auto& shape : usual_days) {
        const auto stages = measured(shape, 40);
        const auto& all = stages.all;
        INFO(figures_of(shape.name, all));
        INFO(figures_of("by the rule alone", stages.by_rule));
        groups += all.of_faults;
        over_merged += all.over_merged;
        CHECK(all.faults == 40 * shape.faults);
        CHECK(all.alerts == stages.deduplicated.groups);
        CHECK(all.compression() >= 2.5);
        CHECK(all.pair_precision() >= 0.85);
        CHECK(static_cast<double>(all.right) >= 0.85 * static_cast<double>(all.suggestions));
        // The rule knows of no cause: with suggestions a fault is a third fewer groups.
        CHECK(all.of_faults * 3 < stages.by_rule.of_faults * 2);
        CHECK(all.worse > 0);
        CHECK(all.swallowed == 0);
        CHECK(stages.by_rule.swallowed == 0);
    }
    INFO(over_merged << " of " << groups);
    CHECK(over_merged * 100 <= groups);
}

// Hidden: `oncall-tests "[figures]"` shows them.
TEST_CASE("The figures of grouping on synthetic storms", "[.][figures][storms]")
{
    auto shapes = usual_days;
    // Denser days than those that are held to one in a hundred.
    shapes.push_back({"20 services, dense", 20, 4, 1, 60});
    shapes.push_back({"100 services, dense", 100, 6, 1, 60});
    shapes.push_back({"200 services, dense", 200, 10, 1, 60});
    shapes.push_back({"200 services, three faults at once", 200, 8, 3, 60});
    for (const auto& shape : shapes) {
        const auto stages = measured(shape, 100);
        WARN(figures_of(shape.name + ", reports deduplicated", stages.deduplicated));
        WARN(figures_of(shape.name + ", grouped by rule", stages.by_rule));
        WARN(figures_of(shape.name + ", and every suggestion taken", stages.all));
    }
}
