#pragma once

#include "notify/page_email.hpp"
#include "notify/provider.hpp"

namespace notify {

/// A page as the ways beside mail tell it. Takes what a mail of it is made from.
PageMessage page_message(const PageEmail& page);

/// Words of the service to somebody, by one of her contact methods: a code, or a try of it. `id` is the message's.
PageMessage word_message(const std::string& words, std::string id);

} // namespace notify
