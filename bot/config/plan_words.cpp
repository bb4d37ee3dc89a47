#include "config/plan.hpp"

namespace config {

namespace {

std::string words(const Difference& difference)
{
    if (difference.before.empty())
        return difference.field + ": " + difference.after;
    return difference.field + ": " + difference.before + " → " + (difference.after.empty() ? "nothing" : difference.after);
}

std::string words(const std::vector<Difference>& fields)
{
    std::string text;
    for (const auto& field : fields)
        text += (text.empty() ? "" : "; ") + words(field);
    return text;
}

/// "2026-11-03 12:00 UTC"
std::string minute(oncall::TimePoint at)
{
    const auto text = oncall::iso(at, "UTC");
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::string counted(std::size_t count, const std::string& what) { return std::to_string(count) + " " + what; }

/// What the operator's terminal must not be told to do by a name.
std::string printable(std::string text)
{
    for (auto& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    return text;
}

struct Sign {
    const char* sign;
    const char* colour;
};

Sign sign_of(Action action)
{
    switch (action) {
    case Action::create: return {"+ ", "\x1b[32m"};
    case Action::change: return {"~ ", "\x1b[33m"};
    case Action::remove: return {"- ", "\x1b[31m"};
    case Action::keep: break;
    }
    return {"= ", "\x1b[36m"};
}

} // namespace

std::string describe(const Change& change, const std::map<std::string, std::string>& names)
{
    auto text = change.kind == "order" ? "the order of the rules" : change.kind + " " + change.name;
    if (!change.why.empty()) {
        text += ": " + change.why;
        if (!change.changed_by.empty() && change.changed_by != "the file") {
            const auto name = names.find(change.changed_by);
            text += " (" + (name == names.end() || name->second.empty() ? change.changed_by : name->second) + ", "
                + minute(change.changed_at) + ")";
        }
        if (!change.fields.empty())
            text += ". In Slack → in the file: " + words(change.fields);
    } else if (!change.fields.empty() && change.action != Action::remove) {
        text += ": " + words(change.fields);
    }
    return printable(std::move(text));
}

std::string describe(const Plan& plan, const std::map<std::string, std::string>& names, bool colours)
{
    std::string text;
    std::map<Action, std::size_t> count;
    for (const auto& change : plan.changes) {
        const auto [sign, colour] = sign_of(change.action);
        const auto line = sign + describe(change, names);
        text += (colours ? colour + line + "\x1b[0m" : line) + "\n";
        ++count[change.action];
    }
    if (!plan.changes_anything())
        return text + "Nothing to change.\n";
    return text + counted(count[Action::create], "new, ") + counted(count[Action::change], "changed, ")
        + counted(count[Action::remove], "deleted, ") + counted(count[Action::keep], "kept.\n");
}

} // namespace config
