#include "handlers/web/push.hpp"

#include "handlers/web/page.hpp"
#include "handlers/web/push_page.hpp"
#include "notify/push_link.hpp"
#include "notify/subscription.hpp"
#include "notify/template.hpp"
#include "notify/text.hpp"
#include "slack/payloads.hpp"
#include "storage/contacts.hpp"

#include <algorithm>

namespace handlers {

using oncall::ContactKind;
using oncall::ContactMethod;
using oncall::Refusal;
using slack::Json;

namespace {

constexpr std::size_t most_browsers = 20;
constexpr std::size_t most_subscription = 8 << 10;
const std::string via_push_page{"the push page"};

net::Response made(int status, const std::string& type, std::string body)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", type}, {"Referrer-Policy", "no-referrer"}, {"Cache-Control", "no-store"},
        {"X-Content-Type-Options", "nosniff"}, {"X-Robots-Tag", "noindex, nofollow"}};
    response.body = std::move(body);
    return response;
}

net::Response json_status(int status, const std::string& why)
{
    Json body;
    body["status"] = status < 300 ? "success" : "error";
    if (!why.empty())
        body["message"] = why;
    return made(status, "application/json", body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

net::Response browser_page(int status, notify::Filling filling)
{
    static const auto style = std::string{page_style} + std::string{push_style};
    static const auto policy = "default-src 'none'; style-src " + notify::style_source(style) + "; script-src "
        + notify::style_source(push_script)
        + "; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors "
          "'none'";
    filling.texts["style"] = style;
    filling.texts["script"] = push_script;
    auto response = made(status, "text/html; charset=utf-8", notify::html(push_template, filling));
    response.headers.push_back({"Content-Security-Policy", policy});
    return response;
}

net::Response browser_notice(int status, const std::string& heading, const std::string& said)
{
    notify::Filling filling;
    filling.texts = {{"heading", heading}, {"about", said}};
    return browser_page(status, std::move(filling));
}

/// Without a token: it says nothing about anybody.
net::Response worker()
{
    auto response = made(200, "text/javascript; charset=utf-8", std::string{push_worker});
    response.headers.push_back({"Content-Security-Policy", "default-src 'none'; connect-src 'self'"});
    return response;
}

/// The path that ONCALL_PUBLIC_URL has, for those behind a proxy that takes it off: "/oncall"; empty: none.
std::string path_of(const std::string& public_url)
{
    const auto host = public_url.find("://") + 3;
    const auto slash = public_url.find('/', host);
    return slash == public_url.npos ? "" : public_url.substr(slash);
}

/// Phones notify what is installed; it starts with this page.
net::Response manifest(const std::string& base, const std::string& start)
{
    Json body;
    body["name"] = "On-call pages";
    body["short_name"] = "On call";
    body["display"] = "standalone";
    body["start_url"] = base + start;
    body["scope"] = base + "/";
    return made(200, "application/manifest+json", body.dump());
}

struct ShownBrowsers {
    std::vector<ContactMethod> browsers{};
    std::string name{};
    std::string time_zone{};
};

ShownBrowsers look_at_browsers(storage::Transaction& tx, const std::string& person)
{
    ShownBrowsers shown;
    shown.browsers = storage::ContactMethods{tx}.of(person);
    std::erase_if(shown.browsers, [](const ContactMethod& one) { return one.kind != ContactKind::web_push; });
    shown.name = person;
    if (const auto known = storage::People{tx}.find(person)) {
        shown.time_zone = known->time_zone;
        if (!known->name.empty())
            shown.name = known->name;
    }
    return shown;
}

std::string endpoint_of(const ContactMethod& method)
{
    const auto subscription = notify::subscription_in(method.address);
    return subscription ? subscription->endpoint : "";
}

net::Response browser_list(const ShownBrowsers& shown, const std::string& path, const Context& app)
{
    notify::Filling filling;
    filling.texts = {{"heading", "Pages in your browser"}, {"key", app.push_key},
        {"manifest", path_of(app.address) + path + "/app.json"},
        {"about",
            "Pages for " + notify::one_line(shown.name, 100)
                + (shown.browsers.empty() ? " can come to this browser, also while it is closed."
                                          : " come to the browsers listed here, also while they are closed.")}};
    auto& browsers = filling.lists["browsers"];
    for (const auto& one : shown.browsers) {
        auto more = "since " + notify::date_and_time(one.added_at, shown.time_zone);
        if (one.stopped_at != TimePoint{})
            more = "stopped: it no longer takes pages";
        else if (!one.last_outcome.empty())
            more += "; last page: " + notify::one_line(one.last_outcome, 100);
        notify::Filling browser;
        browser.texts = {{"id", std::to_string(one.id.value)}, {"hash", storage::sha256(endpoint_of(one))},
            {"name", notify::one_line(one.label.empty() ? "A browser" : one.label, 80)}, {"more", more}};
        browsers.push_back(std::move(browser));
    }
    return browser_page(200, std::move(filling));
}

void note_browser(
    storage::Transaction& tx, const std::string& person, const std::string& verb, const ContactMethod& method, TimePoint now)
{
    storage::Audit{tx}.add(now, person, via_push_page, verb, oncall::method_out(method), "", oncall::masked(method));
}

/// Pages for `person` come to it from here on, and to nobody else's account: it is one browser with one owner.
void subscribe(storage::Transaction& tx, const std::string& person, const notify::Subscription& subscription,
    const std::string& browser, TimePoint now)
{
    const storage::ContactMethods methods{tx};
    const auto address = notify::subscription_out(subscription);
    for (const auto& other : methods.at(ContactKind::web_push, address)) {
        if (other.person == person)
            continue;
        methods.remove(other.id);
        note_browser(tx, person, "remove a contact method", other, now);
    }
    auto mine = methods.of(person);
    std::erase_if(mine, [](const ContactMethod& one) { return one.kind != ContactKind::web_push; });
    const auto found = std::find_if(mine.begin(), mine.end(), [&](const auto& one) { return one.address == address; });
    ContactMethod method;
    if (found != mine.end()) {
        method = *found;
        if (oncall::is_usable(method))
            return;
        method.stopped_at = {};
        method.verified_at = now;
        methods.save(method);
    } else {
        if (mine.size() >= most_browsers)
            throw Refusal{
                "You have " + std::to_string(most_browsers) + " browsers. Remove one that you do not use, then try again."};
        method.person = person;
        method.kind = ContactKind::web_push;
        method.label = browser;
        method.address = address;
        method.added_at = method.verified_at = now; // the link is hers, and the browser has just spoken for itself
        methods.add(method);
    }
    note_browser(tx, person, "add a contact method", method, now);
    // A link may have got into other hands: she hears of it where it came from.
    const auto key = "push page:" + std::to_string(method.id.value) + ":" + std::to_string(method.version);
    const auto said = "Pages come to " + notify::one_line(method.label, 80)
        + " from now on. Was that not you? Remove it: open `/oncall contact`.";
    storage::Outbox{tx}.add(key, "person_words", storage::Priority::answer, person, 0, person + "\n" + said, now);
}

void unsubscribe(storage::Transaction& tx, const std::string& person, std::int64_t id, TimePoint now)
{
    const storage::ContactMethods methods{tx};
    const auto method = methods.find({id});
    if (!method || method->person != person || method->kind != ContactKind::web_push)
        return; // removed already, or never hers: either way there is no such browser of hers
    methods.remove(method->id);
    note_browser(tx, person, "remove a contact method", *method, now);
}

asio::awaitable<net::Response> change_browsers(std::string what, net::Request request, std::string person, Context& app)
{
    const auto now = app.clock.now();
    const auto browser = notify::browser_name(net::header(request.headers, "User-Agent"));
    const auto subscription = notify::subscription_in(request.body);
    std::int64_t id{};
    if (what == "unsubscribe") {
        try {
            const auto body = slack::parse(request.body, most_subscription);
            id = body.at("id").get<std::int64_t>();
        } catch (const std::exception&) {
            co_return json_status(400, "This is no browser of the list. Load the page again.");
        }
    } else if (!subscription) {
        co_return json_status(
            400, "What this browser hands out cannot be used: its push service must be a public https address.");
    }
    auto work = [&](storage::Transaction& tx) {
        if (what == "unsubscribe")
            unsubscribe(tx, person, id, now);
        else
            subscribe(tx, person, *subscription, browser, now);
    };
    std::string refusal;
    try {
        co_await app.database.transaction(work);
    } catch (const Refusal& no) {
        refusal = no.what();
    }
    co_return refusal.empty() ? json_status(200, "") : json_status(409, refusal);
}

} // namespace

asio::awaitable<net::Response> push_page(net::Request request, Context& app)
{
    const std::string path{net::path(request.target)};
    const bool posts = request.method == "POST", gets = request.method == "GET" || request.method == "HEAD";
    if (path == "/push/worker.js")
        co_return gets ? worker() : json_status(405, "use GET");
    if (app.push_key.empty())
        co_return browser_notice(
            404, "No pages by browser", "Whoever runs this bot has not set its public address (ONCALL_PUBLIC_URL, https).");

    const auto start = std::string{"/push/"}.size();
    const auto slash = path.find('/', start);
    const auto what = slash == path.npos ? std::string{} : path.substr(slash + 1);
    const auto person = notify::push_person(app.answer_secret, path.substr(start, slash - start), app.clock.now());
    const std::string again{"Open it again from /oncall contact in Slack: it works for an hour."};
    if (const auto* why = std::get_if<notify::Unwelcome>(&person)) {
        const bool expired = *why == notify::Unwelcome::expired;
        const std::string heading = expired ? "This link has expired" : "This link does not work";
        const int status = expired ? 410 : 403;
        co_return posts ? json_status(status, heading + ". " + again) : browser_notice(status, heading, again);
    }
    const auto& who = std::get<std::string>(person);
    if (what == "subscribe" || what == "unsubscribe") {
        // Only our own page has a reason to post here. A link that lies in some other page is not to be used by that page.
        const auto from = net::header(request.headers, "Sec-Fetch-Site");
        if (!posts)
            co_return json_status(405, "use POST");
        if (!from.empty() && from != "same-origin")
            co_return json_status(403, "Not from there.");
        std::string trouble;
        try {
            auto changing = change_browsers(what, std::move(request), who, app);
            co_return co_await std::move(changing);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            trouble = error.what();
        }
        app.log.error("a browser could not be subscribed", {{"error", trouble}});
        co_return json_status(503, "That did not work, and it was not you. Try again in a moment.");
    }
    if (!gets)
        co_return json_status(405, "use GET");
    if (what == "app.json")
        co_return manifest(path_of(app.address), path.substr(0, slash));
    if (!what.empty())
        co_return browser_notice(404, "There is nothing here", again);
    auto load = [&](storage::Transaction& tx) { return look_at_browsers(tx, who); };
    const auto shown = co_await app.database.read(load);
    co_return browser_list(shown, path, app);
}

} // namespace handlers
