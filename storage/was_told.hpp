#pragma once

#include <string>

namespace storage {

/// Whether a person was told of an alert between $1 and $2, whatever came of that: a condition on `told`, a notification.
inline const std::string was_told{R"sql(told.state <> 'cancelled' AND told.planned_at BETWEEN $1 AND $2
               AND (told.sent_at <= $2 OR told.attempts > 1)
               AND NOT (told.state = 'planned' AND told.sent_at = 0 AND EXISTS (
                   SELECT 1 FROM outbox WHERE +outbox.state = 'ready' AND outbox.ambiguous = 0
                      AND outbox.key = 'notify:' || CASE told.bundle WHEN 0 THEN told.key ELSE 'bundle.' || told.bundle || '.'
                          || told.method || '.' || told.step END)) )sql"};

} // namespace storage
