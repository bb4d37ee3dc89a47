#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

struct Header {
    std::string name{};
    std::string value{};
};

/// HTTP as plain values. `target` is path and query as sent; `peer` is the other side's address (server side only).
struct Request {
    std::string method{"GET"};
    std::string target{"/"};
    std::vector<Header> headers{};
    std::string body{};
    std::string peer{};
};

struct Response {
    int status{200};
    std::vector<Header> headers{};
    std::string body{};
};

/// The first header of that name, without regard to case; empty when there is none.
std::string_view header(const std::vector<Header>& headers, std::string_view name);

/// `target` without its query.
std::string_view path(std::string_view target);

/// Percent-decodes; `plus` also turns + into a space. nullopt on a malformed escape.
std::optional<std::string> percent_decode(std::string_view text, bool plus);

/// Percent-encodes everything but unreserved characters (RFC 3986 §2.3).
std::string percent_encode(std::string_view text);

/// application/x-www-form-urlencoded, both ways. Reading returns nullopt on a malformed escape.
std::optional<std::vector<Header>> form_in(std::string_view body);
std::string form_out(const std::vector<Header>& fields);

} // namespace net
