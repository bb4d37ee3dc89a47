#include "text_replies.hpp"

#include "handlers/texts.hpp"
#include "oncall/reply.hpp"

using namespace std::chrono_literals;

namespace {

constexpr auto soon = 15s;
constexpr auto seldom = 60s;
constexpr auto idly = 10min; // nobody was told anything: START may come all the same
constexpr auto lively = 1h; // after somebody was told
constexpr std::size_t most_remembered = 1'000;
constexpr auto trouble_again = 10min; // until it is said again that Twilio does not answer

} // namespace

TextReplies::TextReplies(handlers::Context& app, net::Network& network, notify::TwilioAccount account)
    : app_{app}
    , network_{network}
    , account_{std::move(account)}
{
}

asio::awaitable<void> TextReplies::run()
{
    for (doors::TimePoint asked{};;) {
        co_await app_.clock.pause(soon);
        const auto now = app_.clock.now();
        const auto since = now - oncall::replies_for;
        auto look = [&](storage::Transaction& tx) { return storage::Alerts{tx}.last_told_by(oncall::ContactKind::sms, since); };
        const auto told = co_await app_.database.read(look);
        const bool often = told && account_.public_url.empty() && now - *told < lively;
        if (!often && now - asked < (told ? seldom : idly))
            continue;
        asked = now;
        co_await ask(since);
    }
}

asio::awaitable<void> TextReplies::ask(doors::TimePoint since)
{
    std::string trouble;
    net::Response response;
    try {
        auto asking = notify::ask_twilio(notify::replies_request(account_, since), network_);
        response = co_await std::move(asking);
        if (response.status != 200)
            trouble = "HTTP status " + std::to_string(response.status);
    } catch (const net::Failure& failure) {
        trouble = failure.what();
    }
    if (!trouble.empty()) {
        if (const auto now = app_.clock.now(); now - trouble_said_ >= trouble_again) {
            trouble_said_ = now;
            app_.log.warning("Twilio was asked for answers by text message, and does not tell",
                {{"provider", account_.name}, {"error", trouble}});
        }
        co_return;
    }
    // Oldest first, as they were meant.
    auto texts = notify::texts_in(response);
    if (taken_.size() > most_remembered)
        taken_.clear();
    for (auto one = texts.rbegin(); one != texts.rend(); ++one) {
        if (taken_.contains(one->sid))
            continue;
        handlers::Text text;
        text.id = one->sid;
        text.from = one->from;
        text.words = one->text;
        text.at = one->at;
        auto taking = handlers::take_text(std::move(text), true, app_);
        const auto answer = co_await std::move(taking);
        strangers_ += answer.stranger ? 1 : 0;
        taken_.insert(one->sid);
    }
}
