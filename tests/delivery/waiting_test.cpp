#include "delivery/waiting.hpp"

#include "catch.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/coverage.hpp"
#include "storage/handoffs.hpp"
#include "storage/invariants.hpp"
#include "storage/opened.hpp"

using namespace std::chrono_literals;
using storage::Priority;
using storage::Transaction;

namespace {

constexpr auto left_channel = "#payments";

/// What waits for the channel, and what stands there: its rows of the outbox.
void wait_for_it(Transaction& tx, const std::string& key, const std::string& kind, std::int64_t subject, const std::string& body)
{
    storage::Outbox{tx}.add(key, kind, Priority::card, left_channel, subject, body, stored::noon);
    storage::Troubles{tx}.wait(key, {"channel", left_channel});
}

/// "kind lane" of all that is to leave, and of words what they are.
std::vector<std::string> to_leave(Transaction& tx)
{
    std::vector<std::string> all;
    for (const auto& row : storage::Outbox{tx}.ready(stored::noon, {}, 100))
        all.push_back(row.kind + " " + row.lane + (row.kind == "channel_words" ? " " + row.body : ""));
    return all;
}

} // namespace

TEST_CASE("Of what waited for a channel that nobody names any more nothing that counts is lost", "[delivery]")
{
    oncall::Configuration configuration;
    configuration.teams["payments"].channel = "#war-room";
    storage::Trouble gone;
    gone.of = {"channel", left_channel};
    gone.code = "is_archived";
    struct Case {
        std::string kind{}, stands_in{};
        bool resolved{};
        std::vector<std::string> leaves{};
    };
    const std::vector<Case> cases{
        {"card", "", false, {"card #war-room"}},
        {"card", left_channel, false, {"card #war-room"}},
        {"card", left_channel, true, {}},
        {"card", "#war-room", false, {}},
        {"thread", left_channel, false, {"card #war-room"}},
        {"channel_bundle", "", false, {"channel_bundle #war-room"}},
        {"channel_bundle", left_channel, false, {"channel_bundle #war-room"}},
        {"channel_bundle", left_channel, true, {}},
        {"handoff", "", false, {"handoff #ops"}},
        {"coverage", "", false, {"coverage #ops"}},
        {"channel_words", "", false,
            {"channel_words #ops #ops\nBo has not accepted.\nI could not post this in #payments: the channel is archived "
             "(is_archived)."}},
        {"spoken", "", false, {}},
    };
    for (const auto& one : cases) {
        INFO(one.kind << " " << one.stands_in << " " << one.resolved);
        stored::Opened opened;
        opened.write([&](Transaction& tx) {
            storage::Troubles{tx}.note(gone.of, gone.code, "chat.postMessage", stored::noon, stored::noon);
            oncall::Alert alert;
            alert.team = "payments";
            alert.state = one.resolved ? oncall::AlertState::resolved : oncall::AlertState::acknowledged;
            storage::Alerts{tx}.add(alert);
            auto key = one.kind + ":" + std::to_string(alert.id.value);
            auto subject = alert.id.value;
            std::string body = left_channel;
            if (one.kind == "channel_bundle") {
                storage::ChannelBundle bundle;
                bundle.place = left_channel;
                storage::ChannelBundles{tx}.add(bundle);
                storage::ChannelAlerts{tx}.add({alert.id, left_channel, stored::noon, bundle.id, "triggered"});
                if (!one.stands_in.empty())
                    storage::ChannelBundles{tx}.stands(bundle.id, "C1", "1.1");
                subject = bundle.id.value;
            } else if (one.kind == "handoff") {
                storage::ToldHandoff told;
                told.schedule = "payments";
                told.at = told.told_at = stored::noon;
                storage::Handoffs{tx}.add(told);
                subject = storage::Handoffs{tx}.show(told, left_channel).id;
            } else if (one.kind == "coverage") {
                storage::ToldCoverage told;
                told.schedule = "payments";
                told.at = stored::noon;
                storage::ToldCoverages{tx}.add(told);
                subject = storage::ToldCoverages{tx}.show(told.id, left_channel).id;
            } else if (!one.stands_in.empty()) {
                storage::Messages{tx}.add({0, alert.id, "card", one.stands_in, "C1", "1.1", 0});
            } else if (one.kind == "channel_words") {
                body += "\nBo has not accepted.";
            }
            wait_for_it(tx, key, one.kind, subject, body);
            delivery::leave_channel(tx, gone, configuration, "#ops", stored::noon);
            CHECK(to_leave(tx) == one.leaves);
            CHECK(storage::Troubles{tx}.waiting(gone.of).empty());
            if (one.kind == "channel_bundle" && !one.resolved) {
                const auto bundle = storage::ChannelBundles{tx}.find({subject});
                CHECK(bundle->place == "#war-room");
                CHECK(bundle->ts.empty());
            }
            if (one.kind == "handoff")
                CHECK(storage::Handoffs{tx}.message(subject)->place == "#ops");
            if (one.kind == "coverage")
                CHECK(has(storage::ToldCoverages{tx}.message(subject)->trouble, "the channel is archived"));
            return 0;
        });
    }
}

TEST_CASE("Where there is no channel at all what waited for one is shown nowhere, and the auditor is calm", "[delivery]")
{
    oncall::Configuration configuration;
    configuration.teams["payments"].channel = "";
    storage::Trouble gone;
    gone.of = {"channel", left_channel};
    gone.code = "not_in_channel";
    struct Case {
        std::string kind{};
        bool stands{};
    };
    const std::vector<Case> cases{{"card", false}, {"card", true}, {"channel_bundle", false}, {"channel_bundle", true}};
    for (const auto& one : cases) {
        INFO(one.kind << " " << one.stands);
        stored::Opened opened;
        opened.write([&](Transaction& tx) {
            storage::Troubles{tx}.note(gone.of, gone.code, "chat.postMessage", stored::noon, stored::noon);
            oncall::Alert alert;
            alert.team = "payments";
            alert.state = oncall::AlertState::acknowledged;
            storage::Alerts{tx}.add(alert);
            storage::ChannelBundle bundle;
            bundle.place = left_channel;
            auto subject = alert.id.value;
            if (one.kind == "channel_bundle") {
                storage::ChannelBundles{tx}.add(bundle);
                subject = bundle.id.value;
                if (one.stands)
                    storage::ChannelBundles{tx}.stands(bundle.id, "C1", "1.1");
            } else if (one.stands) {
                storage::Messages{tx}.add({0, alert.id, "card", left_channel, "C1", "1.1", 0});
            }
            storage::ChannelAlerts{tx}.add({alert.id, left_channel, stored::noon, bundle.id, "acknowledged"});
            wait_for_it(tx, one.kind + ":" + std::to_string(subject), one.kind, subject, left_channel);
            delivery::leave_channel(tx, gone, configuration, "", stored::noon);
            CHECK(to_leave(tx).empty());
            CHECK(storage::ChannelAlerts{tx}.find(alert.id).has_value() == one.stands);
            storage::Invariants invariants;
            for (const auto& finding : invariants.check(tx, stored::noon))
                CHECK(finding.invariant != "I8");
            return 0;
        });
    }
}
