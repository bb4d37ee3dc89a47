#pragma once

#include "blocks/blocks.hpp"
#include "delivery/job.hpp"

/// What each kind of row turns into; job.cpp has the table. A job that finds nothing to say any more is left without a method.
namespace delivery::kinds {

using storage::Transaction;

struct Pen {
    Transaction& tx;
    const Desk& desk;

    blocks::AlertView view(oncall::AlertId id) const;
};

/// "first\nrest"
std::pair<std::string, std::string> split(const std::string& body);
void post(Job& job, std::string to, slack::Message message);

// page_job.cpp: pages in Slack, alone or several in one message, and how what stands follows its alert.

/// The notification, or those of its bundle, that are still wanted. When it may be out already and nobody wants it, it is looked
/// up all the same, so that it can follow its alert.
std::optional<oncall::Notification> wanted(const Pen& pen, Job& job);
/// What a bundle's job tells of, the most important first; empty: it is the page of one alert.
std::vector<oncall::Alert> several(const Pen& pen, Job& job);
/// What stands above those that waited for the end of her quiet hours; empty: they did not.
std::string quiet_heading(const Pen& pen, oncall::BundleId id, std::size_t pages);
/// To a person or a channel.
void page(const Pen& pen, Job& job);
void skipped(const Pen& pen, Job& job);
/// Those that a bundle's message has no room for.
void bundle_rest(const Pen& pen, Job& job);
void dm_update(const Pen& pen, Job& job);
void replace(const Pen& pen, Job& job);

// contact_job.cpp: what leaves by mail and by the providers of contact methods, and what they are asked.

/// A mail cannot be looked up: one that may have been taken is sent again under the same id, unless nobody needs it any more.
void email(const Pen& pen, Job& job);
/// By a provider. Without an address it is refused: the method is no more.
void contact(const Pen& pen, Job& job);
/// Words for the owner of a contact method, by it: it need not be verified.
void words(const Pen& pen, Job& job);
/// What became of what a provider took; `body` is what it called it.
void look(const Pen& pen, Job& job);
/// What became of words that a provider took; `body` is its name, what it calls them, and the test they were.
void look_words(const Pen& pen, Job& job);
/// Somebody has answered: what a provider took calls nobody any more. `body` is what it called it.
void silence_siren(const Pen& pen, Job& job);
/// The auditor's words, to an operator.
void alarm_email(const Pen& pen, Job& job);

// alert_job.cpp: an alert's card, its thread, and what else is said of it in Slack.

void reminder(const Pen& pen, Job& job);
void still_on_it(const Pen& pen, Job& job);
void card(const Pen& pen, Job& job);
void thread(const Pen& pen, Job& job);
void exhausted(const Pen& pen, Job& job);
void dead_end(const Pen& pen, Job& job);

// words_job.cpp: words that were ready when the row was written, in Slack.

void alarm(const Pen& pen, Job& job);
void respond(const Pen& pen, Job& job);
void respond_over(const Pen& pen, Job& job);
void done(const Pen& pen, Job& job);
void override_line(const Pen& pen, Job& job);
void override_dm(const Pen& pen, Job& job);
void clash(const Pen& pen, Job& job);
/// As it stands now, instead of the list that was clicked.
void overrides(const Pen& pen, Job& job);

} // namespace delivery::kinds
