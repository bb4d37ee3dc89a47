#pragma once

#include "storage/database.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstdlib>
#include <filesystem>

/// A real database in a folder of its own, for tests of what is stored.
namespace stored {

namespace asio = boost::asio;

inline constexpr storage::TimePoint noon{oncall::milliseconds{1'793'707'200'000}};

struct Folder {
    std::filesystem::path path{};
    Folder()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "oncall-storage-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
};

/// The database's work, done on the loop: nothing waits for a thread.
class OnLoop final : public doors::Worker {
public:
    explicit OnLoop(asio::io_context& loop)
        : loop_{loop}
    {
    }
    void post(std::function<void()> piece) override
    {
        asio::post(loop_, [alive = alive_, piece = std::move(piece)] {
            if (*alive)
                piece();
        });
    }
    void join() override { *alive_ = false; }

private:
    asio::io_context& loop_;
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

/// Puts an empty database there, with all its tables: to make them takes longer than most tests do, so it is done once.
inline void put_empty(const std::string& path)
{
    static const struct Made : Folder {
        Made()
        {
            asio::io_context loop{1};
            OnLoop worker{loop};
            const auto log = logging::silent();
            const storage::Database database{(path / "test.db").string(), {worker, loop.get_executor(), *log}};
        }
    } made;
    std::filesystem::copy_file(made.path / "test.db", path, std::filesystem::copy_options::skip_existing);
}

class Opened {
public:
    Opened() = default;
    /// The database of that folder, which lives longer.
    explicit Opened(const Folder& folder)
        : path_{(folder.path / "test.db").string()}
    {
    }
    /// Runs a transaction, or a read, to its end; what it throws comes out.
    template <class Work> auto write(Work work) { return finished(database_.transaction(std::move(work))); }
    template <class Work> auto read(Work work) { return finished(database_.read(std::move(work))); }
    /// Any coroutine that uses the database.
    template <class T> T finished(asio::awaitable<T> work)
    {
        std::exception_ptr error;
        bool over = false;
        const auto guard = asio::make_work_guard(loop_);
        loop_.restart();
        if constexpr (std::is_void_v<T>) {
            asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr failed) {
                error = failed;
                over = true;
            });
            wait(over, error);
        } else {
            std::optional<T> result;
            asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr failed, T value) {
                error = failed;
                over = true;
                if (!failed)
                    result.emplace(std::move(value));
            });
            wait(over, error);
            return std::move(*result);
        }
    }
    storage::Database& database() { return database_; }
    std::filesystem::path folder() const { return folder_.path; }
    std::string path() const { return (folder_.path / "test.db").string(); }
    asio::io_context& loop() { return loop_; }

private:
    static const std::string& with_tables(const std::string& path)
    {
        put_empty(path);
        return path;
    }
    void wait(const bool& over, const std::exception_ptr& error)
    {
        while (!over)
            loop_.run_one();
        if (error)
            std::rethrow_exception(error);
    }
    Folder folder_{};
    asio::io_context loop_{1};
    OnLoop worker_{loop_};
    std::unique_ptr<logging::Log> log_{logging::silent()};
    std::string path_{(folder_.path / "test.db").string()};
    storage::Database database_{with_tables(path_), {worker_, loop_.get_executor(), *log_}};
};

} // namespace stored
