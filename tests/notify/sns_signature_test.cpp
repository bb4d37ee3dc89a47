#include "notify/sns_signature.hpp"

#include "catch.hpp"
#include "noon.hpp"
#include "notify/sns_signer.hpp"

using namespace notify;
using namespace std::chrono_literals;

namespace {

slack::Json sns_notification()
{
    return slack::parse(
        R"({"Type":"Notification","MessageId":"m","TopicArn":"arn:aws:sns:us-east-1:1:t","Subject":"s",)"
        R"("Message":"line\none","Timestamp":"2026-11-03T12:00:00.000Z","SigningCertURL":"u","UnsubscribeURL":"x"})");
}

} // namespace

TEST_CASE("An address is SNS's own, or nothing is fetched from it", "[notify][sns]")
{
    const std::string host = "https://sns.us-east-1.amazonaws.com/";
    for (const auto& url : {host + "SimpleNotificationService-d6d679a1d18e95c2f9ffcf11f4f9e198.pem",
             std::string{"https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-a.pem"},
             std::string{"https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-a.pem"},
             std::string{"https://sns.ap-southeast-2.amazonaws.com/a_B-1.pem"}}) {
        INFO(url);
        CHECK(is_sns_certificate_url(url));
        CHECK_FALSE(is_sns_subscribe_url(url));
    }
    const std::string confirm = "?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:1:t&Token=2336";
    CHECK(is_sns_subscribe_url(host + confirm));
    CHECK_FALSE(is_sns_certificate_url(host + confirm));

    // Each with the file and with the action.
    const std::string foreign[]{"http://sns.us-east-1.amazonaws.com/", "https://169.254.169.254/", "https://localhost/",
        "https://[::1]/", "https://10.0.0.1/", "https://sns.us-east-1.amazonaws.com.evil.example/",
        "https://evil.example/sns.us-east-1.amazonaws.com/", "https://sns.us-east-1.amazonaws.com@evil.example/",
        "https://evil@sns.us-east-1.amazonaws.com/", "https://sns.us-east-1.amazonaws.com%2eevil.example/",
        "https://sns.us-east-1.amazonaws.com:8443/", "https://sns.us-east-1.amazonaws.com:443/",
        // Buckets that somebody calls "sns".
        "https://sns.s3.amazonaws.com/", "https://sns.s3-us-west-2.amazonaws.com/", "https://sns.s3.us-west-2.amazonaws.com/",
        "https://evil-sns.us-east-1.amazonaws.com/", "https://sns.evil.amazonaws.com/", "https://sns.us-east-1.amazonaws.com./",
        "https://sns.us-east-1.amazonaws.com\\@evil.example/", "https://SNS.us-east-1.amazonaws.com/", "ftp://x/", "//x/", "",
        " "};
    for (const auto& place : foreign) {
        INFO(place);
        CHECK_FALSE(is_sns_certificate_url(place + "SimpleNotificationService-a.pem"));
        CHECK_FALSE(is_sns_subscribe_url(place + confirm));
    }
    for (const std::string target : {"", "a.pem?x", "a.pem#x", "dir/a.pem", "../a.pem", "%2e.pem", ".pem", "a.pem/", "?a.pem"}) {
        INFO(target);
        CHECK_FALSE(is_sns_certificate_url(host + target));
    }
    for (const std::string target : {"?Action=Publish&Message=x", "?Action=ConfirmSubscription&Action=DeleteTopic", "?", "?%zz",
             "x?Action=ConfirmSubscription"}) {
        INFO(target);
        CHECK_FALSE(is_sns_subscribe_url(host + target));
    }
    CHECK_FALSE(is_sns_subscribe_url(host + confirm + std::string(3'000, '1')));
}

TEST_CASE("What is signed is what AWS documents, in its order", "[notify][sns]")
{
    auto message = sns_notification();
    CHECK(sns_signed_text(message)
        == "Message\nline\none\nMessageId\nm\nSubject\ns\nTimestamp\n2026-11-03T12:00:00.000Z\nTopicArn\narn:aws:sns:us-east-1:1:"
           "t\n"
           "Type\nNotification\n");
    message.erase("Subject");
    CHECK(sns_signed_text(message).find("Subject") == std::string::npos);
    message["Type"] = "SubscriptionConfirmation";
    CHECK(sns_signed_text(message).empty()); // without a token
    message["Token"] = "k";
    message["SubscribeURL"] = "https://x";
    message["Subject"] = "not of these";
    CHECK(sns_signed_text(message)
        == "Message\nline\none\nMessageId\nm\nSubscribeURL\nhttps://x\nTimestamp\n2026-11-03T12:00:00.000Z\nToken\nk\nTopicArn\n"
           "arn:aws:sns:us-east-1:1:t\nType\nSubscriptionConfirmation\n");
    message["Message"] = 1;
    CHECK(sns_signed_text(message).empty());
}

TEST_CASE("A signature holds for one message, one version and one key", "[notify][sns]")
{
    const SnsSigner amazon{noon}, other{noon};
    for (const std::string version : {"1", "2"}) {
        INFO(version);
        const auto message = amazon.signed_by(sns_notification(), version);
        CHECK(is_signed_by_sns(message, amazon.certificate()));
        CHECK_FALSE(is_signed_by_sns(message, other.certificate()));
        CHECK_FALSE(is_signed_by_sns(message, "no certificate"));
        for (const auto* part : {"Message", "MessageId", "Subject", "Timestamp", "TopicArn"}) {
            auto changed = message;
            changed[part] = "else";
            CHECK_FALSE(is_signed_by_sns(changed, amazon.certificate()));
            changed.erase(part);
            CHECK_FALSE(is_signed_by_sns(changed, amazon.certificate()));
        }
        for (const std::string wrong : {"", "===", "not base64!", "AAAA"}) {
            auto changed = message;
            changed["Signature"] = wrong;
            CHECK_FALSE(is_signed_by_sns(changed, amazon.certificate()));
        }
        auto changed = message;
        changed["SignatureVersion"] = version == "1" ? "2" : "1";
        CHECK_FALSE(is_signed_by_sns(changed, amazon.certificate()));
        changed["SignatureVersion"] = "3";
        CHECK_FALSE(is_signed_by_sns(changed, amazon.certificate()));
        // What is not signed may be anything.
        changed = message;
        changed["UnsubscribeURL"] = "https://evil.example";
        CHECK(is_signed_by_sns(changed, amazon.certificate()));
    }
}

TEST_CASE("A certificate counts in its time and when it is one of SNS", "[notify][sns]")
{
    const SnsSigner amazon{noon};
    CHECK(sns_certificate_problem(amazon.certificate(), noon) == "");
    CHECK(sns_certificate_problem(amazon.certificate(), noon - 48h) == "it does not hold yet");
    CHECK(sns_certificate_problem(amazon.certificate(), noon + 48h) == "it holds no more");
    CHECK(sns_certificate_problem("<Error>AccessDenied</Error>", noon) == "it is no certificate");
    CHECK(sns_certificate_problem("", noon) == "it is no certificate");
    for (const std::string name : {"evil.example", "sns.amazonaws.com.evil.example", "s3.amazonaws.com", "notsns.amazonaws.com"})
        CHECK(sns_certificate_problem(SnsSigner{noon, name}.certificate(), noon) == "it is not one of Amazon SNS");
    CHECK(sns_certificate_problem(SnsSigner{noon, "sns-signing.eu-south-1.amazonaws.com"}.certificate(), noon) == "");
    CHECK(sns_certificate_problem(SnsSigner{noon, "SNS", "sns-us-gov-west-1.amazonaws.com"}.certificate(), noon) == "");
}
