#include "doors/tasks.hpp"

#include "doors/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>

#include <map>

namespace doors {

bool is_cancellation(const std::exception& error)
{
    const auto* const system = dynamic_cast<const boost::system::system_error*>(&error);
    return system && system->code() == asio::error::operation_aborted;
}

struct Tasks::State {
    struct Task {
        std::string name;
        bool begun{};
        asio::cancellation_signal cancel{};
        explicit Task(std::string n)
            : name{std::move(n)}
        {
        }
    };
    asio::any_io_executor loop;
    logging::Log* log;
    std::map<std::uint64_t, Task> tasks{}; // by the number they were begun with
    std::uint64_t begun{};
    bool stopped{};

    static asio::awaitable<void> begin(std::shared_ptr<State> self, Task& task, asio::awaitable<void> work)
    {
        task.begun = true;
        if (!self->stopped)
            co_await std::move(work);
    }
};

Tasks::Tasks(asio::any_io_executor loop, logging::Log& log)
    : state_{std::make_shared<State>(State{.loop = std::move(loop), .log = &log})}
{
}

// What still runs loses its logger, not its memory: the loop destroys the frames.
Tasks::~Tasks() { state_->log = nullptr; }

void Tasks::spawn(std::string name, asio::awaitable<void> work)
{
    if (state_->stopped)
        return;
    const auto number = ++state_->begun;
    auto& task = state_->tasks.try_emplace(number, std::move(name)).first->second;
    auto ended = [state = state_, number](std::exception_ptr error) {
        const auto title = std::move(state->tasks.at(number).name);
        state->tasks.erase(number);
        if (!error || !state->log)
            return;
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& problem) {
            if (!is_cancellation(problem))
                state->log->error("a task ended with an error", {{"task", title}, {"error", problem.what()}});
        }
    };
    asio::co_spawn(state_->loop, State::begin(state_, task, std::move(work)),
        asio::bind_cancellation_slot(task.cancel.slot(), std::move(ended)));
}

void Tasks::stop()
{
    state_->stopped = true;
    // On the loop, where Asio passes a cancellation on at once: from elsewhere it queues it with a bare pointer to the task,
    // which may have ended by then. One that has not begun must not be cancelled: Boost 1.83 ends the process then.
    asio::dispatch(state_->loop, [state = state_] {
        std::vector<std::uint64_t> running;
        for (const auto& [number, task] : state->tasks)
            if (task.begun)
                running.push_back(number);
        for (const auto number : running)
            if (const auto task = state->tasks.find(number); task != state->tasks.end())
                task->second.cancel.emit(asio::cancellation_type::terminal);
    });
}

std::size_t Tasks::running() const { return state_->tasks.size(); }

asio::any_io_executor Tasks::loop() const { return state_->loop; }

} // namespace doors
