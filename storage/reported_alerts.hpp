#pragma once

#include "storage/repositories.hpp"

#include <map>

namespace storage {

/// What an alert's source said of it when it came.
struct ReportedAlert {
    std::string title{};
    std::string severity{};
    std::string service{};
};
struct ReportedAlerts {
    Transaction& tx;

    /// For alerts of which this and what is stored of them differ. What was kept first stays.
    void keep(oncall::AlertId alert, const ReportedAlert& said) const;
    /// Of that alert and all newer ones.
    std::map<oncall::AlertId, ReportedAlert> from(oncall::AlertId oldest) const;
};

} // namespace storage
