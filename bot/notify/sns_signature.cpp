#include "notify/sns_signature.hpp"

#include "net/message.hpp"
#include "net/network.hpp"
#include "net/url.hpp"
#include "notify/freed_by.hpp"
#include "notify/text.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <regex>

namespace notify {

namespace {

constexpr std::size_t longest_sns_url = 2'000;

using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using InMemory = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using Digesting = std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>>;
using OtherNames = std::unique_ptr<GENERAL_NAMES, FreedBy<GENERAL_NAMES_free>>;

std::optional<net::Url> sns_url(const std::string& text)
{
    static const std::regex host{R"re(sns\.[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}\.amazonaws\.(com|com\.cn|eu))re"};
    if (text.size() > longest_sns_url || text.find_first_of("#\\\r\n\t ") != text.npos)
        return std::nullopt;
    try {
        auto url = net::url_in(text);
        // As its text says it, too: no port, no other letters.
        if (text.starts_with("https://" + url.host + "/") && url.secure && !url.link && url.port == 443 && url.host.size() < 100
            && std::regex_match(url.host, host))
            return url;
    } catch (const net::Failure&) {
    }
    return std::nullopt;
}

Certificate certificate_in(const std::string& pem)
{
    const InMemory memory{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    return Certificate{memory ? PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr) : nullptr};
}

/// "sns.amazonaws.com", "sns-us-gov-west-1.amazonaws.com", "sns-signing.eu-south-1.amazonaws.com" …
bool is_name_of_sns(const std::string& name)
{
    static const std::regex names{R"re(sns([.-][a-z0-9-]+)*\.amazonaws\.(com|com\.cn|eu))re"};
    return name.size() < 100 && std::regex_match(name, names);
}

bool is_for_sns(X509* certificate)
{
    char common[256]{};
    const auto size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, common, sizeof common);
    if (size > 0 && is_name_of_sns(std::string(common, static_cast<std::size_t>(size))))
        return true;
    const OtherNames others{static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    for (int i = 0; others && i < sk_GENERAL_NAME_num(others.get()); ++i) {
        const auto* const name = sk_GENERAL_NAME_value(others.get(), i);
        if (name->type != GEN_DNS)
            continue;
        const auto* const text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
        if (is_name_of_sns(std::string(text, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)))))
            return true;
    }
    return false;
}

} // namespace

bool is_sns_certificate_url(const std::string& url)
{
    static const std::regex file{R"re(/[A-Za-z0-9_-]{1,200}\.pem)re"};
    const auto parts = sns_url(url);
    return parts && parts->target.size() < 300 && std::regex_match(parts->target, file);
}

bool is_sns_subscribe_url(const std::string& url)
{
    const auto parts = sns_url(url);
    if (!parts || !parts->target.starts_with("/?"))
        return false;
    const auto fields = net::form_in(std::string_view{parts->target}.substr(2));
    if (!fields)
        return false;
    const auto actions =
        std::count_if(fields->begin(), fields->end(), [](const net::Header& one) { return one.name == "Action"; });
    return actions == 1 && net::header(*fields, "Action") == "ConfirmSubscription";
}

std::string sns_signed_text(const slack::Json& message)
{
    const bool notifies = slack::text_at(message, {"Type"}) == "Notification";
    std::string text;
    // In this order.
    for (const std::string_view name :
        {"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}) {
        const bool is_notifications = name == "Subject", is_confirmations = name == "SubscribeURL" || name == "Token";
        if ((notifies && is_confirmations) || (!notifies && is_notifications))
            continue;
        const auto& value = slack::at(message, {name});
        if (is_notifications && value.is_null())
            continue;
        if (!value.is_string())
            return {};
        text += std::string{name} + "\n" + value.get_ref<const std::string&>() + "\n";
    }
    return text;
}

std::string sns_certificate_problem(const std::string& certificate, oncall::TimePoint now)
{
    const auto read = certificate_in(certificate);
    if (!read)
        return "it is no certificate";
    auto at = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    if (X509_cmp_time(X509_get0_notBefore(read.get()), &at) >= 0)
        return "it does not hold yet";
    if (X509_cmp_time(X509_get0_notAfter(read.get()), &at) <= 0)
        return "it holds no more";
    if (!is_for_sns(read.get()))
        return "it is not one of Amazon SNS";
    return {};
}

bool is_signed_by_sns(const slack::Json& message, const std::string& certificate)
{
    const auto version = slack::text_at(message, {"SignatureVersion"});
    const auto* const digest = version == "1" ? EVP_sha1() : version == "2" ? EVP_sha256() : nullptr;
    auto encoded = slack::text_at(message, {"Signature"});
    std::replace(encoded.begin(), encoded.end(), '+', '-');
    std::replace(encoded.begin(), encoded.end(), '/', '_');
    const auto signature = base64url_in(encoded);
    const auto text = sns_signed_text(message);
    const auto read = certificate_in(certificate);
    if (!digest || !signature || signature->empty() || text.empty() || !read)
        return false;
    auto* const key = X509_get0_pubkey(read.get());
    const Digesting context{EVP_MD_CTX_new()};
    if (!key || !context || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA
        || EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) != 1)
        return false;
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature->data()), signature->size(),
               reinterpret_cast<const unsigned char*>(text.data()), text.size())
        == 1;
}

} // namespace notify
