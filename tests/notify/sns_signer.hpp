#pragma once

#include "notify/sns_signature.hpp"
#include "notify/text.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

/// Somebody who signs as Amazon SNS does, with a certificate that was just made. Its key is short, as it need not last.
class SnsSigner {
public:
    /// Its certificate holds for a day before and after `now`.
    explicit SnsSigner(oncall::TimePoint now, const std::string& name = "sns.amazonaws.com", const std::string& other_name = {})
        : key_{EVP_RSA_gen(1024), &EVP_PKEY_free}
    {
        const std::unique_ptr<X509, void (*)(X509*)> made{X509_new(), [](X509* one) { X509_free(one); }};
        const auto at = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
        X509_set_version(made.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
        ASN1_TIME_set(X509_getm_notBefore(made.get()), at - 86'400);
        ASN1_TIME_set(X509_getm_notAfter(made.get()), at + 86'400);
        X509_set_pubkey(made.get(), key_.get());
        auto* const subject = X509_get_subject_name(made.get());
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(made.get(), subject);
        if (!other_name.empty()) {
            auto* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + other_name).c_str());
            X509_add_ext(made.get(), names, -1);
            X509_EXTENSION_free(names);
        }
        X509_sign(made.get(), key_.get(), EVP_sha256());
        const std::unique_ptr<BIO, void (*)(BIO*)> memory{BIO_new(BIO_s_mem()), [](BIO* one) { BIO_free(one); }};
        PEM_write_bio_X509(memory.get(), made.get());
        char* text{};
        const auto size = BIO_get_mem_data(memory.get(), &text);
        certificate_.assign(text, static_cast<std::size_t>(size));
    }

    const std::string& certificate() const { return certificate_; }

    /// By `version` "1" or "2".
    std::string signature(const std::string& text, const std::string& version) const
    {
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
        EVP_DigestSignInit(context.get(), nullptr, version == "1" ? EVP_sha1() : EVP_sha256(), nullptr, key_.get());
        const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
        std::size_t size{};
        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
        std::string made(size, '\0');
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(made.data()), &size, bytes, text.size());
        made.resize(size);
        return notify::base64(made);
    }

    slack::Json signed_by(slack::Json message, const std::string& version = "2") const
    {
        message["SignatureVersion"] = version;
        message["Signature"] = signature(notify::sns_signed_text(message), version);
        return message;
    }

private:
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
    std::string certificate_{};
};
