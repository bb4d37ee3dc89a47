#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace doors {

/// Whoever started this process and looks whether it lives: systemd, or nobody.
class Supervisor {
public:
    virtual ~Supervisor() = default;
    /// sd_notify(3): "READY=1", "WATCHDOG=1", "STATUS=…"; several with a newline between them. What cannot be told is lost.
    virtual void tell(const std::string& state) = 0;
    /// How long it waits for the next "WATCHDOG=1" before it kills us; 0: it does not look.
    virtual std::chrono::milliseconds watchdog() const = 0;
};

/// systemd, as NOTIFY_SOCKET and WATCHDOG_USEC say; without these, or built without libsystemd, nobody is told.
std::unique_ptr<Supervisor> service_manager();

} // namespace doors
