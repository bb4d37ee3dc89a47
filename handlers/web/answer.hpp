#pragma once

#include "handlers/context.hpp"
#include "net/message.hpp"
#include "notify/template.hpp"

namespace handlers {

/// /a/{token}, from a mail: GET and HEAD show what the button behind the link does, as often as mail scanners like; POST does it,
/// once. 403: no link of ours; 410: expired; 409: used, or no longer possible. All of it is a page for a person.
asio::awaitable<net::Response> answer_link(net::Request request, Context& app);

/// For whoever tried too many wrong ones.
net::Response too_many_links();

/// The one page behind links, filled in: nothing may be loaded, run, framed or kept of it.
net::Response link_page(int status, notify::Filling filling);

} // namespace handlers
