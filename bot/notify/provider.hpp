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
};

/// In the order in which they are tried.
using Providers = std::map<oncall::ContactKind, std::vector<Provider*>>;

} // namespace notify
