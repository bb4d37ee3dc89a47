#include "roster.hpp"

#include "slack/user.hpp"

using namespace std::chrono_literals;
using slack::Json;

namespace {

constexpr auto fresh = 24h;
constexpr auto nobody = "nobody is called that";

Json member_called(const Json& page, std::string_view handle)
{
    for (const auto& member : slack::at(page, {"members"}))
        if (slack::text_at(member, {"name"}) == handle || slack::text_at(member, {"profile", "display_name"}) == handle)
            return member;
    return {};
}

} // namespace

Roster::Roster(handlers::Context& app, const std::vector<std::string>& also, std::function<void()> learned)
    : app_{app}
    , learned_{std::move(learned)}
    , configured_{also.begin(), also.end()}
    , wake_{app.tasks.loop()}
{
    look_again();
}

void Roster::look_again()
{
    for (const auto& [person, places] : oncall::people_of(*app_.configuration()))
        if (configured_.insert(person).second)
            new_.push_back(person);
    wake_.ring();
}

void Roster::meet(const std::string& user)
{
    if (met_.size() > 100'000)
        met_.clear();
    if (!met_.insert(user).second)
        return;
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
    auto round_at = app_.clock.now();
    while (true) {
        while (!new_.empty()) {
            const auto user = std::move(new_.front());
            new_.pop_front();
            asking_ = true;
            const bool known = co_await look_up(user);
            asking_ = false;
            if (!known && configured_.contains(user))
                round_at = std::min(round_at, app_.clock.now() + 1min);
        }
        tell();
        const auto now = app_.clock.now();
        if (now >= round_at) {
            bool all_known = true;
            for (const auto& reference : configured_) {
                const bool known = co_await look_up(reference);
                all_known = all_known && known;
            }
            round_at = now + (all_known ? doors::milliseconds{1h} : doors::milliseconds{1min});
        }
        tell();
        if (new_.empty())
            co_await wake_.sleep(app_.clock, round_at);
    }
}

void Roster::tell()
{
    if (std::exchange(news_, false))
        learned_();
}

/// False when Slack could not tell who that is.
asio::awaitable<bool> Roster::look_up(std::string reference)
{
    const auto now = app_.clock.now();
    auto look = [&](storage::Transaction& tx) { return storage::People{tx}.find(reference); };
    const auto known = co_await app_.database.read(look);
    if (known && !known->user_id.empty() && !known->kind.empty() && now - known->asked_at < fresh)
        co_return true;
    storage::Person person;
    person.reference = reference;
    person.asked_at = now;
    std::string trouble;
    try {
        const auto user = co_await ask(reference);
        person.user_id = slack::text_at(user, {"id"});
        person.name = slack::name_in(user);
        person.time_zone = slack::text_at(user, {"tz"});
        person.email = slack::text_at(user, {"profile", "email"});
        person.kind = slack::kind_in(user);
        if (person.user_id.empty())
            trouble = nobody;
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    if (trouble == nobody || trouble == "users_not_found" || trouble == "user_not_found")
        unknown_.insert(reference);
    else if (trouble.empty())
        unknown_.erase(reference);
    if (!trouble.empty()) {
        app_.log.warning("Slack does not tell who somebody is", {{"person", reference}, {"error", trouble}});
        co_return false;
    }
    auto keep = [&](storage::Transaction& tx) { storage::People{tx}.save(person); };
    co_await app_.database.transaction(keep);
    news_ = news_ || !known || known->user_id != person.user_id || known->name != person.name || known->kind != person.kind;
    co_return true;
}

/// Slack's user object; null when there is none of that name.
asio::awaitable<Json> Roster::ask(std::string reference)
{
    Json arguments;
    if (reference.front() == '@') {
        const auto handle = reference.substr(1);
        std::string cursor;
        do {
            Json page_of;
            page_of["limit"] = 200;
            if (!cursor.empty())
                page_of["cursor"] = cursor;
            const auto page = co_await app_.slack.call("users.list", std::move(page_of));
            if (auto member = member_called(page, handle); !member.is_null())
                co_return member;
            cursor = slack::text_at(page, {"response_metadata", "next_cursor"});
        } while (!cursor.empty());
        co_return Json{};
    }
    const bool is_email = reference.find('@') != reference.npos;
    arguments[is_email ? "email" : "user"] = reference;
    std::string method = is_email ? "users.lookupByEmail" : "users.info";
    const auto found = co_await app_.slack.call(method, std::move(arguments));
    co_return slack::at(found, {"user"});
}
