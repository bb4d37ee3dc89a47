#pragma once

#include "oncall/override_permission.hpp"

/// Somebody pages people by hand, without an alert of a source: whom that may be, and what it comes to.
namespace oncall {

/// In the order in which a bare name is taken when it is the name of several.
enum class RecipientKind { service, team, schedule, policy, user_group, person };
std::string_view name(RecipientKind kind); // "service", …, "user group", "person"

/// "service:checkout", "team:payments", "schedule:payments", "policy:payments", "group:S123" or "group:@dba" (a Slack user
/// group), "person:U123" (a Slack id, or as configured).
struct Recipient {
    RecipientKind kind{};
    std::string name{};
    bool operator==(const Recipient&) const = default;
};
std::string recipient_out(const Recipient& recipient);
/// nullopt when it does not begin with a kind and a colon, or names nobody. "user:" is a person too.
std::optional<Recipient> recipient_in(std::string_view text);
/// What a bare name may mean, in the order of kinds; without regard to case if nothing is spelt just so. "@dba" is also a team
/// whose user group that is.
std::vector<Recipient> recipients_named(std::string_view name, const Configuration& configuration);
/// Every name that a service, team, schedule or policy has, once.
std::vector<std::string> recipient_names(const Configuration& configuration);

inline constexpr std::size_t most_recipients = 10;
/// The name of a policy that was made for a page by hand.
inline constexpr std::string_view by_hand{"paged by hand"};
/// What `Alert::because` begins with when somebody, or a source, said whom to page: "paged by Bo".
inline constexpr std::string_view paged_by{"paged by "};

/// By whom a recipient is paged: a service and a team by their policy, a team without one as a whole, a policy by itself;
/// a person, a schedule and a user group three times. nullopt when it is not there any more, or a service has no policy.
std::optional<Policy> ladder_of(const Recipient& recipient, const Configuration& configuration);
/// The ladders of all, climbed together: level by level, each as soon as the quickest of them would. Who has a single level stays
/// on every one. Of several the conditions that would leave people out, and the orders that page one after the other, fall away.
/// A page by hand is for people, and for now: low urgency does not stay in the channel, and no level waits for working hours.
Policy climbed_together(std::vector<Policy> ladders);

/// What the clock says where somebody is. nullopt when the zone is not known.
struct LocalHour {
    std::string clock{}; // "03:10"
    bool asleep{}; // before 08:00 or from 22:00 on
};
std::optional<LocalHour> local_hour(TimePoint now, std::string_view time_zone);

/// Who may page by hand.
enum class MayPage { everybody, configured };
/// Whether `asker` may: every member of the workspace, or those whom the configuration names; guests, apps and strangers never.
/// Whoever Slack has not told us of counts as a member. Throws Refusal.
void permit_paging(const Asker& asker, MayPage who, bool is_configured);

/// The same page again by the same person is the one under way, for so long.
inline constexpr milliseconds same_page_within{2 * 60'000};

} // namespace oncall
