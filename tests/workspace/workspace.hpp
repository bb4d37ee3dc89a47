#pragma once

#include "doors/clock.hpp"
#include "doors/random.hpp"
#include "doors/tasks.hpp"
#include "net/network.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A strict stand-in for Slack: one workspace with people, channels and one installed app, written from the platform's
/// documentation alone. It refuses what the real one refuses, never tells more than the real one tells, and lives on the clock it
/// is given. Tests and the demo act as the people; the bot talks to it over the network. One thread.
namespace workspace {

using Json = nlohmann::ordered_json;
using doors::TimePoint;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct State;
class Face;

struct Doors {
    net::Network& network;
    doors::Clock& clock;
    doors::Random& random;
    doors::Tasks& tasks;
};

/// How the installed app and its workspace are set up.
struct Settings {
    std::set<std::string> commands{"/oncall"};
    /// Where requests go in HTTP mode: then Socket Mode is off. Empty: Socket Mode.
    std::string events_url{};
    std::string commands_url{};
    std::string interactions_url{};
    std::string options_url{}; // of menus that ask for their options; without one they stay empty
    bool should_escape{true}; // mentions in commands arrive as <@U…>
    bool home_tab_enabled{true};
    bool messages_tab_enabled{true};
    bool own_messages_come_back{true}; // as message events, like everybody's
    int post_burst{5}; // chat.postMessage per channel, then one a second
    int posts_per_minute{300}; // chat.postMessage in the whole workspace
    int links{10}; // beyond: too_many_websockets
    std::string app_token_is_of{}; // the app's id; empty: of the one the bot token is of
    seconds link_lifetime{18'060}; // then a `warning`, and the end 10 s later; 0: never
    milliseconds ack_limit{3'000};
    bool has_user_groups{true}; // a paid plan; without: plan_upgrade_required
    bool everyone_edits_groups{true}; // else admins alone, and no bot: permission_denied
    bool everyone_sets_topics{true}; // else user_is_restricted
    std::size_t largest_group{10'000};
    milliseconds file_takes{1'500}; // from when it is completed to when it is seen in its channel, and may be shown by blocks
    /// Bot scopes; without one: missing_scope.
    std::set<std::string> scopes{"app_mentions:read", "channels:history", "channels:join", "channels:manage", "channels:read",
        "channels:write.topic", "chat:write", "chat:write.public", "commands", "dnd:read", "files:read", "files:write",
        "groups:history", "groups:read", "groups:write", "groups:write.topic", "im:history", "im:read", "im:write", "mpim:write",
        "reactions:read", "reactions:write", "team:read", "usergroups:read", "usergroups:write", "users:read",
        "users:read.email"};
    /// Bot events the app subscribes to.
    std::set<std::string> events{"app_home_opened", "app_mention", "message.im", "reaction_added", "member_joined_channel",
        "channel_archive", "subteam_members_changed", "user_change", "team_join"};
};

/// A message as it was when asked for: a copy. Its identity is `channel` and `ts`; acting on it acts on what is there now.
struct Message {
    std::string channel{}; // id
    std::string ts{}; // within its channel
    std::string thread_ts{}; // empty: not in a thread
    std::string user{}; // id of the author; the bot's is Workspace::bot_user()
    std::string text{}; // as sent, still mrkdwn: what push, banners and screen readers use
    Json blocks = Json::array();
    Json attachments = Json::array();
    Json metadata{}; // null: none
    std::vector<std::string> files{}; // ids of those that are shared by it
    bool broadcast{}; // a reply also shown in the channel
    bool ephemeral{}; // only `seen_by` sees it; neither history nor chat.update knows it
    std::string seen_by{}; // id of a person, for ephemeral ones
    std::set<std::string> reactions{};
    TimePoint posted{};
    /// What it said before each edit, oldest first.
    struct Edit {
        TimePoint at{};
        std::string text{};
        Json blocks = Json::array();
        Json attachments = Json::array();
    };
    std::vector<Edit> edits{};
};

/// Thrown where a person could not do what a test asks of her, since it is not on her screen: "no [Resolve] in …". Also by
/// look-ups.
struct NotThere : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Something on its way to the app, and how it ended; a handle that keeps telling the newest. For gestures of people (clicks,
/// commands, modals) there is one attempt; events are tried up to four times.
class Delivery {
public:
    struct Course;
    explicit Delivery(std::shared_ptr<const Course> course)
        : course_{std::move(course)}
    {
    }

    /// At least once handed to a link.
    bool delivered() const;
    /// Answered within the 3 s, and the answer made sense.
    bool acked() const;
    /// Neither answered nor given up yet.
    bool pending() const;
    /// How often it was handed to a link or found none.
    int attempts() const;
    /// What the person is shown instead of success: "" (nothing wrong, or still pending), "operation_timeout" (no answer in
    /// time), "dispatch_failed" (no link), "invalid_response: …" (the answer was none Slack takes), or, for a modal that its own
    /// fields refuse before anything is sent, "form: …".
    std::string error() const;
    /// The ack's payload; null without one.
    const Json& answer() const;
    /// From sending to the ack that counted.
    milliseconds took() const;
    /// Of the latest attempt.
    std::string envelope_id() const;

private:
    std::shared_ptr<const Course> course_;
};

/// A modal or a Home tab as the person sees it: a copy.
struct View {
    std::string id{};
    std::string title{};
    Json json{}; // as the payloads show it, with state.values
    std::map<std::string, std::string> errors{}; // block_id → text under the field
};

/// What to put into the fields of a modal, in this order. A field is named by its label, block_id or action_id, or by both ids,
/// "block_id/action_id", as any other element may be. Values: text; for choices the option's label or value; for people and
/// channels a name ("bo", "#ops") or an id; several are separated by commas, or by ends of lines; "" empties the field; dates
/// "2026-11-02", times "09:30", datetimepicker unix seconds.
using Fields = std::vector<std::pair<std::string, std::string>>;

struct PersonOptions {
    std::string real_name{};
    bool deleted{};
    bool guest{};
    bool is_bot{};
    std::string team{}; // another workspace's, met in a shared channel; empty: ours
    std::string id{}; // empty: one is made
};

/// One member of the workspace, with her hands and eyes.
class Person {
public:
    Person(State& state, std::string id)
        : state_{state}
        , id_{std::move(id)}
    {
    }

    const std::string& id() const { return id_; }
    const std::string& name() const;

    /// Her next Do Not Disturb lasts from then until then.
    void do_not_disturb(TimePoint from, TimePoint until);

    /// Her direct messages with the bot, threads included, in the order of their posting, with what only she can see there.
    std::vector<Message> dms() const;
    /// The latest of the bot's among them; throws NotThere when there is none.
    Message last_dm() const;
    /// What only she was shown, everywhere, oldest first: answers to commands, chat.postEphemeral, response_url.
    std::vector<Message> ephemerals() const;
    Message last_ephemeral() const;

    /// Presses a button of a message by its label or action_id (the first of that name), as the message is now.
    Delivery click(const Message& message, std::string_view label);
    /// The same on the copy at hand, as somebody whose screen is behind.
    Delivery click_as_seen(const Message& message, std::string_view label);
    /// Chooses an option of a select, overflow, radio or checkbox element of a message. The element is named by its placeholder,
    /// action_id or block_id; "" means whichever has that option.
    Delivery choose(const Message& message, std::string_view element, std::string_view option);

    /// Types "/oncall who" into a channel ("#ops" or an id); without one, into her DM with the bot.
    Delivery command(std::string_view command, std::string_view text = {}, std::string_view place = {});
    /// Writes a message; "@name", "#name" and "@bot" become mentions. In a thread when `thread` is given. The deliveries are of
    /// the events the app gets for it.
    std::vector<Delivery> say(std::string_view place, std::string_view text, std::string_view thread = {});
    std::vector<Delivery> say_to_bot(std::string_view text);
    std::vector<Delivery> react(const Message& message, std::string_view emoji);
    Delivery shortcut(std::string_view callback_id);
    Delivery message_shortcut(std::string_view callback_id, const Message& message);

    /// The modal she looks at (the top of the stack); throws NotThere without one.
    View modal() const;
    /// How many lie on each other, 0 to 3.
    std::size_t modals() const;
    /// Fills fields of that modal. Where a field tells the app at once (dispatch_action, or an element outside an input), it
    /// does; those deliveries are returned.
    std::vector<Delivery> fill(const Fields& fields);
    /// Gives a file of her own in a field for files of that modal, in place of those she gave before; it is Slack's from then on,
    /// and the app may read it with files:read.
    void attach(std::string_view field, std::string_view name, std::string_view bytes);
    /// Types into an external select, which asks the app for options; `fill` chooses among the answer.
    Delivery look_up(std::string_view field, std::string_view typed);
    /// `beside`: the one in a section whose text has that in it; "": the first of that name.
    Delivery click_modal(std::string_view label, std::string_view beside = {});
    Delivery choose_modal(std::string_view element, std::string_view option, std::string_view beside = {});
    /// Presses the modal's own button. Fields that must not be empty are checked before anything is sent.
    Delivery submit();
    /// Cancel: this view alone. The app is told when the view has notify_on_close; otherwise nothing is delivered.
    Delivery close();
    /// The cross: the whole stack.
    Delivery close_all();

    /// Opens the app's Home tab (event app_home_opened).
    std::vector<Delivery> open_home();
    /// The Home tab as last published; throws NotThere before that.
    View home() const;
    Delivery click_home(std::string_view label);
    Delivery choose_home(std::string_view element, std::string_view option);

private:
    State& state_;
    std::string id_;
};

struct ChannelOptions {
    std::vector<std::string> members{}; // names
    bool bot{}; // the bot is a member
    bool is_private{};
    bool is_archived{};
    bool read_only{}; // restricted_action_read_only_channel for the bot
    std::string id{}; // empty: one is made
};

class Channel {
public:
    Channel(State& state, std::string id)
        : state_{state}
        , id_{std::move(id)}
    {
    }

    const std::string& id() const { return id_; }
    std::string name() const;
    /// What everybody sees in the channel itself, oldest first: no replies but broadcast ones.
    std::vector<Message> messages() const;
    Message last() const;
    /// The replies to a message, oldest first, without it.
    std::vector<Message> thread(const Message& parent) const;
    void archive(bool archived = true);
    /// As its head shows it: plain text.
    std::string topic() const;
    /// Somebody writes it; "@name" and "#name" become mentions, addresses links.
    void set_topic(std::string_view typed);
    void admit_bot(bool member = true);
    void admit(std::string_view person, bool member = true);
    bool has_bot() const;

private:
    State& state_;
    std::string id_;
};

/// A mention of a whole crowd in something the bot posted.
struct Broadcast {
    std::string channel{};
    std::string ts{};
    std::string range{}; // "channel", "here", "everyone"
    std::string text{};
};

/// A call of the Web API, or of a response_url (method "response_url").
struct Call {
    TimePoint at{};
    std::string method{};
    Json arguments{};
    int status{200};
    std::string error{}; // "" when ok:true was decided, even if the answer was lost
    Json answer{};
};

/// One thing somebody said, did or saw.
struct Line {
    TimePoint at{};
    std::string who{}; // "ana", "bot", "slack"
    std::string text{};
};

/// A file as the app completed it.
struct File {
    std::string id{};
    std::string name{};
    std::string title{};
    std::string alt{};
    std::string bytes{};
    std::set<std::string> channels{}; // ids of those it was shared in
};

class Workspace {
public:
    /// Listens on `address`, "127.0.0.1:0" for a real loopback port, or "slack.com:443" on a network in memory: then the Web API,
    /// the links and the response_urls have the hosts they have in life. Everything else has one host for all three.
    Workspace(Doors doors, std::string address, Settings settings = {});
    ~Workspace();

    std::string api_url() const; // ends in "/api/"
    const std::string& bot_token() const;
    const std::string& app_token() const;
    const std::string& signing_secret() const;
    const std::string& team_id() const;
    const std::string& app_id() const;
    const std::string& bot_user() const;
    Settings& settings();

    // People and places. Names are unique; a Person or Channel lives as long as the workspace.
    Person& add_person(std::string name, std::string email, std::string tz = "Europe/Berlin", PersonOptions options = {});
    /// `name` with or without "#".
    Channel& add_channel(std::string name, ChannelOptions options = {});
    /// Returns its id: `id`, or one that is made. `handle` without "@".
    std::string add_user_group(std::string handle, std::vector<std::string> members, std::string id = {});
    /// Who is in it, by name, sorted.
    std::vector<std::string> user_group(std::string_view handle) const;
    /// Somebody changes it by hand.
    void set_user_group(std::string_view handle, const std::vector<std::string>& members);
    void enable_user_group(std::string_view handle, bool enabled);
    void rename_user_group(std::string_view handle, std::string_view other);
    Person& person(std::string_view name_or_id);
    Channel& channel(std::string_view name_or_id);
    // An account changes, and the app is told of it by user_change.
    void deactivate(std::string_view person);
    void reactivate(std::string_view person);
    void rename(std::string_view person, std::string name);
    /// Another time zone, and another language if one is given.
    void move(std::string_view person, std::string time_zone, std::string locale = {});
    /// What she is doing just now, as people set it all day.
    void set_status(std::string_view person, std::string status);
    void make_guest(std::string_view person, bool guest = true);

    /// The message as it is now; throws NotThere when it was deleted.
    Message now(const Message& message) const;
    /// All that is in a conversation, replies too, without ephemeral ones.
    std::vector<Message> all(std::string_view channel_id) const;

    // What was seen.
    /// What a person reads: blocks and attachments line by line (text alone when there are none), mentions as @name, times in
    /// UTC, buttons as [Label], menus as [Label ▾].
    std::string plain(const Message& message) const;
    std::string plain(const View& view) const;
    /// What a lock screen shows: `text` alone.
    std::string push(const Message& message) const;
    const std::vector<Line>& log() const;
    /// The log as text, one line each with its time, for reading and for failure messages.
    std::string story() const;
    const std::vector<Broadcast>& broadcasts() const;
    /// Those that were completed, oldest first.
    std::vector<File> files() const;
    const std::vector<Call>& calls() const;
    std::vector<Call> calls(std::string_view method) const;
    /// What the app did against the protocol where Slack has no answer to give: acks of unknown envelopes, payloads nobody asked
    /// for, calls before a Retry-After has passed.
    const std::vector<std::string>& violations() const;

    // Faults of the Web API, in the order given, each for the next `times` calls of `method` ("*": of any; "response_url",
    // "upload_url" and "download" work too).
    void rate_limit(std::string method, seconds retry_after, int times = 1);
    void fail_with_status(std::string method, int status, int times = 1); // nothing done; an HTML body
    void fail_with(std::string method, std::string error, int times = 1); // nothing done; ok:false
    void hang(std::string method, int times = 1); // nothing done, no answer
    void act_then_status(std::string method, int status, int times = 1); // done, yet an HTML body
    void act_then_fail(std::string method, std::string error, int times = 1);
    void act_then_hang(std::string method, int times = 1);
    /// chat.postMessage answers ok:true and the message is never seen again.
    void lose_posts(int times = 1);
    /// Forgets faults that have not struck yet.
    void heal();

    // Faults of the links.
    std::size_t links() const;
    /// TCP dies without a word.
    void drop_links();
    void drop_link(std::size_t index);
    /// The link is half-open: nothing goes through it in either direction, until 20 s later the missing pongs end it.
    void deafen_link(std::size_t index);
    /// Sends `disconnect` to every link, or to one: "warning" and "refresh_requested" end it 10 s later; "link_disabled" and
    /// "too_many_websockets" at once.
    void disconnect(std::string reason);
    void disconnect(std::string reason, std::size_t index);
    /// Socket Mode switched off or on: off, open links get link_disabled and new ones too.
    void socket_mode(bool on);
    /// The next `times` envelopes of `type` ("interactive", "slash_commands", "events_api"; "*": any) are sent twice, the second
    /// on whichever link.
    void deliver_twice(std::string type = "*", int times = 1);
    /// The next `times` acks are lost on the way: Slack believes they never came.
    void lose_acks(int times = 1);
    /// Everything is gone: connections refused, links dead. Events of the time are lost unless retries reach past its end.
    void outage(bool on);
    /// Tokens revoked: invalid_auth from now on.
    void revoke_tokens();

    /// What Slack does when the Events URL is saved: a signed challenge. True when it is answered as it must be; waits for
    /// nothing but the answer. Run the loop until `Delivery` is no longer pending.
    Delivery verify_events_url();

    /// An event of any kind, wrapped and delivered with retries; not delivered when the app does not subscribe to `subscription`
    /// (empty: always delivered).
    Delivery send_event(Json event, std::string_view subscription = {});

private:
    friend class Face; // draws all of it
    std::shared_ptr<State> state_;
};

} // namespace workspace
