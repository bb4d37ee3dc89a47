#include "oncall/alert_fields.hpp"

namespace oncall {

AlertFields fields_of(const Alert& alert)
{
    AlertFields fields;
    fields.source = alert.source;
    fields.service = alert.service;
    fields.title = alert.title;
    fields.description = alert.description;
    fields.severity = alert.severity;
    fields.labels = alert.labels;
    fields.at = alert.triggered_at;
    return fields;
}

} // namespace oncall
