#include "handlers/said.hpp"

namespace handlers {

slack::Json said(const slack::Message& message)
{
    auto body = slack::body(message);
    body["response_type"] = "ephemeral";
    return body;
}

} // namespace handlers
