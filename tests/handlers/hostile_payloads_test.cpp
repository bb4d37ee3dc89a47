#include "blocks/blocks.hpp"
#include "blocks/changes.hpp"
#include "blocks/sound.hpp"
#include "blocks/sources.hpp"
#include "catch.hpp"
#include "handlers/key_door.hpp"
#include "handlers/payload_files.hpp"
#include "handlers/read_promises.hpp"
#include "notify/sns_signature.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

using handlers::sources::Format;
using handlers::sources::formats;
using payloads::Json;
using payloads::Read;
using payloads::Sent;
using Pointer = Json::json_pointer;

namespace {

const std::string hostile_words = "<!channel> <@U1> *x* &lt; \u202E <https://evil.example.com|click>";

/// The format's plainest open payload, and the rest of them.
const payloads::File& open_payload(const Format& format)
{
    const auto* const file = payloads::find(std::string{format.name} + "/open");
    REQUIRE(file);
    return *file;
}

void places_in(
    const Json& value, const Pointer& at, std::vector<Pointer>& leaves, std::vector<Pointer>& holders, std::size_t most = 60)
{
    if (leaves.size() >= most)
        return;
    if (!value.is_structured())
        return leaves.push_back(at);
    holders.push_back(at);
    for (const auto& [key, part] : value.items())
        places_in(part, value.is_array() ? at / static_cast<std::size_t>(std::stoul(key)) : at / key, leaves, holders, most);
}

/// Its plainest open payload that is JSON: whatever comes as a text may come so, too.
const payloads::File& open_json(const Format& format)
{
    const auto& files = payloads::all();
    const auto found = std::find_if(files.begin(), files.end(), [&](const payloads::File& one) {
        return one.format == format.name && one.state == "open" && one.sent.body.is_structured();
    });
    REQUIRE(found != files.end());
    return open_payload(format).sent.body.is_structured() ? open_payload(format) : *found;
}

/// The plainest payload of each state that the format can say, open first.
std::vector<const payloads::File*> of_each_state(const Format& format)
{
    std::vector<const payloads::File*> found{&open_payload(format)};
    for (const auto& file : payloads::all()) {
        const bool is_said =
            file.format == format.name && file.state != "test" && file.expected && !file.expected->contains("refused");
        if (is_said && std::none_of(found.begin(), found.end(), [&](const auto* one) { return one->state == file.state; }))
            found.push_back(&file);
    }
    return found;
}

using Put = std::function<void(Sent&)>;

/// Of what is no JSON: a form's fields, or a mail's headers and its text, each with these words.
std::vector<Put> puts_in_text(const Sent& sent, const std::string& words)
{
    std::vector<Put> puts;
    const auto header = net::header(sent.headers, "Content-Type");
    if (header == "application/x-www-form-urlencoded") {
        const auto fields = net::form_in(sent.text).value_or(std::vector<net::Header>{});
        for (std::size_t at = 0; at < fields.size(); ++at)
            puts.push_back([at, words](Sent& into) {
                auto all = net::form_in(into.text).value();
                all.at(at).value = words;
                payloads::set_text(into, net::form_out(all));
            });
        return puts;
    }
    const auto gap = sent.text.find("\n\n");
    if (header != "message/rfc822" || gap == std::string::npos)
        return puts;
    for (auto begin = std::size_t{0}; begin < gap; begin = sent.text.find('\n', begin) + 1) {
        const auto name = sent.text.substr(begin, sent.text.find(':', begin) + 1 - begin);
        puts.push_back([name, words](Sent& into) {
            const auto at = into.text.find(name);
            const auto end = into.text.find('\n', at);
            if (at != std::string::npos && end != std::string::npos)
                into.text.replace(at + name.size(), end - at - name.size(), " " + words);
        });
    }
    puts.push_back([words](Sent& into) { into.text.replace(into.text.find("\n\n"), std::string::npos, "\n\n" + words + "\n"); });
    return puts;
}

/// Every place of a payload where a text stands, each with these words put there.
std::vector<Put> puts_of(const Format& format, const Sent& sent, const std::string& words)
{
    if (!sent.body.is_structured())
        return puts_in_text(sent, words);
    std::vector<Pointer> leaves, holders;
    places_in(sent.body, Pointer{}, leaves, holders);
    std::vector<Put> puts;
    for (const auto& place : leaves)
        if (sent.body.at(place).is_string())
            puts.push_back([place, words, wants_json = format.wants_json](Sent& into) {
                into.body[place] = words;
                if (!wants_json)
                    into.text = into.body.dump();
            });
    return puts;
}

/// Whether it is read; what is wrong with that, or with the refusal, fails the test.
bool reads_well(
    const Format& format, const Sent& sent, const oncall::Source& source, const std::string& what, Read* became = nullptr)
{
    Read read;
    const auto wrong = payloads::wrong_with(format, sent, source, &read);
    for (const auto& one : wrong)
        FAIL_CHECK(std::string{format.name} + ", " + what + ": " + one);
    const bool is_read = !read.reports.empty() || !read.changes.empty() || !read.note.empty() || !read.confirm.empty();
    if (became)
        *became = std::move(read);
    return wrong.empty() && is_read;
}

blocks::AlertView shown_of(const handlers::Report& report)
{
    blocks::AlertView shown;
    shown.alert.id = {7};
    shown.alert.title = report.title;
    shown.alert.description = report.description;
    shown.alert.severity = report.severity;
    shown.alert.service = report.service;
    shown.alert.labels = report.labels;
    shown.alert.links = report.links;
    shown.alert.triggered_at = payloads::came;
    return shown;
}

/// Card, page and dead end as people get them: Slack takes them, nobody is called by them, and no link is there but its own.
void must_show_soundly(const Read& read, std::string_view format)
{
    const std::set<std::string> none;
    if (!read.changes.empty()) {
        blocks::ChangesView shown;
        shown.changes = read.changes;
        INFO(format);
        CHECK(unsound(blocks::changes(shown)) == std::vector<std::string>{});
        for (auto& change : shown.changes)
            change.links.clear();
        CHECK(unsound(blocks::changes(shown), {}, &none) == std::vector<std::string>{});
    }
    for (const auto& report : read.reports) {
        if (report.title.empty())
            continue; // only its key says what is over
        const auto shown = shown_of(report);
        INFO(format);
        CHECK(unsound(blocks::card(shown)) == std::vector<std::string>{});
        CHECK(unsound(blocks::page(shown, "UANA")) == std::vector<std::string>{});
        CHECK(unsound(blocks::dead_end(shown, "no service is called " + report.service)) == std::vector<std::string>{});
        // Words do not become links.
        auto linkless = shown;
        linkless.alert.links.clear();
        CHECK(unsound(blocks::card(linkless), {}, &none) == std::vector<std::string>{});
        CHECK(unsound(blocks::page(linkless, ""), {}, &none) == std::vector<std::string>{});
    }
}

const std::string planted_words = "<!channel> *x* <https://evil|y> @here";
using Planted = std::function<void(const Sent& sent, const std::string& place)>;

/// Where in a form or a mail a text begins and ends: a value; what follows a header's name, a line of the body.
std::vector<std::pair<std::size_t, std::size_t>> values_in(const std::string& text)
{
    std::vector<std::pair<std::size_t, std::size_t>> all;
    const bool is_form = text.find('\n') == text.npos;
    bool in_head = !is_form;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(is_form ? '&' : '\n', at), text.size());
        in_head = in_head && end > at && text[at] != '\r';
        const auto name = is_form ? text.find('=', at) : in_head ? text.find(": ", at) : text.npos;
        const auto from = name < end ? name + (is_form ? 1 : 2) : at;
        if (end > from && (name < end || !in_head))
            all.emplace_back(from, end);
        at = end + 1;
    }
    return all;
}

/// The sample as often as there are texts in it, in each of them once the words.
void plant(const payloads::File& file, const Format& format, const Planted& took)
{
    auto sent = file.sent;
    if (sent.body.is_structured()) {
        std::vector<Pointer> leaves, holders;
        places_in(file.sent.body, Pointer{}, leaves, holders, 10'000);
        for (const auto& place : leaves) {
            auto& text = sent.body[place];
            if (!text.is_string())
                continue;
            const auto before = text;
            text = planted_words;
            if (!format.wants_json)
                sent.text = sent.body.dump();
            took(sent, file.name + place.to_string());
            sent.body[place] = before;
        }
        return;
    }
    const bool is_form = file.sent.text.find('\n') == file.sent.text.npos;
    for (const auto& [from, end] : values_in(file.sent.text)) {
        auto text = file.sent.text;
        text.replace(from, end - from, is_form ? net::percent_encode(planted_words) : planted_words);
        payloads::set_text(sent, text);
        took(sent, file.name + " at " + std::to_string(from));
    }
}

/// Where the words have arrived in what was read, by the names of its fields.
std::set<std::string> arrived_in(const Read& read)
{
    std::set<std::string> places;
    const auto look = [&](const std::string& text, const std::string& place) {
        if (text.find("<!channel") != text.npos)
            places.insert(place);
    };
    const auto look_beside = [&](const auto& one, const std::string& kind) {
        look(one.title, kind + "title");
        look(one.service, kind + "service");
        for (const auto& [name, value] : one.labels)
            look(name + value, kind + "label " + name);
        for (const auto& link : one.links)
            look(link.href + link.text, kind + "link");
    };
    for (const auto& report : read.reports) {
        if (report.signal != handlers::Report::Signal::fire)
            continue; // is shown to nobody: of the alert that it is about are its words
        look_beside(report, "");
        look(report.description, "description");
        look(report.severity, "severity");
        for (const auto& one : report.whom)
            look(one, "whom");
    }
    for (const auto& change : read.changes)
        look_beside(change, "change's ");
    return places;
}

/// On the card beside an alert, and in their list.
void changes_must_stay_words(std::vector<oncall::ChangeEvent> changes)
{
    const std::set<std::string> none;
    for (auto& change : changes) {
        change.links.clear();
        change.at = payloads::came;
    }
    blocks::AlertView beside;
    beside.alert.id = {7};
    beside.alert.title = "It is down";
    beside.alert.triggered_at = payloads::came;
    beside.changes = changes;
    CHECK(unsound(blocks::card(beside), {}, &none) == std::vector<std::string>{});
    blocks::ChangesView list;
    list.changes = std::move(changes);
    CHECK(unsound(blocks::changes(list), {}, &none) == std::vector<std::string>{});
}

/// Why nothing became of it, as the source's owner reads it.
void reason_must_stay_words(const std::string& why)
{
    const std::set<std::string> none;
    blocks::SourceView view;
    view.line.name = "a source";
    view.last = {{1, payloads::came, blocks::PayloadLine::Became::dead_letter, why}};
    for (const auto& text : texts(blocks::source_view(view)))
        CHECK(unsound_text(text, {}, &none) == std::vector<std::string>{});
}

} // namespace

TEST_CASE("Whatever stands where a value should be, each format reads it or says what is wrong", "[handlers][hostile]")
{
    const std::vector<Json> others{
        Json(), Json(-1e300), Json(" "), Json::array({1, "a", nullptr}), Json::object({{"a", Json::object({{"b", 1}})}})};
    for (const auto& format : formats()) {
        const auto& file = open_json(format);
        std::vector<Pointer> leaves, holders;
        places_in(file.sent.body, Pointer{}, leaves, holders);
        REQUIRE_FALSE(leaves.empty());
        auto sent = file.sent;
        const auto with = [&](const Pointer& place, const Json& other) {
            sent.body = file.sent.body;
            sent.body[place] = other;
            if (!format.wants_json)
                sent.text = sent.body.dump();
            reads_well(format, sent, file.source, place.to_string() + " is " + other.dump().substr(0, 50));
        };
        for (const auto& place : leaves)
            for (const auto& other : others)
                with(place, other);
        // Where there are several things there may be very many, or a single one.
        auto many = Json::object();
        for (int i = 0; i < 150; ++i)
            many["name " + std::to_string(i)] = "value";
        for (const auto& place : holders) {
            const auto& held = file.sent.body.at(place);
            with(place, many);
            with(place, "a text");
            with(place, Json::array({many}));
            with(place, held.is_array() && !held.empty() ? Json(Json::array_t(150, held.front())) : Json::array({held}));
        }
        // And what is there may be missing.
        for (const auto& place : leaves) {
            sent.body = file.sent.body;
            auto& holder = sent.body[place.parent_pointer()];
            if (!holder.is_object())
                continue;
            holder.erase(place.back());
            if (!format.wants_json)
                sent.text = sent.body.dump();
            reads_well(format, sent, file.source, "without " + place.to_string());
        }
    }
}

TEST_CASE("No word of any payload calls somebody, makes a link, turns a line or grows beyond its limit", "[handlers][hostile]")
{
    // In every text that may be anything, at once; then heaps of it.
    std::string heap;
    while (heap.size() < 16'000)
        heap += "ü <!here> ";
    const std::string broken = "\xFF\xC3( <!channel>";
    for (const auto& format : formats()) {
        for (const auto* const file : of_each_state(format))
            for (const auto& words : {hostile_words, heap}) {
                if (file->state != "open" && words == heap)
                    continue;
                auto sent = file->sent;
                Read became;
                REQUIRE(reads_well(format, sent, file->source, file->name + " as it is", &became));
                const auto puts = puts_of(format, file->sent, words);
                CHECK_FALSE(puts.empty());
                std::size_t taken = 0;
                for (const auto& put : puts) {
                    auto with_words = sent;
                    put(with_words);
                    Read read;
                    if (reads_well(format, with_words, file->source, file->name + " with words in it", &read)
                        && read.reports.size() + read.changes.size() > 0) {
                        became = std::move(read);
                        sent = std::move(with_words);
                        ++taken;
                    }
                }
                INFO(file->name);
                CHECK(taken > 0);
                must_show_soundly(became, format.name);
            }
        // What stands in headers, path and query was never JSON: it may be no text at all.
        const auto& file = open_payload(format);
        for (const auto& words : {hostile_words, broken}) {
            auto sent = file.sent;
            sent.rest = words;
            for (auto& header : sent.headers)
                header.value = words;
            for (auto& one : sent.query)
                one.value = words;
            sent.query.push_back({words, words});
            Read became;
            reads_well(format, sent, file.source, "words beside the payload", &became);
            must_show_soundly(became, format.name);
            if (format.wants_json)
                continue;
            sent = file.sent;
            payloads::set_text(sent, words);
            reads_well(format, sent, file.source, "words alone", &became);
            auto inside = file.sent.text;
            inside.insert(inside.size() / 2, words);
            payloads::set_text(sent, inside);
            became = {};
            reads_well(format, sent, file.source, "words in between", &became);
            must_show_soundly(became, format.name);
        }
    }
}

TEST_CASE(
    "In whichever text of whichever sample a mention, a link or markup stands, Slack gets it as words", "[handlers][hostile]")
{
    // What is shown depends on what was read alone: of each field that the words come to, once.
    std::map<std::string, std::set<std::string>> arrived;
    for (const auto& file : payloads::all()) {
        const auto* const format = handlers::sources::format(file.format);
        REQUIRE(format);
        auto& places = arrived[file.format];
        plant(file, *format, [&](const Sent& sent, const std::string& place) {
            INFO(place);
            Read read;
            std::string why;
            try {
                read = format->read(sent, file.source);
                why = read.note;
            } catch (const handlers::sources::BadPayload& refusal) {
                why = refusal.what();
            }
            if (why.find("<!channel") != why.npos && places.insert("why " + why.substr(0, 20)).second)
                reason_must_stay_words(why);
            bool is_new = false;
            for (const auto& one : arrived_in(read))
                is_new = places.insert(one).second || is_new;
            if (!is_new)
                return;
            must_show_soundly(read, file.format);
            if (!read.changes.empty())
                changes_must_stay_words(read.changes);
        });
    }
    // Else nothing was looked at.
    for (const auto& format : formats()) {
        INFO(format.name);
        CHECK(arrived[std::string{format.name}].contains("title"));
    }
    for (const auto* const format : {"generic", "github", "pagerduty"})
        CHECK(arrived[format].contains("change's title"));
}

TEST_CASE(
    "What breaks off, is empty, comes without its headers or is of another tool is not read in silence", "[handlers][hostile]")
{
    for (const auto& format : formats()) {
        const auto& file = open_payload(format);
        INFO(format.name);
        for (std::size_t part = 0; part < 20; ++part) {
            const auto text = file.sent.text.substr(0, file.sent.text.size() * part / 20);
            if (format.wants_json) {
                CHECK_THROWS_AS(slack::parse(text), slack::BadJson);
                continue;
            }
            auto sent = file.sent;
            payloads::set_text(sent, text);
            reads_well(format, sent, file.source, "broken off at " + std::to_string(text.size()));
        }
        auto bare = file.sent;
        bare.headers.clear();
        bare.query.clear();
        bare.rest.clear();
        reads_well(format, bare, file.source, "without headers");
        for (const auto* const text :
            {"{}", "[]", "[{}]", "null", "7", "\"words\"", "{\"\":{\"\":[]}}", "{\"data\":null,\"alerts\":null}"}) {
            auto sent = file.sent;
            payloads::set_text(sent, text);
            Read became;
            reads_well(format, sent, file.source, text, &became);
            CHECK(became.note == "");
        }
        // An alert sent to the address of another tool is never taken for one of its tests.
        for (const auto& other : formats()) {
            Read became;
            reads_well(format, open_payload(other).sent, file.source, "a payload of " + std::string{other.name}, &became);
            INFO(other.name);
            CHECK(became.note == "");
        }
    }
}

TEST_CASE("What is too large or too deep is sent back before anybody reads it", "[handlers][hostile]")
{
    constexpr std::size_t most = 512 << 10; // as the listener has it
    const auto& file = open_payload(formats().front());
    auto large = file.sent.body;
    large["more"] = std::string(most, 'x');
    CHECK_THROWS_AS(slack::parse(large.dump(), most), slack::BadJson);
    // As large as may be, it is read, and little of it is kept.
    const std::string more(handlers::most_of_source - 20'000, 'x');
    for (const auto& format : formats()) {
        const auto& one = open_payload(format);
        auto sent = one.sent;
        if (sent.body.is_object()) {
            sent.body["more"] = more;
            if (!format.wants_json)
                sent.text.insert(sent.text.rfind('}'), ",\"more\":\"" + more + "\"");
        } else if (format.name == "nagios") {
            for (int i = 0; i < 150; ++i)
                sent.text += "&name" + std::to_string(i) + "=value";
            sent.text += "&longoutput2=" + more;
        } else {
            sent.text += more;
        }
        CHECK(reads_well(format, sent, one.source, "large"));
    }
    const std::string deep(100'000, '[');
    CHECK_THROWS_AS(slack::parse(deep, most), slack::BadJson);
    CHECK_THROWS_AS(slack::parse("{\"title\":\"t\",\"labels\":" + deep, most), slack::BadJson);
}

TEST_CASE("No JSON takes long: keys that would be compared with each other for minutes are counted first", "[handlers][hostile]")
{
    constexpr std::size_t most = 512 << 10;
    const auto object_of = [](int keys) {
        std::string text = "{";
        for (int i = 0; i < keys; ++i)
            text += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
        return text + "}";
    };
    CHECK(slack::parse(object_of(1'500), most).size() == 1'500);
    CHECK_THROWS_AS(slack::parse(object_of(45'000), most), slack::BadJson); // else half a minute
    std::string several = "[" + object_of(1'500);
    for (int i = 0; i < 20; ++i)
        several += "," + object_of(1'500);
    CHECK_THROWS_AS(slack::parse(several + "]", most), slack::BadJson);
    std::string list = "[0";
    for (int i = 0; i < 100'000; ++i)
        list += ",0";
    CHECK(slack::parse(list + "]", most).size() == 100'001);
    // Commas in texts are none, and what closes too much is no JSON.
    CHECK(slack::parse("{\"a\":\"" + std::string(100'000, ',') + "\"}", most).size() == 1);
    CHECK_THROWS_AS(slack::parse("]}],[{", most), slack::BadJson);
}

TEST_CASE("No message of SNS makes us ask anybody but SNS", "[handlers][hostile]")
{
    const std::string pem = "/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";
    const std::string confirm =
        "/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:123456789012:alarms&Token=2336412f37";
    for (const auto* const host :
        {"sns.eu-west-1.amazonaws.com", "sns.us-gov-west-1.amazonaws.com", "sns.cn-north-1.amazonaws.com.cn"}) {
        INFO(host);
        CHECK(notify::is_sns_certificate_url("https://" + std::string{host} + pem));
        CHECK(notify::is_sns_subscribe_url("https://" + std::string{host} + confirm));
    }
    const std::vector<std::string> elsewhere{"http://sns.eu-west-1.amazonaws.com", "ftp://sns.eu-west-1.amazonaws.com",
        "//sns.eu-west-1.amazonaws.com", "https:sns.eu-west-1.amazonaws.com",
        "https://sns.eu-west-1.amazonaws.com.evil.example.com", "https://evil.example.com/sns.eu-west-1.amazonaws.com",
        "https://evil.example.com#sns.eu-west-1.amazonaws.com", "https://evil.example.com?sns.eu-west-1.amazonaws.com",
        "https://sns.eu-west-1.amazonaws.com@evil.example.com", "https://user:word@sns.eu-west-1.amazonaws.com",
        "https://evil.example.com\\@sns.eu-west-1.amazonaws.com", "https://sns.eu-west-1.amazonaws.com:8080",
        "https://sns.eu-west-1.amazonaws.com.", "https://sns.eu-west-1.amazonaws.com%2eevil.com",
        "https://sns.eu-west-1.amazonaws.com%00.evil.example.com", "https://sns.eu-west-1.amazonaws.com\n.evil.example.com",
        "https://evilsns.eu-west-1.amazonaws.com", "https://sns.amazonaws.com.evil.com",
        "https://sns.eu-west-1.evilamazonaws.com", "https://sns.s3-us-west-2.amazonaws.com", "https://s3.amazonaws.com",
        "https://sns.example.com", "https://127.0.0.1", "https://169.254.169.254", "https://[::1]", "https://localhost",
        "https://sns..amazonaws.com", "https://SNS.a/../b.amazonaws.com", "", "sns.eu-west-1.amazonaws.com",
        std::string(5'000, 'a')};
    for (const auto& begin : elsewhere) {
        INFO(begin);
        CHECK_FALSE(notify::is_sns_certificate_url(begin + pem));
        CHECK_FALSE(notify::is_sns_subscribe_url(begin + confirm));
    }
    for (const auto* const path : {"", "/", "/x.txt", "/x.pem.exe", "/x.pem?to=https://evil.example.com", "/x.pem#y"}) {
        INFO(path);
        CHECK_FALSE(notify::is_sns_certificate_url("https://sns.eu-west-1.amazonaws.com" + std::string{path}));
    }
}
