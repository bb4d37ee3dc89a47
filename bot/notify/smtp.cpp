#include "doors/wake.hpp"
#include "doors/worker.hpp"
#include "notify/smtp_attempt.hpp"
#include "notify/text.hpp"

#include <boost/asio/post.hpp>
#include <curl/curl.h>

#include <array>
#include <atomic>
#include <deque>

namespace notify {

namespace {

/// One mail, or none, and what became of it. The thread reads the mail and `abandoned`; the rest is the loop's.
struct Job {
    std::optional<Email> email{};
    Outcome outcome{};
    bool over{};
    std::atomic<bool> abandoned{};
    doors::Wake bell;
    explicit Job(asio::any_io_executor loop)
        : bell{std::move(loop)}
    {
    }
};

class Smtp final : public Mailer {
public:
    Smtp(SmtpServer server, asio::any_io_executor loop)
        : state_{std::make_shared<State>(std::move(server), std::move(loop))}
    {
    }
    ~Smtp() override
    {
        state_->ending = true;
        state_->waiting.clear();
        for (auto& lane : state_->lanes)
            lane.thread->join();
    }

    std::string name() const override { return state_->server.host; }
    asio::awaitable<Outcome> send(Email email) override { return perform(state_, std::move(email)); }
    asio::awaitable<Outcome> verify() override { return perform(state_, std::nullopt); }

private:
    struct Lane {
        std::unique_ptr<doors::Worker> thread{doors::system_thread()};
        bool busy{};
    };
    /// The queue and the lanes are the loop's; what the threads read does not change, but for `ending`.
    struct State {
        SmtpServer server;
        asio::any_io_executor loop;
        std::atomic<bool> ending{};
        std::deque<std::shared_ptr<Job>> waiting{};
        std::array<Lane, 2> lanes{};
        State(SmtpServer s, asio::any_io_executor l)
            : server{std::move(s)}
            , loop{std::move(l)}
        {
        }
    };

    static asio::awaitable<Outcome> perform(std::shared_ptr<State> state, std::optional<Email> email)
    {
        struct Leave {
            Job& job;
            ~Leave() { job.abandoned = !job.over; }
        };
        if (email && !is_address(email->to))
            co_return Outcome{Outcome::refused, one_line(email->to, 100) + " is no e-mail address", false};
        const auto job = std::make_shared<Job>(state->loop);
        const Leave leave{*job};
        job->email = std::move(email);
        state->waiting.push_back(job);
        next(state);
        state.reset();
        co_await job->bell.sleep();
        co_return std::move(job->outcome);
    }

    static void next(const std::shared_ptr<State>& state)
    {
        auto& waiting = state->waiting;
        for (auto& lane : state->lanes) {
            while (!waiting.empty() && waiting.front()->abandoned)
                waiting.pop_front();
            if (lane.busy || waiting.empty())
                continue;
            lane.busy = true;
            // The job goes back to the loop: its bell must not be destroyed on the thread. The end joins it, so `shared` stays.
            lane.thread->post([job = std::move(waiting.front()), &lane, &shared = *state, weak = std::weak_ptr{state}]() mutable {
                auto outcome = attempt(shared, *job);
                const auto loop = shared.loop;
                asio::post(loop, [job = std::move(job), &lane, weak, outcome = std::move(outcome)]() mutable {
                    job->outcome = std::move(outcome);
                    job->over = true;
                    job->bell.ring();
                    if (const auto alive = weak.lock(); alive && !alive->ending) {
                        lane.busy = false;
                        next(alive);
                    }
                });
            });
            waiting.pop_front();
        }
    }

    static Outcome attempt(const State& state, const Job& job)
    {
        const auto broken_off = [&] { return state.ending || job.abandoned; };
        try {
            return notify::attempt(state.server, job.email ? &*job.email : nullptr, broken_off);
        } catch (const std::exception& error) {
            return {Outcome::later, error.what(), false};
        }
    }

    std::shared_ptr<State> state_;
};

} // namespace

std::unique_ptr<Mailer> smtp(SmtpServer server, asio::any_io_executor loop)
{
    static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!started)
        throw std::runtime_error{"libcurl does not start"};
    return std::make_unique<Smtp>(std::move(server), std::move(loop));
}

} // namespace notify
