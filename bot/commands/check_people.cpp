#include "commands/check_slack.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace commands {

using slack::at;
using slack::Json;
using slack::text_at;

namespace {

constexpr std::size_t few = 40; // people are asked for one by one; more of them by the list of all

/// Whether a member of the workspace is whom the configuration means.
bool is_called(const Json& user, const std::string& reference)
{
    if (reference.front() == '@')
        return text_at(user, {"name"}) == reference.substr(1)
            || text_at(user, {"profile", "display_name"}) == reference.substr(1);
    if (reference.find('@') != reference.npos)
        return oncall::lower(text_at(user, {"profile", "email"})) == oncall::lower(reference);
    return text_at(user, {"id"}) == reference;
}

/// Why somebody cannot be paged, and what to do; nothing when she can.
std::optional<std::pair<std::string, std::string>> unfit(const Json& user)
{
    if (is_true(user, "deleted"))
        return std::pair{"is deactivated in Slack", "Take this person out of the configuration, or name somebody else."};
    if (is_true(user, "is_bot"))
        return std::pair{"is a bot", "Name a person."};
    if (is_true(user, "is_restricted") || is_true(user, "is_ultra_restricted"))
        return std::pair{"is a guest, who does not see the team's channels", "Name a member, or have the guest made one."};
    return std::nullopt;
}

} // namespace

asio::awaitable<void> SlackCheck::list_people(const Uses& wanted)
{
    std::string cursor;
    do {
        Json arguments;
        arguments["limit"] = 1'000;
        if (!cursor.empty())
            arguments["cursor"] = cursor;
        const auto page = co_await ask("users.list", std::move(arguments));
        for (const auto& user : at(page, {"members"}))
            for (const auto& [reference, places] : wanted)
                // An account in use is meant before one that is not.
                if (is_called(user, reference) && (!members_.contains(reference) || is_true(members_[reference], "deleted")))
                    members_[reference] = user;
        cursor = text_at(page, {"response_metadata", "next_cursor"});
    } while (!cursor.empty());
}

asio::awaitable<void> SlackCheck::look_up(std::string reference)
{
    const bool is_email = reference.find('@') != reference.npos;
    Json arguments;
    arguments[is_email ? "email" : "user"] = reference;
    try {
        std::string method = is_email ? "users.lookupByEmail" : "users.info";
        const auto answer = co_await ask(std::move(method), std::move(arguments));
        members_[reference] = at(answer, {"user"});
    } catch (const slack::Error& error) {
        if (error.error_class() != slack::ErrorClass::refused)
            unasked_.insert(reference);
    }
}

asio::awaitable<void> SlackCheck::check_people()
{
    auto wanted = oncall::people_of(configuration_, doors_.clock.now());
    for (const auto& admin : settings_.admins)
        wanted[admin].push_back("ONCALL_ADMINS");
    const auto is_handle = [](const auto& person) { return person.first.starts_with('@'); };
    if (wanted.size() > few || std::any_of(wanted.begin(), wanted.end(), is_handle)) {
        bool to_the_end = true;
        try {
            co_await list_people(wanted);
        } catch (const slack::Error&) {
            to_the_end = false;
        }
        for (const auto& [reference, places] : wanted)
            if (const bool by_email = reference.find('@', 1) != reference.npos;
                !members_.contains(reference) && (!to_the_end || (by_email && !may("users:read.email"))))
                unasked_.insert(reference);
    } else {
        for (const auto& [reference, places] : wanted)
            co_await look_up(reference);
    }
    judge_people(wanted);
}

void SlackCheck::judge_people(const Uses& wanted) const
{
    std::size_t found = 0;
    for (const auto& [reference, places] : wanted) {
        if (unasked_.contains(reference))
            continue;
        const auto line = reference + " (" + joined(places) + ")";
        const auto member = members_.find(reference);
        if (member == members_.end())
            bad(line + " is nobody's in this workspace.",
                reference.find('@', 1) != reference.npos
                    ? "Write the address of this person's profile in Slack, or the member id (U…). Deactivated people are not "
                      "found."
                    : "Correct it, or write the e-mail address. In Slack: profile, ⋮, Copy member ID.");
        else if (const auto why = unfit(member->second))
            bad(line + " " + why->first + ".", why->second);
        else
            ++found;
    }
    if (found > 0)
        good(std::to_string(found) + (found == 1 ? " person is" : " people are") + " found in Slack.");
    if (!unasked_.empty())
        note("Not everybody could be looked for (" + std::to_string(unasked_.size())
            + " left): Slack wants fewer questions, or a scope is missing. Run this again in a minute.");
}

} // namespace commands
