#include "handlers/web/pager.hpp"

#include "handlers/web/answer.hpp"
#include "notify/pager_link.hpp"
#include "storage/pager_tests.hpp"

namespace handlers {

namespace {

net::Response words(int status, const std::string& heading, const std::string& said)
{
    notify::Filling filling;
    filling.texts = {{"heading", heading}, {"state", said}};
    return link_page(status, std::move(filling));
}

net::Response asks()
{
    notify::Filling filling;
    filling.texts = {{"heading", "A test of your pager"},
        {"state", "It came to you this way. Say so, and it is ticked off in Slack."}, {"label", "It has arrived"},
        {"does", "Nothing is wrong, and nobody is paged"}, {"verb", "acknowledge"}, {"version", "0"}};
    return link_page(200, std::move(filling));
}

} // namespace

asio::awaitable<net::Response> test_link(net::Request request, Context& app)
{
    const auto path = net::path(request.target);
    const auto token = net::percent_decode(path.substr(path.rfind('/') + 1), false);
    const auto now = app.clock.now();
    const auto read = notify::pager_way(app.answer_secret, token.value_or(""), now);
    if (const auto* const why = std::get_if<notify::Unwelcome>(&read)) {
        if (*why == notify::Unwelcome::expired)
            co_return words(410, "This link has expired", "Start another test in Slack: /oncall reminders has a button.");
        co_return words(403, "This link does not work", "It is not one of mine, or not all of it: copy all of it.");
    }
    if (request.method != "POST")
        co_return asks();
    const auto key = std::get<std::string>(read);
    auto work = [&](storage::Transaction& tx) { storage::PagerTests{tx}.became(key, "arrived", "you said so", now); };
    std::string trouble;
    try {
        co_await app.database.transaction(work);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        trouble = error.what();
    }
    if (trouble.empty())
        co_return words(200, "Ticked off", "Thank you. A page would reach you this way.");
    app.log.error("a test's link could not be served", {{"error", trouble}});
    co_return words(503, "That did not work", "It was not you. Open the link again in a moment.");
}

} // namespace handlers
