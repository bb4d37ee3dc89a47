#include "storage/database.hpp"

#include "storage/migrations.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <sys/file.h>
#include <unistd.h>
#include <unordered_map>

namespace storage {

namespace {

constexpr std::size_t most_in_one_commit = 256;
constexpr int most_changed_in_one_commit = 4'000; // rows: a storm's pieces are large, and others wait
constexpr std::size_t most_waiting = 8192;

/// $1 → ?1: SQLite numbers $2, $1 by first appearance and would swap them silently.
std::string numbered(std::string_view sql)
{
    std::string out{sql};
    for (std::size_t i = 0; i + 1 < out.size(); ++i)
        if (out[i] == '$' && out[i + 1] >= '0' && out[i + 1] <= '9')
            out[i] = '?';
    return out;
}

/// The disk or the file, and not what was asked of them.
bool is_trouble(const SQLite::Exception& problem)
{
    constexpr int codes[]{
        SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB, SQLITE_NOMEM, SQLITE_BUSY};
    return std::find(std::begin(codes), std::end(codes), problem.getErrorCode() & 0xff) != std::end(codes);
}

class Lock {
public:
    explicit Lock(const std::string& path)
        : file_{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)}
    {
        if (file_ < 0)
            throw CannotOpen{
                "cannot create " + path + ": " + std::strerror(errno) + ". Check that the folder exists and may be written to."};
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
            ::close(file_);
            throw Locked{"another oncall-bot has this database open (" + path + " is locked). Stop it first."};
        }
    }
    ~Lock() { ::close(file_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    int file_;
};

} // namespace

/// Used by one thread at a time.
struct Transaction::Connection {
    SQLite::Database db;

    Connection(const std::string& path, int flags)
        : db{path, (count_no_memory(), flags | SQLite::OPEN_NOMUTEX), 5000}
    {
    }

    SQLite::Statement& prepare(std::string_view sql)
    {
        auto found = statements.find(sql);
        if (found == statements.end()) {
            auto statement = std::make_unique<SQLite::Statement>(db, numbered(sql));
            // The key must live as long as the entry: SQL that is not a literal is kept beside its statement.
            found = statements.emplace(texts.emplace_back(sql), std::move(statement)).first;
        }
        auto& statement = *found->second;
        statement.tryReset(); // reset() would throw again what the last use failed with
        statement.clearBindings();
        in_use.push_back(&statement);
        return statement;
    }
    /// Lets go of what the statements hold; otherwise a row half read keeps its snapshot.
    void rest()
    {
        for (auto* statement : in_use)
            statement->tryReset();
        in_use.clear();
    }

private:
    /// Counting bytes would take a lock in each of SQLite's allocations, and nobody asks. Does nothing once a database is open.
    static void count_no_memory() { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

    std::deque<std::string> texts{};
    std::unordered_map<std::string_view, std::unique_ptr<SQLite::Statement>> statements{};
    std::vector<SQLite::Statement*> in_use{};
};

SQLite::Statement& Transaction::prepare(std::string_view sql) { return connection_.prepare(sql); }
std::int64_t Transaction::last_id() const { return connection_.db.getLastInsertRowid(); }
int Transaction::changes() const { return connection_.db.getChanges(); }

struct Database::State : std::enable_shared_from_this<State> {
    struct Job {
        std::function<void(Transaction&)> work{};
        bool writes{};
        std::function<void(std::exception_ptr)> complete{};
        std::exception_ptr error{};
        std::string trouble{}; // of the disk
    };

    Doors doors;
    Lock lock;
    Transaction::Connection writer;
    std::optional<Transaction::Connection> reader{};
    std::mutex mutex{};
    std::deque<Job> waiting{};
    bool scheduled{};
    bool closed{};
    std::function<void(Touched)> listener{};
    std::function<void()> hook{};
    Commits commits{}; // under the mutex

    State(const std::string& path, Doors d)
        : doors{d}
        , lock{path + ".lock"}
        , writer{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}
    {
    }

    static std::vector<Job> take(std::deque<Job>& from, bool writes)
    {
        std::vector<Job> taken;
        std::deque<Job> left;
        for (auto& job : from)
            if (job.writes == writes && taken.size() < most_in_one_commit)
                taken.push_back(std::move(job));
            else
                left.push_back(std::move(job));
        from = std::move(left);
        return taken;
    }

    void drain()
    {
        while (true) {
            std::vector<Job> reads, writes;
            {
                const std::lock_guard guard{mutex};
                if (waiting.empty()) {
                    scheduled = false;
                    return;
                }
                reads = take(waiting, false);
                writes = take(waiting, true);
            }
            if (!reads.empty()) {
                for (auto& job : reads)
                    run_one(*reader, job);
                complete(std::move(reads), {});
            }
            if (!writes.empty())
                commit(std::move(writes));
        }
    }

    static Touched run_one(Transaction::Connection& connection, Job& job)
    {
        Transaction tx{connection};
        try {
            job.work(tx);
        } catch (const SQLite::Exception& problem) {
            job.error = std::current_exception();
            if (is_trouble(problem))
                job.trouble = problem.what();
        } catch (...) {
            job.error = std::current_exception();
        }
        connection.rest();
        return std::move(tx.touched);
    }

    /// From `first` on they have their turn later, before all who came after them.
    void put_back(std::vector<Job>& jobs, std::size_t first)
    {
        const std::lock_guard guard{mutex};
        for (auto left = jobs.size(); left > first; --left)
            waiting.push_front(std::move(jobs[left - 1]));
        jobs.resize(first);
    }

    void commit(std::vector<Job> jobs)
    {
        const auto begun = std::chrono::steady_clock::now();
        Touched touched;
        try {
            writer.prepare("BEGIN IMMEDIATE").exec();
            const auto changed = sqlite3_total_changes(writer.db.getHandle());
            for (std::size_t done = 0; done < jobs.size(); ++done) {
                if (sqlite3_total_changes(writer.db.getHandle()) - changed >= most_changed_in_one_commit) {
                    put_back(jobs, done);
                    break;
                }
                auto& job = jobs[done];
                writer.prepare("SAVEPOINT work").exec();
                const auto its = run_one(writer, job);
                if (job.error) {
                    writer.prepare("ROLLBACK TO work").exec();
                } else {
                    touched.outbox |= its.outbox;
                    touched.timers |= its.timers;
                    for (const auto& [what, number] : its.bundled)
                        touched.bundled[what] += number;
                    for (const auto& [how, times] : its.notified)
                        touched.notified[how] += times;
                }
                writer.prepare("RELEASE work").exec();
            }
            writer.prepare("COMMIT").exec();
        } catch (const std::exception& problem) {
            // Disk full, I/O error: nobody is told that anything was kept.
            doors.log.error("a commit failed", {{"error", problem.what()}});
            const auto failed = std::current_exception();
            try {
                writer.rest();
                if (sqlite3_get_autocommit(writer.db.getHandle()) == 0)
                    writer.db.exec("ROLLBACK");
            } catch (const std::exception& again) {
                doors.log.error("a rollback failed", {{"error", again.what()}});
            }
            // What made SQLite give the transaction up tells more than that it is gone.
            std::string trouble = problem.what();
            for (const auto& job : jobs)
                if (!job.trouble.empty())
                    trouble = job.trouble;
            for (auto& job : jobs) {
                if (!job.error)
                    job.error = failed;
                job.trouble = trouble;
            }
            note(jobs, {});
            complete(std::move(jobs), {});
            return;
        }
        note(jobs, std::chrono::steady_clock::now() - begun);
        if (hook)
            hook();
        complete(std::move(jobs), touched);
    }

    void note(const std::vector<Job>& jobs, std::optional<std::chrono::duration<double>> took)
    {
        const std::lock_guard guard{mutex};
        for (const auto& job : jobs) {
            ++(!job.error ? commits.transactions : job.trouble.empty() ? commits.undone : commits.failed);
            if (!job.trouble.empty())
                commits.trouble = job.trouble;
        }
        if (!took)
            return;
        const auto& bounds = Commits::seconds;
        ++commits.took[static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), took->count()) - bounds.begin())];
        commits.total_seconds += took->count();
    }

    void complete(std::vector<Job> jobs, Touched touched)
    {
        asio::post(
            doors.loop, [self = shared_from_this(), finished = std::make_shared<std::vector<Job>>(std::move(jobs)), touched] {
                if ((touched.outbox || touched.timers || !touched.notified.empty() || !touched.bundled.empty()) && self->listener
                    && !self->closed)
                    self->listener(touched);
                for (auto& job : *finished) {
                    const auto resume = std::move(job.complete);
                    resume(job.error);
                }
            });
    }
};

namespace {

void set_up(SQLite::Database& db, const std::string& path)
{
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    db.exec("PRAGMA foreign_keys = ON");
    db.exec("PRAGMA temp_store = MEMORY"); // savepoints would write a file of their own otherwise
    db.exec("PRAGMA mmap_size = 0");
    db.exec("PRAGMA trusted_schema = OFF");
    // Read back: some builds and file systems quietly choose otherwise, and then a commit may not be on disk.
    if (db.execAndGet("PRAGMA journal_mode").getString() != "wal" || db.execAndGet("PRAGMA synchronous").getInt() != 2)
        throw CannotOpen{"SQLite refuses WAL with synchronous=FULL for " + path + ". Put the file on a local disk."};
}

void migrate(SQLite::Database& db, const std::string& path)
{
    db.exec("CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
    const auto have = db.execAndGet("SELECT COALESCE(MAX(number), 0) FROM schema_version").getInt();
    const auto known = static_cast<int>(migrations().size());
    if (have > known)
        throw CannotOpen{path + " was written by a newer oncall-bot (schema " + std::to_string(have) + ", this one knows "
            + std::to_string(known) + "). Install the newer one again."};
    // All or none: who has to go back to the older version finds its database as it was.
    SQLite::Transaction whole{db};
    SQLite::Statement note{db, "INSERT INTO schema_version (number, name) VALUES (?1, ?2)"};
    for (int number = have + 1; number <= known; ++number) {
        const auto& migration = migrations()[static_cast<std::size_t>(number - 1)];
        db.exec(std::string{migration.sql});
        note.bind(1, number);
        note.bind(2, std::string{migration.name});
        note.exec();
        note.reset();
    }
    whole.commit();
}

} // namespace

Database::Database(std::string path, Doors doors)
try : state_{std::make_shared<State>(path, doors)} {
    auto& db = state_->writer.db;
    set_up(db, path);
    if (const auto verdict = db.execAndGet("PRAGMA quick_check(1)").getString(); verdict != "ok")
        throw CannotOpen{path + " is damaged (" + verdict + "). Restore a backup."};
    migrate(db, path);
    state_->reader.emplace(path, SQLite::OPEN_READONLY);
    state_->reader->db.exec("PRAGMA query_only = 1");
    state_->reader->db.exec("PRAGMA wal_autocheckpoint = 0");
} catch (const SQLite::Exception& problem) {
    throw CannotOpen{"cannot open " + path + ": " + problem.what()};
}

Database::~Database()
{
    state_->closed = true;
    state_->listener = {};
    state_->doors.worker.join();
    // What was never begun holds its coroutine, which holds this state.
    std::deque<State::Job> dropped;
    {
        const std::lock_guard guard{state_->mutex};
        dropped.swap(state_->waiting);
    }
}

void Database::on_commit(std::function<void(Touched)> listener) { state_->listener = std::move(listener); }
void Database::after_each_commit(std::function<void()> hook) { state_->hook = std::move(hook); }

Commits Database::commits() const
{
    const std::lock_guard guard{state_->mutex};
    return state_->commits;
}

asio::awaitable<void> Database::submit(std::function<void(Transaction&)> work, bool writes)
{
    const auto state = state_;
    auto initiate = [state, &work, writes](auto handler) {
        auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        State::Job job;
        job.work = std::move(work);
        job.writes = writes;
        job.complete = [resume](std::exception_ptr error) { (*resume)(error); };
        bool full{}, post{};
        {
            const std::lock_guard guard{state->mutex};
            full = state->waiting.size() >= most_waiting;
            if (!full) {
                state->waiting.push_back(std::move(job));
                post = !state->scheduled;
                state->scheduled = true;
            }
        }
        if (full) {
            const auto error = std::make_exception_ptr(Busy{"the database has too much to do"});
            asio::post(state->doors.loop, [job = std::make_shared<State::Job>(std::move(job)), error] { job->complete(error); });
        } else if (post) {
            state->doors.worker.post([state] { state->drain(); });
        }
    };
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiate, token);
}

} // namespace storage
