#pragma once

#include "handlers/guesses.hpp"
#include "handlers/intake.hpp"
#include "handlers/room.hpp"
#include "handlers/window.hpp"
#include "net/message.hpp"

/// What all ways in for monitoring share: whose key that is, whether it is signed, whether there is too much of it, and keeping.
namespace handlers {

/// Who sends. A proxy on this machine says for whom it speaks; were all its clients one, a stranger's guesses would shut
/// everybody out.
std::string who_sends(const net::Request& request);

/// The largest body of whoever has a key; PagerDuty's events and strangers have less room (net::ServeLimits).
inline constexpr std::size_t most_of_source = 8 << 20;

/// A key that is not in the path: `Authorization` with Bearer, GenieKey, Token or the password of Basic, else `X-Api-Key`.
/// Empty: none.
std::string key_in_headers(const std::vector<net::Header>& headers);

/// What was sent, with its body as text alone: that is read when it is known who sends, and that there is room for it.
sources::Sent as_it_came(net::Request request, std::string rest, TimePoint now);

/// What was sent, as formats read it.
struct Opened {
    sources::Sent sent{};
    std::string no_json{}; // why its body is none; empty: it is
};
Opened opened(sources::Sent sent);

class KeyDoor {
public:
    explicit KeyDoor(Context& app)
        : app_{app}
    {
    }

    /// The source with that key, unless its sender has guessed too much.
    struct Knock {
        std::shared_ptr<const oncall::Source> source{}; // nullptr: no source has that key
        bool barred{};
    };
    Knock knock(const std::string& key, const std::string& address);
    /// Whether that key is one, without counting a guess: only where a wrong one is counted soon after.
    bool is_known(const std::string& key, const std::string& address) const;
    /// What strangers send is read before their key is known; not for ever.
    bool is_barred(const std::string& address) const;

    /// Counts one more request of a source; or how long it is to wait.
    std::optional<std::chrono::seconds> admit(const oncall::Source& source);

    /// Empty: it is signed as its source must be, or need not be. Its owner is told when there is no secret to check by.
    asio::awaitable<std::string> why_unsigned(std::shared_ptr<const oncall::Source> source, const sources::Sent& sent);

    /// What became of it; `problem`: nothing was kept, it is to be sent again.
    struct Kept {
        Taken taken{};
        std::string problem{};
    };
    asio::awaitable<Kept> keep(
        std::shared_ptr<const oncall::Source> source, sources::Sent sent, sources::Read read, Also also = {});
    asio::awaitable<Kept> keep_unread(std::shared_ptr<const oncall::Source> source, sources::Sent sent, std::string why);

    /// Tells the source's owner that what it sends is refused, once an hour for each reason and five times in all: a stranger who
    /// has the key floods nobody by it. `sent` is kept as a dead letter, besides what was told twenty a minute. `always`: besides
    /// the five, for a reason whose words are ours alone.
    asio::awaitable<void> tell_refused(std::shared_ptr<const oncall::Source> source, std::string why,
        std::optional<sources::Sent> sent = std::nullopt, bool always = false);
    /// The same, after the answer.
    void tell_later(std::shared_ptr<const oncall::Source> source, std::string why);

    /// True once a minute for each subject: what strangers can cause is not logged each time.
    bool may_log(const std::string& subject);

private:
    asio::awaitable<Kept> store_unread(
        std::shared_ptr<const oncall::Source> source, std::shared_ptr<const Arrival> arrival, std::string why);

    Context& app_;
    Guesses keys_{20}; // a minute and address
    std::map<std::string, SlidingWindow> windows_{}; // by source
    std::map<std::string, SlidingWindow> refused_{}; // by source: what is kept, and told nobody
    Room room_{64 << 20}; // for what waits for the database
    std::map<std::string, TimePoint> logged_{}; // by subject
    std::map<std::string, std::map<std::string, TimePoint>> told_{}; // by source and reason
};

} // namespace handlers
