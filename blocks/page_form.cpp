#include "blocks/page_form.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_form_lines = 24;

/// In a view a mention notifies nobody; whom we have no name for, Slack shows by its own.
Mrkdwn line_in_form(const std::string& words, const Names& names)
{
    Mrkdwn line;
    for (std::size_t at = 0; at < words.size();) {
        const auto open = words.find("<@", at);
        const auto close = open == words.npos ? open : words.find('>', open);
        if (close == words.npos) {
            line += prose(words.substr(at), names);
            break;
        }
        line += prose(words.substr(at, open - at), names);
        const auto person = words.substr(open + 2, close - open - 2);
        line += names.contains(person) ? name(person, names) : mention(person);
        at = close + 1;
    }
    return line;
}

void add_headings(std::vector<Part>& parts, const std::vector<std::string>& lines, const Names& names)
{
    for (const auto& line : lines) {
        if (parts.size() == most_form_lines)
            return;
        parts.push_back(Heading{line_in_form(line, names), {}, {}});
    }
}

Field urgency_field()
{
    Field field;
    field.kind = Field::Kind::one;
    field.id = view::page_urgency;
    field.label = "Urgency";
    field.lookup = action::page_urgency;
    field.choices = {{"High: it cannot wait, wake them", "high", ""}, {"Low: when they look next", "low", ""}};
    field.required = true;
    return field;
}

} // namespace

View page_form(const PageForm& shown)
{
    Form made;
    made.title = "Page someone";
    made.submit = shown.questions.empty() ? "Page" : "Page anyway";
    made.callback = view::page;
    made.metadata = shown.metadata;
    Field people;
    people.kind = Field::Kind::people;
    people.id = view::page_person;
    people.label = "People";
    people.placeholder = "Choose one person or several";
    people.lookup = action::page_people;
    Field others;
    others.kind = Field::Kind::some;
    others.id = view::page_others;
    others.label = "Or whoever answers for";
    others.placeholder = "A service, team, schedule or policy";
    others.choices = shown.others;
    others.lookup = action::page_others;
    Field why;
    why.kind = Field::Kind::lines;
    why.id = view::page_why;
    why.label = "Why";
    why.placeholder = "The checkout is down";
    why.hint = "It is what they read first, on a phone, and what is read out to them.";
    why.most = most_page_reason;
    why.required = true;
    made.parts = {std::move(people), std::move(others), std::move(why), urgency_field()};
    if (!shown.questions.empty()) {
        auto question = Mrkdwn{"⚠️ "};
        for (const auto& one : shown.questions)
            question += line_in_form(one, shown.names) + " ";
        made.parts.push_back(Heading{question + bold("Page anyway?"), {}, {}});
    }
    if (!shown.lines.empty())
        made.parts.push_back(Heading{"*Who is paged, and how*", {}, {}});
    add_headings(made.parts, shown.lines, shown.names);
    auto view = form(made, shown.values);
    for (auto& block : view["blocks"])
        if (block["type"] == "input" && block["block_id"] != view::page_why)
            block["dispatch_action"] = true;
    return view;
}

View page_done(const std::vector<std::string>& lines, const Names& names)
{
    Form made;
    made.title = "Page someone";
    made.close = "Close";
    made.callback = view::page;
    add_headings(made.parts, lines, names);
    return form(made);
}

} // namespace blocks
