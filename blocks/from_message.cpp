#include "blocks/from_message.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_quoted = 600; // of it in the form; the timeline keeps more

/// "> " before each line.
Mrkdwn quoted(const std::string& text)
{
    Mrkdwn lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines += (lines.empty() ? Mrkdwn{"> "} : Mrkdwn{"\n> "}) + escape(text.substr(at, end - at));
        at = end + 1;
    }
    return shortened(lines, most_quoted);
}

} // namespace

View timeline_form(const TimelineForm& shown)
{
    const auto author = shown.author.empty() ? Mrkdwn{"Somebody"} : name(shown.author, shown.names);
    const auto said = shown.text.empty() ? Mrkdwn{"> (no words)"} : quoted(shown.text);
    std::vector<Json> blocks{alert_input(action::alerts_lately, shown.alert), section(bold(author) + " wrote:\n" + said),
        context({"It goes into the alert's timeline and its card's thread, with a link to the message."})};
    auto made = modal("Add to timeline", "Add", view::note_from_message, std::move(blocks));
    made["private_metadata"] = shown.metadata;
    return made;
}

View timeline_done(const std::string& words, const Names& names)
{
    Form made;
    made.title = "Add to timeline";
    made.close = "Close";
    made.callback = view::note_from_message;
    made.parts.push_back(Heading{prose(words, names), {}, {}});
    return form(made);
}

} // namespace blocks
