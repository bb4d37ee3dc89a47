#pragma once

#include "blocks/heartbeats.hpp"
#include "config/items.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/random.hpp"
#include "doors/tasks.hpp"
#include "net/message.hpp"
#include "oncall/bundling.hpp"
#include "oncall/calendars.hpp"
#include "oncall/contact.hpp"
#include "oncall/flapping.hpp"
#include "oncall/in_force.hpp"
#include "oncall/paging_by_hand.hpp"
#include "storage/repositories.hpp"

#include <memory>
#include <set>

namespace slack {
class Client;
struct Profile;
} // namespace slack

/// What happens when someone or something asks.
namespace handlers {

struct SnsMemory; // handlers/sns.cpp
struct Asked;
struct SyncWish; // handlers/directories.hpp
struct SyncReport; // likewise

namespace asio = boost::asio;
using storage::TimePoint;

/// What every handler is handed. Lives as long as the service; used on the loop alone, but for what transactions read:
/// `configuration()` and `fallback_channel`.
struct Context {
    storage::Database& database;
    slack::Client& slack;
    doors::Clock& clock;
    doors::Random& random;
    doors::Tasks& tasks;
    logging::Log& log;
    oncall::InForce& in_force;
    std::string fallback_channel{};
    std::vector<std::string> admins{}; // ONCALL_ADMINS
    std::string address{}; // where alerts are posted to, as "https://oncall.example.com"
    bool public_address{}; // it was configured, and is not just where we listen
    bool require_waking{}; // ONCALL_REQUIRE_WAKING: a rule of high urgency must be able to wake its owner
    oncall::Bundling bundling{}; // ONCALL_BUNDLE_AFTER, ONCALL_BUNDLE_HOLD
    oncall::Recurrence recurrence{}; // ONCALL_REOPEN_WITHIN, ONCALL_FLAPPING_FROM
    oncall::MayPage may_page{}; // ONCALL_MAY_PAGE: who pages by hand
    int pages_an_hour{20}; // ONCALL_PAGES_AN_HOUR: how often one person may
    bool suggests{true}; // ONCALL_SUGGESTIONS: new alerts are said to belong to open ones, on their cards
    std::set<oncall::ContactKind> ways{oncall::ContactKind::slack}; // that are set up: there is a server or a provider for them
    std::map<std::string, std::vector<std::string>> twilio_auth_tokens{}; // that its requests are signed with, by account
    std::vector<std::string> callers{}; // the numbers that SMS and calls come from
    bool private_webhooks{}; // ONCALL_PRIVATE_WEBHOOKS: they may lead to private addresses
    std::vector<std::string> countries{}; // ONCALL_COUNTRIES: whose numbers may be used; empty: all
    std::string answer_secret{}; // signs the answer links; set before anything is served
    std::string push_key{}; // by which browsers subscribe, in base64url; empty: they cannot
    std::string home_team{}; // our Slack workspace; empty until Slack has said
    std::string bot_user{}; // who we are there; empty until Slack has said
    std::map<std::string, storage::SourceKey> source_by_key{}; // by SHA-256 of the key; also those whose time is over
    std::map<std::string, std::vector<std::string>> source_secrets{}; // by source: any of them signs; put_in_force's
    std::optional<std::vector<config::Item>> items{}; // of what is in force, as stored; put_in_force's
    oncall::Configuration made_of_items{}; // without overrides and keys; put_in_force's
    std::vector<oncall::Nameless> nameless{}; // events of rotations by which nobody is on duty; put_in_force's
    std::function<bool()> slack_up{};
    std::function<void(std::string user)> meet{}; // somebody did something, or is to: learns who that is; empty: nobody
    std::function<std::string(const std::string& user)> kind_of{}; // "member", "guest" … as far as it is known; empty: to nobody
    std::function<asio::awaitable<void>(const slack::Profile& told)>
        hear_of{}; // an event says who somebody is now; empty: nobody
    std::function<void()> configured{}; // another configuration is in force: whoever follows it looks again; empty: nobody
    std::function<void(bool opened)>
        look_at_homes{}; // what Home shows may have changed, or somebody opened it; empty: nobody looks
    std::function<asio::awaitable<net::Response>(std::string url)>
        get_public{}; // what is at an https:// address of the internet, small and quick, no redirect followed; throws; empty:
                      // nothing
    std::function<blocks::OutgoingBeat()> our_beat{}; // the ping that goes out from us, as it stands; empty: nobody knows
    std::function<asio::awaitable<SyncReport>(std::string directory, SyncWish wish, Asked asked)>
        sync_directory{}; // reads it now and takes it up; throws Refusal where there is none; empty: nothing
    std::shared_ptr<SnsMemory> sns{};
    std::shared_ptr<std::size_t> answering{
        std::make_shared<std::size_t>(0)}; // what somebody waits for; whoever ends the service gives it a moment
    std::map<std::string, std::string> previews{}; // of each form that follows its fields: the newest change taken in

    /// What holds now. Keep it in a local for as long as anything of it is used.
    std::shared_ptr<const oncall::Configuration> configuration() const { return in_force.get(); }
};

/// Who asks, by which way, and when.
struct Asked {
    std::string actor{}; // a Slack user id; empty: nobody, the source or the service itself
    std::string actor_team{};
    std::string via{}; // for the timeline: "a button in Slack", "/oncall", "alertmanager", "a timer"
    TimePoint now{};
    std::string home_team{}; // as far as known; others may not change anything
    std::string actor_name{}; // what Slack calls the actor, until she has been looked up
};

} // namespace handlers
