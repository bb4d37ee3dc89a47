#include "handlers/rule_form.hpp"

#include "blocks/notification_rules.hpp"
#include "config/times.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace handlers {

using blocks::Choice;
using blocks::Field;
using blocks::Part;
using blocks::Values;
using oncall::ContactKind;
using oncall::ContactMethod;
using oncall::NotificationRule;
using oncall::NotificationStep;
using slack::Json;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

constexpr auto shortest_wait = 10s;
constexpr auto longest_wait = 4h;
constexpr std::size_t most_of_name = 60;

/// Every method of a kind, as a step names it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> step_kinds{
    {{"slack", "Slack"}, {"email", "E-mail"}, {"sms", "SMS"}, {"voice", "Phone call"}, {"push", "Push"}, {"webhook", "Webhook"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> days{{{"mon", "Monday"}, {"tue", "Tuesday"},
    {"wed", "Wednesday"}, {"thu", "Thursday"}, {"fri", "Friday"}, {"sat", "Saturday"}, {"sun", "Sunday"}}};

std::string step_field(std::size_t index, std::string_view what)
{
    return "steps[" + std::to_string(index) + "]." + std::string{what};
}

std::string field_text(const Values& values, const std::string& field)
{
    const auto found = values.find(field);
    if (found == values.end() || found->second.empty())
        return {};
    const auto& text = found->second.front();
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

Texts field_texts(const Values& values, const std::string& field)
{
    const auto found = values.find(field);
    return found == values.end() ? Texts{} : found->second;
}

Field text_field(std::string id, std::string label, std::string hint, std::string placeholder, bool required)
{
    Field field;
    field.id = std::move(id);
    field.label = std::move(label);
    field.hint = std::move(hint);
    field.placeholder = std::move(placeholder);
    field.required = required;
    field.most = 60;
    return field;
}

std::vector<Choice> methods(const std::vector<ContactMethod>& hers)
{
    std::vector<Choice> choices;
    const auto add = [&](std::string_view label, std::string value, const std::string& group) {
        choices.push_back({std::string{label}, std::move(value), group});
    };
    for (const auto& [value, label] : step_kinds)
        add(label, std::string{value}, "All I have of a kind");
    for (const auto& method : hers)
        if (method.id.value != 0)
            add(std::string{title(method.kind)} + " " + (method.label.empty() ? masked(method) : method.label),
                method_out(method), "One of mine");
    return choices;
}

void put_step(Values& values, std::size_t index, const NotificationStep& step)
{
    values[step_field(index, "methods")] = step.methods;
    values[step_field(index, "wait")] = {step.wait.count() == 0 ? "" : oncall::duration_out(step.wait)};
}

void put_window(Values& values, const oncall::Window& window)
{
    for (const auto day : window.days)
        values["days"].push_back(config::weekday_out(day));
    if (window.from != 0min || window.to != 24h) {
        values["from"] = {config::clock_out(window.from)};
        values["to"] = {config::clock_out(window.to)};
    }
}

/// Days, as her week has them, and times of a window.
void add_window(std::vector<Part>& parts, const std::string& time_zone, oncall::TimeStyle style)
{
    Field chosen;
    chosen.kind = Field::Kind::some;
    chosen.id = "days";
    chosen.label = "Days";
    chosen.hint = "None: every day.";
    for (const auto& [value, label] : days)
        chosen.choices.push_back({std::string{label}, std::string{value}, ""});
    if (style.sunday_first)
        std::rotate(chosen.choices.begin(), std::prev(chosen.choices.end()), chosen.choices.end());
    parts.push_back(chosen);
    parts.push_back(text_field("from", "From",
        "In the zone of the Slack profile" + (time_zone.empty() ? "" : ", " + time_zone) + ". Both empty: the whole day.",
        "22:00", false));
    parts.push_back(text_field("to", "To", "At or before the beginning: on the next day.", "07:00", false));
}

std::vector<Values> take_steps(Values& values)
{
    std::vector<Values> steps(steps_in(values));
    for (std::size_t i = 0; i < steps.size(); ++i)
        for (const auto* what : {"methods", "wait"})
            if (auto field = values.extract(step_field(i, what)))
                steps[i][what] = std::move(field.mapped());
    return steps;
}

void put_steps(Values& values, std::vector<Values> steps)
{
    for (std::size_t i = 0; i < steps.size(); ++i)
        for (auto& [what, texts] : steps[i])
            values[step_field(i, what)] = std::move(texts);
}

void read_windows(NotificationRule& rule, const Values& values, std::map<std::string, std::string>& errors)
{
    const auto chosen = field_texts(values, "days");
    const auto from = field_text(values, "from"), to = field_text(values, "to");
    if (chosen.empty() && from.empty() && to.empty())
        return;
    oncall::Window window;
    for (const auto& day : chosen)
        if (const auto known = config::weekday_in(day))
            window.days.push_back(*known);
    if (window.days.size() == days.size())
        window.days.clear();
    const auto read = [&](const std::string& field, const std::string& typed, std::chrono::minutes else_at) {
        // "9:00" and "22" are what people type.
        auto padded = typed.find(':') == typed.npos && !typed.empty() ? typed + ":00" : typed;
        if (padded.size() == 4)
            padded.insert(0, "0");
        const auto time = padded.empty() ? std::optional{else_at} : config::clock_in(padded);
        if (!time)
            errors[field] = "This is no time of day. Write it as 22:00.";
        return time.value_or(0min);
    };
    window.from = read("from", from, 0min);
    window.to = read("to", to, 24h);
    if (from.empty() != to.empty())
        errors[from.empty() ? "from" : "to"] = "Write both times, or neither for the whole day.";
    else if (!errors.contains("from") && !errors.contains("to") && window.from == window.to)
        errors["to"] = "It would hold for no time at all. For the whole day leave both empty.";
    if (window.days.empty() && from.empty() && to.empty())
        return; // every day, all day
    rule.windows = {window};
}

NotificationStep read_step(const Values& values, std::size_t index, bool last, const std::vector<ContactMethod>& hers,
    std::map<std::string, std::string>& errors)
{
    NotificationStep step;
    const auto field = step_field(index, "methods");
    for (const auto& method : field_texts(values, field)) {
        const auto named = oncall::method_in(method);
        const bool kind = std::any_of(step_kinds.begin(), step_kinds.end(), [&](const auto& one) { return one.first == method; });
        const bool own = named && named->id.value != 0
            && std::any_of(hers.begin(), hers.end(), [&](const auto& one) { return one.id == named->id; });
        if (kind || own)
            step.methods.push_back(method);
    }
    if (step.methods.empty())
        errors[field] = "Choose by what you are reached, or remove the step.";
    const auto typed = field_text(values, step_field(index, "wait"));
    const auto wait = oncall::duration_in(typed);
    if (typed.empty() && last)
        return step; // nothing comes after it
    if (!wait)
        errors[step_field(index, "wait")] =
            typed.empty() ? "How long is this step waited for? Write it as 1m." : "This is no time. Write it as 30s, 1m or 10m.";
    else if (*wait < shortest_wait || *wait > longest_wait)
        errors[step_field(index, "wait")] = "From 10 seconds to 4 hours.";
    else
        step.wait = *wait;
    return step;
}

} // namespace

blocks::Form rule_form(std::vector<Part> parts, bool fresh, oncall::Urgency urgency, const std::string& words)
{
    blocks::Form form;
    form.title = fresh ? "New rule" : "Edit rule";
    form.submit = "Check";
    form.close = "Back";
    form.callback = blocks::view::rules_form;
    if (!words.empty())
        form.parts.push_back(blocks::Heading{"⚠️ " + blocks::kit::prose(words, {}), {}, {}});
    form.parts.push_back(blocks::Heading{urgency == oncall::Urgency::high ? blocks::kit::Mrkdwn{"For pages of *high* urgency."}
                                                                          : blocks::kit::Mrkdwn{"For pages of *low* urgency."},
        {}, {}});
    for (auto& part : parts)
        form.parts.push_back(std::move(part));
    return form;
}

blocks::Form quiet_form(std::vector<Part> parts)
{
    blocks::Form form;
    form.title = "Quiet hours";
    form.submit = "Save";
    form.close = "Back";
    form.callback = blocks::view::quiet_form;
    form.parts = std::move(parts);
    return form;
}

Values quiet_values(const oncall::Window& window)
{
    Values values;
    put_window(values, window);
    return values;
}

Values rule_values(const NotificationRule& rule)
{
    Values values;
    values["name"] = {rule.name};
    if (!rule.windows.empty())
        put_window(values, rule.windows.front());
    for (std::size_t i = 0; i < rule.steps.size(); ++i)
        put_step(values, i, rule.steps[i]);
    return values;
}

std::vector<Part> rule_parts(
    const Values& values, const std::vector<ContactMethod>& hers, const std::string& time_zone, oncall::TimeStyle style)
{
    std::vector<Part> parts;
    auto name = text_field("name", "Name", "", "Nights", true);
    name.most = most_of_name;
    parts.push_back(name);
    add_window(parts, time_zone, style);
    const auto count = steps_in(values);
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = std::to_string(i);
        std::vector<blocks::kit::Option> menu;
        if (i > 0)
            menu.push_back({"Move up", "up:" + at});
        if (i + 1 < count)
            menu.push_back({"Move down", "down:" + at});
        if (count > 1)
            menu.push_back({"Remove", "remove:" + at});
        const auto number = blocks::kit::number(static_cast<std::int64_t>(i + 1));
        parts.push_back(blocks::Heading{"*Step " + number + "*", blocks::action::rules_step, menu});
        Field by;
        by.kind = Field::Kind::some;
        by.id = step_field(i, "methods");
        by.label = "By";
        by.hint = "All of them at once.";
        by.required = true;
        by.choices = methods(hers);
        parts.push_back(by);
        parts.push_back(text_field(step_field(i, "wait"), "Then wait", "Before the next step: 30s, 1m, 10m.", "1m", false));
    }
    if (count < most_rule_steps)
        parts.push_back(std::vector<blocks::Press>{{"Add a step", blocks::action::rules_add_step, "", false, {}}});
    return parts;
}

ReadRule rule_in(const Values& values, oncall::Urgency urgency, const std::vector<ContactMethod>& hers)
{
    ReadRule read;
    read.rule.urgency = urgency;
    read.rule.name = field_text(values, "name");
    if (read.rule.name.empty())
        read.errors["name"] = "Give it a name: it is what you find it by.";
    read_windows(read.rule, values, read.errors);
    const auto count = std::min(steps_in(values), most_rule_steps);
    for (std::size_t i = 0; i < count; ++i)
        read.rule.steps.push_back(read_step(values, i, i + 1 == count, hers, read.errors));
    return read;
}

std::vector<Part> quiet_parts(const std::string& time_zone, oncall::TimeStyle style)
{
    std::vector<Part> parts{
        blocks::Heading{"Pages of *low* urgency that come in quiet hours wait until these are over. What nobody "
                        "has answered by then comes in one message.",
            {}, {}}};
    add_window(parts, time_zone, style);
    return parts;
}

ReadQuiet quiet_in(const Values& values)
{
    ReadQuiet read;
    NotificationRule at;
    read_windows(at, values, read.errors);
    if (!at.windows.empty())
        read.window = at.windows.front();
    else if (read.errors.empty())
        read.errors["from"] = "From when to when? Write 22:00 and 07:00, or choose whole days.";
    return read;
}

std::size_t steps_in(const Values& values)
{
    std::size_t count{};
    while (values.contains(step_field(count, "methods")))
        ++count;
    return count;
}

void add_step(Values& values)
{
    const auto index = steps_in(values);
    if (index < most_rule_steps)
        put_step(values, index, {});
}

void move_step(Values& values, std::size_t from, std::size_t to)
{
    auto steps = take_steps(values);
    if (from < steps.size() && to < steps.size())
        std::swap(steps[from], steps[to]);
    put_steps(values, std::move(steps));
}

void remove_step(Values& values, std::size_t index)
{
    auto steps = take_steps(values);
    if (index < steps.size() && steps.size() > 1)
        steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(index));
    put_steps(values, std::move(steps));
}

std::string carried(const Values& values)
{
    auto json = Json::object();
    for (const auto& [field, texts] : values)
        json[field] = texts;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Values> carried_in(const std::string& text)
{
    Values values;
    try {
        const auto json = slack::parse(text);
        for (const auto& [field, texts] : json.items()) {
            auto& there = values[field];
            for (const auto& one : texts)
                there.push_back(one.get<std::string>());
        }
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return values;
}

} // namespace handlers
