#include "catch.hpp"
#include "handlers/page_words.hpp"

using namespace handlers;
using namespace oncall;

namespace {

Configuration recipients()
{
    Configuration all;
    all.teams["payments"] = {.name = "payments", .user_group = "@payments-oncall"};
    all.teams["Night owls"].name = "Night owls";
    all.services["checkout"].name = "checkout";
    all.services["Q&A"].name = "Q&A";
    all.schedules["payments"].name = "payments";
    all.policies["cto"].name = "cto";
    all.teams["Night owls"].members = {"bo@example.com"};
    return all;
}

std::string listed(const PageSentence& said)
{
    std::string text;
    for (const auto& one : said.whom)
        text += (text.empty() ? "" : " ") + recipient_out(one);
    return text;
}

struct Case {
    const char* text{};
    const char* whom{};
    const char* reason{};
    std::optional<Urgency> urgency{};
};

} // namespace

TEST_CASE("A sentence that pages is taken apart as its writer meant it", "[handlers][byhand]")
{
    constexpr auto high = Urgency::high, low = Urgency::low;
    const auto all = recipients();
    for (const auto& one : {
             // Without a colon the people at the beginning are meant, and what is called so in the reason is not.
             Case{"<@UANA> checkout is down", "person:UANA", "checkout is down", {}},
             Case{"<@UANA|ana> <@UBO> checkout is down", "person:UANA person:UBO", "checkout is down", {}},
             Case{"<@UANA>, <@UBO> and <@UCHI> the till burns", "person:UANA person:UBO person:UCHI", "the till burns", {}},
             Case{"<@UANA> and the till burns", "person:UANA", "and the till burns", {}},
             Case{"<mailto:ana@example.com|ana@example.com> why", "person:ana@example.com", "why", {}},
             Case{"@zoe why", "person:@zoe", "why", {}},
             // Behind a name an address is somebody only if the configuration has them.
             Case{"payments backup@db3 failed", "team:payments", "backup@db3 failed", {}},
             Case{"<@UANA> and <mailto:root@db3.example.com|root@db3.example.com> cannot mail", "person:UANA",
                 "and <mailto:root@db3.example.com|root@db3.example.com> cannot mail", {}},
             Case{"payments bo@example.com <@UANA> @zoe why", "team:payments person:bo@example.com person:UANA person:@zoe",
                 "why", {}},
             Case{"payments zoe@example.com: why", "team:payments person:zoe@example.com", "why", {}},
             Case{"zoe@example.com why", "person:zoe@example.com", "why", {}},
             Case{"payments the till burns", "team:payments", "the till burns", {}},
             Case{"payments <@UANA> the till burns", "team:payments person:UANA", "the till burns", {}},
             Case{"checkout payments fail", "service:checkout", "payments fail", {}},
             Case{"night owls the till burns", "team:Night owls", "the till burns", {}},
             Case{"q&amp;a is gone", "service:Q&A", "is gone", {}},
             Case{"schedule:payments the till burns", "schedule:payments", "the till burns", {}},
             Case{"schedule payments the till burns", "schedule:payments", "the till burns", {}},
             Case{"team:night owls the till burns", "team:Night owls", "the till burns", {}},
             Case{"<!subteam^S1|@payments-oncall> the till burns", "team:payments", "the till burns", {}},
             Case{"<!subteam^S2|@dba> the till burns", "group:S2", "the till burns", {}},
             Case{"<!subteam^S2> the till burns", "group:S2", "the till burns", {}},
             Case{"@payments-oncall the till burns", "team:payments", "the till burns", {}},
             // Up to a colon all are meant.
             Case{"<@UANA> <@UBO> payments: checkout is down", "person:UANA person:UBO team:payments", "checkout is down", {}},
             Case{"<@UANA>: checkout is down", "person:UANA", "checkout is down", {}},
             Case{"payments, checkout and cto: all is down", "team:payments service:checkout policy:cto", "all is down", {}},
             Case{"payments &amp; night owls : all is down", "team:payments team:Night owls", "all is down", {}},
             Case{"<@UANA> the answer: 42", "person:UANA", "the answer: 42", {}},
             Case{"<@UANA> <@UANA>: twice", "person:UANA", "twice", {}},
             Case{"<@UANA> - the till burns", "person:UANA", "the till burns", {}},
             Case{"<@UANA> -5 degrees", "person:UANA", "-5 degrees", {}},
             // Urgency.
             Case{"low <@UANA> the till is slow", "person:UANA", "the till is slow", low},
             Case{"low urgency <@UANA> the till is slow", "person:UANA", "the till is slow", low},
             Case{"<@UANA> low: the till is slow", "person:UANA", "the till is slow", low},
             Case{"low payments: the till is slow", "team:payments", "the till is slow", low},
             Case{"urgently <@UANA> the till burns", "person:UANA", "the till burns", high},
             Case{"<@UANA> urgently the till burns", "person:UANA", "the till burns", high},
             Case{"<@UANA> low disk space", "person:UANA", "low disk space", {}},
             Case{"<@UANA> high load", "person:UANA", "high load", {}},
             // Not all of it is there.
             Case{"<@UANA>", "person:UANA", "", {}},
             Case{"payments:", "team:payments", "", {}},
             Case{"", "", "", {}},
         }) {
        INFO(one.text);
        const auto said = page_sentence(one.text, all);
        CHECK(listed(said) == one.whom);
        CHECK(said.reason == one.reason);
        CHECK(said.urgency == one.urgency);
        CHECK(said.unknown == "");
    }
}

TEST_CASE("What a sentence leaves open is told", "[handlers][byhand]")
{
    const auto all = recipients();
    const auto shared = page_sentence("payments the till burns", all).shared;
    REQUIRE(shared.size() == 1);
    CHECK(shared[0].taken == Recipient{RecipientKind::team, "payments"});
    CHECK(shared[0].others == std::vector<Recipient>{{RecipientKind::schedule, "payments"}});
    CHECK(page_sentence("team:payments the till burns", all).shared.empty());
    CHECK(page_sentence("paymens the till burns", all).unknown == "paymens");
    CHECK(page_sentence("low paymens the till burns", all).unknown == "paymens");
    CHECK(page_sentence("<@UANA> low disk space", all).may_mean_low);
    CHECK(page_sentence("<@UANA>: low disk space", all).may_mean_low);
    CHECK_FALSE(page_sentence("low <@UANA> low disk space", all).may_mean_low);
    CHECK_FALSE(page_sentence("<@UANA> lowlands are flooded", all).may_mean_low);
}

TEST_CASE("What Slack escaped is read by people, and read out, as it was written", "[handlers][byhand]")
{
    const std::map<std::string, std::string> names{{"UANA", "Ana"}};
    const std::pair<const char*, const char*> cases[]{{"ask <@UANA> now", "ask Ana now"}, {"<@UZOE|zoe> <@UX>", "zoe UX"},
        {"a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"}, {"&amp;lt;", "&lt;"},
        {"see <https://x.example.com/?a=1&amp;b=2>", "see https://x.example.com/?a=1&b=2"},
        {"<https://x.example.com|the graph>", "the graph (https://x.example.com)"},
        {"<#C1|ops> <!here> <!subteam^S1|@dba>", "#ops @here @dba"}, {"<!date^1^{time}|noon>", "noon"},
        {"<mailto:a@example.com|a@example.com>", "a@example.com"}, {"a < b", "a < b"}, {"", ""}};
    for (const auto& [typed, read] : cases)
        CHECK(typed_plain(typed, names) == read);
}
