#include "oncall/calendar_people.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

using Parts = std::vector<std::string>;

void replace_all(std::string& text, std::string_view what, char by)
{
    for (auto at = text.find(what); at != text.npos; at = text.find(what))
        text.replace(at, what.size(), 1, by);
}

Parts split_at(std::string_view text, char between)
{
    Parts parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(between, at), text.size());
        auto part = trimmed(text.substr(at, end - at));
        while (part.ends_with('.'))
            part.pop_back();
        if (!part.empty())
            parts.push_back(std::move(part));
        at = end + 1;
    }
    return parts;
}

/// The names in a title, in small letters; those that stand together are a list: "On call: Ana & Bo (primary)" → "on call";
/// "ana", "bo".
std::vector<Parts> lists_in_title(const std::string& title)
{
    auto text = lower(title);
    for (auto open = text.find('('); open != text.npos; open = text.find('(')) {
        const auto close = std::min(text.find(')', open), text.size() - 1);
        text.erase(open, close - open + 1);
    }
    // "ana-lena" is one name, and a + may stand in an address.
    for (const std::string_view after_a_label : {": ", " - ", " – ", "|"})
        replace_all(text, after_a_label, '\n');
    for (const std::string_view between : {" and ", " und ", " et ", " y ", " + ", "&", ";", "/"})
        replace_all(text, between, ',');
    std::vector<Parts> lists;
    for (const auto& list : split_at(text, '\n'))
        lists.push_back(split_at(list, ','));
    return lists;
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
        const auto name = lower(one.name), user = lower(one.user), reference = lower(one.reference);
        // Slack gives each of these to one person only: the first entry is as good as any.
        for (const auto& own : {reference, lower(one.email), user, user.empty() ? user : "<@" + user + ">"})
            if (!own.empty())
                sure_.try_emplace(own, one);
        // A name is whatever its owner types: one that looks like something else is none.
        if (!name.empty() && name.find('@') == name.npos) {
            add(one.named ? names_ : other_names_, name, one);
            if (one.named)
                add(first_, name.substr(0, name.find(' ')), one);
        }
        const auto address = one.email.empty() ? reference : lower(one.email);
        if (const auto at = address.find('@'); one.named && at != address.npos && at > 0)
            add(local_, address.substr(0, at), one);
    }
}

void NameIndex::add(std::map<std::string, Found>& to, const std::string& name, const Acquainted& one)
{
    const auto [found, is_new] = to.emplace(name, Found{one, false});
    const auto who = [](const Acquainted& person) { return lower(person.user.empty() ? person.reference : person.user); };
    if (!is_new && who(found->second.one) != who(one))
        found->second.several = true;
}

Meant NameIndex::find(const std::string& part) const
{
    if (const auto found = sure_.find(part); found != sure_.end())
        return {&found->second, false};
    auto name = part;
    if (part.starts_with('@'))
        name.erase(0, 1);
    // Those whom the configuration names come before all others, or anybody could take a name of theirs away.
    std::vector<const std::map<std::string, Found>*> tiers{&names_};
    if (name == part)
        tiers.insert(tiers.end(), {&first_, &local_});
    tiers.push_back(&other_names_);
    for (const auto* const names : tiers)
        if (const auto found = names->find(name); found != names->end())
            return {found->second.several ? nullptr : &found->second.one, found->second.several};
    return {};
}

Called people_in(const CalendarEvent& event, const NameIndex& known)
{
    Called called;
    const auto has_declined = [&](const Acquainted& one) {
        return std::any_of(event.declined.begin(), event.declined.end(),
            [&](const std::string& address) { return address == lower(one.email) || address == lower(one.reference); });
    };
    const auto see = [&](const std::string& part) {
        const auto [one, several] = known.find(part);
        if (several)
            name_once(called.several, part);
        else if (one && has_declined(*one))
            called.declined = true;
        else if (one)
            name_once(called.people, one->reference);
        else if (is_reference(part))
            name_once(called.unknown, part);
        return one != nullptr;
    };
    bool named = false;
    for (const auto& list : lists_in_title(event.title)) {
        Parts others;
        bool in_list = false;
        for (const auto& part : list) {
            const auto before = called.several.size() + called.unknown.size();
            const bool is_known = see(part);
            in_list = in_list || is_known;
            if (!is_known && before == called.several.size() + called.unknown.size())
                others.push_back(part);
        }
        named = named || in_list;
        // Beside somebody's name it is a name, too; else it may be any words.
        if (in_list)
            for (const auto& other : others)
                name_once(called.strange, other);
    }
    if (named)
        return called;
    for (const auto& address : event.people)
        see(lower(address));
    called.declined = called.declined || !event.declined.empty();
    return called;
}

} // namespace oncall
