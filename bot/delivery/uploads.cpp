#include "delivery/uploads.hpp"

#include "blocks/schedule_picture.hpp"

namespace delivery {

using namespace std::chrono_literals;
using slack::Error;
using slack::ErrorClass;
using slack::Json;

namespace {

constexpr int zoom = 2; // sharp when it is opened
constexpr auto settling = 1s; // Slack looks at a file before it can be shown
constexpr auto sharing = 5s; // what was posted may take as long to be seen in the channel
constexpr std::string_view gone{"file_not_found"};

/// Nothing that is done for a file can be read back in a message: whatever came of it, the row was not said.
Error unsaid(const Error& error)
{
    return {error.error_class(), error.method(), error.code(), error.details(), false, error.retry_after()};
}

/// Slack may take it another time.
bool passes(const Error& error)
{
    using enum ErrorClass;
    const auto kind = error.error_class();
    return kind == slow_down || kind == transient || kind == unreachable || kind == migration || kind == auth_dead
        || kind == token_aged;
}

} // namespace

asio::awaitable<storage::Upload> Uploads::picture(std::string key, Attached what)
{
    storage::Upload upload;
    std::string trouble;
    std::optional<Error> failed;
    try {
        auto making = made(key, what);
        upload = co_await std::move(making);
        if (upload.completed_at == oncall::TimePoint{}) {
            auto completing = doors_.files.complete(upload.file, what.title, "", "");
            co_await std::move(completing);
            upload.completed_at = doors_.clock.now();
            auto save = [&](storage::Transaction& tx) { storage::Uploads{tx}.save(upload); };
            co_await doors_.database.transaction(save);
            co_await doors_.clock.pause(settling);
        }
    } catch (const doors::NoPicture& problem) {
        trouble = problem.what();
    } catch (const Error& error) {
        failed.emplace(unsaid(error));
    }
    if (failed && failed->code() == gone) {
        auto forget = [&](storage::Transaction& tx) { storage::Uploads{tx}.forget(key); };
        co_await doors_.database.transaction(forget);
        throw Error{ErrorClass::transient, failed->method(), failed->code(), failed->details(), false};
    }
    if (failed && passes(*failed))
        throw Error{*failed};
    if (failed)
        trouble = "Slack does not take it: " + std::string{failed->what()};
    if (!trouble.empty()) {
        complain(trouble);
        upload = storage::Upload{};
    }
    co_return upload;
}

asio::awaitable<void> Uploads::post(std::string key, Attached what, std::string channel, bool again)
{
    std::optional<Error> failed;
    try {
        // What was posted is not posted again, also if it would be made of something else by now.
        auto look = [&](storage::Transaction& tx) { return storage::Uploads{tx}.find(key); };
        const auto known = co_await doors_.database.read(look);
        bool is_there = known && known->completed_at != oncall::TimePoint{};
        if (known && again && !is_there) {
            co_await doors_.clock.pause(sharing);
            auto looking = is_in(channel, known->file);
            is_there = co_await std::move(looking);
        }
        if (!is_there) {
            auto making = made(key, what);
            auto upload = co_await std::move(making);
            auto completing = doors_.files.complete(upload.file, what.title, channel, what.words);
            co_await std::move(completing);
            upload.completed_at = doors_.clock.now();
            auto save = [&](storage::Transaction& tx) { storage::Uploads{tx}.save(upload); };
            co_await doors_.database.transaction(save);
        }
    } catch (const doors::NoPicture& problem) {
        failed.emplace(ErrorClass::refused, "files.getUploadURLExternal", "no_picture", problem.what(), false);
    } catch (const Error& error) {
        // That a file was posted is seen in the channel; all before it may be done again.
        failed.emplace(error.method() == "files.completeUploadExternal" ? error : unsaid(error));
    }
    if (failed && failed->code() == gone) {
        auto forget = [&](storage::Transaction& tx) { storage::Uploads{tx}.forget(key); };
        co_await doors_.database.transaction(forget);
        throw Error{ErrorClass::transient, failed->method(), failed->code(), failed->details(), false};
    }
    if (failed && passes(*failed))
        throw Error{*failed};
    // A scope that is missing, say: whoever asked hears of it, and may ask again.
    if (failed)
        throw Error{ErrorClass::refused, failed->method(), failed->code(), failed->details(), false};
}

asio::awaitable<void> Uploads::recover()
{
    auto work = [](storage::Transaction& tx) { storage::Uploads{tx}.forget_strays(); };
    co_await doors_.database.transaction(work);
}

/// Slack has its bytes; perhaps more.
asio::awaitable<storage::Upload> Uploads::made(std::string key, const Attached& what)
{
    const auto digest = storage::sha256(what.svg.empty() ? what.bytes : what.svg);
    auto look = [&](storage::Transaction& tx) { return storage::Uploads{tx}.find(key); };
    const auto known = co_await doors_.database.read(look);
    if (known && known->digest == digest)
        co_return *known;
    slack::File file;
    file.name = what.name;
    file.title = what.title;
    file.alt = what.alt;
    auto writing = bytes_of(what);
    file.bytes = co_await std::move(writing);
    storage::Upload upload;
    upload.key = std::move(key);
    upload.digest = digest;
    auto putting = doors_.files.put(std::move(file));
    upload.file = co_await std::move(putting);
    auto save = [&](storage::Transaction& tx) { storage::Uploads{tx}.save(upload); };
    co_await doors_.database.transaction(save);
    co_return upload;
}

asio::awaitable<std::string> Uploads::bytes_of(const Attached& what)
{
    if (what.svg.empty())
        co_return what.bytes;
    if (!doors_.painter)
        throw doors::NoPicture{"Nothing draws pictures here."};
    auto drawing = doors_.painter->png(what.svg, zoom);
    co_return co_await std::move(drawing);
}

/// Among the newest messages there.
asio::awaitable<bool> Uploads::is_in(std::string channel, std::string file)
{
    Json arguments;
    arguments["channel"] = std::move(channel);
    arguments["limit"] = 100;
    const auto found = co_await doors_.slack.call("conversations.history", std::move(arguments));
    for (const auto& message : slack::at(found, {"messages"}))
        for (const auto& one : slack::at(message, {"files"}))
            if (slack::text_at(one, {"id"}) == file)
                co_return true;
    co_return false;
}

void Uploads::complain(const std::string& why)
{
    if (complained_.insert(why).second && complained_.size() < 100)
        doors_.log.warning("a message goes without its picture", {{"why", why}});
}

slack::Message with_picture(slack::Message message, const Attached& what, const std::string& file)
{
    if (file.empty())
        return message;
    const auto at = std::min(what.at, message.blocks.size());
    message.blocks.insert(message.blocks.begin() + static_cast<std::ptrdiff_t>(at), blocks::picture(file, what.alt));
    return message;
}

} // namespace delivery
