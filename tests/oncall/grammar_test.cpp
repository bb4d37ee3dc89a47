#include "catch.hpp"
#include "oncall/grammar.hpp"
#include "places.hpp"

#include <chrono>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

using namespace oncall;

namespace {

const std::string grammar_zone{"Europe/Berlin"};
TimePoint grammar_time(std::string_view local) { return to_instant(*local_time_in(local), grammar_zone); }
const TimePoint spoken_at = grammar_time("2026-11-03T13:00:20");

Policy by_schedules(const std::string& name, const std::vector<std::string>& schedules)
{
    Policy policy;
    policy.name = name;
    Level level;
    for (const auto& one : schedules)
        level.targets.push_back({TargetKind::schedule, one});
    if (schedules.empty())
        level.targets.push_back({TargetKind::user, "sto@example.com"});
    policy.levels.push_back(level);
    return policy;
}

Configuration spoken_of()
{
    Configuration all;
    for (const auto* name : {"payments", "primary", "nights", "lates"})
        all.schedules[name].name = name;
    all.policies["payments"] = by_schedules("payments", {"payments"});
    all.policies["dba"] = by_schedules("dba", {"primary"});
    all.policies["storage"] = by_schedules("storage", {});
    all.policies["owls"] = by_schedules("owls", {"nights", "lates"});
    all.teams["payments"] = {.name = "payments", .user_group = "@payments-oncall", .policy = "payments"};
    all.teams["db"] = {.name = "db", .policy = "dba"};
    all.teams["Night owls"] = {.name = "Night owls", .policy = "owls"};
    all.services["checkout"] = {.name = "checkout", .team = "payments"};
    all.services["ledger"] = {.name = "ledger", .team = "payments"};
    all.services["Q&A"] = {.name = "Q&A", .team = "payments"};
    all.services["db"] = {.name = "db", .team = "db", .policy = "storage"};
    return all;
}

const std::vector<CalledPerson> spoken_to{{"UANA", "Ana Weber", "ana"}, {"UBO", "Bo Lind", "bo"}, {"UCHI", "Chi Park", "chi"},
    {"UKIM1", "Kim Lee", "kim.lee"}, {"UKIM2", "Kim Ray", "kim.ray"}, {"UDEE", "Dee Moss", "dmoss"}};

Sentence heard(const std::string& text, const Configuration& configuration, Speaker speaker = {"UANA", grammar_zone, spoken_at})
{
    const Vocabulary vocabulary{configuration, spoken_to, {{AlertId{7}, "Checkout is down"}, {AlertId{9}, "Disk"}}};
    return understand(text, speaker, vocabulary);
}

std::string command_of(const Sentence& said) { return said.verb + (said.rest.empty() ? "" : " " + said.rest); }

/// As in sentences.txt.
std::string as_in_table(const Sentence& said)
{
    if (!said.readings.empty()) {
        std::string all;
        for (const auto& one : said.readings)
            all += (all.empty() ? "? " : " | ") + one.command;
        return all;
    }
    if (said.verb.empty())
        return said.suggestions.empty() ? "!" : "! " + said.suggestions.front();
    return command_of(said);
}

std::vector<std::pair<std::string, std::string>> sentences()
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/tests/oncall/sentences.txt"};
    REQUIRE(file);
    std::vector<std::pair<std::string, std::string>> all;
    for (std::string line; std::getline(file, line);)
        if (const auto arrow = line.find(" => "); arrow != line.npos && !line.starts_with("# "))
            all.push_back({line.substr(0, arrow), line.substr(arrow + 4)});
    return all;
}

std::vector<std::string> must_not_act()
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/tests/oncall/must_not_act.txt"};
    REQUIRE(file);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && !line.starts_with("# "))
            all.push_back(line);
    return all;
}

const Speaker spoken_in_thread{"UANA", grammar_zone, spoken_at, AlertId{42}, false};
const Speaker spoken_in_dm{"UANA", grammar_zone, spoken_at, AlertId{}, false};
const Speaker spoken_in_passing{"UANA", grammar_zone, spoken_at, AlertId{42}, false, true};

/// Whether it is done without being asked back. Of an alert without a number nothing is.
bool acts(const Sentence& said)
{
    const auto* const verb = said.verb.empty() ? nullptr : command_verb(said.verb);
    if (!verb || !may_change(*verb) || said.rest.empty() || said.rest == "list")
        return false;
    return !verb->verb || said.rest.front() == '#' || (said.rest.front() >= '0' && said.rest.front() <= '9');
}

} // namespace

TEST_CASE("Each sentence of the table is understood as its writer meant it", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    const auto table = sentences();
    CHECK(table.size() >= 200);
    for (const auto& [sentence, meaning] : table) {
        INFO(sentence);
        CHECK(as_in_table(heard(sentence, configuration)) == meaning);
    }
}

TEST_CASE("What is understood is said shortly and understood the same again", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    for (const auto& [sentence, meaning] : sentences()) {
        const auto first = heard(sentence, configuration);
        std::vector<std::string> commands;
        if (!first.verb.empty())
            commands.push_back(command_of(first));
        for (const auto& one : first.readings) {
            CHECK_FALSE(one.label.empty());
            commands.push_back(one.command);
        }
        for (const auto& command : commands) {
            INFO(sentence << " -> " << command);
            const auto again = heard(command, configuration);
            // A button asks nothing more. Typed, an order that is put off is asked about again, and is the same.
            const auto shown = as_in_table(again);
            CHECK((shown == command || shown == "? " + command));
        }
    }
}

TEST_CASE("What is no order changes nothing and pages nobody", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    const auto table = must_not_act();
    CHECK(table.size() >= 40);
    for (const auto& text : table) {
        INFO(text);
        CHECK_FALSE(acts(heard(text, configuration)));
        CHECK_FALSE(acts(heard(text, configuration, spoken_in_dm)));
        CHECK_FALSE(acts(heard(text, configuration, spoken_in_thread)));
        CHECK_FALSE(acts(heard(text, configuration, spoken_in_passing)));
    }
    // With a question mark the same holds for whatever does not begin with its verb.
    for (const auto& [sentence, meaning] : sentences()) {
        if (command_verb(sentence.substr(0, sentence.find(' '))))
            continue;
        INFO(sentence);
        CHECK_FALSE(acts(heard(sentence + "?", configuration)));
        CHECK_FALSE(acts(heard(sentence + "?", configuration, spoken_in_dm)));
        CHECK_FALSE(acts(heard(sentence + "?", configuration, spoken_in_thread)));
    }
    // It is not that nothing ever acts.
    CHECK(acts(heard("42 is fixed", configuration)));
    CHECK(acts(heard("ack", configuration, spoken_in_thread)));
}

TEST_CASE("Where others read along, a verb with more words than it needs asks first", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    for (const auto& [text, meaning] :
        std::vector<std::pair<std::string, std::string>>{{"resolved?", "? resolve 42"}, {"ack?", "? ack 42"},
            {"done with the deploy", "? resolve 42 with the deploy"}, {"close to finding it", "? resolve 42 to finding it"},
            {"ack", "ack 42"}, {"not me", "notme 42"}, {"i can't", "notme 42"}, {"snooze 2 hours", "snooze 42 2h"},
            {"note that 30 hosts are down", "note 42 30 hosts are down"}, {"note why is it slow?", "note 42 why is it slow?"},
            {"add bo he wrote it", "add 42 <@UBO> he wrote it"}, {"snooze 30", "? snooze 30 | snooze 42 30m"},
            {"ack 9", "? ack 9 | ack 42"}, {"ack #9", "ack 9"},
            {"resolve 2 nodes replaced", "? resolve 2 nodes replaced | resolve 42 2 nodes replaced"},
            {"resolved: 2 nodes replaced", "? resolve 42 2 nodes replaced"}, {"9 is fixed", "? resolve 9"},
            {"42 is fixed", "resolve 42"}}) {
        INFO(text);
        CHECK(as_in_table(heard(text, configuration, spoken_in_thread)) == meaning);
    }
    CHECK(as_in_table(heard("resolve 42 it was the cache", configuration, spoken_in_dm)) == "? resolve 42 it was the cache");
    CHECK(as_in_table(heard("page <@UBO> was it you", configuration, spoken_in_dm)) == "? page <@UBO> was it you");
    // Named among other words it only answers.
    Speaker in_passing = spoken_in_dm;
    in_passing.in_passing = true;
    CHECK(as_in_table(heard("ack 42", configuration, in_passing)) == "? ack 42");
    CHECK(as_in_table(heard("page payments the till burns", configuration, in_passing)) == "? page payments the till burns");
    CHECK(as_in_table(heard("who is on payments", configuration, in_passing)) == "who schedule:payments");
}

TEST_CASE("An order whose reason asks or says \"if\" is an order, and one that is put off is asked about", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    for (const std::string text : {"page payments: checkout fails when paying by card", "page payments: down since yesterday",
             "page payments: checkout is down, can somebody look?"}) {
        INFO(text);
        CHECK(as_in_table(heard(text, configuration)) == text);
        CHECK(as_in_table(heard(text, configuration, spoken_in_dm)) == text);
    }
    for (const auto& [text, meaning] : std::vector<std::pair<std::string, std::string>>{
             {"call bo at 5pm", "? page <@UBO>: at 5pm"}, {"page payments in 10 minutes", "? page payments in 10 minutes"},
             {"wake me at 7", "? page <@UANA>: at 7"}, {"snooze 2h", "? snooze 7 2h | snooze 9 2h"}}) {
        INFO(text);
        CHECK(as_in_table(heard(text, configuration, spoken_in_dm)) == meaning);
    }
    // What no button can carry is not asked with one.
    const auto endless = heard("page payments is it " + std::string(2'000, 'x') + "?", configuration, spoken_in_dm);
    CHECK(endless.readings.empty());
    CHECK(has(endless.question, "shorter"));
}

TEST_CASE("What puts somebody on call is done for an order alone", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    const std::string order{"override payments <@UANA> 30m"};
    CHECK(as_in_table(heard("put me on payments for 30 minutes", configuration, spoken_in_dm)) == order);
    CHECK(as_in_table(heard("put me on payments for 30 minutes?", configuration)) == "? " + order);
    CHECK(as_in_table(heard("put me on payments for 30 minutes?", configuration, spoken_in_dm)) == "? " + order);
    CHECK(as_in_table(heard("put me on payments for 30 minutes", configuration, spoken_in_passing)) == "? " + order);
}

TEST_CASE("In the thread of a page of several alerts none of them is meant by itself", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    Speaker in_thread = spoken_in_dm;
    in_thread.told_of = 6;
    for (const auto& [text, meaning] :
        std::vector<std::pair<std::string, std::string>>{{"ack", "? ack 7 | ack 9"}, {"on it", "? ack 7 | ack 9"},
            {"resolve", "? resolve 7 | resolve 9"}, {"snooze 2h", "? snooze 7 2h | snooze 9 2h"}, {"ack 9", "ack 9"}}) {
        INFO(text);
        CHECK(as_in_table(heard(text, configuration, in_thread)) == meaning);
    }
    const auto question = heard("ack", configuration, in_thread).question;
    CHECK(has(question, "of 6"));
    CHECK(has(question, "Acknowledge all"));
    CHECK(has(question, "/oncall status"));
}

TEST_CASE("A schedule may be called as the words around it", "[oncall][grammar]")
{
    auto configuration = spoken_of();
    configuration.schedules["oncall"].name = "oncall";
    CHECK(as_in_table(heard("who is on oncall", configuration)) == "who schedule:oncall");
    CHECK(as_in_table(heard("put bo on oncall for 2 hours", configuration)) == "override oncall <@UBO> 2h");
    CHECK(as_in_table(heard("put bo on primary for 2 hours", configuration)) == "override primary <@UBO> 2h");
    CHECK(as_in_table(heard("who is on call", configuration)) == "who");
}

TEST_CASE("Blanks that are none, smart quotes and capitals make no difference", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    for (const std::string text : {"ack\xC2\xA0"
                                   "42",
             "  ACK   #42 ", "Ack 42.", "ack\xE2\x80\x8B 42",
             "ack \xE2\x80\x9C"
             "42\xE2\x80\x9D",
             "ack\n42"}) {
        INFO(text);
        CHECK(as_in_table(heard(text, configuration)) == "ack 42");
    }
    CHECK(as_in_table(heard("", configuration)) == "who");
    CHECK(as_in_table(heard(" \xC2\xA0 ", configuration)) == "who");
}

TEST_CASE("In an alert's thread its number need not be said, and without forms it is asked for", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    Speaker in_thread{"UANA", grammar_zone, spoken_at, AlertId{7}, false};
    for (const auto& [text, meaning] :
        std::vector<std::pair<std::string, std::string>>{{"ack", "ack 7"}, {"ack it please", "ack 7"},
            {"on it in 10 minutes", "promise 7 10m"}, {"snooze until monday 9", "snooze 7 until 2026-11-09 09:00"},
            {"not me", "notme 7"}, {"snooze for 2 hours", "snooze 7 2h"}, {"what happened?", "timeline 7"}, {"ack #9", "ack 9"},
            {"reassign to bo", "reassign 7 <@UBO>"}, {"pass it to bo", "reassign 7 <@UBO>"}, {"looking into it", "ack 7"},
            {"i'll do it", "ack 7"}, {"I will do this", "ack 7"}, {"_on it_", "ack 7"}, {"it's fixed", "resolve 7"},
            {"it is resolved", "resolve 7"}, {"who has it?", "timeline 7"}, {"who acked it?", "timeline 7"}}) {
        INFO(text);
        CHECK(as_in_table(heard(text, configuration, in_thread)) == meaning);
    }
    CHECK(as_in_table(heard("note the cache was cold", configuration, in_thread)) == "note 7 the cache was cold");
    Speaker without_forms{"UANA", grammar_zone, spoken_at, AlertId{}, false};
    CHECK(as_in_table(heard("ack", configuration, without_forms)) == "? ack 7 | ack 9");
    CHECK(heard("ack", configuration, without_forms).readings.front().label == "ack #7 Checkout is down");
}

TEST_CASE("Times are those of the speaker's wall clock, over changes of the clocks as well", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    Speaker york{"UANA", "America/New_York", spoken_at};
    CHECK(as_in_table(heard("cover me friday 18:00-22:00", configuration, york)) == "cover 2026-11-06 18:00 to 2026-11-06 22:00");
    CHECK(as_in_table(heard("cover me tonight", configuration, york)) == "cover 2026-11-03 20:00 to 2026-11-04 08:00");
    Speaker nowhere{"UANA", "no/zone", spoken_at};
    CHECK(as_in_table(heard("snooze 42 until 18:00", configuration, nowhere)) == "snooze 42 until 2026-11-03 18:00");
    // On 2026-10-25 the clocks go back at 03:00, on 2027-03-28 forward at 02:00.
    Speaker autumn{"UANA", grammar_zone, grammar_time("2026-10-24T20:00:20")};
    CHECK(as_in_table(heard("cover me tonight", configuration, autumn)) == "cover 2026-10-24 20:00 to 2026-10-25 08:00");
    CHECK(
        as_in_table(heard("cover me sunday 02:30-04:00", configuration, autumn)) == "cover 2026-10-25 02:30 to 2026-10-25 04:00");
    CHECK(as_in_table(heard("put me on payments for 12 hours", configuration, autumn)) == "override payments <@UANA> 12h");
    Speaker spring{"UANA", grammar_zone, grammar_time("2027-03-27T20:00:20")};
    CHECK(as_in_table(heard("snooze 42 until 2:30", configuration, spring)) == "snooze 42 until 2027-03-28 03:00");
    // In the night the night is the one that runs.
    Speaker awake{"UANA", grammar_zone, grammar_time("2026-11-03T03:10:20")};
    CHECK(as_in_table(heard("who is on call tonight", configuration, awake)) == "who 2026-11-02 20:00 to 2026-11-03 08:00");
    // And "tomorrow" is asked about: it may be the day that comes with the light.
    CHECK(as_in_table(heard("snooze 42 until tomorrow morning", configuration, awake))
        == "? snooze 42 until 2026-11-03 08:00 | snooze 42 until 2026-11-04 08:00");
    CHECK(as_in_table(heard("cover me tomorrow 9-17", configuration, awake))
        == "? cover 2026-11-03 09:00 to 2026-11-03 17:00 | cover 2026-11-04 09:00 to 2026-11-04 17:00");
    CHECK(as_in_table(heard("who was on call last night", configuration, awake)) == "who 2026-11-01 20:00 to 2026-11-02 08:00");
    for (const auto* text : {"away tomorrow", "i'm away tomorrow", "i am out tmrw"}) {
        INFO(text);
        CHECK(as_in_table(heard(text, configuration, awake)) == "? away 2026-11-03 | away 2026-11-04");
    }
    const auto asked = heard("away tomorrow", configuration, awake);
    REQUIRE(asked.readings.size() == 2);
    CHECK(asked.readings[0].label.starts_with("Today, Tue 3 Nov"));
    CHECK(asked.readings[1].label.starts_with("Tomorrow, Wed 4 Nov"));
    CHECK(as_in_table(heard("away tomorrow because of a wedding", configuration, awake))
        == "? away 2026-11-03 because of a wedding | away 2026-11-04 because of a wedding");
    // So is "tonight", where it would change something: the night that runs, or the next.
    CHECK(as_in_table(heard("cover me tonight", configuration, awake))
        == "? cover 2026-11-02 20:00 to 2026-11-03 08:00 | cover 2026-11-03 20:00 to 2026-11-04 08:00");
    for (const auto* text : {"put me on payments tomorrow 9-17", "put me on payments tonight"})
        CHECK(heard(text, configuration, awake).readings.size() == 2);
    // From five o'clock on nobody is asked.
    Speaker early{"UANA", grammar_zone, grammar_time("2026-11-03T05:00:20")};
    CHECK(as_in_table(heard("away tomorrow", configuration, early)) == "away tomorrow");
    CHECK(as_in_table(heard("cover me tonight", configuration, early)) == "cover 2026-11-03 20:00 to 2026-11-04 08:00");
}

TEST_CASE("What the grammar writes, the words of time read as the same time", "[oncall][grammar]")
{
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"2026-11-06T18:00", "2026-11-06T22:00"},
             {"2026-11-06T00:00", "2026-11-07T00:00"}, {"2026-11-06T00:00", "2026-11-09T00:00"},
             {"2027-03-28T01:00", "2027-03-28T06:00"}, {"2026-12-24T20:00", "2026-12-25T08:00"}}) {
        const Span span{grammar_time(from), grammar_time(to)};
        const auto written = span_out(span, grammar_zone, spoken_at);
        INFO(written);
        std::istringstream stream{written};
        std::vector<std::string> words;
        for (std::string word; stream >> word;)
            words.push_back(word);
        const auto read = time_said(words, grammar_zone, spoken_at);
        CHECK(read.rest.empty());
        REQUIRE(read.span);
        CHECK(*read.span == span);
    }
}

TEST_CASE("A name that two people have, or only a first name, pages nobody unasked", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    for (const std::string text : {"page kim it burns", "page dee it burns", "page db", "call kim", "page db and bo: it burns"}) {
        INFO(text);
        const auto said = heard(text, configuration);
        CHECK(said.verb.empty());
        CHECK_FALSE(said.readings.empty());
        CHECK(has(said.question, "Nobody was paged"));
    }
    // Who calls herself as a team is called takes none of its pages.
    auto people = spoken_to;
    people.push_back({"UEVE", "payments", "payments"});
    const Vocabulary vocabulary{configuration, people, {}};
    CHECK(as_in_table(understand("page payments it burns", {"UANA", grammar_zone, spoken_at}, vocabulary))
        == "page payments it burns");
    // And who calls herself as a word of the language, no page that has it.
    for (const auto* word : {"whoever", "the", "someone", "on-call", "please"})
        people.push_back({"UEVE" + std::string{word}, word, word});
    const Vocabulary odd{configuration, people, {}};
    for (const auto& [text, meaning] : std::vector<std::pair<std::string, std::string>>{
             {"page whoever is on call for payments: it is down", "page payments: it is down"},
             {"page the db team: it is down", "page team:db: it is down"}}) {
        INFO(text);
        CHECK(as_in_table(understand(text, {"UANA", grammar_zone, spoken_at}, odd)) == meaning);
    }
    CHECK(as_in_table(understand("page @whoever it is down", {"UANA", grammar_zone, spoken_at}, odd))
        == "page <@UEVEwhoever>: it is down");
}

TEST_CASE("Every verb has a word of its own, and none is called as another", "[oncall][grammar]")
{
    std::set<std::string> words;
    for (const auto& word : command_words())
        CHECK(words.insert(word).second);
    for (const auto& verb : command_verbs()) {
        CHECK(command_verb(verb.word) == &verb);
        CHECK_FALSE(verb.meaning.empty());
    }
    CHECK(command_verb("ACKNOWLEDGE")->word == "ack");
    CHECK(command_verb("nothing") == nullptr);
}

TEST_CASE("Whatever is written is read in no time and without a fall", "[oncall][grammar]")
{
    const auto configuration = spoken_of();
    const auto table = sentences();
    std::mt19937 random{20261103};
    const auto below = [&](std::size_t most) { return static_cast<std::size_t>(random()) % std::max<std::size_t>(most, 1); };
    const std::vector<std::string> odd{"<@", "<@U1", "<!subteam^", "<>", "<@|>", "&lt;", "\xE2\x80", "\xFF", std::string(1, '\0'),
        "99999999999999999999", "#", "31.2.", "29/2", "24:00", "midnight", "0", "'s", "“", ":", "next", "until", "for",
        "team:", "@", "because"};
    const auto begun = std::chrono::steady_clock::now();
    for (int round = 0; round < 1'000; ++round) {
        std::string text;
        for (auto parts = 1 + below(4); parts > 0; --parts) {
            const auto& sentence = table[below(table.size())].first;
            const auto from = below(sentence.size());
            text += sentence.substr(from, below(sentence.size() - from) + 1) + (below(2) == 0 ? " " : "");
            if (below(3) == 0)
                text += odd[below(odd.size())];
            if (below(6) == 0)
                text += static_cast<char>(below(256));
        }
        INFO(text);
        Speaker speaker{"UANA", grammar_zone, spoken_at, AlertId{static_cast<std::int64_t>(below(2))}, below(2) == 0};
        const auto said = heard(text, configuration, speaker);
        CHECK(said.readings.size() <= most_readings);
        for (const auto& one : said.readings)
            CHECK(one.command.size() <= most_command_bytes);
    }
    std::string endless;
    while (endless.size() < 100'000)
        endless += "page kim and bo and the db team next friday until 5/12 ";
    heard(endless, configuration);
    heard("cover me " + std::string(60'000, '-'), configuration);
    heard(std::string(50'000, '<'), configuration);
    CHECK(std::chrono::steady_clock::now() - begun < 20s);
}
