#include "handlers/web_answers.hpp"

namespace handlers {

using slack::Json;

net::Response json_response(int status, const Json& body)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return response;
}

net::Response no_response(int status, const std::string& why)
{
    Json body;
    body["status"] = "error";
    body["message"] = why;
    auto response = json_response(status, body);
    if (status == 429 || status == 503)
        response.headers.push_back({"Retry-After", status == 429 ? "60" : "5"});
    return response;
}

net::Response later_response(const Json& body, std::chrono::seconds wait, int status)
{
    auto response = json_response(status, body);
    response.headers.push_back({"Retry-After", std::to_string(wait.count())});
    return response;
}

} // namespace handlers
