#pragma once

#include "oncall/run.hpp"
#include "storage/database.hpp"

/// What one message tells of several pages, after the quiet hours that held them.
namespace storage {

struct Digests {
    Transaction& tx;

    /// Its notifications by that method, in the order of their runs, whatever became of them.
    std::vector<oncall::Notification> of(std::int64_t digest, const std::string& method) const;
    /// Those that leave, arrive and fail with this one, itself among them; without a digest it alone.
    std::vector<oncall::Notification> together(const oncall::Notification& one) const;
    /// The digest that a notification is told in; zero: none, it has a message of its own.
    std::int64_t of(const oncall::Notification& one) const;
};

/// The key of the outbox row that says a notification.
std::string row_key(Transaction& tx, const oncall::Notification& one);

} // namespace storage
