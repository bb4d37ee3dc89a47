#include "handlers/sources/reading.hpp"
#include "oncall/calendar.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

struct GithubHook {
    const Json& body;
    const oncall::Source& source;
    std::string repository{}; // owner/name
    std::string name{};
    std::string web{}; // its address
};

/// The default branch, or those that the source names; "release/*" is all that begin so.
bool is_watched(const GithubHook& hook, const std::string& branch)
{
    if (branch.empty())
        return false;
    if (hook.source.branches.empty())
        return branch == first_said({word_at(hook.body, {"repository", "default_branch"}), branch}); // unsaid: any
    return std::any_of(hook.source.branches.begin(), hook.source.branches.end(), [&](std::string_view one) {
        return one.ends_with('*') ? branch.starts_with(one.substr(0, one.size() - 1)) : branch == one;
    });
}

/// "failed", "passed"; empty: it says neither, as when somebody has cancelled it.
std::string run_outcome(const std::string& conclusion)
{
    if (conclusion == "failure")
        return "failed";
    if (conclusion == "timed_out")
        return "timed out";
    if (conclusion == "startup_failure")
        return "could not start";
    return conclusion == "success" ? "passed" : "";
}

void put_commit(Report& report, const GithubHook& hook, const Json& run)
{
    const auto sha = word_at(run, {"head_sha"});
    const auto said = first_line_in(word_at(run, {"head_commit", "message"})),
               who = word_at(run, {"head_commit", "author", "name"});
    if (!said.empty())
        put_paragraph(report.description, said + (who.empty() ? "" : " (" + who + ")"));
    put_label(report.labels, "head_sha", sha);
    put_link(report.links, sha.empty() || hook.web.empty() ? "" : hook.web + "/commit/" + sha, "Commit");
}

/// What failed or passed on a branch: `what` names it in words and `key` within its repository and branch.
Read on_branch(const GithubHook& hook, const Json& run, const std::string& branch, const std::string& what,
    const std::string& key, const std::string& href)
{
    if (word_at(hook.body, {"action"}) != "completed")
        return noted("not completed yet");
    const auto conclusion = word_at(run, {"conclusion"}), ended = run_outcome(conclusion);
    if (ended.empty())
        return noted("completed, and neither failed nor passed: " + clipped(conclusion, 50));
    if (!is_watched(hook, branch))
        return noted("of a branch that is not watched: " + clipped(branch, 255));

    Report report;
    report.signal = ended == "passed" ? Report::Signal::clear : Report::Signal::fire;
    // No branch and no repository has a colon in its name.
    report.dedup_key = key_of(hook.repository + ":" + branch + ":" + key);
    report.title = clipped(what + " " + ended + " on " + branch + " of " + hook.repository, most_title);
    report.severity = ended == "passed" ? "" : conclusion;
    report.service = clipped(hook.name, 255);
    put_label(report.labels, "repository", hook.repository);
    put_label(report.labels, "head_branch", branch);
    put_label(report.labels, "conclusion", conclusion);
    put_link(report.links, href, "GitHub");
    put_commit(report, hook, run);
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

Read workflow_run(const GithubHook& hook)
{
    const auto& run = at(hook.body, {"workflow_run"});
    // A fork's branch may have any name, and what fails there is not ours.
    const auto head = word_at(run, {"head_repository", "full_name"}), event = word_at(run, {"event"});
    if ((!head.empty() && head != hook.repository) || event.starts_with("pull_request"))
        return noted("of a pull request or a fork");
    const auto name = first_said({word_at(run, {"name"}), word_at(hook.body, {"workflow", "name"}), "A workflow"});
    auto read = on_branch(hook, run, word_at(run, {"head_branch"}), name,
        "workflow_run:" + first_said({word_at(run, {"workflow_id"}), name}), word_at(run, {"html_url"}));
    for (auto& report : read.reports) {
        put_label(report.labels, "workflow", name);
        put_label(report.labels, "run_number", word_at(run, {"run_number"})); // of this workflow
        report.counted_by = "run_number";
        put_label(report.labels, "event", event);
        put_label(report.labels, "actor", word_at(run, {"actor", "login"}));
    }
    return read;
}

/// A suite or run of GitHub Actions, which names no workflow: the success of one would end the failure of another.
bool is_of_actions(const Json& check)
{
    return word_at(check, {"app", "slug"}) == "github-actions" || word_at(check, {"app", "id"}) == "15368";
}
constexpr auto told_by_workflow_run = "a check of GitHub Actions, whose failures workflow_run tells: choose \"Workflow runs\"";

Read check_suite(const GithubHook& hook)
{
    const auto& suite = at(hook.body, {"check_suite"});
    if (is_of_actions(suite))
        return noted(told_by_workflow_run);
    const auto app = word_at(suite, {"app", "name"});
    auto read = on_branch(hook, suite, word_at(suite, {"head_branch"}), app.empty() ? "Checks" : "The checks of " + app,
        "check_suite:" + first_said({word_at(suite, {"app", "id"}), app}), "");
    for (auto& report : read.reports)
        put_label(report.labels, "app", app);
    return read;
}

Read check_run(const GithubHook& hook)
{
    const auto& run = at(hook.body, {"check_run"});
    if (is_of_actions(run))
        return noted(told_by_workflow_run);
    const auto name = first_said({word_at(run, {"name"}), "A check"}), app = word_at(run, {"app", "name"});
    auto read = on_branch(hook, run, word_at(run, {"check_suite", "head_branch"}), name,
        "check_run:" + first_said({word_at(run, {"app", "id"}), app}) + ":" + name, // two apps may call theirs "lint"
        first_said({word_at(run, {"html_url"}), word_at(run, {"details_url"})}));
    for (auto& report : read.reports) {
        put_paragraph(report.description, word_at(run, {"output", "title"}));
        put_paragraph(report.description, word_at(run, {"output", "summary"}));
        put_label(report.labels, "check_run", name);
        put_label(report.labels, "app", app);
    }
    return read;
}

TimePoint github_time(const Json& json, std::initializer_list<std::string_view> keys)
{
    const auto& value = at(json, keys);
    if (value.is_number_integer()) // of a push: seconds
        return TimePoint{std::chrono::seconds{std::clamp<std::int64_t>(value.get<std::int64_t>(), 0, 253'402'300'799)}};
    return oncall::instant_in(word_at(json, keys), "UTC").value_or(TimePoint{});
}

oncall::ChangeEvent change_of(const GithubHook& hook, const std::string& key, const std::string& title)
{
    oncall::ChangeEvent change;
    change.dedup_key = key_of(hook.repository + ":" + key);
    change.title = clipped(title, most_title);
    change.service = clipped(hook.name, 255);
    put_label(change.labels, "repository", hook.repository);
    return change;
}

/// What is deployed there: several things may be, and the success of one ends no failure of another. Each part may be missing.
std::string deployed_by(const Json& body)
{
    const auto workflow = first_said({word_at(body, {"workflow", "id"}), word_at(body, {"workflow_run", "workflow_id"})});
    std::string key;
    for (const auto& part : {word_at(body, {"deployment", "task"}), workflow, word_at(body, {"check_run", "name"})})
        key += part.empty() ? "" : ":" + part;
    return key;
}

/// Of a deployment that people care for: of a watched branch, or to production, whatever was deployed.
Read deployment_status(const GithubHook& hook)
{
    const auto& status = at(hook.body, {"deployment_status"});
    const auto& deployment = at(hook.body, {"deployment"});
    const auto state = word_at(status, {"state"}), ref = word_at(deployment, {"ref"}), sha = word_at(deployment, {"sha"});
    if (state != "success" && state != "failure" && state != "error")
        return noted("the deployment is " + clipped(state, 50));
    if (!is_watched(hook, ref) && word_at(deployment, {"production_environment"}) != "true")
        return noted("a deployment of what is not watched: " + clipped(ref, 255));
    const auto place =
        first_said({word_at(deployment, {"environment"}), word_at(status, {"environment"}), "no named environment"});
    const auto log = first_said({word_at(status, {"log_url"}), word_at(status, {"target_url"})});

    Report report;
    report.signal = state == "success" ? Report::Signal::clear : Report::Signal::fire;
    report.dedup_key = key_of(hook.repository + ":deployment:" + place + deployed_by(hook.body));
    report.title = clipped(
        "Deployment of " + hook.repository + " to " + place + (state == "success" ? " succeeded" : " failed"), most_title);
    report.severity = state == "success" ? "" : state;
    report.service = clipped(hook.name, 255);
    put_paragraph(report.description, first_said({word_at(status, {"description"}), word_at(deployment, {"description"})}));
    for (auto& [name, value] : std::map<std::string, std::string>{{"repository", hook.repository}, {"environment", place},
             {"ref", ref}, {"sha", sha}, {"creator", word_at(deployment, {"creator", "login"})}})
        put_label(report.labels, name, value);
    put_link(report.links, log, "Log");
    put_link(report.links, word_at(status, {"environment_url"}), "Environment");
    put_link(report.links, hook.web, "GitHub");

    Read read;
    if (state == "success") {
        auto change = change_of(hook, "deployment:" + word_at(deployment, {"id"}),
            "Deployed " + ref + (sha.empty() || sha == ref ? "" : " (" + sha.substr(0, 7) + ")") + " of " + hook.repository
                + " to " + place);
        change.at = github_time(status, {"created_at"});
        change.labels = report.labels;
        change.links = report.links;
        read.changes.push_back(std::move(change));
    }
    read.reports.push_back(std::move(report));
    return read;
}

Read github_push(const GithubHook& hook)
{
    constexpr std::string_view heads = "refs/heads/";
    const auto ref = word_at(hook.body, {"ref"}), after = word_at(hook.body, {"after"});
    const auto branch = ref.starts_with(heads) ? ref.substr(heads.size()) : std::string{};
    if (word_at(hook.body, {"deleted"}) == "true")
        return noted("a branch or tag was deleted");
    if (branch.empty() || (branch != word_at(hook.body, {"repository", "default_branch"}) && !is_watched(hook, branch)))
        return noted("a push to what is not watched: " + clipped(ref, 255));
    const auto said = first_line_in(word_at(hook.body, {"head_commit", "message"}));
    auto change = change_of(hook, "push:" + branch + ":" + after,
        "Pushed to " + branch + " of " + hook.repository + (said.empty() ? "" : ": " + said));
    change.at = github_time(hook.body, {"repository", "pushed_at"});
    put_label(change.labels, "ref", ref);
    put_label(change.labels, "after", after);
    put_label(change.labels, "pusher", word_at(hook.body, {"pusher", "name"}));
    put_link(change.links, word_at(hook.body, {"compare"}), "Changes");
    Read read;
    read.changes.push_back(std::move(change));
    return read;
}

Read github_release(const GithubHook& hook)
{
    const auto& what = at(hook.body, {"release"});
    if (word_at(hook.body, {"action"}) != "published")
        return noted("a release that is not published by this");
    const auto tag = word_at(what, {"tag_name"}), name = word_at(what, {"name"});
    auto change = change_of(hook, "release:" + word_at(what, {"id"}),
        "Released " + tag + " of " + hook.repository + (name.empty() || name == tag ? "" : ": " + name));
    change.at = github_time(what, {"published_at"});
    put_label(change.labels, "tag_name", tag);
    put_label(change.labels, "target_commitish", word_at(what, {"target_commitish"}));
    put_label(change.labels, "author", word_at(what, {"author", "login"}));
    put_link(change.links, word_at(what, {"html_url"}), "Release");
    Read read;
    read.changes.push_back(std::move(change));
    return read;
}

struct GithubEvent {
    std::string_view name{};
    Read (*read)(const GithubHook& hook){};
    std::string_view field{}; // by which a payload from a file tells
};

// A deployment of a workflow holds its run and its check as well, and so comes first.
constexpr GithubEvent github_events[] = {
    {"deployment_status", &deployment_status, "deployment_status"},
    {"workflow_run", &workflow_run, "workflow_run"},
    {"check_suite", &check_suite, "check_suite"},
    {"check_run", &check_run, "check_run"},
    {"push", &github_push, "pusher"},
    {"release", &github_release, "release"},
};

} // namespace

Read github(const Sent& sent, const oncall::Source& source)
{
    const auto body = object_in(sent, "payload");
    const auto event = oncall::lower(net::header(sent.headers, "X-GitHub-Event"));
    if (event == "ping" || (event.empty() && body.contains("zen")))
        return noted("GitHub's ping: the webhook is set up");
    const auto found = std::find_if(std::begin(github_events), std::end(github_events),
        [&](const GithubEvent& one) { return event.empty() ? body.contains(std::string{one.field}) : one.name == event; });
    if (found == std::end(github_events) && event.empty())
        throw BadPayload{"the header X-GitHub-Event is missing: this is not as GitHub sends it"};
    if (found == std::end(github_events))
        return noted("GitHub's " + clipped(event, 50)
            + " becomes no alert: choose workflow_run, check_suite, check_run, "
              "deployment_status, push or release");
    const auto repository = word_at(body, {"repository", "full_name"});
    if (repository.empty())
        throw BadPayload{"repository.full_name is missing: make the webhook in the repository or in its organization"};
    const GithubHook hook{body, source, repository, first_said({word_at(body, {"repository", "name"}), repository}),
        word_at(body, {"repository", "html_url"})};
    return found->read(hook);
}

} // namespace handlers::sources
