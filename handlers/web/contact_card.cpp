#include "handlers/web/contact_card.hpp"

namespace handlers {

net::Response contact_card(const std::vector<std::string>& numbers)
{
    net::Response answer;
    answer.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"X-Content-Type-Options", "nosniff"}};
    if (numbers.empty()) {
        answer.status = 404;
        answer.body = "no number is set up\n";
        return answer;
    }
    answer.headers.front().value = "text/vcard; charset=utf-8";
    answer.headers.push_back({"Content-Disposition", "attachment; filename=\"on-call.vcf\""});
    answer.body = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;On call;;;\r\nFN:On call\r\nORG:oncall-bot\r\n";
    for (const auto& number : numbers)
        answer.body += "TEL;TYPE=VOICE,CELL:" + number + "\r\n";
    answer.body += "NOTE:Pages come from here. Let it through Do Not Disturb.\r\nEND:VCARD\r\n";
    return answer;
}

} // namespace handlers
