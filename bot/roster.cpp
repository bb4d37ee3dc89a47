#include "roster.hpp"

#include "slack/user.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using slack::Json;

namespace {

constexpr auto fresh = 24h;
constexpr doors::milliseconds first_retry = 1min, last_retry = 1h;
constexpr auto rest = 30s; // where Slack does not say how long
constexpr auto last_reading = 5min; // of the list of everybody: so long it tells of all who were sought

Json member_called(const Json& page, std::string_view handle)
{
    for (const auto& member : slack::at(page, {"members"}))
        if (slack::text_at(member, {"name"}) == handle || slack::text_at(member, {"profile", "display_name"}) == handle)
            return member;
    return {};
}

bool is_handle(const std::string& reference) { return reference.starts_with('@'); }

} // namespace

Roster::Roster(handlers::Context& app, std::vector<std::string> also, std::function<void()> learned)
    : app_{app}
    , also_{std::move(also)}
    , learned_{std::move(learned)}
    , configured_{also_.begin(), also_.end()}
    , wake_{app.tasks.loop()}
{
    look_again();
}

void Roster::look_again()
{
    std::set<std::string> named{also_.begin(), also_.end()};
    for (const auto& [person, places] : oncall::people_of(*app_.configuration())) {
        named.insert(person);
        if (!configured_.contains(person))
            new_.push_back(person);
    }
    configured_ = std::move(named);
    const auto is_forgotten = [&](const auto& entry) { return !configured_.contains(entry.first); };
    std::erase_if(again_, is_forgotten);
    std::erase_if(unknown_, is_forgotten);
    wake_.ring();
}

void Roster::meet(const std::string& user)
{
    const auto now = app_.clock.now();
    if (const auto known = met_.find(user); known != met_.end() && now < known->second + fresh)
        return;
    if (met_.size() > 100'000)
        met_.clear();
    met_[user] = now;
    new_.push_back(user);
    wake_.ring();
}

std::optional<std::vector<std::string>> Roster::strangers() const
{
    if (asking_ || !new_.empty())
        return std::nullopt;
    std::vector<std::string> found;
    for (const auto& [person, places] : oncall::people_of(*app_.configuration(), app_.clock.now()))
        if (unknown_.contains(person))
            found.push_back(person);
    return found;
}

asio::awaitable<void> Roster::run()
{
    asking_ = false;
    round_at_ = app_.clock.now();
    // Without it a contractor in a shared channel would count as one of ours.
    while (app_.home_team.empty())
        co_await wake_.sleep();
    while (true) {
        auto user = next();
        if (user) {
            auto learning = learn(std::move(*user));
            co_await std::move(learning);
            continue;
        }
        tell();
        co_await wake_.sleep(app_.clock, due());
    }
}

/// Who is to be asked for now: the new ones first, and then all in turn.
std::optional<std::string> Roster::next()
{
    const auto now = app_.clock.now();
    if (now < rest_until_)
        return std::nullopt;
    asking_ = !new_.empty();
    auto& queue = asking_ ? new_ : round_;
    if (queue.empty() && now >= round_at_) {
        for (const auto& person : configured_)
            if (!again_.contains(person))
                queue.push_back(person);
        round_at_ = now + last_retry;
    }
    if (queue.empty())
        for (const auto& [person, when] : again_)
            if (now >= when)
                queue.push_back(person);
    if (queue.empty())
        return std::nullopt;
    auto first = std::move(queue.front());
    queue.pop_front();
    return first;
}

/// When somebody is to be asked for next.
doors::TimePoint Roster::due() const
{
    if (!new_.empty() || !round_.empty())
        return rest_until_;
    auto when = round_at_;
    for (const auto& [person, again] : again_)
        when = std::min(when, again);
    return std::max(when, rest_until_);
}

void Roster::tell()
{
    if (std::exchange(news_, false))
        learned_();
}

/// Asks for one, and decides when to ask again.
asio::awaitable<void> Roster::learn(std::string reference)
{
    const bool is_new = asking_;
    met_.erase(reference); // if this fails, whoever meets her asks again
    auto looking = look_up(reference);
    const auto told = co_await std::move(looking);
    asking_ = false;
    if (told == Told::slow_down) {
        (is_new ? new_ : round_).push_front(reference);
        co_return;
    }
    again_.erase(reference);
    if (told == Told::who)
        unknown_.erase(reference);
    if (told != Told::nothing)
        anew_.erase(reference);
    if (told == Told::who || !configured_.contains(reference))
        co_return;
    if (told == Told::nobody) {
        auto learning = learn_by_id(reference, !unknown_.contains(reference));
        co_await std::move(learning);
    }
    auto wait = first_retry;
    if (told == Told::nobody) {
        // A handle is sought in the list of everybody, which is long.
        const auto times = unknown_[reference]++;
        news_ = news_ || times == 0;
        wait = is_handle(reference) ? last_retry : std::min(last_retry, first_retry * (1 << std::min(times, 6)));
    }
    again_[reference] = app_.clock.now() + wait;
}

/// Of who is deactivated Slack finds no address any more: asked for by the id, she is gone, or has another address. Who was met a
/// moment ago is asked for all the same.
asio::awaitable<void> Roster::learn_by_id(std::string reference, bool is_news)
{
    std::string user;
    auto look = [&](storage::Transaction& tx) {
        const storage::People people{tx};
        if (const auto known = people.find(reference); known && known->user_id != reference)
            user = known->user_id;
        if (const auto her = people.find(user); her && her->kind == "gone")
            user.clear();
        return 0;
    };
    co_await app_.database.read(look);
    if (user.empty())
        co_return;
    if (is_news) {
        met_.erase(user);
        anew_.insert(user);
    }
    meet(user);
}

asio::awaitable<Roster::Told> Roster::look_up(std::string reference)
{
    const auto now = app_.clock.now();
    auto look = [&](storage::Transaction& tx) { return storage::People{tx}.find(reference); };
    const auto known = co_await app_.database.read(look);
    if (!anew_.contains(reference) && known && !known->user_id.empty() && !known->kind.empty() && now - known->asked_at < fresh) {
        met_[reference] = known->asked_at;
        co_return Told::who;
    }
    std::optional<slack::Error> failure;
    Json user;
    try {
        user = co_await ask(reference);
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    storage::Person person;
    person.reference = reference;
    person.asked_at = now;
    person.user_id = slack::text_at(user, {"id"});
    person.name = slack::name_in(user);
    person.time_zone = slack::text_at(user, {"tz"});
    person.email = slack::text_at(user, {"profile", "email"});
    person.kind = slack::kind_in(user, app_.home_team);
    if (person.user_id.empty()) {
        const auto trouble = failure ? failure->code() : "nobody is called that";
        app_.log.warning("Slack does not tell who somebody is", {{"person", reference}, {"error", trouble}});
        if (failure && failure->error_class() == slack::ErrorClass::slow_down) {
            rest_until_ = app_.clock.now() + failure->retry_after().value_or(rest);
            co_return Told::slow_down;
        }
        const bool is_nobody = !failure || trouble == "users_not_found" || trouble == "user_not_found";
        co_return is_nobody ? Told::nobody : Told::nothing;
    }
    auto keep = [&](storage::Transaction& tx) { storage::People{tx}.save(person); };
    co_await app_.database.transaction(keep);
    met_[reference] = now;
    news_ = news_ || !known || known->user_id != person.user_id || known->name != person.name || known->kind != person.kind;
    co_return Told::who;
}

/// Slack's user object; null when there is none of that name.
asio::awaitable<Json> Roster::ask(std::string reference)
{
    if (is_handle(reference)) {
        auto searching = search(reference.substr(1));
        co_return co_await std::move(searching);
    }
    Json arguments;
    const bool is_email = reference.find('@') != reference.npos;
    arguments[is_email ? "email" : "user"] = reference;
    std::string method = is_email ? "users.lookupByEmail" : "users.info";
    const auto found = co_await app_.slack.call(method, std::move(arguments));
    co_return slack::at(found, {"user"});
}

/// The same for a handle. All handles that are to be sought are by one reading of the list, and after a 429 it goes on with the
/// page it was to read.
asio::awaitable<Json> Roster::search(std::string handle)
{
    const auto take = [&] {
        Json member;
        if (auto node = found_.extract(handle))
            member = std::move(node.mapped());
        sought_.erase(handle); // the next time it is sought anew
        return member;
    };
    if (!sought_.contains(handle) || (!reading_ && app_.clock.now() - read_at_ > last_reading)) {
        cursor_.clear();
        found_.clear();
        sought_ = {handle};
        for (const auto* const queue : {&new_, &round_})
            for (const auto& person : *queue)
                if (is_handle(person))
                    sought_.insert(person.substr(1));
        for (const auto& [person, when] : again_)
            if (is_handle(person))
                sought_.insert(person.substr(1));
    } else if (!reading_) {
        co_return take();
    }
    reading_ = true;
    do {
        Json arguments;
        arguments["limit"] = 200;
        if (!cursor_.empty())
            arguments["cursor"] = cursor_;
        Json page;
        try {
            page = co_await app_.slack.call("users.list", std::move(arguments));
        } catch (const slack::Error& error) {
            if (error.error_class() != slack::ErrorClass::slow_down) {
                reading_ = false;
                sought_.clear();
            }
            throw;
        }
        cursor_ = slack::text_at(page, {"response_metadata", "next_cursor"});
        for (const auto& one : sought_)
            if (!found_.contains(one))
                if (auto member = member_called(page, one); !member.is_null())
                    found_.emplace(one, std::move(member));
        if (found_.size() == sought_.size())
            cursor_.clear();
    } while (!cursor_.empty());
    reading_ = false;
    read_at_ = app_.clock.now();
    co_return take();
}
