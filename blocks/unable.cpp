#include "blocks/unable.hpp"

#include "blocks/kit.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_unable_places = 15;
constexpr std::size_t most_unable_words = 1'000;

Mrkdwn unable_who(const std::string& person, const Names& names) { return bold(name(person, names)); }

Mrkdwn unable_list(const std::vector<std::string>& places, const Names& names)
{
    Mrkdwn text;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (i == most_unable_places) {
            text += "\n• and " + number(static_cast<std::int64_t>(places.size() - i)) + " places more";
            break;
        }
        text += (i == 0 ? Mrkdwn{"• "} : Mrkdwn{"\n• "}) + prose(places[i], names);
    }
    return text;
}

} // namespace

Message unable_told(const UnableShown& shown)
{
    const auto who = unable_who(shown.person, shown.names);
    auto text = "🚨 " + who + " " + one_line(shown.why, most_unable_words) + " and can answer no page, but is still named:";
    const auto places = unable_list(shown.places, shown.names);
    Mrkdwn pages;
    if (shown.pages > 0)
        pages = shown.pages == 1 ? Mrkdwn{"The page that was waiting for them has gone on to whoever is next."}
                                 : number(static_cast<std::int64_t>(shown.pages))
                + " pages that were waiting for them have gone on to whoever is next.";
    const Mrkdwn next{"Until somebody mends it pages skip them, and lose no time."};
    std::vector<Json> blocks{section(text), section(places)};
    if (!pages.empty())
        blocks.push_back(section(pages));
    if (shown.can_be_fixed)
        blocks.push_back(actions({button("Take them out…", action::unable_fix, shown.person, Style::primary)}));
    blocks.push_back(context({next}));
    return message(joined({text, places, pages, next}, "\n"), std::move(blocks));
}

Message unable_over(const UnableOver& over)
{
    const auto text = "✅ " + unable_who(over.person, over.names)
        + (over.is_back ? Mrkdwn{" can answer pages again. Nothing is to be mended any more."}
                        : Mrkdwn{" is named nowhere any more. Nothing is left to mend."});
    return message(text, {section(text)});
}

View unable_form(const UnableForm& form)
{
    Form made;
    made.title = "Take somebody out";
    made.submit = "Check";
    made.callback = view::unable_form;
    made.metadata = form.metadata;
    const auto who = unable_who(form.person, form.names);
    made.parts.push_back(Heading{who + " " + one_line(form.why, most_unable_words) + " and is still named:", {}, {}});
    made.parts.push_back(Heading{unable_list(form.places, form.names), {}, {}});
    if (!form.empty.empty())
        made.parts.push_back(Heading{
            "⚠️ Nobody else would be left here, so somebody has to take the place:\n" + unable_list(form.empty, form.names),
            {}, {}});
    for (const auto& why : form.refused)
        made.parts.push_back(Heading{"⚠️ " + prose(why, form.names), {}, {}});
    Field instead;
    instead.kind = Field::Kind::people;
    instead.id = view::unable_instead;
    instead.label = "Who takes their place?";
    instead.hint = form.empty.empty() ? "Everywhere above. Leave it empty, and the others go on in their order."
                                      : "One person, everywhere above.";
    instead.required = !form.empty.empty();
    made.parts.push_back(instead);
    return blocks::form(made);
}

View unable_plan(const PlanView& plan, const std::string& metadata, const Names& names)
{
    auto shown = plan;
    shown.draft = metadata;
    auto view = settings_plan(shown, names);
    view["callback_id"] = view::unable_plan;
    return view;
}

} // namespace blocks
