#include "handlers/sources/reading.hpp"
#include "oncall/words.hpp"

namespace handlers::sources {

using slack::at;
using slack::Json;

Read kubernetes(const Sent& sent, const oncall::Source&)
{
    const auto& body = sent.body;
    if (!body.is_object())
        throw BadPayload{"the body must be a JSON object: an event, as kubernetes-event-exporter posts it"};
    const auto type = word_at(body, {"type"});
    if (type.empty())
        throw BadPayload{"type is missing: it must be \"Warning\" or \"Normal\". Leave \"layout\" out of the exporter's webhook"};
    if (oncall::lower(type) == "normal")
        return noted("an event of the type Normal");

    // Of v1, or of events.k8s.io/v1; a layout of the exporter's may have them beside the rest.
    const auto& involved = at(body, {"involvedObject"}).is_object() ? at(body, {"involvedObject"}) : at(body, {"regarding"});
    const auto& object = involved.is_object() ? involved : body;
    const auto reason = word_at(body, {"reason"}), kind = word_at(object, {"kind"}), name = word_at(object, {"name"});
    const auto space = word_at(object, {"namespace"}), cluster = word_at(body, {"clusterName"});
    if (reason.empty() || name.empty())
        throw BadPayload{std::string{reason.empty() ? "reason" : "involvedObject.name"}
            + " is missing: leave \"layout\" out of the exporter's webhook"};

    Report report;
    report.dedup_key = key_of((cluster.empty() ? "" : cluster + ":") + space + "/" + kind + "/" + name + "/" + reason);
    report.title =
        clipped(reason + ": " + (kind.empty() ? "" : kind + " ") + (space.empty() ? "" : space + "/") + name, most_title);
    put_paragraph(report.description, first_said({word_at(body, {"message"}), word_at(body, {"note"})}));
    const auto count =
        first_said({word_at(body, {"count"}), word_at(body, {"series", "count"}), word_at(body, {"deprecatedCount"})});
    put_paragraph(report.description, count.empty() || count == "0" || count == "1" ? "" : "Seen " + count + " times.");
    report.severity = oncall::lower(clipped(type, 50));
    put_label(report.labels, "cluster", cluster);
    put_label(report.labels, "namespace", space);
    put_label(report.labels, "kind", kind);
    put_label(report.labels, "name", name);
    put_label(report.labels, "reason", reason);
    put_label(report.labels, "component",
        first_said({word_at(body, {"source", "component"}), word_at(body, {"reportingComponent"}),
            word_at(body, {"reportingController"}), word_at(body, {"component"})}));
    put_label(report.labels, "host", first_said({word_at(body, {"source", "host"}), word_at(body, {"host"})}));
    if (const auto& labels = at(involved, {"labels"}); labels.is_object())
        for (const auto& [label, value] : labels.items())
            put_label(report.labels, label, word_at(labels, {label}));
    report.service = clipped(first_said({word_at(involved, {"labels", "service"}),
                                 word_at(involved, {"labels", "app.kubernetes.io/name"}), word_at(involved, {"labels", "app"})}),
        255);
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
