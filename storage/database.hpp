#pragma once

#include "doors/log.hpp"
#include "doors/worker.hpp"
#include "oncall/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace SQLite {
class Statement;
}

namespace storage {

namespace asio = boost::asio;
using oncall::TimePoint;

/// Too many transactions wait: try again in a moment. Nothing was changed.
struct Busy : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The database can't be opened: another process has it, the disk is full, the file is not ours. What to do is in the text.
struct CannotOpen : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Another process has it.
struct Locked : CannotOpen {
    using CannotOpen::CannotOpen;
};

/// What a commit may have made due, and what it did that is counted.
struct Touched {
    bool outbox{};
    bool timers{};
    std::map<std::pair<std::string, std::string>, std::int64_t> notified{}; // method and outcome → notifications
    std::map<std::string, std::int64_t> bundled{}; // "bundles", and the "pages" and "alerts" in them
};

/// How the writing goes, since the file was opened.
struct Commits {
    std::uint64_t transactions{}; // kept
    std::uint64_t undone{}; // for reasons of their own: a refusal, a conflict
    std::uint64_t failed{}; // the disk or the file would not take them
    std::string trouble{}; // SQLite's words for the last of these
    static constexpr std::array<double, 10> seconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5};
    std::array<std::uint64_t, seconds.size() + 1> took{}; // commits that took at most as long, and beyond
    double total_seconds{};
};

/// One unit of work, on the database's thread. SQL is written with $1-style binds.
class Transaction {
public:
    /// A prepared statement, reset and unbound; kept for the next time. One use at a time.
    SQLite::Statement& prepare(std::string_view sql);
    std::int64_t last_id() const;
    /// Rows changed by the last statement.
    int changes() const;
    Touched touched{};

    Transaction(const Transaction&) = delete;

private:
    friend class Database;
    struct Connection;
    explicit Transaction(Connection& connection)
        : connection_{connection}
    {
    }
    Connection& connection_;
};

/// The only door to SQLite: WAL, synchronous=FULL. One connection on one thread does all writes and checkpoints; reads have a
/// read-only connection on the same thread. Transactions that wait are run in one BEGIN IMMEDIATE … COMMIT, a savepoint each, and
/// completed after the commit. The file is held by an exclusive lock on "<path>.lock" beside it.
class Database {
public:
    struct Doors {
        doors::Worker& worker;
        asio::any_io_executor loop;
        logging::Log& log;
    };
    /// Opens, locks, checks and migrates. Throws CannotOpen.
    Database(std::string path, Doors doors);
    /// Finishes what waits, and closes.
    ~Database();

    /// Runs `work(Transaction&)` and resumes when its commit is on disk, with its result; what it throws undoes its changes alone
    /// and is rethrown here. Not cancellable, so `work` may refer to the caller's locals. Throws Busy.
    template <class Work> asio::awaitable<std::invoke_result_t<Work&, Transaction&>> transaction(Work work)
    {
        return perform<Work>(std::move(work), true);
    }
    /// The same on the read-only connection: sees the last commit, waits for none.
    template <class Work> asio::awaitable<std::invoke_result_t<Work&, Transaction&>> read(Work work)
    {
        return perform<Work>(std::move(work), false);
    }

    /// Called on the loop after each commit that touched the outbox or a timer, or notified somebody.
    void on_commit(std::function<void(Touched)> listener);
    /// Called on the database's thread directly after each commit, before anybody hears of it. For tests of crashes.
    void after_each_commit(std::function<void()> hook);
    Commits commits() const;

private:
    asio::awaitable<void> submit(std::function<void(Transaction&)> work, bool writes);

    template <class Work> asio::awaitable<std::invoke_result_t<Work&, Transaction&>> perform(Work work, bool writes)
    {
        using Result = std::invoke_result_t<Work&, Transaction&>;
        if constexpr (std::is_void_v<Result>) {
            std::function<void(Transaction&)> job = [&work](Transaction& tx) { work(tx); };
            co_await submit(std::move(job), writes);
        } else {
            std::optional<Result> result;
            std::function<void(Transaction&)> job = [&work, &result](Transaction& tx) { result.emplace(work(tx)); };
            co_await submit(std::move(job), writes);
            co_return std::move(*result);
        }
    }

    struct State;
    std::shared_ptr<State> state_;
};

} // namespace storage
