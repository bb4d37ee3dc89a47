#include "handlers/web/answer.hpp"

#include "blocks/blocks.hpp"
#include "handlers/bundles.hpp"
#include "handlers/climb.hpp"
#include "handlers/routes.hpp"
#include "handlers/web/page.hpp"
#include "handlers/web/words.hpp"
#include "notify/answer_token.hpp"
#include "notify/text.hpp"
#include "oncall/bundling.hpp"
#include "storage/bundles.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using oncall::AlertState;
using oncall::Refusal;

namespace {

const std::string elsewhere{"In Slack, /oncall status shows what is open, and the buttons there work at any time."};

/// An alert as the page shows it, to the person of the link.
struct ShownAlert {
    oncall::Alert alert{};
    std::vector<oncall::Alert> several{}; // all that a bundle told of; empty: it is about `alert`
    bool used{};
    std::string person{}; // her Slack id, once known
    std::string time_zone{};
    blocks::Names names{};

    std::string name(const std::string& who) const
    {
        const auto found = names.find(who);
        return notify::one_line(found == names.end() || found->second.empty() ? who : found->second, 100);
    }
};

net::Response answer_response(int status, notify::Filling filling) { return link_page(status, std::move(filling)); }

net::Response answer_notice(int status, const std::string& heading, const std::string& said)
{
    notify::Filling filling;
    filling.texts = {{"heading", heading}, {"state", said}, {"more", elsewhere}};
    return answer_response(status, std::move(filling));
}

std::string state_words(const ShownAlert& shown)
{
    const auto& alert = shown.alert;
    const bool mine = alert.answered_by == shown.person;
    const auto who = alert.answered_by.empty() ? "its source" : mine ? "you" : shown.name(alert.answered_by);
    const auto since = notify::date_and_time(alert.answered_at, shown.time_zone);
    switch (alert.state) {
    case AlertState::triggered: return "Nobody has it yet.";
    case AlertState::acknowledged: return (mine ? "You have" : who + " has") + " had it since " + since + ".";
    case AlertState::promised: return (mine ? "You are" : who + " is") + " on it, since " + since + ".";
    case AlertState::snoozed:
        return "Snoozed by " + who + " until " + notify::date_and_time(alert.snoozed_until, shown.time_zone) + ".";
    case AlertState::resolved: break;
    }
    return "Resolved by " + who + ", " + since + ".";
}

/// `said`: what has just come of the button; empty: it has not been pressed.
net::Response alert_page(int status, const ShownAlert& shown, const notify::Answer& answer, const std::string& said)
{
    const auto& alert = shown.alert;
    const auto number = "#" + std::to_string(alert.id.value);
    const auto service = notify::one_line(alert.service, 60);
    notify::Filling filling;
    auto& texts = filling.texts;
    texts["tag"] = "Alert " + number + (alert.severity.empty() ? "" : " · " + notify::one_line(alert.severity, 30));
    texts["heading"] = (service.empty() ? "" : service + ": ") + notify::one_line(alert.title, 300);
    texts["title"] = number + " " + texts["heading"];
    texts["state"] = state_words(shown);
    texts["said"] = said;
    const bool possible = std::holds_alternative<oncall::Effect>(oncall::apply(alert.state, answer.verb));
    if (!shown.used && possible) {
        const auto button = notify::button_words(answer.verb);
        texts["label"] = button.label;
        texts["does"] = button.does;
        texts["verb"] = oncall::name(answer.verb);
        texts["version"] = std::to_string(alert.version);
        texts["more"] = "You answer as " + shown.name(shown.person) + ". Nothing happens until you press the button.";
    } else {
        if (said.empty())
            texts["said"] = shown.used ? "This link has been used." : "There is nothing to do here any more.";
        texts["more"] = elsewhere;
    }
    return answer_response(status, std::move(filling));
}

/// The same of all that a bundle told of.
net::Response bundle_page(int status, const ShownAlert& shown, const std::string& said)
{
    const auto waiting = std::count_if(shown.several.begin(), shown.several.end(),
        [](const oncall::Alert& alert) { return alert.state == AlertState::triggered; });
    notify::Filling filling;
    auto& texts = filling.texts;
    texts["heading"] = std::to_string(shown.several.size()) + " alerts";
    texts["title"] = texts["heading"];
    texts["state"] = waiting == 0 ? "All of them have been answered."
        : static_cast<std::size_t>(waiting) == shown.several.size()
        ? "Nobody has any of them yet."
        : std::to_string(waiting) + (waiting == 1 ? " of them waits" : " of them wait") + " for an answer.";
    texts["said"] = said;
    for (const auto& alert : shown.several) {
        const auto service = notify::one_line(alert.service, 60);
        notify::Filling line;
        line.texts["line"] = "#" + std::to_string(alert.id.value) + " " + (service.empty() ? "" : service + ": ")
            + notify::one_line(alert.title, 200)
            + (alert.state == AlertState::triggered ? "" : " · " + std::string{oncall::name(alert.state)});
        filling.lists["several"].push_back(std::move(line));
    }
    if (!shown.used && waiting > 0) {
        texts["label"] = "Acknowledge all";
        texts["does"] = "You have all of them: nobody else is paged";
        texts["verb"] = oncall::name(oncall::Verb::acknowledge);
        texts["version"] = "0";
        texts["more"] = "You answer as " + shown.name(shown.person) + ". Nothing happens until you press the button.";
    } else {
        if (said.empty())
            texts["said"] = shown.used ? "This link has been used." : "There is nothing to do here any more.";
        texts["more"] = elsewhere;
    }
    return answer_response(status, std::move(filling));
}

net::Response answer_page(int status, const ShownAlert& shown, const notify::Answer& answer, const std::string& said)
{
    return shown.several.empty() ? alert_page(status, shown, answer, said) : bundle_page(status, shown, said);
}

std::int64_t version_in(const std::string& body)
{
    std::int64_t version{};
    if (const auto fields = net::form_in(body))
        for (const auto& field : *fields)
            if (field.name == "version")
                std::from_chars(field.value.data(), field.value.data() + field.value.size(), version);
    return version;
}

ShownAlert look_at_alert(storage::Transaction& tx, const notify::Answer& answer)
{
    ShownAlert shown;
    shown.alert = storage::Alerts{tx}.find(answer.alert).value_or(oncall::Alert{});
    shown.used = storage::Journal{tx}.token_used(answer.id);
    shown.person = known_as(tx, answer.person);
    if (const auto person = storage::People{tx}.find(answer.person))
        shown.time_zone = person->time_zone;
    shown.names = storage::People{tx}.names();
    if (const auto bundle = answer.bundle ? bundle_of(tx, answer.notification) : std::nullopt) {
        for (const auto id : storage::Bundles{tx}.told(*bundle))
            if (auto alert = storage::Alerts{tx}.find(id))
                shown.several.push_back(std::move(*alert));
        oncall::order_by_importance(shown.several);
    }
    return shown;
}

/// What came of pressing the button.
struct Done {
    bool used{}; // it had been pressed before
    std::string refusal{};
    std::string said{};
};

/// What the link came in.
std::string via_of(storage::Transaction& tx, const notify::Answer& answer)
{
    using oncall::ContactKind;
    const auto notification = storage::Notifications{tx}.find(oncall::NotificationId{answer.notification});
    const auto method = notification ? oncall::method_in(notification->method) : std::nullopt;
    switch (method ? method->kind : ContactKind::email) {
    case ContactKind::sms: return "a link in an SMS";
    case ContactKind::web_push: return "a push notification";
    case ContactKind::ntfy: return "ntfy";
    case ContactKind::pushover: return "Pushover";
    case ContactKind::gotify: return "Gotify";
    case ContactKind::webhook: return "a webhook";
    default: return "a link in an e-mail";
    }
}

asio::awaitable<Done> press_link(const notify::Answer answer, std::int64_t version, Context& app)
{
    const auto now = app.clock.now();
    Done done;
    auto work = [&](storage::Transaction& tx) {
        if (!storage::Journal{tx}.use_token(answer.id, now)) {
            done.used = true;
            return;
        }
        Asked asked;
        asked.actor = known_as(tx, answer.person);
        asked.via = via_of(tx, answer);
        asked.now = now;
        if (const auto bundle = answer.bundle ? bundle_of(tx, answer.notification) : std::nullopt) {
            done.said = acknowledge_all(tx, app, *bundle, asked);
            return;
        }
        Wish wish;
        wish.verb = answer.verb;
        wish.alert = answer.alert;
        wish.shown_version = version;
        // Thrown through, a refusal takes the use back: the link stays good for when it can be done.
        const auto changed = change(tx, app, wish, asked);
        show(tx, app, changed, now, true);
        done.said = deed(tx, wish, changed);
    };
    try {
        co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        done.refusal = refusal.what();
    }
    co_return done;
}

asio::awaitable<net::Response> answered_link(const notify::Answer answer, bool pressed, std::int64_t version, Context& app)
{
    Done done;
    if (pressed)
        done = co_await press_link(answer, version, app);
    auto load = [&](storage::Transaction& tx) { return look_at_alert(tx, answer); };
    const auto shown = co_await app.database.read(load);
    if (shown.alert.id.value == 0)
        co_return answer_notice(410, "This alert is gone", "It is no longer kept here.");
    if (!done.refusal.empty())
        co_return answer_page(409, shown, answer, plain_words(done.refusal, shown.names, shown.time_zone));
    if (done.used)
        co_return answer_page(409, shown, answer, "");
    co_return answer_page(200, shown, answer, notify::one_line(done.said, 500));
}

} // namespace

net::Response link_page(int status, notify::Filling filling)
{
    // The one style there is may be used, and a form may be sent here. Nothing else may be loaded, run, framed or sent.
    static const auto policy = "default-src 'none'; style-src " + notify::style_source(page_style)
        + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    filling.texts["style"] = page_style;
    filling.texts.try_emplace("title", filling.texts["heading"]);
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Content-Security-Policy", policy},
        {"Referrer-Policy", "no-referrer"}, {"Cache-Control", "no-store"}, {"X-Robots-Tag", "noindex, nofollow"},
        {"X-Content-Type-Options", "nosniff"}};
    response.body = notify::html(page_template, filling);
    return response;
}

net::Response too_many_links()
{
    auto response = answer_notice(429, "Too many wrong links", "Wait a minute, then open the link from your mail again.");
    response.headers.push_back({"Retry-After", "60"});
    return response;
}

asio::awaitable<net::Response> answer_link(net::Request request, Context& app)
{
    const auto path = net::path(request.target);
    const auto token = net::percent_decode(path.substr(path.rfind('/') + 1), false);
    const auto read = notify::read(app.answer_secret, token.value_or(""), app.clock.now());
    if (const auto* why = std::get_if<notify::Unreadable>(&read)) {
        if (*why == notify::Unreadable::expired)
            co_return answer_notice(410, "This link has expired", "Links in mails work for 24 hours.");
        co_return answer_notice(403, "This link does not work",
            "It is not one of mine, or not all of it: a mail program may have cut it. Open it from the mail, or copy all of it.");
    }
    // Whoever has the token may act, so a foreign page that has it could as well ask by itself; this refuses no attacker. It
    // keeps a token that got into some page (a preview, a pasted link) from being fired by what runs there. Only our own page has
    // a reason to post here; programs and old browsers, which say nothing, may. (Origin is no help: without a referrer it is
    // "null".)
    const bool pressed = request.method == "POST";
    const auto from = net::header(request.headers, "Sec-Fetch-Site");
    if (pressed && !from.empty() && from != "same-origin" && from != "none")
        co_return answer_notice(
            403, "Not from there", "Open the link from your mail, and press the button on the page it shows.");

    std::string trouble;
    try {
        auto answering = answered_link(std::get<notify::Answer>(read), pressed, version_in(request.body), app);
        co_return co_await std::move(answering);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        trouble = error.what();
    }
    app.log.error("an answer link could not be served", {{"error", trouble}});
    auto response =
        answer_notice(503, "That did not work", "It was not you. Open the link again in a moment: it shows how things stand.");
    response.headers.push_back({"Retry-After", "5"});
    co_return response;
}

} // namespace handlers
