#pragma once

// What the workspace is made of; for its own sources only.

#include "workspace/block_kit.hpp"
#include "workspace/workspace.hpp"

#include <deque>
#include <functional>
#include <optional>

namespace workspace {

namespace asio = boost::asio;

/// ok:false, with its code and what response_metadata.messages says.
struct Refused {
    std::string code{};
    std::vector<std::string> messages{};
    Json extra = Json::object();
};

struct Member {
    std::string id{}, name{}, email{}, tz{};
    std::string locale{"en-GB"}, status{};
    std::int64_t updated{1'600'000'000};
    PersonOptions options{};
    TimePoint quiet_from{}, quiet_until{}; // her next Do Not Disturb; both zero: it is off
};

/// A conversation.
struct Place {
    enum class Kind { open, closed, direct, group_direct };
    std::string id{}, name{};
    Kind kind{Kind::open};
    std::set<std::string> members{}; // ids, the bot's too
    bool archived{}, read_only{};
    std::string topic{}, purpose{};
    TimePoint created{};
    std::vector<Message> messages{};
};

struct Group {
    std::string id{}, handle{}, name{};
    std::vector<std::string> users{};
    bool disabled{};
};

/// An opened modal or a published Home tab.
struct ViewRecord {
    std::string id{}, user{}, hash{}, root{}, previous{};
    Json view{}; // as sent, with ids for blocks and actions
    Json values = Json::object(); // block → action → value, where a person changed something
    Json options = Json::object(); // block → action → what block_suggestion answered
    std::map<std::string, std::string> errors{};
};

/// A file of the bot's. Before it is completed nobody but the bot knows of it. Or one that a person gave in a form, of `owner`.
struct StoredFile {
    std::string id{}, name{}, title{}, alt{}, ticket{}, bytes{}, owner{};
    std::size_t length{};
    bool uploaded{}, completed{};
    TimePoint ready{}; // from then on blocks may show it
    std::set<std::string> channels{};
};

struct Trigger {
    std::string user{};
    TimePoint expires{};
    bool used{};
};

struct ResponseUrl {
    enum class Of { command, message, ephemeral, view };
    Of of{Of::command};
    std::string user{}, channel{}, ts{}, thread_ts{};
    int uses{};
    TimePoint expires{};
};

struct Fault {
    enum class Kind { rate_limit, status, error, hang, act_then_status, act_then_error, act_then_hang, lose };
    std::string method{};
    Kind kind{};
    int times{1}, number{};
    std::string error{};
};

/// Tokens that refill; `rate` per second.
struct Bucket {
    double tokens{};
    TimePoint at{};
    bool fresh{true};
};

struct Delivery::Course {
    bool delivered{}, acked{}, done{};
    int attempts{};
    std::string error{}, envelope_id{};
    Json answer{};
    milliseconds took{};
};

/// Something to deliver. `on_ack` judges the payload and acts on it; what it returns is the error the person sees, or "".
struct Outgoing {
    std::shared_ptr<Delivery::Course> course{std::make_shared<Delivery::Course>()};
    std::string type{};
    Json payload{};
    bool accepts_payload{};
    std::function<std::string(const Json&)> on_ack{};
    std::function<void(const std::string& error)> on_error{};
    TimePoint sent{};
    std::string why{}; // the last attempt failed, as X-Slack-Retry-Reason says it
};

struct OpenLink {
    int number{};
    std::shared_ptr<net::Link> link{};
    bool deaf{}, dead{};
};

struct State : std::enable_shared_from_this<State> {
    State(Doors d, Settings s)
        : doors{d}
        , settings{std::move(s)}
    {
    }

    Doors doors;
    Settings settings;
    std::string address{}, api_base{}, link_base{}, hooks_base{}, files_base{};
    std::vector<std::string> addresses{};
    std::vector<std::unique_ptr<net::Listener>> listeners{};

    std::string team_id{"T00ACME00"}, team_domain{"acme"}, app_id{"A00ONCALL"}, bot_user{"U00ONCALL"}, bot_id{"B00ONCALL"};
    std::string bot_token{}, app_token{}, signing_secret{};
    bool revoked{}, socket_mode{true}, closed{};

    std::map<std::string, Member> members{};
    std::map<std::string, Place> places{};
    std::map<std::string, Group> groups{};
    std::map<std::string, std::unique_ptr<Person>> hands{};
    std::map<std::string, std::unique_ptr<Channel>> rooms{};
    std::vector<Message> ephemerals{};
    std::map<std::string, StoredFile> files{};
    std::int64_t last_micros{};
    int counter{};

    std::map<std::string, std::vector<std::shared_ptr<ViewRecord>>> stacks{};
    std::map<std::string, std::shared_ptr<ViewRecord>> homes{};
    std::map<std::string, Trigger> triggers{};
    std::map<std::string, ResponseUrl> response_urls{};

    std::deque<Fault> faults{};
    bool losing{};
    std::map<std::string, Bucket> buckets{};
    /// When a Retry-After was given, and when it has passed. What was sent in the same instant may not have heard of it.
    struct Barred {
        TimePoint since{};
        TimePoint until{};
    };
    std::map<std::string, Barred> barred{};

    std::map<std::string, bool> tickets{}; // → used
    std::vector<std::shared_ptr<OpenLink>> links{};
    int links_ever{};
    std::map<std::string, std::shared_ptr<Outgoing>> pending{};
    std::set<std::string> finished{};
    std::vector<std::pair<std::string, int>> twice{};
    int lost_acks{};

    std::vector<Line> lines{};
    std::vector<Broadcast> broadcasts{};
    std::vector<Call> calls{};
    std::vector<std::string> violations{};

    TimePoint now() const { return doors.clock.now(); }
    /// Unique and rising, "1754990000.000100".
    std::string next_ts();
    std::string next_id(const std::string& prefix, const std::string& name = {});
    void note(std::string who, std::string text);
    /// "ana", "bot", or the id itself.
    std::string who(const std::string& user) const;

    Member* member(std::string_view name_or_id);
    Member& need_member(std::string_view name_or_id);
    Place* place(std::string_view id);
    /// By id or name, "#ops" or "ops".
    Place* named_place(std::string_view name_or_id);
    Place& direct(const std::string& user); // opened when needed
    std::string person_of(const Place& direct) const;
    std::string label(const Place& place) const; // "#ops", "DM with ana"
    Message* find(const std::string& channel, const std::string& ts);
    std::shared_ptr<ViewRecord> view(const std::string& id);

    std::string new_trigger(const std::string& user);
    std::string new_response_url(ResponseUrl url, const std::string& kind);
};

// api.cpp
asio::awaitable<net::Response> serve(std::shared_ptr<State> state, net::Request request);
/// Taken from the bucket `key` or not; if not, how long until there is one.
std::optional<seconds> over_limit(State& state, const std::string& key, double capacity, double per_second);
/// Depth and size first, then JSON; nullopt when it is none.
std::optional<Json> read_json(const std::string& text);
void need_scope(const State& state, const std::string& scope);
/// One of them is enough.
void need_scope_of(const State& state, const std::vector<std::string>& scopes);
std::string history_scope(const Place& place);
std::string lower(std::string_view text);

using Act = Json (*)(State&, const Json& arguments);
// api_chat.cpp
Json chat_post_message(State& state, const Json& arguments);
Json chat_update(State& state, const Json& arguments);
Json chat_delete(State& state, const Json& arguments);
Json chat_post_ephemeral(State& state, const Json& arguments);
Json chat_get_permalink(State& state, const Json& arguments);
Json reactions_add(State& state, const Json& arguments);
// api_files.cpp
Json files_get_upload_url(State& state, const Json& arguments);
Json files_complete_upload(State& state, const Json& arguments);
/// What forms and payloads say of a file that a person gave.
Json file_json(const State& state, const StoredFile& file);
/// The answer to whoever asks for such a file by its address.
net::Response give_file(State& state, const net::Request& request);
/// The answer to what is posted to an upload address.
net::Response take_upload(State& state, const std::string& ticket, const net::Request& request);
/// What Slack refuses of the files in blocks: of others, of none, of one that it has not looked at yet.
std::vector<std::string> problems_of_files(const State& state, const Json& blocks);
bool is_png(const StoredFile& file);
// api_conversations.cpp
Json conversations_open(State& state, const Json& arguments);
Json conversations_history(State& state, const Json& arguments);
Json conversations_replies(State& state, const Json& arguments);
Json conversations_list(State& state, const Json& arguments);
Json conversations_info(State& state, const Json& arguments);
Json conversations_join(State& state, const Json& arguments);
Json conversations_members(State& state, const Json& arguments);
Json conversations_create(State& state, const Json& arguments);
Json conversations_invite(State& state, const Json& arguments);
Json conversations_set_topic(State& state, const Json& arguments);
Json conversations_archive(State& state, const Json& arguments);
Place& need_place(State& state, const std::string& id);
Json page(
    State& state, const std::string& key, const Json& items, const Json& arguments, std::size_t by_default, std::size_t most);
// api_users.cpp
Json auth_test(State& state, const Json& arguments);
Json bots_info(State& state, const Json& arguments);
Json team_info(State& state, const Json& arguments);
Json dnd_info(State& state, const Json& arguments);
Json users_info(State& state, const Json& arguments);
Json users_list(State& state, const Json& arguments);
Json users_lookup_by_email(State& state, const Json& arguments);
Json usergroups_list(State& state, const Json& arguments);
Json usergroups_users_list(State& state, const Json& arguments);
Json usergroups_users_update(State& state, const Json& arguments);
Json user_json(const State& state, const Member& member, bool email, bool locale = false);
/// Her account is other than it was: the app is told, if it subscribes.
void changed(State& state, Member& member);
// api_views.cpp
Json views_open(State& state, const Json& arguments);
Json views_push(State& state, const Json& arguments);
Json views_update(State& state, const Json& arguments);
Json views_publish(State& state, const Json& arguments);
/// As payloads and answers show it.
Json view_json(const State& state, const ViewRecord& record, bool with_values = true);
/// Throws Refused.
void check_view(const State& state, const Json& view, const std::string& wanted);
void set_view(State& state, ViewRecord& record, Json view);
std::shared_ptr<ViewRecord> stack_view(State& state, const std::string& user, Json view);

// messages.cpp
/// text, blocks and attachments as given; absent ones are null. Throws Refused where Slack refuses them.
struct Content {
    Json text{}, blocks{}, attachments{};
};
Content read_content(const State& state, const Json& arguments);
bool is_empty(const Content& content);
/// A message of the bot that says so much.
Message message_of(const State& state, const Content& content);
Json read_metadata(const Json& metadata); // throws Refused
/// Puts a message into its place, tells everybody who looks, and the app by events. Returns what was stored.
/// `told`, when given, gets the deliveries.
Message store(State& state, Place& place, Message message, std::vector<Delivery>* told = nullptr);
Message store_ephemeral(State& state, Message message);
/// Changes what a message says: as chat.update does, or putting another message in its place.
enum class Edit { update, replace };
void edit(State& state, Place& place, Message& message, const Content& content, Edit how);
void remove(State& state, Place& place, const std::string& ts);
/// As history and payloads show it.
Json message_json(const State& state, const Place& place, const Message& message, bool all_metadata);
/// Crowd mentions in it are written down.
void scan(State& state, const Message& message, const Json& link_names);
void give_ids(State& state, Json& blocks);

// response_url.cpp
/// The answer to a POST to a response_url: status and body.
std::pair<int, std::string> respond(State& state, const std::string& id, const net::Request& request);
/// The ack of a command: a message, ephemeral unless said otherwise. Returns what is wrong with it, or "".
std::string answer_command(
    State& state, const std::string& user, const std::string& channel, const std::string& typed, const Json& payload);

// http_mode.cpp
/// Hands it to the app's address instead of a link.
void post(State& state, const std::shared_ptr<Outgoing>& outgoing);
// socket.cpp
/// The app answered in time: judges what it said.
void conclude(State& state, Outgoing& outgoing, Json answer);
/// Nobody answered this attempt, or nobody was there.
void missed(State& state, const std::shared_ptr<Outgoing>& outgoing, const std::string& error, bool again = true);
/// Whether this one is to be delivered twice.
bool again(State& state, const std::string& type);
std::string new_ticket(State& state);
std::optional<net::Response> admit(State& state, const net::Request& request);
asio::awaitable<void> serve_link(std::shared_ptr<State> state, net::Request request, std::shared_ptr<net::Link> link);
Delivery deliver(State& state, std::shared_ptr<Outgoing> outgoing);
Delivery refuse_delivery(std::string error);
std::optional<Delivery> send_event(State& state, Json event, std::string_view subscription);
std::size_t open_links(const State& state);
void end_link(State& state, std::shared_ptr<OpenLink> link);
void deafen_link(State& state, const std::shared_ptr<OpenLink>& link);
void warn_link(State& state, const std::shared_ptr<OpenLink>& link, const std::string& reason);

// reading.cpp
std::string read_mrkdwn(const State& state, std::string_view text);
/// Blocks line by line.
std::string read_blocks(const State& state, const Json& blocks);
std::string read_message(const State& state, const Message& message);
std::string iso(TimePoint time);

// gestures.cpp
/// One element a person can act on.
struct Found {
    Json block{};
    Json element{};
};
std::vector<Found> elements(const Json& blocks);
/// Where a stateful element keeps its value and what stands there when it is empty: {"selected_option", null}.
std::pair<std::string, Json> value_key(const std::string& type);
/// The element's own value at the start, {"type": …, "selected_option": …}; null for what has no state.
Json initial_value(const Json& element);
Json state_values(const ViewRecord& record);
std::vector<Json> options_of(const Json& element);

// face_json.cpp
/// All that is seen, and by whom, for whoever draws it.
Json face_json(const State& state);

} // namespace workspace
