#include "roster.hpp"

#include "oncall/words.hpp"
#include "storage/people_sync.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using slack::Json;
using slack::Profile;

namespace {

constexpr auto fresh = 24h; // what the list of everybody said
constexpr auto gone_is_fresh = 1min; // whoever does something is back, and the event may have found us away
constexpr doors::milliseconds first_retry = 1min, last_retry = 1h;
constexpr auto list_retry = 10min;
constexpr auto rest = 30s; // where Slack does not say how long
constexpr int page_size = 200; // what Slack recommends
constexpr std::size_t many_new = 30; // so many are found sooner by the list than one by one

bool is_handle(const std::string& reference) { return reference.starts_with('@'); }
bool is_address(const std::string& reference) { return !is_handle(reference) && reference.find('@') != reference.npos; }

/// Who can take a name that the configuration uses, by what Slack tells unasked: apps and people of other workspaces call
/// themselves what they like.
bool may_take(const Profile& told) { return told.kind == "member" || told.kind == "guest"; }

/// As it is kept: what is not told stays as it was.
Profile added(const Profile& known, Profile told)
{
    if (told.email.empty())
        told.email = known.email;
    if (told.time_zone.empty())
        told.time_zone = known.time_zone;
    if (told.locale.empty())
        told.locale = known.locale;
    return told;
}

/// How long what is known holds for whoever does something. The list of everybody has no strangers, and no event may tell of
/// them.
doors::milliseconds holds_for(const std::string& kind)
{
    return kind == "stranger" ? fresh : kind == "gone" ? gone_is_fresh : doors::milliseconds::max();
}

/// Whether the rows in the database say something else.
bool is_other(const Profile& one, const Profile& other)
{
    return one.name != other.name || one.kind != other.kind || one.email != other.email || one.time_zone != other.time_zone
        || one.locale != other.locale;
}

/// Whether others would do something otherwise: the rest is read where it is shown.
bool is_news(const Profile& one, const Profile& other)
{
    return one.name != other.name || one.kind != other.kind || one.email != other.email || one.time_zone != other.time_zone;
}

} // namespace

Roster::Roster(handlers::Context& app, std::vector<std::string> also, std::function<void()> learned)
    : app_{app}
    , also_{std::move(also)}
    , learned_{std::move(learned)}
    , wake_{app.tasks.loop()}
{
    for (const auto& person : also_)
        new_.push_back(person);
    look_again();
}

void Roster::look_again()
{
    auto before = std::exchange(configured_, {also_.begin(), also_.end()});
    before.insert(also_.begin(), also_.end());
    for (const auto& [person, places] : oncall::people_of(*app_.configuration())) {
        configured_.insert(person);
        if (!before.contains(person))
            new_.push_back(person);
    }
    addresses_.clear();
    for (const auto& person : configured_)
        if (is_address(person))
            addresses_[oncall::lower(person)].push_back(person);
    std::erase_if(unknown_, [&](const auto& entry) { return !configured_.contains(entry.first); });
    std::erase_if(again_, [&](const auto& entry) { return !configured_.contains(entry.first) && !known_.contains(entry.first); });
    wake_.ring();
}

bool Roster::is_known(const std::string& reference) const
{
    const auto means = means_.find(reference);
    const auto known = known_.find(means == means_.end() ? reference : means->second);
    return known != known_.end() && !known->second.is.kind.empty();
}

void Roster::meet(const std::string& person)
{
    if (is_known(person)) {
        const auto means = means_.find(person);
        const auto& known = known_.at(means == means_.end() ? person : means->second);
        if (app_.clock.now() - known.asked_at < holds_for(known.is.kind))
            return;
    }
    if (std::find(new_.begin(), new_.end(), person) == new_.end())
        new_.push_back(person);
    wake_.ring();
}

std::optional<std::vector<std::string>> Roster::strangers() const
{
    if (asking_ || !new_.empty() || !sought_.empty() || !seeking_.empty())
        return std::nullopt;
    std::vector<std::string> found;
    for (const auto& [person, places] : oncall::people_of(*app_.configuration(), app_.clock.now()))
        if (unknown_.contains(person))
            found.push_back(person);
    return found;
}

std::string Roster::kind_of(const std::string& user) const
{
    const auto known = known_.find(user);
    return known == known_.end() ? std::string{} : known->second.is.kind;
}

asio::awaitable<void> Roster::run()
{
    asking_ = false;
    // Without it a contractor in a shared channel would count as one of ours.
    while (app_.home_team.empty())
        co_await wake_.sleep();
    if (!recalled_) {
        auto recalling = recall();
        co_await std::move(recalling);
    }
    while (true) {
        auto user = next();
        if (user) {
            auto learning = learn(std::move(*user));
            co_await std::move(learning);
            continue;
        }
        if (list_is_due()) {
            auto reading = read_page();
            co_await std::move(reading);
            continue;
        }
        tell();
        co_await wake_.sleep(app_.clock, due());
    }
}

/// What is known from before. Others write down what Slack refused somebody as, so it is read again from time to time.
asio::awaitable<void> Roster::recall()
{
    std::vector<storage::Person> people;
    std::map<std::string, std::string> locales;
    doors::TimePoint listed_at;
    auto load = [&](storage::Transaction& tx) {
        people = storage::People{tx}.all();
        locales = storage::PeopleSync{tx}.locales();
        listed_at = storage::PeopleSync{tx}.listed_at();
    };
    co_await app_.database.read(load);
    for (const auto& person : people) {
        if (person.user_id.empty() || person.kind.empty())
            continue;
        means_[person.reference] = person.user_id;
        auto& known = known_[person.user_id];
        known.is.user = person.user_id;
        known.is.name = person.name;
        known.is.email = person.email;
        known.is.time_zone = person.time_zone;
        known.is.kind = person.kind;
        known.is.locale = locales[person.user_id];
        known.asked_at = std::max(known.asked_at, person.asked_at);
    }
    if (!recalled_ && !missed_ && listed_at != doors::TimePoint{})
        list_at_ = listed_at + fresh;
    recalled_ = true;
}

bool Roster::list_is_due() const
{
    const auto now = app_.clock.now();
    return now >= list_rest_until_ && (reading_ || now >= list_at_);
}

/// Who is to be asked for now: the new ones first.
std::optional<std::string> Roster::next()
{
    const auto now = app_.clock.now();
    if (now < rest_until_ || (new_.size() > many_new && list_is_due()))
        return std::nullopt;
    asking_ = !new_.empty();
    if (asking_) {
        auto first = std::move(new_.front());
        new_.pop_front();
        return first;
    }
    for (const auto& [person, when] : again_)
        if (now >= when)
            return person;
    return std::nullopt;
}

/// When something is to be done next.
doors::TimePoint Roster::due() const
{
    const auto list = std::max(reading_ ? doors::TimePoint{} : list_at_, list_rest_until_);
    auto person = new_.empty() ? doors::TimePoint::max() : doors::TimePoint{};
    for (const auto& [who, again] : again_)
        person = std::min(person, again);
    return std::min(list, std::max(person, rest_until_));
}

void Roster::tell()
{
    if (std::exchange(news_, false))
        learned_();
}

/// By the list of everybody alone can somebody be found by a handle.
void Roster::seek(const std::string& handle)
{
    if (unknown_.contains(handle) || seeking_.contains(handle))
        return;
    sought_.insert(handle);
    list_at_ = std::min(list_at_, app_.clock.now());
}

/// Asks for one, and decides when to ask again.
asio::awaitable<void> Roster::learn(std::string reference)
{
    const bool is_new = asking_;
    if (is_handle(reference)) {
        if (!is_known(reference))
            seek(reference);
        asking_ = false;
        co_return;
    }
    const bool anyway = again_.contains(reference);
    again_[reference] = app_.clock.now() + first_retry; // should this fail
    auto looking = look_up(reference, anyway);
    const auto told = co_await std::move(looking);
    asking_ = false;
    if (told == Told::slow_down && !is_new)
        co_return;
    again_.erase(reference);
    if (told == Told::slow_down) {
        new_.push_front(reference);
        co_return;
    }
    if (told == Told::who)
        unknown_.erase(reference);
    if (told == Told::who || !configured_.contains(reference))
        co_return;
    auto wait = first_retry;
    if (told == Told::nobody) {
        // She may have left and her address with her, while the rows and the list know her by her id.
        const auto times = unknown_[reference]++;
        news_ = news_ || times == 0;
        wait = std::min(last_retry, first_retry * (1 << std::min(times, 6)));
    }
    again_[reference] = app_.clock.now() + wait;
}

asio::awaitable<Roster::Told> Roster::look_up(std::string reference, bool anyway)
{
    if (const auto known = known_.find(reference); is_known(reference) && !anyway
        && (known == known_.end() || app_.clock.now() - known->second.asked_at < holds_for(known->second.is.kind)))
        co_return Told::who;
    std::optional<slack::Error> failure;
    Json user;
    try {
        auto asking = ask(reference);
        user = co_await std::move(asking);
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    Kept one;
    one.told = slack::profile_in(user, app_.home_team);
    if (one.told.user.empty()) {
        const auto trouble = failure ? failure->code() : "nobody is called that";
        app_.log.warning("Slack does not tell who somebody is", {{"person", reference}, {"error", trouble}});
        if (failure && failure->error_class() == slack::ErrorClass::slow_down) {
            rest_until_ = app_.clock.now() + failure->retry_after().value_or(rest);
            co_return Told::slow_down;
        }
        const bool is_nobody = !failure || trouble == "users_not_found" || trouble == "user_not_found";
        co_return is_nobody ? Told::nobody : Told::nothing;
    }
    one.references.push_back(reference);
    std::vector<Kept> all;
    all.push_back(std::move(one));
    auto keeping = keep(std::move(all), true);
    co_await std::move(keeping);
    co_return Told::who;
}

/// Slack's user object.
asio::awaitable<Json> Roster::ask(std::string reference)
{
    Json arguments;
    arguments[is_address(reference) ? "email" : "user"] = reference;
    std::string method{"users.lookupByEmail"};
    if (!is_address(reference)) {
        method = "users.info";
        arguments["include_locale"] = true;
    }
    const auto found = co_await app_.slack.call(method, std::move(arguments));
    co_return slack::at(found, {"user"});
}

/// By what the configuration, or somebody who asked, may mean her though it is another's so far, or nobody's. An address is hers
/// whose it is now, if she is one of ours. A handle stays with whom it was found for: names in Slack are changed freely.
std::vector<std::string> Roster::references_for(const Profile& told) const
{
    std::vector<std::string> found;
    const bool ours = may_take(told);
    const auto is_free = [&](const std::string& reference) {
        const auto means = means_.find(reference);
        return means == means_.end() ? ours || told.kind == "gone" : ours && means->second != told.user;
    };
    if (configured_.contains(told.user) && !means_.contains(told.user))
        found.push_back(told.user);
    if (const auto written = addresses_.find(oncall::lower(told.email)); !told.email.empty() && written != addresses_.end())
        for (const auto& reference : written->second)
            if (is_free(reference))
                found.push_back(reference);
    const auto handle = "@" + told.handle;
    const auto means = means_.find(handle);
    const auto holder = means == means_.end() ? known_.end() : known_.find(means->second);
    const bool is_taken = holder != known_.end() && holder->second.is.kind != "gone";
    if (ours && !told.handle.empty() && !is_taken
        && (configured_.contains(handle) || sought_.contains(handle) || seeking_.contains(handle)))
        found.push_back(handle);
    return found;
}

asio::awaitable<void> Roster::hear(Profile told)
{
    if (told.user.empty())
        co_return;
    if (told.kind.empty() || !recalled_) { // whose workspace is ours is not known yet: the list will tell
        missed_ = true;
        co_return;
    }
    Kept one;
    one.references = references_for(told);
    const auto known = known_.find(told.user);
    if (one.references.empty() && (known == known_.end() || told.updated < known->second.is.updated))
        co_return;
    one.told = std::move(told);
    std::vector<Kept> all;
    all.push_back(std::move(one));
    auto keeping = keep(std::move(all), false);
    co_await std::move(keeping);
    tell();
}

/// Writes what is other than it was, and remembers it. An event and the list may tell of one person at once: what is older by
/// Slack's own clock is nothing.
asio::awaitable<void> Roster::keep(std::vector<Kept> all, bool asked_for)
{
    const auto now = app_.clock.now();
    std::vector<Kept> write;
    for (auto& one : all) {
        const auto found = known_.find(one.told.user);
        const bool is_fresh = found == known_.end();
        const auto before = is_fresh ? Profile{} : found->second.is;
        std::erase_if(one.references, [&](const std::string& reference) {
            const auto means = means_.find(reference);
            return means != means_.end() && means->second == one.told.user;
        });
        auto after = !is_fresh && one.told.updated < before.updated ? before : added(before, one.told);
        const bool is_due = asked_for && after.kind == "stranger"; // asked for once a day
        const bool changes = is_other(before, after) || !one.references.empty() || is_due;
        news_ = news_ || is_news(before, after) || !one.references.empty();
        auto& known = known_[after.user];
        known.is = after;
        if (changes || asked_for)
            known.asked_at = now;
        for (const auto& reference : one.references) {
            means_[reference] = after.user;
            unknown_.erase(reference);
            again_.erase(reference);
            sought_.erase(reference);
            seeking_.erase(reference);
        }
        one.told = std::move(after);
        if (changes)
            write.push_back(std::move(one));
    }
    if (write.empty())
        co_return;
    auto work = [&](storage::Transaction& tx) {
        for (const auto& one : write) {
            storage::Person person;
            person.user_id = one.told.user;
            person.name = one.told.name;
            person.time_zone = one.told.time_zone;
            person.asked_at = now;
            person.email = one.told.email;
            person.kind = one.told.kind;
            storage::PeopleSync{tx}.keep(person, one.told.locale, one.references);
        }
    };
    std::exception_ptr failed;
    try {
        co_await app_.database.transaction(work);
    } catch (...) {
        failed = std::current_exception();
    }
    if (!failed)
        co_return;
    // It is not written: the next time it is told it counts as new, and the list is read soon.
    for (const auto& one : write) {
        if (const auto known = known_.find(one.told.user); known != known_.end()) {
            known->second.is.name.clear();
            known->second.is.updated = 0;
        }
        for (const auto& reference : one.references)
            means_.erase(reference);
    }
    list_at_ = std::min<doors::TimePoint>(list_at_, now + list_retry);
    std::rethrow_exception(failed);
}

/// The next page of the list of everybody. Whom nobody asked for is passed over.
asio::awaitable<void> Roster::read_page()
{
    if (!reading_) {
        auto recalling = recall();
        co_await std::move(recalling);
        reading_ = true;
        cursor_.clear();
        called_.clear();
        seeking_ = std::exchange(sought_, {});
        for (const auto& person : configured_)
            if (is_handle(person) && !is_known(person))
                seeking_.insert(person);
        for (auto& [user, known] : known_)
            known.listed = false;
    }
    Json arguments;
    arguments["limit"] = page_size;
    arguments["include_locale"] = true;
    if (!cursor_.empty())
        arguments["cursor"] = cursor_;
    Json page;
    std::optional<slack::Error> failure;
    try {
        page = co_await app_.slack.call("users.list", std::move(arguments));
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    const auto now = app_.clock.now();
    if (failure && failure->error_class() == slack::ErrorClass::slow_down) {
        list_rest_until_ = now + failure->retry_after().value_or(rest);
        co_return;
    }
    if (failure) {
        app_.log.warning("Slack does not list its people", {{"error", failure->code()}});
        reading_ = false;
        sought_.merge(seeking_);
        seeking_.clear();
        list_at_ = now + list_retry;
        co_return;
    }
    std::vector<Kept> all;
    for (const auto& member : slack::at(page, {"members"})) {
        Kept one;
        one.told = slack::profile_in(member, app_.home_team);
        if (one.told.user.empty())
            continue;
        one.references = references_for(one.told);
        found_called(one.told);
        const auto known = known_.find(one.told.user);
        if (known != known_.end())
            known->second.listed = true;
        if (known != known_.end() || !one.references.empty())
            all.push_back(std::move(one));
    }
    auto keeping = keep(std::move(all), false);
    co_await std::move(keeping);
    cursor_ = slack::text_at(page, {"response_metadata", "next_cursor"});
    if (cursor_.empty()) {
        auto ending = end_reading();
        co_await std::move(ending);
    }
}

/// Whose display name a handle that is sought is, if it turns out to be nobody's handle.
void Roster::found_called(const Profile& told)
{
    const auto handle = "@" + told.called;
    if (!told.called.empty() && may_take(told) && seeking_.contains(handle))
        called_[handle].push_back(told);
}

asio::awaitable<void> Roster::end_reading()
{
    const auto now = app_.clock.now();
    reading_ = false;
    list_at_ = sought_.empty() ? now + fresh : now;
    std::vector<Kept> all;
    for (const auto& handle : std::exchange(seeking_, {})) {
        const auto called = called_.find(handle);
        // Two of a name are nobody: one of them may have taken it to be put on call.
        if (called != called_.end() && called->second.size() == 1) {
            Kept one;
            one.told = called->second.front();
            one.references.push_back(handle);
            all.push_back(std::move(one));
            continue;
        }
        app_.log.warning("Slack does not tell who somebody is", {{"person", handle}, {"error", "nobody is called that"}});
        if (configured_.contains(handle))
            news_ = unknown_[handle]++ == 0 || news_;
    }
    called_.clear();
    // The list has nobody of other workspaces. Those who are named are asked for alone.
    for (const auto& [reference, user] : means_)
        if (const auto known = known_.find(user);
            configured_.contains(reference) && known != known_.end() && !known->second.listed)
            again_[user] = now;
    auto keeping = keep(std::move(all), false);
    co_await std::move(keeping);
    auto work = [&](storage::Transaction& tx) { storage::PeopleSync{tx}.listed(now); };
    co_await app_.database.transaction(work);
}
