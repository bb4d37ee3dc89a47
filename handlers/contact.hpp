#pragma once

#include "blocks/contact.hpp"
#include "blocks/notification_rules.hpp"
#include "handlers/permits.hpp"
#include "oncall/contact_permission.hpp"
#include "slack/payloads.hpp"

/// How people are reached, as they set it up themselves: the one place where contact methods and notification rules change.
/// Everything but the views runs inside a transaction.
namespace handlers {

/// What was typed does not fit; `field` is of the form.
struct WrongField : std::runtime_error {
    WrongField(std::string which, const std::string& words)
        : std::runtime_error{words}
        , field{std::move(which)}
    {
    }
    std::string field;
    std::vector<std::string> holders{}; // people in whose way it is: whether they are still here is asked
};

/// A new way to be reached, as it was filled in.
struct ContactWish {
    oncall::ContactKind kind{};
    std::string typed{};
    std::string label{};
    bool consents{};
};
/// Kept, and its code is on its way. `random`: eight bytes at least, for the code. Throws Refusal and WrongField.
oncall::ContactMethod add_contact(
    storage::Transaction& tx, const Context& app, const ContactWish& wish, const std::string& random, const Asked& asked);
/// Another code. Throws Refusal.
oncall::ContactMethod send_code(
    storage::Transaction& tx, const Context& app, oncall::ContactId id, const std::string& random, const Asked& asked);
/// What typing a code came to. A wrong one is counted, so it is no exception.
struct Confirmed {
    oncall::ContactMethod method{};
    std::string problem{}; // empty: pages may go to it from now on
    std::vector<std::string> holders{}; // with a problem: as above
};
Confirmed confirm_contact(
    storage::Transaction& tx, const Context& app, oncall::ContactId id, const std::string& typed, const Asked& asked);
void label_contact(storage::Transaction& tx, oncall::ContactId id, const std::string& label, const Asked& asked);
void remove_contact(storage::Transaction& tx, oncall::ContactId id, const Asked& asked);
/// Sends a test by "slack", "email" (of the profile) or the id of one of hers. Returns what to say. Throws Refusal.
std::string test_contact(
    storage::Transaction& tx, const Context& app, const std::string& which, const std::string& key, const Asked& asked);
/// Hers, or a Refusal.
oncall::ContactMethod own_contact(storage::Transaction& tx, oncall::ContactId id, const Asked& asked);

bool is_admin(storage::Transaction& tx, const Context& app, const std::string& user);

/// The views.
slack::View contact_view(storage::Transaction& tx, const Context& app, const std::string& person, const Asked& asked,
    std::vector<std::string> notes = {});
/// Of a team, when one is named. Throws Refusal.
slack::View rules_view(storage::Transaction& tx, const Context& app, const std::string& team, const Asked& asked,
    std::vector<std::string> notes = {});

/// What a press comes to: a view on top of the one that was clicked, or instead of it.
struct ShownView {
    bool push{};
    slack::View view{};
};
/// Shows it; closed meanwhile, or clicked twice, is no trouble.
asio::awaitable<void> show_view(std::string trigger_id, std::string view_id, std::string hash, ShownView shown, Context& app);
/// A press: what `react` comes to is shown, a refusal on top of the view that was clicked.
asio::awaitable<void> show_what_comes(slack::Action pressed, std::function<ShownView(storage::Transaction&)> react, Context& app);
/// The list stays below what is on top of it, and is brought up to date.
asio::awaitable<void> show_again(std::string list, std::function<slack::View(storage::Transaction&)> load, Context& app);

} // namespace handlers
