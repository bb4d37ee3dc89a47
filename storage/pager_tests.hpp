#pragma once

#include "storage/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace storage {

/// Somebody has each way to them tried: a message in their Slack lists the ways, and ticks off what arrives.
struct PagerTest {
    std::int64_t id{};
    std::string person{}; // a Slack user id
    TimePoint at{};
    std::string posted_in{}; // Slack's ids of the message; empty: it does not stand yet
    std::string ts{};
    struct Way {
        std::string method{}; // as Notification::method: "slack", "email", "sms:12"
        std::string words{}; // "SMS +49 … 12, Work"
        std::string state{"planned"}; // or "sent", "arrived", "failed"
        std::string why{}; // of one that failed, or by what it is known to have arrived
    };
    std::vector<Way> ways{};
};
/// The key of the outbox row that shows it, and of the one that tries a way.
std::string pager_key(std::int64_t test);
std::string pager_key(std::int64_t test, const std::string& method);
/// Whether that is the key of a way.
bool is_pager_key(const std::string& key);

struct PagerTests {
    Transaction& tx;

    /// Stores it; sets its id.
    void add(PagerTest& test) const;
    std::optional<PagerTest> find(std::int64_t id) const;
    void posted(std::int64_t id, const std::string& channel, const std::string& ts) const;
    /// What came of the way of that key; the message follows. What has arrived stays so, and what is known to have failed is not
    /// called sent.
    void became(const std::string& key, const std::string& state, const std::string& why, TimePoint now) const;
    void forget_before(TimePoint when) const;
};

} // namespace storage
