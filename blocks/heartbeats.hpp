#pragma once

#include "blocks/form.hpp"
#include "oncall/heartbeat.hpp"

/// `/oncall heartbeats`: what is to be heard of, and whether it was.
namespace blocks {

namespace action {
inline constexpr std::string_view heartbeats_list{"heartbeats.list"}; // "<page>"
inline constexpr std::string_view heartbeats_list_back{"heartbeats.list.back"}; // the same
inline constexpr std::string_view heartbeats_add{"heartbeats.add"};
inline constexpr std::string_view heartbeats_menu{
    "heartbeats.menu"}; // a menu: "lines:<id>", "pause:<id>", "resume:<id>", "edit:<id>", "delete:<id>"
} // namespace action
namespace view {
inline constexpr std::string_view heartbeats{"heartbeats"}; // private_metadata: "<page>"
} // namespace view

struct HeartbeatLine {
    oncall::Heartbeat heartbeat{};
    bool may_edit{}; // whoever looks
};
/// Ours, to a monitor outside.
struct OutgoingBeat {
    bool is_set{};
    bool fails{};
    oncall::TimePoint last{}; // that was answered; TimePoint{}: none since the start
};
struct HeartbeatsView {
    std::vector<HeartbeatLine> lines{};
    std::size_t page{};
    std::string said{}; // on top: what has just been done; empty: nothing
    OutgoingBeat ours{};
    oncall::TimePoint now{};
    Names names{};
};
/// "paused until tomorrow at 12:00 by Ana: the disk is moved"
kit::Mrkdwn pause_words(const oncall::Heartbeat& paused, const Names& names);
View heartbeats_list(const HeartbeatsView& shown);

} // namespace blocks
