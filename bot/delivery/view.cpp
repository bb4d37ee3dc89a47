#include "delivery/view.hpp"

#include "oncall/contact.hpp"
#include "oncall/escalation.hpp"
#include "storage/levels.hpp"
#include "storage/runs.hpp"

#include <algorithm>

namespace delivery {

using namespace oncall;

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
    view.page = storage::Pages{tx}.latest(alert.id);
    if (view.page) {
        const auto last = last_step(*view.page);
        for (const auto& one : storage::Notifications{tx}.of_page(view.page->id)) {
            const bool counts = one.state != NotificationState::cancelled && one.state != NotificationState::declined;
            if (last && one.at == *last && one.method != "fallback" && counts)
                add(view.paged, one.method == name(ContactKind::webhook) ? "a webhook" : known(one.person));
        }
        // Who is about to be told, with others.
        for (const auto& run : storage::Runs{tx}.open_of(view.page->id))
            if (last && run.at == *last && is_held(run))
                add(view.paged, known(run.person));
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

} // namespace delivery
