#pragma once

#include "oncall/arrival.hpp"
#include "oncall/change_event.hpp"
#include "oncall/verbs.hpp"
#include "slack/message.hpp"

/// What people see in Slack: domain in, Block Kit out, pure.
namespace blocks {

using slack::Json;
using slack::Message;
using slack::View;

/// Written once, never renamed: yesterday's messages carry them. A button's value is "<alert id>:<version shown>"; a snooze
/// option's is
/// "<alert id>:<version>:<minutes>", with 0 minutes it opens a form.
namespace action {
inline constexpr std::string_view acknowledge{"alert.acknowledge"};
inline constexpr std::string_view escalate{"alert.escalate"};
inline constexpr std::string_view resolve{"alert.resolve"};
inline constexpr std::string_view snooze{"alert.snooze"};
inline constexpr std::string_view reopen{"alert.reopen"};
inline constexpr std::string_view join{"alert.join"};
inline constexpr std::string_view promise{"alert.promise"};
inline constexpr std::string_view decline{"alert.decline"}; // opens a form
inline constexpr std::string_view note{"alert.note"}; // opens a form
inline constexpr std::string_view undo{"alert.undo"};
inline constexpr std::string_view still_on_it{"alert.still_on_it"};
inline constexpr std::string_view more{"alert.more"}; // a menu; an option's value is "<verb>:<alert id>:<version>[:<minutes>]"
inline constexpr std::string_view open_page{"page.open"}; // value: "alert:<id>", "service:<name>", "team:<name>", or none
inline constexpr std::string_view suggestion_merge{"suggestion.merge"}; // value: "<alert id>:<into, an alert's id>"
inline constexpr std::string_view suggestion_refuse{"suggestion.refuse"}; // the same
} // namespace action
namespace view {
inline constexpr std::string_view verb{
    "verb.submit"}; // private_metadata: "<verb>:<alert id>:<version>", no id: chosen in the form
inline constexpr std::string_view verb_alert{"alert"};
inline constexpr std::string_view verb_person{"person"};
inline constexpr std::string_view verb_text{"text"};
inline constexpr std::string_view verb_minutes{"minutes"};
inline constexpr std::string_view verb_until{"until"};
} // namespace view

/// What people are called, by Slack id or as configured. Who is not in it, or has an empty name, is shown by their id.
using Names = std::map<std::string, std::string>;

/// An alert with what surrounds it, ready to show. People are Slack ids or as configured.
struct AlertView {
    oncall::Alert alert{};
    std::optional<oncall::Page> page{};
    std::vector<std::string> paged{}; // reached by the step last run
    struct Held {
        std::string person{};
        oncall::TimePoint until{};
    };
    std::vector<Held> held{}; // not told before their quiet hours are over
    std::vector<std::string> next{}; // reached by the next step
    oncall::TimePoint next_at{}; // when that is; zero: never
    struct Back {
        oncall::TimePoint at{};
        oncall::milliseconds over_for{};
        std::string flapping{}; // "5 times in 30 minutes"; empty: it does not flap
    };
    std::optional<Back> back{}; // it was over and came back within its grace: the last time
    std::optional<oncall::Hold> hold{}; // nobody is paged for it before then; none: it is not held back
    struct Suggestion {
        oncall::Alert into{};
        std::string because{}; // "checkout depends on db, 2 min apart"
    };
    std::optional<Suggestion> suggestion{}; // that it belongs to that one, as far as nobody has decided
    std::string runbook{};
    std::string schedule_note{}; // "on call by schedule payments", for the DM
    std::string why{}; // why this person, for the DM: rule → service → policy → schedule
    std::vector<std::string> asked{}; // to help, and have not answered
    std::vector<std::string> helping{}; // on the way
    std::string again{}; // why the page began though the alert had been answered; empty: it had not
    std::vector<oncall::Notification> attempts{}; // of the page, oldest first, without what the fallback channel was told
    std::vector<std::string> acknowledged{}; // who has, in their order
    int needed{1}; // people to acknowledge it
    oncall::TimePoint still_asked_at{}; // when "still on it?" was asked and has not been answered; zero: it is not
    oncall::TimePoint still_due{}; // when that pages again
    bool unanswered{}; // it was over by itself before anybody had answered a page of high urgency
    bool in_channel{}; // of low urgency, and its policy shows it without paging anybody
    std::vector<oncall::ChangeEvent> changes{}; // of its service, that may have to do with it; oldest first
    struct Before {
        oncall::AlertId id{};
        oncall::TimePoint fired_at{};
        oncall::TimePoint over_at{};
        std::string by{}; // who resolved it, or had it; empty: nobody did
        bool resolved{}; // by that person, and not by itself
        std::string note{}; // of how it ended, by a person
    };
    std::optional<Before> before{}; // the same alert, the time before
    struct Neighbour {
        oncall::AlertId id{};
        std::string title{};
    };
    std::vector<Neighbour> beside{}; // open alerts of its service that came shortly before it, the newest first
    std::size_t beside_count{}; // how many these are
    bool beside_more{}; // and maybe more
    /// Alerts that it stands for.
    struct Group {
        std::int64_t open{};
        std::int64_t over{};
        std::vector<oncall::Alert> some{}; // those to be listed
        bool over_by_source{}; // itself it is, and they are not
    };
    Group group{};
    std::optional<oncall::Alert> parent{}; // the alert that stands for this one
    Names names{};
};

/// The channel's card. Only the people being paged right now are mentioned.
Message card(const AlertView& shown);
/// The page as a person gets it: the whole story in `text`. `person` is whose DM it is.
Message page(const AlertView& shown, const std::string& person);
/// New lines of the card's thread. No mentions: people are written by name, also those the entries mention.
Message history(const std::vector<oncall::TimelineEntry>& entries, const Names& names = {});
/// The cry in the fallback and the team's channel when a page found nobody.
Message exhausted(const AlertView& shown);
/// A configuration's dead end: an unmapped alert, a level with nobody. `what` is as in words().
Message dead_end(const AlertView& shown, const std::string& what);

/// Who is on call, for one schedule.
struct OnCallLine {
    std::string schedule{};
    std::string team{};
    oncall::OnCall on_call{};
};
Message who(const std::vector<OnCallLine>& lines, oncall::TimePoint now, const Names& names = {});
Message help();
/// Open alerts, those being paged first and the newest first; what does not fit and `more` are counted. `whose`: "of team
/// payments", "in this channel"; empty: all there are. `notes`: what else is not well, as plain words.
Message status(const std::vector<AlertView>& open, oncall::TimePoint now, bool slack_up, const std::string& whose = {},
    std::size_t more = 0, const std::vector<std::string>& notes = {});
/// The form of a verb: with `alert` for that one, else for one of `choices`; with more than a menu holds it asks for them.
struct VerbForm {
    oncall::Verb verb{};
    std::optional<oncall::Alert> alert{};
    std::vector<oncall::Alert> choices{};
};
View verb_modal(const VerbForm& form);
/// "You said you would be on it by now": to whoever promised.
Message reminder(const AlertView& shown);
/// "Still on it?", with one button: to whoever acknowledged.
Message still_on_it(const AlertView& shown);
/// Words for whoever did something, with a button that takes it back; `value` is the button's.
Message done(const std::string& plain, const std::string& value, const Names& names = {});
/// A refusal, or any other short answer, as plain words. `<@U…>` in it becomes a name and `<!date^…>` a date of ours; all else
/// that Slack would take for a token is shown as it stands.
Message words(const std::string& plain, const Names& names = {});
/// Words of ours where Slack shows no markup (under a form's field), and in e-mail: people by name, times in UTC.
std::string plain(const std::string& words, const Names& names);
Message something_broke(const std::string& reference);

} // namespace blocks
