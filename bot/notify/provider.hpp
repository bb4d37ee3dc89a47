#pragma once

#include "net/network.hpp"
#include "notify/email.hpp"
#include "oncall/contact.hpp"

#include <map>

namespace notify {

/// What a button or a link of a page does: the answer link's verb ("acknowledge", "resolve", "escalate", "decline") and its URL.
struct PageAction {
    std::string verb{};
    std::string label{};
    std::string url{}; // https://…/a/{token}; GET shows, POST acts
};

/// One of several alerts that a message tells of.
struct PageAlert {
    std::int64_t alert{};
    std::string line{}; // "#4 critical · checkout: Checkout is down"
};

/// A page as the ways out beside mail tell it; each takes what it can carry. Foreign text in it is cleaned by whoever sends it.
struct PageMessage {
    std::string id{}; // of the notification's attempt: a repeat of one whose outcome is unknown carries the same
    std::int64_t alert{}; // the number people use
    std::string title{}; // one line: "[#1 critical] checkout: Checkout is down"
    std::string text{}; // the whole story, several lines
    std::string spoken{}; // what a voice says, without numbers and marks that cannot be heard
    std::string code{}; // short, to answer an SMS by; empty: none
    bool urgent{};
    std::string method{}; // the contact method it goes to, as "webhook:12"
    bool test{}; // somebody tries her own method: there is nothing to answer
    bool drill{}; // it is answered as any page is
    std::vector<PageAction> actions{}; // none without ONCALL_PUBLIC_URL
    std::vector<PageAlert> several{}; // of a bundle: all that it tells of, `alert` the first; empty: it is about one
    std::size_t pages{}; // how many pages those stand for
    std::string topic{}; // what a newer message of takes the place of an older one that waits; empty: the alert
};

/// What a provider lists of what it took.
struct Listed {
    std::vector<std::string> references{}; // newest first
    std::string trouble{}; // it does not say for now; empty: it has said
};

/// A way out. Ends within 30 s. Knows one provider's protocol and nothing else; which comes next when it fails is delivery's.
class Provider {
public:
    virtual ~Provider() = default;
    /// "Twilio", "ntfy" …: for the timeline.
    virtual std::string name() const = 0;
    virtual asio::awaitable<Outcome> send(PageMessage message, std::string address) = 0;
    /// What became of what it took, by the `reference` of its outcome: `confirmed`, `refused`, or `accepted` when it is not known
    /// yet. Only for those that report later.
    virtual asio::awaitable<Outcome> look(std::string reference);
    /// What it took of this for that address since then. Asked before something is sent again whose fate is unknown. One that
    /// keeps no list, or will not show it, lists nothing: twice is better than never.
    virtual asio::awaitable<Listed> taken(PageMessage message, std::string address, TimePoint since);
    /// What it took goes on calling for attention, and is to stop: somebody has answered. `confirmed` when it has, also when
    /// there was nothing to stop.
    virtual asio::awaitable<Outcome> hush(std::string reference);
};

/// In the order in which they are tried.
using Providers = std::map<oncall::ContactKind, std::vector<Provider*>>;

} // namespace notify
