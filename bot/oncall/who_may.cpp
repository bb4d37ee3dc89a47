#include "oncall/who_may.hpp"

#include "oncall/alert.hpp"

#include <algorithm>
#include <array>

namespace oncall {

namespace {

struct DeedRow {
    Deed deed{};
    std::string_view stranger{};
    std::string_view guest{};
    std::string_view bot{};
    std::string_view gone{};
    std::string_view unknown{};
};

constexpr std::string_view only_members{"Only members of this workspace can do that. Ask somebody here to do it for you."};
constexpr std::string_view not_known_yet{"I don't know you yet and am asking Slack who you are. Try again in a moment."};
constexpr std::string_view no_overrides{"Guests of this workspace cannot change who is on call."};
constexpr std::string_view no_silences{"Guests of this workspace cannot hold back pages. Ask a member to do it."};
constexpr std::string_view no_posts{"Guests of this workspace cannot post schedules in channels. Ask a member to do it."};
constexpr std::string_view no_coverage{"Guests of this workspace cannot see what is to be mended. Ask a member to do it."};
constexpr std::string_view no_reports{"Guests of this workspace can only see their own hours: `/oncall report me`."};
constexpr std::string_view no_looks{
    "Only people of this workspace can look around in its alerts and schedules. Ask somebody here to show you."};
constexpr std::string_view no_takers{"Guests of this workspace cannot change who is on call. Ask a full member to take it."};
constexpr std::string_view no_pages{"Guests of this workspace cannot page people. Ask a member to do it for you."};
constexpr std::string_view no_apps{"Apps answer no alerts; they report to a source's key."};
constexpr std::string_view no_answers{"Your account is deactivated in Slack, so you cannot answer alerts any more."};
constexpr std::string_view no_settings{"Guests of this workspace can't change settings."};

// Apps act by no hands, and whoever is deactivated by no screen; what comes in their name all the same is by a link, a text
// message or a press from before.
constexpr std::array deeds{
    DeedRow{Deed::look, no_looks, "", "", "", ""},
    DeedRow{Deed::post, no_looks, no_posts, no_posts, "", not_known_yet},
    DeedRow{Deed::see_coverage, no_looks, no_coverage, no_coverage, "", not_known_yet},
    DeedRow{Deed::see_report, no_looks, no_reports, no_reports, "", not_known_yet},
    DeedRow{Deed::see_own_report, no_looks, "", "", "", ""},
    DeedRow{Deed::answer, only_members, "", no_apps, no_answers, ""},
    DeedRow{Deed::page_on, only_members, no_pages, no_apps, no_answers, ""},
    DeedRow{Deed::page, "Only members of this workspace can page its people. Ask somebody here to do it for you.", no_pages,
        "Apps do not page by hand; they send alerts by a source's key.",
        "Your account is deactivated in Slack, so you cannot page people.", ""},
    DeedRow{Deed::override_schedule, only_members, no_overrides, no_overrides, no_overrides, ""},
    DeedRow{Deed::silence, only_members, no_silences, no_silences, no_silences, not_known_yet},
    DeedRow{Deed::take_shift, "Only members of this workspace can be on call here. Ask somebody of this workspace to take it.",
        no_takers, no_takers, no_takers, not_known_yet},
    DeedRow{Deed::change_settings, "Only members of this workspace can change settings. Ask somebody here to do it for you.",
        no_settings, no_settings, no_settings, not_known_yet},
    DeedRow{Deed::set_contact, "Only people of this workspace are paged by me, so there is nothing to set up for you here.", "",
        "Apps are not paged.", "", ""},
    DeedRow{Deed::be_away, "Only members of this workspace have absences here.", "", "",
        "Your account is deactivated in Slack, so you have no absences here.", ""},
    DeedRow{Deed::read_calendar, "Only members of this workspace have calendars here.", "", "",
        "Your account is deactivated in Slack, so you have no calendars here.", ""},
    DeedRow{
        Deed::hand_over, only_members, "", "", "Your account is deactivated in Slack, so no shift is handed over to you.", ""},
    DeedRow{Deed::speak, "Only members of this workspace can ask me.", "", "", "", ""},
};

} // namespace

bool is_elsewhere(std::string_view kind, std::string_view actor_team, std::string_view home_team)
{
    if (kind == "member" || kind == "guest")
        return false;
    return kind == "stranger" || (!actor_team.empty() && !home_team.empty() && actor_team != home_team);
}

std::string_view why_may_not(Deed deed, std::string_view kind, bool stranger)
{
    const auto* const row = std::find_if(deeds.begin(), deeds.end(), [&](const DeedRow& one) { return one.deed == deed; });
    if (stranger || kind == "stranger")
        return row->stranger;
    return kind == "guest" ? row->guest
        : kind == "bot"    ? row->bot
        : kind == "gone"   ? row->gone
        : kind.empty()     ? row->unknown
                           : std::string_view{};
}

void permit(Deed deed, std::string_view kind, bool stranger, std::string_view more)
{
    if (const auto why = why_may_not(deed, kind, stranger); !why.empty())
        throw Refusal{std::string{why} + std::string{more}};
}

} // namespace oncall
