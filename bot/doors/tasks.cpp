#include "doors/tasks.hpp"

#include "doors/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <list>

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
    std::list<Task> tasks{};
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
    state_->tasks.emplace_back(std::move(name));
    const auto task = std::prev(state_->tasks.end());
    auto ended = [state = state_, task](std::exception_ptr error) {
        const auto title = std::move(task->name);
        state->tasks.erase(task);
        if (!error || !state->log)
            return;
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& problem) {
            if (!is_cancellation(problem))
                state->log->error("a task ended with an error", {{"task", title}, {"error", problem.what()}});
        }
    };
    asio::co_spawn(state_->loop, State::begin(state_, *task, std::move(work)),
        asio::bind_cancellation_slot(task->cancel.slot(), std::move(ended)));
}

void Tasks::stop()
{
    state_->stopped = true;
    // A cancelled task may end at once and leave the list, so walk a copy of the places.
    // One that has not begun must not be cancelled: Boost 1.83 ends the process then.
    std::vector<State::Task*> running;
    for (auto& task : state_->tasks)
        if (task.begun)
            running.push_back(&task);
    for (auto* task : running)
        task->cancel.emit(asio::cancellation_type::terminal);
}

std::size_t Tasks::running() const { return state_->tasks.size(); }

asio::any_io_executor Tasks::loop() const { return state_->loop; }

} // namespace doors
