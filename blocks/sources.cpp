#include "blocks/sources.hpp"

#include "blocks/settings.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t sources_on_a_page = 40;
constexpr std::size_t most_source_word = 80;
constexpr std::size_t most_payload_words = 200;
constexpr std::size_t most_severity_lines = 8;
constexpr std::size_t code_piece = 2'800; // bytes of a payload in one block
constexpr std::size_t most_code_pieces = 4;

Mrkdwn source_word(std::string_view foreign) { return one_line(foreign, most_source_word); }

Mrkdwn heard_words(const SourceLine& line)
{
    return line.heard ? "last event " + date(*line.heard) : Mrkdwn{"⚠️ nothing has come yet"};
}

Mrkdwn dead_words(const SourceLine& line)
{
    if (line.dead_letters == 0)
        return {};
    return "⚠️ " + number(line.dead_letters) + (line.dead_letters == 1 ? Mrkdwn{" dead letter"} : " dead letters");
}

Mrkdwn source_lines_of(const SourceLine& line)
{
    const auto owner = joined({line.service.empty() ? Mrkdwn{} : "service " + source_word(line.service),
                                  line.team.empty() ? Mrkdwn{} : "team " + source_word(line.team)},
        " · ");
    return bold(source_word(line.name)) + "\n"
        + joined({source_word(line.product), owner, line.quiet ? Mrkdwn{"quiet"} : Mrkdwn{}, heard_words(line), dead_words(line)},
            " · ");
}

Mrkdwn became_words(PayloadLine::Became became)
{
    switch (became) {
    case PayloadLine::Became::dead_letter: return "⚠️ dead letter";
    case PayloadLine::Became::replayed: return "✅ replayed";
    case PayloadLine::Became::dismissed: return "dismissed";
    case PayloadLine::Became::alert: break;
    }
    return "✅";
}

Mrkdwn payload_words(const PayloadLine& line, const Names& names)
{
    auto words = shortened(prose(line.words, names), most_payload_words);
    return became_words(line.became) + " " + date(line.at) + (words.empty() ? Mrkdwn{} : ": " + words);
}

Heading payload_heading(const PayloadLine& line, const SourceView& shown)
{
    const auto id = std::to_string(line.id);
    std::vector<Option> menu;
    if (shown.may_edit) {
        menu = {{"What would it become now?", "test:" + id}, {"Show it", "show:" + id}};
        if (shown.maps)
            menu.push_back({"Choose its fields…", "map:" + id});
        if (line.became == PayloadLine::Became::dead_letter) {
            menu.push_back({"Replay", "replay:" + id});
            menu.push_back({"Dismiss", "dismiss:" + id});
        }
    }
    return {payload_words(line, shown.names), action::source_payload, menu};
}

/// As much of it as fits, no character cut in two.
void add_code(Form& form, std::string_view text)
{
    for (std::size_t piece = 0; piece < most_code_pieces && !text.empty(); ++piece) {
        auto end = std::min(text.size(), code_piece);
        while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end;
        if (end == 0)
            end = std::min(text.size(), code_piece); // it is no UTF-8
        form.parts.push_back(Code{std::string{text.substr(0, end)}});
        text.remove_prefix(end);
    }
    if (!text.empty())
        form.parts.push_back(
            Heading{"… and " + number(static_cast<std::int64_t>(text.size())) + " bytes more that have no room here.", {}, {}});
}

} // namespace

View sources_list(const std::vector<SourceLine>& sources, std::size_t page)
{
    const auto pages = std::max<std::size_t>(1, (sources.size() + sources_on_a_page - 1) / sources_on_a_page);
    page = std::min(page, pages - 1);
    Form made;
    made.title = "Sources";
    made.close = "Close";
    made.callback = view::sources;
    made.metadata = std::to_string(page);
    made.parts.push_back(std::vector<Press>{
        {"Add a source…", action::source_add, "", false, {}}, {"Try a payload…", action::source_paste, "", false, {}}});
    for (auto i = page * sources_on_a_page; i < std::min(sources.size(), (page + 1) * sources_on_a_page); ++i)
        made.parts.push_back(Heading{source_lines_of(sources[i]), action::source_open, {{"Open", sources[i].name}}});
    if (sources.empty())
        made.parts.push_back(
            Heading{"Nothing sends alerts yet. Add a source: you are shown what to paste into your monitoring, and "
                    "I wait for its first event with you.",
                {}, {}});
    std::vector<Press> turn;
    if (page > 0)
        turn.push_back({"Previous page", action::source_list_back, std::to_string(page - 1), false, {}});
    if (page + 1 < pages)
        turn.push_back({"Next page", action::source_list, std::to_string(page + 1), false, {}});
    made.parts.push_back(turn);
    return form(made);
}

View source_view(const SourceView& shown)
{
    const auto& name = shown.line.name;
    Form made;
    made.title = "Source";
    made.close = "Close";
    made.callback = view::source;
    made.metadata = name;
    if (!shown.said.empty())
        made.parts.push_back(Heading{prose(shown.said, shown.names), {}, {}});
    made.parts.push_back(Heading{source_lines_of(shown.line), {}, {}});
    std::vector<Mrkdwn> facts;
    for (const auto& fact : shown.facts)
        facts.push_back(prose(fact, shown.names));
    made.parts.push_back(Heading{joined(facts, "\n"), {}, {}});
    if (shown.waits_until)
        made.parts.push_back(Heading{"⏳ I wait for its first event with you until " + date(*shown.waits_until)
                + ", and write to you in a direct message what it became.",
            {}, {}});
    std::vector<Press> presses;
    if (shown.may_edit && !shown.waits_until)
        presses.push_back({"Wait for the first event", action::source_wait, name, false, {}});
    presses.push_back({"Lines to paste…", action::source_lines, name, false, {}});
    presses.push_back({"Try a payload…", action::source_paste, name, false, {}});
    if (shown.may_edit)
        presses.push_back({"Edit…", action::settings_edit, "source:" + name, false, {}});
    presses.push_back({"All sources", action::source_list, "0", false, {}});
    made.parts.push_back(presses);
    if (shown.may_edit && shown.maps && shown.line.dead_letters > 0)
        made.parts.push_back(
            Heading{"Is a dead letter good, but of another shape? *Choose its fields…* beside it says what stands "
                    "where, and shows what it becomes.",
                {}, {}});
    if (!shown.dead.empty())
        made.parts.push_back(Heading{"*Dead letters*: they came, and could not be read.", {}, {}});
    for (const auto& one : shown.dead)
        made.parts.push_back(payload_heading(one, shown));
    made.parts.push_back(Heading{
        shown.last.empty() ? Mrkdwn{"Nothing that it sent is kept."} : Mrkdwn{"*What came last*, the newest first:"}, {}, {}});
    for (const auto& one : shown.last)
        made.parts.push_back(payload_heading(one, shown));
    if (!shown.severities.empty()) {
        std::vector<Mrkdwn> lines{"*Severities*, by its words:"};
        for (const auto& one : shown.severities)
            if (lines.size() <= most_severity_lines)
                lines.push_back(shortened(prose(one, shown.names), 300));
        made.parts.push_back(Heading{joined(lines, "\n"), {}, {}});
    }
    return form(made);
}

View source_lines(const std::string& source, const std::vector<Paste>& lines)
{
    Form made;
    made.title = "Lines to paste";
    made.close = "Back";
    made.callback = view::source_lines;
    made.parts.push_back(Heading{"What sends as source " + bold(source_word(source))
            + " is set up so. Its key was shown once, when it was made: put it where YOUR-KEY stands, or make a new one under "
              "Edit.",
        {}, {}});
    for (auto& part : paste_parts(lines))
        made.parts.push_back(std::move(part));
    return form(made);
}

std::vector<Part> paste_parts(const std::vector<Paste>& lines)
{
    std::vector<Part> parts;
    for (const auto& one : lines) {
        if (!one.words.empty())
            parts.push_back(Heading{prose(one.words, {}), {}, {}});
        if (!one.code.empty())
            parts.push_back(Code{one.code});
    }
    return parts;
}

View source_paste_form(const std::vector<std::string>& sources, const std::string& chosen)
{
    Form made;
    made.title = "Try a payload";
    made.submit = "Show";
    made.close = "Back";
    made.callback = view::source_paste;
    Field text;
    text.kind = Field::Kind::lines;
    text.id = view::source_paste_text;
    text.label = "What your monitoring sends";
    text.hint = "Nothing is stored and nobody is paged. Longer ones: oncall-bot check --payload FILE, where I run.";
    text.required = true;
    Field from;
    from.kind = Field::Kind::one;
    from.id = view::source_paste_source;
    from.label = "As from source";
    from.hint = "Without one, the format is guessed.";
    if (!chosen.empty())
        from.choices.push_back({chosen, "=" + chosen, ""});
    for (const auto& one : sources)
        if (from.choices.size() < 100 && one != chosen)
            from.choices.push_back({one, "=" + one, ""});
    made.parts = {text, from};
    Values values;
    if (!chosen.empty())
        values[std::string{view::source_paste_source}] = {"=" + chosen};
    return form(made, values);
}

View source_payload(const PayloadView& shown, const Names& names)
{
    Form made;
    made.title = "As it came";
    made.close = "Back";
    made.callback = view::source_payload;
    made.parts.push_back(
        Heading{"To source " + bold(source_word(shown.source)) + "\n" + payload_words(shown.line, names), {}, {}});
    if (!shown.headers.empty() && shown.headers != "{}")
        add_code(made, shown.headers);
    if (!shown.query.empty() && shown.query != "{}")
        add_code(made, shown.query);
    if (shown.body.empty())
        made.parts.push_back(Heading{"Its body was empty.", {}, {}});
    add_code(made, shown.body);
    if (!shown.whole)
        made.parts.push_back(Heading{"It was longer: only its beginning is kept.", {}, {}});
    return form(made);
}

namespace {

constexpr std::size_t most_place_shown = 45; // bytes of a pointer beside its value

struct MappedWords {
    std::string_view field{}, label{}, hint{};
};
constexpr MappedWords mapped_words[]{
    {"title", "Title", "What a page begins with."},
    {"dedup_key", "Key", "What comes with the same key is the same alert, and its end resolves it."},
    {"status", "Status",
        "Says whether it is over. A word that I do not know is taken as firing; the source's form says what it means."},
    {"severity", "Severity", "None is of high urgency."},
    {"service", "Service", "Which of your services it is about; where none is said, the source's own."},
};

/// "/event/name = disk-check"; of a long way there the end.
std::string place_words(const MappingView::Place& place)
{
    auto way = place.pointer;
    if (way.size() > most_place_shown)
        if (const auto from = way.find('/', way.size() - most_place_shown); from != way.npos)
            way = "…" + way.substr(from);
    auto words = way + " = " + place.value;
    std::replace(words.begin(), words.end(), '\n', ' ');
    return words;
}

} // namespace

View source_mapping(const MappingView& shown)
{
    Form made;
    made.title = "Choose the fields";
    made.submit = "Check";
    made.close = "Back";
    made.callback = view::source_mapping;
    made.metadata = std::to_string(shown.payload);
    made.parts.push_back(Heading{"What stands where in this payload of source " + bold(source_word(shown.source)) + "? "
            + (!shown.guessed             ? Mrkdwn{"This is what its mapping takes."}
                    : shown.taken.empty() ? Mrkdwn{"Nothing in it is called as usual."}
                                          : Mrkdwn{"This is my guess, by the names."})
            + " You see what it becomes before anything is saved.",
        {}, {}});
    Values values;
    for (const auto& words : mapped_words) {
        const std::string id{words.field};
        Field field;
        field.kind = Field::Kind::one;
        field.id = id;
        field.label = words.label;
        field.hint = shown.otherwise.contains(id) ? "Left open, it stays as its mapping has it." : std::string{words.hint};
        for (const auto& place : shown.places)
            field.choices.push_back({place_words(place), "=" + place.pointer, ""});
        field.choices.push_back({"(none)", std::string{nothing}, ""});
        if (const auto taken = shown.taken.find(id); taken != shown.taken.end())
            values[id] = {"=" + taken->second};
        made.parts.push_back(std::move(field));
    }
    return form(made, values);
}

} // namespace blocks
