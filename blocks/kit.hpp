#pragma once

#include "blocks/blocks.hpp"

#include <initializer_list>
#include <utility>

/// The one place that knows Slack's limits and what Slack takes for markup. Whatever is built with it is taken by Slack, however
/// long, hostile or broken the words that came in.
namespace blocks::kit {

struct Url;

/// Text that Slack may read as mrkdwn. It comes from the functions below or from a literal, so nothing foreign in it is a token,
/// and it is valid UTF-8.
class Mrkdwn {
public:
    Mrkdwn() = default;
    template <std::size_t N>
    Mrkdwn(const char (&literal)[N])
        : text_{literal}
    {
    }
    template <std::size_t N> Mrkdwn(char (&)[N]) = delete; // an array that is filled at run time is no literal

    const std::string& text() const& { return text_; }
    std::string text() && { return std::move(text_); }
    /// Nothing that could be seen: Slack refuses a text of blanks as well.
    bool empty() const;

    Mrkdwn& operator+=(const Mrkdwn& more);
    friend Mrkdwn operator+(Mrkdwn left, const Mrkdwn& right) { return std::move(left += right); }

private:
    struct Safe { };
    Mrkdwn(Safe, std::string text)
        : text_{std::move(text)}
    {
    }
    friend Mrkdwn escape(std::string_view);
    friend Mrkdwn one_line(std::string_view, std::size_t);
    friend Mrkdwn bold(const Mrkdwn&);
    friend Mrkdwn mention(const std::string&);
    friend Mrkdwn date(oncall::TimePoint);
    friend Mrkdwn number(std::int64_t);
    friend Mrkdwn link(const Url&, const Mrkdwn&);
    friend Mrkdwn shortened(const Mrkdwn&, std::size_t);

    std::string text_{};
};

/// Foreign text, to be shown as it is: tokens made harmless, broken UTF-8 replaced, invisible controls (also those that turn the
/// direction of what follows) dropped. Lines stay lines.
Mrkdwn escape(std::string_view foreign);
/// The same on one line, at most `most` long.
Mrkdwn one_line(std::string_view foreign, std::size_t most);
Mrkdwn bold(const Mrkdwn& text);
/// Notifies the person, if they are a Slack id; else their text as configured.
Mrkdwn mention(const std::string& person);
/// What the person is called, or their id. Notifies nobody.
Mrkdwn name(const std::string& person, const Names& names);
/// In each reader's own time zone.
Mrkdwn date(oncall::TimePoint at);
Mrkdwn number(std::int64_t value);
/// Words of ours that speak of people (`<@U…>`, or an id in `names`) and times (`<!date^…>`): people by name, times as date(),
/// the rest escaped.
Mrkdwn prose(std::string_view words, const Names& names);
/// Those that can be seen, with `between` between them.
Mrkdwn joined(const std::vector<Mrkdwn>& parts, const Mrkdwn& between);
/// At most `most` characters, counted as Slack might at worst (UTF-16). Cut between code points, never inside an entity or a
/// `<…>` token, and then ending in an ellipsis.
Mrkdwn shortened(const Mrkdwn& text, std::size_t most);

/// An address that may be linked to: http or https, no user name in it, a plain host.
struct Url {
    std::string href{};
    std::string host{};
    bool secure{};
};
std::optional<Url> url_in(std::string_view text);
Mrkdwn link(const Url& url, const Mrkdwn& label);

/// Each of these gives null where there is nothing to show; message() and modal() leave nulls out.
Json section(const Mrkdwn& text);
/// With a button or a menu beside it.
Json section(const Mrkdwn& text, Json accessory);
Json context(const std::vector<Mrkdwn>& parts);
Json actions(std::initializer_list<Json> elements);

/// Ids and values are ours; a label may be foreign.
enum class Style { plain, primary };
Json button(std::string_view label, std::string_view action, const std::string& value, Style style = Style::plain);
struct Option {
    std::string label{};
    std::string value{};
};
Json select(std::string_view placeholder, std::string_view action, const std::vector<Option>& options);
/// A menu behind three dots: at most five options. Choosing the same again is told again, unlike with select().
Json overflow(std::string_view action, const std::vector<Option>& options);
Json header(std::string_view plain);
Json divider();
/// The input's block and action id are both `id`.
Json user_input(std::string_view label, std::string_view id, std::string_view placeholder);
enum class Need { required, optional };
Json text_input(std::string_view label, std::string_view id, std::string_view placeholder, std::string_view hint, int max_length,
    Need need = Need::required);
/// The first option is chosen at the start when `chosen` says so. At most 100 options.
Json choice_input(
    std::string_view label, std::string_view id, std::string_view placeholder, const std::vector<Option>& options, bool chosen);

/// With `chosen` (an option's value) chosen at the start; more than 100 options are grouped, and more than 10,000 left out.
Json choice_of(std::string_view label, std::string_view id, std::string_view placeholder, const std::vector<Option>& options,
    const std::string& chosen);
/// At most ten options, all in sight.
Json radio_input(std::string_view label, std::string_view id, const std::vector<Option>& options, const std::string& chosen);
/// Several people; those of `chosen` that are Slack ids are chosen at the start.
Json people_input(std::string_view label, std::string_view id, std::string_view placeholder,
    const std::vector<std::string>& chosen, std::size_t most);
/// A date and a time of day, to the minute, in the time zone of whoever chooses.
Json moment_input(std::string_view label, std::string_view id, std::optional<oncall::TimePoint> chosen);
/// The input tells us at once when it is changed.
Json told_at_once(Json input);
/// Text objects that forms are put together from; foreign words are cleaned. A label is short, words may be long.
Json plain_title(std::string_view plain);
Json plain_label(std::string_view plain);
Json plain_words(std::string_view plain);
Json mrkdwn_text(const Mrkdwn& text, std::size_t most);
/// Foreign text where Slack reads no markup: broken UTF-8 replaced, controls dropped, at most `most` long.
std::string clean(std::string_view foreign, std::size_t most);

/// A message within all limits: buttons are kept, what comes late is shortened and left out first.
Message message(const Mrkdwn& text, std::vector<Json> blocks, std::string_view colour = {});
View modal(std::string_view title, std::string_view submit, std::string_view callback_id, std::vector<Json> blocks);

} // namespace blocks::kit
