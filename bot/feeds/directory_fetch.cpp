#include "feeds/directory_fetch.hpp"

#include "feeds/fetch_rules.hpp"

namespace feeds {

namespace {

std::string words_of_status(int status, bool has_token)
{
    const auto says = "the server says " + std::to_string(status);
    if (status >= 300 && status < 400)
        return says + ": it leads elsewhere, and I do not follow. Write the address where it is.";
    if (status == 401 || status == 403)
        return says
            + (has_token ? ": it does not take the token, or the token may not read this."
                         : ": it wants a token. Name the variable that holds one in token_env.");
    if (status == 404 || status == 410)
        return says + ": there is nothing at that address.";
    return says + ".";
}

} // namespace

asio::awaitable<DirectoryFetched> fetch_directory(net::Network& network, DirectoryFetch what)
{
    DirectoryFetched fetched;
    if (const auto problem = directory_address_problem(what.url); !problem.empty()) {
        fetched.trouble = problem + ".";
        co_return fetched;
    }
    net::Request request;
    request.headers.push_back({"Accept", "*/*"});
    if (!what.token.empty())
        request.headers.push_back({what.header, what.token});
    net::FetchLimits limits;
    limits.timeout = what.timeout;
    limits.body = what.most;
    limits.public_only = !what.private_too;
    net::Response response;
    try {
        response = co_await network.fetch(what.url, request, limits);
    } catch (const net::NotPublic& failure) {
        fetched.trouble = "its address is of a private network. ONCALL_PRIVATE_WEBHOOKS allows that.";
        fetched.detail = failure.what();
    } catch (const net::Failure& failure) {
        const std::string words = failure.what();
        fetched.trouble = words.find("body limit") != words.npos ? "it is larger than 4 MB." : "no server answers there in time.";
        fetched.detail = words;
    }
    if (!fetched.trouble.empty())
        co_return fetched;
    if (response.status != 200)
        fetched.trouble = words_of_status(response.status, !what.token.empty());
    else
        fetched.body = std::move(response.body);
    co_return fetched;
}

} // namespace feeds
