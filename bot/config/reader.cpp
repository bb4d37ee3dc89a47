#include "config/reader.hpp"

#include "config/addresses.hpp"
#include "config/nearest.hpp"
#include "config/times.hpp"
#include "config/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace config {

namespace {

constexpr std::size_t most_problems = 1'000;
constexpr std::size_t most_comparisons = 200'000;
constexpr std::string_view time_fix = "write the date and the time of day as 2026-11-02T09:00";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// A sentence on one line and not too long, whatever was repeated in it.
std::string shown(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += is_control(c) ? ' ' : c;
    constexpr std::size_t most = 400;
    if (out.size() <= most)
        return out;
    auto end = most;
    while (is_continuation(out[end]))
        --end;
    return out.substr(0, end) + "…";
}

} // namespace

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

void Reader::problem(const Place& at, const std::string& what, const std::string& fix)
{
    faulty_.insert(head_);
    if (unreadable_.contains(at.node))
        return;
    if (problems_.size() < most_problems)
        problems_.push_back({at.node->line, at.node->column, shown(what), shown(fix), at.path});
    else
        ++left_out_;
}

std::vector<Problem> Reader::problems()
{
    std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
        return std::pair{a.line, a.column} < std::pair{b.line, b.column};
    });
    // What stands behind an alias is read wherever it is used.
    const auto is_same = [](const Problem& a, const Problem& b) {
        return a.line > 0 && std::pair{a.line, a.column} == std::pair{b.line, b.column} && a.what == b.what;
    };
    problems_.erase(std::unique(problems_.begin(), problems_.end(), is_same), problems_.end());
    if (left_out_ > 0)
        problems_.push_back({0, 0, "there are " + std::to_string(left_out_) + " more problems", "mend these first"});
    return std::move(problems_);
}

bool Reader::is_mapping(const Place& at, const std::string& what, const std::vector<std::string>& known)
{
    if (at.node->kind == Node::Kind::mapping)
        return true;
    if (at.node->kind != Node::Kind::null) {
        problem(at, what + " must be a mapping",
            "write `key: value` pairs" + (known.empty() ? "" : "; the keys are " + joined(known)));
        unreadable_.insert(at.node);
    }
    return false;
}

bool Reader::is_key(const Place& key, const std::string& what)
{
    if (key.node->is_scalar())
        return true;
    problem(key, "a key of " + what + " is no text", "use a plain word as the key, or put it in quotes");
    return false;
}

bool Reader::is_first(const Place& key, const std::string& what, bool first)
{
    if (!first)
        problem(key, "`" + key.node->text + "` is there twice in " + what, "keep one of the two");
    return first;
}

Fields Reader::fields(const Place& at, const std::string& what, const std::vector<std::string>& known)
{
    Fields found;
    found.of_ = at;
    if (!is_mapping(at, what, known))
        return found;
    const auto& node = *at.node;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
        const auto& name = node.keys[i].text;
        const Place key{&node.keys[i], at.path};
        if (!is_key(key, what))
            continue;
        if (std::find(known.begin(), known.end(), name) == known.end())
            problem(key, what + " has no key `" + name + "`", suggestion(name, known, "the keys are " + joined(known)));
        else
            is_first(key, what,
                found.found_.emplace(name, Place{&node.items[i], at.path + (at.path.empty() ? "" : ".") + name}).second);
    }
    return found;
}

std::string Reader::text(const Place& at, const std::string& what)
{
    const auto kind = at.node->kind;
    if (kind == Node::Kind::list || kind == Node::Kind::mapping)
        problem(at, "`" + what + "` must be a text",
            kind == Node::Kind::list ? "write one value, without brackets" : "write one value, in quotes if it has a colon");
    else if (at.node->text.empty())
        problem(at, "`" + what + "` is empty", "write something, in quotes if it begins with #, or leave it out");
    else
        return at.node->text;
    return {};
}

std::string Reader::text(const Fields& in, const std::string& key) { return in.has(key) ? text(in.at(key), key) : ""; }

std::string Reader::quoted_text(const Fields& in, const std::string& key)
{
    const auto word = text(in, key);
    if (word.empty() || in.at(key).node->kind == Node::Kind::text)
        return word;
    problem(in.at(key), "`" + key + "` looks like a number", "put it in quotes");
    return {};
}

std::optional<int> Reader::number(const Place& at, const std::string& what, int least, int most)
{
    const auto& word = at.node->text;
    int value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (at.node->kind == Node::Kind::number && error == std::errc{} && end == word.data() + word.size() && value >= least
        && value <= most)
        return value;
    problem(at, "`" + what + "` must be a whole number",
        "write a number from " + std::to_string(least) + " to " + std::to_string(most) + ", without quotes");
    return std::nullopt;
}

int Reader::number(const Fields& in, const std::string& key, int otherwise, int least, int most)
{
    return in.has(key) ? number(in.at(key), key, least, most).value_or(otherwise) : otherwise;
}

std::optional<bool> Reader::truth(const Fields& in, const std::string& key)
{
    if (!in.has(key))
        return std::nullopt;
    const auto& node = *in.at(key).node;
    if (node.kind == Node::Kind::truth)
        return node.text.front() == 't' || node.text.front() == 'T';
    problem(in.at(key), "`" + key + "` must be true or false", "write true or false, without quotes");
    return std::nullopt;
}

void Reader::refer(const Place& at, const std::string& kind, const std::string& name) { references_.push_back({at, kind, name}); }

std::string Reader::reference(const Fields& in, const std::string& key, const std::string& kind)
{
    auto name = text(in, key);
    if (!name.empty())
        refer(in.at(key), kind, name);
    return name;
}

std::string Reader::zone(const Fields& in, const std::string& key)
{
    auto name = text(in, key);
    if (name.empty() || oncall::is_time_zone(name))
        return name;
    problem(in.at(key), "there is no time zone `" + name + "`", "use a name of the IANA database, as Europe/Berlin or UTC");
    return {};
}

std::vector<Place> Reader::list(const Fields& in, const std::string& key)
{
    std::vector<Place> items;
    if (!in.has(key) || in.at(key).node->kind == Node::Kind::null)
        return items;
    const auto& at = in.at(key);
    if (at.node->kind != Node::Kind::list) {
        problem(at, "`" + key + "` must be a list", "write [a, b], or one `- …` a line");
        unreadable_.insert(at.node);
    } else
        for (std::size_t i = 0; i < at.node->items.size(); ++i)
            items.push_back(at.item(i));
    return items;
}

bool Reader::is_person_here(std::string_view name) const { return names_ == Names::any || is_person(name); }

std::vector<std::string> Reader::people(const Place& at, const std::string& what)
{
    std::vector<std::string> found;
    std::set<std::string> seen;
    const auto one = [&](const Place& place) {
        const auto name = text(place, what);
        if (name.empty())
            return;
        if (!is_person_here(name))
            problem(place, "`" + name + "` is no person", "name people by e-mail, @handle or Slack id (U…)");
        else if (!seen.insert(name).second)
            problem(place, "`" + name + "` is there twice", "name each person once");
        else
            found.push_back(name);
    };
    if (at.node->kind == Node::Kind::list)
        for (std::size_t i = 0; i < at.node->items.size(); ++i)
            one(at.item(i));
    else
        one(at);
    return found;
}

void Reader::check_name(const Place& at, const std::string& name, const std::string& what)
{
    if (name.empty() || length_of(name) > 80)
        problem(at, "the name of " + what + " is empty or too long", "use 1 to 80 characters");
    else if (std::any_of(name.begin(), name.end(), is_control))
        problem(at, "the name of " + what + " has a control character in it", "use letters, digits and blanks");
}

std::optional<oncall::LocalTime> Reader::local_time(const Fields& in, const std::string& key, bool optional)
{
    if (!in.has(key)) {
        if (!optional)
            problem(in.of(), "`" + key + "` is missing", std::string{time_fix});
        return std::nullopt;
    }
    const auto& at = in.at(key);
    const auto& word = at.node->text;
    const auto written = time_in(word);
    if (written && !written->offset)
        return written->local;
    if (written)
        problem(at, "`" + key + "` has an offset, but a rotation's times are local",
            "write it as " + time_out(written->local) + ", in the rotation's time zone");
    else if (looks_like_time(word))
        problem(at, "there is no such time as " + word, "use a day that the calendar has, from 1970 to 2199, and 00:00 to 23:59");
    else
        problem(at, "`" + key + "` is no time", std::string{time_fix});
    return std::nullopt;
}

std::optional<oncall::TimePoint> Reader::instant(const Fields& in, const std::string& key, const std::string& zone)
{
    const std::string fix = std::string{time_fix} + ", or with an offset as 2026-11-02T09:00+01:00";
    if (!in.has(key)) {
        problem(in.of(), "`" + key + "` is missing", fix);
        return std::nullopt;
    }
    const auto& at = in.at(key);
    const auto& word = at.node->text;
    if (const auto written = time_in(word)) {
        const auto instant = written->offset ? oncall::TimePoint{written->local.time_since_epoch() - *written->offset}
                                             : oncall::to_instant(written->local, zone);
        if (is_in_range(oncall::to_local(instant, zone)))
            return instant;
    }
    if (looks_like_time(word))
        problem(at, "there is no such time as " + word, "use a day that the calendar has, from 1970 to 2199, and 00:00 to 23:59");
    else
        problem(at, "`" + key + "` is no time", fix);
    return std::nullopt;
}

void Reader::skipped(const Place& at, const std::string& what, oncall::TimePoint after, const std::string& zone)
{
    const auto on = oncall::to_local(after, zone);
    problem(at, what + " lies in a time that the clocks of " + zone + " skip: they go on at " + time_out(on),
        "let it end after " + time_out(on));
}

std::string Reader::suggestion(const std::string& word, const std::vector<std::string>& candidates, const std::string& otherwise)
{
    comparisons_ += candidates.size();
    const auto meant = comparisons_ > most_comparisons ? std::nullopt : nearest(word, candidates);
    return meant ? "did you mean `" + *meant + "`?" : otherwise;
}

} // namespace config
