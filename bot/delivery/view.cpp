#include "delivery/view.hpp"

#include "oncall/acknowledgements.hpp"
#include "oncall/contact.hpp"
#include "oncall/escalation.hpp"
#include "oncall/service_directory.hpp"
#include "storage/answers.hpp"
#include "storage/arrivals.hpp"
#include "storage/change_events.hpp"
#include "storage/firings.hpp"
#include "storage/groups.hpp"
#include "storage/levels.hpp"
#include "storage/runs.hpp"
#include "storage/suggestions.hpp"

#include <algorithm>

namespace delivery {

using namespace oncall;

namespace {

constexpr milliseconds beside_looks_back{10 * 60'000};
constexpr std::size_t most_beside = 3;
constexpr int most_of_group_shown = 5;

/// The policy of its service today shows alerts of low urgency without paging anybody.
bool is_in_channel(const Configuration& configuration, const Alert& alert)
{
    if (alert.urgency != Urgency::low)
        return false;
    const auto policy = policy_in(configuration, policy_of_service(configuration, alert.service));
    return policy && policy->low_urgency_in_channel;
}

/// What it may belong to, while that is open and nobody has decided.
std::optional<blocks::AlertView::Suggestion> suggestion_for(storage::Transaction& tx, const Alert& alert)
{
    if (alert.state == AlertState::resolved || alert.parent.value != 0)
        return std::nullopt;
    const auto made = storage::Suggestions{tx}.find(alert.id);
    if (!made || made->state != storage::Suggestion::State::open)
        return std::nullopt;
    auto into = storage::Alerts{tx}.find(made->likeliest.into);
    if (!into || into->state == AlertState::resolved || into->parent.value != 0)
        return std::nullopt;
    return blocks::AlertView::Suggestion{std::move(*into), made->likeliest.because};
}

} // namespace

blocks::AlertView view_of(storage::Transaction& tx, const Configuration& configuration, Alert alert)
{
    blocks::AlertView view;
    const storage::People people{tx};
    const auto known = [&](const std::string& reference) {
        const auto person = people.find(reference);
        if (!person)
            return reference;
        const auto& id = person->user_id.empty() ? reference : person->user_id;
        view.names[id] = person->name.empty() ? reference : person->name;
        return id;
    };
    const auto add = [](std::vector<std::string>& list, std::string person) {
        if (std::find(list.begin(), list.end(), person) == list.end())
            list.push_back(std::move(person));
    };
    const auto acknowledged = storage::Acknowledgements{tx}.of_alert(alert.id);
    view.page = storage::Pages{tx}.latest(alert.id);
    const auto held_back = storage::Arrivals{tx}.find(alert.id);
    if (held_back && alert.state != AlertState::resolved && view.page && view.page->state == PageState::resolved)
        view.page.reset(); // it was stopped when that was held
    if (view.page) {
        const auto last = last_step(*view.page);
        auto all = storage::Notifications{tx}.of_page(view.page->id);
        view.needed = needed(*view.page, all, storage::Runs{tx}.of_page(view.page->id));
        view.unanswered = storage::EscalationFacts{tx}.is_unanswered(view.page->id);
        view.again = storage::PagedAgain{tx}.why(view.page->id);
        for (const auto& one : all) {
            const bool counts = one.state != NotificationState::cancelled && one.state != NotificationState::declined;
            if (last && one.at == *last && one.method != "fallback" && counts)
                add(view.paged, one.method == name(ContactKind::webhook) ? "a webhook" : known(one.person));
        }
        // Who is about to be told, with others.
        for (const auto& run : storage::Runs{tx}.open_of(view.page->id))
            if (last && run.at == *last && is_held(run))
                add(view.paged, known(run.person));
        for (auto& one : all)
            if (one.method != "fallback" && one.why != "said not me") {
                // A webhook's whole address may be a secret.
                one.person = one.method == name(ContactKind::webhook) ? "a webhook" : known(one.person);
                view.attempts.push_back(std::move(one));
            }
        if (view.page->state == PageState::paging) {
            // Schedules are resolved for when the step will run.
            const auto around = storage::surroundings(tx, alert, configuration, *view.page);
            const auto decision = decide(*view.page, around, view.page->due);
            if (const auto* next = std::get_if<Step>(&decision.then)) {
                for (const auto& one : next->now)
                    if (one.kind == Reached::Kind::person)
                        view.next.push_back(known(one.name));
                view.next_at = view.page->due;
            }
        }
    }
    if (view.page)
        for (const auto& run : storage::Runs{tx}.open_of(view.page->id))
            if (run.state == RunState::held)
                view.held.push_back({known(run.person), run.due});
    for (const auto& one : acknowledged) {
        view.acknowledged.push_back(one.person.empty() ? "its source" : known(one.person));
        // Who has it waits for the others, and is not being paged.
        if (alert.state == AlertState::triggered)
            std::erase(view.paged, view.acknowledged.back());
    }
    if (const auto still = storage::StillOnIts{tx}.find(alert.id); still && still->asked_at != TimePoint{}) {
        view.still_asked_at = still->asked_at;
        view.still_due = still->due;
    }
    if (alert.state != AlertState::resolved && !alert.drill)
        view.changes = storage::ChangeEvents{tx}.beside(alert);
    if (held_back && !view.page) {
        view.hold = held_back->hold;
        // People in it are called by name.
        for (auto at = view.hold->because.find("<@"); at != std::string::npos; at = view.hold->because.find("<@", at + 2))
            if (const auto end = view.hold->because.find('>', at); end != std::string::npos)
                known(view.hold->because.substr(at + 2, end - at - 2));
    }
    view.suggestion = suggestion_for(tx, alert);
    if (const auto back = alert.came_back > 0 ? storage::CameBacks{tx}.last(alert.id) : std::nullopt)
        view.back = blocks::AlertView::Back{back->at, back->over_for, back->flapping};
    if (alert.parent.value != 0) {
        view.parent = storage::Alerts{tx}.find(alert.parent);
        if (view.parent && !view.parent->answered_by.empty())
            known(view.parent->answered_by);
    } else if (const auto group = storage::AlertGroups{tx}.find(alert.id)) {
        const auto count = storage::AlertGroups{tx}.count(alert.id);
        view.group.open = count.open;
        view.group.over = count.over;
        view.group.over_by_source = group->over_at != TimePoint{};
        if (count.open + count.over > 0)
            view.group.some = storage::AlertGroups{tx}.some(alert.id, most_of_group_shown);
    }
    view.in_channel = !view.page && is_in_channel(configuration, alert);
    if (view.page && !view.page->asked_by.empty())
        known(view.page->asked_by);
    for (const auto& helper : storage::Pages{tx}.of_responders(alert.id)) {
        known(helper.asked_by);
        if (helper.state == PageState::paging)
            add(view.asked, known(helper.responder));
        else if (helper.state == PageState::acknowledged)
            add(view.helping, known(helper.responder));
    }
    if (!alert.answered_by.empty())
        known(alert.answered_by);
    if (const auto service = configuration.services.find(alert.service); service != configuration.services.end())
        view.runbook = service->second.runbook;
    view.alert = std::move(alert);
    return view;
}

blocks::AlertView whole_view_of(storage::Transaction& tx, const Configuration& configuration, Alert alert)
{
    auto view = view_of(tx, configuration, std::move(alert));
    // What is over folds into a line.
    if (view.alert.state == AlertState::resolved || view.alert.drill || view.alert.id.value == 0)
        return view;
    const storage::Firings firings{tx};
    if (const auto last = firings.before(view.alert); last && last->state == AlertState::resolved) {
        blocks::AlertView::Before before{last->id, last->triggered_at, last->answered_at, last->answered_by};
        before.resolved = !before.by.empty();
        // Its source ended it: whoever had it then may know why.
        const auto had = storage::Acknowledgements{tx}.of_alert(last->id);
        if (!before.resolved && !had.empty())
            before.by = had.back().person;
        if (const auto who = before.by.empty() ? std::nullopt : storage::People{tx}.find(before.by)) {
            const auto id = who->user_id.empty() ? before.by : who->user_id;
            view.names[id] = who->name.empty() ? before.by : who->name;
            before.by = id;
        }
        before.note = firings.note_of(*last);
        view.before = std::move(before);
    }
    const auto beside = firings.beside(view.alert, beside_looks_back);
    view.beside_count = beside.size();
    view.beside_more = beside.size() >= static_cast<std::size_t>(storage::Firings::most_neighbours);
    for (const auto& one : beside)
        if (view.beside.size() < most_beside)
            view.beside.push_back({one.id, one.title});
    return view;
}

} // namespace delivery
