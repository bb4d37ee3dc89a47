#include "doors/supervisor.hpp"

#ifdef ONCALL_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace doors {

namespace {

using std::chrono::milliseconds;

class ServiceManager final : public Supervisor {
public:
#ifdef ONCALL_SYSTEMD
    ServiceManager()
    {
        std::uint64_t most{};
        if (::sd_watchdog_enabled(0, &most) > 0)
            watchdog_ = std::chrono::duration_cast<milliseconds>(std::chrono::microseconds{most});
    }
    void tell(const std::string& state) override { ::sd_notify(0, state.c_str()); }
#else
    void tell(const std::string&) override { }
#endif
    milliseconds watchdog() const override { return watchdog_; }

private:
    milliseconds watchdog_{};
};

} // namespace

std::unique_ptr<Supervisor> service_manager() { return std::make_unique<ServiceManager>(); }

} // namespace doors
