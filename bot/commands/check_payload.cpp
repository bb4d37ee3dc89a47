#include "blocks/blocks.hpp"
#include "commands/verbs.hpp"
#include "handlers/key_door.hpp"
#include "handlers/look.hpp"
#include "oncall/words.hpp"

#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace commands {

namespace {

/// The source that is meant: by name, else the first with that format, else one that is nobody's.
oncall::Source source_for_payload(const oncall::Configuration& configuration, const std::string& name, const std::string& format)
{
    if (!name.empty()) {
        if (const auto found = configuration.sources.find(name); found != configuration.sources.end())
            return found->second;
        std::vector<std::string> known;
        for (const auto& [one, source] : configuration.sources)
            known.push_back(one);
        throw oncall::Refusal{
            "there is no source " + name + "; " + (known.empty() ? "none is configured" : "there are " + oncall::listed(known))};
    }
    for (const auto& [one, source] : configuration.sources)
        if (source.format == format)
            return source;
    oncall::Source nobodys;
    nobodys.format = format;
    return nobodys;
}

/// "alert 1: …", and what would become of it, indented.
std::string printed(const std::vector<blocks::ForecastView>& views, const blocks::Names& names)
{
    std::string text;
    const auto put = [&](const std::string& mark, const std::string& words) {
        text += mark + blocks::plain(words, names) + "\n";
    };
    for (const auto& view : views) {
        put(text.empty() ? "" : "\n", view.title);
        for (const auto& fact : view.facts)
            put("  ", fact);
        for (const auto& line : view.lines)
            put("  - ", line);
        for (const auto& warning : view.warnings)
            put("  ! ", warning);
    }
    return text;
}

/// A file, or what comes on standard input.
std::optional<std::string> payload_in(const std::string& path)
{
    if (path != "-")
        return file(path);
    return std::string{std::istreambuf_iterator<char>{std::cin}, {}};
}

/// Where there is no database, the file that ONCALL_CONFIG names is taken up in one that is thrown away.
class PassingDatabase {
public:
    PassingDatabase()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "oncall-check-XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            throw std::runtime_error{"cannot make a folder in " + std::filesystem::temp_directory_path().string()};
        folder_ = pattern;
    }
    ~PassingDatabase()
    {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    PassingDatabase(const PassingDatabase&) = delete;
    PassingDatabase& operator=(const PassingDatabase&) = delete;
    std::string path() const { return (folder_ / "oncall.db").string(); }

private:
    std::filesystem::path folder_{};
};

/// What has to be taken up first; nullopt and why, when it cannot be.
std::optional<Json> file_to_take_up(const config::ReadSettings& read, std::string& why)
{
    const auto& path = read.settings.config;
    if (path.empty()) {
        why = "there is no database " + read.settings.database + ", and ONCALL_CONFIG is not set, so no source is known";
        return std::nullopt;
    }
    const auto text = file(path);
    if (!text) {
        why = path + " cannot be read";
        return std::nullopt;
    }
    const auto parsed = parse_configuration(*text, read);
    for (const auto& problem : parsed.problems)
        why += (why.empty() ? "" : "\n") + config::describe(path, problem);
    if (!parsed.problems.empty())
        return std::nullopt;
    Json arguments = Json::object();
    arguments["path"] = path;
    arguments["file"] = *text;
    arguments["environment"] = Json::object();
    const auto look = environment_of(read);
    const auto note = [&](const std::string& name) {
        auto value = look(name);
        if (value)
            arguments["environment"][name] = *value;
        return value;
    };
    (void)config::parse(*text, note);
    return arguments;
}

} // namespace

asio::awaitable<Said> check_payload(App& app, Json arguments)
{
    const auto& context = app.context();
    const auto configuration = context.configuration();
    auto sent = handlers::sent_from_text(slack::text_at(arguments, {"payload"}));
    if (const auto& headers = slack::at(arguments, {"headers"}); headers.is_object())
        for (const auto& [name, value] : headers.items())
            if (value.is_string())
                sent.headers.push_back({name, value.get<std::string>()});
    const auto now = context.clock.now();
    sent.now = now;
    auto format = slack::text_at(arguments, {"format"});
    if (format.empty())
        format = handlers::format_of(sent.body);
    const auto source = source_for_payload(*configuration, slack::text_at(arguments, {"source"}), format);
    const auto asked = handlers::supposed(std::move(sent), source); // throws a Refusal that says why not
    blocks::Names names;
    auto look = [&](storage::Transaction& tx) {
        names = storage::People{tx}.names();
        return handlers::what_would_become(tx, context, *configuration, asked, now);
    };
    const auto views = co_await app.database().read(look);
    Said said;
    said.out = printed(views, names) + "\n" + blocks::plain(handlers::note_below(asked), names) + "\n";
    co_return said;
}

int check_payload(const PayloadFlags& flags)
{
    const auto shown = flags.file == "-" ? std::string{"standard input"} : flags.file;
    const auto text = payload_in(flags.file);
    if (!text || text->size() > handlers::most_of_source) {
        std::cerr << shown << ": "
                  << (text ? "is larger than " + std::to_string(handlers::most_of_source >> 20)
                                 + " MB, which no door of mine takes"
                           : "cannot be read")
                  << "\n";
        return 1;
    }
    Json arguments = Json::object();
    arguments["payload"] = *text;
    arguments["source"] = flags.source;
    arguments["format"] = flags.format;
    arguments["headers"] = Json::object();
    for (const auto& line : flags.headers) {
        const auto colon = line.find(':');
        if (colon == line.npos) {
            std::cerr << "--header is written NAME: VALUE, not " << line << "\n";
            return 2;
        }
        arguments["headers"][line.substr(0, colon)] = oncall::trimmed(line.substr(colon + 1));
    }
    auto read = read_settings();
    Said said;
    if (std::filesystem::exists(read.settings.database)) {
        said = ask(read, "check payload", std::move(arguments));
    } else {
        std::string why;
        auto taken = file_to_take_up(read, why);
        if (!taken) {
            std::cerr << why << "\n";
            return 1;
        }
        const PassingDatabase passing;
        read.settings.database = passing.path();
        said = ask(read, "apply", std::move(*taken));
        if (said.status == 0)
            said = ask(read, "check payload", std::move(arguments));
    }
    std::cout << said.out << std::flush;
    std::cerr << (said.status == 0 || said.err.empty() ? "" : shown + ": ") << said.err << std::flush;
    return said.status;
}

} // namespace commands
