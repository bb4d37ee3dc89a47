#include "oncall/calendar_people.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

/// The names in a title, in small letters: "On call: Ana & Bo (primary)" → "ana", "bo".
std::vector<std::string> parts_of_title(const std::string& title)
{
    auto text = lower(title);
    for (auto open = text.find('('); open != text.npos; open = text.find('(')) {
        const auto close = std::min(text.find(')', open), text.size() - 1);
        text.erase(open, close - open + 1);
    }
    // "ana-lena" is one name, and a + may stand in an address.
    for (const std::string_view between : {": ", " and ", " und ", " et ", " y ", " + ", " - ", " – ", "&", ";", "|", "/"})
        for (auto at = text.find(between); at != text.npos; at = text.find(between))
            text.replace(at, between.size(), ",");
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        auto part = trimmed(std::string_view{text}.substr(at, end - at));
        while (part.ends_with('.'))
            part.pop_back();
        if (!part.empty())
            parts.push_back(std::move(part));
        at = end + 1;
    }
    return parts;
}

/// It can be nothing but somebody's address or @handle.
bool is_reference(const std::string& part)
{
    return part.size() > 1 && part.find('@') != part.npos && part.find(' ') == part.npos;
}

void name_once(std::vector<std::string>& list, const std::string& one)
{
    if (std::find(list.begin(), list.end(), one) == list.end())
        list.push_back(one);
}

} // namespace

NameIndex::NameIndex(const std::vector<Acquainted>& known)
{
    for (const auto& one : known) {
        const auto name = lower(one.name), user = lower(one.user);
        add(whole_, lower(one.reference), one);
        add(whole_, lower(one.email), one);
        if (!user.empty()) {
            add(whole_, user, one);
            add(whole_, "<@" + user + ">", one);
        }
        if (!name.empty()) {
            add(whole_, name, one);
            add(whole_, "@" + name, one);
            add(first_, name.substr(0, name.find(' ')), one);
        }
        const auto address = lower(one.email.empty() ? one.reference : one.email);
        if (const auto at = address.find('@'); at != address.npos && at > 0)
            add(local_, address.substr(0, at), one);
    }
}

void NameIndex::add(std::map<std::string, Found>& to, const std::string& name, const Acquainted& one)
{
    if (name.empty())
        return;
    const auto [found, is_new] = to.emplace(name, Found{one, false});
    const auto who = [](const Acquainted& person) { return person.user.empty() ? person.reference : person.user; };
    if (!is_new && who(found->second.one) != who(one))
        found->second.several = true;
}

const Acquainted* NameIndex::find(const std::string& part) const
{
    for (const auto* const names : {&whole_, &first_, &local_})
        if (const auto found = names->find(part); found != names->end())
            return found->second.several ? nullptr : &found->second.one;
    return nullptr;
}

Called people_in(const CalendarEvent& event, const NameIndex& known)
{
    Called called;
    const auto has_declined = [&](const Acquainted& one) {
        return std::any_of(event.declined.begin(), event.declined.end(),
            [&](const std::string& address) { return address == lower(one.email) || address == lower(one.reference); });
    };
    const auto see = [&](const std::string& part) {
        const auto* const one = known.find(part);
        if (one && has_declined(*one))
            called.declined = true;
        else if (one)
            name_once(called.people, one->reference);
        else if (is_reference(part))
            name_once(called.unknown, part);
        return one != nullptr;
    };
    bool named = false;
    for (const auto& part : parts_of_title(event.title))
        named = see(part) || named;
    if (named)
        return called;
    for (const auto& address : event.people)
        see(lower(address));
    called.declined = called.declined || !event.declined.empty();
    return called;
}

} // namespace oncall
