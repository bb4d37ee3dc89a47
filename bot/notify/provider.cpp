#include "notify/provider.hpp"

namespace notify {

// It reports nothing later: nothing is known beyond that it took it.
asio::awaitable<Outcome> Provider::look(std::string) { co_return Outcome{}; }

asio::awaitable<Listed> Provider::taken(PageMessage, std::string, TimePoint) { co_return Listed{}; }

asio::awaitable<Outcome> Provider::hush(std::string)
{
    Outcome silent;
    silent.how = Outcome::confirmed;
    co_return silent;
}

} // namespace notify
