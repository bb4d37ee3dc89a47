#include "delivery/mender.hpp"

#include "delivery/trouble_words.hpp"
#include "delivery/waiting.hpp"
#include "slack/errors.hpp"
#include "slack/scopes.hpp"

#include <algorithm>

namespace delivery {

using storage::Transaction;
using storage::Trouble;
using storage::TroubleKey;
using storage::Troubles;

namespace {

constexpr std::string_view opens_links{"apps.connections.open"};
constexpr std::string_view bot_token{"SLACK_BOT_TOKEN"}, app_token{"SLACK_APP_TOKEN"};
constexpr std::string_view posting{"chat:write"};
constexpr std::size_t most_people_told = 5; // of the teams, where nobody else is named

/// Whoever sets groups and topics says what it is refused, in words of its own.
bool says_so_itself(const std::string& method)
{
    return method.starts_with("usergroups.") || method == "conversations.setTopic" || method == "conversations.info";
}

/// Nothing of ours reaches Slack while it stands.
bool silences(const Trouble& one)
{
    return (one.of.kind == "token" && one.of.subject == bot_token) || (one.of.kind == "scope" && one.of.subject == posting);
}

/// To be in the channel, and the channel open, mends it.
bool is_over_for_members(const std::string& code)
{
    return code == "not_in_channel" || code == "channel_not_found" || code == "is_archived" || code == "is_inactive";
}

bool is_standing(const Trouble& one) { return one.over_at == TimePoint{}; }

/// Those of the teams whom a trouble concerns; of all teams where it names none.
std::vector<std::string> people_of_teams(const oncall::Configuration& configuration, const Trouble& one)
{
    std::vector<std::string> found;
    const auto add = [&](const std::string& person) {
        if (found.size() < most_people_told && std::find(found.begin(), found.end(), person) == found.end())
            found.push_back(person);
    };
    for (const bool of_its_own : {true, false})
        for (const auto& [name, team] : configuration.teams)
            if (found.empty() || of_its_own)
                if (!of_its_own || (one.of.kind == "channel" && team.channel == one.of.subject))
                    std::for_each(team.members.begin(), team.members.end(), add);
    return found;
}

std::vector<std::string> addresses_of(Transaction& tx, const std::vector<std::string>& admins)
{
    std::vector<std::string> found;
    for (const auto& admin : admins) {
        const bool is_address = admin.find('@', 1) != admin.npos && admin.front() != '@';
        const auto known = is_address ? std::nullopt : storage::People{tx}.find(admin);
        if (is_address || (known && !known->email.empty()))
            found.push_back(is_address ? admin : known->email);
    }
    return found;
}

/// Those who are nobody in Slack, as far as is known.
std::vector<std::string> strangers_in(Transaction& tx, const std::vector<std::string>& admins)
{
    std::vector<std::string> found;
    for (const auto& admin : admins)
        if (const auto known = storage::People{tx}.find(admin); !known || known->user_id.empty())
            found.push_back(admin);
    return found;
}

} // namespace

/// What is to be said, by where it goes.
struct Mender::News {
    std::vector<std::string> channel{};
    std::map<std::string, std::vector<std::string>> people{}, mails{};
    std::vector<std::string> all{};
    std::vector<TroubleKey> unsure{}; // channels for which nothing waits: Slack is asked
};

Mender::Mender(Doors doors, const oncall::InForce& in_force, Wishes wishes)
    : doors_{std::move(doors)}
    , in_force_{in_force}
    , wishes_{std::move(wishes)}
    , wake_{doors_.tasks.loop()}
{
}

asio::awaitable<void> Mender::run()
{
    while (true) {
        auto looking = round();
        const auto when = co_await std::move(looking);
        co_await wake_.sleep(doors_.clock, when);
    }
}

void Mender::heard(const slack::Called& call)
{
    using enum slack::ErrorClass;
    const bool by_app = call.method == opens_links;
    const TroubleKey token{"token", std::string{by_app ? app_token : bot_token}};
    if (!call.error) {
        ends(token);
        for (const auto& one : standing_) {
            const bool of_channels_too = one.of.subject == "messages_tab_disabled"; // its end is seen by the message itself
            if (one.of.kind == "app" && one.method == call.method && !of_channels_too)
                ends(one.of);
            if (one.of.kind == "scope" && one.method == call.method && call.scopes.empty())
                ends(one.of);
        }
    }
    if (!by_app && !call.scopes.empty() && !standing_.empty()) {
        const auto granted = slack::scopes_in(call.scopes);
        for (const auto& one : standing_) {
            const auto any_of = slack::scopes_in(one.of.subject);
            if (one.of.kind == "scope"
                && std::any_of(any_of.begin(), any_of.end(), [&](const std::string& scope) { return granted.contains(scope); }))
                ends(one.of);
        }
    }
    if (!call.error)
        return;
    const auto what = call.error->error_class();
    if (what == auth_dead || what == token_aged || (by_app && what == setup))
        begins(token, call);
    else if (says_so_itself(call.method))
        return;
    else if (const auto scope = slack::needed_scope(*call.error); !scope.empty())
        begins({"scope", scope}, call);
    else if (what == setup || call.error->code() == "not_enabled")
        begins({"app", call.error->code()}, call);
}

void Mender::begins(TroubleKey of, const slack::Called& call)
{
    const bool known =
        std::any_of(standing_.begin(), standing_.end(), [&](const Trouble& one) { return one.of == of && is_standing(one); });
    const bool noted = std::any_of(heard_.begin(), heard_.end(), [&](const Heard& one) { return one.of == of; });
    if (known || noted)
        return;
    heard_.push_back({std::move(of), call.error->code(), call.method});
    wake_.ring();
}

void Mender::ends(const TroubleKey& of)
{
    const auto noted = std::find_if(heard_.begin(), heard_.end(), [&](const Heard& one) { return one.of == of; });
    const bool known =
        std::any_of(standing_.begin(), standing_.end(), [&](const Trouble& one) { return one.of == of && is_standing(one); });
    if (noted != heard_.end()) {
        if (!noted->code.empty())
            heard_.erase(noted); // begun and over since the last look
        return;
    }
    if (!known)
        return;
    heard_.push_back({of, "", ""});
    wake_.ring();
}

/// Looks at all that stands; returns when to look again.
asio::awaitable<TimePoint> Mender::round()
{
    const auto now = doors_.clock.now();
    const auto heard = std::exchange(heard_, {});
    auto load = [](Transaction& tx) { return Troubles{tx}.all(); };
    standing_ = co_await doors_.database.read(load);
    const bool any = !heard.empty() || std::any_of(standing_.begin(), standing_.end(), [&](const Trouble& one) {
        return one.said_at == TimePoint{} || !is_standing(one) || one.due <= now;
    });
    bool asks = false;
    std::vector<TroubleKey> unsure;
    if (any) {
        Around around;
        around.now = now;
        around.bot = doors_.called ? doors_.called() : std::string{"oncall"};
        around.has_mail = wishes_.email && wishes_.email();
        around.configuration = in_force_.get();
        around.key = "trouble:" + std::to_string(now.time_since_epoch().count()) + ":" + std::to_string(++told_) + ":";
        News news;
        auto work = [&](Transaction& tx) {
            news = {};
            asks = settle(tx, heard, around, news);
            return Troubles{tx}.all();
        };
        standing_ = co_await doors_.database.transaction(work);
        for (const auto& one : news.all)
            doors_.log.warning(one);
        unsure = std::move(news.unsure);
    }
    if (asks) {
        // Each answer says which scopes the token has: `heard` listens.
        try {
            slack::Json nothing = slack::Json::object();
            co_await doors_.slack.call("auth.test", std::move(nothing));
        } catch (const slack::Error& error) {
            doors_.log.info("Slack was asked whether it lets us again", {{"error", error.code()}});
        }
    }
    for (const auto& one : unsure) {
        const bool member = co_await is_member(one.subject);
        if (member)
            ends(one);
    }
    auto when = TimePoint::max();
    for (const auto& one : standing_)
        when = std::min(when, one.due);
    co_return when;
}

/// Of a channel as configured, not archived. When Slack does not say, it is as before.
asio::awaitable<bool> Mender::is_member(std::string channel)
{
    try {
        if (channel.starts_with('#'))
            channel = co_await doors_.channels.id_of(channel);
        if (channel.empty())
            co_return false;
        slack::Json arguments = slack::Json::object();
        arguments["channel"] = channel;
        const auto told = co_await doors_.slack.call("conversations.info", std::move(arguments));
        const auto& archived = slack::at(told, {"channel", "is_archived"});
        const auto& member = slack::at(told, {"channel", "is_member"});
        co_return member.is_boolean() && member.get<bool>() && !(archived.is_boolean() && archived.get<bool>());
    } catch (const slack::Error& error) {
        doors_.log.info("Slack does not say whether we are in a channel", {{"error", error.code()}});
    }
    co_return false;
}

/// Writes down what was heard, says what is new, and tries what is due. True when Slack is to be asked what the token may.
bool Mender::settle(Transaction& tx, const std::vector<Heard>& heard, const Around& around, News& news) const
{
    const auto now = around.now;
    const Troubles troubles{tx};
    for (const auto& one : heard)
        if (one.code.empty())
            end_trouble(tx, one.of, now);
        else
            troubles.note(one.of, one.code, one.method, now, now + try_again_every);
    troubles.forget_strays();
    bool asks = false;
    const auto all = troubles.all();
    for (const auto& one : all) {
        if (!is_standing(one)) {
            tell(tx, all, one, around, news);
            troubles.forget(one.of);
            continue;
        }
        if (one.said_at == TimePoint{}) {
            tell(tx, all, one, around, news);
            troubles.said(one.of, now);
        }
        if (one.due > now)
            continue;
        // Slack comes to us by HTTP now.
        if (one.of == TroubleKey{"token", std::string{app_token}} && !wishes_.has_app_token) {
            troubles.forget(one.of);
            continue;
        }
        // Nobody needs the channel any more.
        if (one.of.kind == "channel" && words::uses_of(*around.configuration, wishes_.channel, one.of.subject).empty()) {
            leave_channel(tx, one, *around.configuration, wishes_.channel, now);
            troubles.forget(one.of);
            continue;
        }
        probe(tx, one.of, now);
        troubles.put_off(one.of, now + try_again_every);
        // What Home shows waits for nobody's answer but its own.
        asks = asks || (one.of.kind != "channel" && one.of.subject != "not_enabled");
        if (one.of.kind == "channel" && is_over_for_members(one.code) && troubles.waiting(one.of).empty())
            news.unsure.push_back(one.of);
    }
    say(tx, news, around);
    return asks;
}

/// Whoever can mend it is told: the fallback channel, unless that is what keeps silent; else the administrators, else people of
/// the team. What keeps all of Slack silent goes by mail.
void Mender::tell(Transaction& tx, const std::vector<Trouble>& all, const Trouble& one, const Around& around, News& news) const
{
    const bool stands = is_standing(one);
    const auto text = stands
        ? words::stands(one, words::uses_of(*around.configuration, wishes_.channel, one.of.subject), around.bot)
        : words::is_over(one);
    news.all.push_back(text);
    const bool silent =
        std::any_of(all.begin(), all.end(), [](const Trouble& each) { return is_standing(each) && silences(each); });
    const bool no_channel = wishes_.channel.empty() || std::any_of(all.begin(), all.end(), [&](const Trouble& each) {
        return is_standing(each) && each.of.kind == "channel" && each.of.subject == wishes_.channel;
    });
    const auto mail = [&](const std::vector<std::string>& admins) {
        if (around.has_mail)
            for (const auto& address : addresses_of(tx, admins))
                news.mails[address].push_back(text);
    };
    if (silent) {
        mail(wishes_.admins);
    } else if (!no_channel) {
        news.channel.push_back(text);
    } else {
        const auto people = wishes_.admins.empty() ? people_of_teams(*around.configuration, one) : wishes_.admins;
        for (const auto& person : people)
            news.people[person].push_back(text);
        const bool reaches_nobody = std::any_of(all.begin(), all.end(),
            [](const Trouble& each) { return is_standing(each) && each.of.subject == "messages_tab_disabled"; });
        mail(reaches_nobody ? wishes_.admins : strangers_in(tx, wishes_.admins));
    }
}

void Mender::say(Transaction& tx, const News& news, const Around& around) const
{
    if (news.all.empty())
        return;
    const auto lines = [](const std::vector<std::string>& all) {
        std::string text;
        for (const auto& one : all)
            text += (text.empty() ? "" : "\n") + one;
        return text;
    };
    const auto& key = around.key;
    const auto now = around.now;
    const storage::Outbox outbox{tx};
    if (!news.channel.empty())
        outbox.add(key + "channel", "alarm", storage::Priority::card, wishes_.channel, 0,
            wishes_.channel + "\n" + lines(news.channel), now);
    for (const auto& [person, texts] : news.people)
        outbox.add(key + person, "person_words", storage::Priority::card, person, 0, person + "\n" + lines(texts), now);
    for (const auto& [address, texts] : news.mails)
        outbox.add(key + "email:" + address, "alarm_email", storage::Priority::page, "email:" + address, 0,
            address + "\n" + lines(texts), now);
}

} // namespace delivery
