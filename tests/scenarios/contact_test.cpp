#include "blocks/notification_rules.hpp"
#include "catch.hpp"
#include "handlers/confirm.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"
#include "storage/sql.hpp"

using namespace scenario;
using Fields = workspace::Fields;
using oncall::ContactKind;

namespace {

std::string text_of(const ScriptedProvider::Seen& sent)
{
    return sent.message.title + "\n" + sent.message.text + "\n" + sent.message.spoken;
}

/// The six digits in it, blanks aside.
std::string code_in(const std::string& text)
{
    const auto at = text.find("pages is ");
    std::string code;
    for (auto i = at == text.npos ? text.size() : at + 9; i < text.size() && text[i] != '.'; ++i)
        if (text[i] >= '0' && text[i] <= '9')
            code += text[i];
    return code;
}

/// A world with a carrier of texts and calls, a push service and a mail server.
struct Reachable {
    Reachable()
    {
        for (auto* provider : {&sms, &voice, &ntfy})
            provider->clock = &world.clock;
        world.providers = {{ContactKind::sms, {&sms}}, {ContactKind::voice, {&voice}}, {ContactKind::ntfy, {&ntfy}}};
        world.open_post_office();
    }
    ScriptedProvider sms{"Texts"}, voice{"Calls"}, ntfy{"ntfy"};
    World world{};

    void open(workspace::Person& person, const std::string& command = "contact")
    {
        if (person.modals() > 0)
            person.close_all();
        person.command("/oncall", command, "#payments-alerts");
        world.settle();
        INFO(world.slack().story());
        REQUIRE(person.modals() == 1);
    }
    void press(workspace::Person& person, const std::string& label, const std::string& beside = {})
    {
        const auto pressed = person.click_modal(label, beside);
        world.settle();
        CHECK(pressed.error() == "");
    }
    void choose(workspace::Person& person, const std::string& option, const std::string& beside)
    {
        const auto chosen = person.choose_modal("", option, beside);
        world.settle();
        CHECK(chosen.error() == "");
    }
    workspace::Delivery submit(workspace::Person& person, const Fields& fields = {})
    {
        person.fill(fields);
        auto sent = person.submit();
        world.settle();
        return sent;
    }
    /// Up to where the code is asked for, or what the form says against it.
    std::string add(workspace::Person& person, const std::string& kind, const std::string& address, const std::string& label = {})
    {
        open(person);
        press(person, "Add a way…");
        submit(person, {{"By what", kind}});
        Fields fields{{"address", address}, {"Label", label}};
        if (kind == "SMS" || kind == "Call")
            fields.push_back({"Consent", "I agree to what is said below"});
        submit(person, fields);
        const auto& errors = person.modal().errors;
        return errors.empty() ? "" : errors.begin()->second;
    }
    /// Types a code and says what the form says against it.
    std::string confirm(workspace::Person& person, const std::string& code)
    {
        submit(person, {{"Code", code}});
        const auto& errors = person.modal().errors;
        return errors.empty() ? "" : errors.begin()->second;
    }
    void have(workspace::Person& person, const std::string& number)
    {
        REQUIRE(add(person, "SMS", number) == "");
        REQUIRE(confirm(person, code_in(text_of(sms.seen.back()))) == "");
    }
    std::vector<oncall::ContactMethod> methods(const workspace::Person& person)
    {
        return world.look([&](storage::Transaction& tx) { return storage::ContactMethods{tx}.of(person.id()); });
    }
    std::vector<oncall::NotificationRule> rules(const workspace::Person& person)
    {
        return world.look([&](storage::Transaction& tx) { return storage::NotificationRules{tx}.of(person.id()).rules; });
    }
    std::string audit()
    {
        return world.look([](storage::Transaction& tx) {
            std::string all;
            for (storage::Query row{
                     tx, "SELECT actor || ' ' || verb || ' ' || subject || ' ' || before || ' ' || after FROM audit"};
                 row.step();)
                all += row.text() + "\n";
            return all;
        });
    }
};

} // namespace

TEST_CASE("Contact methods are opened by a command, its other names and a button where people look first", "[scenarios][contact]")
{
    Reachable r;
    for (const std::string word : {"contact", "contacts", "notifications", "Contact"}) {
        r.open(r.world.bo(), word);
        CHECK(has(modal(r.world, r.world.bo()), "bo@example.com"));
    }
    r.world.bo().close_all();
    r.world.bo().command("/oncall", "", "#payments-alerts");
    r.world.settle();
    r.world.bo().click(r.world.bo().last_ephemeral(), "How I am reached");
    r.world.settle();
    REQUIRE(r.world.bo().modals() == 1);
    const auto shown = modal(r.world, r.world.bo());
    INFO(shown);
    CHECK(has(shown, "a direct message, always there"));
    CHECK(has(shown, "Nothing here would wake you at night"));
    CHECK(r.world.slack().violations().empty());
}

TEST_CASE("A number is added, agreed to, proven by its code, and used from then on", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    r.open(bo);
    r.press(bo, "Add a way…");
    INFO(r.world.slack().story());
    CHECK(has(modal(r.world, bo), "Pushover: PUSHOVER_TOKEN"));
    r.submit(bo, {{"By what", "SMS"}});
    // Without the tick nothing is sent; a number without its country is none.
    CHECK(has(r.submit(bo, {{"address", "+49 1512 3456789"}}).error(), "form:"));
    r.submit(bo, {{"Consent", "I agree to what is said below"}, {"address", "01512 3456789"}});
    CHECK_FALSE(bo.modal().errors.empty());
    CHECK(r.sms.seen.empty());
    CHECK(r.methods(bo).empty());
    r.submit(bo, {{"address", "+49 1512 3456789"}, {"Label", "Work"}});
    REQUIRE(r.sms.seen.size() == 1);
    CHECK(r.sms.seen[0].address == "+4915123456789");
    const auto code = code_in(text_of(r.sms.seen[0]));
    REQUIRE(code.size() == 6);
    auto mine = r.methods(bo);
    REQUIRE(mine.size() == 1);
    CHECK(mine[0].verified_at == TimePoint{});
    CHECK(mine[0].consented_at == r.world.clock.now());
    CHECK(has(r.audit(), "My carrier may charge"));
    CHECK_FALSE(has(r.audit(), "23456789")); // masked there, too

    const auto wrong = code == "000000" ? "000001" : "000000";
    CHECK(has(r.confirm(bo, wrong), "not the code"));
    if (!by_http()) { // delivered twice, and the answer that says why is lost: the other one does not close the form
        r.world.slack().deliver_twice("interactive");
        r.world.slack().lose_acks(1);
        CHECK(has(r.confirm(bo, wrong), "once more"));
    }
    CHECK(r.confirm(bo, code.substr(0, 3) + " " + code.substr(3)) == "");
    REQUIRE(bo.modals() == 1);
    const auto shown = modal(r.world, bo);
    INFO(shown);
    CHECK(has(shown, "SMS +4915123456789, Work is yours"));
    CHECK(has(shown, "verified"));
    CHECK_FALSE(has(shown, "Nothing here would wake you"));
    mine = r.methods(bo);
    REQUIRE(mine.size() == 1);
    CHECK(is_usable(mine[0]));
    // The code is kept nowhere.
    CHECK_FALSE(r.world.look([&](storage::Transaction& tx) {
        storage::Query row{tx, "SELECT count(*) FROM contact_methods WHERE code_hash <> ''"};
        row.step();
        return row.integer() > 0;
    }));
    CHECK(r.world.slack().violations().empty());
}

TEST_CASE("A code holds for ten minutes and five tries, and no more than five go out an hour", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    REQUIRE(r.add(bo, "SMS", "+4915123456789") == "");
    const auto first = code_in(text_of(r.sms.seen.back()));
    r.world.advance(10min);
    CHECK(has(r.confirm(bo, first), "holds no longer"));
    r.press(bo, "Send another code");
    const auto second = code_in(text_of(r.sms.seen.back()));
    REQUIRE(r.sms.seen.size() == 2);
    for (int i = 0; i < 5; ++i)
        CHECK(has(r.confirm(bo, second == "123456" ? "654321" : "123456"), "not the code"));
    CHECK(has(r.confirm(bo, second), "Too many wrong codes"));
    for (int i = 0; i < 3; ++i) {
        r.press(bo, "Send another code");
        r.world.advance(5s);
    }
    CHECK(r.sms.seen.size() == 5);
    r.press(bo, "Send another code");
    r.world.advance(5s);
    CHECK(r.sms.seen.size() == 5);
    INFO(r.world.slack().story());
    CHECK(has(modal(r.world, bo), "Enough codes for now"));
    // By another kind, to another number: it is she who asks.
    CHECK(has(r.add(bo, "Call", "+4915198765432"), "Enough codes for now"));
    CHECK(r.voice.seen.empty());
    // To the same number, by somebody else: it is the number that suffers.
    CHECK(has(r.add(r.world.chi(), "SMS", "+4915123456789"), "Enough codes for now"));
    r.world.advance(1h);
    CHECK(r.add(bo, "SMS", "+4915123456789") == "");
    CHECK(r.confirm(bo, code_in(text_of(r.sms.seen.back()))) == "");
    CHECK(r.methods(bo).size() == 1);
}

TEST_CASE("A number is one person's alone, from when it is proven on", "[scenarios][contact]")
{
    Reachable r;
    // Chi claims it without having it: that keeps nobody from it.
    REQUIRE(r.add(r.world.chi(), "SMS", "+4915123456789") == "");
    const auto to_chi = code_in(text_of(r.sms.seen.back()));
    r.have(r.world.bo(), "+4915123456789");
    CHECK(has(r.add(r.world.ana(), "SMS", "+4915123456789"), "somebody else's"));
    CHECK(has(r.add(r.world.ana(), "Call", "+4915123456789"), "somebody else's"));
    // Nor does her own code help her now.
    r.open(r.world.chi());
    r.choose(r.world.chi(), "Type in its code", "SMS");
    CHECK(has(r.confirm(r.world.chi(), to_chi), "somebody else's"));
    // His own call goes to it.
    CHECK(r.add(r.world.bo(), "Call", "+4915123456789") == "");
}

TEST_CASE("A leaver's number goes to whoever has the phone now, once the code is typed", "[scenarios][contact]")
{
    Reachable r;
    auto& dee = r.world.slack().person("dee");
    auto& bo = r.world.bo();
    const std::string number{"+4915123456789"};
    r.have(dee, number);
    REQUIRE(r.add(dee, "Call", number) == "");
    REQUIRE(r.confirm(dee, code_in(text_of(r.voice.seen.back()))) == "");
    dee.close_all();
    r.world.slack().deactivate("dee");
    r.world.kill();
    r.world.clock.set(r.world.clock.now() + 25h);
    r.world.start();
    r.world.advance(1s);
    REQUIRE(r.add(bo, "SMS", number) == "");
    CHECK(r.methods(dee).size() == 2); // nothing is proven yet
    CHECK(r.confirm(bo, code_in(text_of(r.sms.seen.back()))) == "");
    CHECK(r.methods(dee).empty());
    CHECK(is_usable(r.methods(bo).at(0)));
    CHECK(has(r.audit(), "remove a leaver's contact method"));
    CHECK_FALSE(has(r.audit(), "23456789"));
}

TEST_CASE("Where webhooks may lead into one's own network, the form takes such addresses, and else says why not",
    "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    for (const std::string address : {"https://intranet/pages", "http://127.0.0.1:9000/pages"})
        CHECK(has(r.add(bo, "Webhook", address), "ddress"));
    CHECK(has(r.add(bo, "Webhook", "https://10.1.2.3/pages"), "ONCALL_PRIVATE_WEBHOOKS does not allow"));
    CHECK(r.methods(bo).empty());
    r.world.adjust = [](config::Settings& settings) { settings.private_webhooks = true; };
    r.world.kill();
    r.world.start();
    const std::vector<std::string> fine{
        "https://intranet/pages", "https://10.1.2.3/pages", "https://[fd00::1]:8443/pages", "http://127.0.0.1:9000/pages"};
    for (const auto& address : fine) {
        INFO(address);
        CHECK(r.add(bo, "Webhook", address) == "");
    }
    CHECK(r.methods(bo).size() == fine.size());
    // Without TLS whoever listens on the way would read the pages.
    CHECK(has(r.add(bo, "Webhook", "http://intranet/pages"), "must start with https://"));
}

TEST_CASE("A number that was stopped is added again with another consent and another code", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    r.have(bo, "+4915123456789");
    const auto id = r.methods(bo).at(0).id;
    r.world.write([&](storage::Transaction& tx) {
        storage::ContactMethods{tx}.stop(id, r.world.clock.now());
        return 0;
    });
    r.open(bo);
    CHECK(has(modal(r.world, bo), "Send START to the number"));
    r.world.advance(1min);
    REQUIRE(r.add(bo, "SMS", "+49 1512 3456789") == "");
    CHECK_FALSE(is_usable(r.methods(bo).at(0)));
    CHECK(r.confirm(bo, code_in(text_of(r.sms.seen.back()))) == "");
    REQUIRE(r.methods(bo).size() == 1);
    CHECK(is_usable(r.methods(bo).at(0)));
    CHECK(r.methods(bo).at(0).consented_at == r.world.clock.now());
}

TEST_CASE("Nobody sees or changes what is another's; admins see that there is one", "[scenarios][contact]")
{
    Reachable r;
    r.world.admins = {"cto@example.com"};
    r.world.kill();
    r.world.start();
    r.have(r.world.bo(), "+4915123456789");
    r.world.bo().close_all();
    r.world.ana().command("/oncall", "contact @bo", "#payments-alerts");
    r.world.settle();
    CHECK(r.world.ana().modals() == 0);
    CHECK(has(r.world.slack().plain(r.world.ana().last_ephemeral()), "Only admins (ONCALL_ADMINS)"));
    r.world.cto().command("/oncall", "contact @bo", "#payments-alerts");
    r.world.settle();
    REQUIRE(r.world.cto().modals() == 1);
    const auto shown = modal(r.world, r.world.cto());
    INFO(shown);
    CHECK(has(shown, "SMS +49 … 89"));
    CHECK_FALSE(has(shown, "23456"));
    CHECK_FALSE(has(shown, "bo@example.com"));
    CHECK_FALSE(has(shown, "[Add"));
}

TEST_CASE("Labels are edited, and what is removed is erased", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    r.have(bo, "+4915123456789");
    r.choose(bo, "Edit label", "SMS");
    r.submit(bo, {{"Label", "<!channel> Night"}});
    REQUIRE(bo.modals() == 1);
    CHECK(has(modal(r.world, bo), "Night"));
    CHECK(r.methods(bo)[0].label == "<!channel> Night");
    r.choose(bo, "Remove", "SMS");
    r.submit(bo);
    REQUIRE(bo.modals() == 1);
    CHECK(has(modal(r.world, bo), "It is removed"));
    CHECK(r.methods(bo).empty());
    const auto left = r.world.look([](storage::Transaction& tx) {
        std::string all;
        for (const std::string sql :
            {"SELECT body FROM outbox", "SELECT before || after FROM audit", "SELECT address FROM contact_sends"})
            for (storage::Query row{tx, sql}; row.step();)
                all += row.text() + "\n";
        return all;
    });
    CHECK_FALSE(has(left, "23456789"));
    CHECK(r.world.slack().broadcasts().empty());
}

TEST_CASE("A test says that it is one, and whoever sent it hears what came of it", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    r.have(bo, "+4915123456789");
    const auto before = r.sms.seen.size();
    r.choose(bo, "Test", "SMS");
    REQUIRE(r.sms.seen.size() == before + 1);
    CHECK(has(text_of(r.sms.seen.back()), "This is a test"));
    CHECK(has(text_of(r.sms.seen.back()), "Nothing is wrong"));
    CHECK(has(modal(r.world, bo), "A test is on its way to SMS"));
    r.world.advance(2s);
    CHECK(has(r.world.slack().plain(bo.last_dm()), "The test by SMS +49 … 89: sent"));
    // At once again is too soon.
    r.choose(bo, "Test", "SMS");
    CHECK(r.sms.seen.size() == before + 1);
    CHECK(has(modal(r.world, bo), "half a minute"));
    bo.close();
    r.world.advance(1min);
    r.sms.outcome = {notify::Outcome::refused, "carrier violation", false};
    r.choose(bo, "Test", "SMS");
    r.world.advance(2s);
    CHECK(has(r.world.slack().plain(bo.last_dm()), "failed: carrier violation"));
    // The two of the profile.
    r.press(bo, "Test", "Slack");
    r.world.advance(2s);
    CHECK(has(r.world.slack().plain(bo.last_dm()), "This is a test"));
    r.press(bo, "Test", "E-mail");
    r.world.advance(2s);
    REQUIRE_FALSE(r.world.post_office.taken.empty());
    CHECK(r.world.post_office.taken.back().to == "bo@example.com");
    CHECK(has(r.world.post_office.taken.back().text, "This is a test"));
    for (int i = 0; i < 12; ++i) {
        r.world.advance(1min);
        r.press(bo, "Test", "Slack");
        if (bo.modals() == 2)
            break;
    }
    CHECK(has(modal(r.world, bo), "Enough tests for now"));
}

TEST_CASE("What becomes of a test later is on its owner's card, and a failure is told", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    r.have(bo, "+4915123456789");
    r.sms.reports = true;
    r.choose(bo, "Test", "SMS");
    r.world.advance(2s);
    CHECK(has(r.world.slack().plain(bo.last_dm()), "sent, Texts has it."));
    const auto reference = "Texts-" + std::to_string(r.sms.seen.size());
    const auto before = bo.dms().size();
    notify::Outcome came;
    SECTION("it has arrived, which the provider says when it is asked")
    {
        came.how = notify::Outcome::confirmed;
        came.why = "delivered";
        r.sms.becomes[reference] = came;
        r.world.advance(5s);
        CHECK(r.methods(bo).front().last_outcome == "delivered");
        CHECK(bo.dms().size() == before);
        const auto looks = r.sms.looks.size();
        r.world.advance(1h);
        CHECK(r.sms.looks.size() == looks);
    }
    SECTION("it has not, which the provider says by itself, twice")
    {
        came.how = notify::Outcome::refused;
        came.why = "the phone cannot be reached";
        for (int times = 0; times < 2; ++times)
            r.world.write([&](storage::Transaction& tx) {
                return handlers::confirm(tx, r.world.app().context(), reference, came, came.why, r.world.clock.now());
            });
        r.world.advance(2s);
        CHECK(r.methods(bo).front().last_outcome == "failed: the phone cannot be reached");
        CHECK(bo.dms().size() == before + 1);
        CHECK(has(r.world.slack().plain(bo.last_dm()), "The test by SMS +49 … 89 has not arrived: the phone cannot be reached"));
        const auto looks = r.sms.looks.size();
        r.world.advance(1h);
        CHECK(r.sms.looks.size() == looks);
    }
    SECTION("nobody ever knows")
    {
        r.world.advance(3h);
        CHECK(r.sms.looks.size() <= 10);
        CHECK(r.methods(bo).front().last_outcome == "sent");
    }
    r.open(bo);
    CHECK(has(modal(r.world, bo), ": " + r.methods(bo).front().last_outcome));
}

TEST_CASE("Rules are made, shown in words before they are saved, moved, changed and given up", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    r.have(bo, "+4915123456789");
    r.open(bo, "rules");
    INFO(r.world.slack().story());
    CHECK(has(modal(r.world, bo), "At once: Slack, e-mail, push (not set up). After 1 min: SMS, phone call (not set up)."));
    r.press(bo, "Add a rule…");
    REQUIRE(bo.modals() == 2);
    bo.fill({{"Name", "Nights"}, {"Days", "Monday, Tuesday"}, {"From", "22"}, {"To", "7:00"}, {"steps[0].methods", "SMS, Slack"},
        {"steps[0].wait", "90s"}});
    r.press(bo, "Add a step");
    bo.fill({{"steps[1].methods#1", "E-mail"}, {"steps[1].wait#1", "2m"}, {"steps[2].methods#1", "Phone call"}});
    r.submit(bo);
    REQUIRE(bo.modals() == 2);
    const auto preview = modal(r.world, bo);
    INFO(preview);
    CHECK(has(preview, "Pages of high urgency, Mon, Tue, 22:00 to 07:00 (Europe/Berlin)"));
    CHECK(has(preview, "At once: SMS, Slack. After 90 s: e-mail. Skipped, as not set up: phone call."));
    CHECK(r.rules(bo).empty());
    r.press(bo, "Change it");
    CHECK(has(modal(r.world, bo), "Nights"));
    r.submit(bo);
    r.submit(bo);
    REQUIRE(bo.modals() == 1);
    CHECK(has(modal(r.world, bo), "It holds from the next page on"));
    REQUIRE(r.rules(bo).size() == 1);
    CHECK(r.rules(bo)[0].name == "Nights");
    CHECK(r.rules(bo)[0].steps.size() == 3);

    // One without SMS, call and push is warned of, and one that always holds stands below those with a time.
    r.press(bo, "Add a rule…");
    bo.fill({{"Name", "Quiet"}, {"steps[0].methods", "Slack"}, {"steps[1].methods", "E-mail"}});
    r.submit(bo);
    CHECK(has(modal(r.world, bo), "wakes nobody"));
    r.submit(bo);
    REQUIRE(r.rules(bo).size() == 2);
    CHECK(has(modal(r.world, bo), "it wakes nobody"));
    CHECK(r.rules(bo)[1].name == "Quiet");
    r.choose(bo, "Move up", "Quiet");
    CHECK(r.rules(bo)[0].name == "Quiet");
    CHECK(has(modal(r.world, bo), "it never holds"));
    r.choose(bo, "Edit", "Nights");
    bo.fill({{"Name", "Late"}});
    r.submit(bo);
    r.submit(bo);
    CHECK(r.rules(bo)[1].name == "Late");
    r.choose(bo, "Remove", "Quiet");
    REQUIRE(r.rules(bo).size() == 1);
    r.press(bo, "Use the default");
    CHECK(r.rules(bo).empty());
    r.press(bo, "How I am reached…");
    CHECK(has(modal(r.world, bo), "+4915123456789"));
    r.press(bo, "When which is used…");
    CHECK(has(modal(r.world, bo), "High urgency"));
    CHECK(r.world.slack().violations().empty());
}

TEST_CASE(
    "A rule that is edited while the list changes elsewhere is neither lost nor written over another", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    r.have(bo, "+4915123456789");
    for (const std::string name : {"First", "Second"}) {
        r.open(bo, "rules");
        r.press(bo, "Add a rule…");
        bo.fill({{"Name", name}});
        r.submit(bo);
        r.submit(bo);
    }
    r.choose(bo, "Edit", "Second");
    bo.fill({{"Name", "Mine"}});
    /// In another window.
    const auto elsewhere = [&](const std::function<void(std::vector<oncall::NotificationRule>&)>& how) {
        r.world.write([&](storage::Transaction& tx) {
            auto rules = storage::NotificationRules{tx}.of(bo.id());
            how(rules.rules);
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
    };
    const auto names = [&] {
        std::string all;
        for (const auto& rule : r.rules(bo))
            all += rule.name + " ";
        return all;
    };
    REQUIRE(names() == "First Second ");
    SECTION("moved meanwhile, it is changed where it stands now")
    {
        elsewhere([](auto& rules) { std::swap(rules[0], rules[1]); });
        r.submit(bo);
        r.submit(bo);
        CHECK(bo.modals() == 1);
        CHECK(names() == "Mine First ");
    }
    SECTION("changed or removed meanwhile, that is said, and what was typed is saved beside it when that is wanted")
    {
        const bool removed = GENERATE(false, true);
        if (removed)
            elsewhere([](auto& rules) { rules.erase(rules.begin() + 1); });
        else
            elsewhere([](auto& rules) { rules[1].name = "Elsewhere"; });
        const std::string before = removed ? "First " : "First Elsewhere ";
        r.submit(bo);
        r.submit(bo);
        REQUIRE(bo.modals() == 2);
        CHECK(has(modal(r.world, bo), "changed or removed meanwhile"));
        CHECK(names() == before);
        // It can be looked at once more, and is all there.
        r.press(bo, "Change it");
        CHECK(has(modal(r.world, bo), "Mine"));
        r.submit(bo);
        r.submit(bo);
        CHECK(bo.modals() == 1);
        CHECK(names() == before + "Mine ");
    }
    SECTION("with a full list, that is said, and nothing typed is lost")
    {
        elsewhere([](auto& rules) {
            rules[1].name = "Elsewhere";
            while (rules.size() < blocks::most_rules)
                rules.push_back(rules[0]);
        });
        r.submit(bo);
        r.submit(bo);
        r.submit(bo);
        REQUIRE(bo.modals() == 2);
        CHECK(has(modal(r.world, bo), "Remove one first"));
        elsewhere([](auto& rules) { rules.pop_back(); });
        r.submit(bo);
        CHECK(bo.modals() == 1);
        CHECK(has(names(), "Mine"));
    }
    CHECK(r.world.slack().violations().empty());
}

TEST_CASE("Where every rule must wake its owner, one that cannot is refused", "[scenarios][contact]")
{
    Reachable r;
    r.world.app().context().require_waking = true;
    auto& bo = r.world.bo();
    r.open(bo, "rules");
    r.press(bo, "Add a rule…");
    bo.fill({{"Name", "Quiet"}, {"steps[0].methods", "Slack"}, {"steps[1].methods", "E-mail"}});
    r.submit(bo);
    INFO(r.world.slack().story());
    CHECK(has(modal(r.world, bo), "ONCALL_REQUIRE_WAKING"));
    CHECK_THROWS_AS(bo.submit(), workspace::NotThere);
    CHECK(r.rules(bo).empty());
    bo.close();
    // Low urgency need not wake anybody.
    r.press(bo, "Add a rule for low urgency…");
    bo.fill({{"Name", "Calm"}, {"steps[0].methods", "Slack"}, {"steps[1].methods", "E-mail"}});
    r.submit(bo);
    r.submit(bo);
    CHECK(r.rules(bo).size() == 1);
}

TEST_CASE(
    "A team's rules hold for its people who have none, and are changed by its members and admins alone", "[scenarios][contact]")
{
    Reachable r;
    r.world.admins = {"cto@example.com"};
    r.world.kill();
    r.world.start();
    auto& bo = r.world.bo();
    auto& dee = r.world.slack().person("dee");
    for (const std::string words : {"", "rules payments"}) { // by the first one she is known
        dee.command("/oncall", words, "#payments-alerts");
        r.world.settle();
    }
    CHECK(dee.modals() == 0);
    CHECK(has(r.world.slack().plain(dee.last_ephemeral()), "Only admins and members of team payments"));
    bo.command("/oncall", "rules nobody", "#payments-alerts");
    r.world.settle();
    CHECK(has(r.world.slack().plain(bo.last_ephemeral()), "There is no team nobody"));
    r.open(bo, "rules payments");
    CHECK(has(modal(r.world, bo), "For the people of team payments"));
    r.press(bo, "Add a rule…");
    bo.fill({{"Name", "Call first"}, {"steps[0].methods", "Phone call"}, {"steps[0].wait", "30s"}, {"steps[1].methods", "SMS"}});
    r.submit(bo);
    INFO(r.world.slack().story());
    CHECK(has(modal(r.world, bo), "At once: phone call. After 30 s: SMS."));
    r.submit(bo);
    REQUIRE(bo.modals() == 1);
    CHECK(has(modal(r.world, bo), "Call first"));
    CHECK(r.rules(bo).empty());
    r.have(r.world.ana(), "+4915123456789");
    r.open(r.world.ana(), "rules");
    CHECK(has(modal(r.world, r.world.ana()), "your team's rule\nSkipped, as not set up: phone call. At once: SMS."));
}

TEST_CASE("What is clicked twice, or on a list that is behind, changes nothing twice", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    if (!by_http())
        r.world.slack().deliver_twice("interactive", 100);
    r.have(bo, "+4915123456789");
    CHECK(r.sms.seen.size() == 1);
    r.choose(bo, "Test", "SMS");
    CHECK(r.sms.seen.size() == 2);
    for (const std::string name : {"First", "Second"}) {
        r.open(bo, "rules");
        r.press(bo, "Add a rule…");
        bo.fill({{"Name", name}});
        r.submit(bo);
        r.submit(bo);
    }
    REQUIRE(r.rules(bo).size() == 2);
    r.choose(bo, "Remove", "First");
    REQUIRE(r.rules(bo).size() == 1);
    CHECK(r.rules(bo)[0].name == "Second");
}

TEST_CASE("Readiness says who of the coming rota would sleep through a page, and once a week by itself", "[scenarios][contact]")
{
    Reachable r;
    r.have(r.world.ana(), "+4915123456789");
    r.world.ana().close_all();
    r.world.bo().command("/oncall", "readiness", "#payments-alerts");
    r.world.settle();
    const auto shown = r.world.slack().plain(r.world.bo().last_ephemeral());
    INFO(shown);
    CHECK(has(shown, "not ready to be paged at night"));
    CHECK(has(shown, "bo may sleep through a page"));
    CHECK_FALSE(has(shown, "ana may sleep"));
    const auto said = [&] {
        const auto messages = r.world.fallback().messages();
        return std::count_if(messages.begin(), messages.end(),
            [&](const auto& message) { return has(r.world.slack().plain(message), "may sleep through a page"); });
    };
    // Tuesday noon to Monday at ten in Berlin; the bot starts at eight.
    const auto later = [&](milliseconds by) {
        r.world.kill();
        r.world.clock.set(r.world.clock.now() + by);
        r.world.start();
    };
    later(std::chrono::days{5} + 19h);
    CHECK(said() == 0);
    r.world.advance(1h + 59min);
    CHECK(said() == 0);
    r.world.advance(2min);
    CHECK(said() == 1);
    later(std::chrono::days{7} - 2min);
    CHECK(said() == 1);
    r.world.advance(2min);
    CHECK(said() == 2);
}

TEST_CASE("The numbers pages come from can be fetched as a contact", "[scenarios][contact]")
{
    Reachable r;
    net::Request asked;
    asked.method = "GET";
    asked.target = "/contact.vcf";
    CHECK(r.world.request(asked).status == 404);
    r.world.app().context().callers = {"+15005550006"};
    const auto card = r.world.request(asked);
    CHECK(card.status == 200);
    CHECK(net::header(card.headers, "Content-Type") == "text/vcard; charset=utf-8");
    CHECK(has(card.body, "BEGIN:VCARD\r\nVERSION:3.0\r\n"));
    CHECK(has(card.body, "TEL;TYPE=VOICE,CELL:+15005550006\r\n"));
    r.open(r.world.bo());
    r.press(r.world.bo(), "Through Do Not Disturb…");
    const auto guide = modal(r.world, r.world.bo());
    CHECK(has(guide, "+15005550006"));
    CHECK(has(r.world.bo().modal().json.dump(), "https://oncall.example.com/contact.vcf"));
    CHECK(has(guide, "Emergency Bypass"));
}

TEST_CASE("A bot that dies after a code was asked for sends it once it is back", "[scenarios][contact]")
{
    Reachable r;
    auto& bo = r.world.bo();
    r.open(bo);
    r.press(bo, "Add a way…");
    r.submit(bo, {{"By what", "SMS"}});
    bo.fill({{"address", "+4915123456789"}, {"Consent", "I agree to what is said below"}});
    r.world.doom.commit = r.world.commits + 1;
    bo.submit();
    r.world.settle();
    CHECK_FALSE(r.world.running());
    CHECK(r.sms.seen.empty());
    r.world.doom = {};
    r.world.start();
    r.world.advance(1s);
    REQUIRE(r.sms.seen.size() == 1);
    const auto code = code_in(text_of(r.sms.seen[0]));
    r.open(bo);
    r.choose(bo, "Type in its code", "SMS");
    CHECK(r.confirm(bo, code) == "");
    CHECK(is_usable(r.methods(bo).at(0)));
}
