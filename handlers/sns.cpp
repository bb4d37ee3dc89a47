#include "handlers/sns.hpp"

#include "doors/wake.hpp"
#include "handlers/sources/report_fields.hpp"
#include "handlers/window.hpp"
#include "notify/sns_signature.hpp"

#include <algorithm>

namespace handlers {

using namespace std::chrono_literals;

/// Empty when nothing has changed hands; what keeps an answer away is a reason to try again.
struct FromSns {
    int status{}; // 0: there was no answer
    std::string body{};
    std::string trouble{};
};

struct SnsMemory {
    /// Of one address, for all who ask meanwhile.
    struct Fetch {
        std::optional<FromSns> got{};
        std::vector<std::shared_ptr<doors::Wake>> waiting{}; // a bell wakes one
    };
    std::map<std::string, std::string> certificates{}; // PEM, by address
    std::map<std::string, std::shared_ptr<Fetch>> fetching{}; // by address
    std::map<std::string, TimePoint> told{}; // by source and reason
    // By source: whoever knows the address of one must neither make us ask AWS without end, nor keep the others from asking.
    std::map<std::string, SlidingWindow> fetches{};
};

namespace {

constexpr auto oldest_message = 65min; // SNS tries for an hour; clocks differ
constexpr auto furthest_ahead = 15min;
constexpr auto told_every = 1h;
constexpr std::size_t most_certificates = 20, most_told = 1'000;
constexpr std::size_t longest_certificate = 16 << 10;
constexpr std::size_t most_fetches = 20; // by source and minute
constexpr auto longest_fetch = 10s; // get_public is given up before

SnsMemory& memory_of(Context& app)
{
    if (!app.sns)
        app.sns = std::make_shared<SnsMemory>();
    return *app.sns;
}

/// In the channel of the source's team, else the fallback. At once, and not again within the hour.
asio::awaitable<void> tell_owner_of_sns(Context& app, std::string source, std::string about, std::string words)
{
    const auto now = app.clock.now();
    auto& told = memory_of(app).told;
    std::erase_if(told, [&](const auto& one) { return now - one.second >= told_every || one.second > now; });
    const auto subject = source + "\n" + about;
    if (told.size() >= most_told || !told.emplace(subject, now).second)
        co_return;
    app.log.warning("about a source of Amazon SNS", {{"source", source}, {"what", words}});
    const auto configuration = app.configuration();
    const auto found = configuration->sources.find(source);
    oncall::Alert owned;
    owned.team = found == configuration->sources.end() ? "" : found->second.team;
    const auto channel = card_channel(app, owned);
    if (channel.empty())
        co_return;
    const auto key = "sns:" + storage::sha256(subject).substr(0, 16);
    auto tell = [&](storage::Transaction& tx) {
        storage::Outbox{tx}.add(key, "channel_words", storage::Priority::card, channel, 0, channel + "\n" + words, now);
        return true;
    };
    try {
        co_await app.database.transaction(tell);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        memory_of(app).told.erase(subject); // nobody heard it
        app.log.warning("the owner of a source could not be told", {{"source", source}, {"error", error.what()}});
    }
}

asio::awaitable<FromSns> get_from_sns(Context& app, std::string url)
{
    FromSns got;
    if (!app.get_public) {
        got.trouble = "nothing may be fetched here";
        co_return got;
    }
    try {
        auto getting = app.get_public(std::move(url));
        auto response = co_await std::move(getting);
        got.status = response.status;
        got.body = std::move(response.body);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        got.trouble = error.what();
    }
    if (got.trouble.empty())
        got.trouble = "the answer was " + std::to_string(got.status);
    co_return got;
}

/// Whoever asks for what is being fetched waits for that.
asio::awaitable<FromSns> fetched_once(Context& app, std::string url, std::string source)
{
    auto& memory = memory_of(app);
    const auto now = app.clock.now();
    if (const auto under_way = memory.fetching.find(url); under_way != memory.fetching.end()) {
        const auto fetch = under_way->second;
        const auto over = std::make_shared<doors::Wake>(app.tasks.loop());
        fetch->waiting.push_back(over);
        const auto end = now + longest_fetch;
        while (!fetch->got && app.clock.now() < end)
            co_await over->sleep(app.clock, end);
        if (fetch->got)
            co_return *fetch->got;
        FromSns late;
        late.trouble = "there is no answer yet";
        co_return late;
    }
    auto& window = memory.fetches.try_emplace(source, most_fetches, std::chrono::minutes{1}).first->second;
    if (window.admit(now))
        throw storage::Busy{"too many certificates of Amazon SNS were asked for; send it again"};
    const auto fetch = std::make_shared<SnsMemory::Fetch>();
    memory.fetching[url] = fetch;
    auto getting = get_from_sns(app, url);
    FromSns got;
    std::exception_ptr broke;
    try {
        got = co_await std::move(getting);
    } catch (...) {
        broke = std::current_exception(); // we are to end
    }
    memory.fetching.erase(url);
    fetch->got = got;
    for (const auto& over : fetch->waiting)
        over->ring();
    if (broke)
        std::rethrow_exception(broke);
    co_return got;
}

/// The certificate, or why it is none that counts.
struct SnsCertificate {
    std::string pem{};
    std::string problem{};
};
asio::awaitable<SnsCertificate> certificate_at(Context& app, std::string url, std::string source)
{
    SnsCertificate certificate;
    auto& memory = memory_of(app);
    const auto now = app.clock.now();
    if (const auto known = memory.certificates.find(url); known != memory.certificates.end()) {
        certificate.pem = known->second;
        certificate.problem = notify::sns_certificate_problem(certificate.pem, now);
        if (certificate.problem.empty())
            co_return certificate;
        memory.certificates.erase(known);
    }
    auto fetching = fetched_once(app, url, source);
    const auto got = co_await std::move(fetching);
    if (got.status == 0 || got.status == 429 || got.status >= 500) {
        auto telling = tell_owner_of_sns(app, source, "certificate",
            "I cannot fetch the certificate that tells whether messages for the source " + source
                + " are of Amazon SNS, and take none until I can; SNS tries again for a while. This machine must reach "
                  "https://sns.REGION.amazonaws.com.");
        co_await std::move(telling);
        app.log.warning("no certificate of Amazon SNS", {{"source", source}, {"error", got.trouble}});
        throw storage::Busy{"the certificate of Amazon SNS cannot be fetched right now; send it again"};
    }
    certificate.pem = got.body;
    certificate.problem = got.status != 200     ? got.trouble
        : got.body.size() > longest_certificate ? std::string{"it is too long"}
                                                : notify::sns_certificate_problem(got.body, app.clock.now());
    if (!certificate.problem.empty())
        co_return certificate;
    if (memory.certificates.size() >= most_certificates)
        memory.certificates.clear();
    memory.certificates[url] = certificate.pem;
    co_return certificate;
}

/// What needs nobody asked: a key of the reason, and its words.
struct Refused {
    std::string about{};
    std::string words{};
};
Refused refused_at_sight(const slack::Json& message, const oncall::Source& source, TimePoint now)
{
    const auto topic = slack::text_at(message, {"TopicArn"});
    if (!source.topics.empty() && std::find(source.topics.begin(), source.topics.end(), topic) == source.topics.end())
        return {"topic", "it is of " + sources::sns_topic_words(topic) + ", which is none of the topics of this source"};
    const auto said = sources::instant_said(slack::text_at(message, {"Timestamp"}));
    if (!said)
        return {"timestamp", "its Timestamp is missing or is none"};
    if (now - *said > oldest_message)
        return {"old", "it is older than the hour for which Amazon SNS tries (or this machine's clock is wrong)"};
    if (*said - now > furthest_ahead)
        return {"ahead", "it is of a time to come (or this machine's clock is wrong)"};
    if (!notify::is_sns_certificate_url(slack::text_at(message, {"SigningCertURL"})))
        return {"address",
            "its SigningCertURL does not lead to Amazon SNS: somebody who knows this source's address has made it up. "
            "Rotate the source's key"};
    const auto type = slack::text_at(message, {"Type"});
    if (type == "SubscriptionConfirmation" && !notify::is_sns_subscribe_url(slack::text_at(message, {"SubscribeURL"})))
        return {"address",
            "its SubscribeURL does not lead to Amazon SNS: somebody who knows this source's address has made it up. "
            "Rotate the source's key"};
    if (notify::sns_signed_text(message).empty() || slack::text_at(message, {"Signature"}).empty())
        return {"signature", "it is not signed"};
    return {};
}

/// What the address of a subscription says that it is of.
std::string subscribed_topic(const std::string& url)
{
    const auto fields = net::form_in(std::string_view{url}.substr(std::min(url.find('?') + 1, url.size())));
    return sources::sns_topic_words(fields ? std::string{net::header(*fields, "TopicArn")} : std::string{});
}

/// A no is a no: the token is used up, or the topic is gone.
bool has_answered(const FromSns& got) { return got.status != 0 && got.status != 429 && got.status < 500; }

/// The owner hears what came of it.
asio::awaitable<void> tell_of_subscription(Context& app, std::string source, std::string topic, FromSns got)
{
    auto words = "The source " + source + " is subscribed to " + topic + " now: what Amazon SNS sends there becomes alerts.";
    if (got.status != 200) {
        app.log.error("a subscription of Amazon SNS was not confirmed", {{"source", source}, {"error", got.trouble}});
        words = "I could not confirm to Amazon SNS that the source " + source + " wants " + topic
            + ": its messages do not come. In the AWS console, under SNS, Subscriptions, choose it and Request confirmation; "
              "this machine must reach https://sns.REGION.amazonaws.com.";
    }
    auto telling = tell_owner_of_sns(app, source, "subscription:" + topic + std::to_string(got.status), words);
    co_await std::move(telling);
}

} // namespace

asio::awaitable<std::string> why_not_sns(Context& app, const sources::Sent& sent, const oncall::Source& source)
{
    const auto message = sources::sns_envelope(sent);
    const auto name = source.name;
    Refused refused;
    if (message.is_null()) {
        if (source.topics.empty())
            co_return std::string{};
        refused = {"raw",
            "it was delivered raw, without a signature, and this source takes only what SNS has signed for its topics. "
            "Turn \"raw message delivery\" off for the subscription, or take the topics off the source"};
    } else {
        refused = refused_at_sight(message, source, app.clock.now());
    }
    if (refused.words.empty()) {
        auto looking = certificate_at(app, slack::text_at(message, {"SigningCertURL"}), name);
        const auto certificate = co_await std::move(looking);
        if (!certificate.problem.empty())
            refused = {"certificate_of", "its certificate does not count: " + certificate.problem};
        else if (!notify::is_signed_by_sns(message, certificate.pem))
            refused = {"signature", "it is not signed by Amazon SNS"};
    }
    if (refused.words.empty())
        co_return std::string{};
    const auto words = "a message of Amazon SNS was not taken: " + refused.words;
    auto telling = tell_owner_of_sns(app, name, refused.about, "Source " + name + ": " + words + ".");
    co_await std::move(telling);
    co_return words;
}

asio::awaitable<bool> confirm_at_once(Context& app, std::string url, std::string source)
{
    if (!notify::is_sns_subscribe_url(url)) {
        app.log.warning("a subscription was not confirmed: its address is none of Amazon SNS", {{"source", source}});
        co_return false;
    }
    auto getting = get_from_sns(app, url);
    const auto got = co_await std::move(getting);
    auto telling = tell_of_subscription(app, source, subscribed_topic(url), got);
    co_await std::move(telling);
    if (!has_answered(got))
        throw storage::Busy{"Amazon SNS cannot be reached right now, to confirm the subscription; send it again"};
    co_return got.status == 200;
}

asio::awaitable<void> confirm_subscription(Context& app, std::string url, std::string source)
{
    if (!notify::is_sns_subscribe_url(url)) {
        app.log.warning("a subscription was not confirmed: its address is none of Amazon SNS", {{"source", source}});
        co_return;
    }
    constexpr oncall::milliseconds pauses[]{0s, 2s, 10s, 60s};
    FromSns got;
    for (const auto pause : pauses) {
        auto pausing = app.clock.pause(pause);
        co_await std::move(pausing);
        auto getting = get_from_sns(app, url);
        got = co_await std::move(getting);
        if (has_answered(got))
            break;
    }
    auto telling = tell_of_subscription(app, source, subscribed_topic(url), got);
    co_await std::move(telling);
}

} // namespace handlers
