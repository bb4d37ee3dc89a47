#pragma once

#include "doors/clock.hpp"
#include "net/network.hpp"

namespace net {

/// A network inside the process: no sockets, no waiting, the same values. Machines on it have names; each gets a `Network` of its
/// own and may be unplugged (everything it had open dies, as when a process is killed). Faults are scripted per exchange.
/// Time limits are those of `clock`. Everything runs on one thread; machines may use different io_contexts.
class MemoryNetwork {
public:
    explicit MemoryNetwork(doors::Clock& clock);
    ~MemoryNetwork();

    /// What happens to one exchange or one message, decided by `fault` below.
    enum class Fate {
        deliver,
        refuse, // the connection is refused: nothing was sent
        lose_request, // sent, never arrives; the caller times out (maybe_sent)
        lose_answer, // arrives and acts; the answer is lost: connection reset (maybe_sent)
        hang_answer, // arrives and acts; the answer never comes: the caller times out (maybe_sent)
    };
    /// Asked for each `fetch` (url, request) before it goes. Default: deliver.
    std::function<Fate(const std::string& url, const Request&)> fault{};

    /// The network as the machine `name` sees it, on its own loop. Listening on "host:port" is visible to all; hosts are strings.
    std::unique_ptr<Network> plug(std::string name, asio::any_io_executor loop);
    /// Everything that `name` has open dies at once: its listeners, its links and its exchanges. Call before destroying its loop.
    void unplug(const std::string& name);
    /// Drops every open link of `name` as by a TCP reset.
    void reset_links(const std::string& name);

private:
    friend class PluggedNetwork;
    struct Wires;
    std::shared_ptr<Wires> wires_;
};

} // namespace net
