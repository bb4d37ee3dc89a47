#pragma once

#include "oncall/channel_bundling.hpp"
#include "storage/database.hpp"

#include <set>

/// Where alerts are shown in their channels, and what of them is said there.
namespace storage {

using oncall::TimePoint;

struct ChannelAlert {
    oncall::AlertId alert{};
    std::string place{}; // the channel as configured
    TimePoint opened_at{};
    oncall::ChannelBundleId bundle{}; // zero: it has a card of its own
    std::string state{}; // that the channel knows of
};
struct ChannelAlerts {
    Transaction& tx;

    void add(const ChannelAlert& one) const;
    std::optional<ChannelAlert> find(oncall::AlertId alert) const;
    void knows(oncall::AlertId alert, const std::string& state) const;
    /// It is shown nowhere any more, and is placed anew by whoever shows it next.
    void forget(oncall::AlertId alert) const;
    /// When those came that were first shown there since then; drills and pages by hand make no storm.
    std::vector<TimePoint> opened(const std::string& place, TimePoint since) const;
};

/// Alerts that share one card.
struct ChannelBundle {
    oncall::ChannelBundleId id{};
    std::string place{};
    TimePoint opened_at{};
    std::string channel{}; // where it stands; empty: it does not yet
    std::string ts{};
};
struct ChannelBundles {
    Transaction& tx;

    /// Stores a new one; sets its id.
    void add(ChannelBundle& bundle) const;
    std::optional<ChannelBundle> find(oncall::ChannelBundleId id) const;
    /// The channel's last one.
    std::optional<ChannelBundle> newest(const std::string& place) const;
    /// The one that shows the alert; nullopt: it has a card of its own.
    std::optional<ChannelBundle> of_alert(oncall::AlertId alert) const;
    std::vector<oncall::AlertId> alerts(oncall::ChannelBundleId id) const;
    /// Where it was posted; empty: nowhere any more.
    void stands(oncall::ChannelBundleId id, const std::string& channel, const std::string& ts) const;
    /// It is to be posted there from here on, as if it stood nowhere.
    void moved(oncall::ChannelBundleId id, const std::string& place) const;
};

/// Lines of timelines that are told in their threads at every verbosity.
struct Shouts {
    Transaction& tx;

    /// The alert's last line is one.
    void add(oncall::AlertId alert) const;
    /// Of the alert's lines after that one.
    std::set<std::int64_t> after(oncall::AlertId alert, std::int64_t entry) const;
};

} // namespace storage
