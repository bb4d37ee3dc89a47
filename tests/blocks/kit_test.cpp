#include "blocks/kit.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "workspace/block_kit.hpp"

using namespace blocks::kit;
using namespace std::chrono_literals;
using oncall::TimePoint;

namespace {

std::string many(int times, const std::string& piece)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += piece;
    return all;
}

std::string cut(const std::string& foreign, std::size_t most) { return shortened(escape(foreign), most).text(); }

} // namespace

TEST_CASE("Foreign text is shown as it is and means nothing to Slack", "[blocks][kit]")
{
    CHECK(escape("<!channel> & <@U1> &lt;").text() == "&lt;!channel&gt; &amp; &lt;@U1&gt; &amp;lt;");
    CHECK(escape("a\r\nb\rc\u2028d\te").text() == "a\nb\nc\nd e");
    CHECK(escape(std::string{"a\0b\x1B[31mc\x7F", 10}).text() == "ab[31mc");
    CHECK(escape("\u202Egpj.exe\u2066x\u2069\uFEFF").text() == "gpj.exex");
    CHECK(escape("grün 😀 日本 👩‍🚒").text() == "grün 😀 日本 👩‍🚒");
}

TEST_CASE("Broken UTF-8 becomes replacement characters", "[blocks][kit]")
{
    const std::string broken{"\uFFFD"};
    CHECK(escape("a\xFF"
                 "b")
              .text()
        == "a" + broken + "b");
    CHECK(escape("\xC0\x80").text() == broken + broken); // overlong
    CHECK(escape("\xE0\x80\x80").text() == broken + broken + broken);
    CHECK(escape("\xED\xA0\x80").text() == broken + broken + broken); // a surrogate
    CHECK(escape("\xF4\x90\x80\x80").text() == many(4, broken)); // past the last code point
    CHECK(escape("x\xF0\x9F\x98").text() == "x" + broken + broken + broken); // cut off
    CHECK(escape("\xE2\x82<").text() == broken + broken + "&lt;"); // must not swallow what follows
}

TEST_CASE("One line is one line", "[blocks][kit]")
{
    CHECK(one_line("  a \n\n b\tc  ", 50).text() == "a b c");
    CHECK(one_line(" \n\u2003\u200B", 50).text().empty());
    CHECK(one_line("abcdef", 4).text() == "abc…");
}

TEST_CASE("Text is cut between code points, never in an entity or a token, and ends in an ellipsis", "[blocks][kit]")
{
    CHECK(cut("abcdef", 6) == "abcdef");
    CHECK(cut("abcdefg", 6) == "abcde…");
    CHECK(cut("üüüüüüü", 6) == "üüüüü…");
    CHECK(cut("😀😀😀😀", 6) == "😀😀…"); // two units each
    CHECK(cut("ab<<", 6) == "ab…"); // "ab&lt;&lt;": the first entity would end at six
    CHECK(cut("ab<<", 7) == "ab&lt;…");
    CHECK(cut("abc   defghi", 6) == "abc…");
    CHECK(shortened("at " + date(TimePoint{0ms}) + " more", 30).text() == "at…");
    CHECK(shortened("hi " + mention("U012AB3CD") + "!!", 16).text() == "hi <@U012AB3CD>…");
    CHECK(shortened("hi " + mention("U012AB3CD") + "!!", 15).text() == "hi…");
}

TEST_CASE("Only what looks like a Slack id is mentioned", "[blocks][kit]")
{
    CHECK(mention("U012AB3CD").text() == "<@U012AB3CD>");
    CHECK(mention("W012AB3CD").text() == "<@W012AB3CD>");
    CHECK(mention("ana@example.com").text() == "ana@example.com");
    CHECK(mention("Ulrich").text() == "Ulrich");
    CHECK(mention("U").text() == "U");
    CHECK(mention("U1> <!channel").text() == "U1&gt; &lt;!channel");
    CHECK(mention("S012AB3CD").text() == "S012AB3CD");
}

TEST_CASE("People are called by their name, or by their id", "[blocks][kit]")
{
    const blocks::Names names{{"U012AB3CD", "Ana <3"}, {"U2", ""}};
    CHECK(name("U012AB3CD", names).text() == "Ana &lt;3");
    CHECK(name("U2", names).text() == "U2");
    CHECK(name("<@U3>", names).text() == "&lt;@U3&gt;");
    CHECK(name("", names).text() == "somebody");
}

TEST_CASE("Times are shown in the reader's zone, with UTC for what cannot", "[blocks][kit]")
{
    CHECK(date(TimePoint{1'793'610'000'000ms}).text() == "<!date^1793610000^{date_short_pretty} at {time}|2026-11-02 09:00 UTC>");
    CHECK(unsound_text(date(TimePoint::min()).text()).empty());
    CHECK(unsound_text(date(TimePoint::max()).text()).empty());
}

TEST_CASE("Words of ours may speak of people and times; whatever else looks like a token is text", "[blocks][kit]")
{
    const blocks::Names names{{"U012AB3CD", "Ana"}, {"USA", "never called so"}};
    CHECK(
        prose("<@U012AB3CD> and <@U012AB3CD|ana>, U012AB3CD. XU012AB3CD U9", names).text() == "Ana and Ana, Ana. XU012AB3CD U9");
    CHECK(prose("<@U9>", names).text() == "U9");
    CHECK(prose("since <!date^0^{time}|x>.", names).text()
        == "since <!date^0^{date_short_pretty} at {time}|1970-01-01 00:00 UTC>.");
    CHECK(prose("<!date^1^<!channel>|x>", names).text().find("<!channel") == std::string::npos);
    CHECK(prose("<!date^99999999999999^{time}|x>", names).text().find("&lt;!date") == 0);
    CHECK(prose("<!date^-1> <!channel> <@u1> <@", names).text() == "&lt;!date^-1&gt; &lt;!channel&gt; &lt;@u1&gt; &lt;@");
}

TEST_CASE("What is too long for one text is cut at nine tenths of the limit", "[blocks][kit]")
{
    const auto text = section(escape(std::string(5'000, 'x')))["text"]["text"].get<std::string>();
    CHECK(workspace::length(text) == 2'700);
    CHECK(section("").is_null());
    CHECK(section(" \n").is_null());
    CHECK(context({"", " "}).is_null());
    CHECK(actions({blocks::Json{}}).is_null());
    CHECK(context(std::vector<Mrkdwn>(15, "x"))["elements"].size() == 10);
}

TEST_CASE("A message with too much in it keeps its buttons and what comes first", "[blocks][kit]")
{
    const auto pressed = actions({button("Go", "go", "1")});
    std::vector<blocks::Json> blocks(70, section("short"));
    blocks.push_back(pressed);
    const auto long_one = message("text", blocks);
    CHECK(long_one.blocks.size() == 50);
    CHECK(long_one.blocks.back() == pressed);
    const auto coloured = message("text", blocks, "#E01E5A");
    CHECK(coloured.blocks.size() == 20);
    CHECK(coloured.blocks.back() == pressed);
    CHECK(unsound(coloured).empty());

    std::vector<blocks::Json> heavy(8, section(escape(std::string(3'000, '<'))));
    heavy.push_back(context({"late"}));
    heavy.push_back(pressed);
    const auto light = message(escape(std::string(9'000, '&')), heavy);
    CHECK(unsound(light).empty());
    CHECK(light.blocks.back() == pressed);
    CHECK(workspace::length(light.text) <= 3'900);
    CHECK(light.text.ends_with("&amp;…"));
    CHECK(message("", {}).text == "(nothing to say)");
}
