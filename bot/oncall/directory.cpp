#include "oncall/directory.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t longest_entry_name = 80, longest_text = 500, longest_address = 1'000, longest_label = 200;
constexpr std::size_t most_labels = 30, most_links = 10, most_dependencies = 50;
constexpr std::size_t few_enough = 4; // so few may go at once

bool is_sign(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_name(const std::string& name)
{
    return !name.empty() && characters(name) <= longest_entry_name && std::none_of(name.begin(), name.end(), is_sign);
}

bool is_address_of_the_web(const std::string& text)
{
    const bool begins = text.starts_with("https://") || text.starts_with("http://");
    return begins && text.size() > 8 && text.size() <= longest_address
        && std::none_of(text.begin(), text.end(), [](char c) { return is_sign(c) || c == ' ' || c == '<' || c == '>'; });
}

/// What of an entry cannot be taken; empty: nothing.
std::string wrong_with(const DirectoryEntry& entry)
{
    if (entry.name.empty())
        return "it has no name";
    if (!is_name(entry.name))
        return "its name is longer than 80 characters, or has control characters";
    if (entry.tier < 0 || entry.tier > 9)
        return "its tier is none from 1 to 9";
    if (!entry.runbook.empty() && !is_address_of_the_web(entry.runbook))
        return "its runbook is no web address";
    if (entry.labels.size() > most_labels)
        return "it has more than 30 labels";
    for (const auto& [name, value] : entry.labels)
        if (!is_name(name) || value.size() > longest_label || std::any_of(value.begin(), value.end(), is_sign))
            return "a label is longer than 200 characters, or has control characters";
    if (std::any_of(entry.labels.begin(), entry.labels.end(), [](const auto& label) { return label.second.empty(); }))
        return "a label has no value; write name=value";
    if (entry.links.size() > most_links)
        return "it has more than 10 links";
    for (const auto& link : entry.links)
        if (!is_address_of_the_web(link.href))
            return "a link is no web address";
    if (entry.depends_on.size() > most_dependencies)
        return "it depends on more than 50 services";
    if (!std::all_of(entry.depends_on.begin(), entry.depends_on.end(), is_name))
        return "what it depends on has a name of no service";
    return {};
}

std::string team_of(const Directory& directory, const std::string& owner, const Configuration& holds)
{
    const auto known = [&](const std::string& name) { return holds.teams.contains(name) ? name : std::string{}; };
    const auto name = owner_name(owner);
    for (const auto& word : {owner, name})
        if (const auto mapped = directory.teams.find(word); !word.empty() && mapped != directory.teams.end())
            return known(mapped->second);
    if (!name.empty() && holds.teams.contains(name))
        return name;
    return known(directory.team);
}

Service service_of(const DirectoryEntry& entry, const Directory& directory, const Configuration& holds)
{
    Service service;
    service.name = entry.name;
    service.team = team_of(directory, entry.owner, holds);
    service.tier = entry.tier;
    service.runbook = entry.runbook;
    service.description = entry.description;
    service.labels = entry.labels;
    service.links = entry.links;
    service.depends_on = entry.depends_on;
    service.directory = directory.name;
    return service;
}

/// The fields that a directory may say something of.
struct Field {
    std::string_view name{};
    bool (*same)(const Service& one, const Service& other){};
    void (*take)(Service& to, const Service& from){};
};

template <auto member> constexpr Field field_of(std::string_view name)
{
    return {name, [](const Service& one, const Service& other) { return one.*member == other.*member; },
        [](Service& to, const Service& from) { to.*member = from.*member; }};
}

constexpr Field synced_fields[]{field_of<&Service::team>("team"), field_of<&Service::tier>("tier"),
    field_of<&Service::runbook>("runbook"), field_of<&Service::description>("description"), field_of<&Service::links>("links"),
    field_of<&Service::depends_on>("depends_on")};

using Labels = std::map<std::string, std::string>;

/// Each label for itself: one that people have added stays beside those that the directory changes. Whether any stays otherwise.
bool merge_labels(Labels& into, const Labels& said, const Labels& says)
{
    const auto value = [](const Labels& labels, const std::string& name) -> const std::string* {
        const auto found = labels.find(name);
        return found == labels.end() ? nullptr : &found->second;
    };
    const auto same = [](const std::string* one, const std::string* other) {
        return one == other || (one && other && *one == *other);
    };
    std::set<std::string> names;
    for (const Labels* const labels : {static_cast<const Labels*>(&into), &said, &says})
        for (const auto& [name, text] : *labels)
            names.insert(name);
    bool kept = false;
    const auto before = into;
    for (const auto& name : names) {
        const auto* const held = value(before, name);
        const auto* const wanted = value(says, name);
        if (same(held, wanted))
            continue;
        if (!same(held, value(said, name)))
            kept = kept || wanted; // people's; where the directory says nothing of it there is nothing to tell
        else if (wanted)
            into[name] = *wanted;
        else
            into.erase(name);
    }
    return kept;
}

/// Whether people have changed something of it since.
bool is_edited(const Service& held, const Service& said)
{
    auto plain = said;
    plain.directory = held.directory;
    return !(plain == held);
}

class Merging {
public:
    Merging(const Directory& directory, const SyncedServices& last, const Configuration& holds,
        const std::set<std::string>& alerting, TimePoint now)
        : directory_{directory}
        , last_{last}
        , holds_{holds}
        , alerting_{alerting}
        , now_{now}
    {
    }

    void take(const DirectoryEntry& entry)
    {
        const auto wanted = service_of(entry, directory_, holds_);
        const auto held = holds_.services.find(entry.name);
        const auto last = last_.find(entry.name);
        const bool known = last != last_.end();
        if (held == holds_.services.end()) {
            if (known) {
                say(SyncFate::keep, entry.name, "deleted here, and still in the directory; stays deleted");
                remember(entry.name, last->second.said);
                return;
            }
            auto& step = say(SyncFate::create, entry.name, ownerless(entry, wanted.team));
            step.becomes = wanted;
            remember(entry.name, wanted);
            return;
        }
        const bool is_own = held->second.directory == directory_.name;
        if (!is_own && !is_free(held->second, holds_)) {
            say(SyncFate::conflict, entry.name,
                held->second.directory.empty() ? "made here and not by the directory; left alone"
                                               : "of directory " + held->second.directory + "; left alone");
            return;
        }
        const Service nothing{};
        update(entry, wanted, held->second, known ? &last->second.said : is_own ? nullptr : &nothing);
    }

    /// It is not in the directory. `whole`: all of that was read.
    void miss(const std::string& name, bool whole)
    {
        const auto last = last_.find(name);
        const auto held = holds_.services.find(name);
        if (!whole) {
            if (last != last_.end())
                sync_.known[name] = last->second;
            return;
        }
        if (held == holds_.services.end()) {
            // People have deleted it: that is not forgotten by a reading or two without it.
            if (last == last_.end())
                return;
            if (const auto known = missed_once_more(last->second); !is_gone_for_good(known))
                sync_.known[name] = known;
            return;
        }
        if (held->second.directory != directory_.name)
            return; // people have made it theirs
        const auto known = missed_once_more(last == last_.end() ? SyncedService{held->second, 0, {}} : last->second);
        const auto why = stays_because(held->second, known);
        if (why.empty() && removed_ < most_removed_at_once) {
            ++removed_;
            say(SyncFate::remove, name, "gone from the directory, and nothing names it");
            return;
        }
        say(SyncFate::gone, name, "gone from the directory; " + (why.empty() ? "removed with one of the next readings" : why));
        sync_.known[name] = known;
    }

    Sync done()
    {
        std::stable_sort(sync_.steps.begin(), sync_.steps.end(),
            [](const SyncStep& one, const SyncStep& other) { return one.service < other.service; });
        return std::move(sync_);
    }

private:
    SyncStep& say(SyncFate fate, const std::string& service, std::string why)
    {
        SyncStep step;
        step.fate = fate;
        step.service = service;
        step.why = std::move(why);
        sync_.steps.push_back(std::move(step));
        return sync_.steps.back();
    }

    void remember(const std::string& name, const Service& said) { sync_.known[name] = {said, 0, {}}; }

    static std::string ownerless(const DirectoryEntry& entry, const std::string& team)
    {
        if (!team.empty())
            return {};
        return entry.owner.empty() ? "it names no owner, so it has no team: nobody would be paged"
                                   : "its owner " + entry.owner + " is no team here: nobody would be paged";
    }

    void update(const DirectoryEntry& entry, Service wanted, const Service& held, const Service* said)
    {
        const bool lost_owner = wanted.team.empty() && !held.team.empty();
        if (wanted.team.empty()) // nobody loses a team by a directory
            wanted.team = said ? said->team : held.team;
        const auto base = said ? *said : held;
        const bool adopted = held.directory != directory_.name;
        auto becomes = held;
        becomes.directory = directory_.name;
        std::vector<std::string> changed, kept;
        for (const auto& field : synced_fields) {
            if (field.same(wanted, held))
                continue;
            // What is not remembered, as after another database, empties nothing.
            const bool says_nothing = field.same(wanted, Service{});
            if (field.same(held, base) && (said || !says_nothing)) {
                field.take(becomes, wanted);
                changed.emplace_back(field.name);
            } else if (!says_nothing) {
                kept.emplace_back(field.name);
            }
        }
        const bool labels_kept = merge_labels(becomes.labels, said ? said->labels : wanted.labels, wanted.labels);
        if (becomes.labels != held.labels)
            changed.emplace_back("labels");
        if (labels_kept)
            kept.emplace_back("labels");
        remember(entry.name, wanted);

        auto why = held.policy.empty() && becomes.team.empty() ? ownerless(entry, becomes.team) : std::string{};
        if (lost_owner && !entry.owner.empty())
            why = "its owner " + entry.owner + " is no team here; it stays with team " + held.team;
        if (adopted)
            why = "taken over from directory " + held.directory + ", which is not configured any more" + (why.empty() ? "" : "; ")
                + why;
        const bool changes = adopted || !changed.empty();
        if (changes) {
            auto& step = say(adopted ? SyncFate::adopt : SyncFate::change, entry.name, why);
            step.becomes = std::move(becomes);
            step.fields = std::move(changed);
        }
        if (!kept.empty()) {
            auto& step = say(SyncFate::keep, entry.name, "changed here; stays so");
            step.fields = std::move(kept);
        } else if (!changes && !why.empty()) {
            say(SyncFate::keep, entry.name, why);
        }
    }

    SyncedService missed_once_more(SyncedService known) const
    {
        known.missed_since = known.missed == 0 ? now_ : known.missed_since;
        ++known.missed;
        return known;
    }

    bool is_gone_for_good(const SyncedService& known) const
    {
        return known.missed >= missed_before_removal && now_ - known.missed_since >= gone_before_removal;
    }

    /// Why it is not removed now; empty: it is.
    std::string stays_because(const Service& held, const SyncedService& known) const
    {
        const auto& name = held.name;
        if (is_edited(held, known.said))
            return "changed here, so it stays. Delete it yourself if it is over";
        for (const auto& rule : holds_.rules)
            if (rule.service == name || rule.default_service == name)
                return "rule " + rule.name + " names it, so it stays";
        for (const auto& [source, one] : holds_.sources)
            if (one.service == name)
                return "source " + source + " names it, so it stays";
        for (const auto& [heartbeat, one] : holds_.heartbeats)
            if (one.service == name)
                return "heartbeat " + heartbeat + " names it, so it stays";
        if (alerting_.contains(name))
            return "it has open alerts, so it stays";
        if (!is_gone_for_good(known))
            return "it is removed when it has been gone for a day and " + std::to_string(missed_before_removal)
                + " readings; this was the "
                + (known.missed == 1        ? "first"
                        : known.missed == 2 ? "second"
                                            : "latest");
        return {};
    }

    const Directory& directory_;
    const SyncedServices& last_;
    const Configuration& holds_;
    const std::set<std::string>& alerting_;
    TimePoint now_;
    int removed_{};
    Sync sync_{};
};

std::string with_commas(const std::vector<std::string>& words)
{
    std::string all;
    for (const auto& word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

constexpr std::pair<DirectoryFormat, std::string_view> directory_formats[]{{DirectoryFormat::yaml, "yaml"},
    {DirectoryFormat::csv, "csv"}, {DirectoryFormat::backstage, "backstage"}, {DirectoryFormat::harness, "harness"}};

} // namespace

std::string foreign_line(const std::string& text, std::size_t most)
{
    std::string line;
    for (const char c : text) {
        const bool is_blank = c == ' ' || is_sign(c);
        if (!is_blank || (!line.empty() && line.back() != ' '))
            line += is_blank ? ' ' : c;
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    if (characters(line) <= most)
        return line;
    std::size_t end = 0;
    for (std::size_t count = 0; end < line.size() && count < most; ++count)
        for (++end; end < line.size() && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80;)
            ++end;
    return line.substr(0, end) + "…";
}

std::optional<DirectoryFormat> directory_format_in(std::string_view text)
{
    for (const auto& [format, word] : directory_formats)
        if (word == text)
            return format;
    return std::nullopt;
}

std::string_view name_of(DirectoryFormat format) { return directory_formats[static_cast<std::size_t>(format)].second; }

DirectoryRead checked(DirectoryRead read)
{
    if (!read.problem.empty())
        return read;
    if (read.entries.size() + read.mistakes.size() > most_services) {
        read.problem = "it has more than 5,000 services";
        return read;
    }
    for (auto& mistake : read.mistakes)
        mistake.name = foreign_line(mistake.name, longest_entry_name);
    std::map<std::string, int> count;
    for (auto& entry : read.entries) {
        entry.name = foreign_line(entry.name, entry.name.size());
        entry.owner = foreign_line(entry.owner, longest_label);
        entry.description = foreign_line(entry.description, longest_text);
        for (auto& link : entry.links)
            link.text = foreign_line(link.text, longest_entry_name);
        // A name twice, or its own, says nothing more.
        std::set<std::string> names{entry.name};
        std::erase_if(entry.depends_on, [&](const std::string& name) { return !names.insert(name).second; });
        ++count[entry.name];
    }
    std::vector<DirectoryEntry> good;
    for (auto& entry : read.entries) {
        auto wrong = wrong_with(entry);
        if (wrong.empty() && count[entry.name] > 1)
            wrong = "its name is there " + std::to_string(count[entry.name]) + " times";
        if (wrong.empty())
            good.push_back(std::move(entry));
        else
            read.mistakes.push_back({entry.line, foreign_line(entry.name, longest_entry_name), std::move(wrong)});
    }
    read.entries = std::move(good);
    std::stable_sort(read.mistakes.begin(), read.mistakes.end(),
        [](const DirectoryMistake& one, const DirectoryMistake& other) { return one.line < other.line; });
    return read;
}

std::string owner_name(std::string_view reference)
{
    if (const auto colon = reference.find(':'); colon != reference.npos) {
        if (reference.substr(0, colon) != "group")
            return {};
        reference.remove_prefix(colon + 1);
    }
    return std::string{reference.substr(reference.rfind('/') + 1)}; // npos + 1 is 0
}

std::string too_few(const DirectoryRead& read, const SyncedServices& last)
{
    const auto had =
        static_cast<std::size_t>(std::count_if(last.begin(), last.end(), [](const auto& one) { return one.second.missed == 0; }));
    const auto has = read.entries.size() + read.mistakes.size();
    if (had == 0 || has * 2 >= had || (has > 0 && had <= few_enough))
        return {};
    return "it has " + std::to_string(has) + (has == 1 ? " service" : " services") + ", and had " + std::to_string(had)
        + ": that is hardly all of it.";
}

bool is_free(const Service& service, const Configuration& holds)
{
    return !service.directory.empty() && !holds.directories.contains(service.directory);
}

Sync merge(const Directory& directory, const DirectoryRead& read, const SyncedServices& last, const Configuration& holds,
    const std::set<std::string>& alerting, TimePoint now)
{
    Merging merging{directory, last, holds, alerting, now};
    std::set<std::string> there;
    for (const auto& entry : read.entries) {
        merging.take(entry);
        there.insert(entry.name);
    }
    std::set<std::string> missing;
    for (const auto& [name, known] : last)
        if (!there.contains(name))
            missing.insert(name);
    for (const auto& [name, service] : holds.services)
        if (service.directory == directory.name && !there.contains(name))
            missing.insert(name);
    for (const auto& name : missing)
        merging.miss(name, read.mistakes.empty());
    return merging.done();
}

std::string summary_of(const DirectoryRead& read, const std::vector<SyncStep>& steps)
{
    const auto services = read.entries.size();
    auto words = std::to_string(services) + (services == 1 ? " service: " : " services: ");
    std::string counts;
    constexpr std::pair<SyncFate, std::string_view> fates[]{{SyncFate::create, "new"}, {SyncFate::adopt, "taken over"},
        {SyncFate::change, "changed"}, {SyncFate::keep, "kept as here"}, {SyncFate::gone, "gone"}, {SyncFate::remove, "removed"},
        {SyncFate::conflict, "left alone"}};
    for (const auto& [fate, word] : fates)
        if (const auto count =
                std::count_if(steps.begin(), steps.end(), [is = fate](const SyncStep& step) { return step.fate == is; }))
            counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + std::string{word};
    if (const auto wrong = read.mistakes.size())
        counts += (counts.empty() ? "" : ", ") + std::to_string(wrong) + (wrong == 1 ? " mistake" : " mistakes");
    return words + (counts.empty() ? "nothing to change" : counts);
}

std::string words_of(const SyncStep& step)
{
    const auto fields = step.fields.empty() ? std::string{} : ": " + with_commas(step.fields);
    std::string words;
    switch (step.fate) {
    case SyncFate::create: words = "+ " + step.service + (step.becomes.team.empty() ? "" : ": team " + step.becomes.team); break;
    case SyncFate::adopt:
    case SyncFate::change: words = "~ " + step.service + fields; break;
    case SyncFate::keep: words = "= " + step.service + fields; break;
    case SyncFate::gone: words = "? " + step.service; break;
    case SyncFate::remove: words = "- " + step.service; break;
    case SyncFate::conflict: words = "! " + step.service; break;
    }
    if (step.why.empty())
        return words;
    return words + (words.find(": ") == words.npos ? ": " : "; ") + step.why;
}

std::string words_of(const DirectoryMistake& mistake)
{
    return "! " + (mistake.line > 0 ? "line " + std::to_string(mistake.line) + ", " : std::string{})
        + (mistake.name.empty() ? "an entry" : mistake.name) + ": " + mistake.what + "; left out";
}

} // namespace oncall
