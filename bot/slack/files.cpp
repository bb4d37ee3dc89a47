#include "slack/files.hpp"

#include <algorithm>
#include <cstdlib>

namespace slack {

namespace {

using namespace std::chrono_literals;

constexpr auto upload_patience = 30s; // with the bytes
constexpr std::string_view uploads = "https://files.slack.com/";
constexpr std::size_t most_alt = 1'000, most_title = 255;

/// The scheme and host of a URL, with its port.
std::string_view site_of(std::string_view url)
{
    const auto scheme = url.find("://");
    return scheme == url.npos ? std::string_view{} : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

/// At most `most` bytes, cut between code points.
std::string cut(std::string text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
        --most;
    text.resize(most);
    return text;
}

} // namespace

Files::Files(Client& client, net::Network& network, doors::Clock& clock, std::string api_url)
    : client_{client}
    , network_{network}
    , clock_{clock}
    , api_url_{std::move(api_url)}
{
}

asio::awaitable<std::string> Files::put(File file)
{
    Json arguments;
    arguments["filename"] = file.name;
    arguments["length"] = file.bytes.size();
    if (!file.alt.empty())
        arguments["alt_txt"] = cut(std::move(file.alt), most_alt);
    auto asking = call("files.getUploadURLExternal", std::move(arguments));
    const auto answer = co_await std::move(asking);
    auto id = text_at(answer, {"file_id"});
    auto url = text_at(answer, {"upload_url"});
    if (id.empty() || url.empty())
        throw Error{ErrorClass::transient, "files.getUploadURLExternal", "bad_answer", "no upload_url", false};
    auto uploading = upload(std::move(url), std::move(file.bytes));
    co_await std::move(uploading);
    co_return id;
}

asio::awaitable<void> Files::complete(std::string id, std::string title, std::string channel, std::string words)
{
    Json one;
    one["id"] = std::move(id);
    one["title"] = cut(std::move(title), most_title);
    Json arguments;
    arguments["files"] = Json::array();
    arguments["files"].push_back(std::move(one));
    if (!channel.empty()) {
        arguments["channel_id"] = std::move(channel);
        if (!words.empty())
            arguments["initial_comment"] = std::move(words);
    }
    auto asking = call("files.completeUploadExternal", std::move(arguments));
    co_await std::move(asking);
}

asio::awaitable<Json> Files::call(std::string method, Json arguments)
{
    check_rest(method);
    try {
        co_return co_await client_.call(method, std::move(arguments));
    } catch (const Error& error) {
        if (error.error_class() == ErrorClass::slow_down)
            resting_[method] = clock_.now() + error.retry_after().value_or(30s);
        throw;
    }
}

/// The address carries all there is to know, so our token stays here; and what Slack did not name gets nothing.
asio::awaitable<void> Files::upload(std::string url, std::string bytes)
{
    const std::string method = "upload_url";
    check_rest(method);
    const auto own = site_of(api_url_);
    const bool ours = url.starts_with(uploads) || (own.starts_with("http://") && site_of(url) == own);
    if (!ours)
        throw Error{ErrorClass::our_bug, method, "foreign_host", "an upload_url of another host", false};
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/octet-stream"}};
    request.body = std::move(bytes);
    net::FetchLimits limits;
    limits.timeout = upload_patience;
    net::Response response;
    std::optional<Error> failed;
    try {
        response = co_await network_.fetch(std::move(url), std::move(request), limits);
    } catch (const net::Failure& failure) {
        failed.emplace(failure.maybe_sent() ? ErrorClass::transient : ErrorClass::unreachable, method,
            failure.maybe_sent() ? "no_answer" : "unreachable", failure.what(), false);
    }
    if (failed)
        throw Error{*failed};
    const auto status = "http_" + std::to_string(response.status);
    if (response.status == 429) {
        const auto text = net::header(response.headers, "Retry-After");
        const auto rest = std::chrono::seconds{std::clamp(std::atoi(std::string{text}.c_str()), 1, 3'600)};
        resting_[method] = clock_.now() + rest;
        throw Error{ErrorClass::slow_down, method, status, "", false, rest};
    }
    // Whatever it was, the next attempt has an address of its own.
    if (response.status != 200)
        throw Error{ErrorClass::transient, method, status, response.body.substr(0, 200), false};
}

void Files::check_rest(const std::string& method) const
{
    const auto found = resting_.find(method);
    if (found == resting_.end() || found->second <= clock_.now())
        return;
    throw Error{ErrorClass::slow_down, method, "resting", "", false,
        std::chrono::ceil<std::chrono::seconds>(found->second - clock_.now())};
}

bool is_not_ready(const Error& error)
{
    const auto& details = error.details();
    const auto says = [&](const char* words) { return details.find(words) != std::string::npos; };
    const bool names_a_file = says("slack_file") || says("slack file");
    if (error.code() == "invalid_blocks")
        return names_a_file || details.empty();
    // What a response_url says of it is only in its body; views say invalid_arguments.
    const bool by_url = error.method() == "response_url" && error.code() != "http_404";
    return (by_url && says("invalid_blocks")) || ((by_url || error.code() == "invalid_arguments") && names_a_file);
}

} // namespace slack
