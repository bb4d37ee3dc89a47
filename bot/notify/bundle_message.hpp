#pragma once

#include "notify/email.hpp"
#include "notify/provider.hpp"
#include "oncall/alert.hpp"

/// Several alerts told in one message, with one acknowledge for all of them.
namespace notify {

struct BundlePage {
    std::string to{}; // an address
    std::string id{}; // of the message, as in Email: the same for a repeat
    std::string attempt{}; // of this attempt; empty: the same as `id`
    std::string thread{}; // likewise
    std::string topic{}; // of pushes: a newer one takes the place of one with the same; letters, digits and "-"
    std::string heading{}; // ours: "7 pages in one", "7 pages in one, 6 alerts"
    std::vector<oncall::Alert> alerts{}; // each once, in the order in which they are told; not empty
    std::size_t pages{}; // how many pages they stand for
    std::string time_zone{}; // the person's; may be empty
    std::string acknowledge{}; // the link that answers all; empty: there is none
    bool slack_is_down{}; // it could not be said there
};

/// "7 pages in one", "7 low urgency pages in one, 6 alerts".
std::string bundle_heading(std::size_t pages, const std::vector<oncall::Alert>& alerts);

/// Names every alert; the subject has the first of them.
Email bundle_email(const BundlePage& page, TimePoint now);
/// The same for the ways beside mail.
PageMessage bundle_message(const BundlePage& page);

} // namespace notify
