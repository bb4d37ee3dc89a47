#pragma once

#include <string_view>

namespace handlers::sources {

/// What stands in "Payload" of Datadog's webhook for us: Datadog sends what its users write there.
/// https://docs.datadoghq.com/integrations/webhooks/
inline constexpr std::string_view datadog_template = R"({
  "alert_id": "$ALERT_ID",
  "alert_cycle_key": "$ALERT_CYCLE_KEY",
  "aggreg_key": "$AGGREG_KEY",
  "alert_transition": "$ALERT_TRANSITION",
  "alert_type": "$ALERT_TYPE",
  "alert_priority": "$ALERT_PRIORITY",
  "alert_scope": "$ALERT_SCOPE",
  "alert_metric": "$ALERT_METRIC",
  "event_title": "$EVENT_TITLE",
  "text_only_msg": "$TEXT_ONLY_MSG",
  "hostname": "$HOSTNAME",
  "tags": "$TAGS",
  "link": "$LINK",
  "snapshot": "$SNAPSHOT",
  "date": "$DATE"
})";

} // namespace handlers::sources
