#include "handlers/climb.hpp"
#include "handlers/contact.hpp"
#include "handlers/handoff.hpp"
#include "handlers/reach.hpp"
#include "notify/pager_link.hpp"
#include "oncall/reach_words.hpp"
#include "storage/contact_sends.hpp"
#include "storage/pager_tests.hpp"

namespace handlers {

using namespace oncall;
using storage::PagerTest;
using storage::Transaction;

namespace {

constexpr int most_an_hour = 3; // each may be a dozen texts and calls

/// By which nothing is heard of what was sent: a link in it says that it came.
bool needs_link(ContactKind kind) { return kind == ContactKind::email || is_push(kind); }

void try_way(Transaction& tx, const Context& app, const PagerTest& test, const ContactMethod& method, const std::string& email)
{
    const auto key = storage::pager_key(test.id, method_out(method));
    std::string words = "This is a test from oncall-bot, asked for in Slack. Nothing is wrong. A page would reach you this way.";
    if (needs_link(method.kind) && app.public_address)
        // The link stands behind what a mail's subject has room for.
        words += " So that the list in Slack can tick this way off, open the link and say that it came: "
            + notify::pager_link(app.address, app.answer_secret, key, test.at);
    const storage::Outbox outbox{tx};
    if (method.id.value == 0)
        outbox.add(key, "alarm_email", storage::Priority::answer, "email:" + test.person, 0, email + "\n" + words, test.at);
    else
        outbox.add(key, "words", storage::Priority::answer, "contact:" + std::string{name(method.kind)} + ":" + test.person,
            method.id.value, words, test.at);
}

} // namespace

void test_pager(Transaction& tx, const Context& app, const Asked& asked)
{
    permit_contact(asker_of(tx, asked), asked.actor);
    const storage::ContactSends sends{tx};
    if (sends.by(asked.actor, "pager", asked.now - 1h, most_an_hour))
        throw Refusal{"Enough tests for now: at most " + std::to_string(most_an_hour) + " an hour. Try again a little later."};
    remember(tx, asked);
    const auto known = storage::People{tx}.find(asked.actor);
    PagerTest test;
    test.person = asked.actor;
    test.at = asked.now;
    std::vector<ContactMethod> ways;
    for (auto& method : contacts_of(tx, app, asked.actor)) {
        const bool is_slack = method.kind == ContactKind::slack;
        const bool is_profile = method.id.value == 0 && method.kind == ContactKind::email;
        if (!is_slack && !is_profile && !is_usable(method))
            continue;
        PagerTest::Way way;
        way.method = method_out(method);
        way.words = is_slack ? "Slack" : is_profile ? "E-mail " + (known ? known->email : "") : words_of(method, true);
        way.state = is_slack ? "arrived" : "planned";
        way.why = is_slack ? "you are reading it" : "";
        test.ways.push_back(std::move(way));
        if (!is_slack)
            ways.push_back(std::move(method));
    }
    storage::PagerTests{tx}.add(test);
    storage::Outbox{tx}.add(
        storage::pager_key(test.id), "pager_test", storage::Priority::answer, test.person, test.id, test.person, asked.now);
    for (const auto& method : ways)
        try_way(tx, app, test, method, known ? known->email : "");
    sends.add(asked.actor, "pager", asked.actor, asked.now);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "test a pager", asked.actor, "", "");
}

} // namespace handlers
