#pragma once

#include "handlers/covers.hpp"
#include "handlers/routes.hpp"

/// The routes of cover, swaps and takes, and what commands and forms share.
namespace handlers {

// cover_commands.cpp
/// `cover me friday 18:00-22:00`: asks others to take a time on call; alone a form opens; `cover cancel` calls it off.
Answer cover(slack::Command command, std::string rest, std::string delivery, Context& app);
/// `swap`, or with a person: the form that asks for one shift in exchange for another.
Answer swap_shifts(slack::Command command, std::string rest, std::string delivery, Context& app);
/// `take @bo friday 18:00-22:00`: asks whether one may be on call instead; alone, or with a schedule, a form opens.
Answer take_shift(slack::Command command, std::string rest, std::string delivery, Context& app);
/// Take it, cancel, agree, decline.
Answer click_cover(slack::Action action, std::string delivery, Context& app);
Answer click_cover_part(slack::Action action, std::string delivery, Context& app);
/// Somebody is away in a shift of theirs: the form, with that shift chosen.
Answer click_cover_ask(slack::Action action, std::string delivery, Context& app);
// cover_forms.cpp
Answer submit_cover(slack::Submission submission, std::string delivery, Context& app);
Answer submit_cover_part(slack::Submission submission, std::string delivery, Context& app);
Answer submit_swap(slack::Submission submission, std::string delivery, Context& app);
Answer submit_take(slack::Submission submission, std::string delivery, Context& app);

/// Numbers with colons between them, and what follows: "<id>:<version>", "<from>:<to>:<rest>".
struct Numbers {
    std::int64_t first{};
    std::int64_t second{};
    std::string rest{};
};
Numbers numbers_in(const std::string& text);

/// "… because I am at the dentist's": the reason, in 300 bytes at most; its words go.
std::string cut_reason(std::vector<std::string>& words);

/// In which somebody reads and writes times: that of the Slack profile.
std::string zone_of(storage::Transaction& tx, const std::string& user);
/// How she reads them: by the profile's language and region.
oncall::TimeStyle style_of(storage::Transaction& tx, const std::string& user);

/// For whoever asked.
std::string asked_words(const oncall::CoverRequest& request);

/// The form that asks for cover, of one schedule or of all, with the shift at `about` chosen. Throws Refusal when there is
/// nothing to cover.
slack::View cover_form_of(
    storage::Transaction& tx, const Context& app, const std::string& schedule, TimePoint about, const Asked& asked);
/// The form that asks for a swap, `with` one person or with anybody. Throws Refusal when there is nothing to swap.
slack::View swap_form_of(storage::Transaction& tx, const Context& app, const std::string& with, const Asked& asked);
/// The form that asks for a shift of somebody else, by one schedule; else by all that she shares, or by some others where she
/// shares none. Throws Refusal when nobody else has one.
slack::View take_form_of(storage::Transaction& tx, const Context& app, const std::string& schedule, const Asked& asked);

} // namespace handlers
