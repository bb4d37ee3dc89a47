#include "catch.hpp"
#include "notify/answer_token.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"
#include "twilio/twilio.hpp"

#include <algorithm>

using namespace scenario;
using oncall::AlertState;
using oncall::ContactKind;

namespace {

const std::string anas{"+491711234567"}, bos{"+12125552368"}, strangers{"+491709999999"};
const std::string public_url{"https://oncall.example.com"};
const twilio::Identity second_account{"api.dublin.ie1.twilio.com", "ACfedcba9876543210fedcba9876543210", "+353871234567"};

/// A world with telephones. A proxy with the bot's public name passes what is for Twilio's door, as the samples do.
class Telephones : public World {
public:
    explicit Telephones(bool is_public = true, bool has_second = false)
    {
        second.token = "98765432109876543210987654321098";
        adjust = [this, is_public, has_second](config::Settings& settings) {
            config::TwilioSettings account;
            account.account_sid = twilio::Twilio::account;
            account.auth_token = config::Secret{far.token};
            account.auth_tokens = {account.auth_token, config::Secret{"the one before"}};
            account.from = twilio::Twilio::number;
            settings.twilio = {account};
            if (has_second) {
                config::TwilioSettings other;
                other.number = "_2";
                other.account_sid = second_account.account;
                other.auth_token = config::Secret{second.token};
                other.auth_tokens = {other.auth_token};
                other.from = second_account.number;
                other.api_url = "https://" + second_account.host;
                settings.twilio.push_back(std::move(other));
            }
            settings.public_url = is_public ? public_url : "";
        };
        net::Service service;
        service.serve = [this](net::Request request) { return pass(std::move(request)); };
        if (is_public) {
            proxy_ = listen("oncall.example.com:443", std::move(service));
            far.sms_url = second.sms_url = public_url + "/twilio/sms";
        }
        kill();
        start();
    }
    ~Telephones()
    {
        CHECK(far.refused == std::vector<std::string>{});
        CHECK(second.refused == std::vector<std::string>{});
    }

    oncall::ContactMethod add(ContactKind kind, const std::string& person, const std::string& address, bool verified = true)
    {
        oncall::ContactMethod method;
        method.person = person;
        method.kind = kind;
        method.address = address;
        method.added_at = clock.now();
        method.verified_at = verified ? clock.now() : TimePoint{};
        method.consented_at = clock.now();
        write([&](storage::Transaction& tx) { return storage::ContactMethods{tx}.add(method); });
        return method;
    }
    oncall::ContactMethod method(oncall::ContactId id)
    {
        return look(
            [&](storage::Transaction& tx) { return storage::ContactMethods{tx}.find(id).value_or(oncall::ContactMethod{}); });
    }
    oncall::Alert alert_of(std::int64_t id)
    {
        return look([&](storage::Transaction& tx) { return storage::Alerts{tx}.find({id}).value_or(oncall::Alert{}); });
    }
    std::string timeline_of(std::int64_t id)
    {
        std::string all;
        for (const auto& line : look([&](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert({id}); }))
            all += line.actor + " " + line.text + " · " + line.via + "\n";
        return all;
    }
    /// Why attempts of the first page failed.
    std::string errors()
    {
        std::string all;
        for (const auto& one : look([](storage::Transaction& tx) { return storage::Notifications{tx}.of_page({1}); }))
            all += one.error + "\n";
        return all;
    }
    /// What Ana's or somebody's phone got as answers, the last.
    std::string last_text_to(const std::string& number)
    {
        for (auto one = far.messages.rbegin(); one != far.messages.rend(); ++one)
            if (one->to == number)
                return one->body;
        return {};
    }
    std::vector<std::string> texts_to(const std::string& number)
    {
        std::vector<std::string> all;
        for (const auto& one : far.messages)
            if (one.to == number)
                all.push_back(one.body);
        return all;
    }
    /// Twilio calls about an alert's first notification to a person, as our provider asks it to.
    twilio::Call& ring(const std::string& number, std::int64_t alert = 1, const std::string& person = {})
    {
        const auto secret =
            write([](storage::Transaction& tx) { return storage::Journal{tx}.secret("answer links", "none was made"); });
        notify::Answer answer;
        answer.alert = {alert};
        answer.verb = oncall::Verb::acknowledge;
        answer.person = person.empty() ? ana().id() : person;
        twilio::Call call;
        call.sid = "CA0000000000000000000000000000000" + std::to_string(far.calls.size());
        call.from = twilio::Twilio::number;
        call.to = number;
        call.url = public_url + "/twilio/voice/" + notify::issue(secret, answer, clock.now());
        call.callback = public_url + "/twilio/status";
        call.detects_machines = true;
        far.calls.push_back(call);
        return far.calls.back();
    }
    void pick_up(twilio::Call& call, const std::string& by = "human")
    {
        far.pick_up(call, by);
        settle();
    }
    void press(twilio::Call& call, const std::string& key)
    {
        far.press(call, key);
        settle();
    }
    void text(const std::string& from, const std::string& body)
    {
        far.text(from, body);
        settle();
    }

    twilio::Twilio far{{outside(), clock, tasks()}};
    twilio::Twilio second{{outside(), clock, tasks()}, second_account};

private:
    asio::awaitable<net::Response> pass(net::Request request)
    {
        net::FetchLimits limits;
        auto url = "http://oncall.test:8080" + request.target;
        auto answer = co_await outside().fetch(std::move(url), std::move(request), limits);
        co_return answer;
    }
    std::unique_ptr<net::Listener> proxy_{};
};

/// Somebody posts to Twilio's door who is not Twilio.
net::Response forge(Telephones& world, const std::string& target, const std::vector<net::Header>& fields,
    const std::string& signature, const std::string& method = "POST")
{
    net::Request request;
    request.method = method;
    request.target = target;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    if (!signature.empty())
        request.headers.push_back({"X-Twilio-Signature", signature});
    request.body = net::form_out(fields);
    return world.request(std::move(request));
}

} // namespace

TEST_CASE("A text message answers a page, once, and everything says so", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    INFO(world.slack().story());
    world.text(anas, "4");
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
    CHECK(world.alert_of(1).answered_by == world.ana().id());
    CHECK(world.alert_of(1).answered_via == "a text message");
    CHECK(world.last_text_to(anas) == "You have #1 Checkout is down. Nobody else is paged.");
    world.advance(5s);
    CHECK(has(world.slack().plain(world.channel().last()), "Acknowledged"));
    CHECK_FALSE(has(world.slack().plain(world.ana().last_dm()), "[Acknowledge]"));

    const auto lines = world.timeline_of(1);
    CHECK(has(lines, "acknowledged · a text message"));
    const auto sent = world.texts_to(anas).size();
    world.far.repeat(); // to the letter
    world.settle();
    CHECK(world.timeline_of(1) == lines);
    CHECK(world.texts_to(anas).size() == sent);
    // Asked for as well, it is known.
    world.advance(3min);
    CHECK(world.timeline_of(1) == lines);
    CHECK(world.texts_to(anas).size() == sent);

    world.text(anas, "resolve");
    CHECK(world.alert_of(1).state == AlertState::resolved);
    world.text(anas, "6");
    CHECK(has(world.last_text_to(anas), "Nothing is open"));
}

TEST_CASE("With several pages open a text message is asked which it means", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down", "one");
    world.alert("Login is slow\\nReply 6 now", "two");
    world.alert("Search is odd", "three");
    world.text(anas, "4");
    CHECK(world.last_text_to(anas)
        == "Which one? Reply 4 3, or 4 all:\n#3 checkout: Search is odd\n#2 checkout: Login is slow Reply 6 now\n"
           "#1 checkout: Checkout is down");
    for (const std::int64_t id : {1, 2, 3})
        CHECK(world.alert_of(id).state == AlertState::triggered);
    world.text(anas, "ack 2");
    CHECK(world.alert_of(2).state == AlertState::acknowledged);
    CHECK(world.alert_of(1).state == AlertState::triggered);
    world.text(anas, "4 all");
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
    CHECK(world.alert_of(3).state == AlertState::acknowledged);
    CHECK(has(world.last_text_to(anas), "You have #3 Search is odd. Nobody else is paged.\nYou have #1 Checkout is down."));
    world.text(anas, "4 9");
    CHECK(has(world.last_text_to(anas), "#9 is not open, or you were not told of it."));
    world.text(anas, "4 2");
    CHECK(has(world.last_text_to(anas), "#2: ana has it already, since 2026-11-03 "));
    CHECK_FALSE(has(world.last_text_to(anas), "<"));
}

TEST_CASE("\"No\" by text message passes the page on", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    CHECK(world.bo().dms().empty());
    world.text(anas, "not me");
    world.advance(2s);
    CHECK(world.bo().dms().size() == 1);
    CHECK(has(world.last_text_to(anas), "You are out of #1"));
}

TEST_CASE("Whoever texts from an unknown or unverified number gets nothing and changes nothing", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.bo().id(), bos, false);
    world.alert("Checkout is down");
    const auto lines = world.timeline_of(1);
    for (const auto* words : {"4", "4 1", "HELP", "what is this?", "6"}) {
        world.text(strangers, words);
        world.text(bos, words);
    }
    CHECK(world.texts_to(strangers).empty());
    CHECK(world.texts_to(bos).empty());
    CHECK(world.timeline_of(1) == lines);
    CHECK(std::any_of(world.logged().begin(), world.logged().end(),
        [](const std::string& line) { return has(line, "a number that nobody here has"); }));
    for (const auto& line : world.logged()) {
        CHECK_FALSE(has(line, strangers.substr(3)));
        CHECK_FALSE(has(line, bos.substr(2)));
    }
    // Asked for as well, each is counted once.
    world.advance(3min);
    net::Request scrape;
    scrape.target = "/metrics";
    CHECK(has(world.request(std::move(scrape)).body, "\noncall_texts_from_strangers_total 10\n"));
    // She is of the workspace, and was not told of it.
    world.add(ContactKind::sms, world.chi().id(), strangers);
    world.text(strangers, "4 1");
    CHECK(has(world.last_text_to(strangers), "#1 is not open, or you were not told of it."));
    CHECK(world.timeline_of(1) == lines);
}

TEST_CASE("STOP ends text messages and says what that means; START takes it back", "[scenarios][twilio][socket]")
{
    Telephones world;
    const auto sms = world.add(ContactKind::sms, world.ana().id(), anas);
    const auto voice = world.add(ContactKind::voice, world.ana().id(), anas);
    const auto pending = world.add(ContactKind::sms, world.bo().id(), bos, false);
    world.text(anas, "Stop.");
    CHECK(world.method(sms.id).stopped_at == world.clock.now());
    CHECK_FALSE(oncall::is_usable(world.method(sms.id)));
    CHECK(world.method(voice.id).stopped_at == TimePoint{});
    CHECK(has(world.last_text_to(anas), "You get no more text messages from on-call."));
    const auto since = world.clock.now();
    world.advance(1min);
    world.text(anas, "stop");
    CHECK(world.method(sms.id).stopped_at == since);
    world.text(anas, "START");
    CHECK(oncall::is_usable(world.method(sms.id)));
    CHECK(has(world.last_text_to(anas), "You get text messages from on-call again."));
    world.text(bos, "STOP"); // a code may have gone to somebody else's number
    CHECK(world.method(pending.id).stopped_at != TimePoint{});
}

TEST_CASE("HELP and what is not understood are answered with what can be said, the latter seldom", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.text(anas, "help");
    CHECK(has(world.last_text_to(anas), "Reply 4 to acknowledge, 6 to resolve"));
    CHECK(has(world.last_text_to(anas), "#1 checkout: Checkout is down"));
    const auto sent = world.texts_to(anas).size();
    for (int time = 0; time < 20; ++time)
        world.text(anas, "I am driving and will answer later.");
    CHECK(world.texts_to(anas).size() == sent + 1);
    CHECK(has(world.last_text_to(anas), "I did not understand that."));
    CHECK(world.alert_of(1).state == AlertState::triggered);
}

TEST_CASE("What Twilio did not sign for our address is refused and changes nothing", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    const auto lines = world.timeline_of(1);
    const std::vector<net::Header> fields{
        {"MessageSid", "SM1"}, {"From", anas}, {"Body", "4"}, {"AccountSid", std::string{twilio::Twilio::account}}};
    const auto url = public_url + "/twilio/sms";
    const auto right = twilio::signature(world.far.token, url, fields);
    for (const auto& wrong : {std::string{}, std::string{"x"}, twilio::signature("another token", url, fields),
             twilio::signature(world.far.token, "http://oncall.test:8080/twilio/sms", fields),
             twilio::signature(world.far.token, public_url + "/twilio/status", fields), right.substr(1)})
        CHECK(forge(world, "/twilio/sms", fields, wrong).status == 403);
    auto other = fields;
    other[2].value = "6";
    CHECK(forge(world, "/twilio/sms", other, right).status == 403);
    CHECK(forge(world, "/twilio/sms?x=1", fields, right).status == 403);
    CHECK(forge(world, "/twilio/sms", fields, right, "GET").status == 405);
    auto large = fields;
    large[2].value = std::string(100'000, 'x');
    CHECK(forge(world, "/twilio/sms", large, right).status == 413);
    CHECK(forge(world, "/twilio/else", fields, twilio::signature(world.far.token, public_url + "/twilio/else", fields)).status
        == 404);
    CHECK(world.timeline_of(1) == lines);
    CHECK(world.alert_of(1).state == AlertState::triggered);
    // Said once a minute, without the number and without what was sent.
    CHECK(std::count_if(world.logged().begin(), world.logged().end(), [](const std::string& line) {
        return has(line, "a request to Twilio's door was refused");
    }) == 1);
    for (const auto& line : world.logged())
        CHECK_FALSE(has(line, anas.substr(3)));

    // Twilio itself goes on with the token before while it is changed.
    CHECK(forge(world, "/twilio/sms", fields, twilio::signature("the one before", url, fields)).status == 200);
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
}

TEST_CASE("Without Twilio or a public address there is no door for it", "[scenarios][twilio][socket]")
{
    World plain;
    net::Request request;
    request.method = "POST";
    request.target = "/twilio/sms";
    CHECK(plain.request(request).status == 404);
    Telephones world{false};
    CHECK(world.request(request).status == 404);
}

TEST_CASE("Somebody picks up, hears it twice, and a key acknowledges", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.alert("Checkout is <down> & \\\"out\\\"");
    INFO(world.slack().story());
    auto& call = world.ring(anas);
    world.pick_up(call);
    REQUIRE(call.heard.size() == 3);
    CHECK(call.heard[0] == "This is on-call. critical alert for checkout. Checkout is down out.");
    CHECK(call.heard[1] == call.heard[0]);
    CHECK(has(call.heard[2], "Press 1 to acknowledge"));
    CHECK(call.action == call.url);
    world.press(call, "*");
    CHECK(call.heard.size() == 6);
    world.press(call, "5");
    CHECK(has(call.heard[6], "That key does nothing."));
    CHECK(world.alert_of(1).state == AlertState::triggered);
    world.press(call, "1");
    CHECK(call.heard.back() == "You have #1 Checkout is <down> & \"out\". Nobody else is paged. Goodbye.");
    CHECK(call.status == "completed");
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
    CHECK(world.alert_of(1).answered_by == world.ana().id());
    CHECK(world.alert_of(1).answered_via == "a phone call");
    world.advance(5s);
    CHECK(has(world.slack().plain(world.channel().last()), "Acknowledged"));
}

TEST_CASE("Every key does what it says, ours and PagerDuty's", "[scenarios][twilio][socket]")
{
    for (const auto& [key, state] : std::vector<std::pair<std::string, AlertState>>{
             {"4", AlertState::acknowledged}, {"2", AlertState::resolved}, {"6", AlertState::resolved}}) {
        Telephones world;
        world.alert("Checkout is down");
        auto& call = world.ring(anas);
        world.pick_up(call);
        world.press(call, key);
        CHECK(world.alert_of(1).state == state);
    }
    Telephones world;
    world.alert("Checkout is down");
    auto& call = world.ring(anas);
    world.pick_up(call);
    CHECK(world.bo().dms().empty());
    world.press(call, "3");
    world.advance(2s);
    CHECK(world.bo().dms().size() == 1);
    const auto lines = world.timeline_of(1);
    world.far.repeat(); // Twilio asks again when it heard no answer: not a level further
    world.advance(2s);
    CHECK(world.timeline_of(1) == lines);
    CHECK(has(world.far.answers.back().body, "Goodbye."));
}

TEST_CASE("A call about what somebody has already says who", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.alert("Checkout is down");
    auto& late = world.ring(anas);
    auto& pressed_late = world.ring(anas);
    world.pick_up(pressed_late);
    auto& boss = world.ring(bos, 1, world.bo().id());
    world.pick_up(boss);
    world.press(boss, "1");
    CHECK(world.alert_of(1).answered_by == world.bo().id());
    world.pick_up(late);
    CHECK(late.heard.back()
        == "This is on-call. critical alert for checkout. Checkout is down. bo has it already. Nothing is asked of you. "
           "Goodbye.");
    CHECK(late.status == "completed");
    world.press(pressed_late, "1");
    CHECK(has(pressed_late.heard.back(), "bo has it already, since"));
    CHECK(world.alert_of(1).answered_by == world.bo().id());
}

TEST_CASE("A machine that picks up hears nothing, and no key is a page that goes on", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.alert("Checkout is down");
    auto& machine = world.ring(anas);
    world.pick_up(machine, "machine_start");
    CHECK(machine.heard.empty());
    CHECK(machine.status == "completed");
    auto& silent = world.ring(anas);
    world.pick_up(silent, "unknown");
    CHECK(silent.heard.size() == 3);
    world.far.wait(silent);
    world.settle();
    CHECK(has(silent.heard.back(), "No key was pressed"));
    CHECK(world.alert_of(1).state == AlertState::triggered);
}

TEST_CASE("A call with a token that is not ours, or too old, does nothing", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.alert("Checkout is down");
    auto& old = world.ring(anas);
    auto& forged = world.ring(anas);
    forged.url.back() = forged.url.back() == 'A' ? 'B' : 'A';
    world.kill();
    world.clock.advance(25h);
    world.start();
    for (auto* call : {&old, &forged}) {
        world.pick_up(*call);
        CHECK(call->heard == std::vector<std::string>{"This call comes too late. Look in Slack, please. Goodbye."});
    }
    CHECK_FALSE(has(world.timeline_of(1), "a phone call"));
}

TEST_CASE("Without a public address answers are asked for, and answered by a message", "[scenarios][twilio][socket]")
{
    Telephones world{false};
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.far.text(anas, "4"); // of before: it answers nothing that comes later
    world.advance(1h);
    world.alert("Checkout is down");
    world.advance(2min); // her text message went out after the first
    INFO(world.slack().story());
    CHECK(world.alert_of(1).state == AlertState::triggered);
    CHECK(has(world.last_text_to(anas), "[#1 critical] checkout: Checkout is down\nReply 4 1 to acknowledge, 6 1 to resolve."));
    CHECK(world.far.messages.back().callback.empty());
    world.far.text(anas, "4");
    const auto listed = world.far.listed;
    world.advance(15s);
    CHECK(world.far.listed == listed + 1);
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
    CHECK(world.alert_of(1).answered_via == "a text message");
    world.advance(5s);
    CHECK(world.last_text_to(anas) == "You have #1 Checkout is down. Nobody else is paged.");
    const auto sent = world.texts_to(anas).size();
    world.advance(5min);
    CHECK(world.texts_to(anas).size() == sent);
    world.far.text(anas, "6");
    world.advance(1min);
    CHECK(world.alert_of(1).state == AlertState::resolved);
    world.advance(1min);
    const auto last = world.far.listed;
    world.advance(1h); // nothing is open
    CHECK(world.far.listed - last >= 5);
    CHECK(world.far.listed - last <= 7);
}

TEST_CASE("An answer by words is about what she had been told when she wrote", "[scenarios][twilio][socket]")
{
    Telephones world{false};
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.advance(2min);
    world.resolved();
    world.far.text(anas, "4");
    world.advance(5s);
    world.alert("Ledger is down", "ledger");
    world.advance(2min); // her words are heard only now
    INFO(world.slack().story());
    CHECK(world.alert_of(1).state == AlertState::resolved);
    CHECK(world.alert_of(2).state == AlertState::triggered);
    const auto texts = world.texts_to(anas);
    CHECK(std::any_of(
        texts.begin(), texts.end(), [](const std::string& text) { return has(text, "Nothing is open that you were told of"); }));
}

TEST_CASE("Without a public address START is heard also when nobody was texted for long", "[scenarios][twilio][socket]")
{
    Telephones world{false};
    const auto method = world.add(ContactKind::sms, world.ana().id(), anas);
    world.advance(25h);
    world.far.text(anas, "STOP");
    world.advance(11min);
    CHECK(world.method(method.id).stopped_at != TimePoint{});
    world.far.text(anas, "START");
    world.advance(11min);
    CHECK(world.method(method.id).stopped_at == TimePoint{});
}

TEST_CASE("What Twilio took without saying so is looked up, and nobody gets it twice", "[scenarios][twilio][socket]")
{
    Telephones world{GENERATE(true, false)};
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.add(ContactKind::voice, world.ana().id(), anas);
    const auto taken = GENERATE(true, false);
    CAPTURE(taken);
    world.alert("Checkout is down");
    world.alert("Ledger is slow", "ledger"); // the one is not taken for the other
    world.advance(59s);
    world.far.be_silent(taken, 4);
    world.advance(1min);
    const auto texts = world.texts_to(anas);
    CHECK(texts.size() == 2);
    CHECK(world.far.calls.size() == 2);
    for (const auto* which : {"[#1 ", "[#2 "})
        CHECK(std::count_if(texts.begin(), texts.end(), [&](const std::string& one) { return has(one, which); }) == 1);
    for (const std::int64_t page : {1, 2})
        for (const auto& one : world.look([&](storage::Transaction& tx) { return storage::Notifications{tx}.of_page({page}); }))
            if (one.method.starts_with("sms:") || one.method.starts_with("voice:")) {
                CHECK(one.state == oncall::NotificationState::sent);
                CHECK(one.reference.size() == 34);
            }
    // It is followed from then on.
    world.far.report(world.far.messages.front(), "delivered", 0, false);
    world.advance(1min);
    const auto notified = world.look([](storage::Transaction& tx) { return storage::Notifications{tx}.of_alert({1}); });
    CHECK(std::any_of(notified.begin(), notified.end(),
        [](const auto& one) { return one.method.starts_with("sms:") && one.state == oncall::NotificationState::confirmed; }));
}

TEST_CASE("A text message of several is found, too, when some of them were answered since", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    for (const auto* key : {"1", "2", "3", "4", "5", "6"})
        world.alert(std::string{"Alert "} + key, key);
    world.advance(89s);
    REQUIRE(world.texts_to(anas).size() == 3); // three by themselves, the others a minute after their bundle closed
    const auto taken = GENERATE(true, false);
    CAPTURE(taken);
    world.far.be_silent(taken);
    world.advance(5s);
    world.bo().command("/oncall", "ack 5", "#payments-alerts");
    world.advance(1min);
    INFO(world.slack().story());
    const auto texts = world.texts_to(anas);
    REQUIRE(texts.size() == 4);
    CHECK(has(texts.back(), taken ? "3 pages: " : "2 pages: "));
    const auto state_of = [&](std::int64_t alert) {
        for (const auto& one : world.look([&](storage::Transaction& tx) { return storage::Notifications{tx}.of_alert({alert}); }))
            if (one.method.starts_with("sms:"))
                return one.state;
        return oncall::NotificationState::planned;
    };
    CHECK(state_of(4) == oncall::NotificationState::sent);
    CHECK(state_of(5) == (taken ? oncall::NotificationState::sent : oncall::NotificationState::cancelled));
}

TEST_CASE("A service that dies while Twilio takes something does not have it sent twice", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.advance(59s);
    world.far.be_silent();
    world.advance(2s);
    CHECK(world.texts_to(anas).size() == 1);
    world.kill();
    world.start();
    world.advance(30s);
    CHECK(world.texts_to(anas).size() == 1);
}

TEST_CASE("An answer that came while the bot was away is found", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.advance(70s);
    REQUIRE(world.texts_to(anas).size() == 1);
    world.kill();
    world.text(anas, "4"); // nobody is there to be told
    world.advance(30s);
    world.start();
    world.advance(61s);
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
    CHECK(world.last_text_to(anas) == "You have #1 Checkout is down. Nobody else is paged.");
}

TEST_CASE(
    "A text message that the network did not deliver is sent again a minute later, and it is said", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.advance(60s);
    REQUIRE(world.texts_to(anas).size() == 1);
    CHECK(world.far.messages.back().callback == public_url + "/twilio/status");
    auto& message = world.far.messages.back();
    SECTION("told by a callback")
    {
        world.far.report(message, "sent");
        world.advance(2s);
        world.far.report(message, "undelivered", 30003);
        world.settle();
        world.far.repeat();
        world.settle();
    }
    SECTION("the callback is lost: it is asked for")
    {
        world.far.report(message, "undelivered", 30003, false);
        world.advance(10s);
    }
    world.advance(50s);
    CHECK(world.texts_to(anas).size() == 1);
    world.advance(20s);
    CHECK(world.texts_to(anas).size() == 2);
    CHECK(has(world.errors(), "the phone cannot be reached"));
    world.far.report(world.far.messages.back(), "undelivered", 30005);
    world.advance(70s);
    REQUIRE(world.texts_to(anas).size() == 3);
    world.far.report(world.far.messages.back(), "undelivered", 30005);
    world.advance(2min);
    CHECK(world.texts_to(anas).size() == 3);
    INFO(world.timeline_of(1));
    CHECK(has(world.timeline_of(1), "the network knows no such number"));
}

TEST_CASE("A text message that arrived is not sent again", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.advance(60s);
    REQUIRE(world.texts_to(anas).size() == 1);
    world.far.report(world.far.messages.back(), "delivered");
    world.settle();
    const auto notified = world.look([](storage::Transaction& tx) { return storage::Notifications{tx}.of_page({1}); });
    const auto sms =
        std::find_if(notified.begin(), notified.end(), [](const auto& one) { return one.method.starts_with("sms:"); });
    REQUIRE(sms != notified.end());
    CHECK(sms->state == oncall::NotificationState::confirmed);
    // Late and in the wrong order: what has arrived has arrived.
    world.far.report(world.far.messages.back(), "undelivered", 30003);
    world.advance(100s);
    CHECK(world.texts_to(anas).size() == 1);
}

TEST_CASE("A call that nobody took is made again a minute later; one that was taken is not", "[scenarios][twilio][socket]")
{
    Telephones world;
    world.add(ContactKind::voice, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.advance(60s);
    REQUIRE(world.far.calls.size() == 1);
    CHECK(has(world.far.calls.front().url, public_url + "/twilio/voice/"));
    SECTION("nobody picked up")
    {
        world.far.end(world.far.calls.front(), "no-answer");
        world.advance(70s);
        CHECK(world.far.calls.size() == 2);
        CHECK(has(world.errors(), "nobody picked up"));
    }
    SECTION("a machine picked up")
    {
        world.pick_up(world.far.calls.front(), "machine_start");
        CHECK(world.far.calls.front().heard.empty());
        world.advance(70s);
        CHECK(world.far.calls.size() == 2);
        CHECK(has(world.errors(), "an answering machine picked up"));
    }
    SECTION("she picked up and pressed nothing")
    {
        world.pick_up(world.far.calls.front());
        CHECK(world.far.calls.front().heard.size() == 3);
        world.far.wait(world.far.calls.front());
        world.advance(100s);
        CHECK(world.far.calls.size() == 1);
    }
    SECTION("she pressed a key")
    {
        world.pick_up(world.far.calls.front());
        world.press(world.far.calls.front(), "1");
        CHECK(world.alert_of(1).state == AlertState::acknowledged);
        world.advance(10min);
        CHECK(world.far.calls.size() == 1);
    }
}

TEST_CASE("Who sent STOP to the number itself is not texted again, and it is said", "[scenarios][twilio][socket]")
{
    Telephones world;
    const auto sms = world.add(ContactKind::sms, world.ana().id(), anas);
    world.far.sms_url.clear(); // Twilio keeps it to itself
    world.alert("Checkout is down");
    world.advance(50s);
    world.text(anas, "STOP");
    world.advance(20s);
    CHECK(world.texts_to(anas).empty());
    CHECK_FALSE(oncall::is_usable(world.method(sms.id)));
    CHECK(has(world.timeline_of(1), "STOP"));
    CHECK(std::exchange(world.far.refused, {}).size() == 1);
}

namespace {

net::Response unavailable()
{
    net::Response response;
    response.status = 503;
    return response;
}

/// Of the first alert's notification by text message.
oncall::Notification text_of_page(Telephones& world)
{
    for (const auto& one : world.look([](storage::Transaction& tx) { return storage::Notifications{tx}.of_page({1}); }))
        if (one.method.starts_with("sms:"))
            return one;
    return {};
}

} // namespace

TEST_CASE(
    "What the first Twilio account cannot send the second one does, and the timeline says so", "[scenarios][twilio][socket]")
{
    Telephones world{true, true};
    world.add(ContactKind::sms, world.ana().id(), anas);
    const bool refuses = GENERATE(true, false);
    world.far.fail(refuses ? twilio::Twilio::error(401, 20003, "Authenticate") : unavailable());
    const std::string why{
        refuses ? "Twilio: Twilio does not take our credentials" : "Twilio: Twilio has trouble (HTTP status 503)"};
    world.alert("Checkout is down");
    world.advance(61s);
    INFO(world.timeline_of(1));
    CHECK(world.far.messages.empty());
    REQUIRE(world.second.messages.size() == 1);
    CHECK(world.second.messages[0].to == anas);
    CHECK(world.second.messages[0].from == second_account.number);
    CHECK(has(world.timeline_of(1), ": SMS went by Twilio 2, after a failure (" + why));
    CHECK(text_of_page(world).provider == "Twilio 2");
    CHECK(text_of_page(world).attempts == 1);

    // What becomes of it is told, or asked for, where it was sent.
    SECTION("told")
    {
        world.second.report(world.second.messages[0], "delivered");
        world.settle();
        CHECK(text_of_page(world).state == oncall::NotificationState::confirmed);
    }
    SECTION("asked for")
    {
        world.second.report(world.second.messages[0], "delivered", 0, false);
        world.advance(10s);
        CHECK(text_of_page(world).state == oncall::NotificationState::confirmed);
    }
    // And so are answers.
    world.second.text(anas, "4");
    world.settle();
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
    CHECK(has(world.second.messages.back().body, "You have #1"));
    for (const auto& answer : world.second.answers)
        CHECK(answer.status / 100 == 2);
}

TEST_CASE("A Twilio account that was in trouble a moment ago is asked last", "[scenarios][twilio][socket]")
{
    Telephones world{true, true};
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.far.fail(unavailable());
    world.alert("Checkout is down", "one");
    world.advance(10s);
    world.alert("Cart is down", "two");
    world.advance(65s);
    CHECK(world.far.messages.empty());
    CHECK(world.second.messages.size() == 2);
    CHECK(has(world.timeline_of(1), "SMS went by Twilio 2"));
    CHECK_FALSE(has(world.timeline_of(2), "SMS went by")); // nothing failed on its way
    world.advance(1min);
    world.alert("Search is down", "three");
    world.advance(61s);
    CHECK(has(world.last_text_to(anas), "Search is down"));
}

TEST_CASE("What the first Twilio account took and then failed goes by the second one", "[scenarios][twilio][socket]")
{
    Telephones world{true, true};
    const auto sms = world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.advance(60s);
    REQUIRE(world.far.messages.size() == 1);
    // Our number is not registered; the daily limit; filtered out; her number said STOP to ours.
    const auto [code, told] = GENERATE(table<int, bool>({{30034, true}, {63038, false}, {30007, true}, {21610, true}}));
    CAPTURE(code, told);
    world.far.report(world.far.messages[0], "undelivered", code, told);
    world.advance(70s);
    CHECK(world.far.messages.size() == 1);
    REQUIRE(world.second.messages.size() == 1);
    CHECK(world.second.messages[0].to == anas);
    CHECK(text_of_page(world).attempts == 2);
    CHECK(text_of_page(world).provider == "Twilio 2");
    CHECK(oncall::is_usable(world.method(sms.id)));
    // And back, when that one fails as well.
    world.second.report(world.second.messages[0], "undelivered", 30008);
    world.advance(70s);
    CHECK(world.far.messages.size() == 2);
    CHECK(world.second.messages.size() == 1);
}

TEST_CASE("STOP to one of our numbers leaves the others, once START has come", "[scenarios][twilio][socket]")
{
    Telephones world{true, true};
    const auto sms = world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.advance(50s);
    SECTION("START to another number")
    {
        world.text(anas, "STOP");
        CHECK_FALSE(oncall::is_usable(world.method(sms.id)));
        world.second.text(anas, "START");
        world.settle();
        CHECK(oncall::is_usable(world.method(sms.id)));
        CHECK(has(world.second.messages.back().body, "If you sent STOP to another of our numbers, send START there too."));
    }
    SECTION("the other number is out for a moment")
    {
        world.far.sms_url.clear(); // Twilio keeps it to itself
        world.text(anas, "STOP");
        world.second.fail(unavailable());
    }
    world.advance(20s);
    INFO(world.timeline_of(1));
    CHECK(has(world.second.messages.back().body, "Checkout is down"));
    CHECK(text_of_page(world).provider == "Twilio 2");
    CHECK(oncall::is_usable(world.method(sms.id)));
    CHECK(has(world.timeline_of(1), "SMS went by Twilio 2, after a failure (Twilio: its owner answered STOP"));
    CHECK_FALSE(std::exchange(world.far.refused, {}).empty());
}

TEST_CASE("STOP to all of our numbers ends text messages", "[scenarios][twilio][socket]")
{
    Telephones world{true, true};
    const auto sms = world.add(ContactKind::sms, world.ana().id(), anas);
    world.far.sms_url.clear();
    world.second.sms_url.clear();
    world.alert("Checkout is down");
    world.advance(50s);
    world.text(anas, "STOP");
    world.second.text(anas, "STOP");
    world.advance(20s);
    CHECK_FALSE(oncall::is_usable(world.method(sms.id)));
    CHECK(std::exchange(world.far.refused, {}).size() == 1);
    CHECK(std::exchange(world.second.refused, {}).size() == 1);
}

TEST_CASE("STOP and START that are found late undo nothing newer", "[scenarios][twilio][socket]")
{
    Telephones world;
    const auto sms = world.add(ContactKind::sms, world.ana().id(), anas);
    const auto missed = [&](const std::string& words) {
        const auto url = std::exchange(world.far.sms_url, {});
        world.text(anas, words);
        world.far.sms_url = url;
        world.advance(10s);
    };
    const bool on = GENERATE(true, false);
    world.advance(16s); // asked for a moment ago
    world.text(anas, on ? "START" : "STOP");
    world.advance(10s);
    missed(on ? "STOP" : "START");
    world.text(anas, on ? "START" : "STOP");
    CHECK(oncall::is_usable(world.method(sms.id)) == on);
    const auto texts = world.texts_to(anas).size();
    world.advance(11min);
    CHECK(oncall::is_usable(world.method(sms.id)) == on);
    CHECK(world.look([](storage::Transaction& tx) { return storage::StoppedNumbers{tx}.has(anas); }) == !on);
    CHECK(world.texts_to(anas).size() == texts);
}

TEST_CASE("A call by the second Twilio account is answered by its keys", "[scenarios][twilio][socket]")
{
    Telephones world{true, true};
    world.add(ContactKind::voice, world.ana().id(), anas);
    world.far.fail(unavailable());
    world.alert("Checkout is down");
    world.advance(61s);
    CHECK(world.far.calls.empty());
    REQUIRE(world.second.calls.size() == 1);
    auto& call = world.second.calls[0];
    world.second.pick_up(call);
    world.settle();
    REQUIRE_FALSE(call.heard.empty());
    world.second.press(call, "1");
    world.settle();
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
    CHECK(has(world.timeline_of(1), "Call went by Twilio 2, after a failure"));
}

TEST_CASE("What one Twilio account has signed is not another's word", "[scenarios][twilio][socket]")
{
    Telephones world{true, true};
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    const auto said = [&](const std::string& account, const std::string& token) {
        std::vector<net::Header> fields{{"MessageSid", "SM1"}, {"From", anas}, {"Body", "4"}};
        if (!account.empty())
            fields.push_back({"AccountSid", account});
        return forge(world, "/twilio/sms", fields, twilio::signature(token, public_url + "/twilio/sms", fields)).status;
    };
    const std::string first{twilio::Twilio::account};
    CHECK(said(first, world.second.token) == 403);
    CHECK(said(second_account.account, world.far.token) == 403);
    CHECK(said("AC00000000000000000000000000000000", world.far.token) == 403);
    CHECK(said("", world.far.token) == 403);
    CHECK(world.alert_of(1).state == AlertState::triggered);
    CHECK(said(second_account.account, world.second.token) == 200);
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
}

TEST_CASE("Without a public address answers are asked for at each Twilio account", "[scenarios][twilio][socket]")
{
    Telephones world{false, true};
    world.add(ContactKind::sms, world.ana().id(), anas);
    world.alert("Checkout is down");
    world.far.fail(unavailable());
    world.advance(61s);
    REQUIRE(world.second.messages.size() == 1);
    world.second.text(anas, "4");
    world.advance(16s);
    CHECK(world.alert_of(1).state == AlertState::acknowledged);
}

TEST_CASE("A number that said STOP is not texted again, whoever adds it anew, until START", "[scenarios][twilio][socket]")
{
    Telephones world;
    const auto pending = world.add(ContactKind::sms, world.bo().id(), strangers, false);
    const auto stopped = [&] {
        return world.look([](storage::Transaction& tx) { return storage::StoppedNumbers{tx}.has(strangers); });
    };
    SECTION("while somebody had added it") { world.text(strangers, "STOP"); }
    SECTION("when whoever had added it has removed it already")
    {
        world.write([&](storage::Transaction& tx) {
            storage::ContactMethods{tx}.remove(pending.id);
            return true;
        });
        world.text(strangers, "STOP");
        CHECK(world.texts_to(strangers).empty());
    }
    CHECK(stopped());
    const auto add = [&](workspace::Person& person) {
        if (person.modals() > 0)
            person.close_all();
        person.command("/oncall", "contact", "#payments-alerts");
        world.settle();
        person.click_modal("Add a way…");
        world.settle();
        person.fill({{"By what", "SMS"}});
        person.submit();
        world.settle();
        person.fill({{"address", strangers}, {"Consent", "I agree to what is said below"}});
        person.submit();
        world.settle();
        const auto& errors = person.modal().errors;
        return errors.empty() ? std::string{} : errors.begin()->second;
    };
    world.write([&](storage::Transaction& tx) {
        storage::ContactMethods{tx}.remove(pending.id); // it may go, what was said stays
        return true;
    });
    const auto sent = world.far.messages.size();
    CHECK(has(add(world.bo()), "STOP was sent from this phone"));
    CHECK(has(add(world.ana()), "STOP was sent from this phone"));
    CHECK(world.far.messages.size() == sent);
    world.text(strangers, "START");
    CHECK_FALSE(stopped());
    CHECK(add(world.bo()) == "");
    CHECK(has(world.last_text_to(strangers), "Your code for on-call pages is"));
}
