#include "handlers/payload_files.hpp"

#include "config/items.hpp"
#include "oncall/time.hpp"
#include "places.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace payloads {

namespace {

namespace fs = std::filesystem;
using Signal = handlers::Report::Signal;

Json json_in(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    try {
        return Json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    } catch (const Json::exception& problem) {
        throw Broken{path.string() + ": " + problem.what()};
    }
}

std::vector<net::Header> pairs(const Json& object)
{
    std::vector<net::Header> found;
    for (const auto& [name, value] : object.items())
        found.push_back({name, value.get<std::string>()});
    return found;
}

/// Its settings are those of oncall.yaml; what it refers to needs not be there.
oncall::Source source_in(Json settings, const std::string& format)
{
    oncall::Source source;
    source.name = source.format = format;
    if (!settings.is_object() || settings.empty())
        return source;
    const auto service = slack::text_at(settings, {"service"}), team = slack::text_at(settings, {"team"});
    settings.erase("service");
    settings.erase("team");
    settings["format"] = format;
    const auto parsed = config::configuration_of({{"source", format, settings.dump()}});
    for (const auto& problem : parsed.problems)
        throw Broken{"source: " + problem.what + " (" + problem.path + ")"};
    source = parsed.configuration.sources.at(format);
    source.service = service;
    source.team = team;
    return source;
}

File file_at(const fs::path& path)
{
    File file;
    file.format = path.parent_path().filename().string();
    const auto stem = path.stem().string();
    file.name = file.format + "/" + stem;
    file.state = stem.substr(0, stem.find('-'));
    const auto json = json_in(path);
    file.provenance = slack::text_at(json, {"provenance"});
    file.sent.now = came;
    file.sent.headers = pairs(slack::at(json, {"headers"}));
    file.sent.query = pairs(slack::at(json, {"query"}));
    file.sent.rest = slack::text_at(json, {"rest"});
    if (json.contains("body") == json.contains("text"))
        throw Broken{"one of body and text is needed"};
    set_text(file.sent, json.contains("body") ? json["body"].dump() : json["text"].get<std::string>());
    file.source = source_in(slack::at(json, {"source"}), file.format);
    auto beside = path;
    beside.replace_extension(".read.json");
    if (fs::exists(beside))
        file.expected = json_in(beside);
    return file;
}

std::string signal_name(Signal signal)
{
    return signal == Signal::fire ? "fire" : signal == Signal::clear ? "clear" : "acknowledge";
}

/// "2026-11-03T12:00:00Z"
std::string second_of(handlers::TimePoint at) { return oncall::iso(at, "UTC").substr(0, 19) + "Z"; }

Json written_links(const std::vector<oncall::Link>& links)
{
    auto all = Json::array();
    for (const auto& link : links)
        all.push_back({{"href", link.href}, {"text", link.text}});
    return all;
}

bool is_empty(const Json& value)
{
    return value.is_null() || (value.is_structured() && value.empty())
        || (value.is_string() && value.get_ref<const std::string&>().empty());
}

/// Without what is empty; fractions of a second count for nothing.
Json pruned(const Json& value)
{
    if (!value.is_structured())
        return value;
    auto kept = value.is_object() ? Json::object() : Json::array();
    for (const auto& [key, part] : value.items()) {
        auto inner = pruned(part);
        if (value.is_array())
            kept.push_back(std::move(inner));
        else if (key == "at" && inner.is_string())
            kept[key] = inner.get<std::string>().substr(0, 19) + "Z";
        else if (!is_empty(inner))
            kept[key] = std::move(inner);
    }
    return kept;
}

/// Also of what is no UTF-8.
std::string in_words(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

} // namespace

const std::vector<File>& all()
{
    static const auto files = [] {
        std::vector<File> found;
        for (const auto& entry : fs::recursive_directory_iterator{ONCALL_SOURCE_DIR "/tests/handlers/payloads"}) {
            const auto name = entry.path().filename().string();
            if (entry.path().extension() != ".json" || name.ends_with(".read.json"))
                continue;
            try {
                found.push_back(file_at(entry.path()));
            } catch (const std::exception& problem) {
                throw Broken{entry.path().string() + ": " + problem.what()};
            }
        }
        std::sort(found.begin(), found.end(), [](const File& one, const File& other) { return one.name < other.name; });
        return found;
    }();
    return files;
}

const File* find(std::string_view name)
{
    const auto& files = all();
    const auto found = std::find_if(files.begin(), files.end(), [&](const File& one) { return one.name == name; });
    return found == files.end() ? nullptr : &*found;
}

void set_text(Sent& sent, std::string text)
{
    sent.text = std::move(text);
    try {
        sent.body = slack::parse(sent.text);
    } catch (const slack::BadJson&) {
        sent.body = nullptr;
    }
}

Json written(const Read& read)
{
    Json all;
    all["reports"] = Json::array();
    for (const auto& report : read.reports) {
        Json one;
        one["signal"] = signal_name(report.signal);
        one["dedup_key"] = report.dedup_key;
        one["title"] = report.title;
        one["description"] = report.description;
        one["severity"] = report.severity;
        one["service"] = report.service;
        one["labels"] = report.labels;
        one["links"] = written_links(report.links);
        one["whom"] = report.whom;
        if (report.ends)
            one["ends"] = *report.ends;
        all["reports"].push_back(std::move(one));
    }
    all["changes"] = Json::array();
    for (const auto& change : read.changes) {
        Json one;
        one["title"] = change.title;
        one["service"] = change.service;
        one["dedup_key"] = change.dedup_key;
        if (change.at != handlers::TimePoint{})
            one["at"] = second_of(change.at);
        one["labels"] = change.labels;
        one["links"] = written_links(change.links);
        all["changes"].push_back(std::move(one));
    }
    all["confirm"] = read.confirm;
    all["note"] = read.note;
    return pruned(all);
}

std::string difference(const Json& expected, const Json& actual)
{
    const auto is = pruned(actual).flatten(), should = pruned(expected).flatten();
    std::string lines;
    for (const auto& [place, value] : should.items())
        if (!is.contains(place))
            lines += "  " + place + " is missing: " + in_words(value) + "\n";
        else if (is[place] != value)
            lines += "  " + place + " is " + in_words(is[place]) + "\n" + std::string(place.size(), ' ') + "  not "
                + in_words(value) + "\n";
    for (const auto& [place, value] : is.items())
        if (!should.contains(place))
            lines += "  " + place + " is not expected: " + in_words(value) + "\n";
    return lines;
}

} // namespace payloads
