#include "catch.hpp"
#include "delivery/topic.hpp"

#include <rapidcheck.h>

using namespace delivery;

namespace {

using Texts = std::vector<std::string>;

const Texts bo{"[On call: bo until Mon 9 Nov 09:00]", "[On call: bo]"};

} // namespace

TEST_CASE("Our part of a topic is put at its end, replaced where it stands, and taken away again", "[delivery][topic]")
{
    CHECK(topic_with("", bo) == bo[0]);
    CHECK(topic_with("Payments. Ask first", bo) == "Payments. Ask first " + bo[0]);
    CHECK(topic_with("Payments [On call: ana] ask first", bo) == "Payments " + bo[0] + " ask first");
    CHECK(topic_without("Payments " + bo[0] + " ask first") == "Payments ask first");
    CHECK(topic_without(bo[0] + " ask first") == "ask first");
    CHECK(topic_without(bo[0]).empty());
    // Not ours: it has no end, or begins otherwise.
    CHECK(topic_without("On call: see the wiki") == "On call: see the wiki");
    CHECK(topic_without("[On call: see the wiki") == "[On call: see the wiki");
}

TEST_CASE("What people wrote in a topic is never cut: our part gets shorter, or stays away", "[delivery][topic]")
{
    const std::string most(250 - bo[0].size() - 1, 'x');
    CHECK(topic_with(most, bo) == most + " " + bo[0]);
    CHECK(topic_with(most + "x", bo) == most + "x " + bo[1]);
    CHECK_FALSE(topic_with(std::string(245, 'x'), bo));
    // Counted as characters, not as bytes; what is beyond the common ones as two.
    std::string umlauts, faces;
    for (int i = 0; i < 200; ++i) {
        umlauts += "ä";
        faces += "😀";
    }
    CHECK(topic_with(umlauts, bo) == umlauts + " " + bo[0]);
    CHECK_FALSE(topic_with(faces, bo));
}

TEST_CASE("Whatever people write, our part leaves it as it was", "[delivery][topic]")
{
    const auto holds = rc::check("with and without", [] {
        const auto text = *rc::gen::container<std::string>(rc::gen::element('a', '[', ']', ' ', ':', '&', '<', '>'));
        RC_PRE(text.empty() || (text.back() != ' ' && text.front() != ' '));
        const auto with = topic_with(text, bo);
        if (!with)
            return;
        RC_ASSERT(topic_without(*with) == text);
        RC_ASSERT(topic_with(*with, bo) == with);
        RC_ASSERT(topic_with(topic_with(text, {"[On call: ana]"}).value_or(""), bo) == with);
    });
    CHECK(holds);
}

TEST_CASE("A topic is written back as it was typed", "[delivery][topic]")
{
    const std::map<std::string, std::string> names{{"U1", "ana"}, {"subteam^S1", "payments-oncall"}};
    const auto typed = [&](std::string_view shown) { return topic_as_typed(shown, names); };
    CHECK(typed("a &amp;&lt;b&gt; &amp;amp;") == "a &<b> &amp;");
    CHECK(typed("see <https://x.com/?a=1&amp;b=2>") == "see https://x.com/?a=1&b=2");
    CHECK(typed("see <http://x.com|x.com>, <mailto:a@x.com|a@x.com>") == "see x.com, a@x.com");
    CHECK(typed("<https://x.com|the wiki>") == "the wiki https://x.com");
    CHECK(typed("ask <@U1> in <#C1|ops>, or <!subteam^S1>, <!subteam^S2|@search>, <!here>")
        == "ask @ana in #ops, or @payments-oncall, @search, @here");
    CHECK(typed("2 < 3") == "2 < 3");
    CHECK_FALSE(typed("ask <@U404>"));
    CHECK_FALSE(typed("ask in <#C404>"));
    CHECK_FALSE(typed("ask <!subteam^S404>"));
    CHECK(mentioned_in("<@U1> and <@U2|bo>") == Texts{"U1", "U2"});
}
