#include "catch.hpp"
#include "handlers/sns.hpp"
#include "notify/sns_signer.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

#include <algorithm>

using namespace scenario;

namespace {

const std::string certificate_url = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-a.pem";
const std::string confirm_url =
    "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:alarms&Token=23";

asio::awaitable<std::string> looked_at(handlers::Context& app, const handlers::sources::Sent& sent, const oncall::Source& source)
{
    std::string why;
    try {
        auto looking = handlers::why_not_sns(app, sent, source);
        why = co_await std::move(looking);
    } catch (const storage::Busy& busy) {
        why = std::string{"busy: "} + busy.what();
    }
    co_return why;
}

asio::awaitable<void> looked_at_into(
    handlers::Context& app, handlers::sources::Sent sent, oncall::Source source, std::string& why)
{
    auto looking = looked_at(app, sent, source);
    why = co_await std::move(looking);
}

/// The bot, and an Amazon whose answers are scripted.
struct Amazon {
    World world{configuration()};
    SnsSigner signer{scenario::noon};
    oncall::Source source{};
    std::map<std::string, net::Response> answers{}; // all else cannot be reached
    std::vector<std::string> asked{};
    oncall::milliseconds takes{}; // an answer

    /// With a source of its own, whose key is "aws-sample-key".
    static oncall::Configuration configuration()
    {
        auto all = sample_configuration();
        oncall::Source aws;
        aws.name = "aws";
        aws.format = "sns";
        aws.key = "aws-sample-key";
        all.sources["aws"] = aws;
        return all;
    }
    Amazon()
    {
        source.name = "aws";
        source.format = "sns";
        answers[certificate_url].body = signer.certificate();
        world.app().context().get_public = [this](std::string url) { return answer(std::move(url)); };
    }
    asio::awaitable<net::Response> answer(std::string url)
    {
        asked.push_back(url);
        if (takes > 0s)
            co_await world.app().context().clock.pause(takes);
        const auto found = answers.find(url);
        if (found == answers.end())
            throw std::runtime_error{"no route to host"};
        co_return found->second;
    }

    slack::Json message() const
    {
        slack::Json message;
        message["Type"] = "Notification";
        message["MessageId"] = "m-1";
        message["TopicArn"] = "arn:aws:sns:us-west-2:123456789012:alarms";
        message["Message"] = R"({"AlarmName":"Queue too long","NewStateValue":"ALARM"})";
        message["Timestamp"] = oncall::iso(world.clock.now(), "UTC").substr(0, 19) + ".000Z";
        message["SigningCertURL"] = certificate_url;
        return message;
    }
    static handlers::sources::Sent sent(const slack::Json& message)
    {
        handlers::sources::Sent sent;
        sent.body = message;
        sent.text = message.is_null() ? "a text" : message.dump();
        return sent;
    }
    /// Why not; empty: it is taken.
    std::string why_not(const slack::Json& message)
    {
        const auto said = sent(message);
        return world.on_the_bot<std::string>([&] { return looked_at(world.app().context(), said, source); });
    }
    /// What was said in the fallback channel, and how often.
    std::ptrdiff_t said(const std::string& part)
    {
        world.settle();
        const auto all = world.fallback().messages();
        return std::count_if(all.begin(), all.end(), [&](const auto& one) { return has(world.slack().plain(one), part); });
    }
};

} // namespace

TEST_CASE("A message of Amazon SNS is taken when SNS has signed it, and its certificate is fetched once", "[scenarios][socket]")
{
    Amazon amazon;
    CHECK(amazon.why_not(amazon.signer.signed_by(amazon.message(), "1")) == "");
    CHECK(amazon.why_not(amazon.signer.signed_by(amazon.message(), "2")) == "");
    CHECK(amazon.asked == std::vector{certificate_url});
    CHECK(amazon.why_not({}) == ""); // raw: the address vouches for it

    auto forged = amazon.signer.signed_by(amazon.message());
    forged["Message"] = "page everybody";
    CHECK_THAT(amazon.why_not(forged), contains("not signed by Amazon SNS"));
    CHECK_THAT(amazon.why_not(amazon.message()), contains("it is not signed"));
    CHECK(amazon.said("not signed") == 1); // the owner hears of it once
    CHECK(amazon.asked.size() == 1);

    amazon.source.topics = {"arn:aws:sns:us-west-2:123456789012:alarms"};
    CHECK(amazon.why_not(amazon.signer.signed_by(amazon.message())) == "");
    CHECK_THAT(amazon.why_not({}), contains("delivered raw"));
    amazon.source.topics = {"arn:aws:sns:us-west-2:123456789012:others"};
    CHECK_THAT(amazon.why_not(amazon.signer.signed_by(amazon.message())), contains("topic alarms in us-west-2"));
    amazon.source.topics.clear();

    auto old = amazon.message();
    old["Timestamp"] = "2026-11-03T10:00:00.000Z";
    CHECK_THAT(amazon.why_not(amazon.signer.signed_by(old)), contains("older than the hour"));
    old["Timestamp"] = "2026-11-03T14:00:00.000Z";
    CHECK_THAT(amazon.why_not(amazon.signer.signed_by(old)), contains("a time to come"));
    CHECK(amazon.asked.size() == 1);
}

TEST_CASE(
    "Whoever knows the address of one source keeps no other from fetching the certificate of Amazon SNS", "[scenarios][socket]")
{
    Amazon amazon;
    auto forged = amazon.message();
    int early = 0;
    for (int i = 0; i < 25; ++i) {
        const auto url = "https://sns.us-west-2.amazonaws.com/a" + std::to_string(i) + ".pem";
        amazon.answers[url].status = 404;
        forged["SigningCertURL"] = url;
        early += has(amazon.why_not(amazon.signer.signed_by(forged)), "too many certificates");
    }
    CHECK(early == 5);
    CHECK(amazon.asked.size() == 20);
    CHECK_THAT(amazon.why_not(amazon.signer.signed_by(amazon.message())), contains("too many certificates"));
    amazon.source.name = "aws in Tokyo";
    CHECK(amazon.why_not(amazon.signer.signed_by(amazon.message())) == "");
}

TEST_CASE("A certificate that many messages ask for at once is fetched once for all of them", "[scenarios][socket]")
{
    Amazon amazon;
    amazon.takes = 2s;
    const auto message = amazon.signer.signed_by(amazon.message());
    const auto said = Amazon::sent(message);
    std::vector<std::string> why(3, "not looked at");
    auto& app = amazon.world.app().context();
    for (auto& one : why)
        app.tasks.spawn("a message", looked_at_into(app, said, amazon.source, one));
    amazon.world.settle();
    CHECK(why.front() == "not looked at");
    amazon.world.advance(3s);
    CHECK(why == std::vector<std::string>(3));
    CHECK(amazon.asked == std::vector{certificate_url});
}

TEST_CASE("The owner of a source is told again of what could not be written down", "[scenarios][socket]")
{
    Amazon amazon;
    amazon.world.write([](storage::Transaction& tx) {
        storage::run(tx,
            "CREATE TRIGGER poison BEFORE INSERT ON outbox WHEN NEW.key LIKE 'sns:%' BEGIN SELECT RAISE(ABORT, 'no such thing'); "
            "END");
        return 0;
    });
    CHECK_THAT(amazon.why_not(amazon.message()), contains("it is not signed"));
    amazon.world.write([](storage::Transaction& tx) {
        storage::run(tx, "DROP TRIGGER poison");
        return 0;
    });
    CHECK(amazon.said("it is not signed") == 0);
    CHECK_THAT(amazon.why_not(amazon.message()), contains("it is not signed"));
    CHECK(amazon.said("it is not signed") == 1);
}

TEST_CASE("Addresses in a message lead to Amazon SNS, or nothing is fetched and the owner is told", "[scenarios][socket]")
{
    Amazon amazon;
    auto message = amazon.message();
    for (const std::string url : {"https://169.254.169.254/latest/meta-data/a.pem", "http://127.0.0.1:8080/a.pem",
             "https://sns.s3-us-west-2.amazonaws.com/a.pem", "https://sns.us-west-2.amazonaws.com.evil.example/a.pem"}) {
        message["SigningCertURL"] = url;
        CHECK_THAT(amazon.why_not(amazon.signer.signed_by(message)), contains("SigningCertURL does not lead to Amazon SNS"));
    }
    message = amazon.message();
    message["Type"] = "SubscriptionConfirmation";
    message["Token"] = "23";
    message["SubscribeURL"] = "https://169.254.169.254/";
    CHECK_THAT(amazon.why_not(amazon.signer.signed_by(message)), contains("SubscribeURL does not lead to Amazon SNS"));
    CHECK(amazon.said("Rotate the source's key") == 1);
    auto& app = amazon.world.app().context();
    app.tasks.spawn("a subscription", handlers::confirm_subscription(app, "https://169.254.169.254/", "aws"));
    amazon.world.settle();
    CHECK(amazon.asked.empty());

    // A certificate that is somebody else's, or is not there.
    const SnsSigner evil{scenario::noon, "evil.example"};
    amazon.answers[certificate_url].body = evil.certificate();
    CHECK_THAT(amazon.why_not(evil.signed_by(amazon.message())), contains("not one of Amazon SNS"));
    amazon.answers[certificate_url].status = 403;
    CHECK_THAT(amazon.why_not(amazon.signer.signed_by(amazon.message())), contains("the answer was 403"));

    // Amazon cannot be reached: SNS is asked to send it again, and is believed as soon as it can.
    amazon.answers.clear();
    CHECK_THAT(amazon.why_not(amazon.signer.signed_by(amazon.message())), contains("busy: "));
    CHECK(amazon.said("This machine must reach") == 1);
    amazon.answers[certificate_url].body = amazon.signer.certificate();
    CHECK(amazon.why_not(amazon.signer.signed_by(amazon.message())) == "");
}

TEST_CASE("A subscription is confirmed to Amazon SNS, tried again, and its owner hears of it", "[scenarios][socket]")
{
    Amazon amazon;
    amazon.answers[confirm_url].status = 503;
    auto& app = amazon.world.app().context();
    app.tasks.spawn("a subscription", handlers::confirm_subscription(app, confirm_url, "aws"));
    amazon.world.settle();
    CHECK(amazon.asked == std::vector{confirm_url});
    amazon.answers[confirm_url].status = 200;
    amazon.world.advance(2s);
    CHECK(amazon.asked.size() == 2);
    CHECK(amazon.said("The source aws is subscribed to topic alarms in us-west-2") == 1);

    amazon.answers[confirm_url].status = 403; // its token is used up
    app.tasks.spawn("a subscription", handlers::confirm_subscription(app, confirm_url, "aws"));
    amazon.world.settle();
    CHECK(amazon.asked.size() == 3);
    CHECK(amazon.said("Request confirmation") == 1);
    amazon.world.advance(2min);
    CHECK(amazon.asked.size() == 3);
}

TEST_CASE("At the door a message is taken when Amazon SNS has signed it, and refused when not", "[scenarios][socket]")
{
    Amazon amazon;
    const auto status_of = [&](const slack::Json& message) { return amazon.world.post("aws-sample-key", message.dump()).status; };
    const auto alerts_open = [&] {
        return amazon.world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); });
    };
    auto forged = amazon.signer.signed_by(amazon.message());
    forged["Message"] = R"({"AlarmName":"Forged","NewStateValue":"ALARM"})";
    CHECK(status_of(forged) == 403);
    CHECK(status_of(amazon.message()) == 403);
    CHECK(alerts_open() == 0);
    CHECK(status_of(amazon.signer.signed_by(amazon.message())) == 202);
    CHECK(alerts_open() == 1);

    // A subscription is confirmed before SNS hears that it was taken.
    auto subscription = amazon.message();
    subscription["Type"] = "SubscriptionConfirmation";
    subscription["MessageId"] = "m-2";
    subscription["Token"] = "23";
    subscription["SubscribeURL"] = confirm_url;
    CHECK(status_of(subscription) == 403);
    subscription = amazon.signer.signed_by(subscription);
    CHECK(std::count(amazon.asked.begin(), amazon.asked.end(), confirm_url) == 0);
    CHECK(status_of(subscription) == 503); // Amazon cannot be reached: it is to send it again
    amazon.answers[confirm_url].status = 200;
    CHECK(status_of(subscription) == 202);
    CHECK(std::count(amazon.asked.begin(), amazon.asked.end(), confirm_url) == 2);
    amazon.world.advance(10s);
    CHECK(amazon.said("The source aws is subscribed to topic alarms in us-west-2") == 1);
}
