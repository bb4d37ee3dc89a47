#include "notify/encrypted_content.hpp"

#include "notify/freed_by.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <memory>
#include <stdexcept>

namespace notify {

namespace {

using Group = std::unique_ptr<EC_GROUP, FreedBy<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, FreedBy<EC_POINT_free>>;
using Number = std::unique_ptr<BIGNUM, FreedBy<BN_clear_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreedBy<EVP_PKEY_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, FreedBy<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, FreedBy<OSSL_PARAM_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreedBy<EVP_CIPHER_CTX_free>>;
using Memory = std::unique_ptr<BIO, FreedBy<BIO_free>>;

constexpr std::size_t scalar = 32, point = 65;

template <class T> T* there(T* thing)
{
    if (!thing)
        throw std::runtime_error{"OpenSSL has failed us"};
    return thing;
}
void worked(int result)
{
    if (result != 1)
        throw std::runtime_error{"OpenSSL has failed us"};
}

const unsigned char* in(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* out(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

Group curve() { return Group{there(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1))}; }

/// Without `secret`: a public key. nullptr when it is none.
PrivateKey key_of(std::string_view open, std::string_view secret)
{
    const Builder builder{there(OSSL_PARAM_BLD_new())};
    const Number number{secret.empty() ? nullptr : there(BN_bin2bn(in(secret), static_cast<int>(secret.size()), nullptr))};
    worked(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0));
    worked(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, open.data(), open.size()));
    if (number)
        worked(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()));
    const Params params{there(OSSL_PARAM_BLD_to_param(builder.get()))};
    const KeyContext context{there(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr))};
    worked(EVP_PKEY_fromdata_init(context.get()));
    EVP_PKEY* key{};
    if (EVP_PKEY_fromdata(context.get(), &key, number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
        return nullptr;
    return PrivateKey{key};
}

std::string agreed(EVP_PKEY* ours, EVP_PKEY* theirs)
{
    const KeyContext context{there(EVP_PKEY_CTX_new_from_pkey(nullptr, ours, nullptr))};
    worked(EVP_PKEY_derive_init(context.get()));
    worked(EVP_PKEY_derive_set_peer(context.get(), theirs));
    std::size_t size{};
    worked(EVP_PKEY_derive(context.get(), nullptr, &size));
    std::string bytes(size, '\0');
    worked(EVP_PKEY_derive(context.get(), out(bytes), &size));
    bytes.resize(size);
    return bytes;
}

/// HKDF with SHA-256 (RFC 5869).
std::string expanded(std::string_view salt, std::string_view secret, std::string_view label, std::size_t size)
{
    const KeyContext context{there(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr))};
    worked(EVP_PKEY_derive_init(context.get()));
    worked(EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()));
    worked(EVP_PKEY_CTX_set1_hkdf_salt(context.get(), in(salt), static_cast<int>(salt.size())));
    worked(EVP_PKEY_CTX_set1_hkdf_key(context.get(), in(secret), static_cast<int>(secret.size())));
    worked(EVP_PKEY_CTX_add1_hkdf_info(context.get(), in(label), static_cast<int>(label.size())));
    std::string bytes(size, '\0');
    worked(EVP_PKEY_derive(context.get(), out(bytes), &size));
    return bytes;
}

/// AES-128-GCM, its tag at the end.
std::string sealed(std::string_view words, std::string_view key, std::string_view nonce)
{
    constexpr int tag = 16;
    const Cipher cipher{there(EVP_CIPHER_CTX_new())};
    worked(
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, in(key), in(nonce))); // a nonce of 12 bytes is the default
    std::string bytes(words.size() + tag, '\0');
    int size{}, more{};
    worked(EVP_EncryptUpdate(cipher.get(), out(bytes), &size, in(words), static_cast<int>(words.size())));
    worked(EVP_EncryptFinal_ex(cipher.get(), out(bytes) + size, &more));
    worked(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag, out(bytes) + words.size()));
    return bytes;
}

} // namespace

KeyPair key_pair(std::string_view secret)
{
    KeyPair pair;
    const auto group = curve();
    const Number number{there(BN_bin2bn(in(secret), static_cast<int>(secret.size()), nullptr))};
    if (secret.size() != scalar || BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) >= 0)
        return pair;
    const Point open{there(EC_POINT_new(group.get()))};
    worked(EC_POINT_mul(group.get(), open.get(), number.get(), nullptr, nullptr, nullptr));
    pair.open.resize(point);
    if (EC_POINT_point2oct(group.get(), open.get(), POINT_CONVERSION_UNCOMPRESSED, out(pair.open), point, nullptr) != point)
        throw std::runtime_error{"OpenSSL has failed us"};
    pair.secret = secret;
    return pair;
}

bool is_public_key(std::string_view open)
{
    if (open.size() != point || open.front() != '\x04')
        return false;
    const auto group = curve();
    const Point found{there(EC_POINT_new(group.get()))};
    return EC_POINT_oct2point(group.get(), found.get(), in(open), open.size(), nullptr) == 1
        && EC_POINT_is_on_curve(group.get(), found.get(), nullptr) == 1;
}

std::string pem_of(const KeyPair& keys)
{
    const auto key = key_of(keys.open, keys.secret);
    const Memory memory{there(BIO_new(BIO_s_mem()))};
    worked(PEM_write_bio_PrivateKey(memory.get(), there(key.get()), nullptr, nullptr, 0, nullptr, nullptr));
    char* text{};
    const auto size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string encrypted(
    std::string_view words, std::string_view their_key, std::string_view their_secret, const KeyPair& ours, std::string_view salt)
{
    if (words.size() > most_plain)
        throw std::invalid_argument{"too much to say in one push"};
    const auto own = key_of(ours.open, ours.secret);
    const auto theirs = is_public_key(their_key) ? key_of(their_key, {}) : nullptr;
    if (!own || !theirs || salt.size() != 16 || their_secret.size() != 16)
        throw std::invalid_argument{"a key of a push is none"};

    // RFC 8291 §3.4.
    const auto label = std::string{"WebPush: info"} + '\0' + std::string{their_key} + ours.open;
    const auto material = expanded(their_secret, agreed(own.get(), theirs.get()), label, 32);
    const auto key = expanded(salt, material, std::string{"Content-Encoding: aes128gcm"} + '\0', 16);
    const auto nonce = expanded(salt, material, std::string{"Content-Encoding: nonce"} + '\0', 12);

    // RFC 8188 §2: salt, the size of records (4,096; this is the only one), our public key, the record. The byte 2 ends the last.
    const std::string size{"\x00\x00\x10\x00", 4};
    return std::string{salt} + size + static_cast<char>(point) + ours.open + sealed(std::string{words} + '\2', key, nonce);
}

} // namespace notify
