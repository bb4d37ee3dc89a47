#include "oncall/run.hpp"

#include <algorithm>

namespace oncall {

std::string_view name(RunState state)
{
    switch (state) {
    case RunState::active: return "active";
    case RunState::held: return "held";
    case RunState::stopped: return "stopped";
    case RunState::completed: break;
    }
    return "completed";
}

bool is_held(const Run& run) { return run.state == RunState::active && run.next == 0 && run.bundle.value != 0; }

bool goes_on(const Run& run) { return run.state == RunState::active && run.next < static_cast<int>(run.steps.size()); }

std::variant<RunStep, Wait, Done> decide_run(const Run& run, TimePoint now)
{
    if (!goes_on(run))
        return Done{};
    if (now < run.due)
        return Wait{run.due};
    const auto& step = run.steps.at(static_cast<std::size_t>(run.next));
    return RunStep{run.next, step.methods, now + step.wait};
}

namespace {

std::string doing(ContactKind kind)
{
    switch (kind) {
    case ContactKind::slack: return "writing in Slack";
    case ContactKind::email: return "sending an e-mail";
    case ContactKind::sms: return "sending an SMS";
    case ContactKind::voice: return "calling";
    case ContactKind::web_push:
    case ContactKind::ntfy:
    case ContactKind::pushover:
    case ContactKind::gotify: return "sending a push";
    case ContactKind::webhook: break;
    }
    return "calling a webhook";
}

} // namespace

std::string next_in_words(const Run& run)
{
    if (!goes_on(run))
        return {};
    std::vector<std::string> words;
    for (const auto& method : run.steps.at(static_cast<std::size_t>(run.next)).methods)
        if (const auto known = method_in(method)) {
            auto one = doing(known->kind);
            if (std::find(words.begin(), words.end(), one) == words.end())
                words.push_back(std::move(one));
        }
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text.empty() ? text : text + " now";
}

} // namespace oncall
