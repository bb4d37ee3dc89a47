#include "doors/worker.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace doors {

namespace {

class SystemThread final : public Worker {
public:
    SystemThread()
        : thread_{[this] { run(); }}
    {
    }
    ~SystemThread() override { join(); }

    void post(std::function<void()> piece) override
    {
        {
            const std::lock_guard lock{mutex_};
            pieces_.push_back(std::move(piece));
        }
        more_.notify_one();
    }

    void join() override
    {
        {
            const std::lock_guard lock{mutex_};
            ending_ = true;
        }
        more_.notify_one();
        if (thread_.joinable())
            thread_.join();
    }

private:
    void run()
    {
        std::unique_lock lock{mutex_};
        while (true) {
            more_.wait(lock, [this] { return ending_ || !pieces_.empty(); });
            if (pieces_.empty())
                return;
            const auto piece = std::move(pieces_.front());
            pieces_.pop_front();
            lock.unlock();
            piece();
            lock.lock();
        }
    }

    std::mutex mutex_{};
    std::condition_variable more_{};
    std::deque<std::function<void()>> pieces_{};
    bool ending_{};
    std::thread thread_; // last: it uses the others
};

} // namespace

std::unique_ptr<Worker> system_thread() { return std::make_unique<SystemThread>(); }

} // namespace doors
