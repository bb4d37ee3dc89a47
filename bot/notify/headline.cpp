#include "notify/headline.hpp"

#include "notify/text.hpp"

namespace notify {

std::string headline(const oncall::Alert& alert, std::size_t most)
{
    const auto service = one_line(alert.service, 60);
    return (service.empty() ? "" : service + ": ") + one_line(alert.title, most);
}

} // namespace notify
