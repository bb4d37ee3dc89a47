#include "catch.hpp"
#include "delivery/job.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/opened.hpp"

using storage::Transaction;

namespace {

/// What is left to be sent, after a post that may have been sent before was found (or was sent now).
std::int64_t left_after(const std::string& key, const std::string& kind, bool found)
{
    stored::Opened opened;
    return opened.write([&](Transaction& tx) {
        oncall::Alert alert;
        alert.triggered_at = stored::noon;
        storage::Alerts{tx}.add(alert);
        storage::ChannelBundle bundle;
        bundle.place = "#payments";
        storage::ChannelBundles{tx}.add(bundle);
        storage::ChannelAlerts{tx}.add({alert.id, bundle.place, stored::noon, bundle.id, "triggered"});
        const storage::Outbox outbox{tx};
        outbox.add(key, kind, storage::Priority::card, "#payments", alert.id.value, "#payments", stored::noon);
        auto rows = outbox.ready(stored::noon, {}, 10);
        outbox.lease(rows.front().id);
        delivery::Job job;
        job.row = rows.front();
        job.method = "chat.postMessage";
        job.alert = alert.id;
        job.version = storage::Alerts{tx}.find(alert.id)->version;
        job.kind = kind == "channel_bundle" ? "" : kind;
        job.place = kind == "card" ? "#payments" : key;
        delivery::Came came;
        came.channel = "C01PAYMENTS";
        came.ts = "1.000001";
        came.found = found;
        delivery::record(tx, job, came, "", stored::noon);
        return outbox.count() - (kind == "card" ? 1 : 0); // its thread follows the card in any case
    });
}

} // namespace

TEST_CASE("A post of unknown fate that is found is brought up to date: it may say what was so then", "[delivery][calm]")
{
    for (const std::string kind : {"channel_bundle", "card", "exhausted"}) {
        INFO(kind);
        CHECK(left_after(kind + ":1", kind, false) == 0);
        CHECK(left_after(kind + ":1", kind, true) == 1);
    }
}
