#include "notify/smtp_attempt.hpp"

#include "notify/text.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>

namespace notify {

namespace {

constexpr milliseconds longest_goodbye{2'000};

/// What has been said on the wire, as far as it matters. Of what we say, the name of each command and nothing else.
struct Talk {
    std::string command{}; // the last one
    bool login{}; // there was one
    int code{}; // of the last reply
    std::string reply{}; // its words
    bool more{}; // of its lines are to come
    bool asked_for_mail{}; // the server has said 354: from now on it may take what we send
    bool answered{}; // to the mail, or to what asks for nothing else
    std::optional<std::chrono::steady_clock::time_point> left_at{}; // QUIT was said: nothing counts any more

    void said(std::string_view line);
    void heard(std::string_view line);
};

void Talk::said(std::string_view line)
{
    // An answer to a challenge is no command, whatever it looks like.
    if (left_at || (command == "AUTH" && code == 334))
        return;
    if (line.starts_with("QUIT")) {
        left_at = std::chrono::steady_clock::now();
        return;
    }
    for (const std::string_view known : {"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "NOOP"})
        if (line.starts_with(known))
            command = known;
    login = login || command == "AUTH";
}

void Talk::heard(std::string_view line)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (answered || left_at || line.size() < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]))
        return;
    code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    const std::string words{line.substr(std::min<std::size_t>(line.size(), 4))};
    reply = one_line(more ? reply + " " + words : words, 200);
    more = line.size() > 3 && line[3] == '-';
    if (more)
        return;
    if (asked_for_mail || command == "NOOP")
        answered = true;
    else if (command == "DATA" && code == 354)
        asked_for_mail = true;
}

/// One connection.
class Attempt {
public:
    Attempt(const SmtpServer& server, const Email* email, const std::function<bool()>& broken_off);
    Outcome run();

private:
    template <class Value> void set(CURLoption option, Value value)
    {
        // One that is not taken may be the one that asks for TLS.
        if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
            throw std::runtime_error{"libcurl does not take a setting (" + std::to_string(option) + ")"};
    }
    void part(curl_mime* mime, const std::string& type, const std::string& content);
    Outcome judge(CURLcode result) const;
    static Outcome later(std::string why) { return {Outcome::later, std::move(why), false}; }
    static Outcome mend(std::string why) { return {Outcome::later, std::move(why), true}; }
    static Outcome unknown(std::string why) { return {Outcome::unknown, std::move(why), false}; }
    static Outcome refused(std::string why, bool for_all) { return {Outcome::refused, std::move(why), for_all}; }
    std::string there() const { return server_.host + ":" + std::to_string(server_.port); }
    std::string reply() const { return std::to_string(talk_.code) + " " + talk_.reply; }
    std::string without_password(std::string words) const;

    static int heard(CURL*, curl_infotype type, char* words, std::size_t size, void* self);
    static int go_on(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

    template <class T, void (*release)(T*)> struct Release {
        void operator()(T* it) const { release(it); }
    };
    const SmtpServer& server_;
    const Email* email_;
    const std::function<bool()>& broken_off_;
    Talk talk_{};
    std::array<char, CURL_ERROR_SIZE> trouble_{};
    std::string detail_{}; // of what went wrong, in libcurl's words
    std::unique_ptr<curl_slist, Release<curl_slist, curl_slist_free_all>> head_{};
    std::unique_ptr<curl_slist, Release<curl_slist, curl_slist_free_all>> to_{};
    std::unique_ptr<CURL, Release<CURL, curl_easy_cleanup>> easy_{curl_easy_init()};
    std::unique_ptr<curl_mime, Release<curl_mime, curl_mime_free>> mime_{}; // goes before the handle
};

Attempt::Attempt(const SmtpServer& server, const Email* email, const std::function<bool()>& broken_off)
    : server_{server}
    , email_{email}
    , broken_off_{broken_off}
{
    if (!easy_)
        throw std::runtime_error{"libcurl does not start"};
    const bool at_once = server.tls == SmtpServer::Tls::at_once;
    const auto host = server.host.find(':') == server.host.npos ? server.host : "[" + server.host + "]";
    set(CURLOPT_URL,
        ((at_once ? "smtps://" : "smtp://") + host + ":" + std::to_string(server.port) + "/" + server.our_name).c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.connect_within.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(server.send_within.count()));
    // A connection of its own for each mail: what a firewall forgot meanwhile costs a page its time.
    set(CURLOPT_FORBID_REUSE, 1L);

    set(CURLOPT_USE_SSL, static_cast<long>(server.tls == SmtpServer::Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!server.authorities.empty()) {
        set(CURLOPT_CAINFO, server.authorities.c_str());
        set(CURLOPT_CAPATH, nullptr);
    }
    if (!server.user.empty()) {
        set(CURLOPT_USERNAME, server.user.c_str());
        set(CURLOPT_PASSWORD, server.password.c_str());
        // Without this, a user with a domain is logged in by Kerberos where a server offers it.
        set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    }

    // Verbose is what calls `heard`; nothing is printed.
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, &Attempt::heard);
    set(CURLOPT_DEBUGDATA, static_cast<void*>(this));
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Attempt::go_on);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, trouble_.data());

    if (!email) {
        set(CURLOPT_CUSTOMREQUEST, "NOOP");
        set(CURLOPT_NOBODY, 1L);
        return;
    }
    const auto add = [](auto& list, const std::string& text) { list.reset(curl_slist_append(list.release(), text.c_str())); };
    for (const auto& line : head(*email, server.from))
        add(head_, line);
    add(head_, "Content-Type: multipart/alternative");
    add(to_, "<" + email->to + ">");
    set(CURLOPT_MAIL_FROM, ("<" + server.from.address + ">").c_str());
    set(CURLOPT_MAIL_RCPT, to_.get());
    set(CURLOPT_HTTPHEADER, head_.get());
    mime_.reset(curl_mime_init(easy_.get()));
    part(mime_.get(), "text/plain; charset=utf-8", email->text);
    part(mime_.get(), "text/html; charset=utf-8", email->html);
    set(CURLOPT_MIMEPOST, mime_.get());
}

void Attempt::part(curl_mime* mime, const std::string& type, const std::string& content)
{
    std::string lines;
    for (const char c : clean(content))
        lines += c == '\n' ? "\r\n" : std::string(1, c);
    auto* const part = curl_mime_addpart(mime);
    curl_mime_data(part, lines.data(), lines.size());
    curl_mime_type(part, type.c_str());
    curl_mime_encoder(part, "quoted-printable");
}

int Attempt::heard(CURL*, curl_infotype type, char* words, std::size_t size, void* self)
{
    auto& talk = static_cast<Attempt*>(self)->talk_;
    std::string_view text{words, size};
    if (type == CURLINFO_HEADER_OUT)
        talk.said(text);
    if (type == CURLINFO_HEADER_IN)
        for (; !text.empty();
             text.remove_prefix(std::min(text.size(), text.find('\n') == text.npos ? text.size() : text.find('\n') + 1)))
            talk.heard(text.substr(0, text.find('\n')));
    return 0;
}

/// Asked about once a second, and oftener. Anything but 0 ends it.
int Attempt::go_on(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    const auto& me = *static_cast<Attempt*>(self);
    // A server that does not answer QUIT is waited for by curl for two minutes.
    const bool lingers = me.talk_.left_at && std::chrono::steady_clock::now() - *me.talk_.left_at > longest_goodbye;
    return lingers || me.broken_off_() ? 1 : 0;
}

std::string Attempt::without_password(std::string words) const
{
    const auto& user = server_.user;
    const auto& password = server_.password;
    const std::string nothing(1, '\0');
    for (const auto& secret : {password, base64(password), base64(nothing + user + nothing + password)})
        for (auto at = words.find(secret); !password.empty() && at != words.npos; at = words.find(secret, at + 3))
            words.replace(at, secret.size(), "***");
    return words;
}

Outcome Attempt::run()
{
    const auto result = curl_easy_perform(easy_.get());
    detail_ = trouble_.front() != '\0' ? trouble_.data() : curl_easy_strerror(result);
    auto outcome = judge(result);
    outcome.why = without_password(one_line(outcome.why, 400));
    return outcome;
}

Outcome Attempt::judge(CURLcode result) const
{
    const bool well = talk_.answered && talk_.code >= 200 && talk_.code < 300;
    const bool logged_in = server_.user.empty() || talk_.login;
    if (well && (email_ || logged_in))
        return {};
    if (talk_.asked_for_mail && !talk_.answered)
        return unknown("the connection to " + there() + " ended before it said whether it took the mail");
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST: return later("the host " + server_.host + " is not known to DNS");
    case CURLE_COULDNT_CONNECT: return later("no connection to " + there() + ": " + detail_);
    case CURLE_OPERATION_TIMEDOUT:
        return later(there() + " did not answer in time to " + (talk_.command.empty() ? "the connection" : talk_.command));
    case CURLE_ABORTED_BY_CALLBACK: return later("broken off before anything was sent");
    case CURLE_USE_SSL_FAILED:
        return mend(there()
            + " offers no encryption (STARTTLS), so neither the password nor a mail was sent. Write smtps:// with the port for "
              "TLS "
              "(465), or find out who is between us");
    case CURLE_PEER_FAILED_VERIFICATION: return mend("the certificate of " + there() + " is not to be trusted: " + detail_);
    case CURLE_SSL_CACERT_BADFILE: return mend("the trusted roots cannot be read (package ca-certificates): " + detail_);
    case CURLE_SSL_CONNECT_ERROR: return later("no encrypted connection to " + there() + ": " + detail_);
    default: break;
    }
    if (!logged_in && (well || result == CURLE_LOGIN_DENIED))
        return mend(there()
            + " offers no login by PLAIN or LOGIN. Take user and password out of SMTP_URL, or name its port for sending mail "
              "(587 or "
              "465)");
    if (talk_.code < 400)
        return later("no mail by " + there() + ": " + detail_);
    if (talk_.code < 500)
        return later(there() + " says, for now: " + reply());
    if (result == CURLE_LOGIN_DENIED)
        return mend(there() + " does not accept user and password: " + reply());
    if (talk_.command == "MAIL")
        return refused(there() + " does not take mail from " + server_.from.address + " (SMTP_FROM): " + reply(), true);
    if (talk_.command == "RCPT")
        return refused(there() + " does not take mail for " + email_->to + ": " + reply(), false);
    if (talk_.command == "DATA")
        return refused(there() + " does not take the mail: " + reply(), false);
    return mend(there() + " does not let us in: " + reply());
}

} // namespace

Outcome attempt(const SmtpServer& server, const Email* email, const std::function<bool()>& broken_off)
{
    return Attempt{server, email, broken_off}.run();
}

} // namespace notify
