#pragma once

#include "handlers/context.hpp"
#include "slack/payloads.hpp"

#include <charconv>
#include <functional>
#include <utility>

/// How forms come onto the screen. A trigger lives for three seconds, however busy the database is.
namespace handlers {

/// By what a form is opened, and where whoever asked for it is told that it was not.
struct Opening {
    std::string trigger_id{}; // empty: said in a conversation; nothing opens, and whoever answers offers a button
    std::string response_url{}; // empty: `person` is told by direct message
    std::string instead{}; // what to write when it does not open
    std::string person{}; // who asked; may be empty
    bool writes{}; // making the form changes something
    std::function<void()> made{}; // called on the loop once it is made; may be empty
    bool push{}; // onto the view that was pressed in
    bool alone{}; // nobody listens to what `make` throws: a form that says so opens instead
    TimePoint came{}; // when the trigger came; TimePoint{}: now
};
/// It was pressed in a modal: what it opens is laid upon that. Upon Home nothing can be.
bool is_in_form(const slack::Action& pressed);
/// For what was typed behind `/oncall`.
Opening opening_by(const slack::Command& command, std::string instead);

/// Makes a form in one transaction; may throw Refusal. It may be called after its maker has gone, so it owns what it uses.
using MakeForm = std::function<slack::View(storage::Transaction&)>;

/// Opens the form that `make` makes. When that has not come after a second, a view that says "Loading…" is opened, and becomes
/// the form; whoever closes it meanwhile sees nothing more. What `make` throws comes out of here while nothing is shown, so that
/// a refusal is an answer; after that, and where the opening is alone, it is said in the view.
asio::awaitable<void> open_made_form(MakeForm make, Opening opening, Context& app);

/// The same for what was pressed or chosen. What `make` refuses is told once for that `delivery`: by response_url, without one by
/// direct message, and in a form where the opening is alone.
asio::awaitable<void> open_or_refuse(MakeForm make, Opening opening, std::string delivery, Context& app);

/// For what must be understood before it is known whether a form answers it. `hear` understands it, and `answer` then answers, by
/// the trigger that it is given. When it is not understood after a second "Loading…" opens, whoever waits for this has an empty
/// answer at once, and what comes of it stands in that view: the form, a refusal, or that the answer was given where it was
/// asked. Should Slack not open it, it is all said there.
using Hear = std::function<asio::awaitable<void>()>;
using AnswerBy = std::function<asio::awaitable<slack::Json>(std::string trigger_id)>;
asio::awaitable<slack::Json> answer_when_heard(Hear hear, AnswerBy answer, Opening opening, std::string delivery, Context& app);

/// Opens a form that is made. What Slack answered; null when it did not open, and whoever asked has been told, unless she closed
/// what she pressed in or the press came twice.
asio::awaitable<slack::Json> open_view(slack::View form, Opening opening, Context& app);

/// Lays what `make` makes upon the view that was pressed in. Whoever pressed is answered at once.
void open_on_top(MakeForm make, const slack::Action& pressed, std::string instead, Context& app);

/// What came of a press in a view: the view as it is now, or, with `push`, one that is laid upon it.
asio::awaitable<void> show_after_press(slack::View made, bool push, slack::Action pressed, Context& app);
/// The same of what `make` makes in one transaction; what it refuses is laid upon the view. Null: the view stays as it is.
asio::awaitable<void> change_view(MakeForm make, slack::Action pressed, Context& app);

/// What the value of an element says: of "pause:12" "pause" and "12"; without a colon it is all the first.
std::pair<std::string, std::string> value_in_two(const std::string& value);
/// A number at the beginning of a text; none: zero.
template <class Number = std::int64_t> Number number_in(std::string_view text)
{
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace handlers
